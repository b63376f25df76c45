// Rows of CSV (RFC 4180), strictly: what could be read in two ways is refused, row by row.
import SyncKit

/// Reads CSV whose first line names the columns. The separator is the comma, the semicolon or the tab, whichever the
/// first line uses. Cells may be quoted, a quoted cell may hold separators, line ends and doubled quotes.
struct CSVRows: RowSource {
    /// The longest cell, in bytes.
    static let longestCell = 16 * 1024
    static let mostCells = 64

    private var stream: ByteStream
    private var line = 1
    private var separator: UInt8?
    private var columns: [String] = []

    /// Reads the first line.
    /// - Parameter required: columns that must be there.
    init(_ stream: ByteStream, required: [String]) throws(ImportFailure) {
        self.stream = stream
        guard let header = try record() else { throw .empty }
        guard case .success(let cells) = header.content else {
            if case .failure(.notUTF8) = header.content { throw .encoding("Windows-1258/TCVN3") }
            throw .badHeader
        }
        for cell in cells {
            let name = Self.trimmed(cell).lowercased()
            if columns.contains(name) { throw .repeatedColumn(name) }
            columns.append(name)
        }
        for name in required where !columns.contains(name) { throw .missingColumn(name) }
    }

    mutating func next() throws(ImportFailure) -> SourceRow? {
        while let record = try record() {
            switch record.content {
            case .failure(let problem): return SourceRow(line: record.line, content: .failure(problem))
            case .success(let cells):
                if cells.count == 1, cells[0].isEmpty { continue }
                guard cells.count == columns.count else {
                    return SourceRow(line: record.line, content: .failure(.wrongCellCount))
                }
                var fields: [String: String?] = [:]
                for (name, cell) in zip(columns, cells) { fields[name] = .some(cell) }
                return SourceRow(line: record.line, content: .success(fields))
            }
        }
        return nil
    }

    private struct Record {
        var line: Int
        var content: Result<[String], RowProblem>
    }

    /// How a cell ended.
    private enum CellEnd {
        case separator
        case line
        case file
    }

    private mutating func record() throws(ImportFailure) -> Record? {
        guard try stream.peek() != nil else { return nil }
        let start = line
        var cells: [String] = []
        while true {
            var cell = Bytes()
            let end: CellEnd
            do throws(CellFault) { end = try readCell(into: &cell) } catch {
                switch error {
                case .stream(let failure): throw failure
                case .row(let problem):
                    try skipLine()
                    return Record(line: start, content: .failure(problem))
                }
            }
            guard let text = String(validating: cell, as: UTF8.self) else {
                if end == .separator { try skipLine() }
                return Record(line: start, content: .failure(.notUTF8))
            }
            cells.append(text)
            guard end == .separator else { return Record(line: start, content: .success(cells)) }
            guard cells.count < Self.mostCells else {
                try skipLine()
                return Record(line: start, content: .failure(.wrongCellCount))
            }
        }
    }

    private enum CellFault: Error {
        case stream(ImportFailure)
        case row(RowProblem)
    }

    private mutating func take() throws(CellFault) -> UInt8? {
        do { return try stream.take() } catch { throw .stream(error) }
    }

    private mutating func peek() throws(CellFault) -> UInt8? {
        do { return try stream.peek() } catch { throw .stream(error) }
    }

    private mutating func readCell(into cell: inout Bytes) throws(CellFault) -> CellEnd {
        if try peek() == UInt8(ascii: "\"") {
            _ = try take()
            try readQuoted(into: &cell)
            guard let end = try cellEnd(try take()) else { throw .row(.badQuotes) }
            return end
        }
        while true {
            let byte = try take()
            if let end = try cellEnd(byte) { return end }
            guard let byte, byte != UInt8(ascii: "\"") else { throw .row(.badQuotes) }
            guard cell.count < Self.longestCell else { throw .row(.tooLong(field: "cell")) }
            cell.append(byte)
        }
    }

    private mutating func readQuoted(into cell: inout Bytes) throws(CellFault) {
        while let byte = try take() {
            if byte == UInt8(ascii: "\"") {
                guard try peek() == UInt8(ascii: "\"") else { return }
                _ = try take()
            }
            if byte == 0x0A { line += 1 }
            guard cell.count < Self.longestCell else { throw .row(.tooLong(field: "cell")) }
            cell.append(byte)
        }
        throw .row(.badQuotes)
    }

    /// What a byte outside of quotes ends; nil where it belongs to the cell.
    private mutating func cellEnd(_ byte: UInt8?) throws(CellFault) -> CellEnd? {
        switch byte {
        case nil: return .file
        case 0x0A:
            line += 1
            return .line
        case 0x0D:
            guard try peek() == 0x0A else { return try peek() == nil ? .file : nil }
            _ = try take()
            line += 1
            return .line
        case let byte?:
            if let separator { return byte == separator ? .separator : nil }
            guard ",;\t".utf8.contains(byte) else { return nil }
            separator = byte
            return .separator
        }
    }

    /// Reads to the end of a line that is not understood. It may have ended already in a quoted cell.
    private mutating func skipLine() throws(ImportFailure) {
        while let byte = try stream.take(), byte != 0x0A {}
        line += 1
    }

    private static func trimmed(_ text: String) -> String {
        var rest = text[...]
        while rest.first?.isWhitespace ?? false { rest.removeFirst() }
        while rest.last?.isWhitespace ?? false { rest.removeLast() }
        return String(rest)
    }
}
