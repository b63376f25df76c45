// One hash over the states of many documents, so that two replicas can be compared in one line.

/// The hash of what two replicas both hold (`docs/data-model.md`, "State hash").
package enum StateHash {
    /// The hash over these documents, in any order.
    package static func combine(_ items: [(id: Digest, hash: Digest)]) -> Digest {
        var sum = StateSum()
        for item in items { sum.add(StateSum.Item(id: item.id, hash: item.hash)) }
        return sum.hash
    }
}

/// A sum over documents' states, to and from which documents are added and taken without looking at the others.
package struct StateSum: Hashable, Sendable {
    /// What one document adds: BLAKE2b-256 of its id and its state hash.
    package struct Item: Hashable, Sendable {
        let digest: Digest

        package init(id: Digest, hash: Digest) { digest = Blake2b.hash(id.bytes + hash.bytes) }
    }

    /// Four numbers of 64 bits, each the sum of the items' numbers at its place, modulo 2^64.
    private var lanes: SIMD4<UInt64> = .zero
    package private(set) var count = 0

    package init() {}

    package mutating func add(_ item: Item) {
        lanes &+= item.digest.lanes
        count &+= 1
    }

    package mutating func remove(_ item: Item) {
        lanes &-= item.digest.lanes
        count &-= 1
    }

    package mutating func add(_ other: StateSum) {
        lanes &+= other.lanes
        count &+= other.count
    }

    /// The sum's 32 bytes, most significant first.
    package var bytes: Bytes { (0..<4).flatMap { Bytes(bigEndian: lanes[$0]) } }

    /// A sum that was stored.
    package init?(_ bytes: Bytes, count: Int) {
        guard let digest = Digest(bytes), count >= 0 else { return nil }
        lanes = digest.lanes
        self.count = count
    }

    /// BLAKE2b-256 of the sum's bytes; of no documents the hash of no bytes.
    package var hash: Digest { Blake2b.hash(count == 0 ? [] : bytes) }
}
