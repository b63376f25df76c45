// An officer's day with the real program: the inbox, steps, several reports at once, questions, duplicates.
import Glibc
import Testing

@testable import ResidentCLI
@testable import SyncKit
@testable import SyncServer

@Suite struct OfficerTests {
    @discardableResult
    private func ok(_ run: WardRun, _ place: SourceLocation = #_sourceLocation) -> WardRun {
        #expect(run.code == 0, "\(run.out)\(run.err)", sourceLocation: place)
        return run
    }

    private func file(_ home: TestHome, _ arguments: String...) throws -> String {
        try #require(ok(home.ward(["report", "new", "--json"] + arguments)).json("short_id"))
    }

    @Test func aReportGoesThroughAllStepsWithAQuestionAndAnAnswer() throws {
        let ward = try LoopbackWard()
        let resident = try FieldDayTests.home(ward)
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Ông Bình")
        let id = try file(resident, "-t", "Đèn tắt", "--area", "3", "-u", "high")
        ok(resident.ward("sync"))
        ok(officer.ward("sync"))
        let inbox = ok(officer.ward("inbox", lang: "vi"))
        #expect(inbox.out.contains("mới, chưa phân loại") && inbox.out.contains("gấp") && inbox.out.contains("Đèn tắt"))
        let page = ok(officer.ward("report", "show", id, lang: "vi"))
        #expect(page.out.contains("Có thể làm gì tiếp: phân loại, giao xử lý, hỏi thêm, ghi kết quả"))
        #expect(page.out.contains("Hạn xử lý:"))
        let tooSoon = officer.ward("report", "start", id, lang: "vi")
        #expect(tooSoon.code == 5 && tooSoon.err.contains("«đã tiếp nhận»") && tooSoon.err.contains("phân loại"))
        #expect(ok(officer.ward("report", "classify", id, "-c", "chieu sang", "--json")).json("state") == "classified")
        ok(officer.ward("report", "ask", id, "--question", "Cột số mấy?"))
        ok(officer.ward("sync"))
        ok(resident.ward("sync"))
        #expect(ok(resident.ward("inbox", lang: "vi")).out.contains("phường hỏi bạn"))
        #expect(ok(resident.ward("report", "show", id, lang: "vi")).out.contains("Cột số mấy?"))
        ok(resident.ward("report", "answer", id, "Cột số 12"))
        ok(resident.ward("sync"))
        ok(officer.ward("sync"))
        #expect(ok(officer.ward("inbox", "--json")).out.contains("\"needs\":[\"answered\"]"))
        ok(officer.ward("report", "assign", id, "--agency", "dien_luc", "--due", "30/11/2030"))
        #expect(resident.ward("report", "answer", id, "x").code == 0)
        ok(officer.ward("report", "start", id))
        ok(officer.ward("report", "resolve", id, "--result", "Đóng điện", "--not-fixed"))
        let shown = ok(officer.ward("report", "show", id, "--json"))
        #expect(shown.out.contains("\"resolution\":\"not_fixed\"") && shown.out.contains("\"next\":[\"published\""))
        ok(officer.ward("sync"))
        ok(resident.ward("sync"))
        #expect(resident.ward("report", "resolve", id, "--result", "x").code == 5)
        ok(resident.ward("report", "reopen", id, "--reason", "Lại tắt"))
        ok(resident.ward("sync"))
        ok(officer.ward("sync"))
        #expect(ok(officer.ward("inbox", "--json")).out.contains("\"needs\":[\"reopened\"]"))
        #expect(ok(officer.ward("inbox", "--mine", "--json")).out.contains("\"total\":1"))
        ok(officer.ward("report", "refer", id, "--to", "Sở Xây dựng", "--reason", "Đường tỉnh"))
        let done = ok(officer.ward("inbox", lang: "vi"))
        #expect(done.out.contains("Không có việc nào đang chờ"))
    }

