// The newest part of the log in memory: what devices that sync often ask for.

/// The bytes of the newest entries and the change sets behind them, so that handing them on reads nothing.
struct RecentLog {
    /// How many entries are kept: about 8 MiB.
    static let capacity = 16_384

    private var first: UInt64 = 1
    private var entries: [(bytes: Bytes, change: ChangeSet?)] = []

    /// Takes over the next entry.
    mutating func append(_ bytes: Bytes, at position: UInt64) {
        if position != first + UInt64(entries.count) {
            entries = []
            first = position
        }
        entries.append((bytes, nil))
        if entries.count > 2 * Self.capacity {
            entries.removeFirst(Self.capacity)
            first += UInt64(Self.capacity)
        }
    }

    /// Adds the change set that the newest entry accepts.
    mutating func attach(_ change: ChangeSet) {
        if !entries.isEmpty { entries[entries.count - 1].change = change }
    }

    /// An entry, if it is one of the newest.
    func entry(at position: UInt64) -> (bytes: Bytes, change: ChangeSet?)? {
        guard position >= first, position - first < UInt64(entries.count) else { return nil }
        return entries[Int(position - first)]
    }
}
