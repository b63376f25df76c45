// What late releases, succession and empty slots do to resolutions and conflicts.

import Testing

@testable import SyncKit

@Suite struct LateSettlementTests {
    let lead = DeviceID(Blake2b.hash([1]))
    let an = DeviceID(Blake2b.hash([2]))
    let binh = DeviceID(Blake2b.hash([3]))
    let claimant = Slot(field: TaskField.claimant)

    private func change(
        _ device: DeviceID, _ sequence: UInt64, at index: UInt64, seen: UInt64 = 0, lists: [Dot] = [],
        _ operation: SyncKit.Operation, _ value: CBORValue? = nil, _ outcome: Outcome = .none
    ) -> AcceptedChange {
        AcceptedChange(
            dot: Dot(device: device, sequence: sequence), kind: .task, position: Position(epoch: 0, index: index),
            effective: HybridTime(seconds: Int64(index), counter: 0), seen: Position(epoch: 0, index: seen),
            seenDots: lists, operations: [operation],
            values: value.map { ChangeValues(salt: [], values: [$0.encoded]) }, outcomes: [outcome])
    }

    private func fold(_ changes: [AcceptedChange]) throws -> DocumentState {
        try #require(
            DocumentState.folding(changes, id: .zero, creation: Dot(device: lead, sequence: 1)))
    }

    private var creation: AcceptedChange {
        change(lead, 1, at: 1, .set(Slot(field: TaskField.title)), .text("Thăm hộ"))
    }

    @Test func aClaimReleasedAfterTheResolutionThatNamesItIsSettled() throws {
        let late = Dot(device: binh, sequence: 1)
        let state = try fold([
            creation, change(an, 1, at: 2, .claim(claimant), nil, .effective),
            change(
                lead, 2, at: 3, seen: 2, lists: [late], .resolve(claimant, settled: [late]),
                .array([.null, .text("An đi")])),
            change(binh, 1, at: 4, .claim(claimant), nil, .lost),
        ])
        #expect(state.entries(claimant).map(\.isSettled) == [false, false, true])
        #expect(state.conflicts == [])
    }

    @Test func aResolutionThatComesFirstInAClaimsSlotIsKeptByTheNext() throws {
        let state = try fold([
            creation,
            change(lead, 2, at: 2, .resolve(claimant, settled: [creation.dot]), .array([.null, .text("một")])),
            change(
                lead, 3, at: 3, seen: 2, .resolve(claimant, settled: [creation.dot]), .array([.null, .text("hai")])),
        ])
        #expect(state.entries(claimant).count == 2)
    }

    @Test func aLostClaimThatHoldsBySuccessionIsNoConflictWithItself() throws {
        let first = change(an, 1, at: 2, .claim(claimant), nil, .effective)
        let second = change(binh, 1, at: 3, .claim(claimant), nil, .lost)
        #expect(try fold([creation, first, second]).conflicts.map(\.kind) == [.claims])
        let state = try fold([
            creation, first, second,
            change(
                lead, 2, at: 4, seen: 3, .release(claimant, claim: first.dot, successor: second.dot), nil, .effective),
        ])
        #expect(state.holder(TaskField.claimant)?.dot == second.dot)
        #expect(state.conflicts == [])
    }

    @Test func aValueReleasedAfterItsReplacementDoesNotComeBack() throws {
        let title = Slot(field: TaskField.title)
        let held = change(an, 1, at: 5, .set(title), .text("A"))
        let state = try fold([creation, change(an, 2, at: 2, seen: 1, .set(title), .text("B")), held])
        #expect(state.entries(title).map(\.dot.sequence) == [2])
    }

    @Test func aDraftWithTooManyOrOwnSeenDotsIsStillReadable() throws {
        let key = SigningKey.generate(random: SeededRandomSource(seed: 1))
        var draft = ChangeSetDraft(kind: .task)
        draft.perform(.set(Slot(field: TaskField.title)), .text("Thăm hộ"))
        let other = Dot(device: an, sequence: 4)
        draft.seenDots = [other, Dot(device: DeviceID(key.publicKey), sequence: 1), other]
        func sign() throws -> ChangeSet {
            try draft.signed(
                by: key, ward: .zero, after: .start, time: .zero, seen: SeenMark(position: .start, root: 0),
                salt: Bytes(repeating: 0, count: 16), scheme: SimulatedScheme())
        }
        let change = try sign()
        #expect(change.header.seenDots == [other])
        #expect(try ChangeSet(decoding: change.encoded()) == change)
        draft.seenDots = (1...65).map { Dot(device: an, sequence: $0) }
        #expect(throws: ChangeSetError(.tooLarge, "seen")) { try sign() }
    }
}
