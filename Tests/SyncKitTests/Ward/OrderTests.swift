// Orders: what an admin decides on a device of its own is accepted, carried out once, and told to whom it concerns.

import Glibc
import Testing

@testable import SyncKit

@Suite struct OrderTests {
    /// A ward with two admins, an officer of one neighborhood and two volunteers.
    final class World {
        let ward: TestWard
        let mai: Replica
        let hung: Replica
        let officer: Replica
        let lan: Replica
        let minh: Replica

        init(seed: UInt64 = 31, path: String = "") throws {
            ward = try TestWard(seed: seed, scheme: SimulatedScheme(), path: path)
            mai = try ward.device(seed &+ 1, role: .admin, areas: ["06685"], name: "Mai")
            hung = try ward.device(seed &+ 2, role: .admin, areas: ["06685"], name: "Hùng")
            officer = try ward.device(seed &+ 3, role: .officer, areas: ["06685.03"], name: "Bình")
            lan = try ward.device(seed &+ 4, role: .volunteer, areas: ["06685.03"], name: "Lan")
            minh = try ward.device(seed &+ 5, role: .volunteer, areas: ["06685.04"], name: "Minh")
            try sync(mai, hung, officer, lan, minh)
        }

        func sync(_ replicas: Replica...) throws {
            for replica in replicas { try ward.sync(replica) }
            ward.time.advance(seconds: 60)
        }

        @discardableResult
        func give(_ order: Order, by replica: Replica) throws -> Digest {
            let id = try replica.commit(order.draft).document
            try sync(replica)
            return id
        }

        /// What the ward said of a change set, as its author knows it.
        func verdict(_ replica: Replica, _ saved: Saved) throws -> (StoredVerdict, RefusalCode?) {
            let stored = try self.stored(replica, saved.dot)
            return (stored.verdict, stored.code)
        }

        func id(_ replica: Replica, _ saved: Saved) throws -> Digest { try stored(replica, saved.dot).change.id }

        /// Also what belongs to a document that left the device with its grant.
        private func stored(_ replica: Replica, _ dot: Dot) throws -> LogTables.Stored {
            let number = try #require(try replica.tables.knownDeviceNumber(dot.device))
            return try #require(try replica.tables.change(device: number, sequence: dot.sequence))
        }

        func given(_ id: Digest, on replica: Replica) throws -> GivenOrder? {
            try replica.orders().first { $0.id == id }
        }
    }

    static func comment(_ report: Digest, _ text: String) -> ChangeSetDraft { RestoreTests.comment(report, text) }

