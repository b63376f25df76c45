// A photo whose change set is erased: its bytes go from the ward, from what was published of it, and from every device.
import Testing

@testable import SyncKit

@Suite struct ErasedPhotosTests {
    private static func contents(_ database: Database) throws -> [Int64] {
        try ["contents", "content_pieces"].map { try database.integer("SELECT count(*) FROM \($0)") ?? -1 }
    }

    private func atWard(_ world: OrderTests.World) throws -> [Int64] {
        try world.ward.service.withCore { core in try Self.contents(core.database) }
    }

    /// - Parameter isPublished: an officer released it before; then the ward keeps a copy without what the camera wrote.
    @Test(arguments: [false, true]) func itsBytesGoEverywhere(isPublished: Bool) throws {
        let folder = try RestoreFolder()
        let world = try OrderTests.World(seed: 76, path: folder.path + "/ward.db")
        let chief = try world.ward.device(760, role: .officer, areas: ["06685"], name: "Trưởng")
        let other = try world.ward.device(761, role: .volunteer, areas: ["06685.03"], name: "Hoa")
        let picture =
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + PrivateFileSyncTests.chunk("IHDR", 13)
            + PrivateFileSyncTests.chunk("tEXt", 40) + PrivateFileSyncTests.chunk("IEND", 0)
        let photo = try #require(NewFile(picture, media: .png))
        let report = try world.lan.commit(FieldScenarioTests.report("06685.03")).document
        let kept = try #require(NewFile(picture + Bytes("khác".utf8), media: .png))
        let added = try world.lan.commit(
            AttachmentSyncTests.attach(photo, to: ChangeSetDraft(kind: .report, document: report)), files: [photo])
        _ = try world.lan.commit(
            AttachmentSyncTests.attach(kept, to: ChangeSetDraft(kind: .report, document: report)), files: [kept])
        try world.sync(world.lan, chief, other)
        if isPublished {
            _ = try chief.commit(try RestoreTests.step(.report, report, 6, by: chief))
            try world.sync(chief)
            var draft = try RestoreTests.step(.report, report, 7, by: chief)
            draft.perform(.set(Slot(field: ReportField.publicTitle)), .text("Đèn đường"))
            draft.perform(.add(Slot(field: ReportField.publicPhotos)), .bytes(photo.attachment.content.root.bytes))
            _ = try chief.commit(draft)
            try world.sync(chief)
        }
        let everybody = [world.lan, chief, other, world.minh]
        for _ in 0..<2 { try world.sync(world.lan, chief, other, world.minh) }
        #expect(try atWard(world) == (isPublished ? [3, 3] : [2, 2]))
        #expect(try Self.contents(other.database)[0] == (isPublished ? 3 : 2))
        #expect(try Self.contents(world.minh.database)[0] == (isPublished ? 1 : 0))

        try world.give(
            Order(.erase, added.dot, id: world.id(world.lan, added), reason: "Có mặt người khác"), by: world.mai)
        for _ in 0..<2 { try world.sync(world.lan, chief, other, world.minh) }
        // The other file stays where it was.
        #expect(try atWard(world) == [1, 1])
        for replica in everybody {
            let root = photo.attachment.content.root
            #expect(try replica.contents.held(root) == nil)
            #expect(try Self.contents(replica.database) == (replica === world.minh ? [0, 0] : [1, 1]))
        }
        #expect(try other.content(kept.attachment.content.root) == kept.content)
    }
}
