// Reports: edit, comment, and the look-up code that stands for one.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// `ward report edit ID`
    func reportEdit() throws(ErrorReport) -> ExitCode {
        var form = ReportForm()
        try readForm(&form)
        let replica = try replica()
        let rules = try attempt { () throws(ReplicaError) in try WardRules(replica) }
        try readOfficerFields(&form, rules)
        let view = try document(replica, .report)
        var draft = ChangeSetDraft(kind: .report, document: view.id)
        form.fill(&draft)
        if let state = parsed.option("state") {
            let number = try self.state("--state", state, .report)
            let actor = try attempt { () throws(ReplicaError) in try replica.actor() }
            try reportMove(replica, actor, view).check(to: number)
            // Who says nothing else means fixed, as in `ward report resolve`.
            if number == ReportStateNumber.resolved.rawValue {
                set(&draft, ReportField.resolution, Resolution.fixed.rawValue)
            }
            draft.perform(
                .transition(Slot(field: Schema.stateField), to: number, follows: view.state.present.dot))
        }
        guard !draft.operations.isEmpty || !form.secrets.isEmpty else { throw nothingToChange() }
        return try save(replica, draft, privates: form.privates)
    }

    /// `ward report comment ID TEXT`
    func reportComment() throws(ErrorReport) -> ExitCode {
        let comment = try text("TEXT", parsed.argument(1) ?? "", limit: Self.reportTextLimit)
        let replica = try replica()
        let view = try document(replica, .report)
        var draft = ChangeSetDraft(kind: .report, document: view.id)
        draft.perform(.append(Slot(field: ReportField.comments)), .text(comment))
        return try save(replica, draft)
    }
}
