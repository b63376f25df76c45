// The seven days: who comes when, what they do, and the last evening on which everybody gets through.

import SyncKit

extension Week {
    /// What somebody does at a time of the day.
    private enum Turn {
        case files
        case asks
        case round
    }

    /// How many of whom.
    struct Size {
        var residentsEach = 25
        var volunteersEach = 5
        var reportsEach = 21
    }

    /// Everybody joins, and the ward imports what it knows.
    func open(_ size: Size) throws {
        importReference()
        let office = Coverage.office(&chance)
        _ = try join("Chị Quyên, quản trị", .admin, [Self.area], home: Self.area, office)
        _ = try join("Ông Kiểm", .auditor, [Self.area], home: Self.area, office)
        for name in ["Bà Bình", "Anh Công", "Chị Dung"] {
            let coverage = name == "Chị Dung" ? Coverage(reach: 60, breaks: 25, offlineDays: [1]) : office
            _ = try join(name, .officer, [Self.area], home: Self.area, coverage)
        }
        for (place, area) in Self.neighborhoods.enumerated() {
            _ = try join("Tổ trưởng \(place + 1)", .lead, [area], home: area, Coverage.field(&chance))
            for number in 1...size.volunteersEach {
                // Some help out next door.
                let next = Self.neighborhoods[(place + 1) % Self.neighborhoods.count]
                let areas = number == 5 ? [area, next] : [area]
                _ = try join(
                    "Tình nguyện \(place + 1).\(number)", .volunteer, areas, home: area, Coverage.field(&chance))
            }
            for number in 1...size.residentsEach {
                _ = try join("Cư dân \(place + 1).\(number)", .resident, [], home: area, Coverage.field(&chance))
            }
        }
        try configure()
    }

    /// Lives through all days.
    func live(_ size: Size) throws {
        for day in 0..<WeekCalendar.days { try live(day, size) }
    }

    private func live(_ day: Int, _ size: Size) throws {
        today = day
        move(to: WeekCalendar.moment(day, 6))
        let isWorked = WeekCalendar.isWorked(dayOfWeek: day)
        var turns: [(time: Int64, person: Person, turn: Turn)] = []
        func add(_ person: Person, _ turn: Turn, _ hours: ClosedRange<Int>) {
            let time = WeekCalendar.moment(day, chance.within(hours), chance.below(60)) + Int64(chance.below(60))
            turns.append((time, person, turn))
        }
        for area in Self.neighborhoods {
            let residents = of(.resident).filter { $0.home == area }
            // Most of what is filed is filed in the first days.
            let count = size.reportsEach * (day < 2 ? 24 : day < 5 ? 14 : 5) / 100
            for _ in 0..<count { if let person = chance.pick(residents) { add(person, .files, 6...20) } }
            for person in residents where chance.percent(person.filed.isEmpty ? 12 : 45) {
                add(person, .round, 6...21)
            }
            if let person = chance.pick(residents), chance.percent(50) { add(person, .asks, 7...19) }
        }
        for person in of(.volunteer) where chance.percent(isWorked ? 75 : 55) { add(person, .round, 7...20) }
        for person in of(.lead) where chance.percent(85) { add(person, .round, 7...20) }
        for person in of(.officer) where isWorked || chance.percent(40) {
            for hours in isWorked ? [8...9, 10...12, 14...16] : [9...10] { add(person, .round, hours) }
        }
        for person in of(.admin) + of(.auditor) { add(person, .round, 8...17) }
        for item in turns.sorted(by: { ($0.time, $0.person.number) < ($1.time, $1.person.number) }) {
            move(to: item.time)
            try take(item.turn, item.person)
        }
        try endDay(day)
    }

    private func take(_ turn: Turn, _ person: Person) throws {
        if person.revokedAfter == nil { try trySync(person) }
        do { try work(turn, person) } catch let error as ReplicaError {
            // Said at once by the device, before anything was saved, such as what is outside of its area since.
            guard case .refused = error.reason else { throw error }
            _ = book.takeFresh()
            deedCounts["(refused at once)", default: 0] += 1
        }
        if person.revokedAfter == nil, chance.percent(70) { try trySync(person) }
    }

    /// What somebody may do is what the device knows of it.
    private func work(_ turn: Turn, _ person: Person) throws {
        switch (turn, try person.replica.actor().role) {
        case (.files, _):
            let elsewhere = chance.percent(8) ? chance.pick(Self.neighborhoods) : nil
            try file(person, area: elsewhere ?? person.home, source: "resident")
        case (.asks, _): try ask(person, consent: false, area: Self.area)
        case (.round, .resident): try residentsRound(person)
        case (.round, .volunteer): try volunteersRound(person)
        case (.round, .lead): try leadsRound(person)
        case (.round, .officer):
            try officersRound(person)
            let area = chance.pick(Self.neighborhoods) ?? Self.area
            if chance.percent(20) { try file(person, area: area, source: "paper") }
        case (.round, .admin): try settleConflicts(person, most: 4)
        case (.round, .auditor): try tryToWrite(person)
        case (.round, .ward): break
        }
    }

    /// The last evening: everybody has a network, and nothing breaks off; twice, so that all hear of all.
    func close() throws {
        today = WeekCalendar.days
        move(to: WeekCalendar.moment(WeekCalendar.days - 1, 22))
        for person in people { try sync(person) }
        move(to: WeekCalendar.moment(WeekCalendar.days, 8))
        for person in people { try sync(person) }
        move(to: WeekCalendar.moment(WeekCalendar.days, 9))
        expected.settle(people)
    }
}
