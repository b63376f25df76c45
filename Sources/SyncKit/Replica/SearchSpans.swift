// Which documents a search goes through: the newest all ways, older ones where these give too little.

/// The spans of document numbers that the stages of a search go through.
///
/// Each document has the number of its span of 4,000 as a word of its own in the full-text index. Named in a query, the
/// span's short list keeps the index from going through the long lists of frequent words beyond it.
struct SearchSpans {
    struct Span {
        let numbers: ClosedRange<Int64>
        /// The part of a query that keeps to it, with what joins it to the rest; empty where it is not worth it.
        let query: String
    }

    private static let length: Int64 = 4000
    /// How many spans are gone through all ways: 16,000 to 20,000 documents.
    private static let newestCount: Int64 = 5

    /// The highest number of a document.
    let newest: Int64
    /// The first span that is gone through all ways.
    private var first: Int64 { max(0, newest / Self.length - Self.newestCount + 1) }

    /// What the index holds in the column `kind`.
    static func words(_ kind: DocumentKind, _ number: Int64) -> String { "\(kind.name) n\(number / length)" }

    /// - Parameter isReference: whether it is about what the ward publishes, which is gone through wholly.
    func span(_ stage: SearchRanking.Stage, isReference: Bool) -> Span? {
        if stage == .older {
            return isReference || first == 0 ? nil : Span(numbers: 0...(first * Self.length - 1), query: "")
        }
        if isReference || first == 0 { return Span(numbers: 0...newest, query: "") }
        let words = (first...(newest / Self.length)).map { "\"n\($0)\"" }.joined(separator: " OR ")
        return Span(numbers: (first * Self.length)...newest, query: "kind : (\(words)) AND ")
    }
}
