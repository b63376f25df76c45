// A ward server's home directory: its store, its keys, its descriptor.
import Glibc
import SyncKit

/// Why a home cannot be made or opened.
enum HomeError: Error, Equatable {
    case exists(String)
    case missing(String)
    case file(FileError)
    case store(StoreError)
    /// The descriptor or a key is not what it should be, or they do not belong together.
    case damaged(String)
    /// The root key is kept elsewhere.
    case noRootKey(String)
    /// What lies there is no root key of this ward.
    case otherRootKey(String)
    /// The ward's own certificate cannot be made or read.
    case tls(TLSFault)
    /// Another program holds the home and does not answer.
    case busy
}

/// Where everything of one ward's server lies. The directory and the keys are their owner's alone.
struct WardHome: Sendable {
    let path: String

    init(_ path: String) {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        self.path = String(trimmed)
    }

    /// Where the home is when nobody says so.
    static func standard(_ environment: (String) -> String?) -> String {
        if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/ward-server" }
        return (environment("HOME") ?? ".") + "/.local/state/ward-server"
    }

    var store: String { path + "/ward.db" }
    var descriptor: String { path + "/descriptor.txt" }
    var lock: String { path + "/lock" }
    var controlSocket: String { path + "/control.sock" }
    var rootKey: String { path + "/root/root.key" }
    var tlsKey: String { path + "/keys/tls.key" }
    var tlsCertificate: String { path + "/tls.pem" }
    private func key(_ name: String) -> String { path + "/keys/" + name + ".key" }

    /// The longest descriptor that is read back.
    static let maxDescriptor = 16 * 1024

    // MARK: Making one

    /// Makes a home with new keys and an empty store. It appears whole or not at all.
    /// - Returns: the descriptor's text.
    static func create(
        at path: String, name: String, area: String, addresses: [String], time: any TimeSource,
        random: any RandomSource
    ) throws(HomeError) -> String {
        let home = WardHome(path)
        if rmdir(home.path) != 0, errno != ENOENT { throw .exists(home.path) }
        let building = WardHome("\(home.path).\(getpid()).new")
        do throws(HomeError) {
            let text: String
            do throws(FileError) {
                try HomeFiles.makeDirectories(above: home.path)
                for directory in ["", "/keys", "/root"] { try HomeFiles.makeDirectory(building.path + directory) }
                text = try building.fill(name, area, addresses, time, random)
            } catch { throw .file(error) }
            _ = try building.open(.create, time: time, random: random)
            guard rename(building.path, home.path) == 0 else {
                let failure = FileError.last(home.path)
                throw failure.reason == .exists ? .exists(home.path) : .file(failure)
            }
            HomeFiles.sync(directoryOf: home.path)
            return text
        } catch {
            building.discard()
            throw error
        }
    }

    /// Removes a home that was not finished.
    func discard() {
        for file in [
            rootKey, recoveryKey, recoveryPublicKey, key("signing"), key("sealing"), key("device"), pastKeysFile,
            descriptor, store, store + "-wal", store + "-shm", tlsKey, tlsCertificate,
        ] { unlink(file) }
        for directory in [path + "/keys", path + "/root", path] { rmdir(directory) }
    }

    private func fill(
        _ name: String, _ area: String, _ addresses: [String], _ time: any TimeSource, _ random: any RandomSource
    ) throws(FileError) -> String {
        let scheme = Ed25519Scheme()
        let root = SigningKey.generate(random: random)
        let signing = SigningKey.generate(random: random)
        let sealing = SealingKey.generate(random: random)
        let device = SigningKey.generate(random: random)
        let text = WardDescriptor(
            name: name, area: area, addresses: addresses, rootKey: root.publicKey, signingKeys: [signing.publicKey],
            sealingKey: sealing.publicKey, device: DeviceID(device.publicKey), issued: time.nowSeconds()
        ).signedText(by: root, scheme: scheme)
        for (path, seed) in [
            (rootKey, root.seed), (key("signing"), signing.seed), (key("sealing"), sealing.seed),
            (key("device"), device.seed),
        ] {
            try HomeFiles.create(path, seed.withUnsafeBytes { Bytes($0) })
            HomeFiles.sync(directoryOf: path)
        }
        try HomeFiles.create(descriptor, Bytes((text + "\n").utf8), mode: 0o644)
        try makeRecoveryKey(random: random)
        return text
    }

