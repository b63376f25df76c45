// One SQLite connection under the store rules: WAL, synchronous=FULL, bound parameters, prepared once.

import CSQLite

/// A connection to a store's file. It belongs to one owner at a time, which is what makes its uses safe; after the
/// first I/O error it refuses everything, and the owner opens it anew.
package final class Database {
    private let handle: OpaquePointer
    private var statements: [String: Statement] = [:]
    /// Statements of literals, by where the literal stands: found without hashing its text.
    private var literals: [UnsafePointer<UInt8>: Statement] = [:]
    /// The first I/O error, after which nothing is done any more.
    package private(set) var broken: StoreError?
    package private(set) var isInTransaction = false
    /// Called right before each commit; what it throws makes the transaction fail and roll back. For simulation:
    /// a full disk, or a process that ends at the worst moment.
    package var willCommit: (() throws(StoreError) -> Void)?

    /// Runs the part of a commit that waits for the disk; `nil`: just so. Whoever shares the owner's memory lets others
    /// at it meanwhile.
    var aroundCommit: ((() -> Void) -> Void)?

    /// The number under which the vault of a sealed store is known while the store is open.
    private let vaultNumber: Int64?

    /// The mark of our files in SQLite's header: "WSYN".
    package static let applicationID: Int64 = 0x5753_594E

    /// Configures SQLite once for the process. Where somebody else began to use it before, it stays as it is.
    static let isConfigured = wardsync_sqlite_no_statistics() == SQLITE_OK

    package enum Mode: Sendable {
        /// Creates the file where it is missing.
        case create
        /// The same, and keeps every other process out until it is closed: what a server wants.
        case exclusive
        /// Writes to an existing file.
        case write
        /// Only reads; never checkpoints.
        case read
        /// Writes to an existing file, and keeps every other process out until it is closed.
        case alone
        /// Only reads a file that nobody writes to while it is open, and that has no log beside it: without locks and
        /// without shared memory. Whoever opens it so keeps writers out.
        case frozen
        /// A store in memory.
        case memory
    }

    /// Opens a store's file and checks what was asked of it.
    /// - Parameters:
    ///   - fast: for simulation only: without waiting for the disk or for other programs.
    ///   - vault: of a sealed store, which has its head already.
    package init(path: String, mode: Mode, fast: Bool = false, vault: Vault? = nil) throws(StoreError) {
        _ = Self.isConfigured
        var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        switch mode {
        case .create, .exclusive, .memory: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        case .write, .read, .alone: flags |= SQLITE_OPEN_READWRITE
        case .frozen: flags |= SQLITE_OPEN_READONLY
        }
        let number: Int64? = if let vault { try SealedStoreFiles.keep(vault) } else { nil }
        var name = mode == .memory ? ":memory:" : path
        if mode == .frozen || mode == .alone || number != nil {
            flags |= SQLITE_OPEN_URI
            name = Self.uri(path, vault: number, isFrozen: mode == .frozen)
        }
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(name, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            let error = Self.error(code, opened)
            sqlite3_close_v2(opened)
            if let number { SealedStoreFiles.forget(number) }
            throw code & 0xFF == SQLITE_CANTOPEN && mode != .create && mode != .exclusive
                ? StoreError(.missing, error.detail) : error
        }
        handle = opened
        vaultNumber = number
        sqlite3_busy_timeout(handle, 10_000)
        sqlite3_db_config_defensive(handle)
        // Until the store could be read, the log beside it is left alone: it may be one that was opened the wrong way.
        wardsync_sqlite_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        do {
            if mode == .alone { try run("PRAGMA locking_mode=EXCLUSIVE") }
            if number != nil { try keepInMemory() }
            try configure(mode, fast: fast)
            if mode == .read { _ = try integer("PRAGMA schema_version") }
            wardsync_sqlite_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0)
        } catch {
            sqlite3_close_v2(handle)
            if let number { SealedStoreFiles.forget(number) }
            throw error
        }
    }

    deinit {
        literals.removeAll()
        statements.removeAll()
        sqlite3_close_v2(handle)
        if let vaultNumber { SealedStoreFiles.forget(vaultNumber) }
    }

    /// The path as a URI; every byte that could mean something else there is written by its number.
    /// - Parameters:
    ///   - vault: the number of a sealed store's vault; a store that is not sealed is opened by the system's functions.
    ///   - isFrozen: nobody writes to it.
    static func uri(_ path: String, vault: Int64?, isFrozen: Bool = false) -> String {
        // With an authority, which is empty: a path may begin with two slashes.
        var name = Bytes((path.utf8.first == 0x2F ? "file://" : "file:").utf8)
        let digits = Bytes("0123456789abcdef".utf8)
        for byte in path.utf8 {
            switch byte {
            case 0x2D...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: name.append(byte)
            default: name += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        let files = vault.map { "\(SealedStoreFiles.name)&vault=\($0)" } ?? SealedStoreFiles.systemName
        return String(decoding: name, as: UTF8.self) + "?vfs=" + files + (isFrozen ? "&immutable=1" : "")
    }

    /// What SQLite would put into files beside a sealed store stays in memory: sorters, statement journals, and the
    /// journal of a new store, whose log is not there yet.
    private func keepInMemory() throws(StoreError) {
        try run("PRAGMA temp_store=MEMORY")
        guard try integer("PRAGMA page_size") == SealedStoreLayout.page else {
            throw StoreError(.damaged, "page size")
        }
        guard try text("PRAGMA journal_mode") != "wal" else { return }
        try run("PRAGMA journal_mode=MEMORY")
    }

    private func configure(_ mode: Mode, fast: Bool) throws(StoreError) {
        if mode == .frozen { return }
        if mode == .read {
            try run("PRAGMA query_only=1")
            try run("PRAGMA wal_autocheckpoint=0")
            return
        }
        // A first sync writes to far apart places of a dozen indexes: with 16 MiB at hand each page is written less often.
        try run("PRAGMA cache_size=-16384")
        // A server's log grows all day, and a first sync writes to the same inner pages again and again: copying them into
        // the database more rarely writes them once instead of many times. 4,096 pages are 16 MiB, a server's 32 MiB.
        try run("PRAGMA wal_autocheckpoint=4096")
        if mode == .exclusive {
            try run("PRAGMA page_size=8192")
            try run("PRAGMA locking_mode=EXCLUSIVE")
        }
        let journal = try text("PRAGMA journal_mode=WAL")
        guard journal == "wal" || mode == .memory else { throw StoreError(.io, "journal mode is \(journal ?? "?")") }
        try run("PRAGMA synchronous=\(fast ? "OFF" : "FULL")")
        guard try integer("PRAGMA synchronous") == (fast ? 0 : 2) else { throw StoreError(.io, "synchronous") }
        try run("PRAGMA temp_store=MEMORY")
        if fast { try run("PRAGMA locking_mode=EXCLUSIVE") }
    }

    /// Leaves the log beside the store when it is closed, as a process does that ends.
    package func keepLog() { wardsync_sqlite_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1) }

    /// Runs a statement once, without results.
    package func run(_ sql: String) throws(StoreError) {
        try check()
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw fail(code) }
    }

    private func commit() throws(StoreError) {
        guard let aroundCommit else { return try run("COMMIT") }
        try check()
        var code = SQLITE_OK
        aroundCommit { code = sqlite3_exec(handle, "COMMIT", nil, nil, nil) }
        guard code == SQLITE_OK else { throw fail(code) }
    }

    /// A statement of a literal, prepared at its first use and kept; for what runs once for each change set.
    package func prepared(_ sql: StaticString) throws(StoreError) -> Statement {
        if broken == nil, let known = literals[sql.utf8Start] {
            known.reset()
            return known
        }
        let statement = try prepare(sql.description)
        literals[sql.utf8Start] = statement
        return statement
    }

    /// A statement, prepared at its first use and kept.
    package func prepare(_ sql: String) throws(StoreError) -> Statement {
        try check()
        if let known = statements[sql] {
            known.reset()
            return known
        }
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw fail(code) }
        let statement = Statement(prepared, of: self)
        statements[sql] = statement
        return statement
    }

    /// Does all of `body` or nothing of it. Acknowledge only after this returned.
    package func transaction<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result, mapping: (StoreError) -> Failure
    ) throws(Failure) -> Result {
        do { try run("BEGIN IMMEDIATE") } catch { throw mapping(error) }
        isInTransaction = true
        defer { isInTransaction = false }
        let result: Result
        do {
            result = try body()
        } catch {
            try? run("ROLLBACK")
            throw error
        }
        do {
            try willCommit?()
            try commit()
        } catch {
            try? run("ROLLBACK")
            throw mapping(error)
        }
        return result
    }

    package func transaction<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try transaction(body) { $0 }
    }

    /// The first column of the first row as text.
    package func text(_ sql: String) throws(StoreError) -> String? {
        let statement = try prepare(sql)
        defer { statement.reset() }
        return try statement.step() ? statement.text(0) : nil
    }

    /// The first column of the first row as a number.
    package func integer(_ sql: String) throws(StoreError) -> Int64? {
        let statement = try prepare(sql)
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : nil
    }

    /// For what SQLite does with a whole connection.
    var connection: OpaquePointer { handle }

    package var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }
    package var changedRows: Int { Int(sqlite3_changes(handle)) }

    private func check() throws(StoreError) {
        if let broken { throw broken }
    }

    func fail(_ code: Int32) -> StoreError {
        let error = Self.error(code, handle)
        if error.code == .io || error.code == .damaged { broken = error }
        return error
    }

    private static func error(_ code: Int32, _ handle: OpaquePointer?) -> StoreError {
        let detail = handle.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
        switch code & 0xFF {
        case SQLITE_FULL: return StoreError(.full, detail)
        case SQLITE_NOTADB: return StoreError(.notAStore, detail)
        case SQLITE_CORRUPT: return StoreError(.damaged, detail)
        case SQLITE_BUSY, SQLITE_LOCKED: return StoreError(.busy, detail)
        case SQLITE_READONLY, SQLITE_PERM: return StoreError(.readOnly, detail)
        case SQLITE_CANTOPEN: return StoreError(.io, detail)
        case SQLITE_IOERR:
            return StoreError(sqlite3_system_errno(handle) == 28 ? .full : .io, detail)
        default: return StoreError(.misuse, detail)
        }
    }
}

/// Turns off what a hostile file could use against its reader.
private func sqlite3_db_config_defensive(_ handle: OpaquePointer) {
    wardsync_sqlite_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1)
    wardsync_sqlite_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
}
