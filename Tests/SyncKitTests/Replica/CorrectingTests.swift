// A change that the ward refused is corrected and sent again in its place.
import Testing

@testable import SyncKit

@Suite struct CorrectingTests {
    @Test func aRefusedCreationKeepsItsIdItsPrivateFieldsAndItsCodeWhenItIsCorrected() throws {
        let ward = try TestWard()
        let volunteer = try ward.device(1, role: .volunteer, areas: ["06685.03"])
        let officer = try ward.device(2, role: .officer, areas: ["06685"])
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text("Đèn hỏng"))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.04"))
        let phone = Slot(field: ReportField.reporterPhone)
        let saved = try volunteer.commit(draft, privates: [(phone, "0912")], checksEarly: false)
        try ward.sync(volunteer)
        let refused = try #require(try volunteer.refused(of: volunteer.device).first)
        #expect(refused.code == .outsideArea && refused.change.dot == saved.dot)
        #expect(refused.privates.map(\.value) == ["0912"])
        // The same values again are still outside; that is said before anything is saved.
        let same = refused.corrected(values: [:], secrets: [:], after: nil)
        #expect(throws: ReplicaError(.refused(.outsideArea))) {
            _ = try volunteer.commit(same.draft, privates: same.privates)
        }
        let again = refused.corrected(
            values: [ReportField.area: .text("06685.03"), ReportField.category: .text("lighting")], secrets: [:],
            after: nil)
        let corrected = try volunteer.commit(again.draft, privates: again.privates)
        #expect(corrected.document == saved.document)
        #expect(try volunteer.refused(of: volunteer.device).isEmpty)
        try ward.sync(volunteer)
        try ward.sync(officer)
        let view = try #require(try officer.document(saved.document))
        #expect(view.state.areas == ["06685.03"] && view.state.text(ReportField.category) == "lighting")
        #expect(try officer.disclosed(try #require(view.state.shown(phone)), phone) == "0912")
        #expect(try volunteer.problems(of: volunteer.device).isEmpty)
        // Once for each original.
        var twice = again.draft
        twice.reissues = refused.change.id
        _ = try volunteer.commit(twice, checksEarly: false)
        try ward.sync(volunteer)
        #expect(try volunteer.problems(of: volunteer.device).map(\.stored.code) == [.notReissuable])
    }

    @Test func aRefusedStepIsCorrectedToOneThatFollowsThePresentState() throws {
        let ward = try TestWard()
        let officer = try ward.device(1, role: .officer, areas: ["06685"])
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text("Đèn hỏng"))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        let id = try officer.commit(draft).document
        try ward.sync(officer)
        func move(_ to: UInt8, checksEarly: Bool) throws {
            let present = try #require(try officer.document(id)).state.present.dot
            var step = ChangeSetDraft(kind: .report, document: id)
            step.perform(.append(Slot(field: ReportField.comments)), .text("Ghi chú"))
            step.perform(.set(Slot(field: ReportField.agency)), .text("dien_luc"))
            step.perform(.transition(Slot(field: Schema.stateField), to: to, follows: present))
            _ = try officer.commit(step, checksEarly: checksEarly)
        }
        try move(ReportStateNumber.published.rawValue, checksEarly: false)
        try ward.sync(officer)
        let refused = try #require(try officer.refused(of: officer.device, on: id).first)
        #expect(refused.code == .stepNotAllowed)
        try move(ReportStateNumber.classified.rawValue, checksEarly: true)
        try ward.sync(officer)
        let present = try #require(try officer.document(id)).state.present.dot
        let again = refused.corrected(
            values: [ReportField.agency: .text("cap_nuoc")], secrets: [:], step: ReportStateNumber.assigned.rawValue,
            after: present)
        _ = try officer.commit(again.draft)
        try ward.sync(officer)
        let state = try #require(try officer.document(id)?.accepted)
        #expect(
            state.present.state == ReportStateNumber.assigned.rawValue && state.text(ReportField.agency) == "cap_nuoc")
        #expect(state.entries(ReportField.comments).count == 2)
    }
}
