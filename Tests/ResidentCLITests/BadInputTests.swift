// What goes wrong, in both languages: one error each, with its code, nothing lost and something to do.
import Glibc
import Testing

@testable import ResidentCLI
@testable import SyncKit
@testable import SyncServer

@Suite struct BadInputTests {
    /// Runs in both languages and as JSON; each says the same code.
    private func fails(
        _ home: TestHome, _ arguments: [String], _ code: Int32, vi: String, en: String, word: String,
        _ place: SourceLocation = #_sourceLocation
    ) {
        for (lang, text, lost) in [("vi", vi, "Dữ liệu:"), ("en", en, "Your data:")] {
            let run = home.ward(arguments, lang: lang)
            #expect(run.code == code, "\(run.out)\(run.err)", sourceLocation: place)
            #expect(run.err.contains(text) && run.err.contains(lost), "\(run.err)", sourceLocation: place)
            #expect(run.out.isEmpty, sourceLocation: place)
        }
        let json = home.ward(arguments + ["--json"])
        #expect(json.code == code && json.json("code") == word, "\(json.out)", sourceLocation: place)
    }

    @Test func slipsOnTheCommandLineNameTheNearestWord() throws {
        let home = TestHome()
        fails(
            home, ["reprot", "new"], 2, vi: "Có lẽ cần dùng «report»", en: "“report” was meant",
            word: "usage.unknown-command")
        fails(home, ["report", "nwe"], 2, vi: "«report new»", en: "“report new”", word: "usage.unknown-command")
        fails(
            home, ["task", "list", "--sate", "open"], 2, vi: "«--state»", en: "“--state”", word: "usage.unknown-option")
        fails(
            home, ["task", "list", "--limit", "0"], 2, vi: "số nguyên từ 1", en: "whole number from 1",
            word: "usage.bad-value")
        fails(home, ["task", "claim"], 2, vi: "Còn thiếu tham số", en: "is missing", word: "usage.missing-argument")
    }

    @Test func aHomeThatIsNoneIsSaidToBeNone() {
        let home = TestHome()
        for arguments in [
            ["task", "list"], ["sync"], ["whoami"], ["report", "new", "-t", "x"], ["doctor"], ["status"],
        ] {
            fails(
                home, arguments, 8, vi: "Chưa có dữ liệu của chương trình", en: "no data of this program",
                word: "home.missing")
        }
        mkdir(home.path, 0o700)
        writeFile(home.path + "/replica.db", [])
        fails(home, ["task", "list"], 8, vi: "Chưa có dữ liệu", en: "no data of this program", word: "home.missing")
        unlink(home.path + "/replica.db")
        rmdir(home.path)
        writeFile(home.path, [1])
        fails(home, ["task", "list"], 8, vi: "Chưa có dữ liệu", en: "no data of this program", word: "home.missing")
    }

    @Test func aNewerADamagedAndAForeignStoreAreToldApart() throws {
        let ward = try LoopbackWard()
        let newer = try FieldDayTests.home(ward)
        #expect(
            spawn(
                "/usr/bin/env",
                [
                    "python3", "-c",
                    "import sqlite3,sys;c=sqlite3.connect(sys.argv[1]);c.execute('PRAGMA user_version=99')",
                    newer.path + "/replica.db",
                ], environment: ["PATH=/usr/bin:/bin"], root: newer.root
            ).code == 0)
        for arguments in [["task", "list"], ["report", "new", "-t", "x"]] {
            fails(newer, arguments, 9, vi: "phiên bản mới hơn", en: "newer version", word: "store.newer")
        }
        let foreign = TestHome()
        mkdir(foreign.path, 0o700)
        writeFile(
            foreign.path + "/replica.db",
            Array("This is a letter, not a database. ".utf8) + Bytes(repeating: 7, count: 5000))
        for arguments in [["task", "list"], ["report", "new", "-t", "x"]] {
            fails(
                foreign, arguments, 9, vi: "không phải kho dữ liệu", en: "not a store of this program",
                word: "store.not-ours")
        }
        let damaged = try FieldDayTests.home(ward)
        for number in 1...40 { #expect(damaged.ward("report", "new", "-t", "Phản ánh \(number)").code == 0) }
        let file = open(damaged.path + "/replica.db", O_RDWR)
        let size = lseek(file, 0, SEEK_END)
        let junk = Bytes(repeating: 0xA5, count: 4096)
        var place: off_t = 4096
        while place < size {
            _ = pwrite(file, junk, junk.count, place)
            place += 4096
        }
        close(file)
        fails(damaged, ["report", "list"], 9, vi: "bị hỏng", en: "is damaged", word: "store.damaged")
    }

