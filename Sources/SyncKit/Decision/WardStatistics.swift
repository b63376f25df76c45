// A ward's statistics: which reports are counted, in which groups, and the table that comes of it.

/// What is asked of the statistics.
package struct StatisticsQuery: Sendable, Hashable {
    package enum Grouping: String, CaseIterable, Sendable {
        case agency, category, neighborhood
    }

    /// Reports filed from this day on, and not after that one; days at +07:00.
    package var from: CivilDate?
    package var to: CivilDate?
    /// Only reports of this area.
    package var area: String?
    package var grouping: Grouping?

    package init(from: CivilDate? = nil, to: CivilDate? = nil, area: String? = nil, grouping: Grouping? = nil) {
        self.from = from
        self.to = to
        self.area = area
        self.grouping = grouping
    }

    func takes(_ course: ReportCourse) -> Bool {
        if let area, !AreaCode.anyCovers([area], course.areas) { return false }
        guard from != nil || to != nil else { return true }
        let day = LocalTime(seconds: course.filed).date
        return (from.map { $0 <= day } ?? true) && (to.map { day <= $0 } ?? true)
    }

    func key(_ course: ReportCourse) -> String? {
        switch grouping {
        case .agency: course.agency ?? ""
        case .category: course.category ?? ""
        case .neighborhood: course.areas.first ?? ""
        case nil: nil
        }
    }
}

/// Figures over reports: a pure function of their courses, the ward's settings and now.
package struct WardStatistics: Sendable, Hashable {
    package struct Row: Sendable, Hashable {
        /// The agency's or category's code or the area's; empty where a report has none.
        package var key: String
        /// The group's name for people; empty where nobody knows it.
        package var name: String
        /// One value for each figure, in their order; `nil` over no reports.
        package var values: [Int64?]

        package init(key: String, name: String, values: [Int64?]) {
            self.key = key
            self.name = name
            self.values = values
        }

        package subscript(_ figure: Figure) -> Int64? {
            guard let index = Figure.allCases.firstIndex(of: figure), index < values.count else { return nil }
            return values[index]
        }
    }

    /// All reports together.
    package var total: Row
    /// One for each group, in the order of the keys; none where nothing is grouped.
    package var groups: [Row]

    package init(total: Row, groups: [Row]) {
        self.total = total
        self.groups = groups
    }

    package init(
        _ courses: some Sequence<ReportCourse>, _ query: StatisticsQuery, _ settings: WardSettings, now: Int64
    ) {
        var counting = StatisticsCounting(query, settings, now: now)
        for course in courses { counting.add(course) }
        self = counting.statistics()
    }
}

/// Counts one report after the other, so that a ward's whole store need not be in memory.
package struct StatisticsCounting {
    /// Groups beyond these are counted together under the empty key: the codes come from people.
    private static let mostGroups = 2000

    private let query: StatisticsQuery
    private let settings: WardSettings
    private let calendar: WorkingCalendar
    private let now: Int64
    private var total = FigureCounter()
    private var groups: [String: FigureCounter] = [:]

    package init(_ query: StatisticsQuery, _ settings: WardSettings, now: Int64) {
        self.query = query
        self.settings = settings
        calendar = settings.calendar
        self.now = now
    }

    package mutating func add(_ course: ReportCourse) {
        guard query.takes(course) else { return }
        let deadline = Deadline(course, settings, calendar: calendar, now: now)
        total.add(course, deadline, calendar)
        guard var key = query.key(course) else { return }
        if groups[key] == nil, groups.count >= Self.mostGroups { key = "" }
        groups[key, default: FigureCounter()].add(course, deadline, calendar)
    }

    /// - Parameter areas: the names of areas by their codes.
    package func statistics(areas: [String: String] = [:]) -> WardStatistics {
        WardStatistics(
            total: .init(key: "", name: "", values: total.figures()),
            groups: groups.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }.map {
                .init(key: $0.key, name: name($0.key, areas), values: $0.value.figures())
            })
    }

    private func name(_ key: String, _ areas: [String: String]) -> String {
        switch query.grouping {
        case .agency: settings.agency(key)?.name ?? ""
        case .category: settings.category(key)?.vi ?? ""
        case .neighborhood: areas[key] ?? ""
        case nil: ""
        }
    }
}
