// Notices and alerts: what is valid now, and for whom.

/// A notice or an alert of the ward.
package struct Announcement: Sendable {
    package let id: Digest
    package let kind: DocumentKind
    package let title: String
    package let body: String
    /// The area that it is for; empty for the whole ward.
    package let area: String
    /// Seconds since 1970; nil where it has no end.
    package let validUntil: Int64?
    /// When it was posted.
    package let posted: Int64
    /// An alert's level from 1 to 3; 0 where it has none.
    package let level: Int
    /// An alert's kind as a code; empty for a notice.
    package let category: String
    /// The station that an alert is about; empty for none.
    package let station: String
    package let isPending: Bool

    init(_ state: DocumentState, isPending: Bool) {
        let isAlert = state.kind == .alert
        id = state.id
        kind = state.kind
        title = state.text(isAlert ? AlertField.title : NoticeField.title) ?? ""
        body = state.text(isAlert ? AlertField.body : NoticeField.body) ?? ""
        area = state.text(isAlert ? AlertField.area : NoticeField.area) ?? ""
        validUntil = state.value(isAlert ? AlertField.validUntil : NoticeField.validUntil)?.integer
        posted = state.creationTime.seconds
        let level = isAlert ? state.value(AlertField.level)?.integer ?? 0 : 0
        self.level = (1...3).contains(level) ? Int(level) : 0
        category = isAlert ? state.text(AlertField.category) ?? "" : ""
        station = isAlert ? state.text(AlertField.station) ?? "" : ""
        self.isPending = isPending
    }

    /// Whether it is not valid any more.
    package func isExpired(at now: Int64) -> Bool { validUntil.map { $0 <= now } ?? false }

    /// Whether it is for somebody in one of these areas, or in a part of it; for everybody where it names none.
    package func concerns(_ areas: [String]) -> Bool {
        area.isEmpty || areas.isEmpty || areas.contains { AreaCode.covers(area, $0) || AreaCode.covers($0, area) }
    }

    /// What is valid first, then the more serious, then what ends sooner.
    static func precedes(_ left: Announcement, _ right: Announcement, now: Int64) -> Bool {
        if left.isExpired(at: now) != right.isExpired(at: now) { return right.isExpired(at: now) }
        if left.isExpired(at: now) { return left.validUntil ?? 0 > right.validUntil ?? 0 }
        if left.level != right.level { return left.level > right.level }
        if left.kind == .alert { return left.validUntil ?? .max < right.validUntil ?? .max }
        return left.posted > right.posted
    }
}

extension LocalDocuments {
    /// Notices or alerts, the valid ones first.
    /// - Parameters:
    ///   - areas: only what concerns one of these areas; empty for all.
    ///   - isAll: also what is not valid any more.
    ///   - limit: the most documents that are looked at; the ones that end last are.
    package func announcements(_ kind: DocumentKind, for areas: [String], isAll: Bool, now: Int64, limit: Int = 1000)
        throws(ReplicaError) -> [Announcement]
    {
        let numbers = try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                "SELECT number,id FROM documents WHERE kind=?1 AND hidden=0 AND sort<?2 ORDER BY sort,number LIMIT ?3"
            ).bind(1, Int64(kind.rawValue)).bind(2, isAll ? Int64.max : -max(now, 0)).bind(3, Int64(limit))
            defer { statement.reset() }
            var numbers: [(number: Int64, id: Digest)] = []
            while try statement.step() {
                if let id = statement.digest(1) { numbers.append((statement.integer(0), id)) }
            }
            return numbers
        }
        var found: [Announcement] = []
        for (number, id) in numbers {
            guard let view = try view(number, id) else { continue }
            let item = Announcement(view.state, isPending: !view.pending.isEmpty)
            if item.concerns(areas) { found.append(item) }
        }
        return found.sorted { Announcement.precedes($0, $1, now: now) }
    }

    /// The alerts that are valid now for somebody in these areas, the most serious first.
    package func activeAlerts(for areas: [String], now: Int64) throws(ReplicaError) -> [Announcement] {
        try announcements(.alert, for: areas, isAll: false, now: now, limit: 100)
    }

    /// How many notices or alerts are not valid any more.
    package func expiredCount(_ kind: DocumentKind, now: Int64) throws(ReplicaError) -> Int {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                "SELECT count(*) FROM documents WHERE kind=?1 AND hidden=0 AND sort>=?2"
            ).bind(1, Int64(kind.rawValue)).bind(2, -max(now, 0))
            defer { statement.reset() }
            return try statement.step() ? Int(statement.integer(0)) : 0
        }
    }
}