    @Test func overdueReportsAreMarkedUntilTheyArePausedOrClosed() throws {
        let ward = try LoopbackWard()
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Bình")
        let id = try file(officer, "-t", "Ổ gà", "--area", "3")
        ok(officer.ward("report", "assign", id, "-a", "ha_tang", "--due", "01/03/2020"))
        let item = ok(officer.ward("inbox", "--overdue", "--json"))
        #expect(item.out.contains("\"needs\":[\"overdue\"]") && item.json("severity") == "high")
        ok(officer.ward("sync"))
        #expect(ok(officer.ward("report", "show", id, lang: "vi")).out.contains("Hạn xử lý: 01/03/2020 (quá hạn"))
        ok(officer.ward("report", "start", id))
        #expect(ok(officer.ward("inbox", "--overdue", "--json")).out.contains("\"total\":1"))
        ok(officer.ward("report", "ask", id, "--question", "Ở đâu?"))
        #expect(ok(officer.ward("inbox", "--overdue", "--json")).out.contains("\"total\":0"))
        ok(officer.ward("sync"))
        #expect(ok(officer.ward("report", "show", id, "--json")).json("standing") == "paused")
        ok(officer.ward("report", "resolve", id, "--result", "Đã vá"))
        #expect(ok(officer.ward("inbox", "--json")).out.contains("\"total\":0"))
    }

    @Test func severalAtOnceAreDoneEachForItselfAndTheCodeSaysIfOneWasNot() throws {
        let ward = try LoopbackWard()
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Bình")
        var ids: [String] = []
        for number in 1...4 { ids.append(try file(officer, "-t", "Rác \(number)", "--area", "\(number)")) }
        ok(officer.ward("sync"))
        ok(officer.ward("report", "classify", ids[0], "-c", "garbage"))
        ok(officer.ward("sync"))
        let several = officer.ward(["report", "classify"] + ids[0...2] + ["zzzzzzz", "-c", "garbage"], lang: "vi")
        #expect(several.code == 5, "\(several.err)")
        #expect(several.out.contains("Rác 2") && several.out.contains("Rác 3"))
        #expect(several.out.contains("không thực hiện") && several.out.contains("Đã ghi 2, không thực hiện 2"))
        ok(officer.ward("sync"))
        // Without a terminal nothing is done to a filter's reports unless it is said.
        let asked = officer.ward(
            "report", "assign", "--where", "state=classified", "--agency", "moi_truong", lang: "vi")
        #expect(asked.code == 2 && asked.err.contains("--yes"))
        let bulk = ok(
            officer.ward(
                "report", "assign", "--where", "state=da phan loai", "--where", "category=rac", "--where", "older=0",
                "--agency", "moi_truong", "--yes", "--json"))
        #expect(bulk.out.contains("\"saved\":3,\"refused\":0"), "\(bulk.out)")
        let none = ok(officer.ward("report", "start", "--where", "area=9", "--yes", lang: "vi"))
        #expect(none.out.contains("Không có phản ánh nào khớp"))
        let due = ok(officer.ward("report", "show", ids[0], "--json"))
        #expect(due.out.contains("\"due\":\"20"))
        for (arguments, code) in [
            (["report", "start"], "usage.missing-argument"),
            (["report", "start", ids[0], "--where", "area=3"], "usage.missing-argument"),
            (["report", "start", "--where", "colour=red", "--yes"], "usage.bad-value"),
            (["report", "start", "--where", "older=-1", "--yes"], "usage.bad-value"),
        ] {
            let run = officer.ward(arguments + ["--json"])
            #expect(run.code == 2 && run.json("code") == code, "\(run.out)")
        }
    }

    @Test func aDuplicateIsListedAtItsOriginalAndCanBeUnlinkedAndLinkedElsewhere() throws {
        let ward = try LoopbackWard()
        let resident = try FieldDayTests.home(ward)
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Bình")
        let first = try file(resident, "-t", "Ổ gà A", "--area", "3")
        let second = try file(resident, "-t", "Ổ gà B", "--area", "3")
        let third = try file(resident, "-t", "Ổ gà C", "--area", "3")
        ok(resident.ward("sync"))
        ok(officer.ward("sync"))
        ok(officer.ward("report", "duplicate", second, "--of", first))
        #expect(officer.ward("report", "duplicate", first, "--of", first).code == 2)
        #expect(officer.ward("report", "duplicate", first, "--of", second).code == 5)
        let page = ok(officer.ward("report", "show", first, lang: "vi"))
        #expect(page.out.contains("Phản ánh trùng") && page.out.contains("Ổ gà B"))
        #expect(page.out.contains("Người theo dõi: 1"))
        ok(officer.ward("sync"))
        ok(resident.ward("sync"))
        ok(resident.ward("report", "reopen", second, "--reason", "Chỗ khác"))
        ok(resident.ward("sync"))
        ok(officer.ward("sync"))
        #expect(!ok(officer.ward("report", "show", first, lang: "vi")).out.contains("Phản ánh trùng"))
        ok(officer.ward("report", "duplicate", second, "--of", third))
        ok(officer.ward("sync"))
        #expect(ok(officer.ward("report", "show", third, "--json")).out.contains("\"followers\":1"))
        ok(officer.ward("report", "unlink", second))
        ok(officer.ward("sync"))
        let free = ok(officer.ward("report", "show", second, "--json"))
        #expect(free.out.contains("\"state\":\"received\"") && free.out.contains("\"duplicate_of\":null"))
        #expect(officer.ward("report", "unlink", second).code == 5)
    }

