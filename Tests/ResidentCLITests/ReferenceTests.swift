// Search, places, notices, alerts and areas through the real program.
import Glibc
import Testing

@testable import ResidentCLI
@testable import SyncKit
@testable import SyncServer

@Suite struct ReferenceTests {
    private func ok(_ run: WardRun, _ place: SourceLocation = #_sourceLocation) -> WardRun {
        #expect(run.code == 0, "\(run.out)\(run.err)", sourceLocation: place)
        return run
    }

    /// A ward with the areas of Hồng Gai and what it was made of, and two procedures.
    private func ward() throws -> LoopbackWard {
        let ward = try LoopbackWard()
        func draft(_ kind: DocumentKind, _ texts: [(UInt8, String)]) -> ChangeSetDraft {
            var draft = ChangeSetDraft(kind: kind)
            for (field, text) in texts where !text.isEmpty { draft.perform(.set(Slot(field: field)), .text(text)) }
            return draft
        }
        func area(_ code: String, _ name: String, _ level: String, _ parent: String) -> ChangeSetDraft {
            draft(
                .area,
                [(AreaField.code, code), (AreaField.name, name), (AreaField.level, level), (AreaField.parent, parent)])
        }
        var whole = area("06685", "Phường Hồng Gai", "ward", "22")
        for old in ["06682", "06688"] { whole.perform(.add(Slot(field: AreaField.mergedFrom)), .text(old)) }
        var old = area("06688", "Phường Bạch Đằng", "ward", "22")
        old.perform(.set(Slot(field: AreaField.validTo)), CBORValue(1_751_302_800))
        var drafts = [
            area("22", "Tỉnh Quảng Ninh", "province", ""), whole, old,
            area("06682", "Phường Trần Hưng Đạo", "ward", "22"),
        ]
        for number in [10, 9, 3, 12] {
            let code = "06685." + (number < 10 ? "0" : "") + "\(number)"
            drafts.append(area(code, "Khu phố \(number)", "neighborhood", "06685"))
        }
        let name = ProcedureField.name
        drafts.append(draft(.procedure, [(ProcedureField.code, "1.000894"), (name, "Đăng ký kết hôn")]))
        var birth = draft(.procedure, [(ProcedureField.code, "1.001193"), (name, "Đăng ký khai sinh")])
        birth.perform(.set(Slot(field: ProcedureField.field)), .text("Hộ tịch"))
        birth.perform(.set(Slot(field: ProcedureField.papers, key: 0)), .text("Giấy chứng sinh do cơ sở y tế cấp"))
        drafts.append(birth)
        let all = drafts
        _ = try ward.service.withCore { core in try core.author(all) }
        return ward
    }

    private func homes(_ ward: LoopbackWard) throws -> (officer: TestHome, resident: TestHome) {
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Ông Bình")
        let resident = try FieldDayTests.home(ward)
        for home in [officer, resident] { _ = ok(home.ward("sync")) }
        return (officer, resident)
    }

