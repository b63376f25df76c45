// The laws of merging: the same set of decisions gives the same bytes, in any order, grouping and repetition.

import Testing

@testable import SyncKit

@Suite struct MergeLawsTests {
    @Test func arbitraryHistoriesObeyTheLawsOfMerging() throws {
        var chance = SeededChance("merge laws, arbitrary")
        var entries = 0
        for number in 0..<18_000 {
            let history = History.arbitrary(&chance)
            let state = try check(history, id: History.id, &chance, "arbitrary history \(number)")
            entries += state?.slots.reduce(0) { $0 + $1.entries.count } ?? 0
        }
        #expect(entries > 100_000)
    }

    @Test func historiesThatTheDeciderDecidedObeyTheLawsOfMerging() throws {
        var chance = SeededChance("merge laws, decided")
        var outcomes: [Outcome: Int] = [:]
        var conflicts: [Conflict.Kind: Int] = [:]
        var refused = 0
        var links = 0
        for number in 0..<3000 {
            let decided = try DecidedHistory(&chance)
            refused += decided.refused
            let state = try check(decided.history, id: decided.documentID, &chance, "decided history \(number)")
            for change in decided.history.changes {
                for outcome in change.outcomes { outcomes[outcome, default: 0] += 1 }
            }
            for conflict in state?.conflicts ?? [] { conflicts[conflict.kind, default: 0] += 1 }
            if state?.link(ReportField.duplicateOf) != nil { links += 1 }
        }
        for outcome in [Outcome.effective, .lost, .crossing, .crossingMoved, .repeated, .evidence] {
            #expect(outcomes[outcome, default: 0] > 20, "\(outcome) should come up")
        }
        for kind in [Conflict.Kind.values, .claims, .crossing] { #expect(conflicts[kind, default: 0] > 20) }
        #expect(refused > 1000)
        #expect(links > 100)
    }

    /// Checks every law on one history.
    private func check(_ history: History, id: Digest, _ chance: inout SeededChance, _ name: String) throws
        -> DocumentState?
    {
        let changes = history.changes
        let creation = history.creation
        let state = try #require(DocumentState.folding(changes, id: id, creation: creation))
        let bytes = state.canonical
        if SimpleFold.canonical(changes, id: id, creation: creation) != bytes {
            Issue.record("the two folds differ on \(name)")
        }
        var shuffled = changes.shuffled(using: &chance)
        for _ in 0...chance.below(4) {
            shuffled.insert(changes[chance.below(changes.count)], at: chance.below(shuffled.count + 1))
        }
        shuffled.insert(decidedAgain(changes[chance.below(changes.count)]), at: chance.below(shuffled.count + 1))
        if DocumentState.folding(shuffled, id: id, creation: creation)?.canonical != bytes {
            Issue.record("the order or repetition of arrival matters in \(name)")
        }
        if one(changes, id, creation, &chance)?.canonical != bytes {
            Issue.record("applying one by one differs in \(name)")
        }
        checkPending(state, changes, id, creation, &chance, name)
        return state
    }

    /// The same change set, decided a second time at a later position: the first decision counts.
    private func decidedAgain(_ change: AcceptedChange) -> AcceptedChange {
        AcceptedChange(
            dot: change.dot, kind: change.kind, position: Position(epoch: 0xFFFE, index: 1), effective: .zero,
            seen: change.seen, seenDots: [], operations: change.operations, values: change.values, outcomes: [])
    }

    /// Applies change sets one by one in the order of the log, folding anew where the state says so, and now and then
    /// stores the state and reads it back.
    private func one(_ changes: [AcceptedChange], _ id: Digest, _ creation: Dot, _ chance: inout SeededChance)
        -> DocumentState?
    {
        var state: DocumentState?
        var applied: [AcceptedChange] = []
        for change in changes {
            applied.append(change)
            if var present = state, !present.isOutOfOrder(change) {
                present.apply(change)
                state = present
            } else {
                state = DocumentState.folding(applied, id: id, creation: creation)
            }
            if chance.below(4) == 0, let present = state { state = try? DocumentState(stored: present.stored) }
        }
        return state
    }

    /// Pending change sets on top are those of a fold over all, and leave the accepted state as it was.
    private func checkPending(
        _ state: DocumentState, _ changes: [AcceptedChange], _ id: Digest, _ creation: Dot,
        _ chance: inout SeededChance, _ name: String
    ) {
        let last = changes.map(\.position).max() ?? .start
        let author = History.devices[chance.below(History.devices.count)]
        let top = changes.filter { $0.dot.device == author }.map(\.dot.sequence).max() ?? 0
        let pending = changes.prefix(3).enumerated().map { place, change in
            AcceptedChange(
                dot: Dot(device: author, sequence: top + 1 + UInt64(place)), kind: change.kind,
                position: Position(epoch: 0xFFFF, index: UInt64(place)), effective: change.effective,
                seen: last, seenDots: [], operations: change.operations, values: change.values,
                outcomes: change.operations.map { _ in .provisional })
        }
        let before = state.canonical
        var onTop = state
        for change in pending {
            guard !onTop.isOutOfOrder(change) else { return }
            onTop.apply(change)
        }
        if SimpleFold.canonical(changes + pending, id: id, creation: creation) != onTop.canonical {
            Issue.record("pending change sets on top differ in \(name)")
        }
        if state.canonical != before { Issue.record("pending change sets disturb the accepted state in \(name)") }
    }
}
