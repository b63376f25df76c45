// The piece of a text where a search found its words.

/// A piece of a text around what was looked for.
package struct SearchExcerpt: Sendable, Hashable {
    /// The piece, with `…` where something was left out.
    package let text: String
    /// How many different words of the search stand in it.
    package let count: Int

    /// How many words are shown before the first match, and after it.
    private static let before = 4
    private static let span = 16
    /// The most bytes of a piece.
    private static let mostBytes = 600

    /// The first piece of a text that holds the most of the words; nil where it has none.
    package init?(_ text: String, _ terms: SearchTerms) {
        var starts: [Range<Int>] = []
        var matches: [(index: Int, terms: UInt32)] = []
        var best: (index: Int, count: Int)?
        let firsts = terms.words.compactMap(\.first)
        FoldedWords.each(in: text) { place, word in
            starts.append(place)
            // Once all stand together, only what comes after them is still wanted.
            if let best, best.count == terms.words.count { return starts.count <= best.index + 2 * Self.span }
            // Most words of a text begin with another letter.
            guard let first = word.first, firsts.contains(first) else { return true }
            var found: UInt32 = 0
            for (number, term) in terms.words.enumerated() where SearchTerms.begins(word, term) {
                found |= 1 << UInt32(number)
            }
            guard found != 0 else { return true }
            let index = starts.count - 1
            matches.removeAll { $0.index + Self.span < index }
            matches.append((index, found))
            let together = matches.reduce(0) { $0 | $1.terms }.nonzeroBitCount
            if together > best?.count ?? 0 { best = (matches[0].index, together) }
            return true
        }
        guard let best else { return nil }
        count = best.count
        let first = max(0, best.index - Self.before)
        let last = min(starts.count - 1, best.index + Self.span)
        let bytes = Array(text.utf8)
        // The piece goes on to the next word's beginning, so that its punctuation stays with it.
        let end = last + 1 < starts.count ? starts[last + 1].lowerBound : starts[last].upperBound
        let start = max(first == 0 ? 0 : starts[first].lowerBound, end - Self.mostBytes)
        let kept = bytes[start..<end].drop { $0 & 0xC0 == 0x80 }
        let hasMore = bytes[end...].contains { $0 > 0x20 && $0 != UInt8(ascii: ".") }
        self.text =
            (start > 0 ? "…" : "") + String(decoding: kept, as: UTF8.self).trimmedBlanks + (hasMore ? "…" : "")
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
