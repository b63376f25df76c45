// The day's page of each role, at a time that stands still.

import Testing

@testable import ResidentCLI
@testable import SyncKit

@Suite struct TodayTests {
    private let claimant = Slot(field: TaskField.claimant)

    private func claim(_ replica: Replica, _ id: Digest) throws {
        var draft = ChangeSetDraft(kind: .task, document: id)
        draft.perform(.claim(claimant))
        _ = try replica.commit(draft)
    }

    private func move(_ replica: Replica, _ id: Digest, to state: UInt8, note: String? = nil) throws {
        var draft = ChangeSetDraft(kind: .task, document: id)
        if let note { draft.perform(.append(Slot(field: TaskField.notes)), .text(note)) }
        let present = try #require(try replica.document(id)).state.present.dot
        draft.perform(.transition(Slot(field: Schema.stateField), to: state, follows: present))
        _ = try replica.commit(draft)
    }

    @Test func aVolunteerSeesOwnTasksWhatIsDueNearAndWhatWaits() throws {
        let ward = try ClockedWard()
        let lead = try ward.device(.lead, ["06685.03", "06685.04"], "Tâm")
        let lan = try ward.device(.volunteer, ["06685.03", "06685.04"], "Lan")
        let late = try lead.commit(ward.task("Quá hạn", due: ward.day(-2))).document
        let assigned = try lead.commit(ward.task("Được giao", due: ward.day(0))).document
        _ = try lead.commit(ward.task("Gần hạn, xa", area: "06685.04", due: ward.day(0)))
        _ = try lead.commit(ward.task("Gần hạn, gần", due: ward.day(1)))
        _ = try lead.commit(ward.task("Gấp, gần", due: ward.day(1), priority: 1))
        _ = try lead.commit(ward.task("Còn lâu", due: ward.day(20)))
        var assign = ChangeSetDraft(kind: .task, document: assigned)
        assign.perform(.add(Slot(field: TaskField.assignees)), .bytes(lan.device.digest.bytes))
        _ = try lead.commit(assign)
        try ward.sync(lead, lan)
        try claim(lan, late)
        let facts = try ward.facts(lan)
        #expect(facts.mine.map(\.listing.title) == ["Quá hạn", "Được giao"])
        #expect(facts.free.map(\.listing.title) == ["Gấp, gần", "Gần hạn, gần", "Gần hạn, xa"])
        let near = try ward.facts(lan, near: "06685.04")
        #expect(near.free.first?.listing.title == "Gần hạn, xa")
        let page = try ward.today(lan)
        #expect(page.contains("Thứ Năm, 12/03/2026 — Lan, tình nguyện viên, 06685.03, 06685.04"))
        #expect(page.contains("chờ gửi: 1 nhiệm vụ") && page.contains("Việc của tôi (2)"))
        #expect(page.contains("quá hạn 2 ngày") && page.contains("tạm nhận") && page.contains("hôm nay"))
        #expect(page.contains("ngày mai") && !page.contains("Còn lâu") && !page.contains("Chờ xác nhận"))
        #expect(try ward.today(lan, json: true).contains("\"waiting\":{\"task\":1}"))
        ward.time.advance(seconds: 3 * 3600)
        #expect(try ward.today(lan).contains("Đồng bộ 3 giờ trước"))
    }

