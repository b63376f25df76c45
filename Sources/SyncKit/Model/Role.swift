// The roles that a grant can give, and what an area covers.

/// What a device may be in a ward. The raw value is its number in a grant.
public enum Role: UInt8, CaseIterable, Sendable, Hashable {
    /// A person with a device key and no account (người dân).
    case resident = 1
    /// A member of a neighborhood's digital team (tình nguyện viên).
    case volunteer = 2
    /// The head of a team (tổ trưởng).
    case lead = 3
    /// A ward officer (cán bộ phường).
    case officer = 4
    /// An administrator (quản trị).
    case admin = 5
    /// Reads everything, writes nothing (kiểm tra).
    case auditor = 6
    /// The ward server's own device: imports, and answers to look-ups.
    case ward = 7

    /// The stable English name, as `--json`, invitations and `docs/` use it.
    public var name: String {
        switch self {
        case .resident: "resident"
        case .volunteer: "volunteer"
        case .lead: "lead"
        case .officer: "officer"
        case .admin: "admin"
        case .auditor: "auditor"
        case .ward: "ward"
        }
    }

    /// The role with this stable name, if there is one.
    public init?(name: String) {
        guard let role = Role.allCases.first(where: { $0.name == name }) else { return nil }
        self = role
    }

    /// Whether the role reads the documents of its areas, and not only its own.
    package var readsItsAreas: Bool { self != .resident }
}

/// The codes of administrative units: a ward `06685`, its neighborhood `06685.03`.
package enum AreaCode {
    /// The most mergers that are followed one after the other.
    private static let mostMergers = 8

    /// What a unit was merged into, and that again, until one stands; a part of a merged unit that nobody names goes
    /// where that went.
    package static func successors(of code: String, by successor: (String) -> String?) -> [String] {
        var (code, found): (String, [String]) = (code, [])
        var seen: Set<String> = [code]
        for _ in 0..<mostMergers {
            var next = successor(code)
            if next == nil, let dot = code.utf8.lastIndex(of: UInt8(ascii: ".")) {
                let outer = String(code[..<dot])
                if !seen.contains(outer), let present = successor(outer), present != outer { next = present }
            }
            guard let next, seen.insert(next).inserted else { break }
            code = next
            found.append(next)
        }
        return found
    }

    /// The longest code that is accepted, in UTF-8 bytes.
    package static let maxLength = 32

    /// Whether `area` is `other` or contains it.
    package static func covers(_ area: String, _ other: String) -> Bool {
        if area == other { return true }
        var area = area
        var other = other
        return area.withUTF8 { outer in
            other.withUTF8 { inner in
                guard inner.count > outer.count, inner[outer.count] == UInt8(ascii: ".") else { return false }
                for place in 0..<outer.count where inner[place] != outer[place] { return false }
                return true
            }
        }
    }

    /// Whether any of `areas` contains any of `others`.
    package static func anyCovers(_ areas: [String], _ others: [String]) -> Bool {
        areas.contains { area in others.contains { covers(area, $0) } }
    }

    /// Whether `code` has the shape of an area code: letters, digits and dots, 1–32 bytes.
    package static func isValid(_ code: String) -> Bool {
        (1...maxLength).contains(code.utf8.count)
            && code.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
            }
    }
}
