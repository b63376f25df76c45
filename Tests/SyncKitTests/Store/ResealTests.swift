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
        #expect(Set(place.names).subtracting(["replica.db", "replica.db-wal", "lock", "shadow"]).isEmpty)
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
        #expect(link(place.path, place.path + ".old") == 0)
        StorePlace.write(place.path + ".new", Bytes(whole.prefix(9000)))
        StorePlace.write(place.path + ".new-wal", Bytes(whole.prefix(500)))
        do {
            let opened = try ReplicaHome.open(at: place.folder, for: .writing)
            #expect(try opened.database.integer("SELECT count(*) FROM t") == 300)
        }
        #expect(Set(place.names).isSubset(of: ["replica.db", "lock"]))
        // After it: the old store under its second name.
        let made = try seal()
        try ReplicaHome.reseal(at: place.folder, from: nil, to: made)
        StorePlace.write(place.path + ".old", whole)
        #expect(place.find(Self.secret) == ["replica.db.old"])
        _ = try ReplicaHome.open(at: place.folder, for: .writing, vault: made.vault)
        #expect(place.find(Self.secret).isEmpty && !place.names.contains("replica.db.old"))
        #expect(try count(place.path, made.vault) == 300)
    }
}
