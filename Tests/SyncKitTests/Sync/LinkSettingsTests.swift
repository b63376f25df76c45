// Links with settings: what is kept of them, what a plan makes of them, and what goes over one.

import Testing

@testable import SyncKit

@Suite struct LinkSettingsTests {
    private let ward: TestWard

    init() throws { ward = try TestWard(seed: 41) }

    @Test func whatWasSetIsKeptAndNamesAreWordsThatAnybodyCanType() throws {
        let device = try ward.device(3)
        let mobile = LinkSettings(name: "4g", files: .thumbnails, daily: 200_000)
        let wifi = LinkSettings(name: "wifi-nha", files: .all, budget: 0)
        #expect(try device.keep(mobile) && device.keep(wifi))
        #expect(try device.links() == [mobile, wifi])
        #expect(try device.usedLink() == nil)
        try device.use(wifi)
        #expect(try device.usedLink() == wifi)
        var changed = mobile
        changed.daily = nil
        #expect(try device.keep(changed) && device.links() == [changed, wifi])
        try device.remove(wifi)
        #expect(try device.usedLink() == nil && device.links() == [changed])
        for number in 2...LinkSettings.most { #expect(try device.keep(LinkSettings(name: "l\(number)"))) }
        #expect(try !device.keep(LinkSettings(name: "mot-nua")) && device.keep(mobile))
        for wrong in ["", "4G", "nhà", "a b", "a.b", String(repeating: "a", count: 33)] {
            #expect(!LinkSettings.isName(wrong), "\(wrong)")
        }
        #expect(LinkSettings(name: "a", decoding: [0x83, 9, 0, 0]) == nil)
        #expect(LinkSettings(name: "a", decoding: [0x82, 0, 0]) == nil)
        #expect(LinkSettings(name: "a", decoding: LinkSettings(name: "b", budget: .max).encoded)?.budget == .max)
    }

    @Test func aDayBeginsAnewAtMidnightInVietnam() throws {
        let device = try ward.device(3)
        let link = LinkSettings(name: "4g", daily: 1000)
        #expect(try device.keep(link))
        // 23:59:59 and 00:00:00 in Vietnam.
        let midnight: Int64 = 1_800_000_000 / 86_400 * 86_400 + 17 * 3600
        try device.note(spent: 600, over: link, at: midnight - 1)
        try device.note(spent: 0, over: link, at: midnight - 1)
        #expect(try device.spent(over: link, at: midnight - 1) == 600)
        #expect(try device.spent(over: link, at: midnight - 86_000) == 600)
        #expect(try device.spent(over: link, at: midnight) == 0)
        try device.note(spent: 700, over: link, at: midnight)
        try device.note(spent: .max, over: link, at: midnight)
        #expect(try device.spent(over: link, at: midnight + 5) > 1_000_000)
        #expect(try device.spent(over: LinkSettings(name: "wifi"), at: midnight) == 0)
        #expect(link.remaining(spentToday: 600) == 400 && link.remaining(spentToday: .max) == 0)
        #expect(LinkSettings(name: "a", budget: 50, daily: 1000).remaining(spentToday: 600) == 50)
        #expect(LinkSettings(name: "a").remaining(spentToday: 600) == nil)
    }

    @Test func overALinkForThumbnailsTheFileWaitsAndIsNotAskedFor() throws {
        let author = try ward.device(4)
        let reader = try ward.device(5, role: .volunteer, areas: ["06685.03"])
        try ward.sync(author)
        let random = SeededRandomSource(seed: 5)
        let file = try #require(NewFile(random.bytes(200_000), media: .jpeg, thumbnail: random.bytes(9000)))
        let small = try #require(NewFile(random.bytes(20_000), media: .jpeg))
        let saved = try author.commit(
            AttachmentSyncTests.attach(file, to: FieldScenarioTests.report("06685.03")), files: [file])
        _ = try author.commit(
            AttachmentSyncTests.attach(small, to: FieldScenarioTests.report("06685.03")), files: [small])
        func sync(_ replica: Replica, _ files: LinkSettings.Files) throws -> SyncReport {
            var client = SyncClient(replica)
            client.plan.apply(files)
            var transport = DirectTransport(service: ward.service)
            try client.run(&transport)
            return client.report
        }
        #expect(try sync(author, .text).contentUp == 0)
        // The thumbnail, and a file that is no longer than one.
        #expect(try sync(author, .thumbnails).contentUp == 29_000)
        let idle = try sync(author, .thumbnails)
        #expect(idle.contentUp == 0 && idle.rounds == 1)
        #expect(try author.unreceivedFiles().count == 1)
        #expect(try sync(author, .usual).contentUp == 200_000)
        #expect(try author.unreceivedFiles().count == 0)
        #expect(try AttachmentSyncTests.isReceived(saved.document, by: author))
        try ward.sync(reader)
        _ = try sync(reader, .thumbnails)
        #expect(try reader.content(file.attachment.content.root) == nil)
        _ = try sync(reader, .all)
        #expect(try reader.content(file.attachment.content.root) == file.content)
    }
}
