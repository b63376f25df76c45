// After several restores: what people meant stands, though the ward decided some of it without knowing what came before.

import Testing

@testable import SyncKit

@Suite struct RestoreTwiceTests {
    private let folder: RestoreFolder
    private let ward: TestWard
    private let first: Replica
    private let second: Replica

    init() throws {
        folder = try RestoreFolder()
        ward = try TestWard(seed: 17, path: folder.path + "/ward.db")
        first = try ward.device(61, role: .officer, areas: ["06685"], name: "Bình")
        second = try ward.device(62, role: .officer, areas: ["06685"], name: "Yến")
    }

    /// A copy of the store as it is now.
    private func copy(_ name: String) throws -> String {
        let path = folder.path + "/" + name
        try ward.copy(to: path)
        return path
    }

    private static func edit(_ id: Digest, _ operations: SyncKit.Operation...) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .report, document: id)
        for operation in operations { draft.perform(operation) }
        return draft
    }

    private static func set(_ id: Digest, _ field: UInt8, _ value: String) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .report, document: id)
        draft.perform(.set(Slot(field: field)), .text(value))
        return draft
    }

    private static let duplicateOf = Slot(field: ReportField.duplicateOf)

    @Test func aLinkThatItsAuthorTookBackDoesNotComeBack() throws {
        var reports: [Digest] = []
        for _ in 0..<3 { reports.append(try first.commit(FieldScenarioTests.report("06685.03")).document) }
        for replica in [first, second] { try ward.sync(replica) }
        let older = try copy("copy.db")
        let same = try copy("copy.db2")
        // Decided after the first restore, and lost again before its author was told.
        try ward.restore(from: older)
        let third = try ward.device(63, role: .officer, areas: ["06685"], name: "Hà")
        let link = try second.commit(Self.edit(reports[0], .link(Self.duplicateOf, target: reports[1]))).dot
        var client = SyncClient(second)
        var transport = OneWayTransport(service: ward.service)
        #expect(throws: (any Error).self) { try client.run(&transport) }
        try ward.sync(third)
        try ward.restore(from: same, epoch: 2)
        // Nobody told the ward: another link is made first, and the author takes back the one of before.
        _ = try first.commit(Self.edit(reports[0], .link(Self.duplicateOf, target: reports[2])))
        _ = try second.commit(Self.edit(reports[0], .unlink(Self.duplicateOf, link: link)))
        for replica in [first, second] { try ward.sync(replica) }
        for replica in [third, first, second, third] { try ward.sync(replica) }

        try RestoreTests.agree(ward, [first, second, third])
        let state = try #require(try first.document(reports[0])?.accepted)
        // The link came back in front of the other one, and was taken back behind it.
        #expect(
            state.entries(ReportField.duplicateOf).map(\.dot.device) == [second.device, first.device, second.device])
        #expect(state.link(ReportField.duplicateOf) == nil)
    }

    @Test func aValueThatTheAuthorOfAnotherEpochNeverHadStandsBesideHis() throws {
        let report = try first.commit(FieldScenarioTests.report("06685.03")).document
        for replica in [first, second] { try ward.sync(replica) }
        let older = try copy("copy.db")
        _ = try first.commit(Self.set(report, ReportField.agency, "road"))
        try ward.sync(first)
        let newer = try copy("copy.db2")
        // The wrong copy first: somebody works with it, and then the right one is restored.
        try ward.restore(from: older)
        try ward.sync(second)
        _ = try second.commit(RestoreTests.comment(report, "Đã xem tại chỗ"))
        for _ in 0..<2 { try ward.sync(second) }
        _ = try second.commit(Self.set(report, ReportField.agency, "lighting"))
        try ward.restore(from: newer, epoch: 2)
        for replica in [second, first, second] { try ward.sync(replica) }

        try RestoreTests.agree(ward, [first, second])
        let state = try #require(try second.document(report)?.accepted)
        #expect(state.entries(ReportField.agency).count == 2 && !state.conflicts.isEmpty)
        let (descriptor, scheme) = (ward.descriptor, ward.scheme)
        let findings = try ward.service.withCore { (core: WardCore) throws(StoreError) in
            try core.flush()
            return try core.audit(descriptor: descriptor, scheme: scheme)?.findings
        }
        #expect(findings == [])
        // Whoever has seen both replaces both.
        _ = try first.commit(Self.set(report, ReportField.agency, "flood"))
        for replica in [first, second] { try ward.sync(replica) }
        #expect(try second.document(report)?.accepted?.entries(ReportField.agency).count == 1)
    }

    @Test func whatTheAuthorOfAnotherEpochHadIsReplacedByHim() throws {
        let id = try first.commit(FieldScenarioTests.report("06685.03")).document
        try ward.sync(first)
        _ = try first.commit(Self.set(id, ReportField.agency, "road"))
        for replica in [first, second] { try ward.sync(replica) }
        let older = try copy("copy.db")
        _ = try first.commit(RestoreTests.comment(id, "Đã xem tại chỗ"))
        try ward.sync(first)
        let newer = try copy("copy.db2")
        try ward.restore(from: older)
        _ = try second.commit(Self.set(id, ReportField.agency, "lighting"))
        try ward.sync(second)
        try ward.restore(from: newer, epoch: 2)
        for replica in [second, first, second] { try ward.sync(replica) }
        try RestoreTests.agree(ward, [first, second])
        #expect(try second.document(id)?.accepted?.entries(ReportField.agency).count == 1)
    }
}
