// What the ward could not process and is no change set: rows of imports, reactions that the rules kept it from.

/// Something that failed and that a person should see.
package struct WardProblem: Sendable, Hashable {
    /// What failed: `import` or `reaction`.
    package let source: String
    /// Which one: the file's kind, or the document.
    package let subject: String
    /// When it failed last, in seconds since 1970.
    package let time: Int64
    /// How often, or how many rows.
    package let count: Int
    /// The first of them in a few safe words: codes and line numbers, never what anybody wrote.
    package let detail: String
}

extension WardCore {
    private static let mostProblems = 1_000

    /// Notes a failure, in place of an earlier one of the same thing; the oldest make way for it.
    package func noteProblem(source: String, subject: String, count: Int, detail: String) throws(StoreError) {
        let now = wardTime
        let detail = String(detail.prefix(200))
        try database.transaction { () throws(StoreError) in
            try database.prepare(
                """
                INSERT INTO problems(source,subject,time,count,detail) VALUES(?1,?2,?3,?4,?5)
                ON CONFLICT(source,subject) DO UPDATE SET time=?3,count=?4,detail=?5
                """
            ).bind(1, source).bind(2, subject).bind(3, now).bind(4, Int64(count)).bind(5, detail).run()
            try database.prepare(
                """
                DELETE FROM problems WHERE (source,subject) NOT IN
                (SELECT source,subject FROM problems ORDER BY time DESC LIMIT ?1)
                """
            ).bind(1, Int64(Self.mostProblems)).run()
        }
    }

    /// Forgets a failure: it was done again, or somebody looked.
    package func settleProblem(source: String, subject: String) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            try database.prepare("DELETE FROM problems WHERE source=?1 AND subject=?2").bind(1, source)
                .bind(2, subject).run()
        }
    }

    func hasProblem(source: String, subject: String) throws(StoreError) -> Bool {
        let statement = try database.prepare("SELECT 1 FROM problems WHERE source=?1 AND subject=?2").bind(1, source)
            .bind(2, subject)
        defer { statement.reset() }
        return try statement.step()
    }

    package func problems() throws(StoreError) -> [WardProblem] {
        let statement = try database.prepare("SELECT source,subject,time,count,detail FROM problems ORDER BY time")
        defer { statement.reset() }
        var found: [WardProblem] = []
        while try statement.step() {
            found.append(
                WardProblem(
                    source: statement.text(0), subject: statement.text(1), time: statement.integer(2),
                    count: Int(statement.integer(3)), detail: statement.text(4)))
        }
        return found
    }

    func addProblems(to items: inout [InboxItem], _ filter: InboxFilter) throws(StoreError) {
        guard filter.mayHold(.processing) else { return }
        for problem in try problems() {
            inbox.rowsRead += 1
            var item = InboxItem(.processing, owner: InboxOwner(role: .admin), since: problem.time)
            item.fault = problem.source + "." + problem.subject
            item.title = problem.detail
            items.append(item)
        }
    }
}
