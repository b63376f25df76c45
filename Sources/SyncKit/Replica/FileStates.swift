// Where each file of a document is: here, on its way, at the ward.

/// A file of a document, as this device knows of it.
package struct FileState: Sendable {
    /// Where a file is on its way to the ward.
    package enum Standing: Sendable, Equatable {
        /// The ward says, in the document, that it holds all of it.
        case received
        /// On this device, and nothing of it is known to be at the ward.
        case waiting
        /// So many hundredths of it are known to be at the ward.
        case sending(percent: Int)
        /// All of it was sent, or the ward does not take it yet; the ward did not say that it holds it.
        case unconfirmed
        /// The change set that added it does not count.
        case notAccepted(RefusalCode?)
        /// On somebody else's device; the ward does not hold all of it.
        case elsewhere
    }

    package let attachment: Attachment
    /// What added it.
    package let entry: Entry
    package let standing: Standing
    /// Whether all of it is on this device; and how many hundredths.
    package let isHere: Bool
    package let percentHere: Int
    /// Asked for, and not here yet.
    package let isWanted: Bool
    /// Whether this device may read it: false for a private file whose key it has not.
    package let opens: Bool
}

extension LocalDocuments {
    /// The files of a document, in the order in which they were added.
    package func files(of view: DocumentView) throws(ReplicaError) -> [FileState] {
        let files = view.state.attachments
        if files.isEmpty { return [] }
        let received = view.state.receivedContents
        // What the ward itself attached needs no word of the ward.
        let isOwn = Schema.receivedField(of: view.state.kind) == nil
        var closed: Set<Digest> = []
        for (attachment, _) in files where attachment.isSealed {
            if try fileKey(of: attachment, in: view.state) == nil { closed.insert(attachment.content.root) }
        }
        return try inStore { () throws(StoreError) in
            var states: [FileState] = []
            for (attachment, entry) in files {
                let root = attachment.content.root
                let held = try ContentTables(database).held(root)
                let stored = view.history.first { $0.change.dot == entry.dot }
                let count = ContentTree.leafCount(attachment.content.length)
                let standing: FileState.Standing
                if isOwn || received.contains(root) {
                    standing = .received
                } else if let stored, stored.verdict == .held || stored.verdict == .refused {
                    standing = .notAccepted(stored.code)
                } else {
                    standing = try isMadeHere(root) ? onItsWay(root, count: count) : .elsewhere
                }
                let (isHere, share) = (held?.isWhole ?? false, (held?.leaves.size ?? 0) * 100 / max(1, count))
                var isAskedFor = false
                if !isHere { isAskedFor = try isWanted(root) }
                states.append(
                    FileState(
                        attachment: attachment, entry: entry, standing: standing, isHere: isHere, percentHere: share,
                        isWanted: isAskedFor, opens: !closed.contains(root)))
            }
            return states
        }
    }

    /// The same, each under the number that stands for it in the document.
    package func numberedFiles(of view: DocumentView) throws(ReplicaError) -> [(number: Int, file: FileState)] {
        try files(of: view).enumerated().map { (number: $0.offset + 1, file: $0.element) }
    }

    /// The key of a private file, where this device wrote it or the ward disclosed it; `nil` where it has none.
    package func fileKey(of attachment: Attachment, in state: DocumentState) throws(ReplicaError) -> FileKey? {
        let root = attachment.content.root
        guard attachment.isSealed, let slot = FileKey.slot(of: root, in: state.kind) else { return nil }
        for entry in state.entries(slot).reversed() {
            guard let text = try disclosed(entry, slot), let key = FileKey(parsing: text), key.root == root else {
                continue
            }
            return key
        }
        return nil
    }

    /// How many own files the ward does not say to hold, and their bytes.
    package func unreceivedFiles() throws(ReplicaError) -> (count: Int, bytes: Int) {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                """
                SELECT count(*),coalesce(sum(a.length),0) FROM attachments a JOIN contents c ON c.root=a.root
                WHERE a.received=0 AND a.held=1 AND a.part=1 AND EXISTS (SELECT 1 FROM changes s
                WHERE s.device=a.device AND s.sequence=a.sequence AND s.verdict<2)
                """)
            defer { statement.reset() }
            guard try statement.step() else { return (0, 0) }
            return (Int(statement.integer(0)), Int(statement.integer(1)))
        }
    }

    /// How many own files the ward does not say to hold, also of what does not count; and how many of them belong to
    /// documents that left this device.
    package func unreceivedCounts() throws(ReplicaError) -> (files: Int, ofLeft: Int) {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                """
                SELECT count(*),count(CASE d.hidden WHEN 2 THEN 1 END) FROM attachments a
                JOIN documents d ON d.number=a.document WHERE a.received=0 AND a.held=1 AND a.part=1
                """)
            defer { statement.reset() }
            guard try statement.step() else { return (0, 0) }
            return (Int(statement.integer(0)), Int(statement.integer(1)))
        }
    }

    /// The documents with own files that the ward does not say to hold, the oldest first.
    package func documentsWithUnreceivedFiles(limit: Int = 50) throws(ReplicaError) -> [Digest] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                """
                SELECT d.id FROM attachments a JOIN documents d ON d.number=a.document
                WHERE a.received=0 AND a.held=1 AND a.part=1 GROUP BY d.id ORDER BY min(a.since) LIMIT \(limit)
                """)
            defer { statement.reset() }
            var found: [Digest] = []
            while try statement.step() { if let id = statement.digest(0) { found.append(id) } }
            return found
        }
    }

    /// The bytes of a content, where all of it is here.
    package func content(_ root: Digest) throws(ReplicaError) -> Bytes? {
        try inStore { () throws(StoreError) in
            let contents = ContentTables(database)
            guard let held = try contents.held(root), held.isWhole else { return nil }
            return try contents.bytes(held)
        }
    }

    /// Whether a content was made here, and not fetched, and is here wholly.
    func isMadeHere(_ root: Digest) throws(StoreError) -> Bool {
        let statement = try database.prepare("SELECT 1 FROM contents WHERE root=?1 AND fetched=0 AND missing=0")
            .bind(1, root)
        defer { statement.reset() }
        return try statement.step()
    }

    private func isWanted(_ root: Digest) throws(StoreError) -> Bool {
        let statement = try database.prepare("SELECT wanted FROM contents WHERE root=?1").bind(1, root)
        defer { statement.reset() }
        return try statement.step() && statement.integer(0) != 0
    }

    private func onItsWay(_ root: Digest, count: Int) throws(StoreError) -> FileState.Standing {
        let statement = try database.prepare("SELECT need FROM contents WHERE root=?1").bind(1, root)
        defer { statement.reset() }
        guard try statement.step(), !statement.isNull(0) else { return .waiting }
        var reader = CBORReader(statement.bytes(0))
        guard let need = try? ContentNeed(reading: &reader), let runs = need.runs else { return .waiting }
        if runs.isEmpty { return .unconfirmed }
        let missing = runs.reduce(0) { $0 + $1.count }
        return .sending(percent: max(0, count - missing) * 100 / max(1, count))
    }
}
