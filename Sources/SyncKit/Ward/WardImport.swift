// Taking over reference documents and dossiers from outside, again and again: only what differs becomes a change.

/// One document of an import, named by what it is found by.
package struct ImportItem: Sendable {
    package var kind: DocumentKind
    /// What the document is found by: the value of its kind's code field; for places `placeKey`.
    package var code: String
    /// What the source says of it. A `null` clears what stands there.
    package var values: [(slot: Slot, value: CBORValue)]
    /// Keyed fields of which `values` holds every part: what stands under other keys is cleared.
    package var wholeFields: [UInt8]
    /// Set fields with all of their elements: others are removed.
    package var sets: [(field: UInt8, elements: [CBORValue])]

    package init(
        kind: DocumentKind, code: String, values: [(slot: Slot, value: CBORValue)], wholeFields: [UInt8] = [],
        sets: [(field: UInt8, elements: [CBORValue])] = []
    ) {
        self.kind = kind
        self.code = code
        self.values = values
        self.wholeFields = wholeFields
        self.sets = sets
    }

    /// What a place is found by: places have no code, and an office that moved keeps its name.
    /// - Parameter address: nil where no other place of the source has this name.
    package static func placeKey(name: String, address: String?) -> String {
        SearchFold.fold(name) + (address.map { "\u{1F}" + SearchFold.fold($0) } ?? "")
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

    /// Takes over items in one transaction; an item that the ward's rules refuse does not hold up others.
    /// - Parameter isTrial: only says what would come of it.
    package func importItems(_ items: [ImportItem], isTrial: Bool = false) throws(StoreError) -> [ImportOutcome] {
        if isTrial { return try importTogether(items, isTrial: true) }
        do {
            return try guarded { () throws(StoreError) in try importTogether(items, isTrial: false) }
        } catch  where error.code == .misuse {
            var outcomes: [ImportOutcome] = []
            for item in items {
                do {
                    outcomes += try guarded { () throws(StoreError) in try importTogether([item], isTrial: false) }
                } catch  where error.code == .misuse { outcomes.append(.refused) }
            }
            return outcomes
        }
    }

    private func importTogether(_ items: [ImportItem], isTrial: Bool) throws(StoreError) -> [ImportOutcome] {
        var known: [DocumentKind: [String: Digest]] = [:]
        for kind in Set(items.map(\.kind)) { known[kind] = try keys(of: kind) }
        var outcomes: [ImportOutcome] = []
        for item in items {
            let id = known[item.kind]?[item.code]
            let drafts = try self.drafts(for: item, document: id)
            outcomes.append(drafts.isEmpty ? .unchanged : id == nil ? .new : .changed)
            if drafts.isEmpty || isTrial { continue }
            var created = id
            for var draft in drafts {
                draft.document = created
                created = try authorOne(draft)
            }
            known[item.kind]?[item.code] = created
        }
        return outcomes
    }

    /// The documents of a kind by what an import finds them by; of several with one code the oldest.
    private func keys(of kind: DocumentKind) throws(StoreError) -> [String: Digest] {
        var keys: [String: Digest] = [:]
        var placeNames: [String: Int] = [:]
        for document in (wardWide[kind] ?? []).sorted(by: { $0.number > $1.number }) {
            guard let state = try state(of: document) else { continue }
            guard kind == .place else {
                if let code = state.text(kind == .area ? AreaField.code : ProcedureField.code) {
                    keys[code] = document.id
                }
                continue
            }
            guard let name = state.text(PlaceField.name) else { continue }
            let short = ImportItem.placeKey(name: name, address: nil)
            placeNames[short, default: 0] += 1
            keys[ImportItem.placeKey(name: name, address: state.text(PlaceField.address) ?? "")] = document.id
            keys[short] = document.id
        }
        // A name that several places have does not tell which of them is meant.
        for (name, count) in placeNames where count > 1 { keys[name] = nil }
        return keys
    }

    /// The change sets that bring a document to what an item says; none where it says so already.
    private func drafts(for item: ImportItem, document: Digest?) throws(StoreError) -> [ChangeSetDraft] {
        var state: DocumentState?
        if let document = document.flatMap({ documents[$0] }) { state = try self.state(of: document) }
        var drafts: [ChangeSetDraft] = []
        var draft = ChangeSetDraft(kind: item.kind)
        var payload = 0
        for (operation, value) in Self.operations(for: item, on: state) {
            let bytes = value.encoded.count
            if payload + bytes > Self.importPayload || draft.operations.count == Self.importOperations {
                drafts.append(draft)
                draft = ChangeSetDraft(kind: item.kind)
                payload = 0
            }
            draft.perform(operation, value)
            payload += bytes + 16
        }
        if !draft.operations.isEmpty { drafts.append(draft) }
        return drafts
    }

    private static func operations(
        for item: ImportItem, on state: DocumentState?
    ) -> [(operation: Operation, value: CBORValue)] {
        var wanted = item.values
        if let state {
            let said = Set(item.values.map(\.slot))
            for slot in state.slots.map(\.slot) where item.wholeFields.contains(slot.field) && !said.contains(slot) {
                wanted.append((slot, .null))
            }
        }
        var operations: [(operation: Operation, value: CBORValue)] = []
        for (slot, value) in wanted {
            let present = state?.shown(slot)?.value
            if present == value.encoded || (present == nil && value == .null) { continue }
            operations.append((.set(slot), value))
        }
        for (field, elements) in item.sets {
            let slot = Slot(field: field)
            let present = Set(state?.entries(slot).map(\.value) ?? [])
            let encoded = elements.map(\.encoded)
            for (element, bytes) in zip(elements, encoded) where !present.contains(bytes) {
                operations.append((.add(slot), element))
            }
            for bytes in present.subtracting(encoded).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                if let value = try? CBORValue(decoding: bytes) { operations.append((.remove(slot), value)) }
            }
        }
        return operations
    }

    /// Takes over dossiers in one transaction.
    /// - Parameter isTrial: only says what would come of it.
    package func importDossiers(_ dossiers: [Dossier], isTrial: Bool = false) throws(StoreError) -> [ImportOutcome] {
        try database.transaction { () throws(StoreError) in
            var outcomes: [ImportOutcome] = []
            for dossier in dossiers { outcomes.append(try importDossier(dossier, isTrial: isTrial)) }
            return outcomes
        }
    }

    /// The codes and names of the areas that the ward knows.
    package func knownAreas() throws(StoreError) -> [(code: String, name: String)] {
        var areas: [(code: String, name: String)] = []
        for (code, id) in try keys(of: .area) {
            guard let document = documents[id], let state = try state(of: document) else { continue }
            areas.append((code, state.text(AreaField.name) ?? ""))
        }
        return areas.sorted { $0.code < $1.code }
    }
}
