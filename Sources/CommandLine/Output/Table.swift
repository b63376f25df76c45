// Tables aligned by display width, fast enough for ten thousand rows.

/// Rows of cells under headings.
///
/// Cells are made safe, measured and kept as bytes when they are added, so that writing is one more pass. On a
/// terminal columns shrink to fit and cut cells end in `…`; elsewhere no text is ever cut, and a cell longer than
/// ``pipedColumns`` only pushes its own row aside.
package struct Table {
    /// How one column looks.
    package struct Column: Sendable {
        /// The heading.
        package let header: Message
        /// Whether cells stand at the right, as numbers do.
        package let isRight: Bool
        /// The least columns that it shrinks to.
        package let minimum: Int
        /// The most columns on a terminal.
        package let maximum: Int?
        /// Whether it may shrink when the terminal is narrow.
        package let isFlexible: Bool

        /// A column from its parts.
        package init(
            _ header: Message, right: Bool = false, minimum: Int = 4, maximum: Int? = nil, flexible: Bool = false
        ) {
            self.header = header
            isRight = right
            self.minimum = max(1, minimum)
            self.maximum = maximum.map { max(1, $0) }
            isFlexible = flexible
        }
    }

    /// What is kept of a cell: where its bytes end, its columns, its style.
    private struct Cell {
        let end: Int
        let columns: Int32
        let style: Style?
    }

    /// The most columns that a column is padded to when standard output is no terminal.
    package static let pipedColumns = 60
    private static let gap = 2

    private let columns: [Column]
    private var bytes: [UInt8] = []
    private var cells: [Cell] = []
    private var widest: [Int]

    /// An empty table.
    package init(_ columns: [Column]) {
        self.columns = columns
        widest = Array(repeating: 0, count: columns.count)
    }

    /// How many rows are complete.
    package var rowCount: Int { columns.isEmpty ? 0 : cells.count / columns.count }

    /// Makes room for rows to come.
    package mutating func reserve(rows: Int) {
        cells.reserveCapacity(cells.count + rows * columns.count)
        bytes.reserveCapacity(bytes.count + rows * columns.count * 16)
    }

    /// Adds the next cell; after as many as there are columns the next row begins.
    package mutating func add(_ text: String, _ style: Style? = nil) {
        guard !columns.isEmpty else { return }
        let width = SafeText.append(text, to: &bytes, keepingLines: false)
        let column = cells.count % columns.count
        cells.append(Cell(end: bytes.count, columns: Int32(clamping: width), style: style))
        if width > widest[column] { widest[column] = width }
    }

    /// Adds the next cell from UTF-8 that is read where it stands.
    package mutating func add(bytes source: UnsafeBufferPointer<UInt8>, _ style: Style? = nil) {
        guard !columns.isEmpty else { return }
        let width = SafeText.append(source, to: &bytes, keepingLines: false)
        let column = cells.count % columns.count
        cells.append(Cell(end: bytes.count, columns: Int32(clamping: width), style: style))
        if width > widest[column] { widest[column] = width }
    }

    /// Adds a row; cells that are missing are empty, cells too many are left out.
    package mutating func addRow(_ texts: [String]) {
        for text in texts.prefix(columns.count) { add(text) }
        for _ in texts.count..<max(texts.count, columns.count) { add("") }
    }

    // MARK: Writing

    /// Writes heading and rows. `columns` is the terminal's width, nil when nothing may be cut.
    package func write(to out: inout OutputWriter, language: Language, columns limit: Int?, usesColor: Bool) {
        guard !columns.isEmpty else { return }
        var head = Table(columns)
        for column in columns { head.add(language.text(column.header), .bold) }
        let widths = fitted(zip(widest, head.widest).map(max), limit)
        head.writeRow(0, widths, isCut: limit != nil, usesColor, to: &out.bytes)
        for row in 0..<rowCount {
            writeRow(row, widths, isCut: limit != nil, usesColor, to: &out.bytes)
            out.flushIfLarge()
        }
    }

    /// The width of every column: as wide as its widest cell, then the widest flexible ones shrunk until all fit.
    private func fitted(_ natural: [Int], _ limit: Int?) -> [Int] {
        guard let limit else { return natural.map { min($0, Self.pipedColumns) } }
        var widths = zip(natural, columns).map { min($0, $1.maximum ?? Int.max) }
        var excess = widths.reduce(Self.gap * (widths.count - 1), +) - limit
        while excess > 0 {
            let shrinkable = widths.indices.filter { columns[$0].isFlexible && widths[$0] > columns[$0].minimum }
            guard let target = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
            let next = shrinkable.filter { $0 != target }.map { widths[$0] }.max() ?? 0
            let floor = max(columns[target].minimum, min(next, widths[target] - 1), widths[target] - excess)
            excess -= widths[target] - floor
            widths[target] = floor
        }
        return widths
    }

    private func writeRow(_ row: Int, _ widths: [Int], isCut: Bool, _ usesColor: Bool, to out: inout [UInt8]) {
        let first = row * columns.count
        var start = first == 0 ? 0 : cells[first - 1].end
        var pending = 0
        for column in columns.indices {
            let cell = cells[first + column]
            let width = widths[column]
            var content = start..<cell.end
            var printed = Int(cell.columns)
            start = cell.end
            let isShortened = isCut && printed > width
            if isShortened {
                let kept = bytes.withUnsafeBufferPointer { all in
                    DisplayWidth.cut(UnsafeBufferPointer(rebasing: all[content]), to: width - 1)
                }
                content = content.lowerBound..<content.lowerBound + kept.bytes
                printed = kept.columns + 1
            }
            let padding = max(0, width - printed)
            if columns[column].isRight { pending += padding }
            if printed > 0 {
                // Spaces are written only once something follows, so that no line ends in them.
                out.append(contentsOf: repeatElement(0x20, count: pending))
                pending = 0
                let style = usesColor ? cell.style : nil
                if let style { out.append(contentsOf: style.start.utf8) }
                bytes.withUnsafeBufferPointer { out.append(contentsOf: UnsafeBufferPointer(rebasing: $0[content])) }
                if isShortened { out.append(contentsOf: "…".utf8) }
                if style != nil { out.append(contentsOf: Style.end.utf8) }
            }
            pending += (columns[column].isRight ? 0 : padding) + Self.gap
        }
        out.append(0x0A)
    }
}
