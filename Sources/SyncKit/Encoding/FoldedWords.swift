// The words of a text with their places, in the form in which they are searched.

/// Goes through the words of a text: runs of letters and digits, folded as `SearchFold` folds them.
package enum FoldedWords {
    /// Calls `body` with each word's place in the text's UTF-8 and its folded bytes, until it says false.
    package static func each(in text: some StringProtocol, _ body: (Range<Int>, Bytes) -> Bool) {
        var word = Bytes()
        var start = 0
        var offset = 0
        for scalar in text.unicodeScalars {
            let width = UTF8.width(scalar)
            defer { offset += width }
            let length = word.count
            switch SearchFold.folded(scalar) {
            case .letter(let byte):
                if isWordByte(byte) { word.append(byte) } else { word.append(0x20) }
            case .nothing: continue
            case .space: word.append(0x20)
            case .other:
                for part in SearchFold.decomposed(scalar) {
                    if part.unicodeScalars.allSatisfy({ isLetterOrDigit($0) }) {
                        word.append(contentsOf: part.utf8)
                    } else {
                        word.append(0x20)
                    }
                }
            }
            if length == 0 { start = offset }
            guard word.last == 0x20 else { continue }
            word.removeLast(word.count - length)
            if length > 0, !body(start..<offset, word) { return }
            word.removeAll(keepingCapacity: true)
        }
        if !word.isEmpty { _ = body(start..<offset, word) }
    }

    /// The folded words of a text, at most so many.
    package static func of(_ text: some StringProtocol, most: Int = 400) -> [Bytes] {
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
