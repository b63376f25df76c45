// Tasks as a lead or an officer moves them: assign, verify, send back, cancel, reopen, hand over.

import CommandLineKit
import SyncKit

extension CommandRun {
    private static let assignees = Slot(field: TaskField.assignees)
    private static let claimant = Slot(field: TaskField.claimant)

    private func needed(_ option: String) throws(ErrorReport) -> String {
        guard let text = try text(option: option, limit: Self.taskTextLimit) else {
            throw ErrorReport.cannotAsk(option: "--" + option, helpCommand: name + " --help")
        }
        return text
    }

    private func note(_ text: String?, _ draft: inout ChangeSetDraft) {
        if let text { draft.perform(.append(Slot(field: TaskField.notes)), .text(text)) }
    }

    /// `ward task assign ID… --to PERSON`
    func taskAssign() throws(ErrorReport) -> ExitCode {
        let typed = try needed("to")
        return try taskEach(.assign) { (work, draft) throws(ErrorReport) in
            let person = try person("--to", typed, work.replica, in: work.state.areas)
            if work.state.assignees.contains(person.device) {
                throw ErrorReport(
                    .refused, code: "task.already-assigned",
                    happened: TaskSay.alreadyAssigned.with(work.short, person.name), loss: .nothingChanged,
                    next: possible(work))
            }
            draft.perform(.add(Self.assignees), .bytes(person.device.digest.bytes))
            guard let holder = work.situation.holder else { return TaskSay.assignedFree.with(work.short, person.name) }
            if holder.dot.device == person.device { return TaskSay.assignedTo.with(work.short, person.name) }
            let name = People(work.replica, terminal).name(holder.dot.device)
            return TaskSay.assignedHeld.with(work.short, person.name, name)
        }
    }

    /// `ward task unassign ID… [--from PERSON]`
    func taskUnassign() throws(ErrorReport) -> ExitCode {
        let typed = try text(option: "from", limit: 200)
        return try taskEach(.unassign) { (work, draft) throws(ErrorReport) in
            var devices = work.state.assignees
            if let typed {
                let device = try assigned(typed, work)
                devices = devices.filter { $0 == device }
            }
            guard !devices.isEmpty else {
                throw ErrorReport(
                    .refused, code: "task.not-assigned", happened: TaskSay.notAssigned.with(work.short),
                    loss: .nothingChanged, next: possible(work))
            }
            for device in devices { draft.perform(.remove(Self.assignees), .bytes(device.digest.bytes)) }
            return nil
        }
    }

    /// The assignee that was typed, who may have left the team or the area since.
    private func assigned(_ typed: String, _ work: TaskWork) throws(ErrorReport) -> DeviceID? {
        var team: [Member] = []
        for device in work.state.assignees {
            let person = try attempt { () throws(ReplicaError) in try work.replica.person(device) }
            team.append(Member(device: device, role: person.role, name: person.name, areas: [], lastActive: nil))
        }
        return Self.fitting(typed, team).first?.device
    }

    /// `ward task verify ID… [--note TEXT]`
    func taskVerify() throws(ErrorReport) -> ExitCode {
        let remark = try text(option: "note", limit: Self.taskTextLimit)
        return try taskEach(.verify) { (work, draft) throws(ErrorReport) in
            note(remark, &draft)
            draft.perform(work.step(to: 4))
            return nil
        }
    }

    /// `ward task return ID --reason TEXT`
    func taskReturn() throws(ErrorReport) -> ExitCode {
        let reason = try needed("reason")
        return try taskAct(.sendBack) { (work, draft) throws(ErrorReport) in
            note(reason, &draft)
            draft.perform(work.step(to: 1))
        }
    }

    /// `ward task cancel ID… --reason TEXT`
    func taskCancel() throws(ErrorReport) -> ExitCode {
        let reason = try needed("reason")
        return try taskEach(.cancel) { (work, draft) throws(ErrorReport) in
            note(reason, &draft)
            draft.perform(work.step(to: 5))
            return nil
        }
    }

    /// `ward task reopen ID [--reason TEXT]`
    func taskReopen() throws(ErrorReport) -> ExitCode {
        let reason = try text(option: "reason", limit: Self.taskTextLimit)
        return try taskAct(.reopen) { (work, draft) throws(ErrorReport) in
            note(reason, &draft)
            draft.perform(work.step(to: 1))
        }
    }

    // MARK: Handing over

    /// `ward task reassign ID [--to PERSON] [--reason TEXT]`
    func taskReassign() throws(ErrorReport) -> ExitCode {
        let typed = try text(option: "to", limit: 200)
        let reason = try text(option: "reason", limit: 4000)
        return try taskEach(.reassign) { (work, draft) throws(ErrorReport) in
            guard let holder = work.situation.holder else { throw report(.notClaimed, work) }
            var target: Member?
            if let typed { target = try person("--to", typed, work.replica, in: work.state.areas) }
            if let target, target.device == holder.dot.device {
                throw ErrorReport(
                    .refused, code: "task.already-held", happened: TaskSay.holdsAlready.with(work.short, target.name),
                    loss: .nothingChanged, next: possible(work))
            }
            note(work.situation.actor.role == .admin ? nil : reason, &draft)
            settle(work, reason ?? terminal.word(ActionWord.releasedTo.message), &draft)
            guard let target else {
                free(work, holder, &draft)
                return TaskSay.freed.with(work.short)
            }
            return handOver(work, holder, to: target, &draft)
        }
    }

    /// Claims that stand against each other are settled with the decision who holds the task.
    private func settle(_ work: TaskWork, _ reason: String, _ draft: inout ChangeSetDraft) {
        for conflict in work.state.conflicts where conflict.kind == .claims {
            var settled: [Dot] = []
            for entry in conflict.entries where !settled.contains(entry.dot) { settled.append(entry.dot) }
            draft.perform(
                .resolve(conflict.slot, settled: settled.prefix(ChangeSetLimits.maxSettled).sorted()),
                .array([.null, .text(reason)]))
        }
    }

    /// Names the successor's claim where there is one; else frees the task for that person.
    private func handOver(_ work: TaskWork, _ holder: Entry, to target: Member, _ draft: inout ChangeSetDraft) -> Phrase
    {
        let claim = work.state.entries(TaskField.claimant).last {
            $0.action == .claim && $0.dot.device == target.device && $0.dot != holder.dot
        }
        if let claim {
            draft.perform(.release(Self.claimant, claim: holder.dot, successor: claim.dot))
            return TaskSay.reassignedTo.with(work.short, target.name)
        }
        let assignees = work.state.assignees
        if assignees.contains(holder.dot.device) {
            draft.perform(.remove(Self.assignees), .bytes(holder.dot.device.digest.bytes))
        }
        if !assignees.contains(target.device) {
            draft.perform(.add(Self.assignees), .bytes(target.device.digest.bytes))
        }
        free(work, holder, &draft)
        return TaskSay.freedFor.with(work.short, target.name)
    }
}
