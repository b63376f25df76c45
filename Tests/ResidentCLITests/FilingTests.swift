// Filing: what may be the same is shown first, drafts stay here whatever happens, and every field arrives.
import Glibc
import Testing

@testable import ResidentCLI
@testable import SyncKit
@testable import SyncServer

@Suite struct FilingTests {
    @discardableResult
    private func ok(_ run: WardRun, _ place: SourceLocation = #_sourceLocation) -> WardRun {
        #expect(run.code == 0, "\(run.out)\(run.err)", sourceLocation: place)
        return run
    }

    @Test func whatMayBeTheSameIsShownWithDistanceAlsoWhenAnotherDeviceFiledIt() throws {
        let ward = try LoopbackWard()
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let minh = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Minh")
        func file(_ home: TestHome, _ title: String, _ category: String, _ at: String, _ lang: String = "vi") -> WardRun
        {
            ok(home.ward("report", "new", "-t", title, "-c", category, "--at", at, lang: lang))
        }
        #expect(!file(lan, "Đèn A", "lighting", "20.9500,107.0700").err.contains("Có thể"))
        ok(lan.ward("sync"))
        ok(minh.ward("sync"))
        // 0.0003° of latitude are 33 m.
        let near = file(minh, "Đèn B", "lighting", "20.9503,107.0700")
        #expect(near.err.contains("Có thể đã được phản ánh (1 trên máy này)"))
        #expect(near.err.contains("cách 33 m") && near.err.contains("đã tiếp nhận: Đèn A"))
        #expect(near.out.contains("Đèn B"))
        // A street lamp that far away is another one, and so is something else at the same place.
        #expect(file(minh, "Đèn C", "lighting", "20.9520,107.0700").err.isEmpty)
        #expect(file(minh, "Rác", "garbage", "20.9500,107.0700").err.isEmpty)
        let json = ok(
            minh.ward("report", "new", "-t", "Đèn D", "-c", "lighting", "--at", "20.9500,107.0700", "--json"))
        #expect(json.out.contains("\"duplicates\":[{") && json.out.contains("\"metres\":33"))
        let first = try #require(json.out.firstRange(of: "\"metres\":0"))
        let second = try #require(json.out.firstRange(of: "\"metres\":33"))
        #expect(first.lowerBound < second.lowerBound)
        #expect(ok(minh.ward("report", "list", "--json")).out.contains("\"total\":5"))
    }

    @Test func categoriesAndNeighborhoodsAreTakenAsTheyAreTypedAlsoBeforeTheFirstSync() throws {
        let ward = try LoopbackWard()
        let home = try FieldDayTests.home(ward)
        for (category, area) in [
            ("chieu-sang", "khu pho 4"), ("CHIẾU SÁNG", "Khu phố 4"), ("chieu_sang", "to dan pho 4"), ("chieu", "kp 4"),
        ] {
            let run = ok(home.ward("report", "new", "-t", "Đèn", "-c", category, "--area", area, "--json"))
            let id = try #require(run.json("short_id"))
            let page = ok(home.ward("report", "show", id, "--json")).out
            #expect(page.contains("\"lighting\"") && page.contains("06685.04"), "\(category), \(area)")
        }
        let refused = home.ward("report", "new", "-t", "Đèn", "-c", "zzz", lang: "vi")
        #expect(refused.code == 2 && refused.err.contains("chiếu sáng (lighting)"), "\(refused.err)")
        #expect(home.ward("report", "new", "-t", "Đèn", "-c", "road", "--area", "khu pho X").code == 2)
    }

    @Test func whatIsOlderThanThirtyDaysIsNoCandidate() throws {
        let ward = try MemoryWard()
        let officer = try ward.device(.officer, ["06685"])
        func file(_ title: String) throws -> Digest {
            try ward.file(officer, title) { draft in
                draft.perform(.set(Slot(field: ReportField.category)), .text("lighting"))
                draft.perform(
                    .set(Slot(field: ReportField.location)),
                    .array([CBORValue(209_500_000), CBORValue(1_070_700_000), CBORValue(5)]))
            }
        }
        let old = try file("Cũ")
        try ward.sync(officer)
        ward.time.advance(seconds: WardRules.duplicateDays * 86_400 - 3600)
        let here = try #require(GeoPoint(latitude: 209_500_000, longitude: 1_070_700_000))
        func found() throws -> [Digest] {
            try officer.nearby(
                category: "lighting", here, radiusMetres: 50,
                filedFrom: ward.time.nowSeconds() - WardRules.duplicateDays * 86_400
            ).map(\.id)
        }
        #expect(try found() == [old])
        ward.time.advance(seconds: 7200)
        let new = try file("Mới")
        #expect(try found() == [new])
    }

    @Test func everyFieldArrivesAndPrivateOnesOnlySealed() throws {
        let ward = try LoopbackWard()
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Bình")
        let lead = try FieldDayTests.home(ward, .lead, ["06685.03"], "Tâm")
        let id = try #require(
            ok(
                officer.ward(
                    "report", "new", "-t", "Đơn về rác", "-c", "rac thai", "-d", "Hôi", "--address", "Ngõ 5", "-u",
                    "low", "--area", "3", "--at", "20.95,107.07,25", "--source", "don giay", "--visibility", "han che",
                    "--name", "Bà Hoa", "--phone", "0912", "--json")
            ).json("short_id"))
        ok(officer.ward("sync"))
        ok(lead.ward("sync"))
        let shown = ok(lead.ward("report", "show", id, "--json"))
        for text in [
            "\"source\":\"paper\"", "\"visibility\":\"limited\"", "\"reporter_name\":\"Bà Hoa\"",
            "\"reporter_phone\":\"0912\"", "\"location\":[209500000,1070700000,25]", "\"urgency\":\"low\"",
            "\"address\":\"Ngõ 5\"",
        ] { #expect(shown.out.contains(text), "\(text) in \(shown.out)") }
        let page = ok(lead.ward("report", "show", id, lang: "vi"))
        #expect(page.out.contains("đơn giấy") && page.out.contains("hạn chế"))
    }

