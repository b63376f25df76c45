// Private files between devices and a ward: who opens them, what those hold who do not, and what erasing leaves.

import Testing

@testable import SyncKit

@Suite struct PrivateFileSyncTests {
    private static let mark = "Căn cước của bà Hoa"
    private static let photo = SealedFileTests.photo(150_000, mark: mark)

    private func sealed(_ plain: Bytes = photo) throws -> SealedFile {
        try #require(SealedFile(plain, type: .jpeg, random: SystemRandomSource()))
    }

    /// Attaches a private file with its key, in one change set.
    private func attach(_ sealed: SealedFile, _ draft: ChangeSetDraft, by replica: Replica, also open: NewFile? = nil)
        throws -> Saved
    {
        let slot = try #require(FileKey.slot(of: sealed.key.root, in: draft.kind))
        return try replica.commit(
            AttachmentSyncTests.attach(sealed.file, to: draft), privates: [(slot, sealed.key.text)],
            files: [sealed.file] + [open].compactMap { $0 })
    }

    /// The files of a document as a device opens them; `nil` for one whose key or content it has not.
    private func opened(_ document: Digest, by replica: Replica) throws -> [Bytes?] {
        guard let view = try replica.document(document) else { return [] }
        return try replica.files(of: view).filter(\.attachment.isSealed).map { file in
            let key = try replica.fileKey(of: file.attachment, in: view.state)
            #expect(file.opens == (key != nil))
            guard let key, let content = try replica.content(file.attachment.content.root) else { return nil }
            return try SealedFile.open(content, of: file.attachment, with: key)
        }
    }

    private func fetch(_ content: ContentName, _ world: OrderTests.World, _ replicas: [Replica]) throws {
        for replica in replicas {
            try replica.want(content)
            try world.ward.sync(replica)
        }
    }

    /// Whether the rows in which a store keeps things hold a text.
    private func holds(_ database: Database, _ text: String) throws -> Bool {
        for (table, column) in [
            ("content_pieces", "bytes"), ("changes", "body"), ("documents", "state"), ("disclosures", "value"),
            ("bases", "state"),
        ] {
            let found = try database.prepare(
                "SELECT count(*) FROM \(table) WHERE instr(CAST(\(column) AS BLOB),?1)>0"
            ).bind(1, Bytes(text.utf8))
            defer { found.reset() }
            if try found.step(), found.integer(0) > 0 { return true }
        }
        return false
    }

