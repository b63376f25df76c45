// Looking after a ward with the real program: devices, what is held, orders, and what people are told of it.
import Glibc
import Testing

@testable import ResidentCLI
@testable import SyncKit
@testable import SyncServer

@Suite struct OversightCommandTests {
    @discardableResult
    private func ok(_ run: WardRun, _ place: SourceLocation = #_sourceLocation) -> WardRun {
        #expect(run.code == 0, "\(run.out)\(run.err)", sourceLocation: place)
        return run
    }

    @Test func anAdminRevokesReadsWhatIsHeldAndDecidesOneByOne() throws {
        let ward = try LoopbackWard()
        let admin = try FieldDayTests.home(ward, .admin, ["06685"], "Chị Mai")
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let id = try #require(ok(lan.ward("report", "new", "-t", "Đèn tắt", "--area", "3", "--json")).json("short_id"))
        for home in [lan, admin] { ok(home.ward("sync")) }
        #expect(ok(admin.ward("device", "list", lang: "vi")).out.contains("tình nguyện viên"))
        #expect(lan.ward("device", "list").code == 5)
        #expect(admin.ward("device", "revoke", "Lan").code == 2)
        #expect(admin.ward("device", "revoke", "Ai đó", "--reason", "x").code == 3)
        let given = ok(admin.ward("device", "revoke", "Lan", "--reason", "Mất điện thoại", lang: "vi"))
        #expect(given.out.contains("thu hồi thiết bị – Lan"))
        #expect(ok(admin.ward("order", "list", lang: "vi")).out.contains("«chờ gửi»"))
        ok(admin.ward("sync"))
        #expect(ok(admin.ward("order", "list", lang: "vi")).out.contains("«đã thi hành»"))
        for text in ["Làm thật", "Người khác ghi"] { ok(lan.ward("report", "comment", id, text)) }
        #expect(lan.ward("sync").code == 6)
        #expect(lan.ward("status", lang: "vi").all.contains("đã bị phường thu hồi"))
        ok(admin.ward("sync"))
        #expect(ok(admin.ward("status", "--json")).out.contains("\"held\":2"))
        let list = ok(admin.ward("quarantine", "list", lang: "vi")).out
        #expect(list.contains("thiết bị đã bị thu hồi") && list.contains("Lan"))
        let ids = ok(admin.ward("quarantine", "list", "--device", "lan", "--json")).out
            .components(between: "\"short_id\":\"", and: "\"")
        try #require(ids.count == 2)
        let shown = ok(admin.ward("quarantine", "show", ids[0], lang: "vi")).out
        #expect(shown.contains("Làm thật") && shown.contains("Phường nhận lúc"))
        ok(admin.ward("quarantine", "release", ids[0], "--reason", "Đã hỏi Lan"))
        ok(admin.ward("quarantine", "decline", ids[1], "--reason", "Không phải Lan"))
        ok(admin.ward("sync"))
        #expect(ok(admin.ward("quarantine", "list", lang: "vi")).all.contains("Không có gì bị tạm giữ"))
        #expect(ok(admin.ward("quarantine", "list", "--refused", "--json")).json("code") == "declined")
        let page = ok(admin.ward("report", "show", id, lang: "vi")).out
        #expect(page.contains("Làm thật") && !page.contains("Người khác ghi"))
        #expect(admin.ward("quarantine", "show", "zzzz").code == 3)
    }

    @Test func anOrderThatWasNotCarriedOutIsToldAsNotCarriedOut() throws {
        let ward = try LoopbackWard()
        let mai = try FieldDayTests.home(ward, .admin, ["06685"], "Mai")
        let binh = try FieldDayTests.home(ward, .admin, ["06685"], "Bình")
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let id = try #require(ok(lan.ward("report", "new", "-t", "Đèn tắt", "--area", "3", "--json")).json("short_id"))
        for home in [lan, mai, binh] { ok(home.ward("sync")) }
        ok(mai.ward("device", "revoke", "Lan", "--reason", "Mất máy"))
        ok(mai.ward("sync"))
        ok(lan.ward("report", "comment", id, "Ghi khi mất sóng"))
        #expect(lan.ward("sync").code == 6)
        for home in [mai, binh] { ok(home.ward("sync")) }
        let held = try #require(ok(mai.ward("quarantine", "list", "--json")).json("short_id"))
        // Bình decides about what he still sees as held, and Mai was faster.
        ok(mai.ward("quarantine", "release", held, "--reason", "Việc thật"))
        ok(mai.ward("device", "grant", "Lan", "--role", "volunteer", "--area", "3", "--reason", "Tìm thấy máy"))
        ok(binh.ward("quarantine", "decline", held, "--reason", "Không rõ ai ghi"))
        for home in [mai, binh, lan] { ok(home.ward("sync")) }
        for command in ["status", "today"] {
            let lines = ok(lan.ward(command, lang: "vi")).out.split(separator: "\n")
            let declined = lines.first { $0.contains("Không rõ ai ghi") } ?? ""
            #expect(declined.contains("«không thi hành được: gói đó đã được tính"), "\(lines)")
            let released = lines.first { $0.contains("Việc thật") } ?? ""
            #expect(released.contains("«đã thi hành»"), "\(lines)")
        }
        let json = ok(lan.ward("status", "--json")).out
        #expect(json.contains("\"status\":\"refused\",\"why\":\"not_held\""), "\(json)")
    }

