// Decisions at the console: signed with its key, of what its page showed, and back on the devices after a sync.
import SyncKit
import Testing

@testable import SyncServer

@Suite struct ConsoleDecisionTests {
    let ward: TestHome
    let server: WardServer
    let http: TestRequest
    let ha: ConsoleClient

    init() throws {
        ward = try TestHome()
        server = try ward.serve()
        http = TestRequest(port: server.port)
        ha = ConsoleClient(port: server.port)
        try ha.signIn(ward)
    }

    private func stop() { server.inlets.close(drainSeconds: 0) }

    private func join(_ role: Role, _ name: String, _ area: String = "06685.03") throws -> Replica {
        let reply = try ward.ask(.invite(role: role, areas: [area], name: name, expiresDays: 7, validDays: 30))
        let device = try ward.device()
        #expect(try http.join(device, code: try #require(reply["code"].string)).status == 200)
        try http.sync(device)
        return device
    }

    private func write(_ device: Replica, _ report: Digest, _ title: String) throws {
        var draft = ChangeSetDraft(kind: .report, document: report)
        draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        _ = try device.commit(draft)
    }

    /// A report with two titles that did not know of each other.
    private func conflict() throws -> (report: Digest, lan: Replica, binh: Replica) {
        let lan = try join(.volunteer, "Lan")
        let binh = try join(.volunteer, "Bình")
        let report = try lan.commit(reportDraft("Đèn hỏng")).document
        try http.sync(lan)
        try http.sync(binh)
        try write(lan, report, "Đèn hỏng đầu ngõ 5")
        try write(binh, report, "Đèn hỏng cuối ngõ 5")
        try http.sync(lan)
        try http.sync(binh)
        try server.service.withCore { core throws(StoreError) in try core.flush() }
        return (report, lan, binh)
    }

    private func path(_ report: Digest, _ field: UInt8 = ReportField.title) -> String {
        ConflictPage.path(report, Slot(field: field)).text
    }

    /// The fields of a page's form, with a choice among the sides that it offers.
    private func form(_ page: RawAnswer, choose place: Int, reason: String) -> [(String, String)] {
        let settled = page.hidden("settled")
        var fields = ["token", "id", "slot", "seen"].map { ($0, page.hidden($0).last ?? "") }
        fields += settled.map { ("settled", $0) }
        fields += [("choose", settled.indices.contains(place) ? settled[place] : ""), ("reason", reason)]
        return fields
    }

