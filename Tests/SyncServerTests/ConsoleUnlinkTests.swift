// Two reports that were linked as duplicates are taken apart at the console, by whoever may, with a reason for everybody.
import SyncKit
import Testing

@testable import SyncServer

@Suite struct ConsoleUnlinkTests: ConsoleWardTests {
    let served: ServedConsole

    init() throws { served = try ServedConsole() }

    /// Two reports near each other, the younger one linked to the older one at the console.
    private func linked() throws -> (lan: Replica, younger: Digest, older: Digest) {
        let lan = try join(.volunteer, "Lan")
        let reports = try ["Đèn đầu ngõ", "Đèn cuối ngõ"].map { title in
            var draft = reportDraft(title)
            let place = CBORValue.array([.unsigned(209_511_000), .unsigned(1_070_800_000), .unsigned(5)])
            draft.perform(.set(Slot(field: ReportField.location)), place)
            return try lan.commit(draft).document
        }
        try http.sync(lan)
        let item = try #require(try duplicates().first)
        #expect(try decide(try ha.get(ItemPage.path(item.key).text), "link", "Cùng một cột đèn").status == 303)
        let younger = try #require(item.document)
        return (lan, younger, try #require(reports.first { $0 != younger }))
    }

    private func duplicates() throws -> [InboxItem] {
        var filter = InboxFilter()
        filter.kinds = [.duplicates]
        return try server.service.inbox(filter).items
    }

    private func state(_ id: Digest) throws -> DocumentState {
        try #require(try server.service.withCore { core throws(StoreError) in try core.documentState(id) })
    }

    private func page(_ id: Digest) -> String { "/console/document?id=\(id.hex)" }

    private func form(_ page: RawAnswer, reason: String) -> [(String, String)] {
        ["token", "id", "link", "seen"].map { ($0, page.hidden($0).last ?? "") } + [("reason", reason)]
    }

    @Test func reportsThatWereLinkedAreTakenApartWithAReasonThatEverybodyReads() throws {
        defer { stop() }
        let (lan, younger, older) = try linked()
        let name = try state(older).inboxTitle
        let shown = try ha.get(page(younger))
        #expect(shown.body.contains("Được ghi là trùng với") && shown.body.contains("<bdi>\(name)</bdi>"))
        #expect(shown.body.contains("action=\"/console/unlink\"") && shown.body.contains("trở lại «đã tiếp nhận»"))
        #expect(try !ha.get(page(older)).body.contains("/console/unlink"))
        #expect(try ha.post("/console/unlink", form(shown, reason: " ")).status == 400)
        #expect(try state(younger).isDuplicate)

        let done = try ha.post("/console/unlink", form(shown, reason: "Hai cột đèn khác nhau"))
        #expect(done.status == 303)
        #expect(done.header("location") == "/console/document?id=\(younger.hex)&done=resolved")
        let apart = try state(younger)
        #expect(apart.original == nil && apart.present.state == ReportStateNumber.received.rawValue)
        #expect(apart.remarks.last?.remark == .notTheSame(older))
        let after = try ha.get(page(younger)).body
        #expect(after.contains("bỏ liên kết") && after.contains("Hai cột đèn khác nhau — Hà"))
        #expect(after.contains("Bàn điều khiển") && !after.contains("/console/unlink"))
        #expect(try ha.get("/console/activity").body.contains("Hai cột đèn khác nhau — Hà"))
        // They are looked at: nobody is asked again whether they are the same.
        #expect(try duplicates().isEmpty)
        #expect(try ha.post("/console/unlink", form(shown, reason: "lại")).status == 409)

        try http.sync(lan)
        let view = try #require(try lan.document(younger))
        #expect(view.state.original == nil && view.state.present.state == ReportStateNumber.received.rawValue)
        let told = try lan.decisionsOnOwnWork(of: lan.device, since: 0)
        #expect(told.contains { $0.decision.reason == "Hai cột đèn khác nhau — Hà" })
        #expect(try ward.command("audit").code == 0)
    }

    @Test func whoeverReadsGetsNoFormAndWhatIsNoFormOfTheSessionIsRefused() throws {
        defer { stop() }
        let (_, younger, older) = try linked()
        let shown = try ha.get(page(younger))
        let fields = form(shown, reason: "Khác nhau")
        let auditor = ConsoleClient(port: server.port)
        try auditor.signIn(ward, .auditor, name: "Kiểm")
        let read = try auditor.get(page(younger)).body
        #expect(read.contains("Được ghi là trùng với") && !read.contains("/console/unlink"))
        let own = [("token", try auditor.token())] + fields.dropFirst()
        #expect(try auditor.post("/console/unlink", own).status == 403)
        #expect(try ha.post("/console/unlink", Array(fields.dropFirst())).status == 403)
        #expect(try ConsoleClient(port: server.port).post("/console/unlink", fields).status == 403)
        func sent(_ name: String, _ value: String) throws -> Int? {
            try ha.post("/console/unlink", fields.map { $0.0 == name ? (name, value) : $0 }).status
        }
        for (name, value) in [("id", "x"), ("link", "x"), ("link", "\(younger.hex):0x1"), ("seen", "-1"), ("seen", "")]
        {
            #expect(try sent(name, value) == 400, "\(name) \(value)")
        }
        // Another report, another link, a log that is not this one.
        #expect(try sent("id", older.hex) == 409 && sent("link", try state(younger).creation.text) == 409)
        #expect(try sent("seen", String(UInt64.max)) == 409)
        #expect(try state(younger).isDuplicate && state(younger).original?.id == older)
        #expect(try ha.post("/console/unlink", fields).status == 303)
    }

    @Test func aLinkThatAReopeningLeftBehindGoesWithoutAStep() throws {
        defer { stop() }
        let (lan, younger, _) = try linked()
        try http.sync(lan)
        let view = try #require(try lan.document(younger))
        var draft = ChangeSetDraft(kind: .report, document: younger)
        draft.perform(
            .transition(
                Slot(field: Schema.stateField), to: ReportStateNumber.reopened.rawValue,
                follows: view.state.present.dot))
        _ = try lan.commit(draft)
        try http.sync(lan)
        let shown = try ha.get(page(younger))
        #expect(shown.body.contains("/console/unlink") && !shown.body.contains("trở lại «đã tiếp nhận»"))
        #expect(try ha.post("/console/unlink", form(shown, reason: "Không phải một chỗ")).status == 303)
        let apart = try state(younger)
        #expect(apart.original == nil && apart.present.state == ReportStateNumber.reopened.rawValue)
    }

    @Test func onlyWhoMaySettleTakesALinkAway() throws {
        defer { stop() }
        let (_, younger, _) = try linked()
        let found = try state(younger)
        for (role, areas, may) in [
            (Role.officer, ["06685"], true), (.officer, ["06685.04"], false), (.admin, ["06685"], true),
            (.lead, ["06685.03"], false), (.volunteer, ["06685.03"], false), (.auditor, ["06685"], false),
            (.resident, [], false),
        ] as [(Role, [String], Bool)] {
            let actor = Actor(device: DeviceID(.zero), role: role, areas: areas)
            #expect(found.mayUnlink(actor) == may, "\(role) \(areas)")
        }
    }
}
