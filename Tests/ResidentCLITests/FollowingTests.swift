// Following, publishing and rating with the real program: the resident with a paper slip, the officer, everybody.
import Testing

@testable import ResidentCLI
@testable import SyncKit

@Suite struct FollowingCommandTests {
    private func ok(_ run: WardRun, _ place: SourceLocation = #_sourceLocation) -> WardRun {
        #expect(run.code == 0, "\(run.out)\(run.err)", sourceLocation: place)
        return run
    }

    @Test func aNeighborFollowsByTheSlipAndReadsWhatTheOfficerPublishes() throws {
        let ward = try LoopbackWard()
        let filer = try FieldDayTests.home(ward)
        let neighbor = try FieldDayTests.home(ward)
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Ông Bình")
        let new = ok(
            filer.ward("report", "new", "-t", "Đèn đường hỏng", "--area", "3", "--name", "Bà Hoa", "--json"))
        let code = try #require(new.json("lookup_code"))
        let id = String(try #require(new.json("short_id")).prefix(6))
        let typed = code.uppercased().filter { $0 != "-" }
        _ = ok(neighbor.ward("report", "follow", typed))
        #expect(ok(neighbor.ward("report", "follow", code, lang: "vi")).out.contains("đã theo dõi"))
        #expect(ok(neighbor.ward("report", "track", lang: "vi")).out.contains("Chờ phường trả lời"))
        _ = ok(neighbor.ward("sync"))
        #expect(ok(neighbor.ward("report", "track", code, "--json")).json("status") == "unknown")
        for home in [filer, officer, neighbor] { _ = ok(home.ward("sync")) }
        let tracked = ok(neighbor.ward("report", "track", typed, lang: "vi"))
        #expect(tracked.out.contains("đã tiếp nhận") && tracked.out.contains("theo dữ liệu"))
        #expect(!tracked.out.contains("Đèn đường"))
        #expect(ok(filer.ward("report", "follow", code)).out.contains("report show"))

        let early = officer.ward("report", "publish", id, "--title", "Đã sửa đèn", "--yes")
        #expect(early.code == 5 && early.err.contains("not resolved"))
        _ = ok(officer.ward("report", "edit", id, "--state", "resolved", "--result", "Đã thay bóng"))
        #expect(officer.ward("report", "publish", id, "--title", "Đã sửa đèn").code == 2)
        let leak = officer.ward(
            "report", "publish", id, "--title", "Đã sửa đèn nhà ba hoa", "--text", "Gọi 0912 345 678", "--yes")
        #expect(leak.code == 5 && leak.out.contains("telephone") && leak.out.contains("reporter's name"))
        _ = ok(officer.ward("report", "publish", id, "--title", "Đã sửa đèn ngõ 4", "--yes"))
        for home in [officer, neighbor, filer] { _ = ok(home.ward("sync")) }
        let list = ok(neighbor.ward("public", "search", "den", "ngo", "--json"))
        #expect(list.json("title") == "Đã sửa đèn ngõ 4")
        let page = ok(neighbor.ward("public", "show", try #require(list.json("short_id")), lang: "vi"))
        #expect(page.out.contains("Đã sửa đèn ngõ 4") && !page.out.contains("Đèn đường hỏng"))
        #expect(ok(neighbor.ward("report", "track", lang: "vi")).out.contains("ward public show"))

        #expect(neighbor.ward("report", "rate", id, "5").code == 3)
        #expect(filer.ward("report", "rate", id, "6").code == 2)
        _ = ok(filer.ward("report", "rate", id, "5", "--comment", "Nhanh"))
        #expect(filer.ward("report", "rate", id, "4").code == 5)
        _ = ok(filer.ward("sync"))
        _ = ok(officer.ward("sync"))
        _ = ok(officer.ward("report", "unpublish", id))
        for home in [officer, neighbor] { _ = ok(home.ward("sync")) }
        #expect(ok(neighbor.ward("public", "list", "--json")).out.contains("\"shown\":0"))
        #expect(ok(neighbor.ward("public", "show", try #require(list.json("short_id")))).out.contains("took this"))
    }

    @Test func theCodeThatComesWithAResultRatesItOnce() throws {
        let ward = try LoopbackWard()
        let filer = try FieldDayTests.home(ward)
        let neighbor = try FieldDayTests.home(ward)
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Ông Bình")
        let new = ok(filer.ward("report", "new", "-t", "Ổ gà", "--area", "3", "--json"))
        let id = String(try #require(new.json("short_id")).prefix(6))
        for home in [filer, officer] { _ = ok(home.ward("sync")) }
        let done = ok(officer.ward("report", "resolve", id, "--result", "Đã vá", "--json"))
        let first = try #require(done.json("rating_code"))
        _ = ok(officer.ward("sync"))
        _ = ok(officer.ward("report", "reopen", id, "--reason", "Lại hỏng"))
        let again = ok(officer.ward("report", "resolve", id, "--result", "Đã vá lại", "--qr", lang: "vi"))
        #expect(again.out.contains("Mã đánh giá cho"))
        let words = again.out.split { $0 == " " || $0 == "\n" }.map(String.init)
        let code = try #require(words.first { RatingCode(parsing: $0) != nil })
        _ = ok(officer.ward("sync"))
        for (typed, word) in [(first, "late"), (code.uppercased(), "counted"), (code, "used")] {
            let rated = ok(neighbor.ward("report", "rate", "--code", typed, "4", "--json"))
            _ = ok(neighbor.ward("sync"))
            let tracked = ok(neighbor.ward("report", "track", "--json")).out
            let rating = try #require(rated.json("id"))
            let mine = try #require(tracked.firstRange(of: rating))
            let rest = tracked[mine.upperBound...].prefix(60)
            #expect(rest.contains("\"status\":\"\(word)\""), "\(rest)")
        }
        _ = ok(filer.ward("sync"))
        #expect(ok(filer.ward("report", "show", id, lang: "vi")).out.contains("đã đánh giá"))
    }

    @Test func aMistypedCodeIsSaidToBeSoAndNotRepeated() throws {
        let ward = try LoopbackWard()
        let home = try FieldDayTests.home(ward)
        let short = home.ward("report", "follow", "7k2m-9px4", lang: "vi")
        #expect(short.code == 2 && short.err.contains("16 ký tự, ở đây có 8"))
        let wrong = home.ward("report", "follow", "u234567890abcdef", lang: "vi")
        #expect(wrong.code == 2 && wrong.err.contains("ký tự thứ 1") && !wrong.err.contains("u234567890abcdef"))
        #expect(home.ward("report", "track", LookupCode { Bytes(repeating: 7, count: $0) }.text).code == 3)
        let unknown = RatingCode.make(random: SystemRandomSource())
        _ = ok(home.ward("report", "rate", "--code", unknown.text, "3"))
        _ = ok(home.ward("sync"))
        #expect(ok(home.ward("report", "track", lang: "vi")).out.contains("không có mã này"))
    }
}
