// Decisions in several parts at the console: all of them at once, and what is said where some could not be made.
import SyncKit
import Testing

@testable import SyncServer

@Suite struct ConsoleDismissalTests: ConsoleWardTests {
    let served: ServedConsole

    init() throws { served = try ServedConsole() }

    /// Three reports that two volunteers edited side by side.
    private func parallelEdits() throws -> [Digest] {
        let lan = try join(.volunteer, "Lan")
        let binh = try join(.volunteer, "Bình")
        var reports: [Digest] = []
        for number in 1...3 { reports.append(try lan.commit(reportDraft("Đèn \(number)")).document) }
        try http.sync(lan)
        try http.sync(binh)
        for report in reports {
            var description = ChangeSetDraft(kind: .report, document: report)
            description.perform(.set(Slot(field: ReportField.description)), .text("Tối"))
            _ = try lan.commit(description)
            var address = ChangeSetDraft(kind: .report, document: report)
            address.perform(.set(Slot(field: ReportField.address)), .text("Ngõ 5"))
            _ = try binh.commit(address)
        }
        try http.sync(lan)
        try http.sync(binh)
        return reports
    }

    /// The fields of the form that dismisses these.
    private func dismissal(_ page: RawAnswer, _ keys: some Sequence<String>) -> [(String, String)] {
        [
            ("token", page.hidden("token").last ?? ""), ("seen", page.hidden("seen").last ?? ""),
            ("reason", "Khớp nhau"),
        ] + keys.map { ("key", $0) }
    }

    @Test func severalItemsAreDismissedAtOnce() throws {
        defer { stop() }
        let reports = try parallelEdits()
        let page = try ha.get("/console?kind=parallel")
        // On paper a form is not shown; the one around this list is, without its controls.
        #expect(page.body.contains("<form class=\"printed\""))
        #expect(Stylesheet.text.contains("form:not(.printed)") && page.body.contains("<div class=\"card screen\""))
        let keys = reports.map { "parallel/\($0.hex)" }
        for key in keys { #expect(page.body.contains("value=\"\(key)\"")) }
        var fields = [("token", page.hidden("token").last ?? ""), ("seen", page.hidden("seen").last ?? "")]
        #expect(try ha.post("/console/dismiss", fields + [("reason", "Khớp nhau")]).status == 400)
        fields += keys.prefix(2).map { ("key", $0) } + [("reason", "Khớp nhau")]
        #expect(try ha.post("/console/dismiss", fields).status == 303)
        let left = try ha.get("/console?kind=parallel").body
        #expect(!left.contains(keys[0]) && !left.contains(keys[1]) && left.contains(keys[2]))
    }

    @Test func ofSeveralItemsTheOneThatWentMeanwhileIsNamedAndTheOthersAreDecided() throws {
        defer { stop() }
        let keys = try parallelEdits().map { "parallel/\($0.hex)" }
        let page = try ha.get("/console?kind=parallel")
        #expect(try ha.post("/console/dismiss", dismissal(page, [keys[1]])).status == 303)
        // The page still shows all three.
        let answer = try ha.post("/console/dismiss", dismissal(page, keys))
        #expect(answer.status == 409 && answer.body.contains("<h1>Mới quyết định được một phần</h1>"))
        #expect(answer.body.contains("Đã quyết định 2 trên 3 phần"))
        #expect(answer.body.contains("<strong><bdi>Đèn 2</bdi></strong>: đã được quyết định hoặc đã thay đổi"))
        #expect(!answer.body.contains("Đèn 1") && !answer.body.contains("Đèn 3"))
        #expect(try server.service.inbox(InboxFilter()).items.isEmpty)
        // Nothing is left of them, nor of what never was.
        ha.cookies["ward-lang"] = "en"
        let again = try ha.post("/console/dismiss", dismissal(page, keys + ["parallel/<b>"]))
        #expect(again.status == 409 && again.body.contains("<h1>Not done</h1>"))
        #expect(again.body.contains("0 of 4 parts are decided") && again.body.contains("it was decided or changed"))
        #expect(again.body.contains("parallel/&lt;b&gt;") && !again.body.contains("<b>"))
        #expect(
            try ha.post("/console/dismiss", dismissal(page, [keys[0], keys[0]])).body.contains("was decided already"))
    }

    @Test func whatStopsADecisionInSeveralPartsIsNamedAndTheRestIsNotTried() {
        var parts = ConsoleParts(total: 4)
        parts.note(.done, "một")
        parts.note(.refused(.cycle), "hai")
        guard case .inPart(let found) = parts.result else {
            Issue.record("\(parts.result)")
            return
        }
        #expect(found.done == 1 && found.untried == 2 && found.left.map(\.name) == ["hai"])
        #expect(parts.result.word == "in-part-1-of-4")
        var single = ConsoleParts(total: 1)
        single.note(.gone, "x")
        #expect(single.result.word == "gone")
    }
}
