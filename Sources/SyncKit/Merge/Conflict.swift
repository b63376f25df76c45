// Conflicts: found from positions and chains, never from clocks.

/// Values or actions that did not know of each other and that a person should see.
package struct Conflict: Hashable, Sendable {
    /// What kind of conflict it is.
    package enum Kind: String, Sendable {
        /// Two values of one field.
        case values
        /// Two claims.
        case claims
        /// Two steps of the workflow that did not know of each other.
        case crossing
    }

    package let document: Digest
    package let kind: Kind
    package let slot: Slot
    /// The entries that stand against each other; for claims the holder first.
    package let entries: [Entry]
    /// Whether the value is in dispute until someone resolves it.
    package let isDisputed: Bool
}

extension DocumentState {
    /// The open conflicts of the document, by slot.
    package var conflicts: [Conflict] {
        slots.compactMap { slotState in
            guard let spec = Schema.field(kind, slotState.slot.field) else { return nil }
            switch spec.merge {
            case .register: return registerConflict(slotState, spec)
            case .claim: return claimConflict(slotState)
            case .workflow: return crossingConflict(slotState)
            case .set, .log, .link: return nil
            }
        }
    }

    private func registerConflict(_ state: SlotState, _ spec: FieldSpec) -> Conflict? {
        guard spec.policy != .auto, state.entries.count > 1 else { return nil }
        guard Set(state.entries.map(\.value)).count > 1 else { return nil }
        return Conflict(
            document: id, kind: .values, slot: state.slot,
            entries: state.entries.sorted(by: Entry.precedes).reversed(), isDisputed: spec.policy == .decide)
    }

    private func claimConflict(_ state: SlotState) -> Conflict? {
        let (winner, held) = claims(state.slot.field)
        let against = state.entries.filter { entry in
            guard entry.action == .claim, !entry.isSettled, entry.dot != winner?.dot else { return false }
            return (entry.outcome == .lost || entry.outcome == .effective) && !held.contains(entry.dot)
        }
        guard !against.isEmpty else { return nil }
        let first = winner.map { [$0] } ?? []
        return Conflict(
            document: id, kind: .claims, slot: state.slot, entries: first + against, isDisputed: false)
    }

    private func crossingConflict(_ state: SlotState) -> Conflict? {
        let counted = Set(countedSteps.map(\.dot))
        let crossing = state.entries.filter { entry in
            guard entry.action == .transition, !entry.isSettled else { return false }
            switch entry.outcome {
            case .effective, .crossing: return !counted.contains(entry.dot)
            case .crossingMoved: return true
            default: return false
            }
        }
        guard let first = crossing.first else { return nil }
        let followed = SlotState.decodeDots(first.value).first
        let others = state.entries.filter { other in
            other.action == .transition && other.position < first.position
                && SlotState.decodeDots(other.value).first == followed
        }
        return Conflict(
            document: id, kind: .crossing, slot: state.slot, entries: others + crossing, isDisputed: false)
    }
}
