// Which leaves of a content are held.

/// A set of leaves, one bit for each, the first leaf in the lowest bit of the first byte.
package struct LeafSet: Hashable, Sendable {
    package private(set) var bytes: Bytes
    package let count: Int

    /// None of `count` leaves.
    package init(count: Int) {
        self.count = max(0, count)
        bytes = Bytes(repeating: 0, count: (self.count + 7) / 8)
    }

    /// Reads stored bytes; `nil` where they are not those of so many leaves.
    package init?(bytes: Bytes, count: Int) {
        guard bytes.count == (count + 7) / 8 else { return nil }
        self.bytes = bytes
        self.count = count
        if let last = bytes.last, count & 7 != 0, last >> UInt8(count & 7) != 0 { return nil }
    }

    package func contains(_ leaf: Int) -> Bool {
        (0..<count).contains(leaf) && bytes[leaf >> 3] >> UInt8(leaf & 7) & 1 == 1
    }

    package func contains(allOf leaves: Range<Int>) -> Bool { leaves.allSatisfy(contains) }

    package mutating func insert(_ leaves: Range<Int>) {
        for leaf in leaves.clamped(to: 0..<count) { bytes[leaf >> 3] |= 1 << UInt8(leaf & 7) }
    }

    /// How many leaves are in it.
    package var size: Int { bytes.reduce(0) { $0 + $1.nonzeroBitCount } }

    package var isWhole: Bool { size == count }

    /// The leaves that are not in it, in runs, the first ones first.
    package func missing(most: Int = .max) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var leaf = 0
        while leaf < count, runs.count < most {
            guard !contains(leaf) else {
                leaf += 1
                continue
            }
            let start = leaf
            while leaf < count, !contains(leaf) { leaf += 1 }
            runs.append(start..<leaf)
        }
        return runs
    }
}
