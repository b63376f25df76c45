// The key that backups are sealed to: its public half stays in the home, its secret half goes where the root key goes.
import SyncKit

/// The text form of a recovery key's secret half: `wardrecovery1-` and the seed in Crockford's base 32.
enum RecoveryKey {
    private static let prefix = "wardrecovery1-"

    static func text(_ key: SealingKey) -> String { prefix + Base32.encode(key.seed.withUnsafeBytes { Bytes($0) }) }

    /// Reads the secret half; `nil` for anything else.
    static func read(_ text: String) -> SealingKey? {
        let line = text.filter { !$0.isWhitespace }.lowercased()
        guard line.hasPrefix(prefix), line.utf8.count < 100,
            let seed = Base32.decode(String(line.dropFirst(prefix.count)))
        else { return nil }
        return try? SealingKey(seed: seed)
    }

    static func publicText(_ key: Digest) -> String { Base32.encode(key.bytes) }

    static func readPublic(_ text: String) -> Digest? {
        Base32.decode(text.filter { !$0.isWhitespace }).flatMap { Digest($0) }
    }
}

extension WardHome {
    /// The public half; backups are sealed to it.
    var recoveryPublicKey: String { path + "/recovery.pub" }
    /// The secret half, until it is taken away.
    var recoveryKey: String { path + "/root/recovery.key" }

    /// Makes a recovery key where the home has none.
    /// - Returns: whether a new one was made.
    @discardableResult
    func makeRecoveryKey(random: any RandomSource) throws(FileError) -> Bool {
        do {
            _ = try HomeFiles.read(recoveryPublicKey, max: 200)
            return false
        } catch  where error.reason == .missing {}
        let key = SealingKey.generate(random: random)
        try HomeFiles.create(recoveryKey, Bytes((RecoveryKey.text(key) + "\n").utf8))
        try HomeFiles.create(recoveryPublicKey, Bytes((RecoveryKey.publicText(key.publicKey) + "\n").utf8), mode: 0o644)
        HomeFiles.sync(directoryOf: recoveryKey)
        HomeFiles.sync(directoryOf: recoveryPublicKey)
        return true
    }

    func readRecoveryPublicKey() throws(BackupError) -> Digest {
        let bytes: Bytes
        do { bytes = try HomeFiles.read(recoveryPublicKey, max: 200) } catch { throw .file(error) }
        guard let key = RecoveryKey.readPublic(String(decoding: bytes, as: UTF8.self)) else {
            throw .badKey("recovery.pub")
        }
        return key
    }
}
