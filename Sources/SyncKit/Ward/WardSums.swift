// The sums behind the server's state hashes: made bit by bit after a start, kept as documents change.

/// What the ward's documents add up to. A document is counted when somebody gets to it, and again when it changed.
struct WardSums {
    /// By the areas, one a line; empty for what every device holds.
    fileprivate(set) var byScope: [String: StateSum] = [:]
    /// Documents with lower numbers were counted once.
    fileprivate var next: Int64 = 1
    /// Documents that changed since they were counted.
    fileprivate var changed: [WardDocument] = []

    /// A document that was counted is to be counted again.
    mutating func noteChange(of document: WardDocument) {
        guard let before = document.summed else { return }
        byScope[before.scope]?.remove(before.item)
        document.summed = nil
        changed.append(document)
    }

    fileprivate mutating func count(_ document: WardDocument, _ state: SummedState) {
        document.summed = state
        byScope[state.scope, default: StateSum()].add(state.item)
    }
}

extension WardCore {
    /// Counts documents that were not counted since the start or since they changed.
    /// - Parameter most: how many, so that nobody waits long for the lock; `nil` for all.
    package func countStates(most: Int?) throws(StoreError) {
        var left = most ?? Int.max
        while left > 0, let document = sums.changed.popLast() {
            try countState(of: document)
            left -= 1
        }
        while left > 0, sums.next < nextDocument {
            if let document = documentsByNumber[sums.next] { try countState(of: document) }
            sums.next += 1
            left -= 1
        }
    }

    private func countState(of document: WardDocument) throws(StoreError) {
        let kind = document.kind
        guard document.summed == nil, kind.isWardWide || Schema.areaField(of: kind) != nil else { return }
        // Not kept in memory: counting must not make the server grow.
        let found = document.state == nil ? try tables.state(document: document.number) : document.state
        guard let state = found else { throw StoreError(.damaged, "document without a state") }
        sums.count(document, SummedState(state))
    }

    /// The sum over the scopes that are meant.
    func stateSum(_ isMeant: (String) -> Bool) -> StateSum {
        var total = StateSum()
        for (scope, sum) in sums.byScope where isMeant(scope) { total.add(sum) }
        return total
    }
}
