// A store that is sealed as a whole: it says nothing, behaves as any other, and survives what a plain one survives.

import Glibc
import Testing

@testable import SyncKit

/// A directory with a store in it, sealed or not.
final class StorePlace {
    let folder: String
    let vault: Vault?
    var path: String { ReplicaHome.storePath(folder) }

    static let random = SeededRandomSource(seed: 11)

    init(sealed: Bool) throws {
        folder = "/tmp/wardsync-sealed-\(UInt64.random(in: 0 ... .max))"
        mkdir(folder, 0o700)
        vault = sealed ? try Vault.make(random: Self.random) : nil
        if let vault {
            let lock = try #require(Self.lock(vault))
            Self.write(path, SealedStoreHead(lock, of: vault).block)
        } else {
            Self.write(path, [])
        }
    }

    deinit {
        for name in names { unlink(folder + "/" + name) }
        rmdir(folder)
    }

    /// The quickest lock that is allowed.
    static func lock(_ vault: Vault) -> PassphraseLock? {
        PassphraseLock(
            vault, passphrase: "Mùa mưa ở Hồng Gai", idleMinutes: 0, random: random, operations: 1,
            memoryBytes: PassphraseLock.allowedMemoryBytes.lowerBound)
    }

    static func write(_ path: String, _ bytes: Bytes) {
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(file) }
        _ = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
    }

    static func read(_ path: String) -> Bytes {
        let file = Glibc.open(path, O_RDONLY)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var bytes = Bytes(repeating: 0, count: Int(max(0, lseek(file, 0, SEEK_END))))
        _ = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
        return bytes
    }

    func open(_ mode: Database.Mode = .write) throws -> Database { try Database(path: path, mode: mode, vault: vault) }

    var names: [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The files that hold these bytes.
    func find(_ bytes: Bytes) -> [String] {
        names.filter { Self.read(folder + "/" + $0).firstRange(of: bytes) != nil }
    }
}

@Suite struct SealedStoreTests {
    private static let table =
        "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT UNIQUE, b BLOB); CREATE INDEX i ON t(b); "
        + "CREATE VIRTUAL TABLE f USING fts5(a)"

    private static func dump(_ database: Database) throws -> [String] {
        let rows = try database.prepare("SELECT id,a,b FROM t ORDER BY id")
        defer { rows.reset() }
        var all: [String] = []
        while try rows.step() { all.append("\(rows.integer(0)) \(rows.text(1)) \(Blake2b.hash(rows.bytes(2)).hex)") }
        return all
    }

