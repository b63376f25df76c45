// Proofs about the ward log: that an entry stands in it, and that a longer log goes on from a shorter one.

/// Audit paths and consistency proofs of RFC 6962 §2.1.1 and §2.1.2 (`docs/protocol.md`, "Proofs"). Leaves count from
/// 0 here: the entry at position p is the leaf p - 1.
///
/// Making a proof asks for the roots of complete subtrees, wherever those come from; checking one is pure arithmetic,
/// bounded by 64 steps, and never traps.
package enum MerkleProof {
    /// The longest path that any tree has.
    package static let maxLength = 64

    // MARK: Making

    /// The path from a leaf to the root over `size` leaves, the leaf's sibling first.
    /// - Parameters:
    ///   - cover: subtrees whose roots the reader knows: what follows from them is left out.
    ///   - complete: the root of the 2^level leaves that begin at `start`.
    package static func inclusion<Failure: Error>(
        of leaf: UInt64, in size: UInt64, beside cover: TreeCover? = nil,
        complete: (_ start: UInt64, _ level: Int) throws(Failure) -> Digest
    ) throws(Failure) -> [Digest] {
        var path: [Digest] = []
        for leaves in siblings(of: leaf, in: size) where !(cover?.covers(leaves) ?? false) {
            path.append(try root(leaves.lowerBound, leaves.upperBound, complete))
        }
        return path
    }

    /// The leaves below each node of an audit path, the leaf's sibling first.
    static func siblings(of leaf: UInt64, in size: UInt64) -> [Range<UInt64>] {
        guard leaf < size else { return [] }
        var found: [Range<UInt64>] = []
        var (low, high) = (UInt64(0), size)
        while high - low > 1 {
            let middle = low + split(high - low)
            if leaf < middle {
                found.append(middle..<high)
                high = middle
            } else {
                found.append(low..<middle)
                low = middle
            }
        }
        return found.reversed()
    }

    /// What shows that the first `old` of `size` leaves are those of the earlier tree; empty where there is nothing
    /// to show.
    package static func consistency<Failure: Error>(
        from old: UInt64, to size: UInt64, complete: (_ start: UInt64, _ level: Int) throws(Failure) -> Digest
    ) throws(Failure) -> [Digest] {
        guard old > 0, old < size else { return [] }
        var path: [Digest] = []
        var (low, high) = (UInt64(0), size)
        while old != high {
            let middle = low + split(high - low)
            if old <= middle {
                path.append(try root(middle, high, complete))
                high = middle
            } else {
                path.append(try root(low, middle, complete))
                low = middle
            }
        }
        // The earlier root itself is known to whoever asks.
        if low > 0 { path.append(try root(low, high, complete)) }
        return path.reversed()
    }

    /// The root over a range of leaves that is a subtree.
    private static func root<Failure: Error>(
        _ low: UInt64, _ high: UInt64, _ complete: (UInt64, Int) throws(Failure) -> Digest
    ) throws(Failure) -> Digest {
        let count = high - low
        if count.nonzeroBitCount == 1 { return try complete(low, count.trailingZeroBitCount) }
        let middle = low + split(count)
        return Blake2b.hash(prefix: 1, try root(low, middle, complete), try root(middle, high, complete))
    }

    /// The largest power of two below a count of two or more.
    static func split(_ count: UInt64) -> UInt64 { 1 << UInt64(63 - (count - 1).leadingZeroBitCount) }

    // MARK: Checking

    /// The root that a leaf's hash and its path lead to; `nil` where the path is not one of that place and size.
    package static func root(of hash: Digest, leaf: UInt64, in size: UInt64, path: [Digest]) -> Digest? {
        guard leaf < size, path.count <= maxLength else { return nil }
        var (place, last) = (leaf, size - 1)
        var root = hash
        for node in path {
            guard last != 0 else { return nil }
            if place & 1 == 1 || place == last {
                root = Blake2b.hash(prefix: 1, node, root)
                while place & 1 == 0, place != 0 {
                    place >>= 1
                    last >>= 1
                }
            } else {
                root = Blake2b.hash(prefix: 1, root, node)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 ? root : nil
    }

    /// The roots that a consistency proof leads to: over the first `old` leaves, and over all of them. `nil` where the
    /// proof is not one of these sizes.
    ///
    /// Where the second is the ward's signed root and the first is not the earlier signed root, the proof itself shows
    /// that the ward keeps two logs. For that it may begin with an earlier root that RFC 6962 would leave out.
    package static func roots(from old: UInt64, root oldRoot: Digest, to size: UInt64, path: [Digest])
        -> (old: Digest, new: Digest)?
    {
        guard old > 0, old <= size, path.count <= maxLength else { return nil }
        if old == size { return path.isEmpty ? (oldRoot, oldRoot) : nil }
        var nodes = path[...]
        var (place, last) = (old - 1, size - 1)
        while place & 1 == 1 {
            place >>= 1
            last >>= 1
        }
        // Where the earlier tree is one complete subtree of the later one, RFC 6962 leaves it out of the proof. What
        // names another one in front proves to anybody that the later tree does not begin with the earlier root.
        var earlier = oldRoot
        if place != 0 || nodes.count > 64 - last.leadingZeroBitCount {
            guard let first = nodes.popFirst() else { return nil }
            earlier = first
        }
        var later = earlier
        for node in nodes {
            guard last != 0 else { return nil }
            if place & 1 == 1 || place == last {
                earlier = Blake2b.hash(prefix: 1, node, earlier)
                later = Blake2b.hash(prefix: 1, node, later)
                while place & 1 == 0, place != 0 {
                    place >>= 1
                    last >>= 1
                }
            } else {
                later = Blake2b.hash(prefix: 1, later, node)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 ? (earlier, later) : nil
    }
}

extension MerkleProof {
    /// A path as bytes: the hashes one after the other.
    package static func bytes(_ path: [Digest]) -> Bytes {
        var bytes = Bytes()
        bytes.reserveCapacity(path.count * Digest.byteCount)
        for node in path { node.append(to: &bytes) }
        return bytes
    }

    /// Reads a path; `nil` for what is not whole hashes, or more of them than any tree has.
    package static func path(_ bytes: Bytes, most: Int = maxLength) -> [Digest]? {
        guard bytes.count % Digest.byteCount == 0, bytes.count <= most * Digest.byteCount else { return nil }
        return stride(from: 0, to: bytes.count, by: Digest.byteCount).compactMap { Digest(bytes, at: $0) }
    }
}
