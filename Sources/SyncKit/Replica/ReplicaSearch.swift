// Searching everything that the device holds: words in any order and by their beginnings, without accents, ranked.

/// A document that a search found.
package struct SearchHit: Sendable {
    package let number: Int64
    package let id: Digest
    package let kind: DocumentKind
    package let listing: Listing
    package let pending: Int
    package let isAccepted: Bool
    package let tier: SearchTier
    /// Until when a notice or an alert is valid; nil where it has no end, and for other kinds.
    package let validUntil: Int64?
    /// Where the words stand, when not in the title: the field and the piece of its text.
    package var excerpt: (field: UInt8, excerpt: SearchExcerpt)?

    package func isExpired(at now: Int64) -> Bool { validUntil.map { $0 <= now } ?? false }
}

extension DocumentKind {
    /// The kinds that a search looks at, besides configuration and what has no text of its own.
    package static let searched: [DocumentKind] = [
        .procedure, .place, .notice, .alert, .area, .publication, .report, .task, .lookup,
    ]
    /// What the ward publishes: a few thousand at most, all of which are ranked.
    fileprivate var isReference: Bool {
        switch self {
        case .procedure, .place, .notice, .alert, .area: true
        default: false
        }
    }
}

extension LocalDocuments {
    /// Documents found by words in any order and by their beginnings, without accents; the best first.
    ///
    /// Titles are looked at first; texts only where the titles give less than `limit`. Of what people write (reports,
    /// tasks …) the newest few hundred that fit are ranked, among some 20,000 of the newest documents; older ones are looked at
    /// where these give less than `limit`, by whole words. So a search costs nearly the same in a large ward.
    /// - Parameter now: what is not valid any more comes after what is.
    package func search(_ terms: SearchTerms, kinds: [DocumentKind], limit: Int, now: Int64)
        throws(ReplicaError) -> [SearchHit]
    {
        try inStore { () throws(StoreError) in
            var ranking = SearchRanking(terms: terms, now: now)
            ranking.continuations = try continuations(of: terms)
            let groups = [kinds.filter(\.isReference), kinds.filter { !$0.isReference }].filter { !$0.isEmpty }
            let spans = SearchSpans(newest: try database.integer("SELECT max(number) FROM documents") ?? 0)
            // The groups of which a document has all words.
            var fitting = groups
            for stage in SearchRanking.Stage.allCases where ranking.hits.count < limit {
                guard let query = ranking.query(stage) else { continue }
                for group in stage == .body ? fitting : groups {
                    let isReference = group.contains(where: \.isReference)
                    guard let span = spans.span(stage, isReference: isReference) else { continue }
                    // Where no document has all words, none has them in a row, which takes longer to find out among
                    // many.
                    if stage == .bodyPhrase, !isReference, let all = ranking.query(.body) {
                        var isThere = false
                        try searchCandidates(all, group, span, most: 1) { _, _ in isThere = true }
                        if !isThere {
                            fitting.removeAll { $0 == group }
                            continue
                        }
                    }
                    try searchCandidates(query, group, span) { ranking.take($0, title: $1, stage) }
                }
            }
            var hits = ranking.best(limit)
            for index in hits.indices where hits[index].tier >= .bodyPhrase {
                hits[index].excerpt = try excerpt(hits[index], terms)
            }
            return hits
        }
    }

    /// Documents of one kind that a search finds; the best first.
    package func search(_ kind: DocumentKind, _ words: String, limit: Int = 20) throws(ReplicaError) -> [SearchHit] {
        guard let terms = SearchTerms(words) else { return [] }
        return try search(terms, kinds: [kind], limit: limit, now: 0)
    }

    private func searchCandidates(
        _ query: String, _ kinds: [DocumentKind], _ span: SearchSpans.Span, most: Int? = nil,
        _ body: (Statement, UnsafeBufferPointer<UInt8>) -> Void
    ) throws(StoreError) {
        let names = kinds.map { "\"" + $0.name + "\"" }.joined(separator: " OR ")
        let usual = kinds.contains(where: \.isReference) ? 1000 : 400
        // Nearly every document is of one of these kinds: to ask the index for that would cost more than the words do.
        let isNearlyAll = kinds.contains(.report) && kinds.contains(.task)
        let statement = try database.prepare(
            """
            SELECT d.number,d.id,d.kind,d.status,d.area,d.sort,d.updated,d.title,d.detail,d.flags,d.pending,d.position
            FROM search s JOIN documents d ON d.number=s.rowid
            WHERE search MATCH ?1 AND s.rowid>=?3 AND s.rowid<=?4 AND d.hidden=0
            AND d.kind IN (\(kinds.map { String($0.rawValue) }.joined(separator: ","))) ORDER BY s.rowid DESC LIMIT ?2
            """
        ).bind(1, (isNearlyAll ? "" : "kind : (\(names)) AND ") + span.query + query)
            .bind(2, Int64(most ?? usual)).bind(3, span.numbers.lowerBound).bind(4, span.numbers.upperBound)
        defer { statement.reset() }
        while try statement.step() { statement.withText(7) { body(statement, $0) } }
    }

    /// The piece of a document's public text where the words stand.
    private func excerpt(_ hit: SearchHit, _ terms: SearchTerms) throws(StoreError) -> (UInt8, SearchExcerpt)? {
        var state = hit.pending == 0 ? try tables.state(document: hit.number) : nil
        if state == nil { state = (try? view(hit.number, hit.id))?.state }
        guard let state else { return nil }
        var best: (UInt8, SearchExcerpt)?
        var scanned = 0
        state.eachSearchedText { field, text in
            if text == hit.listing.title { return true }
            scanned += text.utf8.count
            if let found = SearchExcerpt(text, terms), found.count > best?.1.count ?? 0 { best = (field, found) }
            return best.map { $0.1.count < terms.words.count && scanned <= SearchRanking.mostScanned } ?? true
        }
        return best
    }
}

