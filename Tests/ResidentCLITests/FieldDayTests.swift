// The program as people use it: offline, at the door, at the ward, and back.
import Glibc
import Testing

@testable import ResidentCLI
@testable import SyncKit
@testable import SyncServer

@Suite struct FieldDayTests {
    /// A home that was made for a ward, and that joined it where a role is given.
    static func home(_ ward: LoopbackWard, _ role: Role? = nil, _ areas: [String] = [], _ name: String = "") throws
        -> TestHome
    {
        let home = TestHome()
        let made = home.ward("init", input: ward.descriptor + "\n")
        #expect(made.code == 0, "\(made.err)")
        if let role {
            let joined = home.ward("join", try ward.invite(role, areas, name))
            #expect(joined.code == 0 && joined.out.contains("06685"), "\(joined.out)\(joined.err)")
        }
        return home
    }

    private func ok(_ run: WardRun, _ place: SourceLocation = #_sourceLocation) -> WardRun {
        #expect(run.code == 0, "\(run.out)\(run.err)", sourceLocation: place)
        return run
    }

    @Test func aReportGoesFromAResidentsPocketToTheOfficerAndBack() throws {
        let ward = try LoopbackWard()
        let resident = try Self.home(ward)
        let officer = try Self.home(ward, .officer, ["06685"], "Ông Bình")
        let new = ok(
            resident.ward(
                "report", "new", "-t", "Đe\u{300}n đường ho\u{309}ng", "-c", "chieu", "--area", "3", "--at",
                "20.9511,107.0734,10",
                "--urgency", "high", "--name", "Bà Hoa", "--phone", "0912 345 678", "-d", "Tối om", "--json"))
        let id = try #require(new.json("id"))
        let code = try #require(new.json("lookup_code"))
        #expect(LookupCode(parsing: code) != nil)
        let short = String(id.isEmpty ? "" : try #require(new.json("short_id")).prefix(5))
        let waiting = ok(resident.ward("report", "show", short, lang: "vi"))
        #expect(waiting.out.contains("Đèn đường hỏng") && waiting.out.contains("«chờ gửi»"))
        #expect(
            waiting.out.contains("chiếu sáng") && waiting.out.contains(code) && waiting.out.contains("0912 345 678"))
        #expect(waiting.out.contains("20.9511, 107.0734 (±10 m)") && waiting.out.contains("06685.03"))
        let synced = ok(resident.ward("sync", lang: "vi"))
        #expect(synced.out.contains("Không còn gì chờ gửi"))
        _ = ok(officer.ward("sync"))
        let seen = ok(officer.ward("report", "show", short, "--json"))
        #expect(seen.out.contains("\"reporter_name\":\"Bà Hoa\"") && seen.out.contains("\"lookup_code\":null"))
        _ = ok(
            officer.ward("report", "edit", short, "--agency", "dien_luc", "--state", "da giao", "--due", "30/11/2030"))
        _ = ok(officer.ward("report", "edit", short, "--state", "resolved", "--result", "Đã thay bóng"))
        _ = ok(officer.ward("sync"))
        _ = ok(resident.ward("sync"))
        let done = ok(resident.ward("report", "show", short, lang: "vi"))
        #expect(done.out.contains("đã xử lý") && done.out.contains("Đã thay bóng") && done.out.contains("Ông Bình"))
        _ = ok(resident.ward("report", "comment", short, "Vẫn chưa sáng"))
        _ = ok(resident.ward("report", "edit", short, "--state", "reopened"))
        _ = ok(resident.ward("sync"))
        #expect(ok(resident.ward("report", "list", "--state", "reopened")).out.contains("Đèn đường hỏng"))
        #expect(ok(resident.ward("report", "list", "--state", "resolved", lang: "vi")).out.contains("Chưa có mục nào"))
        _ = ok(officer.ward("sync"))
        let mine = try #require(ok(resident.ward("report", "show", short, "--json")).json("state_hash"))
        #expect(ok(officer.ward("report", "show", short, "--json")).json("state_hash") == mine)
        #expect(ok(resident.ward("status", "--json")).json("own") != nil)
    }