    @Test func aLostClaimIsToldAndWhatIsToBeDoneAgainWithTheReason() throws {
        let ward = try ClockedWard()
        let lead = try ward.device(.lead, ["06685.03"], "Tâm")
        let lan = try ward.device(.volunteer, ["06685.03"], "Lan")
        let minh = try ward.device(.volunteer, ["06685.03"], "Minh")
        let id = try lead.commit(ward.task("Thăm hộ số 12")).document
        try ward.sync(lead, lan, minh)
        try claim(lan, id)
        try claim(minh, id)
        try move(minh, id, to: 2)
        try ward.sync(lan, minh)
        let told = try ward.today(minh)
        #expect(told.contains("do Lan giữ, vì Lan được ghi nhận trước. Việc bạn đã làm được giữ lại"), "\(told)")
        #expect(!told.contains("Việc của tôi") && !told.contains("Xung đột ở"))
        let state = try #require(try minh.document(id)).state
        #expect(state.entries(Schema.stateField).contains { $0.outcome == .evidence && $0.dot.device == minh.device })
        try ward.sync(lan)
        #expect(try ward.today(lan).contains("Xung đột ở nhiệm vụ"))
        try move(lan, id, to: 3)
        try ward.sync(lan, lead)
        #expect(try ward.today(lead).contains("Chờ xác nhận (1)"))
        try move(lead, id, to: 1, note: "Thiếu ảnh")
        try ward.sync(lead, lan)
        let again = try ward.today(lan)
        #expect(again.contains("Cần làm lại") && again.contains("Thiếu ảnh") && again.contains("Việc của tôi (1)"))
    }

    @Test func aResidentSeesOwnReportsQuestionsAndAnswers() throws {
        let ward = try ClockedWard()
        let officer = try ward.device(.officer, ["06685"], "Bình")
        let resident = try ward.device()
        var report = ChangeSetDraft(kind: .report)
        report.perform(.set(Slot(field: ReportField.title)), .text("Đèn hỏng"))
        report.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        let id = try resident.commit(report).document
        var lookup = ChangeSetDraft(kind: .lookup)
        lookup.perform(.set(Slot(field: LookupField.code)), .text("000.00.01.H49-261103-0009"))
        _ = try resident.commit(lookup, privates: [(Slot(field: LookupField.secret), "1")])
        #expect(try ward.today(resident).contains("Chưa đồng bộ lần nào"))
        try ward.sync(resident, officer)
        var ask = ChangeSetDraft(kind: .report, document: id)
        ask.perform(.append(Slot(field: ReportField.question)), .text("Cột số mấy?"))
        ask.perform(
            .transition(Slot(field: Schema.stateField), to: 5, follows: Dot(device: resident.device, sequence: 1)))
        _ = try officer.commit(ask)
        try ward.sync(officer, resident)
        let page = try ward.today(resident)
        #expect(page.contains("Phường hỏi về phản ánh") && page.contains("Cột số mấy?"))
        #expect(page.contains("không tìm thấy") && page.contains("Phản ánh của tôi (1)"))
        #expect(page.contains("Tra cứu của tôi (1)") && !page.contains("Việc của tôi"))
        let inbox = try ward.today(officer)
        #expect(inbox.contains("Hộp việc (1)") && inbox.contains("chờ bổ sung 1") && inbox.contains("mới 0"))
        #expect(!inbox.contains("Phản ánh của tôi"))
        ward.time.advance(seconds: 8 * 86_400)
        #expect(try !ward.today(resident).contains("000.00.01.H49-261103-0009: không tìm thấy"))
    }

