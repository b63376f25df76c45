// A portable proof against a ward: what it signed, and what it signed that cannot be true beside it.

/// Two checkpoints of one ward, and where they alone do not contradict each other, what shows that they do
/// (`docs/protocol.md`, "Contradictions"). Holds nothing of what is in the log.
package struct LogContradiction: Hashable, Sendable {
    /// A signed frame of an answer, and the hash of the request that it answers.
    package struct Answer: Hashable, Sendable {
        package var request: Digest
        package var frame: Bytes

        package init(request: Digest, frame: Bytes) {
            self.request = request
            self.frame = frame
        }
    }

    /// The longest frame that is kept: one that delivers nothing.
    package static let maxFrame = 2048

    package var descriptor: Bytes
    /// The checkpoint that the ward signed earlier.
    package var first: Bytes
    /// The one that it showed later; empty where it showed none.
    package var second: Bytes
    /// The consistency proof that came with the second.
    package var path: [Digest]
    package var answer: Answer?

    package init(descriptor: Bytes, first: Bytes, second: Bytes, path: [Digest] = [], answer: Answer? = nil) {
        self.descriptor = descriptor
        self.first = first
        self.second = second
        self.path = path
        self.answer = answer
    }

    /// What the ward did.
    package enum Kind: String, Sendable {
        /// Two logs of the same size, or two that begin differently.
        case forked
        /// The log became shorter than it had been.
        case rolledBack
    }

    /// What a sound contradiction proves.
    package struct Proven: Sendable {
        package var descriptor: WardDescriptor
        package var kind: Kind
        package var first: Checkpoint
        package var second: Checkpoint?
    }

    /// Checks everything; `nil` where the parts are not the ward's, or may both be true.
    package func proven(scheme: some SignatureScheme) -> Proven? {
        guard let descriptor = WardDescriptor(verifying: descriptor, scheme: scheme),
            let first = checkpoint(first, of: descriptor, scheme)
        else { return nil }
        var found: Checkpoint?
        if !second.isEmpty {
            found = checkpoint(second, of: descriptor, scheme)
            if found == nil { return nil }
        }
        func proven(_ kind: Kind) -> Proven {
            Proven(descriptor: descriptor, kind: kind, first: first, second: found)
        }
        if let found {
            if first.contradicts(found) {
                return proven(found.position < first.position ? .rolledBack : .forked)
            }
            if found.position.epoch == first.position.epoch,
                let roots = MerkleProof.roots(
                    from: first.position.index, root: first.root, to: found.position.index, path: path),
                roots.new == found.root, roots.old != first.root
            {
                return proven(.forked)
            }
        }
        guard let said = read(descriptor, scheme), said.serverTime >= first.time else { return nil }
        if let found {
            // What the ward calls its newest checkpoint, signed for one request.
            guard said.index == 0, said.checkpoint == second, found.position < first.position else { return nil }
            return proven(.rolledBack)
        }
        guard said.upTo.position == first.position, said.upTo.root != first.root.prefix8 else { return nil }
        return proven(.forked)
    }

    private func checkpoint(
        _ bytes: Bytes, of descriptor: WardDescriptor, _ scheme: some SignatureScheme
    ) -> Checkpoint? {
        Checkpoint(verifying: bytes, ward: descriptor.ward, keys: descriptor.signingKeys, scheme: scheme)
    }

    private func read(_ descriptor: WardDescriptor, _ scheme: some SignatureScheme) -> SyncAnswer? {
        guard let answer, answer.frame.count <= Self.maxFrame else { return nil }
        let decoder = FrameDecoder(dictionary: FrameDictionary.named, document: { _ in nil }, previous: { _, _ in nil })
        return try? SyncAnswer(
            verifying: answer.frame, request: answer.request, ward: descriptor.ward, keys: descriptor.signingKeys,
            scheme: scheme, dictionary: FrameDictionary.named, decoder: decoder)
    }
}

// MARK: Coding

extension LogContradiction {
    /// `[1, descriptor, first, second, path, answer]`.
    package var encoded: Bytes {
        var writer = CBORWriter(reserving: 2048)
        writer.arrayHeader(count: 6)
        writer.unsigned(1)
        writer.byteString(descriptor)
        writer.byteString(first)
        writer.byteString(second)
        writer.byteString(MerkleProof.bytes(path))
        if let answer {
            writer.arrayHeader(count: 2)
            writer.byteString(answer.request)
            writer.byteString(answer.frame)
        } else {
            writer.null()
        }
        return writer.bytes
    }

    /// Reads a contradiction within the limits of its parts, unverified.
    package init(decoding bytes: Bytes) throws(CBORError) {
        var reader = CBORReader(bytes)
        let unfit = CBORError(.typeMismatch, at: 0)
        guard try reader.arrayHeader(max: 6) == 6, try reader.unsigned() == 1 else { throw unfit }
        descriptor = try reader.byteString(max: 10 * 1024)
        first = try reader.byteString(max: 1024)
        second = try reader.byteString(max: 1024)
        guard let path = MerkleProof.path(try reader.byteString(max: MerkleProof.maxLength * Digest.byteCount)) else {
            throw unfit
        }
        self.path = path
        if reader.isNull() {
            try reader.null()
        } else {
            guard try reader.arrayHeader(max: 2) == 2 else { throw unfit }
            let request = try reader.digest()
            answer = Answer(request: request, frame: try reader.byteString(max: Self.maxFrame))
        }
        try reader.finish()
    }
}
