// New documents, what an honest program would not send, and second tries.

import SyncKit

extension Schedule {
    /// Some words, never the same twice.
    func words() -> String { text(chance.within(1...30)) }

    /// A long text in a bulky schedule, so that answers take several frames.
    func prose() -> String { isBulky && !chance.oneIn(4) ? text(chance.within(4000...15_000)) : words() }

    private func text(_ length: Int) -> String {
        var text = "\(chance.below(1_000_000))"
        while text.utf8.count < length { text += " " + String(chance.next(), radix: 36) }
        return text
    }

    func code() -> CBORValue { .text(chance.pick(["lighting", "road", "garbage", "flood", "noise"]) ?? "other") }

    func area() -> CBORValue { .text(chance.oneIn(12) ? SimulatedServer.area : Self.area(chance.within(1...3))) }

    /// A new document of a kind that the role may make.
    func creation(_ device: SimulatedDevice) throws -> Intent? {
        let actor = try device.replica.actor()
        if [.resident, .volunteer, .lead, .officer].contains(actor.role), chance.oneIn(9) { return codeIntent() }
        switch actor.role {
        case .resident: return chance.oneIn(4) ? lookup(actor) : report(actor)
        case .volunteer: return chance.oneIn(8) ? lookup(actor) : report(actor)
        case .lead: return chance.oneIn(2) ? task(actor) : report(actor)
        case .officer:
            switch chance.below(6) {
            case 0: return notice()
            case 1, 2: return report(actor)
            default: return task(actor)
            }
        case .admin, .auditor, .ward: return nil
        }
    }

    private func ownArea(_ actor: Actor) -> CBORValue {
        guard let area = chance.pick(actor.areas), area != SimulatedServer.area else { return self.area() }
        return .text(area)
    }

