// The JSON of the published vectors: the same bytes for the same content, on any machine.

@testable import SyncKit

/// A JSON value whose objects keep the order in which they were written.
indirect enum JSONText: Sendable {
    case text(String)
    case number(UInt64)
    case signed(Int64)
    case bool(Bool)
    case null
    case list([JSONText])
    case object([(String, JSONText)])

    static func hex(_ bytes: Bytes) -> JSONText { .text(hexText(bytes)) }
    static func hex(_ digest: Digest) -> JSONText { .text(digest.hex) }
    static func hex(_ device: DeviceID) -> JSONText { .text(device.digest.hex) }
    static func hex(_ bytes: Bytes?) -> JSONText { bytes.map { .text(hexText($0)) } ?? .null }
    static func dot(_ dot: Dot) -> JSONText { .list([.hex(dot.device), .number(dot.sequence)]) }
    static func mark(_ mark: SeenMark) -> JSONText {
        .list([.number(mark.position.epoch), .number(mark.position.index), .hex(Bytes(bigEndian: mark.root))])
    }

    /// The text of a file: two spaces a level, lists of plain values on one line.
    var file: String { rendered(0) + "\n" }

    private var isPlain: Bool {
        switch self {
        case .list, .object: false
        default: true
        }
    }

    private func rendered(_ depth: Int) -> String {
        let inner = String(repeating: "  ", count: depth + 1)
        let outer = String(repeating: "  ", count: depth)
        switch self {
        case .text(let text): return Self.quoted(text)
        case .number(let number): return String(number)
        case .signed(let number): return String(number)
        case .bool(let flag): return flag ? "true" : "false"
        case .null: return "null"
        case .list(let items):
            if items.allSatisfy(\.isPlain) {
                return "[" + items.map { $0.rendered(depth) }.joined(separator: ", ") + "]"
            }
            let lines = items.map { inner + $0.rendered(depth + 1) }
            return "[\n" + lines.joined(separator: ",\n") + "\n" + outer + "]"
        case .object(let pairs):
            if pairs.isEmpty { return "{}" }
            let lines = pairs.map { inner + Self.quoted($0.0) + ": " + $0.1.rendered(depth + 1) }
            return "{\n" + lines.joined(separator: ",\n") + "\n" + outer + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
