// What can be done about an item, and by whom: the same permission function that the ward decides with.

/// What a person can do about an item.
package enum InboxAction: String, CaseIterable, Sendable {
    /// Take one of the values.
    case choose
    /// Write another value.
    case edit
    /// Let the one who holds the task keep it.
    case confirm
    /// Let everybody who claimed it work on it.
    case share
    /// Give it to somebody who claimed it later.
    case reassign
    /// Take note of a crossing; what moved stands.
    case note
    /// Ask those who know.
    case ask
    /// Say that nothing is to be done.
    case dismiss
    /// Link the report to the other one as its duplicate.
    case link
    /// Take over the unit that stands today.
    case move
    /// Let what is held count.
    case release
    /// Decide that it never counts.
    case decline
    /// Give the device its role again, or a longer one.
    case extend
    /// Give the device a role or areas that reach as far as what was refused.
    case grant
    /// Let nothing more of the device count.
    case revoke
    /// Confirm the device's successor.
    case succeed

    /// The order that carries it out, where it is one.
    package var order: OrderAction? {
        switch self {
        case .release: .release
        case .decline: .decline
        case .extend: .extend
        case .grant: .grant
        case .revoke: .revoke
        case .succeed: .succeed
        default: nil
        }
    }

    /// The roles that may do it, where it is no change set on the document.
    fileprivate var givers: [Role] { order?.givers.filter { $0 != .ward } ?? [] }

    /// Whether it is a change set on the document that the item is about; everything else is a decision of the ward's
    /// administration.
    package var isOnDocument: Bool { order == nil }
}

extension InboxKind {
    /// What can be done about items of a kind, the usual first; nothing where nobody has to decide.
    package var actions: [InboxAction] {
        switch self {
        case .claims: [.confirm, .share, .reassign, .ask]
        case .crossing: [.note, .ask]
        case .duplicates: [.link, .dismiss]
        case .parallel: [.dismiss, .ask]
        case .values: [.choose, .edit, .ask]
        case .missing: [.release, .decline]
        // A sync warns the person by itself.
        case .clock: []
        // What is left over of the other branch can be declined; otherwise its author's new device sends it again.
        case .fork: [.succeed, .revoke, .decline]
        case .lostDevice: [.revoke, .release, .decline]
        // Of what was refused nothing can be released; its author sends it again under the wider grant, or it is closed.
        case .role: [.extend, .grant, .release, .decline]
        case .merged: [.move, .dismiss]
        case .attachment: [.ask]
        // It was refused for good; its author corrects it and sends it again.
        case .processing: []
        }
    }
}

extension InboxItem {
    /// What this actor can do about the item now.
    /// - Parameter state: the document that it is about, where it is about one.
    package func actions(for actor: Actor, _ state: DocumentState?) -> [InboxAction] {
        kind.actions.filter { action in
            guard fits(action, actor) else { return false }
            guard action.isOnDocument else { return action.givers.contains(actor.role) }
            guard let state else { return false }
            return Self.may(action, actor, state, slot)
        }
    }

    /// Whether an action makes sense for the item as it stands.
    private func fits(_ action: InboxAction, _ actor: Actor) -> Bool {
        switch action {
        case .release, .extend: pending?.isHeld ?? false
        case .decline: pending.map { $0.isHeld || $0.isBeyondGrant } ?? (fork != nil)
        // Nobody widens a grant of their own.
        case .grant: pending?.isBeyondGrant ?? false && device.map { !actor.isSamePerson(as: $0) } ?? false
        case .revoke: pending == nil || kind == .fork
        // Nobody confirms a device of their own.
        case .succeed: device.map { !actor.isSamePerson(as: $0) } ?? true
        case .reassign: sides.count > 1
        default: true
        }
    }

    private static func may(_ action: InboxAction, _ actor: Actor, _ state: DocumentState, _ slot: Slot?) -> Bool {
        let facts = DocumentFacts(kind: state.kind, author: state.creation.device, areas: state.areas)
        func may(_ operation: Operation) -> Bool {
            guard let spec = Schema.field(state.kind, operation.slot.field) else { return false }
            return Permission.refusal(actor, facts, operation, merge: spec.merge, writers: spec.writers) == nil
        }
        let workflow = Operation.resolve(Slot(field: Schema.stateField), settled: [state.creation])
        switch action {
        case .ask, .dismiss: return may(workflow)
        case .link:
            guard
                let step = WorkflowRules.step(
                    state.kind, from: state.present.state, to: ReportStateNumber.duplicate.rawValue)
            else { return false }
            let move = Operation.transition(
                Slot(field: Schema.stateField), to: ReportStateNumber.duplicate.rawValue, follows: state.present.dot)
            let isAllowed =
                Permission.refusal(actor, facts, move, merge: .workflow, writers: step.writers) == nil
            return isAllowed && may(.link(Slot(field: ReportField.duplicateOf), target: state.id))
        case .share:
            return may(.resolve(slot ?? workflow.slot, settled: [state.creation]))
                && may(.add(Slot(field: TaskField.assignees)))
        default: return may(.resolve(slot ?? workflow.slot, settled: [state.creation]))
        }
    }
}
