// Missing attachments in the inbox: what the ward lacks of the files that documents name, of whose device, since when.

extension WardCore {
    /// The most files that are listed, the longest wait first; the ledger of completeness has all of them.
    private static let mostFiles = 2_000

    func addFiles(to items: inout [InboxItem], _ filter: InboxFilter, _ now: Int64) throws(StoreError) {
        guard filter.mayHold(.attachment) else { return }
        let statement = try database.prepare(
            """
            SELECT document,file,min(device),min(since) FROM attachments WHERE held=0 AND since<=?1
            GROUP BY document,file ORDER BY min(since),document,file LIMIT ?2
            """
        ).bind(1, now - InboxRule.fileSeconds).bind(2, Int64(Self.mostFiles))
        var rows: [(document: Int64, file: Digest, device: Int64, since: Int64)] = []
        while try statement.step() {
            inbox.rowsRead += 1
            guard let file = statement.digest(1) else { continue }
            rows.append((statement.integer(0), file, statement.integer(2), statement.integer(3)))
        }
        statement.reset()
        for row in rows {
            guard let document = documentsByNumber[row.document], let state = try peek(document) else { continue }
            let attachment = state.attachments.first { $0.attachment.content.root == row.file }?.attachment
            guard let attachment, let file = try missingFile(attachment.content) else { continue }
            items.append(
                state.inboxItem(file, of: try tables.device(row.device), since: row.since, now: now))
        }
    }

    /// What is lacking of a file; `nil` where it is its thumbnail alone.
    private func missingFile(_ content: ContentName) throws(StoreError) -> InboxFile? {
        let count = ContentTree.leafCount(content.length)
        guard let held = try contents.held(content.root) else {
            return InboxFile(root: content.root, length: content.length, missing: count, runs: [0..<count])
        }
        if held.isWhole { return nil }
        return InboxFile(
            root: content.root, length: content.length, missing: count - held.leaves.size,
            runs: held.leaves.missing(most: ContentNeed.maxRuns))
    }
}
