// doctor: is the file sound, and do the derived tables say what the ward log says?
import CommandLineKit
import Glibc
import SyncKit

/// What a check of a store found.
struct StoreCheck {
    /// SQLite's complaints about the file; none where it is sound.
    var complaints: [String] = []
    var documents = 0
    /// Documents whose state was another after it was made anew from the log.
    var differing: [Digest] = []
    /// Whether the log has the same root after the rebuild; always, unless the store changes underfoot.
    var isSameLog = true
    /// A checkpoint that the ward signed and its log does not go on from.
    var newer: Checkpoint?

    var isSound: Bool { complaints.isEmpty && differing.isEmpty && isSameLog && newer == nil }

    /// Checks a store and makes its derived tables anew. The store is this process's alone.
    static func run(_ home: WardHome, store: String) throws(HomeError) -> StoreCheck {
        var check = StoreCheck()
        do {
            let database = try Database(path: store, mode: .write)
            check.complaints = try integrityComplaints(database)
        } catch { throw .store(error) }
        guard check.complaints.isEmpty else { return check }
        let before = try hashes(home, store)
        do { try WardCore.rebuild(try Database(path: store, mode: .write)) } catch { throw .store(error) }
        let after = try hashes(home, store)
        check.documents = before.documents.count
        check.isSameLog = before.root == after.root
        check.newer = before.newer
        check.differing = Set(before.documents.keys).union(after.documents.keys)
            .filter { before.documents[$0] != after.documents[$0] }.sorted()
        return check
    }

    private static func hashes(_ home: WardHome, _ store: String) throws(HomeError) -> (
        root: Digest, documents: [Digest: Digest], newer: Checkpoint?
    ) {
        let core = try home.open(store: store, time: SystemTimeSource(), random: SystemRandomSource())
        do {
            try core.flush()
            return (core.root, try core.stateHashes(), core.newer)
        } catch { throw .store(error) }
    }

    static func integrityComplaints(_ database: Database) throws(StoreError) -> [String] {
        let statement = try database.prepare("PRAGMA integrity_check(20)")
        defer { statement.reset() }
        var found: [String] = []
        while try statement.step() { found.append(statement.text(0)) }
        return found == ["ok"] ? [] : found
    }
}

extension CommandRun {
    func doctor() throws(ErrorReport) -> ExitCode {
        let check: StoreCheck
        do {
            check = try parsed.flag("rebuild") ? rebuild() : checkCopy()
        } catch { throw ErrorReport(error) }
        if terminal.isJSON {
            printJSON(
                .object([
                    "sound": .bool(check.isSound), "integrity": .array(check.complaints.map { .text($0) }),
                    "documents": .count(check.documents), "same_log": .bool(check.isSameLog),
                    "differing": .array(check.differing.prefix(1000).map { .text($0.hex) }),
                    "newer_checkpoint": check.newer?.controlValue ?? .null,
                    "rebuilt": .bool(parsed.flag("rebuild") && check.complaints.isEmpty),
                ]))
            return check.isSound ? .ok : .storeUnusable
        }
        for complaint in check.complaints.prefix(20) {
            terminal.print(Message(vi: "Tệp kho hỏng: {0}", en: "The file is damaged: {0}"), complaint)
        }
        if let newer = check.newer {
            terminal.warn(Self.olderStore, String(newer.position.epoch), String(newer.position.index))
        }
        for id in check.differing.prefix(20) {
            terminal.print(
                Message(
                    vi: "Mục {0} khác với sổ phường.", en: "Document {0} is not what the ward log says."),
                ShortID.text(id))
        }
        terminal.print(
            check.isSound
                ? Message(
                    vi: "Kho lành lặn; số mục đã dựng lại và khớp: {0}.",
                    en: "The store is sound; documents made anew and equal: {0}.")
                : Message(
                    vi: "Kho có vấn đề; số mục đã so: {0}, số mục khác: {1}.",
                    en: "The store has problems; documents compared: {0}, differing: {1}."),
            String(check.documents), String(check.differing.count))
        return check.isSound ? .ok : .storeUnusable
    }

    private func rebuild() throws(HomeError) -> StoreCheck {
        _ = try home.readDescriptor()
        guard let lock = try HomeLock(home) else { throw .busy }
        defer { lock.release() }
        return try StoreCheck.run(home, store: home.store)
    }

    /// Checks a copy, so that a server may go on meanwhile. The copy needs as much room again as the store.
    private func checkCopy() throws(HomeError) -> StoreCheck {
        let link = try ControlLink.open(home)
        let copy = home.path + "/check.db"
        func removeCopy() { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(copy + suffix) } }
        removeCopy()
        defer {
            removeCopy()
            link.close()
        }
        do {
            let database = try Database(path: home.store, mode: .read)
            try database.run("PRAGMA query_only=0")
            try database.prepare("VACUUM INTO ?1").bind(1, copy).run()
        } catch { throw .store(error) }
        return try StoreCheck.run(home, store: copy)
    }
}
