// Reading a ward's configured lists. A line that does not fit is left out and named; the others count.

extension WardSettings {
    /// The longest list, as the field holds it, and what of it is looked at.
    package static let maxListBytes = 16 * 1024
    private static let maxLines = 600
    private static let maxLineBytes = 600
    private static let maxNameBytes = 200

    /// Takes over a list; what it does not say stays as it was.
    /// - Returns: the lines that were left out, with their reasons.
    package mutating func apply(_ topic: SettingsTopic, _ text: String) -> [SettingsProblem] {
        var problems: [SettingsProblem] = []
        guard text.utf8.count <= Self.maxListBytes else { return [SettingsProblem(topic, line: 0, .tooLong)] }
        var lines: [SettingsLine] = []
        var keys: Set<String> = []
        for (index, raw) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let number = index + 1
            guard number <= Self.maxLines else {
                problems.append(SettingsProblem(topic, line: 0, .tooMany))
                break
            }
            do throws(SettingsProblem) {
                guard let line = try Self.read(String(decoding: raw, as: UTF8.self), number, topic) else { continue }
                try check(line, topic)
                let key = topic == .holidays ? CivilDate.parse(line.key)?.text ?? line.key : line.key
                guard keys.insert(key).inserted else { throw SettingsProblem(topic, line: number, .repeated) }
                lines.append(line)
            } catch { problems.append(error) }
        }
        if lines.isEmpty {
            if problems.isEmpty { problems.append(SettingsProblem(topic, line: 0, .empty)) }
            return problems
        }
        take(lines, topic)
        return problems
    }

    // MARK: Lines

    private static func read(_ text: String, _ number: Int, _ topic: SettingsTopic)
        throws(SettingsProblem) -> SettingsLine?
    {
        guard text.utf8.count <= maxLineBytes else { throw SettingsProblem(topic, line: number, .tooLong) }
        let clean = trimmed(DisplayText.safe(TextNormalization.nfc(text)))
        if clean.isEmpty || clean.utf8.first == UInt8(ascii: "#") { return nil }
        guard let equals = clean.utf8.firstIndex(of: UInt8(ascii: "=")) else {
            throw SettingsProblem(topic, line: number, .noEquals)
        }
        let key = trimmed(String(clean[..<equals]))
        let parts = clean[clean.utf8.index(after: equals)...].utf8.split(
            separator: UInt8(ascii: ";"), omittingEmptySubsequences: false
        ).map { trimmed(String(Substring($0))) }
        guard let value = parts.first, !value.isEmpty else {
            throw SettingsProblem(topic, line: number, .emptyValue)
        }
        guard value.utf8.count <= maxNameBytes else { throw SettingsProblem(topic, line: number, .tooLong) }
        var options: [String: String] = [:]
        for part in parts.dropFirst() where !part.isEmpty {
            guard let equals = part.utf8.firstIndex(of: UInt8(ascii: "=")) else {
                throw SettingsProblem(topic, line: number, .badOption)
            }
            let name = trimmed(String(part[..<equals]))
            let text = trimmed(String(part[part.utf8.index(after: equals)...]))
            guard topic.options.contains(name) else { throw SettingsProblem(topic, line: number, .unknownOption) }
            guard !text.isEmpty, text.utf8.count <= maxNameBytes, options.updateValue(text, forKey: name) == nil else {
                throw SettingsProblem(topic, line: number, .badOption)
            }
        }
        return SettingsLine(number: number, key: key, value: value, options: options)
    }

    private static func trimmed(_ text: String) -> String {
        guard let first = text.utf8.firstIndex(where: { $0 != 0x20 }),
            let last = text.utf8.lastIndex(where: { $0 != 0x20 })
        else { return "" }
        return String(text[first...last])
    }

    /// Whether a key and a value fit the list.
    private func check(_ line: SettingsLine, _ topic: SettingsTopic) throws(SettingsProblem) {
        func unless(_ fits: Bool, _ reason: SettingsProblem.Reason) throws(SettingsProblem) {
            if !fits { throw SettingsProblem(topic, line: line.number, reason) }
        }
        switch topic {
        case .categories:
            try unless(Self.isCode(line.key), .badKey)
            try unless(line.options["radius"].map { Self.number($0, 1...5000) != nil } ?? true, .badOption)
        case .agencies: try unless(Self.isCode(line.key), .badKey)
        case .deadlines:
            try unless(["high", "normal", "low", "max"].contains(line.key), .unknownKey)
            try unless(Self.number(line.value, 1...60) != nil, .badNumber)
        case .holidays:
            try unless(CivilDate.parse(line.key) != nil, .badDate)
            try unless(line.options["work"].map { ["yes", "no"].contains($0) } ?? true, .badOption)
        case .lookups:
            try unless(line.key == "retention_days", .unknownKey)
            try unless(Self.number(line.value, 1...3650) != nil, .badNumber)
        case .grants:
            try unless(["renew_within_days", "renew_days"].contains(line.key), .unknownKey)
            let range = line.key == "renew_days" ? 1...3650 : 0...365
            try unless(Self.number(line.value, range) != nil, .badNumber)
        case .states:
            let parts = line.key.split(separator: ".").map(String.init)
            let kind = DocumentKind.allCases.first { $0.name == parts.first }
            try unless(
                parts.count == 2 && (kind.map { WorkflowRules.stateNames($0).contains(parts[1]) } ?? false),
                .unknownKey)
        }
    }

    private static func isCode(_ key: String) -> Bool {
        (1...60).contains(key.utf8.count)
            && key.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F || $0 == 0x2D
            }
    }

    private static func number(_ text: String, _ range: ClosedRange<Int>) -> Int? {
        guard text.utf8.count <= 6, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
            range.contains(number)
        else { return nil }
        return number
    }

    // MARK: Taking over

    /// A list replaces the one before it; single values and the years of a calendar replace only themselves.
    private mutating func take(_ lines: [SettingsLine], _ topic: SettingsTopic) {
        switch topic {
        case .categories:
            let known = categories
            categories = lines.map { line in
                let before = known.first { $0.code == line.key }
                return Category(
                    line.key, line.value, line.options["en"] ?? before?.en ?? line.value,
                    radiusMetres: line.options["radius"].flatMap { Self.number($0, 1...5000) }
                        ?? before?.radiusMetres ?? 50)
            }
        case .agencies: agencies = lines.map { Agency($0.key, $0.value) }
        case .deadlines:
            for line in lines {
                guard let days = Self.number(line.value, 1...60) else { continue }
                switch line.key {
                case "high": deadlines.high = days
                case "normal": deadlines.normal = days
                case "low": deadlines.low = days
                default: deadlines.maxDays = days
                }
            }
        case .holidays: takeHolidays(lines)
        case .lookups:
            lookupRetentionDays = lines.first.flatMap { Self.number($0.value, 1...3650) } ?? lookupRetentionDays
        case .grants:
            for line in lines {
                guard let days = Self.number(line.value, 0...3650) else { continue }
                if line.key == "renew_days" { renewal.days = days } else { renewal.withinDays = days }
            }
        case .states:
            nameOfStates = [:]
            for line in lines { nameOfStates[line.key] = Name(vi: line.value, en: line.options["en"] ?? line.value) }
        }
    }

    /// A year that the list names is the ward's own; the others keep what they had.
    private mutating func takeHolidays(_ lines: [SettingsLine]) {
        let days = lines.compactMap { line in CivilDate.parse(line.key).map { (date: $0, line: line) } }
        let years = Set(days.map(\.date.year))
        holidayNames = holidayNames.filter { !years.contains($0.key.year) }
        extraWorkingDayNames = extraWorkingDayNames.filter { !years.contains($0.key.year) }
        for (date, line) in days {
            if line.options["work"] == "yes" {
                extraWorkingDayNames[date] = line.value
            } else {
                holidayNames[date] = line.value
            }
        }
    }
}

/// One line of a list: `key = value; option=value`.
struct SettingsLine: Equatable {
    let number: Int
    let key: String
    let value: String
    let options: [String: String]
}

extension SettingsTopic {
    /// What may stand after the value.
    fileprivate var options: [String] {
        switch self {
        case .categories: ["en", "radius"]
        case .holidays: ["work"]
        case .states: ["en"]
        case .agencies, .deadlines, .lookups, .grants: []
        }
    }
}
