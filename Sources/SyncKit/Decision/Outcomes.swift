// The outcomes of claims, transitions and links: who came first, what follows what.

extension Decider {
    func outcome(
        of operation: Operation, _ spec: FieldSpec, linkTarget: (Digest) -> (target: Digest?, exists: Bool)
    ) -> Result<Outcome, Refusal> {
        switch operation {
        case .set, .add, .remove, .append: .success(.none)
        case .claim(let slot): claimOutcome(slot)
        case .release(let slot, let claim, let successor): releaseOutcome(slot, claim, successor)
        case .transition(_, let to, let follows): transitionOutcome(to, follows)
        case .link(let slot, let target): linkOutcome(slot, target, linkTarget)
        case .unlink(let slot, let link):
            .success(state?.link(slot.field)?.dot == link ? .effective : .repeated)
        case .resolve(let slot, let settled): resolutionOutcome(slot, settled)
        }
    }

    /// Whether the author had seen an entry when the change set was made.
    private func hadSeen(_ entry: Entry) -> Bool {
        state?.wasSeen(entry.dot, at: entry.position, by: change.header.seen.position) ?? false
            || (entry.dot.device == change.header.device && entry.dot.sequence < change.header.sequence)
            || change.header.seenDots.contains(entry.dot)
    }

    private func claimOutcome(_ slot: Slot) -> Result<Outcome, Refusal> {
        guard let holder = state?.holder(slot.field) else { return .success(.effective) }
        if actor.isSamePerson(as: holder.dot.device) { return .success(.repeated) }
        if hadSeen(holder) { return .failure(Refusal(code: .alreadyClaimed)) }
        if planted(.claimByClock), change.header.authorTime < holder.effective { return .success(.effective) }
        return .success(.lost)
    }

    private func releaseOutcome(_ slot: Slot, _ claim: Dot, _ successor: Dot?) -> Result<Outcome, Refusal> {
        guard let state else { return .failure(Refusal(code: .wrongOperation)) }
        let claims = state.entries(slot).filter { $0.action == .claim }
        guard claims.contains(where: { $0.dot == claim }),
            successor.map({ next in claims.contains { $0.dot == next } }) ?? true
        else { return .failure(Refusal(code: .missingReference)) }
        return .success(state.holder(slot.field)?.dot == claim ? .effective : .repeated)
    }

    private func transitionOutcome(_ to: UInt8, _ follows: Dot) -> Result<Outcome, Refusal> {
        guard let state else { return .failure(Refusal(code: .wrongOperation)) }
        let present = state.present
        if WorkflowRules.needsClaim(kind, to), actor.role == .volunteer,
            !(state.holder(TaskField.claimant).map { actor.isSamePerson(as: $0.dot.device) } ?? false)
        {
            let claimed = state.entries(TaskField.claimant).contains {
                $0.action == .claim && actor.isSamePerson(as: $0.dot.device)
            }
            return claimed ? .success(.evidence) : .failure(Refusal(code: .stepNotAllowed))
        }
        if let again = WorkflowRules.once(kind, to), state.hasTaken(to, since: again) {
            return .failure(Refusal(code: .stepNotAllowed))
        }
        if present.dot == follows { return .success(.effective) }
        if present.state == to { return .success(.repeated) }
        return .success(WorkflowRules.beats(kind, to, present: present.state) ? .crossingMoved : .crossing)
    }

    private func linkOutcome(
        _ slot: Slot, _ target: Digest, _ linkTarget: (Digest) -> (target: Digest?, exists: Bool)
    ) -> Result<Outcome, Refusal> {
        guard let state else { return .failure(Refusal(code: .wrongOperation)) }
        guard linkTarget(target).exists else { return .failure(Refusal(code: .missingReference)) }
        var next: Digest? = target
        for _ in 0..<64 {
            guard let at = next else { break }
            if at == state.id { return .failure(Refusal(code: .cycle)) }
            next = linkTarget(at).target
        }
        if next != nil { return .failure(Refusal(code: .cycle)) }
        guard let present = state.link(slot.field) else { return .success(.effective) }
        return .success(present.value == target.bytes ? .repeated : .lost)
    }

    /// A resolution names what it settles. Whether that still stands is not asked: a resolution that did not know of
    /// this one may have replaced it, and the two are a conflict again.
    private func resolutionOutcome(_ slot: Slot, _ settled: [Dot]) -> Result<Outcome, Refusal> {
        guard state != nil else { return .failure(Refusal(code: .wrongOperation)) }
        guard !settled.isEmpty else { return .failure(Refusal(code: .wrongValue)) }
        return .success(.none)
    }
}
