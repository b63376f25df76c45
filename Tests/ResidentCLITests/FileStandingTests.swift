// Where each file stands, as people and programs are told it: at the ward, on its way, refused, on another device.
import Glibc
import Testing

@testable import ResidentCLI
@testable import SyncKit

@Suite struct FileStandingTests {
    private func ok(_ run: WardRun, _ place: SourceLocation = #_sourceLocation) -> WardRun {
        #expect(run.code == 0, "\(run.out)\(run.err)", sourceLocation: place)
        return run
    }

    /// A PDF that nothing makes smaller.
    private func paper(_ home: TestHome, _ name: String, _ bytes: Int) -> String {
        let path = home.root + "/" + name
        writeFile(path, Array("%PDF-1.7\n".utf8) + SystemRandomSource().bytes(bytes))
        return path
    }

    private func report(_ home: TestHome, _ words: String...) throws -> String {
        let made = ok(home.ward(["report", "new", "-t", "Cột điện nghiêng", "--area", "3", "--json"] + words))
        return try #require(made.json("short_id"))
    }

    /// What waits is named one by one, also what has no files.
    @Test func eachDocumentThatWaitsIsNamed() throws {
        let ward = try LoopbackWard()
        let home = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let (first, second) = (try report(home), try report(home))
        _ = ok(home.ward("report", "edit", second, "--title", "Đèn đường hỏng"))
        let told = ok(home.ward("status", lang: "vi")).out
        #expect(told.contains("\(first)  Cột điện nghiêng – chờ gửi"), "\(told)")
        #expect(told.contains("\(second)  Đèn đường hỏng – chờ gửi"), "\(told)")
        let json = ok(home.ward("status", "--json")).out
        #expect(json.contains("\"title\":\"Đèn đường hỏng\",\"changes\":2,\"state\":\"waiting\""), "\(json)")
        _ = ok(home.ward("sync"))
        #expect(ok(home.ward("status", "--json")).out.contains("\"waiting_documents\":[]"))
    }

    @Test func aFileThatWentInPartIsSaidToBeOnItsWayUntilAllOfItIsThere() throws {
        let ward = try LoopbackWard()
        let home = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let id = try report(home, "--photo", paper(home, "don.pdf", 300_000))
        // Twice a part of it, as much as the person wants to spend.
        var last = 0
        for _ in 0..<2 {
            let part = home.ward("sync", "--budget", "100K", lang: "vi")
            #expect(part.code == 6 && !part.out.contains("Không còn gì chờ gửi"), "\(part.out)\(part.err)")
            let status = ok(home.ward("status", "--json")).out
            #expect(status.contains("\"state\":\"sending\""), "\(status)")
            let percent = try #require(status.firstRange(of: "\"percent_sent\":").map { status[$0.upperBound...] })
            let sent = try #require(Int(percent.prefix { $0.isNumber }))
            #expect(sent > last && sent < 100)
            last = sent
            let told = ok(home.ward("status", lang: "vi")).out
            #expect(told.contains("Tệp chờ gửi: 1") && told.contains("đang gửi \(sent) %"), "\(told)")
            #expect(ok(home.ward("report", "show", id, lang: "vi")).out.contains("chưa đủ tệp"))
        }
        _ = ok(home.ward("sync"))
        let told = ok(home.ward("status", lang: "vi")).out
        #expect(!told.contains("đang gửi") && !told.contains("Tệp chờ gửi"), "\(told)")
        #expect(ok(home.ward("attachment", "list", id, lang: "vi")).out.contains("phường đã nhận đủ"))
    }

