// Crockford's base 32: bytes that people read out and type.

/// Crockford's base 32, written in lower case: no i, l, o and u, so that nothing is mistaken for something else.
package enum Base32 {
    static let alphabet = Bytes("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// Five bits a character, most significant first, the last character filled up with zero bits.
    package static func encode(_ bytes: Bytes) -> String {
        var output = Bytes()
        output.reserveCapacity((bytes.count * 8 + 4) / 5)
        var pending: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            pending = (pending << 8 | UInt32(byte)) & 0xFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                output.append(alphabet[Int(pending >> bits & 31)])
            }
        }
        if bits > 0 { output.append(alphabet[Int(pending << (5 - bits) & 31)]) }
        return String(decoding: output, as: UTF8.self)
    }

    /// Reads either case, o as 0, i and l as 1, and ignores dashes and spaces.
    /// - Returns: nil for other characters, for a length that no encoding has, and where the filling is not zero.
    package static func decode(_ text: String) -> Bytes? {
        var output = Bytes()
        output.reserveCapacity(text.utf8.count * 5 / 8)
        var pending: UInt32 = 0
        var bits: UInt32 = 0
        for character in text.utf8 where !isSeparator(character) {
            guard let digit = digit(character) else { return nil }
            pending = (pending << 5 | UInt32(digit)) & 0xFFF
            bits += 5
            if bits >= 8 {
                bits -= 8
                output.append(UInt8(truncatingIfNeeded: pending >> bits))
            }
        }
        guard bits < 5, pending & (1 << bits - 1) == 0 else { return nil }
        return output
    }

    static func isSeparator(_ character: UInt8) -> Bool {
        character == UInt8(ascii: "-") || character == UInt8(ascii: " ")
    }

    /// What a typed character stands for, 0...31.
    static func digit(_ character: UInt8) -> UInt8? {
        let lower = (0x41...0x5A).contains(character) ? character | 0x20 : character
        switch lower {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return lower - UInt8(ascii: "0")
        case UInt8(ascii: "o"): return 0
        case UInt8(ascii: "i"), UInt8(ascii: "l"): return 1
        case UInt8(ascii: "a")...UInt8(ascii: "h"): return lower - UInt8(ascii: "a") + 10
        case UInt8(ascii: "j")...UInt8(ascii: "k"): return lower - UInt8(ascii: "j") + 18
        case UInt8(ascii: "m")...UInt8(ascii: "n"): return lower - UInt8(ascii: "m") + 20
        case UInt8(ascii: "p")...UInt8(ascii: "t"): return lower - UInt8(ascii: "p") + 22
        case UInt8(ascii: "v")...UInt8(ascii: "z"): return lower - UInt8(ascii: "v") + 27
        default: return nil
        }
    }
}