    @Test func aFullDiskSavesNothingAndSaysSo() throws {
        guard geteuid() == 0 else { return }
        let ward = try LoopbackWard()
        let home = TestHome()
        mkdir(home.path, 0o700)
        guard mount("tmpfs", home.path, "tmpfs", 0, "size=800k") == 0 else { return }
        defer { umount(home.path) }
        #expect(home.ward("init", input: ward.descriptor).code == 0)
        let named = TestHome()
        writeFile(named.root + "/phuong.txt", Array(ward.descriptor.utf8))
        #expect(named.ward("init", named.root + "/phuong.txt").code == 0)
        writeFile(home.path + "/ballast", Bytes(repeating: 1, count: 800_000))
        fails(
            home, ["report", "new", "-t", "x", "-d", String(repeating: "đ", count: 7000)], 10,
            vi: "Không còn chỗ trống", en: "No space is left", word: "disk.full")
        unlink(home.path + "/ballast")
        #expect(home.ward("report", "list", "--json").out.contains("\"total\":0"))
        #expect(home.ward("report", "new", "-t", "Còn ghi được").code == 0)
    }

    @Test func serversThatAreNotTheWardsAreNotBelieved() throws {
        let ward = try LoopbackWard()
        let home = try FieldDayTests.home(ward)
        #expect(home.ward("report", "new", "-t", "Chờ gửi").code == 0)
        let portal = try ScriptedServer(
            answer: "HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n<html>Please log in</html>")
        let lost = try ScriptedServer(answer: "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        let busy = try ScriptedServer(answer: "HTTP/1.1 503 Busy\r\nRetry-After: 700\r\nContent-Length: 0\r\n\r\n")
        func base(_ server: ScriptedServer) -> String { server.url("") }
        for server in [portal, lost] {
            fails(
                home, ["sync", "--address", base(server)], 11, vi: "không phải máy chủ của phường",
                en: "not a ward's server", word: "network.not-a-ward")
        }
        fails(
            home, ["sync", "--address", base(busy)], 7, vi: "máy chủ đang bận", en: "the server is busy",
            word: "network.busy")
        let other = try LoopbackWard(area: "06700")
        fails(
            home, ["sync", "--address", other.url], 11, vi: "thuộc phường khác", en: "belongs to another ward",
            word: "server.otherWard")
        let impostor = try LoopbackWard(impostor: ward)
        fails(
            home, ["sync", "--address", impostor.url], 11, vi: "không xác minh được", en: "does not verify",
            word: "answer.invalid")
        fails(
            home, ["sync", "--address", "http://127.0.0.1:1"], 7, vi: "Chưa gửi được", en: "Not sent yet",
            word: "network.unreachable")
        fails(
            home, ["sync", "--address", "ftp://x"], 2, vi: "không hợp lệ", en: "not valid", word: "network.bad-address")
        for bytes in [0, 3, 40, 300] {
            ward.cut.withLock { $0 = bytes }
            fails(home, ["sync"], 7, vi: "ngắt giữa chừng", en: "cut off", word: "network.cut")
        }
        ward.cut.withLock { $0 = nil }
        let status = home.ward("status", "--json")
        #expect(status.code == 0)
        #expect(home.ward("sync").code == 0)
        #expect(home.ward("status", "--json").out.contains("\"waiting_total\":0"))
    }

    @Test func invitationsThatDoNotHoldAreSaidWhy() throws {
        let ward = try LoopbackWard()
        let home = try FieldDayTests.home(ward)
        fails(
            home, ["join", "abc"], 2, vi: "mã mời có 30 ký tự", en: "an invitation has 30 characters",
            word: "usage.bad-value")
        let old = try ward.invite(.volunteer, ["06685.03"], "Lan", expires: 1)
        fails(home, ["join", old], 11, vi: "đã hết hạn", en: "has expired", word: "server.invitationExpired")
        let used = try ward.invite(.volunteer, ["06685.03"], "Lan")
        let first = try FieldDayTests.home(ward)
        #expect(first.ward("join", used).code == 0)
        #expect(first.ward("join", used).code == 0)
        fails(
            home, ["join", used], 11, vi: "đã dùng cho thiết bị khác", en: "used by another device",
            word: "server.invitationUsed")
        let wrong = String(used.dropLast()) + (used.hasSuffix("0") ? "1" : "0")
        fails(
            home, ["join", wrong], 11, vi: "Mã mời không đúng", en: "code is not right",
            word: "server.invitationUnknown")
        let impostor = try LoopbackWard(impostor: ward)
        fails(
            home, ["join", try impostor.invite(.admin, [], "X"), "--address", impostor.url], 11,
            vi: "không xác minh được", en: "does not verify", word: "answer.invalid")
        #expect(home.ward("whoami", "--json").out.contains("\"role\":\"resident\""))
    }

    @Test func descriptorsAndValuesAreCheckedBeforeAnythingIsSaved() throws {
        let ward = try LoopbackWard()
        let none = TestHome()
        fails(
            none, ["init", "wardsync1-zzzz"], 5, vi: "bản mô tả phường hợp lệ", en: "not a valid ward descriptor",
            word: "descriptor.invalid")
        fails(
            none, ["init", "--descriptor", "/nonexistent"], 10, vi: "Không đọc được tệp", en: "cannot be read",
            word: "file.unreadable")
        #expect(access(none.path, F_OK) != 0)
        let home = try FieldDayTests.home(ward)
        fails(home, ["init", ward.descriptor], 5, vi: "đã có dữ liệu", en: "already holds", word: "home.exists")
        for (arguments, vi, en) in [
            (["-t", "x", "-c", "zzz"], "cần một phân loại", "takes a category"),
            (["-t", "x", "--area", "a b"], "số khu phố", "neighborhood's number"),
            (["-t", "x", "--at", "91,1"], "VĨ ĐỘ", "LAT,LON"),
            (["-t", "   "], "không được để trống", "must not be empty"),
        ] {
            fails(home, ["report", "new"] + arguments, 2, vi: vi, en: en, word: "usage.bad-value")
        }
        fails(home, ["report", "new"], 2, vi: "--title", en: "--title", word: "usage.missing-option")
        fails(
            home, ["report", "show", "zzzzzz"], 3, vi: "Không có mục nào", en: "Nothing begins with",
            word: "document.not-found")
        fails(
            home, ["report", "show", "!!"], 3, vi: "Không có mục nào", en: "Nothing begins with",
            word: "document.not-found")
        fails(
            home, ["task", "new", "-t", "x"], 5, vi: "vai trò của bạn", en: "your role may not",
            word: "rule.notPermitted")
        let id = try #require(home.ward("report", "new", "-t", "Đèn", "--json").json("short_id"))
        fails(
            home, ["report", "edit", id], 2, vi: "Chưa ghi điều gì", en: "nothing to change",
            word: "usage.nothing-to-change")
        fails(
            home, ["report", "edit", id, "--state", "resolved"], 5, vi: "vai trò của bạn không được",
            en: "your role may not",
            word: "rule.notPermitted")
        fails(
            home, ["report", "edit", id, "--state", "zzz"], 2, vi: "cần một trạng thái", en: "takes a state",
            word: "usage.bad-value")
        fails(
            home, ["conflict", "resolve", id, "-r", "x"], 3, vi: "không có xung đột", en: "no such conflict",
            word: "conflict.not-found")
        fails(home, ["lookup", "ask", "1"], 2, vi: "--secret", en: "--secret", word: "usage.missing-option")
        #expect(home.ward("report", "list", "--json").out.contains("\"total\":1"))
    }

    @Test func anIdThatFitsSeveralNamesThemWithTheirTitles() throws {
        let ward = try LoopbackWard()
        let home = try FieldDayTests.home(ward)
        var firsts: [Character: Int] = [:]
        for number in 1...33 {
            let id = try #require(home.ward("report", "new", "-t", "Phản ánh \(number)", "--json").json("short_id"))
            firsts[try #require(id.first), default: 0] += 1
        }
        let twice = try #require(firsts.first { $0.value > 1 }?.key)
        fails(
            home, ["report", "show", String(twice)], 4, vi: "khớp với nhiều mục", en: "fits several",
            word: "document.ambiguous")
        #expect(home.ward("report", "show", String(twice)).err.contains("Phản ánh"))
    }
}
