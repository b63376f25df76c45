// A person's device: a real replica on a store that may crash, with a clock that may be wrong.

import SyncKit

/// A device of a schedule.
final class SimulatedDevice {
    let name: String
    let clock: ManualTimeSource
    let random: SeededRandomSource
    let scheme: any SignatureScheme
    let files: Files?
    let id: DeviceID
    let sealing: Digest
    private(set) var replica: Replica
    private(set) var gate: CommitGate
    private var path = ""
    private var copy = ""
    /// How rarely it syncs: it does every so many times that its turn comes.
    var rarity = 1

    /// - Parameter files: where its store is; `nil` for one in memory, which never crashes.
    init(
        name: String, seed: UInt64, descriptor: String, time: Int64, scheme: any SignatureScheme, files: Files?
    ) throws {
        self.name = name
        self.scheme = scheme
        self.files = files
        clock = ManualTimeSource(seconds: time)
        random = SeededRandomSource(seed: seed)
        path = files?.path() ?? ""
        copy = files?.path() ?? ""
        gate = CommitGate(path: path, copy: copy)
        let database = try Database(path: path, mode: files == nil ? .memory : .create, fast: true)
        try Replica.create(in: database, descriptor: descriptor, time: clock, random: random, scheme: scheme)
        replica = try Replica(opening: database, time: clock, random: random, scheme: scheme)
        id = replica.device
        sealing = replica.sealingKey.publicKey
        guardCommits(database)
    }

    private func guardCommits(_ database: Database) {
        let gate = gate
        database.willCommit = { () throws(StoreError) in try gate.pass() }
    }

    var canCrash: Bool { files != nil }

    /// Opens the store as it was when the process ended.
    func reopen() throws {
        guard let files else { return }
        path = copy
        copy = files.path()
        gate = CommitGate(path: path, copy: copy)
        let database = try Database(path: path, mode: .write, fast: true)
        replica = try Replica(opening: database, time: clock, random: random, scheme: scheme)
        guardCommits(database)
    }

    /// The device's own change sets as its store has them.
    func ownChanges() throws -> [LogTables.Stored] {
        guard let number = try replica.tables.knownDeviceNumber(id) else { return [] }
        return try replica.tables.changes(device: number, from: 1, limit: 100_000)
    }

    /// The ids of the device's own change sets by sequence.
    func ownIDs() throws -> [UInt64: Digest] {
        guard let number = try replica.tables.knownDeviceNumber(id) else { return [:] }
        let statement = try replica.database.prepare(
            "SELECT sequence,id FROM changes WHERE device=?1"
        ).bind(1, number)
        defer { statement.reset() }
        var ids: [UInt64: Digest] = [:]
        while try statement.step() { ids[UInt64(statement.integer(0))] = statement.digest(1) }
        return ids
    }

    /// The ids of the documents that its lists show.
    func visible() throws -> [Digest] {
        // What the ward held or refused stays visible to its author alone, and makes no document.
        let statement = try replica.database.prepare(
            """
            SELECT id FROM documents d WHERE hidden=0 AND NOT (state IS NULL AND EXISTS(SELECT 1 FROM changes c
            WHERE c.id=d.id AND c.verdict IN (2,3))) ORDER BY id
            """)
        defer { statement.reset() }
        var ids: [Digest] = []
        while try statement.step() {
            if let id = statement.digest(0) { ids.append(id) }
        }
        return ids
    }
}
