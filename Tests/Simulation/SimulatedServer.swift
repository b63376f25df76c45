// The ward's server: the real core and the real sessions, in a process that may crash at any commit.

import SyncKit

/// The server of a schedule.
final class SimulatedServer {
    static let area = "06685"

    let keys: WardKeys
    let descriptor: String
    let clock: ManualTimeSource
    let random: SeededRandomSource
    let scheme: any SignatureScheme
    private let files: Files?
    private(set) var service: WardService
    private(set) var gate: CommitGate
    private var path: String
    private var copy: String
    /// An older copy of the store, and how much of the log it holds.
    private var older: (path: String, size: UInt64)?

    init(seed: UInt64, time: Int64, scheme: any SignatureScheme, files: Files?) throws {
        self.files = files
        self.scheme = scheme
        clock = ManualTimeSource(seconds: time)
        random = SeededRandomSource(seed: seed)
        let root = SigningKey.generate(random: random)
        keys = WardKeys(
            root: root.publicKey, signing: .generate(random: random), sealing: .generate(random: random),
            device: .generate(random: random))
        descriptor = WardDescriptor(
            name: "Phường Hồng Gai", area: Self.area, addresses: ["http://127.0.0.1:1"], rootKey: root.publicKey,
            signingKeys: [keys.signing.publicKey], sealingKey: keys.sealing.publicKey, device: keys.deviceID,
            issued: time
        ).signedText(by: root, scheme: scheme)
        path = files?.path() ?? ""
        copy = files?.path() ?? ""
        gate = CommitGate(path: path, copy: copy)
        service = try Self.open(path, files, gate, keys, clock, random, scheme, rebuilding: false)
    }

    private static func open(
        _ path: String, _ files: Files?, _ gate: CommitGate, _ keys: WardKeys, _ clock: ManualTimeSource,
        _ random: SeededRandomSource, _ scheme: any SignatureScheme, rebuilding: Bool
    ) throws -> WardService {
        let database = try Database(path: path, mode: files == nil ? .memory : .create, fast: true)
        database.willCommit = { () throws(StoreError) in try gate.pass() }
        if rebuilding { try WardCore.rebuild(database) }
        return WardService(
            try WardCore(database: database, keys: keys, areaCode: area, time: clock, random: random, scheme: scheme))
    }

    var canCrash: Bool { files != nil }

    /// Opens the store as it was when the process ended.
    /// - Parameter rebuilding: with every derived table made anew from the log.
    func reopen(rebuilding: Bool = false) throws {
        guard let files else { return }
        gate.kill()
        path = copy
        copy = files.path()
        gate = CommitGate(path: path, copy: copy)
        service = try Self.open(path, files, gate, keys, clock, random, scheme, rebuilding: rebuilding)
    }

    /// Keeps a copy of the store as it is now.
    func keepOlder() {
        guard let files, !gate.isDead else { return }
        let place = files.path()
        Files.copyStore(from: path, to: place)
        older = (place, service.withCore { core in core.size })
    }

    /// Goes on from the older copy, as if nothing had come after it.
    /// - Returns: how much of the log that copy holds; `nil` where there is none.
    func goBack() throws -> UInt64? {
        guard let files, let older else { return nil }
        gate.kill()
        path = older.path
        copy = files.path()
        gate = CommitGate(path: path, copy: copy)
        service = try Self.open(path, files, gate, keys, clock, random, scheme, rebuilding: false)
        return older.size
    }

    /// What became of a body.
    struct Handled {
        var answer: [Bytes] = []
        var refusal: SyncRefusal.Code?
        /// The connection ended before the answer was whole.
        var isLost = false
    }

    /// Handles a body as an HTTP handler does: block by block, then the answer frame by frame.
    /// - Parameter between: what happens between two blocks; false where the process ends there.
    func handle(_ body: Bytes, between: () throws -> Bool) throws -> Handled {
        var handled = Handled()
        let gate = gate
        func lives() throws -> Bool { try between() && !gate.isDead }
        var reader = BlockReader()
        reader.append(body)
        do {
            var session: WardSession?
            while let block = try reader.next() {
                switch block.kind {
                case .request: session = try service.begin(block.payload)
                case .frame: try session?.receive(block.payload)
                case .evidence: try session?.receiveEvidence(block.payload)
                case .answer, .refusal: throw SyncRefusal(.malformed)
                }
                guard try lives() else {
                    handled.isLost = true
                    return handled
                }
            }
            guard reader.isAtBoundary, let session else {
                handled.isLost = true
                return handled
            }
            while let frame = try session.nextFrame() {
                handled.answer.append(Block(.answer, frame).encoded)
                guard try lives() else {
                    handled.isLost = true
                    return handled
                }
            }
        } catch let refusal as SyncRefusal {
            handled.refusal = refusal.code
            if gate.isDead {
                handled.isLost = true
            } else {
                handled.answer.append(Block(.refusal, refusal.encoded).encoded)
            }
        }
        return handled
    }
}
