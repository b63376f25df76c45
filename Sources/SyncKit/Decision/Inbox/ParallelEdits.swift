// Edits of one document that did not know of each other: found from positions and chains, never from clocks.

/// Two accepted change sets of one document, neither of which knew the other.
package struct ParallelPair: Hashable, Sendable {
    /// The one that stands first in the log.
    package let first: Dot
    package let second: Dot
}

/// Finds edits side by side.
package enum ParallelEdits {
    /// The most change sets of a document, the newest, that are compared.
    package static let mostCompared = 200

    /// Every pair of accepted change sets of different devices that did not know of each other.
    /// - Parameter changes: accepted ones in the order of the log.
    package static func pairs(_ changes: some BidirectionalCollection<AcceptedChange>) -> [ParallelPair] {
        let newest = Array(changes.suffix(mostCompared))
        var pairs: [ParallelPair] = []
        for (index, later) in newest.enumerated() {
            for earlier in newest.prefix(index).reversed() {
                if earlier.position <= later.seen { break }
                guard earlier.dot.device != later.dot.device, !later.seenDots.contains(earlier.dot) else { continue }
                pairs.append(ParallelPair(first: earlier.dot, second: later.dot))
            }
        }
        return pairs
    }

    /// The pairs that a person should see: both changed something, not the same slot, and nobody who had seen both has
    /// looked at them yet.
    /// - Parameter ward: the ward's own devices, whose doing follows from what others did.
    package static func open(
        _ changes: [AcceptedChange], ignoring ward: (DeviceID) -> Bool = { _ in false }
    ) -> [ParallelPair] {
        guard changes.count > 1 else { return [] }
        let ordered = changes.sorted { $0.position < $1.position }
        var byDot: [Dot: AcceptedChange] = [:]
        var looks: [AcceptedChange] = []
        for change in ordered {
            byDot[change.dot] = change
            if change.isLook { looks.append(change) }
        }
        return pairs(ordered).filter { pair in
            guard let first = byDot[pair.first], let second = byDot[pair.second], first.isEdit, second.isEdit,
                !ward(pair.first.device), !ward(pair.second.device),
                first.editedSlots.isDisjoint(with: second.editedSlots)
            else { return false }
            return !looks.contains {
                $0.replaces(first.dot, at: first.position) && $0.replaces(second.dot, at: second.position)
            }
        }
    }
}

extension AcceptedChange {
    /// The slots that it writes or moves, without logs, claims and what settles.
    package var editedSlots: Set<Slot> {
        var slots: Set<Slot> = []
        for operation in operations {
            switch operation {
            case .append, .resolve, .claim, .release: continue
            default: slots.insert(operation.slot)
            }
        }
        return slots
    }

    /// Whether it changes more than logs and claims.
    package var isEdit: Bool {
        operations.contains { operation in
            switch operation {
            case .append, .resolve, .claim, .release: false
            default: true
            }
        }
    }

    /// Whether it says that the edits side by side were looked at.
    fileprivate var isLook: Bool { remarks.contains(.looked) }

    /// The remarks that it makes.
    package var remarks: [InboxRemark] {
        resolutions.compactMap { $0.slot.field == Schema.stateField ? InboxRemark($0.value.chosen) : nil }
    }

    /// What it settles, with what it chose and why.
    package var resolutions: [(slot: Slot, settled: [Dot], value: ResolutionValue)] {
        var found: [(slot: Slot, settled: [Dot], value: ResolutionValue)] = []
        var nextValue = 0
        for operation in operations where operation.takesValue {
            if case .resolve(let slot, let settled) = operation {
                found.append((slot, settled, ResolutionValue(decoding: values?.value(nextValue) ?? [])))
            }
            nextValue += 1
        }
        return found
    }
}
