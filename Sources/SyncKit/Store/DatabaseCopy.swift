// A consistent copy of a store while it is in use: SQLite's online backup.

import CSQLite

/// A copy in progress. The store may be written between two steps, by the same connection: SQLite brings the copy up
/// to date by itself (sqlite.org/backup.html).
///
/// `@unchecked Sendable`, because steps are made by whoever owns the store at that moment, one at a time.
package final class DatabaseCopy: @unchecked Sendable {
    private let target: OpaquePointer
    private let backup: OpaquePointer
    private var isEnded = false

    /// Begins a copy into a file that does not exist or may be replaced.
    fileprivate init(of source: OpaquePointer, to path: String) throws(StoreError) {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        guard sqlite3_open_v2(path, &opened, flags, nil) == SQLITE_OK, let target = opened else {
            sqlite3_close_v2(opened)
            throw StoreError(.io, "copy")
        }
        guard let backup = sqlite3_backup_init(target, "main", source, "main") else {
            sqlite3_close_v2(target)
            throw StoreError(.io, "copy")
        }
        self.target = target
        self.backup = backup
    }

    deinit {
        if !isEnded { sqlite3_backup_finish(backup) }
        sqlite3_close_v2(target)
    }

    /// Copies so many pages more.
    /// - Returns: whether the copy is whole.
    package func step(pages: Int32) throws(StoreError) -> Bool {
        switch sqlite3_backup_step(backup, pages) {
        case SQLITE_OK, SQLITE_BUSY, SQLITE_LOCKED: return false
        case SQLITE_DONE:
            isEnded = true
            guard sqlite3_backup_finish(backup) == SQLITE_OK,
                // The copy stands alone: no log beside it that would have to be kept with it.
                sqlite3_exec(target, "PRAGMA journal_mode=DELETE", nil, nil, nil) == SQLITE_OK
            else { throw StoreError(.io, "copy") }
            return true
        case let code where code & 0xFF == SQLITE_FULL: throw StoreError(.full, "copy")
        default: throw StoreError(.io, "copy")
        }
    }

    /// How many pages are left, and of how many; zero before the first step.
    package var progress: (left: Int, total: Int) {
        isEnded ? (0, 0) : (Int(sqlite3_backup_remaining(backup)), Int(sqlite3_backup_pagecount(backup)))
    }
}

extension Database {
    /// Copies the whole store into an empty one that nobody else uses.
    func copy(into target: Database) throws(StoreError) {
        guard let backup = sqlite3_backup_init(target.connection, "main", connection, "main") else {
            throw StoreError(.io, "copy")
        }
        let code = sqlite3_backup_step(backup, -1)
        let end = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, end == SQLITE_OK else {
            switch (end == SQLITE_OK ? code : end) & 0xFF {
            case SQLITE_FULL: throw StoreError(.full, "copy")
            case SQLITE_CORRUPT, SQLITE_NOTADB: throw StoreError(.damaged, "copy")
            default: throw StoreError(.io, "copy")
            }
        }
    }

    /// Begins a consistent copy of the store.
    package func beginCopy(to path: String) throws(StoreError) -> DatabaseCopy {
        try DatabaseCopy(of: connection, to: path)
    }
}
