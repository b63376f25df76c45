// What the commands on documents share: saving, saying what was saved, showing a document.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// Saves an action and says so.
    func save(
        _ replica: Replica, _ draft: ChangeSetDraft, privates: [(slot: Slot, value: String)] = [],
        code: LookupCode? = nil, reply: SealingKey? = nil, title: String? = nil, consuming local: Int64? = nil,
        files: [NewFile] = [], also: (inout JSONWriter) -> Void = { _ in }
    ) throws(ErrorReport) -> ExitCode {
        let saved = try attempt { () throws(ReplicaError) in
            try replica.commit(draft, privates: privates, keeping: code, reply: reply, consuming: local, files: files)
        }
        return say(saved, draft.kind, code: code, title: title, also: also)
    }

    /// Says what was saved.
    func say(
        _ saved: Saved, _ kind: DocumentKind, code: LookupCode? = nil, title: String? = nil,
        also: (inout JSONWriter) -> Void = { _ in }
    ) -> ExitCode {
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("id", saved.document.hex)
                    json.member("short_id", ShortID.text(saved.document))
                    json.member("kind", kind.name)
                    json.member("sequence", Int64(clamping: saved.dot.sequence))
                    json.member("saved", true)
                    json.member("waiting", true)
                    if let code { json.member("lookup_code", code.text) }
                    also(&json)
                }
            }
            return .ok
        }
        let word = terminal.word(KindWord.message(kind))
        if let title {
            terminal.print(Say.saved.message, word, ShortID.text(saved.document), title)
        } else {
            terminal.print(Say.edited.message, word, ShortID.text(saved.document))
        }
        if let code { terminal.print(Say.codeOnce.message, code.text) }
        terminal.remark(Say.savedWaiting.message)
        return .ok
    }

    /// Shows the document that the first argument names.
    func show(_ kind: DocumentKind, id: String? = nil) throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let view = try document(reader, kind, id)
        let code = try attempt { () throws(ReplicaError) in try reader.lookupCode(of: view.id) }
        let people = try People(reader, self)
        if terminal.isJSON {
            terminal.printJSON { json in
                DocumentJSON(view: view, people: people, terminal: terminal, code: code).write(to: &json)
            }
        } else {
            DocumentPage(view: view, people: people, terminal: terminal, code: code).print()
        }
        return .ok
    }

    func list(_ kind: DocumentKind) throws(ErrorReport) -> ExitCode {
        try ListPage(kind: kind, reader: try reader(), run: self).print()
    }

    /// When there is nothing in an edit.
    func nothingToChange() -> ErrorReport {
        ErrorReport(
            .usage, code: "usage.nothing-to-change", happened: Phrase(Say.nothingToChange.message),
            loss: .nothingChanged, next: Phrase(Say.nothingToChangeNext.message, [name]))
    }

    /// A code of a configurable list, such as an agency: kept as it was typed, in lower case.
    func freeCode(_ option: String, _ given: String) throws(ErrorReport) -> String {
        let limit = 60
        let code = given.lowercased()
        guard (1...limit).contains(code.utf8.count),
            code.utf8.allSatisfy({
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F || $0 == 0x2D
            })
        else { throw bad(option, given, Self.filled(Say.expectCode.message, String(limit))) }
        return code
    }
}
