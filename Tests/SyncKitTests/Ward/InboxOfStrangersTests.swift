// Residents whom nobody vouches for do not fill the ward's inbox.
import Testing

@testable import SyncKit

@Suite struct InboxOfStrangersTests {
    @Test func whatManyStrangersEditIsCountedAndNotListed() throws {
        let world = try InboxWorld(seed: 760)
        let strangers = try (0..<30).map { try world.ward.device(7700 + UInt64($0)) }
        try world.sync(strangers)
        for stranger in strangers {
            for number in 0..<25 {
                // Of a report that nobody ever filed: it waits for that.
                let nowhere = try #require(Digest(world.ward.random.bytes(32)))
                var draft = ChangeSetDraft(kind: .report, document: nowhere)
                draft.perform(.append(Slot(field: ReportField.comments)), .text("\(number)"))
                _ = try stranger.commit(draft, checksEarly: false)
            }
        }
        try world.sync(strangers)
        let page = try world.page()
        #expect(page.total == 500 && page.leftOut == 250, "\(page.total) \(page.leftOut)")
        #expect(page.rowsRead < 600)
        var ofOne: [DeviceID: Int] = [:]
        let all = try world.ward.service.withCore { core in try core.inbox(InboxFilter(), limit: 1000) }
        for item in all.items { if let device = item.device { ofOne[device, default: 0] += 1 } }
        // Each has something in it, whoever comes first.
        #expect(ofOne.values.allSatisfy { (16...17).contains($0) } && ofOne.count == 30, "\(ofOne.values)")

        // All of one device are there for whoever asks, and what is left out is found by its name.
        var filter = InboxFilter()
        filter.device = strangers[7].device
        let ofHer = try world.ward.service.inbox(filter, limit: 1000)
        #expect(ofHer.total == 25 && ofHer.leftOut == 0)
        let listed = Set(all.items.map(\.key))
        let left = Set(ofHer.items.map(\.key)).subtracting(listed)
        #expect(left.count >= 8)
        let found = try world.ward.service.withCore { core in try core.inboxItems(left) }
        #expect(Set(found.keys) == left)
    }

    /// Reports of strangers at one place are as many pairs as they like; the team's own pair is seen beside them.
    @Test func pairsOfStrangersLeaveRoomForOthers() throws {
        let world = try InboxWorld(seed: 780)
        let own = [
            try world.report(north: 209_510_000, by: world.lan), try world.report(north: 209_510_100, by: world.lan),
        ]
        try world.settle()
        let strangers = try (0..<40).map { try world.ward.device(7800 + UInt64($0)) }
        for stranger in strangers {
            for _ in 0..<20 { _ = try world.report(north: 209_512_000, by: stranger) }
        }
        try world.sync(strangers)
        let page = try world.page(.duplicates, limit: 1000)
        #expect(page.total == 501 && page.leftOut > 2000, "\(page.total) \(page.leftOut)")
        let pair = try #require(page.items.first { $0.document.map(own.contains) ?? false })
        #expect(pair.likeness.map { own.contains($0.document) } == true)
        #expect(page.rowsRead < 2500, "\(page.rowsRead)")
        let key = pair.key
        #expect(try world.ward.service.withCore { core in try core.inboxItem(key) } != nil)
    }

    /// Wrong clocks and copies of strangers' devices are counted, and none of them stands above the team's work.
    @Test func clocksAndCopiesOfStrangersAreLow() throws {
        let world = try InboxWorld(seed: 790)
        let now = world.ward.time.nowSeconds()
        for number in 0..<510 {
            let device = DeviceID(try #require(Digest(world.ward.random.bytes(32))))
            let grant = Grant(
                device: device, sealingKey: world.resident.sealingKey.publicKey, role: .resident, areas: [],
                validFrom: now, validUntil: 0, name: "")
            world.ward.service.withCore { core in
                try? core.admit(grant)
                var contact = DeviceContact()
                (contact.seen, contact.skew, contact.wrongSince) = (now, 2 * 86_400 + Int64(number), now)
                core.contacts[device] = contact
            }
        }
        let page = try world.page(.clock, limit: 1000)
        #expect(page.total == 500 && page.leftOut == 10)
        #expect(page.items.allSatisfy { $0.severity == .low })
        // A resident who uses two copies of one store.
        let (one, copy) = (try world.ward.device(7999), try world.ward.device(7999))
        try world.sync([one, copy])
        _ = try world.report("Ở bản này", by: one)
        _ = try world.report("Ở bản kia", by: copy)
        try world.sync([one])
        let number = try #require(try copy.tables.knownDeviceNumber(copy.device))
        let other = try #require(try copy.tables.change(device: number, sequence: 1)).change
        _ = try world.ward.service.withCore { (core: WardCore) throws(StoreError) in
            try core.receive([other], from: copy.device)
        }
        let fork = try world.one(.fork)
        #expect(fork.severity == .low && fork.device == one.device)
    }

    /// A volunteer's refused work stays in sight whatever newer devices send.
    @Test func refusalsOfStrangersPushNobodysOutOfSight() throws {
        let world = try InboxWorld(seed: 770)
        let id = try world.report()
        try world.settle()
        func forbidden(_ replica: Replica) throws {
            var draft = ChangeSetDraft(kind: .report, document: id)
            draft.perform(.set(Slot(field: ReportField.publicTitle)), .text("Của tôi"))
            _ = try replica.commit(draft, checksEarly: false)
        }
        try forbidden(world.lan)
        let stranger = try world.ward.device(7900)
        try world.sync([world.lan, stranger])
        for _ in 0..<60 { try forbidden(stranger) }
        try world.sync([stranger])
        let all = try world.ward.service.withCore { core in try core.inbox(InboxFilter(), limit: 1000) }
        let devices = all.items.compactMap(\.device)
        #expect(devices.contains(world.lan.device))
        #expect(devices.filter { $0 == stranger.device }.count == 20)
        let key = try #require(all.items.first { $0.device == world.lan.device }?.key)
        let found = try world.ward.service.withCore { core in try core.inboxItems([key, "role/none", "x"]) }
        #expect(Array(found.keys) == [key])
    }
}
