// The conflict inbox with the real program: many at once, questions, reasons that reach those concerned.
import Testing

@testable import ResidentCLI
@testable import SyncKit
@testable import SyncServer

@Suite struct ConflictInboxTests {
    @discardableResult
    private func ok(_ run: WardRun, _ place: SourceLocation = #_sourceLocation) -> WardRun {
        #expect(run.code == 0, "\(run.out)\(run.err)", sourceLocation: place)
        return run
    }

    @Test func parallelEditsAreDismissedAtOnceAndTheirAuthorReadsWhy() throws {
        let ward = try LoopbackWard()
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Bình")
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let auditor = try FieldDayTests.home(ward, .auditor, ["06685"], "Kiểm")
        var ids: [String] = []
        for title in ["Ổ gà", "Đèn tắt"] {
            ids.append(try #require(ok(lan.ward("report", "new", "--title", title, "--json")).json("short_id")))
        }
        for home in [lan, officer, auditor] { ok(home.ward("sync")) }
        for id in ids {
            ok(lan.ward("report", "edit", id, "--title", "Gần trường học"))
            ok(officer.ward("report", "classify", id, "--category", "road"))
        }
        for home in [lan, officer, lan, auditor] { ok(home.ward("sync")) }
        let list = ok(officer.ward("conflict", "list", "--json"))
        #expect(list.out.contains("\"total\":2") && list.out.contains("\"kind\":\"parallel\""))
        #expect(list.out.contains("\"severity\":\"low\"") && list.out.contains("\"actions\":[\"dismiss\",\"ask\"]"))
        #expect(ok(officer.ward("conflict", "list", "--severity", "high")).out.contains("no conflicts"))
        #expect(ok(officer.ward("conflict", "list", lang: "vi")).out.contains("sửa song song"))
        let page = ok(officer.ward("conflict", "show", ids[0], lang: "vi"))
        #expect(page.out.contains("Vì sao:") && page.out.contains("đã thấy sổ phường tới"))
        #expect(ok(officer.ward("conflict", "explain", "parallel")).out.contains("merged quietly"))
        // An auditor reads, and that is all.
        #expect(ok(auditor.ward("conflict", "list", "--json")).out.contains("\"actions\":[]"))
        #expect(auditor.ward("conflict", "dismiss", ids[0], "--reason", "x").code == 5)
        #expect(officer.ward("conflict", "dismiss", "--where", "kind=parallel").code == 2)
        #expect(officer.ward("conflict", "dismiss", "--where", "what=ever", "--reason", "x").code == 2)
        #expect(officer.ward("conflict", "resolve", ids[0], "--choose", "1", "--reason", "x").code == 5)
        let bulk = ok(
            officer.ward("conflict", "dismiss", "--where", "kind=parallel", "--yes", "--reason", "Khớp nhau", "--json"))
        #expect(bulk.json("saved") == "2" || bulk.out.contains("\"saved\":2"))
        for home in [officer, lan] { ok(home.ward("sync")) }
        #expect(ok(officer.ward("conflict", "list")).out.contains("no conflicts"))
        for command in [["status"], ["today"]] {
            let told = ok(lan.ward(command, lang: "vi"))
            #expect(told.out.contains("Khớp nhau") && told.out.contains("Bình"), "\(told.out)")
        }
        #expect(ok(lan.ward("status", "--json")).out.contains("\"reason\":\"Khớp nhau\""))
        #expect(ok(lan.ward("conflict", "history", ids[1])).out.contains("Khớp nhau"))
        let shown = ok(lan.ward("report", "show", ids[1], lang: "vi")).out
        #expect(shown.contains("Đã xem xét:") && shown.contains("đã xem các lần sửa song song — Khớp nhau"), "\(shown)")
        #expect(shown.contains("đã xem các lần sửa song song: Khớp nhau") && !shown.contains("giải quyết xung đột"))
        #expect(
            ok(lan.ward("report", "show", ids[1], "--json")).out.contains(
                "\"remarks\":[{\"remark\":\"looked\",\"reason\":\"Khớp nhau\""))
        ok(lan.ward("doctor", "--rebuild"))
        #expect(ok(lan.ward("status", "--json")).out.contains("\"reason\":\"Khớp nhau\""))
    }

    @Test func aQuestionIsAskedAndAnAnswerIsChosen() throws {
        let ward = try LoopbackWard()
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Bình")
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let id = try #require(ok(lan.ward("report", "new", "--title", "Ổ gà", "--json")).json("short_id"))
        for home in [lan, officer] { ok(home.ward("sync")) }
        ok(lan.ward("report", "edit", id, "--category", "road"))
        ok(officer.ward("report", "edit", id, "--category", "water"))
        for home in [lan, officer, lan] { ok(home.ward("sync")) }
        let shown = ok(officer.ward("conflict", "show", id, "--json"))
        for key in ["base", "seen", "device_time", "effective_time", "owner", "since", "why"] {
            #expect(shown.out.contains("\"\(key)\":"), "\(key): \(shown.out)")
        }
        ok(officer.ward("conflict", "ask", id, "--question", "Đường hay nước?"))
        for home in [officer, lan] { ok(home.ward("sync")) }
        #expect(ok(lan.ward("today", lang: "vi")).out.contains("Đường hay nước?"))
        #expect(ok(officer.ward("conflict", "show", id)).out.contains("Đường hay nước?"))
        #expect(officer.ward("conflict", "dismiss", id, "--reason", "x").code == 3)
        ok(officer.ward("conflict", "resolve", id, "--choose", "1", "--reason", "Đã xem"))
        for home in [officer, lan] { ok(home.ward("sync")) }
        #expect(ok(lan.ward("status")).out.contains("Đã xem"))
        #expect(officer.ward("conflict", "show", id).code == 3)
    }
}
