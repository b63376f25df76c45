// The 16 characters with which a resident follows a report without an account.

/// A look-up code: 15 random characters of Crockford's base 32 (75 bits) and one check character.
///
/// The check character is a weighted sum in GF(32), modulo x⁵+x²+1: the sum of αⁱ times the i-th character from the
/// right is zero, with α = x. The weights of the 16 places are all different and none is zero, so every wrong
/// character and every exchange of two characters, adjacent or not, is detected. Whoever holds the code sees the
/// public progress of one report; so it does not print itself, and only its hash leaves the device.
public struct LookupCode: Hashable, Sendable, CustomStringConvertible {
    /// How many characters a code has, the check character included.
    package static let length = 16

    /// Characters 0 to 7 and 8 to 15, five bits each.
    private let high: UInt64
    private let low: UInt64

    /// A new code.
    /// - Parameter random: gives that many unpredictable bytes, such as `SystemRandomSource().bytes`.
    package init(random: (Int) -> Bytes) {
        let bytes = random(LookupCode.length - 1)
        precondition(bytes.count == LookupCode.length - 1, "a random source gives as many bytes as asked")
        var digits = bytes.map { $0 & 31 }
        digits.append(LookupCode.check(digits))
        self.init(digits: digits)
    }

    /// Reads a code as people type it: either case, with or without dashes and spaces, o for 0, i and l for 1.
    ///
    /// Nil where it is not 16 characters or where the check character does not fit.
    public init?(parsing text: String) {
        var digits: [UInt8] = []
        for character in text.utf8 where !Base32.isSeparator(character) {
            guard digits.count < LookupCode.length, let digit = Base32.digit(character) else { return nil }
            digits.append(digit)
        }
        guard digits.count == LookupCode.length, LookupCode.check(digits.dropLast()) == digits.last else { return nil }
        self.init(digits: digits)
    }

    private init(digits: [UInt8]) {
        high = digits.prefix(8).reduce(0) { $0 << 5 | UInt64($1) }
        low = digits.dropFirst(8).reduce(0) { $0 << 5 | UInt64($1) }
    }

    /// The form that is hashed and stored: 16 lower-case characters.
    public var canonical: String { String(decoding: characters, as: UTF8.self) }

    /// The form for paper and screen: four groups of four, joined by dashes.
    public var text: String {
        let groups = stride(from: 0, to: LookupCode.length, by: 4)
            .map { String(decoding: characters[$0..<($0 + 4)], as: UTF8.self) }
        return groups.joined(separator: "-")
    }

    /// The name of the type only: a code must not reach a log by accident.
    public var description: String { "LookupCode" }

    private var characters: Bytes {
        (0..<LookupCode.length).map { index in
            let word = index < 8 ? high : low
            return Base32.alphabet[Int(word >> UInt64(5 * (7 - index % 8)) & 31)]
        }
    }

    /// The character that makes the weighted sum zero, by Horner's rule.
    static func check(_ digits: some Sequence<UInt8>) -> UInt8 {
        digits.reduce(0) { timesAlpha($0 ^ $1) }
    }

    private static func timesAlpha(_ value: UInt8) -> UInt8 {
        let doubled = value << 1
        return doubled & 32 == 0 ? doubled : (doubled ^ 0b10_0101) & 31
    }
}
