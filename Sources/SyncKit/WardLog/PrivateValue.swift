// Private values: sealed by the author to the ward, or by the ward to one device.

/// Seals and opens the values of private fields (`docs/protocol.md`, "Private values"). A box begins with the place that
/// it belongs to, which is checked on opening, so that a box copied into another change set opens nothing. One box holds
/// all private values of a change set that fit.
package enum PrivateValue {
    /// The longest text of a private field, in bytes of UTF-8.
    package static let maxTextLength = 8000
    /// The bytes of a place: of a hash that nobody finds a second time.
    private static let placeLength = 16
    /// A value that stands in the box of an earlier one in its change set.
    package static let shared = CBORValue.array([])
    static let sharedBytes = shared.encoded

    private static func place(_ ward: Digest, _ dot: Dot) -> Bytes {
        let context = Bytes("wardsync/v1/box\0".utf8)
        return Bytes(
            Blake2b.hash(context + ward.bytes + dot.device.digest.bytes + Bytes(bigEndian: dot.sequence)).bytes
                .prefix(placeLength))
    }

    /// A slot as it stands in a box: the field's number where that says all.
    private static func short(_ slot: Slot) -> UInt64 {
        slot == Slot(field: slot.field) ? UInt64(slot.field) : slot.rawValue
    }

    // MARK: Sealing

    /// Seals one value for the holder of `key`.
    package static func seal(
        _ value: CBORValue, ward: Digest, dot: Dot, slot: Slot, to key: Digest, random: some RandomSource
    ) -> Bytes {
        SealedBox.seal(content(of: [(slot, value)], ward, dot), to: key, random: random)
    }

    /// Seals the private values of one change set to the ward.
    /// - Returns: what stands in the fields, in the order of the values: `[key id, box]` for the first of each box,
    ///   and `shared` for those that stand in it with the first.
    package static func fieldValues(
        _ values: [(slot: Slot, value: CBORValue)], ward: Digest, dot: Dot, to key: Digest, random: some RandomSource
    ) -> [CBORValue] {
        var fields: [CBORValue] = []
        var rest = values[...]
        while !rest.isEmpty {
            var together: [(slot: Slot, value: CBORValue)] = []
            var length = SealedBox.overhead + placeLength + 1
            while let next = rest.first {
                length += next.value.encoded.count + 9
                if length > ValueType.maxBoxLength, !together.isEmpty { break }
                together.append(next)
                rest.removeFirst()
            }
            fields.append(
                fieldValue(SealedBox.seal(content(of: together, ward, dot), to: key, random: random), to: key))
            fields += together.dropFirst().map { _ in shared }
        }
        return fields
    }

    private static func content(of values: [(slot: Slot, value: CBORValue)], _ ward: Digest, _ dot: Dot) -> Bytes {
        var writer = CBORWriter(reserving: 256)
        writer.byteString(place(ward, dot))
        for item in values {
            writer.unsigned(short(item.slot))
            item.value.encode(into: &writer)
        }
        return writer.bytes
    }

    /// The field value of a box sealed to the ward: `[key id, box]`.
    package static func fieldValue(_ box: Bytes, to key: Digest) -> CBORValue {
        .array([.bytes(SignedObject.keyID(key)), .bytes(box)])
    }

    // MARK: Opening

    /// Opens a box that belongs at this place; `nil` for any other, and where the slot has no value in it.
    package static func open(_ box: Bytes, ward: Digest, dot: Dot, slot: Slot, with key: SealingKey) -> CBORValue? {
        guard let plain = key.open(box) else { return nil }
        var reader = CBORReader(plain)
        guard let first = try? reader.byteString(max: 32) else { return nil }
        if first == ward.bytes { return openAlone(&reader, dot, slot) }
        guard first == place(ward, dot) else { return nil }
        while !reader.isAtEnd {
            guard let found = try? reader.unsigned(), let value = try? reader.value() else { return nil }
            if found == short(slot) { return value }
        }
        return nil
    }

    /// The rest of a box of the older form, which holds one value behind its whole place.
    private static func openAlone(_ reader: inout CBORReader, _ dot: Dot, _ slot: Slot) -> CBORValue? {
        guard let device = try? reader.digest(), device == dot.device.digest,
            let sequence = try? reader.unsigned(), sequence == dot.sequence,
            let found = try? reader.unsigned(), found == slot.rawValue,
            let value = try? reader.value(), reader.isAtEnd
        else { return nil }
        return value
    }

    /// Whether a field value is sealed, in a box of its own or in an earlier one; a cleared field is not.
    package static func isSealed(_ value: Bytes) -> Bool { value == sharedBytes || box(in: value) != nil }

    /// The id of the key that a field value was sealed to.
    package static func keyID(in value: Bytes) -> Bytes? { parts(of: value)?.id }

    /// The box in a field value.
    package static func box(in value: Bytes) -> Bytes? { parts(of: value)?.box }

    private static func parts(of value: Bytes) -> (id: Bytes, box: Bytes)? {
        guard case .array(let parts)? = try? CBORValue(decoding: value), parts.count == 2,
            case .bytes(let id) = parts[0], case .bytes(let box) = parts[1]
        else { return nil }
        return (id, box)
    }
}

extension ChangeSet {
    /// The sealed fields that it sets and their values, in its order; empty where its values were erased.
    func sealedValues() -> [(slot: Slot, value: Bytes)] {
        guard let kind = UInt8(exactly: header.kind).flatMap(DocumentKind.init(rawValue:)) else { return [] }
        return writes.compactMap { operation, value in
            guard case .set(let slot) = operation, Schema.field(kind, slot.field)?.type == .sealed else { return nil }
            return (slot, value)
        }
    }

    /// The operations that take a value, each with its own; none where its values were erased.
    var writes: [(operation: Operation, value: Bytes)] {
        guard let values else { return [] }
        let takers = (operations ?? []).filter(\.takesValue)
        return takers.enumerated().map { ($0.element, values.value($0.offset)) }
    }
}

/// Goes through the values of a change set and finds the box of each private one.
package struct PrivateBoxes {
    private var latest: Bytes?

    package init() {}

    /// The field value that holds a private value's box: the value itself, or the nearest one before it that has a box.
    package mutating func holder(of value: Bytes) -> Bytes? {
        if value == PrivateValue.sharedBytes { return latest }
        if PrivateValue.box(in: value) != nil { latest = value }
        return value
    }

    /// The same for all sealed fields that a change set sets.
    static func holders(in change: ChangeSet) -> [(slot: Slot, holder: Bytes?)] {
        var boxes = PrivateBoxes()
        return change.sealedValues().map { ($0.slot, boxes.holder(of: $0.value)) }
    }
}
