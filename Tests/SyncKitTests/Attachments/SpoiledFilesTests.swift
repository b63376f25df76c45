// Files that a disk damages while they are on their way, and names that are not true: nobody else is harmed, and the file
// arrives.
import LinkSimulation
import Testing

@testable import SyncKit

@Suite struct SpoiledFilesTests {
    private static let file = 300_000

    private static func budget(_ bytes: Int) -> LinkPlan {
        var plan = LinkPlan()
        plan.remaining = bytes
        return plan
    }

    /// Changes one byte of what a store keeps of contents.
    private static func damage(_ database: Database) throws(StoreError) {
        try database.prepare(
            """
            UPDATE content_pieces SET bytes=substr(bytes,1,100)||x'5a5a5a'||substr(bytes,104)
            WHERE id=(SELECT min(id) FROM content_pieces WHERE length(bytes)>20000)
            """
        ).run()
    }

    @Test func whatADiskDamagedOfAHalfReceivedFileIsAskedForAgainAndTheWardGoesOn() throws {
        let ward = try TestWard(seed: 961)
        let resident = try ward.device(962)
        let volunteer = try ward.device(963, role: .volunteer, areas: ["06685.03"])
        for replica in [resident, volunteer] { try ward.sync(replica) }
        let file = try AttachmentSyncTests.file(Self.file)
        let root = file.attachment.content.root
        let saved = try resident.commit(
            AttachmentSyncTests.attach(file, to: FieldScenarioTests.report("06685.03")), files: [file])
        _ = try AttachmentSyncTests.sync(resident, ward, Self.budget(100_000))
        try ward.service.withCore { (core: WardCore) throws(StoreError) in
            try core.database.transaction { () throws(StoreError) in try Self.damage(core.database) }
        }
        _ = try ward.sync(resident)
        #expect(ward.service.storeFault == nil)
        for _ in 0..<2 where try !AttachmentSyncTests.isReceived(saved.document, by: resident) {
            try ward.sync(resident)
        }
        #expect(try AttachmentSyncTests.isReceived(saved.document, by: resident))

        // The same while somebody fetches it.
        try ward.sync(volunteer)
        try volunteer.want(file.attachment.content)
        _ = try AttachmentSyncTests.sync(volunteer, ward, Self.budget(100_000))
        #expect(try volunteer.contents.held(root)?.isWhole == false)
        try volunteer.database.transaction { () throws(StoreError) in try Self.damage(volunteer.database) }
        for _ in 0..<3 where try volunteer.contents.held(root)?.isWhole != true {
            try ward.sync(volunteer)
        }
        let bytes = try volunteer.content(root)
        let isTheSame = bytes == file.content
        #expect(isTheSame)
    }

    /// Who knows a root and names it with another length, and as older, keeps nobody's file away.
    @Test func aFalseLengthOfSomebodyElsesFileStopsNothing() throws {
        let ward = try TestWard(seed: 971)
        let resident = try ward.device(972)
        let other = try ward.device(973, role: .volunteer, areas: ["06685.03"])
        for replica in [resident, other] { try ward.sync(replica) }
        let file = try AttachmentSyncTests.file(Self.file, thumbnail: 0)
        var draft = FieldScenarioTests.report("06685.03")
        let name = file.attachment.content
        let false1 = Attachment(content: ContentName(root: name.root, length: 5000), media: MediaType.jpeg.rawValue)
        draft.perform(.add(Slot(field: ReportField.attachments)), false1.value)
        _ = try other.commit(draft)
        try ward.sync(other)
        ward.time.advance(seconds: 600)
        let saved = try resident.commit(
            AttachmentSyncTests.attach(file, to: FieldScenarioTests.report("06685.03")), files: [file])
        try ward.sync(resident)
        #expect(try AttachmentSyncTests.isReceived(saved.document, by: resident))
        // Nor at a device that asked for it by the false name first.
        try other.want(false1.content)
        try ward.sync(other)
        try other.want(name)
        for _ in 0..<2 { try ward.sync(other) }
        let bytes = try other.content(name.root)
        let isTheSame = bytes == file.content
        #expect(isTheSame)
    }

    /// What left before a break was paid for: it counts against a budget, whatever the ward got of it.
    @Test func whatWentBeforeABreakCountsAgainstABudget() throws {
        let ward = try LinkWard(seed: 981)
        let device = try ward.device(.volunteer)
        let file = try AttachmentSyncTests.file(Self.file, thumbnail: 0)
        _ = try device.commit(FileCuts.report(with: file), files: [file])
        var client = SyncClient(device)
        client.plan = Self.budget(200_000)
        var transport = CutTransport(ward.service, cutUp: .part(40_000))
        #expect(throws: SyncFailure.self) { try client.run(&transport) }
        #expect((40_000..<45_000).contains(client.report.contentUp), "\(client.report.contentUp)")
        #expect(client.plan.remaining == 200_000 - client.report.contentUp)
    }
}
