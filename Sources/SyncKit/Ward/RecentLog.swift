// The newest part of the log in memory: what devices that sync often ask for.

/// The newest entries and the change sets behind them, so that handing them on reads nothing.
struct RecentLog {
    /// How many entries are kept: about 8 MiB.
    static let capacity = 16_384

    /// An entry of the log, and what it accepts.
    struct Item {
        let bytes: Bytes
        let time: Int64
        /// The change set, where the entry accepts it on its arrival.
        var change: ChangeSet?
        var effective: HybridTime
        var outcomes: [Outcome]
    }

    private var first: UInt64 = 1
    private var items: [Item] = []

    /// Takes over the next entry.
    mutating func append(_ bytes: Bytes, time: Int64, at position: UInt64) {
        if position != first + UInt64(items.count) {
            items = []
            first = position
        }
        items.append(Item(bytes: bytes, time: time, change: nil, effective: .zero, outcomes: []))
        if items.count > 2 * Self.capacity {
            items.removeFirst(Self.capacity)
            first += UInt64(Self.capacity)
        }
    }

    /// Adds what the newest entry accepts.
    mutating func attach(_ change: ChangeSet, effective: HybridTime, outcomes: [Outcome]) {
        guard !items.isEmpty else { return }
        let place = items.count - 1
        items[place].change = change
        items[place].effective = effective
        items[place].outcomes = outcomes
    }

    /// Forgets the values of a change set that were erased.
    mutating func forget(_ id: Digest, keeping erased: ChangeSet) {
        for place in items.indices where items[place].change?.id == id { items[place].change = erased }
    }

    /// An entry, if it is one of the newest.
    func item(at position: UInt64) -> Item? {
        guard position >= first, position - first < UInt64(items.count) else { return nil }
        return items[Int(position - first)]
    }

    /// Puts an acceptance into a row of runs, if it is one of the newest entries.
    func append(_ position: Position, to runs: inout [ReceiptRun]) -> Bool {
        let index = position.index
        guard index >= first, index - first < UInt64(items.count) else { return false }
        let place = Int(index - first)
        guard let change = items[place].change else { return false }
        runs.append(
            LogEntry.Acceptance(
                dot: change.dot, id: change.id, effective: items[place].effective, outcomes: items[place].outcomes),
            time: items[place].time, at: position, authorTime: change.header.authorTime)
        return true
    }
}

extension [ReceiptRun] {
    /// Lets the last run go on with an acceptance, or begins another one.
    mutating func append(
        _ acceptance: LogEntry.Acceptance, time: Int64, at position: Position, authorTime: HybridTime?
    ) {
        if !isEmpty, self[count - 1].take(acceptance, time: time, at: position, authorTime: authorTime) { return }
        append(ReceiptRun(acceptance, time: time, at: position, authorTime: authorTime))
    }
}
