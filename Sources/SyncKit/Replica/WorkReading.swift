// What a day's work is read from: own tasks, what is due, what was filed, and counts, each by an index.

extension LocalDocuments {
    /// Tasks that the device's person holds, was assigned or claimed too late, by due time and priority.
    package func ownTasks(limit: Int = 500) throws(ReplicaError) -> [DocumentRow] {
        try rows(by: "documents_own", "d.kind=2 AND d.hidden=0 AND (d.flags & 24)<>0 ORDER BY d.sort LIMIT \(limit)")
    }

    /// Tasks in one of these states, by due time and priority; those that are due before a moment, where one is given.
    package func tasks(
        in states: [UInt8], areFree: Bool = false, dueBefore: Int64? = nil, limit: Int
    ) throws(ReplicaError) -> [DocumentRow] {
        let states = states.map(String.init).joined(separator: ",")
        let due = dueBefore.map { " AND d.sort<\(TaskOrder.sort(due: $0, priority: 0))" } ?? ""
        return try rows(
            by: "documents_tasks",
            "d.kind=2 AND d.hidden=0 AND d.status IN (\(states))\(areFree ? " AND d.holder=0" : "")\(due)"
                + " ORDER BY d.sort LIMIT \(limit)")
    }

    /// How many tasks a condition fits.
    package func taskCount(in states: [UInt8], areFree: Bool = false, dueBefore: Int64? = nil) throws(ReplicaError)
        -> Int
    {
        let states = states.map(String.init).joined(separator: ",")
        let due = dueBefore.map { " AND d.sort<\(TaskOrder.sort(due: $0, priority: 0))" } ?? ""
        return try inStore { () throws(StoreError) in
            Int(
                try database.integer(
                    "SELECT count(*) FROM documents d INDEXED BY documents_tasks WHERE d.kind=2 AND d.hidden=0 AND d.status IN (\(states))"
                        + (areFree ? " AND d.holder=0" : "") + due) ?? 0)
        }
    }

    /// What a device filed of a kind, the newest first; only what is in one of these states, where some are given.
    package func filed(
        by device: DeviceID, _ kind: DocumentKind, states: [UInt8] = [], since: Int64 = .min, limit: Int = 200
    ) throws(ReplicaError) -> [DocumentRow] {
        let own = try inStore { () throws(StoreError) in try personNumbers(device) }
        guard !own.isEmpty else { return [] }
        let states = states.map(String.init).joined(separator: ",")
        return try rows(
            by: "documents_filed",
            "d.creator IN (\(own.map(String.init).joined(separator: ","))) AND d.kind=\(kind.rawValue) AND d.kind<4 AND d.hidden=0"
                + (states.isEmpty ? "" : " AND d.status IN (\(states))")
                + " AND d.updated>=\(since) ORDER BY d.updated DESC LIMIT \(limit)")
    }

    /// How many documents of a kind with a workflow are in each state.
    package func stateCounts(_ kind: DocumentKind) throws(ReplicaError) -> [UInt8: Int] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                """
                SELECT status,sum(count) FROM document_counts WHERE kind=?1 AND count>0 GROUP BY status
                """
            ).bind(1, Int64(kind.rawValue))
            defer { statement.reset() }
            var counts: [UInt8: Int] = [:]
            while try statement.step() {
                counts[UInt8(truncatingIfNeeded: statement.integer(0))] = Int(statement.integer(1))
            }
            return counts
        }
    }

    private func rows(by index: String, _ condition: String) throws(ReplicaError) -> [DocumentRow] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(RowQuery.rows(by: index) + condition)
            defer { statement.reset() }
            return try readRows(statement)
        }
    }
}
