// What a task's page says beyond its fields: where it stands, who else claimed it, what is kept as evidence.

import CommandLineKit
import SyncKit

extension DocumentPage {
    /// Where the task stands, in the ward's words; what is to be done again says so.
    var taskStage: String {
        let stage = terminal.word(TaskStageWord.message(TaskStage(state)))
        return state.wasSentBack ? stage + " («" + terminal.say(.sentBack) + "»)" : stage
    }

    /// Tells a person whose claim came second that what was done is kept.
    func ownLostClaim() {
        guard state.lostClaim(of: people.own) != nil, let holder = state.holder(TaskField.claimant) else { return }
        terminal.print(terminal.styled(terminal.say(.evidenceNote, people.name(holder.dot.device)), .yellow))
    }

    /// How many attended, and the names that may be read here.
    func attendance(_ label: String) {
        let attendees = Attendee.all(state, people.store)
        guard !attendees.isEmpty else { return }
        let names = attendees.compactMap(\.name).map { SafeText.line($0) }
        let count = terminal.say(.attendees, String(attendees.count))
        line(label, names.isEmpty ? count : count + ": " + names.joined(separator: ", "))
    }

    /// What the ward decided about claims and steps that did not count.
    func taskMarks(_ stored: LogTables.Stored) -> [String] {
        guard state.kind == .task, stored.verdict == .accepted else { return [] }
        if stored.outcomes.contains(.evidence) { return [terminal.say(.evidence)] }
        return stored.outcomes.contains(.lost) ? [terminal.say(.late)] : []
    }
}

extension DocumentJSON {
    /// Where a task stands, who holds it and who it was assigned to.
    func writeTask(to json: inout JSONWriter) {
        let state = view.state
        json.member("stage", TaskStage(state).rawValue)
        json.member("sent_back", state.wasSentBack)
        writeHolder(to: &json)
        json.member("own_claim_lost", state.lostClaim(of: people.own) != nil)
        json.member("assigned_to", state.assignees.map(people.programName))
    }
}
