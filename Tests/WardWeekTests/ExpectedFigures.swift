// The statistics counted a second time, from the ledger and `docs/statistics.md` alone.

import SyncKit

/// One report as the figures need it.
struct CountedReport {
    let filed: Int64
    /// The steps that counted: their states and times, never before the one before.
    let steps: [(state: UInt8, time: Int64)]
    let urgency: String?
    let category: String
    let agency: String
    let areas: [String]
    let resolution: String?
    let rating: Int64?
    let officerDue: (time: Int64, set: Int64)?

    static let closedStates: Set<UInt8> = [6, 7, 8, 10, 11, 12]

    init(_ report: ExpectedDocument) {
        filed = Int64(report.created >> 16)
        var last = filed
        steps = report.counted.dropFirst().map { step in
            last = max(last, Int64(step.effective >> 16))
            return (step.to, last)
        }
        urgency = report.text(ReportField.urgency)
        category = report.text(ReportField.category) ?? ""
        agency = report.text(ReportField.agency) ?? ""
        areas = report.areas
        resolution = report.text(ReportField.resolution)
        rating = report.value(ReportField.rating)?.integer
        officerDue = report.shown(ReportField.due).flatMap { due in
            (try? CBORValue(decoding: due.value))?.integer.map { ($0, Int64(due.effective >> 16)) }
        }
    }

    var state: UInt8 { steps.last?.state ?? 1 }
    var isDuplicate: Bool { state == 11 }
    var isDone: Bool { [6, 7, 8].contains(state) }
    var isFixed: Bool { isDone && resolution == "fixed" }
    var isClosed: Bool { Self.closedStates.contains(state) }

    /// When it was last taken up: filed, or opened again after it was closed; and its steps since.
    private var lastRound: (start: Int64, steps: [(state: UInt8, time: Int64)]) {
        var round: (start: Int64, steps: [(state: UInt8, time: Int64)]) = (filed, [])
        var wasClosed = false
        for step in steps {
            let isClosed = Self.closedStates.contains(step.state)
            if wasClosed, !isClosed { round = (step.time, []) } else { round.steps.append(step) }
            wasClosed = isClosed
        }
        return round
    }

    var closed: Int64? {
        isClosed ? lastRound.steps.first { Self.closedStates.contains($0.state) }?.time : nil
    }

    /// Whether its deadline has passed: open and overdue, or closed late.
    func isPastDue(now: Int64, _ days: [String: Int]) -> (overdue: Bool, late: Bool) {
        let round = lastRound
        let end = closed ?? max(now, steps.last?.time ?? filed)
        var due = WeekCalendar.end(round.start, workingDays: days[urgency ?? ""] ?? days["normal"] ?? 3)
        var counts = round.start
        if let officerDue, officerDue.set >= round.start {
            due = officerDue.time
            counts = officerDue.set
        }
        var waited = 0
        var since: Int64?
        // A round may begin in awaiting_info, where something closed was asked about again.
        for step in round.steps where step.time <= end {
            if step.state == 5 {
                since = since ?? step.time
            } else if let began = since {
                waited += WeekCalendar.workedDays(from: max(began, counts), to: max(step.time, counts))
                since = nil
            }
        }
        if let began = since {
            waited += WeekCalendar.workedDays(from: max(began, counts), to: max(end, counts))
        }
        if waited > 0 { due = WeekCalendar.moved(due, workingDays: waited) }
        if let closed { return (false, closed > due) }
        return (since == nil && now > due, false)
    }
}

/// The figures of some reports by their names.
struct ExpectedFigures {
    private(set) var values: [String: Int64?] = [:]

    init(_ reports: [CountedReport], _ rules: DomainRules, now: Int64) {
        let days = ["high": 1, "normal": 3, "low": 4]
        func count(_ name: String, _ holds: (CountedReport) -> Bool) {
            values[name] = Int64(reports.count(where: holds))
        }
        let real = reports.filter { !$0.isDuplicate }
        func countReal(_ name: String, _ holds: (CountedReport) -> Bool) {
            values[name] = Int64(real.count(where: holds))
        }
        count("filed") { _ in true }
        count("duplicate", \.isDuplicate)
        countReal("received") { _ in true }
        countReal("open") { !$0.isClosed }
        for (number, name) in rules.states["report"] ?? [:] where ![10, 11, 12].contains(number) {
            countReal("state_" + name) { $0.state == number }
        }
        countReal("fixed", \.isFixed)
        for resolution in ["not_fixed", "no_fault"] {
            countReal(resolution) { $0.isDone && $0.resolution == resolution }
        }
        countReal("unstated") {
            $0.isDone && !["fixed", "not_fixed", "no_fault"].contains($0.resolution ?? "")
        }
        countReal("rejected") { $0.state == 10 }
        countReal("referred") { $0.state == 12 }
        let fixed = real.filter(\.isFixed)
        let hours = fixed.map { (($0.closed ?? 0) - $0.filed + 1800) / 3600 }
        let worked = fixed.map { Int64(WeekCalendar.workedDays(from: $0.filed, to: $0.closed ?? 0)) }
        values["fix_median_hours"] = Self.nearestRank(50, hours)
        values["fix_p90_hours"] = Self.nearestRank(90, hours)
        values["fix_median_days"] = Self.nearestRank(50, worked)
        values["fix_p90_days"] = Self.nearestRank(90, worked)
        let past = real.map { $0.isPastDue(now: now, days) }
        let overdue = Int64(past.count { $0.overdue })
        let late = Int64(past.count { $0.late })
        values["due"] = Int64(real.count)
        values["overdue"] = overdue
        values["late"] = late
        values["overdue_permille"] = Self.rounded((overdue + late) * 1000, real.count)
        let ratings = real.compactMap(\.rating).filter { (1...5).contains($0) }
        values["ratings"] = Int64(ratings.count)
        values["rating_mean_hundredths"] = Self.rounded(ratings.reduce(0, +) * 100, ratings.count)
        for rating in Int64(1)...5 { values["rating_\(rating)"] = Int64(ratings.count { $0 == rating }) }
        let closed = real.filter { $0.steps.contains { CountedReport.closedStates.contains($0.state) } }
        let again = Int64(closed.count { $0.steps.contains { $0.state == 9 } })
        values["closed"] = Int64(closed.count)
        values["reopened"] = again
        values["reopened_permille"] = Self.rounded(again * 1000, closed.count)
    }

    /// The smallest value that at least so many per cent of all do not exceed.
    private static func nearestRank(_ percent: Int, _ values: [Int64]) -> Int64? {
        values.sorted().first { value in values.count { $0 <= value } * 100 >= percent * values.count }
    }

    /// A quotient to the nearest whole number, half up.
    private static func rounded(_ part: Int64, _ whole: Int) -> Int64? {
        whole == 0 ? nil : Int64((Double(part) / Double(whole) + 0.5).rounded(.down))
    }
}
