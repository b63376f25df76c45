// Copied stores at the console: what is declined is what the page showed, and nothing that came meanwhile.
import SyncKit
import Testing

@testable import SyncServer

@Suite struct ConsoleForkTests: ConsoleWardTests {
    let served: ServedConsole

    init() throws { served = try ServedConsole() }

    /// A volunteer's device of which there are two copies with other work, the second one with more; only the first
    /// one synced yet. Its new keys wait for somebody.
    private func fork(_ titles: [String]) throws -> (device: DeviceID, first: Replica, second: Replica) {
        let lan = try join(.volunteer, "Lan")
        let device = lan.device
        _ = try lan.commit(reportDraft("Đèn hỏng"))
        try http.sync(lan)
        let first = try copy(lan, "first")
        _ = try lan.commit(reportDraft("Ổ gà"))
        try http.sync(lan)
        for title in titles { _ = try first.commit(reportDraft(title)) }
        let second = try copy(first, "second")
        _ = try second.commit(reportDraft("Ngập nước"))
        #expect(throws: SyncFailure.self) { try http.sync(first) }
        return (device, first, second)
    }

    private func left(_ device: DeviceID) throws -> Int {
        try server.service.withCore { core throws(StoreError) in
            try core.forked(device).first?.branch.count(where: \.isLeft) ?? 0
        }
    }

    @Test func decliningABranchLeavesWhatArrivedMeanwhile() throws {
        defer { stop() }
        let (device, _, second) = try fork(["Cây đổ"])
        let item = ItemPage.path("fork/\(device)/2").text
        #expect(try ha.get("/console?kind=fork").body.contains(item))
        let page = try ha.get(item)
        #expect(page.hidden("shown").count == 1)
        // While somebody reads the page, the other copy sends what it has.
        #expect(throws: SyncFailure.self) { try http.sync(second) }
        #expect(try left(device) == 2)
        var fields = form(page, choose: "decline", reason: "Đã ghi lại")
        fields.removeAll { $0.0 == "shown" }
        #expect(try ha.post("/console/decide", fields).status == 400)
        #expect(try ha.post("/console/decide", fields + [("shown", "made-up")]).status == 400)
        let other = String(repeating: "0", count: 64)
        #expect(try ha.post("/console/decide", fields + [("shown", other)]).status == 409)
        #expect(try left(device) == 2)
        let done = try decide(page, "decline", "Đã ghi lại")
        let list = try #require(done.header("location"))
        #expect(done.status == 303 && list.contains("done=in-part"))
        #expect(try left(device) == 1)
        let rest = try ha.get(list).body
        #expect(rest.contains("Ở đó còn gói khác đang chờ") && rest.contains("/console/item?key=fork"))
        let last = try ha.get(ItemPage.path("fork/\(device)/3").text)
        #expect(try decide(last, "decline", "Cũng đã ghi lại").header("location")?.contains("done=resolved") == true)
        #expect(try left(device) == 0)
    }

    @Test func aForksPageShowsWhatBothBranchesSay() throws {
        defer { stop() }
        let hostile = "<b>Cây đổ</b> \u{202E}ỗđ"
        let (device, _, _) = try fork([hostile, String(repeating: "Rất dài ", count: 30)])
        let page = try ha.get(ItemPage.path("fork/\(device)/2").text).body
        for word in ["Ổ gà", "&lt;b&gt;Cây đổ&lt;/b&gt;", "Rất dài Rất dài"] {
            #expect(page.contains(word), "\(word)")
        }
        // Only what the branches differ in, and each value shortened.
        #expect(!page.contains("Đèn hỏng") && !page.contains("<b>") && !page.contains("\u{202E}"))
        #expect(!page.contains(String(repeating: "Rất dài ", count: 20)))
    }

    @Test func aLongBranchIsDecidedAsFarAsItIsShown() throws {
        defer { stop() }
        let (device, _, _) = try fork((1...52).map { "Cây đổ số \($0)" })
        let page = try ha.get(ItemPage.path("fork/\(device)/2").text)
        #expect(page.hidden("shown").count == ConsoleInbox.mostBranches)
        #expect(page.body.contains("Còn 2 gói nữa không hiện ở đây"))
        #expect(try decide(page, "decline", "Đã ghi lại").header("location")?.contains("done=in-part") == true)
        #expect(try left(device) == 2)
    }
}
