// The ward's signed head of its log.

/// A checkpoint: epoch, size, root, serial and time, signed by the ward (`docs/protocol.md`, "Checkpoints").
package struct Checkpoint: Hashable, Sendable {
    package var ward: Digest
    package var position: Position
    package var root: Digest
    /// One more for each checkpoint that the ward signs.
    package var serial: UInt64
    package var time: Int64

    package init(ward: Digest, position: Position, root: Digest, serial: UInt64, time: Int64) {
        self.ward = ward
        self.position = position
        self.root = root
        self.serial = serial
        self.time = time
    }

    /// Whether this one and another cannot both be of one log that only grows: the same size with different roots, or
    /// a later serial with a smaller size. Between epochs the ward says by a statement of its own what became of the
    /// log; two checkpoints alone say nothing of that.
    package func contradicts(_ other: Checkpoint) -> Bool {
        guard ward == other.ward, position.epoch == other.position.epoch else { return false }
        if position == other.position { return root != other.root }
        if serial == other.serial { return true }
        return (serial < other.serial) != (position < other.position)
    }

    /// The eight bytes that authors name in `seen`.
    package var mark: SeenMark { SeenMark(position: position, root: root.prefix8) }

    var body: Bytes {
        var writer = CBORWriter(reserving: 120)
        writer.arrayHeader(count: 7)
        writer.unsigned(1)
        writer.byteString(ward)
        writer.unsigned(position.epoch)
        writer.unsigned(position.index)
        writer.byteString(root)
        writer.unsigned(serial)
        writer.integer(time)
        return writer.bytes
    }

    package func signed(by key: SigningKey, scheme: some SignatureScheme) -> Bytes {
        SignedObject.encode(body, key: key, context: .checkpoint, ward: ward, scheme: scheme)
    }

    /// Reads and verifies a checkpoint; `nil` unless one of the ward's keys signed it.
    package init?(verifying bytes: Bytes, ward: Digest, keys: [Digest], scheme: some SignatureScheme) {
        guard let body = SignedObject.open(bytes, keys: keys, context: .checkpoint, ward: ward, scheme: scheme),
            let checkpoint = Checkpoint(unverified: body), checkpoint.ward == ward
        else { return nil }
        self = checkpoint
    }

    /// Reads a signed object without looking at its signature.
    init?(unverifiedObject bytes: Bytes?) {
        guard let bytes else { return nil }
        var reader = CBORReader(bytes)
        guard (try? reader.arrayHeader(max: 3)) == 3, let body = try? reader.byteString(max: 512) else { return nil }
        self.init(unverified: body)
    }

    /// Reads what was signed.
    init?(unverified body: Bytes) {
        var reader = CBORReader(body)
        guard (try? reader.arrayHeader(max: 7)) == 7, (try? reader.unsigned()) == 1,
            let ward = try? reader.digest(), let epoch = try? reader.unsigned(),
            let index = try? reader.unsigned(), let root = try? reader.digest(), let serial = try? reader.unsigned(),
            let time = try? reader.integer(), reader.isAtEnd, epoch <= 0xFFFF, index <= 0xFFFF_FFFF_FFFF
        else { return nil }
        self.init(
            ward: ward, position: Position(epoch: epoch, index: index), root: root, serial: serial, time: time)
    }
}

/// A body with the id of the key that signed it, and the signature: `[body, key id, signature]`.
package enum SignedObject {
    /// The id of a public key: the first eight bytes of its hash.
    package static func keyID(_ key: Digest) -> Bytes { Bytes(Blake2b.hash(key.bytes).bytes[0..<8]) }

    package static func encode(
        _ body: Bytes, key: SigningKey, context: SignatureContext, ward: Digest, scheme: some SignatureScheme
    ) -> Bytes {
        encode(body, keyID: keyID(key.publicKey), signature: key.sign(context, ward: ward, body, scheme: scheme))
    }

    static func encode(_ body: Bytes, keyID: Bytes, signature: Bytes) -> Bytes {
        var writer = CBORWriter(reserving: body.count + 84)
        writer.arrayHeader(count: 3)
        writer.byteString(body)
        writer.byteString(keyID)
        writer.byteString(signature)
        return writer.bytes
    }

    /// The body, where the named key is one of `keys` and its signature holds.
    package static func open(
        _ bytes: Bytes, keys: [Digest], context: SignatureContext, ward: Digest, scheme: some SignatureScheme
    ) -> Bytes? {
        var reader = CBORReader(bytes)
        guard (try? reader.arrayHeader(max: 3)) == 3, let body = try? reader.byteString(max: 512 * 1024),
            let id = try? reader.byteString(max: 8), let signature = try? reader.byteString(max: 64), reader.isAtEnd,
            let key = keys.first(where: { keyID($0) == id }),
            scheme.verify(
                signature: signature, message: Signatures.message(context, ward: ward, body), publicKey: key)
        else { return nil }
        return body
    }
}
