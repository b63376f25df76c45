// Letting go of old histories: a document that rests, and that the ward has in a backup, is kept as a state alone.

extension Replica {
    /// How long a document has to rest before its history is let go, in seconds.
    package static let restSeconds: Int64 = 180 * 86_400

    /// Replaces histories by states: of documents that nobody changed for a while, whose change sets the ward has in a
    /// backup, and on which nothing waits, conflicts or was erased. The device's own change sets stay, as its chain. The
    /// history comes back on demand (`askForHistory(of:)`).
    /// - Parameters:
    ///   - rested: only documents whose last change is at least so many seconds old by the ward's clock.
    ///   - limit: the most documents.
    /// - Returns: how many documents were compacted, and how many change sets went.
    @discardableResult
    package func compact(rested: Int64 = restSeconds, limit: Int = 200) throws(ReplicaError) -> (
        documents: Int, changes: Int
    ) {
        try inStore { () throws(StoreError) in
            var done = (documents: 0, changes: 0)
            try database.transaction { () throws(StoreError) in
                done = try self.compactInTransaction(rested, limit)
            }
            return done
        }
    }

    /// The same a few documents at a time, once a day by the ward's clock: going through the store costs.
    package func compactOnceADay(limit: Int) throws(ReplicaError) {
        let now = try number(Key.lastSync)
        guard now >= 86_400, try number(Key.compacted) <= now - 86_400 else { return }
        if try compact(limit: limit).documents == limit { return }
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in try tables.setNumber(Key.compacted, now) }
        }
    }

    /// Gives the room of what was let go back to the file system. Takes as much room again while it runs.
    package func shrink() throws(ReplicaError) {
        try inStore { () throws(StoreError) in try database.run("VACUUM") }
    }

    private func compactInTransaction(_ rested: Int64, _ limit: Int) throws(StoreError) -> (
        documents: Int, changes: Int
    ) {
        let asOf = min(try tables.number(Key.backedUp) ?? 0, try tables.number(Key.position) ?? 0)
        let isDelivered = try (tables.number(Key.backfill) ?? 0) == 0
        let isAhead = try tables.number(Key.ahead) != nil
        // What a copy passed over is named by its change sets.
        let hasPassedOver = try tables.meta(Key.passedOver) != nil
        guard asOf > 0, isDelivered, !isAhead, !hasPassedOver, try !isScopeUnconfirmed() else { return (0, 0) }
        let now = Int64(clamping: try tables.number(Key.lastSync) ?? 0)
        var (documents, gone) = (0, 0)
        for (id, number) in try resting(since: now - min(now, max(0, rested)), asOf: Position(rawValue: asOf), limit) {
            let changes = try compact(id, number, asOf: Position(rawValue: asOf))
            documents += changes > 0 ? 1 : 0
            gone += changes
        }
        return (documents, gone)
    }

    /// Documents with histories of others, the longest unchanged first. Those with flags for conflicts and for edits side
    /// by side keep theirs, and so do the kinds of which more than the state is read.
    private func resting(since: Int64, asOf: Position, _ limit: Int) throws(StoreError) -> [(id: Digest, number: Int64)]
    {
        let statement = try database.prepare(
            """
            SELECT d.id,d.number FROM documents d WHERE d.hidden=0 AND d.pending=0 AND d.state IS NOT NULL AND d.updated<=?1
            AND d.position<=?2 AND (d.flags & 129)=0 AND d.kind NOT IN (11,13,14) AND EXISTS (SELECT 1 FROM
            document_changes x WHERE x.document=d.number AND x.device<>?3)
            AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.document=d.id) ORDER BY d.updated LIMIT ?4
            """
        ).bind(1, since).bind(2, Int64(bitPattern: asOf.rawValue)).bind(3, try tables.deviceNumber(device))
            .bind(4, Int64(limit))
        defer { statement.reset() }
        var found: [(id: Digest, number: Int64)] = []
        while try statement.step() { if let id = statement.digest(0) { found.append((id, statement.integer(1))) } }
        return found
    }

    /// - Returns: how many change sets went.
    private func compact(_ id: Digest, _ number: Int64, asOf: Position) throws(StoreError) -> Int {
        guard let state = try tables.state(document: number) else { return 0 }
        let known = try base(of: id)
        let changes = try tables.changes(document: number)
        let isSettled = changes.allSatisfy {
            $0.verdict == .accepted && $0.logged <= asOf && !$0.change.isErased
        }
        guard isSettled, known.map({ $0.asOf <= asOf }) ?? true else { return 0 }
        let base = Base(number: number, asOf: asOf, state: state)
        if known == nil { try add(base) } else { try keep(base) }
        var gone = 0
        for stored in changes where stored.change.header.device != device {
            let header = stored.change.header
            let author = try tables.deviceNumber(header.device)
            let sequence = Int64(clamping: header.sequence)
            try database.prepared("DELETE FROM changes WHERE device=?1 AND sequence=?2").bind(1, author)
                .bind(2, sequence).run()
            try database.prepared("DELETE FROM document_changes WHERE document=?1 AND device=?2 AND sequence=?3")
                .bind(1, number).bind(2, author).bind(3, sequence).run()
            // Private values that were replaced belong to the history.
            let standing = state.slots.filter { $0.entries.contains { $0.dot == stored.change.dot } }
                .map { String(Int64(bitPattern: $0.slot.rawValue)) }
            try database.prepare(
                """
                DELETE FROM disclosures WHERE device=?1 AND sequence=?2
                AND slot NOT IN (\(standing.joined(separator: ",")))
                """
            ).bind(1, author).bind(2, sequence).run()
            gone += 1
        }
        return gone
    }
}
