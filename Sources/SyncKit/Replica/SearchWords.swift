// The words that a store's documents hold: what the beginning of a word may stand for.
//
// The full-text index gathers every document that has a word with a given beginning before it gives the first, unless
// the beginning has two or three letters, for which it keeps lists. Longer beginnings are therefore looked up here and
// asked for as whole words, which it goes through one document at a time.

extension Replica {
    /// Words of so many bytes are noted; shorter ones have lists of their own, longer ones are none.
    static let notedLengths = 4...40

    /// Reads the words that are known, where many documents are to be written in this transaction.
    func beginNotingWords(ofMany isMany: Bool) throws(StoreError) {
        notedWords = nil
        guard isMany else { return }
        let statement = try database.prepared("SELECT word FROM search_words")
        defer { statement.reset() }
        var words: Set<Bytes> = []
        while try statement.step() { words.insert(statement.withText(0) { Bytes($0) }) }
        notedWords = words
    }

    /// Notes the words of a text that is found by them.
    func noteWords(_ text: String) throws(StoreError) {
        var unknown: [Bytes] = []
        FoldedWords.each(in: text) { _, word in
            if Self.notedLengths.contains(word.count), notedWords?.contains(word) != true { unknown.append(word) }
            return true
        }
        for word in unknown {
            if notedWords?.insert(word).inserted == false { continue }
            try database.prepared("INSERT OR IGNORE INTO search_words(word) VALUES(?1)")
                .bind(1, String(decoding: word, as: UTF8.self)).run()
        }
    }

    /// The words by which a document is found now.
    func indexedWords(_ number: Int64) throws(StoreError) -> Set<Bytes> {
        let row = try database.prepared("SELECT title,body FROM search WHERE rowid=?1").bind(1, number)
        defer { row.reset() }
        guard try row.step() else { return [] }
        return Set(FoldedWords.of(row.text(0), most: .max) + FoldedWords.of(row.text(1), most: .max))
    }

    /// Forgets those of these words that no document has any more: what is gone is not named among what there is.
    func forgetWords(_ words: Set<Bytes>) throws(StoreError) {
        for word in words where Self.notedLengths.contains(word.count) {
            let text = String(decoding: word, as: UTF8.self)
            let others = try database.prepared("SELECT 1 FROM search WHERE search MATCH ?1 LIMIT 1")
                .bind(1, "{title body}: \"\(text)\"")
            let isElsewhere = try others.step()
            others.reset()
            if isElsewhere { continue }
            notedWords?.remove(word)
            try database.prepared("DELETE FROM search_words WHERE word=?1").bind(1, text).run()
        }
    }
}

extension LocalDocuments {
    /// More words than these are left to the index.
    private static var mostContinuations: Int { 12 }

    /// What the documents' words make of the words of a search.
    func continuations(of terms: SearchTerms) throws(StoreError) -> [Bytes: [Bytes]] {
        var known: [Bytes: [Bytes]] = [:]
        for word in terms.words where Replica.notedLengths.contains(word.count) && word.allSatisfy({ $0 < 0x7F }) {
            var end = word
            end[end.count - 1] += 1
            let statement = try database.prepared("SELECT word FROM search_words WHERE word>=?1 AND word<?2 LIMIT ?3")
                .bind(1, String(decoding: word, as: UTF8.self)).bind(2, String(decoding: end, as: UTF8.self))
                .bind(3, Int64(Self.mostContinuations + 1))
            defer { statement.reset() }
            var found: [Bytes] = []
            while try statement.step() { found.append(statement.withText(0) { Bytes($0) }) }
            if (1...Self.mostContinuations).contains(found.count) { known[word] = found }
        }
        return known
    }
}
