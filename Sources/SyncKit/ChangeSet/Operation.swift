// The operations of a change set: the skeleton that is kept for ever, beside the values that can be erased.

/// A register, set, log, claim, workflow or link of one document: the field, and the number under it
/// where the field is keyed.
package struct Slot: Hashable, Comparable, Sendable {
    /// The field in the upper bits; the key plus one in the lower 33, 0 for a field that is not keyed.
    package let rawValue: UInt64

    package init(field: UInt8, key: UInt32? = nil) {
        rawValue = UInt64(field) << 40 | (key.map { UInt64($0) + 1 } ?? 0)
    }

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    package var field: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 40) }
    package var key: UInt32? {
        let low = rawValue & 0xFF_FFFF_FFFF
        return low == 0 ? nil : UInt32(truncatingIfNeeded: low - 1)
    }

    package static func < (a: Slot, b: Slot) -> Bool { a.rawValue < b.rawValue }
}

/// One operation of a change set.
package enum Operation: Hashable, Sendable {
    /// Writes a register. Takes a value.
    case set(Slot)
    /// Adds an element to a set. Takes a value.
    case add(Slot)
    /// Removes the additions of an element that the author had seen. Takes a value.
    case remove(Slot)
    /// Appends to a log. Takes a value.
    case append(Slot)
    /// Claims.
    case claim(Slot)
    /// Gives a claim back, or takes it from its holder; `successor` is the claim that holds then.
    case release(Slot, claim: Dot, successor: Dot?)
    /// Moves a workflow to a state, from the transition (or the creation) that it follows.
    case transition(Slot, to: UInt8, follows: Dot)
    /// Links to a document.
    case link(Slot, target: Digest)
    /// Takes a link away.
    case unlink(Slot, link: Dot)
    /// Settles a conflict: names the change sets it settles. Takes a value: `[chosen, reason]`.
    case resolve(Slot, settled: [Dot])

    package var slot: Slot {
        switch self {
        case .set(let slot), .add(let slot), .remove(let slot), .append(let slot), .claim(let slot),
            .release(let slot, _, _), .transition(let slot, _, _), .link(let slot, _), .unlink(let slot, _),
            .resolve(let slot, _):
            slot
        }
    }

    /// Whether nothing is to be decided about it: writes of registers, sets and logs.
    package var isPlainWrite: Bool {
        switch self {
        case .set, .add, .remove, .append: true
        case .claim, .release, .transition, .link, .unlink, .resolve: false
        }
    }

    package var takesValue: Bool {
        switch self {
        case .set, .add, .remove, .append, .resolve: true
        case .claim, .release, .transition, .link, .unlink: false
        }
    }

    /// The merge kind of the fields that the operation fits; `nil` for a resolution, which fits three.
    package var mergeKind: MergeKind? {
        switch self {
        case .set: .register
        case .add, .remove: .set
        case .append: .log
        case .claim, .release: .claim
        case .transition: .workflow
        case .link, .unlink: .link
        case .resolve: nil
        }
    }
}
