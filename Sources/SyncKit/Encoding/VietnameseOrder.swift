// The order of a Vietnamese dictionary, for lists that people read by name.

/// Compares texts as a Vietnamese dictionary orders its headwords.
///
/// Syllable by syllable: first the letters in the order a ă â b c d đ e ê … o ô ơ … u ư …, then the tone in the order
/// none, huyền, hỏi, ngã, sắc, nặng, wherever in the syllable it is written (hoà and hòa are one). Numbers are compared
/// by their value and stand before letters; what is neither separates. Texts that are equal so far are ordered by their
/// capitals, small letters first, and then by their bytes, so that the order is total.
package enum VietnameseOrder {
    private static let alphabet = Array("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz".unicodeScalars)
    private static let firstLetter: UInt8 = 0x20
    private static let foreignLetter: UInt8 = 0xF0
    private static let number: UInt8 = 0x10
    private static let endOfLetters: UInt8 = 0x02
    private static let toneless: UInt8 = 0x03
    private static let mostDigits = 200

    /// Whether one text comes before another.
    package static func precedes(_ left: String, _ right: String) -> Bool {
        key(left).lexicographicallyPrecedes(key(right))
    }

    /// Items ordered by their names.
    package static func sorted<Item>(_ items: [Item], by name: (Item) -> String) -> [Item] {
        items.map { (key: key(name($0)), item: $0) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.item)
    }

    /// Bytes whose order is the order of the texts.
    package static func key(_ text: String) -> Bytes {
        var writer = KeyWriter()
        for scalar in text.decomposedScalars { writer.take(scalar) }
        return writer.finished(text)
    }

    private struct KeyWriter {
        var key = Bytes()
        var capitals = Bytes()
        var letters = Bytes()
        var tone = toneless
        var digits = Bytes()

        mutating func take(_ scalar: Unicode.Scalar) {
            let value = scalar.value
            switch value {
            case 0x30...0x39:
                endSyllable()
                if digits.count < mostDigits { digits.append(UInt8(value)) }
                return
            case 0x41...0x5A, 0x61...0x7A, 0x110, 0x111:
                endNumber()
                let isCapital = value <= 0x5A || value == 0x110
                let small = value == 0x110 ? 0x111 : value <= 0x5A ? value + 0x20 : value
                letters.append(rank(Unicode.Scalar(small) ?? scalar))
                capitals.append(isCapital ? 2 : 1)
            case 0x300...0x36F: mark(value)
            default:
                guard scalar.properties.isAlphabetic else {
                    endSyllable()
                    endNumber()
                    return
                }
                endNumber()
                letters += [foreignLetter, UInt8(value >> 16), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
                capitals.append(1)
            }
        }

        /// A mark belongs to the letter before it, or to its syllable.
        private mutating func mark(_ value: UInt32) {
            switch value {
            case 0x300: tone = toneless + 1
            case 0x309: tone = toneless + 2
            case 0x303: tone = toneless + 3
            case 0x301: tone = toneless + 4
            case 0x323: tone = toneless + 5
            case 0x302, 0x306, 0x31B:
                guard let last = letters.last, last >= firstLetter, last < foreignLetter else { return }
                let place = Int(last - firstLetter)
                let marked: Unicode.Scalar? =
                    switch (alphabet[place], value) {
                    case ("a", 0x306): "ă"
                    case ("a", 0x302): "â"
                    case ("e", 0x302): "ê"
                    case ("o", 0x302): "ô"
                    case ("o", 0x31B): "ơ"
                    case ("u", 0x31B): "ư"
                    default: nil
                    }
                if let marked { letters[letters.count - 1] = rank(marked) }
            default: return
            }
        }

        private func rank(_ letter: Unicode.Scalar) -> UInt8 {
            firstLetter + UInt8(alphabet.firstIndex(of: letter) ?? 0)
        }

        private mutating func endSyllable() {
            if !letters.isEmpty { key += letters + [endOfLetters, tone] }
            letters.removeAll(keepingCapacity: true)
            tone = toneless
        }

        private mutating func endNumber() {
            guard !digits.isEmpty else { return }
            let value = digits.drop { $0 == 0x30 }
            key += [number, UInt8(3 + value.count)] + value + [endOfLetters, toneless]
            digits.removeAll(keepingCapacity: true)
        }

        mutating func finished(_ text: String) -> Bytes {
            endSyllable()
            endNumber()
            return key + [0] + capitals + [0] + Bytes(text.utf8)
        }
    }
}
