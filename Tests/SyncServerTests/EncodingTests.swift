// Encodings: what a file is read as, and what is refused because it is no text.
import CommandLineKit
import SyncKit
import Testing

@testable import SyncServer

@Suite struct EncodingTests {
    private static let text = "code,name\n1.1,Phường Hồng Gai – ưỡn ẹo 😀\n1.2,Đặng Thị Ngọc Ánh\n"

    private func decoded(_ bytes: Bytes, _ encoding: TextEncoding? = nil) throws -> (text: String, found: FoundEncoding)
    {
        var stream = try TextStream(bytes: bytes, encoding: encoding)
        var output = Bytes()
        while let byte = try stream.take() { output.append(byte) }
        return (TextNormalization.nfc(String(decoding: output, as: UTF8.self)), stream.found)
    }

    static func utf16(_ text: String, bigEndian: Bool) -> Bytes {
        text.utf16.flatMap { unit in
            let bytes = [UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8)]
            return bigEndian ? bytes.reversed() : bytes
        }
    }

    /// The text in Windows-1258, by the system's own converter.
    static func windows1258(_ text: String) throws -> Bytes {
        var output = Bytes()
        for character in TextNormalization.nfc(text).unicodeScalars {
            output += try #require(Self.codePage[character], "\(character)")
        }
        return output
    }

    /// Each letter as Windows-1258 has it, from the table of its bytes.
    private static let codePage: [Unicode.Scalar: Bytes] = {
        var page: [Unicode.Scalar: Bytes] = [:]
        guard let table = try? Windows1258() else { return page }
        var single: [(scalar: Unicode.Scalar, byte: UInt8)] = []
        for (byte, bytes) in table.characters.enumerated() {
            guard let scalar = String(validating: bytes, as: UTF8.self)?.unicodeScalars.first else { continue }
            single.append((scalar, UInt8(byte)))
        }
        for (scalar, byte) in single { page[scalar] = [byte] }
        for (mark, tone) in single where (0x300...0x323).contains(mark.value) {
            for (letter, byte) in single where letter.properties.isAlphabetic {
                let composed = TextNormalization.nfc(String(letter) + String(mark)).unicodeScalars
                if composed.count == 1, let one = composed.first, page[one] == nil { page[one] = [byte, tone] }
            }
        }
        return page
    }()

    @Test func unicodeIsReadWithItsMarkAndWithout() throws {
        let cases: [(Bytes, TextEncoding, EncodingEvidence)] = [
            (Bytes(Self.text.utf8), .utf8, .valid),
            ([0xEF, 0xBB, 0xBF] + Bytes(Self.text.utf8), .utf8, .mark),
            ([0xFF, 0xFE] + Self.utf16(Self.text, bigEndian: false), .utf16LittleEndian, .mark),
            ([0xFE, 0xFF] + Self.utf16(Self.text, bigEndian: true), .utf16BigEndian, .mark),
            (Self.utf16(Self.text, bigEndian: false), .utf16LittleEndian, .zeros),
            (Self.utf16(Self.text, bigEndian: true), .utf16BigEndian, .zeros),
        ]
        for (bytes, encoding, evidence) in cases {
            let (text, found) = try decoded(bytes)
            #expect(text.utf8.elementsEqual(Self.text.utf8))
            #expect(found.encoding == encoding && found.evidence == evidence)
        }
    }

    @Test func windows1258BecomesComposedLetters() throws {
        let text = "code,name\n1,Đăng ký khai sinh; chứng thực chữ ký, ưỡn ẹo Ỹ\n"
        let bytes = try Self.windows1258(text)
        #expect(String(validating: bytes, as: UTF8.self) == nil)
        let (read, found) = try decoded(bytes)
        #expect(read.utf8.elementsEqual(text.utf8))
        #expect(found.encoding == .windows1258 && found.evidence == .vietnamese)
        // Most of the page is there; what is not is no text.
        let table = try Windows1258()
        #expect(table.characters.count { $0 == [0xFF] } < 32)
        #expect(table.characters[0x41] == [0x41] && table.characters[0xFD] == Bytes("ư".utf8))
        #expect(table.characters[0xCC] == Bytes("\u{300}".utf8))
    }

    @Test func theOperatorsWordGoesBeforeWhatTheBytesSay() throws {
        let bytes = try Self.windows1258("à")
        #expect(try decoded([0x61, 0xCC], .windows1258).text == "à")
        #expect(try decoded(bytes, .utf8).found.evidence == .given)
        #expect(try decoded([0xFF, 0xFE, 0x61, 0x00], .utf16LittleEndian).text == "a")
    }

    @Test func aFewBadBytesDoNotChangeWhatAFileIsReadAs() throws {
        let bytes = Bytes(Self.text.utf8) + [0xF2] + Bytes("\n".utf8)
        #expect(try decoded(bytes).found.encoding == .utf8)
    }

    @Test func halfPairsAndOddBytesOfUTF16AreNoText() throws {
        let head = Self.utf16("code,name\n1,", bigEndian: false)
        for broken in [[0x3D, 0xD8, 0x41, 0x00], [0x00, 0xDE], [0x3D, 0xD8], [0x41]] as [Bytes] {
            var stream = try TextStream(bytes: [0xFF, 0xFE] + head + broken)
            var output = Bytes()
            while let byte = try stream.take() { output.append(byte) }
            #expect(String(validating: output, as: UTF8.self) == nil)
        }
        let table = ImportKind.procedures.columns
        let more = Self.utf16("\n2,b\n", bigEndian: false)
        var rows = try CSVRows(
            try TextStream(bytes: [0xFF, 0xFE] + head + [0x3D, 0xD8] + more), table, longestCell: 1000)
        #expect(throws: RowProblem.notText(offset: 2 + head.count, .utf16LittleEndian)) {
            try rows.next()?.content.get()
        }
        #expect(try rows.next()?.content.get()["code"] == .text("2"))
    }

    @Test func anUnknownEncodingIsNotGuessed() {
        // TCVN3 writes ư as 0xAD and ờ as 0xEA: hardly any letter of it is one of Windows-1258.
        let bytes = Bytes("code,name\n1,Ph".utf8) + [0xAD, 0xEA] + Bytes("ng ".utf8) + [0xB8, 0xB9, 0xA8, 0xBE, 0xB6]
        #expect(throws: ImportFailure.unknownEncoding) { try decoded(bytes) }
    }

    @Test(
        arguments: [
            ([0x50, 0x4B, 0x03, 0x04] + Bytes("xxxx[Content_Types].xml".utf8), FileKind.excel),
            ([0x50, 0x4B, 0x03, 0x04] + Bytes("xxxxword/document.xml".utf8), .word),
            ([0x50, 0x4B, 0x03, 0x04] + Bytes("xxxxa.csv".utf8), .zip),
            ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0], .excel), ([0x1F, 0x8B, 8, 0], .gzip),
            (Bytes("%PDF-1.7\n".utf8), .pdf), ([0x89, 0x50, 0x4E, 0x47, 0x0D], .picture),
            (Bytes("\u{FEFF}\r\n <table><tr>".utf8), .web), (Bytes("SQLite format 3\0".utf8), .database),
        ] as [(Bytes, FileKind)])
    func filesThatAreNoTextAreToldByName(bytes: Bytes, kind: FileKind) {
        #expect(throws: ImportFailure.notText(kind)) { try decoded(bytes) }
        let report = ErrorReport(ImportFailure.notText(kind))
        #expect(!kind.name.vi.isEmpty && report.exit == .refused)
    }

    @Test func randomBytesNeverTrapTheDecoders() throws {
        var chance = ServerChance("encodings fuzz")
        for _ in 0..<3000 {
            var bytes = (0...chance.below(60)).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
            if chance.below(2) == 0 { bytes = [[0xFF, 0xFE], [0xFE, 0xFF], [0x61, 0x00]][chance.below(3)] + bytes }
            for encoding in [nil] + TextEncoding.allCases.map(Optional.some) { _ = try? decoded(bytes, encoding) }
            _ = JSONValue(bytes)
        }
    }
}
