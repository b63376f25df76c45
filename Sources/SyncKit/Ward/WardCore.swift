// The server's core: the ward log, its documents and its grants. One owner at a time.

/// Where the ward decides: it receives change sets, decides each once, appends the decision to the log and answers.
/// The log tables are the truth; documents are held in memory and written behind (`flush`), and what was not
/// written is made anew from the log at the next opening.
package final class WardCore {
    let database: Database
    let tables: LogTables
    let keys: WardKeys
    let time: any TimeSource
    let random: any RandomSource
    let scheme: any SignatureScheme
    /// The ward's own administrative code: what an admin's or auditor's grant covers.
    package let areaCode: String

    var tree = MerkleTree()
    var index = LogIndex()
    var recent = RecentLog()
    lazy var logTree = LogTree(database)
    /// The epochs of the log: one more after each restore.
    var epochs = Epochs()
    /// Where epochs began that the log never went through, as far as anybody showed it.
    var branches: [UInt64: Position] = [:]
    /// Where change sets were readmitted, whose position is that of their first acceptance.
    var readmitted: [Dot: UInt64] = [:]
    /// Documents to fold anew once the log is read.
    var refolding: Set<Int64> = []
    /// The newest checkpoint that the ward signed and its log does not go on from, where a device showed it one.
    package internal(set) var newer: Checkpoint?
    /// Up to where a backup was made of the log.
    package internal(set) var backedUp: Position = .start
    var lastTime: Int64 = 0
    var checkpoint: (serial: UInt64, bytes: Bytes)?
    var chains: [DeviceID: Chain] = [:]
    var grants: [DeviceID: [GrantRecord]] = [:]
    /// Which devices are one person's.
    var persons = Persons()
    var documents: [Digest: WardDocument] = [:]
    var documentsByNumber = NumberedDocuments()
    let areaSets = AreaSets()
    var creations: [Dot: Digest] = [:]
    /// Positions at which documents changed their areas.
    var moves: [(position: UInt64, document: Int64)] = []
    /// Where in the log devices became known to be others' successors, in its order.
    var successions: [(position: UInt64, new: DeviceID)] = []
    var roots: [UInt64: UInt64] = [:]
    var times: [UInt64: Int64] = [:]
    var heldChanges = HeldChanges()
    /// What was declined in a restored ward while its document was not there.
    var declinedByDocument: [Digest: [Dot]] = [:]
    var serials: [DeviceID: UInt64] = [:]
    /// The devices that are, or were, the ward's console.
    var consoles: [DeviceID] = []
    var flushedSize: UInt64 = 0
    var dirty: [WardDocument] = []
    var nextDocument: Int64 = 1
    /// The documents that the ward is configured by, and what they made of it at a position.
    var settingsDocuments: [WardDocument] = []
    var configured: (position: UInt64, settings: ConfiguredSettings)?
    /// Look-ups that were accepted and wait for the registry's answer.
    var unanswered: [Digest] = []
    /// Documents that every device holds, by kind, in the order of their numbers.
    var wardWide: [DocumentKind: [WardDocument]] = [:]
    /// Which of them were merged; `nil` until somebody asks.
    var units: MergedUnits?
    var kindCounts: [DocumentKind: Int] = [:]
    /// What state hashes are made of.
    var sums = WardSums()
    var reactions = Reactions()
    /// What waits for a person.
    var inbox = WardInbox()
    /// What devices told of themselves when they synced.
    var contacts: [DeviceID: DeviceContact] = [:]
    var changedContacts: Set<DeviceID> = []
    var orders = OpenOrders()
    /// What the root key said of the ward's keys, and where the log says so last.
    var keyStatements: Set<Bytes> = []
    var lastKeyStatement: UInt64 = 0
    /// The ward's descriptor as a signed object, for devices that lack its newest keys.
    package var descriptor: Bytes?
    /// A file may have come in wholly since documents said so the last time.
    var mayHaveReceived = true
    /// Change sets whose values were erased.
    var erased: Set<Digest> = []
    /// Whether a transaction failed for want of room; whoever asks clears it.
    var hasFilledUp = false
    /// Whether the last thing that was to be written found no room.
    package var lacksRoom = false
    /// The first failure that was noticed here and not by SQLite.
    var noted: StoreError?

    /// A device's chain as far as the ward received it.
    struct Chain {
        var number: Int64
        var head: ChainLink
        var lastEffective: HybridTime
    }

    /// A grant, or the end of one.
    struct GrantRecord {
        var position: UInt64
        var grant: Grant
        /// The last sequence that counts, where this is a revocation.
        var revokedAfter: UInt64?
        /// Whether the device was revoked because another one goes on as it.
        var isSucceeded = false
        /// When that began, by the ward's clock: later than everything before it on the device.
        var since: Int64
    }

    /// Where the log says something of who works for the ward, in its order.
    var teamNews: [(position: UInt64, device: DeviceID)] = []

    /// How many devices without an invitation the ward has at a time of which nobody dealt with anything.
    package var lobbyLimit = 50_000
    /// After how much payload an answer ends.
    package var answerLimit = WardCore.answerPayload
    /// How many change sets that are in no backup a new device is given, at most, in place of states.
    package var witnessLimit = WardCore.mostWitnessed
    /// At least as many as there are of these, and when they were counted anew, by the ward's clock.
    var lobby: (count: Int, countedAt: Int64) = (0, .min)
    /// How much is kept from residents' devices; `nil`: without a bound.
    package var intakeLimits: IntakeLimits?
    /// Whether the disk has room for what devices bring of which nobody dealt with anything.
    package var hasRoomForUnknown: @Sendable (IntakePart) -> Bool = { _ in true }
    var intakes: [DeviceID: Intake] = [:]
    /// How much of the log is durable, whatever a transaction in progress added.
    var durableSize: UInt64 = 0
    /// Whether the log is being read, and not written.
    var isLoading = false

    package var ward: Digest { keys.ward }
    package var size: UInt64 { tree.size }

    /// The first failure after which the store must not be used any more. Whoever serves it stops answering.
    package var fault: StoreError? { noted ?? database.broken }

    package init(
        database: Database, keys: WardKeys, areaCode: String, time: any TimeSource, random: any RandomSource,
        scheme: any SignatureScheme
    ) throws(StoreError) {
        self.database = database
        tables = LogTables(database)
        self.keys = keys
        self.areaCode = areaCode
        self.time = time
        self.random = random
        self.scheme = scheme
        try WardTables.prepare(database)
        try load()
        if grants[keys.deviceID] == nil { try admitOwnDevice() }
    }

    var epoch: UInt64 { epochs.present }
    /// The clock's time, but never before the log's newest entry: a clock that goes back opens nothing again.
    var wardTime: Int64 { max(lastTime, time.nowSeconds()) }

    /// The position of an entry, with the epoch in which it was written.
    package func place(_ index: UInt64) -> Position { epochs.position(index) }

    /// The ward's own device is an author like others, with a role of its own.
    private func admitOwnDevice() throws(StoreError) {
        let grant = Grant(
            device: keys.deviceID, sealingKey: keys.sealing.publicKey, role: .ward, areas: [areaCode],
            validFrom: time.nowSeconds(), validUntil: 0, name: "")
        try database.transaction { () throws(StoreError) in
            try append(.grant(grant.signed(by: keys.signing, ward: ward, scheme: scheme)), document: 0)
            try retireOldDevices()
            try endBatch()
        }
        durableSize = tree.size
    }

    // MARK: The log

    /// Appends a decision; within a transaction.
    @discardableResult
    func append(_ entry: LogEntry, document: Int64) throws(StoreError) -> UInt64 {
        lastTime = wardTime
        if case .revoke(let device, _) = entry, let since = grants[device]?.last?.since {
            lastTime = max(lastTime, since)
        }
        let bytes = LogRecord(time: lastTime, entry: entry).encoded()
        // What nobody could read again would end the ward's every later start.
        guard (try? LogRecord(decoding: bytes)) != nil else { throw StoreError(.misuse, "log entry") }
        tree.append(leaf: MerkleTree.leaf(bytes))
        let position = tree.size
        let insertion = try database.prepared("INSERT INTO entries(position,document,bytes) VALUES(?1,?2,?3)")
        insertion.bind(1, Int64(position))
        insertion.bind(2, document)
        try insertion.run(3, bytes)
        if position % 256 == 0 {
            try database.prepare("INSERT INTO trees(size,tree) VALUES(?1,?2)")
                .bind(1, Int64(position)).bind(2, tree.encoded).run()
        }
        try index.append(entry, document: document, tables)
        recent.append(bytes, time: lastTime, at: position)
        try noteGrant(entry, at: position, time: lastTime)
        if case .erase(_, let id, _) = entry { erased.insert(id) }
        noteKey(entry, at: position)
        noteNews(entry)
        return position
    }

    /// Signs the log's new head; the last thing of a transaction that appended.
    func endBatch() throws(StoreError) {
        let root = tree.root
        roots[tree.size] = root.prefix8
        times[tree.size] = lastTime
        let serial = (checkpoint?.serial ?? 0) + 1
        let signed = Checkpoint(
            ward: ward, position: place(tree.size), root: root, serial: serial, time: lastTime
        ).signed(by: keys.signing, scheme: scheme)
        try tables.setMeta("checkpoint", signed)
        try tables.setNumber("checkpoint.serial", serial)
        checkpoint = (serial, signed)
    }

    /// The first eight bytes of the root over the first `size` entries; `nil` beyond the log.
    func root(at size: UInt64) throws(StoreError) -> UInt64? {
        if let known = roots[size] { return known }
        if size == 0 { return MerkleTree().root.prefix8 }
        if size == tree.size { return tree.root.prefix8 }
        guard size <= tree.size else { return nil }
        var partial = MerkleTree()
        let nearest = try database.prepare("SELECT tree FROM trees WHERE size<=?1 ORDER BY size DESC LIMIT 1")
            .bind(1, Int64(size))
        if try nearest.step() { partial = MerkleTree(decoding: nearest.bytes(0)) ?? MerkleTree() }
        nearest.reset()
        let leaves = try database.prepare(
            "SELECT bytes FROM entries WHERE position>?1 AND position<=?2 ORDER BY position"
        )
        .bind(1, Int64(partial.size)).bind(2, Int64(size))
        defer { leaves.reset() }
        while try leaves.step() { partial.append(leaf: MerkleTree.leaf(leaves.bytes(0))) }
        if roots.count > 100_000 { roots.removeAll() }
        roots[size] = partial.root.prefix8
        return partial.root.prefix8
    }

    /// The ward's time of an entry.
    func entryTime(at position: UInt64) throws(StoreError) -> Int64 {
        if position == 0 { return 0 }
        if let known = times[position] { return known }
        let statement = try database.prepare("SELECT bytes FROM entries WHERE position=?1").bind(1, Int64(position))
        defer { statement.reset() }
        guard try statement.step(), let record = try? LogRecord(decoding: statement.bytes(0)) else { return 0 }
        if times.count > 100_000 { times.removeAll() }
        times[position] = record.time
        return record.time
    }

    // MARK: Who may

    func noteGrant(_ entry: LogEntry, at position: UInt64, time: Int64) throws(StoreError) {
        switch entry {
        case .grant(let bytes):
            guard let grant = Grant(verifying: bytes, ward: ward, keys: keys.signingKeys, scheme: scheme) else {
                throw StoreError(.damaged, "grant")
            }
            if grants[grant.device] == nil {
                if grant.role == .resident { lobby.count += 1 }
                try noteStranger(grant.device)
            }
            if grant.isConsole, !consoles.contains(grant.device) { consoles.append(grant.device) }
            grants[grant.device, default: []].append(
                GrantRecord(position: position, grant: grant, revokedAfter: nil, since: grant.validFrom))
            noteTeam(grant.device, at: position)
        case .revoke(let device, let last):
            guard var record = grants[device]?.last else { return }
            record.position = position
            record.revokedAfter = last
            record.isSucceeded = false
            record.since = try (isLoading ? revocationTime(at: position) : nil) ?? max(record.since, time)
            grants[device]?.append(record)
            noteTeam(device, at: position)
        case .succession(let succession): note(succession, at: position)
        default: return
        }
    }

    /// A device that was never granted anything before has no chain yet.
    private func noteStranger(_ device: DeviceID) throws(StoreError) {
        guard !isLoading, try tables.knownDeviceNumber(device) == nil else { return }
        chains[device] = Chain(number: try tables.deviceNumber(device), head: .start, lastEffective: .zero)
    }

    /// The device's grant as of a position of the log.
    func grantRecord(_ device: DeviceID, at position: UInt64) -> GrantRecord? {
        grants[device]?.last { $0.position <= position }
    }

    /// A device's chain as the ward holds it.
    func chain(_ device: DeviceID) throws(StoreError) -> Chain {
        if let known = chains[device] { return known }
        let number = try tables.deviceNumber(device)
        var chain = Chain(number: number, head: .start, lastEffective: .zero)
        let statement = try database.prepare(
            "SELECT sequence,id FROM changes WHERE device=?1 ORDER BY sequence DESC LIMIT 1"
        ).bind(1, number)
        if try statement.step() {
            chain.head = ChainLink(sequence: UInt64(statement.integer(0)), id: statement.digest(1))
        }
        statement.reset()
        let latest = try database.prepare("SELECT max(effective) FROM changes WHERE device=?1 AND verdict=1")
            .bind(1, number)
        if try latest.step() { chain.lastEffective = HybridTime(rawValue: UInt64(bitPattern: latest.integer(0))) }
        latest.reset()
        chains[device] = chain
        return chain
    }
}
