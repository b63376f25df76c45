// The fields of one row, read within the schema's bounds and with a reason for whatever does not fit.
import SyncKit

/// The fields of one row by their names in documents.
struct RowFields {
    private let fields: [String: FieldValue]

    init(_ fields: [String: FieldValue]) { self.fields = fields }

    /// Whether the source says anything of a field, be it that it is empty.
    func says(_ name: String) -> Bool { fields[name] != nil }

    /// A field's text, cleaned; empty where it is null or not there.
    /// - Parameter most: the longest, in bytes of UTF-8.
    func text(_ name: String, most: Int) throws(RowProblem) -> String {
        switch fields[name] {
        case nil, .null?: return ""
        case .list(let words)?: throw .badValue(field: name, value: words.joined(separator: ", "))
        case .text(let raw)?: return try Self.cleaned(raw, name, most)
        }
    }

    private static func cleaned(_ raw: String, _ name: String, _ most: Int) throws(RowProblem) -> String {
        let text: String
        do { text = try TextParts.cleaned(raw) } catch { throw .controlCharacter(field: name, code: error.code) }
        guard text.utf8.count <= most else { throw .tooLong(field: name, most: most) }
        return text
    }

    /// A field that must not be empty.
    func required(_ name: String, most: Int) throws(RowProblem) -> String {
        let text = try text(name, most: most)
        guard !text.isEmpty else { throw .missing(field: name) }
        return text
    }

    /// The elements of a list; a text is cut at semicolons, plus signs, bars and line ends.
    func list(_ name: String, most: Int) throws(RowProblem) -> [String] {
        var words: [String] = []
        switch fields[name] {
        case nil, .null?: return []
        case .list(let given)?: words = given
        case .text(let raw)?: words = raw.split { ";+|\n\r".contains($0) }.map(String.init)
        }
        guard words.count <= 256 else { throw .tooLong(field: name, most: 256) }
        var cleaned: [String] = []
        for word in words {
            let text = try Self.cleaned(word, name, most)
            if !text.isEmpty { cleaned.append(text) }
        }
        return cleaned
    }

    /// The code of an area; empty where there is none.
    func area(_ name: String) throws(RowProblem) -> String {
        let code = try text(name, most: 400)
        guard code.isEmpty || AreaCode.isValid(code) else { throw .badValue(field: name, value: code) }
        return code
    }

    /// A day, as `dd/MM/yyyy` or `yyyy-MM-dd`, with or without a time of day behind it; nil where there is none.
    func day(_ name: String) throws(RowProblem) -> CivilDate? {
        let text = try text(name, most: 400)
        if text.isEmpty { return nil }
        guard let moment = Moment(text) else { throw .badDate(field: name, value: text) }
        return moment.date
    }

    /// A moment; nil where there is none.
    func moment(_ name: String) throws(RowProblem) -> Int64? {
        let text = try text(name, most: 400)
        if text.isEmpty { return nil }
        guard let moment = Moment(text) else { throw .badDate(field: name, value: text) }
        return moment.seconds
    }

    /// Degrees in units of 1e-7, with a point or a comma; nil where there are none.
    /// - Parameter most: the farthest from zero, in degrees.
    func degrees(_ name: String, most: Int) throws(RowProblem) -> Int64? {
        let text = try text(name, most: 400)
        if text.isEmpty { return nil }
        guard let value = Decimal7.parse(text), value.magnitude <= UInt64(most) * 10_000_000 else {
            throw .badDegrees(field: name, value: text, most: most)
        }
        return value
    }
}

/// A day and perhaps a time of day, as exports write them.
struct Moment: Equatable {
    var date: CivilDate
    /// Since 1970; without a time of day when the day begins, without an offset in Vietnam's time.
    var seconds: Int64

    /// Reads `04/11/2026`, `2026-11-04`, either with a time of day before or behind it, and ISO 8601 with an offset.
    init?(_ text: String) {
        var parts = text.split(maxSplits: 1) { $0 == "T" || $0 == " " }.map { Substring($0) }
        if parts.count == 2, parts[0].contains(":") { parts.swapAt(0, 1) }
        guard let first = parts.first, let date = CivilDate.parse(String(first)) else { return nil }
        self.date = date
        seconds = date.startSeconds()
        guard parts.count == 2 else { return }
        var clock = parts[1].drop { $0 == " " }
        var offset = VietnamTime.offsetSeconds
        if clock.last == "Z" {
            clock.removeLast()
            offset = 0
        } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            guard let distance = Self.numbers(clock[clock.index(after: sign)...], count: 2...2) else { return nil }
            offset = (distance[0] * 3600 + distance[1] * 60) * (clock[sign] == "-" ? -1 : 1)
            clock = clock[..<sign]
        }
        if let dot = clock.firstIndex(of: ".") {
            guard clock[clock.index(after: dot)...].allSatisfy(\.isNumber) else { return nil }
            clock = clock[..<dot]
        }
        guard let time = Self.numbers(clock, count: 2...3) else { return nil }
        seconds =
            date.startSeconds(offsetSeconds: offset)
            + Int64(time[0] * 3600 + time[1] * 60 + (time.count == 3 ? time[2] : 0))
    }

    /// Hours, minutes and perhaps seconds; the hour may have one digit.
    private static func numbers(_ text: Substring, count: ClosedRange<Int>) -> [Int]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard count.contains(parts.count) else { return nil }
        var numbers: [Int] = []
        for (part, limit) in zip(parts, [23, 59, 59]) {
            let isShortHour = numbers.isEmpty && part.utf8.count == 1
            guard part.utf8.count == 2 || isShortHour, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(part), number <= limit
            else { return nil }
            numbers.append(number)
        }
        return numbers
    }
}

/// Decimal numbers in units of 1e-7, without floating point.
enum Decimal7 {
    /// Reads an optional sign, up to six digits, and after a point or comma up to fifteen more, of which seven count
    /// (rounded to the nearest).
    static func parse(_ text: String) -> Int64? {
        var rest = Array(text.utf8)[...]
        var isNegative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        let parts = rest.split(omittingEmptySubsequences: false) { $0 == 0x2E || $0 == 0x2C }
        guard (1...2).contains(parts.count), (1...6).contains(parts[0].count),
            parts.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        var value = parts[0].reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        let fraction = parts.count == 2 ? Array(parts[1]) : []
        guard parts.count == 1 || (1...15).contains(fraction.count) else { return nil }
        for place in 0..<7 {
            value = value * 10 + (place < fraction.count ? Int64(fraction[place] - 0x30) : 0)
        }
        if fraction.count > 7, fraction[7] >= UInt8(ascii: "5") { value += 1 }
        return isNegative ? -value : value
    }
}
