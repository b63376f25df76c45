// Runs of receipts that a restored ward is shown: each of their change sets is gone through once.

import Testing

@testable import SyncKit

@Suite struct AttestedRunTests {
    private let folder = try? RestoreFolder()
    private static let count: UInt64 = 40

    /// A restored ward that has a device's change sets again, and what it once said of them, oldest first.
    private func restored() throws -> (ward: TestWard, device: DeviceID, said: [(Position, LogEntry.Acceptance)]) {
        let ward = try TestWard(seed: 71, scheme: SimulatedScheme())
        let lan = try ward.device(2, role: .volunteer, areas: ["06685.03"], name: "Lan")
        try ward.sync(lan)
        let path = try #require(folder).path + "/copy.db"
        try ward.copy(to: path)
        for number in 0..<Self.count { _ = try lan.commit(StandaloneReceiptTests.report("Số \(number)")) }
        try ward.sync(lan)
        let said = try ward.service.withCore { (core: WardCore) throws(StoreError) in
            try core.browseLog(before: nil, limit: 1_000).reversed().compactMap { item in
                if case .accept(let acceptance) = item.record.entry, acceptance.dot.device == lan.device {
                    return (core.place(item.position), acceptance)
                }
                return nil
            }
        }
        try ward.restore(from: path)
        try ward.sync(lan)
        return (ward, lan.device, said)
    }

    private func run(_ said: ArraySlice<(Position, LogEntry.Acceptance)>) throws -> ReceiptRun {
        let first = try #require(said.first)
        var run = ReceiptRun(first.1, time: 1, at: first.0, authorTime: nil)
        for item in said.dropFirst() {
            let isTaken = run.take(item.1, time: 1, at: item.0, authorTime: nil)
            #expect(isTaken)
        }
        return run
    }

    @Test func whatSeveralRunsHoldIsGoneThroughOnceAndKeepsItsPlace() throws {
        let (ward, device, said) = try restored()
        #expect(said.count == Int(Self.count))
        var chance = SeededChance("runs")
        for _ in 0..<20 {
            try ward.service.withCore { (core: WardCore) throws(StoreError) in
                for table in ["attested", "attested_receipts", "attested_stretches"] {
                    try core.database.run("DELETE FROM \(table)")
                }
            }
            var covered: Set<Int> = []
            var shown: [Dot] = []
            for _ in 0..<30 {
                let first = chance.below(said.count)
                let last = first + chance.below(said.count - first)
                covered.formUnion(first...last)
                let run = try run(said[first...last])
                shown += try ward.service.withCore { (core: WardCore) throws(StoreError) in
                    try core.database.transaction { () throws(StoreError) in try core.attest(run, of: device) }
                }
            }
            #expect(Set(shown).count == shown.count)
            #expect(Set(shown) == Set(covered.map { said[$0].1.dot }))
            for index in covered {
                let place = try ward.service.withCore { (core: WardCore) throws(StoreError) in
                    let number = try core.tables.knownDeviceNumber(device) ?? 0
                    let stored = try core.tables.change(device: number, sequence: said[index].1.dot.sequence)
                    return try stored.flatMap { stored throws(StoreError) in try core.attestation(of: stored.change) }
                }
                #expect(place?.position == said[index].0)
            }
        }
    }
}
