// The refused rows as a file that a spreadsheet opens: line, column, what it is about, reason in both languages.
import CommandLineKit
import Glibc
import SyncKit

/// Writes refused rows as CSV, one after the other.
struct RefusalFile {
    /// The columns; a file that begins with them is one of ours and may be written over.
    static let head = "file,line,column,code,reason,vi,en\n"
    /// What spreadsheets on Windows know UTF-8 by.
    private static let mark: Bytes = [0xEF, 0xBB, 0xBF]

    private var output: OutputWriter
    private let path: String

    /// Makes the file. One that is there and is no earlier report stays as it is.
    init(path: String) throws(FileError) {
        self.path = path
        let begin = Self.mark + Bytes(Self.head.utf8)
        var flags = O_WRONLY | O_CREAT | O_EXCL
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
            guard Self.begins(path, with: begin) else { throw FileError(.exists, path) }
            flags = O_WRONLY | O_TRUNC
        }
        let descriptor = open(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .last(path) }
        output = OutputWriter(fileDescriptor: descriptor)
        output.bytes += begin
    }

    private static func begins(_ path: String, with begin: Bytes) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var head = Bytes(repeating: 0, count: begin.count)
        let count = read(descriptor, &head, head.count)
        return count == 0 || (count == begin.count && head == begin)
    }

    mutating func write(_ refusal: ImportReport.Refusal, file: String) {
        let phrase = refusal.problem.phrase(column: refusal.column)
        let cells = [
            file, String(refusal.line), refusal.column, refusal.code, refusal.problem.code, Language.vi.text(phrase),
            Language.en.text(phrase),
        ]
        output.writeLine(cells.map(Self.cell).joined(separator: ","))
    }

    /// Writes what is left.
    mutating func finish() throws(FileError) {
        output.flush()
        defer { _ = Glibc.close(output.fileDescriptor) }
        if case .system(let number)? = output.failure { throw FileError(.system(number), path) }
        guard fsync(output.fileDescriptor) == 0 || errno == EINVAL else { throw .last(path) }
    }

    /// A cell: safe for a terminal, quoted where it has to be, and never taken for a formula.
    private static func cell(_ text: String) -> String {
        var safe = SafeText.line(text)
        let first = safe.unicodeScalars.first { !$0.properties.isWhitespace }
        if let first, "=+-@＝＋－＠".unicodeScalars.contains(first) { safe = "'" + safe }
        guard safe.utf8.contains(where: { ",\"\n\r".utf8.contains($0) }) else { return safe }
        return "\"" + safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
