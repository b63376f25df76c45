// What the fold takes: a change set that the ward accepted, with the decision that was made once.

/// What the ward decided about an operation when it accepted it. The raw value stands in the ward log.
package enum Outcome: UInt8, Sendable {
    /// Nothing to decide: registers, sets and logs.
    case none = 0
    /// A claim holds, a transition moves, a link stands, a release frees.
    case effective = 1
    /// A claim that came after another which its author had not seen: kept, shown.
    case lost = 2
    /// A transition that follows another than the present one, and does not move: kept, shown.
    case crossing = 3
    /// A transition that follows another than the present one, and moves all the same: kept, shown.
    case crossingMoved = 4
    /// It says what is so already: the same holder, the same state, the same link.
    case repeated = 5
    /// A step of somebody whose claim does not hold: kept as evidence.
    case evidence = 6
    /// On the author's own device, before the ward decided.
    case provisional = 7

    /// Whether the ward marked it as something that a person should see.
    package var isConflict: Bool { self == .lost || self == .crossing || self == .crossingMoved }
}

/// An accepted change set as the fold needs it: (change set, receipt, decision).
package struct AcceptedChange: Sendable {
    package let dot: Dot
    package let kind: DocumentKind
    /// Where it stands in the order of the ward log.
    package let position: Position
    /// The entry that accepts it; another than its place where it was readmitted after a restore.
    package let logged: Position
    /// The author time as the ward clamped it; the only time that merging and display use.
    package let effective: HybridTime
    package let seen: Position
    package let seenDots: [Dot]
    package let operations: [Operation]
    package let values: ChangeValues?
    /// One outcome for each operation; empty where nothing was to be decided.
    package let outcomes: [Outcome]
    /// What stands at or below `seen`, and came back after a restore only when the author had seen so much of the log.
    var unseen: [Dot] = []

    package init(
        dot: Dot, kind: DocumentKind, position: Position, logged: Position? = nil, effective: HybridTime,
        seen: Position, seenDots: [Dot],
        operations: [Operation], values: ChangeValues?, outcomes: [Outcome]
    ) {
        self.dot = dot
        self.kind = kind
        self.position = position
        self.logged = logged ?? position
        self.effective = effective
        self.seen = seen
        self.seenDots = seenDots
        self.operations = operations
        self.values = values
        self.outcomes = outcomes
    }

    /// The accepted form of a change set of a kind and with operations that this version knows.
    package init?(
        _ change: ChangeSet, position: Position, logged: Position? = nil, effective: HybridTime, outcomes: [Outcome]
    ) {
        guard let kind = UInt8(exactly: change.header.kind).flatMap(DocumentKind.init(rawValue:)),
            let operations = change.operations
        else { return nil }
        self.init(
            dot: change.dot, kind: kind, position: position, logged: logged, effective: effective,
            seen: change.header.seen.position, seenDots: change.header.seenDots, operations: operations,
            values: change.values, outcomes: outcomes)
    }

    /// Whether this change set replaces a write: one at or below its seen position, one earlier in its own chain,
    /// or one that it lists (`docs/data-model.md`, "What replaces what").
    @inline(__always)
    package func replaces(_ other: Dot, at position: Position) -> Bool {
        if position <= seen && !planted(.replacesNothingSeen) && (unseen.isEmpty || !unseen.contains(other)) {
            return true
        }
        if other.device == dot.device { return other.sequence < dot.sequence }
        return !seenDots.isEmpty && seenDots.contains(other)
    }

    package func outcome(of index: Int) -> Outcome { index < outcomes.count ? outcomes[index] : .none }
}
