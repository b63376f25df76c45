// Rows of a CSV file: its head tells the separator and the columns, in whatever order and language they are named.
import SyncKit

/// Reads CSV whose head names the columns. The separator is the comma, the semicolon or the tab, whichever makes most
/// of the head; above the head there may be a title of a few lines.
struct CSVRows: RowSource {
    /// So many records at the beginning may be the head.
    private static let headSearch = 10
    private static let separators = Bytes(",;\t".utf8)

    private var records: CSVRecords
    private let table: ColumnTable
    /// Each column of the file: what it is called there, and its name in documents where it has one.
    private(set) var columns: [(label: String, name: String?)] = []

    var consumed: Int { records.offset }

    /// Columns of the file that are not read, each with the known one that may be meant.
    var unknownColumns: [(label: String, nearest: String?)] {
        columns.filter { $0.name == nil && !$0.label.isEmpty }.map { ($0.label, table.nearest(to: $0.label)) }
    }

    /// Reads the head.
    /// - Parameter longestCell: in bytes.
    init(_ stream: TextStream, _ table: ColumnTable, longestCell: Int) throws(ImportFailure) {
        self.table = table
        records = CSVRecords(stream, longestCell: longestCell)
        records.beginSearch()
        guard let head = try Self.findHead(&records, table) else { throw .badHeader }
        records.goBack()
        records.separator = head.separator
        for _ in 0...head.place { _ = try records.next() }
        records.endSearch()
        for label in head.labels {
            let name = table.name(of: label)
            if let name, let known = columns.first(where: { $0.name == name }) {
                throw .repeatedColumn(known.label, label)
            }
            columns.append((label, name))
        }
        let missing = table.required.filter { name in !columns.contains { $0.name == name } }
        guard missing.isEmpty else {
            let unknown = columns.filter { $0.name == nil }.map(\.label)
            throw .missingColumns(
                missing.map { MissingColumn(name: $0, nearest: table.nearest(to: $0, among: unknown)) })
        }
    }

    private struct Head {
        var separator: UInt8
        /// How many records stand above it.
        var place: Int
        var labels: [String]
        /// How many required columns it names, and how many columns that are known.
        var required: Int
        var known: Int

        func isBetter(than other: Head?) -> Bool {
            guard let other else { return true }
            return (required, known) > (other.required, other.known)
        }
    }

    /// The record that names most of what is required, read with the separator that makes most of it.
    private static func findHead(_ records: inout CSVRecords, _ table: ColumnTable) throws(ImportFailure) -> Head? {
        var best: Head?
        var isAnything = false
        for separator in separators {
            records.goBack()
            records.separator = separator
            for place in 0..<headSearch {
                guard let record = try records.next() else { break }
                isAnything = true
                guard case .success(let cells) = record.content else { continue }
                if place == 0, let named = namedSeparator(cells, separator) {
                    guard named == separator else { break }
                    continue
                }
                let names = cells.compactMap { table.name(of: $0) }
                let labels = cells.map { TextParts.trimmed($0) }
                let head = Head(
                    separator: separator, place: place, labels: labels,
                    required: table.required.count { names.contains($0) }, known: names.count)
                if head.isBetter(than: best) { best = head }
                if head.required == table.required.count { return head }
            }
        }
        guard isAnything else { throw .empty }
        return best
    }

    /// `sep=;` in the first line, as Excel writes and reads it; its own separator cuts it off.
    private static func namedSeparator(_ cells: [String], _ separator: UInt8) -> UInt8? {
        let first = Bytes((cells.first ?? "").lowercased().utf8)
        guard first.starts(with: Bytes("sep=".utf8)) else { return nil }
        if first.count == 5, cells.count == 1 { return first[4] }
        return first.count == 4 && cells.count == 2 ? separator : nil
    }

    func label(_ column: String) -> String { columns.first { $0.name == column }?.label ?? column }

    mutating func next() throws(ImportFailure) -> SourceRow? {
        while let record = try records.next() {
            switch record.content {
            case .failure(.tooLong(_, let most)):
                let problem = RowProblem.tooLong(field: columnName(record.cell), most: most)
                return SourceRow(line: record.line, content: .failure(problem))
            case .failure(let problem): return SourceRow(line: record.line, content: .failure(problem))
            case .success(let cells):
                // Spreadsheets write empty rows below the last one.
                if cells.allSatisfy({ TextParts.trimmed($0).isEmpty }) { continue }
                guard cells.count >= columns.count, cells.dropFirst(columns.count).allSatisfy(\.isEmpty) else {
                    let problem = RowProblem.wrongCellCount(found: cells.count, wanted: columns.count)
                    return SourceRow(line: record.line, content: .failure(problem))
                }
                var fields: [String: FieldValue] = [:]
                for (column, cell) in zip(columns, cells) {
                    if let name = column.name { fields[name] = .text(cell) }
                }
                return SourceRow(line: record.line, content: .success(fields))
            }
        }
        return nil
    }

    private func columnName(_ cell: Int?) -> String {
        guard let cell, columns.indices.contains(cell) else { return "" }
        return columns[cell].name ?? columns[cell].label
    }
}
