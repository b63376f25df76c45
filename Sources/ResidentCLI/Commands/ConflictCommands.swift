// Conflicts: see both sides, decide with a reason.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// `ward conflict list`
    func conflictList() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let rows = try attempt { () throws(ReplicaError) in try reader.conflicted() }
        var views: [DocumentView] = []
        for row in rows {
            if let view = try attempt({ () throws(ReplicaError) in try reader.document(row.id) }) { views.append(view) }
        }
        let people = try People(reader, self)
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.array("items") { json in
                        for view in views {
                            json.object { json in
                                json.member("id", view.id.hex)
                                json.member("short_id", ShortID.text(view.id))
                                json.member("kind", view.state.kind.name)
                                json.member("title", Listing(view.state).title)
                                let text = ConflictText(view: view, people: people, terminal: terminal)
                                json.array("conflicts") { json in
                                    for conflict in view.state.conflicts { text.write(conflict, to: &json) }
                                }
                            }
                        }
                    }
                    json.member("shown", views.count)
                }
            }
            return .ok
        }
        guard !views.isEmpty else {
            terminal.remark(Say.noConflicts.message)
            return .ok
        }
        var table = Table([
            Table.Column(Say.id.message), Table.Column(Say.kind.message), Table.Column(Say.field.message),
            Table.Column(Say.marks.message), Table.Column(Say.title.message, minimum: 16, flexible: true),
        ])
        for view in views {
            for conflict in view.state.conflicts {
                table.addRow([
                    ShortID.text(view.id), terminal.word(KindWord.message(view.state.kind)),
                    ConflictText.field(conflict, view.state.kind),
                    terminal.say(conflict.isDisputed ? .disputed : .conflict), Listing(view.state).title,
                ])
            }
        }
        terminal.print(table)
        return .ok
    }

    /// `ward conflict show ID`
    func conflictShow() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let view = try document(reader, nil)
        guard !view.state.conflicts.isEmpty else { throw Faults.report(ReplicaError(.noConflict), home: home) }
        let people = try People(reader, self)
        if terminal.isJSON {
            terminal.printJSON { json in
                DocumentJSON(view: view, people: people, terminal: terminal).write(to: &json)
            }
            return .ok
        }
        let page = DocumentPage(view: view, people: people, terminal: terminal)
        page.heading()
        let text = ConflictText(view: view, people: people, terminal: terminal)
        for conflict in view.state.conflicts {
            terminal.print("")
            text.print(conflict, hint: true)
        }
        return .ok
    }

    /// `ward conflict resolve ID`
    func conflictResolve() throws(ErrorReport) -> ExitCode {
        guard let reason = try text(option: "reason", limit: 4000) else {
            throw ErrorReport.cannotAsk(option: "--reason", helpCommand: name + " --help")
        }
        let replica = try replica()
        let view = try document(replica, nil)
        let conflict = try chosenConflict(view)
        var draft = ChangeSetDraft(kind: view.state.kind, document: view.id)
        switch conflict.kind {
        case .values:
            let settings = try attempt { () throws(ReplicaError) in try replica.settings() }
            let value = try chosenValue(conflict, view, settings, ward: replica.descriptor.area)
            resolve(conflict, value, reason, &draft)
        case .claims:
            let chosen = try chosenEntry(conflict)
            resolve(conflict, .null, reason, &draft)
            if let holder = view.state.holder(conflict.slot.field), holder.dot != chosen.dot {
                draft.perform(.release(conflict.slot, claim: holder.dot, successor: chosen.dot))
            }
        case .crossing: resolve(conflict, .null, reason, &draft)
        }
        return try save(replica, draft)
    }

    private func resolve(_ conflict: Conflict, _ chosen: CBORValue, _ reason: String, _ draft: inout ChangeSetDraft) {
        var settled: [Dot] = []
        for entry in conflict.entries where !settled.contains(entry.dot) { settled.append(entry.dot) }
        draft.perform(
            .resolve(conflict.slot, settled: settled.prefix(ChangeSetLimits.maxSettled).sorted()),
            .array([chosen, .text(reason)]))
    }

    private func chosenConflict(_ view: DocumentView) throws(ErrorReport) -> Conflict {
        let conflicts = view.state.conflicts
        let kind = view.state.kind
        if let field = parsed.option("field") {
            if let found = conflicts.first(where: { ConflictText.field($0, kind) == field }) { return found }
            throw Faults.report(ReplicaError(.noConflict), home: home)
        }
        guard let first = conflicts.first else { throw Faults.report(ReplicaError(.noConflict), home: home) }
        guard conflicts.count == 1 else {
            let fields = conflicts.map { ConflictText.field($0, kind) }.joined(separator: ", ")
            throw ErrorReport(
                .usage, code: "usage.missing-option", happened: Phrase(Say.chooseField.message, [fields]),
                loss: .nothingChanged, next: FaultWord.badValueNext.with(name))
        }
        return first
    }

    private func chosenEntry(_ conflict: Conflict) throws(ErrorReport) -> Entry {
        guard let number = parsed.integer("choose") else {
            throw ErrorReport(
                .usage, code: "usage.missing-option", happened: Phrase(Say.chooseOne.message), loss: .nothingChanged,
                next: FaultWord.badValueNext.with(name))
        }
        guard (1...Int64(conflict.entries.count)).contains(number) else {
            throw bad(
                "--choose", String(number), Self.filled(Say.expectChoice.message, String(conflict.entries.count)))
        }
        return conflict.entries[Int(number) - 1]
    }

    private func chosenValue(
        _ conflict: Conflict, _ view: DocumentView, _ settings: WardSettings, ward: String
    ) throws(ErrorReport) -> CBORValue {
        let kind = view.state.kind
        guard let given = parsed.option("value"), let spec = Schema.field(kind, conflict.slot.field) else {
            return (try? CBORValue(decoding: try chosenEntry(conflict).value)) ?? .null
        }
        let value: CBORValue
        switch spec.type {
        case .text(let max): value = .text(try text("--value", given, limit: max))
        case .code: value = .text(try typedCode(given, spec, settings))
        case .area: value = .text(try area("--value", given, ward: ward))
        case .time: value = CBORValue(try day("--value", given))
        case .integer:
            guard let number = Int64(given) else { throw bad("--value", given, Say.expectValue.message) }
            value = CBORValue(number)
        case .location:
            guard let place = ValueText.location(given) else { throw bad("--value", given, Say.expectPlace.message) }
            value = place
        case .boolean, .bytes, .sealed, .answer, .coded: throw bad("--value", given, Say.expectValue.message)
        }
        return value
    }

    private func typedCode(_ given: String, _ spec: FieldSpec, _ settings: WardSettings) throws(ErrorReport) -> String {
        switch spec.name {
        case "category": try self.category("--value", given, settings)
        case "agency": try self.agency("--value", given, settings)
        case "urgency": try code("--value", given, Urgency.self, .expectKind)
        case "kind": try code("--value", given, TaskKind.self, .expectKind)
        default: try freeCode("--value", given)
        }
    }
}
