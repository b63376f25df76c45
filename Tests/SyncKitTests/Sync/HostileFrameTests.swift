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
