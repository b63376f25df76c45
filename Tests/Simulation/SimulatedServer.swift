// The ward's server: the real core and the real sessions, in a process that may crash at any commit.

import SyncKit

/// The server of a schedule.
final class SimulatedServer {
    static let area = "06685"

    private(set) var keys: WardKeys
    /// The devices that were ever the ward's own.
    private(set) var ownDevices: Set<DeviceID> = []
    /// Copies of the store from earlier, and whether one took its place.
    private(set) var backups: [String] = []
    private(set) var isRestored = false
    private let root: SigningKey
    let descriptor: String
    let clock: ManualTimeSource
    let random: SeededRandomSource
    let scheme: any SignatureScheme
    private let files: Files?
    private(set) var service: WardService
    private(set) var gate: CommitGate
    private var path: String
    private var copy: String

    init(seed: UInt64, time: Int64, scheme: any SignatureScheme, files: Files?) throws {
        self.files = files
        self.scheme = scheme
        clock = ManualTimeSource(seconds: time)
        random = SeededRandomSource(seed: seed)
        let root = SigningKey.generate(random: random)
        self.root = root
        keys = WardKeys(
            root: root.publicKey, signing: .generate(random: random), sealing: .generate(random: random),
            device: .generate(random: random))
        descriptor = WardDescriptor(
            name: "Phường Hồng Gai", area: Self.area, addresses: ["http://127.0.0.1:1"], rootKey: root.publicKey,
            signingKeys: [keys.signing.publicKey], sealingKey: keys.sealing.publicKey, device: keys.deviceID,
            issued: time
        ).signedText(by: root, scheme: scheme)
        ownDevices = [keys.deviceID]
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

    /// Copies the store while it is in use.
    func backUp() throws {
        guard let target = files?.path() else { return }
        try service.withCore { (core: WardCore) throws(StoreError) in
            let copy = try core.beginCopy(to: target)
            while try !copy.step(pages: 7) {}
        }
        backups.append(target)
    }

    /// The disk died: an older copy takes the store's place.
    func restore(from backup: String) throws {
        guard let files else { return }
        gate.kill()
        isRestored = true
        path = files.path()
        copy = files.path()
        Files.copyStore(from: backup, to: path)
        let (end, head) = try end(of: path)
        let fresh = SigningKey.generate(random: random)
        let statement = EpochStatement(
            ended: end, root: head, epoch: end.epoch + 1, device: DeviceID(fresh.publicKey),
            time: clock.nowSeconds()
        ).signed(by: root, ward: keys.ward, scheme: scheme)
        keys = WardKeys(root: keys.root, signing: keys.signing, sealing: keys.sealing, device: fresh)
        ownDevices.insert(keys.deviceID)
        try Self.begin(statement, path)
        gate = CommitGate(path: path, copy: copy)
        service = try Self.open(path, files, gate, keys, clock, random, scheme, rebuilding: false)
    }

    private func end(of path: String) throws -> (Position, Digest) {
        let old = try WardCore(
            database: Database(path: path, mode: .create, fast: true), keys: keys, areaCode: Self.area, time: clock,
            random: random, scheme: scheme)
        return (old.end, old.root)
    }

    private static func begin(_ statement: Bytes, _ path: String) throws {
        try WardCore.begin(statement, in: Database(path: path, mode: .create, fast: true))
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
