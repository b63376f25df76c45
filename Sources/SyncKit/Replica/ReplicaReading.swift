// Lists, searches and short ids.

/// A line of a list.
package struct DocumentRow: Sendable, Hashable {
    package let number: Int64
    package let id: Digest
    package let listing: Listing
    /// How many of the device's own change sets on it wait for a receipt.
    package let pending: Int
    /// The name of the claim's holder; empty where it is not known.
    package let holderName: String
}

extension LocalDocuments {
    /// Documents of a kind in the order of lists.
    /// - Parameters:
    ///   - area: only those in this area.
    ///   - states: only those in one of these states; empty for all.
    package func list(_ kind: DocumentKind, area: String? = nil, states: [UInt8] = [], limit: Int = 200)
        throws(ReplicaError) -> [DocumentRow]
    {
        let filter =
            (area == nil ? "" : " AND (d.area=?2 OR d.area LIKE ?2||'.%')")
            + (states.isEmpty ? "" : " AND d.status IN (\(states.map(String.init).joined(separator: ",")))")
        return try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                RowQuery.rows + "d.kind=?1 AND d.hidden=0\(filter) ORDER BY d.sort,d.number LIMIT ?3"
            )
            .bind(1, Int64(kind.rawValue)).bind(2, area ?? "").bind(3, Int64(limit))
            defer { statement.reset() }
            return try readRows(statement)
        }
    }

    /// The line of one document.
    package func row(_ number: Int64) throws(ReplicaError) -> DocumentRow? {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(RowQuery.rows + "d.number=?1 AND d.hidden=0").bind(1, number)
            defer { statement.reset() }
            return try readRows(statement).first
        }
    }

    /// Look-ups that the registry did not answer with a dossier: still open, or not found; the oldest first.
    package func unansweredLookups() throws(ReplicaError) -> [DocumentRow] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                RowQuery.rows(by: "documents_asked")
                    + "d.kind=3 AND d.status IN (1,3) AND d.hidden=0 AND d.position<>0 ORDER BY d.updated")
            defer { statement.reset() }
            return try readRows(statement)
        }
    }

    /// How many documents of a kind there are.
    package func count(_ kind: DocumentKind) throws(ReplicaError) -> Int {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare("SELECT total(count) FROM document_counts WHERE kind=?1")
                .bind(1, Int64(kind.rawValue))
            defer { statement.reset() }
            return try statement.step() ? Int(statement.integer(0)) : 0
        }
    }

    /// Documents with open conflicts.
    package func conflicted() throws(ReplicaError) -> [DocumentRow] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                RowQuery.rows(by: "documents_conflicts") + "(d.flags & 1)=1 AND d.hidden=0 ORDER BY d.updated")
            defer { statement.reset() }
            return try readRows(statement)
        }
    }

    /// Documents with own change sets that wait for a receipt.
    package func waiting() throws(ReplicaError) -> [DocumentRow] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                RowQuery.rows(by: "documents_pending") + "d.pending>0 ORDER BY d.updated")
            defer { statement.reset() }
            return try readRows(statement)
        }
    }

    /// Documents of a kind whose ids begin with what was typed, in the order of their ids.
    func rowsByID(_ kind: DocumentKind, _ prefix: String, limit: Int) throws(ReplicaError) -> [DocumentRow] {
        guard let range = ShortID.range(ShortID.normalized(prefix)) else { return [] }
        return try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                RowQuery.rows + "d.id>=?1 AND d.id<=?2 AND +d.hidden=0 AND +d.kind=?3 ORDER BY d.id LIMIT ?4"
            ).bind(1, range.low).bind(2, range.high).bind(3, Int64(kind.rawValue)).bind(4, Int64(limit))
            defer { statement.reset() }
            return try readRows(statement)
        }
    }

    /// The document whose id begins with what was typed, as in git; or whose whole id it is, in hexadecimal.
    package func resolve(_ prefix: String, kind: DocumentKind? = nil) throws(ReplicaError) -> Digest {
        let typed = ShortID.normalized(prefix)
        let whole = Digest(hex: prefix).map { ($0, $0) }
        guard let range = whole ?? ShortID.range(typed).map({ ($0.low, $0.high) }) else {
            throw ReplicaError(.notFound(prefix))
        }
        let found = try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                """
                SELECT id FROM documents WHERE id>=?1 AND id<=?2 AND +hidden=0 AND (?3=0 OR +kind=?3) ORDER BY id LIMIT 9
                """
            ).bind(1, range.0).bind(2, range.1).bind(3, Int64(kind?.rawValue ?? 0))
            defer { statement.reset() }
            var found: [Digest] = []
            while try statement.step() {
                if let id = statement.digest(0) { found.append(id) }
            }
            return found
        }
        guard let first = found.first else { throw ReplicaError(.notFound(prefix)) }
        guard found.count == 1 else { throw ReplicaError(.ambiguous(prefix, found)) }
        return first
    }

    /// What others may call a device: the name and the role that the ward gave.
    package func person(_ device: DeviceID) throws(ReplicaError) -> (name: String, role: Role) {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare("SELECT name,role FROM devices WHERE key=?1").bind(1, device.digest)
            defer { statement.reset() }
            guard try statement.step() else { return ("", .resident) }
            return (statement.text(0), Role(rawValue: UInt8(truncatingIfNeeded: statement.integer(1))) ?? .resident)
        }
    }

    func readRows(_ statement: Statement) throws(StoreError) -> [DocumentRow] {
        var rows: [DocumentRow] = []
        while try statement.step() {
            guard let id = statement.digest(1) else { continue }
            let listing = Listing(
                status: UInt8(truncatingIfNeeded: statement.integer(2)), area: statement.text(3),
                sort: statement.integer(4), updated: statement.integer(5), title: statement.text(6),
                detail: statement.text(7), holder: statement.isNull(10) ? nil : statement.digest(10).map(DeviceID.init),
                flags: Listing.Flags(rawValue: statement.integer(8)))
            rows.append(
                DocumentRow(
                    number: statement.integer(0), id: id, listing: listing, pending: Int(statement.integer(9)),
                    holderName: statement.text(11)))
        }
        return rows
    }
}

/// The parts of the queries that give rows.
enum RowQuery {
    static let columns =
        "SELECT d.number,d.id,d.status,d.area,d.sort,d.updated,d.title,d.detail,d.flags,d.pending,h.key,h.name FROM "
    static let holders = " LEFT JOIN devices h ON h.number=d.holder AND d.holder>0 WHERE "
    static let rows = columns + "documents d" + holders
    /// Rows that one index finds; the condition behind it has to repeat the index's own.
    static func rows(by index: String) -> String { columns + "documents d INDEXED BY " + index + holders }
}

extension LocalDocuments {
    /// The accepted text of a register, by the document's number; empty where there is none.
    package func text(_ number: Int64, _ field: UInt8) throws(ReplicaError) -> String {
        try inStore { () throws(StoreError) in try tables.state(document: number)?.text(field) } ?? ""
    }
}
