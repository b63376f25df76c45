// A standalone receipt: what proves to anybody, offline, that the ward received a change set and what it decided.

/// The ward's word on one change set, with everything that is needed to check it (`docs/protocol.md`, "Receipt
/// files"). Every part is signed by the ward or the author, or leads to what the ward signed, so that the file itself
/// needs no signature. Without `content` nothing in it says what the change set is about.
package struct WardReceipt: Hashable, Sendable {
    /// What the author's header stands for, where the receipt shows it.
    package struct Content: Hashable, Sendable {
        package var skeleton: Bytes
        package var values: Bytes?

        package init(skeleton: Bytes, values: Bytes?) {
            self.skeleton = skeleton
            self.values = values
        }
    }

    /// The ward's descriptor, a signed object.
    package var descriptor: Bytes
    /// The header of the change set, and the author's signature.
    package var header: Bytes
    package var signature: Bytes
    /// The ward's decision: where it stands in the log, and the bytes of the leaf.
    package var position: Position
    package var entry: Bytes
    /// From the leaf to the root of the checkpoint.
    package var path: [Digest]
    /// The checkpoint, a signed object.
    package var checkpoint: Bytes
    package var content: Content?

    package init(
        descriptor: Bytes, header: Bytes, signature: Bytes, position: Position, entry: Bytes, path: [Digest],
        checkpoint: Bytes, content: Content? = nil
    ) {
        self.descriptor = descriptor
        self.header = header
        self.signature = signature
        self.position = position
        self.entry = entry
        self.path = path
        self.checkpoint = checkpoint
        self.content = content
    }

    // MARK: Checking

    /// Why a receipt proves nothing.
    package enum Fault: String, Error, Sendable {
        /// The descriptor is not one, or its root key did not sign it.
        case descriptor
        /// The ward's keys did not sign the checkpoint.
        case checkpoint
        /// The header is not one, or the author did not sign it for this ward.
        case author
        /// The entry is not a decision on this change set.
        case entry
        /// The path does not lead from the entry to the checkpoint's root.
        case path
        /// The content is not what the header was signed over.
        case content
    }

    /// What a sound receipt proves.
    package struct Proven: Sendable {
        package var descriptor: WardDescriptor
        package var header: ChangeSetHeader
        /// The change set's id.
        package var id: Digest
        package var record: LogRecord
        package var position: Position
        package var checkpoint: Checkpoint
        /// The whole change set, where the receipt carries it.
        package var change: ChangeSet?

        /// The document that the change set belongs to.
        package var document: Digest { header.document ?? id }
    }

    /// Checks everything, and says what is proven: that the ward whose descriptor this is took this decision on this
    /// change set. Whether it is the ward that somebody means is for them to compare, by the ward's id.
    /// - Parameter known: a descriptor that the reader has. Where it is the same ward's and newer, its keys count: the
    ///   one in the file may name a key that somebody else has by now.
    package func proven(scheme: some SignatureScheme, known: WardDescriptor? = nil) throws(Fault) -> Proven {
        guard let descriptor = WardDescriptor(verifying: descriptor, scheme: scheme) else { throw .descriptor }
        let ward = descriptor.ward
        guard
            let checkpoint = Checkpoint(
                verifying: checkpoint, ward: ward, keys: descriptor.keys(knowing: known), scheme: scheme)
        else { throw .checkpoint }
        guard let header = try? ChangeSetHeader(decoding: header),
            scheme.verify(
                signature: signature, message: Signatures.message(.changeset, ward: ward, self.header),
                publicKey: header.device.digest)
        else { throw .author }
        let id = Blake2b.hash(self.header)
        guard let record = try? LogRecord(decoding: entry), let decided = record.entry.decided,
            decided.id == id, decided.dot == header.dot
        else { throw .entry }
        guard position.epoch <= checkpoint.position.epoch, position.index > 0,
            let root = MerkleProof.root(
                of: MerkleTree.leaf(entry), leaf: position.index - 1, in: checkpoint.position.index, path: path),
            root == checkpoint.root
        else { throw .path }
        var change: ChangeSet?
        if let content {
            change = try? ChangeSet(
                header: self.header, signature: signature, skeleton: content.skeleton, values: content.values)
            if change == nil { throw .content }
        }
        return Proven(
            descriptor: descriptor, header: header, id: id, record: record, position: position,
            checkpoint: checkpoint, change: change)
    }
}

// MARK: Coding

extension WardReceipt {
    /// `[1, descriptor, header, signature, position, entry, path, checkpoint, content]`.
    package var encoded: Bytes {
        var writer = CBORWriter(reserving: 2048)
        writer.arrayHeader(count: 9)
        writer.unsigned(1)
        writer.byteString(descriptor)
        writer.byteString(header)
        writer.byteString(signature)
        writer.unsigned(position.rawValue)
        writer.byteString(entry)
        writer.byteString(MerkleProof.bytes(path))
        writer.byteString(checkpoint)
        if let content {
            writer.arrayHeader(count: 2)
            writer.byteString(content.skeleton)
            if let values = content.values { writer.byteString(values) } else { writer.null() }
        } else {
            writer.null()
        }
        return writer.bytes
    }

    /// Reads a receipt within the limits of its parts, unverified.
    package init(decoding bytes: Bytes) throws(CBORError) {
        var reader = CBORReader(bytes)
        let unfit = CBORError(.typeMismatch, at: 0)
        guard try reader.arrayHeader(max: 9) == 9, try reader.unsigned() == 1 else { throw unfit }
        descriptor = try reader.byteString(max: 10 * 1024)
        header = try reader.byteString(max: ChangeSetLimits.maxHeader)
        signature = try reader.byteString(max: ChangeSetLimits.signatureLength)
        position = Position(rawValue: try reader.unsigned())
        entry = try reader.byteString(max: 8192)
        guard let path = MerkleProof.path(try reader.byteString(max: MerkleProof.maxLength * Digest.byteCount)) else {
            throw unfit
        }
        self.path = path
        checkpoint = try reader.byteString(max: 1024)
        if reader.isNull() {
            try reader.null()
        } else {
            guard try reader.arrayHeader(max: 2) == 2 else { throw unfit }
            let skeleton = try reader.byteString(max: ChangeSetLimits.maxSkeleton)
            if reader.isNull() {
                try reader.null()
                content = Content(skeleton: skeleton, values: nil)
            } else {
                content = Content(
                    skeleton: skeleton, values: try reader.byteString(max: ChangeSetLimits.maxPayload))
            }
        }
        try reader.finish()
    }
}
