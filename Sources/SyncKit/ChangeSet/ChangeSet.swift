// One signed, immutable unit: what one person did to one document in one action.

/// A signed change set, with the bytes that were signed (`docs/protocol.md`, "Change sets"). A class, because it is
/// immutable and handed on often: one reference instead of a copy of all its parts.
package final class ChangeSet: Sendable, Hashable {
    /// The hash of the header: the change set's id, and the document's where it creates one.
    package let id: Digest
    package let header: ChangeSetHeader
    /// The bytes that were signed and hashed. Never encoded again.
    package let headerBytes: Bytes
    package let signature: Bytes
    package let skeleton: Bytes
    /// The operations; `nil` where the skeleton holds one that this version does not know.
    package let operations: [Operation]?
    /// Whether the header's bytes are what its parts encode to, with no key that this version does not know.
    let isPlainHeader: Bool
    /// The values; `nil` where no operation takes one, or where they were erased.
    package let values: ChangeValues?

    package var dot: Dot { header.dot }
    /// The document that it belongs to.
    package var document: Digest { header.document ?? id }
    /// Whether it creates its document, for the first time or again after a refusal.
    package var isCreation: Bool { header.document == nil }
    /// Whether the columns of a frame can hold its time and its values. What an honest program writes always fits; a ward
    /// takes nothing else.
    package var fitsColumns: Bool {
        header.authorTime.seconds < 1 << 47 && (values == nil || operations?.contains(where: \.takesValue) ?? true)
    }

    /// Puts the parts together and checks everything but the signature: hashes, lengths, shapes, counts.
    package convenience init(header headerBytes: Bytes, signature: Bytes, skeleton: Bytes, values: Bytes?)
        throws(ChangeSetError)
    {
        let header = try ChangeSetHeader(decoding: headerBytes)
        try self.init(
            header: header, headerBytes: headerBytes, signature: signature, skeleton: skeleton, values: values,
            hashesAreKnown: false)
    }

    /// The same from a header that was rebuilt from the parts, whose hashes therefore hold.
    package init(
        header: ChangeSetHeader, headerBytes: Bytes, signature: Bytes, skeleton: Bytes, values: Bytes?,
        hashesAreKnown: Bool
    ) throws(ChangeSetError) {
        guard signature.count == ChangeSetLimits.signatureLength else { throw ChangeSetError(.malformed, "signature") }
        guard skeleton.count + (values?.count ?? 0) <= ChangeSetLimits.maxPayload else {
            throw ChangeSetError(.tooLarge, "payload")
        }
        if !hashesAreKnown {
            guard UInt64(skeleton.count) == header.skeletonLength, Blake2b.hash(skeleton) == header.skeletonHash else {
                throw ChangeSetError(.hashMismatch, "skeleton")
            }
            if let values {
                guard UInt64(values.count) == header.valuesLength, Blake2b.hash(values) == header.valuesHash else {
                    throw ChangeSetError(.hashMismatch, "values")
                }
            }
        }
        let operations = try Operation.decodeSkeleton(skeleton)
        var decoded: ChangeValues?
        if let values { decoded = try ChangeValues(decoding: values) }
        if let operations, values != nil || header.valuesHash == nil {
            let taken = operations.reduce(0) { $0 + ($1.takesValue ? 1 : 0) }
            guard taken == (decoded?.count ?? 0) else { throw ChangeSetError(.valueCount, "values") }
        }
        id = Blake2b.hash(headerBytes)
        isPlainHeader = header.encoded() == headerBytes
        self.header = header
        self.headerBytes = headerBytes
        self.signature = signature
        self.skeleton = skeleton
        self.operations = operations
        self.values = decoded
    }

    /// A change set from parts that a frame's decoder checked already: only counts are left to check.
    init(
        header: ChangeSetHeader, headerBytes: Bytes, signature: Bytes, skeleton: Bytes, operations: [Operation],
        values: ChangeValues?
    ) {
        id = Blake2b.hash(headerBytes)
        isPlainHeader = true
        self.header = header
        self.headerBytes = headerBytes
        self.signature = signature
        self.skeleton = skeleton
        self.operations = operations
        self.values = values
    }

    package static func == (a: ChangeSet, b: ChangeSet) -> Bool {
        a === b
            || (a.headerBytes == b.headerBytes && a.signature == b.signature && a.skeleton == b.skeleton
                && a.values == b.values)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(id) }

    /// Whether it had values that were erased.
    package var isErased: Bool { values == nil && header.valuesHash != nil }

    /// The same without its values, which still verifies.
    package func erasing() throws(ChangeSetError) -> ChangeSet {
        try ChangeSet(
            header: header, headerBytes: headerBytes, signature: signature, skeleton: skeleton, values: nil,
            hashesAreKnown: true)
    }

    /// Whether the author's device signed the header for this ward.
    package func verify(ward: Digest, scheme: some SignatureScheme) -> Bool {
        scheme.verify(
            signature: signature,
            message: Signatures.message(.changeset, ward: ward, headerBytes),
            publicKey: header.device.digest)
    }

    /// The stored form, and the explicit form on the wire: `[header, signature, skeleton, values or null]`.
    package func encoded() -> Bytes {
        var writer = CBORWriter(reserving: headerBytes.count + skeleton.count + (values?.bytes.count ?? 0) + 80)
        writer.arrayHeader(count: 4)
        writer.byteString(headerBytes)
        writer.byteString(signature)
        writer.byteString(skeleton)
        if let values { writer.byteString(values.bytes) } else { writer.null() }
        return writer.bytes
    }

    /// Reads the stored or explicit form, with every check but the signature.
    /// - Parameter hashesAreKnown: whether the parts were checked against the header before they were stored.
    package convenience init(decoding bytes: Bytes, hashesAreKnown: Bool = false) throws(ChangeSetError) {
        let header: Bytes
        let signature: Bytes
        let skeleton: Bytes
        var values: Bytes?
        do {
            var reader = CBORReader(bytes)
            guard try reader.arrayHeader(max: 4) == 4 else { throw ChangeSetError(.malformed, "envelope") }
            header = try reader.byteString(max: ChangeSetLimits.maxHeader)
            signature = try reader.byteString(max: ChangeSetLimits.signatureLength)
            skeleton = try reader.byteString(max: ChangeSetLimits.maxSkeleton)
            if reader.isNull() {
                try reader.null()
            } else {
                values = try reader.byteString(max: ChangeSetLimits.maxPayload)
            }
            try reader.finish()
        } catch let error as ChangeSetError {
            throw error
        } catch {
            throw ChangeSetError(.malformed, "envelope")
        }
        try self.init(
            header: try ChangeSetHeader(decoding: header), headerBytes: header, signature: signature,
            skeleton: skeleton, values: values, hashesAreKnown: hashesAreKnown)
    }
}
