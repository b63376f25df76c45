// The ward log as a Merkle tree: append a leaf, know the root.

/// An append-only Merkle tree of the shape of RFC 6962 §2.1 with BLAKE2b-256: leaf = H(0x00 ‖ bytes),
/// node = H(0x01 ‖ left ‖ right), the root of nothing = H(""). It keeps one hash for each complete subtree,
/// which is all that appending needs.
package struct MerkleTree: Sendable, Hashable {
    /// The number of leaves.
    package private(set) var size: UInt64 = 0
    /// The roots of the complete subtrees, the largest first.
    package private(set) var peaks: [Digest] = []

    package init() {}

    /// A tree of so many leaves; `nil` where it has not as many complete subtrees.
    package init?(size: UInt64, peaks: [Digest]) {
        guard peaks.count == size.nonzeroBitCount else { return nil }
        (self.size, self.peaks) = (size, peaks)
    }

    /// The hash of a leaf.
    package static func leaf(_ bytes: Bytes) -> Digest { Blake2b.hash(prefix: 0, bytes) }

    package mutating func append(leaf: Digest) {
        var hash = leaf
        var rest = size
        while rest & 1 == 1, let left = peaks.popLast() {
            hash = Blake2b.hash(prefix: 1, left, hash)
            rest >>= 1
        }
        peaks.append(hash)
        size &+= 1
    }

    /// The root over all leaves.
    package var root: Digest {
        guard var hash = peaks.last else { return Blake2b.hash(Bytes()) }
        for peak in peaks.dropLast().reversed() { hash = Blake2b.hash(prefix: 1, peak, hash) }
        return hash
    }

    /// The root of the smallest complete subtree, which ends with the last leaf; `nil` where there are no leaves.
    package var smallestPeak: Digest? { peaks.last }

    /// The tree as stored bytes: the size, then the subtree roots.
    package var encoded: Bytes {
        var bytes = Bytes(bigEndian: size)
        for peak in peaks { peak.append(to: &bytes) }
        return bytes
    }

    /// Reads stored bytes; `nil` where they are not a tree's.
    package init?(decoding bytes: Bytes) {
        guard bytes.count >= 8, let size = UInt64(bigEndianBytes: bytes[0..<8]) else { return nil }
        guard bytes.count == 8 + 32 * size.nonzeroBitCount else { return nil }
        self.size = size
        for index in 0..<size.nonzeroBitCount {
            guard let peak = Digest(bytes, at: 8 + 32 * index) else { return nil }
            peaks.append(peak)
        }
    }
}
