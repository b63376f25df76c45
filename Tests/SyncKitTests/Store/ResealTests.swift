// A home's store that is sealed anew: whole before, whole after, whatever happens in between.

import Glibc
import Testing

@testable import SyncKit

@Suite struct ResealTests {
    private static let secret = Bytes("Bà Hoa nhà số 7".utf8)

    private func home(sealed: Bool) throws -> StorePlace {
        let place = try StorePlace(sealed: sealed)
        let database = try place.open()
        try database.run("CREATE TABLE t(a)")
        for _ in 0..<300 { try database.prepare("INSERT INTO t VALUES(?1)").bind(1, Self.secret).run() }
        return place
    }

    private func count(_ path: String, _ vault: Vault?) throws -> Int64? {
        try Database(path: path, mode: .write, vault: vault).integer("SELECT count(*) FROM t")
    }

    private func seal() throws -> (vault: Vault, lock: PassphraseLock) {
        let vault = try Vault.make(random: StorePlace.random)
        return (vault, try #require(StorePlace.lock(vault)))
    }

    @Test func itIsSealedSealedAnewAndOpenedAgain() throws {
        let place = try home(sealed: false)
        // A second name of the old file shows what became of its bytes.
        #expect(link(place.path, place.folder + "/shadow") == 0)
        let (first, second) = (try seal(), try seal())
        try ReplicaHome.reseal(at: place.folder, from: nil, to: first)
        #expect(place.find(Self.secret).isEmpty)
        let shadow = StorePlace.read(place.folder + "/shadow")
        #expect(!shadow.isEmpty && shadow.allSatisfy { $0 == 0 })
        #expect(try count(place.path, first.vault) == 300)
        try ReplicaHome.reseal(at: place.folder, from: first.vault, to: second)
        #expect(throws: StoreError(.locked)) {
            _ = try ReplicaHome.open(at: place.folder, for: .reading, vault: first.vault)
        }
        #expect(throws: StoreError(.locked)) { _ = try ReplicaHome.open(at: place.folder, for: .writing) }
        #expect(try count(place.path, second.vault) == 300 && place.find(Self.secret).isEmpty)
        try ReplicaHome.reseal(at: place.folder, from: second.vault, to: nil)
        #expect(try count(place.path, nil) == 300)
        #expect(Set(place.names).subtracting(["replica.db", "lock", "shadow"]).isEmpty)
    }

