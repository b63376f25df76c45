// Passphrases for the console: one for each role, under Argon2id, in the home.
import Glibc
import SyncKit

/// Sets and checks them.
final class ConsolePassphrases: Sendable {
    private let home: WardHome
    /// One at a time, because each takes 64 MiB for a moment.
    private let isBusy = Monitor(false)

    init(home: WardHome) { self.home = home }

    /// What came of a try.
    enum Verdict {
        case right
        case wrong
        /// There is none for this role.
        case none
        /// Somebody else is being checked.
        case busy
    }

    private func file(_ role: ConsoleRole) -> String { home.path + "/keys/console-" + role.rawValue + ".lock" }

    func isSet(_ role: ConsoleRole) -> Bool { access(file(role), R_OK) == 0 }

    func check(_ passphrase: String, _ role: ConsoleRole) -> Verdict {
        let mayCheck = isBusy.withLock { isBusy in
            if isBusy { return false }
            isBusy = true
            return true
        }
        guard mayCheck else { return .busy }
        defer { isBusy.withLock { $0 = false } }
        guard let bytes = try? HomeFiles.read(file(role), max: 1024, isSecret: true),
            let lock = try? PassphraseLock(decoding: bytes)
        else { return .none }
        return lock.open(passphrase, random: SystemRandomSource()) == nil ? .wrong : .right
    }

    /// - Returns: false where the machine lacks the memory.
    func set(_ passphrase: String, _ role: ConsoleRole) throws(FileError) -> Bool {
        let random = SystemRandomSource()
        guard let vault = try? Vault.make(random: random),
            let lock = PassphraseLock(vault, passphrase: passphrase, idleMinutes: 0, random: random)
        else { return false }
        try HomeFiles.replace(file(role), lock.encoded, mode: 0o600)
        return true
    }

    func remove(_ role: ConsoleRole) -> Bool { unlink(file(role)) == 0 }
}
