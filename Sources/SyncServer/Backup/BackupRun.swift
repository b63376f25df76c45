// Making a backup: a consistent copy while the ward is served, checked, sealed, and only then told to the ward.
import Glibc
import SyncKit

/// A backup of a home.
struct BackupRun {
    let home: WardHome
    let link: ControlLink
    let random: any RandomSource

    /// Writes a backup to a path.
    /// - Parameter progress: bytes that are written, and of how many.
    func write(to path: String, progress: (UInt64, UInt64) -> Void) throws(BackupError) -> BackupFacts {
        let key = try home.readRecoveryPublicKey()
        let copy = home.copyPath
        unlink(copy)
        defer { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(copy + suffix) } }
        do { _ = try link.perform(.copyStore) } catch { throw .control("\(error)") }
        let (end, root) = try check(copy)
        let descriptor: WardDescriptor
        do { descriptor = try home.readDescriptor().descriptor } catch { throw .home(error) }
        var sources: [String: String] = [:]
        var files: [BackupFacts.File] = []
        for name in BackupFacts.names.dropLast() + BackupFacts.optionalNames + ["ward.db"] {
            let source = name == "ward.db" ? copy : home.path + "/" + name
            var status = stat()
            guard stat(source, &status) == 0 else {
                if errno == ENOENT, BackupFacts.optionalNames.contains(name) { continue }
                throw .file(.last(source))
            }
            sources[name] = source
            files.append(BackupFacts.File(name: name, length: UInt64(max(0, status.st_size))))
        }
        let facts = BackupFacts(
            ward: descriptor.ward, end: end, root: root, time: SystemTimeSource().nowSeconds(), files: files)
        let total = files.reduce(0) { $0 + $1.length }
        try BackupFile.write(facts, from: sources, to: path, key: key, random: random) { progress($0, total) }
        do { _ = try link.perform(.noteBackup(end.index)) } catch { throw .control("\(error)") }
        return facts
    }

    /// Whether the copy opens, is sound to SQLite, and its log leads to the root that the ward signed.
    private func check(_ copy: String) throws(BackupError) -> (end: Position, root: Digest) {
        let complaints: [String]
        do throws(StoreError) {
            complaints = try StoreCheck.integrityComplaints(try Database(path: copy, mode: .write))
        } catch { throw .home(.store(error)) }
        if let complaint = complaints.first { throw .unsound(complaint) }
        do throws(HomeError) {
            let core = try home.open(store: copy, time: SystemTimeSource(), random: random)
            return (core.end, core.root)
        } catch { throw .home(error) }
    }
}

extension WardHome {
    /// Where a copy of the store lies for as long as a backup is made of it.
    var copyPath: String { path + "/backup-copy.db" }
}
