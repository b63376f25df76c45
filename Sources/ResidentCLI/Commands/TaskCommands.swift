// Tasks at the door: claim, begin, note, visit, tick off, finish, give back.

import CommandLineKit
import SyncKit

extension CommandRun {
    static let taskTitleLimit = 400
    static let taskTextLimit = 16 * 1024
    private static let visitLimit = 8000
    private static let claim = Slot(field: TaskField.claimant)

    /// `ward task claim ID`
    func taskClaim() throws(ErrorReport) -> ExitCode {
        try taskAct(.claim) { (_, draft) throws(ErrorReport) in draft.perform(.claim(Self.claim)) }
    }

    /// `ward task start ID`
    func taskStart() throws(ErrorReport) -> ExitCode {
        try taskAct(.start) { (work, draft) throws(ErrorReport) in draft.perform(work.step(to: 2)) }
    }

    /// `ward task note ID TEXT`
    func taskNote() throws(ErrorReport) -> ExitCode {
        let note = try text("TEXT", parsed.argument(1) ?? "", limit: Self.taskTextLimit)
        return try taskAct(.note) { (_, draft) throws(ErrorReport) in
            draft.perform(.append(Slot(field: TaskField.notes)), .text(note))
        }
    }

    /// `ward task visit ID RESULT [--note TEXT]`
    func taskVisit() throws(ErrorReport) -> ExitCode {
        let result = try visitResult(parsed.argument(1) ?? "")
        let note = try text(option: "note", limit: Self.visitLimit) ?? ""
        return try taskAct(.visit) { (_, draft) throws(ErrorReport) in
            draft.perform(.append(Slot(field: TaskField.visits)), .array([.text(result.rawValue), .text(note)]))
        }
    }

    private func visitResult(_ typed: String) throws(ErrorReport) -> VisitResult {
        if case .one(let result) = VisitResult.match(typed) { return result }
        throw bad(
            "RESULT", typed,
            Self.filled(TaskSay.expectVisit.message, VisitResult.allCases.map(\.rawValue).joined(separator: ", ")))
    }

    /// `ward task check ID N [--undo]`
    func taskCheck() throws(ErrorReport) -> ExitCode {
        let typed = parsed.argument(1) ?? ""
        return try taskAct(.check) { (work, draft) throws(ErrorReport) in
            guard let key = UInt32(typed), work.state.checklist.contains(where: { $0.key == key }) else {
                throw bad("N", typed, Say.expectItem.message)
            }
            draft.perform(.set(Slot(field: TaskField.checked, key: key)), .bool(!parsed.flag("undo")))
        }
    }

    /// `ward task done ID [--result TEXT] [--anyway]`
    func taskDone() throws(ErrorReport) -> ExitCode {
        let result = try text(option: "result", limit: Self.taskTextLimit)
        return try taskAct(.done) { (work, draft) throws(ErrorReport) in
            try checkTicks(work)
            if let result { draft.perform(.set(Slot(field: TaskField.result)), .text(result)) }
            draft.perform(work.step(to: 3))
        }
    }

    /// A task with items that are not ticked is finished only on purpose.
    private func checkTicks(_ work: TaskWork) throws(ErrorReport) {
        let open = work.state.checklist.filter { !$0.isChecked }
        if open.isEmpty || parsed.flag("anyway") { return }
        let names = open.prefix(3).map { "\($0.key). " + DisplayWidth.truncating(SafeText.line($0.text), to: 40) }
        if Prompt(terminal).confirm(TaskSay.untickedAsk.message, String(open.count), assumed: false) == true { return }
        throw ErrorReport(
            .refused, code: "task.unticked",
            happened: TaskSay.unticked.with(work.short, String(open.count), names.joined(separator: "; ")),
            loss: .nothingChanged, next: TaskSay.untickedNext.with(work.short))
    }

    /// `ward task release ID [--reason TEXT]`
    func taskRelease() throws(ErrorReport) -> ExitCode {
        let reason = try text(option: "reason", limit: Self.taskTextLimit)
        return try taskAct(.release) { (work, draft) throws(ErrorReport) in
            guard let holder = work.situation.holder else { throw report(.notClaimed, work) }
            if let reason { draft.perform(.append(Slot(field: TaskField.notes)), .text(reason)) }
            free(work, holder, &draft)
        }
    }

    /// Ends a claim; a task that was begun goes back to the open ones with it, where the person may move it.
    func free(_ work: TaskWork, _ holder: Entry, _ draft: inout ChangeSetDraft) {
        if work.state.present.state == 2, work.situation.actor.role != .admin { draft.perform(work.step(to: 1)) }
        draft.perform(.release(Self.claim, claim: holder.dot, successor: nil))
    }
}
