// Working days in the ward's time zone: which they are, how to add them, how many lie between two moments.

/// A day of the week, in the order of ISO 8601.
package enum Weekday: Int, Sendable {
    case monday = 1, tuesday, wednesday, thursday, friday, saturday, sunday

    package var isWeekend: Bool { self == .saturday || self == .sunday }
}

extension CivilDate {
    package var weekday: Weekday {
        // 01/01/1970 was a Thursday.
        let days = (daysSince1970 + 3) % 7
        return Weekday(rawValue: Int(days < 0 ? days + 7 : days) + 1) ?? .monday
    }

    /// The day that lies this many days later; at the ends of the calendar the last one.
    package func adding(days: Int64) -> CivilDate {
        let (sum, overflow) = daysSince1970.addingReportingOverflow(days)
        return CivilDate(daysSince1970: overflow ? (days > 0 ? .max : .min) : sum)
    }

    /// The last second of the day.
    package var endSeconds: Int64 { startSeconds() + 86_399 }
}

/// Whole working days at +07:00; office hours are not looked at.
package struct WorkingCalendar: Sendable, Equatable {
    /// Days off beside Saturdays and Sundays.
    package var holidays: Set<CivilDate>
    /// Days that are worked although they would be off: Saturdays that make up for a day off before a holiday.
    package var extraWorkingDays: Set<CivilDate>
    /// The most days that one step looks at, so that no list of holidays can make it run for ever.
    private static let horizonDays = 20_000

    package init(holidays: Set<CivilDate>, extraWorkingDays: Set<CivilDate> = []) {
        self.holidays = holidays
        self.extraWorkingDays = extraWorkingDays
    }

    package func isWorkingDay(_ date: CivilDate) -> Bool {
        extraWorkingDays.contains(date) || (!date.weekday.isWeekend && !holidays.contains(date))
    }

    /// The first working day after a day.
    package func workingDay(after date: CivilDate) -> CivilDate {
        var next = date
        for _ in 0..<Self.horizonDays {
            next = next.adding(days: 1)
            if isWorkingDay(next) { break }
        }
        return next
    }

    /// The day itself where it is a working day, else the next one.
    package func workingDay(onOrAfter date: CivilDate) -> CivilDate {
        isWorkingDay(date) ? date : workingDay(after: date)
    }

    /// The end of the working day that lies so many working days after the day of a moment, which does not count
    /// itself. None: the end of that day, or of the next working day where it is off.
    package func adding(workingDays count: Int, to seconds: Int64) -> Int64 {
        var date = LocalTime(seconds: seconds).date
        if count <= 0 { return workingDay(onOrAfter: date).endSeconds }
        for _ in 0..<min(count, Self.horizonDays) { date = workingDay(after: date) }
        return date.endSeconds
    }

    /// How many working days begin after the day of `start` and not after the day of `end`; below zero backwards.
    package func workingDays(from start: Int64, to end: Int64) -> Int {
        let first = LocalTime(seconds: start).date
        let last = LocalTime(seconds: end).date
        return first <= last ? count(after: first, through: last) : -count(after: last, through: first)
    }

    /// Whole weeks are counted at once, so that a moment of long ago costs no more than one of yesterday.
    private func count(after first: CivilDate, through last: CivilDate) -> Int {
        let days = last.daysSince1970 - first.daysSince1970
        var count = Int(days / 7) * 5
        var date = first.adding(days: days / 7 * 7)
        while date < last {
            date = date.adding(days: 1)
            if !date.weekday.isWeekend { count += 1 }
        }
        func lies(_ date: CivilDate) -> Bool { first < date && date <= last }
        for date in holidays where lies(date) && !date.weekday.isWeekend && !extraWorkingDays.contains(date) {
            count -= 1
        }
        for date in extraWorkingDays where lies(date) && date.weekday.isWeekend { count += 1 }
        return count
    }
}