    @Test func twoVolunteersClaimOneTaskAndTheLeadDecides() throws {
        let ward = try LoopbackWard()
        let lead = try Self.home(ward, .lead, ["06685.03"], "Tổ trưởng Tâm")
        let lan = try Self.home(ward, .volunteer, ["06685.03"], "Lan")
        let minh = try Self.home(ward, .volunteer, ["06685.03"], "Minh")
        let new = ok(
            lead.ward(
                "task", "new", "--title", "Thăm hộ số 12", "--kind", "visit", "--due", "30/11/2030", "--priority", "2",
                "--item", "Cài VNeID", "--item", "Đo mạng", "--household", "Ông Tư", "--json"))
        let id = String(try #require(new.json("short_id")).prefix(6))
        for home in [lead, lan, minh] { _ = ok(home.ward("sync")) }
        #expect(ok(lan.ward("task", "show", id)).out.contains("Ông Tư"))
        #expect(lan.ward("task", "done", id).code == 5)
        _ = ok(lan.ward("task", "claim", id))
        #expect(ok(lan.ward("task", "list", lang: "vi")).out.contains("tạm nhận"))
        _ = ok(lan.ward("task", "start", id))
        _ = ok(lan.ward("task", "check", id, "1"))
        _ = ok(lan.ward("task", "note", id, "Bấm chuông không ai mở"))
        #expect(lan.ward("task", "check", id, "9").code == 2)
        _ = ok(minh.ward("task", "claim", id))
        _ = ok(minh.ward("task", "note", id, "Hẹn chiều mai"))
        for home in [lan, minh, lead, lan] { _ = ok(home.ward("sync")) }
        #expect(ok(minh.ward("task", "show", id, lang: "vi")).out.contains("«song song»"))
        let conflict = ok(lead.ward("conflict", "list", "--json"))
        #expect(conflict.out.contains("\"kind\":\"claims\"") && conflict.out.contains("\"holder\":true"))
        let page = ok(lead.ward("conflict", "show", id, lang: "vi"))
        #expect(page.out.contains("Lan («đang giữ»)") && page.out.contains("2. Minh") && page.out.contains("giờ máy"))
        #expect(minh.ward("conflict", "resolve", id, "--choose", "2", "--reason", "Tôi gần hơn").code == 5)
        #expect(lead.ward("conflict", "resolve", id, "--choose", "3", "--reason", "x").code == 2)
        #expect(lead.ward("conflict", "resolve", id, "--choose", "2").code == 2)
        _ = ok(lead.ward("conflict", "resolve", id, "--choose", "2", "--reason", "Minh ở gần"))
        for home in [lead, lan, minh] { _ = ok(home.ward("sync")) }
        #expect(ok(lead.ward("conflict", "list")).out.contains("no conflicts"))
        #expect(ok(lan.ward("task", "show", id, "--json")).out.contains("\"who\":\"Minh\""))
        _ = ok(minh.ward("task", "done", id, "--anyway", "--result", "Đã cài xong"))
        for home in [minh, lan, lead] { _ = ok(home.ward("sync")) }
        let hashes = [minh, lan, lead].map { ok($0.ward("status", "--json")).json("06685.03") }
        #expect(Set(hashes).count == 1 && hashes[0] != nil)
        #expect(ok(lead.ward("status", "--area", "3", "--json")).json("06685.03") == hashes[0])
    }

    @Test func parallelEditsOfOneFieldAreShownAndResolved() throws {
        let ward = try LoopbackWard()
        let officer = try Self.home(ward, .officer, ["06685"], "Bình")
        let lan = try Self.home(ward, .volunteer, ["06685.03"], "Lan")
        let id = try #require(ok(lan.ward("report", "new", "--title", "Ổ gà", "--json")).json("short_id"))
        for home in [lan, officer] { _ = ok(home.ward("sync")) }
        _ = ok(lan.ward("report", "edit", id, "--category", "road", "--title", "Ổ gà to"))
        _ = ok(officer.ward("report", "edit", id, "--category", "water", "--title", "Vỡ ống"))
        for home in [officer, lan, officer] { _ = home.ward("sync") }
        #expect(
            officer.ward("conflict", "resolve", id, "--choose", "1", "--reason", "x").err.contains("category, title"))
        _ = ok(officer.ward("conflict", "resolve", id, "-f", "category", "--choose", "1", "--reason", "Đã xem"))
        _ = ok(officer.ward("conflict", "resolve", id, "--value", "Ổ gà do vỡ ống", "--reason", "Gộp lại"))
        for home in [officer, lan] { _ = ok(home.ward("sync")) }
        let page = ok(lan.ward("report", "show", id, lang: "vi"))
        #expect(page.out.contains("Ổ gà do vỡ ống") && page.out.contains("Gộp lại"))
        #expect(lan.ward("conflict", "show", id).code == 3)
    }

