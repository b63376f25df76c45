// One hash for many documents, so that two replicas can be compared at a glance.

/// The hash of a set of documents' states.
package enum StateHash {
    /// BLAKE2b-256 over (id ‖ state hash) of every document, in the order of their ids.
    package static func combine(_ items: [(id: Digest, hash: Digest)]) -> Digest {
        var bytes = Bytes()
        bytes.reserveCapacity(items.count * 2 * Digest.byteCount)
        for item in items.sorted(by: { $0.id < $1.id }) {
            item.id.append(to: &bytes)
            item.hash.append(to: &bytes)
        }
        return Blake2b.hash(bytes)
    }
}
