// The ward's side of files: what documents name, which parts are taken, what is still lacking.

extension WardCore {
    /// The contents of files in the ward's store.
    package var contents: ContentTables { ContentTables(database) }

    // MARK: What documents name

    /// Notes which files a document names, after a change set was merged that says something of them.
    /// - Parameter change: `nil` where any of its change sets may have.
    func noteAttachments(of document: WardDocument, after change: ChangeSet? = nil) throws(StoreError) {
        guard let field = Schema.attachmentsField(of: document.kind) else { return }
        // When the ward is opened the rows are there, unless everything that is derived is made anew.
        if isLoading, flushedSize > 0 { return }
        let received = Schema.receivedField(of: document.kind)
        if let change, let operations = change.operations,
            !operations.contains(where: { $0.slot.field == field || $0.slot.field == received })
        {
            return
        }
        try tables.writeAttachments(document.number, document.state)
        mayHaveReceived = true
    }

    /// Whether a change set only says which files the ward holds.
    func saysReceived(_ change: ChangeSet) -> Bool {
        guard let kind = DocumentKind(rawValue: UInt8(truncatingIfNeeded: change.header.kind)),
            let field = Schema.receivedField(of: kind), let operations = change.operations
        else { return false }
        return operations.allSatisfy { $0.slot.field == field }
    }

    /// Notes which files a document names after something of it was erased, and forgets the content of those that
    /// nothing names any more.
    func dropErasedAttachments(of document: WardDocument) throws(StoreError) {
        let before = try tables.attachments(document: document.number)
        try noteAttachments(of: document)
        try tables.dropUnnamed(before)
    }

    // MARK: Taking parts

    /// Takes a part of a file that an accepted change set names. When it returned, the part is durable.
    /// - Returns: what became of it; `nil` where nothing names the file, or the ward does not take it now.
    func take(_ part: ContentPart, from device: DeviceID) throws(StoreError) -> ContentTables.Taken? {
        let rows = try tables.attachments(root: part.root)
        let lacking = rows.filter { !$0.isHeld }
        if lacking.isEmpty { return rows.isEmpty ? nil : .known }
        let takeable = try rowsTaken(lacking, from: device)
        if takeable.isEmpty { return nil }
        let taken: ContentTables.Taken
        do {
            taken = try database.transaction { () throws(StoreError) in
                let taken = try contents.take(part, ofOneOf: takeable.map(\.content))
                if taken == .completed { try tables.noteHeld(part.root) }
                return taken
            }
        } catch {
            if error.code == .full { lacksRoom = true }
            throw error
        }
        if taken == .completed { mayHaveReceived = true }
        return taken
    }

    // MARK: Saying what is held

    /// How many files one change set says to be here: however many somebody names, it is one that can be written.
    private static let mostSaidReceived = 128

    /// Says in each document whose files came in wholly that they did: then everybody who holds the document knows.
    func sayReceived() throws(StoreError) {
        guard mayHaveReceived else { return }
        guard let grant = grants[keys.deviceID]?.last, grant.revokedAfter == nil else { return }
        let statement = try database.prepare(
            """
            SELECT DISTINCT a.document FROM attachments a WHERE a.received=0 AND a.held=1 AND a.part=1 AND NOT EXISTS
            (SELECT 1 FROM attachments b WHERE b.document=a.document AND b.file=a.file AND b.held=0) LIMIT 500
            """)
        var numbers: [Int64] = []
        while try statement.step() { numbers.append(statement.integer(0)) }
        if numbers.isEmpty {
            mayHaveReceived = false
            return
        }
        for number in numbers {
            guard let document = documentsByNumber[number], let field = Schema.receivedField(of: document.kind) else {
                continue
            }
            let rows = try tables.attachments(document: number)
            let lacking = Set(rows.filter { !$0.isHeld }.map(\.file))
            let whole = rows.filter { $0.part == .file && !$0.isReceived && !lacking.contains($0.file) }.map(\.file)
            for first in stride(from: 0, to: whole.count, by: Self.mostSaidReceived) {
                var draft = ChangeSetDraft(kind: document.kind, document: document.id)
                for file in whole[first...].prefix(Self.mostSaidReceived) {
                    draft.perform(.add(Slot(field: field)), .bytes(file.bytes))
                }
                let said = draft
                try guarded { () throws(StoreError) in _ = try self.authorOne(said) }
            }
        }
        if numbers.count < 500 { mayHaveReceived = false }
    }

    // MARK: Handing out

    /// The content of a file that a device may read now, or a range of it; `nil` where it may not, or the ward does not
    /// hold it.
    func content(_ root: Digest, _ range: Range<Int>? = nil, for device: DeviceID) throws(StoreError) -> Bytes? {
        let rows = try tables.attachments(root: root)
        guard rows.contains(where: \.isHeld) else { return nil }
        let scope = scope(of: device, at: tree.size)
        let isReadable = rows.contains { row in documentsByNumber[row.document].map(scope.contains) ?? false }
        guard isReadable, let held = try contents.held(root), held.isWhole else { return nil }
        return try contents.bytes(held, range ?? 0..<held.content.length)
    }
}
