// What completion asks of a store while a person types: few rows, found by index.

/// A document that completion offers.
package struct SuggestedDocument: Sendable, Hashable {
    package let id: Digest
    package let title: String
    package let status: UInt8
    /// Whether something of this device's on it waits for a receipt.
    package let isWaiting: Bool

    init(_ id: Digest, _ listing: Listing, pending: Int) {
        self.id = id
        title = listing.title
        status = listing.status
        isWaiting = pending > 0
    }

    /// A row of a list.
    package init(_ row: DocumentRow) { self.init(row.id, row.listing, pending: row.pending) }
}

extension LocalDocuments {
    /// Documents that may be meant by what was typed so far: by the beginning of the id, and by words where no id begins
    /// so or where they are long enough to be words. Nothing typed gives the first of the list.
    package func suggested(
        _ kind: DocumentKind, _ typed: String, limit: Int
    ) throws(ReplicaError) -> [SuggestedDocument] {
        if typed.isEmpty { return try list(kind, limit: limit).map { SuggestedDocument($0) } }
        var found = try rowsByID(kind, typed, limit: limit).map { SuggestedDocument($0) }
        guard found.isEmpty || typed.utf8.count >= 3 else { return found }
        let known = Set(found.map(\.id))
        for hit in try search(kind, typed, limit: limit) where !known.contains(hit.id) {
            found.append(SuggestedDocument(hit.id, hit.listing, pending: hit.pending))
        }
        return Array(found.prefix(limit))
    }

    /// The agencies that the newest reports were given to, the most frequent first.
    package func usedAgencies(among reports: Int = 200) throws(ReplicaError) -> [String] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                "SELECT number FROM documents WHERE kind=?1 AND hidden=0 ORDER BY sort,number LIMIT ?2"
            ).bind(1, Int64(DocumentKind.report.rawValue)).bind(2, Int64(reports))
            var numbers: [Int64] = []
            while try statement.step() { numbers.append(statement.integer(0)) }
            statement.reset()
            var uses: [String: Int] = [:]
            for number in numbers {
                if let agency = try tables.state(document: number)?.text(ReportField.agency) {
                    uses[agency, default: 0] += 1
                }
            }
            return uses.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        }
    }
}
