// A home: the directory of one device's store, open to its owner only, with a lock for who writes.

import Glibc

/// A home directory (mode 0700) with the store `replica.db` (0600) and the file `lock`.
///
/// Writers hold the lock as long as the home is open, so that two commands never write at the same time. Readers share
/// it where nobody writes, and then read a file that stands still, which is much the quickest way; beside a writer they
/// read through the store's log, without the lock. Ending the process gives the lock back, whatever ended it.
package final class ReplicaHome {
    /// What a home is opened for.
    package enum Purpose: Sendable {
        case reading
        case writing
    }

    /// How long a writer waits for another, in seconds: a sync on a poor link is that long at its request.
    package static let waitSeconds = 90
    /// How often a writer that waits looks again, in microseconds.
    private static let lookMicroseconds: UInt32 = 20_000

    package let path: String
    package let database: Database
    /// The lock's descriptor; -1 where it is not held.
    private var lock: Int32

    package static func storePath(_ home: String) -> String { home + "/replica.db" }

    private init(path: String, database: Database, lock: Int32) {
        self.path = path
        self.database = database
        self.lock = lock
    }

    deinit { release() }

    /// Gives the lock back: after the last use of a database that was opened for reading, before a slow output.
    package func release() {
        if lock >= 0 { close(lock) }
        lock = -1
    }

    /// Opens the home at a path.
    /// - Parameters:
    ///   - vault: of a home whose store a passphrase protects.
    ///   - waits: asked again and again while another writes, with the milliseconds that were waited; false gives up.
    /// - Throws: `missing` where there is none, `locked` where the vault is missing or another one, `busy` where another
    ///   writer does not end, and the store's failures.
    package static func open(
        at path: String, for purpose: Purpose, vault: Vault? = nil,
        waits: (_ milliseconds: Int) -> Bool = { _ in true }
    ) throws(StoreError) -> ReplicaHome {
        let store = storePath(path)
        var info = stat()
        guard stat(store, &info) == 0 else {
            throw StoreError(errno == ENOENT || errno == ENOTDIR ? .missing : .io, reason())
        }
        // An empty file is what an interrupted creation leaves behind.
        guard info.st_size > 0 else { throw StoreError(.missing, "empty") }
        if purpose == .reading {
            clearLeftOver(at: path)
            let lock = shareLock(path)
            do throws(StoreError) {
                return ReplicaHome(
                    path: path, database: try openStore(path, lock >= 0 ? .frozen : .read, vault), lock: lock)
            } catch {
                if lock >= 0 { close(lock) }
                throw error
            }
        }
        let lock = try takeLock(path, waits)
        do throws(StoreError) {
            clearPassing(path)
            return ReplicaHome(path: path, database: try openStore(path, .write, vault), lock: lock)
        } catch {
            close(lock)
            throw error
        }
    }

    /// The store of a home, which is sealed or not.
    static func openStore(_ path: String, _ mode: Database.Mode, _ vault: Vault?) throws(StoreError) -> Database {
        guard let head = try head(at: path) else { return try Database(path: storePath(path), mode: mode) }
        guard let vault, head.fits(vault) else { throw StoreError(.locked) }
        return try Database(path: storePath(path), mode: mode, vault: vault)
    }

    /// The lock alone, for whoever removes a home that does not open.
    /// - Throws: `busy` where another writer does not end.
    package static func holdLock(at path: String) throws(StoreError) -> ReplicaHomeLock {
        ReplicaHomeLock(try takeLock(path))
    }

    /// Makes the directory and an empty store file, or takes an unfinished one.
    package static func create(at path: String) throws(StoreError) -> ReplicaHome {
        try makeDirectories(path)
        let lock = try takeLock(path)
        do throws(StoreError) {
            let store = storePath(path)
            let file = Glibc.open(store, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard file >= 0 else { throw failure() }
            fchmod(file, 0o600)
            close(file)
            guard try head(at: path) == nil else { throw StoreError(.locked) }
            return ReplicaHome(path: path, database: try Database(path: store, mode: .create), lock: lock)
        } catch {
            close(lock)
            throw error
        }
    }

    /// Makes a directory with its parents; the last is the owner's alone.
    private static func makeDirectories(_ path: String) throws(StoreError) {
        guard path.utf8.count < Int(PATH_MAX) else { throw StoreError(.io, "path too long") }
        var place = path.utf8.startIndex
        let slash = UInt8(ascii: "/")
        while let next = path.utf8[place...].dropFirst().firstIndex(of: slash) {
            mkdir(String(path[..<next]), 0o755)
            place = next
        }
        if mkdir(path, 0o700) == 0 { return }
        guard errno == EEXIST else { throw failure() }
        var info = stat()
        guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFDIR else { throw StoreError(.io, "not a directory") }
    }

    /// Shares the lock, where nobody writes and the last writer left no log behind; -1 elsewhere.
    private static func shareLock(_ path: String) -> Int32 {
        let file = Glibc.open(path + "/lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return -1 }
        if flock(file, LOCK_SH | LOCK_NB) == 0, access(storePath(path) + "-wal", F_OK) != 0 { return file }
        close(file)
        return -1
    }

    /// Waits for the lock, but not for ever.
    static func takeLock(_ path: String, _ waits: (Int) -> Bool = { _ in true }) throws(StoreError) -> Int32 {
        let file = Glibc.open(path + "/lock", O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure() }
        var isBusy = true
        for waited in stride(from: 0, to: waitSeconds * 1000, by: Int(lookMicroseconds / 1000)) {
            if flock(file, LOCK_EX | LOCK_NB) == 0 { return file }
            isBusy = errno == EWOULDBLOCK || errno == EINTR
            guard isBusy, waits(waited) else { break }
            usleep(lookMicroseconds)
        }
        let error = isBusy ? StoreError(.busy, "lock") : failure()
        close(file)
        throw error
    }

    private static func reason() -> String { String(cString: strerror(errno)) }

    static func failure() -> StoreError {
        switch errno {
        case ENOSPC, EDQUOT: StoreError(.full, reason())
        case EROFS, EACCES, EPERM: StoreError(.readOnly, reason())
        default: StoreError(.io, reason())
        }
    }
}

/// The lock of a home, as long as this exists.
package final class ReplicaHomeLock {
    private let file: Int32

    fileprivate init(_ file: Int32) { self.file = file }

    deinit { close(file) }
}
