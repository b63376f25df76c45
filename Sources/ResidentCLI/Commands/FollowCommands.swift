// Following a report by its look-up code: ask offline, read the progress that is here.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// A look-up code or a rating code as it was typed; says what is wrong with it.
    func typedCode(_ option: String, _ given: String) throws(ErrorReport) -> LookupCode {
        if let code = LookupCode(parsing: given) { return code }
        let why: Message =
            switch LookupCode.fault(in: given) {
            case .length(let count)?: Self.filled(PublicWord.codeLength.message, String(count))
            case .character(let position)?: Self.filled(PublicWord.codeCharacter.message, String(position))
            case .check(let suspects)? where !suspects.isEmpty:
                Self.filled(
                    PublicWord.codeSuspects.message, suspects.map(String.init).joined(separator: ", "))
            case .check?, nil: PublicWord.codeCheck.message
            }
        // What was typed may be most of somebody's code: it is not repeated.
        let report = bad(option, "…", why)
        throw ErrorReport(
            report.exit, code: "code.mistyped", happened: report.happened, loss: .nothingChanged,
            next: PublicWord.codeNext.with())
    }

    /// `ward report follow CODE`
    func reportFollow() throws(ErrorReport) -> ExitCode {
        let code = try typedCode("CODE", parsed.arguments.joined())
        let replica = try replica()
        for id in try attempt({ () throws(ReplicaError) in try replica.documents(with: code) }) {
            guard let view = try attempt({ () throws(ReplicaError) in try replica.document(id) }) else { continue }
            if view.state.kind == .report {
                return say(.followOwn, ShortID.text(id), id: id, isNew: false)
            }
            // A follow that was limited is asked anew.
            if view.state.kind == .follow, view.state.text(FollowField.status) != "limited" {
                return say(.followAgain, code.text, id: id, isNew: false)
            }
        }
        let saved = try attempt { () throws(ReplicaError) in
            try replica.commit(Follow.draft(code), keeping: code)
        }
        return say(.followSaved, code.text, id: saved.document, isNew: true)
    }

    private func say(_ word: PublicWord, _ argument: String, id: Digest, isNew: Bool) -> ExitCode {
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("id", id.hex)
                    json.member("short_id", ShortID.text(id))
                    json.member("own_report", word == .followOwn)
                    json.member("saved", isNew)
                }
            }
        } else {
            terminal.print(word.message, argument)
            if isNew { terminal.remark(Say.savedWaiting.message) }
        }
        return .ok
    }

    /// `ward report track [CODE]`
    func reportTrack() throws(ErrorReport) -> ExitCode {
        let typed = parsed.arguments.joined()
        let code = typed.isEmpty ? nil : try typedCode("CODE", typed)
        let reader = try reader()
        var ids: [Digest] = []
        var ratings: [Digest] = []
        if let code {
            ids = try attempt { () throws(ReplicaError) in try reader.documents(with: code) }
        } else {
            try attempt { () throws(ReplicaError) in
                try reader.eachRow(.follow, ListFilter(), limit: nil) { ids.append($0.id) }
                try reader.eachRow(.rating, ListFilter(), limit: nil) { ratings.append($0.id) }
            }
        }
        var follows: [DocumentView] = []
        for id in ids {
            guard let view = try attempt({ () throws(ReplicaError) in try reader.document(id) }) else { continue }
            if view.state.kind == .report { return say(.followOwn, ShortID.text(id), id: id, isNew: false) }
            if view.state.kind == .follow { follows.append(view) }
        }
        if let code, follows.isEmpty {
            throw ErrorReport(
                .notFound, code: "follow.not-found", happened: PublicWord.notFollowed.with(code.text),
                loss: .nothingChanged, next: PublicWord.notFollowedNext.with(code.text))
        }
        // The newest try counts where one was limited.
        if code != nil { follows = follows.filter { $0.state.text(FollowField.status) != "limited" } + follows }
        let shown = code == nil ? follows : Array(follows.prefix(1))
        let page = try TrackPage(reader, self)
        return try page.print(shown, ratings: ratings)
    }
}