    @Test func conflictsAndLookupsWithoutADossierAreInTheInboxByAreaAndCategory() throws {
        let ward = try LoopbackWard()
        let resident = try FieldDayTests.home(ward)
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Bình")
        ok(resident.ward("lookup", "ask", "000.17.22.H49-210531-0001", "--secret", "0912345678"))
        let id = try file(lan, "-t", "Vỡ ống", "--area", "3", "-c", "water", "-u", "low")
        for home in [resident, lan, officer] { ok(home.ward("sync")) }
        ok(officer.ward("report", "classify", id, "-c", "water"))
        ok(lan.ward("report", "edit", id, "-c", "flood"))
        for home in [lan, officer] { _ = home.ward("sync") }
        let all = ok(officer.ward("inbox", "--json"))
        #expect(all.out.contains("\"needs\":[\"conflict\"]") && all.out.contains("\"needs\":[\"lookup\"]"))
        let conflict = try #require(all.out.firstRange(of: "conflict\"]"))
        let lookup = try #require(all.out.firstRange(of: "lookup\"]"))
        #expect(conflict.lowerBound < lookup.lowerBound)
        #expect(ok(officer.ward("inbox", "--area", "4", "--json")).out.contains("\"total\":0"))
        #expect(ok(officer.ward("inbox", "--area", "3", "--json")).out.contains("\"total\":1"))
        #expect(ok(officer.ward("inbox", "--category", "garbage", "--json")).out.contains("\"total\":0"))
        // A volunteer's inbox holds only what waits for the volunteer.
        #expect(ok(lan.ward("inbox", "--json")).out.contains("\"total\":0"))
    }

    @Test func volunteersProposeAndFlagAndTheOfficerSeesIt() throws {
        let ward = try LoopbackWard()
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Bình")
        let id = try file(lan, "-t", "Cây đổ", "--area", "3")
        ok(lan.ward("sync"))
        ok(officer.ward("sync"))
        ok(officer.ward("report", "classify", id, "-c", "tree"))
        ok(officer.ward("sync"))
        ok(lan.ward("sync"))
        let own = lan.ward("report", "resolve", id, "--result", "x", lang: "vi")
        #expect(own.code == 5 && own.err.contains("ward report propose"))
        let wrong = lan.ward("report", "propose", id, "published", "--reason", "x", lang: "vi")
        #expect(wrong.code == 5 && wrong.err.contains("giao xử lý"))
        #expect(lan.ward("report", "propose", id, "zzz", "--reason", "x").code == 2)
        ok(lan.ward("report", "propose", id, "da xu ly", "--reason", "Đã dọn"))
        ok(lan.ward("report", "flag", id, "--reason", "Dây điện hở"))
        ok(lan.ward("sync"))
        ok(officer.ward("sync"))
        #expect(ok(officer.ward("inbox", "--json")).out.contains("\"needs\":[\"proposal\"]"))
        let page = ok(officer.ward("report", "show", id, lang: "vi"))
        #expect(page.out.contains("Đề xuất chưa xử lý") && page.out.contains("đã xử lý: Đã dọn"))
        #expect(officer.ward("report", "flag", id, "--reason", "x").code == 5)
        ok(officer.ward("report", "resolve", id, "--result", "Đã dọn"))
        #expect(ok(officer.ward("inbox", "--json")).out.contains("\"total\":0"))
    }

