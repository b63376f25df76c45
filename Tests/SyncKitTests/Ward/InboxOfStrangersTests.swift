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
        #expect(ofOne.values.allSatisfy { $0 <= 20 } && ofOne.count == 25)
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
