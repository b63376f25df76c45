// Messages, languages, widths, and text that others wrote.

import Foundation
import Testing

@testable import CommandLineKit

@Suite struct MessageTests {
    private var all: [Message] {
        let options = GlobalOptions.specs(homeVariable: "WARD_HOME")
        return Wording.allCases.map(\.message) + ExitCode.allCases.map(\.meaning)
            + options.flatMap { [$0.label, $0.summary].compactMap { $0 } }
    }

    @Test func everyMessageHasBothLanguagesAndVietnameseIsComposed() {
        for message in all {
            #expect(!message.vi.isEmpty && !message.en.isEmpty)
            #expect(
                message.vi.unicodeScalars.elementsEqual(message.vi.precomposedStringWithCanonicalMapping.unicodeScalars)
            )
            #expect(
                message.en.unicodeScalars.elementsEqual(message.en.precomposedStringWithCanonicalMapping.unicodeScalars)
            )
            #expect(SafeText.line(message.vi) == message.vi && SafeText.line(message.en) == message.en)
        }
    }

    @Test func bothLanguagesHaveTheSamePlaceholders() {
        for message in all {
            for digit in 0...9 { #expect(message.vi.contains("{\(digit)}") == message.en.contains("{\(digit)}")) }
        }
    }

    @Test func placeholdersAreFilledByPosition() {
        let message = Message(vi: "{1} của {0}", en: "{0}'s {1} {0}")
        #expect(Language.vi.text(message, "Hạ Long", "phường") == "phường của Hạ Long")
        #expect(Language.en.text(message, "A", "b") == "A's b A")
        #expect(Language.en.text(message.with("A", "b")) == "A's b A")
    }

    @Test func whatIsNoPlaceholderStays() {
        let odd = Message.verbatim("{} {a} {0 {:} {9} {{0}} {")
        #expect(Language.en.text(odd, "x") == "{} {a} {0 {:} {9} {x} {")
        #expect(Language.en.text(.verbatim("{0}")) == "{0}")
    }

    @Test func argumentsCanNeitherSteerNorReach() {
        let message = Message.verbatim("{0}-{1}")
        #expect(Language.en.text(message, "{1}", "secret") == "{1}-secret")
        #expect(Language.en.text(message, "a\u{1B}[31m\nb", "\u{202E}c") == "a[31m b-c")
    }
}

@Suite struct LanguageTests {
    @Test func theOptionThenTheLocaleDecides() {
        let cases: [(environment: [String: String], expected: Language)] = [
            ([:], .en), (["LANG": "vi_VN.UTF-8"], .vi), (["LANG": "vi"], .vi), (["LANG": "VI-vn"], .vi),
            (["LANG": "C"], .en), (["LANG": "POSIX"], .en), (["LANG": "en_US.UTF-8"], .en), (["LANG": "de_DE"], .en),
            (["LC_ALL": "", "LANG": "vi_VN"], .vi), (["LC_ALL": "C", "LANG": "vi_VN"], .en),
            (["LC_MESSAGES": "vi_VN", "LANG": "en_US"], .vi), (["LC_ALL": "vi_VN", "LC_MESSAGES": "en_US"], .vi),
            (["LANG": "vie_VN"], .en), (["LANG": "v"], .en), (["LANG": "@"], .en), (["LC_CTYPE": "vi_VN"], .en),
        ]
        for (environment, expected) in cases {
            #expect(Language.choose(option: nil) { environment[$0] } == expected, "\(environment)")
        }
        #expect(Language.choose(option: .vi) { _ in "en_US" } == .vi)
    }
}

@Suite struct DisplayWidthTests {
    @Test func vietnameseIsMeasuredAlikeComposedOrNot() {
        let text = "Phường Hồng Gai – người dân phản ánh đường ngập"
        let decomposed = text.decomposedStringWithCanonicalMapping
        #expect(decomposed.utf8.count > text.utf8.count)
        #expect(DisplayWidth.of(text) == text.count)
        #expect(DisplayWidth.of(decomposed) == text.count)
    }

