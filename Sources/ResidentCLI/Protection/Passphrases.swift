// Where a passphrase comes from: a file, the environment of a script, or the person at the terminal.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// How often a person may try.
    private static let attempts = 3
    /// How often the home may get another passphrase while this command waits for it.
    private static let mostChanges = 10

    /// The home with its lock, for whoever writes.
    func openToWrite() throws(ErrorReport) -> ReplicaHome {
        // Whoever waits for the lock keeps nobody from the store who has it.
        closeHome()
        let found = try openUnlessSealedInPlace()
        if let opened = found.home { return opened }
        if let lock = found.lock { try sealWhole(lock) }
        return try openOrWait()
    }

    private func openOrWait() throws(ErrorReport) -> ReplicaHome {
        for _ in 1..<Self.mostChanges {
            let vault = try homeVault()
            do throws(StoreError) { return try openOrWait(vault) } catch {
                // The command that was waited for may have put another passphrase on the home.
                guard error.code == .locked else { throw Faults.report(error, home: home) }
            }
        }
        let vault = try homeVault()
        return try inHome { () throws(StoreError) in try openOrWait(vault) }
    }

    private func openOrWait(_ vault: Vault?) throws(StoreError) -> ReplicaHome {
        try ReplicaHome.open(at: home, for: .writing, vault: vault) { waited in
            if waited == 1000 { terminal.remark(SyncSay.waitsForWriter.message) }
            return !Interrupt.isRequested
        }
    }

    private func openUnlessSealedInPlace() throws(ErrorReport) -> (home: ReplicaHome?, lock: SealedInPlace.Lock?) {
        let opened = try openOrWait()
        let lock = try inHome { () throws(StoreError) in try SealedInPlace.lock(opened.database) }
        return lock == nil ? (opened, nil) : (nil, lock)
    }

    /// Seals a store as a whole of which a passphrase sealed the secrets only, under the same passphrase.
    private func sealWhole(_ found: SealedInPlace.Lock) throws(ErrorReport) {
        let vault = try vault(found.lock) { found.fits($0) }
        do throws(StoreError) {
            try ReplicaHome.reseal(at: home, from: nil, to: (vault, found.lock)) { store throws(StoreError) in
                try SealedInPlace.open(store, with: vault)
            }
        } catch {
            // Another command did it meanwhile.
            if error.code != .locked { throw Faults.report(error, home: home) }
        }
    }

    /// What the home's store is sealed with, before anything is read from it; nil where no passphrase protects it.
    func homeVault() throws(ErrorReport) -> Vault? {
        guard let head = try homeHead() else { return nil }
        return try vault(head.lock) { head.fits($0) }
    }

    /// The vault of a home that is open already or that this command was told the passphrase of, without asking.
    func knownVault() -> Vault? {
        guard let head = (try? ReplicaHome.head(at: home)) ?? nil else { return nil }
        if let kept = KeySession.read(home)?.vault, head.fits(kept) { return kept }
        guard let given = (try? givenPassphrase(nil)) ?? nil else { return nil }
        return head.lock.open(given, random: SystemRandomSource())
    }

    /// The head of the home's store, where a passphrase protects it.
    func homeHead() throws(ErrorReport) -> SealedStoreHead? {
        try inHome { () throws(StoreError) in try ReplicaHome.head(at: home) }
    }

    /// The vault behind a lock: what this command opened before, what is unlocked, or what the passphrase opens.
    private func vault(_ lock: PassphraseLock, fits: (Vault) -> Bool) throws(ErrorReport) -> Vault {
        if let vault, fits(vault) { return vault }
        if let kept = KeySession.read(home)?.vault {
            if fits(kept) {
                vault = kept
                return kept
            }
            // Of a home that stood here before.
            KeySession.end(home)
        }
        let given = try givenPassphrase(nil)
        let opened = try ask(lock, given)
        vault = opened
        if given == nil { _ = KeySession.keep(opened, home, idleMinutes: lock.idleMinutes) }
        return opened
    }

    /// Runs what may fail in the home's files.
    func inHome<R>(_ body: () throws(StoreError) -> R) throws(ErrorReport) -> R {
        do { return try body() } catch { throw Faults.report(error, home: home) }
    }

    /// The vault that the given passphrase opens, or the one that the person types.
    func ask(_ lock: PassphraseLock, _ given: String?) throws(ErrorReport) -> Vault {
        if let given {
            if let vault = lock.open(given, random: SystemRandomSource()) { return vault }
            throw wrongPassphrase()
        }
        let prompt = Prompt(terminal)
        for _ in 0..<Self.attempts {
            guard let typed = prompt.secret(LockWord.askPassphrase.message) else {
                throw Faults.report(StoreError(.locked), home: home)
            }
            if let vault = lock.open(typed, random: SystemRandomSource()) { return vault }
            terminal.warn(LockWord.wrong.message)
        }
        throw wrongPassphrase()
    }

    /// A new passphrase: from where it is given, else typed twice.
    func newPassphrase(_ option: String) throws(ErrorReport) -> String {
        let text: String
        if let given = try givenPassphrase(option) {
            text = given
        } else {
            let prompt = Prompt(terminal)
            guard let typed = prompt.secret(LockWord.askNew.message, String(PassphraseLock.fewestCharacters)),
                let again = prompt.secret(LockWord.askAgain.message)
            else { throw ErrorReport.cannotAsk(option: "--" + option, helpCommand: name + " --help") }
            guard typed == again else { throw refused("passphrase.differs", .differs) }
            text = typed
        }
        guard text.count >= PassphraseLock.fewestCharacters, text.utf8.count <= PassphraseLock.mostBytes else {
            throw refused("passphrase.too-short", .tooShort)
        }
        return text
    }

    /// What an option's file, `WARD_PASSPHRASE_FILE` or `WARD_PASSPHRASE` says (`WARD_NEW_PASSPHRASE…` of a new one
    /// in the place of another); nil where none of them is there.
    /// - Parameter option: of the command that asks; nil where it has none.
    func givenPassphrase(_ option: String?) throws(ErrorReport) -> String? {
        let variable = option == "new-passphrase-file" ? "WARD_NEW_PASSPHRASE" : "WARD_PASSPHRASE"
        let file = option.flatMap { parsed.option($0) } ?? Environment.value(variable + "_FILE")
        if let file {
            guard let text = BoundedFile.read(file) else {
                throw ErrorReport(
                    .inputOutput, code: "file.unreadable", happened: FaultWord.fileUnreadable.with(file),
                    loss: .nothingChanged, next: FaultWord.fileUnreadableNext.with())
            }
            // The first line, without its end.
            return String(text.unicodeScalars.prefix { $0 != "\n" && $0 != "\r" })
        }
        return Environment.value(variable).flatMap { $0.isEmpty ? nil : $0 }
    }

    func wrongPassphrase() -> ErrorReport { refused("passphrase.wrong", .wrong) }

    func refused(_ code: String, _ word: LockWord) -> ErrorReport {
        ErrorReport(
            .refused, code: code, happened: word.with(String(PassphraseLock.fewestCharacters)), loss: .nothingChanged,
            next: LockWord.againNext.with(name))
    }
}
