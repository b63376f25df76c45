// Putting a passphrase on a home, changing it, taking it off: the whole store is written anew and takes the old one's place.

import Glibc

extension ReplicaHome {
    private static func newPath(_ home: String) -> String { storePath(home) + ".new" }
    private static func oldPath(_ home: String) -> String { storePath(home) + ".old" }

    /// What a home may have beside its store and its lock while it is sealed anew.
    package static let passingFiles = [".new", ".new-wal", ".new-shm", ".new-journal", ".old"].map { "replica.db" + $0 }

    /// The head of a sealed store.
    /// - Returns: `nil` where there is no store, or one that is not sealed.
    package static func head(at path: String) throws(StoreError) -> SealedStoreHead? {
        let file = Glibc.open(storePath(path), O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var block = Bytes(repeating: 0, count: Int(SealedStoreHead.length))
        let count = block.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return nil }
        return try SealedStoreHead(Bytes(block.prefix(count)))
    }

    /// Writes the store of a home anew under a vault, or under none, and overwrites the old one. Nobody may have the home
    /// open. Whatever ends the process meanwhile, one of the two stands there whole; the next writer overwrites the other.
    /// - Parameters:
    ///   - vault: what the store is sealed with now; `nil` where it is not.
    ///   - seal: what it shall be sealed with, and the passphrase's lock on that.
    ///   - changing: done to the new store before it counts.
    package static func reseal(
        at path: String, from vault: Vault?, to seal: (vault: Vault, lock: PassphraseLock)?,
        changing: (Database) throws(StoreError) -> Void = { _ in }
    ) throws(StoreError) {
        let lock = try takeLock(path)
        defer { close(lock) }
        clearPassing(path)
        let source = try Database(path: storePath(path), mode: .alone, vault: vault)
        do throws(StoreError) {
            try makeStore(newPath(path), head: seal.map { SealedStoreHead($0.lock, of: $0.vault) })
            try fill(newPath(path), seal?.vault, from: source, changing)
            try sync(newPath(path))
            // Nothing of the old store is in the log beside it, which will be the new one's.
            guard try source.integer("PRAGMA wal_checkpoint(TRUNCATE)") == 0 else { throw StoreError(.busy, "log") }
            try exchange(path)
        } catch {
            clearPassing(path)
            throw error
        }
        clearPassing(path)
    }

    private static func makeStore(_ path: String, head: SealedStoreHead?) throws(StoreError) {
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure() }
        defer { close(file) }
        guard let block = head?.block else { return }
        guard block.withUnsafeBytes({ write(file, $0.baseAddress, $0.count) }) == block.count else { throw failure() }
    }

    private static func fill(
        _ path: String, _ vault: Vault?, from source: Database, _ changing: (Database) throws(StoreError) -> Void
    ) throws(StoreError) {
        let target = try Database(path: path, mode: .alone, vault: vault)
        try source.copy(into: target)
        try changing(target)
        guard try target.text("PRAGMA quick_check") == "ok" else { throw StoreError(.damaged, "copy") }
        guard try target.integer("PRAGMA wal_checkpoint(TRUNCATE)") == 0 else { throw StoreError(.busy, "copy") }
    }

    /// The new store takes the old one's name at once; the old one is kept under another until it is overwritten.
    private static func exchange(_ path: String) throws(StoreError) {
        let store = storePath(path)
        let old = Glibc.open(store, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard old >= 0 else { throw failure() }
        defer { close(old) }
        // Where a disk knows no second names, the old store is overwritten all the same, unless the process ends just now.
        let isNamed = link(store, oldPath(path)) == 0
        guard rename(newPath(path), store) == 0 else { throw failure() }
        try sync(path)
        if !isNamed { overwrite(old) }
    }

    /// Overwrites and removes what an interrupted `reseal` left. The store itself is never among it: it may have a second
    /// name, which is taken away.
    static func clearPassing(_ path: String) {
        var store = stat()
        var info = stat()
        guard stat(storePath(path), &store) == 0 else { return }
        for name in passingFiles {
            let name = path + "/" + name
            guard lstat(name, &info) == 0 else { continue }
            if info.st_dev == store.st_dev, info.st_ino == store.st_ino {
                unlink(name)
            } else {
                erase(name)
            }
        }
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

    /// Makes a file, or the names in a directory, durable.
    private static func sync(_ path: String) throws(StoreError) {
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure() }
        defer { close(file) }
        guard fsync(file) == 0 else { throw failure() }
    }
}
