// Files on their way to the ward and to others: whole, once, and only to those who may read them.

import Foundation
import Testing

@testable import SyncKit

@Suite struct AttachmentSyncTests {
    static func file(_ length: Int, seed: UInt64 = 1, thumbnail: Int = 3000) throws -> NewFile {
        let random = SeededRandomSource(seed: seed)
        return try #require(
            NewFile(random.bytes(length), media: .jpeg, thumbnail: thumbnail > 0 ? random.bytes(thumbnail) : []))
    }

    static func attach(_ file: NewFile, to draft: ChangeSetDraft) -> ChangeSetDraft {
        var draft = draft
        guard let field = Schema.attachmentsField(of: draft.kind) else { return draft }
        draft.perform(.add(Slot(field: field)), file.attachment.value)
        return draft
    }

    static func isReceived(_ document: Digest, by replica: Replica) throws -> Bool {
        let view = try #require(try replica.document(document))
        let files = view.state.attachments
        return !files.isEmpty && files.allSatisfy { view.state.receivedContents.contains($0.attachment.content.root) }
    }

    @Test func aReportWithAPhotoArrivesInOneSyncAndEverybodyConcernedKnows() throws {
        let ward = try TestWard(seed: 501)
        let resident = try ward.device(502)
        let volunteer = try ward.device(503, role: .volunteer, areas: ["06685.03"], name: "Lan")
        let other = try ward.device(504, role: .volunteer, areas: ["06685.04"], name: "Minh")
        for replica in [resident, volunteer, other] { try ward.sync(replica) }
        let file = try Self.file(1_500_000)
        let saved = try resident.commit(Self.attach(file, to: FieldScenarioTests.report("06685.03")), files: [file])
        #expect(try !Self.isReceived(saved.document, by: resident))
        let report = try ward.sync(resident)
        #expect(try Self.isReceived(saved.document, by: resident))
        #expect(report.contentUp == 1_503_000)
        #expect(report.bytesUp < 1_503_000 * 104 / 100)
        // The thumbnail comes by itself, the photo when it is asked for.
        try ward.sync(volunteer)
        #expect(try Self.isReceived(saved.document, by: volunteer))
        let small = try #require(file.attachment.thumbnail)
        #expect(try volunteer.contents.held(small.root)?.isWhole == true)
        #expect(try volunteer.contents.held(file.attachment.content.root) == nil)
        try volunteer.want(file.attachment.content)
        let fetched = try ward.sync(volunteer)
        #expect(fetched.contentDown == 1_500_000)
        let held = try #require(try volunteer.contents.held(file.attachment.content.root))
        let isTheSame = try volunteer.contents.bytes(held) == file.content
        #expect(isTheSame)
        // Who may not see the report may not read its photo, whatever is asked for.
        try ward.sync(other)
        try ward.service.withCore { (core: WardCore) throws(StoreError) in
            let mayRead = [
                try core.content(file.attachment.content.root, for: other.device) == nil,
                try core.content(file.attachment.content.root, for: volunteer.device) == file.content,
            ]
            #expect(mayRead == [true, true])
        }
    }

    @Test func theSameFileTwiceIsSentAndStoredOnce() throws {
        let ward = try TestWard(seed: 511)
        let resident = try ward.device(512)
        try ward.sync(resident)
        let file = try Self.file(200_000)
        let first = try resident.commit(Self.attach(file, to: FieldScenarioTests.report("06685.03")), files: [file])
        try ward.sync(resident)
        let second = try resident.commit(Self.attach(file, to: FieldScenarioTests.report("06685.03")), files: [file])
        let report = try ward.sync(resident)
        #expect(report.contentUp <= 203_000)
        #expect(try Self.isReceived(first.document, by: resident))
        #expect(try Self.isReceived(second.document, by: resident))
        try ward.service.withCore { (core: WardCore) throws(StoreError) in
            #expect(try core.database.integer("SELECT count(*) FROM contents") == 2)
        }
    }

    @Test func textOnlySendsNoFilesAndABudgetSendsSome() throws {
        let ward = try TestWard(seed: 521)
        let resident = try ward.device(522)
        try ward.sync(resident)
        let file = try Self.file(300_000)
        let saved = try resident.commit(Self.attach(file, to: FieldScenarioTests.report("06685.03")), files: [file])
        var plan = LinkPlan()
        plan.isTextOnly = true
        #expect(try Self.sync(resident, ward, plan).contentUp == 0)
        #expect(try resident.pendingCount() == 0)
        plan.isTextOnly = false
        plan.remaining = 100_000
        let part = try Self.sync(resident, ward, plan)
        #expect((100_000 - 16_384...100_000).contains(part.contentUp))
        #expect(try !Self.isReceived(saved.document, by: resident))
        let rest = try ward.sync(resident)
        #expect(rest.contentUp + part.contentUp == 303_000)
        #expect(try Self.isReceived(saved.document, by: resident))
    }

    @Test func aBudgetHoldsAlsoWhereASyncTakesSeveralRounds() throws {
        let ward = try TestWard(seed: 523)
        let lan = try ward.device(524)
        try ward.sync(lan)
        let file = try Self.file(300_000)
        _ = try lan.commit(Self.attach(file, to: FieldScenarioTests.report("06685.03")), files: [file])
        // Who comes to oversee the ward asks for what it oversees, in a round of its own.
        let grant = Grant(
            device: lan.device, sealingKey: lan.sealingKey.publicKey, role: .officer, areas: ["06685"], validFrom: 0,
            validUntil: 0, name: "Lan")
        try ward.service.withCore { core in try core.admit(grant) }
        var plan = LinkPlan()
        plan.remaining = 100_000
        let report = try Self.sync(lan, ward, plan)
        #expect(report.rounds > 1)
        #expect((1...100_000).contains(report.contentUp))
        #expect(report.traffic.contentUp < 110_000)
    }

    static func sync(_ replica: Replica, _ ward: TestWard, _ plan: LinkPlan) throws -> SyncReport {
        var client = SyncClient(replica)
        client.plan = plan
        var transport = DirectTransport(service: ward.service)
        try client.run(&transport)
        return client.report
    }

    @Test func afterARestoreTheWardAsksForWhatItLost() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ward-files-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let ward = try TestWard(seed: 531, path: folder.path + "/ward.db")
        let resident = try ward.device(532)
        try ward.sync(resident)
        let copy = folder.path + "/copy.db"
        try ward.copy(to: copy)
        let file = try Self.file(100_000)
        let saved = try resident.commit(Self.attach(file, to: FieldScenarioTests.report("06685.03")), files: [file])
        try ward.sync(resident)
        #expect(try Self.isReceived(saved.document, by: resident))
        try ward.restore(from: copy)
        try ward.sync(resident)
        #expect(try Self.isReceived(saved.document, by: resident))
        try ward.service.withCore { (core: WardCore) throws(StoreError) in
            #expect(try core.contents.held(file.attachment.content.root)?.isWhole == true)
        }
    }

    @Test func anErasedFileIsGoneAtTheWard() throws {
        let ward = try TestWard(seed: 541)
        let resident = try ward.device(542)
        let admin = try ward.device(543, role: .admin, areas: ["06685"], name: "Admin")
        for replica in [resident, admin] { try ward.sync(replica) }
        let file = try Self.file(50_000)
        let report = try resident.commit(FieldScenarioTests.report("06685.03"))
        let saved = try resident.commit(
            Self.attach(file, to: ChangeSetDraft(kind: .report, document: report.document)), files: [file])
        try ward.sync(resident)
        try ward.sync(admin)
        try ward.service.withCore { (core: WardCore) throws(StoreError) in
            let change = try core.tables.change(
                device: core.tables.deviceNumber(saved.dot.device), sequence: saved.dot.sequence)
            let id = change?.change.id
            #expect(id != nil)
            guard let id else { return }
            try core.guarded { () throws(StoreError) in
                _ = try core.erase(Order(.erase, saved.dot, id: id, reason: "x"), by: admin.device)
            }
            #expect(try core.contents.held(file.attachment.content.root) == nil)
            #expect(try core.database.integer("SELECT count(*) FROM content_pieces") == 0)
        }
    }
}
