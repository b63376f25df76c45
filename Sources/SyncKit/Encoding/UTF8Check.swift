// Tells valid UTF-8 from the rest without making a string.

/// The well-formed byte sequences of the Unicode Standard, table 3-7: no overlong forms, no surrogates, at most U+10FFFF.
enum UTF8Check {
    /// - Parameter range: must lie inside `bytes`.
    static func isValid(_ bytes: Bytes, _ range: Range<Int>) -> Bool {
        bytes.withUnsafeBufferPointer { isValid(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    /// How many bytes to step over from an ASCII one: eight at once where all of them are ASCII.
    @inline(__always)
    private static func asciiRun(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        guard bytes.count - index >= 8 else { return 1 }
        let word = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: index, as: UInt64.self)
        let high = UInt64(littleEndian: word) & 0x8080_8080_8080_8080
        return high == 0 ? 8 : high.trailingZeroBitCount / 8
    }

    private static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = 0
        let end = bytes.count
        while index < end {
            let lead = bytes[index]
            if lead < 0x80 {
                index += asciiRun(bytes, index)
                continue
            }
            // The two shapes that nearly all Vietnamese letters have.
            if lead >= 0xC2, lead <= 0xDF, end - index >= 2, bytes[index + 1] & 0xC0 == 0x80 {
                index += 2
                continue
            }
            if lead == 0xE1, end - index >= 3, bytes[index + 1] & 0xC0 == 0x80, bytes[index + 2] & 0xC0 == 0x80 {
                index += 3
                continue
            }
            let width: Int
            var second: ClosedRange<UInt8> = 0x80...0xBF
            switch lead {
            case 0xC2...0xDF: width = 2
            case 0xE0: (width, second) = (3, 0xA0...0xBF)
            case 0xED: (width, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: width = 3
            case 0xF0: (width, second) = (4, 0x90...0xBF)
            case 0xF4: (width, second) = (4, 0x80...0x8F)
            case 0xF1...0xF3: width = 4
            default: return false
            }
            guard end - index >= width, second.contains(bytes[index + 1]) else { return false }
            for place in (index + 2)..<max(index + 2, index + width) where bytes[place] & 0xC0 != 0x80 { return false }
            index += width
        }
        return true
    }
}
