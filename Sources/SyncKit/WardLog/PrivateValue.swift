// Private values: sealed by the author to the ward, or by the ward to one device.

/// Seals and opens the values of private fields. The plaintext begins with (ward, author device, sequence, field),
/// which is checked on opening, so that a box copied into another change set opens nothing.
package enum PrivateValue {
    private static func head(_ ward: Digest, _ dot: Dot, _ slot: Slot) -> Bytes {
        var writer = CBORWriter(reserving: 80)
        writer.byteString(ward)
        writer.byteString(dot.device.digest)
        writer.unsigned(dot.sequence)
        writer.unsigned(slot.rawValue)
        return writer.bytes
    }

    /// Seals a value for the holder of `key`.
    package static func seal(
        _ value: CBORValue, ward: Digest, dot: Dot, slot: Slot, to key: Digest, random: some RandomSource
    ) -> Bytes {
        SealedBox.seal(head(ward, dot, slot) + value.encoded, to: key, random: random)
    }

    /// Opens a box that belongs at this place; `nil` for any other.
    package static func open(_ box: Bytes, ward: Digest, dot: Dot, slot: Slot, with key: SealingKey) -> CBORValue? {
        guard let plain = key.open(box) else { return nil }
        let expected = head(ward, dot, slot)
        guard plain.starts(with: expected) else { return nil }
        return try? CBORValue(decoding: Bytes(plain[expected.count...]))
    }

    /// The field value of a box sealed to the ward: `[key id, box]`.
    package static func fieldValue(_ box: Bytes, to key: Digest) -> CBORValue {
        .array([.bytes(SignedObject.keyID(key)), .bytes(box)])
    }

    /// The id of the key that a field value was sealed to.
    package static func keyID(in value: Bytes) -> Bytes? {
        guard case .array(let parts)? = try? CBORValue(decoding: value), parts.count == 2,
            case .bytes(let id) = parts[0]
        else { return nil }
        return id
    }

    /// The box in a field value.
    package static func box(in value: Bytes) -> Bytes? {
        guard case .array(let parts)? = try? CBORValue(decoding: value), parts.count == 2,
            case .bytes(let box) = parts[1]
        else { return nil }
        return box
    }
}
