// The file functions that SQLite is given for sealed stores: the system's own, with seals in between.

import CSQLite
import Glibc
import Synchronization

/// Registers these functions with SQLite (sqlite.org/vfs.html) and keeps the vaults of the open stores.
///
/// Only the store and its write-ahead log can be opened through them. What SQLite would otherwise put into files beside
/// them, unsealed, it is told to keep in memory; where it asks for such a file all the same, it is refused.
enum SealedStoreFiles {
    static let name = "wardsync-sealed"

    /// The system's functions; `nil` where SQLite has none, and after that nothing opens.
    private nonisolated(unsafe) static let system: UnsafeMutablePointer<sqlite3_vfs>? = {
        // Before anything else of SQLite.
        _ = Database.isConfigured
        return sqlite3_vfs_find(nil)
    }()
    static var systemName: String { system.map { String(cString: $0.pointee.zName) } ?? "unix" }

    // MARK: Vaults

    private struct Vaults: Sendable {
        var last: Int64 = 0
        var open: [Int64: Vault] = [:]
    }

    private static let vaults = Mutex(Vaults())

    /// Makes a vault known under a number, which a store's URI names, until `forget`.
    static func keep(_ vault: Vault) throws(StoreError) -> Int64 {
        guard isRegistered else { throw StoreError(.misuse, "file functions") }
        return vaults.withLock { vaults in
            vaults.last += 1
            vaults.open[vaults.last] = vault
            return vaults.last
        }
    }

    static func forget(_ number: Int64) { vaults.withLock { _ = $0.open.removeValue(forKey: number) } }

    // MARK: Heads

