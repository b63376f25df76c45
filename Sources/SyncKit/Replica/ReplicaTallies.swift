// Counts of documents and the sums behind state hashes, kept as documents change, so that nobody reads a whole store.

extension LocalDocuments {
    /// The hash over accepted states, and how many they are.
    package func stateHash(_ scope: StateScope) throws(ReplicaError) -> (hash: Digest, count: Int) {
        let sum = try inStore { () throws(StoreError) in
            switch scope {
            case .own(let device): try ownSum(device)
            case .ward: try storedSum { $0.isEmpty }
            case .area(let area):
                try storedSum { SummedState.isScope($0, within: area) }
            }
        }
        return (sum.hash, sum.count)
    }

    private func storedSum(_ isMeant: (String) -> Bool) throws(StoreError) -> StateSum {
        let statement = try database.prepare("SELECT scope,sum,count FROM state_sums WHERE count>0")
        defer { statement.reset() }
        var total = StateSum()
        while try statement.step() {
            guard isMeant(statement.text(0)) else { continue }
            guard let sum = StateSum(statement.bytes(1), count: Int(statement.integer(2))) else {
                throw StoreError(.damaged, "state sum")
            }
            total.add(sum)
        }
        return total
    }

    /// What a device filed is little enough to be read.
    private func ownSum(_ device: DeviceID) throws(StoreError) -> StateSum {
        var sum = StateSum()
        for own in try personNumbers(device) {
            let statement = try database.prepare(
                """
                SELECT d.state FROM documents d INDEXED BY documents_filed
                WHERE d.creator=?1 AND d.kind<4 AND d.hidden=0 AND d.state IS NOT NULL
                """
            ).bind(1, own)
            defer { statement.reset() }
            while try statement.step() { sum.add(try SummedState(statement.bytes(0)).item) }
        }
        return sum
    }
}

/// What a document's row counts as: one among those of its sort, and a part of a state sum.
private struct Tally: Hashable {
    let sort: CountedSort
    /// Nothing while the ward did not accept it, and for what no state hash covers.
    let summed: SummedState?
}

/// Documents that are counted together.
private struct CountedSort: Hashable {
    let kind: Int64
    let status: Int64
    let isQueued: Int64
    let area: String
}

/// What new documents add to the counts and sums, collected so that each row is written once.
struct AddedTallies {
    fileprivate var counts: [CountedSort: Int64] = [:]
    fileprivate var sums: [String: StateSum] = [:]

    /// Adds a document that is shown and was accepted.
    mutating func add(_ state: DocumentState, _ stored: Bytes, _ listing: Listing) throws(StoreError) {
        let sort = CountedSort(
            kind: Int64(state.kind.rawValue), status: Int64(listing.status),
            isQueued: state.lastPosition == .start ? 1 : 0, area: listing.area)
        counts[sort, default: 0] += 1
        guard SummedState.covers(state.kind) else { return }
        let summed = try SummedState(state, stored)
        sums[summed.scope, default: StateSum()].add(summed.item)
    }
}

extension Replica {
    /// Changes a document's row, and the tallies with it. Every change of a row in `documents` that shows or hides it,
    /// or moves it to another state or area, goes through here.
    func keepingTallies(_ number: Int64, _ body: () throws(StoreError) -> Void) throws(StoreError) {
        let before = try tally(number)
        try body()
        let after = try tally(number)
        if before == after { return }
        if let before { try count(before.sort, -1) }
        if let after { try count(after.sort, 1) }
        if before?.summed == after?.summed { return }
        if let summed = before?.summed { try change(summed.scope) { $0.remove(summed.item) } }
        if let summed = after?.summed { try change(summed.scope) { $0.add(summed.item) } }
    }

    /// Keeps what new documents add.
    func keep(_ added: AddedTallies) throws(StoreError) {
        for (sort, count) in added.counts { try self.count(sort, count) }
        for (scope, sum) in added.sums { try change(scope) { $0.add(sum) } }
    }

    /// Nothing while the document is hidden.
    private func tally(_ number: Int64) throws(StoreError) -> Tally? {
        let statement = try database.prepared(
            "SELECT kind,status,position=0,area,state FROM documents WHERE number=?1 AND hidden=0"
        ).bind(1, number)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        var summed: SummedState?
        if !statement.isNull(4), let kind = DocumentKind(rawValue: UInt8(truncatingIfNeeded: statement.integer(0))),
            SummedState.covers(kind)
        {
            summed = try SummedState(statement.bytes(4))
        }
        let sort = CountedSort(
            kind: statement.integer(0), status: statement.integer(1), isQueued: statement.integer(2),
            area: statement.text(3))
        return Tally(sort: sort, summed: summed)
    }

    private func count(_ sort: CountedSort, _ step: Int64) throws(StoreError) {
        try database.prepared(
            """
            INSERT INTO document_counts(kind,status,queued,area,count) VALUES(?1,?2,?3,?4,?5)
            ON CONFLICT DO UPDATE SET count=count+?5
            """
        ).bind(1, sort.kind).bind(2, sort.status).bind(3, sort.isQueued).bind(4, sort.area).bind(5, step).run()
    }

    private func change(_ scope: String, _ body: (inout StateSum) -> Void) throws(StoreError) {
        let statement = try database.prepared("SELECT sum,count FROM state_sums WHERE scope=?1").bind(1, scope)
        var sum = StateSum()
        if try statement.step() {
            guard let known = StateSum(statement.bytes(0), count: Int(statement.integer(1))) else {
                throw StoreError(.damaged, "state sum")
            }
            sum = known
        }
        statement.reset()
        body(&sum)
        try database.prepared(
            "INSERT INTO state_sums(scope,sum,count) VALUES(?1,?2,?3) ON CONFLICT DO UPDATE SET sum=?2,count=?3"
        )
        .bind(1, scope).bind(2, sum.bytes).bind(3, Int64(sum.count)).run()
    }
}
