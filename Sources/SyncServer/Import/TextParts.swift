// Long texts in parts that fit a change set, cut where a reader would cut them.
import SyncKit

/// Cuts long texts.
enum TextParts {
    /// The longest part, in bytes of UTF-8.
    static let longest = 12 * 1024

    /// The text in parts of at most `longest` bytes, which put together again are the text: cut after a line's end,
    /// else between two characters, and inside of one only where it alone is longer.
    static func split(_ text: String, longest: Int = longest) -> [String] {
        if text.utf8.count <= longest { return text.isEmpty ? [] : [text] }
        var parts: [String] = []
        var part = ""
        for paragraph in paragraphs(text) {
            if part.utf8.count + paragraph.utf8.count <= longest {
                part += paragraph
                continue
            }
            if !part.isEmpty { parts.append(part) }
            part = ""
            if paragraph.utf8.count <= longest {
                part = String(paragraph)
                continue
            }
            for character in paragraph {
                for piece in pieces(character, longest) {
                    if part.utf8.count + piece.utf8.count > longest {
                        parts.append(part)
                        part = ""
                    }
                    part += piece
                }
            }
        }
        if !part.isEmpty { parts.append(part) }
        return parts
    }

    /// The text's lines, each with its end.
    private static func paragraphs(_ text: String) -> [Substring] {
        var found: [Substring] = []
        var start = text.startIndex
        while let end = text[start...].firstIndex(of: "\n") {
            let next = text.index(after: end)
            found.append(text[start..<next])
            start = next
        }
        if start < text.endIndex { found.append(text[start...]) }
        return found
    }

    private static func pieces(_ character: Character, _ longest: Int) -> [String] {
        if character.utf8.count <= longest { return [String(character)] }
        return character.unicodeScalars.map { String($0) }
    }

    /// A character that no text has: a zero byte, an escape and their like.
    struct ControlCharacter: Error, Equatable {
        var code: UInt32
    }

    /// A text as it is stored: NFC, line ends as one line feed, no white space at the ends, nothing that is invisible
    /// or turns the direction of what stands around it.
    static func cleaned(_ text: String) throws(ControlCharacter) -> String {
        if text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) { return text }
        var scalars = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            defer { previous = scalar }
            switch scalar {
            case "\n": if previous != "\r" { scalars.append("\n") }
            case "\r", "\u{0B}", "\u{0C}", "\u{85}", "\u{2028}", "\u{2029}": scalars.append("\n")
            case "\t": scalars.append(" ")
            case "\0"..<" ", "\u{7F}"..<"\u{A0}": throw ControlCharacter(code: scalar.value)
            case "\u{AD}", "\u{61C}", "\u{200B}", "\u{200E}", "\u{200F}", "\u{202A}"..."\u{202E}", "\u{2060}",
                "\u{2066}"..."\u{2069}", "\u{FEFF}":
                break
            default: scalars.append(scalar)
            }
        }
        return TextNormalization.nfc(trimmed(scalars[...]))
    }

    /// A text without white space at its ends.
    static func trimmed(_ text: String) -> String { trimmed(text.unicodeScalars[...]) }

    private static func trimmed(_ scalars: Substring.UnicodeScalarView) -> String {
        var rest = scalars
        while rest.first?.properties.isWhitespace ?? false { rest.removeFirst() }
        while rest.last?.properties.isWhitespace ?? false { rest.removeLast() }
        return String(rest)
    }
}
