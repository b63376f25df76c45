// Making everything that is derived anew from the log tables.

extension Replica {
    /// Drops every derived table and makes it anew from the change sets and the ward's word on them. The documents
    /// are the same afterwards, to the byte; nothing that was saved is touched.
    /// - Parameter onDocument: called after each document with how many are done, and of how many.
    /// - Returns: how many documents there are.
    @discardableResult
    package func rebuild(onDocument: (_ done: Int, _ total: Int) -> Void = { _, _ in }) throws(ReplicaError) -> Int {
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in try rebuildInTransaction(onDocument) }
        }
    }

    private struct Part {
        let device: Int64
        let dot: Dot
        let number: Int64
        let kind: UInt64
        let isCreation: Bool
        let id: Digest
        let reissues: Digest?
        let verdict: StoredVerdict
        /// Where the log accepted it, also where it stands at an older place in the order.
        let logged: Position
    }

    func rebuildInTransaction(_ onDocument: (_ done: Int, _ total: Int) -> Void = { _, _ in }) throws(StoreError) -> Int
    {
        var parts = try readParts()
        let bases = try bases()
        for id in bases.keys where parts[id] == nil { parts[id] = [] }
        let open = try tables.meta(Key.open).flatMap { Digest($0) }
        for table in StoreSchema.derivedTables { try database.run("DROP TABLE IF EXISTS \(table)") }
        try database.run(StoreSchema.derived)
        try database.run(StoreSchema.replicaIndexes)
        try beginNotingWords(ofMany: true)
        defer { notedWords = nil }
        // In the order of their numbers, and a number that two documents had goes to the one that came first.
        func number(_ id: Digest, _ parts: [Part]) -> Int64 {
            bases[id]?.number ?? parts.map(\.number).max() ?? 0
        }
        let order = parts.map { (id: $0.key, parts: $0.value, number: number($0.key, $0.value)) }
            .sorted { ($0.number, $0.id) < ($1.number, $1.id) }
        var used: Set<Int64> = []
        var next = 1 + (order.last?.number ?? 0)
        var count = 0
        for (index, (id, parts, known)) in order.enumerated() {
            onDocument(index, order.count)
            let hasLeft = try tables.meta(Key.left(id)) != nil
            let base = bases[id]
            guard let first = try Self.creation(parts, base, tables) else { continue }
            var number = known
            if number <= 0 || !used.insert(number).inserted {
                number = next
                next += 1
                used.insert(number)
            }
            try database.prepare(
                "INSERT INTO documents(number,id,kind,creator,sequence,hidden) VALUES(?1,?2,?3,?4,?5,1)"
            )
            .bind(1, number).bind(2, id).bind(3, Int64(bitPattern: first.kind)).bind(4, first.device)
            .bind(5, Int64(clamping: first.sequence)).run()
            for part in parts {
                try tables.noteChange(document: number, device: part.device, sequence: part.dot.sequence)
            }
            if hasLeft {
                try markLeft(number)
                try keepUnsent(of: number)
                continue
            }
            if let base, base.number != number {
                try keep(Base(number: number, asOf: base.asOf, state: base.state))
            }
            try refresh(number, id, accepted: try foldAnew(number, id, base), hidden: base == nil && open == id)
            count += 1
        }
        return count
    }

    /// Every stored change set by document, without its body.
    private func readParts() throws(StoreError) -> [Digest: [Part]] {
        let statement = try database.prepare(
            """
            SELECT c.device,c.document,c.verdict,max(c.position*(c.logged=0),c.logged),c.body FROM changes c
            ORDER BY c.device,c.sequence
            """)
        defer { statement.reset() }
        var parts: [Digest: [Part]] = [:]
        while try statement.step() {
            let change: ChangeSet
            do { change = try ChangeSet(decoding: statement.bytes(4)) } catch {
                throw StoreError(.damaged, "change set: \(error.code)")
            }
            parts[change.document, default: []].append(
                Part(
                    device: statement.integer(0), dot: change.dot, number: statement.integer(1),
                    kind: change.header.kind, isCreation: change.isCreation, id: change.id,
                    reissues: change.header.reissues,
                    verdict: StoredVerdict(rawValue: statement.integer(2)) ?? .pending,
                    logged: Position(rawValue: UInt64(bitPattern: statement.integer(3)))))
        }
        return parts
    }

    /// The kind of a document, and the number of the device and the sequence that make it.
    private static func creation(_ parts: [Part], _ base: Base?, _ tables: LogTables) throws(StoreError) -> (
        kind: UInt64, device: Int64, sequence: UInt64
    )? {
        if let state = base?.state {
            let device = try tables.deviceNumber(state.creation.device)
            return (UInt64(state.kind.rawValue), device, state.creation.sequence)
        }
        return creation(parts).map { ($0.kind, $0.device, $0.dot.sequence) }
    }

    /// The change set that creates the document: the creation itself, or what replaced a refused one; of both the one
    /// that the log accepted first.
    private static func creation(_ parts: [Part]) -> Part? {
        let creation = parts.first(where: \.isCreation)
        let makers = parts.filter { part in
            guard part.verdict == .accepted, part.isCreation || part.reissues != nil else { return false }
            // Beside a creation that counts, what was sent again in place of an edit makes nothing.
            return creation?.verdict != .accepted || part.isCreation || part.reissues == creation?.id
        }
        return makers.min { $0.logged < $1.logged } ?? creation
            ?? parts.min { ($0.logged.rawValue, $0.dot.sequence) < ($1.logged.rawValue, $1.dot.sequence) }
    }

    /// Documents whose stored state is not what their change sets make.
    package func unsoundDocuments() throws(ReplicaError) -> [Digest] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare("SELECT number,id FROM documents WHERE hidden<2 ORDER BY number")
            var all: [(number: Int64, id: Digest)] = []
            while try statement.step() {
                if let id = statement.digest(1) { all.append((statement.integer(0), id)) }
            }
            var unsound: [Digest] = []
            for (number, id) in all {
                guard try creation(of: id) != nil else { continue }
                let folded = try folded(number, id, try base(of: id))
                if try tables.state(document: number)?.canonical != folded?.state.canonical { unsound.append(id) }
            }
            return unsound
        }
    }

    /// SQLite's own check of the file; empty where it is sound.
    package func storeFaults() throws(ReplicaError) -> [String] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare("PRAGMA quick_check(20)")
            var faults: [String] = []
            while try statement.step() { faults.append(statement.text(0)) }
            return faults == ["ok"] ? [] : faults
        }
    }
}
