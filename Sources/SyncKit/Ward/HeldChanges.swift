// What is held, found by what it names: when something comes, only what may have waited for that is decided again.

/// The change sets that the ward holds, whatever for.
struct HeldChanges {
    /// What a held change set names and may wait for.
    enum Name: Hashable {
        /// A document, or a change set by its id.
        case digest(Digest)
        /// A change set by its place in its chain, once it counts.
        case dot(Dot)
        /// What its author had seen of the log.
        case mark(SeenMark)
    }

    private var dots: Set<Dot> = []
    private var byName: [Name: Set<Dot>] = [:]
    private var news: [Name] = []

    var count: Int { dots.count }
    /// All of them, oldest device first.
    var sorted: [Dot] { dots.sorted() }

    mutating func insert(_ change: ChangeSet) {
        guard dots.insert(change.dot).inserted else { return }
        for name in Self.names(in: change) { byName[name, default: []].insert(change.dot) }
    }

    mutating func remove(_ change: ChangeSet) {
        guard dots.remove(change.dot) != nil else { return }
        for name in Self.names(in: change) {
            byName[name]?.remove(change.dot)
            if byName[name]?.isEmpty ?? false { byName[name] = nil }
        }
    }

    /// Those that name something, in the order of their chains.
    func naming(_ name: Name) -> [Dot] { byName[name]?.sorted() ?? [] }

    /// Remembers that something is there now, where anything that is held names it.
    mutating func note(_ name: Name) {
        if byName[name] != nil { news.append(name) }
    }

    var hasNews: Bool { !news.isEmpty }

    /// What came since the last time.
    mutating func takeNews() -> [Name] {
        defer { news = [] }
        return news
    }

    private static func names(in change: ChangeSet) -> Set<Name> {
        var names: Set<Name> = [.digest(change.document), .mark(change.header.seen)]
        if let original = change.header.reissues { names.insert(.digest(original)) }
        for dot in change.named { names.insert(.dot(dot)) }
        for case .link(_, let target) in change.operations ?? [] { names.insert(.digest(target)) }
        return names
    }
}
