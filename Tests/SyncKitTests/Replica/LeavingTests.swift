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
