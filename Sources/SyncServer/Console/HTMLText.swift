// Text on a web page: escaped, and with whatever cannot be seen made visible.
import CommandLineKit

/// Writes foreign text into HTML.
///
/// Nothing that is written here can begin a tag, end an attribute or turn the reading direction: `& < > " '` and the
/// grave accent become references, and controls, escape, bidi and other invisible characters are shown by their
/// number (`⟨202E⟩`), because an admin has to see that they are there. An emoji's own selectors stay as they are.
enum HTMLText {
    static func append(_ text: String, to bytes: inout [UInt8]) {
        var previous: UInt32 = 0
        for scalar in text.unicodeScalars {
            append(scalar, after: previous, to: &bytes)
            previous = scalar.value
        }
    }

    private static func append(_ scalar: Unicode.Scalar, after previous: UInt32, to bytes: inout [UInt8]) {
        switch scalar {
        case "&": bytes += "&amp;".utf8
        case "<": bytes += "&lt;".utf8
        case ">": bytes += "&gt;".utf8
        case "\"": bytes += "&quot;".utf8
        case "'": bytes += "&#39;".utf8
        case "`": bytes += "&#96;".utf8
        case "\u{20}"..."\u{7E}": bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        default:
            switch ScalarKind(scalar.value) {
            // Marks that no font draws: joiners and selectors, which can carry a text of their own.
            case .zero where scalar.properties.isDefaultIgnorableCodePoint && !isEmojiSelector(scalar):
                bytes += "⟨\(number(scalar.value))⟩".utf8
            case .zero, .narrow, .wide: bytes += String(scalar).utf8
            case .lineBreak: if scalar.value != 0x0A || previous != 0x0D { bytes.append(0x0A) }
            case .tab: bytes.append(0x20)
            case .hidden: bytes += "⟨\(number(scalar.value))⟩".utf8
            }
        }
    }

    /// Whether nobody would see anything of a text: a link that is made of it could not be found.
    static func isBlank(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.properties.isWhitespace || $0 == "\u{2800}" || isEmojiSelector($0) }
    }

    private static func isEmojiSelector(_ scalar: Unicode.Scalar) -> Bool { (0xFE0E...0xFE0F).contains(scalar.value) }

    /// At least four hexadecimal digits, as Unicode writes them.
    private static func number(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
