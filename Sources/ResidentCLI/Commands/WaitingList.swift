// What waits for this person, in the order in which it should be looked at.

import CommandLineKit
import SyncKit

/// One line of the inbox: a document, with every reason why it is there.
struct WaitingItem {
    let number: Int64
    var needs: [NeedWord]
    var severity: SeverityWord
    /// Since when, in seconds since 1970.
    var since: Int64
    /// The store's number for the device that took the last step; 0 for none.
    var handler: Int64
    var due: Int64?
    /// An own change set that the ward did not accept.
    var problem: OwnProblem?
}

/// Collects the inbox of a device.
struct WaitingList {
    let reader: ReplicaReader
    let settings: WardSettings
    let calendar: WorkingCalendar
    let role: Role
    let now: Int64
    var area: String?
    /// Areas that were merged into it.
    var mergedAreas: [String] = []
    var category: String?
    var onlyOverdue = false
    var onlyMine = false

    private var isStaff: Bool { [.officer, .admin, .auditor].contains(role) }

    private func isInside(_ other: String) -> Bool {
        guard let area else { return true }
        return AreaCode.anyCovers([area] + mergedAreas, [other])
    }

    /// Everything that waits, the most urgent first and of those the oldest.
    func items() throws(ReplicaError) -> [WaitingItem] {
        let own = try reader.number(of: reader.device) ?? 0
        var items: [Int64: WaitingItem] = [:]
        var filter = ReportFilter()
        filter.area = area
        filter.mergedAreas = mergedAreas
        filter.category = category
        let reports = try reader.waitingReports(filter)
        items.reserveCapacity(reports.count)
        for report in reports {
            if let item = item(report, own) { items[report.number] = item }
        }
        let known = Set(reports.map(\.number))
        if isStaff {
            try addConflicts(to: &items, known)
            if category == nil { try addLookups(to: &items) }
        }
        var all = Array(items.values)
        if onlyOverdue { all.removeAll { !$0.needs.contains(.overdue) } }
        if onlyMine { all.removeAll { $0.handler != own || own == 0 } }
        if category == nil, !onlyOverdue { try addProblems(to: &all) }
        all.sort { ($1.severity.rawValue, $0.since, $0.number) < ($0.severity.rawValue, $1.since, $1.number) }
        return all
    }

    private func item(_ report: WaitingReport, _ own: Int64) -> WaitingItem? {
        var needs: [NeedWord] = []
        var severity = SeverityWord.low
        var since = report.since
        var due: Int64?
        if isStaff {
            if ReportStateNumber.isOpen(report.status) {
                if let deadline = Deadline(report.course, settings, calendar: calendar, now: now) {
                    due = deadline.due
                    if deadline.standing == .overdue {
                        needs.append(.overdue)
                        severity = .high
                        if report.needs.isEmpty { since = deadline.due }
                    }
                }
            }
            if report.needs.contains(.reopened) {
                needs.append(.reopened)
                severity = .high
            }
            if report.needs.contains(.new) {
                needs.append(.new)
                if report.course.urgency == ReportCode.high { severity = .high }
                if severity == .low, report.course.urgency != ReportCode.low { severity = .normal }
            }
            if report.needs.contains(.answered) {
                needs.append(.answered)
                if severity == .low { severity = .normal }
            }
            if report.needs.contains(.proposal) { needs.append(.proposal) }
        } else if report.status == ReportStateNumber.awaitingInfo.rawValue, report.author == own, own != 0,
            !report.needs.contains(.answered)
        {
            needs.append(.question)
            severity = .high
        }
        guard !needs.isEmpty else { return nil }
        return WaitingItem(
            number: report.number, needs: needs, severity: severity, since: since, handler: report.handler, due: due)
    }

    private func addConflicts(to items: inout [Int64: WaitingItem], _ known: Set<Int64>) throws(ReplicaError) {
        for row in try reader.conflicted() {
            if let category, !known.contains(row.number), row.listing.detail != category { continue }
            if !isInside(row.listing.area) { continue }
            let isDisputed = row.listing.flags.contains(.disputed)
            var item =
                items[row.number]
                ?? WaitingItem(
                    number: row.number, needs: [], severity: .normal, since: row.listing.updated, handler: 0)
            item.needs.append(isDisputed ? .disputed : .conflict)
            if isDisputed { item.severity = .high }
            if item.severity == .low { item.severity = .normal }
            items[row.number] = item
        }
    }

    private func addLookups(to items: inout [Int64: WaitingItem]) throws(ReplicaError) {
        for row in try reader.unansweredLookups() where items[row.number] == nil {
            if !isInside(row.listing.area) { continue }
            items[row.number] = WaitingItem(
                number: row.number, needs: [.lookup], severity: .low, since: row.listing.updated, handler: 0)
        }
    }

    private func addProblems(to all: inout [WaitingItem]) throws(ReplicaError) {
        for problem in try reader.problems(of: reader.device) {
            if area != nil, !isInside(try reader.row(problem.stored.document)?.listing.area ?? "") { continue }
            all.append(
                WaitingItem(
                    number: problem.stored.document, needs: [.problem], severity: .normal,
                    since: problem.stored.change.header.authorTime.seconds, handler: 0, problem: problem))
        }
    }
}

extension CommandRun {
    /// `ward inbox`
    func inbox() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let rules = try attempt { () throws(ReplicaError) in try WardRules(reader) }
        let people = try People(reader, self)
        var inbox = WaitingList(
            reader: reader, settings: rules.settings, calendar: rules.settings.calendar, role: people.ownRole,
            now: time.nowSeconds())
        if let given = parsed.option("area") {
            let ward = try attempt { () throws(ReplicaError) in try reader.descriptor() }.area
            let code = try area("--area", given, ward: ward)
            inbox.area = code
            inbox.mergedAreas = areaBook()?.merged(into: code) ?? []
        }
        if let given = parsed.option("category") { inbox.category = try rules.category(self, "--category", given) }
        inbox.onlyOverdue = parsed.flag("overdue")
        inbox.onlyMine = parsed.flag("mine")
        let collected = inbox
        let all = try attempt { () throws(ReplicaError) in try collected.items() }
        let limit = parsed.flag("all") ? all.count : Int(parsed.integer("limit") ?? Int64(ListPage.defaultLimit))
        try WaitingPage(reader: reader, people: people, run: self).print(
            Array(all.prefix(limit)), total: all.count)
        return .ok
    }
}