    @Test func aLookupIsAskedOfflineAndAnsweredWithItsAge() throws {
        let ward = try LoopbackWard()
        let asOf = SystemTimeSource().nowSeconds() - 5 * 86_400
        _ = try ward.service.withCore { core in
            try core.importDossier(
                Dossier(
                    code: "000.00.01.H49-261103-0001", secret: "1234", status: 4, step: "Thẩm định",
                    agency: "UBND phường",
                    received: "03/11/2026", due: "10/11/2026", missing: "Bản sao", asOf: asOf))
        }
        let resident = try Self.home(ward)
        let ask = ok(resident.ward("lookup", "ask", "000.00.01.H49-261103-0001", "--secret", "12 34", "--json"))
        let id = try #require(ask.json("short_id"))
        #expect(ok(resident.ward("lookup", "show", id, lang: "vi")).out.contains("Chưa có trả lời"))
        _ = ok(resident.ward("sync"))
        let page = ok(resident.ward("lookup", "show", id, lang: "vi")).out
        #expect(page.contains("4 Đang xử lý") && page.contains("theo dữ liệu") && page.contains("5 ngày trước"))
        #expect(page.contains("đã cũ") && page.contains("Thẩm định") && !page.contains("1234"))
        let json = ok(resident.ward("lookup", "show", id, "--json"))
        #expect(json.out.contains("\"finding\":\"found\"") && json.out.contains("\"stale\":true"))
        #expect(ok(resident.ward("lookup", "list")).out.contains("answered"))
    }

    @Test func proceduresAndAreasAreFoundWithoutAccents() throws {
        let ward = try LoopbackWard()
        try ward.service.withCore { core in
            var procedure = ChangeSetDraft(kind: .procedure)
            procedure.perform(.set(Slot(field: ProcedureField.code)), .text("1.001193"))
            procedure.perform(.set(Slot(field: ProcedureField.name)), .text("Đăng ký khai sinh"))
            procedure.perform(.set(Slot(field: ProcedureField.papers, key: 0)), .text("Giấy chứng sinh"))
            var area = ChangeSetDraft(kind: .area)
            area.perform(.set(Slot(field: AreaField.code)), .text("06685.03"))
            area.perform(.set(Slot(field: AreaField.name)), .text("Khu phố 3"))
            _ = try core.author([procedure, area])
        }
        let home = try Self.home(ward)
        #expect(ok(home.ward("area", "list")).out.contains("06685"))
        _ = ok(home.ward("sync"))
        #expect(ok(home.ward("area", "list")).out.contains("Khu phố 3"))
        let found = ok(home.ward("procedure", "search", "khai", "sinh", "--json"))
        let id = try #require(found.json("short_id"))
        #expect(ok(home.ward("procedure", "show", id)).out.contains("Giấy chứng sinh"))
        #expect(ok(home.ward("procedure", "show", "1.001193")).out.contains("Đăng ký khai sinh"))
        #expect(home.ward("procedure", "search", "zzz").code == 3)
    }