    @Test func oneSearchFindsProceduresReportsAndPlacesAndSaysWhere() throws {
        let ward = try self.ward()
        defer { withExtendedLifetime(ward) {} }
        let (officer, resident) = try homes(ward)
        _ = ok(officer.ward("place", "add", "-n", "Trạm y tế Hồng Gai", "-c", "tram y te", "--phone", "0203 3825 499"))
        _ = ok(resident.ward("report", "new", "-t", "Đèn trước trạm y tế hỏng", "--area", "khu pho 3"))
        // A device that knows the ward's units does not make up another one.
        #expect(resident.ward("report", "new", "-t", "x", "--area", "khu pho 99").code == 2)
        for home in [officer, resident, officer, resident] { _ = ok(home.ward("sync")) }
        let both = ok(resident.ward("search", "TRAM", "y", "te", lang: "vi")).out
        #expect(both.contains("Trạm y tế Hồng Gai  (địa điểm, trạm y tế)"), "\(both)")
        #expect(both.contains("Đèn trước trạm y tế hỏng  (phản ánh, đã tiếp nhận, Khu phố 3"), "\(both)")
        #expect(both.firstRange(of: "Trạm y tế")?.lowerBound ?? both.endIndex < both.firstRange(of: "Đèn")!.lowerBound)
        let one = ok(resident.ward("search", "tram y te", "-k", "report", "--json"))
        #expect(
            one.out.contains("\"shown\":1") && one.json("area_name") == "Khu phố 3" && one.json("match") == "phrase")
        let text = ok(resident.ward("search", "giay chung sinh"))
        #expect(
            text.out.contains("Đăng ký khai sinh") && text.out.contains("Papers: Giấy chứng sinh do cơ sở y tế cấp"))
        #expect(!text.out.contains("\u{1B}"))
        #expect(ok(resident.ward("procedure", "search", "ky", "dang", "--json")).out.contains("\"shown\":2"))
        for home in [officer, resident] { #expect(ok(home.ward("report", "search", "den")).out.contains("Đèn trước")) }
        #expect(resident.ward("task", "search", "den").code == 3)
        let nothing = resident.ward("search", "\"'*();--", "zzzz", lang: "vi")
        #expect(nothing.code == 3 && nothing.out.contains("Không có mục nào"))
        #expect(resident.ward("search", "x", "--kind", "settings", lang: "vi").err.contains("procedure, place"))
    }

    @Test func placesAreNearWithDistanceAndDirection() throws {
        let ward = try self.ward()
        defer { withExtendedLifetime(ward) {} }
        let (officer, resident) = try homes(ward)
        for (name, at, category) in [
            ("Trạm y tế Bắc", "20.9611,107.0734", "health"), ("Nhà văn hoá Đông", "20.9511,107.0934", "community"),
            ("Wifi công cộng", "20.9506,107.0734", "wifi"),
        ] {
            _ = ok(officer.ward("place", "add", "-n", name, "-c", category, "--at", at, "--area", "3"))
        }
        _ = ok(officer.ward("place", "add", "-n", "Chợ", "-c", "cho"))
        _ = ok(officer.ward("sync"))
        _ = ok(resident.ward("sync"))
        let near = ok(resident.ward("place", "near", "--at", "20.9511,107.0734", lang: "vi")).out
        let lines = near.split(separator: "\n").map(String.init)
        try #require(lines.count == 4, "\(near)")
        #expect(lines[1].contains("56 m") && lines[1].contains("nam") && lines[1].contains("điểm wifi"))
        #expect(lines[2].contains("1,1 km") && lines[2].contains("bắc") && lines[2].contains("Trạm y tế"))
        #expect(lines[3].contains("2,1 km") && lines[3].contains("đông"))
        let json = ok(resident.ward("place", "near", "--at", "20.9511,107.0734", "-c", "tram", "--json"))
        #expect(json.out.contains("\"distance_metres\":1112") && json.json("direction") == "N", "\(json.out)")
        let id = try #require(
            ok(resident.ward("report", "new", "-t", "x", "--area", "3", "--at", "20.9511,107.0934", "--json"))
                .json("short_id"))
        let here = ok(resident.ward("place", "near", "--from", id, "--limit", "1"))
        #expect(here.out.contains("0 m") && here.out.contains("right here"))
        let list = ok(resident.ward("place", "list")).out
        let order = ["Chợ", "Nhà văn hoá", "Trạm y tế", "Wifi"].compactMap { list.firstRange(of: $0)?.lowerBound }
        #expect(order.count == 4 && order == order.sorted())
        let place = try #require(ok(resident.ward("place", "search", "cho", "--json")).json("short_id"))
        _ = ok(officer.ward("place", "edit", place, "--hours", "5:00–18:00", "--address", "Đường 25/4"))
        #expect(ok(officer.ward("place", "show", place)).out.contains("5:00–18:00"))
        #expect(resident.ward("place", "add", "-n", "Của tôi").code == 5)
        #expect(resident.ward("place", "near").code == 2)
        #expect(resident.ward("place", "near", "--at", "91,0").code == 2)
        #expect(resident.ward("place", "near", "--from", place).code == 2)
    }

    @Test func activeAlertsAreSaidEverywhereAndExpiredOnesSayThatTheyAre() throws {
        let ward = try self.ward()
        defer { withExtendedLifetime(ward) {} }
        let (officer, resident) = try homes(ward)
        let alert = ok(
            officer.ward(
                "alert", "post", "-k", "lu", "-l", "2", "-t", "Nước lên nhanh", "--station", "Bãi Cháy", "--until",
                "6h",
                "--area", "hong gai", "--json"))
        let id = try #require(alert.json("short_id"))
        let assumed = ok(officer.ward("alert", "post", "-k", "storm", "-l", "3", "-t", "Bão gần bờ", lang: "vi")).out
        #expect(assumed.contains("24 giờ"))
        let notice = try #require(
            ok(officer.ward("notice", "post", "-t", "Lịch tiêm chủng", "-b", "Sáng thứ bảy", "--json")).json("short_id")
        )
        _ = ok(officer.ward("sync"))
        _ = ok(resident.ward("sync"))
        let list = ok(resident.ward("alert", "list", lang: "vi")).out
        #expect(list.contains("báo động 2 tại trạm Bãi Cháy") && list.contains("bão, giông lốc, cấp 3"), "\(list)")
        #expect(list.firstRange(of: "Bão gần bờ")!.lowerBound < list.firstRange(of: "Nước lên")!.lowerBound)
        let status = ok(resident.ward("status", lang: "vi")).out
        #expect(status.contains("báo động 2 tại trạm Bãi Cháy: Nước lên nhanh (có hiệu lực đến "), "\(status)")
        #expect(ok(resident.ward("status", "--json")).out.contains("\"title\":\"Nước lên nhanh\""))
        #expect(ok(resident.ward("notice", "list")).out.contains("Lịch tiêm chủng"))
        _ = ok(officer.ward("alert", "end", id))
        _ = ok(officer.ward("notice", "withdraw", notice))
        #expect(ok(officer.ward("notice", "withdraw", notice)).out.contains("expired already"))
        _ = ok(officer.ward("sync"))
        _ = ok(resident.ward("sync"))
        let active = ok(resident.ward("alert", "list", lang: "vi")).out
        #expect(!active.contains("Nước lên") && active.contains("1 mục đã hết hiệu lực"), "\(active)")
        let all = ok(resident.ward("alert", "list", "--all", lang: "vi")).out
        #expect(all.contains("Nước lên") && all.contains("đã hết hiệu lực"))
        #expect(!ok(resident.ward("status", lang: "vi")).out.contains("Nước lên"))
        #expect(ok(resident.ward("alert", "show", id, lang: "vi")).out.contains("«đã hết hiệu lực»"))
        #expect(ok(resident.ward("search", "nuoc len", lang: "vi")).out.contains("«đã hết hiệu lực»"))
        #expect(ok(resident.ward("notice", "list", "--json")).out.contains("\"expired_hidden\":1"))
        #expect(resident.ward("alert", "post", "-l", "1", "-t", "Tôi báo").code == 5)
        #expect(officer.ward("alert", "post", "-l", "4", "-t", "x").code == 2)
        #expect(officer.ward("alert", "post", "-l", "1", "-t", "x", "-k", "zzz").err.contains("flood, storm"))
        #expect(ok(resident.ward("today", lang: "vi")).out.contains("bão, giông lốc, cấp 3: Bão gần bờ"))
        for until in ["hôm qua", "01/01/2020", "31/02/2030", "0h"] {
            let run = officer.ward("alert", "post", "-l", "1", "-t", "x", "--until", until, lang: "vi")
            #expect(run.code == 2 && run.err.contains("--until"), "\(run.err)")
        }
    }

    @Test func anOldWardsNameFindsTheNewOneAndItsDocumentsAreShownThere() throws {
        let ward = try self.ward()
        defer { withExtendedLifetime(ward) {} }
        let (officer, resident) = try homes(ward)
        for typed in ["Bạch Đằng", "bach dang", "06688"] {
            let page = ok(resident.ward("area", "show", typed, lang: "vi")).out
            #expect(page.contains("Phường Bạch Đằng (06688)") && page.contains("nay thuộc Phường Hồng Gai (06685)"))
        }
        let found = ok(resident.ward("area", "search", "bach", "dang", lang: "vi")).out
        #expect(found.contains("nay thuộc Phường Hồng Gai (06685)"), "\(found)")
        #expect(ok(resident.ward("area", "search", "06688", "--json")).json("present_code") == "06685")
        let page = ok(resident.ward("area", "show", "hong", "gai", lang: "vi")).out
        #expect(page.contains("Gộp từ: Phường Trần Hưng Đạo (06682), Phường Bạch Đằng (06688)"), "\(page)")
        #expect(page.contains("Khu phố 3, Khu phố 9, Khu phố 10, Khu phố 12"), "\(page)")
        let list = ok(resident.ward("area", "list")).out
        #expect(!list.contains("Bạch Đằng") && list.contains("Tỉnh Quảng Ninh"), "\(list)")
        #expect(ok(resident.ward("area", "list", "--all")).out.contains("Bạch Đằng"))
        // A resident names the old ward; the report is the new one's.
        let old = ok(resident.ward("report", "new", "-t", "Ngập ngõ cũ", "--area", "Bạch Đằng", "--json"))
        let id = try #require(old.json("short_id"))
        #expect(ok(resident.ward("report", "show", id)).out.contains("Phường Hồng Gai (06685)"))
        #expect(ok(resident.ward("report", "list", "--json")).json("area") == "06685")
        #expect(ok(resident.ward("report", "list", "--area", "tran hung dao")).out.contains("Ngập ngõ cũ"))
        let several = resident.ward("report", "list", "--area", "khu pho", lang: "vi")
        #expect(several.code == 4 && several.err.contains("Khu phố 10 (06685.10)"), "\(several.err)")
        let none = resident.ward("report", "list", "--area", "khong co", lang: "vi")
        #expect(none.code == 2 && none.err.contains("ward area list"))
        #expect(resident.ward("area", "show", "zzz").code == 3)
        _ = officer
    }

    @Test func proceduresAreListedInVietnameseOrderAndByField() throws {
        let ward = try self.ward()
        defer { withExtendedLifetime(ward) {} }
        let (_, resident) = try homes(ward)
        let all = ok(resident.ward("procedure", "list")).out
        #expect(all.firstRange(of: "ký kết hôn")!.lowerBound < all.firstRange(of: "ký khai sinh")!.lowerBound)
        let some = ok(resident.ward("procedure", "list", "--field", "ho ti", "--json"))
        #expect(some.out.contains("\"shown\":1") && some.json("field") == "Hộ tịch")
        #expect(resident.ward("procedure", "list", "--field", "thue").code == 3)
    }
}
