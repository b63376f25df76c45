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
        let replica = try replicaWithoutPassphrase()
        let passphrase = try newPassphrase("passphrase-file")
        try seal(replica, passphrase, idleMinutes: idleMinutes ?? Self.standardIdleMinutes)
        terminal.remark(LockWord.setNext.message)
        return done(.set, "protected")
    }

    private func changePassphrase() throws(ErrorReport) -> ExitCode {
        let opened = try protected()
        let passphrase = try newPassphrase("new-passphrase-file")
        try seal(opened.replica, passphrase, idleMinutes: idleMinutes ?? opened.lock.idleMinutes)
        return done(.changed, "protected")
    }

    private func removePassphrase() throws(ErrorReport) -> ExitCode {
        let opened = try protected()
        try attempt { () throws(ReplicaError) in try opened.replica.reseal(with: nil, lock: nil) }
        KeySession.end(home)
        return done(.removed, "open")
    }

    private func lock() throws(ErrorReport) -> ExitCode {
        _ = try sealedStore()
        KeySession.end(home)
        return done(.lockedNow, "locked")
    }

    private func unlock() throws(ErrorReport) -> ExitCode {
        let (database, lock) = try sealedStore()
        let vault = try ask(lock, try givenPassphrase("passphrase-file"))
        guard StoreProtection.fits(vault, database) else {
            throw Faults.report(StoreError(.damaged, "passphrase parameters"), home: home)
        }
        let minutes = idleMinutes ?? lock.idleMinutes
        guard KeySession.keep(vault, home, idleMinutes: minutes) else { throw noSession() }
        if minutes > 0 { terminal.remark(LockWord.unlockedFor.message, String(minutes)) }
        return done(.unlocked, "unlocked")
    }

    // MARK: Parts

    private var idleMinutes: UInt64? { parsed.option("auto-lock").flatMap { UInt64($0) } }

    private func seal(_ replica: Replica, _ passphrase: String, idleMinutes: UInt64) throws(ErrorReport) {
        let random = SystemRandomSource()
        guard let vault = try? Vault.make(random: random),
            let lock = PassphraseLock(vault, passphrase: passphrase, idleMinutes: idleMinutes, random: random)
        else { throw Faults.report(StoreError(.misuse, "no memory for Argon2id"), home: home) }
        try attempt { () throws(ReplicaError) in try replica.reseal(with: vault, lock: lock) }
        // The key that was unlocked before opens nothing any more.
        KeySession.end(home)
    }

    private func replicaWithoutPassphrase() throws(ErrorReport) -> Replica {
        do {
            let opened = try ReplicaHome.open(at: home, for: .writing)
            hold(opened)
            guard case .open = try StoreProtection(opened.database) else { throw ReplicaError(.locked) }
            return try Replica(
                opening: opened.database, time: time, random: SystemRandomSource(), scheme: Ed25519Scheme())
        } catch let error as StoreError {
            throw Faults.report(error, home: home)
        } catch let error as ReplicaError {
            if case .locked = error.reason { throw refused("passphrase.set-already", .setAlready) }
            throw Faults.report(error, home: home)
        } catch { throw Faults.report(StoreError(.misuse, "\(error)"), home: home) }
    }

    /// The home with its keys, which a passphrase must protect; who changes that says the passphrase once more.
    private func protected() throws(ErrorReport) -> (replica: Replica, lock: PassphraseLock) {
        let (database, lock) = try sealedStore()
        let vault = try ask(lock, try givenPassphrase("passphrase-file"))
        database.vault = vault
        let replica = try attempt { () throws(ReplicaError) in
            try Replica(opening: database, time: time, random: SystemRandomSource(), scheme: Ed25519Scheme())
        }
        return (replica, lock)
    }

    private func sealedStore() throws(ErrorReport) -> (Database, PassphraseLock) {
        let opened: ReplicaHome
        do { opened = try ReplicaHome.open(at: home, for: .writing) } catch { throw Faults.report(error, home: home) }
        hold(opened)
        do throws(StoreError) { _ = try StoreSchema.check(opened.database) } catch {
            throw Faults.report(error, home: home)
        }
        guard
            case .sealed(let lock) = try attempt({ () throws(ReplicaError) in try StoreProtection(opened.database) })
        else { throw refused("passphrase.none", .none) }
        return (opened.database, lock)
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
