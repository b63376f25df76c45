// Vietnam's public holidays by law, with their substitute days off (Labour Code 2019, articles 111 and 112).

/// The holidays that hold where a ward says nothing else (`docs/data-model.md`, "Settings").
///
/// What the Government moves from year to year (days swapped for a Saturday) is announced each autumn; a ward enters it.
package enum PublicHolidays {
    /// Lunar holidays by solar year: the first day of Tết, how many of the five days off come before it, and the day of
    /// Hùng Kings (10th of the third lunar month). By the rules of the Vietnamese calendar at 105° east; a test computes
    /// them anew from the new moons.
    private static let lunar: [(year: Int, tet: (month: Int, day: Int), before: Int, kings: (month: Int, day: Int))] = [
        (2025, (1, 29), 2, (4, 7)), (2026, (2, 17), 1, (4, 26)), (2027, (2, 6), 1, (4, 16)),
        (2028, (1, 26), 1, (4, 4)), (2029, (2, 13), 1, (4, 23)), (2030, (2, 2), 1, (4, 12)),
        (2031, (1, 23), 1, (4, 1)), (2032, (2, 11), 1, (4, 19)), (2033, (1, 31), 1, (4, 9)),
        (2034, (2, 19), 1, (4, 28)), (2035, (2, 8), 1, (4, 17)), (2036, (1, 28), 1, (4, 6)),
        (2037, (2, 15), 1, (4, 24)), (2038, (2, 4), 1, (4, 13)), (2039, (1, 24), 1, (4, 3)),
        (2040, (2, 12), 1, (4, 20)),
    ]

    /// The years that the table covers; in other years only weekends are off.
    package static let years = 2025...2040

    /// Every holiday of the table with its name.
    package static let standard: [CivilDate: String] = {
        var all: [CivilDate: String] = [:]
        for year in years { all.merge(holidays(of: year)) { first, _ in first } }
        return all
    }()

    /// The first day of Tết and the day of Hùng Kings, where the table has the year.
    package static func lunarDays(of year: Int) -> (tet: CivilDate, kings: CivilDate)? {
        guard let row = lunar.first(where: { $0.year == year }),
            let tet = CivilDate(year: year, month: row.tet.month, day: row.tet.day),
            let kings = CivilDate(year: year, month: row.kings.month, day: row.kings.day)
        else { return nil }
        return (tet, kings)
    }

    /// The holidays of a year, and the next working day for each that falls on a Saturday or Sunday.
    private static func holidays(of year: Int) -> [CivilDate: String] {
        var days: [CivilDate: String] = [:]
        func add(_ month: Int, _ day: Int, _ name: String) {
            if let date = CivilDate(year: year, month: month, day: day) { days[date] = name }
        }
        add(1, 1, "Tết Dương lịch")
        add(4, 30, "Ngày Chiến thắng")
        add(5, 1, "Ngày Quốc tế Lao động")
        add(9, 2, "Quốc khánh")
        // The day before or after, whichever makes the longer rest.
        let weekday = CivilDate(year: year, month: 9, day: 2)?.weekday
        add(9, weekday == .monday || weekday == .thursday || weekday == .sunday ? 3 : 1, "Quốc khánh")
        if let row = lunar.first(where: { $0.year == year }), let (tet, kings) = lunarDays(of: year) {
            for offset in 0..<5 { days[tet.adding(days: Int64(offset - row.before))] = "Tết Nguyên đán" }
            days[kings] = "Giỗ Tổ Hùng Vương"
        }
        for (date, name) in days.sorted(by: { $0.key < $1.key }) where date.weekday.isWeekend {
            var substitute = date.adding(days: 1)
            while substitute.weekday.isWeekend || days[substitute] != nil { substitute = substitute.adding(days: 1) }
            days[substitute] = name + " (nghỉ bù)"
        }
        return days
    }
}
