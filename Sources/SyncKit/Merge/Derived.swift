// What follows from a slot's entries: the holder of a claim, the present state, the link that stands.

extension DocumentState {
    /// The claim that holds, if one does.
    package func holder(_ field: UInt8) -> Entry? {
        var holder: Entry?
        let all = entries(field)
        for entry in all where entry.outcome == .effective || entry.outcome == .provisional {
            switch entry.action {
            case .claim:
                // Of two that the ward let hold, because a restore had lost one of them, the first in the order does.
                if holder == nil || (entry.outcome == .effective && holder?.outcome != .effective) { holder = entry }
            case .release:
                let named = SlotState.decodeDots(entry.value)
                guard named.first == holder?.dot else { continue }
                holder = named.count > 1 ? all.first { $0.dot == named[1] && $0.action == .claim } : nil
            default: continue
            }
        }
        return holder
    }

    /// The transitions that moved the document, in their order.
    package var countedSteps: [Entry] {
        var present = (state: WorkflowRules.initial(kind), dot: creation)
        return entries(Schema.stateField).filter { moves($0, from: &present) }
    }

    /// Whether a transition moves the document on from where it is. One that the ward let move, because a restore had
    /// lost the one before it, is decided by the rules for crossings.
    private func moves(_ entry: Entry, from present: inout (state: UInt8, dot: Dot)) -> Bool {
        guard entry.action == .transition else { return false }
        switch entry.outcome {
        case .effective, .crossingMoved:
            let follows = SlotState.decodeDots(entry.value).first
            guard follows == present.dot || WorkflowRules.beats(kind, entry.state, present: present.state) else {
                return false
            }
        case .provisional: break
        default: return false
        }
        present = (entry.state, entry.dot)
        return true
    }

    /// The present state of the workflow and the change set that moved it there; a new document is in its
    /// kind's first state, moved by its creation.
    package var present: (state: UInt8, dot: Dot) {
        var present = (state: WorkflowRules.initial(kind), dot: creation)
        for entry in entries(Schema.stateField) { _ = moves(entry, from: &present) }
        return present
    }

    /// Whether a step to `state` counted after the last step to `other`.
    package func hasTaken(_ state: UInt8, since other: UInt8) -> Bool {
        guard let last = countedSteps.last(where: { $0.state == state || $0.state == other }) else { return false }
        return last.state == state
    }

    /// The link that stands, if one does.
    package func link(_ field: UInt8) -> Entry? {
        var link: Entry?
        for entry in entries(field)
        where entry.outcome == .effective || entry.outcome == .provisional {
            switch entry.action {
            case .link: if link == nil { link = entry }
            case .unlink: if SlotState.decodeDots(entry.value).first == link?.dot { link = nil }
            default: continue
            }
        }
        return link
    }
}
