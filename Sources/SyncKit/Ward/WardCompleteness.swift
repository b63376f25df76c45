// The completeness ledger: what the ward lacks of the files that documents name, on whose device, since when.

/// What the ward holds of the files that its documents name. Complete is what is held wholly and hashed.
package struct Completeness: Sendable, Equatable {
    /// A file of which the ward lacks something.
    package struct Missing: Sendable, Equatable {
        package var document: Digest
        package var kind: DocumentKind
        package var title: String
        /// The number and the count of its leaves of 4 KiB that the ward holds.
        package var file: Digest
        package var length: Int
        package var heldLeaves: Int
        package var leaves: Int
        /// Whose device added it, and what the person is called.
        package var device: DeviceID
        package var name: String
        /// When it was added, and when the device was seen last; `nil` where the ward does not remember that.
        package var since: Int64
        package var seen: Int64?
        /// Whether only a change set names it that is held until somebody decides: until then it stays on its device.
        package var isHeldBack = false
    }

    package var files = 0
    package var completeFiles = 0
    package var documents = 0
    package var completeDocuments = 0
    /// The bytes that files have together, each counted once.
    package var bytes: Int64 = 0
    /// The longest wait first.
    package var missing: [Missing] = []
    /// How many files are missing, also where not all are listed.
    package var missingCount = 0
    /// How many of these only change sets name that are held.
    package var heldBack = 0

    package var isComplete: Bool { missingCount == 0 }

    /// The share of complete files in thousandths, rounded down: 1,000 says that nothing is missing.
    package var permille: Int { files == 0 ? 1000 : completeFiles * 1000 / files }

    package init() {}
}

extension WardCore {
    /// The ledger as it is now.
    /// - Parameter limit: how many missing files are listed.
    package func completeness(limit: Int = 200) throws(StoreError) -> Completeness {
        var ledger = Completeness()
        let counts = try database.prepare(
            """
            SELECT count(*),coalesce(sum(whole),0),count(DISTINCT document),
            count(DISTINCT CASE WHEN document NOT IN (SELECT document FROM attachments WHERE held=0) THEN document END)
            FROM (SELECT a.document,a.file,min(b.held) AS whole FROM attachments a JOIN attachments b
            ON b.document=a.document AND b.file=a.file WHERE a.part=1 GROUP BY a.document,a.file)
            """)
        if try counts.step() {
            ledger.files = Int(counts.integer(0))
            ledger.completeFiles = Int(counts.integer(1))
            ledger.documents = Int(counts.integer(2))
            ledger.completeDocuments = Int(counts.integer(3))
        }
        counts.reset()
        let held = try heldBackFiles()
        ledger.heldBack = held.count
        ledger.files += held.count
        ledger.missingCount = ledger.files - ledger.completeFiles
        ledger.bytes = try database.integer("SELECT coalesce(sum(length),0) FROM contents WHERE missing=0") ?? 0
        let statement = try database.prepare(
            """
            SELECT document,file,max(CASE part WHEN 1 THEN length ELSE 0 END),min(device),min(since) FROM attachments
            WHERE (document,file) IN (SELECT document,file FROM attachments WHERE held=0) GROUP BY document,file
            ORDER BY min(since),document,file LIMIT ?1
            """
        ).bind(1, Int64(limit))
        var rows: [(document: Int64, file: Digest, length: Int, device: Int64, since: Int64)] = []
        while try statement.step() {
            guard let file = statement.digest(1) else { continue }
            rows.append(
                (statement.integer(0), file, Int(statement.integer(2)), statement.integer(3), statement.integer(4)))
        }
        for row in rows {
            guard let document = documentsByNumber[row.document], let device = try tables.device(row.device) else {
                continue
            }
            ledger.missing.append(
                try missing(
                    row.file, row.length, heldLeaves: try contents.held(row.file)?.leaves.size ?? 0,
                    of: (document.id, document.kind), on: device, since: row.since))
        }
        ledger.missing += held.files.sorted { ($0.since, $0.file) < ($1.since, $1.file) }.prefix(
            max(0, limit - ledger.missing.count))
        return ledger
    }

