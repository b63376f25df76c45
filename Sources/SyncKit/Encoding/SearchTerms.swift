// What a person looks for, as words, and how well a title answers it.

/// The words of a search: folded, in the order in which they were typed. Only letters and digits are left of what was
/// typed, so that nothing of it can be read as the syntax of a query.
package struct SearchTerms: Sendable, Hashable {
    /// The most words that count, and the most bytes of a word.
    package static let mostWords = 12
    private static let mostBytes = 40
    /// The most bytes of what was typed that are looked at.
    private static let mostTyped = 1024

    /// At least one.
    package let words: [Bytes]
    /// The words as they were typed, in lower case, where any of them has accents; else empty.
    let accented: [Bytes]

    /// Nil where there is no word in it. «Thủ tục» in front says only what kind of thing is wanted, and is left out.
    package init?(_ typed: String) {
        let typed = String(String.UnicodeScalarView(typed.unicodeScalars.prefix(Self.mostTyped)))
        let words = Self.withoutKindWords(
            FoldedWords.of(typed, most: Self.mostWords + 2).map { Bytes($0.prefix(Self.mostBytes)) })
        guard !words.isEmpty else { return nil }
        self.words = Array(words.prefix(Self.mostWords))
        accented = Self.accentedWords(typed)
    }

    /// Whether a word begins with a word that is looked for. A single letter stands for itself only.
    package func fits(_ word: Bytes) -> Bool { words.contains { Self.begins(word, $0) } }

    static func begins(_ word: Bytes, _ start: Bytes) -> Bool {
        word.first == start.first && (start.count == 1 ? word == start : word.starts(with: start))
    }

    static func withoutKindWords(_ words: [Bytes]) -> [Bytes] {
        let isNamed = words.count > 2 && words[0].elementsEqual("thu".utf8) && words[1].elementsEqual("tuc".utf8)
        return isNamed ? Array(words.dropFirst(2)) : words
    }

    private static func accentedWords(_ text: String) -> [Bytes] {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return [] }
        return TextNormalization.nfc(text).lowercased().split { !$0.isLetter && !$0.isNumber }
            .map { Bytes($0.utf8) }
    }

    /// How many of the words a title lacks with the accents that were typed; none where none were typed.
    func missedAccents(_ title: String) -> Int {
        guard !accented.isEmpty else { return 0 }
        let words = Self.accentedWords(title)
        return accented.count { wanted in !words.contains { $0.starts(with: wanted) } }
    }
}

/// How well a document answers a search; the smaller the better.
package enum SearchTier: UInt8, Sendable, Comparable {
    /// The title, or the code, is what was typed.
    case exact
    /// The title begins with it.
    case start
    /// The title holds it as it was typed.
    case phrase
    /// The title has all words in this order.
    case ordered
    /// The title has words that begin so, in this order.
    case beginnings
    /// The title has words that begin so.
    case title
    /// The text holds it as it was typed.
    case bodyPhrase
    /// Title and text together have words that begin so.
    case body

    package static func < (left: SearchTier, right: SearchTier) -> Bool { left.rawValue < right.rawValue }
}

extension SearchTerms {
    /// How well the words of a title answer; nil where the title alone does not.
    /// - Parameter title: folded words.
    func tier(_ title: [Bytes]) -> SearchTier? {
        let title = Self.withoutKindWords(title)
        if title == words { return .exact }
        if isPhrase(title, at: 0) { return .start }
        if title.indices.contains(where: { isPhrase(title, at: $0) }) { return .phrase }
        if isOrdered(title, { $0 == $1 }) { return .ordered }
        if isOrdered(title, Self.startsWith) { return .beginnings }
        return words.allSatisfy { word in title.contains { Self.startsWith($0, word) } } ? .title : nil
    }

    /// How many of the words the title has.
    func count(in title: [Bytes]) -> Int { words.count { word in title.contains { Self.begins($0, word) } } }

    private static func startsWith(_ word: Bytes, _ start: Bytes) -> Bool { word.starts(with: start) }

    /// Whether the words stand in the title from a place on; the last one may be the beginning of a word.
    private func isPhrase(_ title: [Bytes], at start: Int) -> Bool {
        guard title.count - start >= words.count, let last = words.last else { return false }
        let place = title[start..<start + words.count]
        return place.dropLast().elementsEqual(words.dropLast()) && place.last?.starts(with: last) == true
    }

    private func isOrdered(_ title: [Bytes], _ fits: (Bytes, Bytes) -> Bool) -> Bool {
        var next = words[...]
        for word in title {
            guard let wanted = next.first else { return true }
            let isLast = next.count == 1
            if fits(word, wanted) || (isLast && word.starts(with: wanted)) { next.removeFirst() }
        }
        return next.isEmpty
    }
}
