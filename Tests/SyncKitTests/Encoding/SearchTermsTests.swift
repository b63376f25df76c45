// What is looked for, how a title answers it, and the piece of text that is shown.

import Testing

@testable import SyncKit

@Suite struct SearchTermsTests {
    private func tier(_ query: String, _ title: String) throws -> SearchTier? {
        try #require(SearchTerms(query)).tier(FoldedWords.of(title))
    }

    @Test(arguments: [
        ("dang ky khai sinh", "Đăng ký khai sinh", SearchTier.exact),
        ("ĐĂNG KÝ KHAI SINH", "Thủ tục đăng ký khai sinh", .exact),
        ("thu tuc dang ky khai sinh", "Đăng ký khai sinh", .exact),
        ("hoà giải", "Hòa  giải", .exact), ("dang ky khai", "Đăng ký khai sinh", .start),
        ("dang ky khai s", "Đăng ký khai sinh", .start), ("khai sinh", "Đăng ký lại khai sinh (lưu động)", .phrase),
        ("dang ky khai sinh", "Đăng ký lại khai sinh", .ordered), ("dan k khai", "Đăng ký khai sinh", .beginnings),
        ("sinh khai", "Đăng ký khai sinh", .title), ("si kh dan", "Đăng ký khai sinh", .title),
        ("khu pho 1", "Khu phố 1", .exact), ("khu pho 1", "Khu phố 12", .start),
    ])
    func aTitleAnswersSoWell(query: String, title: String, expected: SearchTier) throws {
        #expect(try tier(query, title) == expected)
    }

    @Test(arguments: [("dang ky ket hon", "Đăng ký khai sinh"), ("sinhx", "khai sinh"), ("hai", "khai sinh")])
    func aTitleThatLacksAWordDoesNotAnswer(query: String, title: String) throws {
        #expect(try tier(query, title) == nil)
    }

    @Test(arguments: ["", "  \n", "\"'*()^:-+{}", "🙂", "\u{0}\u{202E}", "، ؟"])
    func whatHoldsNoWordIsNothingToLookFor(typed: String) { #expect(SearchTerms(typed) == nil) }

    @Test func whatIsTypedIsBounded() throws {
        let long = try #require(SearchTerms(String(repeating: "a", count: 1_000_000)))
        #expect(long.words.count == 1 && long.words[0].count <= 40)
        let many = try #require(SearchTerms((0..<10_000).map { "tu\($0)" }.joined(separator: " ")))
        #expect(many.words.count == SearchTerms.mostWords)
    }

    @Test func wordsAreFoundWithTheirPlaces() {
        let text = "«Giấy  chứng-sinh», số 3A; e\u{301}m\u{200B}x"
        var found: [String] = []
        FoldedWords.each(in: text) { place, word in
            let original = String(decoding: Array(text.utf8)[place], as: UTF8.self)
            found.append(original + "=" + String(decoding: word, as: UTF8.self))
            return true
        }
        #expect(found == ["Giấy=giay", "chứng=chung", "sinh=sinh", "số=so", "3A=3a", "e\u{301}m\u{200B}x=emx"])
    }

    @Test func theExcerptIsWhereMostWordsStand() throws {
        let filler = (0..<60).map { "từ\($0)" }.joined(separator: " ")
        let text = "Giấy tờ gì đó. " + filler + " nộp giấy chứng sinh do cơ sở y tế cấp. " + filler
        let terms = try #require(SearchTerms("giay chung sinh"))
        let excerpt = try #require(SearchExcerpt(text, terms))
        #expect(excerpt.count == 3 && excerpt.text.contains("giấy chứng sinh do cơ sở y tế cấp"))
        #expect(excerpt.text.hasPrefix("…") && excerpt.text.hasSuffix("…") && excerpt.text.utf8.count < 300)
        #expect(try SearchExcerpt("không có", #require(SearchTerms("zzz"))) == nil)
        #expect(SearchExcerpt("giấy chứng sinh.", terms)?.text == "giấy chứng sinh")
    }

    @Test func anyTextHasSoundWordsAndExcerpts() throws {
        var chance = SeededChance("folded words")
        let pieces = ["giấy", "CHỨNG", " ", "sinh", "\u{301}", "水", "🙂", "-", "\u{0}", "½", "\u{1F6}", "a", "\n", "đ"]
        let terms = try #require(SearchTerms("giay chung sinh a"))
        for _ in 0..<3000 {
            let text = (0..<chance.below(40)).map { _ in pieces[chance.below(pieces.count)] }.joined()
            var end = 0
            FoldedWords.each(in: text) { place, word in
                #expect(place.lowerBound >= end && place.upperBound <= text.utf8.count && !word.isEmpty)
                end = place.upperBound
                return true
            }
            if let excerpt = SearchExcerpt(text, terms) {
                #expect(excerpt.count > 0 && !excerpt.text.contains("\u{FFFD}"), "\(Array(text.utf8))")
            }
        }
    }
}
