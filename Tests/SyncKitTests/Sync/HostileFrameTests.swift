// Frames that were made to harm the one who opens them.

import Glibc
import Testing

@testable import SyncKit

@Suite struct HostileFrameTests {
    /// Begins a sync in a device's name.
    private func begin(_ ward: TestWard, _ device: Replica, serial: UInt64) throws -> WardSession {
        let request = SyncRequest(
            ward: ward.service.ward.prefix8, device: device.device, position: .start, scope: .start,
            checkpointSerial: 0, serial: serial, nonce: Bytes(repeating: 1, count: 16), time: 0, chain: 0,
            sealingKey: nil)
        return try ward.service.begin(
            request.signed(by: device.signingKey, ward: ward.service.ward, scheme: ward.scheme))
    }

    @Test func sequencesThatRunOverAreRefusedAndTrapNothing() throws {
        var columns = FrameColumns()
        columns.devices = [DeviceID(.zero)]
        columns.count = 2
        columns.authors = [0, 0]
        Varint.append(UInt64.max, to: &columns.sequences)
        Varint.append(4, to: &columns.sequences)
        columns.seconds = [0, 0]
        columns.counters = [0, 0]
        columns.kinds = [2, 2]
        columns.documents = [0, 0]
        columns.seenTable = [SeenMark(position: .start, root: 0)]
        columns.seenRefs = [0, 0]
        columns.skeletonTable = [Operation.encodeSkeleton([.claim(Slot(field: TaskField.claimant))])]
        columns.skeletonRefs = [0, 0]
        columns.valueForms = [0, 0]
        columns.raw = Bytes(repeating: 7, count: 2 * ChangeSetLimits.signatureLength)
        let frame = FrameEnvelope.encode(columns: columns, dictionary: nil, level: 1, plain: true)
        let decoder = FrameDecoder(dictionary: { _ in nil }, document: { _ in nil }, previous: { _, _ in nil })
        let found = try decoder.decode(frame)
        guard found.count == 2, case .malformed = found[0], case .explicitNeeded = found[1] else {
            Issue.record("\(found)")
            return
        }
    }

    /// The ward looks at what a frame refers to before any signature in it is verified.
    @Test func numbersBeyondEveryChainStopNoWard() throws {
        let ward = try TestWard(seed: 3)
        let device = try ward.device(43)
        try ward.sync(device)
        for (sequence, document) in [
            (UInt64.max, UInt64(0)), (1 << 63, 0), (1 << 48, 0), (2, UInt64.max), (2, 1 << 63),
        ] {
            var columns = FrameColumns()
            columns.devices = [device.device]
            columns.count = 1
            columns.authors = [0]
            Varint.append(sequence, to: &columns.sequences)
            columns.seconds = [0]
            columns.counters = [0]
            columns.kinds = [2]
            columns.documents = document == 0 ? [0] : [2]
            if document > 0 { Varint.append(document, to: &columns.documents) }
            columns.seenTable = [SeenMark(position: .start, root: 0)]
            columns.seenRefs = [0]
            columns.skeletonTable = [Operation.encodeSkeleton([.claim(Slot(field: TaskField.claimant))])]
            columns.skeletonRefs = [0]
            columns.valueForms = [0]
            columns.raw = Bytes(repeating: 7, count: ChangeSetLimits.signatureLength)
            let frame = FrameEnvelope.encode(columns: columns, dictionary: nil, level: 1, plain: true)
            ward.time.advance(seconds: 1)
            let session = try begin(ward, device, serial: UInt64(ward.time.nowSeconds()))
            _ = try? session.receive(frame)
        }
        #expect(Dot(text: "\(device.device):18446744073709551615") == nil)
        _ = try device.commit(FieldScenarioTests.report("06685.03"))
        try ward.sync(device)
        #expect(try device.pendingCount() == 0)
    }

