// Items of the inbox from one document: its conflicts, edits side by side, a merged unit, a likeness.

/// An accepted change set with the two clocks that people compare.
package struct InboxChange: Sendable {
    package let accepted: AcceptedChange
    package let deviceTime: HybridTime
    /// When the ward received it; `nil` on a device.
    package let serverTime: Int64?

    package init(_ accepted: AcceptedChange, deviceTime: HybridTime, serverTime: Int64? = nil) {
        self.accepted = accepted
        self.deviceTime = deviceTime
        self.serverTime = serverTime
    }
}

extension DocumentState {
    /// The title as lists show it.
    package var inboxTitle: String {
        switch kind {
        case .report: text(ReportField.title) ?? ""
        case .task: text(TaskField.title) ?? ""
        case .lookup: text(LookupField.code) ?? ""
        default: ""
        }
    }

    /// Who is to decide something about the document.
    package func inboxOwner(_ kind: InboxKind) -> InboxOwner {
        var device: DeviceID?
        switch self.kind {
        case .report:
            device =
                countedSteps.last {
                    $0.state != ReportStateNumber.rated.rawValue && $0.state != ReportStateNumber.reopened.rawValue
                }?.dot.device
        case .task: device = creation.device
        default: break
        }
        return InboxOwner(role: InboxRule.of(kind).owner(of: self.kind), area: areas.first ?? "", device: device)
    }

    /// An item of this document, without what makes it one.
    func inboxItem(_ kind: InboxKind, since: Int64) -> InboxItem {
        var item = InboxItem(kind, owner: inboxOwner(kind), since: since)
        item.document = id
        item.documentKind = self.kind
        item.title = inboxTitle
        item.area = areas.first ?? ""
        return item
    }

    /// A file of the document's of which the ward lacks something.
    /// - Parameters:
    ///   - device: on which it is.
    ///   - since: when it was added, in seconds since 1970, as `now`.
    func inboxItem(_ file: InboxFile, of device: DeviceID?, since: Int64, now: Int64) -> InboxItem {
        var item = inboxItem(.attachment, since: since)
        item.slot = Schema.attachmentsField(of: kind).map { Slot(field: $0) }
        item.device = device
        item.file = file
        item.age(at: now)
        return item
    }

    /// The document's conflicts as items, without what only its change sets tell.
    /// - Parameter time: when an entry was received, in seconds since 1970.
    package func inboxConflicts(time: (Entry) -> Int64) -> [InboxItem] {
        conflicts.map { conflict in
            let kind: InboxKind =
                switch conflict.kind {
                case .values: .values
                case .claims: .claims
                case .crossing: .crossing
                }
            let arrived = conflict.entries.sorted { $0.position < $1.position }
            let second = arrived.count > 1 ? arrived[1] : arrived.first
            var item = inboxItem(kind, since: second.map(time) ?? lastEffective.seconds)
            item.slot = conflict.slot
            let holder = kind == .claims ? holder(conflict.slot.field)?.dot : nil
            let counted = kind == .crossing ? Set(countedSteps.map(\.dot)) : []
            let shown = kind == .values ? shown(conflict.slot)?.dot : nil
            item.sides = conflict.entries.map { entry in
                let deed: InboxSide.Deed
                let stands: Bool
                switch kind {
                case .claims: (deed, stands) = (.claim, entry.dot == holder)
                case .crossing: (deed, stands) = (.step(entry.state), counted.contains(entry.dot))
                default: (deed, stands) = (.value(entry.value), entry.dot == shown)
                }
                return InboxSide(
                    dot: entry.dot, deed: deed, stands: stands, position: entry.position, effective: entry.effective)
            }
            if conflict.isDisputed { item.raise(for: .disputed) }
            if kind == .claims, workedUnderLostClaim(conflict) { item.raise(for: .workUnderLostClaim) }
            item.asked = lastAsked(conflict)
            return item
        }
    }

