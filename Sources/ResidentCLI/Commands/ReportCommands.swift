// Reports: file, follow, correct, comment.

import CommandLineKit
import SyncKit

extension CommandRun {
    private static let titleLimit = 400
    private static let textLimit = 16 * 1024

    /// `ward report new`
    func reportNew() throws(ErrorReport) -> ExitCode {
        var draft = ChangeSetDraft(kind: .report)
        let title = try askedTitle()
        draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        let replica = try replica()
        try setReportFields(&draft, replica)
        if let place = parsed.option("at") {
            guard let value = ValueText.location(place) else { throw bad("--at", place, Say.expectPlace.message) }
            draft.perform(.set(Slot(field: ReportField.location)), value)
        }
        draft.perform(.set(Slot(field: ReportField.area)), .text(try newArea(replica)))
        let role = try attempt { () throws(ReplicaError) in try replica.grant() }?.role ?? .resident
        let source: Source = role == .resident ? .resident : role == .volunteer || role == .lead ? .volunteer : .ward
        draft.perform(.set(Slot(field: ReportField.source)), .text(source.rawValue))
        let random = SystemRandomSource()
        let code = LookupCode(random: random.bytes)
        draft.perform(.set(Slot(field: ReportField.codeHash)), .bytes(code.hash.bytes))
        var privates: [(slot: Slot, value: String)] = []
        for (option, field, limit) in [
            ("name", ReportField.reporterName, 200), ("phone", ReportField.reporterPhone, 64),
        ] {
            if let value = try text(option: option, limit: limit) { privates.append((Slot(field: field), value)) }
        }
        return try save(replica, draft, privates: privates, code: code, title: title)
    }

    private func askedTitle() throws(ErrorReport) -> String {
        if let title = try text(option: "title", limit: Self.titleLimit) { return title }
        guard let typed = Prompt(terminal).line(Say.askTitle.message) else {
            throw ErrorReport.cannotAsk(option: "--title", helpCommand: name + " --help")
        }
        return try text("--title", typed, limit: Self.titleLimit)
    }

    /// The fields that a new report and an edit have in common.
    private func setReportFields(_ draft: inout ChangeSetDraft, _ replica: Replica) throws(ErrorReport) {
        if let category = parsed.option("category") {
            let settings = try attempt { () throws(ReplicaError) in try replica.settings() }
            let code = try self.category("--category", category, settings)
            draft.perform(.set(Slot(field: ReportField.category)), .text(code))
        }
        if let description = try text(option: "description", limit: Self.textLimit) {
            draft.perform(.set(Slot(field: ReportField.description)), .text(description))
        }
        if let address = try text(option: "address", limit: Self.titleLimit) {
            draft.perform(.set(Slot(field: ReportField.address)), .text(address))
        }
        if let urgency = parsed.option("urgency") {
            draft.perform(.set(Slot(field: ReportField.urgency)), .text(urgency))
        }
    }

    /// `ward report edit ID`
    func reportEdit() throws(ErrorReport) -> ExitCode {
        let replica = try replica()
        let view = try document(replica, .report)
        var draft = ChangeSetDraft(kind: .report, document: view.id)
        if let title = try text(option: "title", limit: Self.titleLimit) {
            draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        }
        try setReportFields(&draft, replica)
        if let given = parsed.option("area") {
            let area = try area("--area", given, ward: replica.descriptor.area)
            draft.perform(.set(Slot(field: ReportField.area)), .text(area))
        }
        if let agency = parsed.option("agency") {
            let settings = try attempt { () throws(ReplicaError) in try replica.settings() }
            draft.perform(.set(Slot(field: ReportField.agency)), .text(try self.agency("--agency", agency, settings)))
        }
        if let due = parsed.option("due") {
            draft.perform(.set(Slot(field: ReportField.due)), CBORValue(try day("--due", due)))
        }
        if let result = try text(option: "result", limit: Self.textLimit) {
            draft.perform(.set(Slot(field: ReportField.result)), .text(result))
        }
        if let state = parsed.option("state") {
            let number = try self.state("--state", state, .report)
            draft.perform(
                .transition(Slot(field: Schema.stateField), to: number, follows: view.state.present.dot))
        }
        guard !draft.operations.isEmpty else { throw nothingToChange() }
        return try save(replica, draft)
    }

    /// `ward report comment ID TEXT`
    func reportComment() throws(ErrorReport) -> ExitCode {
        let comment = try text("TEXT", parsed.argument(1) ?? "", limit: Self.textLimit)
        let replica = try replica()
        let view = try document(replica, .report)
        var draft = ChangeSetDraft(kind: .report, document: view.id)
        draft.perform(.append(Slot(field: ReportField.comments)), .text(comment))
        return try save(replica, draft)
    }
}
