// One step of a report's workflow: allowed before anything is saved, or refused with what is possible instead.

import CommandLineKit
import SyncKit

/// A step of one report by one person.
struct ReportMove {
    let view: DocumentView
    let actor: Actor
    /// What the ward calls its states.
    var settings = WardSettings.standard

    private var from: Message { settings.stateMessage(.report, view.state.present.state) }

    /// The change that takes a step, with what is written beside it.
    func draft(to state: UInt8, _ fill: (inout ChangeSetDraft) -> Void = { _ in }) throws(ErrorReport)
        -> ChangeSetDraft
    {
        try check(to: state)
        var draft = ChangeSetDraft(kind: .report, document: view.id)
        fill(&draft)
        draft.perform(.transition(Slot(field: Schema.stateField), to: state, follows: view.state.present.dot))
        return draft
    }

    /// Refuses a step that is not possible from here or not this person's.
    func check(to state: UInt8) throws(ErrorReport) {
        if view.isNotAccepted {
            throw refusal(
                .buildsOnHeld, Phrase(OfficerSay.stepHeld.message),
                OfficerSay.stepSync.message.with(ShortID.text(view.id)))
        }
        guard let code = Permission.refusal(ofStepTo: state, actor, view.state) else { return }
        switch code {
        case .outsideArea: throw refusal(code, Phrase(OfficerSay.stepArea.message), possible)
        case .notPermitted:
            let step = StepWord(rawValue: state)?.message ?? .verbatim("")
            throw refusal(code, Phrase(CommandRun.filled(OfficerSay.stepRole.message, step)), possible)
        default: throw refusal(code, Phrase(cannot(state)), possible)
        }
    }

    /// «Từ “đã tiếp nhận” có thể: phân loại, giao xử lý.»
    var possible: Phrase {
        let steps = Permission.steps(actor, view.state)
        if !steps.isEmpty { return Phrase(CommandRun.filled(OfficerSay.stepFrom.message, from, StepWord.list(steps))) }
        if actor.role == .volunteer || actor.role == .lead, AreaCode.anyCovers(actor.areas, view.state.areas) {
            return OfficerSay.stepPropose.message.with(ShortID.text(view.id))
        }
        return Phrase(CommandRun.filled(OfficerSay.stepNone.message, from))
    }

    /// A step that nobody can take from here, with those that somebody can.
    func impossible(_ state: UInt8) -> ErrorReport {
        let steps = StepWord.list(Permission.stepsOfAnyone(view.state))
        return refusal(
            .stepNotAllowed, Phrase(cannot(state)), Phrase(CommandRun.filled(OfficerSay.stepFrom.message, from, steps)))
    }

    private func cannot(_ state: UInt8) -> Message {
        state == view.state.present.state
            ? CommandRun.filled(OfficerSay.stepSame.message, from)
            : CommandRun.filled(OfficerSay.stepRefused.message, from, settings.stateMessage(.report, state))
    }

    private func refusal(_ code: RefusalCode, _ happened: Phrase, _ next: Phrase) -> ErrorReport {
        ErrorReport(.refused, code: "rule.\(code)", happened: happened, loss: .nothingChanged, next: next)
    }
}