    @Test func aFileOfARefusedReportIsSaidToBeRefusedAndWhyUntilItIsCorrected() throws {
        let ward = try LoopbackWard()
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let id = try report(lan, "--photo", paper(lan, "don.pdf", 40_000))
        // The grant is moved before the ward has the report.
        _ = ok(lan.ward("join", try ward.invite(.volunteer, ["06685.04"], "Lan")))
        #expect(lan.ward("sync").code == 6)
        let list = ok(lan.ward("attachment", "list", id, lang: "vi")).out
        #expect(list.contains("không được nhận: ") && !list.contains("?"), "\(list)")
        let status = ok(lan.ward("status", lang: "vi")).out
        #expect(status.contains("không được nhận: ") && status.contains("Tệp chờ gửi: 1"), "\(status)")
        #expect(ok(lan.ward("status", "--json")).out.contains("\"state\":\"not_accepted\""))
        // Nothing of it went over the link, and nothing says that all is done.
        let again = lan.ward("sync", "--json")
        #expect(again.code == 6 && again.out.contains("\"content_up\":0"), "\(again.out)")
        #expect(again.out.contains("\"synced\":false") && again.out.contains("\"refused_here\":2"), "\(again.out)")
        let said = lan.ward("sync", lang: "vi")
        #expect(said.code == 6 && said.out.contains("chỉ có trên máy này"), "\(said.out)")
        #expect(!said.out.contains("Không còn gì chờ gửi"), "\(said.out)")
        _ = ok(lan.ward("report", "correct", id, "--area", "4"))
        _ = ok(lan.ward("sync"))
        #expect(ok(lan.ward("attachment", "list", id, lang: "vi")).out.contains("phường đã nhận đủ"))
        #expect(ok(lan.ward("status", "--json")).out.contains("\"files_waiting_total\":0"))
    }

    /// The report counts, what was attached to it later does not.
    @Test func aRefusedFileOfAReportThatCountsIsNotCalledSynced() throws {
        let ward = try LoopbackWard()
        let minh = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Minh")
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let id = try report(minh)
        for home in [minh, lan] { _ = ok(home.ward("sync")) }
        _ = ok(lan.ward("attach", id, paper(lan, "don.pdf", 40_000)))
        _ = ok(lan.ward("join", try ward.invite(.volunteer, ["06685.04"], "Lan")))
        #expect(lan.ward("sync").code == 6)
        let again = lan.ward("sync", "--json")
        #expect(again.code == 6 && again.out.contains("\"synced\":false"), "\(again.out)")
        #expect(again.out.contains("\"refused_here\":1"), "\(again.out)")
    }

    @Test func tasksAndLookupsTakeFilesAsReportsDo() throws {
        let ward = try LoopbackWard()
        let lead = try FieldDayTests.home(ward, .lead, ["06685.03"], "Tâm")
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Ông Bình")
        let made = ok(lead.ward("task", "new", "-t", "Đo sóng", "--no-items", "--json"))
        let task = try #require(made.json("short_id"))
        for home in [lead, lan] { _ = ok(home.ward("sync")) }
        _ = ok(lan.ward("task", "claim", task))
        _ = ok(lan.ward("attach", task, paper(lan, "so-do.pdf", 50_000)))
        let asked = ok(
            lan.ward(
                "lookup", "ask", "000.00.01.H49-261103-0777", "--secret", "55", "--consent", "Bà Hoa đồng ý", "--json"))
        let lookup = try #require(asked.json("short_id"))
        _ = ok(lan.ward("attach", lookup, paper(lan, "bien-nhan.pdf", 60_000)))
        for id in [task, lookup] {
            #expect(ok(lan.ward("attachment", "list", id, lang: "vi")).out.contains("chờ gửi"))
        }
        #expect(ok(lan.ward("task", "show", task, lang: "vi")).out.contains("chưa đủ tệp"))
        _ = ok(lan.ward("sync"))
        for id in [task, lookup] {
            #expect(ok(lan.ward("attachment", "list", id, lang: "vi")).out.contains("phường đã nhận đủ"))
        }
        for (home, id, file) in [(lead, task, "so-do.pdf"), (officer, lookup, "bien-nhan.pdf")] {
            _ = ok(home.ward("sync"))
            _ = ok(home.ward("attachment", "fetch", id))
            _ = ok(home.ward("sync"))
            let out = home.root + "/" + file
            _ = ok(home.ward("attachment", "save", id, "1", "--out", out))
            let isTheSame =
                BoundedFile.bytes(out, most: 1 << 20) == BoundedFile.bytes(lan.root + "/" + file, most: 1 << 20)
            #expect(isTheSame)
        }
    }

