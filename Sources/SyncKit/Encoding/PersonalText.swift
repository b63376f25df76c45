// What in a text looks as if it were about a person: a help before something is published, not a proof.

/// A trace of a person in a text.
package enum PersonalTrace: Hashable, Sendable, CaseIterable {
    /// A telephone or identity number: nine digits or more.
    case number
    /// An e-mail address.
    case email
    /// One of the names that were given.
    case name
}

/// Looks for traces of people in texts that are to be published.
package enum PersonalText {
    /// So many digits in a row make a telephone or identity number.
    private static let fewestDigits = 9

    /// What the text holds.
    /// - Parameter names: names that must not stand in it, such as the reporter's; found without accents.
    package static func traces(in text: String, names: [String] = []) -> [PersonalTrace] {
        var found: [PersonalTrace] = []
        if hasLongNumber(text) { found.append(.number) }
        if hasAddress(text) { found.append(.email) }
        let words = Self.words(text)
        if names.contains(where: { holds(words, $0) }) { found.append(.name) }
        return found
    }

    /// Digits that only spaces, dots, dashes and brackets separate.
    private static func hasLongNumber(_ text: String) -> Bool {
        var digits = 0
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39:
                digits += 1
                if digits >= fewestDigits { return true }
            case 0x20, 0x2E, 0x2D, 0x28, 0x29: continue
            default: digits = 0
            }
        }
        return false
    }

    private static func hasAddress(_ text: String) -> Bool {
        func isPart(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "@") {
            let hasLeft = index > 0 && isPart(bytes[index - 1])
            let right = bytes[(index + 1)...].prefix { isPart($0) || $0 == 0x2E || $0 == 0x2D }
            if hasLeft, let dot = right.firstIndex(of: 0x2E), dot > right.startIndex, dot + 1 < right.endIndex {
                return true
            }
        }
        return false
    }

    private static func words(_ text: String) -> [Substring] {
        SearchFold.fold(text).split { !$0.isLetter && !$0.isNumber }
    }

    /// Whether the whole name, or the last two words of a longer one, stands among the words.
    private static func holds(_ words: [Substring], _ name: String) -> Bool {
        let whole = Self.words(name)
        guard !whole.isEmpty else { return false }
        let forms = whole.count > 2 ? [whole, Array(whole.suffix(2))] : [whole]
        return forms.contains { form in
            words.count >= form.count
                && (0...(words.count - form.count)).contains { words[$0..<($0 + form.count)].elementsEqual(form) }
        }
    }
}