    @Test func aReportsPrivateFileOpensForItsAuthorAndTheRolesOfItsLineAndNobodyElse() throws {
        let world = try OrderTests.World(seed: 171)
        let resident = try world.ward.device(1720)
        let lead = try world.ward.device(1730, role: .lead, areas: ["06685.03"], name: "Tổ trưởng")
        let auditor = try world.ward.device(1740, role: .auditor, areas: ["06685"], name: "Kiểm tra")
        try world.sync(resident, lead, auditor)
        let sealed = try sealed()
        let root = sealed.file.attachment.content
        // Before any network its author reads it.
        let report = try attach(sealed, FieldScenarioTests.report("06685.03"), by: resident).document
        #expect(try opened(report, by: resident) == [Self.photo])
        try world.sync(resident, world.lan, world.officer, world.mai, lead, auditor)
        #expect(try AttachmentSyncTests.isReceived(report, by: resident))
        try fetch(root, world, [world.lan, world.officer, world.mai, lead, auditor])
        for replica in [resident, lead, world.officer, world.mai] {
            #expect(try opened(report, by: replica) == [Self.photo])
        }
        // Whoever sees the report without its private values holds the same ciphertext and no key.
        for replica in [world.lan, auditor] {
            #expect(try replica.content(root.root) == sealed.file.content)
            #expect(try opened(report, by: replica) == [nil])
            #expect(try !holds(replica.database, sealed.key.text))
        }
        for replica in [resident, world.lan, world.officer] { #expect(try !holds(replica.database, Self.mark)) }
        try world.ward.service.withCore { (core: WardCore) throws(StoreError) in
            try core.flush()
            let found = [
                try core.contents.held(root.root)?.isWhole, try holdsAny(core.database, [Self.mark, sealed.key.text]),
            ]
            #expect(found == [true, false])
            let ledger = try core.completeness()
            #expect(ledger.missing.isEmpty)
        }
    }

    @Test func whoFetchesEverythingIsSentWhatItCanOpenAndNoPrivateFileOfOthers() throws {
        let world = try OrderTests.World(seed: 231)
        let resident = try world.ward.device(2320)
        try world.sync(resident)
        let open = try AttachmentSyncTests.file(40_000, thumbnail: 0)
        let sealed = try sealed()
        let report = try attach(
            sealed, AttachmentSyncTests.attach(open, to: FieldScenarioTests.report("06685.03")), by: resident,
            also: open
        ).document
        try world.sync(resident, world.officer, world.lan)
        var plan = LinkPlan()
        plan.fetching = .everything
        for (replica, bytes) in [(world.officer, 40_000 + sealed.file.content.count), (world.lan, 40_000)] {
            #expect(try AttachmentSyncTests.sync(replica, world.ward, plan).contentDown == bytes)
            #expect(try AttachmentSyncTests.sync(replica, world.ward, plan).contentDown == 0)
            #expect(try !replica.wantsContent(.everything))
        }
        #expect(try opened(report, by: world.officer).contains(Self.photo))
        // Somebody who asks for it all the same has a ciphertext.
        try fetch(sealed.file.attachment.content, world, [world.lan])
        #expect(try world.lan.content(sealed.key.root) == sealed.file.content)
    }

    @Test func aNewDeviceThatIsGivenStatesOpensPrivateFilesToo() throws {
        let folder = try RestoreFolder()
        let world = try OrderTests.World(seed: 241, path: folder.path + "/ward.db")
        let sealed = try sealed()
        let report = try attach(sealed, FieldScenarioTests.report("06685.03"), by: world.lan).document
        try world.sync(world.lan)
        try world.ward.service.withCore { (core: WardCore) throws(StoreError) in try core.noteBackup(upTo: core.size) }
        let officer = try world.ward.device(2420, role: .officer, areas: ["06685"], name: "Mới")
        let volunteer = try world.ward.device(2430, role: .volunteer, areas: ["06685.03"], name: "Mận")
        for replica in [officer, volunteer] {
            try world.sync(replica)
            #expect(try replica.database.integer("SELECT count(*) FROM bases") == 1)
        }
        try fetch(sealed.file.attachment.content, world, [officer, volunteer])
        #expect(try opened(report, by: officer) == [Self.photo])
        #expect(try opened(report, by: volunteer) == [nil])
    }

    /// The same within the ward's closure, which throws an error of its own.
    private func holdsAny(_ database: Database, _ texts: [String]) throws(StoreError) -> Bool {
        do {
            for text in texts where try holds(database, text) { return true }
            return false
        } catch let error as StoreError { throw error } catch { throw StoreError(.damaged, "\(error)") }
    }

    @Test func aTasksPrivateFileOpensForLeadsAndTheOfficeAndALookUpsForTheOfficer() throws {
        let world = try OrderTests.World(seed: 181)
        let lead = try world.ward.device(1830, role: .lead, areas: ["06685.03"], name: "Tổ trưởng")
        let other = try world.ward.device(1840, role: .volunteer, areas: ["06685.03"], name: "Mận")
        try world.sync(lead, other)
        var draft = ChangeSetDraft(kind: .task)
        draft.perform(.set(Slot(field: TaskField.title)), .text("Số hoá giấy tờ"))
        draft.perform(.set(Slot(field: TaskField.area)), .text("06685.03"))
        let task = try lead.commit(draft).document
        try world.sync(lead, world.lan)
        let paper = try sealed()
        _ = try attach(paper, ChangeSetDraft(kind: .task, document: task), by: world.lan)

        var asked = ChangeSetDraft(kind: .lookup)
        asked.perform(.set(Slot(field: LookupField.code)), .text("000.17.22.H49-260531-0001"))
        asked.perform(.set(Slot(field: LookupField.area)), .text("06685.03"))
        let proof = try sealed(SealedFileTests.photo(9_000))
        let lookup = try attach(proof, asked, by: world.lan).document
        let readers = [lead, world.officer, world.mai, other]
        try world.sync(world.lan, lead, world.officer, world.mai, other)
        for file in [paper, proof] { try fetch(file.file.attachment.content, world, readers) }
        for replica in [world.lan, lead, world.officer, world.mai] {
            #expect(try opened(task, by: replica) == [Self.photo])
        }
        #expect(try opened(task, by: other) == [nil])
        for replica in [world.lan, world.officer] {
            #expect(try opened(lookup, by: replica).map { $0?.count } == [9_000])
        }
        for replica in [lead, world.mai, other] {
            #expect(try opened(lookup, by: replica).allSatisfy { $0 == nil })
        }
    }

    @Test func underNewKeysAPrivateFileIsSealedAgainAndOpensAsBefore() throws {
        let stores = try CopiedStores()
        let phone = try stores.device()
        _ = try stores.file(phone, "Đèn hỏng")
        try stores.ward.sync(phone)
        let copy = try stores.copy(phone)
        _ = try stores.file(phone, "Ổ gà")
        let sealed = try sealed()
        let report = try attach(sealed, FieldScenarioTests.report("06685.01"), by: copy).document
        let before = copy.device
        try stores.ward.sync(phone)
        let renewed = try stores.ward.sync(copy)
        #expect(renewed.renewal?.reissued == 1 && copy.device != before)
        try stores.ward.sync(copy)
        let officer = try stores.device(role: .officer, areas: ["06685"], name: "Hà")
        try stores.ward.sync(officer)
        try officer.want(sealed.file.attachment.content)
        try stores.ward.sync(officer)
        for replica in [copy, officer] { #expect(try opened(report, by: replica) == [Self.photo]) }
        try stores.check([copy, officer])
    }

    @Test func afterItsChangeSetIsErasedNobodyOpensItAnywhere() throws {
        let folder = try RestoreFolder()
        let world = try OrderTests.World(seed: 191, path: folder.path + "/ward.db")
        let resident = try world.ward.device(1920)
        try world.sync(resident)
        let report = try resident.commit(FieldScenarioTests.report("06685.03")).document
        let sealed = try sealed()
        let saved = try attach(sealed, ChangeSetDraft(kind: .report, document: report), by: resident)
        try world.sync(resident, world.officer, world.mai)
        try fetch(sealed.file.attachment.content, world, [world.officer, world.mai])
        for replica in [resident, world.officer, world.mai] {
            #expect(try opened(report, by: replica) == [Self.photo])
            #expect(try holds(replica.database, sealed.key.text))
        }
        try world.give(
            Order(.erase, saved.dot, id: world.id(world.mai, saved), reason: "Gửi nhầm giấy tờ"), by: world.mai)
        try world.sync(resident, world.officer, world.hung)
        let late = try world.ward.device(1930, role: .officer, areas: ["06685"], name: "Mới")
        try world.sync(late)
        let slot = try #require(FileKey.slot(of: sealed.key.root, in: .report))
        for replica in [resident, world.officer, world.mai, world.hung, late] {
            #expect(try opened(report, by: replica).allSatisfy { $0 == nil })
            #expect(try replica.disclosed(saved.dot, slot) == nil)
            #expect(try !holds(replica.database, sealed.key.text))
        }
        try world.ward.service.withCore { (core: WardCore) throws(StoreError) in
            let held = try core.contents.held(sealed.key.root)
            #expect(held == nil)
        }
    }

    @Test func aFileThatIsTakenOffTakesItsKeyWithIt() throws {
        let world = try OrderTests.World(seed: 201)
        let sealed = try sealed()
        let report = try attach(sealed, FieldScenarioTests.report("06685.03"), by: world.lan).document
        try world.sync(world.lan, world.officer)
        let slot = try #require(FileKey.slot(of: sealed.key.root, in: .report))
        var draft = ChangeSetDraft(kind: .report, document: report)
        draft.perform(.remove(Slot(field: ReportField.attachments)), sealed.file.attachment.value)
        draft.perform(.set(slot), .null)
        _ = try world.officer.commit(draft)
        try world.sync(world.officer, world.lan)
        for replica in [world.lan, world.officer] {
            let state = try #require(try replica.document(report)?.accepted)
            #expect(state.attachments.isEmpty)
            #expect(try replica.fileKey(of: sealed.file.attachment, in: state) == nil)
        }
    }

    @Test func anotherKeyInItsPlaceOpensNothing() throws {
        let world = try OrderTests.World(seed: 211)
        let (first, second) = (try sealed(), try sealed(SealedFileTests.photo(500)))
        let report = try attach(first, FieldScenarioTests.report("06685.03"), by: world.lan).document
        let slot = try #require(FileKey.slot(of: first.key.root, in: .report))
        for text in [second.key.text, "khoá", first.key.text.uppercased()] {
            _ = try world.lan.commit(
                ChangeSetDraft(kind: .report, document: report), privates: [(slot, text)])
            let view = try #require(try world.lan.document(report))
            #expect(try world.lan.fileKey(of: first.file.attachment, in: view.state) == nil)
        }
        let wrong = try #require(FileKey(root: first.key.root, key: second.key.key))
        _ = try world.lan.commit(ChangeSetDraft(kind: .report, document: report), privates: [(slot, wrong.text)])
        #expect(throws: SealedFileFault.damaged) { try opened(report, by: world.lan) }
        _ = try world.lan.commit(
            ChangeSetDraft(kind: .report, document: report), privates: [(slot, first.key.text)])
        #expect(try opened(report, by: world.lan) == [Self.photo])
    }

    @Test func whatAnOfficersOtherProgramReleasesIsNeverPublished() throws {
        let world = try FollowedWard(seed: 221)
        // A PNG in the clear, another one sealed, and the sealed content once more under the name of a photo.
        let head: Bytes = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let plain = head + Self.chunk("IHDR", 13) + Self.chunk("IEND", 0)
        let open = try #require(NewFile(plain, media: .png))
        let hidden = head + Self.chunk("IHDR", 13) + Self.chunk("tRNS", 9) + Self.chunk("IEND", 0)
        let secret = try #require(SealedFile(hidden, type: .png, random: world.ward.random))
        let posed = Attachment(content: secret.file.attachment.content, media: MediaType.png.rawValue)
        let report = try world.filer.commit(
            AttachmentSyncTests.attach(open, to: FieldScenarioTests.report("06685.03")), files: [open]
        ).document
        _ = try attach(secret, ChangeSetDraft(kind: .report, document: report), by: world.filer)
        try world.ward.sync(world.filer)
        try world.step(report, 6)
        try world.step(report, 7) { draft in
            draft.perform(.set(Slot(field: ReportField.publicTitle)), .text("Đã xong"))
            draft.perform(.add(Slot(field: ReportField.attachments)), posed.value)
            for root in [open.attachment.content.root, secret.key.root] {
                draft.perform(.add(Slot(field: ReportField.publicPhotos)), .bytes(root.bytes))
            }
        }
        try world.ward.sync(world.filer)
        try world.ward.service.withCore { (core: WardCore) throws(StoreError) in
            let shown = try core.snapshotStates().filter { $0.kind == .publication }.flatMap(\.attachments)
            #expect(shown.map(\.attachment.content.length) == [plain.count])
            #expect(shown.allSatisfy { $0.attachment.media == MediaType.png.rawValue })
            let pictures = [
                try core.picture(open.attachment.content.root, isPublic: false)?.bytes,
                try core.picture(secret.key.root, isPublic: false)?.bytes,
                try core.picture(secret.key.root, isPublic: true)?.bytes,
            ]
            #expect(pictures == [plain, nil, nil])
        }
    }

    /// A chunk of a PNG; nobody looks at its checksum here.
    static func chunk(_ name: String, _ length: UInt8) -> Bytes {
        [0, 0, 0, length] + Bytes(name.utf8) + Bytes(repeating: 1, count: Int(length)) + [0, 0, 0, 0]
    }
}
