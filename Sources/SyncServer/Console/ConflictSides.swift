// A conflict as a person decides it: what stood before, what each side wrote, and what each side had seen.
import SyncKit

/// One side of a conflict.
struct ConflictSide: Sendable {
    var entry: Entry
    var person: BrowsedPerson
    /// Nil where the store does not have the change set any more.
    var written: BrowsedChange?
    /// It holds the claim, or its value is the one that is shown.
    var stands: Bool
    /// Which of the other sides its author had seen; by their places.
    var hadSeen: [Int]
}

/// A conflict with all of its sides.
struct ConflictSides: Sendable {
    var document: BrowsedRow?
    var kind: DocumentKind
    var title: String
    var conflict: Conflict
    var sides: [ConflictSide]
    /// How many sides more there are.
    var more: Int
    /// What all sides had seen in this place: the newest entry or value before them.
    var base: Base
    /// Up to where the page is made of the log.
    var seen: Position

    /// What stood there before.
    struct Base: Sendable {
        /// The value, where one was written.
        var value: CBORValue?
        var state: UInt8?
        var person: BrowsedPerson?
        var device: DeviceID?
        var written: BrowsedChange?
    }

    /// Sides that a page shows.
    static let mostSides = 6
    /// Changes in which what stood before is looked for.
    private static let mostLookedAt = 400

    /// Nil where the document or the conflict is not there (any more).
    init?(_ core: WardCore, _ id: Digest, _ slot: Slot) throws(StoreError) {
        guard let state = try core.documentState(id), let found = state.conflicts.first(where: { $0.slot == slot })
        else { return nil }
        kind = state.kind
        title = Listing(state).title
        conflict = found
        seen = core.seenNow
        let entries = found.entries.prefix(Self.mostSides)
        more = found.entries.count - entries.count
        let standing = found.kind == .claims ? state.holder(slot.field)?.dot : state.shown(slot)?.dot
        var sides: [ConflictSide] = []
        for entry in entries {
            let written = try core.browsed(entry.dot)
            sides.append(
                ConflictSide(
                    entry: entry, person: core.person(entry.dot.device), written: written,
                    stands: found.kind != .crossing && entry.dot == standing,
                    hadSeen: written.map { written in
                        entries.indices.filter { entries[$0].dot != entry.dot && Self.saw(written, entries[$0]) }
                    } ?? []))
        }
        self.sides = sides
        base = try Self.base(core, state, found, sides)
    }

    /// Whether a change set's author had seen an entry.
    private static func saw(_ written: BrowsedChange, _ entry: Entry) -> Bool {
        let header = written.change.header
        return entry.position <= header.seen.position || header.seenDots.contains(entry.dot)
            || (entry.dot.device == header.device && entry.dot.sequence < header.sequence)
    }

    private static func base(
        _ core: WardCore, _ state: DocumentState, _ conflict: Conflict, _ sides: [ConflictSide]
    ) throws(StoreError) -> Base {
        let common = sides.compactMap { $0.written?.change.header.seen.position }.min() ?? .start
        if conflict.kind == .crossing {
            // What the steps of both sides followed.
            let followed = conflict.entries.first.flatMap { SlotState.decodeDots($0.value).first }
            let step = state.entries(Schema.stateField).first { $0.dot == followed && $0.action == .transition }
            var base = Base(state: step?.state ?? WorkflowRules.initial(state.kind))
            if let followed { try fill(&base, core, followed) }
            return base
        }
        guard conflict.kind == .values else { return Base() }
        let history = try core.history(of: state.id, offset: 0, limit: mostLookedAt).changes
        let taken = Set(conflict.entries.map(\.dot))
        for item in history where item.position <= common && !taken.contains(item.change.dot) {
            guard let value = written(conflict.slot, by: item.change) else { continue }
            var base = Base(value: value)
            base.person = core.person(item.change.header.device)
            base.device = item.change.header.device
            base.written = item
            return base
        }
        return Base()
    }

    private static func fill(_ base: inout Base, _ core: WardCore, _ dot: Dot) throws(StoreError) {
        base.person = core.person(dot.device)
        base.device = dot.device
        base.written = try core.browsed(dot)
    }

    /// The value that a change set wrote into a register.
    private static func written(_ slot: Slot, by change: ChangeSet) -> CBORValue? {
        var nextValue = 0
        var found: CBORValue?
        for operation in change.operations ?? [] {
            guard operation.takesValue else { continue }
            let value = change.values?.value(nextValue)
            nextValue += 1
            guard operation.slot == slot, let value else { continue }
            switch operation {
            case .set: found = try? CBORValue(decoding: value)
            case .resolve: found = try? CBORValue(decoding: ResolutionValue(decoding: value).chosen)
            default: continue
            }
        }
        return found
    }
}
