// Figures over the whole ward, at its server.

extension WardCore {
    /// Statistics over every report that the ward accepted.
    package func statistics(_ query: StatisticsQuery) throws(StoreError) -> WardStatistics {
        var counting = StatisticsCounting(query, try settings(), now: wardTime)
        var areas: [String: String] = [:]
        for document in documents.values where document.kind == .report || document.kind == .area {
            // Not kept in memory: a question must not make the server grow.
            let found = document.state == nil ? try tables.state(document: document.number) : document.state
            guard let state = found else { throw StoreError(.damaged, "document without a state") }
            if let course = ReportCourse(state) {
                counting.add(course)
            } else if let code = state.text(AreaField.code) {
                areas[code] = state.text(AreaField.name) ?? ""
            }
        }
        return counting.statistics(areas: areas)
    }
}