    /// The first bytes of a store's file.
    ///
    /// Through SQLite's own functions, because a process loses all its locks on a file as soon as it closes any other
    /// descriptor of it; these close theirs only when no lock hangs on it (sqlite.org/howtocorrupt.html, §2.2).
    static func beginning(of path: String) throws(StoreError) -> Bytes {
        let size = system.map { Int($0.pointee.szOsFile) } ?? 0
        guard let system, let open = system.pointee.xOpen, size > 0,
            let name = sqlite3_create_filename(path, path, path, 0, nil)
        else { throw StoreError(.misuse, "file functions") }
        defer { sqlite3_free_filename(name) }
        let raw = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        defer { raw.deallocate() }
        raw.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        let file = raw.assumingMemoryBound(to: sqlite3_file.self)
        let code = open(system, name, file, SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB, nil)
        defer { if file.pointee.pMethods != nil { _ = file.pointee.pMethods.pointee.xClose?(file) } }
        guard code == SQLITE_OK, let read = file.pointee.pMethods.pointee.xRead else {
            throw StoreError(.io, String(cString: sqlite3_errstr(code)))
        }
        var bytes = Bytes(repeating: 0, count: Int(SealedStoreHead.length))
        // A file that is shorter is filled up with zeros.
        let got = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress, Int32($0.count), 0) }
        guard got == SQLITE_OK || got == SealedStoreFile.shortRead else {
            throw StoreError(.io, String(cString: sqlite3_errstr(got)))
        }
        return bytes
    }

    // MARK: Registration

    /// A file as SQLite holds it: its own part, ours, and behind that the system's.
    private struct Handle {
        var base: sqlite3_file
        var sealed: Unmanaged<SealedStoreFile>?
    }

    private nonisolated(unsafe) static let methods: UnsafeMutablePointer<sqlite3_io_methods> = {
        let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        methods.initialize(to: makeMethods())
        return methods
    }()

    /// Once for the process; what is registered stays.
    private static let isRegistered: Bool = {
        guard let system else { return false }
        var own = system.pointee
        own.pNext = nil
        own.szOsFile = Int32(MemoryLayout<Handle>.stride) + system.pointee.szOsFile
        own.zName = UnsafePointer(strdup(name))
        own.xOpen = { _, name, file, flags, outFlags in SealedStoreFiles.open(name, file, flags, outFlags) }
        let kept = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        kept.initialize(to: own)
        return sqlite3_vfs_register(kept, 0) == SQLITE_OK
    }()

    private static func open(
        _ name: UnsafePointer<CChar>?, _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32,
        _ outFlags: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let file else { return SQLITE_MISUSE }
        file.pointee.pMethods = nil
        let kind: SealedStoreLayout.Kind
        switch flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL) {
        case SQLITE_OPEN_MAIN_DB: kind = .store
        case SQLITE_OPEN_WAL: kind = .log
        default: return SQLITE_CANTOPEN
        }
        guard let name, let system, let open = system.pointee.xOpen,
            let store = kind == .store ? name : sqlite3_filename_database(name)
        else { return SQLITE_CANTOPEN }
        let number = sqlite3_uri_int64(store, "vault", 0)
        guard let vault = vaults.withLock({ $0.open[number] }) else { return SQLITE_CANTOPEN }
        let raw = UnsafeMutableRawPointer(file)
        let inner = (raw + MemoryLayout<Handle>.stride).assumingMemoryBound(to: sqlite3_file.self)
        inner.pointee.pMethods = nil
        let code = open(system, name, inner, flags, outFlags)
        guard code == SQLITE_OK else {
            if inner.pointee.pMethods != nil { _ = inner.pointee.pMethods.pointee.xClose?(inner) }
            return code
        }
        let handle = raw.assumingMemoryBound(to: Handle.self)
        handle.pointee.sealed = Unmanaged.passRetained(SealedStoreFile(kind, vault, inner))
        file.pointee.pMethods = UnsafePointer(methods)
        return SQLITE_OK
    }

    // MARK: Functions of an open file

    private static func sealed(_ file: UnsafeMutablePointer<sqlite3_file>?) -> SealedStoreFile? {
        guard let file else { return nil }
        return UnsafeMutableRawPointer(file).assumingMemoryBound(to: Handle.self).pointee.sealed?
            .takeUnretainedValue()
    }

    /// Calls a function of the system's file.
    private static func inner(
        _ file: UnsafeMutablePointer<sqlite3_file>?,
        _ call: (sqlite3_io_methods, UnsafeMutablePointer<sqlite3_file>) -> Int32?
    ) -> Int32 {
        guard let file = sealed(file)?.file, let methods = file.pointee.pMethods else { return SQLITE_IOERR }
        return call(methods.pointee, file) ?? SQLITE_IOERR
    }

    private static func close(_ file: UnsafeMutablePointer<sqlite3_file>?) -> Int32 {
        let code = inner(file) { $0.xClose?($1) }
        guard let file else { return code }
        UnsafeMutableRawPointer(file).assumingMemoryBound(to: Handle.self).pointee.sealed?.release()
        file.pointee.pMethods = nil
        return code
    }

    private static func makeMethods() -> sqlite3_io_methods {
        var methods = sqlite3_io_methods()
        // Version 2: with shared memory for the log's index, without mapped pages.
        methods.iVersion = 2
        methods.xClose = { SealedStoreFiles.close($0) }
        methods.xRead = { file, buffer, count, offset in
            guard let sealed = SealedStoreFiles.sealed(file), let buffer, count >= 0 else { return SQLITE_IOERR }
            return sealed.read(UnsafeMutableRawBufferPointer(start: buffer, count: Int(count)), at: offset)
        }
        methods.xWrite = { file, buffer, count, offset in
            guard let sealed = SealedStoreFiles.sealed(file), let buffer, count >= 0 else { return SQLITE_IOERR }
            return sealed.write(UnsafeRawBufferPointer(start: buffer, count: Int(count)), at: offset)
        }
        methods.xTruncate = { SealedStoreFiles.sealed($0)?.truncate(to: $1) ?? SQLITE_IOERR }
        methods.xFileSize = { file, size in
            guard let size else { return SQLITE_IOERR }
            return SealedStoreFiles.sealed(file)?.size(size) ?? SQLITE_IOERR
        }
        methods.xSync = { file, flags in SealedStoreFiles.inner(file) { $0.xSync?($1, flags) } }
        methods.xLock = { file, level in SealedStoreFiles.inner(file) { $0.xLock?($1, level) } }
        methods.xUnlock = { file, level in SealedStoreFiles.inner(file) { $0.xUnlock?($1, level) } }
        methods.xCheckReservedLock = { file, out in SealedStoreFiles.inner(file) { $0.xCheckReservedLock?($1, out) } }
        methods.xFileControl = { file, op, argument in
            SealedStoreFiles.inner(file) { $0.xFileControl?($1, op, argument) }
        }
        methods.xSectorSize = { SealedStoreFiles.inner($0) { $0.xSectorSize?($1) } }
        methods.xDeviceCharacteristics = { file in
            // Pieces are no blocks of the disk: nothing is promised of their being written at once.
            SealedStoreFiles.inner(file) { $0.xDeviceCharacteristics?($1) }
                & (SQLITE_IOCAP_POWERSAFE_OVERWRITE | SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN | SQLITE_IOCAP_IMMUTABLE)
        }
        methods.xShmMap = { file, region, size, extend, out in
            SealedStoreFiles.inner(file) { $0.xShmMap?($1, region, size, extend, out) }
        }
        methods.xShmLock = { file, offset, count, flags in
            SealedStoreFiles.inner(file) { $0.xShmLock?($1, offset, count, flags) }
        }
        methods.xShmBarrier = { file in
            _ = SealedStoreFiles.inner(file) { methods, file in
                methods.xShmBarrier?(file)
                return SQLITE_OK
            }
        }
        methods.xShmUnmap = { file, delete in SealedStoreFiles.inner(file) { $0.xShmUnmap?($1, delete) } }
        return methods
    }
}
