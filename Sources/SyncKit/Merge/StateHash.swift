// One hash over the states of many documents, so that two replicas can be compared in one line.

/// The hash of what two replicas both hold (`docs/data-model.md`, "State hash").
package enum StateHash {
    /// BLAKE2b-256 over id and state hash of every document, sorted by id. Of no documents: the hash of no bytes.
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
