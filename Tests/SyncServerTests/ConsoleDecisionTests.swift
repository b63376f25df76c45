// Decisions at the console: signed with its key, of what its page showed, and back on the devices after a sync.
import SyncKit
import Testing

@testable import SyncServer

@Suite struct ConsoleDecisionTests: ConsoleWardTests {
    let served: ServedConsole

    init() throws { served = try ServedConsole() }

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

    @Test func aConflictIsShownSideBySideAndDecidedForEverybody() throws {
        defer { stop() }
        let (report, lan, binh) = try conflict()
        let inbox = try ha.get("/console").body
        #expect(inbox.contains(path(report)))
        let page = try ha.get(path(report))
        #expect(page.status == 200)
        for word in ["Đèn hỏng đầu ngõ 5", "Đèn hỏng cuối ngõ 5", "Đèn hỏng<", "Lan", "Bình"] {
            #expect(page.body.contains(word), "\(word)")
        }
        let settled = page.hidden("settled")
        #expect(settled.count == 2)
        let lans = "choose:" + (try #require(settled.first { $0.hasPrefix("\(lan.device)") }))
        #expect(try decide(page, lans, " ").status == 400)
        for bad in ["", "choose", "choose:\(lan.device):99", "release", "made-up"] {
            #expect(try decide(page, bad, "x").status == 400, "\(bad)")
        }
        let done = try decide(page, lans, "Đã hỏi tổ trưởng")
        #expect(done.status == 303 && done.header("location")?.contains("done=resolved") == true)
        #expect(try !ha.get("/console").body.contains(path(report)))
        #expect(try decide(page, lans, "lại").status == 409)

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
        let lan = try join(.volunteer, "Lan")
        let binh = try join(.volunteer, "Bình")
        let chi = try join(.volunteer, "Chi")
        let report = try lan.commit(reportDraft("Đèn hỏng")).document
        for device in [lan, binh, chi] { try http.sync(device) }
        for (device, title) in [(lan, "Đầu ngõ"), (binh, "Cuối ngõ"), (chi, "Giữa ngõ")] {
            try write(device, report, title)
        }
        try http.sync(lan)
        try http.sync(binh)
        let page = try ha.get(path(report))
        let settled = page.hidden("settled")
        #expect(settled.count == 2)
        // While somebody reads the page, a third value arrives that knows of neither.
        try http.sync(chi)
        #expect(try decide(page, "choose:" + settled[0], "Theo ảnh").status == 303)
        let state = try #require(
            try server.service.withCore { core throws(StoreError) in try core.documentState(report) })
        let console = try #require(server.service.withCore { $0.consoleDevice })
        #expect(Set(state.entries(ReportField.title).map(\.dot.device)) == [chi.device, console])
        #expect(state.conflicts.count == 1)
    }

