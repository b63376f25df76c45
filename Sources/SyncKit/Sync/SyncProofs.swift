// What a device wants proven of the ward log, and what the ward answers to that.

/// The proofs that a device wants (`docs/protocol.md`, "Request").
package struct ProofRequest: Hashable, Sendable {
    /// The most change sets that one request may name.
    package static let maxSequences = 64

    /// The position of the newest checkpoint that the device holds, or where a restore ended; the start for none.
    package var known: Position
    /// Own change sets whose place in the log is to be proven; ascending.
    package var sequences: [UInt64]

    package init(known: Position, sequences: [UInt64]) {
        self.known = known
        self.sequences = sequences
    }

    func write(to writer: inout CBORWriter) {
        writer.arrayHeader(count: 2)
        writer.unsigned(known.rawValue)
        writer.arrayHeader(count: sequences.count)
        for sequence in sequences { writer.unsigned(sequence) }
    }

    init(reading reader: inout CBORReader) throws(CBORError) {
        let unfit = CBORError(.typeMismatch, at: reader.offset)
        guard try reader.arrayHeader(max: 2) == 2 else { throw unfit }
        known = Position(rawValue: try reader.unsigned())
        sequences = []
        for _ in 0..<(try reader.arrayHeader(max: Self.maxSequences)) {
            let sequence = try reader.unsigned()
            guard sequence > sequences.last ?? 0 else { throw unfit }
            sequences.append(sequence)
        }
        guard sequences.last ?? 0 < 1 << 48 else { throw unfit }
    }
}

/// Proofs against the checkpoint of the frame that carries them.
package struct AnsweredProofs: Hashable, Sendable {
    /// An entry on one of the device's change sets, and its audit path.
    package struct Included: Hashable, Sendable {
        package var position: Position
        /// The bytes of the leaf; on the wire empty where a receipt of the same frame stands for it.
        package var entry: Bytes
        package var path: [Digest]

        package init(position: Position, entry: Bytes, path: [Digest]) {
            self.position = position
            self.entry = entry
            self.path = path
        }
    }

    /// From the size that the device named to that of the checkpoint; empty where there is nothing to show. Beside a tree
    /// that the device holds these are roots of subtrees (`TreeCover`), until the device has put the proof together.
    package var consistency: [Digest] = []
    package var included: [Included] = []
    /// Whether `consistency` and the paths are without what follows from a tree that the device holds.
    package var isBesideTree = false
    /// The tree at the checkpoint, where the device could tell it from the proofs. Not on the wire.
    package var tree: MerkleTree?

    package init() {}

    package var isEmpty: Bool { consistency.isEmpty && included.isEmpty }

    /// The entry that is all of a subtree, where it is one of those that are proven: then its root need not be told.
    func entry(of subtree: TreeCover.Subtree) -> Bytes? {
        guard subtree.level == 0 else { return nil }
        return included.first { $0.position.index == subtree.end }?.entry
    }

    /// Leaves out the entries that the receipts of the frame stand for.
    mutating func leaveOut(entriesOf receipts: [ReceiptRun]) {
        for index in included.indices {
            let position = included[index].position.rawValue
            let isThere = receipts.contains {
                position >= $0.position.rawValue && position - $0.position.rawValue < UInt64($0.count)
            }
            if isThere { included[index].entry = [] }
        }
    }

    func write(to writer: inout CBORWriter) {
        writer.arrayHeader(count: isBesideTree ? 3 : 2)
        writer.byteString(MerkleProof.bytes(consistency))
        writer.arrayHeader(count: included.count)
        for item in included {
            writer.arrayHeader(count: 3)
            writer.unsigned(item.position.rawValue)
            writer.byteString(item.entry)
            writer.byteString(MerkleProof.bytes(item.path))
        }
        if isBesideTree { writer.bool(true) }
    }

    init(reading reader: inout CBORReader) throws(CBORError) {
        let unfit = CBORError(.typeMismatch, at: reader.offset)
        func path(most: Int = MerkleProof.maxLength) throws(CBORError) -> [Digest] {
            let bytes = try reader.byteString(max: most * Digest.byteCount)
            guard let path = MerkleProof.path(bytes, most: most) else { throw unfit }
            return path
        }
        let parts = try reader.arrayHeader(max: 3)
        guard parts >= 2 else { throw unfit }
        consistency = try path(most: parts == 3 ? TreeCover.maxLength : MerkleProof.maxLength)
        for _ in 0..<(try reader.arrayHeader(max: ProofRequest.maxSequences)) {
            guard try reader.arrayHeader(max: 3) == 3 else { throw unfit }
            let position = Position(rawValue: try reader.unsigned())
            let entry = try reader.byteString(max: 8192)
            included.append(Included(position: position, entry: entry, path: try path()))
        }
        if parts == 3 {
            isBesideTree = try reader.bool()
            guard isBesideTree else { throw unfit }
        }
    }
}
