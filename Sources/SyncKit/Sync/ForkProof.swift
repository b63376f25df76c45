// A portable proof that a device's store was copied: two headers that cannot both be of one chain.

/// Two headers that one device signed for one ward, and that do not fit one chain (`docs/protocol.md`, "Fork files").
/// Nothing of what the change sets say is in it.
package struct ForkProof: Hashable, Sendable {
    /// A header and the author's signature of it.
    package struct Signed: Hashable, Sendable {
        package var header: Bytes
        package var signature: Bytes

        package init(header: Bytes, signature: Bytes) {
            self.header = header
            self.signature = signature
        }
    }

    /// The ward's descriptor, a signed object.
    package var descriptor: Bytes
    package var first: Signed
    package var second: Signed

    package init(descriptor: Bytes, first: Signed, second: Signed) {
        self.descriptor = descriptor
        self.first = first
        self.second = second
    }

    package init(descriptor: Bytes, _ first: ChangeSet, _ second: ChangeSet) {
        self.init(
            descriptor: descriptor, first: Signed(header: first.headerBytes, signature: first.signature),
            second: Signed(header: second.headerBytes, signature: second.signature))
    }

    /// What a sound proof shows.
    package struct Proven: Sendable {
        package var descriptor: WardDescriptor
        package var first: ChangeSetHeader
        package var second: ChangeSetHeader
        package var ids: (first: Digest, second: Digest)

        package var device: DeviceID { first.device }
    }

    /// Checks everything; `nil` where the parts are not one device's, or may both be of one chain. Two headers do not
    /// fit one chain where they have one number, or where one has the next number and names another one before it.
    package func proven(scheme: some SignatureScheme) -> Proven? {
        guard let descriptor = WardDescriptor(verifying: descriptor, scheme: scheme),
            let one = read(first, descriptor.ward, scheme), let two = read(second, descriptor.ward, scheme),
            one.device == two.device
        else { return nil }
        let ids = (first: Blake2b.hash(first.header), second: Blake2b.hash(second.header))
        let isFork =
            one.sequence == two.sequence
            ? ids.first != ids.second : two.sequence == one.sequence + 1 && two.previous != ids.first
        return isFork ? Proven(descriptor: descriptor, first: one, second: two, ids: ids) : nil
    }

    private func read(_ signed: Signed, _ ward: Digest, _ scheme: some SignatureScheme) -> ChangeSetHeader? {
        guard let header = try? ChangeSetHeader(decoding: signed.header),
            scheme.verify(
                signature: signed.signature, message: Signatures.message(.changeset, ward: ward, signed.header),
                publicKey: header.device.digest)
        else { return nil }
        return header
    }
}

// MARK: Coding

extension ForkProof {
    /// `[1, descriptor, header, signature, header, signature]`.
    package var encoded: Bytes {
        var writer = CBORWriter(reserving: 1024)
        writer.arrayHeader(count: 6)
        writer.unsigned(1)
        writer.byteString(descriptor)
        for signed in [first, second] {
            writer.byteString(signed.header)
            writer.byteString(signed.signature)
        }
        return writer.bytes
    }

    /// Reads a proof within the limits of its parts, unverified.
    package init(decoding bytes: Bytes) throws(CBORError) {
        var reader = CBORReader(bytes)
        guard try reader.arrayHeader(max: 6) == 6, try reader.unsigned() == 1 else {
            throw CBORError(.typeMismatch, at: 0)
        }
        descriptor = try reader.byteString(max: 10 * 1024)
        var signed: [Signed] = []
        for _ in 0..<2 {
            let header = try reader.byteString(max: ChangeSetLimits.maxHeader)
            signed.append(
                Signed(header: header, signature: try reader.byteString(max: ChangeSetLimits.signatureLength)))
        }
        try reader.finish()
        first = signed[0]
        second = signed[1]
    }
}
