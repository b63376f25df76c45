// What docs/security.md promises names the tests that hold it.
import Foundation
import Testing

@testable import SyncServer

@Suite struct SecurityDocumentTests {
    private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// The sources of all tests as one text.
    private static func tests() throws -> String {
        let folder = root + "/Tests"
        let files = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
        return try files.filter { $0.hasSuffix("Tests.swift") }.sorted()
            .map { String(decoding: try HomeFiles.read("\(folder)/\($0)", max: 1 << 20), as: UTF8.self) }.joined()
    }

    @Test func everyPromiseNamesTestsThatExist() throws {
        let text = String(decoding: try HomeFiles.read(Self.root + "/docs/security.md", max: 1 << 20), as: UTF8.self)
        let table = try #require(text.components(separatedBy: "<!-- table: promises -->\n").last)
        let rows = table.split(separator: "\n", omittingEmptySubsequences: false).prefix { $0.hasPrefix("|") }
            .dropFirst(2)
        #expect(rows.count > 15)
        let tests = try Self.tests()
        for row in rows {
            let cells = row.split(separator: "|").map(String.init)
            let names = try #require(cells.last).split(separator: "`").filter { !$0.allSatisfy { $0 == " " } }
            #expect(cells.count == 3 && !names.isEmpty, "\(row)")
            for name in names {
                let exists =
                    name.contains("/")
                    ? FileManager.default.fileExists(atPath: "\(Self.root)/\(name)")
                    : tests.contains("func \(name)(")
                #expect(exists, "no test \(name)")
            }
        }
    }

    @Test func everyTargetOfTheFuzzerStandsInTheDocument() throws {
        let text = String(decoding: try HomeFiles.read(Self.root + "/docs/security.md", max: 1 << 20), as: UTF8.self)
        let source = String(
            decoding: try HomeFiles.read(Self.root + "/Tests/Fuzz/Targets/FuzzTarget.swift", max: 1 << 20),
            as: UTF8.self)
        let targets = source.split(separator: "\n").map { $0.drop { $0 == " " } }
            .filter { $0.hasPrefix("case ") && !$0.hasPrefix("case .") }.map { $0.dropFirst(5) }
        #expect(targets.count > 10)
        for target in targets {
            #expect(text.contains("`\(target)`"), "\(target)")
            #expect(FileManager.default.fileExists(atPath: "\(Self.root)/Tests/Fuzz/corpus/\(target)"), "\(target)")
        }
    }
}
