// Look-ups as people use them: for oneself, for somebody with consent, by an officer, and cleaned up after.

import Testing

@testable import ResidentCLI
@testable import SyncKit

@Suite struct LookupCommandTests {
    private func ok(_ run: WardRun, _ place: SourceLocation = #_sourceLocation) -> WardRun {
        #expect(run.code == 0, "\(run.out)\(run.err)", sourceLocation: place)
        return run
    }

    @Test func aVolunteerNotesTheConsentAnOfficerAnswersAndTheAnswerCanBeDeleted() throws {
        let ward = try LoopbackWard()
        let lan = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Ông Bình")
        let code = "000.00.01.H49-261103-0777"
        for (language, words) in [("vi", "đồng ý"), ("en", "agreed")] {
            let refused = lan.ward("lookup", "ask", code, "--secret", "55", lang: language)
            #expect(refused.code == 2 && refused.err.contains(words), "\(refused.code) \(refused.err)")
        }
        let asked = ok(
            lan.ward("lookup", "ask", code, "--secret", "55", "--consent", "Bà Hoa đồng ý tại nhà", "--json"))
        let id = try #require(asked.json("short_id"))
        _ = ok(lan.ward("sync"))
        #expect(ok(lan.ward("lookup", "show", id, lang: "vi")).out.contains("Không tìm thấy"))
        _ = ok(officer.ward("sync"))
        let unclear = officer.ward("lookup", "answer", id, "--status", "4", "--not-found", lang: "vi")
        #expect(unclear.code == 2 && unclear.err.contains("đúng một cách"), "\(unclear.err)")
        let stray = lan.ward("lookup", "answer", id, "--status", "4", lang: "vi")
        #expect(stray.code != 0 && !stray.err.isEmpty)
        _ = ok(officer.ward("lookup", "answer", id, "--status", "4", "--step", "đang thẩm định"))
        _ = ok(officer.ward("sync"))
        _ = ok(lan.ward("sync"))
        let page = ok(lan.ward("lookup", "show", id, lang: "vi"))
        #expect(page.out.contains("đang thẩm định") && page.out.contains("theo dữ liệu"))
        #expect(ok(officer.ward("lookup", "show", id)).out.contains("đang thẩm định") == false)
        #expect(ok(lan.ward("lookup", "list", "--json")).out.contains("\"stale\":false"))
        let purged = ok(lan.ward("lookup", "purge", "--older-than", "0", lang: "vi"))
        #expect(purged.out.contains("Đã xoá 1"))
        let after = ok(lan.ward("lookup", "show", id, lang: "vi"))
        #expect(after.out.contains("đã được xoá") && !after.out.contains("đang thẩm định"))
        #expect(ok(lan.ward("lookup", "show", id, "--json")).out.contains("\"purged\":true"))
    }
}
