// Histories that the real decider decided: devices that work offline, arrive in any order, are held and released.

@testable import SyncKit

/// A small ward around one document: five devices and the server's log.
struct DecidedHistory {
    /// A device with what it has seen and what it has not sent yet.
    private struct Device {
        let key: SigningKey
        let role: Role
        var link = ChainLink.start
        var seen = Position.start
        var view: DocumentState?
        var unsent: [ChangeSet] = []
        var time: Int64 = 100
    }

    private static let keys = (0..<5).map { SigningKey.generate(random: SeededRandomSource(seed: $0)) }
    private static let ward = Blake2b.hash([9])
    private static let other = Blake2b.hash([8])

    private(set) var history = History()
    /// How many change sets were refused.
    private(set) var refused = 0
    private var devices: [Device]
    private var held: [(change: ChangeSet, device: Int)] = []
    private var state: DocumentState?
    private var id = Digest.zero
    private var index: UInt64 = 0

    /// Plays a history of some twenty moves.
    init(_ chance: inout SeededChance) throws {
        let isReport = chance.below(2) == 0
        let roles: [Role] = [isReport ? .resident : .lead, .volunteer, .volunteer, .officer, .lead]
        devices = zip(Self.keys, roles).map { Device(key: $0, role: $1) }
        history.kind = isReport ? .report : .task
        try create(&chance)
        if isReport, chance.below(8) == 0 { try reopenWhilePublished(&chance) }
        for _ in 0..<(6 + chance.below(30)) {
            // In a report, the resident and the officer do most.
            let number = isReport ? [0, 0, 0, 3, 3, 3, 1, 2, 4][chance.below(9)] : chance.below(devices.count)
            switch chance.below(8) {
            case 0, 1: sync(number)
            case 2, 3: arrive(number, &chance)
            case 4: release(&chance)
            default: try write(number, &chance)
            }
        }
        for number in devices.indices { while !devices[number].unsent.isEmpty { arrive(number, &chance) } }
        while !held.isEmpty { release(&chance) }
    }

    /// The document's id.
    var documentID: Digest { id }

    private mutating func create(_ chance: inout SeededChance) throws {
        var draft = ChangeSetDraft(kind: history.kind)
        let area = history.kind == .report ? ReportField.area : TaskField.area
        draft.perform(.set(Slot(field: area)), .text("06685.03"))
        let change = try sign(draft, 0, &chance)
        id = change.id
        history.creation = change.dot
        decide(change, 0)
        for number in devices.indices { sync(number) }
    }

    private mutating func sync(_ number: Int) {
        guard devices[number].unsent.isEmpty || devices[number].seen == .start else { return }
        devices[number].view = state
        devices[number].seen = Position(epoch: 0, index: index)
    }

    private mutating func arrive(_ number: Int, _ chance: inout SeededChance) {
        guard !devices[number].unsent.isEmpty else { return }
        let change = devices[number].unsent.removeFirst()
        if chance.below(6) == 0 { held.append((change, number)) } else { decide(change, number) }
    }

    private mutating func release(_ chance: inout SeededChance) {
        guard !held.isEmpty else { return }
        let (change, number) = held.remove(at: chance.below(held.count))
        decide(change, number)
    }

    private mutating func decide(_ change: ChangeSet, _ number: Int) {
        let actor = Actor(device: change.header.device, role: devices[number].role, areas: ["06685"])
        let target = Self.other
        guard let decider = Decider(change, actor: actor, state: state),
            case .accept(let outcomes) = decider.decide(linkTarget: { (nil, $0 == target || $0 == Self.ward) }),
            let accepted = AcceptedChange(
                change, position: Position(epoch: 0, index: index + 1),
                effective: HybridTime(seconds: min(change.header.authorTime.seconds, 120), counter: 0),
                outcomes: outcomes)
        else {
            refused += 1
            return
        }
        index += 1
        history.changes.append(accepted)
        if var present = state, !present.isOutOfOrder(accepted) {
            present.apply(accepted)
            state = present
        } else {
            state = DocumentState.folding(history.changes, id: id, creation: history.creation)
        }
    }

    private mutating func write(_ number: Int, _ chance: inout SeededChance) throws {
        guard let view = devices[number].view else { return }
        var draft = ChangeSetDraft(kind: history.kind, document: id)
        for _ in 0...chance.below(2) { perform(&draft, view, number, &chance) }
        guard !draft.operations.isEmpty else { return }
        try queue(&draft, number, &chance)
    }

