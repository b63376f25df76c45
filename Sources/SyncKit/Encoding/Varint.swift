// Unsigned LEB128 numbers, for the places where a frame counts bytes.

/// Unsigned LEB128: seven bits a byte, least significant first, in the shortest form, at most ten bytes.
package enum Varint {
    package static func append(_ value: UInt64, to output: inout Bytes) {
        var rest = value
        while rest >= 0x80 {
            output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        output.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Reads one number and moves `offset` behind it; after an error `offset` stands where it stood.
    /// - Parameter end: where reading stops; what lies behind the last byte is not there.
    package static func read(_ bytes: Bytes, _ offset: inout Int, end: Int) throws(CBORError) -> UInt64 {
        let start = offset
        let limit = min(end, bytes.count)
        guard start >= 0, start < limit else { throw CBORError(.truncated, at: start) }
        var value: UInt64 = 0
        var shift: UInt64 = 0
        var place = start
        while place < limit {
            let byte = bytes[place]
            place += 1
            guard shift < 63 || byte <= 1 else { throw CBORError(.integerOverflow, at: start) }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                guard byte != 0 || shift == 0 else { throw CBORError(.nonCanonicalInteger, at: start) }
                offset = place
                return value
            }
            shift += 7
        }
        throw CBORError(.truncated, at: start)
    }

    /// Puts numbers close to zero, of either sign, close to zero: 0, -1, 1, -2 become 0, 1, 2, 3.
    package static func zigzag(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: value << 1 ^ value >> 63)
    }

    /// The inverse of `zigzag`.
    package static func unzigzag(_ value: UInt64) -> Int64 {
        Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}
