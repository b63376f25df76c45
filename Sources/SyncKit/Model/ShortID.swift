// Ids that can be typed: the first characters of a document's id, as many as make it unique.

/// Short ids: Crockford's base 32 of the document's id, cut to what is unique.
package enum ShortID {
    /// How many characters are shown.
    package static let length = 7

    /// The characters that lists show.
    package static func text(_ id: Digest, length: Int = length) -> String {
        String(Base32.encode(id.bytes).prefix(length))
    }

    /// What was typed, in the alphabet's own characters.
    package static func normalized(_ typed: String) -> String {
        String(
            typed.lowercased().compactMap { character -> Character? in
                switch character {
                case "-", " ": nil
                case "o": "0"
                case "i", "l": "1"
                default: character
                }
            })
    }

    /// The lowest and the highest id that begin so; `nil` for what cannot begin an id.
    package static func range(_ prefix: String) -> (low: Digest, high: Digest)? {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
        guard (1...52).contains(prefix.utf8.count) else { return nil }
        var low = Bytes(repeating: 0, count: 32)
        var high = Bytes(repeating: 0xFF, count: 32)
        var bit = 0
        for character in prefix.utf8 {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            for shift in stride(from: 4, through: 0, by: -1) where bit < 256 {
                let mask = UInt8(0x80) >> UInt8(bit % 8)
                if value >> shift & 1 == 1 { low[bit / 8] |= mask } else { high[bit / 8] &= ~mask }
                bit += 1
            }
        }
        guard let first = Digest(low), let last = Digest(high) else { return nil }
        return (first, last)
    }
}
