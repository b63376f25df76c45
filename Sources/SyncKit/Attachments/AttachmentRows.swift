// Which contents the documents of a store name: a table that is derived from their states.

/// What a document names of one content: a file of its own, or a file's thumbnail.
package struct AttachmentRow: Hashable, Sendable {
    /// Which of the contents of a file; the smaller ones travel first.
    package enum Part: Int64, Sendable {
        case thumbnail = 0
        case file = 1
    }

    package var document: Int64
    package var content: ContentName
    package var part: Part
    /// The root of the file that it belongs to; its own for a file.
    package var file: Digest
    package var media: UInt8
    /// Who added it, and with which change set.
    package var device: Int64
    package var sequence: UInt64
    /// When it was added, in seconds.
    package var since: Int64
    /// Whether the ward said, in the document, that it holds the file wholly.
    package var isReceived: Bool
    /// Whether this store holds the content wholly.
    package var isHeld: Bool

    /// What a state names, each content once; nothing is said of what the store holds.
    /// - Parameter numbered: the number of a device in this store.
    static func rows(
        of state: DocumentState, _ number: Int64, numbered: (DeviceID) throws(StoreError) -> Int64
    ) throws(StoreError) -> [AttachmentRow] {
        let received = state.receivedContents
        // What the ward itself attached needs no word of the ward.
        let isOwn = Schema.receivedField(of: state.kind) == nil
        var rows: [AttachmentRow] = []
        var named: Set<Digest> = []
        for (attachment, entry) in state.attachments {
            let device = try numbered(entry.dot.device)
            for (content, part) in attachment.contents where named.insert(content.root).inserted {
                rows.append(
                    AttachmentRow(
                        document: number, content: content, part: part, file: attachment.content.root,
                        media: attachment.media, device: device, sequence: entry.dot.sequence,
                        since: entry.effective.seconds,
                        isReceived: isOwn || received.contains(attachment.content.root), isHeld: false))
            }
        }
        return rows
    }

    /// What one change set names with a file that it adds.
    static func rows(of attachment: Attachment, in stored: LogTables.Stored, _ number: Int64, _ tables: LogTables)
        throws(StoreError) -> [AttachmentRow]
    {
        let header = stored.change.header
        let device = try tables.deviceNumber(header.device)
        let since = stored.verdict == .accepted ? stored.effective : header.authorTime
        return attachment.contents.map { content, part in
            AttachmentRow(
                document: number, content: content, part: part, file: attachment.content.root,
                media: attachment.media, device: device, sequence: header.sequence,
                since: since.seconds, isReceived: false, isHeld: false)
        }
    }
}

extension Attachment {
    /// The file and its thumbnail.
    fileprivate var contents: [(content: ContentName, part: AttachmentRow.Part)] {
        [(content, .file)] + (thumbnail.map { [($0, .thumbnail)] } ?? [])
    }
}

extension LogTables {
    /// Writes what a document names to the table, anew. Most documents name nothing, and never did.
    ///
    /// What is not published any more goes with that: it may have been kept for the publication alone.
    func writeAttachments(_ number: Int64, _ state: DocumentState?) throws(StoreError) {
        if let state, Schema.attachmentsField(of: state.kind) == nil { return }
        let published = state?.kind == .publication ? try attachments(document: number) : []
        try replaceAttachments(number, state)
        try dropUnnamed(published)
    }

    /// Forgets the content of those of some files that no document names any more.
    func dropUnnamed(_ rows: [AttachmentRow]) throws(StoreError) {
        for row in rows where try attachments(root: row.content.root).isEmpty {
            try ContentTables(database).drop(row.content.root)
        }
    }

    private func replaceAttachments(_ number: Int64, _ state: DocumentState?) throws(StoreError) {
        let files = state?.attachments ?? []
        if !files.isEmpty || hadAttachments(number) {
            try database.prepare("DELETE FROM attachments WHERE document=?1").bind(1, number).run()
        }
        guard let state, !files.isEmpty else { return }
        let rows = try AttachmentRow.rows(of: state, number) { device throws(StoreError) in try deviceNumber(device) }
        for row in rows { try insert(row) }
    }

    private func hadAttachments(_ number: Int64) -> Bool {
        let statement = try? database.prepared("SELECT 1 FROM attachments WHERE document=?1 LIMIT 1").bind(1, number)
        defer { statement?.reset() }
        return (try? statement?.step()) ?? false
    }

    func insert(_ row: AttachmentRow) throws(StoreError) {
        let statement = try database.prepare(
            """
            INSERT OR IGNORE INTO attachments(document,root,length,part,file,media,device,sequence,since,received,held)
            VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,EXISTS(SELECT 1 FROM contents WHERE root=?2 AND missing=0))
            """)
        statement.bind(1, row.document).bind(2, row.content.root).bind(3, Int64(row.content.length))
            .bind(4, row.part.rawValue)
        statement.bind(5, row.file).bind(6, Int64(row.media)).bind(7, row.device).bind(8, Int64(clamping: row.sequence))
        statement.bind(9, row.since).bind(10, row.isReceived ? 1 : 0)
        try statement.run()
    }

    /// Notes that this store holds a content wholly, or not any more.
    package func noteHeld(_ root: Digest, _ isHeld: Bool = true) throws(StoreError) {
        try database.prepare("UPDATE attachments SET held=?2 WHERE root=?1").bind(1, root).bind(2, isHeld ? 1 : 0)
            .run()
    }

    /// The rows that a condition is true of, in the order of the wire: thumbnails before files, older ones first.
    /// - Parameter oldestFirst: of each content the oldest row alone, in the order of their age.
    func attachments(
        where condition: String, oldestFirst: Bool = false, limit: Int = 10_000, _ bind: (Statement) -> Void
    ) throws(StoreError) -> [AttachmentRow] {
        // Beside min() SQLite takes the other columns from the row that has it.
        let (since, order) =
            oldestFirst
            ? ("min(since) AS since", "GROUP BY root ORDER BY since,root")
            : ("since", "ORDER BY part,since,document,root")
        let statement = try database.prepare(
            """
            SELECT document,root,length,part,file,media,device,sequence,\(since),received,held FROM attachments
            WHERE \(condition) \(order) LIMIT \(limit)
            """)
        bind(statement)
        defer { statement.reset() }
        var rows: [AttachmentRow] = []
        while try statement.step() {
            guard let root = statement.digest(1), let file = statement.digest(4) else { continue }
            rows.append(
                AttachmentRow(
                    document: statement.integer(0),
                    content: ContentName(root: root, length: Int(statement.integer(2))),
                    part: AttachmentRow.Part(rawValue: statement.integer(3)) ?? .file, file: file,
                    media: UInt8(truncatingIfNeeded: statement.integer(5)), device: statement.integer(6),
                    sequence: UInt64(bitPattern: statement.integer(7)), since: statement.integer(8),
                    isReceived: statement.integer(9) != 0, isHeld: statement.integer(10) != 0))
        }
        return rows
    }

    /// The rows of a document.
    package func attachments(document: Int64) throws(StoreError) -> [AttachmentRow] {
        try attachments(where: "document=?1") { $0.bind(1, document) }
    }

    /// The rows that name a content.
    package func attachments(root: Digest) throws(StoreError) -> [AttachmentRow] {
        try attachments(where: "root=?1", limit: 100) { $0.bind(1, root) }
    }
}
