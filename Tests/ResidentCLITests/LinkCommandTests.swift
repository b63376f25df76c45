// Links with the real program: set once, used by every sync, overruled on its line.
import Testing

@testable import ResidentCLI
@testable import SyncKit

@Suite struct LinkCommandTests {
    private func ok(_ run: WardRun, _ code: Int32 = 0, _ place: SourceLocation = #_sourceLocation) -> WardRun {
        #expect(run.code == code, "\(run.out)\(run.err)", sourceLocation: place)
        return run
    }

    private func number(_ run: WardRun, _ key: String) -> Int? {
        run.out.firstRange(of: "\"\(key)\":").flatMap { Int(run.out[$0.upperBound...].prefix { $0.isNumber }) }
    }

    /// A resident with a photo of 360 kB that waits.
    private func resident(_ ward: LoopbackWard) throws -> TestHome {
        let home = try FieldDayTests.home(ward)
        let photo = home.root + "/anh.png"
        writeFile(photo, TestPicture.png(width: 400, height: 300))
        _ = ok(home.ward("report", "new", "-t", "Nắp cống vỡ", "--area", "3", "--photo", photo))
        return home
    }

    @Test func aLinkIsSetListedUsedAndRemovedInBothLanguages() throws {
        let ward = try LoopbackWard()
        let home = try FieldDayTests.home(ward)
        #expect(ok(home.ward("link", "list", lang: "vi")).out.contains("Chưa đặt đường truyền nào"))
        let set = ok(home.ward("link", "set", "4G", "--thumbnails", "--daily", "200K", "--use", lang: "vi"))
        #expect(set.out.contains("Đã đặt và dùng đường «4g»: chữ và ảnh nhỏ; mỗi ngày nhiều nhất 200 kB"))
        #expect(ok(home.ward("link", "set", "wifi", "--all")).out.contains("Set the link “wifi”: everything"))
        let list = ok(home.ward("link", "list"))
        #expect(list.out.contains("text and thumbnails; at most 200 kB a day") && list.out.contains("in use"))
        let status = ok(home.ward("status", lang: "vi"))
        #expect(
            status.out.contains("Đường truyền: 4g – chữ và ảnh nhỏ; mỗi ngày nhiều nhất 200 kB (hôm nay đã dùng 0 B)"))
        #expect(ok(home.ward("status", "--json")).json("link") == "4g")
        #expect(ok(home.ward("link", "use", "wifi")).out.contains("now goes by the link “wifi”"))
        #expect(ok(home.ward("link", "list", "--json")).json("in_use") == "wifi")
        #expect(ok(home.ward("link", "use", lang: "vi")).out.contains("không theo đường nào nữa"))
        #expect(ok(home.ward("status", "--json")).out.contains("\"link\":null"))
        #expect(ok(home.ward("link", "use", "4g", "--json")).out.contains("\"in_use\":true"))
        #expect(ok(home.ward("link", "remove", "4g", lang: "vi")).out.contains("Đã bỏ đường «4g»"))
        #expect(ok(home.ward("link", "list", "--json")).out.contains("\"in_use\":null"))
    }

    @Test func whatCannotBeALinkIsRefusedAndNothingChanges() throws {
        let ward = try LoopbackWard()
        let home = try FieldDayTests.home(ward)
        #expect(ok(home.ward("sync", "--link", "4g"), 2).err.contains("ward link set"))
        _ = ok(home.ward("link", "set", "wifi", "--all"))
        let unknown = ok(home.ward("sync", "--link", "4g"), 2)
        #expect(unknown.err.contains("one of: wifi"))
        for name in ["none", "nhà tôi", "a/b", "", String(repeating: "a", count: 40)] {
            _ = ok(home.ward("link", "set", name), 2)
        }
        #expect(ok(home.ward("link", "set", "4g", "--all", "--text-only"), 2).err.contains("only one of"))
        #expect(ok(home.ward("sync", "--all", "--thumbnails"), 2).err.contains("only one of"))
        #expect(ok(home.ward("link", "set", "4g", "--daily", "1.5M"), 2).err.contains("200K or 2M"))
        _ = ok(home.ward("link", "use", "4g"), 2)
        _ = ok(home.ward("link", "remove", "4g"), 2)
        for number in 2...LinkSettings.most { _ = ok(home.ward("link", "set", "l\(number)")) }
        #expect(ok(home.ward("link", "set", "4g"), 5).err.contains("16 links"))
        #expect(number(ok(home.ward("link", "list", "--json")), "budget") == nil)
    }

    @Test func aSyncGoesByTheLinkInUseByTheNamedOneAndByItsOwnOptionsFirst() throws {
        let ward = try LoopbackWard()
        let home = try resident(ward)
        _ = ok(home.ward("link", "set", "tau", "--text-only", "--use"))
        _ = ok(home.ward("link", "set", "4g", "--thumbnails"))
        _ = ok(home.ward("link", "set", "wifi", "--all", "--budget", "100K"))
        // By the one in use: no file goes.
        let text = ok(home.ward("sync", "--json"), 6)
        #expect(number(text, "content_up") == 0 && text.json("link") == "tau")
        // By the named one: the thumbnail.
        let small = ok(home.ward("sync", "--link", "4g", lang: "vi"), 6)
        #expect((small.out + small.err).contains("Theo đường «4g»: chữ và ảnh nhỏ"), "\(small.out)\(small.err)")
        let again = ok(home.ward("sync", "--link", "4g", "--json"), 6)
        #expect(number(again, "content_up") == 0)
        // At most the link's budget; then its own option instead of it.
        let some = try #require(number(ok(home.ward("sync", "--link", "wifi", "--json"), 6), "content_up"))
        #expect(some > 50_000 && some <= 100_000)
        let little = try #require(
            number(ok(home.ward("sync", "--link", "wifi", "--budget", "20K", "--json"), 6), "content_up"))
        #expect(little > 0 && little <= 20_000)
        #expect(number(ok(home.ward("sync", "--link", "wifi", "--text-only", "--json"), 6), "content_up") == 0)
        let rest = ok(home.ward("sync", "--link", "none", "--json"))
        #expect((number(rest, "content_up") ?? 0) > 200_000 && rest.out.contains("\"link\":null"))
        #expect(number(ok(home.ward("status", "--json")), "link_spent_today") == 0)
    }

    @Test func theBoundOfADayHoldsOverSeveralSyncsAndGivesWayToAnOption() throws {
        let ward = try LoopbackWard()
        let home = try resident(ward)
        _ = ok(home.ward("link", "set", "4g", "--daily", "120K", "--budget", "80K", "--use"))
        let first = try #require(number(ok(home.ward("sync", "--json"), 6), "content_up"))
        let second = try #require(number(ok(home.ward("sync", "--json"), 6), "content_up"))
        #expect(first > 40_000 && first <= 80_000 && second > 0 && first + second <= 120_000)
        let third = try #require(number(ok(home.ward("sync", "--json"), 6), "content_up"))
        #expect(third < 5000 && first + second + third <= 120_000)
        let spent = number(ok(home.ward("status", "--json")), "link_spent_today")
        #expect(spent == first + second + third)
        // Who says so on the line knows better; it counts for the day all the same.
        let more = try #require(number(ok(home.ward("sync", "--budget", "50K", "--json"), 6), "content_up"))
        #expect(more > 20_000 && more <= 50_000)
        #expect(number(ok(home.ward("link", "list", "--json")), "spent_today") == first + second + third + more)
        // Another link has its own day.
        #expect((number(ok(home.ward("sync", "--link", "none", "--json")), "content_up") ?? 0) > 100_000)
        #expect(number(ok(home.ward("link", "list", "--json")), "spent_today") == first + second + third + more)
    }

    @Test func optionsComeBeforeTheLinkAndADayNeverGoesBelowNothing() {
        let link = LinkSettings(name: "4g", files: .thumbnails, budget: 500, daily: 900)
        #expect(SyncWishes().plan(over: nil) == LinkPlan())
        let plan = SyncWishes().plan(over: link, spentToday: 600, spentBefore: 100)
        #expect(plan.remaining == 300 && plan.sending == .thumbnails && plan.fetching == .thumbnails)
        #expect(SyncWishes().plan(over: link, spentToday: 2000).remaining == 0)
        #expect(SyncWishes().plan(over: link, spentToday: 100, spentBefore: 450).remaining == 50)
        let given = SyncWishes(files: .all, fetching: .nothing, budget: 70).plan(
            over: link, spentToday: 2000, spentBefore: 20)
        #expect(given.remaining == 50 && given.sending == .everything && given.fetching == .nothing)
        #expect(SyncWishes(files: .text).plan(over: link).isTextOnly)
    }
}
