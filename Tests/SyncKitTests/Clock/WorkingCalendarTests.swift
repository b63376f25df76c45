// Working days and holidays: the law's days, and counting beside a second, plain count.
import Testing

@testable import SyncKit

@Suite struct WorkingCalendarTests {
    private let calendar = WardSettings.standard.calendar

    private func date(_ text: String) throws -> CivilDate { try #require(CivilDate.parse(text)) }

    @Test func theLunarHolidaysOfTheTableAreThoseOfTheNewMoons() throws {
        for year in PublicHolidays.years {
            let days = try #require(PublicHolidays.lunarDays(of: year))
            // The Julian day of 01/01/1970 is 2,440,588.
            #expect(
                Int(days.tet.daysSince1970) + 2_440_588 == LunarCalendar.julianDay(day: 1, month: 1, year: year),
                "Tết \(year)")
            #expect(
                Int(days.kings.daysSince1970) + 2_440_588 == LunarCalendar.julianDay(day: 10, month: 3, year: year),
                "Giỗ Tổ \(year)")
        }
        #expect(PublicHolidays.lunarDays(of: 2041) == nil)
    }

    @Test(arguments: [
        // 2025 and 2026 as they were announced, without what was swapped.
        "01/01/2025", "27/01/2025", "28/01/2025", "29/01/2025", "30/01/2025", "31/01/2025", "07/04/2025",
        "30/04/2025", "01/05/2025", "01/09/2025", "02/09/2025", "01/01/2026", "16/02/2026", "20/02/2026",
        "27/04/2026", "30/04/2026", "01/05/2026", "01/09/2026", "02/09/2026", "01/09/2028", "04/09/2028",
        "03/09/2029", "04/09/2029",
    ])
    func aPublicHolidayOrItsSubstituteIsNoWorkingDay(day: String) throws {
        #expect(!calendar.isWorkingDay(try date(day)))
    }

    @Test func theDaysAroundTheHolidaysAreWorked() throws {
        for day in ["24/01/2025", "03/02/2025", "13/02/2026", "23/02/2026", "28/04/2026", "03/09/2026", "05/09/2029"] {
            #expect(calendar.isWorkingDay(try date(day)), "\(day)")
        }
        #expect(try !calendar.isWorkingDay(date("22/08/2026")) && date("22/08/2026").weekday == .saturday)
        var swapped = calendar
        swapped.extraWorkingDays = [try date("22/08/2026")]
        #expect(swapped.isWorkingDay(try date("22/08/2026")))
    }

    @Test func everyYearHasElevenHolidaysOrMoreBesideWeekendsAndNoneTwice() {
        for year in PublicHolidays.years {
            let days = PublicHolidays.standard.keys.filter { $0.year == year }
            let rest = days.filter { !$0.weekday.isWeekend }.count
            #expect((10...12).contains(rest), "\(year): \(rest)")
        }
    }

    @Test func aDeadlineOverTetEndsAfterIt() throws {
        let filed = try date("13/02/2026").startSeconds() + 9 * 3600
        #expect(LocalTime(seconds: calendar.adding(workingDays: 1, to: filed)).text == "23:59 23/02/2026")
        #expect(LocalTime(seconds: calendar.adding(workingDays: 3, to: filed)).dateText == "25/02/2026")
        let saturday = try date("21/11/2026").startSeconds()
        #expect(LocalTime(seconds: calendar.adding(workingDays: 0, to: saturday)).dateText == "23/11/2026")
        #expect(LocalTime(seconds: calendar.adding(workingDays: 1, to: saturday)).dateText == "23/11/2026")
    }

    @Test func workingDaysCountTheSameAsDayByDay() throws {
        var chance = SeededChance("working days")
        let base = try date("01/01/2025").startSeconds()
        for _ in 0..<3000 {
            var calendar = calendar
            for _ in 0..<chance.below(4) {
                let day = LocalTime(seconds: base + Int64(chance.below(800)) * 86_400).date
                if chance.below(2) == 0 {
                    calendar.extraWorkingDays.insert(day)
                } else {
                    calendar.holidays.insert(day)
                }
            }
            let start = base + Int64(chance.below(700 * 86_400))
            let end = start + Int64(chance.below(90 * 86_400))
            var plain = 0
            var day = LocalTime(seconds: start).date
            while day < LocalTime(seconds: end).date {
                day = day.adding(days: 1)
                if calendar.isWorkingDay(day) { plain += 1 }
            }
            #expect(calendar.workingDays(from: start, to: end) == plain)
            #expect(calendar.workingDays(from: end, to: start) == -plain)
            let count = 1 + chance.below(15)
            let due = calendar.adding(workingDays: count, to: start)
            #expect(calendar.workingDays(from: start, to: due) == count)
            #expect(calendar.isWorkingDay(LocalTime(seconds: due).date))
        }
    }

    @Test func momentsBeyondTheCalendarAndYearsWithoutAWorkingDayEnd() {
        #expect(calendar.workingDays(from: .min, to: .max) > 2_000_000)
        #expect(calendar.adding(workingDays: .max, to: .max) > 0)
        #expect(calendar.adding(workingDays: 3, to: .min) < 0)
        let first = CivilDate(daysSince1970: 20_000)
        let off = WorkingCalendar(holidays: Set((0..<30_000).map { first.adding(days: $0) }))
        #expect(off.workingDay(after: first) > first)
    }
}
