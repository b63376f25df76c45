// The tree of RFC 6962 a second time, written straight from sections 2.1, 2.1.1 and 2.1.2, over arrays.

@testable import SyncKit

enum SimpleTree {
    /// MTH(D[n])
    static func root(_ leaves: ArraySlice<Digest>) -> Digest {
        guard let first = leaves.first else { return Blake2b.hash(Bytes()) }
        if leaves.count == 1 { return first }
        let k = split(leaves.count)
        return Blake2b.hash([1] + root(leaves.prefix(k)).bytes + root(leaves.dropFirst(k)).bytes)
    }

    /// PATH(m, D[n])
    static func path(_ m: Int, _ leaves: ArraySlice<Digest>) -> [Digest] {
        if leaves.count == 1 { return [] }
        let k = split(leaves.count)
        return m < k
            ? path(m, leaves.prefix(k)) + [root(leaves.dropFirst(k))]
            : path(m - k, leaves.dropFirst(k)) + [root(leaves.prefix(k))]
    }

    /// PROOF(m, D[n])
    static func proof(_ m: Int, _ leaves: ArraySlice<Digest>) -> [Digest] { subproof(m, leaves, true) }

    private static func subproof(_ m: Int, _ leaves: ArraySlice<Digest>, _ isWhole: Bool) -> [Digest] {
        if m == leaves.count { return isWhole ? [] : [root(leaves)] }
        let k = split(leaves.count)
        return m <= k
            ? subproof(m, leaves.prefix(k), isWhole) + [root(leaves.dropFirst(k))]
            : subproof(m - k, leaves.dropFirst(k), false) + [root(leaves.prefix(k))]
    }

    /// The root that a path leads to, by taking PATH apart from its end.
    static func climb(_ leaf: Digest, _ m: Int, _ n: Int, _ path: ArraySlice<Digest>) -> Digest? {
        if n == 1 { return path.isEmpty ? leaf : nil }
        guard let last = path.last else { return nil }
        let k = split(n)
        if m < k {
            return climb(leaf, m, k, path.dropLast()).map { Blake2b.hash([1] + $0.bytes + last.bytes) }
        }
        return climb(leaf, m - k, n - k, path.dropLast()).map { Blake2b.hash([1] + last.bytes + $0.bytes) }
    }

    /// The largest power of two smaller than n.
    static func split(_ n: Int) -> Int {
        var k = 1
        while k * 2 < n { k *= 2 }
        return k
    }
}
