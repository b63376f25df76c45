// The tree over the stored log: roots of its subtrees, for proofs, in a number of reads that grows with its height.

/// Roots of complete subtrees of a store's log.
///
/// The table `trees` holds the tree at every 256th entry, and with it the root of every subtree of 256 leaves or more
/// that is a left child. A right child is put together from its halves, and in the end from 256 leaves; what was put
/// together once is remembered, since it never changes.
package struct LogTree {
    /// The height of the subtrees between two rows of the table.
    static let blockLevel = 8
    private static let mostKnown = 32_768

    private let database: Database
    private var known: [UInt64: Digest] = [:]

    package init(_ database: Database) { self.database = database }

    /// The audit path of an entry in the tree over the first `size` entries.
    /// - Parameter cover: what follows from these subtrees' roots is left out.
    package mutating func inclusion(
        of position: UInt64, in size: UInt64, beside cover: TreeCover? = nil
    ) throws(StoreError) -> [Digest] {
        guard position > 0 else { return [] }
        return try MerkleProof.inclusion(of: position - 1, in: size, beside: cover) {
            start, level throws(StoreError) in try self.root(start, level)
        }
    }

    /// The roots of complete subtrees, each where it begins at a multiple of its size.
    package mutating func roots(of subtrees: [TreeCover.Subtree]) throws(StoreError) -> [Digest] {
        var roots: [Digest] = []
        for subtree in subtrees { roots.append(try root(subtree.start, subtree.level)) }
        return roots
    }

    /// What shows that the log of `size` entries goes on from the log of `old` entries.
    package mutating func consistency(from old: UInt64, to size: UInt64) throws(StoreError) -> [Digest] {
        try MerkleProof.consistency(from: old, to: size) { start, level throws(StoreError) in
            try self.root(start, level)
        }
    }

    /// The root over the 2^level leaves that begin at `start`.
    private mutating func root(_ start: UInt64, _ level: Int) throws(StoreError) -> Digest {
        if level < Self.blockLevel { return try fold(start, 1 << UInt64(level)) }
        // One number for a subtree: its place among those of its level, below a bit that tells the level.
        let name = (1 << UInt64(63 - level)) | start >> UInt64(level)
        if let root = known[name] { return root }
        let root: Digest
        if start >> UInt64(level) & 1 == 0 {
            root = try stored(start + 1 << UInt64(level), level)
        } else if level == Self.blockLevel {
            root = try fold(start, 1 << UInt64(level))
        } else {
            let half = UInt64(1) << UInt64(level - 1)
            root = Blake2b.hash(prefix: 1, try self.root(start, level - 1), try self.root(start + half, level - 1))
        }
        if known.count >= Self.mostKnown { known.removeAll() }
        known[name] = root
        return root
    }

    /// A left child: the smallest subtree of the tree that ends with it.
    private func stored(_ size: UInt64, _ level: Int) throws(StoreError) -> Digest {
        let statement = try database.prepare("SELECT tree FROM trees WHERE size=?1").bind(1, Int64(size))
        defer { statement.reset() }
        guard try statement.step(), let tree = MerkleTree(decoding: statement.bytes(0)), tree.size == size,
            size.trailingZeroBitCount == level, let root = tree.smallestPeak
        else { throw StoreError(.damaged, "tree at \(size)") }
        return root
    }

    private func fold(_ start: UInt64, _ count: UInt64) throws(StoreError) -> Digest {
        let statement = try database.prepare(
            "SELECT bytes FROM entries WHERE position>?1 AND position<=?2 ORDER BY position"
        ).bind(1, Int64(start)).bind(2, Int64(start + count))
        defer { statement.reset() }
        var tree = MerkleTree()
        while try statement.step() { tree.append(leaf: MerkleTree.leaf(statement.bytes(0))) }
        guard tree.size == count else { throw StoreError(.damaged, "entries above \(start)") }
        return tree.root
    }
}

extension WardCore {
    /// The audit path of an entry in the tree over the first `size` entries.
    package func inclusionProof(
        of position: UInt64, in size: UInt64, beside cover: TreeCover? = nil
    ) throws(StoreError) -> [Digest] {
        try logTree.inclusion(of: position, in: size, beside: cover)
    }

    /// What shows that the log of `size` entries goes on from the log of `old` entries.
    package func consistencyProof(from old: UInt64, to size: UInt64) throws(StoreError) -> [Digest] {
        try logTree.consistency(from: old, to: size)
    }
}
