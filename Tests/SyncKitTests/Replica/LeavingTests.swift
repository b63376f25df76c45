// What leaves a device's scope leaves its store whole: the document, and the private values that the ward opened.

import Testing

@testable import SyncKit

@Suite struct LeavingTests {
    private static let phone = Slot(field: ReportField.reporterPhone)

    private func disclosures(_ replica: Replica) throws -> Int64 {
        try replica.database.integer("SELECT count(*) FROM disclosures") ?? 0
    }

    private func move(_ ward: TestWard, _ officer: Replica, _ id: Digest, to area: String) throws {
        var draft = ChangeSetDraft(kind: .report, document: id)
        draft.perform(.set(Slot(field: ReportField.area)), .text(area))
        _ = try officer.commit(draft)
        try ward.sync(officer)
    }

    @Test func thePrivateValuesOfAReportLeaveWithItAndComeBackWithIt() throws {
        let ward = try TestWard()
        let resident = try ward.device(1)
        let lead = try ward.device(2, role: .lead, areas: ["06685.03"])
        let officer = try ward.device(3, role: .officer, areas: ["06685"])
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text("Đèn hỏng"))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        let id = try resident.commit(draft, privates: [(Self.phone, "0912")]).document
        for replica in [resident, lead, officer] { try ward.sync(replica) }
        let entry = try #require(try lead.document(id)?.state.shown(Self.phone))
        #expect(try lead.disclosed(entry, Self.phone) == "0912")

        try move(ward, officer, id, to: "06685.04")
        try ward.sync(lead)
        #expect(try lead.document(id) == nil)
        #expect(try disclosures(lead) == 0)
        #expect(try officer.disclosed(entry, Self.phone) == "0912")
        try ward.sync(resident)
        #expect(try resident.disclosed(entry, Self.phone) == "0912")

        try move(ward, officer, id, to: "06685.03")
        try ward.sync(lead)
        #expect(try lead.disclosed(entry, Self.phone) == "0912")
    }

    /// What the ward lacks of the files that its documents name.
    private func missing(_ ward: TestWard) throws -> Int {
        try ward.service.withCore { core in try core.completeness().missingCount }
    }

    /// A report with a photo, whose text alone is at the ward when it moves on to another neighborhood.
    private func fileAndMove(_ ward: TestWard, _ lan: Replica, _ officer: Replica) throws -> Digest {
        let made = NewFile(ward.random.bytes(150_000), media: .jpeg, thumbnail: ward.random.bytes(5000))
        let file = try #require(made)
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text("Cây đổ"))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        let id = try officer.commit(draft).document
        try ward.sync(officer)
        try ward.sync(lan)
        draft = ChangeSetDraft(kind: .report, document: id)
        draft.perform(.add(Slot(field: ReportField.attachments)), file.attachment.value)
        _ = try lan.commit(draft, files: [file])
        var text = SyncClient(lan)
        text.plan.isTextOnly = true
        var transport = DirectTransport(service: ward.service)
        try text.run(&transport)
        try move(ward, officer, id, to: "06685.04")
        return id
    }

    @Test(arguments: [false, true])
    func aPhotoIsSentAlsoAfterItsReportLeftTheAreasOfItsAuthor(isRebuilt: Bool) throws {
        let ward = try TestWard(seed: 21)
        let lan = try ward.device(211, role: .volunteer, areas: ["06685.03"])
        let officer = try ward.device(212, role: .officer, areas: ["06685"])
        let id = try fileAndMove(ward, lan, officer)
        #expect(try missing(ward) == 1)
        var text = SyncClient(lan)
        text.plan.isTextOnly = true
        var transport = DirectTransport(service: ward.service)
        try text.run(&transport)
        // The report left; the photo is here, waits, and nobody says otherwise.
        #expect(try lan.document(id) == nil)
        #expect(try lan.unreceivedFiles().count == 1 && lan.unreceivedCounts() == (1, 1))
        if isRebuilt { _ = try lan.rebuild() }
        try ward.sync(lan)
        try ward.sync(lan)
        #expect(try missing(ward) == 0)
        #expect(try lan.unreceivedFiles().count == 0)
        // Then nothing of it stays here.
        #expect(try lan.database.integer("SELECT count(*) FROM contents") == 0)
        #expect(try lan.database.integer("SELECT count(*) FROM attachments") == 0)
    }

    /// Whether the store knows a word of its documents.
    private func knows(_ replica: Replica, _ word: String) throws -> Bool {
        try replica.database.integer("SELECT count(*) FROM search_words WHERE word='\(word)'") == 1
    }

    @Test func theWordsOfAReportLeaveWithItUnlessAnotherOneHasThem() throws {
        let ward = try TestWard()
        let lead = try ward.device(6, role: .lead, areas: ["06685.03"])
        let officer = try ward.device(7, role: .officer, areas: ["06685"])
        try ward.sync(lead)
        var ids: [Digest] = []
        for title in ["Đường nguyenvana ngập", "Đường tranthib hỏng"] {
            var draft = ChangeSetDraft(kind: .report)
            draft.perform(.set(Slot(field: ReportField.title)), .text(title))
            draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
            ids.append(try officer.commit(draft).document)
        }
        for replica in [officer, lead] { try ward.sync(replica) }
        #expect(try knows(lead, "nguyenvana") && knows(lead, "tranthib") && knows(lead, "duong"))
        try move(ward, officer, ids[0], to: "06685.04")
        try ward.sync(lead)
        #expect(try !knows(lead, "nguyenvana") && knows(lead, "tranthib") && knows(lead, "duong"))
        // A word that was written over is not one of the report's any more.
        var edit = ChangeSetDraft(kind: .report, document: ids[1])
        edit.perform(.set(Slot(field: ReportField.title)), .text("Đường lê văn hỏng"))
        _ = try officer.commit(edit)
        for replica in [officer, lead] { try ward.sync(replica) }
        #expect(try !knows(lead, "tranthib") && knows(lead, "hong"))
    }

    @Test func aRevokedDeviceThatSyncsKeepsNoPrivateValueOfOthers() throws {
        let ward = try TestWard()
        let volunteer = try ward.device(4, role: .volunteer, areas: ["06685.03"])
        let lead = try ward.device(5, role: .lead, areas: ["06685.03"])
        for replica in [volunteer, lead] { try ward.sync(replica) }
        var draft = ChangeSetDraft(kind: .task)
        draft.perform(.set(Slot(field: TaskField.title)), .text("Thăm hộ"))
        draft.perform(.set(Slot(field: TaskField.area)), .text("06685.03"))
        _ = try lead.commit(draft, privates: [(Slot(field: TaskField.household), "Bà Hoa")])
        for replica in [lead, volunteer] { try ward.sync(replica) }
        #expect(try disclosures(volunteer) == 1)
        try ward.service.withCore { core in try core.revoke(volunteer.device, after: 0) }
        try ward.sync(volunteer)
        #expect(try disclosures(volunteer) == 0)
    }
}
