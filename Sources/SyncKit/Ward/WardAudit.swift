// An audit of a ward's whole store: the log by its tree and signatures, everything else by a fold of the log.

/// What an audit looks at. The raw values are stable words for programs.
package enum AuditSubject: String, CaseIterable, Sendable {
    /// Entries of the log: readable, in their order, none missing.
    case entries
    /// The tree's stored subtree roots, against the entries.
    case trees
    /// The newest checkpoint: signed by the ward, over the whole log.
    case checkpoint
    /// Epochs: each begun by a statement of the root key, where the log has the root that it names.
    case epochs
    /// Grants and revocations: signed by the ward, and there before anything that they allow.
    case grants
    /// The ward's decisions on change sets, against what the store says of them.
    case decisions
    /// Change sets: readable, with the hashes that were signed.
    case changes
    case signatures
    /// Each device's chain: no gap, each naming the one before.
    case chains
    /// What authors had seen: the log's own roots, from before.
    case seen
    /// The other branches of devices that numbered two change sets alike.
    case forks
    /// Documents' states and listings, against a fold of the log.
    case documents
    /// Which change sets belong to which document.
    case documentChanges = "document_changes"
    /// Which areas documents belong to, over time.
    case areas = "document_areas"
    /// Which progress views follows name, over time.
    case followViews = "follow_views"
    /// Which files documents name, and what the store holds of them.
    case files = "attachments"
    /// The content of files, against the hashes that are its names.
    case contents
    /// Documents with edits side by side that nobody looked at.
    case parallels
    case codes, views, follows
    /// Refused change sets that were sent again.
    case reissues
    /// Devices' numbers and keys.
    case devices
    /// Tables that a server never fills, positions that cannot be, the file itself.
    case store
}

/// Something that does not hold. It names a place in the log or in a table, and nothing of what anybody wrote.
package struct AuditFinding: Hashable, Sendable {
    /// What is wrong. The raw values are stable words for programs.
    package enum Problem: String, CaseIterable, Sendable {
        case missing
        case extra
        /// It says something else than the log.
        case differs
        case unreadable
        /// A signature does not hold.
        case signature
        /// A hash is not that of the content.
        case hash
        /// It is not where the order wants it.
        case order
    }

    package var subject: AuditSubject
    package var problem: Problem
    /// Such as `entry 17`, `3f2a9c10:4` (a device's key and a sequence), `document 5wq2…`.
    package var place: String
}

/// What an audit came to.
package struct AuditReport: Sendable {
    /// The most findings that are kept; the others are counted.
    package static let mostFindings = 1000

    /// How many of each were checked.
    package fileprivate(set) var checked: [AuditSubject: Int] = [:]
    package fileprivate(set) var findings: [AuditFinding] = []
    package fileprivate(set) var findingCount = 0
    package var size: UInt64 = 0
    package var root = Digest.zero
    package var checkpoint: Checkpoint?
    /// Up to where the derived tables are written.
    package var flushed: UInt64 = 0

    package var isSound: Bool { findingCount == 0 }
}

