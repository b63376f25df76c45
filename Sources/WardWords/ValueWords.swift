// Values as people read them, in either language: for the terminal and for web pages.

import CommandLineKit
import SyncKit

/// Words that stand for values.
package enum ValueWord: MessageTable {
    case yes, no, sealed, empty, file, privateFile

    package var message: Message {
        switch self {
        case .yes: m("có", "yes")
        case .no: m("không", "no")
        case .sealed: m("đã niêm phong", "sealed")
        case .empty: m("(trống)", "(empty)")
        case .file: m("tệp", "file")
        case .privateFile: m("tệp kín", "private file")
        }
    }
}

/// Turns field values into text. What others wrote comes out as they wrote it: the caller makes it safe to show.
package struct ValueWords {
    package let language: Language
    package var settings: WardSettings
    /// The name of an area by its code.
    package var areaName: (String) -> String

    package init(
        _ language: Language, settings: WardSettings = .standard, areaName: @escaping (String) -> String = { $0 }
    ) {
        self.language = language
        self.settings = settings
        self.areaName = areaName
    }

    package func word(_ message: Message) -> String { language.text(message) }

    /// What the ward calls a state.
    package func state(_ kind: DocumentKind, _ state: UInt8) -> String {
        settings.stateName(kind, state).map { word(m($0.vi, $0.en)) } ?? word(StateWord.message(kind, state))
    }

    /// The text of a value of a field; nothing for one that is cleared.
    package func text(_ value: CBORValue?, _ spec: FieldSpec, _ kind: DocumentKind) -> String {
        guard let value else { return "" }
        switch (spec.type, value) {
        case (_, .null): return ""
        case (.code, .text(let code)): return word(code, spec, kind)
        case (.area, .text(let code)): return areaName(code)
        case (.time, _):
            guard let seconds = value.integer else { return "" }
            let time = LocalTime(seconds: seconds)
            return spec.name == "due" ? time.dateText : time.text
        case (.location, .array(let parts)):
            let numbers = parts.compactMap(\.integer)
            guard numbers.count == 3 else { return "" }
            return "\(Self.degrees(numbers[0])), \(Self.degrees(numbers[1])) (±\(numbers[2]) m)"
        case (.boolean, .bool(let isTrue)): return word((isTrue ? ValueWord.yes : .no).message)
        case (.bytes, .bytes(let bytes)): return Digest(bytes).map { ShortID.text($0) } ?? "\(bytes.count) B"
        case (.coded, .array(let parts)) where spec.name == "visits": return visit(parts)
        case (.coded, .array(let parts)):
            let texts = parts.compactMap(\.string).filter { !$0.isEmpty }
            guard spec.name == "proposals", let state = texts.first.flatMap(ReportState.init(rawValue:)) else {
                return texts.joined(separator: ": ")
            }
            return ([word(state.message)] + texts.dropFirst()).joined(separator: ": ")
        case (.attachment, _): return file(value)
        case (.sealed, _): return "«" + word(ValueWord.sealed.message) + "»"
        case (.integer, _): return value.integer.map(String.init) ?? ""
        case (_, .text(let text)): return text
        default: return ""
        }
    }

    /// A file: what it is, how long, and the beginning of its root, by which it is named.
    private func file(_ value: CBORValue) -> String {
        guard let attachment = Attachment(decoding: value.encoded) else { return "" }
        return MediaWord.text(attachment, language) + " " + ShortID.text(attachment.content.root) + " ("
            + ByteCount.text(attachment.content.length, language) + ")"
    }

    private func visit(_ parts: [CBORValue]) -> String {
        let code = parts.first?.string ?? ""
        let result = VisitResult(rawValue: code).map { word($0.message) } ?? code
        let note = parts.count > 1 ? parts[1].string ?? "" : ""
        return note.isEmpty ? result : result + ": " + note
    }

    /// A code's name for people, or the code itself where this version does not know it.
    private func word(_ code: String, _ spec: FieldSpec, _ kind: DocumentKind) -> String {
        let message: Message? =
            switch spec.name {
            case "category" where kind == .place: PlaceCategory(rawValue: code)?.message
            case "category" where kind == .alert: AlertKind(rawValue: code)?.message
            case "level": AreaLevelWord(rawValue: code)?.message
            case "category": settings.category(code).map { m($0.vi, $0.en) } ?? Category(rawValue: code)?.message
            case "agency": settings.agency(code).map { .verbatim($0.name) }
            case "urgency": Urgency(rawValue: code)?.message
            case "kind": TaskKind(rawValue: code)?.message
            case "source": Source(rawValue: code)?.message
            case "visibility": Visibility(rawValue: code)?.message
            case "resolution": Resolution(rawValue: code)?.message
            default: nil
            }
        return message.map { word($0) } ?? code
    }

    /// Ten-millionths of a degree as a decimal number.
    package static func degrees(_ value: Int64) -> String {
        let size = value.magnitude
        let digits = String(size % 10_000_000)
        let fraction = String(repeating: "0", count: 7 - digits.utf8.count) + digits
        var kept = Substring(fraction)
        while kept.utf8.count > 1, kept.last == "0" { kept.removeLast() }
        return (value < 0 ? "-" : "") + String(size / 10_000_000) + "." + kept
    }
}
