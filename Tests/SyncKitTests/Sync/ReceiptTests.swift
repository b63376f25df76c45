// Receipts in the compact form: what they stand for, what they cost, and whose they are.

import Foundation
import Testing

@testable import SyncKit

@Suite struct ReceiptTests {
    @Test func receiptsStandForTheEntriesOfTheLogByteForByte() throws {
        var chance = SeededChance("receipts")
        let seed = chance.next() >> 8
        let ward = try TestWard(seed: seed)
        let officer = try ward.device(seed &+ 1, role: .officer, areas: ["06685"], name: "Officer")
        let volunteer = try ward.device(seed &+ 2, role: .volunteer, areas: ["06685.03"], name: "Lan")
        try ward.sync(officer)
        let task = try officer.commit(Self.task()).document
        try ward.sync(officer)
        try ward.sync(volunteer)
        var compact = 0
        var full = 0
        for _ in 0..<12 {
            for _ in 0..<(1 + chance.below(30)) {
                // Some of these hold, some are refused, some are only evidence, some come before their time.
                if chance.below(4) == 0 { ward.time.advance(seconds: 7) }
                let writer = chance.below(2) == 0 ? officer : volunteer
                _ = try? writer.commit(Self.edit(task, chance.below(5)))
            }
            for replica in [officer, volunteer] {
                let before = try replica.seen().position.index
                var transport = RecordingTransport(direct: DirectTransport(service: ward.service))
                var client = SyncClient(replica)
                try client.run(&transport)
                for (request, answer) in transport.exchanges {
                    let found = try Self.entries(in: answer, to: request, replica)
                    compact += found.compact.count
                    full += found.full
                    for (position, record) in found.compact {
                        let entry = try ward.service.withCore { core in try core.entry(at: position.index) }
                        #expect(position.index > before)
                        #expect(record.encoded() == entry)
                    }
                }
                #expect(try replica.pendingCount() == 0)
            }
        }
        #expect(compact > 20)
        #expect(full > 0)
        for replica in [officer, volunteer] { try ward.sync(replica) }
        let states = try [officer, volunteer].map { try #require(try $0.document(task)?.accepted?.hash) }
        #expect(states[0] == states[1])
    }

    @Test func twoHundredAcceptedEditsAreAnsweredInLessThanSevenHundredBytesWithTheProofThatTheLogGoesOn() throws {
        let ward = try TestWard(seed: 5)
        let officer = try ward.device(15, role: .officer, areas: ["06685"], name: "Officer")
        try ward.sync(officer)
        let task = try officer.commit(Self.task()).document
        try ward.sync(officer)
        for number in 0..<200 {
            ward.time.advance(seconds: Int64(number % 90))
            _ = try officer.commit(Self.edit(task, 0))
        }
        let report = try ward.sync(officer)
        #expect(report.accepted == 200)
        #expect(report.bytesDown < 700)
    }

    @Test func aRestartedWardAnswersWithWhatItReadsFromItsStore() throws {
        let run = try Self.exampleRun(authorTime: nil)
        #expect(run.effective.count == run.count)
        let plain = try Self.exampleRun(authorTime: HybridTime(seconds: 77, counter: 0))
        #expect(plain.effective.isEmpty)
        let times: (UInt64) -> (id: Digest, time: HybridTime)? = { _ in (.zero, HybridTime(seconds: 77, counter: 0)) }
        let device = DeviceID(.zero)
        let records = try #require(run.records(of: device, author: times))
        let same = try #require(plain.records(of: device, author: times))
        #expect(records.map(\.record) == same.map(\.record))
        #expect(records.map(\.position) == same.map(\.position))
    }

    @Test func aCopiedStoreFindsItsOwnVerdictsBesideThoseOfTheOtherCopy() throws {
        let ward = try TestWard(seed: 9)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ward-copy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("copy.db").path
        let first = try ward.device(19, role: .officer, areas: ["06685"], name: "Officer")
        try ward.sync(first)
        let task = try first.commit(Self.task()).document
        let shared = try first.commit(Self.edit(task, 0)).dot
        try first.database.run("VACUUM INTO '\(path)'")
        let copy = try Replica(
            opening: Database(path: path, mode: .write), time: ward.time, random: SeededRandomSource(seed: 3),
            scheme: ward.scheme)
        _ = try first.commit(Self.edit(task, 0))
        let others = try (0..<2).map { _ in try copy.commit(Self.edit(task, 1)).dot }
        #expect(try ward.sync(first).accepted == 3)
        let old = copy.device
        var client = SyncClient(copy)
        var transport = DirectTransport(service: ward.service)
        // An officer's new keys wait for somebody to confirm them.
        #expect(throws: SyncFailure.self) { try client.run(&transport) }
        #expect(client.report.accepted == 2)
        #expect(client.report.renewal?.reissued == others.count)
        let own = try copy.tables.deviceNumber(old)
        #expect(try copy.tables.change(device: own, sequence: shared.sequence)?.verdict == .accepted)
        // What it passed over of the other copy comes to the new device.
        #expect(try copy.seen().position < first.seen().position)
    }

    @Test(arguments: 0..<9) func aRunThatLeavesItsRangeIsRefused(_ fault: Int) throws {
        var writer = CBORWriter()
        let most: UInt64 = 0xFFFF_FFFF_FFFF
        writer.arrayHeader(count: fault == 0 ? 6 : 7)
        writer.unsigned(fault == 1 ? most : fault == 2 ? 0 : 5)
        writer.unsigned(fault == 3 ? most : fault == 4 ? 0 : 1)
        writer.unsigned(fault == 5 ? 0 : fault == 6 ? UInt64.max : 2)
        writer.integer(1)
        writer.byteString(Digest.zero)
        writer.arrayHeader(count: 1)
        writer.arrayHeader(count: 2)
        writer.unsigned(fault == 7 ? 2 : 1)
        writer.unsigned(77)
        writer.arrayHeader(count: 2)
        for offset in [0, fault == 8 ? 0 : 1] as [UInt64] {
            writer.arrayHeader(count: 2)
            writer.unsigned(offset)
            writer.byteString([1])
        }
        var reader = CBORReader(writer.bytes)
        #expect(throws: CBORError.self) { try ReceiptRun(reading: &reader) }
    }

    @Test func aRunIsReadAsItWasWritten() throws {
        for authorTime in [nil, HybridTime(seconds: 77, counter: 0)] {
            let run = try Self.exampleRun(authorTime: authorTime)
            var writer = CBORWriter()
            run.write(to: &writer)
            var reader = CBORReader(writer.bytes)
            #expect(try ReceiptRun(reading: &reader) == run)
            #expect(reader.isAtEnd)
        }
    }

    // MARK: What is acted with

    private static func exampleRun(authorTime: HybridTime?) throws -> ReceiptRun {
        var runs: [ReceiptRun] = []
        for number in 0..<6 {
            let acceptance = LogEntry.Acceptance(
                dot: Dot(device: DeviceID(.zero), sequence: UInt64(9 + number)), id: .zero,
                effective: HybridTime(seconds: 77, counter: 0), outcomes: number == 2 ? [.effective] : [])
            runs.append(
                acceptance, time: 99, at: Position(epoch: 0, index: UInt64(40 + number)), authorTime: authorTime)
        }
        #expect(runs.count == 1)
        return try #require(runs.first)
    }

    private static func task() -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .task)
        draft.perform(.set(Slot(field: TaskField.title)), .text("Thăm hộ số 12"))
        draft.perform(.set(Slot(field: TaskField.area)), .text("06685.03"))
        return draft
    }

    private static func edit(_ task: Digest, _ kind: Int) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .task, document: task)
        switch kind {
        case 0: draft.perform(.set(Slot(field: TaskField.title)), .text("Thăm hộ số 14"))
        case 1: draft.perform(.append(Slot(field: TaskField.notes)), .text("Đã đến, không có ai ở nhà"))
        case 2: draft.perform(.claim(Slot(field: TaskField.claimant)))
        case 3: draft.perform(.set(Slot(field: TaskField.checked, key: 0)), .bool(true))
        default: draft.perform(.set(Slot(field: TaskField.area)), .text("06685.03.1"))
        }
        return draft
    }

    /// What an answer says of the device's own change sets, and how many entries it writes out.
    private static func entries(in answer: Bytes, to request: Bytes, _ replica: Replica) throws -> (
        compact: [(position: Position, record: LogRecord)], full: Int
    ) {
        let asked = SignedRequest(try #require(try ExchangeVectors.blocks(request).first?.payload))
        var compact: [(position: Position, record: LogRecord)] = []
        var full = 0
        for block in try ExchangeVectors.blocks(answer) {
            let frame = try replica.readAnswer(block.payload, to: asked)
            full += frame.entries.count
            for run in frame.receipts { compact += try #require(try replica.entries(of: run)) }
        }
        return (compact, full)
    }
}
