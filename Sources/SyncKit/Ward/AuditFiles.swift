// The files of an audited store, and its edits side by side: what documents say of them, against the tables.

extension WardAudit {
    // MARK: Which files documents name

    /// Compares the rows of a document with what its state names.
    /// - Returns: how many there have to be.
    func compareFiles(_ document: Folded) throws(StoreError) -> Int {
        guard Schema.attachmentsField(of: document.kind) != nil, document.isWhole, let state = document.state else {
            return 0
        }
        let expected = try AttachmentRow.rows(of: state, document.number) { numbers[$0] ?? 0 }
        count(.files, expected.count)
        var found: [Digest: AttachmentRow] = [:]
        for row in try tables.attachments(document: document.number) { found[row.content.root] = row }
        for row in expected {
            guard let stored = found.removeValue(forKey: row.content.root) else {
                note(.files, .missing, Self.place(document.id))
                continue
            }
            var row = row
            row.isHeld = try held(row.content.root)?.isWhole ?? false
            if stored != row { note(.files, .differs, Self.place(document.id)) }
        }
        if !found.isEmpty { note(.files, .extra, Self.place(document.id)) }
        return expected.count
    }

    /// What the store says to hold of a content; `nil` where it says nothing that can be read.
    private func held(_ root: Digest) throws(StoreError) -> ContentTables.Held? {
        do throws(StoreError) { return try ContentTables(database).held(root) } catch {
            guard error.code == .damaged else { throw error }
            return nil
        }
    }

    // MARK: The content of files

    /// Reads every content that the store says to hold, and hashes it.
    func checkContents() throws(StoreError) {
        let contents = ContentTables(database)
        let statement = try database.prepare("SELECT number,root,missing FROM contents ORDER BY number")
        defer { statement.reset() }
        while try statement.step() {
            count(.contents)
            guard let root = statement.digest(1), let held = try held(root) else {
                note(.contents, .unreadable, "content \(statement.integer(0))")
                continue
            }
            let place = "content " + String(root.hex.prefix(16))
            if statement.integer(2) != Int64(held.leaves.count - held.leaves.size) { note(.contents, .differs, place) }
            if try !contents.isSound(held) { note(.contents, .hash, place) }
        }
        let lost = """
            SELECT count(*) FROM content_pieces p
            WHERE NOT EXISTS (SELECT 1 FROM contents c WHERE c.number=p.id/\(ContentTables.piecesOfOne))
            """
        if try database.integer(lost) ?? 0 > 0 { note(.contents, .extra, "table content_pieces") }
    }

    // MARK: Edits side by side

    /// What somebody should look at has to be listed. More may be: what is listed is looked at before it is shown.
    func compareParallels(_ document: Folded) throws(StoreError) {
        guard document.kind == .report || document.kind == .task, document.isWhole, let state = document.state,
            document.changes.count > 1
        else { return }
        let changes = document.changes.map { InboxChange($0.accepted, deviceTime: $0.accepted.effective) }
        guard state.inboxParallel(changes, ignoring: wardDevices.contains) != nil else { return }
        count(.parallels)
        let statement = try database.prepared("SELECT 1 FROM parallels WHERE document=?1").bind(1, document.number)
        defer { statement.reset() }
        if try !statement.step() { note(.parallels, .missing, Self.place(document.id)) }
    }

    func checkParallels() throws(StoreError) {
        let strangers = "SELECT count(*) FROM parallels WHERE document NOT IN (SELECT number FROM documents)"
        if try database.integer(strangers) ?? 0 > 0 { note(.parallels, .extra, "table parallels") }
    }
}
