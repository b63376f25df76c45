// Writes deterministic CBOR, item by item.

/// Appends CBOR items to an array, always in their shortest form (RFC 8949 §4.2.1).
///
/// The writer does not count: whoever announces a container writes exactly that many items, map keys in the bytewise
/// order of their encodings. `CBORValue` sorts by itself.
package struct CBORWriter: Sendable {
    /// What has been written so far.
    package var bytes: Bytes

    /// - Parameter capacity: how many bytes the caller expects to write.
    package init(reserving capacity: Int = 0) {
        bytes = []
        if capacity > 0 { bytes.reserveCapacity(capacity) }
    }

    package mutating func unsigned(_ value: UInt64) { head(0x00, value) }

    package mutating func integer(_ value: Int64) {
        if value >= 0 {
            head(0x00, UInt64(value))
        } else {
            head(0x20, UInt64(bitPattern: ~value))
        }
    }

    package mutating func byteString(_ value: Bytes) {
        head(0x40, UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    package mutating func byteString(_ value: ArraySlice<UInt8>) {
        head(0x40, UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    package mutating func byteString(_ value: Digest) {
        bytes.append(0x58)
        bytes.append(UInt8(Digest.byteCount))
        value.append(to: &bytes)
    }

    /// The eight bytes of a word, most significant first.
    package mutating func byteString(word: UInt64) {
        bytes.append(0x48)
        Swift.withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func text(_ value: String) {
        let utf8 = value.utf8
        head(0x60, UInt64(utf8.count))
        bytes.append(contentsOf: utf8)
    }

    package mutating func bool(_ value: Bool) { bytes.append(value ? 0xF5 : 0xF4) }

    package mutating func null() { bytes.append(0xF6) }

    /// Announces `count` items.
    package mutating func arrayHeader(count: Int) { head(0x80, UInt64(count)) }

    /// Announces `count` pairs of key and value.
    package mutating func mapHeader(count: Int) { head(0xA0, UInt64(count)) }

    /// Appends bytes that already are whole CBOR items, such as a header kept as it was signed.
    package mutating func raw(_ value: Bytes) { bytes.append(contentsOf: value) }

    @inline(__always)
    private mutating func head(_ major: UInt8, _ argument: UInt64) {
        if argument < 24 {
            bytes.append(major | UInt8(truncatingIfNeeded: argument))
        } else {
            longHead(major, argument)
        }
    }

    private mutating func longHead(_ major: UInt8, _ argument: UInt64) {
        if argument <= 0xFF {
            bytes.append(major | 24)
            bytes.append(UInt8(truncatingIfNeeded: argument))
            return
        }
        let width: Int
        if argument <= 0xFFFF {
            bytes.append(major | 25)
            width = 2
        } else if argument <= 0xFFFF_FFFF {
            bytes.append(major | 26)
            width = 4
        } else {
            bytes.append(major | 27)
            width = 8
        }
        var shift = UInt64(8 * (width - 1))
        for _ in 0..<width {
            bytes.append(UInt8(truncatingIfNeeded: argument >> shift))
            shift &-= 8
        }
    }
}
