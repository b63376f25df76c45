// Putting a passphrase on a home, changing it, taking it off: the whole store is written anew and takes the old one's place.

import Glibc

extension ReplicaHome {
    private static func newPath(_ home: String) -> String { home + "/" + newName }
    private static func oldPath(_ home: String) -> String { home + "/" + oldName }
    private static let newName = "replica.db-sealing-new"
    private static let oldName = "replica.db-sealing-old"

    /// What a home may have beside its store and its lock while it is sealed anew.
    package static let passingFiles = [newName, newName + "-wal", newName + "-shm", newName + "-journal", oldName]

    /// The head of a sealed store.
    /// - Returns: `nil` where there is no store, or one that is not sealed.
    package static func head(at path: String) throws(StoreError) -> SealedStoreHead? {
        var info = stat()
        guard stat(storePath(path), &info) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else { throw failure() }
            return nil
        }
        guard info.st_size > 0 else { return nil }
        return try SealedStoreHead(SealedStoreFiles.beginning(of: storePath(path)))
    }

    /// Writes the store of a home anew under a vault, or under none, and overwrites the old one. Nobody may have the home
    /// open. Whatever ends the process meanwhile, one of the two stands there whole; the next command overwrites the other.
    /// - Parameters:
    ///   - vault: what the store is sealed with now; `nil` where it is not.
    ///   - seal: what it shall be sealed with, and the passphrase's lock on that.
    ///   - changing: done to the new store before it counts.
    /// - Throws: `locked` where the store is sealed otherwise by now, and the store's failures; then the old one stands.
    package static func reseal(
        at path: String, from vault: Vault?, to seal: (vault: Vault, lock: PassphraseLock)?,
        changing: (Database) throws(StoreError) -> Void = { _ in }
    ) throws(StoreError) {
        let lock = try takeLock(path)
        defer { close(lock) }
        clearPassing(path)
        guard try (head(at: path) == nil) == (vault == nil) else { throw StoreError(.locked) }
        let source = try openStore(path, .alone, vault)
        // Nobody else opens the old store until it is overwritten.
        defer { withExtendedLifetime(source) {} }
        do throws(StoreError) {
            try makeStore(
                newPath(path), like: storePath(path), head: seal.map { SealedStoreHead($0.lock, of: $0.vault) })
            try fill(newPath(path), seal?.vault, from: source, changing)
            guard sync(newPath(path)) else { throw failure() }
            try emptyLog(of: source, path)
        } catch {
            clearPassing(path)
            throw error
        }
        try exchange(path)
    }

    /// An empty file for the new store, of the old one's owner.
    private static func makeStore(_ path: String, like old: String, head: SealedStoreHead?) throws(StoreError) {
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure() }
        defer { close(file) }
        var (owner, own) = (stat(), stat())
        guard stat(old, &owner) == 0, fstat(file, &own) == 0 else { throw failure() }
        if owner.st_uid != own.st_uid {
            guard fchown(file, owner.st_uid, gid_t.max) == 0 else { throw failure() }
        }
        // The group may do nothing with it anyway.
        if owner.st_gid != own.st_gid { _ = fchown(file, uid_t.max, owner.st_gid) }
        guard let block = head?.block else { return }
        guard block.withUnsafeBytes({ write(file, $0.baseAddress, $0.count) }) == block.count else { throw failure() }
    }

    private static func fill(
        _ path: String, _ vault: Vault?, from source: Database, _ changing: (Database) throws(StoreError) -> Void
    ) throws(StoreError) {
        let target = try Database(path: path, mode: .alone, vault: vault)
        // Without a log, which would take the same room once more; if this fails, the whole file goes.
        try target.run("PRAGMA journal_mode=MEMORY")
        try source.copy(into: target)
        try changing(target)
        guard try target.text("PRAGMA journal_mode=WAL") == "wal" else { throw StoreError(.io, "copy") }
        guard try target.text("PRAGMA quick_check") == "ok" else { throw StoreError(.damaged, "copy") }
        guard try target.integer("PRAGMA wal_checkpoint(TRUNCATE)") == 0 else { throw StoreError(.busy, "copy") }
    }

    /// Brings what is in the old store's log into the old store and overwrites the log, whose name the new one's will have.
    private static func emptyLog(of source: Database, _ path: String) throws(StoreError) {
        guard try source.integer("PRAGMA wal_checkpoint(FULL)") == 0 else { throw StoreError(.busy, "log") }
        guard erase(storePath(path) + "-wal"), erase(storePath(path) + "-shm") else { throw failure() }
    }

    /// The new store takes the old one's name at once; the old one is kept under another until it is overwritten.
    private static func exchange(_ path: String) throws(StoreError) {
        let store = storePath(path)
        // Where a disk knows no second names, the old store is overwritten all the same, unless something fails just now.
        let isNamed = link(store, oldPath(path)) == 0
        let old = isNamed ? -1 : Glibc.open(store, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        defer { if old >= 0 { close(old) } }
        guard isNamed || old >= 0, rename(newPath(path), store) == 0 else {
            let error = failure()
            clearPassing(path)
            throw error
        }
        // From here on it is done.
        if old >= 0, syncNames(path) { overwrite(old) }
        clearPassing(path)
    }

    /// Overwrites and removes what an interrupted `reseal` left, for whoever has the lock. The store itself is never among
    /// it: it may have a second name, which is taken away. Where the disk does not say that the names are safe, all stays.
    static func clearPassing(_ path: String) {
        var store = stat()
        var info = stat()
        let left = passingFiles.map { path + "/" + $0 }.filter { lstat($0, &info) == 0 }
        guard !left.isEmpty, syncNames(path), stat(storePath(path), &store) == 0 else { return }
        for name in left {
            guard lstat(name, &info) == 0 else { continue }
            if info.st_dev == store.st_dev, info.st_ino == store.st_ino {
                unlink(name)
            } else {
                erase(name)
            }
        }
    }

    /// The same for whoever has no lock: where something is left and nobody writes.
    package static func clearLeftOver(at path: String) {
        guard passingFiles.contains(where: { access(path + "/" + $0, F_OK) == 0 }) else { return }
        let file = Glibc.open(path + "/lock", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return }
        defer { close(file) }
        if flock(file, LOCK_EX | LOCK_NB) == 0 { clearPassing(path) }
    }

    /// Overwrites a file with zeros, makes that durable, and removes it.
    /// - Returns: false where it is still there.
    @discardableResult
    package static func erase(_ path: String) -> Bool {
        let file = Glibc.open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        if file >= 0 {
            overwrite(file)
            close(file)
        }
        return unlink(path) == 0 || errno == ENOENT
    }

    private static func overwrite(_ file: Int32) {
        var info = stat()
        let zeros = Bytes(repeating: 0, count: 1 << 16)
        var left = fstat(file, &info) == 0 ? max(0, Int(info.st_size)) : 0
        lseek(file, 0, SEEK_SET)
        while left > 0 {
            let count = zeros.withUnsafeBytes { write(file, $0.baseAddress, min(left, $0.count)) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            left -= count
        }
        fsync(file)
    }

    /// Makes the names in a home durable, where the disk has a way to ask for that.
    private static func syncNames(_ path: String) -> Bool { sync(path) || errno == EINVAL || errno == ENOTSUP }

    /// Makes a file, or the names in a directory, durable.
    /// - Returns: false with the system's reason in `errno`.
    private static func sync(_ path: String) -> Bool {
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        let code = fsync(file)
        let reason = errno
        close(file)
        errno = reason
        return code == 0
    }
}
