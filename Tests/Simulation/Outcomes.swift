// How the ward decided claims, steps and links, against what the model makes of the log before each decision.

import SyncKit

/// An acceptance in the log: what was decided about each operation, and where the change set stands in the order.
struct LoggedDecision {
    let dot: Dot
    let place: Position
    let effective: HybridTime
    let outcomes: [Outcome]
    /// Whether the ward repeats what it decided in an epoch that was lost.
    let isReadmitted: Bool
    /// The author's role by the log at that place.
    let role: Role?

    func outcome(_ index: Int) -> Outcome { index < outcomes.count ? outcomes[index] : .none }
}

/// What a document's decided change sets make of its claims, its link and its workflow.
struct DecidedDocument {
    private var parts: [(decision: LoggedDecision, act: Act)] = []

    /// Adds a decision; a later one on the same change set takes the place of the first.
    mutating func add(_ decision: LoggedDecision, _ act: Act) {
        parts.removeAll { $0.decision.dot == decision.dot }
        let place = parts.firstIndex { decision.place < $0.decision.place } ?? parts.count
        parts.insert((decision, act), at: place)
    }

    private struct Standing {
        var holders: [Slot: Dot] = [:]
        var claims: [Slot: Set<Dot>] = [:]
        var links: [Slot: (dot: Dot, target: Digest)] = [:]
        var state: UInt8 = 1
        var step: Dot?
    }

    private func standing() -> Standing {
        var standing = Standing()
        for part in parts {
            if part.act.creates { standing.step = standing.step ?? part.decision.dot }
            for (index, deed) in part.act.deeds.enumerated() {
                Self.apply(deed, part.decision, part.decision.outcome(index), part.act.kind, to: &standing)
            }
        }
        return standing
    }

    /// What stands follows from the order alone: what the ward said may have been said in ignorance of what came back
    /// later and stands before. Only a step without a claim never counts.
    private static func apply(
        _ deed: Deed, _ decision: LoggedDecision, _ outcome: Outcome, _ kind: DocumentKind,
        to standing: inout Standing
    ) {
        switch deed {
        case .claim(let slot):
            standing.claims[slot, default: []].insert(decision.dot)
            if standing.holders[slot] == nil { standing.holders[slot] = decision.dot }
        case .release(let slot, let claim, let successor):
            if standing.holders[slot] == claim { standing.holders[slot] = successor }
        case .link(let slot, let target):
            if standing.links[slot] == nil { standing.links[slot] = (decision.dot, target) }
        case .unlink(let slot, let link):
            if standing.links[slot]?.dot == link { standing.links[slot] = nil }
        case .transition(let to, let follows):
            guard outcome != .evidence else { return }
            guard follows == standing.step || beats(kind, to, standing.state) else { return }
            standing.state = to
            standing.step = decision.dot
        case .write, .add, .remove, .append, .other: return
        }
    }

    private static func beats(_ kind: DocumentKind, _ to: UInt8, _ present: UInt8) -> Bool {
        kind == .report && to == 9 && [6, 7, 8, 10, 11].contains(present)
    }

    /// What the ward has to decide about each operation of the next change set; `nil` where there is nothing to decide.
    func expected(_ decision: LoggedDecision, _ act: Act) -> [Outcome?] {
        let standing = standing()
        return act.deeds.map { deed in
            switch deed {
            case .claim(let slot):
                guard let holder = standing.holders[slot] else { return .effective }
                return holder.device == decision.dot.device ? .repeated : .lost
            case .release(let slot, let claim, _): return standing.holders[slot] == claim ? .effective : .repeated
            case .link(let slot, let target):
                guard let present = standing.links[slot] else { return .effective }
                return present.target == target ? .repeated : .lost
            case .unlink(let slot, let link): return standing.links[slot]?.dot == link ? .effective : .repeated
            case .transition(let to, let follows):
                guard act.kind == .report || act.kind == .task else { return nil }
                let holder = standing.holders[Slot(field: TaskField.claimant)]
                if act.kind == .task, to == 2 || to == 3, decision.role == .volunteer,
                    holder?.device != decision.dot.device
                {
                    return .evidence
                }
                if standing.step == follows { return .effective }
                if standing.state == to { return .repeated }
                return Self.beats(act.kind, to, standing.state) ? .crossingMoved : .crossing
            case .write, .add, .remove, .append, .other: return nil
            }
        }
    }
}

extension Schedule {
    /// The ward decided each claim, release, step and link by who came first in its log, and by nothing else.
    func checkOutcomes(_ log: LogFindings, wardSteps: [Dot: Act]) throws {
        var documents: [Digest: DecidedDocument] = [:]
        for decision in log.decisions {
            guard let act = model.acts[decision.dot] ?? wardSteps[decision.dot] else { continue }
            if !decision.isReadmitted {
                let expected = documents[act.document, default: DecidedDocument()].expected(decision, act)
                for (index, outcome) in expected.enumerated() {
                    guard let outcome else { continue }
                    try require(
                        decision.outcome(index) == outcome,
                        "\(name(decision.dot)): \(act.deeds[index]) is \(decision.outcome(index)), not \(outcome)")
                }
            }
            documents[act.document, default: DecidedDocument()].add(decision, act)
        }
    }
}