    @Test func aGrantIsExtendedAndItsEndIsTold() throws {
        let ward = try LoopbackWard()
        let admin = try FieldDayTests.home(ward, .admin, ["06685"], "Mai")
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        for home in [lan, admin] { ok(home.ward("sync")) }
        let today = LocalTime(seconds: SystemTimeSource().nowSeconds()).date
        let soon = LocalTime(seconds: today.startSeconds() + 3 * 86_400).dateText
        let granted = admin.ward(
            "device", "grant", "Lan", "--role", "lead", "--area", "3", "--until", soon, "--reason", "Thử việc")
        #expect(ok(granted).out.contains("grant"))
        for home in [admin, lan] { ok(home.ward("sync")) }
        let status = ok(lan.ward("status", lang: "vi"))
        #expect(status.all.contains("còn 3 ngày") && status.all.contains(soon))
        #expect(ok(lan.ward("status", "--json")).out.contains("\"grant_days_left\":3"))
        #expect(ok(admin.ward("device", "list", "--expiring", "7", lang: "vi")).out.contains("còn 3 ngày"))
        ok(admin.ward("device", "extend", "lan", "--until", "31/12/2090", "--reason", "Làm tiếp"))
        for home in [admin, lan] { ok(home.ward("sync")) }
        #expect(!ok(lan.ward("status", lang: "vi")).all.contains("Quyền của máy này"))
        #expect(ok(lan.ward("whoami", "--json")).json("role") == "lead")
    }

    @Test func aPreparedOrderIsSignedOnADeviceOfTheSameWardByOneWhoMay() throws {
        let ward = try LoopbackWard()
        let admin = try FieldDayTests.home(ward, .admin, ["06685"], "Mai")
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        for home in [lan, admin] { ok(home.ward("sync")) }
        let key = try #require(Digest(hex: ok(lan.ward("whoami", "--json")).json("device") ?? ""))
        let order = Order(.revoke, DeviceID(key), reason: "Soạn trên máy chủ")
        let text = PreparedOrder.text(order, ward: ward.service.ward)
        #expect(PreparedOrder.read(text)?.order == order)
        #expect(admin.ward("order", "sign", "-", input: "wardorder1-zzzz").code == 2)
        let other = PreparedOrder.text(order, ward: .zero)
        #expect(admin.ward("order", "sign", "-", input: other).code == 5)
        #expect(lan.ward("order", "sign", "-", input: text).code == 5)
        ok(admin.ward("order", "sign", "-", input: text))
        ok(admin.ward("sync"))
        #expect(ok(admin.ward("order", "list", "--json")).json("status") == "done")
        #expect(ok(admin.ward("order", "list", "--json")).json("reason") == "Soạn trên máy chủ")
    }

    @Test func whatIsErasedIsShownAsErased() throws {
        let ward = try LoopbackWard()
        let admin = try FieldDayTests.home(ward, .admin, ["06685"], "Mai")
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let id = try #require(ok(lan.ward("report", "new", "-t", "Đèn tắt", "--area", "3", "--json")).json("short_id"))
        ok(lan.ward("report", "comment", id, "Số điện thoại 0912345678"))
        for home in [lan, admin] { ok(home.ward("sync")) }
        ok(admin.ward("order", "erase", id, "--number", "2", "--reason", "Có số điện thoại"))
        #expect(admin.ward("order", "erase", id, "--number", "9", "--reason", "x").code == 3)
        for home in [admin, lan] { ok(home.ward("sync")) }
        for home in [admin, lan] {
            let page = ok(home.ward("report", "show", id, lang: "vi")).out
            #expect(page.contains("«đã xoá»") && !page.contains("0912345678"))
            #expect(home.ward("search", "0912345678", "--json").code == 3)
        }
    }
}

extension WardRun {
    /// Both outputs.
    fileprivate var all: String { out + err }
}

extension String {
    /// What stands between two marks, each time.
    fileprivate func components(between first: String, and last: Character) -> [String] {
        var found: [String] = []
        var rest = self[...]
        while let start = rest.firstRange(of: first) {
            rest = rest[start.upperBound...]
            guard let end = rest.firstIndex(of: last) else { break }
            found.append(String(rest[..<end]))
            rest = rest[end...]
        }
        return found
    }
}
