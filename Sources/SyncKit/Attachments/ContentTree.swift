// A file's content as the leaves of a tree: any part of it verifies by itself against the root.

/// Content in leaves of 4 KiB under a tree of the shape of RFC 6962 (`docs/protocol.md`, "Content"). 2^level leaves
/// that begin at a multiple of 2^level are a subtree, so that a part of the content needs one path, however long it is.
package enum ContentTree {
    /// The length of a leaf in bytes; the last one may be shorter.
    package static let leafLength = 4096
    /// The largest part that is sent in one piece: 2^3 leaves, 32 KiB.
    package static let maxLevel = 3

    /// How many leaves content of a length has.
    package static func leafCount(_ length: Int) -> Int { (length + leafLength - 1) / leafLength }

    /// The name of content: its length, and the root that stands for it.
    package static func name(_ content: Bytes) -> ContentName {
        ContentName(root: root(over: subtree(content), length: content.count), length: content.count)
    }

    /// The root of content binds its length: H(0x02 ‖ length, 8 bytes ‖ root of the tree).
    private static func root(over tree: Digest, length: Int) -> Digest {
        Blake2b.hash(prefix: 2, Bytes(bigEndian: UInt64(max(0, length))) + tree.bytes)
    }

    private static func subtree(_ bytes: Bytes) -> Digest {
        var tree = MerkleTree()
        for hash in leaves(of: bytes) { tree.append(leaf: hash) }
        return tree.root
    }

    /// The hash of each leaf.
    package static func leaves(of content: Bytes) -> [Digest] {
        stride(from: 0, to: content.count, by: leafLength).map {
            MerkleTree.leaf(Bytes(content[$0..<min($0 + leafLength, content.count)]))
        }
    }

    /// How large the parts of content of a length are, as a level: at most a thirty-second of it, so that also of what is
    /// short a cut costs little, but two leaves, for smaller ones carry more of their paths than they save.
    /// - Parameter most: the level that suits the link.
    package static func level(at most: Int, length: Int) -> Int {
        var level = min(max(0, most), maxLevel)
        while level > 1, leafLength << level > length / 32 { level -= 1 }
        return level
    }

    /// The leaves that a part holds; `nil` for a place that content of this length does not have.
    package static func leaves(level: Int, index: Int, length: Int) -> Range<Int>? {
        guard (0...maxLevel).contains(level), length > 0, index >= 0 else { return nil }
        let count = leafCount(length)
        guard index < blockCount(count, level) else { return nil }
        return index << level..<min((index + 1) << level, count)
    }

    /// The bytes of the content that a range of leaves holds.
    package static func bytes(_ leaves: Range<Int>, length: Int) -> Range<Int> {
        leaves.lowerBound * leafLength..<min(leaves.upperBound * leafLength, length)
    }

    private static func blockCount(_ leaves: Int, _ level: Int) -> Int { (leaves + (1 << level) - 1) >> level }

    /// The path from a part to the root.
    package static func path(_ leaves: [Digest], level: Int, index: Int) -> [Digest] {
        let blocks = blocks(leaves, level)
        var nodes: [[Digest]] = [blocks]
        // Complete subtrees of the tree over the blocks, level by level.
        while let last = nodes.last, last.count > 1 {
            nodes.append(
                stride(from: 0, to: last.count - 1, by: 2).map { Blake2b.hash(prefix: 1, last[$0], last[$0 + 1]) })
        }
        return MerkleProof.inclusion(of: UInt64(index), in: UInt64(blocks.count)) { start, level in
            nodes[level][Int(start) >> level]
        }
    }

    /// The root over each 2^level leaves; the last one over what is left.
    private static func blocks(_ leaves: [Digest], _ level: Int) -> [Digest] {
        stride(from: 0, to: leaves.count, by: 1 << level).map { start in
            var tree = MerkleTree()
            for leaf in leaves[start..<min(start + 1 << level, leaves.count)] { tree.append(leaf: leaf) }
            return tree.root
        }
    }

    /// Whether bytes are the part of the content that a root stands for.
    package static func verifies(_ bytes: Bytes, level: Int, index: Int, of content: ContentName, path: [Digest])
        -> Bool
    {
        guard let leaves = leaves(level: level, index: index, length: content.length),
            bytes.count == Self.bytes(leaves, length: content.length).count
        else { return false }
        let blocks = blockCount(leafCount(content.length), level)
        let tree = MerkleProof.root(of: subtree(bytes), leaf: UInt64(index), in: UInt64(blocks), path: path)
        return tree.map { root(over: $0, length: content.length) } == content.root
    }
}
