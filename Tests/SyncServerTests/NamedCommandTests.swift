// What the documents name is there: every command of a sentence with its options, every script, every target of make.
import CommandLineKit
import Foundation
import Testing

@testable import SyncServer

@Suite struct NamedCommandTests {
    private static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    private static func text(_ file: String) throws -> String {
        String(decoding: try HomeFiles.read("\(root)/\(file)", max: 1 << 20), as: UTF8.self)
    }

    /// What stands in backticks, and each line of a block, in every document for people.
    private static func spans() throws -> [(file: String, span: String)] {
        let docs = try FileManager.default.contentsOfDirectory(atPath: root + "/docs").filter { $0.hasSuffix(".md") }
        var found: [(String, String)] = []
        for file in docs.map({ "docs/" + $0 }).sorted() + ["README.md", "README.vi.md", "CONTRIBUTING.md"] {
            var isInside = false
            for line in try text(file).split(separator: "\n") {
                if line.hasPrefix("```") {
                    isInside.toggle()
                } else if isInside {
                    found.append((file, line.split(separator: " ").joined(separator: " ")))
                } else {
                    let parts = line.split(separator: "`", omittingEmptySubsequences: false)
                    for (place, part) in parts.enumerated() where place % 2 == 1 { found.append((file, String(part))) }
                }
            }
        }
        return found
    }

    /// The words of a command up to the first that stands for something else; of alternatives the first.
    private static func command(_ span: String) -> (program: String, words: [String], options: [String])? {
        let words = span.split(separator: " ").map { word in
            String(word.filter { $0 != "[" && $0 != "]" }.prefix { $0 != "|" })
        }
        guard let program = words.first, ["ward", "ward-server"].contains(program), words.count > 1 else { return nil }
        let leading = words.dropFirst().prefix { word in
            word.allSatisfy { $0.isLowercase && $0.isASCII || $0 == "-" } && word.first != "-"
        }
        let options = words.filter { $0.hasPrefix("--") && $0.count > 2 }
        return leading.isEmpty ? nil : (program, Array(leading), options)
    }

    @Test func everyCommandThatADocumentNamesIsKnownWithItsOptions() throws {
        let directory = try TemporaryDirectory()
        func help(_ program: String, _ words: [String]) throws -> (code: Int32, text: String) {
            let isHelp = words.first == "help"
            let run = try ServerProcess(
                words + (isHelp ? [] : ["--help"]) + ["--lang", "en"], in: directory, program: program)
            return (run.wait(), run.text)
        }
        // A command that is not there would be noticed.
        for words in [["raport", "new"], ["keys", "forge"], ["help", "nothing"]] {
            #expect(try help("ward-server", words).code != 0, "\(words)")
        }
        var pages: [String: (code: Int32, text: String)] = [:]
        var programs: Set<String> = []
        for (file, span) in try Self.spans() {
            guard let (program, words, options) = Self.command(span) else { continue }
            let name = ([program] + words).joined(separator: " ")
            let page = try pages[name] ?? help(program, words)
            pages[name] = page
            programs.insert(program)
            #expect(page.code == 0, "\(file): \(span): \(page.text)")
            for option in options { #expect(page.text.contains(option), "\(file): \(span) has no \(option)") }
        }
        #expect(pages.count > 50 && programs.count == 2, "\(pages.count)")
    }

    @Test func everyScriptAndTargetThatADocumentNamesIsThere() throws {
        let targets = try Self.text("Makefile").split(separator: "\n").compactMap { line in
            line.firstIndex(of: ":").map { String(line[..<$0]) }
        }
        var found = 0
        for (file, span) in try Self.spans() {
            let words = span.split(separator: " ").map(String.init)
            if words.first == "make", words.count > 1 {
                #expect(targets.contains(words[1]), "\(file): \(span)")
                found += 1
            } else if let path = words.first, path.hasPrefix("scripts/"), path.count > 8 {
                #expect(FileManager.default.isExecutableFile(atPath: "\(Self.root)/\(path)"), "\(file): \(span)")
                found += 1
            }
        }
        #expect(found > 10)
    }
}