    // MARK: Reading one

    /// The descriptor as it stands in the home, and its text.
    func readDescriptor() throws(HomeError) -> (descriptor: WardDescriptor, text: String) {
        let bytes: Bytes
        do { bytes = try HomeFiles.read(descriptor, max: Self.maxDescriptor) } catch {
            throw error.reason == .missing ? .missing(path) : .file(error)
        }
        let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        guard let found = WardDescriptor(verifying: text, scheme: Ed25519Scheme()) else {
            throw .damaged("descriptor.txt")
        }
        return (found, text)
    }

    /// Signs a descriptor anew, where the root key is at hand, and puts it in the old one's place.
    func reissue(time: any TimeSource, _ change: (inout WardDescriptor) -> Void) throws(HomeError) -> String {
        var (found, _) = try readDescriptor()
        let root = try readRootKey(rootKey)
        change(&found)
        found.issued = max(found.issued + 1, time.nowSeconds())
        let text = found.signedText(by: root, scheme: Ed25519Scheme())
        do { try HomeFiles.replace(descriptor, Bytes((text + "\n").utf8)) } catch { throw .file(error) }
        return text
    }

    /// The ward's root key, where it lies: here, or on a medium that somebody brought.
    func readRootKey(_ path: String) throws(HomeError) -> SigningKey {
        let (found, _) = try readDescriptor()
        let bytes: Bytes
        do { bytes = try HomeFiles.read(path, max: 32, isSecret: true) } catch {
            switch error.reason {
            case .missing: throw .noRootKey(path)
            case .tooLarge: throw .otherRootKey(path)
            default: throw .file(error)
            }
        }
        guard let key = try? SigningKey(seed: bytes), key.publicKey == found.rootKey else { throw .otherRootKey(path) }
        return key
    }

    private func seed(_ name: String) throws(HomeError) -> Bytes {
        do { return try HomeFiles.read(key(name), max: 32, isSecret: true) } catch { throw .file(error) }
    }

    /// The ward's keys, which must be those that the descriptor names.
    func readKeys() throws(HomeError) -> (keys: WardKeys, descriptor: WardDescriptor) {
        try finishRotation()
        let (found, _) = try readDescriptor()
        let past = try readPastKeys()
        guard let signing = try? SigningKey(seed: try seed("signing")),
            let sealing = try? SealingKey(seed: try seed("sealing")),
            let device = try? SigningKey(seed: try seed("device"))
        else {
            // Says which file it is, where one cannot be read at all.
            for name in ["signing", "sealing", "device"] { _ = try seed(name) }
            throw .damaged("keys")
        }
        guard found.signingKeys.contains(signing.publicKey), found.sealingKey == sealing.publicKey,
            found.device == DeviceID(device.publicKey)
        else { throw .damaged("keys") }
        let earlier = past.signing(ward: found.ward, rootKey: found.rootKey)
        return (
            WardKeys(
                root: found.rootKey, signing: signing, sealing: sealing, device: device, pastSigning: earlier.keys,
                compromised: earlier.compromised,
                pastSealing: past.sealing.compactMap { try? SealingKey(seed: $0) }), found
        )
    }

    /// Opens the store with the ward's keys. The caller holds the home's lock.
    /// - Parameter other: another file than the home's own, for a check of a copy.
    func open(
        _ mode: Database.Mode = .write, store other: String? = nil, time: any TimeSource, random: any RandomSource
    ) throws(HomeError) -> WardCore {
        let (keys, descriptor) = try readKeys()
        let (statements, text) = (try readPastKeys().statements, try readDescriptor().text)
        do {
            let database = try Database(path: other ?? store, mode: mode)
            let core = try WardCore(
                database: database, keys: keys, areaCode: descriptor.area, time: time, random: random,
                scheme: Ed25519Scheme())
            core.descriptor = WardDescriptor.decodeText(text)
            if mode != .read { try core.noteKeys(statements) }
            return core
        } catch { throw .store(error) }
    }
}