    private func report(_ actor: Actor) -> Intent {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.category)), code())
        draft.perform(.set(Slot(field: ReportField.title)), .text(words()))
        draft.perform(.set(Slot(field: ReportField.area)), ownArea(actor))
        if chance.oneIn(2) {
            draft.perform(.set(Slot(field: ReportField.codeHash)), .bytes(codeToFile().hash.bytes))
        }
        if isBulky, chance.oneIn(2) { draft.perform(.set(Slot(field: ReportField.description)), .text(prose())) }
        if isBulky { draft.perform(.append(Slot(field: ReportField.comments)), .text(prose())) }
        var intent = Intent(draft, .report)
        if chance.oneIn(3) { intent.privates = [(Slot(field: ReportField.reporterName), words())] }
        return intent
    }

    private func task(_ actor: Actor) -> Intent {
        var draft = ChangeSetDraft(kind: .task)
        draft.perform(.set(Slot(field: TaskField.title)), .text(words()))
        draft.perform(.set(Slot(field: TaskField.area)), ownArea(actor))
        draft.perform(.set(Slot(field: TaskField.due)), CBORValue(Self.start + Int64(chance.below(1_000_000))))
        for key in 0..<UInt32(chance.below(3)) {
            draft.perform(.set(Slot(field: TaskField.checklist, key: key)), .text(words()))
        }
        return Intent(draft, .task)
    }

    private func notice() -> Intent {
        var draft = ChangeSetDraft(kind: .notice)
        draft.perform(.set(Slot(field: 1)), .text(words()))
        draft.perform(.set(Slot(field: 2)), .text(words()))
        return Intent(draft, .notice)
    }

    private func lookup(_ actor: Actor) -> Intent {
        var draft = ChangeSetDraft(kind: .lookup)
        draft.perform(.set(Slot(field: LookupField.code)), .text("000.H49-\(chance.below(5))"))
        if actor.role != .resident || chance.oneIn(3) { draft.perform(.set(Slot(field: LookupField.area)), area()) }
        var intent = Intent(draft, .lookup)
        if chance.oneIn(3) { intent.checksEarly = false }
        intent.privates = [(Slot(field: LookupField.secret), "\(chance.below(3))")]
        return intent
    }

    // MARK: What only the ward stops

    /// Something that the device's own check would stop. It writes no register that it does not see.
    func forbidden(_ device: SimulatedDevice) throws -> Intent? {
        var intent: Intent?
        switch chance.below(7) {
        case 5, 6:
            // A link to a document that nobody has, or a claim taken from somebody who never claimed.
            guard let view = try shown(device, [.report, .task]) else { return nil }
            var draft = ChangeSetDraft(kind: view.state.kind, document: view.id)
            if view.state.kind == .report {
                draft.perform(.link(Slot(field: ReportField.duplicateOf), target: Digest.zero))
            } else {
                let claim = Dot(device: device.id, sequence: 1 << 20)
                draft.perform(.release(Slot(field: TaskField.claimant), claim: claim, successor: nil))
            }
            intent = Intent(draft, .forbidden, view: view)
        case 0:
            var draft = ChangeSetDraft(kind: .task)
            draft.perform(.set(Slot(field: TaskField.title)), .text(words()))
            draft.perform(.set(Slot(field: TaskField.area)), area())
            intent = Intent(draft, .forbidden)
        case 1:
            // A document that nobody has.
            let unknown = Digest((0..<32).map { _ in UInt8(chance.below(256)) })
            var draft = ChangeSetDraft(kind: .report, document: unknown)
            draft.perform(.append(Slot(field: ReportField.comments)), .text(prose()))
            intent = Intent(draft, .forbidden)
        case 2:
            // On top of what was held or refused in its own chain.
            let own = try device.ownChanges().filter { $0.verdict == .held || $0.verdict == .refused }
            guard let stored = chance.pick(own), stored.change.header.kind == 1 else { return nil }
            var draft = ChangeSetDraft(kind: .report, document: stored.change.document)
            draft.perform(.append(Slot(field: ReportField.comments)), .text(prose()))
            intent = Intent(draft, .forbidden, view: try device.replica.document(stored.change.document))
        case 3:
            guard let view = try shown(device, [.task]) else { return nil }
            var draft = ChangeSetDraft(kind: .task, document: view.id)
            draft.perform(.claim(Slot(field: TaskField.claimant)))
            intent = Intent(draft, .forbidden, view: view)
        default:
            guard let view = try shown(device, [.report]) else { return nil }
            var draft = ChangeSetDraft(kind: .report, document: view.id)
            draft.perform(.set(Slot(field: ReportField.agency)), chance.oneIn(2) ? .text("x") : .bool(true))
            intent = Intent(draft, .forbidden, view: view)
        }
        intent?.checksEarly = false
        return intent
    }

    /// Corrects what the ward refused and sends it again.
    func reissue(_ device: SimulatedDevice) throws -> Intent? {
        let refused = try device.ownChanges().filter { $0.verdict == .refused }
        guard let first = chance.pick(refused), let kind = DocumentKind(rawValue: UInt8(first.change.header.kind)),
            kind != .follow, kind != .rating, let act = model.acts[first.change.dot]
        else { return nil }
        var draft = ChangeSetDraft(kind: kind, document: first.change.document)
        draft.reissues = first.change.id
        let view = try device.replica.document(first.change.document)
        var privates: [(slot: Slot, value: String)] = []
        if act.creates, kind == .lookup {
            draft.perform(.set(Slot(field: LookupField.code)), .text("000.H49-\(chance.below(5))"))
            draft.perform(.set(Slot(field: LookupField.area)), ownArea(try device.replica.actor()))
            privates = act.privates
        } else if act.creates {
            draft.perform(.set(Slot(field: kind == .task ? TaskField.title : ReportField.title)), .text(words()))
            let field = kind == .task ? TaskField.area : ReportField.area
            if kind != .notice { draft.perform(.set(Slot(field: field)), ownArea(try device.replica.actor())) }
        } else if kind == .report {
            draft.perform(.append(Slot(field: ReportField.comments)), .text(prose()))
        } else if kind == .task {
            draft.perform(.append(Slot(field: TaskField.notes)), .text(prose()))
        } else {
            return nil
        }
        var intent = Intent(draft, .reissue, view: view)
        intent.creates = act.creates
        intent.privates = privates
        if chance.oneIn(3) { intent.checksEarly = false }
        return intent
    }
}
