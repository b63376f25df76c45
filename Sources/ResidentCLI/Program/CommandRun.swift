// One run of a command: its options, its terminal, its home, and the ways to open it.

import CommandLineKit
import Glibc
import SyncKit

/// What every command works with.
final class CommandRun {
    let parsed: ParsedCommand
    let terminal: Terminal
    /// How the command is called, for hints.
    let name: String
    let home: String
    let time = SystemTimeSource()
    /// The ward's configuration, once it was read.
    var keptSettings: WardSettings?
    /// The code of the ward's own area, once a command needed it.
    var keptWard: String?
    /// Kept open, and with it the lock, as long as the command runs.
    private(set) var opened: ReplicaHome?
    /// What the passphrase opened, where one was asked for: it is not asked for again while the command runs.
    var vault: Vault?
    /// The areas that the home knows, once somebody asked.
    var knownAreas: AreaBook?

    init(_ spec: CommandSpec, _ parsed: ParsedCommand, _ terminal: Terminal) {
        self.parsed = parsed
        self.terminal = terminal
        name = (["ward"] + spec.path).joined(separator: " ")
        home = parsed.globals.home ?? Self.defaultHome()
    }

    static func defaultHome() -> String {
        if let data = Environment.value("XDG_DATA_HOME"), data.hasPrefix("/") { return data + "/wardsync" }
        return (Environment.value("HOME") ?? ".") + "/.local/share/wardsync"
    }

    // MARK: Opening

    /// The home as it is read: without a lock, without keys.
    func reader() throws(ErrorReport) -> ReplicaReader {
        do {
            if let opened = try openToRead() { return try ReplicaReader(opening: opened.database) }
            // A version before wrote it: it is brought up first.
            _ = try replica()
            closeHome()
            guard let opened = try openToRead() else { throw StoreError(.misuse, "store of before") }
            return try ReplicaReader(opening: opened.database)
        } catch let error as StoreError {
            throw Faults.report(error, home: home)
        } catch let error as ReplicaError {
            throw Faults.report(error, home: home)
        } catch let error as ErrorReport {
            throw error
        } catch { throw Faults.report(StoreError(.misuse, "\(error)"), home: home) }
    }

    /// The home as it is read; nil where a version before wrote it. Where another command puts a new store in the place of
    /// the one that was opened, the new one is read.
    private func openToRead(tries: Int = 10) throws -> ReplicaHome? {
        let store = StoreFile(home)
        do { return try openOnceToRead() } catch let error as StoreError {
            // Who has not the passphrase is told so in other words: here it was another one a moment ago.
            guard tries > 1, error.code == .locked || store != StoreFile(home) else { throw error }
        }
        return try openToRead(tries: tries - 1)
    }

    /// Which file the store is. Its number alone does not tell: a new file may have that of one that is gone.
    private struct StoreFile: Equatable {
        let device: dev_t
        let number: ino_t
        let seconds: Int
        let nanoseconds: Int

        init(_ home: String) {
            var info = stat()
            _ = stat(ReplicaHome.storePath(home), &info)
            (device, number) = (info.st_dev, info.st_ino)
            (seconds, nanoseconds) = (info.st_ctim.tv_sec, info.st_ctim.tv_nsec)
        }
    }

    private func openOnceToRead() throws -> ReplicaHome? {
        let found = try ReplicaHome.open(at: home, for: .reading, vault: homeVault())
        guard try !StoreSchema.check(found.database), try SealedInPlace.lock(found.database) == nil else { return nil }
        opened = found
        return found
    }

    /// The home with its lock and its keys, to write.
    func replica() throws(ErrorReport) -> Replica {
        do {
            let opened = try openToWrite()
            self.opened = opened
            return try Replica(
                opening: opened.database, time: time, random: SystemRandomSource(), scheme: Ed25519Scheme())
        } catch let error as StoreError {
            throw Faults.report(error, home: home)
        } catch let error as ReplicaError {
            throw Faults.report(error, home: home)
        } catch let error as ErrorReport {
            throw error
        } catch { throw Faults.report(StoreError(.misuse, "\(error)"), home: home) }
    }

    /// Lets writers in again, once everything that is printed has been read.
    func doneReading() { opened?.release() }

    /// Closes the home, so that other commands can write until it is opened again.
    func closeHome() { opened = nil }

    /// Closes the home for long enough that somebody who waits for the store takes it.
    func letOthersWrite() {
        closeHome()
        usleep(60_000)
    }

    /// Keeps a home open that a command made itself.
    func hold(_ home: ReplicaHome) { opened = home }

    /// Runs what may fail in the library.
    func attempt<R>(_ body: () throws(ReplicaError) -> R) throws(ErrorReport) -> R {
        do { return try body() } catch { throw Faults.report(error, home: home) }
    }

