// The bytes of a file of any size, a piece at a time, in the one encoding that is taken.
import Glibc
import SyncKit

/// Why a whole file cannot be imported; a single bad row is no reason.
enum ImportFailure: Error, Equatable {
    case file(FileError)
    /// Not UTF-8; the word names what it looks like.
    case encoding(String)
    /// The first line of a CSV file does not name this column.
    case missingColumn(String)
    case repeatedColumn(String)
    /// The first line of a CSV file cannot be read.
    case badHeader
    /// The file is empty.
    case empty
    case control(ControlFailure)
}

/// Reads a file or standard input, byte by byte from a buffer.
struct ByteStream {
    private let descriptor: Int32
    private let path: String
    private var buffer = Bytes(repeating: 0, count: 64 * 1024)
    private var next = 0
    private var end = 0

    /// Opens `path`, or standard input for `-`. A byte order mark of UTF-8 is skipped; other encodings that can be
    /// told by their first bytes are refused.
    init(path: String) throws(ImportFailure) {
        self.path = path
        descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(.last(path)) }
        try fill()
        let head = buffer[..<end]
        if head.starts(with: [0xEF, 0xBB, 0xBF]) {
            next = 3
        } else if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
            throw .encoding("UTF-16")
        } else if head.prefix(512).contains(0) {
            throw .encoding("UTF-16/UTF-32")
        }
    }

    func close() { _ = Glibc.close(descriptor) }

    /// The next byte without taking it; nil at the end.
    mutating func peek() throws(ImportFailure) -> UInt8? {
        if next == end { try fill() }
        return next < end ? buffer[next] : nil
    }

    /// Takes the next byte; nil at the end.
    mutating func take() throws(ImportFailure) -> UInt8? {
        guard let byte = try peek() else { return nil }
        next += 1
        return byte
    }

    private mutating func fill() throws(ImportFailure) {
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw .file(.last(path))
            }
            next = 0
            end = count
            return
        }
    }
}

/// One row of a source: its fields by name, or why it cannot be read.
struct SourceRow {
    /// Where it begins, from 1.
    var line: Int
    var content: Result<[String: String?], RowProblem>
}

/// Why one row is not taken over.
enum RowProblem: Error, Equatable {
    case notUTF8
    case notJSON
    case badQuotes
    case wrongCellCount
    case tooLong(field: String)
    case missing(field: String)
    case badValue(field: String)
    /// The ward's own rules refused it.
    case refusedByWard

    /// A stable word for programs.
    var code: String {
        switch self {
        case .notUTF8: "not-utf8"
        case .notJSON: "not-json"
        case .badQuotes: "bad-quotes"
        case .wrongCellCount: "wrong-cell-count"
        case .tooLong: "too-long"
        case .missing: "missing"
        case .badValue: "bad-value"
        case .refusedByWard: "refused-by-ward"
        }
    }

    /// The field that it is about.
    var field: String? {
        switch self {
        case .tooLong(let field), .missing(let field), .badValue(let field): field
        default: nil
        }
    }
}

/// A source of rows.
protocol RowSource {
    /// The next row; nil after the last.
    mutating func next() throws(ImportFailure) -> SourceRow?
}