    @Test func theDoctorRebuildsTheSameStore() throws {
        let ward = try LoopbackWard()
        let home = try Self.home(ward)
        for number in 1...5 { _ = ok(home.ward("report", "new", "-t", "Phản ánh \(number)")) }
        _ = ok(home.ward("sync"))
        _ = ok(home.ward("report", "new", "-t", "Phản ánh chờ gửi"))
        let before = (ok(home.ward("report", "list")).out, ok(home.ward("status", "--json")).out)
        chmod(home.path, 0o755)
        #expect(ok(home.ward("doctor", "--rebuild", "--json")).out.contains("\"rebuilt\":6"))
        var info = stat()
        #expect(stat(home.path, &info) == 0 && info.st_mode & 0o777 == 0o700)
        #expect(stat(home.path + "/replica.db", &info) == 0 && info.st_mode & 0o777 == 0o600)
        #expect(ok(home.ward("report", "list")).out == before.0)
        #expect(ok(home.ward("status", "--json")).out == before.1)
        #expect(ok(home.ward("doctor", lang: "vi")).out.contains("tốt"))
        #expect(ok(home.ward("whoami", lang: "vi")).out.contains("người dân"))
    }

    @Test func textOfOthersCannotSteerTheTerminal() throws {
        let ward = try LoopbackWard()
        let home = try Self.home(ward)
        let id = try #require(
            ok(home.ward("report", "new", "-t", "Đèn \u{1B}[31m\u{202E}hỏng\u{7}", "--json")).json("short_id"))
        _ = ok(home.ward("report", "comment", id, "a\u{1B}]0;x\u{7}\nb"))
        for arguments in [["report", "list"], ["report", "show", id], ["report", "list", "--json"]] {
            let run = ok(home.ward(arguments))
            #expect(!run.out.contains("\u{1B}") && !run.out.unicodeScalars.contains("\u{202E}"), "\(arguments)")
        }
    }

    @Test func whatTheWardDoesNotAcceptStaysVisibleWithItsReason() throws {
        let ward = try LoopbackWard()
        let lan = try Self.home(ward, .volunteer, ["06685.03"], "Lan")
        _ = ok(lan.ward("sync"))
        let device = try #require(ok(lan.ward("whoami", "--json")).json("device"))
        let key = try #require(
            Digest(
                stride(from: 0, to: 64, by: 2).map { offset in
                    let digits = device.utf8.dropFirst(offset).prefix(2)
                    return UInt8(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0
                }))
        try ward.service.withCore { core in try core.revoke(DeviceID(key), after: 0) }
        let id = try #require(ok(lan.ward("report", "new", "-t", "Ghi sau khi bị thu hồi", "--json")).json("short_id"))
        let sync = lan.ward("sync", lang: "vi")
        #expect(
            sync.code == 6 && sync.out.contains("tạm giữ") && sync.out.contains("thu hồi"), "\(sync.out)\(sync.err)")
        let list = ok(lan.ward("report", "list", lang: "vi"))
        #expect(list.out.contains("chưa được nhận") && list.out.contains("Ghi sau khi bị thu hồi"))
        let page = ok(lan.ward("report", "show", id, lang: "vi"))
        #expect(page.out.contains("tạm giữ") && page.out.contains("Liên hệ quản trị"))
        #expect(lan.ward("report", "comment", id, "x").code == 5)
        #expect(ok(lan.ward("status", "--json")).out.contains("\"verdict\":\"held\""))
        #expect(ok(lan.ward("report", "list", "--state", "queued")).out.contains("Ghi sau khi"))
        #expect(ok(lan.ward("doctor", "--rebuild")).out.contains("sound"))
        #expect(ok(lan.ward("report", "list", lang: "vi")).out == list.out)
    }

    @Test func commandsAtTheSameTimeWaitForEachOther() async throws {
        let ward = try LoopbackWard()
        let home = try Self.home(ward)
        let path = home.path
        await withTaskGroup(of: Int32.self) { group in
            for number in 0..<12 {
                group.addTask {
                    let words =
                        number % 3 == 2 ? ["report", "list", "--all"] : ["report", "new", "-t", "Cùng lúc \(number)"]
                    return spawn(TestHome.program, words + ["--home", path], environment: [], root: nil).code
                }
            }
            for await code in group { #expect(code == 0) }
        }
        #expect(ok(home.ward("report", "list", "--json")).out.contains("\"total\":8"))
    }
}
