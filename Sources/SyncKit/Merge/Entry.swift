// One thing that stands in a slot: a value, an element, a log item, a claim, a transition, a link.

/// One entry of a slot. What its parts mean depends on the slot's merge kind (`docs/data-model.md`, "State").
package struct Entry: Hashable, Sendable {
    package var dot: Dot
    /// The operation's place in its change set.
    package var index: UInt8
    package var position: Position
    package var effective: HybridTime
    package var action: Action
    package var outcome: Outcome
    /// For a transition: the state that it moves to.
    package var state: UInt8
    /// Whether a resolution named it, so that it is no conflict any more.
    package var isSettled: Bool
    /// The encoded value: a register's, an element, a log item; for a transition, a release, an unlinking the dots
    /// that it names; for a link the target.
    package var value: Bytes
    /// The encoded reason of a resolution.
    package var note: Bytes

    /// What the operation did.
    package enum Action: UInt8, Sendable {
        case value = 1
        case claim = 2
        case release = 3
        case transition = 4
        case link = 5
        case unlink = 6
        case resolution = 7
    }

    package init(
        dot: Dot, index: UInt8, position: Position, effective: HybridTime, action: Action, outcome: Outcome = .none,
        state: UInt8 = 0, isSettled: Bool = false, value: Bytes, note: Bytes = []
    ) {
        self.dot = dot
        self.index = index
        self.position = position
        self.effective = effective
        self.action = action
        self.outcome = outcome
        self.state = state
        self.isSettled = isSettled
        self.value = value
        self.note = note
    }

    /// The order in which entries are shown and encoded: effective time, then position, then place.
    package static func precedes(_ a: Entry, _ b: Entry) -> Bool {
        if a.effective != b.effective { return a.effective < b.effective }
        if a.position != b.position { return a.position < b.position }
        return a.index < b.index
    }
}

/// A slot and what stands in it.
package struct SlotState: Hashable, Sendable {
    package let slot: Slot
    /// Registers and sets: what nobody replaced. The rest: everything, in the order of positions.
    package var entries: [Entry]

    package init(slot: Slot, entries: [Entry] = []) {
        self.slot = slot
        self.entries = entries
    }
}
