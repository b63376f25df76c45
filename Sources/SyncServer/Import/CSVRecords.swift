// Records of CSV (RFC 4180): cells between separators, quoted where they hold separators, line ends or quotation marks.
import SyncKit

/// Reads records one after the other, and can go back to a place that it marked.
///
/// What could be read in two ways is refused. After a record that cannot be read it goes on with the next line: the
/// one below the record's first line, where the record ran on only because a quotation mark was not closed.
struct CSVRecords {
    static let mostCells = 64
    /// A quoted cell that is longer than this, in bytes, was never meant to be one.
    static let longestQuote = 2 * 1024 * 1024

    struct Record {
        var line: Int
        var content: Result<[String], RowProblem>
        /// The place of the cell that the problem is in, from 0.
        var cell: Int?
    }

    private var stream: TextStream
    var separator: UInt8
    /// The longest cell that is taken, in bytes of UTF-8.
    private let longestCell: Int

    private var line = 1
    /// Where the next byte stands in the file.
    private(set) var offset: Int
    /// Bytes since the mark, which may be read again.
    private var window = Bytes()
    private var place = 0
    private var mark: Mark?
    private var isSearching = false

    private struct Mark {
        var place: Int
        var line: Int
        var offset: Int
    }

    init(_ stream: TextStream, separator: UInt8 = UInt8(ascii: ","), longestCell: Int) {
        self.stream = stream
        self.separator = separator
        self.longestCell = longestCell
        offset = stream.found.markLength
    }

    // MARK: Bytes

    private mutating func peek() throws(ImportFailure) -> UInt8? {
        place < window.count ? window[place] : try stream.peek()
    }

    private mutating func take() throws(ImportFailure) -> UInt8? {
        let byte: UInt8
        if place < window.count {
            byte = window[place]
            place += 1
        } else {
            if isSearching, isFarFromMark { return nil }
            guard let taken = try stream.take() else { return nil }
            byte = taken
            if mark != nil {
                window.append(byte)
                place += 1
            } else if place > 0 {
                window.removeAll(keepingCapacity: true)
                place = 0
            }
        }
        offset += stream.encoding.width(byte)
        return byte
    }

    /// Remembers this place.
    private mutating func setMark() {
        if place == window.count {
            window.removeAll(keepingCapacity: true)
            place = 0
        } else if place > Self.longestQuote {
            window.removeFirst(place)
            place = 0
        }
        mark = Mark(place: place, line: line, offset: offset)
    }

    /// Goes back to the mark, which stays.
    mutating func goBack() {
        guard let mark else { return }
        place = mark.place
        line = mark.line
        offset = mark.offset
    }

    /// Lets the caller look at the beginning and go back to it; it sees so much as a quotation may hold.
    mutating func beginSearch() {
        setMark()
        isSearching = true
    }

    mutating func endSearch() {
        mark = nil
        isSearching = false
    }

    /// Whether more would be remembered than is held in memory.
    private var isFarFromMark: Bool { mark.map { place - $0.place > 2 * Self.longestQuote } ?? false }

    /// Takes what ends a line, after its first byte.
    private mutating func endLine(_ byte: UInt8) throws(ImportFailure) {
        if byte == 0x0D, try peek() == 0x0A { _ = try take() }
        line += 1
    }

    private mutating func skipLine() throws(ImportFailure) {
        while let byte = try take() {
            if byte == 0x0A || byte == 0x0D { return try endLine(byte) }
        }
    }

    // MARK: Records

    private enum CellEnd {
        case separator
        case line
        case file
        /// What follows is no cell: the quotation marks do not match.
        case broken
        /// A quotation that does not end.
        case open
    }

    private struct Cell {
        var bytes = Bytes()
        var isTooLong = false
        var isQuoted = false
        /// Where it begins in the file.
        var offset: Int
    }

    /// The next record; nil at the end of the file.
    mutating func next() throws(ImportFailure) -> Record? {
        guard try peek() != nil else { return nil }
        let start = line
        var cells: [String] = []
        var problem: (reason: RowProblem, cell: Int)?
        var count = 0
        defer { if !isSearching { mark = nil } }
        while true {
            var cell = Cell(offset: offset)
            let end = try read(&cell)
            if end == .broken || end == .open {
                let ranOn = line > start
                if !ranOn { try skipLine() } else if !isSearching { goBack() }
                let isOpen = ranOn || end == .open
                return Record(line: start, content: .failure(isOpen ? .unclosedQuote : .badQuotes), cell: count)
            }
            if problem == nil {
                if cell.isTooLong {
                    problem = (.tooLong(field: "", most: longestCell), count)
                } else if let text = String(validating: cell.bytes, as: UTF8.self) {
                    if count < Self.mostCells { cells.append(text) }
                } else {
                    problem = (.notText(offset: badOffset(cell), stream.encoding), count)
                }
            }
            count += 1
            if end == .separator { continue }
            if let problem { return Record(line: start, content: .failure(problem.reason), cell: problem.cell) }
            guard count <= Self.mostCells else {
                return Record(line: start, content: .failure(.wrongCellCount(found: count, wanted: Self.mostCells)))
            }
            return Record(line: start, content: .success(cells))
        }
    }

    /// Where in the file the first byte of a cell stands that is no text.
    private func badOffset(_ cell: Cell) -> Int {
        let before = cell.bytes.prefix(UTF8Length.firstInvalid(cell.bytes) ?? 0)
        let unit = stream.encoding.width(UInt8(ascii: "\""))
        let quotes = cell.isQuoted ? 1 + before.count { $0 == UInt8(ascii: "\"") } : 0
        return cell.offset + before.reduce(quotes * unit) { $0 + stream.encoding.width($1) }
    }

    private mutating func read(_ cell: inout Cell) throws(ImportFailure) -> CellEnd {
        if try peek() == UInt8(ascii: "\"") {
            _ = try take()
            cell.isQuoted = true
            guard try readQuoted(&cell) else { return .open }
            // Spreadsheets write nothing between the mark and the separator; neither is anything guessed here.
            return try end(of: try take()) ?? .broken
        }
        while true {
            let byte = try take()
            if let end = try end(of: byte) { return end }
            guard let byte, byte != UInt8(ascii: "\""), isSearching || !isFarFromMark else { return .broken }
            append(byte, to: &cell)
        }
    }

    /// Reads to the mark that ends the cell; false where none does.
    private mutating func readQuoted(_ cell: inout Cell) throws(ImportFailure) -> Bool {
        var length = 0
        while let byte = try take() {
            length += 1
            if length > Self.longestQuote || isFarFromMark { return false }
            switch byte {
            case UInt8(ascii: "\""):
                guard try peek() == UInt8(ascii: "\"") else { return true }
                _ = try take()
                append(byte, to: &cell)
            case 0x0A, 0x0D:
                append(byte, to: &cell)
                if byte == 0x0D, try peek() == 0x0A {
                    _ = try take()
                    append(0x0A, to: &cell)
                }
                line += 1
                if mark == nil { setMark() }
            default: append(byte, to: &cell)
            }
        }
        return false
    }

    private func append(_ byte: UInt8, to cell: inout Cell) {
        if cell.bytes.count < longestCell { cell.bytes.append(byte) } else { cell.isTooLong = true }
    }

    /// What a byte outside of quotes ends; nil where it belongs to the cell.
    private mutating func end(of byte: UInt8?) throws(ImportFailure) -> CellEnd? {
        guard let byte else { return .file }
        if byte == separator { return .separator }
        guard byte == 0x0A || byte == 0x0D else { return nil }
        try endLine(byte)
        return .line
    }
}
