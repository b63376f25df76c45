// The work of officers on reports: classify, assign, start, ask, resolve, reject, refer, reopen, duplicates.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// Moves the reports that the command names into a state.
    private func move(
        to state: ReportStateNumber,
        _ fill: (Replica, DocumentView, inout ChangeSetDraft) throws(ErrorReport) -> Void = { _, _, _ in },
        ratingCode: @escaping (Digest) -> RatingCode? = { _ in nil }
    ) throws(ErrorReport) -> ExitCode {
        let step = StepWord(rawValue: state.rawValue)?.message ?? .verbatim("")
        return try ReportBulk(run: self, step: step, ratingCode: ratingCode).run {
            (replica, actor, view) throws(ErrorReport) in
            let move = try reportMove(replica, actor, view)
            try move.check(to: state.rawValue)
            var beside = ChangeSetDraft(kind: .report)
            try fill(replica, view, &beside)
            return [
                try move.draft(to: state.rawValue) { draft in
                    draft.operations = beside.operations
                    draft.values = beside.values
                    draft.isSalted = beside.isSalted
                }
            ]
        }
    }

    /// A step of a report in the words of this ward.
    func reportMove(_ replica: Replica, _ actor: Actor, _ view: DocumentView) throws(ErrorReport) -> ReportMove {
        let settings = try knownSettings(replica)
        return ReportMove(view: view, actor: actor, settings: settings)
    }

    func set(_ draft: inout ChangeSetDraft, _ field: UInt8, _ text: String) {
        draft.perform(.set(Slot(field: field)), .text(text))
    }

    /// A text that the command cannot do without.
    private func needed(_ option: String, limit: Int) throws(ErrorReport) -> String {
        guard let text = try text(option: option, limit: limit) else {
            throw ErrorReport.cannotAsk(option: "--" + option, helpCommand: name + " --help")
        }
        return text
    }

    /// The ward's lists, read without a lock that would stay.
    private func wardRules() throws(ErrorReport) -> WardRules {
        let reader = try reader()
        defer { doneReading() }
        return try attempt { () throws(ReplicaError) in try WardRules(reader) }
    }

    /// `ward report classify ID…`
    func reportClassify() throws(ErrorReport) -> ExitCode {
        let given = try needed("category", limit: 400)
        let category = try wardRules().category(self, "--category", given)
        let urgency = parsed.option("urgency")
        return try move(to: .classified) { (_, _, draft) throws(ErrorReport) in
            set(&draft, ReportField.category, category)
            if let urgency { set(&draft, ReportField.urgency, urgency) }
        }
    }

    /// `ward report assign ID…`
    func reportAssign() throws(ErrorReport) -> ExitCode {
        let rules = try wardRules()
        let agency = try rules.agency(self, "--agency", try needed("agency", limit: 400))
        let due = try parsed.option("due").map { given throws(ErrorReport) in try day("--due", given) }
        let now = time.nowSeconds()
        return try move(to: .assigned) { (_, view, draft) throws(ErrorReport) in
            set(&draft, ReportField.agency, agency)
            guard let due = due ?? rules.dueIfAssigned(view.state, now: now) else { return }
            draft.perform(.set(Slot(field: ReportField.due)), CBORValue(due))
        }
    }

    /// `ward report start ID…`
    func reportStart() throws(ErrorReport) -> ExitCode { try move(to: .inProgress) }

    /// `ward report ask ID…`
    func reportAsk() throws(ErrorReport) -> ExitCode {
        let question = try needed("question", limit: 4000)
        return try move(to: .awaitingInfo) { (_, _, draft) throws(ErrorReport) in
            draft.perform(.append(Slot(field: ReportField.question)), .text(question))
        }
    }

    /// `ward report answer ID TEXT`
    func reportAnswer() throws(ErrorReport) -> ExitCode {
        let answer = try text("TEXT", parsed.argument(1) ?? "", limit: Self.reportTextLimit)
        let replica = try replica()
        let view = try document(replica, .report)
        guard view.state.present.state == ReportStateNumber.awaitingInfo.rawValue else {
            throw ErrorReport(
                .refused, code: "report.no-question", happened: Phrase(OfficerSay.noQuestion.message),
                loss: .nothingChanged, next: OfficerSay.noQuestionNext.message.with(ShortID.text(view.id)))
        }
        var draft = ChangeSetDraft(kind: .report, document: view.id)
        draft.perform(.append(Slot(field: ReportField.comments)), .text(answer))
        return try save(replica, draft)
    }

    /// `ward report resolve ID…`
    func reportResolve() throws(ErrorReport) -> ExitCode {
        let result = try needed("result", limit: Self.reportTextLimit)
        if parsed.flag("not-fixed"), parsed.flag("no-fault") {
            throw ErrorReport(
                .usage, code: "usage.bad-value", happened: Phrase(OfficerSay.oneReason.message), loss: .nothingChanged,
                next: FaultWord.badValueNext.with(name))
        }
        let resolution: Resolution =
            parsed.flag("not-fixed") ? .notFixed : parsed.flag("no-fault") ? .noFault : .fixed
        var codes: [Digest: RatingCode] = [:]
        let random = SystemRandomSource()
        return try move(to: .resolved) { (_, view, draft) throws(ErrorReport) in
            set(&draft, ReportField.result, result)
            set(&draft, ReportField.resolution, resolution.rawValue)
            let code = RatingCode.make(random: random)
            draft.perform(.set(Slot(field: ReportField.ratingCodeHash)), .bytes(code.hash.bytes))
            codes[view.id] = code
        } ratingCode: {
            codes[$0]
        }
    }

    /// `ward report reject ID…`
    func reportReject() throws(ErrorReport) -> ExitCode {
        let reason = try needed("reason", limit: Self.reportTextLimit)
        return try move(to: .rejected) { (_, _, draft) throws(ErrorReport) in
            set(&draft, ReportField.result, reason)
        }
    }

    /// `ward report refer ID…`
    func reportRefer() throws(ErrorReport) -> ExitCode {
        let to = try needed("to", limit: 400)
        let reason = try needed("reason", limit: 8000)
        return try move(to: .referred) { (_, _, draft) throws(ErrorReport) in
            set(&draft, ReportField.result, to + ": " + reason)
        }
    }

    /// `ward report reopen ID…`
    func reportReopen() throws(ErrorReport) -> ExitCode {
        let reason = try needed("reason", limit: Self.reportTextLimit)
        return try move(to: .reopened) { (_, _, draft) throws(ErrorReport) in
            draft.perform(.append(Slot(field: ReportField.comments)), .text(reason))
        }
    }

    /// `ward report duplicate ID… --of OTHER`
    func reportDuplicate() throws(ErrorReport) -> ExitCode {
        let of = try needed("of", limit: 80)
        let slot = Slot(field: ReportField.duplicateOf)
        let step = StepWord.duplicate.message
        return try ReportBulk(run: self, step: step).run { (replica, actor, view) throws(ErrorReport) in
            let original = try document(replica, .report, of)
            guard original.id != view.id else { throw bad("--of", of, OfficerSay.notOriginal.message) }
            let move = try reportMove(replica, actor, view)
            var drafts: [ChangeSetDraft] = []
            let link = view.state.link(ReportField.duplicateOf)
            // A link that was left behind by a reopening makes way first.
            if let link, link.value != original.id.bytes {
                try move.check(to: ReportStateNumber.duplicate.rawValue)
                var unlink = ChangeSetDraft(kind: .report, document: view.id)
                unlink.perform(.unlink(slot, link: link.dot))
                drafts.append(unlink)
            }
            drafts.append(
                try move.draft(to: ReportStateNumber.duplicate.rawValue) { draft in
                    draft.perform(.link(slot, target: original.id))
                })
            return drafts
        }
    }

    /// `ward report unlink ID…`
    func reportUnlink() throws(ErrorReport) -> ExitCode {
        try move(to: .received) { (_, view, draft) throws(ErrorReport) in
            if let link = view.state.link(ReportField.duplicateOf) {
                draft.perform(.unlink(Slot(field: ReportField.duplicateOf), link: link.dot))
            }
        }
    }

    /// `ward report propose ID STATE --reason TEXT`
    func reportPropose() throws(ErrorReport) -> ExitCode {
        let typed = parsed.argument(1) ?? ""
        let reason = try needed("reason", limit: 3900)
        guard let state = StateWord.match(.report, typed) else {
            throw bad("STATE", typed, Self.filled(OfficerSay.expectProposal.message, StateWord.names(.report)))
        }
        return try propose(WorkflowRules.name(.report, state), reason) { (view, move) throws(ErrorReport) in
            guard !Permission.stepsOfAnyone(view.state).contains(state) else { return }
            throw move.impossible(state)
        }
    }

    /// `ward report flag ID --reason TEXT`
    func reportFlag() throws(ErrorReport) -> ExitCode {
        try propose(ReportCode.flag, try needed("reason", limit: 3900)) { (_, _) throws(ErrorReport) in }
    }

    private func propose(
        _ code: String, _ reason: String, _ check: (DocumentView, ReportMove) throws(ErrorReport) -> Void
    ) throws(ErrorReport) -> ExitCode {
        let replica = try replica()
        let actor = try attempt { () throws(ReplicaError) in try replica.actor() }
        let view = try document(replica, .report)
        try check(view, try reportMove(replica, actor, view))
        var draft = ChangeSetDraft(kind: .report, document: view.id)
        draft.perform(.append(Slot(field: ReportField.proposals)), .array([.text(code), .text(reason)]))
        return try save(replica, draft)
    }
}
