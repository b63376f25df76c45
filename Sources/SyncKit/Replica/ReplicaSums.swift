// The sums behind state hashes, kept as documents change, so that comparing replicas costs the same in a large ward.

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
        guard let own = try tables.knownDeviceNumber(device) else { return sum }
        let statement = try database.prepare(
            """
            SELECT d.state FROM documents d INDEXED BY documents_filed
            WHERE d.creator=?1 AND d.kind<4 AND d.hidden=0 AND d.state IS NOT NULL
            """
        ).bind(1, own)
        defer { statement.reset() }
        while try statement.step() { sum.add(try SummedState(statement.bytes(0)).item) }
        return sum
    }

    /// What a document adds to which sum; nothing while it is hidden or not accepted.
    func summed(_ number: Int64) throws(StoreError) -> SummedState? {
        let statement = try database.prepared("SELECT state,kind FROM documents WHERE number=?1 AND hidden=0")
            .bind(1, number)
        defer { statement.reset() }
        guard try statement.step(), !statement.isNull(0) else { return nil }
        guard let kind = DocumentKind(rawValue: UInt8(truncatingIfNeeded: statement.integer(1))) else { return nil }
        guard kind.isWardWide || Schema.areaField(of: kind) != nil else { return nil }
        return try SummedState(statement.bytes(0))
    }
}

extension Replica {
    /// Changes a document's row, and the sums with it. Every change of `documents.state` or `hidden` goes through here.
    func keepingSums(_ number: Int64, _ body: () throws(StoreError) -> Void) throws(StoreError) {
        let before = try summed(number)
        try body()
        let after = try summed(number)
        if before == after { return }
        if let before { try change(before.scope) { $0.remove(before.item) } }
        if let after { try change(after.scope) { $0.add(after.item) } }
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
        try database.prepared("INSERT OR REPLACE INTO state_sums(scope,sum,count) VALUES(?1,?2,?3)")
            .bind(1, scope).bind(2, sum.bytes).bind(3, Int64(sum.count)).run()
    }
}
