// What somebody decided about one's own work, in a line.

import CommandLineKit
import SyncKit

/// Words a decision for the person whom it concerns.
struct DecisionText {
    let item: OwnDecision
    let people: People

    init(_ item: OwnDecision, _ people: People) {
        self.item = item
        self.people = people
    }

    private var terminal: Terminal { people.terminal }

    /// Which document, what was decided, what became of an order, by whom, and why.
    var line: String {
        if let order = item.order {
            // Somebody wanted it so; where the ward did not carry it out, nothing is so.
            let action = terminal.word(OrderActionWord.message(order.order.action))
            return terminal.tell(
                ConflictSay.decisionLine, terminal.word(KindWord.message(.order)), ShortID.text(item.document),
                action + " «" + terminal.outcome(order) + "»", people.name(item.by),
                SafeText.line(item.decision.reason))
        }
        return terminal.tell(
            ConflictSay.decisionLine, terminal.word(KindWord.message(item.documentKind)), ShortID.text(item.document),
            what, people.name(item.by), SafeText.line(item.decision.reason))
    }

    private var what: String {
        var parts = [SafeText.line(item.title)]
        if let remark = item.decision.remark {
            parts.append(terminal.language.text(remark.word.phrase))
        } else if let slot = item.slot, let spec = Schema.field(item.documentKind, slot.field) {
            var label = terminal.word(FieldWord.message(spec))
            if let chosen = item.decision.chosen, let value = try? CBORValue(decoding: chosen) {
                label += " = " + SafeText.line(people.values.text(value, spec, item.documentKind))
            }
            parts.append(label)
        }
        return parts.filter { !$0.isEmpty }.joined(separator: ", ")
    }

    func write(to json: inout JSONWriter) {
        json.member("id", item.document.hex)
        json.member("short_id", ShortID.text(item.document))
        json.member("document_kind", item.documentKind.name)
        json.member("title", item.title)
        json.member("field", item.slot.flatMap { Schema.field(item.documentKind, $0.field)?.name })
        json.member("at", LocalTime(item.decision.effective).iso8601)
        json.member("by", people.programName(item.by))
        json.member("remark", item.decision.remark?.name)
        json.member("order", item.order?.order.action.rawValue)
        json.member("status", item.order?.status?.rawValue)
        json.member("why", item.order?.why)
        json.member("reason", item.decision.reason)
    }
}
