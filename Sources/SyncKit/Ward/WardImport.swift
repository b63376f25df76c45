// Taking over reference documents and dossiers from outside, again and again: only what differs becomes a change.

/// One document of an import, named by its code.
package struct ImportItem: Sendable {
    package var kind: DocumentKind
    /// What the document is found by: the value of its kind's code field.
    package var code: String
    /// What the source says of it. A `null` clears what stands there.
    package var values: [(slot: Slot, value: CBORValue)]
    /// Keyed fields of which `values` holds every part: what stands under other keys is cleared.
    package var wholeFields: [UInt8]

    package init(
        kind: DocumentKind, code: String, values: [(slot: Slot, value: CBORValue)], wholeFields: [UInt8] = []
    ) {
        self.kind = kind
        self.code = code
        self.values = values
        self.wholeFields = wholeFields
    }
}

/// What became of one item of an import. The raw value is its number between programs.
package enum ImportOutcome: UInt8, Sendable {
    case new = 1
    case changed = 2
    case unchanged = 3
    /// The ward's own rules did not let it in.
    case refused = 4
}

extension WardCore {
    /// The most payload of one change set of an import; what does not fit goes into the next.
    private static let importPayload = 56 * 1024
    private static let importOperations = 200

    /// Takes over items of one kind in one transaction; an item that the ward's rules refuse does not hold up others.
    package func importItems(_ items: [ImportItem]) throws(StoreError) -> [ImportOutcome] {
        do { return try importTogether(items) } catch  where error.code == .misuse {
            var outcomes: [ImportOutcome] = []
            for item in items {
                do { outcomes += try importTogether([item]) } catch  where error.code == .misuse {
                    outcomes.append(.refused)
                }
            }
            return outcomes
        }
    }

    private func importTogether(_ items: [ImportItem]) throws(StoreError) -> [ImportOutcome] {
        var known: [DocumentKind: [String: Digest]] = [:]
        for kind in Set(items.map(\.kind)) { known[kind] = try codes(of: kind) }
        return try guarded { () throws(StoreError) in
            var outcomes: [ImportOutcome] = []
            for item in items {
                let id = known[item.kind]?[item.code]
                let drafts = try self.drafts(for: item, document: id)
                if drafts.isEmpty {
                    outcomes.append(.unchanged)
                    continue
                }
                var created = id
                for var draft in drafts {
                    draft.document = created
                    created = try authorOne(draft)
                }
                known[item.kind]?[item.code] = created
                outcomes.append(id == nil ? .new : .changed)
            }
            return outcomes
        }
    }

    /// The documents of a kind by the value of their code field; of several with one code the oldest.
    private func codes(of kind: DocumentKind) throws(StoreError) -> [String: Digest] {
        let field = kind == .area ? AreaField.code : ProcedureField.code
        var codes: [String: Digest] = [:]
        for document in documents.values.filter({ $0.kind == kind }).sorted(by: { $0.number > $1.number }) {
            if let code = try state(of: document)?.text(field) { codes[code] = document.id }
        }
        return codes
    }

    /// The change sets that bring a document to what an item says; none where it says so already.
    private func drafts(for item: ImportItem, document: Digest?) throws(StoreError) -> [ChangeSetDraft] {
        let state = try document.flatMap { documents[$0] }.map { found throws(StoreError) in try self.state(of: found) }
        var wanted = item.values
        if let state = state ?? nil {
            let said = Set(item.values.map(\.slot))
            for slot in state.slots.map(\.slot) where item.wholeFields.contains(slot.field) && !said.contains(slot) {
                wanted.append((slot, .null))
            }
        }
        var drafts: [ChangeSetDraft] = []
        var draft = ChangeSetDraft(kind: item.kind)
        var payload = 0
        for (slot, value) in wanted {
            let bytes = value.encoded
            let present = (state ?? nil)?.shown(slot)?.value
            if present == bytes || (present == nil && value == .null) { continue }
            if payload + bytes.count > Self.importPayload || draft.operations.count == Self.importOperations {
                drafts.append(draft)
                draft = ChangeSetDraft(kind: item.kind)
                payload = 0
            }
            draft.perform(.set(slot), value)
            payload += bytes.count + 16
        }
        if !draft.operations.isEmpty { drafts.append(draft) }
        return drafts
    }

    /// Takes over dossiers in one transaction.
    package func importDossiers(_ dossiers: [Dossier]) throws(StoreError) -> [ImportOutcome] {
        try database.transaction { () throws(StoreError) in
            var outcomes: [ImportOutcome] = []
            for dossier in dossiers {
                let statement = try database.prepare("SELECT 1 FROM dossiers WHERE code=?1")
                    .bind(1, Dossier.normalized(dossier.code))
                let isKnown = try statement.step()
                statement.reset()
                let isChanged = try importDossier(dossier)
                outcomes.append(!isKnown ? .new : isChanged ? .changed : .unchanged)
            }
            return outcomes
        }
    }
}
