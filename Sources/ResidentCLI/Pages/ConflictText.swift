// Conflicts as a person decides them: the sides, whose they are, by both clocks.

import CommandLineKit
import SyncKit

/// One side of a conflict.
struct ConflictSide {
    let entry: Entry
    /// The value as text; the state that a step moved to; empty for a claim.
    let value: String
    let who: String
    let role: Role
    let device: String
    /// What the device's own clock said; zero where the change set is not here.
    let deviceTime: HybridTime
    let holds: Bool
}

/// Describes the conflicts of a document.
struct ConflictText {
    let view: DocumentView
    let people: People
    let terminal: Terminal

    func sides(_ conflict: Conflict) -> [ConflictSide] {
        let spec = Schema.field(view.state.kind, conflict.slot.field)
        let holder = conflict.kind == .claims ? view.state.holder(conflict.slot.field)?.dot : nil
        return conflict.entries.map { entry in
            let value: String
            switch conflict.kind {
            case .values:
                let decoded = try? CBORValue(decoding: entry.value)
                value =
                    spec.map { people.values.text(decoded, $0, view.state.kind) } ?? ""
            case .claims: value = ""
            case .crossing: value = terminal.word(StateWord.message(view.state.kind, entry.state))
            }
            let stored = view.history.first { $0.change.dot == entry.dot }
            return ConflictSide(
                entry: entry, value: value, who: people.name(entry.dot.device),
                role: people.role(entry.dot.device), device: people.short(entry.dot.device),
                deviceTime: stored?.change.header.authorTime ?? .zero, holds: entry.dot == holder)
        }
    }

    func heading(_ conflict: Conflict) -> String {
        let spec = Schema.field(view.state.kind, conflict.slot.field)
        var label = spec.map { terminal.word(FieldWord.message($0)) } ?? ""
        if let key = conflict.slot.key { label += " \(key)" }
        switch conflict.kind {
        case .values: return terminal.say(.conflictValues, label)
        case .claims: return terminal.say(.conflictClaims, label)
        case .crossing: return terminal.say(.conflictCrossing, label)
        }
    }

    static func field(_ conflict: Conflict, _ kind: DocumentKind) -> String {
        let name = Schema.field(kind, conflict.slot.field)?.name ?? "\(conflict.slot.field)"
        return conflict.slot.key.map { "\(name).\($0)" } ?? name
    }

    /// Prints a conflict with its sides numbered as `--choose` takes them.
    func print(_ conflict: Conflict, hint: Bool) {
        terminal.print(terminal.styled(heading(conflict), .yellow))
        for (number, side) in sides(conflict).enumerated() {
            let value = SafeText.line(side.value)
            let mark = side.holds ? " («" + terminal.say(.holderMark) + "»)" : ""
            let what = value.isEmpty ? "" : value + " — "
            terminal.print("  \(number + 1). " + what + SafeText.line(side.who) + mark)
            let details = terminal.say(
                .sideDetails, terminal.word(RoleWord.message(side.role)), side.device,
                side.deviceTime == .zero ? "?" : LocalTime(side.deviceTime).text,
                LocalTime(side.entry.effective).text)
            terminal.print("     " + details)
        }
        if conflict.isDisputed { terminal.print("  " + terminal.say(.disputedNote)) }
        if hint {
            terminal.remark(
                Message(vi: "  " + Say.conflictHint.message.vi, en: "  " + Say.conflictHint.message.en),
                ShortID.text(view.id))
        }
    }

    func write(_ conflict: Conflict, to json: inout JSONWriter) {
        json.object { json in
            json.member("kind", conflict.kind.rawValue)
            json.member("field", Self.field(conflict, view.state.kind))
            json.member("disputed", conflict.isDisputed)
            json.array("values") { json in
                for side in sides(conflict) {
                    json.object { json in
                        write(side, conflict, to: &json)
                    }
                }
            }
        }
    }

    private func write(_ side: ConflictSide, _ conflict: Conflict, to json: inout JSONWriter) {
        switch conflict.kind {
        case .values:
            DocumentJSON.writeValue("value", try? CBORValue(decoding: side.entry.value), to: &json)
        case .claims: json.member("value", nil as String?)
        case .crossing: json.member("value", WorkflowRules.name(view.state.kind, side.entry.state))
        }
        json.member("who", people.programName(side.entry.dot.device))
        json.member("role", side.role.name)
        json.member("device", side.entry.dot.device.digest.hex)
        json.member("device_time", side.deviceTime == .zero ? nil : LocalTime(side.deviceTime).iso8601)
        json.member("effective_time", LocalTime(side.entry.effective).iso8601)
        json.member("epoch", Int64(clamping: side.entry.position.epoch))
        json.member("position", Int64(clamping: side.entry.position.index))
        if conflict.kind == .claims { json.member("holder", side.holds) }
    }
}
