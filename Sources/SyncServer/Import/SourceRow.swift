// One row of a source, whatever its form, and every reason why a row is not taken over.
import SyncKit

/// What a source says of one field.
enum FieldValue: Equatable, Sendable {
    case null
    case text(String)
    /// A list, as JSON has it.
    case list([String])
}

/// One row: its fields by their names in documents, or why it cannot be read.
struct SourceRow {
    /// Where it begins, from 1.
    var line: Int
    var content: Result<[String: FieldValue], RowProblem>
}

/// A source of rows.
protocol RowSource {
    /// The next row; nil after the last.
    mutating func next() throws(ImportFailure) -> SourceRow?
    /// What the file calls a column.
    func label(_ column: String) -> String
    /// How far into the file it has read, in bytes.
    var consumed: Int { get }
}

/// Why one row is not taken over.
enum RowProblem: Error, Equatable, Sendable {
    /// A byte that the encoding does not have, by its place in the file.
    case notText(offset: Int, TextEncoding)
    case notJSON
    /// A quotation mark inside of a cell, or text behind one that ends it.
    case badQuotes
    /// A quoted cell begins here and does not end.
    case unclosedQuote
    case wrongCellCount(found: Int, wanted: Int)
    case tooLong(field: String, most: Int)
    case missing(field: String)
    /// `value` is what stands there.
    case badValue(field: String, value: String)
    case badDate(field: String, value: String)
    /// Not a latitude or longitude.
    case badDegrees(field: String, value: String, most: Int)
    /// Zero bytes, escape characters and their like.
    case controlCharacter(field: String, code: UInt32)
    case unknownArea(field: String, value: String, nearest: String?)
    /// The same thing stands in an earlier line and says something else.
    case repeated(line: Int)
    /// The ward's own rules refused it.
    case refusedByWard

    /// A stable word for programs.
    var code: String {
        switch self {
        case .notText: "not-text"
        case .notJSON: "not-json"
        case .badQuotes: "bad-quotes"
        case .unclosedQuote: "unclosed-quote"
        case .wrongCellCount: "wrong-cell-count"
        case .tooLong: "too-long"
        case .missing: "missing"
        case .badValue: "bad-value"
        case .badDate: "bad-date"
        case .badDegrees: "bad-degrees"
        case .controlCharacter: "control-character"
        case .unknownArea: "unknown-area"
        case .repeated: "repeated"
        case .refusedByWard: "refused-by-ward"
        }
    }

    /// The field that it is about, by its name in documents.
    var field: String? {
        switch self {
        case .tooLong(let field, _), .missing(let field), .badValue(let field, _), .badDate(let field, _),
            .badDegrees(let field, _, _), .controlCharacter(let field, _), .unknownArea(let field, _, _):
            field
        case .notText, .notJSON, .badQuotes, .unclosedQuote, .wrongCellCount, .repeated, .refusedByWard: nil
        }
    }
}
