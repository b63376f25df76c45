// A value that nobody wrote yet, typed or chosen by the person who decides; and change sets as forms name them.
import CommandLineKit
import SyncKit
import WardWords

/// A value that no side wrote, typed by the person who decides.
struct OtherValue {
    let context: ConsoleContext
    let kind: DocumentKind

    private typealias Choice = (code: String, name: String)

    /// The codes that a person can choose from, with their names; nil where the field takes something else.
    private func codes(_ spec: FieldSpec) -> [Choice]? {
        let settings = context.words.settings
        switch (spec.type, spec.name) {
        case (.boolean, _):
            return [ValueWord.yes, .no].map { ("\($0)", context.text($0.message)) }
        case (.code, "category") where kind == .report:
            return settings.categories.map { ($0.code, context.language == .vi ? $0.vi : $0.en) }
        case (.code, "category") where kind == .place: return words(PlaceCategory.self)
        case (.code, "category") where kind == .alert: return words(AlertKind.self)
        case (.code, "agency"): return settings.agencies.map { ($0.code, $0.name) }
        case (.code, "urgency"): return words(Urgency.self)
        case (.code, "kind") where kind == .task: return words(TaskKind.self)
        case (.code, "resolution"): return words(Resolution.self)
        case (.code, "visibility"): return words(Visibility.self)
        case (.code, "source"): return words(Source.self)
        default: return nil
        }
    }

    private func words<Table: CodedTable>(_: Table.Type) -> [Choice] {
        Table.allCases.map { ($0.rawValue, context.text($0.message)) }
    }

    /// The numbers that a field of numbers takes from a person.
    private static func range(_ spec: FieldSpec) -> ClosedRange<Int64>? {
        switch spec.name {
        case "priority", "rating": 1...5
        case "level": 1...3
        default: nil
        }
    }

    /// Whether a value of the field can be typed or chosen.
    func isPossible(_ spec: FieldSpec) -> Bool {
        switch spec.type {
        case .text, .time, .area, .location: true
        case .code, .boolean: codes(spec) != nil
        case .integer: Self.range(spec) != nil
        case .bytes, .sealed, .coded, .answer, .attachment: false
        }
    }

    /// The control to type or choose it with.
    func field(_ spec: FieldSpec, _ html: inout HTML) {
        if let codes = codes(spec) {
            html.tag("select", .id("other"), .a("name", "other")) { html in
                html.tag("option", .a("value", ""), text: "–")
                for item in codes { html.tag("option", .a("value", item.code), text: item.name) }
            }
            return
        }
        switch spec.type {
        case .time: html.void("input", .a("type", "date"), .id("other"), .a("name", "other"))
        case .integer:
            let range = Self.range(spec) ?? 1...1
            html.void(
                "input", .a("type", "number"), .id("other"), .a("name", "other"), .a("min", Int(range.lowerBound)),
                .a("max", Int(range.upperBound)))
        case .area: line(context.say(.otherAreaHint, context.wardArea), max: AreaCode.maxLength, &html)
        case .location: line(context.say(.otherPlaceHint), max: 64, &html)
        default: html.tag("textarea", .id("other"), .a("name", "other"), text: "")
        }
    }

    private func line(_ hint: String, max: Int, _ html: inout HTML) {
        html.void(
            "input", .a("type", "text"), .id("other"), .a("name", "other"), .a("maxlength", max),
            .a("aria-describedby", "other-hint"))
        html.tag("span", .style("hint"), .id("other-hint"), text: hint)
    }

    /// What was typed, as a value of the field; nil where it is none.
    func read(_ form: FormFields, _ spec: FieldSpec) -> CBORValue? {
        switch spec.type {
        case .text(let max): return form.text("other", max: max).map { .text($0) }
        case .code, .boolean:
            guard let code = form.text("other", max: ValueType.maxCodeLength),
                codes(spec)?.contains(where: { $0.code.utf8.elementsEqual(code.utf8) }) == true
            else { return nil }
            return spec.type == .boolean ? .bool(code == "\(ValueWord.yes)") : .text(code)
        case .time:
            guard let date = form.text("other", max: 20).flatMap(CivilDate.parse) else { return nil }
            return CBORValue(date.startSeconds() + 86_399)
        case .integer:
            guard let number = form.text("other", max: 3).flatMap({ Int64($0) }),
                Self.range(spec)?.contains(number) == true
            else { return nil }
            return CBORValue(number)
        case .area:
            guard let code = form.text("other", max: AreaCode.maxLength), AreaCode.isValid(code),
                AreaCode.covers(context.wardArea, code)
            else { return nil }
            return .text(code)
        case .location: return form.text("other", max: 64).flatMap { ValueWords.location($0) }
        case .bytes, .sealed, .coded, .answer, .attachment: return nil
        }
    }
}