    @Test func anAdminRevokesOfflineAndWhatComesLaterIsReleasedOneByOneWithAReason() throws {
        let world = try World()
        let (lan, mai) = (world.lan, world.mai)
        let before = try lan.commit(FieldScenarioTests.report("06685.03"))
        try world.sync(lan, mai)
        let order = try world.give(Order(.revoke, lan.device, reason: "Mất điện thoại"), by: mai)
        let first = try lan.commit(Self.comment(before.document, "Làm sau khi mất máy"))
        let second = try lan.commit(Self.comment(before.document, "Câu này của người nhặt được"))
        try world.sync(lan)
        #expect(try world.verdict(lan, before) == (.accepted, nil))
        for saved in [first, second] { #expect(try world.verdict(lan, saved) == (.held, .revoked)) }
        let given = try #require(try world.given(order, on: mai))
        #expect(given.status == .done && given.entry != nil && given.giver == mai.device)

        try world.give(Order(.release, first.dot, id: world.id(lan, first), reason: "Việc thật"), by: mai)
        try world.give(Order(.decline, second.dot, id: world.id(lan, second), reason: "Không phải Lan"), by: mai)
        try world.sync(lan, world.officer)
        #expect(try world.verdict(lan, first) == (.accepted, nil))
        #expect(try world.verdict(lan, second) == (.refused, .declined))
        let state = try #require(try world.officer.document(before.document)?.accepted)
        #expect(state.entries(ReportField.comments).map(\.dot) == [first.dot])
        #expect(try mai.orders().compactMap(\.status) == [.done, .done, .done])
        // The second one decided already, and a third device learns nothing of all this.
        let again = try world.give(
            Order(.release, second.dot, id: world.id(lan, second), reason: "Nhầm"), by: world.hung)
        try world.sync(world.hung)
        #expect(try world.given(again, on: world.hung)?.why == OrderProblem.notHeld.rawValue)
        try world.sync(world.minh)
        #expect(try world.minh.orders().isEmpty)
    }

    @Test func theAuthorOfAHeldChangeSetLearnsWhyItWasDeclined() throws {
        let world = try World(seed: 32)
        // Held because what it names was never received.
        let saved = try world.lan.commit(Self.comment(Blake2b.hash([9]), "Lạc"), checksEarly: false)
        try world.sync(world.lan)
        #expect(try world.verdict(world.lan, saved) == (.held, .missingDocument))
        let id = try world.id(world.lan, saved)
        try world.give(Order(.decline, saved.dot, id: id, reason: "Không có phản ánh này"), by: world.mai)
        try world.sync(world.lan)
        let told = try #require(try world.lan.orders(on: id).first)
        #expect(told.order.reason == "Không có phản ánh này" && told.status == .done && told.giver == world.mai.device)
        #expect(try world.lan.person(world.mai.device).name == "Mai")
    }

    @Test func whatWaitedForADocumentIsDecidedWhenThatIsThere() throws {
        let world = try World(seed: 47)
        let report = try world.officer.commit(FieldScenarioTests.report("06685.03"))
        let comment = try world.lan.commit(Self.comment(report.document, "Đã xem"), checksEarly: false)
        try world.sync(world.lan)
        #expect(try world.verdict(world.lan, comment) == (.held, .missingDocument))
        try world.sync(world.officer, world.lan)
        #expect(try world.verdict(world.lan, comment) == (.accepted, nil))
        #expect(try world.ward.service.withCore { (core: WardCore) throws(StoreError) in try core.held().isEmpty })
    }

    /// The ward decides it then, not when it came: whoever was revoked in between has no say.
    @Test func whatWaitedForADocumentDoesNotCountWhereItsDeviceWasRevokedMeanwhile() throws {
        let world = try World(seed: 48)
        let report = try world.officer.commit(FieldScenarioTests.report("06685.03"))
        let comment = try world.lan.commit(Self.comment(report.document, "Của người nhặt được máy"), checksEarly: false)
        try world.sync(world.lan)
        var order = Order(.revoke, world.lan.device, reason: "Mất điện thoại")
        order.cut = comment.dot.sequence - 1
        try world.give(order, by: world.mai)
        try world.sync(world.officer, world.lan)
        #expect(try world.verdict(world.lan, comment) == (.held, .revoked))
        #expect(try world.officer.document(report.document)?.accepted?.entries(ReportField.comments).isEmpty == true)
        // An admin may let it count all the same.
        let id = try world.id(world.lan, comment)
        try world.give(Order(.release, comment.dot, id: id, reason: "Việc thật"), by: world.mai)
        try world.sync(world.lan)
        #expect(try world.verdict(world.lan, comment) == (.accepted, nil))
    }

    /// An admin's order that makes an admin of a device that the ward does not know yet.
    private func sleeper(in world: World) throws -> (device: Replica, order: Digest) {
        let device = try world.ward.device(990)
        var order = Order(.grant, device.device, reason: "Người mới")
        (order.role, order.areas, order.name) = (.admin, ["06685"], "Người mới")
        return (device, try world.give(order, by: world.mai))
    }

    /// A thief orders what can be carried out only later, for a device that nobody knows yet.
    @Test func whatWaitsOfAnAdminWhoIsRevokedIsNeverCarriedOut() throws {
        let world = try World(seed: 49)
        let (accomplice, id) = try sleeper(in: world)
        #expect(try world.given(id, on: world.mai)?.status == nil)
        try world.give(Order(.revoke, world.mai.device, reason: "Mất điện thoại"), by: world.hung)
        try world.sync(accomplice, world.hung)
        #expect(try accomplice.grant()?.role == .resident)
        let given = try #require(try world.given(id, on: world.hung))
        #expect(given.status == .refused && given.why == OrderProblem.giverRevoked.rawValue)
    }

    /// A cut says up to where somebody's work counts, orders too.
    @Test func anOrderBelowTheCutCountsThoughItComesAfterTheRevocation() throws {
        let world = try World(seed: 54)
        var order = Order(.grant, world.lan.device, reason: "Tổ trưởng mới")
        (order.role, order.areas, order.name) = (.lead, ["06685.03"], "Lan")
        let given = try world.mai.commit(order.draft)
        try world.ward.service.withCore { core in try core.revoke(world.mai.device, after: given.dot.sequence) }
        try world.sync(world.mai, world.lan)
        #expect(try world.verdict(world.mai, given) == (.accepted, nil))
        #expect(try world.lan.grant()?.role == .lead)
    }

    @Test func whatWaitsOfAnAdminWhoIsNoneAnyMoreIsNeverCarriedOut() throws {
        let world = try World(seed: 52)
        let (accomplice, id) = try sleeper(in: world)
        var demotion = Order(.grant, world.mai.device, reason: "Đổi việc")
        (demotion.role, demotion.areas, demotion.name) = (.volunteer, ["06685.03"], "Mai")
        try world.give(demotion, by: world.hung)
        try world.sync(accomplice, world.hung)
        #expect(try accomplice.grant()?.role == .resident)
        #expect(try world.given(id, on: world.hung)?.why == OrderProblem.giverRevoked.rawValue)
    }

    /// However much leaves a device's scope at once, it hears of all of it: no frame is longer than a block may be.
    @Test func aDeviceThatLosesThousandsOfDocumentsForgetsThemAll() throws {
        let world = try World(seed: 53)
        for _ in 0..<4_200 { _ = try world.lan.commit(FieldScenarioTests.report("06685.03")) }
        try world.sync(world.lan, world.officer)
        #expect(try world.officer.count(.report) == 4_200)
        var order = Order(.grant, world.officer.device, reason: "Chuyển phường khác")
        (order.role, order.areas, order.name) = (.officer, ["06685.09"], "Bình")
        try world.give(order, by: world.mai)
        // Cut off among them, and back in its areas: it lacks nothing.
        var frames = 0
        var client = SyncClient(world.officer)
        var broken = FrameTransport(ward: world.ward) {
            frames += 1
            if frames == 2 { throw TransportError(.cut) }
        }
        #expect(throws: SyncFailure.self) { try client.run(&broken) }
        var back = order
        (back.areas, back.reason) = (["06685.03"], "Nhầm")
        try world.give(back, by: world.mai)
        try world.sync(world.officer)
        #expect(try world.officer.count(.report) == 4_200)
        try world.give(order, by: world.mai)
        try world.sync(world.officer)
        #expect(try world.officer.count(.report) == 0)
        try world.give(Order(.revoke, world.lan.device, reason: "Mất máy"), by: world.mai)
        try world.sync(world.lan)
        #expect(try world.lan.isRevoked())
    }

    /// A revoked device keeps its key: it asks for what it could read once, as if it had been cut off then.
    @Test func aRevokedDeviceReadsNothingByWhatItHadOnce() throws {
        let world = try World(seed: 50)
        let phone = Slot(field: ReportField.reporterPhone)
        for _ in 0..<3 {
            _ = try world.lan.commit(FieldScenarioTests.report("06685.03"), privates: [(phone, "0912345678")])
        }
        try world.sync(world.lan)
        let before = try world.ward.service.withCore { (core: WardCore) throws(StoreError) in core.place(core.size) }
        try world.give(Order(.revoke, world.officer.device, reason: "Mất máy"), by: world.mai)
        for (key, value) in [
            (Replica.Key.position, 0), (Replica.Key.scope, 0), (Replica.Key.backfill, before.rawValue),
        ] as [(String, UInt64)] {
            try world.officer.tables.setNumber(key, value)
        }
        let prepared = try world.officer.prepareRequest(pullOnly: true)
        var (reader, incoming, frames) = (BlockReader(), WardBody(world.ward.service, isCarried: false), 0)
        reader.append(prepared.body)
        while let block = try reader.next() { try incoming.take(block) {} }
        while let block = try incoming.session?.nextBlock() {
            let answer = try world.officer.readAnswer(block.payload, to: prepared.signed)
            #expect(answer.changes.isEmpty && answer.compacted.states.isEmpty && answer.disclosures.isEmpty)
            #expect(answer.grant == nil)
            frames += 1
        }
        #expect(frames > 0)
        try world.sync(world.officer)
        #expect(try world.officer.isRevoked())
    }

    @Test func ofTwoAdminsWhoRevokeEachOtherTheFirstInTheLogStands() throws {
        for order in 0..<2 {
            let world = try World(seed: 33 + UInt64(order))
            let (first, second) = order == 0 ? (world.mai, world.hung) : (world.hung, world.mai)
            let winning = try first.commit(Order(.revoke, second.device, reason: "Tôi trước").draft)
            let losing = try second.commit(Order(.revoke, first.device, reason: "Tôi trước").draft)
            try world.sync(first, second, first, second)
            #expect(try first.orders().first { $0.id == winning.document }?.status == .done)
            #expect(try world.verdict(second, losing) == (.held, .revoked))
            #expect(try second.isRevoked() && !first.isRevoked())
            // A held order is never released: it would be another's word in the name of somebody who may not give it.
            let id = try world.id(second, losing)
            let released = try world.give(Order(.release, losing.dot, id: id, reason: "Thử"), by: first)
            #expect(try world.given(released, on: first)?.why == OrderProblem.order.rawValue)
            #expect(try world.verdict(second, losing) == (.held, .revoked))
        }
    }

    @Test func whatFollowsAnOrderInTheSameChainIsDecidedWithItCarriedOut() throws {
        let world = try World(seed: 36)
        _ = try world.mai.commit(Order(.revoke, world.mai.device, reason: "Bàn giao máy").draft)
        let after = try world.mai.commit(Order(.revoke, world.hung.device, reason: "Sau đó").draft)
        try world.sync(world.mai)
        #expect(try world.verdict(world.mai, after) == (.held, .revoked))
        #expect(try !world.hung.isRevoked())
    }

    @Test func aRoleChangesAndAnExpiredGrantIsExtendedWithWhatItHeld() throws {
        let world = try World(seed: 37)
        let (lan, mai) = (world.lan, world.mai)
        let report = try lan.commit(FieldScenarioTests.report("06685.03"))
        try world.sync(lan)
        let now = world.ward.time.nowSeconds()
        var order = Order(.grant, lan.device, reason: "Thử việc một tuần")
        order.role = .lead
        order.areas = ["06685.03"]
        order.until = now + 86_400
        try world.give(order, by: mai)
        try world.sync(lan)
        #expect(try lan.grant()?.role == .lead && lan.grant()?.name == "Lan")
        world.ward.time.advance(seconds: 2 * 86_400)
        let late = try [
            lan.commit(Self.comment(report.document, "Một")), lan.commit(Self.comment(report.document, "Hai")),
        ]
        try world.sync(lan)
        for saved in late { #expect(try world.verdict(lan, saved) == (.held, .grantExpired)) }
        order = Order(.extend, lan.device, reason: "Làm tiếp")
        order.until = now + 30 * 86_400
        try world.give(order, by: mai)
        try world.sync(lan, mai)
        for saved in late { #expect(try world.verdict(lan, saved) == (.accepted, nil)) }
        #expect(try lan.grant()?.validUntil == now + 30 * 86_400 && lan.grant()?.role == .lead)
        let comments = try #require(try mai.document(report.document)?.accepted).entries(ReportField.comments)
        #expect(comments.count == 2)
        // The same once more needs no entry, and a revoked device is granted anew, not extended.
        let same = try world.give(order, by: mai)
        #expect(try world.given(same, on: mai)?.status == .done && world.given(same, on: mai)?.entry == nil)
        try world.give(Order(.revoke, lan.device, reason: "Nghỉ"), by: mai)
        let dead = try world.give(order, by: mai)
        #expect(try world.given(dead, on: mai)?.why == OrderProblem.revoked.rawValue)
        try world.sync(lan)
        #expect(try lan.isRevoked())
        order = Order(.grant, lan.device, reason: "Về lại tổ")
        order.role = .volunteer
        order.areas = ["06685.03"]
        try world.give(order, by: mai)
        try world.sync(lan)
        #expect(try !lan.isRevoked() && lan.grant()?.role == .volunteer)
        let again = try lan.commit(Self.comment(report.document, "Ba"))
        try world.sync(lan)
        #expect(try world.verdict(lan, again) == (.accepted, nil))
    }

    @Test func onlyThoseWhoMayGiveAnOrderDoAndOnlyInTheirAreas() throws {
        let world = try World(seed: 38)
        let lead = try world.ward.device(380, role: .lead, areas: ["06685.03"], name: "Tâm")
        let auditor = try world.ward.device(381, role: .auditor, name: "Kiểm")
        let resident = try world.ward.device(382)
        try world.sync(lead, auditor, resident)
        let everyone = [world.lan, lead, world.officer, auditor, resident, world.mai]
        for action in OrderAction.allCases {
            var order = Order(action, world.minh.device, reason: "Lý do")
            order.sequence = 1
            order.id = .zero
            order.role = .volunteer
            order.until = 0
            order.successor = world.lan.device
            for replica in everyone {
                let may = try action.givers.contains(replica.grant()?.role ?? .resident)
                if may {
                    // It is not sent: what it would do is tried elsewhere.
                    continue
                }
                #expect(throws: ReplicaError(.refused(.notPermitted))) { try replica.commit(order.draft) }
                let saved = try replica.commit(order.draft, checksEarly: false)
                try world.sync(replica)
                #expect(try world.verdict(replica, saved) == (.refused, .notPermitted))
            }
        }
        // An officer decides on what is held in its own areas.
        for (replica, area, why) in [(world.lan, "06685.03", nil), (world.minh, "06685.04", "outside_area")] {
            let report = try replica.commit(FieldScenarioTests.report(area))
            try world.sync(replica, world.officer)
            try world.give(Order(.revoke, replica.device, reason: "Mất máy"), by: world.mai)
            let late = try replica.commit(Self.comment(report.document, "Muộn"))
            try world.sync(replica)
            let id = try world.give(
                Order(.release, late.dot, id: world.id(replica, late), reason: "Đã hỏi"), by: world.officer)
            let given = try #require(try world.given(id, on: world.officer))
            #expect(given.why == why && given.status == (why == nil ? .done : .refused))
        }
        // Nobody decides about the ward's own device.
        let own = DeviceID(world.ward.keys.device.publicKey)
        let id = try world.give(Order(.revoke, own, reason: "Sai"), by: world.mai)
        #expect(try world.given(id, on: world.mai)?.why == "ward_device")
    }

    @Test func anOrderThatLeavesOutWhatItNeedsIsRefusedAndOneOfALaterVersionHeld() throws {
        let world = try World(seed: 39)
        var drafts: [(ChangeSetDraft, RefusalCode)] = []
        var order = Order(.release, world.lan.device, reason: "Thiếu gói")
        drafts.append((order.draft, .wrongValue))
        order = Order(.grant, world.lan.device, reason: "Thiếu vai trò")
        drafts.append((order.draft, .wrongValue))
        order.role = .ward
        drafts.append((order.draft, .wrongValue))
        drafts.append((Order(.extend, world.lan.device, reason: "Thiếu hạn").draft, .wrongValue))
        drafts.append((Order(.revoke, world.lan.device, reason: "").draft, .wrongValue))
        var unknown = ChangeSetDraft(kind: .order)
        unknown.perform(.set(Slot(field: OrderField.action)), .text("promote"))
        unknown.perform(.set(Slot(field: OrderField.reason)), .text("Sau này"))
        drafts.append((unknown, .newerSchema))
        for (draft, code) in drafts {
            let saved = try world.mai.commit(draft, checksEarly: false)
            try world.sync(world.mai)
            #expect(try world.verdict(world.mai, saved).1 == code)
        }
        // What was said stays said.
        let given = try world.give(Order(.revoke, world.lan.device, reason: "Thật"), by: world.mai)
        var edit = ChangeSetDraft(kind: .order, document: given)
        edit.perform(.set(Slot(field: OrderField.reason)), .text("Khác"))
        #expect(throws: ReplicaError(.refused(.notPermitted))) { try world.mai.commit(edit) }
        #expect(try world.given(given, on: world.mai)?.order.reason == "Thật")
    }

    @Test func aRevokedDeviceGainsNothingByABackdatedClockOrByAHigherCut() throws {
        let world = try World(seed: 41)
        let report = try world.lan.commit(FieldScenarioTests.report("06685.03"))
        try world.sync(world.lan)
        // The cut names what nobody has seen: what the ward has received is all that counts.
        var order = Order(.revoke, world.lan.device, reason: "Mất máy")
        order.cut = 1000
        try world.give(order, by: world.mai)
        let past = ManualTimeSource(seconds: world.ward.time.nowSeconds() - 365 * 86_400)
        let thief = try Replica(
            opening: world.lan.database, time: past, random: SeededRandomSource(seed: 4), scheme: SimulatedScheme())
        let late = try thief.commit(Self.comment(report.document, "Ghi lùi ngày"))
        try world.sync(thief)
        #expect(try world.verdict(thief, late) == (.held, .revoked))
        // Released by an admin, it counts from its release on, at a time that is its author's and changes nothing before.
        try world.give(Order(.release, late.dot, id: world.id(thief, late), reason: "Thử"), by: world.mai)
        try world.sync(world.officer)
        let entry = try #require(
            try world.officer.document(report.document)?.accepted?.entries(ReportField.comments).first)
        let released = try #require(try world.mai.orders().first { $0.order.action == .release }?.entry)
        #expect(entry.position == released)
    }

    @Test func anOrderAboutWhatHasNotArrivedWaitsForIt() throws {
        let world = try World(seed: 40)
        let stranger = try world.ward.device(400)
        let early = try stranger.commit(FieldScenarioTests.report("06685.03"))
        let order = try world.give(Order(.revoke, stranger.device, reason: "Máy mất trước khi dùng"), by: world.mai)
        #expect(try world.given(order, on: world.mai)?.status == nil)
        try world.sync(stranger, world.mai)
        #expect(try world.given(order, on: world.mai)?.status == .done)
        #expect(try world.verdict(stranger, early) == (.held, .revoked))
    }
}