    @Test func aConflictIsShownSideBySideAndDecidedForEverybody() throws {
        defer { stop() }
        let (report, lan, binh) = try conflict()
        let inbox = try ha.get("/console").body
        #expect(inbox.contains(path(report).split(separator: "&").joined(separator: "&amp;")))
        let page = try ha.get(path(report))
        #expect(page.status == 200)
        for word in ["Đèn hỏng đầu ngõ 5", "Đèn hỏng cuối ngõ 5", "Đèn hỏng<", "Lan", "Bình"] {
            #expect(page.body.contains(word), "\(word)")
        }
        let settled = page.hidden("settled")
        #expect(settled.count == 2)
        let lans = try #require(settled.firstIndex { $0.hasPrefix("\(lan.device)") })
        #expect(try ha.post("/console/resolve", form(page, choose: lans, reason: " ")).status == 400)
        #expect(try ha.post("/console/resolve", form(page, choose: 7, reason: "x")).status == 400)
        let done = try ha.post("/console/resolve", form(page, choose: lans, reason: "Đã hỏi tổ trưởng"))
        #expect(done.status == 303 && done.header("location")?.contains("done=resolved") == true)
        #expect(try ha.get("/console").body.contains("Không có xung đột"))
        #expect(try ha.post("/console/resolve", form(page, choose: lans, reason: "lại")).status == 409)

        for device in [lan, binh] {
            try http.sync(device)
            let view = try #require(try device.document(report))
            #expect(view.state.conflicts.isEmpty)
            #expect(view.state.text(ReportField.title) == "Đèn hỏng đầu ngõ 5")
            let decision = try #require(view.state.shown(ReportField.title))
            let console = try #require(server.service.withCore { $0.consoleDevice })
            #expect(decision.dot.device == console)
            #expect(
                try CBORValue(decoding: decision.note) == .text("Đã hỏi tổ trưởng — Hà"))
        }
        let activity = try ha.get("/console/activity").body
        #expect(activity.contains("Đã hỏi tổ trưởng — Hà"))
        #expect(try ward.command("audit").code == 0)
    }

    @Test func aDecisionSettlesOnlyWhatItsPageShowed() throws {
        defer { stop() }
        let (report, lan, binh) = try conflict()
        let page = try ha.get(path(report))
        // While somebody reads the page, a third value arrives that knows of neither.
        let chi = try join(.volunteer, "Chi")
        try http.sync(lan)
        try write(chi, report, "Đèn hỏng giữa ngõ 5")
        let mai = try join(.volunteer, "Mai")
        try write(mai, report, "Đèn nhấp nháy")
        try http.sync(chi)
        try http.sync(mai)
        let settled = page.hidden("settled")
        #expect(settled.count == 2)
        #expect(try ha.post("/console/resolve", form(page, choose: 0, reason: "Theo ảnh")).status == 303)
        let state = try #require(
            try server.service.withCore { core throws(StoreError) in try core.documentState(report) })
        let values = state.entries(ReportField.title).map(\.dot.device)
        // Chi and Mai had seen the first two; the page had not seen theirs.
        #expect(values.contains(chi.device) && values.contains(mai.device))
        #expect(!values.contains(binh.device))
        #expect(state.conflicts.count == 1)
    }

    @Test func anotherValueAndAListedCodeCanBeWritten() throws {
        defer { stop() }
        let (report, lan, binh) = try conflict()
        for (device, code) in [(lan, "power"), (binh, "road")] {
            var draft = ChangeSetDraft(kind: .report, document: report)
            draft.perform(.set(Slot(field: ReportField.category)), .text(code))
            _ = try device.commit(draft)
            try http.sync(device)
        }
        let page = try ha.get(path(report, ReportField.category))
        #expect(page.body.contains("<option value=\"telecom\">"))
        var fields = form(page, choose: 0, reason: "Sai loại").filter { $0.0 != "choose" }
        fields += [("choose", "other")]
        #expect(try ha.post("/console/resolve", fields + [("other", "made-up")]).status == 400)
        #expect(try ha.post("/console/resolve", fields + [("other", "telecom")]).status == 303)
        try http.sync(lan)
        #expect(try lan.document(report)?.state.text(ReportField.category) == "telecom")
    }

    @Test func twoClaimsAreGivenToOneOfThem() throws {
        defer { stop() }
        let lead = try join(.lead, "Tổ trưởng")
        let lan = try join(.volunteer, "Lan")
        let binh = try join(.volunteer, "Bình")
        var draft = ChangeSetDraft(kind: .task)
        draft.perform(.set(Slot(field: TaskField.title)), .text("Thăm hộ bà Tư"))
        draft.perform(.set(Slot(field: TaskField.area)), .text("06685.03"))
        let task = try lead.commit(draft).document
        for device in [lead, lan, binh] { try http.sync(device) }
        for device in [lan, binh] {
            var claim = ChangeSetDraft(kind: .task, document: task)
            claim.perform(.claim(Slot(field: TaskField.claimant)))
            _ = try device.commit(claim)
            try http.sync(device)
        }
        let page = try ha.get(path(task, TaskField.claimant))
        let binhs = try #require(page.hidden("settled").firstIndex { $0.hasPrefix("\(binh.device)") })
        #expect(try ha.post("/console/resolve", form(page, choose: binhs, reason: "Ở gần hơn")).status == 303)
        for device in [lan, binh] {
            try http.sync(device)
            let state = try #require(try device.document(task)?.state)
            #expect(state.holder(TaskField.claimant)?.dot.device == binh.device && state.conflicts.isEmpty)
        }
    }

    @Test func whatIsHeldIsReleasedOrDeclinedOneByOne() throws {
        defer { stop() }
        let lan = try join(.volunteer, "Lan")
        _ = try ward.ask(.revoke(device: "\(lan.device)", after: 0))
        let report = try lan.commit(reportDraft("Ghi trước khi bị thu hồi")).document
        _ = try lan.commit(reportDraft("Không ai cần"))
        try http.sync(lan)
        let page = try ha.get("/console/quarantine")
        let changes = page.hidden("change")
        #expect(changes.count == 4 && changes[0] == "\(lan.device):1")
        let token = try #require(page.hidden("token").last)
        #expect(try ha.post("/console/release", [("token", token), ("change", changes[0])]).status == 303)
        #expect(try ha.post("/console/release", [("token", token), ("change", changes[0])]).status == 409)
        #expect(try ha.post("/console/decline", [("token", token), ("change", changes[2])]).status == 303)
        #expect(try ha.get("/console/quarantine").body.contains("Không có gói nào"))
        #expect(try ha.get("/console/quarantine?view=refused").body.contains("đã xem và không nhận"))
        let log = try ha.get("/console/log").body
        #expect(log.contains("Cho tính") && log.contains("Bàn điều khiển"))
        let state = try server.service.withCore { core throws(StoreError) in try core.documentState(report) }
        #expect(state != nil)
    }

    @Test func hostileTextIsShownAndDoesNothing() throws {
        defer { stop() }
        let lan = try join(.volunteer, "<img src=x onerror=alert(1)>")
        let title = "<script>alert(1)</script>\" onmouseover=\"x \u{202E}gnp.exe"
        let report = try lan.commit(reportDraft(title)).document
        try http.sync(lan)
        try server.service.withCore { core throws(StoreError) in try core.flush() }
        for page in [
            "/console/documents", "/console/document?id=\(report.hex)", "/console/devices",
            "/console/device?id=\(lan.device)", "/console/log",
        ] {
            let body = try ha.get(page).body
            #expect(!body.contains("<script") && !body.contains("<img") && !body.contains("\u{202E}"), "\(page)")
            #expect(body.contains("&lt;"), "\(page)")
        }
        #expect(try ha.get("/console/document?id=\(report.hex)").body.contains("⟨202E⟩"))
        #expect(try lan.document(report)?.state.text(ReportField.title) == title)
    }

    @Test func devicesShowWhenTheyWereThereAndWhatTheyHoldBack() throws {
        defer { stop() }
        let lan = try join(.volunteer, "Lan")
        let page = try ha.get("/console/device?id=\(lan.device)").body
        #expect(page.contains("đúng giờ") && page.contains("ward-server revoke"))
        try server.service.withCore { core throws(StoreError) in try core.flush() }
        let kept = try server.service.withCore { core throws(StoreError) in
            try core.browseDevice(lan.device)?.contact
        }
        #expect(kept?.seen ?? 0 > 0)
    }

    @Test func aPageInEachLanguageSaysWhichOneItIs() throws {
        defer { stop() }
        #expect(try ha.get("/console").body.contains("<html lang=\"vi\">"))
        #expect(try ha.get("/console?lang=en").body.contains("<html lang=\"en\">"))
        // Chosen once, it stays.
        #expect(try ha.get("/console/log").body.contains("Ward log"))
        ha.headers = [("Accept-Language", "en-GB,vi;q=0.5")]
        ha.cookies["ward-lang"] = nil
        #expect(try ha.get("/console/log").body.contains("Ward log"))
    }

    @Test func verifyingEverythingFindsNothingInASoundWard() throws {
        defer { stop() }
        _ = try conflict()
        let token = try ha.token()
        #expect(try ha.post("/console/verify", [("token", token)]).status == 303)
        var page = try ha.get("/console/log").body
        while page.contains("Đang kiểm tra, bắt đầu") { page = try ha.get("/console/log").body }
        #expect(page.contains("không có sai khác"))
    }
}
