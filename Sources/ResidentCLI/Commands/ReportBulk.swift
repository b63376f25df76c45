// The same step for several reports: each for itself, with a preview and a line that says what came of it.

import CommandLineKit
import SyncKit

/// What came of one report of several.
enum MoveOutcome {
    case saved(Saved, DocumentView)
    case refused(ErrorReport)
    case skipped
}

/// Does the same to several reports: each for itself, one that is refused does not stop the others.
struct ReportBulk {
    /// The most reports that a filter does at once.
    static let limit = 1000

    let run: CommandRun
    /// What is done, for the question before it.
    let step: Message
    /// The one-time code that goes with what was done to a report.
    var ratingCode: (Digest) -> RatingCode? = { _ in nil }

    private var terminal: Terminal { run.terminal }

    /// - Parameter make: the changes for one report, in order; most often one.
    func run(
        _ make: (Replica, Actor, DocumentView) throws(ErrorReport) -> [ChangeSetDraft]
    ) throws(ErrorReport) -> ExitCode {
        let typed = run.parsed.arguments
        if run.parsed.options("where").isEmpty {
            guard !typed.isEmpty else { throw usage(.needsTargets) }
        } else {
            guard typed.isEmpty else { throw usage(.twoTargets) }
            guard let found = try chosen() else { return .ok }
            return try act(on: found.map(\.hex), isSingle: false, make)
        }
        var targets: [String] = []
        for id in typed where !targets.contains(id) { targets.append(id) }
        return try act(on: targets, isSingle: targets.count == 1, make)
    }

    private func usage(_ say: OfficerSay) -> ErrorReport {
        ErrorReport(
            .usage, code: "usage.missing-argument", happened: Phrase(say.message), loss: .nothingChanged,
            next: FaultWord.badValueNext.with(run.name))
    }

    private func act(
        on targets: [String], isSingle: Bool,
        _ make: (Replica, Actor, DocumentView) throws(ErrorReport) -> [ChangeSetDraft]
    ) throws(ErrorReport) -> ExitCode {
        let replica = try run.replica()
        let actor = try run.attempt { () throws(ReplicaError) in try replica.actor() }
        var outcomes: [(target: String, outcome: MoveOutcome)] = []
        var isBroken = false
        for target in targets {
            if isBroken {
                outcomes.append((target, .skipped))
                continue
            }
            do throws(ErrorReport) {
                outcomes.append((target, try one(target, replica, actor, make)))
            } catch {
                if isSingle { throw error }
                outcomes.append((target, .refused(error)))
                // What is not about this report, such as a full disk, will not be better with the next one.
                isBroken = ![.refused, .notFound, .ambiguous, .usage].contains(error.exit)
            }
        }
        return isSingle ? tellOne(outcomes.first?.outcome) : tell(outcomes)
    }

    private func one(
        _ target: String, _ replica: Replica, _ actor: Actor,
        _ make: (Replica, Actor, DocumentView) throws(ErrorReport) -> [ChangeSetDraft]
    ) throws(ErrorReport) -> MoveOutcome {
        var view = try run.document(replica, .report, target)
        var saved: Saved?
        for draft in try make(replica, actor, view) {
            saved = try run.attempt { () throws(ReplicaError) in try replica.commit(draft) }
        }
        let id = view.id
        if let now = try run.attempt({ () throws(ReplicaError) in try replica.document(id) }) { view = now }
        return saved.map { .saved($0, view) } ?? .skipped
    }

    // MARK: Choosing

    /// The reports that the filters mean, after a preview and a yes; nil where nothing is to be done.
    private func chosen() throws(ErrorReport) -> [Digest]? {
        let reader = try run.reader()
        let filter = try run.reportFilter(reader)
        let ids = try run.attempt { () throws(ReplicaError) in
            try reader.reportIDs(filter, limit: Self.limit + 1)
        }
        let targets = Array(ids.prefix(Self.limit))
        guard !targets.isEmpty else {
            run.doneReading()
            if terminal.isJSON { _ = tell([]) } else { terminal.remark(OfficerSay.bulkNone.message) }
            return nil
        }
        if run.parsed.flag("yes") {
            run.doneReading()
            return targets
        }
        guard Prompt(terminal).isPossible else {
            throw ErrorReport.cannotAsk(option: "--yes", helpCommand: run.name + " --help")
        }
        for id in targets {
            let title = try run.attempt { () throws(ReplicaError) in try reader.title(of: id) } ?? ""
            terminal.writeError("  " + ShortID.text(id) + "  " + SafeText.line(title) + "\n")
        }
        run.doneReading()
        if ids.count > Self.limit { terminal.warn(OfficerSay.bulkLimit.message, String(Self.limit)) }
        let isSure = Prompt(terminal).confirm(
            OfficerSay.bulkAsk.message, terminal.word(step), String(targets.count), assumed: false)
        if isSure == true { return targets }
        terminal.remark(OfficerSay.bulkCancelled.message)
        return nil
    }

