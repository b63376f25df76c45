// The words of a text with their places, in the form in which they are searched.

/// Goes through the words of a text: runs of letters and digits, folded as `SearchFold` folds them.
package enum FoldedWords {
    /// Calls `body` with each word's place in the text's UTF-8 and its folded bytes, until it says false.
    package static func each(in text: String, _ body: (Range<Int>, Bytes) -> Bool) {
        var text = text
        text.withUTF8 { each(in: $0, body) }
    }

    private static func each(in bytes: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>, Bytes) -> Bool) {
        var word = Bytes()
        word.reserveCapacity(32)
        var start = 0
        var offset = 0
        while offset < bytes.count {
            let place = offset
            let (scalar, width) = scalar(bytes, at: offset)
            offset += width
            let length = word.count
            switch SearchFold.folded(scalar) {
            case .letter(let byte) where isWordByte(byte):
                if length == 0 { start = place }
                word.append(byte)
                continue
            case .nothing: continue
            case .letter, .space: break
            case .other:
                let parts = SearchFold.decomposed(scalar)
                if parts.allSatisfy({ $0.unicodeScalars.allSatisfy(isLetterOrDigit) }) {
                    if length == 0 { start = place }
                    for part in parts { word.append(contentsOf: part.utf8) }
                    continue
                }
            }
            guard length > 0 else { continue }
            if !body(start..<place, word) { return }
            word.removeAll(keepingCapacity: true)
        }
        if !word.isEmpty { _ = body(start..<bytes.count, word) }
    }

    /// The scalar at a place of a string's own UTF-8, and how many bytes it takes.
    @inline(__always)
    private static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> (Unicode.Scalar, Int) {
        let first = bytes[offset]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let width = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard offset + width <= bytes.count else { return (" ", 1) }
        var value = UInt32(first) & (0xFF >> UInt32(width + 1))
        for index in 1..<width { value = value << 6 | UInt32(bytes[offset + index] & 0x3F) }
        return (Unicode.Scalar(value) ?? " ", width)
    }

    /// The folded words of a text, at most so many.
    package static func of(_ text: String, most: Int = 400) -> [Bytes] {
        var words: [Bytes] = []
        each(in: text) { _, word in
            words.append(word)
            return words.count < most
        }
        return words
    }

    @inline(__always)
    private static func isWordByte(_ byte: UInt8) -> Bool {
        0x61...0x7A ~= byte || 0x30...0x39 ~= byte
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x80 { return scalar.properties.isAlphabetic || 0x30...0x39 ~= scalar.value }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            return true
        default: return false
        }
    }
}