    @Test func aRefusedReportIsShownCorrectedAndSentAgain() throws {
        let ward = try LoopbackWard()
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let id = try file(lan, "-t", "Đèn hỏng", "--area", "3", "--phone", "0912")
        // The grant is moved before the ward has the report.
        ok(lan.ward("join", try ward.invite(.volunteer, ["06685.04"], "Lan")))
        let sync = lan.ward("sync")
        #expect(sync.out.contains("refused 1"), "\(sync.out)\(sync.err)")
        let inbox = ok(lan.ward("inbox", "--json"))
        #expect(inbox.out.contains("\"needs\":[\"problem\"]") && inbox.json("verdict") == "refused")
        let page = ok(lan.ward("report", "correct", id, lang: "vi"))
        #expect(page.out.contains("0912") && page.out.contains("Đèn hỏng") && page.out.contains("--again"))
        #expect(lan.ward("report", "classify", id, "-c", "lighting").code == 5)
        #expect(lan.ward("report", "correct", id, "--again").code == 5)
        #expect(ok(lan.ward("report", "correct", id, "--area", "4", "--json")).json("short_id") == id)
        ok(lan.ward("sync"))
        let shown = ok(lan.ward("report", "show", id, "--json"))
        #expect(shown.out.contains("\"areas\":[\"06685.04\"]") && shown.out.contains("\"reporter_phone\":\"0912\""))
        #expect(lan.ward("report", "correct", id).code == 3)
        #expect(ok(lan.ward("inbox", "--json")).out.contains("\"total\":0"))
    }

    @Test func badValuesAreRefusedInBothLanguagesBeforeAnythingIsSaved() throws {
        let ward = try LoopbackWard()
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Bình")
        let resident = try FieldDayTests.home(ward)
        let id = try file(officer, "-t", "Đèn", "--area", "3")
        for (home, arguments, vi, en) in [
            (officer, ["report", "classify", id, "-c", "zzz"], "cần một phân loại", "takes a category"),
            (officer, ["report", "classify", id, "-c", ""], "không được để trống", "must not be empty"),
            (officer, ["report", "classify", id], "--category", "--category"),
            (officer, ["report", "classify", id, "-c", "tree", "-u", "zzz"], "low", "low"),
            (officer, ["report", "assign", id, "-a", "x", "--due", "31/02/2030"], "dd/MM/yyyy", "dd/MM/yyyy"),
            (officer, ["report", "resolve", id, "--result", "  "], "không được để trống", "must not be empty"),
            (
                officer, ["report", "resolve", id, "--result", "x", "--not-fixed", "--no-fault"], "Chỉ chọn một",
                "Choose one"
            ),
            (officer, ["report", "reject", id], "--reason", "--reason"),
            (officer, ["report", "refer", id, "--reason", "x"], "--to", "--to"),
            (officer, ["report", "ask", id, "--question", ""], "không được để trống", "must not be empty"),
            (officer, ["report", "duplicate", id, "--of", id], "với chính nó", "duplicate of itself"),
            (officer, ["inbox", "--area", "a b"], "số khu phố", "neighborhood's number"),
            (
                officer, ["report", "new", "-t", "x", "--source", "zzz"], "bạn được ghi nguồn",
                "you may give the source"
            ),
            (resident, ["report", "new", "-t", "x", "--source", "paper"], "bạn được ghi nguồn", "may give the source"),
            (resident, ["report", "new", "-t", "x", "--visibility", "zzz"], "cần một phạm vi", "takes a visibility"),
            (resident, ["report", "new", "--draft"], "Chưa ghi điều gì", "nothing to change"),
        ] {
            for (lang, text, lost) in [("vi", vi, "Dữ liệu:"), ("en", en, "Your data:")] {
                let run = home.ward(arguments, lang: lang)
                #expect(run.code == 2 && run.err.contains(text) && run.err.contains(lost), "\(arguments) \(run.err)")
            }
        }
        #expect(officer.ward("report", "answer", id, "x").code == 5)
        #expect(officer.ward("report", "draft", "show", "7").code == 3)
        #expect(officer.ward("report", "draft", "send", "x").code == 2)
        #expect(ok(officer.ward("report", "show", id, "--json")).out.contains("\"steps\":[]"))
        #expect(ok(resident.ward("report", "list", "--json")).out.contains("\"total\":0"))
    }
}
