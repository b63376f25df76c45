// Histories that a device does not hold, with the real program: a new officer's device, and one that rests.
import Testing

@testable import ResidentCLI
@testable import SyncKit

@Suite struct HistoryCommandTests {
    private func ok(_ run: WardRun, _ place: SourceLocation = #_sourceLocation) -> WardRun {
        #expect(run.code == 0, "\(run.out)\(run.err)", sourceLocation: place)
        return run
    }

    @Test func aNewDeviceShowsWhatStandsAndFetchesTheHistory() throws {
        let ward = try LoopbackWard()
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        var ids: [String] = []
        for title in ["Đèn đường hỏng", "Nắp cống vỡ"] {
            let new = ok(lan.ward("report", "new", "-t", title, "--area", "3", "--json"))
            ids.append(String(try #require(new.json("short_id")).prefix(8)))
        }
        _ = ok(lan.ward("report", "comment", ids[0], "Đã ra xem, vẫn tắt"))
        _ = ok(lan.ward("sync"))
        try ward.service.withCore { (core: WardCore) throws(StoreError) in try core.noteBackup(upTo: core.size) }

        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Ông Bình")
        _ = ok(officer.ward("sync"))
        // Everything that stands is there, is found, and says where its history is.
        #expect(ok(officer.ward("report", "list", lang: "vi")).out.contains("Nắp cống vỡ"))
        #expect(ok(officer.ward("search", "den hong")).out.contains("Đèn đường hỏng"))
        let shown = ok(officer.ward("report", "show", ids[0], lang: "vi"))
        #expect(shown.out.contains("Đã ra xem, vẫn tắt") && shown.out.contains("ward sync --history"))
        #expect(ok(officer.ward("report", "show", ids[0], "--json")).out.contains("\"history_whole\":false"))

        let fetched = ok(officer.ward("sync", "--history", ids[0], lang: "vi"))
        #expect(fetched.out.contains("Đã có đủ lịch sử"), "\(fetched.out)")
        let whole = ok(officer.ward("report", "show", ids[0], lang: "vi"))
        #expect(!whole.out.contains("ward sync --history") && whole.out.contains("Lan"))
        #expect(ok(officer.ward("report", "show", ids[1], lang: "vi")).out.contains("ward sync --history"))
        #expect(officer.ward("sync", "--history", "khong-co").code == 3)
        // Nothing rests yet, and the store is sound with states in it.
        let doctor = ok(officer.ward("doctor", "--compact", "--rebuild", lang: "vi"))
        #expect(doctor.out.contains("Chưa có mục nào để gọn lại"), "\(doctor.out)")
    }
}
