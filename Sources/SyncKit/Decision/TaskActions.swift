// What a person may do with a task as it stands: the ward's rules, said before anything is saved.

/// What people do with tasks.
package enum TaskAction: String, CaseIterable, Sendable {
    case claim, release, reassign, start, done, verify
    case sendBack = "return"
    case cancel, reopen, assign, unassign, edit, note, visit, check, attend
}

/// Where a task stands, as people name it: its state in the workflow and its claim.
package enum TaskStage: String, CaseIterable, Sendable {
    case open
    /// Claimed on this device; the ward has not decided yet.
    case provisional
    case claimed
    /// Open again, because who had claimed it gave it back.
    case released
    case doing, done, verified, cancelled

    package init(_ state: DocumentState) {
        switch state.present.state {
        case 2: self = .doing
        case 3: self = .done
        case 4: self = .verified
        case 5: self = .cancelled
        default:
            if let holder = state.holder(TaskField.claimant) {
                self = holder.outcome == .provisional ? .provisional : .claimed
            } else {
                self = state.wasReleased ? .released : .open
            }
        }
    }
}

/// Why an action on a task is not possible.
package enum TaskRefusal: Hashable, Sendable {
    /// The role may not do it.
    case notPermitted
    /// The task is not in the areas of the grant.
    case outsideArea
    /// Not where the task stands.
    case wrongStage(TaskStage)
    /// Somebody else holds the task.
    case heldByOther(DeviceID)
    /// The person claimed it too, but the holder's claim came first.
    case claimLost(DeviceID)
    /// The action needs a claim that holds, and there is none.
    case notClaimed
    /// The person holds it already.
    case alreadyHeld
    /// Only training sessions have an attendance.
    case notTraining
}

/// A task before one person: what that person may do with it. The ward decides by the same rules
/// (`docs/data-model.md`, "Workflows"); this says it early, and says what is possible instead.
package struct TaskSituation: Sendable {
    package let state: DocumentState
    package let actor: Actor
    private let facts: DocumentFacts

    package init(_ state: DocumentState, _ actor: Actor) {
        self.state = state
        self.actor = actor
        facts = DocumentFacts(kind: .task, author: state.creation.device, areas: state.areas)
    }

    package var stage: TaskStage { TaskStage(state) }
    package var holder: Entry? { state.holder(TaskField.claimant) }
    package var holdsIt: Bool { holder.map { actor.isSamePerson(as: $0.dot.device) } ?? false }

    /// What the person may do now, in the order in which people do it.
    package var possible: [TaskAction] { TaskAction.allCases.filter { refusal(of: $0) == nil } }

    /// Why the person may not do it; `nil` where it is possible.
    package func refusal(of action: TaskAction) -> TaskRefusal? {
        if let refusal = roleRefusal(action) { return refusal }
        guard Self.states(action).contains(state.present.state) else { return .wrongStage(stage) }
        switch action {
        case .claim: return claimRefusal
        case .release: return releaseRefusal
        case .reassign: return holder == nil ? .notClaimed : nil
        case .start, .done, .reopen: return actor.role == .volunteer ? ownClaimRefusal : nil
        case .attend: return state.text(TaskField.kind) == Self.training ? nil : .notTraining
        case .verify, .sendBack, .cancel, .assign, .unassign, .edit, .note, .visit, .check: return nil
        }
    }

    /// The kind of task that has an attendance.
    package static let training = "training"

    // MARK: Rules

    /// The states in which an action makes sense.
    private static func states(_ action: TaskAction) -> [UInt8] {
        switch action {
        case .claim, .release, .reassign, .done, .cancel, .assign, .unassign: [1, 2]
        case .start: [1]
        case .verify, .sendBack: [3]
        case .reopen: [3, 5]
        case .edit, .visit, .check, .attend: [1, 2, 3]
        case .note: [1, 2, 3, 4, 5]
        }
    }

    private var claimRefusal: TaskRefusal? {
        guard let holder else { return nil }
        return holdsIt ? .alreadyHeld : against(holder)
    }

    private var releaseRefusal: TaskRefusal? {
        guard let holder else { return .notClaimed }
        if holdsIt || mayReleaseOthers == nil { return nil }
        return against(holder)
    }

    private var ownClaimRefusal: TaskRefusal? {
        guard let holder else { return .notClaimed }
        return holdsIt ? nil : against(holder)
    }

    private func against(_ holder: Entry) -> TaskRefusal {
        state.lostClaim(of: actor.device) == nil ? .heldByOther(holder.dot.device) : .claimLost(holder.dot.device)
    }

    private func roleRefusal(_ action: TaskAction) -> TaskRefusal? {
        let claimant = Slot(field: TaskField.claimant)
        switch action {
        case .claim: return refusal(.claim(claimant), by: TaskField.claimant)
        case .release:
            let own = Operation.release(claimant, claim: Dot(device: actor.device, sequence: 1), successor: nil)
            guard let refused = refusal(own, by: TaskField.claimant) else { return nil }
            // Somebody who holds a claim from an earlier role can only hand it to another claim.
            return holdsIt ? refused : mayReleaseOthers
        case .reassign: return mayReleaseOthers
        case .start: return refusal(stepFrom: 1, to: 2)
        case .done: return refusal(stepFrom: 2, to: 3)
        case .verify, .sendBack: return refusal(stepFrom: 3, to: 4)
        case .cancel: return refusal(stepFrom: 1, to: 5)
        case .reopen: return refusal(stepFrom: state.present.state == 3 ? 3 : 5, to: 1)
        case .assign, .unassign: return refusal(.add(Slot(field: TaskField.assignees)), by: TaskField.assignees)
        case .edit: return refusal(.set(Slot(field: TaskField.address)), by: TaskField.address)
        case .note: return refusal(.append(Slot(field: TaskField.notes)), by: TaskField.notes)
        case .visit: return refusal(.append(Slot(field: TaskField.visits)), by: TaskField.visits)
        case .check: return refusal(.set(Slot(field: TaskField.checked, key: 1)), by: TaskField.checked)
        case .attend: return refusal(.set(Slot(field: TaskField.attendance, key: 1)), by: TaskField.attendance)
        }
    }

    /// Why the person may not take a task from its holder.
    private var mayReleaseOthers: TaskRefusal? {
        let slot = Slot(field: TaskField.claimant)
        let other = Dot(device: DeviceID(.zero), sequence: 1)
        return refusal(.release(slot, claim: other, successor: other), by: TaskField.claimant)
    }

    private func refusal(_ operation: Operation, by field: UInt8) -> TaskRefusal? {
        guard let spec = Schema.field(.task, field) else { return .notPermitted }
        return refusal(operation, spec.merge, spec.writers)
    }

    private func refusal(stepFrom from: UInt8, to: UInt8) -> TaskRefusal? {
        guard let step = WorkflowRules.step(.task, from: from, to: to) else { return .notPermitted }
        let operation = Operation.transition(Slot(field: Schema.stateField), to: to, follows: state.present.dot)
        return refusal(operation, .workflow, step.writers)
    }

    private func refusal(_ operation: Operation, _ merge: MergeKind, _ writers: Writers) -> TaskRefusal? {
        var claimant: DeviceID?
        if case .release(_, let claim, _) = operation { claimant = claim.device }
        switch Permission.refusal(actor, facts, operation, merge: merge, writers: writers, claimant: claimant) {
        case nil: return nil
        case .outsideArea: return .outsideArea
        default: return .notPermitted
        }
    }
}
