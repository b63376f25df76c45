// A ward and its devices in memory, for tests of whole exchanges.

import LinkSimulation
import Testing

@testable import SyncKit

/// A ward with real code and real SQLite in memory.
final class TestWard {
    var service: WardService
    let descriptor: String
    private(set) var keys: WardKeys
    let root: SigningKey
    private let path: String
    let time: ManualTimeSource
    let random: SeededRandomSource
    let scheme: any SignatureScheme

    /// - Parameter path: where its store is; empty for one in memory.
    init(seed: UInt64 = 1, scheme: any SignatureScheme = Ed25519Scheme(), path: String = "") throws {
        self.path = path
        let time = ManualTimeSource(seconds: 1_790_000_000)
        self.time = time
        random = SeededRandomSource(seed: seed)
        self.scheme = scheme
        let new = NewWard(random: random, issued: time.nowSeconds(), scheme: scheme)
        (root, keys, descriptor) = (new.root, new.keys, new.descriptor)
        let database = try Database(path: path, mode: path.isEmpty ? .memory : .create)
        let core = try WardCore(
            database: database, keys: keys, areaCode: "06685", time: time,
            random: SeededRandomSource(seed: seed + 1), scheme: scheme)
        service = WardService(core)
    }

    /// Ends the process and opens the store again.
    func reopen(rebuilding: Bool = false) throws {
        let database = try Database(path: path, mode: .create)
        if rebuilding { try WardCore.rebuild(database) }
        let core = try WardCore(
            database: database, keys: keys, areaCode: "06685", time: time, random: random, scheme: scheme)
        service = WardService(core)
    }

    /// Copies the store as a backup does.
    func copy(to path: String) throws {
        try service.withCore { (core: WardCore) throws(StoreError) in
            let copy = try core.database.beginCopy(to: path)
            while try !copy.step(pages: 3) {}
        }
    }

    /// Goes on from a copy as if nothing had come after it.
    func serve(copy: String) throws {
        service = WardService(
            try WardCore(
                database: try Database(path: copy, mode: .write), keys: keys, areaCode: "06685", time: time,
                random: random, scheme: scheme))
    }

    /// The disk died: a copy takes the store's place, under the next epoch and with another device of the ward's own.
    func restore(from copy: String, epoch: UInt64? = nil) throws {
        let old = try WardCore(
            database: try Database(path: copy, mode: .write), keys: keys, areaCode: "06685", time: time, random: random,
            scheme: scheme)
        let (end, before) = (old.place(old.size), old.epoch)
        let fresh = SigningKey.generate(random: random)
        let statement = EpochStatement(
            ended: end, root: old.root, epoch: epoch ?? before + 1, device: DeviceID(fresh.publicKey),
            time: time.nowSeconds()
        ).signed(by: root, ward: keys.ward, scheme: scheme)
        keys = WardKeys(root: keys.root, signing: keys.signing, sealing: keys.sealing, device: fresh)
        let database = try Database(path: copy, mode: .create)
        try WardCore.begin(statement, in: database)
        service = WardService(
            try WardCore(
                database: database, keys: keys, areaCode: "06685", time: time, random: random, scheme: scheme))
    }

    /// The ward on a copy of its store as it is now: an older backup, or a second face.
    func copied(to path: String) throws -> WardService {
        try service.withCore { core in try core.database.prepare("VACUUM INTO ?1").bind(1, path).run() }
        let core = try WardCore(
            database: Database(path: path, mode: .create), keys: keys, areaCode: "06685", time: time, random: random,
            scheme: scheme)
        return WardService(core)
    }

    func device(_ seed: UInt64, role: Role? = nil, areas: [String] = [], name: String = "") throws -> Replica {
        let database = try Database(path: "", mode: .memory)
        let random = SeededRandomSource(seed: seed &* 7919)
        try Replica.create(in: database, descriptor: descriptor, time: time, random: random, scheme: scheme)
        let replica = try Replica(opening: database, time: time, random: random, scheme: scheme)
        if let role {
            let grant = Grant(
                device: replica.device, sealingKey: replica.sealingKey.publicKey, role: role, areas: areas,
                validFrom: 0, validUntil: 0, name: name)
            try service.withCore { core in try core.admit(grant) }
        }
        return replica
    }

    @discardableResult
    func sync(_ replica: Replica) throws -> SyncReport {
        var client = SyncClient(replica)
        var transport = DirectTransport(service: service)
        try client.run(&transport)
        return client.report
    }
}

/// A link that carries only some exchanges.
struct BrokenLink: SyncTransport {
    var direct: DirectTransport
    var works: [Bool]

    mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        if works.isEmpty || !works.removeFirst() { throw TransportError(.cut) }
        try direct.exchange(body, onChunk: onChunk)
    }
}

/// Takes everything to the ward and brings nothing back.
struct OneWayTransport: SyncTransport {
    let service: WardService

    func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        var transport = DirectTransport(service: service)
        try transport.exchange(body) { _ in true }
        throw TransportError(.timedOut)
    }
}

/// Hands an answer over frame by frame, and lets something happen after each.
struct FrameTransport: SyncTransport {
    let ward: TestWard
    let after: () throws -> Void
    /// How long the longest answer took, in seconds.
    private(set) var longest: Int64 = 0

    init(ward: TestWard, after: @escaping () throws -> Void) {
        self.ward = ward
        self.after = after
    }

    mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        let began = ward.time.nowSeconds()
        do {
            var reader = BlockReader()
            reader.append(body)
            var incoming = WardBody(ward.service, isCarried: false)
            while let block = try reader.next() { try incoming.take(block) {} }
            while let block = try incoming.session?.nextBlock() {
                let isWanted = block.encoded.withUnsafeBytes { onChunk($0) }
                try after()
                if !isWanted { break }
            }
        } catch { throw TransportError(.cut) }
        longest = max(longest, ward.time.nowSeconds() - began)
    }
}