    @Test func aLeadSeesWhatWaitsForVerificationAndWhereNobodyWorks() throws {
        let ward = try ClockedWard()
        try ward.importUnits(3)
        let lead = try ward.device(.lead, ["06685.01", "06685.02"], "Tâm")
        let officer = try ward.device(.officer, ["06685"], "Bình")
        let lan = try ward.device(.volunteer, ["06685.01"], "Lan")
        let id = try officer.commit(ward.task("Cài VNeID", area: "06685.01", due: ward.day(-1))).document
        _ = try officer.commit(ward.task("Chưa ai nhận", area: "06685.03"))
        try ward.sync(officer, lan, lead)
        try claim(lan, id)
        try move(lan, id, to: 3)
        try ward.sync(lan, lead, officer)
        let page = try ward.today(lead)
        #expect(page.contains("Chờ xác nhận (1)") && page.contains("Cài VNeID") && page.contains("Độ phủ của tổ"))
        let team = try TeamFacts(officer, areas: ["06685"], now: ward.time.nowSeconds())
        #expect(team.units.map(\.code) == ["06685.01", "06685.02", "06685.03"])
        #expect(team.units.map(\.volunteers) == [1, 0, 0] && team.units.map(\.leads) == [1, 1, 0])
        #expect(team.withoutTeam.map(\.name) == ["Khu phố 3"])
        #expect(team.units.map(\.work.open) == [0, 0, 1] && team.units.map(\.work.waitsForVerification) == [1, 0, 0])
        #expect(team.units.map(\.doneThisWeek) == [1, 0, 0])
        let seen = try #require(team.people.first { $0.member.name == "Lan" })
        #expect(seen.isActive && seen.doneThisWeek == 1 && seen.holds == 0)
        #expect(try lead.members().map(\.name).sorted() == ["Bình", "Lan", "Tâm"])
        // On Monday a new week begins, and after a week of silence somebody is not active any more.
        ward.time.advance(seconds: 8 * 86_400)
        let later = try TeamFacts(officer, areas: ["06685"], now: ward.time.nowSeconds())
        #expect(later.units.map(\.doneThisWeek) == [0, 0, 0])
        #expect(later.people.first { $0.member.name == "Lan" }?.isActive == false)
    }

    @Test func aGrantThatEndsAndAnAlertInForceAreTold() throws {
        let ward = try ClockedWard()
        let officer = try ward.device(.officer, ["06685"], "Bình")
        let lan = try ward.device(.volunteer, ["06685.03"], "Lan", until: ward.time.nowSeconds() + 5 * 86_400)
        for (title, end) in [("Nước lên báo động 2", Int64(3600)), ("Mất điện hôm qua", -3600)] {
            var alert = ChangeSetDraft(kind: .alert)
            alert.perform(.set(Slot(field: AlertField.title)), .text(title))
            alert.perform(.set(Slot(field: AlertField.validUntil)), CBORValue(ward.time.nowSeconds() + end))
            _ = try officer.commit(alert)
        }
        try ward.sync(officer, lan)
        let page = try ward.today(lan)
        #expect(page.contains("Nước lên báo động 2") && !page.contains("Mất điện hôm qua"))
        #expect(page.contains("Quyền của bạn hết hạn ngày 17/03/2026"))
        ward.time.advance(seconds: 6 * 86_400)
        #expect(try ward.today(lan).contains("Quyền của bạn đã hết hạn"))
    }

    @Test func theDaysQueriesUseTheirIndexes() throws {
        let ward = try ClockedWard()
        let lan = try ward.device(.volunteer, ["06685.03"], "Lan")
        for (query, index) in [
            ("d.kind=2 AND d.hidden=0 AND (d.flags & 24)<>0 ORDER BY d.sort LIMIT 5", "documents_own"),
            (
                "d.kind=2 AND d.hidden=0 AND d.status IN (3,4) AND d.updated>=5 AND d.state IS NOT NULL",
                "documents_finished"
            ),
            ("d.pending>0 ORDER BY d.updated", "documents_pending"),
            (
                "d.kind=2 AND d.hidden=0 AND d.status IN (1) AND d.holder=0 AND d.sort<9 ORDER BY d.sort",
                "documents_tasks"
            ),
            ("d.creator=1 AND d.kind=1 AND d.kind<4 AND d.hidden=0 ORDER BY d.updated DESC", "documents_filed"),
            ("(d.flags & 1)=1 AND d.hidden=0 ORDER BY d.updated", "documents_conflicts"),
        ] {
            let plan = try lan.database.prepare(
                "EXPLAIN QUERY PLAN SELECT d.title FROM documents d INDEXED BY \(index) WHERE \(query)")
            var text = ""
            while try plan.step() { text += plan.text(3) + "\n" }
            #expect(text.contains(index) && !text.contains("SCAN d\n"), "\(query): \(text)")
        }
    }
}
