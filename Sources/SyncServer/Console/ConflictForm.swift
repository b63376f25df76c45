// The form that settles a conflict: one side or another value, with a reason.
import CommandLineKit
import SyncKit
import WardWords

/// Writes the form; `ConsoleActions.resolve` reads it.
struct ConflictForm {
    let context: ConsoleContext
    let sides: ConflictSides

    /// The longest reason, in bytes; the schema's own limit is 4,096.
    static let maxReason = 3000

    func write(_ html: inout HTML) {
        let layout = ConsoleLayout(context: context)
        html.tag(
            "form", .style("card screen"), .a("method", "post"), .action(PagePath("/console/resolve")),
            .a("aria-labelledby", "decide")
        ) { html in
            html.tag("h2", .id("decide"), text: context.say(.decide))
            layout.formToken(&html)
            layout.hidden("id", sides.conflict.document.hex, &html)
            layout.hidden("slot", String(sides.conflict.slot.rawValue), &html)
            layout.hidden("seen", String(sides.seen.rawValue), &html)
            for entry in sides.conflict.entries.prefix(ChangeSetLimits.maxSettled) {
                layout.hidden("settled", entry.dot.text, &html)
            }
            choices(&html)
            html.tag("p") { html in
                html.tag("label", .a("for", "reason"), text: context.say(.reason))
                html.tag(
                    "textarea", .id("reason"), .a("name", "reason"), .flag("required"),
                    .a("maxlength", Self.maxReason / 3), .a("aria-describedby", "reason-hint"), text: "")
                html.tag("span", .style("hint"), .id("reason-hint"), text: context.say(.reasonHint))
            }
            html.tag("button", .a("type", "submit"), text: context.say(.decideButton))
        }
    }

    private func choices(_ html: inout HTML) {
        guard sides.conflict.kind != .crossing else {
            html.tag("p", text: context.say(.takeNote))
            return
        }
        html.tag("fieldset") { html in
            html.tag("legend", text: context.say(.choose))
            for (index, side) in sides.sides.enumerated() {
                let label: String
                if sides.conflict.kind == .claims {
                    let who = context.person(side.person, side.entry.dot.device)
                    label = context.say(side.stands ? .keepWith : .giveTo, who)
                } else {
                    label = ConflictPage.letter(index) + ": " + ConflictPage.value(side.entry, sides, context)
                }
                choice("side-\(index)", side.entry.dot.text, label, &html)
            }
            if let spec = Schema.field(sides.kind, sides.conflict.slot.field), sides.conflict.kind == .values,
                OtherValue.isPossible(spec)
            {
                choice("side-other", "other", context.say(.otherValue), &html)
                html.tag("label", .a("for", "other"), text: context.say(.otherValueLabel))
                OtherValue(context: context, kind: sides.kind).field(spec, &html)
            }
        }
    }

    private func choice(_ id: String, _ value: String, _ label: String, _ html: inout HTML) {
        html.tag("div", .style("choice")) { html in
            html.void(
                "input", .a("type", "radio"), .id(id), .a("name", "choose"), .a("value", value), .flag("required"))
            html.tag("label", .a("for", id)) { $0.foreign(label) }
        }
    }
}

/// A value that no side wrote, typed by the person who decides.
struct OtherValue {
    let context: ConsoleContext
    let kind: DocumentKind

    /// The codes that a person can choose from, with their names; nil where the field takes something else.
    private func codes(_ spec: FieldSpec) -> [(code: String, name: String)]? {
        let settings = context.words.settings
        switch spec.name {
        case "category" where kind == .report:
            return settings.categories.map { ($0.code, context.language == .vi ? $0.vi : $0.en) }
        case "agency": return settings.agencies.map { ($0.code, $0.name) }
        case "urgency": return Urgency.allCases.map { ($0.rawValue, context.text($0.message)) }
        case "kind" where kind == .task: return TaskKind.allCases.map { ($0.rawValue, context.text($0.message)) }
        case "resolution": return Resolution.allCases.map { ($0.rawValue, context.text($0.message)) }
        default: return nil
        }
    }

    static func isPossible(_ spec: FieldSpec) -> Bool {
        switch spec.type {
        case .text, .time: true
        case .code: ["category", "agency", "urgency", "kind", "resolution"].contains(spec.name)
        default: false
        }
    }

    /// The control to type or choose it with.
    func field(_ spec: FieldSpec, _ html: inout HTML) {
        if let codes = codes(spec) {
            html.tag("select", .id("other"), .a("name", "other")) { html in
                html.tag("option", .a("value", ""), text: "–")
                for item in codes { html.tag("option", .a("value", item.code), text: item.name) }
            }
        } else if case .time = spec.type {
            html.void("input", .a("type", "date"), .id("other"), .a("name", "other"))
        } else {
            html.tag("textarea", .id("other"), .a("name", "other"), text: "")
        }
    }

    /// What was typed, as a value of the field; nil where it is none.
    func read(_ form: FormFields, _ spec: FieldSpec) -> CBORValue? {
        switch spec.type {
        case .text(let max): return form.text("other", max: max).map { .text($0) }
        case .code:
            guard let code = form.text("other", max: 64), codes(spec)?.contains(where: { $0.code == code }) == true
            else { return nil }
            return .text(code)
        case .time:
            guard let date = form.text("other", max: 20).flatMap(CivilDate.parse) else { return nil }
            return CBORValue(date.startSeconds() + 86_399)
        default: return nil
        }
    }
}

extension Dot {
    /// The change set as forms name it: the device's key and the sequence.
    var text: String { "\(device):\(sequence)" }

    init?(text: String) {
        guard let dot = ControlDot(text), let digest = Digest(hex: dot.device) else { return nil }
        self.init(device: DeviceID(digest), sequence: dot.sequence)
    }
}
