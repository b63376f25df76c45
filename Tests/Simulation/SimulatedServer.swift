// The ward's server: the real core and the real sessions, in a process that may crash at any commit.

import SyncKit

/// A copy of the server's store.
struct ServerBackup {
    let path: String
    /// Where its log ends.
    let end: Position
    let keys: WardKeys
}

/// The server of a schedule.
final class SimulatedServer {
    static let area = "06685"

    private(set) var keys: WardKeys
    private(set) var descriptor: String
    private let root: SigningKey
    /// What the root key said of rotated keys.
    private var statements: [Bytes] = []
    /// A copy of the store from before the last rotation, and the keys of then.
    private(set) var retired: ServerBackup?
    /// The devices that were ever the ward's own.
    private(set) var ownDevices: Set<DeviceID> = []
    /// Copies of the store that could take its place; after one that devices were told of only later ones.
    private(set) var backups: [ServerBackup] = []
    /// How often one did.
    private(set) var restores = 0
    let clock: ManualTimeSource
    let random: SeededRandomSource
    let scheme: any SignatureScheme
    /// How many change sets that are in no backup a new device is given in place of states: in most schedules fewer than
    /// in a ward, whose logs are longer.
    let witnessLimit: Int
    private let files: Files?
    private(set) var service: WardService
    private(set) var gate: CommitGate
    private var path: String
    private var copy: String
    /// An older copy of the store.
    private var older: ServerBackup?

    init(seed: UInt64, time: Int64, scheme: any SignatureScheme, files: Files?) throws {
        self.files = files
        self.scheme = scheme
        witnessLimit = [0, 4, WardCore.mostWitnessed][Int(seed % 3)]
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
        ownDevices = [keys.deviceID]
        path = files?.path() ?? ""
        copy = files?.path() ?? ""
        gate = CommitGate(path: path, copy: copy)
        service = try Self.open(path, files, gate, keys, clock, random, scheme, witnessLimit, rebuilding: false)
    }

    /// The signing keys of now and of before.
    var signingKeys: [Digest] { [keys.signing.publicKey] + keys.pastSigning }

    /// New keys take the place of the present ones, by the root key's word; the process starts again.
    func rotate(compromised: Bool) throws {
        guard files != nil else { return }
        retired = copied()
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
        // The ceremony ends with a backup: from an older one the ward would come back with keys that devices do not take.
        backups = []
        try reopen()
    }

    /// The store as it is now, with the keys of now; `nil` where it is in memory or its process ended.
    func copied() -> ServerBackup? {
        guard let files, !gate.isDead else { return nil }
        let place = files.path()
        Files.copyStore(from: path, to: place)
        return ServerBackup(path: place, end: service.withCore { core in core.place(core.size) }, keys: keys)
    }

    /// Somebody else who answers from a copy, with its keys; what they answer changes nothing in it.
    func impostor(of copy: ServerBackup) throws -> WardService? {
        guard let files else { return nil }
        let place = files.path()
        Files.copyStore(from: copy.path, to: place)
        let gate = CommitGate(path: place, copy: files.path())
        return try Self.open(place, files, gate, copy.keys, clock, random, scheme, witnessLimit, rebuilding: false)
    }

    private static func open(
        _ path: String, _ files: Files?, _ gate: CommitGate, _ keys: WardKeys, _ clock: ManualTimeSource,
        _ random: SeededRandomSource, _ scheme: any SignatureScheme, _ witnessLimit: Int, rebuilding: Bool
    ) throws -> WardService {
        let database = try Database(path: path, mode: files == nil ? .memory : .create, fast: true)
        database.willCommit = { () throws(StoreError) in try gate.pass() }
        if rebuilding { try WardCore.rebuild(database) }
        let core = try WardCore(
            database: database, keys: keys, areaCode: area, time: clock, random: random, scheme: scheme)
        core.witnessLimit = witnessLimit
        return WardService(core)
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
        service = try Self.open(path, files, gate, keys, clock, random, scheme, witnessLimit, rebuilding: rebuilding)
        try showKeys()
    }

    /// Tells the core what the home holds of the root key's words.
    private func showKeys() throws {
        let (said, text) = (statements, descriptor)
        try service.withCore { (core: WardCore) throws(StoreError) in
            core.descriptor = WardDescriptor.decodeText(text)
            try core.noteKeys(said)
        }
    }

    /// Keeps a copy of the store as it is now.
    func keepOlder() { older = copied() ?? older }

    /// Goes on from the older copy, as if nothing had come after it.
    /// - Returns: where the log of that copy ends; `nil` where there is none.
    func goBack() throws -> Position? {
        guard let files, let older else { return nil }
        gate.kill()
        path = older.path
        copy = files.path()
        gate = CommitGate(path: path, copy: copy)
        service = try Self.open(path, files, gate, keys, clock, random, scheme, witnessLimit, rebuilding: false)
        return older.end
    }

    /// Copies the store while it is in use.
    /// - Parameter isNoted: devices are told, and forget what proves that part of the log.
    func backUp(isNoted: Bool) throws {
        guard let files else { return }
        let target = files.path()
        let end = try service.withCore { (core: WardCore) throws(StoreError) in
            let copy = try core.beginCopy(to: target)
            while try !copy.step(pages: 7) {}
            if isNoted { try core.noteBackup(upTo: core.size) }
            return core.place(core.size)
        }
        if isNoted { backups = [] }
        backups.append(ServerBackup(path: target, end: end, keys: keys))
    }

    /// The disk died: an older copy takes the store's place, under an epoch that was never used.
    func restore(from backup: ServerBackup) throws {
        guard let files else { return }
        gate.kill()
        restores += 1
        path = files.path()
        copy = files.path()
        Files.copyStore(from: backup.path, to: path)
        let root = try root(of: backup)
        let fresh = SigningKey.generate(random: random)
        let statement = EpochStatement(
            ended: backup.end, root: root, epoch: UInt64(restores), device: DeviceID(fresh.publicKey),
            time: clock.nowSeconds()
        ).signed(by: self.root, ward: keys.ward, scheme: scheme)
        keys = WardKeys(
            root: keys.root, signing: keys.signing, sealing: keys.sealing, device: fresh,
            pastSigning: keys.pastSigning, compromised: keys.compromised, pastSealing: keys.pastSealing)
        ownDevices.insert(keys.deviceID)
        try WardCore.begin(statement, in: Database(path: path, mode: .create, fast: true))
        guard var news = WardDescriptor(verifying: descriptor, scheme: scheme) else { return }
        news.device = keys.deviceID
        news.issued += 1
        descriptor = news.signedText(by: self.root, scheme: scheme)
        gate = CommitGate(path: path, copy: copy)
        service = try Self.open(path, files, gate, keys, clock, random, scheme, witnessLimit, rebuilding: false)
        try showKeys()
    }

    /// The root of the log in the copy, which is opened with the keys of its time.
    private func root(of backup: ServerBackup) throws -> Digest {
        let old = try WardCore(
            database: Database(path: path, mode: .create, fast: true), keys: backup.keys, areaCode: Self.area,
            time: clock, random: random, scheme: scheme)
        return old.root
    }
}
