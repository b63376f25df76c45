// Figures over what a device holds.

extension LocalDocuments {
    /// Statistics over the reports that the ward accepted and that this device may see.
    package func statistics(_ query: StatisticsQuery, now: Int64) throws(ReplicaError) -> WardStatistics {
        var counting = StatisticsCounting(query, try settings(), now: now)
        var areas: [String: String] = [:]
        if query.grouping == .neighborhood {
            try eachRow(.area, ListFilter(), limit: nil) { areas[$0.detail] = $0.title }
        }
        try eachRow(.report, ListFilter(), limit: nil) { row in
            if let course = row.course { counting.add(course) }
        }
        return counting.statistics(areas: areas)
    }

    /// How many reports of these areas are overdue; of all that the device holds where there are none.
    package func overdueCount(areas: [String], now: Int64) throws(ReplicaError) -> Int {
        let settings = try settings()
        let calendar = settings.calendar
        var count = 0
        let open = ReportStateNumber.allCases.filter { !$0.isClosed }.map(\.rawValue)
        try eachRow(.report, ListFilter(states: open), limit: nil) { row in
            guard areas.isEmpty || AreaCode.anyCovers(areas, [row.area]), let course = row.course else { return }
            if Deadline(course, settings, calendar: calendar, now: now)?.standing == .overdue { count += 1 }
        }
        return count
    }
}