    // MARK: Telling

    private func state(_ view: DocumentView) -> String {
        terminal.word(run.ownSettings.stateMessage(.report, view.state.present.state))
    }

    private func tellOne(_ outcome: MoveOutcome?) -> ExitCode {
        guard case .saved(let saved, let view)? = outcome else { return .ok }
        if terminal.isJSON {
            terminal.printJSON { json in json.object { json in write(saved, view, to: &json) } }
            return .ok
        }
        terminal.print(
            OfficerSay.moved.message, ShortID.text(view.id),
            state(view))
        handOver(view.id)
        terminal.remark(Say.savedWaiting.message)
        return .ok
    }

    private func handOver(_ report: Digest) {
        guard let code = ratingCode(report) else { return }
        terminal.print(PublicWord.handOver.message, ShortID.text(report), code.text)
        guard run.parsed.flag("qr") else { return }
        do throws(ErrorReport) { try run.showQR(code.text) } catch {
            // The report is saved, and the code stands above.
            terminal.warn(PublicWord.noQR.message, terminal.language.text(error.happened))
        }
    }

    private func tell(_ outcomes: [(target: String, outcome: MoveOutcome)]) -> ExitCode {
        var savedCount = 0
        var first: ExitCode?
        for case (_, .refused(let error)) in outcomes where first == nil { first = error.exit }
        for case (_, .saved) in outcomes { savedCount += 1 }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.array("items") { json in
                        for (target, outcome) in outcomes { json.object { write(target, outcome, to: &$0) } }
                    }
                    json.member("saved", savedCount)
                    json.member("refused", outcomes.count - savedCount)
                }
            }
            return first ?? .ok
        }
        for (target, outcome) in outcomes {
            terminal.print(line(target, outcome))
            if case .saved(_, let view) = outcome { handOver(view.id) }
        }
        terminal.remark(OfficerSay.bulkEnd.message, String(savedCount), String(outcomes.count - savedCount))
        if savedCount > 0 { terminal.remark(Say.savedWaiting.message) }
        return first ?? .ok
    }

    private func line(_ target: String, _ outcome: MoveOutcome) -> String {
        switch outcome {
        case .saved(_, let view):
            terminal.say(
                .movedLine, ShortID.text(view.id),
                state(view), Listing(view.state).title)
        case .refused(let error):
            terminal.say(
                .refusedLine, shortened(target), terminal.language.text(error.happened),
                terminal.language.text(error.next))
        case .skipped: terminal.say(.skippedLine, shortened(target))
        }
    }

    private func shortened(_ target: String) -> String {
        Digest(hex: target).map { ShortID.text($0) } ?? target
    }

    private func write(_ target: String, _ outcome: MoveOutcome, to json: inout JSONWriter) {
        switch outcome {
        case .saved(let saved, let view): write(saved, view, to: &json)
        case .refused(let error):
            json.member("target", target)
            json.member("saved", false)
            json.object("error") { json in
                json.member("code", error.code)
                json.member("message", terminal.language.text(error.happened))
                json.member("next", terminal.language.text(error.next))
            }
        case .skipped:
            json.member("target", target)
            json.member("saved", false)
        }
    }

    private func write(_ saved: Saved, _ view: DocumentView, to json: inout JSONWriter) {
        json.member("id", saved.document.hex)
        json.member("short_id", ShortID.text(saved.document))
        json.member("kind", DocumentKind.report.name)
        json.member("state", WorkflowRules.name(.report, view.state.present.state))
        json.member("sequence", Int64(clamping: saved.dot.sequence))
        json.member("saved", true)
        json.member("waiting", true)
        if let code = ratingCode(view.id) { json.member("rating_code", code.text) }
    }
}