    @Test func aDraftIsChangedSentOnceAndNeverBefore() throws {
        let ward = try LoopbackWard()
        let home = try FieldDayTests.home(ward)
        let kept = ok(home.ward("report", "new", "--draft", "-t", "Đèn", "--phone", "0912", lang: "vi"))
        #expect(kept.out.contains("Đã lưu nháp số 1: Đèn") && kept.out.contains("chưa gửi"))
        ok(home.ward("report", "new", "--draft", "-c", "road"))
        ok(home.ward("sync"))
        #expect(ok(home.ward("status", "--json")).out.contains("\"waiting_total\":0"))
        #expect(ok(home.ward("report", "list", "--json")).out.contains("\"total\":0"))
        #expect(
            try ward.service.withCore { core in try core.status(area: "06685") }.documents[.report, default: 0] == 0)
        ok(home.ward("report", "draft", "edit", "1", "-t", "Đèn hỏng", "-c", "lighting", "--area", "3"))
        #expect(home.ward("report", "draft", "edit", "1", "-t", "Đèn hỏng").code == 2)
        let shown = ok(home.ward("report", "draft", "show", "1", lang: "vi"))
        #expect(shown.out.contains("Đèn hỏng") && shown.out.contains("0912") && shown.out.contains("chiếu sáng"))
        ok(home.ward("doctor", "--rebuild"))
        #expect(ok(home.ward("report", "draft", "list", "--json")).out.contains("\"shown\":2"))
        // The second has no title, and nobody can be asked.
        #expect(home.ward("report", "draft", "send", "2").code == 2)
        let sent = ok(home.ward("report", "draft", "send", "1", "--json"))
        #expect(sent.json("lookup_code") != nil)
        #expect(home.ward("report", "draft", "send", "1").code == 3)
        #expect(home.ward("report", "draft", "delete", "2").code == 2)
        ok(home.ward("report", "draft", "delete", "2", "--yes"))
        #expect(ok(home.ward("report", "draft", "list", lang: "vi")).out.contains("Chưa có nháp nào"))
        ok(home.ward("sync"))
        let page = ok(home.ward("report", "show", try #require(sent.json("short_id")), "--json"))
        #expect(page.out.contains("\"areas\":[\"06685.03\"]") && page.out.contains("\"reporter_phone\":\"0912\""))
    }

    @Test func whatWasSaidToBeADraftSurvivesAKillAndIsFiledAtMostOnce() throws {
        let seed = getenv("WARDSYNC_SEED").flatMap { UInt64(String(cString: $0)) } ?? .random(in: 1...0xFFFF_FFFF)
        print("killed drafts: WARDSYNC_SEED=\(seed)")
        var state = seed
        func below(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        let ward = try LoopbackWard()
        let home = try FieldDayTests.home(ward)
        var kept: [String] = []
        for number in 1...25 {
            let title = "Nháp thứ \(number)."
            let run = killed(home, ["report", "new", "--draft", "-t", title, "--lang", "vi"], after: below(30_000))
            if run.contains("Đã lưu nháp") { kept.append(title) }
        }
        let list = ok(home.ward("report", "draft", "list", "--json")).out
        for title in kept { #expect(list.contains(title), "\(title)") }
        for _ in 1...25 {
            let drafts = numbers(ok(home.ward("report", "draft", "list", "--json")).out)
            guard let first = drafts.first else { break }
            _ = killed(home, ["report", "draft", "send", first], after: below(30_000))
        }
        let left = ok(home.ward("report", "draft", "list", "--json")).out
        let filed = ok(home.ward("report", "list", "--all", "--json")).out
        for title in kept {
            let places = (left.contains(title) ? 1 : 0) + filed.ranges(of: "\"title\":\"\(title)\"").count
            #expect(places == 1, "\(title)")
        }
        ok(home.ward("doctor"))
    }

    private func numbers(_ list: String) -> [String] {
        list.ranges(of: "\"draft\":").map { String(list[$0.upperBound...].prefix { $0.isNumber }) }
    }

    /// Runs the program and kills it after so many microseconds, unless it ended before.
    /// - Returns: what it had printed.
    private func killed(_ home: TestHome, _ arguments: [String], after microseconds: UInt64) -> String {
        let name = home.root + "/killed.out"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, name, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var argv: [UnsafeMutablePointer<CChar>?] =
            ([TestHome.program] + arguments + ["--home", home.path]).map { strdup($0) } + [nil]
        var env: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/bin:/bin"), nil]
        var child: pid_t = 0
        let failed = posix_spawn(&child, TestHome.program, &actions, nil, &argv, &env)
        for pointer in argv + env { free(pointer) }
        posix_spawn_file_actions_destroy(&actions)
        guard failed == 0 else { return "" }
        usleep(UInt32(microseconds))
        kill(child, SIGKILL)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return readFile(name)
    }
}