    // MARK: Values

    func bad(_ option: String, _ given: String, _ expected: Message) -> ErrorReport {
        Faults.badValue(option, given, expected, help: name)
    }

    /// A text that a person entered, in NFC and without blanks around it; bounded, not empty.
    func text(_ option: String, _ given: String, limit: Int) throws(ErrorReport) -> String {
        let text = Self.trimmed(TextNormalization.nfc(given))
        guard !text.isEmpty else { throw bad(option, given, Say.expectText.message) }
        guard text.utf8.count <= limit else {
            throw bad(option, given, Self.filled(Say.expectLong.message, String(limit)))
        }
        return text
    }

    /// The option's text, where it was given.
    func text(option: String, limit: Int) throws(ErrorReport) -> String? {
        guard let given = parsed.option(option) else { return nil }
        return try text("--" + option, given, limit: limit)
    }

    /// A message with its first placeholder filled in both languages.
    static func filled(_ message: Message, _ value: String) -> Message {
        Message(vi: message.vi.replacingFirst("{0}", value), en: message.en.replacingFirst("{0}", value))
    }

    /// A message with words of both languages in its places.
    static func filled(_ message: Message, _ words: Message...) -> Message {
        var vi = message.vi
        var en = message.en
        for (index, word) in words.enumerated() {
            vi = vi.replacingFirst("{\(index)}", word.vi)
            en = en.replacingFirst("{\(index)}", word.en)
        }
        return m(vi, en)
    }

    static func trimmed(_ text: String) -> String {
        let bytes = text.utf8
        guard let first = bytes.firstIndex(where: { $0 > 0x20 }), let last = bytes.lastIndex(where: { $0 > 0x20 })
        else {
            return ""
        }
        return String(text[first...last])
    }

    /// The area of something new: as given, else the one of the grant, else for a resident the ward itself.
    func newArea(_ replica: Replica) throws(ErrorReport) -> String {
        if let given = parsed.option("area") { return try area("--area", given, ward: replica.descriptor.area) }
        return try grantedArea(replica)
    }

    /// The one area of the grant; for a resident the ward itself.
    func grantedArea(_ replica: Replica) throws(ErrorReport) -> String {
        let grant = try attempt { () throws(ReplicaError) in try replica.grant() }
        guard let areas = grant?.areas, let first = areas.first else { return replica.descriptor.area }
        guard areas.count == 1 else {
            throw ErrorReport(
                .usage, code: "usage.missing-option", happened: Phrase(Say.needArea.message), loss: .nothingChanged,
                next: FaultWord.badValueNext.with(name))
        }
        return first
    }

    /// A day as people write it; the end of it in seconds since 1970.
    func day(_ option: String, _ given: String) throws(ErrorReport) -> Int64 {
        guard let date = CivilDate.parse(Self.trimmed(given)) else { throw bad(option, given, Say.expectDate.message) }
        return date.startSeconds() + 86_399
    }

    func code<Table: CodedTable>(_ option: String, _ given: String, _ table: Table.Type, _ expected: Say)
        throws(ErrorReport) -> String
    {
        if case .one(let entry) = Table.match(given) { return entry.rawValue }
        throw bad(
            option, given, Self.filled(expected.message, Table.allCases.map(\.rawValue).joined(separator: ", ")))
    }

    func state(_ option: String, _ given: String, _ kind: DocumentKind) throws(ErrorReport) -> UInt8 {
        if let state = StateWord.match(kind, given) { return state }
        throw bad(option, given, Self.filled(Say.expectState.message, StateWord.names(kind)))
    }

    /// The document whose id begins as the first argument says. Where several do, they are named with their titles.
    func document(_ store: some LocalDocuments, _ kind: DocumentKind?, _ id: String? = nil) throws(ErrorReport)
        -> DocumentView
    {
        let typed = id ?? parsed.argument(0) ?? ""
        let id: Digest
        do { id = try store.resolve(typed, kind: kind) } catch {
            guard case .ambiguous(_, let ids) = error.reason else { throw Faults.report(error, home: home) }
            let named = ids.map { id in
                let title = ((try? store.title(of: id)) ?? nil) ?? ""
                return ShortID.text(id, length: 12) + " " + DisplayWidth.truncating(SafeText.line(title), to: 40)
            }
            throw ErrorReport(
                .ambiguous, code: "document.ambiguous",
                happened: FaultWord.ambiguous.with(typed, named.joined(separator: "; ")), loss: .nothingChanged,
                next: FaultWord.ambiguousNext.with())
        }
        guard let view = try attempt({ () throws(ReplicaError) in try store.document(id) }) else {
            throw Faults.report(ReplicaError(.notFound(typed)), home: home)
        }
        return view
    }
}
