// Notices and alerts at fixed times: valid ones first, expired ones said to be so.

import Testing

@testable import SyncKit

@Suite struct AnnouncementTests {
    private func alert(
        _ replica: Replica, _ title: String, level: Int64, until: Int64?, area: String = "06685"
    ) throws {
        var draft = ChangeSetDraft(kind: .alert)
        draft.perform(.set(Slot(field: AlertField.title)), .text(title))
        draft.perform(.set(Slot(field: AlertField.category)), .text("flood"))
        draft.perform(.set(Slot(field: AlertField.level)), CBORValue(level))
        draft.perform(.set(Slot(field: AlertField.area)), .text(area))
        if let until { draft.perform(.set(Slot(field: AlertField.validUntil)), CBORValue(until)) }
        _ = try replica.commit(draft)
    }

    @Test func activeAlertsAreForOnesAreasAndTheMostSeriousComesFirst() throws {
        let ward = try TestWard(seed: 81)
        let officer = try ward.device(82, role: .officer, areas: ["06685"], name: "O")
        try ward.sync(officer)
        let lan = try ward.device(83, role: .volunteer, areas: ["06685.03"], name: "Lan")
        let resident = try ward.device(84)
        let now = ward.time.nowSeconds()
        try alert(officer, "past", level: 3, until: now - 1)
        try alert(officer, "now", level: 3, until: now)
        try alert(officer, "small", level: 1, until: now + 10)
        try alert(officer, "later", level: 2, until: now + 7200)
        try alert(officer, "sooner", level: 2, until: now + 3600)
        try alert(officer, "endless", level: 1, until: nil)
        try alert(officer, "elsewhere", level: 3, until: now + 3600, area: "06685.04")
        for replica in [officer, lan, resident] { try ward.sync(replica) }
        func titles(_ replica: Replica, _ areas: [String], at time: Int64) throws -> [String] {
            try replica.activeAlerts(for: areas, now: time).map(\.title)
        }
        #expect(try titles(lan, ["06685.03"], at: now) == ["sooner", "later", "small", "endless"])
        #expect(try titles(resident, [], at: now) == ["elsewhere", "sooner", "later", "small", "endless"])
        #expect(try titles(officer, ["06685"], at: now).first == "elsewhere")
        #expect(try titles(lan, ["06685.03"], at: now - 1).first == "now")
        #expect(try titles(lan, ["06685.03"], at: now + 3600) == ["later", "endless"])
        #expect(try titles(lan, ["06685.03"], at: .max) == ["endless"])
        let all = try lan.announcements(.alert, for: [], isAll: true, now: now)
        #expect(all.map(\.title).suffix(2) == ["now", "past"] && all.count == 7)
        #expect(all.filter { $0.isExpired(at: now) }.map(\.title) == ["now", "past"])
        #expect(try lan.expiredCount(.alert, now: now) == 2)
        let hits = try lan.search(
            try #require(SearchTerms("past")), kinds: [.alert], limit: 5, now: now)
        #expect(hits.first?.isExpired(at: now) == true && hits.first?.validUntil == now - 1)
    }

    @Test func impossibleTimesAndLevelsAreShownSafely() throws {
        let ward = try TestWard(seed: 91)
        let officer = try ward.device(92, role: .officer, areas: ["06685"], name: "O")
        try ward.sync(officer)
        for until in [Int64.min, -1, 0, .max] { try alert(officer, "t\(until)", level: .max, until: until) }
        let now = ward.time.nowSeconds()
        #expect(try officer.activeAlerts(for: [], now: now).map(\.title) == ["t\(Int64.max)"])
        #expect(try officer.announcements(.alert, for: [], isAll: true, now: now).allSatisfy { $0.level == 0 })
    }

    @Test func aWithdrawnNoticeIsNotValidAnyMore() throws {
        let ward = try TestWard(seed: 95)
        let officer = try ward.device(96, role: .officer, areas: ["06685"], name: "O")
        try ward.sync(officer)
        var draft = ChangeSetDraft(kind: .notice)
        draft.perform(.set(Slot(field: NoticeField.title)), .text("Lịch tiêm chủng"))
        let id = try officer.commit(draft).document
        let now = ward.time.nowSeconds()
        #expect(try officer.announcements(.notice, for: ["06685.03"], isAll: false, now: now).count == 1)
        var end = ChangeSetDraft(kind: .notice, document: id)
        end.perform(.set(Slot(field: NoticeField.validUntil)), CBORValue(now))
        _ = try officer.commit(end)
        #expect(try officer.announcements(.notice, for: ["06685.03"], isAll: false, now: now).isEmpty)
        try ward.sync(officer)
        #expect(try officer.announcements(.notice, for: [], isAll: true, now: now).map(\.isPending) == [false])
    }
}