    private func workedUnderLostClaim(_ conflict: Conflict) -> Bool {
        let holder = holder(conflict.slot.field)?.dot.device
        let lost = Set(conflict.entries.map(\.dot.device)).subtracting(holder.map { [$0] } ?? [])
        return entries(Schema.stateField).contains { $0.outcome == .evidence && lost.contains($0.dot.device) }
    }

    private func lastAsked(_ conflict: Conflict) -> Int64? {
        let newest = conflict.entries.map(\.position).max() ?? .start
        return remarks.last { $0.remark == .asked(conflict.slot) && $0.entry.position > newest }?
            .entry.effective.seconds
    }

    /// The edits side by side that nobody has looked at, as one item; `nil` where there are none.
    /// - Parameter ward: the ward's own devices.
    package func inboxParallel(_ changes: [InboxChange], ignoring ward: (DeviceID) -> Bool) -> InboxItem? {
        let pairs = ParallelEdits.open(changes.map(\.accepted), ignoring: ward)
        guard !pairs.isEmpty else { return nil }
        let meant = Set(pairs.flatMap { [$0.first, $0.second] })
        let edits = changes.filter { meant.contains($0.accepted.dot) }
            .sorted { $0.accepted.position < $1.accepted.position }
        let second = edits.first { change in pairs.contains { $0.second == change.accepted.dot } }
        let since = second.map { $0.serverTime ?? $0.accepted.effective.seconds } ?? lastEffective.seconds
        var item = inboxItem(.parallel, since: since)
        item.sides = edits.map { change in
            var side = InboxSide(
                dot: change.accepted.dot, deed: .edit(change.accepted.editedSlots.sorted()), stands: true,
                position: change.accepted.position, effective: change.accepted.effective)
            side.know(change)
            return side
        }
        item.history = decisions(changes) { _, remark in remark == .looked }
        return item
    }

    /// The document of a unit that was merged, while it is not finished and nobody said that it stays.
    /// - Parameter present: the code of the unit that stands today.
    package func inboxMerger(present: (String) -> String) -> InboxItem? {
        guard let field = Schema.areaField(of: kind), isUnfinished, let entry = shown(field),
            case .text(let area)? = try? CBORValue(decoding: entry.value)
        else { return nil }
        let now = present(area)
        guard now != area, !remarks.contains(where: { $0.remark == .areaStays(area) }) else { return nil }
        var item = inboxItem(.merged, since: entry.effective.seconds)
        item.slot = Slot(field: field)
        item.merger = (area, now)
        item.owner.area = now
        return item
    }

    /// Whether somebody still works on it.
    package var isUnfinished: Bool {
        switch kind {
        case .report: ReportStateNumber.isOpen(present.state)
        case .task: [1, 2, 3].contains(present.state)
        default: false
        }
    }

    /// Two open reports of one category near each other; the newer one is the item's document.
    package func inboxLikeness(of other: DocumentState, metres: Int) -> InboxItem? {
        guard kind == .report, other.kind == .report, id != other.id else { return nil }
        for (one, two) in [(self, other), (other, self)] {
            if one.remarks.contains(where: { $0.remark == .notTheSame(two.id) }) { return nil }
            if one.link(ReportField.duplicateOf).flatMap({ Digest($0.value) }) == two.id { return nil }
        }
        var item = inboxItem(.duplicates, since: max(creationTime.seconds, other.creationTime.seconds))
        item.likeness = InboxLikeness(
            document: other.id, title: other.inboxTitle, category: text(ReportField.category) ?? "", metres: metres,
            filed: creationTime.seconds, otherFiled: other.creationTime.seconds)
        return item
    }
}

extension InboxSide {
    /// Takes over what the change set itself tells.
    mutating func know(_ change: InboxChange) {
        deviceTime = change.deviceTime
        serverTime = change.serverTime
        seen = change.accepted.seen
        seenDots = change.accepted.seenDots
    }
}

