// What can be done next: the steps of a workflow that an actor may take from where a document stands.

extension Permission {
    /// The states to which an actor may move a document now, ascending. Every program that offers steps asks here.
    package static func steps(_ actor: Actor, _ state: DocumentState) -> [UInt8] {
        let count = UInt8(clamping: WorkflowRules.stateNames(state.kind).count)
        guard count > 0 else { return [] }
        return (1...count).filter { refusal(ofStepTo: $0, actor, state) == nil }
    }

    /// The states to which somebody may move a document now.
    package static func stepsOfAnyone(_ state: DocumentState) -> [UInt8] {
        let count = UInt8(clamping: WorkflowRules.stateNames(state.kind).count)
        guard count > 0 else { return [] }
        return (1...count).filter { WorkflowRules.step(state.kind, from: state.present.state, to: $0) != nil }
    }

    /// Why an actor may not move a document to a state now; `nil` if it may.
    package static func refusal(ofStepTo to: UInt8, _ actor: Actor, _ state: DocumentState) -> RefusalCode? {
        let present = state.present
        guard let step = WorkflowRules.step(state.kind, from: present.state, to: to) else { return .stepNotAllowed }
        let facts = DocumentFacts(kind: state.kind, author: state.creation.device, areas: state.areas)
        let operation = Operation.transition(Slot(field: Schema.stateField), to: to, follows: present.dot)
        if let code = refusal(actor, facts, operation, merge: .workflow, writers: step.writers) { return code }
        if WorkflowRules.needsClaim(state.kind, to), actor.role == .volunteer,
            !(state.holder(TaskField.claimant).map { actor.isSamePerson(as: $0.dot.device) } ?? false)
        {
            return .stepNotAllowed
        }
        if let again = WorkflowRules.once(state.kind, to), state.hasTaken(to, since: again) { return .stepNotAllowed }
        return nil
    }
}
