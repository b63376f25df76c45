// Taking two reports apart that were linked as duplicates: who may, and the change set that does it.

extension DocumentState {
    /// The report that this one stands linked to as its duplicate, and which link says so; `nil` where none does.
    package var original: (id: Digest, link: Dot)? {
        guard kind == .report, let entry = link(ReportField.duplicateOf), let id = Digest(entry.value) else {
            return nil
        }
        return (id, entry.dot)
    }

    /// Whether the link made it a duplicate, so that it is taken up again without the link.
    package var isDuplicate: Bool { kind == .report && present.state == ReportStateNumber.duplicate.rawValue }

    /// Whether an actor may take the link away now: every part of `unlinking(reason:)` has to be its to do.
    package func mayUnlink(_ actor: Actor) -> Bool {
        guard let original else { return false }
        let facts = DocumentFacts(kind: kind, author: creation.device, areas: areas)
        let operations: [Operation] = [
            .unlink(Slot(field: ReportField.duplicateOf), link: original.link),
            .resolve(Slot(field: Schema.stateField), settled: [creation]),
        ]
        let mayAll = operations.allSatisfy { operation in
            guard let spec = Schema.field(kind, operation.slot.field) else { return false }
            return Permission.refusal(actor, facts, operation, merge: spec.merge, writers: spec.writers) == nil
        }
        guard mayAll else { return false }
        return !isDuplicate
            || Permission.refusal(ofStepTo: ReportStateNumber.received.rawValue, actor, self) == nil
    }

    /// What takes the link away: a remark with the reason that the two reports are not about the same thing, the link
    /// taken back, and the step to `received` where it stands as a duplicate (`docs/data-model.md`, "Decisions").
    /// - Returns: `nil` where it is not linked.
    package func unlinking(reason: String) -> ChangeSetDraft? {
        guard let original, var draft = InboxRemark.notTheSame(original.id).draft(on: self, reason: reason) else {
            return nil
        }
        draft.perform(.unlink(Slot(field: ReportField.duplicateOf), link: original.link))
        if isDuplicate {
            draft.perform(
                .transition(
                    Slot(field: Schema.stateField), to: ReportStateNumber.received.rawValue, follows: present.dot))
        }
        return draft
    }
}
