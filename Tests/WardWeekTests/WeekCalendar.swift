// The days of the week that is lived, and which of them are worked: counted by hand, without the product's calendar.

/// Thursday 23/04/2026 to Wednesday 29/04/2026. The festival of the Hùng kings, the 10th of the third lunar month, is
/// Sunday the 26th, so Monday the 27th is off; the 30th of April and the 1st of May follow.
enum WeekCalendar {
    static let days = 7
    /// Thursday 23/04/2026, in days since 1970.
    static let firstDay: Int64 = 20_566
    private static let holidays: Set<Int64> = [firstDay + 4, firstDay + 7, firstDay + 8]
    private static let offset: Int64 = 7 * 3600

    /// A moment at +07:00; day 0 is the first.
    static func moment(_ day: Int, _ hour: Int = 0, _ minute: Int = 0) -> Int64 {
        (firstDay + Int64(day)) * 86_400 - offset + Int64(hour * 3600 + minute * 60)
    }

    static func day(_ seconds: Int64) -> Int64 { (seconds + offset) / 86_400 }

    static func isWorked(_ day: Int64) -> Bool {
        // The first day of 1970 was a Thursday.
        (day + 3) % 7 < 5 && !holidays.contains(day)
    }

    static func isWorked(dayOfWeek day: Int) -> Bool { isWorked(firstDay + Int64(day)) }

    /// Working days that begin after the day of the one moment and not after the day of the other.
    static func workedDays(from: Int64, to: Int64) -> Int {
        var count = 0
        var day = day(from) + 1
        while day <= self.day(to) {
            if isWorked(day) { count += 1 }
            day += 1
        }
        return count
    }

    /// The day that lies so many working days after the day of a moment.
    private static func dayAfter(_ seconds: Int64, workingDays: Int) -> Int64 {
        var day = day(seconds)
        var left = workingDays
        while left > 0 {
            day += 1
            if isWorked(day) { left -= 1 }
        }
        return day
    }

    /// The last second of the day that lies so many working days later.
    static func end(_ seconds: Int64, workingDays: Int) -> Int64 {
        (dayAfter(seconds, workingDays: workingDays) + 1) * 86_400 - offset - 1
    }

    /// The same time of day, so many working days later.
    static func moved(_ seconds: Int64, workingDays: Int) -> Int64 {
        dayAfter(seconds, workingDays: workingDays) * 86_400 - offset + (seconds + offset) % 86_400
    }
}
