// Which of the documents of a list name files that the ward does not hold.

extension LogTables {
    /// Of these documents those with such a file, by one question for all of them.
    fileprivate func incomplete(among documents: [Int64]) throws(StoreError) -> Set<Int64> {
        let numbers = "[" + documents.map(String.init).joined(separator: ",") + "]"
        let statement = try database.prepare(
            """
            SELECT DISTINCT a.document FROM json_each(?1) j
            CROSS JOIN attachments a ON a.document=j.value AND a.received=0
            """
        ).bind(1, numbers)
        defer { statement.reset() }
        var found: Set<Int64> = []
        while try statement.step() { found.insert(statement.integer(0)) }
        return found
    }
}

extension WardCore {
    /// The numbers of those of these rows whose files are not all at the ward.
    package func incomplete(among rows: some Sequence<BrowsedRow>) throws(StoreError) -> Set<Int64> {
        try tables.incomplete(among: rows.map(\.number))
    }
}
