// What is held, found by what it waits for: when something comes, only what may have waited for that is decided again.

/// The change sets that the ward holds, whatever for.
struct HeldChanges {
    /// What a held change set may wait for.
    enum Name: Hashable {
        /// A document, or a change set by its id.
        case digest(Digest)
        /// A change set by its place in its chain, once it counts.
        case dot(Dot)
        /// What its author had seen of the log.
        case mark(SeenMark)
        /// Whom its author's device goes on as.
        case author(DeviceID)
    }

    /// How many things beside its document one change set is found by: what names more of them waits for a person, so
    /// that nobody makes the ward decide the same again and again.
    private static let mostNames = 8

    private var names: [Dot: [Name]] = [:]
    private var byName: [Name: Set<Dot>] = [:]
    private var news: [Name] = []
    private var orders: [(position: UInt64, dot: Dot)] = []

    var count: Int { names.count }
    /// All of them, oldest device first.
    var sorted: [Dot] { names.keys.sorted() }
    var hasNews: Bool { !news.isEmpty }

    /// Takes in a change set, or another reason for which it is held.
    mutating func insert(_ change: ChangeSet, _ code: RefusalCode) {
        remove(change)
        let names = Self.names(in: change, code)
        self.names[change.dot] = names
        for name in names { byName[name, default: []].insert(change.dot) }
    }

    mutating func remove(_ change: ChangeSet) {
        for name in names.removeValue(forKey: change.dot) ?? [] {
            byName[name]?.remove(change.dot)
            if byName[name]?.isEmpty ?? false { byName[name] = nil }
        }
    }

    /// Those that something may be for, in the order of their chains.
    func waiting(for name: Name) -> [Dot] { byName[name]?.sorted() ?? [] }

    /// Remembers that something is there now, where anything that is held waits for it.
    mutating func note(_ name: Name) {
        if byName[name] != nil { news.append(name) }
    }

    /// Those that may have waited for what came since the last time, in the order of their chains.
    mutating func takeNews() -> [Dot] {
        defer { news = [] }
        return Set(news.flatMap { byName[$0] ?? [] }).sorted()
    }

    /// Lets an order that was held at an entry of the log wait for its turn.
    mutating func queue(order dot: Dot, heldAt position: UInt64) {
        if !orders.contains(where: { $0.dot == dot }) { orders.append((position, dot)) }
    }

    /// The order whose turn it is: the one that was held first.
    mutating func takeOrder() -> Dot? {
        guard let next = orders.indices.min(by: { orders[$0].position < orders[$1].position }) else { return nil }
        return orders.remove(at: next).dot
    }

    private static func names(in change: ChangeSet, _ code: RefusalCode) -> [Name] {
        var names: [Name] = [.digest(change.document)]
        switch code {
        case .unknownPosition: names.append(.mark(change.header.seen))
        case .missingReference:
            var references: Set<Name> = []
            for dot in change.named { references.insert(.dot(dot)) }
            for case .link(_, let target) in change.operations ?? [] { references.insert(.digest(target)) }
            if let original = change.header.reissues {
                references.formUnion([.digest(original), .author(change.header.device)])
            }
            references.remove(.digest(change.document))
            if references.count <= mostNames { names += references }
        default: break
        }
        return names
    }
}
