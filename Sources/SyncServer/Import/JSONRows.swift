// Rows of NDJSON: one flat JSON object a line.
import SyncKit

/// Reads flat JSON objects, one a line. Empty lines are skipped.
struct JSONRows: RowSource {
    /// A longer line is refused, and read over.
    static let longestLine = 1024 * 1024

    private var stream: ByteStream
    private var line = 0

    init(_ stream: ByteStream) { self.stream = stream }

    mutating func next() throws(ImportFailure) -> SourceRow? {
        while let bytes = try nextLine() {
            if bytes.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { continue }
            if bytes.count > Self.longestLine {
                return SourceRow(line: line, content: .failure(.tooLong(field: "line")))
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                return SourceRow(line: line, content: .failure(.notUTF8))
            }
            var parser = FlatJSON(text)
            return SourceRow(line: line, content: parser.object().map { .success($0) } ?? .failure(.notJSON))
        }
        return nil
    }

    private mutating func nextLine() throws(ImportFailure) -> Bytes? {
        guard try stream.peek() != nil else { return nil }
        line += 1
        var bytes = Bytes()
        while let byte = try stream.take(), byte != 0x0A {
            if bytes.count <= Self.longestLine { bytes.append(byte) }
        }
        return bytes
    }
}

/// Parses one JSON object whose values are texts, numbers, truth values and null; numbers and truth values become the
/// text that stands there. Nothing may stand twice, nothing may follow.
struct FlatJSON {
    private let bytes: Bytes
    private var offset = 0

    init(_ text: String) { bytes = Bytes(text.utf8) }

    mutating func object() -> [String: String?]? {
        var fields: [String: String?] = [:]
        guard take(UInt8(ascii: "{")) else { return nil }
        if !take(UInt8(ascii: "}")) {
            repeat {
                guard fields.count < 256, let name = string(), take(UInt8(ascii: ":")), fields[name] == nil,
                    let value = value()
                else { return nil }
                fields[name] = .some(value)
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "}")) else { return nil }
        }
        skipSpace()
        return offset == bytes.count ? fields : nil
    }

    private mutating func skipSpace() {
        while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard offset < bytes.count, bytes[offset] == byte else { return false }
        offset += 1
        return true
    }

    private mutating func value() -> String?? {
        skipSpace()
        guard offset < bytes.count else { return nil }
        if bytes[offset] == UInt8(ascii: "\"") { return string().map { .some($0) } }
        let start = offset
        while offset < bytes.count, !",} \t\r\n".utf8.contains(bytes[offset]) { offset += 1 }
        let word = String(decoding: bytes[start..<offset], as: UTF8.self)
        switch word {
        case "null": return .some(nil)
        case "true", "false": return word
        default:
            // Not as one expression: there `nil` would mean the JSON null.
            guard Self.isNumber(bytes[start..<offset]) else { return nil }
            return word
        }
    }

    /// A number as JSON writes it.
    private static func isNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        func isDigit(_ byte: UInt8?) -> Bool { byte.map { (0x30...0x39).contains($0) } ?? false }
        func digits() -> Int {
            let before = rest.count
            while isDigit(rest.first) { rest = rest.dropFirst() }
            return before - rest.count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let startsWithZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0, !startsWithZero || whole == 1 else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits() > 0 else { return false }
        }
        if let exponent = rest.first, exponent | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    private mutating func string() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        var output = Bytes()
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return String(validating: output, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let scalar = escaped() else { return nil }
                output.append(contentsOf: String(scalar).utf8)
            case 0..<0x20: return nil
            default: output.append(byte)
            }
        }
        return nil
    }

    private mutating func escaped() -> Unicode.Scalar? {
        guard offset < bytes.count else { return nil }
        let byte = bytes[offset]
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return Unicode.Scalar(0x08)
        case UInt8(ascii: "f"): return Unicode.Scalar(0x0C)
        case UInt8(ascii: "n"): return Unicode.Scalar(0x0A)
        case UInt8(ascii: "r"): return Unicode.Scalar(0x0D)
        case UInt8(ascii: "t"): return Unicode.Scalar(0x09)
        case UInt8(ascii: "u"):
            guard let first = unit() else { return nil }
            guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
            guard bytes[offset...].starts(with: [0x5C, 0x75]) else { return nil }
            offset += 2
            guard let second = unit(), (0xDC00..<0xE000).contains(second) else { return nil }
            return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        default: return nil
        }
    }

    private mutating func unit() -> UInt32? {
        guard bytes.count - offset >= 4 else { return nil }
        var value: UInt32 = 0
        for byte in bytes[offset..<offset + 4] {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        offset += 4
        return value
    }
}
