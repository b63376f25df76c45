// The tables that are the truth: devices, change sets and what the ward said of them.

/// Reads and writes the log tables of a store.
package struct LogTables {
    package let database: Database

    package init(_ database: Database) { self.database = database }

    // MARK: Values by name

    package func meta(_ key: String) throws(StoreError) -> Bytes? {
        let statement = try database.prepare("SELECT value FROM meta WHERE key=?1").bind(1, key)
        defer { statement.reset() }
        return try statement.step() ? statement.bytes(0) : nil
    }

    package func setMeta(_ key: String, _ value: Bytes) throws(StoreError) {
        try database.prepare("INSERT INTO meta(key,value) VALUES(?1,?2) ON CONFLICT(key) DO UPDATE SET value=?2")
            .bind(1, key).bind(2, value).run()
    }

    package func removeMeta(_ key: String) throws(StoreError) {
        try database.prepared("DELETE FROM meta WHERE key=?1").bind(1, key).run()
    }

    package func number(_ key: String) throws(StoreError) -> UInt64? {
        try meta(key).flatMap { UInt64(bigEndianBytes: $0) }
    }

    package func setNumber(_ key: String, _ value: UInt64) throws(StoreError) {
        try setMeta(key, Bytes(bigEndian: value))
    }

    // MARK: Devices

    /// The store's own number for a device, which is made at its first use.
    package func deviceNumber(_ device: DeviceID) throws(StoreError) -> Int64 {
        if let known = try knownDeviceNumber(device) { return known }
        try database.prepare("INSERT INTO devices(key) VALUES(?1)").bind(1, device.digest).run()
        return database.lastInsertedRow
    }

    package func knownDeviceNumber(_ device: DeviceID) throws(StoreError) -> Int64? {
        let statement = try database.prepared("SELECT number FROM devices WHERE key=?1").bind(1, device.digest)
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : nil
    }

    package func device(_ number: Int64) throws(StoreError) -> DeviceID? {
        let statement = try database.prepared("SELECT key FROM devices WHERE number=?1").bind(1, number)
        defer { statement.reset() }
        return try statement.step() ? statement.digest(0).map(DeviceID.init) : nil
    }

    // MARK: Documents' numbers

    /// The store's own number for a document.
    package func documentNumber(_ id: Digest) throws(StoreError) -> Int64? {
        let statement = try database.prepare("SELECT number FROM documents WHERE id=?1").bind(1, id)
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : nil
    }

    // MARK: Change sets

    /// A stored change set with what the ward said of it.
    package struct Stored {
        package var change: ChangeSet
        package var document: Int64
        package var verdict: StoredVerdict
        /// Where it stands in the order of the log.
        package var position: Position
        /// The entry that says so: another one where the change set was readmitted after a restore.
        package var logged: Position
        package var effective: HybridTime
        package var code: RefusalCode?
        package var outcomes: [Outcome]

        /// The form that the fold takes, where the ward accepted it.
        package var accepted: AcceptedChange? {
            guard verdict == .accepted else { return nil }
            return AcceptedChange(
                change, position: position, logged: logged, effective: effective, outcomes: outcomes)
        }
    }

    package func insert(
        _ change: ChangeSet, device: Int64, document: Int64, verdict: StoredVerdict, position: Position = .start,
        logged: Position? = nil, effective: HybridTime = .zero, code: RefusalCode? = nil, outcomes: [Outcome] = []
    ) throws(StoreError) {
        let statement = try database.prepared(
            """
            INSERT INTO changes(device,sequence,id,document,verdict,position,effective,code,outcomes,body,logged)
            VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)
            """
        )
        statement.bind(1, device)
        statement.bind(2, Int64(clamping: change.header.sequence))
        statement.bind(4, document)
        statement.bind(5, verdict.rawValue)
        statement.bind(6, Int64(bitPattern: position.rawValue))
        statement.bind(7, Int64(bitPattern: effective.rawValue))
        statement.bind(8, Int64(code?.rawValue ?? 0))
        statement.bind(11, Self.stored(logged, position))
        if outcomes.isEmpty { statement.bindNull(9) } else { statement.bind(9, outcomes.map(\.rawValue)) }
        try statement.run(3, change.id, 10, change.encoded())
    }

    package func setVerdict(
        device: Int64, sequence: UInt64, verdict: StoredVerdict, position: Position, logged: Position? = nil,
        effective: HybridTime, code: RefusalCode?, outcomes: [Outcome]
    ) throws(StoreError) {
        try database.prepare(
            """
            UPDATE changes SET verdict=?3,position=?4,effective=?5,code=?6,outcomes=?7,logged=?8
            WHERE device=?1 AND sequence=?2
            """
        ).bind(8, Self.stored(logged, position)).bind(1, device).bind(2, Int64(clamping: sequence))
            .bind(3, verdict.rawValue)
            .bind(4, Int64(bitPattern: position.rawValue)).bind(5, Int64(bitPattern: effective.rawValue))
            .bind(6, Int64(code?.rawValue ?? 0)).bind(7, outcomes.isEmpty ? nil : outcomes.map(\.rawValue)).run()
    }

    /// Puts a change set in the place of itself: without its values, or with them again.
    func setBody(_ change: ChangeSet, device: Int64) throws(StoreError) {
        try database.prepare("UPDATE changes SET body=?3 WHERE device=?1 AND sequence=?2").bind(1, device)
            .bind(2, Int64(clamping: change.header.sequence)).bind(3, change.encoded()).run()
    }

    private static func stored(_ logged: Position?, _ position: Position) -> Int64 {
        guard let logged, logged != position else { return 0 }
        return Int64(bitPattern: logged.rawValue)
    }

    private static let columns = "body,document,verdict,position,effective,code,outcomes,logged"

    private func read(_ statement: Statement) throws(StoreError) -> Stored {
        let change: ChangeSet
        do { change = try ChangeSet(decoding: statement.bytes(0), hashesAreKnown: true) } catch {
            throw StoreError(.damaged, "change set: \(error.code)")
        }
        let position = Position(rawValue: UInt64(bitPattern: statement.integer(3)))
        let logged = Position(rawValue: UInt64(bitPattern: statement.integer(7)))
        return Stored(
            change: change, document: statement.integer(1),
            verdict: StoredVerdict(rawValue: statement.integer(2)) ?? .pending,
            position: position, logged: logged == .start ? position : logged,
            effective: HybridTime(rawValue: UInt64(bitPattern: statement.integer(4))),
            code: RefusalCode(rawValue: UInt8(truncatingIfNeeded: statement.integer(5))),
            outcomes: statement.bytes(6).compactMap(Outcome.init(rawValue:)))
    }

    package func change(device: Int64, sequence: UInt64) throws(StoreError) -> Stored? {
        let statement = try database.prepared(
            """
            SELECT body,document,verdict,position,effective,code,outcomes,logged FROM changes
            WHERE device=?1 AND sequence=?2
            """
        ).bind(1, device).bind(2, Int64(clamping: sequence))
        defer { statement.reset() }
        return try statement.step() ? try read(statement) : nil
    }

    /// The id of a device's change set, without its body.
    package func changeID(device: Int64, sequence: UInt64) throws(StoreError) -> Digest? {
        let statement = try database.prepared("SELECT id FROM changes WHERE device=?1 AND sequence=?2")
            .bind(1, device).bind(2, Int64(clamping: sequence))
        defer { statement.reset() }
        return try statement.step() ? statement.digest(0) : nil
    }

    /// Every change set of a document, in no particular order.
    package func changes(document: Int64) throws(StoreError) -> [Stored] {
        let statement = try database.prepare(
            """
            SELECT body,c.document,verdict,position,effective,code,outcomes,logged FROM document_changes d
            JOIN changes c ON c.device=d.device AND c.sequence=d.sequence WHERE d.document=?1
            """
        ).bind(1, document)
        defer { statement.reset() }
        var found: [Stored] = []
        while try statement.step() { found.append(try read(statement)) }
        return found
    }

    /// How many change sets are noted of a document.
    package func changeCount(document: Int64) throws(StoreError) -> Int {
        let statement = try database.prepared("SELECT count(*) FROM document_changes WHERE document=?1")
            .bind(1, document)
        defer { statement.reset() }
        return try statement.step() ? Int(statement.integer(0)) : 0
    }

    package func noteChange(document: Int64, device: Int64, sequence: UInt64) throws(StoreError) {
        try database.prepare("INSERT OR IGNORE INTO document_changes(document,device,sequence) VALUES(?1,?2,?3)")
            .bind(1, document).bind(2, device).bind(3, Int64(clamping: sequence)).run()
    }

    package func isNoted(document: Int64, device: Int64, sequence: UInt64) throws(StoreError) -> Bool {
        let statement = try database.prepare(
            "SELECT 1 FROM document_changes WHERE document=?1 AND device=?2 AND sequence=?3"
        ).bind(1, document).bind(2, device).bind(3, Int64(clamping: sequence))
        defer { statement.reset() }
        return try statement.step()
    }

    /// A device's change sets from a sequence on, in order.
    package func changes(device: Int64, from sequence: UInt64, limit: Int) throws(StoreError) -> [Stored] {
        let statement = try database.prepare(
            "SELECT \(Self.columns) FROM changes WHERE device=?1 AND sequence>=?2 ORDER BY sequence LIMIT ?3"
        ).bind(1, device).bind(2, Int64(clamping: sequence)).bind(3, Int64(limit))
        defer { statement.reset() }
        var found: [Stored] = []
        while try statement.step() { found.append(try read(statement)) }
        return found
    }

    // MARK: States

    package func state(document: Int64) throws(StoreError) -> DocumentState? {
        let statement = try database.prepare("SELECT state FROM documents WHERE number=?1").bind(1, document)
        defer { statement.reset() }
        guard try statement.step(), !statement.isNull(0) else { return nil }
        do { return try DocumentState(stored: statement.bytes(0)) } catch {
            throw StoreError(.damaged, "document state")
        }
    }
}
