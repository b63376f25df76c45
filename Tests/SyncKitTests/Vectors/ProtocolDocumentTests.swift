// Holds the tables and the dictionary of docs/protocol.md and the program together.

import Testing

@testable import SyncKit

@Suite struct ProtocolDocumentTests {
    @Test func everyRefusalOfASyncStandsInTheDocument() {
        let rows = MarkdownTables(path: "docs/protocol.md").rows("sync refusals").map { Array($0.prefix(2)) }
        #expect(rows == SyncRefusal.Code.allCases.map { ["\($0.rawValue)", "\($0)"] })
    }

    @Test func theDictionaryIsTheTextInTheDocument() throws {
        let document = VectorFile(document: "protocol.md").text
        let lines = document.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex(of: "<!-- text: dictionary 2 -->"))
        let text = lines[(start + 2)...].prefix { $0 != "```" }.joined(separator: " ")
        #expect(Bytes(text.utf8) == FrameDictionary.current.bytes)
        #expect(document.contains(Blake2b.hash(FrameDictionary.current.bytes).hex))
        #expect(Bytes(TextNormalization.nfc(text).utf8) == Bytes(text.utf8))
    }
}
