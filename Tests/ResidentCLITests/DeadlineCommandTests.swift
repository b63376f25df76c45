// Deadlines, statistics and settings as people meet them at the command line.
import Testing

@testable import ResidentCLI
@testable import SyncKit

@Suite struct DeadlineCommandTests {
    private func ok(_ run: WardRun, _ place: SourceLocation = #_sourceLocation) -> WardRun {
        #expect(run.code == 0, "\(run.out)\(run.err)", sourceLocation: place)
        return run
    }

    @Test func anOfficerSeesWhatIsOverdueAndTheFiguresSayIt() throws {
        let ward = try LoopbackWard()
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Ông Bình")
        let late = try #require(ok(officer.ward("report", "new", "-t", "Hố ga", "-c", "duong", "--json")).json("id"))
        _ = ok(officer.ward("report", "new", "-t", "Đèn hỏng", "-c", "chieu sang", "-u", "low"))
        _ = ok(officer.ward("sync"))
        #expect(ok(officer.ward("report", "list", "--overdue")).out.contains("nothing yet"))
        // A Friday of long ago, so that the number of working days is large and grows.
        _ = ok(officer.ward("report", "edit", late, "--due", "02/01/2026", "--agency", "dien luc", "-s", "assigned"))
        _ = ok(officer.ward("sync"))
        let list = ok(officer.ward("report", "list", "--overdue", lang: "vi"))
        #expect(list.out.contains("Hố ga") && list.out.contains("quá hạn ") && !list.out.contains("Đèn hỏng"))
        let page = ok(officer.ward("report", "show", late, lang: "vi"))
        #expect(page.out.contains("Hạn xử lý: 02/01/2026 (quá hạn ") && page.out.contains("cán bộ đặt"))
        #expect(page.out.contains("Đơn vị xử lý: Điện lực"))
        let json = ok(officer.ward("report", "show", late, "--json"))
        #expect(json.json("standing") == "overdue" && json.json("due") == "2026-01-02T23:59:59+07:00")
        #expect(ok(officer.ward("status", "--json")).out.contains("\"overdue\":1"))
        let stats = ok(officer.ward("stats", "--json", "--by", "agency"))
        #expect(stats.out.contains("\"overdue\":1") && stats.out.contains("\"group\":\"dien_luc\""))
        let csv = ok(officer.ward("stats", "--csv", "--bom"))
        #expect(csv.out.unicodeScalars.first == "\u{FEFF}" && csv.out.contains("\r\ntotal,,2,2,2,"))
        #expect(ok(officer.ward("stats", lang: "vi")).out.contains("Tỷ lệ quá hạn và trễ: 50,0 %  (n = 2)"))
        #expect(officer.ward("stats", "--from", "31/02/2026").code == 2)
        #expect(officer.ward("stats", "--from", "02/03/2026", "--to", "01/03/2026").code == 2)
    }

    @Test func aListOfWhatIsOverdueSaysHowManyMoreThereAre() throws {
        let ward = try LoopbackWard()
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Ông Bình")
        for title in ["Hố ga", "Cống vỡ", "Nắp cống"] {
            let id = try #require(
                ok(officer.ward("report", "new", "-t", title, "-c", "duong", "--json")).json("id"))
            _ = ok(officer.ward("sync"))
            _ = ok(officer.ward("report", "edit", id, "--due", "02/01/2026", "-s", "assigned"))
        }
        _ = ok(officer.ward("sync"))
        let list = officer.ward("report", "list", "--overdue", "--limit", "1")
        #expect((list.out + list.err).contains("2 more"))
        let json = ok(officer.ward("report", "list", "--overdue", "--limit", "1", "--json")).out
        #expect(json.contains("\"shown\":1") && json.contains("\"total\":3"))
        let all = officer.ward("report", "list", "--overdue", "--limit", "3")
        #expect(!(all.out + all.err).contains("more"))
    }

    @Test func theCategoriesThatTheWardConfiguresAreTheOnesToChooseFrom() throws {
        let ward = try LoopbackWard()
        let admin = try FieldDayTests.home(ward, .admin, ["06685"], "Chị Mai")
        let resident = try FieldDayTests.home(ward)
        let list = "beach = bãi biển; en=beach; radius=100\nroad = đường\n"
        let bad = admin.ward("settings", "set", "categories", "-", lang: "vi", input: list + "road = x\nBãi = y\n")
        #expect(bad.code == 5 && bad.err.contains("Dòng 3: mã này đã có") && bad.err.contains("Dòng 4: mã chỉ gồm"))
        _ = ok(admin.ward("settings", "set", "categories", "-", input: list))
        #expect(ok(admin.ward("settings", "show", "categories")).out.contains("beach = bãi biển; en=beach; radius=100"))
        #expect(resident.ward("report", "new", "-t", "Rác trôi dạt", "-c", "bai bien").code == 2)
        _ = ok(admin.ward("sync"))
        _ = ok(resident.ward("sync"))
        _ = ok(resident.ward("report", "new", "-t", "Rác trôi dạt", "-c", "bai bien"))
        #expect(ok(resident.ward("report", "list", lang: "vi")).out.contains("bãi biển"))
        let old = resident.ward("report", "new", "-t", "Đèn", "-c", "lighting")
        #expect(old.code == 2 && old.err.contains("beach (beach), road (road)"))
        // Two codes of the same words are told apart.
        _ = ok(admin.ward("settings", "set", "categories", "-", input: "bai-tam = một\nbai_tam = hai\n"))
        for home in [admin, resident] { _ = ok(home.ward("sync")) }
        for code in ["bai-tam", "bai_tam"] {
            let id = try #require(ok(resident.ward("report", "new", "-t", "x", "-c", code, "--json")).json("short_id"))
            #expect(ok(resident.ward("report", "show", id, "--json")).out.contains("\"\(code)\""))
        }
        _ = ok(admin.ward("settings", "reset", "categories"))
        #expect(ok(admin.ward("settings", "list", "--json")).out.contains("\"lines\":13"))
        #expect(resident.ward("settings", "reset", "lookups").code == 0)
        #expect(resident.ward("settings", "set", "lookups", "-", input: "retention_days = 5").code == 5)
    }
}
