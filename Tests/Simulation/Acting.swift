// What a person does, from the choice to the saved change set, and what the model notes of it.

import SyncKit

/// Something that a person is about to do.
struct Intent {
    var draft: ChangeSetDraft
    var event: Event
    var privates: [(slot: Slot, value: String)] = []
    /// Whether the device checks it before it is saved.
    var checksEarly = true
    /// Whether it makes its document.
    var creates: Bool
    /// The document as the person sees it; `nil` for a new one, or for one that the device does not show.
    var view: DocumentView?

    init(_ draft: ChangeSetDraft, _ event: Event, view: DocumentView? = nil) {
        self.draft = draft
        self.event = event
        self.view = view
        creates = draft.document == nil
    }
}

extension Schedule {
    /// A person does something at a device.
    /// - Returns: whether it was saved.
    func act(_ device: SimulatedDevice) throws -> Bool {
        let choice = chance.below(100)
        var intent: Intent?
        if try device.replica.actor().role == .admin, chance.oneIn(3) { intent = try orderIntent(device) }
        if intent != nil {
            // It is decided what to do.
        } else if choice < 22 {
            intent = try creation(device)
        } else if choice < 28 {
            intent = try forbidden(device)
        } else if choice < 34 {
            intent = try reissue(device)
        }
        if choice >= 34 || intent == nil { intent = try edit(device) }
        guard let intent = try intent ?? creation(device) else { return false }
        return try commit(intent, device)
    }

    /// Saves an intent at a device whose process may end in the middle of it.
    func commit(_ intent: Intent, _ device: SimulatedDevice) throws -> Bool {
        let faults = device.gate.faults
        if hasFaults, device.canCrash, chance.oneIn(40) { device.gate.arm(.crash, after: 0) }
        if hasFaults, chance.oneIn(60) { device.gate.arm(.fault, after: 0) }
        defer { device.gate.disarm() }
        let before = try device.replica.chain()
        do {
            let saved = try device.replica.commit(
                intent.draft, privates: intent.privates, checksEarly: intent.checksEarly)
            try note(intent, saved, device)
            count(intent.event)
            if hasFaults, device.canCrash, chance.oneIn(60) {
                count(.deviceRestart)
                device.gate.kill()
                try revive(device)
            }
            return true
        } catch let error as ReplicaError {
            switch error.reason {
            case .refused, .notFound:
                count(.earlyRefusal)
                trace("\(device.name) may not \(intent.event): \(error.reason)")
            case .store where device.gate.isDead:
                count(.deviceCrashInCommit)
                try revive(device)
                try require(try device.replica.chain() == before, "\(device.name) kept half a commit")
            case .store where device.gate.faults > faults:
                count(.deviceStoreFault)
                try require(try device.replica.chain() == before, "\(device.name) kept half a commit")
            default: throw error
            }
            return false
        }
    }

    /// Writes a saved change set into the model.
    private func note(_ intent: Intent, _ saved: Saved, _ device: SimulatedDevice) throws {
        let number = try device.replica.tables.knownDeviceNumber(device.id) ?? 0
        guard let stored = try device.replica.tables.change(device: number, sequence: saved.dot.sequence),
            let operations = stored.change.operations, try device.replica.chain().id == stored.change.id
        else { throw fail("\(device.name) does not have what it saved") }
        var nextValue = 0
        var deeds: [Deed] = []
        for operation in operations {
            var value = Bytes()
            if operation.takesValue {
                value = stored.change.values?.value(nextValue) ?? []
                if nextValue < intent.draft.values.count {
                    try require(value == intent.draft.values[nextValue], "a value is not what was typed")
                }
                nextValue += 1
            }
            deeds.append(deed(operation, value, intent, saved.document, device))
        }
        let act = Act(
            id: stored.change.id, document: saved.document, kind: intent.draft.kind, creates: intent.creates,
            authored: stored.change.header.authorTime, seen: stored.change.header.seen.position,
            isUponState: intent.view?.isHistoryCompacted ?? false, listed: stored.change.header.seenDots, deeds: deeds,
            privates: intent.privates)
        model.save(saved.dot, act)
        trace("\(name(saved.dot)): \(intent.event) on \(saved.document.hex.prefix(8)) \(operations.map(\.slot.field))")
    }

    private func deed(
        _ operation: Operation, _ value: Bytes, _ intent: Intent, _ document: Digest, _ device: SimulatedDevice
    ) -> Deed {
        let slot = operation.slot
        let entries = intent.view?.state.entries(slot) ?? []
        let known = model.known(device.id, document, slot)
        switch operation {
        case .set: return .write(slot, value, knows: known.union(entries.map(\.dot)))
        case .resolve:
            guard Schema.field(intent.draft.kind, slot.field)?.merge == .register else { return .other }
            return .write(slot, ResolutionValue(decoding: value).chosen, knows: known.union(entries.map(\.dot)))
        case .add: return .add(slot, value)
        case .remove:
            let own = model.known(device.id, document, slot, element: value)
            return .remove(slot, value, knows: own.union(entries.filter { $0.value == value }.map(\.dot)))
        case .append: return .append(slot, value)
        case .claim: return .claim(slot)
        case .release(_, let claim, let successor): return .release(slot, claim: claim, successor: successor)
        case .link(_, let target): return .link(slot, target)
        case .unlink(_, let link): return .unlink(slot, link)
        case .transition(_, let to, let follows): return .transition(to: to, follows: follows)
        }
    }

    /// A document that the device's lists show.
    func shown(_ device: SimulatedDevice, _ kinds: [DocumentKind] = []) throws -> DocumentView? {
        if chance.oneIn(6), let row = chance.pick(try device.replica.conflicted()) {
            let view = try device.replica.document(row.id)
            if let view, kinds.isEmpty || kinds.contains(view.state.kind) { return view }
        }
        var ids = try device.visible()
        // People meet at some documents more than at others.
        if chance.oneIn(2) { ids = Array(ids.prefix(4)) }
        for _ in 0..<4 {
            guard let place = chance.pick(Array(ids.indices)) else { return nil }
            let view = try device.replica.document(ids[place])
            if let view, kinds.isEmpty || kinds.contains(view.state.kind) { return view }
            ids.remove(at: place)
        }
        return nil
    }
}
