// What waits for a decision, as pages show it: the only file of the console that asks the conflict inbox.
import SyncKit

/// One item with what a page says beside it.
struct ConsoleItem: Sendable {
    var item: InboxItem
    /// Everybody whom it names.
    var people: [DeviceID: BrowsedPerson]
    /// What can be done about it at the console.
    var actions: [InboxAction]
    /// What only a device may sign, and the page of the item's device offers to prepare.
    var prepared: [OrderAction]
    /// The area that the device's grant would have to name for what was refused.
    var lackingArea: String?
    /// Up to where the page is made of the log.
    var seen: Position
    /// When the log was where the sides had seen it.
    var seenTimes: [Position: Int64]
    /// The change set that was held or refused.
    var pending: BrowsedChange?
    /// Photos and papers of its document, and of the other report where there is one; as many as a page shows.
    var files: [(attachment: Attachment, isHeld: Bool)] = []
    var otherFiles: [(attachment: Attachment, isHeld: Bool)] = []
    /// What both branches of a forked chain say, as far as the page shows it.
    var branches = ForkedContent()

    /// The change sets that an order about the item names, as far as its page shows them: nothing else is decided there.
    var shown: ArraySlice<(dot: Dot, id: Digest)> { item.decidable.prefix(ConsoleInbox.mostBranches) }

    /// Which of the other sides a side's author had seen, by their places.
    func hadSeen(_ side: InboxSide) -> [Int] {
        item.sides.indices.filter { place in
            let other = item.sides[place]
            guard other.dot != side.dot else { return false }
            return side.seen.map { other.position <= $0 } ?? false || side.seenDots.contains(other.dot)
                || (other.dot.device == side.dot.device && other.dot.sequence < side.dot.sequence)
        }
    }
}

/// Reads what waits.
enum ConsoleInbox {
    /// Items on one page.
    static let pageLength = 50
    /// Sides that a page shows and settles: as many as one decision can name.
    static let mostSides = ChangeSetLimits.maxSettled
    /// Change sets of another branch that a page shows and decides at once.
    static let mostBranches = 50
    /// Photos and papers of one document that a page shows.
    static let mostFiles = 24
    /// The longest name of an item.
    static let longestKey = 320

    /// A page of items, the most severe first, and everybody whom they name.
    static func page(_ core: WardCore, _ filter: InboxFilter, page: Int) throws(StoreError) -> (
        found: SyncKit.InboxPage, people: [DeviceID: BrowsedPerson]
    ) {
        let found = try core.inbox(filter, from: page * pageLength, limit: pageLength)
        var people: [DeviceID: BrowsedPerson] = [:]
        for item in found.items { name(item, core, &people) }
        return (found, people)
    }

    private static func name(_ item: InboxItem, _ core: WardCore, _ people: inout [DeviceID: BrowsedPerson]) {
        var devices = item.sides.map(\.dot.device) + item.history.map(\.dot.device)
        devices += [item.device, item.owner.device, item.pending?.dot.device].compactMap { $0 }
        for device in devices where people[device] == nil { people[device] = core.browsedPerson(device) }
    }

    /// Who decides at the console.
    static func actor(_ core: WardCore) -> Actor {
        Actor(device: core.consoleDevice ?? DeviceID(.zero), role: .admin, areas: [core.areaCode], isConsole: true)
    }

    /// Those of some items that wait and can be dismissed, by their names, as they stand now.
    static func dismissable(_ core: WardCore, _ keys: some Sequence<String>) throws(StoreError) -> [String: InboxItem] {
        var items = try core.inboxItems(Set(keys.filter { $0.utf8.count <= longestKey }))
        for (key, item) in items {
            let state = try item.document.flatMap { id throws(StoreError) in try core.documentState(id) }
            if !item.actions(for: actor(core), state).contains(.dismiss) { items[key] = nil }
        }
        return items
    }

    /// What an item that does not wait any more is called: the title of the document in its name, else the name.
    static func title(_ core: WardCore, of key: String) throws(StoreError) -> String {
        let parts = key.prefix(longestKey).split(separator: "/")
        guard parts.count > 1, let id = Digest(hex: String(parts[1])), let state = try core.documentState(id) else {
            return String(key.prefix(longestKey))
        }
        return state.inboxTitle.isEmpty ? ShortID.text(id) : state.inboxTitle
    }

    /// One item as it stands now; nil where it does not wait any more.
    static func item(_ core: WardCore, _ key: String) throws(StoreError) -> ConsoleItem? {
        guard key.utf8.count <= longestKey, let item = try core.inboxItem(key) else { return nil }
        var people: [DeviceID: BrowsedPerson] = [:]
        name(item, core, &people)
        let state = try item.document.flatMap { id throws(StoreError) in try core.documentState(id) }
        let possible = item.actions(for: actor(core), state)
        let pending = try item.pending.flatMap { pending throws(StoreError) in try core.browsed(pending.dot) }
        let orders = try item.device.flatMap { id throws(StoreError) in try DeviceOrders(core, id) }
        let offered = orders?.possible ?? []
        var prepared = possible.compactMap(\.order).filter { offered.contains($0) }
        var lacking: String?
        // What was refused for its area leads to a grant that has it; no grant reaches what is not the ward's.
        if let refused = item.pending, refused.code == .outsideArea {
            lacking = orders?.lacking(refused.areas, ward: core.areaCode).first
            if lacking == nil { prepared.removeAll { $0 == .grant } }
        }
        var times: [Position: Int64] = [:]
        for side in item.sides.prefix(mostSides) {
            if let seen = side.seen { times[seen] = try core.time(at: seen) }
        }
        var found = ConsoleItem(
            item: item, people: people, actions: possible.filter { $0.isOnDocument || $0.order?.needsDevice == false },
            prepared: prepared, lackingArea: lacking, seen: core.seenNow,
            seenTimes: times,
            pending: pending)
        if let state { found.files = Array(try core.files(of: state).prefix(mostFiles)) }
        if let other = item.likeness?.document, let state = try core.documentState(other) {
            found.otherFiles = Array(try core.files(of: state).prefix(mostFiles))
        }
        if let fork = item.fork, let device = item.device { found.branches = try ForkedContent(core, device, fork) }
        return found
    }

    /// The name of the item that a document's conflict is.
    static func key(_ conflict: Conflict) -> String {
        "\(conflict.kind.rawValue)/\(conflict.document.hex)/\(conflict.slot.rawValue)"
    }

    /// The name of the item that a held or refused change set is; nil where nobody has to look at it.
    static func key(_ change: BrowsedChange) -> String? {
        guard let code = change.code, let kind = InboxKind(code), kind != .fork else { return nil }
        return "\(kind.name)/\(change.change.dot.text)"
    }
}

extension ConsoleContext {
    /// A text of the inbox in the reader's language.
    func text(_ text: InboxText) -> String { language.text(text.phrase) }

    func person(_ device: DeviceID, among people: [DeviceID: BrowsedPerson]) -> String {
        people[device].map { person($0, device) } ?? Self.short(device)
    }
}
