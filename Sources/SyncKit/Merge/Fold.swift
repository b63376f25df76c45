// The fold: from accepted change sets to a document's state, one by one or all at once.

extension DocumentState {
    /// Folds the accepted change sets of one document. Any order and any repetition gives the same state.
    /// - Returns: `nil` where no accepted change set creates the document.
    package static func folding(_ changes: [AcceptedChange], id: Digest, creation: Dot) -> DocumentState? {
        guard let first = changes.first(where: { $0.dot == creation }) else { return nil }
        var state = DocumentState(id: id, kind: first.kind, creation: creation)
        state.apply(inOrder: changes)
        return state
    }

    /// Folds the accepted change sets of one document onto its state as of a position of the log.
    /// - Parameters:
    ///   - changes: in any order; those that the log accepted up to there are in the base.
    ///   - asOf: what the log says of the document up to here is in the base.
    /// - Returns: the state, and whether it is whole: false where a change set belongs before something in the base, or
    ///   may be replaced by it, so that it takes the whole history.
    package static func folding(_ changes: [AcceptedChange], onto base: DocumentState, asOf: Position) -> (
        state: DocumentState, isWhole: Bool
    ) {
        let news = changes.filter { $0.logged > asOf }
        let fitting = news.filter { $0.position > base.lastPosition && !base.isOutOfOrder($0) }
        var state = base
        state.apply(inOrder: fitting)
        return (state, fitting.count == news.count)
    }

    /// Applies change sets in the order of the log, each once.
    private mutating func apply(inOrder changes: [AcceptedChange]) {
        let ordered = changes.sorted { $0.position == $1.position ? $0.dot < $1.dot : $0.position < $1.position }
        var applied: [AcceptedChange] = []
        var dots: Set<Dot> = []
        for var change in ordered where dots.insert(change.dot).inserted {
            change.unseen = unseen(by: change)
            if isOutOfOrder(change) {
                apply(change, replacedBy: applied)
            } else {
                apply(change)
            }
            applied.append(change)
        }
    }

    /// Whether something that was accepted earlier may replace this change set, which happens when a held one is
    /// released after its successors: then the document is folded anew instead of being applied to.
    package func isOutOfOrder(_ change: AcceptedChange) -> Bool {
        if !listed.isEmpty, listed.contains(change.dot) { return true }
        for top in tops where top.device == change.dot.device { return top.sequence > change.dot.sequence }
        return false
    }

    /// Applies the next change set in the order of the log.
    /// - Parameter replacedBy: what was applied before and may replace it; empty in the usual case.
    package mutating func apply(_ change: AcceptedChange, replacedBy earlier: [AcceptedChange] = []) {
        if readmitted.isEmpty, change.logged == change.position { return merge(change, replacedBy: earlier) }
        var informed = change
        informed.unseen = unseen(by: change)
        if change.logged != change.position {
            readmitted.append(Readmission(dot: change.dot, place: change.position, logged: change.logged))
        }
        merge(informed, replacedBy: earlier)
    }

    private mutating func merge(_ change: AcceptedChange, replacedBy earlier: [AcceptedChange]) {
        if change.dot == creation { creationTime = change.effective }
        if change.position > lastPosition { lastPosition = change.position }
        if change.effective > lastEffective { lastEffective = change.effective }
        noteTop(change.dot)
        for dot in change.seenDots where !listed.contains(dot) { listed.append(dot) }
        var nextValue = 0
        for (number, operation) in change.operations.enumerated() {
            let index = UInt8(truncatingIfNeeded: number)
            var value = Bytes()
            if operation.takesValue {
                value = change.values?.value(nextValue) ?? []
                nextValue += 1
            }
            let slot = operation.slot
            let place = slotIndex(slot)
            if !place.found { slots.insert(SlotState(slot: slot), at: place.index) }
            let replaced = !earlier.isEmpty && Self.isReplaced(change, operation, value, by: earlier)
            slots[place.index].apply(
                operation, value, of: change, index: index, outcome: change.outcome(of: number), replaced: replaced)
        }
    }

    /// What came back after a restore and the author had not seen, though it stands at an older place.
    private func unseen(by change: AcceptedChange) -> [Dot] {
        readmitted.isEmpty ? [] : readmitted.filter { $0.isUnseen(by: change.seen) }.map(\.dot)
    }

    /// Whether something applied earlier replaces a write of a change set that was released late, or settles a claim
    /// or a step of it.
    private static func isReplaced(
        _ change: AcceptedChange, _ operation: Operation, _ value: Bytes, by earlier: [AcceptedChange]
    ) -> Bool {
        earlier.contains { other in
            guard other.replaces(change.dot, at: change.position) else { return false }
            var nextValue = 0
            for candidate in other.operations {
                var otherValue = Bytes()
                if candidate.takesValue {
                    otherValue = other.values?.value(nextValue) ?? []
                    nextValue += 1
                }
                guard candidate.slot == operation.slot else { continue }
                switch (operation, candidate) {
                case (.set, .set), (.set, .resolve), (.resolve, .set): return true
                case (.add, .remove) where value == otherValue: return true
                case (.resolve, .resolve(let slot, let settled)):
                    if SlotState.isRegister(slot, change.kind) || settled.contains(change.dot) { return true }
                case (.claim, .resolve(_, let settled)), (.release, .resolve(_, let settled)),
                    (.transition, .resolve(_, let settled)):
                    if settled.contains(change.dot) { return true }
                default: continue
                }
            }
            return false
        }
    }

    private mutating func noteTop(_ dot: Dot) {
        for index in tops.indices where tops[index].device == dot.device {
            if tops[index].sequence < dot.sequence { tops[index].sequence = dot.sequence }
            return
        }
        let place = tops.firstIndex { dot.device < $0.device } ?? tops.count
        tops.insert(dot, at: place)
    }
}