    @Test func everySideOfAConflictIsShownAndCanBeChosen() throws {
        defer { stop() }
        let devices = try (1...9).map { try join(.volunteer, "Người \($0)") }
        let report = try devices[0].commit(reportDraft("Đèn hỏng")).document
        for device in devices { try http.sync(device) }
        for (place, device) in devices.enumerated() { try write(device, report, "Đèn hỏng ở ngõ \(place + 1)") }
        for device in devices { try http.sync(device) }
        let page = try ha.get(path(report))
        let settled = page.hidden("settled")
        #expect(settled.count == 9)
        for (place, dot) in settled.enumerated() {
            #expect(page.body.contains("value=\"choose:\(dot)\""))
            #expect(page.body.contains("<th scope=\"col\">\(ItemWords.letter(place))</th>"))
        }
        let wanted = try #require(settled.first { $0.hasPrefix("\(devices[8].device)") })
        #expect(try decide(page, "choose:" + wanted, "Đã xem tại chỗ").status == 303)
        let state = try #require(
            try server.service.withCore { core throws(StoreError) in try core.documentState(report) })
        #expect(state.text(ReportField.title) == "Đèn hỏng ở ngõ 9" && state.conflicts.isEmpty)
        #expect([0, 25, 26, 51, 52, 63].map(ItemWords.letter) == ["A", "Z", "AA", "AZ", "BA", "BL"])
    }

    @Test func anItemShowsThePhotosOfItsDocumentAndOfTheOtherOne() throws {
        defer { stop() }
        let lan = try join(.volunteer, "Lan")
        let files = try ["một", "hai"].map { try #require(NewFile(Bytes("%PDF-1.4\n\($0)".utf8), media: .pdf)) }
        for (place, file) in files.enumerated() {
            var draft = reportDraft("Đèn hỏng \(place)")
            draft.perform(
                .set(Slot(field: ReportField.location)),
                .array([.unsigned(209_511_000), .unsigned(1_070_800_000), .unsigned(5)]))
            draft.perform(.add(Slot(field: ReportField.attachments)), file.attachment.value)
            _ = try lan.commit(draft, files: [file])
            try http.sync(lan)
        }
        let key = try #require(
            try server.service.inbox(InboxFilter()).items.first { $0.kind == .duplicates }?.key)
        let page = try ha.get(ItemPage.path(key).text).body
        for file in files { #expect(page.contains("/console/photo?root=\(file.attachment.content.root.hex)")) }
        #expect(page.contains(">Ảnh và tệp</h2>") && page.contains(">Ảnh và tệp – Phản ánh kia</h2>"))
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
        let fields = form(page, choose: "edit", reason: "Sai loại")
        #expect(try ha.post("/console/decide", fields + [("other", "made-up")]).status == 400)
        #expect(try ha.post("/console/decide", fields + [("other", "telecom")]).status == 303)
        try http.sync(lan)
        #expect(try lan.document(report)?.state.text(ReportField.category) == "telecom")
    }

    /// A task that two volunteers claimed.
    private func twoClaims() throws -> (task: Digest, lan: Replica, binh: Replica) {
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
        return (task, lan, binh)
    }

    @Test func whoClaimedATaskSharesIt() throws {
        defer { stop() }
        let (task, lan, binh) = try twoClaims()
        let page = try ha.get(path(task, TaskField.claimant, "claims"))
        #expect(try decide(page, "share", "Hai người cùng đi").status == 303)
        for device in [lan, binh] {
            try http.sync(device)
            let state = try #require(try device.document(task)?.state)
            #expect(state.holder(TaskField.claimant)?.dot.device == lan.device && state.conflicts.isEmpty)
            #expect(Set(state.assignees) == [lan.device, binh.device])
        }
    }

    @Test func oneOfTwoReportsOfTheSameIsLinkedToTheOther() throws {
        defer { stop() }
        let lan = try join(.volunteer, "Lan")
        let reports = try ["Đèn hỏng", "Đèn không sáng"].map { title in
            var draft = reportDraft(title)
            let place = CBORValue.array([.unsigned(209_511_000), .unsigned(1_070_800_000), .unsigned(5)])
            draft.perform(.set(Slot(field: ReportField.location)), place)
            return try lan.commit(draft).document
        }
        try http.sync(lan)
        var filter = InboxFilter()
        filter.kinds = [.duplicates]
        let item = try #require(try server.service.inbox(filter).items.first)
        #expect(try decide(try ha.get(ItemPage.path(item.key).text), "link", "Cùng một cột đèn").status == 303)
        try http.sync(lan)
        let younger = try #require(item.document)
        let older = try #require(reports.first { $0 != younger })
        let state = try #require(try lan.document(younger)?.state)
        #expect(state.present.state == ReportStateNumber.duplicate.rawValue)
        #expect(state.link(ReportField.duplicateOf)?.value == older.bytes)
        let said = try #require(state.remarks.first)
        #expect(said.remark == .sameAs(older))
        // What the reporter reads of it, on the device that filed it.
        let told = try lan.decisionsOnOwnWork(of: lan.device, since: 0)
        #expect(told.contains { $0.decision.reason.contains("Cùng một cột đèn — Hà") })
    }

    @Test func twoClaimsAreGivenToOneOfThem() throws {
        defer { stop() }
        let (task, lan, binh) = try twoClaims()
        let page = try ha.get(path(task, TaskField.claimant, "claims"))
        let binhs = try #require(page.hidden("settled").first { $0.hasPrefix("\(binh.device)") })
        #expect(page.body.contains("value=\"confirm\""))
        #expect(try decide(page, "reassign:" + binhs, "Ở gần hơn").status == 303)
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
        let other = try lan.commit(reportDraft("Không ai cần")).document
        try http.sync(lan)
        let list = try ha.get("/console/quarantine").body
        func item(_ sequence: Int) throws -> RawAnswer {
            let path = ItemPage.path("lost-device/\(lan.device):\(sequence)").text
            #expect(list.contains(path))
            return try ha.get(path)
        }
        let first = try item(1)
        #expect(first.body.contains("Ghi trước khi bị thu hồi"))
        #expect(try decide(first, "release", "Đã gọi cho Lan").status == 303)
        #expect(try decide(first, "release", "lại").status == 409)
        #expect(try decide(try item(2), "decline", "Không cần").status == 303)
        #expect(try ha.get("/console/quarantine").body.contains("Không có gói nào"))
        #expect(try ha.get("/console/quarantine?view=refused").body.contains("đã xem và không nhận"))
        let log = try ha.get("/console/log").body
        #expect(log.contains("Cho tính") && log.contains("Bàn điều khiển"))
        let states = try server.service.withCore { core throws(StoreError) in
            (try core.documentState(report) != nil, try core.documentState(other) != nil)
        }
        #expect(states.0 && !states.1)
        // The orders are the console's own documents, with the reason and the name.
        let activity = try ha.get("/console/activity").body
        #expect(activity.contains("Đã gọi cho Lan — Hà") && activity.contains("Không cần — Hà"))
    }

    @Test func whatIsOfferedToPrepareIsWhatTheDevicesPageOffers() throws {
        defer { stop() }
        let lan = try join(.volunteer, "Lan")
        let binh = try join(.volunteer, "Bình")
        // What is refused because of no grant, and what a revoked phone still sent: no longer one, no second revocation.
        _ = try lan.commit(reportDraft("Ngoài phường", area: "07000.05"), checksEarly: false)
        try http.sync(lan)
        _ = try ward.ask(.revoke(device: "\(binh.device)", after: 0))
        _ = try binh.commit(reportDraft("Ghi trước khi bị thu hồi"))
        try http.sync(binh)
        for key in ["role/\(lan.device):1", "lost-device/\(binh.device):1"] {
            let page = try ha.get(ItemPage.path(key).text)
            #expect(page.status == 200 && page.body.contains(key.hasPrefix("role") ? "Lan" : "Bình"))
            #expect(!page.body.contains("Mở trang của thiết bị"), "\(key)")
        }
        #expect(try !ha.get("/console/device?id=\(binh.device)").body.contains("prepare-revoke"))
        let token = try ha.token()
        func prepare(_ device: DeviceID, _ action: String) throws -> Int? {
            try ha.post(
                "/console/prepare",
                [
                    ("token", token), ("device", "\(device)"), ("action", action), ("reason", "x"),
                    ("until", "2090-01-01"),
                ]
            ).status
        }
        #expect(try prepare(binh.device, "extend") == 409 && prepare(binh.device, "revoke") == 409)
        #expect(try prepare(lan.device, "release") == 409 && prepare(lan.device, "made-up") == 400)
        #expect(try prepare(lan.device, "extend") == 200)
    }

    @Test func theConsolePreparesARevocationAndADeviceSignsIt() throws {
        defer { stop() }
        let lan = try join(.volunteer, "Lan")
        let admin = try join(.admin, "Quản trị", "06685")
        let page = try ha.get("/console/device?id=\(lan.device)")
        let token = try #require(page.hidden("token").last)
        var fields = [("token", token), ("device", "\(lan.device)"), ("action", "revoke"), ("reason", "Mất máy")]
        #expect(try ha.post("/console/prepare", Array(fields.dropLast())).status == 400)
        let prepared = try ha.post("/console/prepare", fields)
        #expect(prepared.status == 200 && prepared.body.contains("tính đến gói số 0"))
        let start = try #require(prepared.body.range(of: "<code>"))
        let end = try #require(prepared.body.range(of: "</code>"))
        let read = try #require(PreparedOrder.read(String(prepared.body[start.upperBound..<end.lowerBound])))
        #expect(read.order.action == .revoke && read.order.device == lan.device && read.ward == lan.ward)
        // Preparing changes nothing.
        func revokedAfter() throws -> UInt64? {
            try server.service.withCore { core throws(StoreError) in try core.browseDevice(lan.device)?.revokedAfter }
        }
        #expect(try revokedAfter() == nil)
        fields[2].1 = "extend"
        #expect(try ha.post("/console/prepare", fields + [("until", "2001-01-01")]).status == 400)
        #expect(try ha.post("/console/prepare", fields + [("until", "2090-01-01")]).status == 200)

        let draft = read.order.draft
        let key = try #require(server.console.keys.present)
        let signed = try server.service.withCore { core throws(StoreError) in
            try core.act(draft, by: key, seen: core.seenNow)
        }
        // Whoever had the console's key could not give it either.
        #expect(signed == .refused(.notPermitted))
        _ = try admin.commit(draft)
        try http.sync(admin)
        #expect(try revokedAfter() != nil)
    }

    @Test func theConsolesKeyGivesNoOrderThatNeedsADevice() throws {
        defer { stop() }
        let lan = try join(.volunteer, "Lan")
        let report = try lan.commit(reportDraft("Đèn hỏng"))
        try http.sync(lan)
        let key = try #require(server.console.keys.present)
        let actions: [OrderAction] = [.revoke, .grant, .extend, .erase, .succeed]
        for action in actions {
            var order = Order(action, lan.device, reason: "Khoá bị lấy cắp")
            (order.sequence, order.id) = (report.dot.sequence, .zero)
            (order.role, order.areas, order.until) = (.admin, ["06685"], 4_000_000_000)
            order.successor = DeviceID(key.publicKey)
            let draft = order.draft
            let signed = try server.service.withCore { core throws(StoreError) in
                try core.act(draft, by: key, seen: core.seenNow)
            }
            #expect(signed == .refused(.notPermitted), "\(action)")
        }
        // What it may do is what is left, and Lan is who she was.
        #expect(Set(OrderAction.allCases).subtracting(actions) == [.release, .decline])
        let found = try server.service.withCore { core throws(StoreError) in try core.browseDevice(lan.device) }
        #expect(found?.revokedAfter == nil && found?.grant.role == .volunteer)
    }

    @Test func nobodyTakesTheConsolesNameFromItOrGetsIt() throws {
        defer { stop() }
        let admin = try join(.admin, "Quản trị", "06685")
        let lan = try join(.volunteer, "Lan")
        let console = try #require(server.service.withCore { $0.consoleDevice })
        var rename = Order(.grant, console, reason: "x")
        rename.role = .admin
        rename.areas = ["06685"]
        rename.name = "Ai đó"
        var usurp = Order(.grant, lan.device, reason: "x")
        usurp.role = .admin
        usurp.areas = ["06685"]
        usurp.name = "BÀN ĐIỀU KHIỂN"
        _ = try admin.commit(rename.draft)
        _ = try? admin.commit(usurp.draft)
        try http.sync(admin)
        let people = server.service.withCore { ($0.browsedPerson(console), $0.browsedPerson(lan.device)) }
        #expect(people.0.isConsole && !people.1.isConsole && people.1.role == .volunteer)
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
        #expect(page.contains("đúng giờ") && page.contains("/console/prepare"))
        try server.service.withCore { core throws(StoreError) in try core.flush() }
        let kept = try server.service.withCore { core throws(StoreError) in
            try core.browseDevice(lan.device)?.contact.seen
        }
        #expect(kept ?? 0 > 0)
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
