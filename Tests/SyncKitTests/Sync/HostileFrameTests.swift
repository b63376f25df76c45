// Frames that were made to harm the one who opens them.

import Testing

@testable import SyncKit

@Suite struct HostileFrameTests {
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
            let session = try ward.service.begin(
                SyncRequest(
                    ward: ward.service.ward.prefix8, device: device.device, position: .start, scope: .start,
                    checkpointSerial: 0, serial: UInt64(ward.time.nowSeconds()), nonce: Bytes(repeating: 1, count: 16),
                    time: 0, chain: 0, sealingKey: nil
                ).signed(by: device.signingKey, ward: ward.service.ward, scheme: ward.scheme))
            _ = try? session.receive(frame)
        }
        #expect(Dot(text: "\(device.device):18446744073709551615") == nil)
        _ = try device.commit(FieldScenarioTests.report("06685.03"))
        try ward.sync(device)
        #expect(try device.pendingCount() == 0)
    }

    /// Who copied a store uses up the serials of its requests, or answers with one that nobody gave.
    @Test func aSerialThatSomebodyMadeUpStopsNoDevice() throws {
        let ward = try TestWard(seed: 4)
        let device = try ward.device(44)
        try ward.sync(device)
        func ask(_ serial: UInt64) throws {
            _ = try ward.service.begin(
                SyncRequest(
                    ward: ward.service.ward.prefix8, device: device.device, position: .start, scope: .start,
                    checkpointSerial: 0, serial: serial, nonce: Bytes(repeating: 2, count: 16), time: 0, chain: 0,
                    sealingKey: nil
                ).signed(by: device.signingKey, ward: ward.service.ward, scheme: ward.scheme))
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
        let session = try ward.service.begin(
            SyncRequest(
                ward: ward.service.ward.prefix8, device: device.device, position: .start, scope: .start,
                checkpointSerial: 0, serial: 99, nonce: Bytes(repeating: 1, count: 16), time: 0, chain: 0,
                sealingKey: nil
            ).signed(by: device.signingKey, ward: ward.service.ward, scheme: ward.scheme))
        try session.receive(frame)
        #expect(session.received.isExplicitNeeded)
        let isKnown = try ward.service.withCore { core in
            try core.tables.knownDeviceNumber(stranger.device) != nil
        }
        #expect(!isKnown)
    }
}
