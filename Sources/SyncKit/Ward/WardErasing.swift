// Erasing: the values of a change set go, everywhere; header, signature and skeleton stay and still verify.

extension WardCore {
    /// Erases the values of the change set that an order names. What of them is no text and not personal, and still
    /// stands, the ward says again in its own name, so that a report stays where it is and what it is about.
    func erase(_ order: Order, by giver: DeviceID) throws(StoreError) -> OrderOutcome {
        guard let dot = order.dot, let id = order.id else { return .refused(.unsupported) }
        guard let number = try tables.knownDeviceNumber(dot.device) else { return .waits }
        guard let stored = try tables.change(device: number, sequence: dot.sequence), stored.change.id == id else {
            if try isFork(id) { return try eraseFork(dot, id, by: giver) }
            return try tables.change(device: number, sequence: dot.sequence) == nil
                ? .waits : .refused(.otherChange)
        }
        let change = stored.change
        if change.header.kind == UInt64(DocumentKind.order.rawValue) { return .refused(.order) }
        guard change.header.valuesHash != nil else { return .refused(.nothing) }
        if change.isErased, erased.contains(id) { return .done(nil) }
        let document = stored.verdict == .accepted ? documents[change.document] : nil
        let before = try document.flatMap { document throws(StoreError) in try state(of: document) }
        let bare = try bare(change)
        try tables.setBody(bare, device: number)
        recent.forget(id, keeping: bare)
        let entry = try append(.erase(dot, id: id, by: giver), document: document?.number ?? 0)
        guard let document, let before else { return .done(entry) }
        try refoldWhole(document)
        markDirty(document)
        try dropErasedAttachments(of: document)
        if document.created == logged(stored) { try forgetFirstAreas(document) }
        try noteAreas(document, after: bare)
        try sayAgain(change, in: document, as: before)
        try eraseView(of: document, after: change, by: giver)
        return .done(entry)
    }

    private func bare(_ change: ChangeSet) throws(StoreError) -> ChangeSet {
        do { return try change.erasing() } catch { throw StoreError(.damaged, "change set") }
    }

    private func eraseFork(_ dot: Dot, _ id: Digest, by giver: DeviceID) throws(StoreError) -> OrderOutcome {
        guard let change = try changeSet(dot, id: id) else { return .waits }
        guard change.header.valuesHash != nil else { return .refused(.nothing) }
        if change.isErased, erased.contains(id) { return .done(nil) }
        try database.prepare("UPDATE forks SET body=?2 WHERE id=?1").bind(1, id).bind(2, try bare(change).encoded())
            .run()
        return .done(try append(.erase(dot, id: id, by: giver), document: 0))
    }

    /// Where a document belonged at first is not in its change sets any more: moves in the log say it from here on.
    private func forgetFirstAreas(_ document: WardDocument) throws(StoreError) {
        guard Schema.areaField(of: document.kind) != nil, !document.areas.isEmpty else { return }
        document.forgetFirstAreas(areaSets)
        documentsByNumber.notePlace(of: document)
        try database.prepare("UPDATE document_areas SET areas='' WHERE document=?1 AND position=?2")
            .bind(1, document.number).bind(2, Int64(document.areas[0].position)).run()
    }

    /// Says again what was erased, stood alone, and is a code, a number, a time or an area.
    private func sayAgain(_ change: ChangeSet, in document: WardDocument, as before: DocumentState) throws(StoreError) {
        var draft = ChangeSetDraft(kind: document.kind, document: document.id)
        var nextValue = 0
        for operation in change.operations ?? [] where operation.takesValue {
            let value = change.values?.value(nextValue) ?? []
            nextValue += 1
            guard let spec = Schema.field(document.kind, operation.slot.field), !spec.isSalted,
                let kept = try? CBORValue(decoding: value)
            else { continue }
            let standing = before.entries(operation.slot)
            switch operation {
            case .set(let slot) where standing.count == 1 && standing[0].dot == change.dot && kept != .null:
                draft.perform(.set(slot), kept)
            case .add(let slot) where standing.contains(where: { $0.dot == change.dot && $0.value == value }):
                draft.perform(.add(slot), kept)
            default: continue
            }
        }
        if !draft.operations.isEmpty { _ = try authorOne(draft, isDecided: true) }
    }

    /// The ward's own views say what stood in the values too: they are erased with them, and made anew by reaction.
    private func eraseView(of report: WardDocument, after change: ChangeSet, by giver: DeviceID) throws(StoreError) {
        _ = try reactedPosition()
        guard report.kind == .report, let view = reactions.views[report.id]?[.publication],
            let document = documents[view],
            change.operations?.contains(where: {
                $0.slot.field == ReportField.publicTitle || $0.slot.field == ReportField.publicText
            }) ?? false
        else { return }
        for stored in try acceptedChanges(of: document, upTo: tree.size) where !stored.change.isErased {
            let order = Order(.erase, stored.change.dot, id: stored.change.id, reason: "publication")
            _ = try erase(order, by: giver)
        }
    }
}
