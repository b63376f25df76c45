// The main job in one process: work offline, sync, agree, see the conflict, resolve it.

import Testing

@testable import SyncKit

@Suite struct FieldScenarioTests {
    static func report(_ area: String) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.category)), .text("lighting"))
        draft.perform(.set(Slot(field: ReportField.title)), .text("Đèn đường hỏng"))
        draft.perform(.set(Slot(field: ReportField.area)), .text(area))
        return draft
    }

    @Test func twoVolunteersAndAResidentAgreeAndTheOfficerResolves() throws {
        let ward = try TestWard()
        let lan = try ward.device(11, role: .volunteer, areas: ["06685.03"], name: "Lan")
        let minh = try ward.device(12, role: .volunteer, areas: ["06685.03"], name: "Minh")
        let officer = try ward.device(13, role: .officer, areas: ["06685"], name: "Officer")
        let resident = try ward.device(14)
        var task = ChangeSetDraft(kind: .task)
        task.perform(.set(Slot(field: TaskField.title)), .text("Thăm hộ số 12"))
        task.perform(.set(Slot(field: TaskField.area)), .text("06685.03"))
        let name = Slot(field: ReportField.reporterName)
        try ward.sync(officer)
        let taskID = try officer.commit(task).document
        let reportID = try resident.commit(Self.report("06685.03"), privates: [(name, "Bà Hoa")]).document
        for replica in [resident, officer, lan, minh] { try ward.sync(replica) }
        #expect(try officer.document(reportID) != nil)
        #expect(try lan.document(taskID) != nil)
        for (replica, category) in [(lan, "road"), (minh, "power")] {
            var claim = ChangeSetDraft(kind: .task, document: taskID)
            claim.perform(.claim(Slot(field: TaskField.claimant)))
            _ = try replica.commit(claim)
            var edit = ChangeSetDraft(kind: .report, document: reportID)
            edit.perform(.set(Slot(field: ReportField.category)), .text(category))
            _ = try replica.commit(edit)
        }
        ward.time.advance(seconds: 3600)
        for _ in 0..<2 { for replica in [minh, lan, officer, resident] { try ward.sync(replica) } }
        for id in [taskID, reportID] {
            let states = try [lan, minh, officer].map { try #require(try $0.document(id)?.accepted?.canonical) }
            #expect(Set(states).count == 1)
        }
        #expect(try lan.document(reportID)?.accepted?.hash == resident.document(reportID)?.accepted?.hash)
        let conflict = try #require(try officer.document(reportID)?.accepted?.conflicts.first)
        #expect(conflict.entries.count == 2)
        let claims = try #require(try lan.document(taskID)?.accepted?.conflicts.first)
        #expect(claims.kind == .claims && claims.entries.first?.dot.device == minh.device)
        #expect(try lan.pendingCount() == 0)
        let entry = try #require(try officer.document(reportID)?.state.shown(ReportField.reporterName))
        #expect(try officer.disclosed(entry, name) == "Bà Hoa")
        #expect(try lan.disclosed(entry, name) == nil)
        var resolve = ChangeSetDraft(kind: .report, document: reportID)
        resolve.perform(
            .resolve(conflict.slot, settled: conflict.entries.map(\.dot)),
            .array([.text("road"), .text("Đã xem tại chỗ")]))
        _ = try officer.commit(resolve)
        for _ in 0..<2 { for replica in [officer, lan, minh] { try ward.sync(replica) } }
        #expect(try minh.document(reportID)?.accepted?.conflicts.isEmpty == true)
        #expect(try minh.document(reportID)?.state.text(ReportField.category) == "road")
    }

    @Test func aLookupIsAnsweredFoundNotFoundAndRefused() throws {
        let ward = try TestWard()
        let resident = try ward.device(21)
        _ = try ward.service.withCore { core in
            try core.importDossier(
                Dossier(
                    code: "000.00.01.H49-261103-0001", secret: "1234", status: 4, step: "Thẩm định", agency: "UBND",
                    received: "03/11/2026", due: "10/11/2026", missing: "", asOf: 1_789_000_000))
        }
        var ids: [Digest] = []
        for (code, secret) in [
            ("000.00.01.H49-261103-0001", "1234"), ("000.00.01.H49-261103-0009", "1"),
            ("000.00.01.H49-261103-0001", "9"),
        ] {
            var draft = ChangeSetDraft(kind: .lookup)
            draft.perform(.set(Slot(field: LookupField.code)), .text(code))
            ids.append(try resident.commit(draft, privates: [(Slot(field: LookupField.secret), secret)]).document)
        }
        try ward.sync(resident)
        let states = try ids.map { try #require(try resident.document($0)).state.present.state }
        #expect(states == [2, 3, 4])
        let view = try #require(try resident.document(ids[0]))
        let entry = try #require(view.state.entries(LookupField.answer).first)
        guard case .array(let parts) = try CBORValue(decoding: entry.value), case .bytes(let box) = parts[3] else {
            Issue.record("no box")
            return
        }
        let opened = PrivateValue.open(
            box, ward: resident.ward, dot: entry.dot, slot: Slot(field: LookupField.answer), with: resident.sealingKey)
        #expect(opened != nil)
    }

    @Test func aDocumentThatMovesIntoAnAreaArrivesWholeAndLeavesWhole() throws {
        let ward = try TestWard()
        let officer = try ward.device(31, role: .officer, areas: ["06685"], name: "O")
        let lan = try ward.device(32, role: .volunteer, areas: ["06685.03"], name: "Lan")
        try ward.sync(officer)
        let id = try officer.commit(Self.report("06685.04")).document
        try ward.sync(officer)
        try ward.sync(lan)
        #expect(try lan.document(id) == nil)
        var move = ChangeSetDraft(kind: .report, document: id)
        move.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        _ = try officer.commit(move)
        try ward.sync(officer)
        try ward.sync(lan)
        #expect(try lan.document(id)?.accepted?.hash == officer.document(id)?.accepted?.hash)
        move = ChangeSetDraft(kind: .report, document: id)
        move.perform(.set(Slot(field: ReportField.area)), .text("06685.05"))
        _ = try officer.commit(move)
        try ward.sync(officer)
        try ward.sync(lan)
        #expect(try lan.document(id) == nil)
    }
}
