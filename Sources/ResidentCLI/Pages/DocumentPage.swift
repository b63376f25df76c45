// A document as a page for people: every field, its conflicts, its history, and what waits or did not count.

import CommandLineKit
import SyncKit

/// Prints a document.
struct DocumentPage {
    let view: DocumentView
    let people: People
    let terminal: Terminal
    var code: LookupCode?

    var state: DocumentState { view.state }

    func print() {
        heading()
        body()
    }

    /// Everything below the heading.
    /// - Parameter sections: prints what stands before the history.
    func body(sections: () -> Void = {}) {
        fields()
        let conflicts = state.conflicts
        if !conflicts.isEmpty {
            section(.conflicts)
            let text = ConflictText(view: view, people: people, terminal: terminal)
            for conflict in conflicts { text.print(conflict, hint: true) }
        }
        sections()
        if state.kind.rawValue <= DocumentKind.lookup.rawValue { history() }
    }

    func heading() {
        let title = SafeText.line(Listing(state).title)
        let kind = terminal.word(KindWord.message(state.kind))
        terminal.print(terminal.styled("\(kind) \(ShortID.text(view.id))", .bold) + "  " + title)
        if WorkflowRules.initial(state.kind) > 0 {
            var text = terminal.word(people.settings.stateMessage(state.kind, state.present.state))
            if state.kind == .task { text = taskStage }
            if view.accepted == nil { text = "«" + terminal.say(view.isNotAccepted ? .notAccepted : .waiting) + "»" }
            line(terminal.word(FieldWord.state.message), text)
        }
        if state.kind == .notice || state.kind == .alert {
            let field = state.kind == .alert ? AlertField.validUntil : NoticeField.validUntil
            if let until = state.value(field)?.integer, until <= people.now {
                terminal.print(terminal.styled("«" + terminal.tell(.expired) + "»", .yellow))
            }
        }
        if view.accepted != nil, let deadline = Deadline(state, people.settings, now: people.now) {
            let mark = deadline.isSetByOfficer ? ", " + terminal.word(DeadlineSay.byOfficer.message) : ""
            line(
                terminal.word(DeadlineSay.deadline.message),
                LocalTime(seconds: deadline.due).dateText + " (" + terminal.deadlineText(deadline, now: people.now)
                    + mark
                    + ")")
        }
        if let code { line(terminal.say(.codeAgain), code.text) }
        line(terminal.say(.exact), view.id.hex)
        if state.kind == .task { ownLostClaim() }
    }

    private func section(_ say: Say) {
        terminal.print("")
        terminal.print(terminal.styled(terminal.say(say), .bold))
    }

    func line(_ label: String, _ text: String) {
        let lines = SafeText.lines(text).split(separator: "\n", omittingEmptySubsequences: false)
        terminal.print(terminal.styled(label + ":", .dim) + " " + (lines.first.map(String.init) ?? ""))
        for line in lines.dropFirst() { terminal.print("    " + line) }
    }

    // MARK: Fields

    private func fields() {
        for spec in Schema.fields(of: state.kind) {
            let slots = state.slots.filter { $0.slot.field == spec.code && !$0.entries.isEmpty }
            guard let first = slots.first else { continue }
            let label = terminal.word(FieldWord.message(spec))
            switch spec.merge {
            case .workflow: remarks()
            case .set where spec.name == "received": continue
            case .set where spec.type == .attachment && state.kind != .publication: files(label)
            case .claim: holder(label, spec)
            case .link:
                if let link = state.link(spec.code), let target = Digest(link.value) {
                    line(label, ShortID.text(target))
                }
            case .log: log(label, first, spec)
            case .set where spec.name == "assignees":
                line(label, state.assignees.map(people.name).joined(separator: ", "))
            case .set:
                line(label, first.entries.map { value($0, spec) }.joined(separator: ", "))
            case .register:
                if spec.name == "checked" || spec.name == "code_hash" { continue }
                if Schema.isFileKeys(spec.code, of: state.kind) { continue }
                if spec.name == "attendance" {
                    attendance(label)
                } else if spec.isKeyed {
                    keyed(label, slots, spec)
                } else {
                    register(label, first, spec)
                }
            }
        }
    }

    /// What was said of the document in the inbox, with the reasons.
    private func remarks() {
        let remarks = state.remarks
        if remarks.isEmpty { return }
        terminal.print(terminal.styled(terminal.say(.remarks) + ":", .dim))
        for (entry, remark, reason) in remarks {
            said(entry, terminal.language.text(remark.word.phrase) + " — " + SafeText.line(reason))
        }
    }

