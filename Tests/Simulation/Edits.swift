// What people do to documents that they see.

import SyncKit

extension Schedule {
    /// One action on a document that the device shows.
    func edit(_ device: SimulatedDevice) throws -> Intent? {
        var chosen: DocumentView?
        if try device.replica.actor().role == .officer, chance.oneIn(5) { chosen = try resolvedReport(device) }
        if chosen == nil { chosen = try shown(device, [.report, .task, .notice]) }
        guard let view = chosen else { return nil }
        var draft = ChangeSetDraft(kind: view.state.kind, document: view.id)
        let event: Event?
        switch view.state.kind {
        case .report: event = try editReport(&draft, view, device)
        case .task: event = editTask(&draft, view, device)
        case .notice:
            draft.perform(.set(Slot(field: UInt8(chance.within(1...2)))), .text(words()))
            event = .registerEdit
        default: event = nil
        }
        guard let event else { return nil }
        var intent = Intent(draft, event, view: view)
        if event == .privateValue {
            let field = view.state.kind == .task ? TaskField.household : ReportField.reporterPhone
            intent.privates = [(Slot(field: field), words())]
        }
        return intent
    }

    /// A report with a result: what officers publish, take back and open again.
    private func resolvedReport(_ device: SimulatedDevice) throws -> DocumentView? {
        var ids: [Digest] = []
        try device.replica.eachRow(.report, ListFilter(states: [6, 7, 8]), limit: 20) { ids.append($0.id) }
        return try chance.pick(ids).flatMap { try device.replica.document($0) }
    }

    private func editReport(_ draft: inout ChangeSetDraft, _ view: DocumentView, _ device: SimulatedDevice) throws
        -> Event?
    {
        let state = view.state
        if chance.oneIn(3), resolve(&draft, state) { return .resolution }
        if state.publicText != nil, chance.oneIn(3) {
            draft.perform(.set(Slot(field: ReportField.publicTitle)), .null)
            return .cleared
        }
        if state.present.state == 6, chance.oneIn(3) { return transition(&draft, state) }
        if chance.oneIn(4), let link = state.link(ReportField.duplicateOf) {
            draft.perform(.unlink(Slot(field: ReportField.duplicateOf), link: link.dot))
            return .unlink
        }
        switch chance.below(20) {
        case 0...7: return setReportRegister(&draft)
        case 8:
            draft.perform(.set(Slot(field: ReportField.area)), area())
            return .areaMove
        case 9, 10:
            draft.perform(.append(Slot(field: ReportField.comments)), .text(prose()))
            return .comment
        case 11: return changeSet(&draft, state, Slot(field: ReportField.tags), code())
        case 12:
            return changeSet(&draft, state, Slot(field: ReportField.followers), .bytes(Bytes(device.id.digest.bytes)))
        case 13...15: return transition(&draft, state)
        case 16, 17:
            let slot = Slot(field: ReportField.duplicateOf)
            guard let other = try shown(device, [.report]) else { return nil }
            draft.perform(.link(slot, target: other.id))
            return .link
        case 18: return .privateValue
        default:
            _ = setReportRegister(&draft)
            draft.perform(.append(Slot(field: ReportField.comments)), .text(prose()))
            return .registerEdit
        }
    }

    private func setReportRegister(_ draft: inout ChangeSetDraft) -> Event {
        let fields = [
            ReportField.category, ReportField.title, ReportField.description, ReportField.address, ReportField.urgency,
            ReportField.agency, ReportField.result, ReportField.due, ReportField.publicTitle,
        ]
        let field = chance.pick(fields) ?? ReportField.title
        let slot = Slot(field: field)
        if chance.oneIn(10) {
            draft.perform(.set(slot), .null)
            return .cleared
        }
        switch field {
        case ReportField.category, ReportField.urgency, ReportField.agency: draft.perform(.set(slot), code())
        case ReportField.due: draft.perform(.set(slot), CBORValue(Self.start + Int64(chance.below(10_000_000))))
        default: draft.perform(.set(slot), .text(field == ReportField.description ? prose() : "\(chance.below(5))"))
        }
        return .registerEdit
    }