    /// Text comes first and alone is enough to work with.
    @Test func aNewDeviceListsSearchesAndFilesBeforePhotosArrive() throws {
        let ward = try LoopbackWard()
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let id = try report(lan, "--photo", paper(lan, "don.pdf", 200_000))
        _ = ok(lan.ward("sync"))
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Ông Bình")
        _ = ok(officer.ward("sync", "--text-only"))
        let list = ok(officer.ward("attachment", "list", id, "--json")).out
        #expect(list.contains("\"state\":\"received\"") && list.contains("\"here\":false"), "\(list)")
        #expect(ok(officer.ward("report", "list")).out.contains("Cột điện nghiêng"))
        #expect(ok(officer.ward("search", "cot dien")).out.contains("Cột điện nghiêng"))
        _ = ok(officer.ward("report", "assign", id, "--agency", "moi-truong"))
        _ = ok(officer.ward("report", "new", "-t", "Đèn tắt", "--area", "3"))
        _ = ok(officer.ward("sync", "--text-only"))
        #expect(ok(officer.ward("status", "--json")).out.contains("\"waiting_total\":0"))
        #expect(ok(officer.ward("attachment", "list", id, "--json")).out.contains("\"here\":false"))
        _ = ok(officer.ward("attachment", "fetch", id))
        _ = ok(officer.ward("sync"))
        #expect(ok(officer.ward("attachment", "list", id, "--json")).out.contains("\"here\":true"))
    }

    /// What two people attach lies at the ward once, and goes over the link once.
    @Test func aFileThatTheWardHasFromSomebodyElseIsNotSentAgain() throws {
        let ward = try LoopbackWard()
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let minh = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Minh")
        let path = paper(lan, "thong-bao.pdf", 150_000)
        let first = try report(lan, "--photo", path)
        let second = try report(minh, "--photo", path)
        #expect(ok(lan.ward("sync", "--json")).out.contains("\"content_up\":150009"))
        #expect(ok(minh.ward("sync", "--json")).out.contains("\"content_up\":0"))
        for (home, id) in [(lan, first), (minh, second)] {
            #expect(ok(home.ward("attachment", "list", id, lang: "vi")).out.contains("phường đã nhận đủ"))
        }
        let kept = try ward.service.withCore { (core: WardCore) throws(StoreError) in
            try core.database.integer("SELECT count(*) FROM contents")
        }
        #expect(kept == 1)
    }

    @Test func aDocumentTakesSoManyFilesAndNoMore() throws {
        let ward = try LoopbackWard()
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let paths = (0...Attachment.maxCount).map { paper(lan, "don-\($0).pdf", 100) }
        let many = lan.ward(["attach", try report(lan)] + paths, lang: "vi")
        #expect(many.code == 5 && many.err.contains("nhiều nhất \(Attachment.maxCount) tệp"), "\(many.err)")
        let id = try report(lan)
        _ = ok(lan.ward(["attach", id] + paths.dropLast()))
        let one = lan.ward("attach", id, paths.last ?? "", "--json")
        #expect(one.code == 5 && one.out.contains("file.too-many"), "\(one.out)\(one.err)")
    }

    @Test func aSyncSaysWhatItsBytesWereFor() throws {
        let ward = try LoopbackWard()
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        _ = try report(lan, "--photo", paper(lan, "don.pdf", 60_000))
        let json = ok(lan.ward("sync", "--json")).out
        func number(_ key: String) throws -> Int {
            let rest = try #require(json.firstRange(of: "\"\(key)\":").map { json[$0.upperBound...] }, "\(key) \(json)")
            return try #require(Int(rest.prefix { $0.isNumber }))
        }
        let parts = ["requests_up", "change_sets_up", "evidence_up", "files_up", "wishes_up"]
        // Each byte of a body has its place.
        #expect(try parts.reduce(0) { try $0 + number($1) } == number("bytes_up"))
        #expect(try number("answers_down") + number("files_down") == number("bytes_down"))
        #expect(try number("files_up") > 60_000 && number("change_sets_up") > 0 && number("answers_down") > 0)
        _ = try report(lan)
        let told = ok(lan.ward("sync", "--stats", lang: "vi")).out
        #expect(told.contains("Từng phần:") && told.contains("yêu cầu đã ký (gửi): "), "\(told)")
        #expect(told.contains("thay đổi (gửi): ") && !told.contains("ảnh và tệp (gửi)"), "\(told)")
    }
}
