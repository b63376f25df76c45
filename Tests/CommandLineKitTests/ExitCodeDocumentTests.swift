// Holds docs/exit-codes.md and the table of exit codes together.

import Foundation
import Testing

@testable import CommandLineKit

@Suite struct ExitCodeDocumentTests {
    @Test func theDocumentPrintsTheTableOfExitCodes() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/exit-codes.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") && $0.dropFirst(2).first?.isNumber == true }
        let expected = ExitCode.allCases.map {
            "| \($0.rawValue) | `\($0.name)` | \($0.meaning.en) | \($0.meaning.vi) |"
        }
        #expect(rows.map(String.init) == expected)
    }
}
