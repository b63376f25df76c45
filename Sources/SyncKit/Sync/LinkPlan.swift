// What a link has room for: how large the parts are, how much goes at once, how much in all.

/// How a sync uses its link (`docs/architecture.md`, "Weak links"). Text always goes first; what is said here is about
/// the content of files.
package struct LinkPlan: Sendable, Equatable {
    /// What of others' files is fetched without being asked for; what of own files is sent. A file that is as short as a
    /// thumbnail may be, and that has none, goes with the thumbnails.
    package enum Fetching: String, Sendable, CaseIterable {
        case nothing, thumbnails, everything
    }

    /// 2^level leaves of 4 KiB go in one piece; what a cut costs is at most one piece.
    package var level = 2
    /// The most bytes of content in one request, and in one answer.
    package var mostAtOnce = 96 * 1024
    /// The bytes of content that may still go in this sync, both ways; `nil` for as many as there are.
    package var remaining: Int?
    package var fetching = Fetching.thumbnails
    /// What of own files is sent.
    package var sending = Fetching.everything
    /// Whether files are sent and fetched at all.
    package var isTextOnly = false

    /// About how long one request may take, in seconds.
    package var patience = 30

    package init() {}

    /// Whether a content of so many bytes is sent.
    func sends(_ length: Int) -> Bool {
        switch sending {
        case .nothing: false
        case .thumbnails: length <= Attachment.maxThumbnailLength
        case .everything: true
        }
    }

    /// The bytes of content that may go now, one way.
    var room: Int { isTextOnly ? 0 : min(mostAtOnce, max(0, remaining ?? .max)) }

    /// How large the parts of a content are that may go now.
    func level(for length: Int, room: Int) -> Int {
        var found = ContentTree.level(at: level, length: length)
        while found > 0, ContentTree.leafLength << found > room { found -= 1 }
        return found
    }

    /// Fits the plan to the rate that was seen.
    /// - Parameter rate: bytes a second.
    package mutating func fit(rate: Int) {
        guard rate > 0 else { return }
        // A piece takes at most twenty seconds, a request about as long as the plan says. Shorter pieces would lose less
        // to a cut, and carry more of the paths that prove them than they save (`docs/architecture.md`, "Weak links").
        level = 0
        while level < ContentTree.maxLevel,
            ContentTree.leafLength << (level + 1) <= rate.multipliedReportingOverflow(by: 20).partialValue
        {
            level += 1
        }
        let most = rate.multipliedReportingOverflow(by: patience).partialValue
        mostAtOnce = min(max(most, patience < 30 ? 16 * 1024 : 64 * 1024), 4 * 1024 * 1024)
    }
}
