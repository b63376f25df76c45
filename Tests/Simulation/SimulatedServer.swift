// The ward's server: the real core and the real sessions, in a process that may crash at any commit.

import SyncKit

/// The server of a schedule.
final class SimulatedServer {
    static let area = "06685"

    private(set) var keys: WardKeys
    private(set) var descriptor: String
    private let root: SigningKey
    /// What the root key said of rotated keys.
    private var statements: [Bytes] = []
    /// A copy of the store from before the last rotation, and the keys of then.
    private var retired: (path: String, keys: WardKeys)?
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
        root = SigningKey.generate(random: random)
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

    /// The signing keys of now and of before.
    var signingKeys: [Digest] { [keys.signing.publicKey] + keys.pastSigning }

    /// New keys take the place of the present ones, by the root key's word; the process starts again.
    func rotate(compromised: Bool) throws {
        guard let files else { return }
        let old = files.path()
        Files.copyStore(from: path, to: old)
        retired = (old, keys)
        let (signing, sealing) = (SigningKey.generate(random: random), SealingKey.generate(random: random))
        for (purpose, key, previous) in [
            (KeyStatement.Purpose.signing, signing.publicKey, keys.signing.publicKey),
            (.sealing, sealing.publicKey, keys.sealing.publicKey),
        ] {
            statements.append(
                KeyStatement(
                    purpose, key: key, previous: previous, isCompromised: compromised, time: clock.nowSeconds()
                ).signed(by: root, ward: keys.ward, scheme: scheme))
        }
        let lost = compromised ? keys.compromised.union([keys.signing.publicKey]) : keys.compromised
        keys = WardKeys(
            root: keys.root, signing: signing, sealing: sealing, device: keys.device, pastSigning: signingKeys,
            compromised: lost, pastSealing: [keys.sealing] + keys.pastSealing)
        guard var news = WardDescriptor(verifying: descriptor, scheme: scheme) else { return }
        news.signingKeys = signingKeys.filter { !lost.contains($0) }
        news.sealingKey = sealing.publicKey
        news.issued += 1
        descriptor = news.signedText(by: root, scheme: scheme)
        try reopen()
    }

    /// A server that still signs with the keys of before the last rotation.
    func thief() throws -> WardService? {
        guard let files, let retired else { return nil }
        let gate = CommitGate(path: retired.path, copy: files.path())
        return try Self.open(retired.path, files, gate, retired.keys, clock, random, scheme, rebuilding: false)
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
        let (said, text) = (statements, descriptor)
        try service.withCore { (core: WardCore) throws(StoreError) in
            core.descriptor = WardDescriptor.decodeText(text)
            try core.noteKeys(said)
        }
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
