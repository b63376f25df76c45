// A value that nobody wrote yet, typed or chosen by the person who decides; and change sets as forms name them.
import SyncKit
import WardWords

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
