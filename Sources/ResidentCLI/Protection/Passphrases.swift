// Where a passphrase comes from: a file, the environment of a script, or the person at the terminal.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// How often a person may try.
    private static let attempts = 3

    /// Opens the vault of a store that a passphrase protects, before anything else is read from it.
    func openVault(_ database: Database) throws(ErrorReport) {
        guard case .sealed(let lock) = try attempt({ () throws(ReplicaError) in try StoreProtection(database) })
        else { return }
        if let vault, StoreProtection.fits(vault, database) {
            database.vault = vault
            return
        }
        defer { vault = database.vault }
        if let kept = KeySession.read(home)?.vault {
            if StoreProtection.fits(kept, database) {
                database.vault = kept
                return
            }
            // Of a home that stood here before.
            KeySession.end(home)
        }
        let given = try givenPassphrase(nil)
        database.vault = try ask(lock, given)
        if given == nil, let vault = database.vault {
            _ = KeySession.keep(vault, home, idleMinutes: lock.idleMinutes)
        }
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
                throw Faults.report(ReplicaError(.locked), home: home)
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