    private func editTask(_ draft: inout ChangeSetDraft, _ view: DocumentView, _ device: SimulatedDevice) -> Event? {
        let state = view.state
        let claimant = Slot(field: TaskField.claimant)
        // Often, so that several people claim one task without knowing of each other.
        if state.holder(TaskField.claimant) == nil, chance.oneIn(3) {
            draft.perform(.claim(claimant))
            return .claim
        }
        if let holder = state.holder(TaskField.claimant), chance.oneIn(2) {
            let others = state.entries(TaskField.claimant).filter { $0.action == .claim && $0.dot != holder.dot }
            if let other = chance.pick(others) {
                draft.perform(.release(claimant, claim: holder.dot, successor: other.dot))
                return .claimReassigned
            }
        }
        if chance.oneIn(3), resolve(&draft, state) { return .resolution }
        switch chance.below(18) {
        case 0...3:
            draft.perform(.set(Slot(field: TaskField.checked, key: UInt32(chance.below(3)))), .bool(chance.oneIn(2)))
            return .checklist
        case 4, 5:
            if chance.oneIn(2) {
                draft.perform(.append(Slot(field: TaskField.notes)), .text(prose()))
            } else {
                draft.perform(.append(Slot(field: TaskField.visits)), .array([.text("met"), .text(prose())]))
            }
            return .comment
        case 6:
            draft.perform(.set(Slot(field: TaskField.priority)), .unsigned(UInt64(chance.below(9))))
            return .registerEdit
        case 7:
            draft.perform(.set(Slot(field: TaskField.address)), .text(words()))
            return .registerEdit
        case 8:
            draft.perform(.set(Slot(field: TaskField.area)), area())
            return .areaMove
        case 9: return changeSet(&draft, state, Slot(field: TaskField.assignees), .bytes(device.id.digest.bytes))
        case 10...13:
            guard let holder = state.holder(TaskField.claimant) else {
                draft.perform(.claim(claimant))
                return .claim
            }
            draft.perform(.release(claimant, claim: holder.dot, successor: nil))
            return .claimReleased
        case 14...16: return transition(&draft, state)
        default: return .privateValue
        }
    }

    /// Adds or removes an element of a set.
    private func changeSet(_ draft: inout ChangeSetDraft, _ state: DocumentState, _ slot: Slot, _ value: CBORValue)
        -> Event
    {
        if let entry = chance.pick(state.entries(slot)), chance.oneIn(2),
            let present = try? CBORValue(decoding: entry.value)
        {
            draft.perform(.remove(slot), present)
            return .tagRemoved
        }
        draft.perform(.add(slot), value)
        return .tagAdded
    }

    /// A step that the workflow allows from where the document is now.
    private func transition(_ draft: inout ChangeSetDraft, _ state: DocumentState) -> Event? {
        let present = state.present
        let count = WorkflowRules.stateNames(state.kind).count
        let allowed = (1...max(1, count)).map { UInt8($0) }
            .filter { WorkflowRules.step(state.kind, from: present.state, to: $0) != nil }
        guard var to = chance.pick(allowed) else { return nil }
        // Results are what people publish, rate and reopen: more of them than of other steps.
        if state.kind == .report, chance.oneIn(2) { to = [7, 6].first { allowed.contains($0) } ?? to }
        if state.kind == .report, to == 6, chance.below(4) > 0, let code = ratingCode() {
            draft.perform(.set(Slot(field: ReportField.ratingCodeHash)), .bytes(code.hash.bytes))
        }
        if state.kind == .report, to == 7 {
            draft.perform(.set(Slot(field: ReportField.publicTitle)), .text(words()))
        }
        draft.perform(.transition(Slot(field: Schema.stateField), to: to, follows: present.dot))
        return .transition
    }

    /// Settles a conflict that the document shows.
    private func resolve(_ draft: inout ChangeSetDraft, _ state: DocumentState) -> Bool {
        guard let conflict = chance.pick(state.conflicts) else { return false }
        var chosen = CBORValue.null
        if conflict.kind == .values, let entry = chance.pick(conflict.entries) {
            chosen = (try? CBORValue(decoding: entry.value)) ?? .null
        }
        let settled = Array(conflict.entries.map(\.dot).prefix(8))
        draft.perform(.resolve(conflict.slot, settled: settled), .array([chosen, .text("Đã xem")]))
        return true
    }
}
