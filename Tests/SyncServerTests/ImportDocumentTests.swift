// Holds docs/imports.md to the program: its tables of columns, and every example as it is run.
import CommandLineKit
import SyncKit
import Testing

@testable import SyncServer

@Suite struct ImportDocumentTests {
    private let lines: [Substring]

    init() throws {
        let end = try #require(#filePath.firstRange(of: "/Tests/")).lowerBound
        let bytes = try HomeFiles.read(#filePath[..<end] + "/docs/imports.md", max: 1 << 20)
        lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }

    @Test(arguments: ImportKind.allCases)
    func theDocumentNamesEveryColumnAndWhatElseItIsCalled(kind: ImportKind) throws {
        let start = try #require(lines.firstIndex(of: "<!-- table: columns of \(kind.rawValue) -->"))
        let rows = lines[start...].dropFirst(3).prefix { $0.hasPrefix("|") }.map { line in
            line.split(separator: "|").map { TextParts.trimmed(String($0)) }
        }
        let columns = kind.columns.columns
        #expect(rows.map { $0[0] } == columns.map(\.name))
        #expect(rows.map { $0[1] == "yes" } == columns.map(\.isRequired))
        for (row, column) in zip(rows, columns) {
            let names = row[2].split(separator: ",").map { ColumnTable.folded(String($0)) }
            #expect(names == column.aliases.map(ColumnTable.folded))
            #expect(column.aliases.allSatisfy { kind.columns.name(of: $0) == column.name })
        }
    }

    @Test func theDocumentNamesEveryReason() {
        let problems: [RowProblem] = [
            .notText(offset: 0, .utf8), .notJSON, .badQuotes, .unclosedQuote, .wrongCellCount(found: 1, wanted: 2),
            .tooLong(field: "", most: 1), .missing(field: ""), .badValue(field: "", value: ""),
            .badDate(field: "", value: ""), .badDegrees(field: "", value: "", most: 90),
            .controlCharacter(field: "", code: 0), .unknownArea(field: "", value: "", nearest: nil),
            .repeated(line: 1), .refusedByWard,
        ]
        for problem in problems { #expect(lines.contains { $0.hasPrefix("| `\(problem.code)` |") }) }
    }

    @Test func everyExampleEndsAsItIsPrinted() throws {
        var examples = 0
        for (place, line) in lines.enumerated() {
            let words = line.split(separator: " ")
            guard words.count == 2, ["```csv", "```json"].contains(words[0]), words[1] != "report" else { continue }
            examples += 1
            let ward = try TestHome()
            let name = words[1] + (words[0] == "```csv" ? ".csv" : ".json")
            let path = try ward.directory.write(String(name), block(after: place).utf8)
            let reportPath = ward.directory.path + "/report.csv"
            let run = try ward.command(
                "import", String(words[1]), path, "--report", reportPath, "--lang", "en")
            let answer = try #require(lines[place...].firstIndex(of: "```text"))
            #expect(run.text == block(after: answer))
            let report = String(decoding: try HomeFiles.read(reportPath, max: 1 << 20).dropFirst(3), as: UTF8.self)
            let isClean = run.code == ExitCode.ok.rawValue
            let next = lines[answer...].firstIndex { $0.hasPrefix("```csv") || $0.hasPrefix("```json") }
            #expect(isClean == (next.map { lines[$0] != "```csv report" } ?? true))
            guard !isClean, let next else { continue }
            #expect(report.split(separator: ward.directory.path + "/").joined() == block(after: next))
            #expect(run.code == ExitCode.refused.rawValue)
        }
        #expect(examples == 4)
    }

    private func block(after place: Int) -> String {
        lines.dropFirst(place + 1).prefix { $0 != "```" }.map { $0 + "\n" }.joined()
    }
}
