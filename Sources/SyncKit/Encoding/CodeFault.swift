// What is wrong with a code that somebody typed, as far as that can be said.

/// Why a typed text is not a look-up code or a rating code.
package enum CodeFault: Equatable, Sendable {
    /// Another number of characters than 16, dashes and spaces not counted.
    case length(Int)
    /// A character that no code has, at this place from 1.
    case character(position: Int)
    /// The check character does not fit. `suspects`: places, from 1, at which a character that looks alike, or the
    /// next one exchanged with it, would make it fit; empty where there is none or too many to be of help.
    case check(suspects: [Int])
}

extension LookupCode {
    /// Characters that are taken for one another on paper and by ear.
    private static let lookAlikes = [
        "8b", "5s", "2z", "6g", "9g", "17", "0d", "0q", "ce", "mn", "vw", "4a", "38", "vy",
    ]
    private static let mostSuspects = 3

    /// What is wrong with a typed code; nil where nothing is.
    package static func fault(in text: String) -> CodeFault? {
        var digits: [UInt8] = []
        var wrong: Int?
        var count = 0
        for character in text.unicodeScalars {
            let byte = UInt8(exactly: character.value)
            if let byte, Base32.isSeparator(byte) { continue }
            count += 1
            if count > 4 * length { break }
            if let digit = byte.flatMap(Base32.digit) { digits.append(digit) } else if wrong == nil { wrong = count }
        }
        if count != length { return .length(count) }
        if let wrong { return .character(position: wrong) }
        if isSound(digits) { return nil }
        var suspects: [Int] = []
        for place in digits.indices where canBeMended(digits, at: place) { suspects.append(place + 1) }
        return .check(suspects: suspects.count <= mostSuspects ? suspects : [])
    }

    private static func isSound(_ digits: [UInt8]) -> Bool { check(digits.dropLast()) == digits.last }

    private static func canBeMended(_ digits: [UInt8], at place: Int) -> Bool {
        var other = digits
        for pair in lookAlikes {
            let both = pair.utf8.compactMap(Base32.digit)
            guard let index = both.firstIndex(of: digits[place]), both.count == 2 else { continue }
            other[place] = both[1 - index]
            if isSound(other) { return true }
        }
        guard place + 1 < digits.count else { return false }
        other = digits
        other.swapAt(place, place + 1)
        return other != digits && isSound(other)
    }
}