    @Test func wideSignsTakeTwoColumns() {
        let cases: [(String, Int)] = [
            ("", 0), ("abc", 3), ("日本", 4), ("한글", 4), ("ｆｕ", 4), ("🙂", 2), ("👍🏽", 2), ("🇻🇳", 2), ("👨‍👩‍👧", 2), ("❤️", 2),
            ("❤", 1),
            ("1️⃣", 2), ("a\u{200B}b", 2), ("\u{1B}[31m", 4), ("é", 1), ("e\u{301}", 1), ("…", 1), ("ữ", 1), ("กำ", 2),
            ("\u{1112}\u{1161}\u{11AB}", 2), ("«»", 2),
        ]
        for (text, columns) in cases { #expect(DisplayWidth.of(text) == columns, "\(text)") }
    }

    @Test func cuttingNeverSplitsALetterFromItsMarks() {
        let decomposed = "đường".decomposedStringWithCanonicalMapping
        #expect(DisplayWidth.truncating("đường phố", to: 6) == "đường…")
        #expect(DisplayWidth.truncating(decomposed, to: 4) == "đươ".decomposedStringWithCanonicalMapping + "\u{300}…")
        #expect(DisplayWidth.truncating("日本語", to: 4) == "日…")
        #expect(DisplayWidth.truncating("日本", to: 4) == "日本")
        #expect(DisplayWidth.truncating("abc", to: 1) == "…")
        #expect(DisplayWidth.truncating("abc", to: 0) == "")
        #expect(DisplayWidth.padding("日", to: 4) == "日  ")
    }

    @Test func wrappingKeepsWithinTheColumns() {
        let lines = TextWrap.lines("Phường tiếp nhận phản ánh\n\ncả khi mất mạng", columns: 12)
        #expect(lines == ["Phường tiếp", "nhận phản", "ánh", "", "cả khi mất", "mạng"])
    }
}

@Suite struct SafeTextTests {
    @Test func whatSteersOrHidesIsTakenOut() {
        #expect(SafeText.line("a\u{1B}[2Jb") == "a[2Jb")
        #expect(SafeText.line("a\u{9B}31mb\u{7F}\u{0}\u{8}") == "a31mb")
        for value in [0x200E, 0x200F, 0x061C, 0x200B, 0x200D, 0x2060, 0xFEFF, 0xAD, 0x3164, 0xE0041] as [UInt32] {
            #expect(SafeText.line("a" + String(Unicode.Scalar(value).map(Character.init) ?? "?") + "b").utf8.count == 2)
        }
        for value in Array(0x202A...0x202E) + Array(0x2066...0x2069) as [UInt32] {
            #expect(SafeText.line("a" + String(Unicode.Scalar(value).map(Character.init) ?? "?") + "b") == "ab")
        }
        #expect(SafeText.line("Tổ 3, khu phố Bạch Đằng 🙂") == "Tổ 3, khu phố Bạch Đằng 🙂")
    }

    @Test func marksThatALineBeginsWithDoNotChangeWhatStandsBefore() {
        #expect(Array(SafeText.line("\u{301}\u{302}x\u{301}").utf8) == Array("x\u{301}".utf8))
        #expect(Array(SafeText.line("\u{200B}\u{301}đ").utf8) == Array("đ".utf8))
        #expect(Array(SafeText.lines("a\u{301}\n\u{301}b").utf8) == Array("a\u{301}\nb".utf8))
        #expect(Array(SafeText.line("a\n\u{301}b").utf8) == Array("a \u{301}b".utf8))
        #expect(SafeText.line("\u{301}").isEmpty)
    }

    @Test func lineBreaksBecomeSpacesOrStay() {
        #expect(SafeText.line("a\r\nb\nc\rd\u{2028}e\tf") == "a b c d e f")
        #expect(SafeText.lines("a\r\nb\nc\rd\u{2028}e\tf") == "a\nb\nc\nd\ne f")
    }

    @Test func theQuickLatinPassAgreesWithTheSlowOne() {
        for value in UInt32(0x20)...0x2FFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = "đ" + String(Character(scalar)) + "g"
            var bytes: [UInt8] = []
            let columns = SafeText.append(text, to: &bytes, keepingLines: false)
            let isStripped = [.hidden, .lineBreak, .tab].contains(ScalarKind(value))
            #expect(columns == DisplayWidth.of(String(decoding: bytes, as: UTF8.self)), "U+\(String(value, radix: 16))")
            #expect(isStripped != bytes.elementsEqual(text.utf8), "U+\(String(value, radix: 16))")
        }
    }

    @Test func safeTextStaysAsItIs() {
        var generator = SeededGenerator(for: "safeTextStaysAsItIs")
        for _ in 0..<3000 {
            let text = generator.hostileText(upTo: 30)
            let line = SafeText.line(text)
            #expect(SafeText.line(line).utf8.elementsEqual(line.utf8))
            #expect(!line.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) })
            var bytes: [UInt8] = []
            #expect(SafeText.append(text, to: &bytes, keepingLines: false) == DisplayWidth.of(line))
        }
    }
}
