// Which items are meant, in which order they come, and a page of them.

/// What of the inbox somebody wants to see; what is not said is not asked.
package struct InboxFilter: Sendable {
    package var kinds: Set<InboxKind> = []
    /// Only items of at least this severity.
    package var severity: InboxSeverity?
    /// Only items of one of these areas, or of what lies in them.
    package var areas: [String] = []
    /// Only items that this actor is to decide.
    package var mine: Actor?
    package var owner: Role?
    package var document: Digest?
    package var device: DeviceID?
    package var documentKind: DocumentKind?
    /// Only items that have waited for so many seconds at least.
    package var olderThan: Int64?

    package init() {}

    /// Whether items of a kind can be among those that are meant.
    package func mayHold(_ kind: InboxKind) -> Bool {
        if !kinds.isEmpty, !kinds.contains(kind) { return false }
        let rule = InboxRule.of(kind)
        if let severity, max(rule.severity, rule.raised) < severity { return false }
        if let owner, rule.owner != owner, !(rule.owner == .officer && owner == .lead) { return false }
        if document != nil || documentKind != nil { return kind != .clock }
        return true
    }

    package func holds(_ item: InboxItem, at now: Int64) -> Bool {
        guard mayHold(item.kind) else { return false }
        if let severity, item.severity < severity { return false }
        if !areas.isEmpty, !AreaCode.anyCovers(areas, [item.area]) { return false }
        if let mine, !item.owner.isMine(mine) { return false }
        if let owner, item.owner.role != owner { return false }
        if let document, item.document != document { return false }
        if let documentKind, item.documentKind != documentKind { return false }
        if let device, item.device != device, item.pending?.dot.device != device,
            !item.sides.contains(where: { $0.dot.device == device })
        {
            return false
        }
        if let olderThan, now - item.since < olderThan { return false }
        return true
    }
}

/// A page of the inbox.
package struct InboxPage: Sendable {
    package var items: [InboxItem] = []
    /// How many items are meant, on this page and on others.
    package var total = 0
    /// How many of each kind are among them.
    package var counts: [InboxKind: Int] = [:]
    /// How many items of residents are not among them: too many of one device, or of all.
    package var leftOut = 0
    /// How many rows of the store were read to make it: to show that it grows with what waits, not with the store.
    package var rowsRead = 0

    package init() {}

    /// A page of just these items.
    package init(_ items: [InboxItem]) {
        self.items = items
        total = items.count
        for item in items { counts[item.kind, default: 0] += 1 }
    }
}

extension [InboxItem] {
    /// The most severe first, of those the oldest, and where both are the same by their names.
    package func inInboxOrder() -> [InboxItem] {
        map { (item: $0, key: $0.key) }.sorted { a, b in
            if a.item.severity != b.item.severity { return a.item.severity > b.item.severity }
            if a.item.since != b.item.since { return a.item.since < b.item.since }
            return a.key < b.key
        }.map(\.item)
    }

    /// The items that a filter means, in order, without what stands before the page and behind it.
    package func page(_ filter: InboxFilter, from: Int, limit: Int, at now: Int64) -> InboxPage {
        let meant = self.filter { filter.holds($0, at: now) }.inInboxOrder()
        var page = InboxPage()
        page.total = meant.count
        for item in meant { page.counts[item.kind, default: 0] += 1 }
        page.items = Array(meant.dropFirst(Swift.max(0, from)).prefix(Swift.max(0, limit)))
        return page
    }
}
