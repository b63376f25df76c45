// Those who look after the ward know what is held and who may do what, also without a network.

import Testing

@testable import SyncKit

@Suite struct OversightTests {
    /// Lan is revoked and goes on writing: two change sets are held.
    private func hold(in world: OrderTests.World) throws -> (report: Digest, held: [Saved]) {
        let report = try world.lan.commit(FieldScenarioTests.report("06685.03")).document
        try world.sync(world.lan)
        try world.give(Order(.revoke, world.lan.device, reason: "Mất máy"), by: world.mai)
        let held = try [
            world.lan.commit(OrderTests.comment(report, "Một")), world.lan.commit(OrderTests.comment(report, "Hai")),
        ]
        try world.sync(world.lan)
        return (report, held)
    }

    @Test func whatIsHeldReachesThoseWhoDecideOnItAndNobodyElse() throws {
        let world = try OrderTests.World(seed: 61)
        let auditor = try world.ward.device(611, role: .auditor, areas: ["06685"], name: "Kiểm")
        let chief = try world.ward.device(612, role: .officer, areas: ["06685"], name: "Trưởng")
        let (_, held) = try hold(in: world)
        try world.sync(world.mai, world.hung, auditor, chief, world.officer, world.minh)
        for replica in [world.mai, world.hung, auditor, chief] {
            let items = try replica.quarantine()
            #expect(items.map(\.change.dot) == held.map(\.dot))
            #expect(items.allSatisfy { $0.code == .revoked && $0.isHeld })
            #expect(items[0].change.values != nil)
            // It is no part of any document.
            #expect(try replica.document(items[0].change.document)?.accepted?.entries(ReportField.comments) == [])
        }
        for replica in [world.officer, world.minh, world.lan] { #expect(try replica.quarantineCount() == 0) }
        // Decided by what the device knows alone.
        let first = try #require(try world.hung.quarantine().first).change
        try world.give(Order(.release, first.dot, id: first.id, reason: "Việc thật"), by: world.hung)
        let second = try #require(try world.hung.quarantine().first).change
        try world.give(Order(.decline, second.dot, id: second.id, reason: "Không phải Lan"), by: world.hung)
        try world.sync(world.mai, auditor)
        for replica in [world.mai, world.hung, auditor] {
            #expect(try replica.quarantineCount() == 0)
            let refused = try replica.quarantine(held: false)
            #expect(refused.map(\.change.id) == [second.id] && refused.first?.code == .declined)
        }
    }

    @Test func grantsOfTheTeamAreKnownToAdminsWithTheirEnd() throws {
        let world = try OrderTests.World(seed: 62)
        let resident = try world.ward.device(621)
        try world.sync(resident, world.mai)
        var order = Order(.grant, world.minh.device, reason: "Thử việc")
        order.role = .lead
        order.areas = ["06685.04"]
        order.until = 1_800_000_000
        try world.give(order, by: world.mai)
        try world.give(Order(.revoke, world.lan.device, reason: "Nghỉ"), by: world.mai)
        try world.sync(world.hung, world.officer)
        let known = try world.hung.overseenGrants()
        #expect(known.map(\.grant.name) == ["Bình", "Hùng", "Lan", "Mai", "Minh"])
        let minh = try #require(known.first { $0.grant.device == world.minh.device })
        #expect(minh.grant.role == .lead && minh.grant.validUntil == 1_800_000_000 && minh.revokedAfter == nil)
        #expect(known.first { $0.grant.device == world.lan.device }?.revokedAfter == 0)
        #expect(try world.officer.overseenGrants().isEmpty && world.minh.overseenGrants().isEmpty)
    }

    @Test func whoBecomesAnAdminIsToldAllAndWhoIsNoMoreForgetsIt() throws {
        let world = try OrderTests.World(seed: 63)
        let (_, held) = try hold(in: world)
        try world.sync(world.minh)
        var order = Order(.grant, world.minh.device, reason: "Giúp quản trị")
        order.role = .admin
        order.areas = ["06685"]
        try world.give(order, by: world.mai)
        for _ in 0..<2 { try world.sync(world.minh) }
        #expect(try world.minh.quarantine().map(\.change.dot) == held.map(\.dot))
        #expect(try world.minh.overseenGrants().count == world.mai.overseenGrants().count)
        // It is asked for once.
        #expect(try !world.minh.wantsOversight())
        order.role = .volunteer
        order.areas = ["06685.04"]
        order.reason = "Xong việc"
        try world.give(order, by: world.mai)
        try world.sync(world.minh)
        #expect(try world.minh.quarantineCount() == 0 && world.minh.overseenGrants().isEmpty)
    }

    /// Of a volunteer's store and its copy both wrote: what the ward holds beside the chain.
    private func fork(in world: OrderTests.World, _ seed: UInt64) throws -> (original: Replica, twin: Replica) {
        let copy = try Database(path: "", mode: .memory)
        let random = SeededRandomSource(seed: seed &* 7919)
        try Replica.create(
            in: copy, descriptor: world.ward.descriptor, time: world.ward.time, random: random,
            scheme: world.ward.scheme)
        let twin = try Replica(opening: copy, time: world.ward.time, random: random, scheme: world.ward.scheme)
        let original = try world.ward.device(seed, role: .volunteer, areas: ["06685.03"], name: "Quý")
        try #require(original.device == twin.device)
        return (original, twin)
    }

    /// Sends what a store has, and no more: a whole sync would take new keys and send it again.
    private func sendOnly(_ twin: Replica, in world: OrderTests.World) throws {
        try twin.follow(serial: 100)
        let body = try twin.prepareRequest().body
        var transport = DirectTransport(service: world.ward.service)
        try transport.exchange(body) { _ in true }
    }

    @Test func bothBranchesOfAForkReachAnAdminInOneFrame() throws {
        let world = try OrderTests.World(seed: 64)
        let (original, twin) = try fork(in: world, 640)
        let kept = try original.commit(FieldScenarioTests.report("06685.03"))
        try world.sync(original)
        let other = try twin.commit(FieldScenarioTests.report("06685.04"))
        try sendOnly(twin, in: world)
        try world.sync(world.mai)
        let held = try #require(try world.mai.quarantine().first)
        #expect(held.code == .fork && held.change.id == other.document && held.change.dot == kept.dot)
        #expect(try world.mai.document(kept.document)?.accepted != nil)
    }

    @Test func whoOverseesTheWardIsNotTakenForThoseWhoseKeysChanged() throws {
        let world = try OrderTests.World(seed: 66)
        try world.sync(world.mai)
        let (original, twin) = try fork(in: world, 660)
        _ = try original.commit(FieldScenarioTests.report("06685.03"))
        try world.sync(original)
        let old = twin.device
        _ = try twin.commit(FieldScenarioTests.report("06685.03"))
        _ = try? world.ward.sync(twin)
        try #require(twin.device != old)
        _ = try world.ward.service.withCore { core in
            try core.confirmSuccession(of: twin.device, reason: "Đã gọi hỏi")
        }
        try world.sync(twin)
        // One who was there all the time, one who comes later, and one who becomes an admin only now.
        let late = try world.ward.device(661, role: .auditor, areas: ["06685"], name: "Kiểm")
        var order = Order(.grant, world.minh.device, reason: "Giúp quản trị")
        order.role = .admin
        order.areas = ["06685"]
        try world.sync(world.minh)
        try world.give(order, by: world.mai)
        for _ in 0..<2 { try world.sync(world.mai, late, world.minh) }
        for replica in [world.mai, late, world.minh] {
            #expect(try replica.ownDevices() == [replica.device])
            let known = try replica.overseenGrants().filter { $0.grant.name == "Quý" }
            #expect(known.count == 2)
            #expect(known.first { $0.grant.device == old }?.revokedAfter == 1)
            #expect(known.first { $0.grant.device == twin.device }.map { $0.revokedAfter == nil } == true)
            // What its new keys sent again is nobody's to decide on any more.
            #expect(try replica.quarantine().isEmpty)
        }
        #expect(try twin.ownDevices() == [twin.device, old])
    }

    @Test func whatACopyLeftBehindIsDeclinedByAnAdminAndNobodySendsItAgain() throws {
        let folder = try RestoreFolder()
        let world = try OrderTests.World(seed: 67, path: folder.path + "/ward.db")
        let (original, twin) = try fork(in: world, 670)
        _ = try original.commit(FieldScenarioTests.report("06685.03"))
        try world.sync(original)
        // Under a number that the chain has, and under one that it has not.
        let left = [
            try twin.commit(FieldScenarioTests.report("06685.03")),
            try twin.commit(FieldScenarioTests.report("06685.03")),
        ]
        try sendOnly(twin, in: world)
        try world.sync(world.mai)
        #expect(try world.mai.quarantine().map(\.change.dot) == left.map(\.dot))
        func items() throws -> [InboxItem] {
            var filter = InboxFilter()
            filter.kinds = [.fork]
            return try world.ward.service.inbox(filter).items
        }
        #expect(try items().first?.decidable.map(\.id) == left.map(\.document))
        for saved in left {
            let given = try world.give(
                Order(.decline, saved.dot, id: saved.document, reason: "Không phải chị Quý"), by: world.mai)
            #expect(try world.given(given, on: world.mai)?.status == .done)
        }
        #expect(try world.mai.quarantine().isEmpty && items().isEmpty)
        let refused = try world.mai.quarantine(held: false).map(\.code)
        #expect(refused == [.branchDeclined, .branchDeclined])
        // The store that wrote it learns so, sends nothing again, and goes on under keys of its own.
        _ = try? world.ward.sync(twin)
        #expect(try twin.problems(of: twin.device).map(\.stored.code) == [.branchDeclined, .branchDeclined])
        #expect(
            try world.ward.service.withCore { core in try core.forked() }.flatMap(\.branch).allSatisfy(\.isDeclined))
        let descriptor = world.ward.descriptor
        let scheme = world.ward.scheme
        let report = try world.ward.service.withCore { (core: WardCore) in
            try core.flush()
            return try core.audit(descriptor: descriptor, scheme: scheme)
        }
        #expect(report?.findings.map { "\($0)" } == [])
    }

    @Test func aRestoreTakesBackWhatWasOverseenAndTellsItAnew() throws {
        let folder = try RestoreFolder()
        let world = try OrderTests.World(seed: 65, path: folder.path + "/ward.db")
        try world.ward.copy(to: folder.path + "/copy.db")
        let (_, held) = try hold(in: world)
        try world.sync(world.mai, world.hung)
        #expect(try world.hung.quarantineCount() == 2)
        try world.ward.restore(from: folder.path + "/copy.db")
        for _ in 0..<4 { for replica in [world.mai, world.hung, world.lan] { try world.sync(replica) } }
        for replica in [world.mai, world.hung] {
            #expect(try replica.quarantine().map(\.change.dot) == held.map(\.dot))
            #expect(try replica.overseenGrants().contains { $0.revokedAfter != nil })
        }
    }
}
