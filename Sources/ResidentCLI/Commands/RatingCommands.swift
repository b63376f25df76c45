// Rating a result: by the device that filed the report, or with the one-time code on the paper.

import CommandLineKit
import SyncKit

extension CommandRun {
    private static let commentLimit = 400

    /// `ward report rate ID SCORE`, `ward report rate --code CODE SCORE`
    func reportRate() throws(ErrorReport) -> ExitCode {
        let comment = try text(option: "comment", limit: Self.commentLimit)
        if let code = parsed.option("code") {
            guard parsed.arguments.count == 1, let typed = parsed.argument(0) else {
                throw bad("SCORE", parsed.arguments.joined(separator: " "), PublicWord.rateWithCode.message)
            }
            return try rate(with: try typedCode("--code", code), try score(typed), comment)
        }
        guard parsed.arguments.count == 2, let typed = parsed.argument(1) else {
            throw bad("SCORE", parsed.arguments.joined(separator: " "), PublicWord.rateNeedsID.message)
        }
        let value = try score(typed)
        let replica = try replica()
        let view = try document(replica, .report)
        let id = ShortID.text(view.id)
        func refusal(_ code: String, _ happened: PublicWord, _ next: PublicWord) -> ErrorReport {
            ErrorReport(
                .refused, code: code, happened: happened.with(id), loss: .nothingChanged, next: next.with(id))
        }
        guard try attempt({ () throws(ReplicaError) in try replica.isOwn(view.state.creation.device) }) else {
            throw refusal("rating.not-author", .notAuthor, .notAuthorNext)
        }
        guard !view.state.hasTaken(8, since: 6) else {
            throw refusal("rating.again", .ratedAlready, .ratedAlreadyNext)
        }
        guard [6, 7].contains(view.state.present.state) else {
            throw refusal("rating.too-early", .notRateable, .notRateableNext)
        }
        let draft = Rating.draft(on: view, value: value, comment: comment)
        _ = try attempt { () throws(ReplicaError) in try replica.commit(draft) }
        sayRated(view.id, value, .rated, String(value.value), id)
        return .ok
    }

    private func score(_ typed: String) throws(ErrorReport) -> Rating {
        guard let rating = Int64(typed).flatMap(Rating.init) else {
            throw bad("SCORE", typed, PublicWord.expectScore.message)
        }
        return rating
    }

    private func rate(with code: LookupCode, _ value: Rating, _ comment: String?) throws(ErrorReport) -> ExitCode {
        var draft = ChangeSetDraft(kind: .rating)
        draft.perform(.set(Slot(field: RatingField.value)), CBORValue(value.value))
        if let comment { draft.perform(.set(Slot(field: RatingField.comment)), .text(comment)) }
        let ready = draft
        let replica = try replica()
        let saved = try attempt { () throws(ReplicaError) in
            try replica.commit(ready, privates: [(Slot(field: RatingField.code), code.canonical)])
        }
        sayRated(saved.document, value, .rateSent, String(value.value))
        return .ok
    }

    private func sayRated(_ id: Digest, _ value: Rating, _ word: PublicWord, _ arguments: String...) {
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("id", id.hex)
                    json.member("value", value.value)
                    json.member("saved", true)
                }
            }
            return
        }
        terminal.print(terminal.language.text(Phrase(word.message, arguments)))
        terminal.remark(Say.savedWaiting.message)
    }
}