extension InboxItem {
    /// Adds what the document's change sets tell: both clocks, what each side had seen, what stood before, and what was
    /// decided earlier.
    package mutating func fill(_ state: DocumentState, _ changes: [InboxChange]) {
        for place in sides.indices {
            let dot = sides[place].dot
            if let change = changes.first(where: { $0.accepted.dot == dot }) { sides[place].know(change) }
            if kind == .claims { sides[place].work = state.work(of: dot.device) }
        }
        guard let slot else { return }
        base = kind == .merged ? nil : state.base(of: slot, before: sides, changes, kind)
        let meant = slot
        history = state.decisions(changes) { of, remark in
            if case .asked(let slot)? = remark { return slot == meant }
            return remark == nil && of == meant
        }
    }
}

extension DocumentState {
    /// What a device did on a task that hangs on its claim.
    fileprivate func work(of device: DeviceID) -> Int {
        guard kind == .task else { return 0 }
        return [Schema.stateField, TaskField.visits, TaskField.notes].reduce(0) { count, field in
            count + entries(field).count { $0.dot.device == device && $0.action != .resolution }
        }
    }

    /// What stood in a slot for everybody who wrote one of the sides.
    fileprivate func base(of slot: Slot, before sides: [InboxSide], _ changes: [InboxChange], _ kind: InboxKind)
        -> Bytes?
    {
        let dots = Set(sides.map(\.dot))
        let writers = changes.map(\.accepted).filter { dots.contains($0.dot) }
        guard !writers.isEmpty else { return nil }
        let known = changes.map(\.accepted).filter { change in
            writers.allSatisfy { $0.replaces(change.dot, at: change.position) }
        }
        guard let before = DocumentState.folding(known, id: id, creation: creation) else { return nil }
        if kind == .crossing { return CBORValue.unsigned(UInt64(before.present.state)).encoded }
        return before.shown(slot)?.value
    }

    /// Every decision on the document and every remark, in the order of the log.
    package func everyDecision(_ changes: [InboxChange]) -> [(slot: Slot, decision: InboxDecision)] {
        var found: [(slot: Slot, decision: InboxDecision)] = []
        for slot in Set(changes.flatMap { $0.accepted.resolutions.map(\.slot) }).sorted() {
            found += decisions(changes) { of, _ in of == slot }.map { (slot, $0) }
        }
        return found.sorted { $0.decision.effective < $1.decision.effective }
    }

    /// What was decided earlier, in the order of the log.
    func decisions(_ changes: [InboxChange], where isMeant: (Slot, InboxRemark?) -> Bool) -> [InboxDecision] {
        changes.sorted { $0.accepted.position < $1.accepted.position }
            .flatMap { $0.accepted.decisions.filter { isMeant($0.slot, $0.decision.remark) }.map(\.decision) }
    }
}

extension AcceptedChange {
    /// What it decides, slot by slot.
    package var decisions: [(slot: Slot, decision: InboxDecision)] {
        resolutions.map { resolution in
            let isWorkflow = resolution.slot.field == Schema.stateField
            let remark = isWorkflow ? InboxRemark(resolution.value.chosen) : nil
            let isNothing = CBORReader(resolution.value.chosen).isNull()
            let decision = InboxDecision(
                dot: dot, effective: effective, chosen: remark == nil && !isNothing ? resolution.value.chosen : nil,
                remark: remark, reason: (try? CBORValue(decoding: resolution.value.reason))?.string ?? "")
            return (resolution.slot, decision)
        }
    }
}

extension ChangeSet {
    /// The change sets that its operations name.
    package var named: [Dot] {
        var dots: [Dot] = []
        for operation in operations ?? [] {
            switch operation {
            case .transition(_, _, let follows): dots.append(follows)
            case .release(_, let claim, let successor): dots += [claim] + (successor.map { [$0] } ?? [])
            case .unlink(_, let link): dots.append(link)
            default: continue
            }
        }
        return dots
    }
}

extension DocumentState {
    /// Whether a change set stands in the document, or made it.
    package func holds(_ dot: Dot) -> Bool {
        dot == creation || slots.contains { $0.entries.contains { $0.dot == dot } }
    }
}
