// What a person is told of decisions about their work: what really happened, under whatever keys it was written.

import Testing

@testable import SyncKit

@Suite struct ToldDecisionTests {
    private func told(_ replica: Replica, since: Int64 = 0) throws -> [OwnDecision] {
        try replica.decisionsOnOwnWork(of: replica.device, since: since)
    }

    @Test func anOrderIsToldOnceTheWardMadeSomethingOfItAndWhatItMade() throws {
        let world = try InboxWorld()
        let id = try world.report()
        try world.settle()
        var draft = ChangeSetDraft(kind: .report, document: id)
        draft.perform(
            .transition(
                Slot(field: Schema.stateField), to: 2, follows: Dot(device: world.minh.device, sequence: 77)))
        let held = try world.officer.commit(draft, checksEarly: false)
        try world.settle()
        let pending = try #require(try world.one(.missing).pending)

        // Released too early the rules still hold it; the other order names what never arrived.
        _ = try world.admin.commit(Order(.release, held.dot, id: pending.id, reason: "Cho tính").draft)
        let absent = Dot(device: world.officer.device, sequence: 900)
        _ = try world.admin.commit(Order(.decline, absent, id: .zero, reason: "Chờ").draft)
        try world.settle()
        #expect(try world.officer.orders().map(\.order.reason).contains("Chờ"))
        let refused = try told(world.officer)
        #expect(refused.map(\.decision.reason) == ["Cho tính"])
        #expect(refused.first?.order?.status == .refused)
        #expect(refused.first?.order?.why == OrderProblem.rule(.missingReference))

        world.ward.time.advance(seconds: 10 * 86_400)
        let since = world.ward.time.nowSeconds() - 86_400
        _ = try world.admin.commit(Order(.decline, held.dot, id: pending.id, reason: "Không cần nữa").draft)
        try world.settle()
        let done = try told(world.officer, since: since)
        #expect(done.map(\.decision.reason) == ["Không cần nữa"] && done.first?.order?.status == .done)
    }

    @Test func anOrderThatWaitedIsNewsFromWhenItWasCarriedOut() throws {
        let world = try InboxWorld()
        try world.settle()
        let late = try world.lan.commit(FieldScenarioTests.report("06685.03"))
        _ = try world.admin.commit(Order(.release, late.dot, id: late.document, reason: "Sẽ tới sau").draft)
        try world.sync([world.admin])
        world.ward.time.advance(seconds: 10 * 86_400)
        let since = world.ward.time.nowSeconds() - 86_400
        #expect(try told(world.lan).isEmpty)
        try world.settle()
        let news = try told(world.lan, since: since)
        #expect(news.map(\.decision.reason) == ["Sẽ tới sau"] && news.first?.order?.status == .done)
        #expect(news.first.map { $0.at >= since } == true)
    }

    @Test func whatWasWrittenUnderKeysThatTheDeviceHadBeforeIsThePersonsOwn() throws {
        let world = try InboxWorld()
        let one = try world.ward.device(996, role: .volunteer, areas: ["06685.03"], name: "Hoa")
        let copy = try world.ward.device(996)
        let report = try one.commit(FieldScenarioTests.report("06685.03")).document
        try world.sync([one, world.officer, copy])
        // Two values of one field: Hoa's under the old keys, and the officer's.
        try world.set(one, .report, report, ReportField.category, .text("road"))
        try world.set(world.officer, .report, report, ReportField.category, .text("water"))
        try world.sync([one, world.officer, one, copy])
        let before = copy.device
        _ = try one.commit(FieldScenarioTests.report("06685.03"))
        _ = try copy.commit(FieldScenarioTests.report("06685.03"))
        try world.sync([one])
        _ = try? world.ward.sync(copy)
        #expect(copy.device != before)
        var order = Order(.succeed, before, reason: "Đã hỏi chị Hoa")
        order.successor = copy.device
        _ = try world.admin.commit(order.draft)
        try world.sync([world.admin, copy])

        let item = try #require(try world.page(on: world.officer, .values).items.first)
        let state = try #require(try world.officer.document(report)?.state)
        for draft in try item.drafts(.choose(0), state, reason: "Đã xem tại chỗ") {
            _ = try world.officer.commit(draft)
        }
        try world.sync([world.officer, copy])
        #expect(try told(copy).map(\.decision.reason).contains("Đã xem tại chỗ"))
        // The same from the log alone.
        _ = try copy.rebuild()
        #expect(try told(copy).map(\.decision.reason).contains("Đã xem tại chỗ"))
    }
}
