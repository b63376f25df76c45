// Rotating a ward's keys: new ones take the place of the present ones, with the root key's word on it.
import Glibc
import SyncKit

/// What a home keeps of its earlier keys: what the root key said of them, and the sealing keys that still open what was
/// sealed to them, the newest first.
struct PastKeys: Equatable {
    var statements: [Bytes] = []
    var sealing: [Bytes] = []

    static let mostBytes = 64 * 1024

    var encoded: Bytes {
        CBORValue.array([.array(statements.map { .bytes($0) }), .array(sealing.map { .bytes($0) })]).encoded
    }

    init() {}

    init?(decoding bytes: Bytes) {
        guard let parts = try? CBORValue(decoding: bytes).elements, parts.count == 2 else { return nil }
        for (index, part) in parts.enumerated() {
            for item in part.elements {
                guard case .bytes(let bytes) = item else { return nil }
                if index == 0 { statements.append(bytes) } else { sealing.append(bytes) }
            }
        }
    }

    /// The earlier signing keys, the newest first, and those of them that somebody else may have.
    func signing(ward: Digest, rootKey: Digest) -> (keys: [Digest], compromised: Set<Digest>) {
        var keys: [Digest] = []
        var compromised: Set<Digest> = []
        for bytes in statements {
            let said = KeyStatement(verifying: bytes, ward: ward, rootKey: rootKey, scheme: Ed25519Scheme())
            guard let said, said.purpose == .signing else { continue }
            keys.insert(said.previous, at: 0)
            if said.isCompromised { compromised.insert(said.previous) }
        }
        return (keys, compromised)
    }
}

extension WardHome {
    var pastKeysFile: String { path + "/keys/past.keys" }
    private static let rotated = ["signing.key", "sealing.key", "past.keys"]

    /// The earlier keys; none in a home whose keys were never rotated.
    func readPastKeys() throws(HomeError) -> PastKeys {
        do throws(FileError) {
            let bytes = try HomeFiles.read(pastKeysFile, max: PastKeys.mostBytes, isSecret: true)
            guard let past = PastKeys(decoding: bytes) else { throw FileError(.missing, pastKeysFile) }
            return past
        } catch {
            guard error.reason == .missing, access(pastKeysFile, F_OK) != 0 else { throw .damaged("past.keys") }
            return PastKeys()
        }
    }

    /// Gives the ward new keys for the purposes that are named. The caller holds the home's lock, and no server runs.
    ///
    /// The new files are written beside the old ones; then the new descriptor, which the root key signs, takes the old
    /// one's place, which is the moment from which the new keys hold; then the files take theirs. Whoever opens the home
    /// after a stop in between finishes it, or forgets it.
    /// - Returns: the statements and the new descriptor's text.
    func rotate(
        _ purposes: [KeyStatement.Purpose], compromised: Bool, root: SigningKey, time: any TimeSource,
        random: any RandomSource
    ) throws(HomeError) -> (statements: [KeyStatement], text: String) {
        try finishRotation()
        let (keys, found) = try readKeys()
        guard root.publicKey == found.rootKey else { throw .damaged("root.key") }
        var past = try readPastKeys()
        var descriptor = found
        let now = time.nowSeconds()
        var statements: [KeyStatement] = []
        var (signing, sealing) = (keys.signing.seed, keys.sealing.seed)
        for purpose in purposes {
            let (fresh, old): (Digest, Digest)
            switch purpose {
            case .signing:
                let key = SigningKey.generate(random: random)
                (fresh, old, signing) = (key.publicKey, keys.signing.publicKey, key.seed)
                descriptor.signingKeys = [fresh] + found.signingKeys.filter { !compromised || $0 != old }
                descriptor.signingKeys = Array(descriptor.signingKeys.prefix(16))
            case .sealing:
                let key = SealingKey.generate(random: random)
                (fresh, old, sealing) = (key.publicKey, keys.sealing.publicKey, key.seed)
                descriptor.sealingKey = fresh
                past.sealing.insert(keys.sealing.seed.withUnsafeBytes { Bytes($0) }, at: 0)
            }
            let said = KeyStatement(purpose, key: fresh, previous: old, isCompromised: compromised, time: now)
            statements.append(said)
            past.statements.append(said.signed(by: root, ward: found.ward, scheme: Ed25519Scheme()))
        }
        descriptor.issued = max(found.issued + 1, now)
        let text = descriptor.signedText(by: root, scheme: Ed25519Scheme())
        do throws(FileError) {
            for (name, bytes) in [
                ("signing.key", signing.withUnsafeBytes { Bytes($0) }),
                ("sealing.key", sealing.withUnsafeBytes { Bytes($0) }), ("past.keys", past.encoded),
            ] {
                try HomeFiles.replace(path + "/keys/" + name + ".next", bytes, mode: 0o600)
            }
            try HomeFiles.replace(self.descriptor, Bytes((text + "\n").utf8))
        } catch { throw .file(error) }
        try finishRotation()
        return (statements, text)
    }

    /// Finishes a rotation that was stopped after its descriptor took its place; forgets one that was stopped before.
    func finishRotation() throws(HomeError) {
        let next = path + "/keys/signing.key.next"
        let last = path + "/keys/past.keys.next"
        guard access(next, F_OK) == 0 || access(last, F_OK) == 0 else { return }
        let (found, _) = try readDescriptor()
        // The files take their places in their order: where the first has, the others follow.
        let seed: Bytes
        do {
            seed = try HomeFiles.read(
                access(next, F_OK) == 0 ? next : path + "/keys/signing.key", max: 32, isSecret: true)
        } catch { throw .file(error) }
        let key = try? SigningKey(seed: seed)
        let holds = key.map { $0.publicKey == found.signingKeys.first } ?? false
        let sealingHolds = holds ? try sealingIsOfDescriptor(found) : false
        for name in Self.rotated {
            let file = path + "/keys/" + name
            if access(file + ".next", F_OK) != 0 { continue }
            if sealingHolds {
                guard rename(file + ".next", file) == 0 else { throw .file(.last(file)) }
            } else {
                unlink(file + ".next")
            }
        }
        HomeFiles.sync(directoryOf: next)
    }

    private func sealingIsOfDescriptor(_ found: WardDescriptor) throws(HomeError) -> Bool {
        let next = path + "/keys/sealing.key.next"
        do {
            let seed = try HomeFiles.read(
                access(next, F_OK) == 0 ? next : path + "/keys/sealing.key", max: 32, isSecret: true)
            return (try? SealingKey(seed: seed))?.publicKey == found.sealingKey
        } catch { throw .file(error) }
    }
}
