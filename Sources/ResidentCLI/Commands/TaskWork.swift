// What all commands on tasks share: the task before this person, refusals in words, several tasks at once.

import CommandLineKit
import SyncKit

/// A task that a command works on, and who works on it.
struct TaskWork {
    let view: DocumentView
    let situation: TaskSituation
    let replica: Replica

    var state: DocumentState { view.state }
    var short: String { ShortID.text(view.id) }
    var title: String { Listing(state).title }

    func step(to state: UInt8) -> Operation {
        .transition(Slot(field: Schema.stateField), to: state, follows: self.state.present.dot)
    }

    var draft: ChangeSetDraft { ChangeSetDraft(kind: .task, document: view.id) }
}

extension CommandRun {
    func taskWork(_ replica: Replica, _ id: String? = nil) throws(ErrorReport) -> TaskWork {
        let view = try document(replica, .task, id)
        let actor = try attempt { () throws(ReplicaError) in try replica.actor() }
        return TaskWork(view: view, situation: TaskSituation(view.state, actor), replica: replica)
    }

    /// Opens the task that the first argument names, refuses what is not possible, and saves what `fill` writes.
    func taskAct(
        _ action: TaskAction, privates: [(slot: Slot, value: String)] = [],
        _ fill: (TaskWork, inout ChangeSetDraft) throws(ErrorReport) -> Void
    ) throws(ErrorReport) -> ExitCode {
        let replica = try replica()
        let work = try taskWork(replica)
        try check(action, work)
        var draft = work.draft
        try fill(work, &draft)
        return try save(replica, draft, privates: privates)
    }

    /// Refuses an action that is not possible, with the reason and what is possible.
    func check(_ action: TaskAction, _ work: TaskWork) throws(ErrorReport) {
        if let refusal = work.situation.refusal(of: action) { throw report(refusal, work) }
    }

    func report(_ refusal: TaskRefusal, _ work: TaskWork) -> ErrorReport {
        let people = People(work.replica, terminal)
        let code: String
        let happened: Phrase
        switch refusal {
        case .outsideArea: return Faults.report(ReplicaError(.refused(.outsideArea)), home: home)
        case .notPermitted:
            code = "task.not-permitted"
            happened = TaskSay.notPermitted.with(
                work.short, terminal.word(RoleWord.message(work.situation.actor.role)))
        case .wrongStage(let stage):
            code = "task.wrong-state"
            happened = TaskSay.wrongStage.with(work.short, terminal.word(TaskStageWord.message(stage)))
        case .heldByOther(let device):
            code = "task.held-by-other"
            happened = TaskSay.heldByOther.with(work.short, people.name(device))
        case .claimLost(let device):
            code = "task.claim-lost"
            happened = TaskSay.claimLost.with(work.short, people.name(device))
        case .notClaimed:
            code = "task.not-claimed"
            happened = TaskSay.notClaimed.with(work.short)
        case .alreadyHeld:
            code = "task.already-held"
            happened = TaskSay.alreadyHeld.with(work.short)
        case .notTraining:
            code = "task.not-training"
            happened = TaskSay.notTraining.with(work.short)
        }
        return ErrorReport(.refused, code: code, happened: happened, loss: .nothingChanged, next: possible(work))
    }

    /// What the person may do with the task instead, as commands.
    func possible(_ work: TaskWork) -> Phrase {
        let actions = work.situation.possible.prefix(6).map { "ward task \($0.rawValue) \(work.short)" }
        return actions.isEmpty
            ? TaskSay.onlyShow.with(work.short) : TaskSay.possible.with(actions.joined(separator: "; "))
    }

    // MARK: Several at once

    /// What came of one of several tasks.
    private enum Result {
        case saved(TaskWork, Saved, remark: Phrase?)
        case leftOut(TaskWork, ErrorReport)
    }

    /// Does one thing to every task that the arguments name. Ids that are not understood stop it before anything is
    /// saved; a task where it is not possible is left out with the reason, and the others are saved, each as a change
    /// set of its own.
    /// - Parameter fill: writes the change; gives what is to be said about it.
    func taskEach(
        _ action: TaskAction, _ fill: (TaskWork, inout ChangeSetDraft) throws(ErrorReport) -> Phrase?
    ) throws(ErrorReport) -> ExitCode {
        let replica = try replica()
        var works: [TaskWork] = []
        for id in parsed.arguments {
            let work = try taskWork(replica, id)
            if !works.contains(where: { $0.view.id == work.view.id }) { works.append(work) }
        }
        var results: [Result] = []
        for work in works {
            do {
                try check(action, work)
                var draft = work.draft
                let remark = try fill(work, &draft)
                let saved = try attempt { () throws(ReplicaError) in try replica.commit(draft) }
                results.append(.saved(work, saved, remark: remark))
                if !terminal.isJSON { tell(results.last) }
            } catch {
                // What concerns the store concerns every task after it too.
                guard error.exit == .refused, works.count > 1 else { throw error }
                results.append(.leftOut(work, error))
                if !terminal.isJSON { tell(results.last) }
            }
        }
        return finish(results)
    }

    private func tell(_ result: Result?) {
        switch result {
        case .saved(let work, _, let remark)?:
            terminal.print(TaskSay.savedFor.message, work.short, work.title)
            if let remark { terminal.print("  " + terminal.language.text(remark)) }
        case .leftOut(let work, let error)?:
            terminal.warn(TaskSay.skippedFor.message, work.short, terminal.language.text(error.happened))
        case nil: break
        }
    }

    private func finish(_ results: [Result]) -> ExitCode {
        var leftOut = 0
        for case .leftOut in results { leftOut += 1 }
        let saved = results.count - leftOut
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.array("items") { json in
                        for result in results { json.object { json in write(result, to: &json) } }
                    }
                    json.member("saved", saved)
                    json.member("left_out", leftOut)
                }
            }
        } else {
            if results.count > 1 { terminal.print(TaskSay.bulkDone.message, String(saved), String(leftOut)) }
            if saved > 0 { terminal.remark(Say.savedWaiting.message) }
        }
        return leftOut == 0 ? .ok : .refused
    }

    private func write(_ result: Result, to json: inout JSONWriter) {
        switch result {
        case .saved(let work, let saved, let remark):
            json.member("id", work.view.id.hex)
            json.member("short_id", work.short)
            json.member("saved", true)
            json.member("sequence", Int64(clamping: saved.dot.sequence))
            json.member("remark", remark.map { terminal.language.text($0) })
        case .leftOut(let work, let error):
            json.member("id", work.view.id.hex)
            json.member("short_id", work.short)
            json.member("saved", false)
            json.member("code", error.code)
            json.member("message", terminal.language.text(error.happened))
            json.member("next", terminal.language.text(error.next))
        }
    }
}

extension People {
    /// People as a replica that writes knows them.
    init(_ replica: Replica, _ terminal: Terminal) {
        let grant = (try? replica.grant()) ?? nil
        self.init(
            store: replica, own: replica.device, ownName: grant?.name ?? "", ownRole: grant?.role ?? .resident,
            terminal: terminal)
    }
}
