// Rows of JSON: one object a line, or the elements of one array.
import SyncKit

/// Reads JSON objects, one a line (NDJSON; empty lines are skipped) or as the elements of an array over any number of
/// lines. An object may hold a list of further objects, such as the wards of a province.
struct JSONRows: RowSource {
    /// A longer object is refused, and read over.
    static let longestObject = 1024 * 1024
    /// The member that holds the units inside of a unit.
    private static let inner = "wards"

    private var stream: TextStream
    private let table: ColumnTable
    private let isArray: Bool
    private var line = 1
    private var offset: Int
    private var isFinished = false
    private var waiting: [SourceRow] = []
    /// What the file calls the columns that have another name in documents.
    private var labels: [String: String] = [:]

    init(_ stream: TextStream, _ table: ColumnTable) {
        self.stream = stream
        self.table = table
        isArray = stream.firstSolid == UInt8(ascii: "[")
        offset = stream.found.markLength
    }

    /// Whether a file begins as JSON does, by its first byte that is no space.
    static func begins(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    var consumed: Int { offset }

    func label(_ column: String) -> String { labels[column] ?? column }

    mutating func next() throws(ImportFailure) -> SourceRow? {
        if let row = waiting.popLast() { return row }
        while !isFinished {
            guard let piece = try isArray ? nextElement() : nextLine() else { return nil }
            if piece.bytes.allSatisfy({ Self.isSpace($0) }) { continue }
            if piece.bytes.count > Self.longestObject {
                let problem = RowProblem.tooLong(field: "", most: Self.longestObject)
                return SourceRow(line: piece.line, content: .failure(problem))
            }
            if let bad = UTF8Length.quickFirstInvalid(piece.bytes) {
                let before = piece.bytes.prefix(bad).reduce(piece.offset) { $0 + stream.encoding.width($1) }
                return SourceRow(
                    line: piece.line, content: .failure(.notText(offset: before, stream.encoding)))
            }
            guard let value = JSONValue(piece.bytes), case .object(let members) = value else {
                return SourceRow(line: piece.line, content: .failure(.notJSON))
            }
            let row = SourceRow(line: piece.line, content: fields(members))
            if table.name(of: "parent") != nil { keepInner(value, line: piece.line) }
            return row
        }
        return nil
    }

    // MARK: Objects

    private mutating func fields(
        _ members: [(name: String, value: JSONValue)]
    ) -> Result<[String: FieldValue], RowProblem> {
        var fields: [String: FieldValue] = [:]
        for (name, value) in members {
            guard let column = table.name(of: name) else { continue }
            guard fields[column] == nil, let field = Self.field(value) else { return .failure(.notJSON) }
            if column != name { labels[column] = name }
            fields[column] = field
        }
        return .success(fields)
    }

    private static func field(_ value: JSONValue) -> FieldValue? {
        switch value {
        case .null: return .null
        case .string(let text), .number(let text): return .text(text)
        case .bool(let flag): return .text(flag ? "true" : "false")
        case .object: return nil
        case .array(let elements):
            var words: [String] = []
            for element in elements {
                if let word = element.word {
                    words.append(word)
                } else if case .object = element {
                    // A unit that this one was made from, with its code and its name.
                    let parts = [element["code"]?.word, element["name"]?.word].compactMap { $0 }
                    guard !parts.isEmpty else { return nil }
                    words.append(parts.joined(separator: " "))
                } else {
                    return nil
                }
            }
            return .list(words)
        }
    }

    /// The units inside of a unit become rows of their own, below it.
    private mutating func keepInner(_ value: JSONValue, line: Int) {
        guard case .array(let units)? = value[Self.inner] else { return }
        let parent = value["code"]?.word
        for unit in units.reversed() {
            guard case .object(let members) = unit, case .success(var found) = fields(members) else {
                waiting.append(SourceRow(line: line, content: .failure(.notJSON)))
                continue
            }
            if found["parent"] == nil, let parent { found["parent"] = .text(parent) }
            if found["level"] == nil { found["level"] = .text("ward") }
            waiting.append(SourceRow(line: line, content: .success(found)))
        }
    }

    // MARK: Pieces

    private struct Piece {
        var line: Int
        var offset: Int
        var bytes = Bytes()
    }

    private mutating func take() throws(ImportFailure) -> UInt8? {
        guard let byte = try stream.take() else { return nil }
        offset += stream.encoding.width(byte)
        if byte == 0x0A { line += 1 }
        return byte
    }

    private mutating func nextLine() throws(ImportFailure) -> Piece? {
        guard try stream.peek() != nil else { return nil }
        var piece = Piece(line: line, offset: offset)
        while let byte = try take(), byte != 0x0A {
            if piece.bytes.count <= Self.longestObject { piece.bytes.append(byte) }
        }
        return piece
    }

    /// The next element of the array: up to the comma or bracket outside of its own brackets and texts.
    private mutating func nextElement() throws(ImportFailure) -> Piece? {
        while let byte = try stream.peek(), Self.isSpace(byte) || byte == UInt8(ascii: "[") || byte == 0x2C {
            _ = try take()
        }
        guard try stream.peek() != nil else {
            // The array does not end: what is missing is told as a row of its own.
            isFinished = true
            return Piece(line: line, offset: offset, bytes: [UInt8(ascii: "[")])
        }
        var piece = Piece(line: line, offset: offset)
        var depth = 0
        var isInText = false
        var isEscaped = false
        while let byte = try stream.peek() {
            if !isInText, depth == 0, byte == 0x2C || byte == UInt8(ascii: "]") {
                if byte == UInt8(ascii: "]") { isFinished = true }
                break
            }
            _ = try take()
            if piece.bytes.count <= Self.longestObject { piece.bytes.append(byte) }
            if isInText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInText = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
        return piece
    }
}
