// Drafts of reports: on this device only, until they are sent.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// Keeps a form under its number or a new one, and says so.
    func keepDraft(_ form: ReportForm, as number: Int64?) throws(ErrorReport) -> ExitCode {
        guard !form.isEmpty else { throw nothingToChange() }
        let replica = try replica()
        let kept = try attempt { () throws(ReplicaError) in
            try replica.keepDraft(.report, form.encoded, as: number)
        }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("draft", kept)
                    json.member("title", form.title)
                    json.member("saved", true)
                    json.member("waiting", false)
                }
            }
            return .ok
        }
        terminal.print(OfficerSay.draftSaved.message, String(kept), form.title ?? terminal.say(.draftEmpty))
        terminal.remark(OfficerSay.draftNext.message, String(kept))
        return .ok
    }

    /// `ward report draft list`
    func draftList() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let drafts = try attempt { () throws(ReplicaError) in try reader.drafts(.report) }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.array("items") { json in
                        for draft in drafts { json.object { json in Self.write(draft, to: &json) } }
                    }
                    json.member("shown", drafts.count)
                }
            }
            return .ok
        }
        guard !drafts.isEmpty else {
            terminal.remark(OfficerSay.noDrafts.message)
            return .ok
        }
        var table = Table([
            Table.Column(OfficerSay.draftNumber.message, right: true), Table.Column(OfficerSay.draftChanged.message),
            Table.Column(Say.report.message, minimum: 16, flexible: true),
        ])
        for draft in drafts {
            let title = ReportForm(decoding: draft.body)?.title ?? terminal.say(.draftEmpty)
            table.addRow([String(draft.number), LocalTime(seconds: draft.changed).text, title])
        }
        terminal.print(table)
        return .ok
    }

    /// `ward report draft show N`
    func draftShow() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let (draft, form) = try draft(reader)
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    Self.write(draft, to: &json)
                    json.object("fields") { json in
                        for spec in Schema.fields(of: .report) {
                            if let text = form.secrets[spec.code] { json.member(spec.name, text) }
                            if let value = form.values[spec.code] {
                                DocumentJSON.writeValue(spec.name, value, to: &json)
                            }
                        }
                    }
                }
            }
            return .ok
        }
        terminal.print(terminal.styled(terminal.say(.draftTitle, String(draft.number)), .bold))
        print(form)
        terminal.remark(OfficerSay.draftNext.message, String(draft.number))
        return .ok
    }

    /// The lines of a form, a field each.
    func print(_ form: ReportForm) {
        let values = ValueText(terminal: terminal)
        for spec in Schema.fields(of: .report) where spec.code != ReportField.codeHash {
            let text = form.secrets[spec.code] ?? values.text(form.values[spec.code], spec, .report)
            if !text.isEmpty {
                terminal.print(
                    terminal.styled(terminal.word(FieldWord.message(spec)) + ":", .dim) + " " + SafeText.line(text))
            }
        }
    }

    /// `ward report draft edit N`
    func draftEdit() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let (draft, before) = try draft(reader)
        doneReading()
        var form = before
        try readForm(&form)
        guard form != before else { throw nothingToChange() }
        return try keepDraft(form, as: draft.number)
    }

    /// `ward report draft send N`
    func draftSend() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let (draft, form) = try draft(reader)
        doneReading()
        return try file(form, draft: draft.number)
    }

    /// `ward report draft delete N`
    func draftDelete() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let number = try draftNumber()
        let found = try attempt { () throws(ReplicaError) in try reader.draft(.report, number) }
        guard let draft = found else { throw noDraft(number) }
        doneReading()
        if !parsed.flag("yes") {
            let title = ReportForm(decoding: draft.body)?.title ?? terminal.say(.draftEmpty)
            guard
                let isSure = Prompt(terminal).confirm(
                    OfficerSay.draftAsk.message, String(draft.number), title, assumed: false)
            else { throw ErrorReport.cannotAsk(option: "--yes", helpCommand: name + " --help") }
            guard isSure else {
                terminal.remark(OfficerSay.bulkCancelled.message)
                return .ok
            }
        }
        let replica = try replica()
        try attempt { () throws(ReplicaError) in try replica.deleteDraft(draft.number) }
        if terminal.isJSON {
            terminal.printJSON { json in json.object { json in json.member("deleted", draft.number) } }
        } else {
            terminal.print(OfficerSay.draftDeleted.message, String(draft.number))
        }
        return .ok
    }

    private func draftNumber() throws(ErrorReport) -> Int64 {
        guard let number = Int64(parsed.argument(0) ?? ""), number > 0 else {
            throw noDraft(0)
        }
        return number
    }

    private func draft(_ store: some LocalDocuments) throws(ErrorReport) -> (LocalDraft, ReportForm) {
        let number = try draftNumber()
        let found = try attempt { () throws(ReplicaError) in try store.draft(.report, number) }
        guard let draft = found else { throw noDraft(number) }
        guard let form = ReportForm(decoding: draft.body) else {
            throw ErrorReport(
                .refused, code: "draft.unreadable", happened: OfficerSay.draftDamaged.message.with(String(number)),
                next: FaultWord.newerStoreNext.with())
        }
        return (draft, form)
    }

    private func noDraft(_ number: Int64) -> ErrorReport {
        ErrorReport(
            .notFound, code: "draft.not-found",
            happened: OfficerSay.draftGone.message.with(number > 0 ? String(number) : parsed.argument(0) ?? ""),
            loss: .nothingChanged, next: Phrase(OfficerSay.draftGoneNext.message))
    }

    private static func write(_ draft: LocalDraft, to json: inout JSONWriter) {
        json.member("draft", draft.number)
        json.member("title", ReportForm(decoding: draft.body)?.title)
        json.member("made", LocalTime(seconds: draft.made).iso8601)
        json.member("changed", LocalTime(seconds: draft.changed).iso8601)
    }
}