/// Collects what the queries give, and orders it.
struct SearchRanking {
    /// From the most to the least telling query.
    enum Stage: CaseIterable {
        case title, bodyPhrase, body, older
    }

    /// After so many bytes of a document's text the best place found so far is shown.
    static let mostScanned = 2 * 1024

    let terms: SearchTerms
    let now: Int64
    /// The words that the documents have for a word of the search, where they are few.
    var continuations: [Bytes: [Bytes]] = [:]
    private(set) var hits: [(hit: SearchHit, rank: Rank)] = []
    private var seen: Set<Int64> = []

    init(terms: SearchTerms, now: Int64) {
        self.terms = terms
        self.now = now
    }

    /// The smaller comes first.
    struct Rank: Comparable {
        let tier: SearchTier
        let isExpired: Bool
        let missedAccents: Int
        let missedWords: Int
        let titleWords: Int
        let age: Int64

        static func < (left: Rank, right: Rank) -> Bool {
            if left.tier != right.tier { return left.tier < right.tier }
            if left.isExpired != right.isExpired { return right.isExpired }
            if left.missedAccents != right.missedAccents { return left.missedAccents < right.missedAccents }
            if left.missedWords != right.missedWords { return left.missedWords < right.missedWords }
            if left.titleWords != right.titleWords { return left.titleWords < right.titleWords }
            return left.age < right.age
        }
    }

    /// The full-text query of a stage; nil where the stage cannot find more than others.
    func query(_ stage: Stage) -> String? {
        switch stage {
        case .title:
            var words = terms.words
            // A last single letter is the beginning of a word that is still being typed: titles are asked for it later.
            if words.count > 1, words.last?.count == 1 { words.removeLast() }
            return "title : (" + words.map(beginning).joined(separator: " AND ") + ")"
        case .bodyPhrase:
            guard terms.words.count > 1, let last = terms.words.last else { return nil }
            let first = terms.words.dropLast().map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
            let ends = continuations[last].map { $0.map { String(decoding: $0, as: UTF8.self) + "\"" } }
            let phrases = ends ?? [String(decoding: last, as: UTF8.self) + (last.count == 1 ? "\"" : "\"*")]
            return "{title body} : (" + phrases.map { "\"\(first) \($0)" }.joined(separator: " OR ") + ")"
        case .body: return "{title body} : (" + terms.words.map(beginning).joined(separator: " AND ") + ")"
        case .older:
            guard let last = terms.words.last else { return nil }
            return "{title body} : ("
                + (terms.words.dropLast().map(quoted) + [beginning(last)]).joined(separator: " AND ") + ")"
        }
    }

    private func quoted(_ word: Bytes) -> String { "\"" + String(decoding: word, as: UTF8.self) + "\"" }

    private func beginning(_ word: Bytes) -> String {
        if let whole = continuations[word] { return "(" + whole.map(quoted).joined(separator: " OR ") + ")" }
        return quoted(word) + (word.count > 1 ? "*" : "")
    }

    mutating func take(_ row: Statement, title bytes: UnsafeBufferPointer<UInt8>, _ stage: Stage) {
        let number = row.integer(0)
        guard !seen.contains(number),
            let kind = DocumentKind(rawValue: UInt8(truncatingIfNeeded: row.integer(2))), let id = row.digest(1)
        else { return }
        let title = String(decoding: bytes, as: UTF8.self)
        let words = FoldedWords.of(title, most: 200)
        let detail = row.text(8)
        var found = terms.tier(words)
        if kind == .procedure || kind == .area, isCode(detail) { found = .exact }
        if stage != .title, found == nil { found = stage == .bodyPhrase ? .bodyPhrase : .body }
        guard let tier = found else { return }
        seen.insert(number)
        let sort = row.integer(5)
        let hit = SearchHit(
            number: number, id: id, kind: kind,
            listing: Listing(
                status: UInt8(truncatingIfNeeded: row.integer(3)), area: row.text(4), sort: sort,
                updated: row.integer(6), title: title, detail: detail, holder: nil,
                flags: Listing.Flags(rawValue: row.integer(9))),
            pending: Int(row.integer(10)), isAccepted: row.integer(11) != 0, tier: tier,
            validUntil: (kind == .notice || kind == .alert) && sort != .min ? 0 &- sort : nil)
        let rank = Rank(
            tier: tier, isExpired: hit.isExpired(at: now), missedAccents: terms.missedAccents(title),
            missedWords: tier < .bodyPhrase ? 0 : terms.words.count - terms.count(in: words),
            titleWords: words.count, age: 0 &- number)
        hits.append((hit, rank))
    }

    /// Whether a code is just what was typed; most are seen at their first word not to be.
    private func isCode(_ code: String) -> Bool {
        var rest = terms.words[...]
        var fits = true
        FoldedWords.each(in: code) { _, word in
            fits = rest.popFirst() == word
            return fits
        }
        return fits && rest.isEmpty
    }

    func best(_ limit: Int) -> [SearchHit] {
        hits.indices.sorted { hits[$0].rank < hits[$1].rank }.prefix(limit).map { hits[$0].hit }
    }
}
