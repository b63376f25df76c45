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
        let dictionary = try #require(FrameDictionary.named(2)?.bytes)
        #expect(Bytes(text.utf8) == dictionary)
        #expect(document.contains(Blake2b.hash(dictionary).hex))
        #expect(Bytes(TextNormalization.nfc(text).utf8) == Bytes(text.utf8))
    }

    @Test func theTrainedDictionaryIsTheOneInItsFile() throws {
        let file = VectorFile(document: "vectors/dictionary-3.txt").text
        let dictionary = try #require(Base32.decode(file.split(separator: "\n").joined()))
        #expect(dictionary == FrameDictionary.current.bytes)
        // A dictionary with tables (RFC 8878 §5) begins with its mark.
        #expect(dictionary.starts(with: [0x37, 0xA4, 0x30, 0xEC]))
        let document = VectorFile(document: "protocol.md").text
        #expect(document.contains(Blake2b.hash(dictionary).hex))
        #expect(document.contains("\(dictionary.count) bytes"))
    }
}