    /// How many held change sets are looked through for files; of more each counts as one file, so that nothing is called
    /// complete that nobody looked at.
    private static let mostHeld = 5000

    private func heldBackFiles() throws(StoreError) -> (files: [Completeness.Missing], count: Int) {
        let statement = try database.prepare(
            // The first condition is that of the index.
            "SELECT device,sequence FROM changes WHERE verdict<>1 AND verdict=2")
        var held: [(device: Int64, sequence: UInt64)] = []
        while try statement.step() { held.append((statement.integer(0), UInt64(statement.integer(1)))) }
        statement.reset()
        var files: [Digest: Completeness.Missing] = [:]
        for (device, sequence) in held.prefix(Self.mostHeld) {
            guard let stored = try tables.change(device: device, sequence: sequence) else { continue }
            for attachment in stored.change.addedAttachments {
                let root = attachment.content.root
                guard files[root] == nil, try tables.attachments(root: root).isEmpty,
                    try contents.held(root) == nil
                else { continue }
                let header = stored.change.header
                let kind = DocumentKind(rawValue: UInt8(truncatingIfNeeded: header.kind)) ?? .report
                files[root] = try missing(
                    root, attachment.content.length, heldLeaves: 0, of: (stored.change.document, kind),
                    on: header.device, since: try entryTime(at: stored.position.index), isHeldBack: true)
            }
        }
        return (Array(files.values), files.count + max(0, held.count - Self.mostHeld))
    }

    /// A file that is lacking, with what is known of its document and of the device that it is on.
    private func missing(
        _ file: Digest, _ length: Int, heldLeaves: Int, of document: (id: Digest, kind: DocumentKind),
        on device: DeviceID, since: Int64, isHeldBack: Bool = false
    ) throws(StoreError) -> Completeness.Missing {
        let lastSeen = try contact(of: device).seen
        var title = ""
        if let known = documents[document.id], let state = try state(of: known) { title = Listing(state).title }
        return Completeness.Missing(
            document: document.id, kind: document.kind, title: title, file: file, length: length,
            heldLeaves: heldLeaves, leaves: ContentTree.leafCount(length), device: device,
            name: browsedPerson(device).name, since: since, seen: lastSeen > 0 ? lastSeen : nil,
            isHeldBack: isHeldBack)
    }

    /// The files of a document, for a page: what each is, and whether the ward holds it.
    package func files(of state: DocumentState) throws(StoreError) -> [(attachment: Attachment, isHeld: Bool)] {
        var found: [(attachment: Attachment, isHeld: Bool)] = []
        for (attachment, _) in state.attachments {
            found.append((attachment, try contents.held(attachment.content.root)?.isWhole ?? false))
        }
        return found
    }

    /// A picture that a document names, or its thumbnail; `nil` where the ward does not hold it. The content of a private
    /// file is no picture; whoever names a picture as one hides it from nobody.
    /// - Parameter isPublic: only what a standing publication shows.
    package func picture(_ root: Digest, isPublic: Bool) throws(StoreError) -> (bytes: Bytes, media: MediaType)? {
        for row in try tables.attachments(root: root) where !Attachment.isSealed(row.media) {
            guard let document = documentsByNumber[row.document], let media = MediaType(rawValue: row.media) else {
                continue
            }
            if isPublic, document.kind != .publication { continue }
            guard let held = try contents.held(root), held.isWhole else { return nil }
            let bytes = try contents.bytes(held)
            // A thumbnail is a JPEG whatever the file is; what somebody else sent is what its first bytes say.
            guard let found = MediaType(beginning: bytes), found == media || row.part == .thumbnail else { return nil }
            return (bytes, found)
        }
        return nil
    }
}