    /// Signed by its author, and nothing that a frame has room for: no device could read an answer that holds it.
    @Test(arguments: [true, false]) func whatNoFrameHasRoomForIsNotTaken(isLate: Bool) throws {
        let ward = try TestWard(seed: 5)
        let device = try ward.device(45, role: .volunteer, areas: ["06685.03"], name: "Lan")
        try ward.sync(device)
        var draft = ChangeSetDraft(kind: .task, document: Blake2b.hash([1]))
        draft.perform(.claim(Slot(field: TaskField.claimant)))
        let time = isLate ? HybridTime(rawValue: 1 << 63) : HybridTime(seconds: ward.time.nowSeconds(), counter: 0)
        let plain = try draft.signed(
            by: device.signingKey, ward: ward.service.ward, after: .start, time: time,
            seen: SeenMark(position: .start, root: MerkleTree().root.prefix8), salt: [], scheme: ward.scheme)
        var change = plain
        if !isLate {
            // A salt, and nothing that is salted.
            let values: Bytes = [0x40]
            var header = plain.header
            (header.valuesHash, header.valuesLength) = (Blake2b.hash(values), UInt64(values.count))
            let bytes = header.encoded()
            change = try ChangeSet(
                header: bytes,
                signature: device.signingKey.sign(.changeset, ward: ward.service.ward, bytes, scheme: ward.scheme),
                skeleton: plain.skeleton, values: values)
        }
        #expect(change.verify(ward: ward.service.ward, scheme: ward.scheme) && !change.fitsColumns)
        let frame = FrameEncoder(dictionary: FrameDictionary.current).encode([change]) { _ in nil }
        let decoder = FrameDecoder(
            dictionary: FrameDictionary.named, document: { _ in nil }, previous: { _, _ in nil })
        guard case .change(change)? = try decoder.decode(frame).first else {
            Issue.record("what stands explicitly in a frame is read")
            return
        }
        let session = try begin(ward, device, serial: 99)
        try session.receive(frame)
        #expect(session.received.isExplicitNeeded && session.received.held + session.received.refused == 0)
    }

    /// However many people move a report side by side, the ward reads again what it wrote of that.
    @Test func aReportInMoreAreasThanAnEntryNamesIsReadAgain() throws {
        let ward = try TestWard(seed: 6, scheme: SimulatedScheme())
        let officers = try (0..<70).map { number in
            try ward.device(100 + UInt64(number), role: .officer, areas: ["06685"], name: "Cán bộ \(number)")
        }
        let report = try officers[0].commit(FieldScenarioTests.report("06685.03")).document
        for _ in 0..<2 { for replica in officers { try ward.sync(replica) } }
        for (number, replica) in officers.enumerated() {
            var draft = ChangeSetDraft(kind: .report, document: report)
            // The first one names as many in one action.
            for area in number..<(number == 0 ? 70 : number + 1) {
                draft.perform(.set(Slot(field: ReportField.area)), .text("06685.\(area + 10)"))
            }
            _ = try replica.commit(draft)
        }
        for _ in 0..<2 { for replica in officers { try ward.sync(replica) } }
        let state = try #require(try officers[0].document(report)?.accepted)
        #expect(state.entries(ReportField.area).count >= 69 && state.areas.count == 64)
        let path = "/tmp/wardsync-areas-\(getpid())"
        defer { for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) } }
        _ = try ward.copied(to: path)
    }

    /// Who copied a store uses up the serials of its requests, or answers with one that nobody gave.
    @Test func aSerialThatSomebodyMadeUpStopsNoDevice() throws {
        let ward = try TestWard(seed: 4)
        let device = try ward.device(44)
        try ward.sync(device)
        func ask(_ serial: UInt64) throws {
            _ = try begin(ward, device, serial: serial)
        }
        #expect(throws: SyncRefusal.self) { try ask(.max) }
        try ask(SyncRequest.maxSerialStep)
        _ = try device.commit(FieldScenarioTests.report("06685.03"))
        try ward.sync(device)
        #expect(throws: ReplicaError.self) { try device.follow(serial: .max) }
        try device.follow(serial: SyncRequest.serialLimit - 1)
        _ = try device.commit(FieldScenarioTests.report("06685.03"))
        try ward.sync(device)
        #expect(try device.pendingCount() == 0)
    }

    @Test func aFrameThatNamesStrangersLeavesNoTraceInTheStore() throws {
        let ward = try TestWard()
        let device = try ward.device(41)
        let stranger = try ward.device(42)
        for _ in 0..<2 { _ = try stranger.commit(FieldScenarioTests.report("06685.03")) }
        try ward.sync(device)
        let changes = try stranger.tables.changes(device: 1, from: 2, limit: 1).map(\.change)
        let frame = FrameEncoder(dictionary: FrameDictionary.current).encode(changes) { _ in nil }
        let session = try begin(ward, device, serial: 99)
        try session.receive(frame)
        #expect(session.received.isExplicitNeeded)
        let isKnown = try ward.service.withCore { core in
            try core.tables.knownDeviceNumber(stranger.device) != nil
        }
        #expect(!isKnown)
    }
}
