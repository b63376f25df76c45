// Correcting a change that the ward refused, and sending it again in its place.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// `ward report correct ID|SEQUENCE`
    func reportCorrect() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let refused = try refusedChange(reader)
        var form = ReportForm()
        let rules = try attempt { () throws(ReplicaError) in try WardRules(reader) }
        let ward = try attempt { () throws(ReplicaError) in try reader.descriptor() }.area
        let role = try attempt { () throws(ReplicaError) in try reader.grant() }?.role ?? .resident
        let people = try People(reader, self)
        let view = try attempt { () throws(ReplicaError) in try reader.document(refused.change.document) }
        guard let view else { throw nothingRefused() }
        try read(&form, rules, ward: ward, role: role)
        try readOfficerFields(&form, rules)
        let step = try parsed.option("state").map { given throws(ErrorReport) in try state("--state", given, .report) }
        guard !form.isEmpty || step != nil || parsed.flag("again") else {
            show(refused, view, people)
            return .ok
        }
        doneReading()
        let replica = try replica()
        let now = try attempt { () throws(ReplicaError) in try replica.document(refused.change.document) }
        let present = now.flatMap { $0.isNotAccepted ? nil : $0.state.present.dot }
        let again = refused.corrected(values: form.values, secrets: form.secrets, step: step, after: present)
        let saved = try attempt { () throws(ReplicaError) in
            try replica.commit(again.draft, privates: again.privates)
        }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("id", saved.document.hex)
                    json.member("short_id", ShortID.text(saved.document))
                    json.member("corrects", Int64(clamping: refused.sequence))
                    json.member("sequence", Int64(clamping: saved.dot.sequence))
                    json.member("saved", true)
                    json.member("waiting", true)
                }
            }
            return .ok
        }
        terminal.print(OfficerSay.corrected.message, String(refused.sequence), ShortID.text(saved.document))
        terminal.remark(Say.savedWaiting.message)
        return .ok
    }

    /// The options that only officers' fields have.
    func readOfficerFields(_ form: inout ReportForm, _ rules: WardRules) throws(ErrorReport) {
        if let agency = parsed.option("agency") {
            form.values[ReportField.agency] = .text(try rules.agency(self, "--agency", agency))
        }
        if let due = parsed.option("due") {
            form.values[ReportField.due] = CBORValue(try day("--due", due))
        }
        if let result = try text(option: "result", limit: Self.reportTextLimit) {
            form.values[ReportField.result] = .text(result)
        }
    }

    /// What the argument names: the number of an own refused change, else a report with exactly one.
    private func refusedChange(_ reader: ReplicaReader) throws(ErrorReport) -> RefusedChange {
        let typed = parsed.argument(0) ?? ""
        let all = try attempt { () throws(ReplicaError) in try reader.refused(of: reader.device) }
            .filter { $0.kind == .report }
        if let sequence = UInt64(typed), let found = all.first(where: { $0.sequence == sequence }) { return found }
        if all.isEmpty { throw nothingRefused() }
        let id: Digest
        do { id = try reader.resolve(typed, kind: .report) } catch { throw Faults.report(error, home: home) }
        let found = all.filter { $0.change.document == id }
        guard let first = found.first else { throw nothingRefused() }
        guard found.count == 1 else {
            let numbers = found.map { String($0.sequence) }.joined(separator: ", ")
            throw ErrorReport(
                .ambiguous, code: "change.ambiguous", happened: OfficerSay.correctSeveral.message.with(numbers),
                loss: .nothingChanged, next: OfficerSay.correctSeveralNext.message.with(String(first.sequence)))
        }
        return first
    }

    private func nothingRefused() -> ErrorReport {
        ErrorReport(
            .notFound, code: "change.not-refused",
            happened: OfficerSay.correctNone.message.with(parsed.argument(0) ?? ""), loss: .nothingChanged,
            next: Phrase(OfficerSay.correctNoneNext.message))
    }

    private func show(_ refused: RefusedChange, _ view: DocumentView, _ people: People) {
        let line = History(view: view, values: people.values).lines().first {
            $0.stored.change.id == refused.change.id
        }
        let words = RefusalWords(refused.code)
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("id", view.id.hex)
                    json.member("short_id", ShortID.text(view.id))
                    json.member("sequence", Int64(clamping: refused.sequence))
                    json.member("code", "\(refused.code)")
                    json.member("why", terminal.word(words.why))
                    json.member("next", terminal.word(words.next))
                    json.member("creates", refused.change.isCreation)
                    json.object("values") { json in
                        for (operation, value) in refused.operations {
                            guard let spec = Schema.field(.report, operation.slot.field), operation.takesValue else {
                                continue
                            }
                            DocumentJSON.writeValue(
                                spec.name, value.flatMap { try? CBORValue(decoding: $0) }, to: &json)
                        }
                        for (slot, text) in refused.shownPrivates {
                            json.member(Schema.field(.report, slot.field)?.name ?? "", text)
                        }
                    }
                }
            }
            return
        }
        let time = LocalTime(refused.change.header.authorTime).text
        terminal.print(
            OfficerSay.correctShow.message, String(refused.sequence), time, terminal.word(words.why))
        for action in line?.actions ?? [] { terminal.print("  " + SafeText.line(action)) }
        for (slot, text) in refused.shownPrivates {
            guard let spec = Schema.field(.report, slot.field) else { continue }
            terminal.print("  " + terminal.word(FieldWord.message(spec)) + ": " + SafeText.line(text))
        }
        terminal.print("  " + terminal.word(words.next))
        terminal.remark(OfficerSay.correctNext.message, String(refused.sequence))
    }
}

extension RefusedChange {
    /// What may be shown to its author: keys of private files stay where they are.
    fileprivate var shownPrivates: [(slot: Slot, value: String)] {
        privates.filter { !Schema.isFileKeys($0.slot.field, of: kind) }
    }
}
