// Setting, changing and removing the passphrase of this device's data; locking and unlocking it.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// Minutes without use after which an unlocked home is locked, where nobody says.
    private static let standardIdleMinutes: UInt64 = 15

    func protection(_ command: Command) throws(ErrorReport) -> ExitCode {
        switch command {
        case .passphraseSet: try setPassphrase()
        case .passphraseChange: try changePassphrase()
        case .passphraseRemove: try removePassphrase()
        case .lock: try lock()
        default: try unlock()
        }
    }

    private func setPassphrase() throws(ErrorReport) -> ExitCode {
        ReplicaHome.clearLeftOver(at: home)
        guard try homeHead() == nil else { throw refused("passphrase.set-already", .setAlready) }
        // One that is no home, or of a newer version, says so before anybody thinks of a passphrase.
        _ = try replica()
        guard try homeHead() == nil else { throw refused("passphrase.set-already", .setAlready) }
        // What is in the log has to be overwritten there, which is done when the store is sealed.
        opened?.database.keepLog()
        closeHome()
        let passphrase = try newPassphrase("passphrase-file")
        try seal(passphrase, from: nil, idleMinutes: idleMinutes ?? Self.standardIdleMinutes)
        terminal.remark(LockWord.setNext.message)
        return done(.set, "protected")
    }

    private func changePassphrase() throws(ErrorReport) -> ExitCode {
        let (vault, lock) = try openedVault()
        let passphrase = try newPassphrase("new-passphrase-file")
        try seal(passphrase, from: vault, idleMinutes: idleMinutes ?? lock.idleMinutes)
        return done(.changed, "protected")
    }

    private func removePassphrase() throws(ErrorReport) -> ExitCode {
        let (vault, _) = try openedVault()
        try inHome { () throws(StoreError) in try ReplicaHome.reseal(at: home, from: vault, to: nil) }
        KeySession.end(home)
        return done(.removed, "open")
    }

    private func lock() throws(ErrorReport) -> ExitCode {
        // First of all, whatever else is wrong.
        KeySession.end(home)
        _ = try protectedHead()
        return done(.lockedNow, "locked")
    }

    private func unlock() throws(ErrorReport) -> ExitCode {
        let head = try protectedHead()
        let vault = try vault(behind: head)
        let minutes = idleMinutes ?? head.lock.idleMinutes
        guard KeySession.keep(vault, home, idleMinutes: minutes) else { throw noSession() }
        if minutes > 0 { terminal.remark(LockWord.unlockedFor.message, String(minutes)) }
        return done(.unlocked, "unlocked")
    }

    // MARK: Parts

    private var idleMinutes: UInt64? { parsed.option("auto-lock").flatMap { UInt64($0) } }

    private func seal(_ passphrase: String, from old: Vault?, idleMinutes: UInt64) throws(ErrorReport) {
        let random = SystemRandomSource()
        guard let vault = try? Vault.make(random: random),
            let lock = PassphraseLock(vault, passphrase: passphrase, idleMinutes: idleMinutes, random: random)
        else { throw Faults.report(StoreError(.misuse, "no memory for Argon2id"), home: home) }
        closeHome()
        do throws(StoreError) { try ReplicaHome.reseal(at: home, from: old, to: (vault, lock)) } catch {
            // Another command put a passphrase on it meanwhile.
            if error.code == .locked, old == nil { throw refused("passphrase.set-already", .setAlready) }
            throw Faults.report(error, home: home)
        }
        // The key that was unlocked before opens nothing any more.
        KeySession.end(home)
    }

    /// The head of a store that a passphrase has to protect.
    private func protectedHead() throws(ErrorReport) -> SealedStoreHead {
        ReplicaHome.clearLeftOver(at: home)
        if let head = try homeHead() { return head }
        // A home of before is sealed as a whole first; where there is none, that says so.
        _ = try replica()
        closeHome()
        guard let head = try homeHead() else { throw refused("passphrase.none", .none) }
        return head
    }

    /// The vault of a home; who changes its passphrase says it once more.
    private func openedVault() throws(ErrorReport) -> (Vault, PassphraseLock) {
        let head = try protectedHead()
        return (try vault(behind: head), head.lock)
    }

    private func vault(behind head: SealedStoreHead) throws(ErrorReport) -> Vault {
        let vault = try ask(head.lock, try givenPassphrase("passphrase-file"))
        guard head.fits(vault) else { throw Faults.report(StoreError(.damaged, "passphrase parameters"), home: home) }
        return vault
    }

    private func noSession() -> ErrorReport {
        ErrorReport(
            .failure, code: "unlock.no-session", happened: LockWord.noSession.with(), loss: .nothingChanged,
            next: LockWord.noSessionNext.with())
    }

    private func done(_ word: LockWord, _ state: String) -> ExitCode {
        if terminal.isJSON {
            terminal.printJSON { json in json.object { json in json.member("protection", state) } }
        } else {
            terminal.print(word.message)
        }
        return .ok
    }
}
