// What was refused because its author's grant does not reach that far: sent again under a wider one, or closed.

import Testing

@testable import SyncKit

@Suite struct InboxRefusalTests {
    @Test func aWrongAreaIsClosedWithAReasonThatItsAuthorReadsAndStaysClosed() throws {
        let folder = try RestoreFolder()
        let world = try InboxWorld(path: folder.path + "/ward.db")
        let away = try world.lan.commit(FieldScenarioTests.report("06685.09"), checksEarly: false)
        let far = try world.ward.device(996, role: .officer, areas: ["06685.04"], name: "Tâm")
        try world.sync([far])
        try world.settle()
        let item = try world.one(.role)
        let pending = try #require(item.pending)
        #expect(pending.isBeyondGrant && pending.areas == ["06685.09"])
        for replica in [world.admin, world.officer, world.lan] {
            #expect(try world.page(on: replica, .role).items.map(\.key) == [item.key])
        }
        func decline(_ replica: Replica, _ action: OrderAction = .decline) throws -> GivenOrder? {
            let order = Order(action, away.dot, id: pending.id, reason: "Tổ 9 đã ghi rồi")
            let id = try replica.commit(order.draft).document
            try world.sync([replica])
            return try replica.orders().first { $0.id == id }
        }
        // Whose areas do not reach there closes nothing, and nobody lets it count.
        #expect(try decline(far)?.why == OrderProblem.outsideArea.rawValue)
        #expect(try decline(world.admin, .release)?.why == OrderProblem.notHeld.rawValue)
        #expect(try world.page(.role).total == 1)
        let closed = try #require(try decline(world.admin))
        #expect(closed.status == .done && closed.entry == nil)
        #expect(try world.page(.role).total == 0)
        try world.settle()
        for replica in [world.admin, world.lan] { #expect(try world.page(on: replica, .role).total == 0) }
        // It is what it was, and its author knows why nobody looks at it any more.
        let own = try #require(try world.lan.refused(of: world.lan.device).first)
        #expect(own.change.id == pending.id && own.code == .outsideArea)
        let told = try world.lan.decisionsOnOwnWork(of: world.lan.device, since: 0)
        #expect(told.contains { $0.order?.id == closed.id && $0.decision.reason == "Tổ 9 đã ghi rồi" })
        for isRebuilding in [false, true] {
            try world.ward.reopen(rebuilding: isRebuilding)
            #expect(try world.page(.role).total == 0)
        }
        #expect(try decline(world.admin)?.status == .done)
    }

    @Test func whatWasClosedIsClosedAgainAfterARestore() throws {
        let folder = try RestoreFolder()
        let world = try InboxWorld(seed: 740, path: folder.path + "/ward.db")
        let away = try world.lan.commit(FieldScenarioTests.report("06685.09"), checksEarly: false)
        try world.settle()
        let pending = try #require(try world.one(.role).pending)
        try world.ward.copy(to: folder.path + "/copy.db")
        // From here on the backup knows nothing.
        let order = Order(.decline, away.dot, id: pending.id, reason: "Tổ 9 đã ghi rồi")
        let id = try world.admin.commit(order.draft).document
        try world.settle()
        try world.ward.restore(from: folder.path + "/copy.db")
        #expect(try world.page(.role).total == 1)
        for _ in 0..<3 { try world.settle() }
        #expect(try world.page(.role).total == 0)
        for replica in [world.admin, world.lan] {
            #expect(try world.page(on: replica, .role).total == 0)
            #expect(try replica.orders().first { $0.id == id }?.status == .done)
        }
    }

    @Test func whatWasSentAgainUnderAWiderGrantWaitsForNobody() throws {
        let world = try InboxWorld()
        _ = try world.lan.commit(FieldScenarioTests.report("06685.09"), checksEarly: false)
        try world.settle()
        #expect(try world.page(on: world.admin, .role).total == 1)
        var grant = Order(.grant, world.lan.device, reason: "Giúp thêm tổ 9")
        grant.role = .volunteer
        grant.areas = ["06685.03", "06685.09"]
        grant.until = 0
        _ = try world.admin.commit(grant.draft)
        try world.settle()
        let own = try #require(try world.lan.refused(of: world.lan.device).first)
        let again = own.corrected(values: [:], secrets: [:], after: nil)
        let saved = try world.lan.commit(again.draft, privates: again.privates)
        try world.settle()
        #expect(try world.lan.document(saved.document)?.accepted != nil)
        #expect(try world.page(.role).total == 0)
        for replica in [world.admin, world.officer, world.lan] {
            #expect(try world.page(on: replica, .role).total == 0)
        }
    }
}