    /// The resident reopens what the officer resolved, while the officer publishes it.
    private mutating func reopenWhilePublished(_ chance: inout SeededChance) throws {
        for (number, state) in [(3, UInt8(6)), (3, 7), (0, 9)] {
            guard let view = devices[number].view else { return }
            var draft = ChangeSetDraft(kind: history.kind, document: id)
            draft.perform(.transition(Slot(field: Schema.stateField), to: state, follows: view.present.dot))
            try queue(&draft, number, &chance)
            if state == 6 {
                arrive(3, &chance)
                sync(0)
            }
        }
    }

    private mutating func queue(_ draft: inout ChangeSetDraft, _ number: Int, _ chance: inout SeededChance) throws {
        for (other, device) in devices.enumerated() where other != number && chance.below(5) == 0 {
            draft.seenDots += device.unsent.map(\.dot)
        }
        let change = try sign(draft, number, &chance)
        devices[number].unsent.append(change)
        if let pending = AcceptedChange(
            change, position: Position(epoch: 0xFFFF, index: change.header.sequence),
            effective: change.header.authorTime, outcomes: change.operations.map { $0.map { _ in .provisional } } ?? [])
        {
            devices[number].view?.apply(pending)
        }
    }

    private mutating func sign(_ draft: ChangeSetDraft, _ number: Int, _ chance: inout SeededChance) throws -> ChangeSet
    {
        devices[number].time += Int64(chance.below(8))
        let change = try draft.signed(
            by: devices[number].key, ward: Self.ward, after: devices[number].link,
            time: HybridTime(seconds: devices[number].time, counter: 0),
            seen: SeenMark(position: devices[number].seen, root: 0), salt: Bytes(repeating: 0, count: 16),
            scheme: SimulatedScheme())
        devices[number].link = ChainLink(sequence: change.header.sequence, id: change.id)
        return change
    }

    /// Something that the device may do; now and then something that it may not.
    private func perform(
        _ draft: inout ChangeSetDraft, _ view: DocumentState, _ number: Int, _ chance: inout SeededChance
    ) {
        let isReport = history.kind == .report
        let text = CBORValue.text(["đèn", "đường", "cây"][chance.below(3)])
        let claim = Slot(field: TaskField.claimant)
        let state = Slot(field: Schema.stateField)
        switch chance.below(11) {
        case 0, 1: draft.perform(.set(Slot(field: isReport ? ReportField.title : TaskField.result)), text)
        case 2 where isReport: draft.perform(.set(Slot(field: ReportField.agency)), text)
        case 2: draft.perform(.set(Slot(field: TaskField.checked, key: UInt32(chance.below(2)))), .bool(true))
        case 3 where isReport:
            let slot = Slot(field: ReportField.tags)
            draft.perform(chance.below(3) == 0 ? .remove(slot) : .add(slot), text)
        case 3:
            let slot = Slot(field: TaskField.assignees)
            draft.perform(chance.below(3) == 0 ? .remove(slot) : .add(slot), .bytes([UInt8(chance.below(2))]))
        case 4: draft.perform(.append(Slot(field: isReport ? ReportField.comments : TaskField.notes)), text)
        case 5 where isReport:
            let link = Slot(field: ReportField.duplicateOf)
            if let standing = view.link(link.field), chance.below(2) == 0 {
                draft.perform(.unlink(link, link: standing.dot))
            } else {
                draft.perform(.link(link, target: chance.below(2) == 0 ? Self.other : Self.ward))
            }
        case 5,
            6 where !isReport:
            let claims = view.entries(claim).filter { $0.action == .claim }
            if let holder = view.holder(claim.field), chance.below(2) == 0 {
                let next = claims.isEmpty || chance.below(2) == 0 ? nil : claims[chance.below(claims.count)].dot
                draft.perform(.release(claim, claim: holder.dot, successor: next))
            } else {
                draft.perform(.claim(claim))
            }
        case 6:
            guard let conflict = view.conflicts.first else { return }
            let value = conflict.kind == .values ? text : CBORValue.null
            draft.perform(
                .resolve(conflict.slot, settled: conflict.entries.map(\.dot)), .array([value, .text("đã gọi hỏi")]))
        default:
            let follows = chance.below(6) == 0 ? history.creation : view.present.dot
            let from = chance.below(6) == 0 ? 1 : view.present.state
            var steps = (UInt8(1)...12).filter { WorkflowRules.step(history.kind, from: from, to: $0) != nil }
            if chance.below(4) > 0 {
                // Reports that are resolved, published and reopened are the ones that cross.
                let likely: [UInt8] = !isReport ? [1, 2, 3, 4] : number == 0 ? [8, 9] : [6, 7]
                steps.removeAll { !likely.contains($0) }
            }
            guard !steps.isEmpty else { return }
            draft.perform(.transition(state, to: steps[chance.below(steps.count)], follows: follows))
        }
    }
}
