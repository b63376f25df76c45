// The form that decides about an item: what can be done, the value where there is one, and the reason.
import CommandLineKit
import SyncKit
import WardWords

/// Writes the form; `ConsoleActions.decide` reads it.
struct ItemForm {
    let context: ConsoleContext
    let found: ConsoleItem
    private var item: InboxItem { found.item }

    /// The longest reason, in bytes; the schema's own limit is 4,096.
    static let maxReason = 3000

    func write(_ html: inout HTML) {
        let layout = ConsoleLayout(context: context)
        html.tag(
            "form", .style("card screen"), .a("method", "post"), .action(PagePath("/console/decide")),
            .a("aria-labelledby", "decide")
        ) { html in
            html.tag("h2", .id("decide"), text: context.say(.decide))
            layout.formToken(&html)
            layout.hidden("key", item.key, &html)
            layout.hidden("seen", String(found.seen.rawValue), &html)
            for side in item.sides.prefix(ConsoleInbox.mostSides) { layout.hidden("settled", side.dot.text, &html) }
            if found.actions.contains(where: { !$0.isOnDocument }) {
                for change in found.shown { layout.hidden("shown", change.id.hex, &html) }
            }
            html.tag("fieldset") { html in
                html.tag("legend", text: context.say(.choose))
                for action in found.actions { choices(action, &html) }
            }
            layout.reasonField(&html)
            html.tag("button", .a("type", "submit"), text: context.say(.decideButton))
        }
    }

    private func choices(_ action: InboxAction, _ html: inout HTML) {
        let sides = item.sides.prefix(ConsoleInbox.mostSides)
        switch action {
        case .choose:
            for (place, side) in sides.enumerated() {
                let label = ItemWords.letter(place) + ": " + ItemWords.deed(side, item, context)
                choice("choose:" + side.dot.text, "choose-\(place)", label, &html)
            }
        case .edit:
            guard let kind = item.documentKind, let slot = item.slot, let spec = Schema.field(kind, slot.field)
            else { return }
            let other = OtherValue(context: context, kind: kind)
            guard other.isPossible(spec) else { return }
            choice("edit", "edit", context.say(.otherValue), &html)
            html.tag("label", .a("for", "other"), text: context.say(.otherValueLabel))
            other.field(spec, &html)
        case .confirm:
            let holder = item.sides.first(where: \.stands).map { context.person($0.dot.device, among: found.people) }
            choice("confirm", "confirm", context.say(.keepWith, holder ?? ""), &html)
        case .reassign:
            for (place, side) in sides.enumerated() where !side.stands {
                let who = context.person(side.dot.device, among: found.people)
                choice("reassign:" + side.dot.text, "reassign-\(place)", context.say(.giveTo, who), &html)
            }
        default: choice(action.rawValue, action.rawValue, label(action), &html)
        }
    }

    private func label(_ action: InboxAction) -> String {
        let word = context.text(item.word(for: action))
        return action == .ask ? word + " " + context.say(.reasonIsQuestion) : word
    }

    private func choice(_ value: String, _ id: String, _ label: String, _ html: inout HTML) {
        html.tag("div", .style("choice")) { html in
            html.void(
                "input", .a("type", "radio"), .id(id), .a("name", "choose"), .a("value", value), .flag("required"))
            html.tag("label", .a("for", id)) { $0.foreign(label) }
        }
    }
}
