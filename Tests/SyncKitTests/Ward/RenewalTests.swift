// Grants that end soon: renewed once when their device syncs, for as long as the ward says, and nobody else's.

import Testing

@testable import SyncKit

@Suite struct RenewalTests {
    private static let day: Int64 = 86_400

    /// A ward on a file that renews grants, and what its log says of a device.
    private final class World {
        let folder: RestoreFolder
        let world: OrderTests.World

        init(seed: UInt64, settings: String? = "renew_within_days = 30\nrenew_days = 180") throws {
            folder = try RestoreFolder()
            world = try OrderTests.World(seed: seed, path: folder.path + "/ward.db")
            if let settings {
                let outcome = try world.ward.service.withCore { (core: WardCore) throws(StoreError) in
                    try core.configure(.grants, text: settings)
                }
                #expect(outcome == .success(true))
            }
        }

        var now: Int64 { world.ward.time.nowSeconds() }

        /// Lets a device's grant end so many seconds from now, and tells the device.
        func end(_ replica: Replica, in seconds: Int64) throws {
            var order = Order(.extend, replica.device, reason: "Thử việc")
            order.until = now + seconds
            _ = try world.mai.commit(order.draft)
            try world.ward.sync(world.mai)
        }

        func grants(of replica: Replica) throws -> [Grant] {
            try world.ward.service.withCore { (core: WardCore) throws(StoreError) in
                (core.grants[replica.device] ?? []).map(\.grant)
            }
        }

        func isSound() throws -> Bool {
            let (text, scheme) = (world.ward.descriptor, world.ward.scheme)
            return try world.ward.service.withCore { (core: WardCore) throws(StoreError) in
                try core.flush()
                return try core.audit(descriptor: text, scheme: scheme)?.findings.isEmpty ?? false
            }
        }
    }

    @Test func aGrantThatEndsSoonIsRenewedAtSyncAndTheDeviceHasItAtOnce() throws {
        let it = try World(seed: 901)
        let (lan, ward) = (it.world.lan, it.world.ward)
        try it.end(lan, in: 20 * Self.day)
        let before = try #require(try it.grants(of: lan).last)
        ward.time.advance(seconds: 5 * Self.day)
        try ward.sync(lan)
        let renewed = try #require(try lan.grant())
        #expect(renewed.validUntil == it.now + 180 * Self.day)
        #expect(renewed.validFrom >= it.now && renewed.validFrom > before.validFrom)
        var same = renewed
        (same.validFrom, same.validUntil) = (before.validFrom, before.validUntil)
        #expect(same == before)
        // Once in a period, however often the device syncs and whoever else does.
        let count = try it.grants(of: lan).count
        for _ in 0..<20 {
            ward.time.advance(seconds: 7 * Self.day)
            try ward.sync(lan)
            try ward.sync(it.world.minh)
        }
        #expect(try it.grants(of: lan).count == count)
        // What is written long after the first end counts.
        let report = try lan.commit(FieldScenarioTests.report("06685.03"))
        try ward.sync(lan)
        #expect(try it.world.verdict(lan, report) == (.accepted, nil))
        try ward.sync(it.world.mai)
        let seen = try it.world.mai.overseenGrants().first { $0.grant.device == lan.device }
        #expect(seen?.grant == renewed)
        // The next period: once more, from then on.
        ward.time.advance(seconds: 15 * Self.day)
        try ward.sync(lan)
        #expect(try it.grants(of: lan).count == count + 1)
        #expect(try lan.grant()?.validUntil == it.now + 180 * Self.day)
        #expect(try it.isSound())
        // Read again from the file, and made anew from the log.
        let known = try it.grants(of: lan)
        for rebuilding in [false, true] {
            try ward.reopen(rebuilding: rebuilding)
            #expect(try it.grants(of: lan) == known)
            try ward.sync(lan)
            #expect(try it.grants(of: lan) == known)
        }
    }

    /// Seconds before the end, what the ward's list says, and whether a sync renews the grant then.
    @Test(arguments: [
        (30 * day - 1, "renew_within_days = 30", true), (30 * day, "renew_within_days = 30", false),
        (0, "renew_within_days = 30", true), (-1, "renew_within_days = 30", false),
        (-40 * day, "renew_within_days = 365", false), (10 * day, "renew_within_days = 9", false),
        (10 * day, "renew_within_days = 0", false), (10 * day, "renew_days = 365", false),
        (20 * day, "renew_within_days = 30\nrenew_days = 20", false),
    ])
    func itIsRenewedWithinTheDaysThatTheWardNamesAndNeverAfterItsEnd(left: Int64, list: String, isRenewed: Bool)
        throws
    {
        let it = try World(seed: 902, settings: list)
        let lan = it.world.lan
        try it.end(lan, in: 400 * Self.day)
        it.world.ward.time.advance(seconds: 400 * Self.day - left)
        let before = try it.grants(of: lan)
        try it.world.ward.sync(lan)
        #expect(try it.grants(of: lan).count == before.count + (isRenewed ? 1 : 0))
        let until = try #require(try lan.grant()).validUntil
        #expect(try until == (isRenewed ? it.now + 180 * Self.day : #require(before.last).validUntil))
    }