    /// A line of what people said: when, who, what.
    private func said(_ entry: Entry, _ text: String) {
        let head = LocalTime(entry.effective).text + " " + SafeText.line(people.name(entry.dot.device))
        terminal.print("  " + head + ": " + text + waitingMark(entry))
    }

    /// Each file with where it is, and a word of warning while the ward lacks one.
    private func files(_ label: String) {
        let files = (try? people.store.files(of: view)) ?? []
        let isComplete = CommandRun.isComplete(files)
        let warning = isComplete ? "" : " «" + terminal.word(AttachWord.incomplete.message) + "»"
        line(label, "\(files.count)" + warning)
        let text = FileText(terminal: terminal)
        for (index, file) in files.enumerated() { terminal.print("    " + text.line(index + 1, file)) }
    }

    private func value(_ entry: Entry, _ spec: FieldSpec) -> String {
        if entry.value.isEmpty { return "«" + terminal.order(.erased) + "»" }
        return people.values.text(try? CBORValue(decoding: entry.value), spec, state.kind)
    }

    private func register(_ label: String, _ slot: SlotState, _ spec: FieldSpec) {
        guard let entry = state.shown(slot.slot) else { return }
        var text = value(entry, spec)
        if spec.disclosedTo != nil, let plain = (try? people.store.disclosed(entry, slot.slot)) ?? nil { text = plain }
        if !text.isEmpty { line(label, text + waitingMark(entry)) }
    }

    private func waitingMark(_ entry: Entry) -> String {
        view.pending.contains { $0.dot == entry.dot } ? " («" + terminal.say(.waiting) + "»)" : ""
    }

    private func holder(_ label: String, _ spec: FieldSpec) {
        guard let entry = state.holder(spec.code) else { return }
        let mark = terminal.say(entry.outcome == .provisional ? .claimedProvisional : .claimed)
        line(label, people.name(entry.dot.device) + " («" + mark + "»)")
    }

    private func log(_ label: String, _ slot: SlotState, _ spec: FieldSpec) {
        if case .answer = spec.type { return }
        terminal.print(terminal.styled(label + ":", .dim))
        for entry in slot.entries { said(entry, SafeText.line(value(entry, spec))) }
    }

    private func keyed(_ label: String, _ slots: [SlotState], _ spec: FieldSpec) {
        terminal.print(terminal.styled(label + ":", .dim))
        for slot in slots {
            guard let entry = state.shown(slot.slot), let key = slot.slot.key, !CBORReader(entry.value).isNull() else {
                continue
            }
            let text = SafeText.lines(value(entry, spec)).split(separator: "\n").joined(separator: "\n     ")
            var box = ""
            if spec.name == "checklist" {
                let isChecked =
                    state.shown(Slot(field: TaskField.checked, key: key)).map { $0.value == [0xF5] } ?? false
                box = isChecked ? "[x] " : "[ ] "
            }
            terminal.print("  \(spec.name == "checklist" ? "\(key). " : "- ")" + box + text + waitingMark(entry))
        }
    }

    // MARK: History

    private func history() {
        section(.history)
        if view.isHistoryCompacted {
            terminal.remark(HistorySay.compacted.message, ShortID.text(view.id))
        }
        for line in History(view: view, values: people.values).lines() {
            let header = line.stored.change.header
            let role = terminal.word(RoleWord.message(people.role(header.device)))
            var marks: [String] = []
            switch line.stored.verdict {
            case .pending: marks.append(terminal.say(.waiting))
            case .held: marks.append(terminal.say(.held))
            case .refused: marks.append(terminal.say(.refusedMark))
            case .accepted: break
            }
            marks += taskMarks(line.stored)
            if line.isParallel { marks.append(terminal.say(.parallel)) }
            let tail = marks.isEmpty ? "" : " «" + marks.joined(separator: ", ") + "»"
            terminal.print(
                "  " + LocalTime(line.time).text + "  " + SafeText.line(people.name(header.device)) + " (" + role + ", "
                    + people.short(header.device) + ")" + terminal.styled(tail, .yellow))
            for action in line.actions { terminal.print("      " + SafeText.line(action)) }
            if let code = line.stored.code, line.stored.verdict != .accepted {
                let words = RefusalWords(code)
                terminal.print("      " + terminal.word(words.why) + ". " + terminal.word(words.next))
            }
        }
    }
}
