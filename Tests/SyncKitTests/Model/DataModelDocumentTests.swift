// Holds the tables of docs/data-model.md and the schema together.

import Glibc
import Testing

@testable import SyncKit

@Suite struct DataModelDocumentTests {
    static let document = MarkdownTables(path: "docs/data-model.md")

    @Test(arguments: DocumentKind.allCases) func everyFieldStandsInTheDocument(kind: DocumentKind) {
        let lines = Schema.fields(of: kind).map { field in
            [
                "\(field.code)", field.name, Self.words(field.type), "\(field.merge)", "\(field.policy)",
                Self.words(field.writers), field.disclosedTo.map { Self.words($0, none: "nobody") } ?? "–",
                field.isKeyed ? "yes" : "–",
            ]
        }
        expect(lines, "fields of \(kind.name)")
    }

    @Test(arguments: [DocumentKind.report, .task, .lookup]) func everyStateStandsInTheDocument(kind: DocumentKind) {
        let names = WorkflowRules.stateNames(kind)
        let written = Self.document.rows("states of \(kind.name)").map { Array($0.prefix(2)) }
        #expect(written == names.enumerated().map { ["\($0 + 1)", $1] })
    }

    @Test(arguments: DocumentKind.allCases) func everyStepStandsInTheDocument(kind: DocumentKind) {
        var written: Set<[String]> = []
        for row in Self.document.rows("steps of \(kind.name)") where row.count == 3 {
            for from in row[0].split(separator: ",") {
                written.insert([from.trimmingSpaces, String(row[1].prefix { $0 != " " }), row[2]])
            }
        }
        var known: Set<[String]> = []
        for from in UInt8(0)...32 {
            for to in UInt8(0)...32 {
                guard let step = WorkflowRules.step(kind, from: from, to: to) else { continue }
                known.insert(["\(from)", "\(to)", Self.words(step.writers)])
            }
        }
        if written != known { Issue.record("only one has: \(written.symmetricDifference(known))") }
    }

    @Test func everyKindRoleOutcomeActionAndMergeKindStandsInTheDocument() {
        let kinds = Self.document.rows("kinds").map { [$0[0], $0[1], $0[3], $0[4]] }
        #expect(
            kinds
                == DocumentKind.allCases.map { kind in
                    let first = WorkflowRules.initial(kind)
                    return [
                        "\(kind.rawValue)", kind.name, kind.isWardWide ? "yes" : "–", first == 0 ? "–" : "\(first)",
                    ]
                })
        #expect(firstTwo("roles") == Role.allCases.map { ["\($0.rawValue)", $0.name] })
        #expect(firstTwo("outcomes") == (0...7).map { ["\($0)", Outcome(rawValue: $0).map { "\($0)" } ?? ""] })
        #expect(Outcome(rawValue: 8) == nil)
        #expect(firstTwo("actions") == (1...7).map { ["\($0)", Entry.Action(rawValue: $0).map { "\($0)" } ?? ""] })
        #expect(Entry.Action(rawValue: 8) == nil)
        #expect(firstTwo("merge kinds") == (1...6).map { ["\($0)", MergeKind(rawValue: $0).map { "\($0)" } ?? ""] })
        #expect(MergeKind(rawValue: 7) == nil)
    }

    @Test func everyRefusalCodeStandsInTheDocument() {
        let rows = Self.document.rows("refusals")
        #expect(
            rows.map { Array($0.prefix(3)) }
                == RefusalCode.allCases.map { ["\($0.rawValue)", "\($0)", $0.isHeld ? "hold" : "refuse"] })
        for row in rows { #expect(row.count == 5 && !row[3].isEmpty && !row[4].isEmpty) }
    }

    @Test func whoMayCreateStandsInTheDocument() throws {
        for (kind, row) in zip(DocumentKind.allCases, Self.document.rows("creation")) {
            try #require(row.count == 3 && row[0] == kind.name)
            let facts = DocumentFacts(kind: kind, author: DeviceID(.zero), areas: ["06685.03"])
            func refusal(_ role: Role, _ area: String) -> RefusalCode? {
                Permission.refusalToCreate(Actor(device: DeviceID(.zero), role: role, areas: [area]), facts)
            }
            let roles = Role.allCases.filter { refusal($0, "06685") == nil }
            #expect(Self.words(roles, none: "nobody") == row[1])
            for role in roles where role != .resident && role != .ward {
                #expect((refusal(role, "07030") == .outsideArea) == (row[2] == "yes"))
            }
        }
        #expect(Self.document.rows("creation").count == DocumentKind.allCases.count)
    }

    @Test func whoMayGiveWhichOrderStandsInTheDocument() {
        let rows = Self.document.rows("orders").map { [$0[0], $0[2]] }
        #expect(rows == OrderAction.allCases.map { [$0.rawValue, Self.words($0.givers, none: "nobody")] })
        #expect(
            Self.document.rows("why orders are refused").map { $0[0] }
                == OrderProblem.allCases.map(\.rawValue) + ["rule_N"])
        #expect(Self.document.rows("order statuses").map { $0[0] } == OrderStatus.allCases.map(\.rawValue))
    }

    private func firstTwo(_ name: String) -> [[String]] { Self.document.rows(name).map { Array($0.prefix(2)) } }

    private func expect(_ lines: [[String]], _ name: String) {
        guard Self.document.rows(name) != lines else { return }
        let text = lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
        Issue.record("the document should say:\n<!-- table: \(name) -->\n\(text)")
    }

    static func words(_ type: ValueType) -> String {
        switch type {
        case .text(let max): "text \(max)"
        case .bytes(let max): "bytes \(max)"
        case .coded(let max): "coded \(max)"
        default: "\(type)"
        }
    }

    static func words(_ writers: Writers) -> String {
        let names: [(Writers, String)] = [
            (.author, "author"), (.volunteer, "volunteer"), (.lead, "lead"), (.officer, "officer"), (.admin, "admin"),
            (.ward, "ward"), (.creation, "creation"),
        ]
        return names.filter { writers.contains($0.0) }.map(\.1).joined(separator: ", ")
    }

    static func words(_ roles: [Role], none: String) -> String {
        roles.isEmpty ? none : roles.map(\.name).joined(separator: ", ")
    }
}

/// The tables of a Markdown file that stand under a comment `<!-- table: NAME -->`, without their two head rows.
struct MarkdownTables {
    private var tables: [String: [[String]]] = [:]

    /// - Parameter path: from the root of the package, four folders above this file.
    init(path: String) {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        var name: String?
        for line in Self.text("/" + root + "/" + path).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("<!-- table: ") {
                name = String(line.dropFirst(12).dropLast(4))
            } else if line.hasPrefix("|"), let name {
                let cells = line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
                tables[name, default: []].append(cells.map { String($0).trimmingSpaces })
            } else {
                name = nil
            }
        }
    }

    /// The rows below the head; none for a table that is not there.
    func rows(_ name: String) -> [[String]] { Array(tables[name, default: []].dropFirst(2)) }

    private static func text(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = Bytes()
        var buffer = Bytes(repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { break }
            bytes += buffer[0..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension StringProtocol {
    /// Without spaces at both ends.
    var trimmingSpaces: String {
        let characters = drop { $0 == " " }
        return String(String(characters.reversed()).drop { $0 == " " }.reversed())
    }
}
