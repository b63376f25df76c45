// The piece of a text where a search found its words.

/// A piece of a text around what was looked for.
package struct SearchExcerpt: Sendable, Hashable {
    /// The piece, with `…` where something was left out.
    package let text: String
    /// How many different words of the search stand in it.
    package let count: Int

    /// The most matches that are compared; a text that says one word a thousand times needs no more.
    private static let mostMatches = 200
    /// How many words are shown before and after the matches.
    private static let before = 4
    private static let span = 16
    /// The most bytes of a piece.
    private static let mostBytes = 600

    /// The first piece of a text that holds the most of the words; nil where it has none.
    package init?(_ text: String, _ terms: SearchTerms) {
        var starts: [(place: Range<Int>, index: Int)] = []
        var matches: [(index: Int, terms: UInt32)] = []
        var index = 0
        FoldedWords.each(in: text) { place, word in
            var found: UInt32 = 0
            for (number, term) in terms.words.enumerated() where SearchTerms.begins(word, term) {
                found |= 1 << UInt32(number)
            }
            starts.append((place, index))
            if found != 0 { matches.append((index, found)) }
            index += 1
            return matches.count < Self.mostMatches
        }
        guard let best = Self.best(matches) else { return nil }
        count = best.count
        let first = max(0, matches[best.match].index - Self.before)
        let last = min(starts.count - 1, first + Self.before + Self.span)
        let bytes = Array(text.utf8)
        // The piece goes on to the next word's beginning, so that its punctuation stays with it.
        let end = last + 1 < starts.count ? starts[last + 1].place.lowerBound : starts[last].place.upperBound
        let start = max(first == 0 ? 0 : starts[first].place.lowerBound, end - Self.mostBytes)
        let kept = bytes[start..<end].drop { $0 & 0xC0 == 0x80 }
        let hasMore = bytes[end...].contains { $0 > 0x20 && $0 != UInt8(ascii: ".") }
        self.text =
            (start > 0 ? "…" : "") + String(decoding: kept, as: UTF8.self).trimmedBlanks + (hasMore ? "…" : "")
    }

    /// The match with the most different words in the span after it.
    private static func best(_ matches: [(index: Int, terms: UInt32)]) -> (match: Int, count: Int)? {
        var best: (match: Int, count: Int)?
        for (number, match) in matches.enumerated() {
            var terms: UInt32 = 0
            for later in matches[number...] {
                if later.index > match.index + span { break }
                terms |= later.terms
            }
            if terms.nonzeroBitCount > best?.count ?? 0 { best = (number, terms.nonzeroBitCount) }
        }
        return best
    }
}

extension String {
    /// The text without blanks, tabs and line ends around it.
    fileprivate var trimmedBlanks: String {
        let bytes = utf8
        guard let first = bytes.firstIndex(where: { $0 > 0x20 }), let last = bytes.lastIndex(where: { $0 > 0x20 })
        else { return "" }
        return String(self[first...last])
    }
}
