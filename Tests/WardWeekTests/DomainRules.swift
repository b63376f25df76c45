// The ward's rules as `docs/data-model.md` writes them: fields, writers, readers and steps, read from its tables.
import Glibc

/// The tables that decide what becomes of a deed. Read from the document, not from the product's code.
struct DomainRules {
    struct Field {
        let name: String
        let merge: String
        let writers: Set<String>
        /// The roles to whom the ward opens a private value; `nil` for a field that is not private.
        let disclosedTo: Set<String>?
    }

    struct Step {
        let from: Set<UInt8>
        let to: UInt8
        let writers: Set<String>
    }

    private var fields: [String: [UInt8: Field]] = [:]
    private var steps: [String: [Step]] = [:]
    private var creators: [String: Set<String>] = [:]
    /// The kinds that every device holds.
    private(set) var wardWide: Set<String> = []
    private(set) var states: [String: [UInt8: String]] = [:]

    init() {
        for row in Self.table("kinds") {
            let kind = row[1]
            if row[3] == "yes" { wardWide.insert(kind) }
            for field in Self.table("fields of \(kind)") {
                let disclosed = field[6] == "–" ? nil : field[6] == "nobody" ? [] : Self.words(field[6])
                fields[kind, default: [:]][UInt8(field[0]) ?? 0] = Field(
                    name: field[1], merge: field[3], writers: Self.words(field[5]), disclosedTo: disclosed)
            }
            for step in Self.table("steps of \(kind)") {
                let to = step[1].split(separator: " ").first.flatMap { UInt8($0) } ?? 0
                let from = Set(step[0].split(separator: ",").compactMap { UInt8($0.filter(\.isNumber)) })
                steps[kind, default: []].append(Step(from: from, to: to, writers: Self.words(step[2])))
            }
            for state in Self.table("states of \(kind)") {
                states[kind, default: [:]][UInt8(state[0]) ?? 0] = state[1]
            }
        }
        for row in Self.table("creation") { creators[row[0]] = Self.words(row[1]) }
    }

    func field(_ kind: String, _ number: UInt8) -> Field? { fields[kind]?[number] }
    func mayCreate(_ kind: String, _ role: String) -> Bool { creators[kind]?.contains(role) ?? false }

    /// Who may take the step; `nil` where there is no such step.
    func writers(_ kind: String, from: UInt8, to: UInt8) -> Set<String>? {
        steps[kind]?.first { $0.to == to && $0.from.contains(from) }?.writers
    }

    /// Whether an area is one of these, or lies in one of them.
    static func covers(_ areas: [String], _ area: String) -> Bool {
        areas.contains { area == $0 || area.hasPrefix($0 + ".") }
    }

    private static func words(_ cell: String) -> Set<String> {
        Set(cell.split(separator: ",").map { $0.filter { $0 != " " } })
    }

    /// The rows of a table of the document, without its two head rows.
    private static func table(_ name: String) -> [[String]] {
        var rows: [[String]] = []
        var isInside = false
        for line in document {
            if line == "<!-- table: \(name) -->" {
                isInside = true
            } else if isInside, line.hasPrefix("|") {
                let cells = line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
                rows.append(cells.map { $0.split(separator: " ").joined(separator: " ") })
            } else {
                isInside = false
            }
        }
        return Array(rows.dropFirst(2))
    }

    private static let document: [Substring] = {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = String(decoding: TokenSearch.contents("/" + root + "/docs/data-model.md"), as: UTF8.self)
        return text.split(separator: "\n", omittingEmptySubsequences: false)
    }()
}
