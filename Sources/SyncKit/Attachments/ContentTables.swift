// Content as it is stored: in pieces of 32 KiB, each leaf of which was verified before it was written.

/// The tables `contents` and `content_pieces`. They are no part of the log: what they hold verifies against the roots
/// that change sets name, and what they lack is asked for again.
package struct ContentTables {
    let database: Database

    package init(_ database: Database) { self.database = database }

    /// Content that is held wholly or in part.
    package struct Held: Sendable {
        let number: Int64
        package let content: ContentName
        package let leaves: LeafSet
        package var isWhole: Bool { leaves.isWhole }
    }

    /// The length of a piece: the largest part that arrives at once.
    static let pieceLength = ContentTree.leafLength << ContentTree.maxLevel
    /// How many numbers the pieces of one content have: more than the longest needs.
    static let piecesOfOne: Int64 = 1024

    package func held(_ root: Digest) throws(StoreError) -> Held? {
        let statement = try database.prepare("SELECT number,length,leaves FROM contents WHERE root=?1").bind(1, root)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        guard let length = Int(exactly: statement.integer(1)), (1...Attachment.maxLength).contains(length),
            let leaves = LeafSet(bytes: statement.bytes(2), count: ContentTree.leafCount(length))
        else { throw StoreError(.damaged, "content") }
        return Held(
            number: statement.integer(0), content: ContentName(root: root, length: length), leaves: leaves)
    }

    /// What is lacking of a content; `nil` where nothing is.
    package func need(_ content: ContentName) throws(StoreError) -> ContentNeed? {
        guard let held = try held(content.root) else { return ContentNeed(root: content.root, runs: nil) }
        if held.isWhole { return nil }
        return ContentNeed(root: content.root, runs: held.leaves.missing(most: ContentNeed.maxRuns))
    }

    /// What became of a part that arrived.
    package enum Taken: Sendable, Equatable {
        case added
        /// Nothing of the content is lacking any more.
        case completed
        /// All of the part was there.
        case known
        /// The part is not what the root stands for.
        case unfit
        /// What had been kept of the content is no longer what it was: all of it is lacking again.
        case spoiled
    }

    /// Takes a part of a content that several documents may name, with one root and different lengths: only the true one
    /// has parts that fit. Within a transaction of the caller's.
    package func take(_ part: ContentPart, ofOneOf contents: [ContentName]) throws(StoreError) -> Taken {
        var tried: Set<ContentName> = []
        for content in contents where tried.insert(content).inserted {
            let taken = try take(part, of: content)
            if taken != .unfit { return taken }
        }
        return .unfit
    }

    /// Writes a part, within a transaction of the caller's.
    package func take(_ part: ContentPart, of content: ContentName) throws(StoreError) -> Taken {
        guard
            let leaves = ContentTree.leaves(level: part.level, index: part.index, length: content.length)
        else { return .unfit }
        var before = try held(content.root)
        if before?.content.length != content.length { before = nil }
        if let before, before.leaves.contains(allOf: leaves) { return .known }
        guard
            ContentTree.verifies(
                part.bytes, level: part.level, index: part.index, of: content, path: part.path)
        else { return .unfit }
        let number: Int64
        if let before { number = before.number } else { number = try replace(with: content) }
        var held = before?.leaves ?? LeafSet(count: ContentTree.leafCount(content.length))
        try write(part.bytes, at: ContentTree.bytes(leaves, length: content.length).lowerBound, number, content.length)
        held.insert(leaves)
        try database.prepare("UPDATE contents SET leaves=?2,missing=?3 WHERE number=?1").bind(1, number)
            .bind(2, held.bytes).bind(3, Int64(held.count - held.size)).run()
        guard held.isWhole else { return .added }
        // What is said to be held is what can be read back, not what was meant to be written.
        let whole = Held(number: number, content: content, leaves: held)
        guard ContentTree.name(try bytes(whole)) == content else {
            try empty(whole)
            return .spoiled
        }
        return .completed
    }

    /// Nothing of a content is held any more; that it is wanted stays.
    private func empty(_ held: Held) throws(StoreError) {
        let leaves = LeafSet(count: held.leaves.count)
        try dropPieces(held.number)
        try database.prepare("UPDATE contents SET leaves=?2,missing=?3 WHERE number=?1").bind(1, held.number)
            .bind(2, leaves.bytes).bind(3, Int64(leaves.count)).run()
    }

    /// Makes a content, in the place of one of another length of which nothing can be held.
    private func replace(with content: ContentName) throws(StoreError) -> Int64 {
        guard let other = try held(content.root) else { return try make(content) }
        let leaves = LeafSet(count: ContentTree.leafCount(content.length))
        try dropPieces(other.number)
        try database.prepare("UPDATE contents SET length=?2,leaves=?3,missing=?4 WHERE number=?1").bind(1, other.number)
            .bind(2, Int64(content.length)).bind(3, leaves.bytes).bind(4, Int64(leaves.count)).run()
        return other.number
    }

    /// Keeps a whole content. What is there already stays.
    package func keep(_ bytes: Bytes, as content: ContentName) throws(StoreError) {
        if let before = try held(content.root) {
            if before.isWhole {
                return try database.prepare("UPDATE contents SET fetched=0 WHERE root=?1").bind(1, content.root).run()
            }
            try drop(content.root)
        }
        let number = try make(content)
        for start in Swift.stride(from: 0, to: bytes.count, by: Self.pieceLength) {
            try write(
                Bytes(bytes[start..<min(start + Self.pieceLength, bytes.count)]), at: start, number, content.length)
        }
        var leaves = LeafSet(count: ContentTree.leafCount(content.length))
        leaves.insert(0..<leaves.count)
        try database.prepare("UPDATE contents SET leaves=?2,missing=0,fetched=0 WHERE number=?1").bind(1, number)
            .bind(2, leaves.bytes).run()
    }

    @discardableResult
    func make(_ content: ContentName) throws(StoreError) -> Int64 {
        let leaves = LeafSet(count: ContentTree.leafCount(content.length))
        try database.prepare("INSERT INTO contents(root,length,missing,leaves) VALUES(?1,?2,?3,?4)")
            .bind(1, content.root).bind(2, Int64(content.length)).bind(3, Int64(leaves.count)).bind(4, leaves.bytes)
            .run()
        return database.lastInsertedRow
    }

    /// Writes bytes into the one piece in which they lie.
    private func write(_ bytes: Bytes, at offset: Int, _ number: Int64, _ length: Int) throws(StoreError) {
        let start = offset / Self.pieceLength * Self.pieceLength
        let size = min(Self.pieceLength, length - start)
        let id = number * Self.piecesOfOne + Int64(offset / Self.pieceLength)
        if bytes.count == size {
            return try database.prepare("INSERT OR REPLACE INTO content_pieces(id,bytes) VALUES(?1,?2)").bind(1, id)
                .run(2, bytes)
        }
        let known = try database.prepare("SELECT bytes FROM content_pieces WHERE id=?1").bind(1, id)
        var piece = try known.step() ? known.bytes(0) : []
        known.reset()
        if piece.count != size { piece = Bytes(repeating: 0, count: size) }
        piece.replaceSubrange(offset - start..<offset - start + bytes.count, with: bytes)
        try database.prepare("INSERT OR REPLACE INTO content_pieces(id,bytes) VALUES(?1,?2)").bind(1, id)
            .run(2, piece)
    }

    /// The bytes of a content; those that are not held are zero.
    package func bytes(_ held: Held) throws(StoreError) -> Bytes {
        try bytes(held, 0..<held.content.length)
    }

    /// A range of a content's bytes.
    package func bytes(_ held: Held, _ range: Range<Int>) throws(StoreError) -> Bytes {
        let range = range.clamped(to: 0..<held.content.length)
        if range.isEmpty { return [] }
        let first = range.lowerBound / Self.pieceLength
        let base = first * Self.pieceLength
        let last = (range.upperBound - 1) / Self.pieceLength
        var bytes = Bytes()
        bytes.reserveCapacity((last - first + 1) * Self.pieceLength)
        let statement = try database.prepare("SELECT bytes FROM content_pieces WHERE id=?1")
        for piece in first...last {
            statement.reset()
            statement.bind(1, held.number * Self.piecesOfOne + Int64(piece))
            let size = min(Self.pieceLength, held.content.length - piece * Self.pieceLength)
            let stored = try statement.step() ? statement.bytes(0) : []
            bytes += stored.count == size ? stored : Bytes(repeating: 0, count: size)
        }
        statement.reset()
        return Bytes(bytes[range.lowerBound - base..<range.upperBound - base])
    }

    /// Whether what is held wholly still is what its root says.
    package func isSound(_ held: Held) throws(StoreError) -> Bool {
        if !held.isWhole { return true }
        return ContentTree.name(try bytes(held)) == held.content
    }

    /// Forgets a content.
    package func drop(_ root: Digest) throws(StoreError) {
        guard let held = try held(root) else { return }
        try dropPieces(held.number)
        try database.prepare("DELETE FROM contents WHERE number=?1").bind(1, held.number).run()
    }

    private func dropPieces(_ number: Int64) throws(StoreError) {
        let first = number * Self.piecesOfOne
        try database.prepare("DELETE FROM content_pieces WHERE id>=?1 AND id<?2").bind(1, first)
            .bind(2, first + Self.piecesOfOne).run()
    }

    /// The parts of a content that fill what is lacking, the first ones first, each as large as the level says or as the
    /// gap allows.
    package static func parts(filling runs: [Range<Int>], level: Int, count: Int) -> [(level: Int, index: Int)] {
        var parts: [(Int, Int)] = []
        for run in runs {
            var leaf = max(0, run.lowerBound)
            let end = min(run.upperBound, count)
            while leaf < end {
                var size = min(level, ContentTree.maxLevel)
                // Aligned, and not beyond the gap: the last part of the content may be short.
                while size > 0, leaf & ((1 << size) - 1) != 0 || min(leaf + (1 << size), count) > end { size -= 1 }
                parts.append((size, leaf >> size))
                leaf += 1 << size
            }
        }
        return parts
    }
}
