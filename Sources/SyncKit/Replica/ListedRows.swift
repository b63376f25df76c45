// Rows for long lists: read where they stand, without making values of what is only printed.

/// A row of a list while the store stands at it.
package struct ListedRow {
    fileprivate let statement: Statement

    package var status: UInt8 { UInt8(truncatingIfNeeded: statement.integer(1)) }
    /// When a task is due.
    package var due: Int64? { TaskOrder.due(statement.integer(3)) }
    package var priority: Int64 { TaskOrder.priority(statement.integer(3)) }
    package var updated: Int64 { statement.integer(4) }
    package var flags: Listing.Flags { Listing.Flags(rawValue: statement.integer(7)) }
    package var pending: Int { Int(statement.integer(8)) }
    /// Whether the ward accepted the document; else it waits or was not accepted.
    package var isAccepted: Bool { statement.integer(11) != 0 }
    /// Whether the document names a file that the ward does not say to hold.
    package var isIncomplete: Bool { statement.integer(13) != 0 }
    package var hasHolder: Bool { statement.integer(9) > 0 }
    package var id: Digest { statement.digest(0) ?? .zero }

    package func withID<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R { statement.withBytes(0, body) }
    package func withArea<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R { statement.withText(2, body) }
    package func withTitle<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R { statement.withText(5, body) }
    package func withDetail<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R { statement.withText(6, body) }
    package func withHolder<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R { statement.withText(10, body) }
    /// The course of a report that the ward accepted, without own work that still waits.
    package var course: ReportCourse? {
        guard !statement.isNull(12),
            let state = try? DocumentState(stored: statement.bytes(12), fields: ReportCourse.fields)
        else { return nil }
        return ReportCourse(state)
    }

    package var area: String { statement.text(2) }
    package var title: String { statement.text(5) }
    package var detail: String { statement.text(6) }
    package var holder: String { statement.text(10) }
}

/// Which documents a list shows.
package struct ListFilter: Sendable {
    package var area: String?
    /// Areas that were merged into it, whose documents are shown under it. Valid area codes.
    package var mergedAreas: [String] = []
    /// Of what the ward accepted only those in one of these states; empty for all.
    package var states: [UInt8] = []
    /// Only what the ward did not accept yet.
    package var isQueued = false
    /// What only lists of tasks can be narrowed to.
    package var tasks = TaskFilter()

    package init(area: String? = nil, states: [UInt8] = []) {
        self.area = area
        self.states = states
    }
}

/// Which tasks a list shows.
package struct TaskFilter: Sendable {
    /// A claim's part in where a task stands.
    package enum Claim: Sendable {
        /// Nobody holds the task.
        case free
        /// Somebody does.
        case held
        /// Somebody does, and the ward confirmed it.
        case confirmed
        /// This device does, and the ward did not decide yet.
        case provisional
    }

    /// Only what this device's person holds or was assigned.
    package var isOwn = false
    package var kind: String?
    /// Only what is due before this moment.
    package var dueBefore: Int64?
    package var claim: Claim?
    package var isReleased = false
    /// Neither done nor cancelled.
    package var isUnfinished = false
    package var claimant: DeviceID?

    package init() {}

    /// Whether it lets everything through that the filter's area and states do.
    var isPlain: Bool {
        !isOwn && kind == nil && dueBefore == nil && claim == nil && !isReleased && claimant == nil
    }

    /// The condition; parameters 4 and 5 are the kind and the claimant.
    var sql: String {
        var sql = isOwn ? " AND (d.flags & 24)<>0 AND (d.flags & 8)<>0" : ""
        if kind != nil { sql += " AND d.detail=?4" }
        if let dueBefore { sql += " AND d.sort<\(TaskOrder.sort(due: dueBefore, priority: 0))" }
        if isReleased { sql += " AND (d.flags & 32)<>0" }
        if isUnfinished { sql += " AND d.status<3" }
        if claimant != nil { sql += " AND d.holder=(SELECT number FROM devices WHERE key=?5)" }
        switch claim {
        case .free: sql += " AND d.holder=0"
        case .held: sql += " AND d.holder>0"
        case .confirmed: sql += " AND d.holder>0 AND (d.flags & 4)=0"
        case .provisional: sql += " AND (d.flags & 4)<>0"
        case nil: break
        }
        return sql
    }
}

extension LocalDocuments {
    /// Goes through the documents of a kind in the order of lists.
    /// - Parameter limit: the most rows; `nil` for all.
    package func eachRow(
        _ kind: DocumentKind, _ filter: ListFilter, limit: Int?, _ body: (ListedRow) -> Void
    ) throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            let query = try ListQuery(kind, filter, limit: limit, counts(kind))
            let statement = try database.prepare(
                """
                SELECT d.id,d.status,d.area,d.sort,d.updated,d.title,d.detail,d.flags,d.pending,d.holder,h.name,
                d.position,d.state,EXISTS(SELECT 1 FROM attachments a WHERE a.document=d.number AND a.received=0)
                FROM (SELECT d.number AS n\(query.sql) ORDER BY d.sort,d.number LIMIT ?3) p
                CROSS JOIN documents d ON d.number=p.n LEFT JOIN devices h ON h.number=d.holder AND d.holder>0
                ORDER BY d.sort,d.number
                """
            ).bind(3, Int64(limit ?? -1))
            query.bind(statement)
            defer { statement.reset() }
            let row = ListedRow(statement: statement)
            while try statement.step() { body(row) }
        }
    }

    /// How many documents of a kind a list would show.
    package func count(_ kind: DocumentKind, _ filter: ListFilter) throws(ReplicaError) -> Int {
        try inStore { () throws(StoreError) in
            let query = try ListQuery(kind, filter, limit: nil, counts(kind))
            if filter.tasks.isPlain { return query.fitting }
            let statement = try database.prepare("SELECT count(*)\(query.sql)")
            query.bind(statement)
            defer { statement.reset() }
            return try statement.step() ? Int(statement.integer(0)) : 0
        }
    }

    /// How many documents of a kind there are, by what lists are narrowed to.
    func counts(_ kind: DocumentKind) throws(StoreError) -> [DocumentCount] {
        let statement = try database.prepared(
            "SELECT status,queued,area,count FROM document_counts WHERE kind=?1 AND count>0"
        ).bind(1, Int64(kind.rawValue))
        defer { statement.reset() }
        var counts: [DocumentCount] = []
        while try statement.step() {
            counts.append(
                DocumentCount(
                    status: UInt8(truncatingIfNeeded: statement.integer(0)), isQueued: statement.integer(1) != 0,
                    area: statement.text(2), count: Int(min(max(0, statement.integer(3)), 1 << 40))))
        }
        return counts
    }
}

extension ShortID {
    /// The characters that lists show, straight from the first bytes of an id.
    package static func bytes(_ id: UnsafeRawBufferPointer) -> (Bytes) {
        guard id.count >= 5 else { return [] }
        var word: UInt64 = 0
        for byte in id.prefix(5) { word = word << 8 | UInt64(byte) }
        return (0..<length).map { Base32.alphabet[Int(word >> (35 - 5 * UInt64($0)) & 31)] }
    }
}
