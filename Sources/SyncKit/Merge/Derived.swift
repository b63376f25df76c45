// What follows from a slot's entries: the holder of a claim, the present state, the link that stands.

extension Entry {
    /// Whether the entry can take part in what stands. What the ward said of it when it decided does not count: after a
    /// restore it may have said so in ignorance of what stands before. A step without a claim is evidence for good,
    /// because who claimed what does not follow from the steps.
    fileprivate var counts: Bool { outcome != .none && outcome != .evidence }
}

extension DocumentState {
    /// The claim that holds, if one does: the first that nobody held against, until it is released.
    package func holder(_ field: UInt8) -> Entry? { claims(field).holder }

    /// Who holds a claim, and which claims held it from their own places on.
    func claims(_ field: UInt8) -> (holder: Entry?, held: Set<Dot>) {
        var holder: Entry?
        var held: Set<Dot> = []
        let all = entries(field)
        for entry in all where entry.counts {
            switch entry.action {
            case .claim:
                guard holder == nil || (holder?.outcome == .provisional && entry.outcome != .provisional) else {
                    continue
                }
                holder = entry
                held.insert(entry.dot)
            case .release:
                let named = SlotState.decodeDots(entry.value)
                guard named.first == holder?.dot else { continue }
                holder = named.count > 1 ? all.first { $0.dot == named[1] && $0.action == .claim } : nil
            default: continue
            }
        }
        return (holder, held)
    }

    /// The transitions that moved the document, in their order.
    package var countedSteps: [Entry] {
        var present = (state: WorkflowRules.initial(kind), dot: creation)
        return entries(Schema.stateField).filter { moves($0, from: &present) }
    }

    /// Whether a transition moves the document on from where it is: it follows the present step, or beats it.
    private func moves(_ entry: Entry, from present: inout (state: UInt8, dot: Dot)) -> Bool {
        guard entry.action == .transition, entry.counts else { return false }
        let follows = SlotState.decodeDots(entry.value).first
        guard
            follows == present.dot || entry.outcome == .provisional
                || WorkflowRules.beats(kind, entry.state, present: present.state)
        else { return false }
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
        for entry in entries(field) where entry.counts {
            switch entry.action {
            case .link: if link == nil { link = entry }
            case .unlink: if SlotState.decodeDots(entry.value).first == link?.dot { link = nil }
            default: continue
            }
        }
        return link
    }
}
