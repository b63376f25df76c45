// Text: one stored form, one search form, one safe form.

import Testing

@testable import SyncKit

@Suite struct TextTests {
    @Test("the table of letters says what Unicode's decomposition says, but for đ")
    func tableOfLetters() throws {
        for value in Array(0xC0...0x24F) + Array(0x1E00...0x1EFF) where value != 0x110 && value != 0x111 {
            let scalar = try #require(Unicode.Scalar(UInt32(value)))
            let parts = SearchFold.decomposed(scalar).joined()
            #expect(SearchFold.fold(String(scalar)) == parts, "U+\(String(value, radix: 16))")
            if parts.utf8.count == 1, let byte = parts.utf8.first {
                guard case .letter(byte) = SearchFold.folded(scalar) else {
                    Issue.record("U+\(String(value, radix: 16)) is not in the table")
                    continue
                }
            }
        }
        #expect(SearchFold.fold("Đđ") == "dd")
    }

    @Test func textIsComposedWhenItIsEntered() {
        #expect(Bytes(TextNormalization.nfc("Hoa\u{300}ng").utf8) == Bytes("Ho\u{e0}ng".utf8))
        #expect(Bytes(TextNormalization.nfc("e\u{302}\u{323}").utf8) == Bytes("\u{1ec7}".utf8))
        #expect(TextNormalization.nfc("plain\n") == "plain\n")
        #expect(TextNormalization.nfc("") == "")
    }

    @Test(arguments: [
        ("Đăng ký khai sinh", "dang ky khai sinh"), ("hoà", "hoa"), ("hòa", "hoa"), ("hoa\u{300}", "hoa"),
        ("  Phường\t\n Hồng   Gai ", "phuong hong gai"), ("ƯỚC MƠ", "uoc mo"), ("u\u{31b}\u{301}", "u"),
        ("ỆễỡẬ", "eeoa"), ("", ""), (" \u{a0}\u{3000} ", ""), ("a\u{200b}b\u{feff}", "ab"), ("a\u{0}b", "ab"),
        ("Straße ŁÓDŹ", "straße łodz"), ("水 ΆΛΦΑ Й", "水 αλφα и"), ("H49-0001/QĐ.", "h49-0001/qd."),
        ("\u{212b}\u{212a}", "ak"), ("đ\u{323}", "d"),
    ])
    func searchFindsWithoutAccents(text: String, folded: String) {
        #expect(Bytes(SearchFold.fold(text).utf8) == Bytes(folded.utf8))
    }

    @Test func foldingIsTheSameForEquivalentTextsAndTwice() {
        var chance = SeededChance("search fold")
        let ranges: [ClosedRange<UInt32>] = [
            0x20...0x7E, 0xA0...0x24F, 0x1E00...0x1EFF, 0x300...0x36F, 0x370...0x5FF, 0xE00...0xE7F, 0xAC00...0xAC80,
        ]
        for _ in 0..<5000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<(1 + chance.below(8)) {
                let range = ranges[chance.below(ranges.count)]
                let value = range.lowerBound + UInt32(chance.below(range.count))
                if let scalar = Unicode.Scalar(value) { text.append(scalar) }
            }
            let folded = Bytes(SearchFold.fold(String(text)).utf8)
            #expect(Bytes(SearchFold.fold(TextNormalization.nfc(String(text))).utf8) == folded, "\(Array(text))")
            #expect(Bytes(SearchFold.fold(String(decoding: folded, as: UTF8.self)).utf8) == folded, "\(Array(text))")
        }
    }

    @Test(arguments: [
        ("đèn \u{1b}[31mđỏ\u{7}", "đèn [31mđỏ"), ("a\u{202e}b\u{2066}c\u{200f}", "abc"), ("a\u{9b}31mb\u{7f}", "a31mb"),
        ("a\tb\r\nc", "a b c"), ("a\u{2028}b", "a b"), ("a\u{200b}\u{feff}\u{ad}\u{2060}b\u{e0041}", "ab"),
        ("a\u{fe0f}\u{3164}\u{e000}\u{378}b", "ab"), ("Phường «Hồng» 水 🙂", "Phường «Hồng» 水 🙂"), ("", ""),
    ])
    func whatATerminalWouldObeyIsTakenOut(text: String, shown: String) {
        #expect(Bytes(DisplayText.safe(text).utf8) == Bytes(shown.utf8))
    }

    @Test func lineBreaksStayWhereTheyAreWanted() {
        #expect(Bytes(DisplayText.safe("a\r\nb\tc\u{1b}", multiline: true).utf8) == Bytes("a\nb c".utf8))
    }

    @Test(arguments: [
        ("", 0), ("abc", 3), ("Phường", 6), ("Phu\u{31b}o\u{31b}\u{300}ng", 6), ("水", 2), ("한글", 4), ("🙂a", 3),
        ("«»…", 3), ("ｆ", 2), ("α", 1), ("\u{200b}", 0),
    ])
    func widthIsInColumns(text: String, columns: Int) { #expect(DisplayText.width(text) == columns) }
}
