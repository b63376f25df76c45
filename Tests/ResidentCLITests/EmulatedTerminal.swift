// Programs at a terminal whose emulator says what became of what they printed.
import Foundation
import Glibc
import Testing

@testable import CommandLineKit

/// What a terminal emulator says of an output.
private struct Seen: Decodable {
    struct Row: Decodable {
        let text: String
        let columns: Int
    }

    /// What it was told beside text, line ends and styles.
    let other: [String]
    /// Rows at whose end a style was on.
    let leaks: [Int]
    let title: String
    let column: Int
    let rows: [Row]
}

/// Runs programs at a terminal, and holds what they printed to what a terminal emulator makes of it.
struct EmulatedTerminal {
    /// Where files may lie for a while.
    let root: String

    /// Runs `ward`, or a program beside it, at a terminal of so many columns.
    func run(_ words: [String], columns: UInt16, program: String = TestHome.program) throws -> (
        code: Int32, bytes: [UInt8]
    ) {
        let run = try #require(
            TerminalRun(
                words + ["--lang", "vi"], environment: ["PATH=/usr/bin", "TERM=xterm-256color"], columns: columns,
                program: program))
        return (run.end(), run.bytes)
    }

    /// Shows outputs to the emulator.
    private func emulate(_ outputs: [[UInt8]], columns: UInt16) throws -> [Seen] {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        var input: [UInt8] = []
        for output in outputs {
            for shift in stride(from: 56, through: 0, by: -8) { input.append(UInt8(output.count >> shift & 0xFF)) }
            input += output
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["/\(folder)/terminal-emulator.py", "\(columns)"]
        let (from, to) = (root + "/emulator.in", root + "/emulator.out")
        writeFile(from, input)
        writeFile(to, [])
        process.standardInput = FileHandle(forReadingAtPath: from)
        process.standardOutput = FileHandle(forWritingAtPath: to)
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "python3-pyte has to be installed")
        let decoder = JSONDecoder()
        return try readFile(to).split(separator: "\n").map { try decoder.decode(Seen.self, from: Data($0.utf8)) }
    }

    /// The lines of an output without the program's own styles.
    static func lines(_ output: [UInt8]) -> [String] {
        var plain: [UInt8] = []
        var rest = output[...]
        while let byte = rest.popFirst() {
            if byte == 0x1B, rest.first == 0x5B,
                let end = rest.firstIndex(where: { (0x40...0x7E).contains($0) && $0 != 0x5B }),
                rest[end] == 0x6D
            {
                rest = rest[(end + 1)...]
            } else if byte != 0x0D {
                plain.append(byte)
            }
        }
        var lines = String(decoding: plain, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        return lines.map(String.init)
    }

    /// Nothing but text, line ends and styles reached the terminal, and each line stands there as it was printed.
    func check(_ runs: [(words: [String], bytes: [UInt8])], columns: UInt16) throws {
        let seen = try emulate(runs.map(\.bytes), columns: columns)
        #expect(seen.count == runs.count)
        for (run, state) in zip(runs, seen) {
            let name = run.words.joined(separator: " ")
            #expect(state.other.isEmpty, "\(name): \(state.other)")
            #expect(state.leaks.isEmpty && state.title.isEmpty && state.column == 0, "\(name)")
            let lines = Self.lines(run.bytes)
            #expect(lines.count == state.rows.count, "\(name): \(lines.count) lines became \(state.rows.count) rows")
            for (line, row) in zip(lines, state.rows) {
                let line = line.trimmingCharacters(in: [" "]).isEmpty ? "" : Self.withoutEnd(line)
                if DisplayWidth.of(line) != row.columns || line.precomposedStringWithCanonicalMapping != row.text {
                    Issue.record("\(name): \(Array(line.unicodeScalars)) (\(DisplayWidth.of(line))) is shown as \(row)")
                }
            }
        }
    }

    private static func withoutEnd(_ line: String) -> String {
        String(decoding: line.utf8.reversed().drop { $0 == 0x20 }.reversed(), as: UTF8.self)
    }
}
