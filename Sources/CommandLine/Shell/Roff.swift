// Text as manual pages take it: nothing in it is mistaken for a request.

/// Writes the source of a manual page (`man(7)` macros, UTF-8).
struct Roff {
    private(set) var text = ""

    /// A text inside of a line: backslashes escaped, dashes kept as they are typed, no controls.
    static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in SafeText.line(text).utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes += "\\e".utf8
            case UInt8(ascii: "-"): bytes += "\\-".utf8
            case UInt8(ascii: "'"): bytes += "\\(aq".utf8
            case UInt8(ascii: "`"): bytes += "\\(ga".utf8
            case UInt8(ascii: "^"): bytes += "\\(ha".utf8
            case UInt8(ascii: "~"): bytes += "\\(ti".utf8
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func bold(_ text: String) -> String { "\\fB" + escaped(text) + "\\fR" }

    /// A request with its arguments, each in quotes.
    mutating func request(_ name: String, _ arguments: String...) {
        text += "." + name
        for argument in arguments {
            text +=
                " \""
                + Self.escaped(argument).split(separator: "\"", omittingEmptySubsequences: false)
                .joined(separator: "\\(dq") + "\""
        }
        text += "\n"
    }

    /// A request as it stands, of our own making.
    mutating func control(_ line: StaticString) { text += "\(line)\n" }

    mutating func comment(_ text: String) { self.text += ".\\\" " + text + "\n" }

    /// A line of text; one that begins like a request is kept from being one.
    mutating func line(_ line: String) { self.escapedLine(Self.escaped(line)) }

    /// A line that is escaped already.
    mutating func escapedLine(_ line: String) {
        if line.utf8.first == UInt8(ascii: ".") { text += "\\&" }
        text += (line.isEmpty ? "\\&" : line) + "\n"
    }

    /// A term and what it means.
    mutating func entry(_ term: String, _ meaning: String) {
        request("TP")
        escapedLine(term)
        line(meaning)
    }
}