    @Test func aWardThatSaysNothingRenewsNothing() throws {
        let it = try World(seed: 903, settings: nil)
        try it.end(it.world.lan, in: Self.day)
        let before = try it.grants(of: it.world.lan)
        try it.world.ward.sync(it.world.lan)
        #expect(try it.grants(of: it.world.lan) == before)
    }

    @Test func settingsThatRenewForLessThanTheDaysBeforeDoNotWriteAnEntryAtEachSync() throws {
        for (seed, list) in ["renew_days = 30", "renew_days = 7", "renew_days = 1"].enumerated() {
            let it = try World(seed: 910 + UInt64(seed), settings: "renew_within_days = 30\n" + list)
            let lan = it.world.lan
            try it.end(lan, in: 1000)
            let before = try it.grants(of: lan).count
            for _ in 0..<40 {
                it.world.ward.time.advance(seconds: 60)
                try it.world.ward.sync(lan)
            }
            #expect(try it.grants(of: lan).count == before + 1, "\(list)")
            // It goes on for as long as the device syncs.
            for _ in 0..<6 {
                it.world.ward.time.advance(seconds: Self.day / 3)
                try it.world.ward.sync(lan)
            }
            #expect(try #require(try lan.grant()).validUntil > it.now, "\(list)")
        }
    }

    @Test func aRevokedDeviceIsNotRenewedNorOneWithoutAnEndNorAResidents() throws {
        let it = try World(seed: 904)
        let (lan, ward) = (it.world.lan, it.world.ward)
        let resident = try ward.device(9040)
        try ward.sync(resident)
        try it.end(lan, in: 20 * Self.day)
        try it.world.give(Order(.revoke, lan.device, reason: "Mất máy"), by: it.world.mai)
        let watched = [lan, it.world.minh, resident]
        let before = try watched.map { try it.grants(of: $0) }
        for replica in watched { try ward.sync(replica) }
        #expect(try watched.map { try it.grants(of: $0) } == before)
        #expect(try lan.isRevoked())
        // A resident's grant with an end, however it came about, stays as it is.
        try it.end(resident, in: Self.day)
        let ended = try it.grants(of: resident)
        try ward.sync(resident)
        #expect(try it.grants(of: resident) == ended)
        // Granted anew with an end, the device is as any other.
        var order = Order(.grant, lan.device, reason: "Về lại tổ")
        order.role = .volunteer
        order.areas = ["06685.03"]
        order.until = it.now + 3 * Self.day
        try it.world.give(order, by: it.world.mai)
        try ward.sync(lan)
        #expect(try lan.grant()?.validUntil ?? 0 > it.now + 179 * Self.day)
    }

    @Test func aRoleThatChangedMeanwhileIsTheOneThatIsRenewed() throws {
        let it = try World(seed: 905)
        let (lan, ward) = (it.world.lan, it.world.ward)
        try it.end(lan, in: 20 * Self.day)
        var order = Order(.grant, lan.device, reason: "Lên tổ trưởng")
        order.role = .lead
        order.areas = ["06685.04"]
        order.until = it.now + 10 * Self.day
        // Lan's device knows of nothing when it syncs: the new role comes with its new end.
        try it.world.give(order, by: it.world.mai)
        try ward.sync(lan)
        let grant = try #require(try lan.grant())
        #expect(grant.role == .lead && grant.areas == ["06685.04"] && grant.name == "Lan")
        #expect(grant.validUntil == it.now + 180 * Self.day)
        #expect(try it.grants(of: lan).suffix(2).map(\.role) == [.lead, .lead])
        // An order that ends it sooner stands, and is not turned around by the next sync but one near its end.
        try it.end(lan, in: 40 * Self.day)
        let until = try #require(try it.grants(of: lan).last).validUntil
        for _ in 0..<3 { try ward.sync(lan) }
        #expect(try lan.grant()?.validUntil == until)
    }

    @Test func whoEndedIsForAnAdminToExtendAndWhatWasHeldCountsThen() throws {
        let it = try World(seed: 906)
        let (lan, ward) = (it.world.lan, it.world.ward)
        try it.end(lan, in: 2 * Self.day)
        ward.time.advance(seconds: 3 * Self.day)
        let late = try lan.commit(FieldScenarioTests.report("06685.03"))
        for _ in 0..<2 { try ward.sync(lan) }
        #expect(try it.world.verdict(lan, late) == (.held, .grantExpired))
        try it.end(lan, in: 5 * Self.day)
        try ward.sync(lan)
        #expect(try it.world.verdict(lan, late) == (.accepted, nil))
        #expect(try lan.grant()?.validUntil ?? 0 > it.now + 179 * Self.day)
    }

    @Test func everyRoleOfTheWardIsRenewed() throws {
        let it = try World(seed: 907)
        let auditor = try it.world.ward.device(9070, role: .auditor, areas: ["06685"], name: "Kiểm")
        let lead = try it.world.ward.device(9071, role: .lead, areas: ["06685.03"], name: "Tâm")
        for replica in [auditor, lead, it.world.officer, it.world.hung, it.world.minh] {
            try it.end(replica, in: 3 * Self.day)
            try it.world.ward.sync(replica)
            #expect(try replica.grant()?.validUntil ?? 0 > it.now + 179 * Self.day)
        }
    }
}