/// Verifies a ward's store without any of its secret keys and without changing anything. Run it within one read
/// transaction: then a server may go on meanwhile.
package final class WardAudit {
    let database: Database
    let tables: LogTables
    let descriptor: WardDescriptor
    let scheme: any SignatureScheme
    /// Told what is looked at and how much of it is done.
    let onProgress: (AuditSubject, _ done: Int) -> Void
    package private(set) var report = AuditReport()

    var ward: Digest { descriptor.ward }

    // What one part learns for the next.

    var numbers: [DeviceID: Int64] = [:]
    var keys: [Int64: DeviceID] = [:]
    /// The first eight bytes of the root over the first n entries.
    var roots: [UInt64] = []
    var epochs = Epochs()
    /// Change sets whose row says what the newest entry on them says.
    var decided: Set<UInt64> = []
    /// Change sets whose row says something else than an entry that may not be the newest.
    var undecided: [UInt64: Dot] = [:]
    var acceptances: [Acceptance] = []
    var moves: [(document: Int64, position: UInt64, id: Digest, areas: [String])] = []
    /// What was not decided by what its author had seen: released by an admin, or readmitted after a restore.
    var released: Set<Digest> = []
    var readmitted: Set<Digest> = []
    /// Signing keys that gave way to others, and where the log says so.
    var pastKeys: [Digest] = []
    var retired: [Digest: UInt64] = [:]
    /// Change sets whose values the log says are erased.
    var erased: Set<Digest> = []
    var wardDevices: Set<DeviceID> = []
    var forkHolds: Set<Digest> = []
    /// Those of them that somebody declined.
    var declinedForks: Set<Digest> = []
    var persons = Persons()
    var granted: [DeviceID: (role: Role, revokedAfter: UInt64?)] = [:]
    /// Documents that other tables name, by their id.
    var wanted: Set<Digest> = []
    var found: [Digest: AuditedDocument] = [:]
    var followDocuments: [Folded] = []
    /// Codes for which a row is still to be found.
    var standing: Set<Bytes> = []
    var reacted: UInt64 = 0

    /// An entry that makes a change set count.
    struct Acceptance {
        let document: Int64
        let device: Int64
        let sequence: UInt64
        /// Where the entry stands.
        let position: UInt64
        /// Its place in the order, which is an older one where it was readmitted after a restore.
        let ordered: Position
    }

    /// A document as the log makes it.
    struct AuditedDocument {
        let number: Int64
        let kind: DocumentKind
        let creation: Dot
        let created: UInt64
        /// `nil` where the derived tables do not reach its newest change set.
        let state: DocumentState?
        /// Of codes that any of its change sets ever set: the field and the hash.
        let codes: Set<Bytes>
        /// Whether values of it were erased: what stood in them is not known any more.
        var isErased = false
    }

    package init(
        _ database: Database, descriptor: WardDescriptor, scheme: any SignatureScheme,
        onProgress: @escaping (AuditSubject, _ done: Int) -> Void = { _, _ in }
    ) {
        self.database = database
        tables = LogTables(database)
        self.descriptor = descriptor
        self.scheme = scheme
        self.onProgress = onProgress
    }

    /// Checks everything. What cannot be read at all is a finding, and ends it.
    package func run() throws(StoreError) -> AuditReport {
        do throws(StoreError) {
            try checkFile()
            try checkDevices()
            try checkEpochs()
            try checkLog()
            try checkChanges()
            try checkForks()
            try gatherWanted()
            try checkDocuments()
            try checkReactions()
            try checkContents()
        } catch  where error.code == .damaged || error.code == .misuse {
            note(.store, .unreadable, "file")
        }
        return report
    }

    // MARK: Noting

    func count(_ subject: AuditSubject, _ number: Int = 1) {
        let before = report.checked[subject, default: 0]
        report.checked[subject] = before + number
        if (before + number) / 512 != before / 512 { onProgress(subject, before + number) }
    }

    func note(_ subject: AuditSubject, _ problem: AuditFinding.Problem, _ place: String) {
        report.findingCount += 1
        guard report.findings.count < AuditReport.mostFindings else { return }
        report.findings.append(AuditFinding(subject: subject, problem: problem, place: place))
    }

    func setHead(size: UInt64, root: Digest, checkpoint: Checkpoint?, flushed: UInt64) {
        report.size = size
        report.root = root
        report.checkpoint = checkpoint
        report.flushed = flushed
    }

    static func place(_ dot: Dot) -> String { "\(dot.device.digest.hex.prefix(16)):\(dot.sequence)" }
    static func place(_ document: Digest) -> String { "document \(ShortID.text(document, length: 12))" }

    /// One number for a change set: chains have no gaps, so that no store holds sequences beyond 2⁴⁰.
    static func name(_ device: Int64, _ sequence: UInt64) -> UInt64 {
        UInt64(bitPattern: device) << 40 | sequence & 0xFF_FFFF_FFFF
    }

    // MARK: The file and the devices

    private func checkFile() throws(StoreError) {
        let statement = try database.prepare("PRAGMA integrity_check(20)")
        defer { statement.reset() }
        while try statement.step() {
            if statement.text(0) != "ok" { note(.store, .unreadable, "file") }
        }
        for table in ["reports", "search", "disclosures", "drafts"] {
            let rows = try database.integer("SELECT count(*) FROM \(table)") ?? 0
            if rows > 0 { note(.store, .extra, "table \(table)") }
            count(.store)
        }
    }

    private func checkDevices() throws(StoreError) {
        let statement = try database.prepare("SELECT number,key FROM devices ORDER BY number")
        defer { statement.reset() }
        while try statement.step() {
            count(.devices)
            guard let key = statement.digest(1), statement.bytes(1).count == Digest.byteCount else {
                note(.devices, .unreadable, "device \(statement.integer(0))")
                continue
            }
            numbers[DeviceID(key)] = statement.integer(0)
            keys[statement.integer(0)] = DeviceID(key)
        }
    }
}
