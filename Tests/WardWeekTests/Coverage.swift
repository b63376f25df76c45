// Patchy coverage: who has a network when, which transfers break off, and how wrong clocks are.

/// What a device's network is like through the week.
struct Coverage {
    /// So many of a hundred tries reach the ward at all.
    let reach: Int
    /// So many of a hundred transfers break off in the middle.
    let breaks: Int
    /// Days without any network.
    let offlineDays: Set<Int>

    /// Somebody at the office: nearly always there.
    static func office(_ chance: inout Chance) -> Coverage {
        Coverage(reach: 95, breaks: 6, offlineDays: [])
    }

    /// Somebody in the alleys, on the bay or in the hills.
    static func field(_ chance: inout Chance) -> Coverage {
        let kind = chance.below(10)
        if kind == 0 {
            let first = chance.below(WeekCalendar.days - 3)
            return Coverage(reach: 50, breaks: 30, offlineDays: Set(first..<(first + 4)))
        }
        if kind < 4 { return Coverage(reach: 45, breaks: 30, offlineDays: [chance.below(WeekCalendar.days)]) }
        return Coverage(reach: 80, breaks: 12, offlineDays: [])
    }

    func reaches(day: Int, _ chance: inout Chance) -> Bool { !offlineDays.contains(day) && chance.percent(reach) }

    /// How far a device's clock is ahead, in seconds.
    static func skew(_ chance: inout Chance) -> Int64 {
        switch chance.below(20) {
        case 0: return Int64(chance.within(3600...18_000))
        case 1: return -Int64(chance.within(3600...72_000))
        case 2...4: return Int64(chance.within(-900...900))
        default: return Int64(chance.within(-30...30))
        }
    }
}

/// Where one transfer breaks off.
enum Break {
    case none
    /// The request is cut after so many thousandths of its bytes; nobody answers.
    case request(permille: Int)
    /// The answer is cut after so many thousandths.
    case answer(permille: Int)

    static func drawn(_ coverage: Coverage, _ chance: inout Chance) -> Break {
        guard chance.percent(coverage.breaks) else { return .none }
        let permille = chance.below(1000)
        return chance.percent(50) ? .request(permille: permille) : .answer(permille: permille)
    }
}