    @Test func whatFailsHalfWayLeavesTheOldStore() throws {
        let place = try home(sealed: false)
        #expect(throws: StoreError(.full)) {
            try ReplicaHome.reseal(at: place.folder, from: nil, to: seal()) { _ throws(StoreError) in
                throw StoreError(.full)
            }
        }
        #expect(try count(place.path, nil) == 300)
        #expect(Set(place.names).isSubset(of: ["replica.db", "replica.db-wal", "lock"]))
    }

    /// Somebody who reads at that moment goes on reading, and the store is not changed below them.
    @Test func whoeverReadsMeanwhileKeepsTheStoreFromBeingReplaced() throws {
        let place = try home(sealed: false)
        do {
            let writer = try place.open()
            try writer.run("INSERT INTO t VALUES('x')")
            let reader = try place.open(.read)
            #expect(try reader.integer("SELECT count(*) FROM t") == 301)
            #expect(throws: StoreError.self) { try ReplicaHome.reseal(at: place.folder, from: nil, to: seal()) }
            #expect(try reader.integer("SELECT count(*) FROM t") == 301)
        }
        let made = try seal()
        try ReplicaHome.reseal(at: place.folder, from: nil, to: made)
        #expect(try count(place.path, made.vault) == 301)
    }

    /// The names that a process leaves which ended at the worst moments.
    @Test func whatAnEndedProcessLeftIsOverwrittenByTheNextWriter() throws {
        let place = try home(sealed: false)
        let whole = StorePlace.read(place.path)
        // Before the exchange: a second name of the store, and an unfinished new one.
        #expect(link(place.path, place.path + "-sealing-old") == 0)
        StorePlace.write(place.path + "-sealing-new", Bytes(whole.prefix(9000)))
        StorePlace.write(place.path + "-sealing-new-wal", Bytes(whole.prefix(500)))
        do {
            let opened = try ReplicaHome.open(at: place.folder, for: .writing)
            #expect(try opened.database.integer("SELECT count(*) FROM t") == 300)
        }
        #expect(Set(place.names).isSubset(of: ["replica.db", "lock"]))
        // After it: the old store under its second name.
        let made = try seal()
        try ReplicaHome.reseal(at: place.folder, from: nil, to: made)
        StorePlace.write(place.path + "-sealing-old", whole)
        #expect(place.find(Self.secret) == ["replica.db-sealing-old"])
        _ = try ReplicaHome.open(at: place.folder, for: .writing, vault: made.vault)
        #expect(place.find(Self.secret).isEmpty && !place.names.contains("replica.db-sealing-old"))
        #expect(try count(place.path, made.vault) == 300)
    }

    /// What was in the log beside the old store is in the new one, and is not left to read.
    @Test func theOldLogComesAlongAndIsOverwritten() throws {
        let place = try home(sealed: false)
        // A process that ended left a log behind.
        do {
            let writer = try place.open()
            try writer.prepare("INSERT INTO t VALUES(?1)").bind(1, Self.secret).run()
            StorePlace.write(place.folder + "/kept", StorePlace.read(place.path))
            StorePlace.write(place.folder + "/kept-wal", StorePlace.read(place.path + "-wal"))
        }
        StorePlace.write(place.path, StorePlace.read(place.folder + "/kept"))
        StorePlace.write(place.path + "-wal", StorePlace.read(place.folder + "/kept-wal"))
        for name in ["/kept", "/kept-wal"] { unlink(place.folder + name) }
        #expect(place.find(Self.secret).contains("replica.db-wal"))
        #expect(link(place.path + "-wal", place.folder + "/shadow") == 0)
        let made = try seal()
        try ReplicaHome.reseal(at: place.folder, from: nil, to: made)
        #expect(place.find(Self.secret).isEmpty && !place.names.contains("replica.db-wal"))
        #expect(try count(place.path, made.vault) == 301)
    }

    @Test func whatIsSealedOtherwiseByNowIsLeftAlone() throws {
        let place = try home(sealed: false)
        let (first, second) = (try seal(), try seal())
        try ReplicaHome.reseal(at: place.folder, from: nil, to: first)
        for old in [nil, second.vault] {
            #expect(throws: StoreError(.locked)) { try ReplicaHome.reseal(at: place.folder, from: old, to: second) }
        }
        #expect(try count(place.path, first.vault) == 300)
    }

    /// A store that is opened the wrong way keeps its log, and with it what was committed.
    @Test func whoeverOpensASealedStoreAsAPlainOneTakesNothingAway() throws {
        let place = try home(sealed: true)
        let writer = try place.open()
        try writer.prepare("INSERT INTO t VALUES(?1)").bind(1, Self.secret).run()
        let (store, log) = (StorePlace.read(place.path), StorePlace.read(place.path + "-wal"))
        let copy = try StorePlace(sealed: false)
        StorePlace.write(copy.path, store)
        StorePlace.write(copy.path + "-wal", log)
        for mode in [Database.Mode.write, .read, .alone] {
            #expect(throws: StoreError.self) {
                _ = try Database(path: copy.path, mode: mode).integer("SELECT count(*) FROM t")
            }
            #expect(StorePlace.read(copy.path + "-wal") == log)
        }
        #expect(try count(copy.path, place.vault) == 301)
    }

    /// Reading a head takes no lock away from whoever has the store open in the same process.
    @Test func readingTheHeadKeepsTheLocks() throws {
        let place = try home(sealed: true)
        let writer = try place.open()
        try writer.run("BEGIN IMMEDIATE")
        #expect(isLocked(place.path))
        for _ in 0..<3 { #expect(try ReplicaHome.head(at: place.folder) != nil) }
        #expect(isLocked(place.path))
        try writer.run("COMMIT")
    }

    /// Whether the system knows of a lock on a file.
    private func isLocked(_ path: String) -> Bool {
        var info = stat()
        guard stat(path, &info) == 0, let locks = fopen("/proc/locks", "r") else { return false }
        defer { fclose(locks) }
        var line = [CChar](repeating: 0, count: 200)
        while fgets(&line, 200, locks) != nil {
            let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if words.contains(":\(info.st_ino) "), words.contains("POSIX") { return true }
        }
        return false
    }
}
