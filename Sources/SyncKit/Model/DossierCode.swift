// Codes of dossiers as the one-stop system prints them: read leniently, compared by a normal form, never guessed at.

/// The code of a dossier, such as `000.17.22.H56-210531-0001`: unit, day of reception, number.
///
/// Spaces, lower case, other dashes and missing zeros in front of the number are read; a letter is never taken for a
/// digit, a part that is missing is never filled in. What does not have this form is kept as it was typed and
/// compared exactly (`docs/imports.md`, "Dossier codes").
package struct DossierCode: Hashable, Sendable, CustomStringConvertible {
    /// What was recognised in a code.
    package struct Parts: Hashable, Sendable {
        /// Groups of letters and digits with dots between, in upper case.
        package let unit: String
        /// The day of reception; years are those from 2000 to 2099.
        package let date: CivilDate
        /// The running number, at least four digits.
        package let number: String
    }

    /// The code as it was typed, in NFC, without white space at its ends.
    package let typed: String
    /// Unit, day and number; nil where the code does not have this form.
    package let parts: Parts?

    /// Longer texts are no codes; the limit of a look-up's code field, in bytes.
    package static let maxLength = 64

    /// Reads a code as people type it.
    package init(_ text: String) {
        let trimmed = TextNormalization.nfc(DossierCode.trimmed(text))
        typed = trimmed
        parts = trimmed.utf8.count <= DossierCode.maxLength ? DossierCode.read(trimmed) : nil
    }

    /// What two codes are compared by.
    package var key: String {
        guard let parts else { return typed }
        return "\(parts.unit)-\(DossierCode.sixDigits(parts.date))-\(parts.number)"
    }

    /// Whether the code has the form of a dossier's code.
    package var isRecognised: Bool { parts != nil }

    package var description: String { typed }

    package static func == (left: DossierCode, right: DossierCode) -> Bool {
        left.key.utf8.elementsEqual(right.key.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in key.utf8 { hasher.combine(byte) }
    }

    // MARK: Reading

    private static let mostGroups = 8
    private static let longestGroup = 6
    private static let longestNumber = 12

    private static func read(_ text: String) -> Parts? {
        // Without any space the dashes must tell the parts; failing that, a space may stand for a dash.
        let scalars = text.unicodeScalars
        let solid = scalars.filter { !$0.properties.isWhitespace }.split(omittingEmptySubsequences: false) {
            isDash($0)
        }
        if solid.count == 3 { return parts(solid.map { Array($0) }) }
        let spaced = scalars.split { isDash($0) || $0.properties.isWhitespace }
        return spaced.count == 3 ? parts(spaced.map { Array($0) }) : nil
    }

    private static func parts(_ found: [[Unicode.Scalar]]) -> Parts? {
        guard let unit = unit(found[0]), let date = date(found[1]), let number = number(found[2]) else { return nil }
        return Parts(unit: unit, date: date, number: number)
    }

    private static func unit(_ scalars: [Unicode.Scalar]) -> String? {
        let groups = scalars.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...mostGroups).contains(groups.count) else { return nil }
        var upper = ""
        for (place, group) in groups.enumerated() {
            guard (1...longestGroup).contains(group.count) else { return nil }
            if place > 0 { upper += "." }
            for scalar in group {
                switch scalar {
                case "0"..."9", "A"..."Z": upper.unicodeScalars.append(scalar)
                case "a"..."z": upper.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value) - 0x20))
                default: return nil
                }
            }
        }
        return upper
    }

    /// `yymmdd`, a day that exists.
    private static func date(_ scalars: [Unicode.Scalar]) -> CivilDate? {
        guard scalars.count == 6, let digits = digits(scalars) else { return nil }
        return CivilDate(
            year: 2000 + digits[0] * 10 + digits[1], month: digits[2] * 10 + digits[3], day: digits[4] * 10 + digits[5])
    }

    private static func number(_ scalars: [Unicode.Scalar]) -> String? {
        guard (1...longestNumber).contains(scalars.count), let digits = digits(scalars) else { return nil }
        let significant = digits.drop { $0 == 0 }
        let zeros = String(repeating: "0", count: max(0, 4 - significant.count))
        return zeros + significant.map { String($0) }.joined()
    }

    private static func digits(_ scalars: [Unicode.Scalar]) -> [Int]? {
        guard scalars.allSatisfy({ "0"..."9" ~= $0 }) else { return nil }
        return scalars.map { Int($0.value) - 0x30 }
    }

    private static func sixDigits(_ date: CivilDate) -> String {
        padded(date.year % 100, 2) + padded(date.month, 2) + padded(date.day, 2)
    }

    private static func isDash(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2D, 0x2010...0x2015, 0x2212, 0xFE58, 0xFE63, 0xFF0D: true
        default: false
        }
    }

    private static func trimmed(_ text: String) -> String {
        var rest = text.unicodeScalars[...]
        while rest.first?.properties.isWhitespace ?? false { rest.removeFirst() }
        while rest.last?.properties.isWhitespace ?? false { rest.removeLast() }
        return String(rest)
    }
}
