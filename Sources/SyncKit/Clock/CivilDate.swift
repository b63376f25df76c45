// Days of the calendar, without Foundation.

/// A day of the Gregorian calendar in the years 1 to 9999.
package struct CivilDate: Hashable, Comparable, Sendable {
    package let year: Int
    package let month: Int
    package let day: Int

    /// Nil for a day that does not exist, such as 29/02/2026.
    package init?(year: Int, month: Int, day: Int) {
        guard 1...9999 ~= year, 1...12 ~= month, day >= 1, day <= CivilDate.days(in: month, of: year) else {
            return nil
        }
        self.init(trusted: year, month, day)
    }

    /// The day that lies this many days after 01/01/1970; outside of the years 1 to 9999 the nearest day in them.
    package init(daysSince1970 days: Int64) {
        // Howard Hinnant's civil_from_days: years begin in March, eras have 400 years.
        let shifted = min(max(days, CivilDate.firstDay), CivilDate.lastDay) + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        self.init(
            trusted: Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)), Int(month),
            Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1))
    }

    private init(trusted year: Int, _ month: Int, _ day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    private static let firstDay: Int64 = -719_162
    private static let lastDay: Int64 = 2_932_896

    package var daysSince1970: Int64 {
        let shiftedYear = Int64(month <= 2 ? year - 1 : year)
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let shiftedMonth = Int64(month > 2 ? month - 3 : month + 9)
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + Int64(day) - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// When the day begins, in seconds since 1970.
    package func startSeconds(offsetSeconds: Int = VietnamTime.offsetSeconds) -> Int64 {
        daysSince1970 * 86_400 - Int64(offsetSeconds)
    }

    /// `dd/MM/yyyy`, as people write it.
    package var text: String { "\(padded(day, 2))/\(padded(month, 2))/\(padded(year, 4))" }

    /// `yyyy-MM-dd`.
    package var iso8601: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }

    /// Reads `dd/MM/yyyy` (also `d/M/yyyy`) and `yyyy-MM-dd`; nil for anything else and for impossible days.
    package static func parse(_ text: String) -> CivilDate? {
        guard text.utf8.count <= 10 else { return nil }
        if let parts = numbers(text, separator: UInt8(ascii: "/"), widths: [1...2, 1...2, 4...4]) {
            return CivilDate(year: parts[2], month: parts[1], day: parts[0])
        }
        if let parts = numbers(text, separator: UInt8(ascii: "-"), widths: [4...4, 2...2, 2...2]) {
            return CivilDate(year: parts[0], month: parts[1], day: parts[2])
        }
        return nil
    }

    /// As many numbers as there are widths, each with an allowed number of ASCII digits, or nil.
    private static func numbers(_ text: String, separator: UInt8, widths: [ClosedRange<Int>]) -> [Int]? {
        let parts = text.utf8.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.count == widths.count else { return nil }
        var values: [Int] = []
        for (part, width) in zip(parts, widths) {
            guard width.contains(part.count), part.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
            values.append(part.reduce(0) { $0 * 10 + Int($1 - 0x30) })
        }
        return values
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    package static func < (left: CivilDate, right: CivilDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}

/// A number from zero up, filled up with zeros on the left.
func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
