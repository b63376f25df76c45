// A decision as what is signed: the change sets that carry it out, with the reason.

/// What a person decided about an item.
package enum InboxChoice: Sendable, Hashable {
    /// Takes the value of a side, by its place.
    case choose(Int)
    /// Writes another value.
    case edit(CBORValue)
    /// The claim that holds stands.
    case confirm
    /// Everybody who claimed the task is assigned to it.
    case share
    /// The claim at this place holds from now on.
    case reassign(Int)
    /// Takes note; what moved stands.
    case note
    /// Asks; the reason is the question.
    case ask
    /// Nothing is to be done.
    case dismiss
    /// The report is a duplicate of the other one.
    case link
    /// The document belongs to the unit that stands today.
    case move

    package var action: InboxAction {
        switch self {
        case .choose: .choose
        case .edit: .edit
        case .confirm: .confirm
        case .share: .share
        case .reassign: .reassign
        case .note: .note
        case .ask: .ask
        case .dismiss: .dismiss
        case .link: .link
        case .move: .move
        }
    }
}

/// Why a decision cannot be made.
package enum InboxChoiceError: Error, Hashable, Sendable {
    /// Nothing of this kind can be done about items of this kind.
    case notForThisKind
    /// There is no side at that place.
    case noSuchSide(count: Int)
    /// The document is not what the item was made from any more.
    case gone
}

extension InboxItem {
    /// The most dots that a resolution names.
    private var settled: [Dot] { Array(Set(sides.map(\.dot)).sorted().prefix(ChangeSetLimits.maxSettled)) }

    /// The change sets that carry a decision out, in their order; each is signed by who decides.
    /// - Parameters:
    ///   - state: the document as the device holds it.
    ///   - reason: why; the question, where somebody is asked.
    package func drafts(_ choice: InboxChoice, _ state: DocumentState, reason: String) throws(InboxChoiceError)
        -> [ChangeSetDraft]
    {
        guard kind.actions.contains(choice.action), state.id == document else { throw .notForThisKind }
        switch choice {
        case .choose(let place): return [try resolution(state, try chosen(place), reason)]
        case .edit(let value): return [try resolution(state, value, reason)]
        case .confirm, .note: return [try resolution(state, .null, reason)]
        case .share:
            var draft = try resolution(state, .null, reason)
            for device in Set(sides.map(\.dot.device)).sorted() where !state.assignees.contains(device) {
                draft.perform(.add(Slot(field: TaskField.assignees)), .bytes(device.digest.bytes))
            }
            return [draft]
        case .reassign(let place):
            var draft = try resolution(state, .null, reason)
            let next = try side(place)
            guard let slot, let holder = state.holder(slot.field) else { throw .gone }
            if holder.dot != next.dot {
                draft.perform(.release(slot, claim: holder.dot, successor: next.dot))
            }
            return [draft]
        case .ask: return [try remark(.asked(slot ?? Slot(field: Schema.stateField)), state, reason)]
        case .dismiss: return [try dismissal(state, reason)]
        case .link: return try linking(state, reason)
        case .move:
            guard let merger else { throw .notForThisKind }
            return [try resolution(state, .text(merger.present), reason)]
        }
    }

    private func side(_ place: Int) throws(InboxChoiceError) -> InboxSide {
        guard sides.indices.contains(place) else { throw .noSuchSide(count: sides.count) }
        return sides[place]
    }

    private func chosen(_ place: Int) throws(InboxChoiceError) -> CBORValue {
        guard case .value(let value) = try side(place).deed, let decoded = try? CBORValue(decoding: value) else {
            throw .notForThisKind
        }
        return decoded
    }

    private func resolution(_ state: DocumentState, _ value: CBORValue, _ reason: String) throws(InboxChoiceError)
        -> ChangeSetDraft
    {
        guard let slot else { throw .notForThisKind }
        var dots = settled
        if dots.isEmpty, let entry = state.shown(slot) { dots = [entry.dot] }
        guard !dots.isEmpty else { throw .gone }
        var draft = ChangeSetDraft(kind: state.kind, document: state.id)
        draft.perform(.resolve(slot, settled: dots), .array([value, .text(reason)]))
        return draft
    }

    private func remark(_ remark: InboxRemark, _ state: DocumentState, _ reason: String) throws(InboxChoiceError)
        -> ChangeSetDraft
    {
        guard let draft = remark.draft(on: state, reason: reason) else { throw .notForThisKind }
        return draft
    }

    private func dismissal(_ state: DocumentState, _ reason: String) throws(InboxChoiceError) -> ChangeSetDraft {
        switch kind {
        case .parallel: return try remark(.looked, state, reason)
        case .duplicates:
            guard let likeness else { throw .notForThisKind }
            return try remark(.notTheSame(likeness.document), state, reason)
        case .merged:
            guard let merger else { throw .notForThisKind }
            return try remark(.areaStays(merger.old), state, reason)
        default: throw .notForThisKind
        }
    }

    private func linking(_ state: DocumentState, _ reason: String) throws(InboxChoiceError) -> [ChangeSetDraft] {
        guard let likeness else { throw .notForThisKind }
        let slot = Slot(field: ReportField.duplicateOf)
        var drafts: [ChangeSetDraft] = []
        if let link = state.link(ReportField.duplicateOf), link.value != likeness.document.bytes {
            var unlink = ChangeSetDraft(kind: .report, document: state.id)
            unlink.perform(.unlink(slot, link: link.dot))
            drafts.append(unlink)
        }
        var draft = try remark(.sameAs(likeness.document), state, reason)
        draft.perform(
            .transition(
                Slot(field: Schema.stateField), to: ReportStateNumber.duplicate.rawValue, follows: state.present.dot))
        draft.perform(.link(slot, target: likeness.document))
        drafts.append(draft)
        return drafts
    }
}