    @Test func everyByteOfAFileHasOnePieceAndSizesFitTogether() {
        for kind in [SealedStoreLayout.Kind.store, .log] {
            let layout = SealedStoreLayout(kind: kind)
            var offset: Int64 = 0
            var stored = layout.piece(at: 0).stored
            for _ in 0..<200 {
                let piece = layout.piece(at: offset)
                #expect(piece.start == offset && piece.stored == stored)
                #expect(layout.piece(at: offset + Int64(piece.count) - 1) == piece)
                offset += Int64(piece.count)
                stored += Int64(piece.count + Vault.overhead)
                // A file that ends behind a whole page or frame is as long as SQLite left it.
                let isWhole = kind == .store || piece.count != 24
                if isWhole { #expect(layout.stored(offset) == stored && layout.visible(stored) == offset) }
                for more: Int64 in [1, 30, 64] where isWhole { #expect(layout.visible(stored + more) == offset) }
            }
        }
        #expect(SealedStoreLayout(kind: .log).visible(0) == 0 && SealedStoreLayout(kind: .log).stored(0) == 0)
        #expect(SealedStoreLayout(kind: .store).visible(0) == 0)
    }

    /// Everything that is asked of a sealed store is asked of a plain one as well.
    @Test func itAnswersAsAPlainStoreDoesAndSaysNothing() throws {
        var chance = SeededChance("sealed store")
        let (sealed, plain) = (try StorePlace(sealed: true), try StorePlace(sealed: false))
        var (one, other) = (try sealed.open(), try plain.open())
        for database in [one, other] { try database.run(Self.table) }
        let marks = ["Đèn hỏng ở hẻm 3", "H05.17.26-261122-0001"]
        for step in 0..<300 {
            let key = Int64(chance.below(400))
            let blob = chance.bytes(chance.below(20) == 0 ? 30_000 : chance.below(300))
            let text = "\(marks[step % 2]) \(step)"
            let isUndone = chance.below(6) == 0
            struct Undone: Error {}
            for database in [one, other] {
                func change() throws(StoreError) {
                    try database.prepare("INSERT OR REPLACE INTO t VALUES(?1,?2,?3)").bind(1, key).bind(2, text)
                        .bind(3, blob).run()
                    try database.prepare("INSERT INTO f VALUES(?1)").bind(1, text).run()
                    if step % 17 == 0 { try database.run("DELETE FROM t WHERE id % 7 = 3") }
                    if isUndone { throw StoreError(.misuse, "undone") }
                }
                do { try database.transaction(change) } catch {
                    guard isUndone, error.detail == "undone" else { throw error }
                }
            }
            if step % 40 == 39 {
                for mark in marks {
                    #expect(sealed.find(Bytes(mark.utf8)).isEmpty && !plain.find(Bytes(mark.utf8)).isEmpty)
                }
                #expect(Set(sealed.names).isSubset(of: ["replica.db", "replica.db-wal", "replica.db-shm"]))
                if chance.below(2) == 0 {
                    for database in [one, other] { try database.run("PRAGMA wal_checkpoint(TRUNCATE)") }
                }
                if chance.below(2) == 0 { (one, other) = (try sealed.open(), try plain.open()) }
            }
            if step % 60 == 59 {
                #expect(try Self.dump(one) == Self.dump(other))
                let counts = try [one, other].map { try $0.integer("SELECT count(*) FROM f WHERE f MATCH 'hỏng'") }
                #expect(counts[0] == counts[1])
            }
        }
        try one.run("VACUUM")
        #expect(try one.text("PRAGMA integrity_check") == "ok")
        #expect(try Self.dump(one) == Self.dump(other))
        #expect(try Self.dump(sealed.open(.read)) == Self.dump(other))
        for mark in marks { #expect(sealed.find(Bytes(mark.utf8)).isEmpty) }
    }

    /// What SQLite would put into a file beside the store stays in memory, however much it is.
    @Test func aStatementThatIsUndoneHalfWayAndALargeSortNeedNoFile() throws {
        let place = try StorePlace(sealed: true)
        let database = try place.open()
        try database.run(Self.table)
        for id in 0..<3000 as Range<Int64> {
            try database.prepare("INSERT INTO t VALUES(?1,?2,zeroblob(800))").bind(1, id).bind(2, "\(id)").run()
        }
        // The last row breaks the rule: what was changed before it is put back from the statement's journal.
        #expect(throws: StoreError.self) {
            try database.run("UPDATE t SET b=zeroblob(900), a=CASE WHEN id=2999 THEN '0' ELSE a END")
        }
        #expect(try database.integer("SELECT count(*) FROM t WHERE length(b)=800") == 3000)
        #expect(try database.integer("SELECT count(*) FROM (SELECT b,a FROM t ORDER BY b||a DESC)") == 3000)
        #expect(Set(place.names) == ["replica.db", "replica.db-wal", "replica.db-shm"])
    }

    /// A process or a machine that ends at any moment leaves what was committed.
    @Test func whereverTheLogEndsTheStoreIsOneThatWasCommitted() throws {
        var chance = SeededChance("sealed log")
        let place = try StorePlace(sealed: true)
        let database = try place.open()
        try database.run("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT UNIQUE, b BLOB)")
        try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
        var states: Set<[String]> = [try Self.dump(database)]
        for id in 0..<6 as Range<Int64> {
            try database.transaction { () throws(StoreError) in
                for row in 0..<5 as Range<Int64> {
                    try database.prepare("INSERT OR REPLACE INTO t VALUES(?1,?2,?3)").bind(1, row)
                        .bind(2, "\(id) \(row)").bind(3, Bytes(repeating: UInt8(id), count: 700)).run()
                }
            }
            states.insert(try Self.dump(database))
        }
        let (store, log) = (StorePlace.read(place.path), StorePlace.read(place.path + "-wal"))
        #expect(log.count > 8000)
        let copy = try StorePlace(sealed: true)
        var found: Set<[String]> = []
        for turn in 0..<400 {
            var cut = Bytes(log.prefix(turn == 0 ? log.count : chance.below(log.count)))
            // What a disk had not written yet may be anything.
            if turn % 2 == 1, !cut.isEmpty {
                for _ in 0..<chance.below(40) {
                    cut[max(0, cut.count - 1 - chance.below(600))] ^= UInt8(1 + chance.below(255))
                }
            }
            StorePlace.write(copy.path, store)
            StorePlace.write(copy.path + "-wal", cut)
            unlink(copy.path + "-shm")
            let opened = try Database(path: copy.path, mode: .write, vault: place.vault)
            let state = try Self.dump(opened)
            #expect(states.contains(state))
            found.insert(state)
        }
        #expect(found.count > 3)
    }

    @Test func whatWasChangedInTheFileIsNoticed() throws {
        var chance = SeededChance("sealed pages")
        let place = try StorePlace(sealed: true)
        do {
            let database = try place.open()
            try database.run(Self.table)
            for id in 0..<200 as Range<Int64> {
                try database.prepare("INSERT INTO t VALUES(?1,?2,zeroblob(300))").bind(1, id).bind(2, "\(id)").run()
            }
        }
        let whole = StorePlace.read(place.path)
        #expect(place.names == ["replica.db"])
        let right = try Self.dump(try place.open(.frozen))
        for _ in 0..<200 {
            var changed = whole
            switch chance.below(3) {
            case 0: changed[4096 + chance.below(whole.count - 4096)] ^= UInt8(1 + chance.below(255))
            case 1:  // One page in another's place.
                let pages = (whole.count - 4096) / 4136
                let (from, to) = (chance.below(pages), chance.below(pages))
                changed.replaceSubrange(
                    (4096 + to * 4136)..<(4096 + (to + 1) * 4136),
                    with: whole[(4096 + from * 4136)..<(4096 + (from + 1) * 4136)])
            default: changed = Bytes(changed.prefix(4096 + chance.below(whole.count - 4096)))
            }
            StorePlace.write(place.path, changed)
            do {
                let opened = try place.open(.frozen)
                #expect(try Self.dump(opened) == right || changed.count < whole.count)
            } catch let error as StoreError {
                #expect([.damaged, .notAStore, .misuse, .io].contains(error.code), "\(error)")
            }
        }
        StorePlace.write(place.path, whole)
        let wrong = try Vault.make(random: StorePlace.random)
        #expect(throws: StoreError.self) { try Database(path: place.path, mode: .write, vault: wrong) }
        #expect(throws: StoreError.self) { try Database(path: place.path, mode: .write) }
        #expect(try Self.dump(place.open()) == right)
    }

    @Test func aHeadIsReadBackAndHostileOnesAreRefused() throws {
        var chance = SeededChance("heads")
        let vault = try Vault.make(random: StorePlace.random)
        let head = SealedStoreHead(try #require(StorePlace.lock(vault)), of: vault)
        #expect(head.block.count == 4096)
        #expect(try SealedStoreHead(head.block) == head && head.fits(vault))
        #expect(try !head.fits(Vault.make(random: StorePlace.random)))
        for bytes in [Bytes(), Bytes("SQLite format 3\0".utf8), Bytes("WSYNSEA".utf8)] {
            #expect(try SealedStoreHead(bytes) == nil)
        }
        for count in 8..<200 {
            do { _ = try SealedStoreHead(Bytes(head.block.prefix(count))) } catch {
                #expect(error.code == .damaged)
            }
        }
        for _ in 0..<2000 {
            var block = Bytes(head.block.prefix(400))
            for _ in 0...chance.below(3) { block[8 + chance.below(300)] = UInt8(chance.below(256)) }
            let read = try? SealedStoreHead(block)
            if let lock = read?.lock { #expect(PassphraseLock.allowedMemoryBytes.contains(lock.memoryBytes)) }
        }
    }
}
