// Own files of documents that left the device: they stay until the ward holds them, and are sent like any other.

extension Replica {
    /// Own files, made on this device, that somebody else added to the same document before: the document's row names
    /// the other one, who may have lost it.
    func filesBesideOthers() throws(StoreError) -> [AttachmentRow] {
        var numbers: [String] = []
        for device in try ownDevices() {
            if let number = try tables.knownDeviceNumber(device) { numbers.append(String(number)) }
        }
        let own = numbers.joined(separator: ",")
        return try tables.attachments(
            where: """
                received=0 AND held=1 AND device NOT IN (\(own)) AND EXISTS (SELECT 1 FROM contents c
                WHERE c.root=attachments.root AND c.fetched=0 AND c.missing=0) AND EXISTS (SELECT 1
                FROM document_changes x JOIN changes c ON c.device=x.device AND c.sequence=x.sequence
                WHERE x.document=attachments.document AND x.device IN (\(own)) AND c.verdict<2)
                """, limit: .max
        ) { _ in }
    }

    /// Forgets the files of a document that left, but not what was attached here and is not at the ward yet.
    func dropAttachments(of number: Int64) throws(StoreError) {
        for row in try tables.attachments(document: number) where try !isUnsent(row) { try drop(row) }
    }

    /// Whether a file was attached on this device, perhaps after somebody else had attached it to the same document, is
    /// here wholly, and nobody said that the ward holds it.
    private func isUnsent(_ row: AttachmentRow) throws(StoreError) -> Bool {
        guard row.isHeld, !row.isReceived else { return false }
        return try isMadeHere(row.content.root)
    }

    private func drop(_ row: AttachmentRow) throws(StoreError) {
        try database.prepare("DELETE FROM attachments WHERE document=?1 AND root=?2").bind(1, row.document)
            .bind(2, row.content.root).run()
        try tables.dropUnnamed([row])
    }

    /// Names again, for a rebuild, the files that a document which left still has here: what own change sets added, and
    /// what was not dropped with it.
    func keepUnsent(of number: Int64) throws(StoreError) {
        let own = try ownDevices()
        for stored in try tables.changes(document: number) where own.contains(stored.change.header.device) {
            for attachment in stored.change.addedAttachments {
                for row in try AttachmentRow.rows(of: attachment, in: stored, number, tables)
                where try isMadeHere(row.content.root) {
                    try tables.insert(row)
                }
            }
        }
    }

    /// Forgets the files of documents that left as soon as the ward has them: it names what it lacks, and nobody tells
    /// this device of such a document any more.
    /// - Parameter needs: all that the ward lacks of this person's files.
    func dropReceived(_ needs: [ContentNeed]) throws(StoreError) {
        // More may be lacking than was named; and to a key that was given up nothing is named.
        guard needs.count < ContentNeed.maxCount, try tables.number(Key.succeeded) ?? 0 == 0 else { return }
        let named = Set(needs.map(\.root))
        let rows = try tables.attachments(
            where: """
                received=0 AND held=1 AND EXISTS (SELECT 1 FROM documents d WHERE d.number=attachments.document
                AND d.hidden=2) AND EXISTS (SELECT 1 FROM changes c WHERE c.device=attachments.device
                AND c.sequence=attachments.sequence AND c.verdict=1)
                """
        ) { _ in }
        for row in rows where !named.contains(row.content.root) { try drop(row) }
    }
}
