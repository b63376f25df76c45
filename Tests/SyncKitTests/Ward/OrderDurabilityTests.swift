// Orders through stops, rebuilding, audits and restores: carried out once, and never lost.

import Glibc
import Testing

@testable import SyncKit

@Suite struct OrderDurabilityTests {
    private func audit(_ world: OrderTests.World) throws -> [AuditFinding] {
        let descriptor = world.ward.descriptor
        return try world.ward.service.withCore { (core: WardCore) throws(StoreError) in
            try core.audit(descriptor: descriptor, scheme: SimulatedScheme())?.findings ?? []
        }
    }

    private func entries(_ world: OrderTests.World, _ number: UInt8) throws -> Int {
        try world.ward.service.withCore { (core: WardCore) throws(StoreError) in
            try core.leaves().filter { (try? LogRecord(decoding: $0))?.entry.number == number }.count
        }
    }

    @Test func aStopAtAnyCommitCarriesAnOrderOutOnce() throws {
        for commits in 0..<4 {
            let folder = try RestoreFolder()
            let world = try OrderTests.World(seed: 51, path: folder.path + "/ward.db")
            let order = try world.mai.commit(Order(.revoke, world.lan.device, reason: "Mất máy").draft).document
            world.ward.service.withCore { core in
                var left = commits
                core.database.willCommit = { () throws(StoreError) in
                    left -= 1
                    if left < 0 { throw StoreError(.full, "planned") }
                }
            }
            _ = try? world.ward.sync(world.mai)
            world.ward.service.withCore { core in core.database.willCommit = nil }
            try world.ward.reopen(rebuilding: commits % 2 == 0)
            for _ in 0..<2 { try world.sync(world.mai, world.hung) }
            #expect(try world.given(order, on: world.hung)?.status == .done)
            #expect(try entries(world, 6) == 1)
            try world.ward.service.withCore { core in try core.flush() }
            #expect(try audit(world) == [])
        }
    }

    @Test func openingAgainAndRebuildingCarryNothingOutTwice() throws {
        let folder = try RestoreFolder()
        let world = try OrderTests.World(seed: 52, path: folder.path + "/ward.db")
        let done = try world.give(Order(.revoke, world.lan.device, reason: "Mất máy"), by: world.mai)
        let waiting = try world.give(
            Order(.revoke, DeviceID(Blake2b.hash([7])), reason: "Máy chưa đến"), by: world.mai)
        for isRebuilding in [false, true, false] {
            let size = world.ward.service.withCore { core in core.size }
            try world.ward.service.withCore { core in try core.flush() }
            try world.ward.reopen(rebuilding: isRebuilding)
            try world.sync(world.mai, world.hung)
            #expect(world.ward.service.withCore { core in core.size } == size)
        }
        #expect(try world.given(done, on: world.hung)?.status == .done)
        #expect(try world.given(waiting, on: world.hung)?.status == nil)
        // Who comes later to be an admin holds the orders of before; whom an order is about holds that one.
        let late = try world.ward.device(520, role: .admin, areas: ["06685"], name: "Thu")
        try world.sync(late)
        #expect(try late.orders().map(\.id).sorted() == [done, waiting].sorted())
        try world.ward.service.withCore { core in try core.flush() }
        #expect(try audit(world) == [])
    }

    @Test func aRestoredWardHasEveryOrderAgainAndWhatItDid() throws {
        for turn in 0..<3 {
            let folder = try RestoreFolder()
            let world = try OrderTests.World(seed: 53 + UInt64(turn), path: folder.path + "/ward.db")
            let (lan, minh, mai, hung) = (world.lan, world.minh, world.mai, world.hung)
            let report = try lan.commit(FieldScenarioTests.report("06685.03"))
            try world.sync(lan, minh, mai, hung)
            try world.ward.copy(to: folder.path + "/copy.db")
            // From here on the backup knows nothing.
            let revoked = try world.give(Order(.revoke, lan.device, reason: "Mất máy"), by: mai)
            let late = try lan.commit(OrderTests.comment(report.document, "Muộn"))
            try world.sync(lan)
            let released = try world.give(
                Order(.release, late.dot, id: world.id(lan, late), reason: "Việc thật"), by: hung)
            var order = Order(.grant, minh.device, reason: "Lên tổ trưởng")
            order.role = .lead
            order.areas = ["06685.04"]
            let granted = try world.give(order, by: hung)
            try world.sync(lan, minh, mai, hung)
            try world.ward.restore(from: folder.path + "/copy.db")
            var coming = [lan, minh, mai, hung]
            for step in 0..<turn { coming.swapAt(step, (step * 2 + 1) % 4) }
            for _ in 0..<4 { for replica in coming { try world.sync(replica) } }
            for id in [revoked, released, granted] {
                #expect(try world.given(id, on: mai)?.status == .done, "\(turn)")
                #expect(try world.given(id, on: hung)?.status == .done, "\(turn)")
            }
            #expect(try lan.isRevoked() && minh.grant()?.role == .lead)
            let after = try lan.commit(OrderTests.comment(report.document, "Sau khôi phục"), checksEarly: false)
            try world.sync(lan)
            #expect(try world.verdict(lan, after) == (.held, .revoked))
            #expect(try world.verdict(lan, late) == (.accepted, nil))
            try world.ward.service.withCore { core in try core.flush() }
            #expect(try audit(world) == [])
        }
    }
}
