// Tasks: make, claim, do, tick off, give back.

import CommandLineKit
import SyncKit

extension CommandRun {
    private static let titleLimit = 400
    private static let textLimit = 16 * 1024
    private static let claim = Slot(field: TaskField.claimant)

    /// `ward task new`
    func taskNew() throws(ErrorReport) -> ExitCode {
        guard let title = try text(option: "title", limit: Self.titleLimit) else {
            throw ErrorReport.cannotAsk(option: "--title", helpCommand: name + " --help")
        }
        var draft = ChangeSetDraft(kind: .task)
        draft.perform(.set(Slot(field: TaskField.title)), .text(title))
        if let kind = parsed.option("kind") {
            draft.perform(
                .set(Slot(field: TaskField.kind)), .text(try code("--kind", kind, TaskKind.self, .expectKind)))
        }
        if let due = parsed.option("due") {
            draft.perform(.set(Slot(field: TaskField.due)), CBORValue(try day("--due", due)))
        }
        if let priority = parsed.integer("priority") {
            draft.perform(.set(Slot(field: TaskField.priority)), CBORValue(priority))
        }
        if let address = try text(option: "address", limit: Self.titleLimit) {
            draft.perform(.set(Slot(field: TaskField.address)), .text(address))
        }
        for (index, item) in parsed.options("item").prefix(200).enumerated() {
            draft.perform(
                .set(Slot(field: TaskField.checklist, key: UInt32(index + 1))),
                .text(try text("--item", item, limit: Self.titleLimit)))
        }
        let household = try text(option: "household", limit: 2000)
        let replica = try replica()
        draft.perform(.set(Slot(field: TaskField.area)), .text(try newArea(replica)))
        if let report = parsed.option("report") {
            let id = try attempt { () throws(ReplicaError) in try replica.resolve(report, kind: .report) }
            draft.perform(.set(Slot(field: TaskField.report)), .bytes(id.bytes))
        }
        return try save(
            replica, draft, privates: household.map { [(Slot(field: TaskField.household), $0)] } ?? [], title: title)
    }

    /// Opens the task and saves what `fill` puts into the draft.
    private func act(
        _ fill: (Replica, DocumentView, inout ChangeSetDraft) throws(ErrorReport) -> Void
    ) throws(ErrorReport) -> ExitCode {
        let replica = try replica()
        let view = try document(replica, .task)
        var draft = ChangeSetDraft(kind: .task, document: view.id)
        try fill(replica, view, &draft)
        return try save(replica, draft)
    }

    /// `ward task claim ID`
    func taskClaim() throws(ErrorReport) -> ExitCode {
        try act { (_, _, draft) throws(ErrorReport) in draft.perform(.claim(Self.claim)) }
    }

    /// `ward task start ID`
    func taskStart() throws(ErrorReport) -> ExitCode {
        try act { (_, view, draft) throws(ErrorReport) in draft.perform(Self.step(2, view)) }
    }

    private static func step(_ state: UInt8, _ view: DocumentView) -> Operation {
        .transition(Slot(field: Schema.stateField), to: state, follows: view.state.present.dot)
    }

    /// `ward task note ID TEXT`
    func taskNote() throws(ErrorReport) -> ExitCode {
        let note = try text("TEXT", parsed.argument(1) ?? "", limit: Self.textLimit)
        return try act { (_, _, draft) throws(ErrorReport) in
            draft.perform(.append(Slot(field: TaskField.notes)), .text(note))
        }
    }

    /// `ward task check ID N [--undo]`
    func taskCheck() throws(ErrorReport) -> ExitCode {
        let typed = parsed.argument(1) ?? ""
        return try act { (_, view, draft) throws(ErrorReport) in
            guard let key = UInt32(typed), !view.state.entries(Slot(field: TaskField.checklist, key: key)).isEmpty
            else {
                throw bad("N", typed, Say.expectItem.message)
            }
            draft.perform(.set(Slot(field: TaskField.checked, key: key)), .bool(!parsed.flag("undo")))
        }
    }

    /// `ward task done ID [--result TEXT]`
    func taskDone() throws(ErrorReport) -> ExitCode {
        let result = try text(option: "result", limit: Self.textLimit)
        return try act { (_, view, draft) throws(ErrorReport) in
            if let result { draft.perform(.set(Slot(field: TaskField.result)), .text(result)) }
            draft.perform(Self.step(3, view))
        }
    }

    /// `ward task release ID`
    func taskRelease() throws(ErrorReport) -> ExitCode {
        try act { (_, view, draft) throws(ErrorReport) in
            guard let holder = view.state.holder(TaskField.claimant) else {
                throw ErrorReport(
                    .refused, code: "task.not-claimed", happened: Phrase(Say.notClaimed.message), loss: .nothingChanged,
                    next: Phrase(Say.notClaimedNext.message, [ShortID.text(view.id)]))
            }
            // A task that was begun goes back to the open ones with its claim.
            if view.state.present.state == 2 { draft.perform(Self.step(1, view)) }
            draft.perform(.release(Self.claim, claim: holder.dot, successor: nil))
        }
    }
}
