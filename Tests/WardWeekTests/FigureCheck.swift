// The product's statistics beside those that were counted from the ledger, figure by figure.

import SyncKit

extension Week {
    /// Figures that are not those that were counted from the ledger.
    func wrongFigures() throws -> [String] {
        let reports = expected.documents.filter { $0.kind == .report }.map(CountedReport.init)
        var found: [String] = []
        var queries: [StatisticsQuery] = [StatisticsQuery()]
        for grouping in StatisticsQuery.Grouping.allCases {
            queries.append(StatisticsQuery(grouping: grouping))
            queries.append(StatisticsQuery(area: Self.neighborhoods[2], grouping: grouping))
            queries.append(
                StatisticsQuery(
                    from: CivilDate.parse("24/04/2026"), to: CivilDate.parse("27/04/2026"), grouping: grouping))
        }
        for query in queries {
            let asked = query
            let counted = reports.filter { takes($0, query) }
            let time = now
            let got = try service.withCore { core in try core.statistics(asked) }
            found += compare(got, counted, query, "the ward")
            for person in of(.officer) + of(.auditor) + of(.admin) {
                found += compare(try person.replica.statistics(query, now: time), counted, query, person.name)
            }
            for lead in of(.lead).prefix(3) {
                let own = counted.filter { report in
                    report.areas.contains { DomainRules.covers(lead.areas, $0) }
                }
                // A lead may have filed something that was moved out of the area since.
                let others = reports.count { takes($0, query) } == own.count
                guard query.area == nil, !others else { continue }
                let held = try person(lead, sees: query)
                found += compare(try lead.replica.statistics(query, now: time), held, query, lead.name)
            }
        }
        return found
    }

    /// The reports that a person holds, as the figures count them.
    private func person(_ person: Person, sees query: StatisticsQuery) throws -> [CountedReport] {
        expected.documents.filter { $0.kind == .report && person.holds.contains($0.index) }.map(CountedReport.init)
            .filter { takes($0, query) }
    }

    private func takes(_ report: CountedReport, _ query: StatisticsQuery) -> Bool {
        if let area = query.area, !report.areas.contains(where: { DomainRules.covers([area], $0) }) { return false }
        guard query.from != nil else { return true }
        return (1...4).contains(WeekCalendar.day(report.filed) - WeekCalendar.firstDay)
    }

    func compare(
        _ got: WardStatistics, _ reports: [CountedReport], _ query: StatisticsQuery, _ who: String
    ) -> [String] {
        var found: [String] = []
        func compare(_ row: WardStatistics.Row, _ reports: [CountedReport], _ group: String) {
            let want = ExpectedFigures(reports, rules, now: now).values
            for figure in Figure.allCases {
                guard let value = want[figure.rawValue] else {
                    found.append("\(figure.rawValue) is not counted")
                    continue
                }
                figuresCompared += 1
                if row[figure] != value {
                    let (is_, should) = (row[figure].map { String($0) }, value.map { String($0) })
                    found.append(
                        "\(who), \(group): \(figure.rawValue) is \(is_ ?? "–") and should be \(should ?? "–")")
                }
            }
        }
        compare(got.total, reports, "all")
        guard let grouping = query.grouping else { return found }
        var groups: [String: [CountedReport]] = [:]
        for report in reports {
            let key =
                switch grouping {
                case .agency: report.agency
                case .category: report.category
                case .neighborhood: report.areas.first ?? ""
                }
            groups[key, default: []].append(report)
        }
        if Set(got.groups.map(\.key)) != Set(groups.keys) { found.append("\(who): other groups by \(grouping)") }
        for row in got.groups { compare(row, groups[row.key] ?? [], "\(grouping) \(row.key)") }
        return found
    }
}
