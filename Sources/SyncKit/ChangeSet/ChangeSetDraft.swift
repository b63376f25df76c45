// What a person wants to do to one document, before it is signed.

/// The operations and values of one action, and what the author had seen; signing makes a change set of it.
package struct ChangeSetDraft: Sendable {
    package var kind: DocumentKind
    /// `nil` creates a document.
    package var document: Digest?
    package var operations: [Operation] = []
    /// The encoded value of each operation that takes one, in order.
    package var values: [Bytes] = []
    package var isSalted = false
    package var seenDots: [Dot] = []
    package var reissues: Digest?

    package init(kind: DocumentKind, document: Digest? = nil) {
        self.kind = kind
        self.document = document
    }

    /// Adds an operation that takes no value.
    package mutating func perform(_ operation: Operation) { operations.append(operation) }

    /// Adds an operation with its value.
    package mutating func perform(_ operation: Operation, _ value: CBORValue) {
        operations.append(operation)
        values.append(value.encoded)
        if let spec = Schema.field(kind, operation.slot.field), spec.isSalted { isSalted = true }
    }

    /// Signs it as the next link of a device's chain.
    /// - Throws: `tooLarge` where the action does not fit one change set.
    package func signed(
        by key: SigningKey, ward: Digest, after link: ChainLink, time: HybridTime, seen: SeenMark, salt: Bytes,
        scheme: some SignatureScheme
    ) throws(ChangeSetError) -> ChangeSet {
        guard !operations.isEmpty, operations.count <= ChangeSetLimits.maxOperations else {
            throw ChangeSetError(operations.isEmpty ? .malformed : .tooLarge, "operations")
        }
        let own = DeviceID(key.publicKey)
        let listed = Set(seenDots).filter { $0.device != own }.sorted()
        guard listed.count <= ChangeSetLimits.maxSeenDots else { throw ChangeSetError(.tooLarge, "seen") }
        let skeleton = Operation.encodeSkeleton(operations)
        let encodedValues = values.isEmpty ? nil : ChangeValues(salt: isSalted ? salt : [], values: values).bytes
        let header = ChangeSetHeader(
            device: own, sequence: link.sequence + 1, previous: link.id, authorTime: time,
            kind: UInt64(kind.rawValue), document: document, schemaVersion: Schema.version, seen: seen,
            seenDots: listed, reissues: reissues, skeletonHash: Blake2b.hash(skeleton),
            skeletonLength: UInt64(skeleton.count), valuesHash: encodedValues.map { Blake2b.hash($0) },
            valuesLength: UInt64(encodedValues?.count ?? 0))
        let bytes = header.encoded()
        return try ChangeSet(
            header: header, headerBytes: bytes,
            signature: key.sign(.changeset, ward: ward, bytes, scheme: scheme), skeleton: skeleton,
            values: encodedValues, hashesAreKnown: true)
    }
}

/// The end of a device's chain: its newest change set.
package struct ChainLink: Hashable, Sendable {
    /// 0 before the first.
    package var sequence: UInt64
    /// The id of the newest change set; `nil` before the first.
    package var id: Digest?

    package init(sequence: UInt64, id: Digest?) {
        self.sequence = sequence
        self.id = id
    }

    package static let start = ChainLink(sequence: 0, id: nil)
}
