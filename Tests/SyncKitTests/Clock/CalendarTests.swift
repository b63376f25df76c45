// Days and times of day: every day of ten thousand years, and what people type.

import Testing

@testable import SyncKit

@Suite struct CalendarTests {
    @Test func everyDayIsFollowedByTheNext() throws {
        let first = try #require(CivilDate(year: 1, month: 1, day: 1))
        let last = try #require(CivilDate(year: 9999, month: 12, day: 31))
        #expect(first.daysSince1970 * 86_400 == -62_135_596_800)
        #expect(last.daysSince1970 * 86_400 == 253_402_214_400)
        var before = first
        for days in stride(from: first.daysSince1970 + 1, through: last.daysSince1970, by: 1) {
            let date = CivilDate(daysSince1970: days)
            let follows =
                before < date && date.daysSince1970 == days
                && CivilDate(year: date.year, month: date.month, day: date.day) == date
                && (date.day == before.day + 1 || (date.day == 1 && before.day >= 28))
            if !follows { Issue.record("\(before) is followed by \(date)") }
            before = date
        }
        #expect(before == last)
        #expect(CivilDate(daysSince1970: .max) == last)
        #expect(CivilDate(daysSince1970: .min) == first)
        #expect(CivilDate(daysSince1970: 0).text == "01/01/1970")
        #expect(CivilDate(daysSince1970: 13_574_563_200 / 86_400).iso8601 == "2400-02-29")
    }

    @Test(arguments: [
        ("12/03/2026", "2026-03-12"), ("1/2/2026", "2026-02-01"), ("2026-03-12", "2026-03-12"),
        ("29/02/2024", "2024-02-29"), ("29/02/2000", "2000-02-29"), ("31/12/9999", "9999-12-31"),
        ("01/01/0001", "0001-01-01"),
    ])
    func datesAreReadAsTheyAreWritten(text: String, iso: String) throws {
        let date = try #require(CivilDate.parse(text))
        #expect(date.iso8601 == iso)
        #expect(CivilDate.parse(date.text) == date)
        #expect(CivilDate.parse(date.iso8601) == date)
    }

    @Test(arguments: [
        "", "29/02/2026", "29/02/1900", "31/04/2026", "00/01/2026", "01/00/2026", "01/13/2026", "32/01/2026",
        "01/01/0000", "2026-02-30", "2026-2-3", "12/03/26", "12-03-2026", "2026/03/12", "12/03/2026 ", "+1/03/2026",
        "1//2026", "１/03/2026", "12/03/99999", "//", "12.03.2026", "999999999999999999999/1/2026",
    ])
    func impossibleDatesAreRefused(text: String) { #expect(CivilDate.parse(text) == nil) }

    @Test func timesAreThoseOfVietnam() {
        let time = LocalTime(seconds: 1_773_279_000)
        #expect(time.text == "08:30 12/03/2026")
        #expect(time.dateText == "12/03/2026")
        #expect(time.iso8601 == "2026-03-12T08:30:00+07:00")
        #expect(LocalTime(HybridTime(seconds: 1_773_279_000, counter: 3)) == time)
        #expect(LocalTime(seconds: 1_773_279_000, offsetSeconds: 0).iso8601 == "2026-03-12T01:30:00Z")
        #expect(LocalTime(seconds: 0, offsetSeconds: -12_600).iso8601 == "1969-12-31T20:30:00-03:30")
        #expect(LocalTime(seconds: -1, offsetSeconds: 0).iso8601 == "1969-12-31T23:59:59Z")
        #expect(time.date.startSeconds() == 1_773_279_000 - 30_600)
    }

    @Test func noMomentIsATrap() {
        for seconds in [Int64.min, .min + 1, -1, 0, .max - 1, .max] {
            for offset in [Int.min, -1, 0, 25_200, .max] {
                let time = LocalTime(seconds: seconds, offsetSeconds: offset)
                #expect(0..<24 ~= time.hour && 0..<60 ~= time.minute && 0..<60 ~= time.second)
                #expect(time.iso8601.isEmpty == false)
            }
        }
    }
}
