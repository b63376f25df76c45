// Complete subtrees side by side: who knows their roots can work out most of what a proof would tell.

/// The complete subtrees that cover the first leaves of a tree as they were grouped at two of its sizes, with their roots
/// where they are known (`docs/protocol.md`, "Proofs in answers").
///
/// A device keeps the tree at its newest checkpoint, which is the roots of a few complete subtrees. What came since are a
/// few more beside them. Of a path only those nodes are left to tell that lie within one of these subtrees.
package struct TreeCover: Sendable {
    /// A complete subtree: 2^level leaves from `start` on, which is a multiple of that.
    package struct Subtree: Hashable, Sendable {
        package var start: UInt64
        package var level: Int
        /// The first leaf behind it.
        var end: UInt64 { start + 1 << UInt64(level) }
    }

    /// The most subtrees of a cover.
    package static let maxLength = 192

    package let subtrees: [Subtree]
    private var roots: [Digest] = []

    /// The subtrees between two sizes of a tree, each as large as its place allows.
    package static func subtrees(from old: UInt64, to size: UInt64) -> [Subtree] {
        var found: [Subtree] = []
        var start = old
        while start < size {
            let room = 63 - (size - start).leadingZeroBitCount
            let next = Subtree(start: start, level: start == 0 ? room : min(room, start.trailingZeroBitCount))
            found.append(next)
            start = next.end
        }
        return found
    }

    /// How the tree of `size` leaves is grouped for who knows it at its first `known` leaves; without the roots.
    package init(known: UInt64, size: UInt64) {
        subtrees = Self.subtrees(from: 0, to: min(known, size)) + Self.subtrees(from: min(known, size), to: size)
    }

    /// With the roots of all subtrees, from the left; `nil` where there are not as many.
    package init?(known: UInt64, size: UInt64, roots: [Digest]) {
        self.init(known: known, size: size)
        guard roots.count == subtrees.count else { return nil }
        self.roots = roots
    }

    /// Whether the root over these leaves follows from the roots of the subtrees; otherwise they lie within one of them.
    /// - Parameter leaves: those of a node of the tree.
    package func covers(_ leaves: Range<UInt64>) -> Bool {
        first(from: leaves.lowerBound).map { subtrees[$0].end <= leaves.upperBound } ?? false
    }

    /// The root over the leaves of a node; `nil` where it does not follow from the roots of the subtrees.
    package func root(over leaves: Range<UInt64>) -> Digest? {
        guard let first = first(from: leaves.lowerBound), first < roots.count else { return nil }
        let end = subtrees[first].end
        if end == leaves.upperBound { return roots[first] }
        guard end < leaves.upperBound else { return nil }
        let middle = leaves.lowerBound + MerkleProof.split(leaves.upperBound - leaves.lowerBound)
        guard let left = root(over: leaves.lowerBound..<middle), let right = root(over: middle..<leaves.upperBound)
        else { return nil }
        return Blake2b.hash(prefix: 1, left, right)
    }

    /// The whole tree, to append to; `nil` where the roots are not known.
    package var tree: MerkleTree? {
        let size = subtrees.last?.end ?? 0
        var peaks: [Digest] = []
        for peak in Self.subtrees(from: 0, to: size) {
            guard let root = root(over: peak.start..<peak.end) else { return nil }
            peaks.append(root)
        }
        return MerkleTree(size: size, peaks: peaks)
    }

    /// The whole audit path of a leaf, from the nodes of it that were told; `nil` where too many or too few were.
    package func path(of leaf: UInt64, told: [Digest]) -> [Digest]? {
        let size = subtrees.last?.end ?? 0
        guard leaf < size else { return nil }
        var told = told[...]
        var path: [Digest] = []
        for leaves in MerkleProof.siblings(of: leaf, in: size) {
            guard let node = root(over: leaves) ?? told.popFirst() else { return nil }
            path.append(node)
        }
        return told.isEmpty ? path : nil
    }

    /// The consistency proof from an earlier size that the subtrees were grouped at; `nil` where it does not follow.
    package func consistency(from old: UInt64) -> [Digest]? {
        struct Unknown: Error {}
        return try? MerkleProof.consistency(from: old, to: subtrees.last?.end ?? 0) { start, level throws(Unknown) in
            guard let root = root(over: start..<(start + 1 << UInt64(level))) else { throw Unknown() }
            return root
        }
    }

    private func first(from leaf: UInt64) -> Int? {
        var (low, high) = (0, subtrees.count)
        while low < high {
            let middle = (low + high) / 2
            if subtrees[middle].start < leaf { low = middle + 1 } else { high = middle }
        }
        return low < subtrees.count && subtrees[low].start == leaf ? low : nil
    }
}
