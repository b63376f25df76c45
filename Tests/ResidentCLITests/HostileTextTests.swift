// Ten thousand hostile texts in every field: what terminals, files and programs get of them, and what is stored.
import Foundation
import Glibc
import Testing

@testable import CommandLineKit
@testable import SyncKit
@testable import SyncServer

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

@Suite(.serialized) struct HostileTextTests {
    private let ward: MemoryWard
    private let home = TestHome()
    /// The values that stand in each document, encoded.
    private var written: [(id: Digest, kind: DocumentKind, draft: ChangeSetDraft)] = []
    private let officer: Replica
    private let opened: ReplicaHome
    private let count: Int
    private static let ownReports = 110

    init() throws {
        let seed = getenv("WARDSYNC_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: 0 ... .max)
        print("hostile text: WARDSYNC_SEED=\(seed)")
        ward = try MemoryWard()
        opened = try ReplicaHome.create(at: home.path)
        let (time, random) = (ward.time, SystemRandomSource())
        try Replica.create(
            in: opened.database, descriptor: ward.descriptor, time: time, random: random, scheme: Ed25519Scheme())
        officer = try Replica(opening: opened.database, time: time, random: random, scheme: Ed25519Scheme())
        var text = HostileText(seed: seed)
        try ward.admit(officer, .officer, ["06685"], text.text())
        let lead = try ward.device(.lead, ["06685.03"], text.text())
        let admin = try ward.device(.admin, ["06685"], text.text())
        let resident = try ward.device()
        for device in [lead, admin, officer] { try ward.sync(device) }

        func write(_ kind: DocumentKind, _ times: Int, by device: Replica, _ may: @escaping (FieldSpec) -> Bool) throws
            -> [(id: Digest, kind: DocumentKind, draft: ChangeSetDraft)]
        {
            try (0..<times).map { _ in
                let made = HostileDraft(kind, &text, may: may)
                let saved = try device.commit(made.draft, privates: made.privates, checksEarly: false)
                return (saved.document, kind, made.draft)
            }
        }
        var all = try write(.report, Self.ownReports, by: officer) {
            !$0.writers.isDisjoint(with: [.author, .officer]) && $0.code != ReportField.visibility
        }
        all += try write(.report, 10, by: lead) {
            !$0.writers.isDisjoint(with: [.author, .lead]) && $0.code != ReportField.visibility
        }
        all += try write(.report, 5, by: resident) { $0.writers.contains(.author) && $0.code != ReportField.visibility }
        all += try write(.task, 40, by: lead) { !$0.writers.isDisjoint(with: [.lead, .volunteer]) }
        all += try write(.place, 40, by: officer) { $0.writers.contains(.officer) }
        all += try write(.notice, 40, by: officer) { $0.writers.contains(.officer) }
        all += try write(.alert, 40, by: officer) { $0.writers.contains(.officer) }
        all += try write(.lookup, 10, by: officer) { $0.writers.contains(.author) && $0.code != LookupField.secret }
        let own: [(kind: DocumentKind, times: Int)] = [(.procedure, 50), (.publication, 40)]
        for (kind, times) in own {
            let drafts = (0..<times).map { _ in HostileDraft(kind, &text) { $0.writers.contains(.ward) }.draft }
            let ids = try ward.service.withCore { core in try core.author(drafts) }
            all += zip(ids, drafts).map { ($0, kind, $1) }
        }
        let areas = (1...40).map { number in
            var draft = ChangeSetDraft(kind: .area)
            draft.perform(.set(Slot(field: AreaField.code)), .text("06685.\(number + 10)"))
            draft.perform(.set(Slot(field: AreaField.name)), .text(text.text()))
            for _ in 0..<5 { draft.perform(.add(Slot(field: AreaField.formerNames)), .text(text.text())) }
            return draft
        }
        all += zip(try ward.service.withCore { core in try core.author(areas) }, areas).map { ($0, .area, $1) }
        for device in [lead, admin, resident, officer] {
            let report = try ward.sync(device)
            #expect(report.refused.isEmpty && report.held.isEmpty)
        }
        try ward.sync(officer)
        written = all
        count = text.count
    }

    /// Runs `ward` at a terminal of so many columns.
    private func atTerminal(_ words: [String], columns: UInt16) throws -> (code: Int32, bytes: [UInt8]) {
        let run = try #require(
            TerminalRun(
                words + ["--home", home.path, "--lang", "vi"], environment: ["PATH=/usr/bin", "TERM=xterm-256color"],
                columns: columns))
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
        let (from, to) = (home.root + "/emulator.in", home.root + "/emulator.out")
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
    private static func lines(_ output: [UInt8]) -> [String] {
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

    private func check(_ runs: [(words: [String], bytes: [UInt8])], columns: UInt16) throws {
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

    private static let words: [DocumentKind: String] = [
        .report: "report", .task: "task", .lookup: "lookup", .procedure: "procedure", .place: "place",
        .notice: "notice", .alert: "alert", .publication: "public",
    ]

    @Test func theyAreStoredAsTheyWereWrittenAndShownAsTextAndNothingElse() throws {
        #expect(count >= 10_000, "only \(count) texts")
        // Unchanged in the store of another device, through the ward.
        var values = 0
        for (id, kind, draft) in written {
            let state = try #require(try officer.document(id)?.accepted, "\(kind) \(id.hex)")
            var next = draft.values[...]
            for operation in draft.operations where operation.takesValue {
                let value = next.removeFirst()
                let entries = state.slots.first { $0.slot == operation.slot }?.entries ?? []
                if !entries.contains(where: { $0.value == value }) {
                    Issue.record("\(kind) \(operation): \(value)")
                }
                values += 1
            }
        }
        let integrity = try officer.database.prepare("PRAGMA integrity_check")
        #expect(try integrity.step() && integrity.text(0) == "ok")
        integrity.reset()
        opened.release()
        // Pages, on a terminal so wide that nothing wraps.
        var pages: [(words: [String], bytes: [UInt8])] = []
        for (id, kind, _) in written {
            guard let word = Self.words[kind] else { continue }
            let words = [word, "show", ShortID.text(id, length: 14)]
            let run = try atTerminal(words, columns: 1000)
            #expect(run.code == 0, "\(words): \(String(decoding: run.bytes, as: UTF8.self))")
            pages.append((words, run.bytes))
        }
        try check(pages, columns: 1000)
        print("\(count) hostile texts in \(values) values of \(written.count) documents; \(pages.count) pages")
        // Lists, on a terminal of the usual width.
        var lists: [(words: [String], bytes: [UInt8])] = []
        let commands = [
            ["report", "list"], ["task", "list", "--all"], ["lookup", "list"], ["procedure", "list"],
            ["place", "list"],
            ["notice", "list"], ["alert", "list"], ["public", "list"], ["area", "list"], ["today"], ["inbox"], ["team"],
            ["status"], ["whoami"], ["stats", "--by", "agency"], ["stats", "--by", "category"],
            ["stats", "--by", "neighborhood"], ["search", "den"], ["search", "script"], ["search", "a"],
            ["conflict", "list"],
        ]
        for words in commands {
            let run = try atTerminal(words, columns: 100)
            #expect(run.code == 0, "\(words): \(String(decoding: run.bytes, as: UTF8.self))")
            lists.append((words, run.bytes))
        }
        // A list may be longer than its terminal is wide where it cannot help it; what it says is checked on a wide one.
        try check(lists.map { ($0.words, try atTerminal($0.words, columns: 1000).bytes) }, columns: 1000)
        for (words, bytes) in lists where words.last == "list" && words[0] != "area" {
            for line in Self.lines(bytes) { #expect(DisplayWidth.of(line) <= 100, "\(words): \(line)") }
        }
    }

    @Test func exportsSayThemExactlyAndSpreadsheetsRunNothing() throws {
        opened.release()
        for (id, kind, draft) in written {
            guard let word = Self.words[kind] else { continue }
            let run = home.ward(word, "show", ShortID.text(id, length: 14), "--json")
            #expect(run.code == 0, "\(run.err)")
            // Nothing that a terminal would obey, and every text as it was written.
            #expect(run.out.unicodeScalars.allSatisfy { !Self.obeys($0) || $0 == "\n" })
            #expect(run.out.utf8.filter { $0 == 0x0A }.count == 1)
            let value = try JSONSerialization.jsonObject(with: Data(run.out.utf8))
            var texts: Set<[UInt8]> = []
            Self.collect(value, &texts)
            for (operation, encoded) in zip(draft.operations.filter(\.takesValue), draft.values) {
                guard let text = try? CBORValue(decoding: encoded).string, kind == .report,
                    [ReportField.title, ReportField.description, ReportField.address].contains(operation.slot.field)
                else { continue }
                #expect(texts.contains(Array(text.utf8)), "\(Array(text.unicodeScalars))")
            }
        }
        for grouping in StatisticsQuery.Grouping.allCases {
            let run = home.ward("stats", "--by", grouping.rawValue, "--csv")
            #expect(run.code == 0, "\(run.err)")
            #expect(run.out.unicodeScalars.allSatisfy { !Self.obeys($0) || $0 == "\r" || $0 == "\n" })
            var records = CSVRecords(try TextStream(bytes: Bytes(run.out.utf8)), longestCell: 4096)
            var rows = 0
            while let record = try records.next() {
                rows += 1
                for cell in try record.content.get() { #expect(!Self.isFormula(cell), "\(Array(cell.unicodeScalars))") }
            }
            #expect(rows > 1)
        }
        // What a shell is offered: lines of at most three parts.
        for word in Set(Self.words.values).sorted() where word != "public" {
            let offered = home.ward(
                ["__complete", word, "show", ""], lang: "vi", environment: ["WARD_HOME=" + home.path])
            #expect(offered.out.unicodeScalars.allSatisfy { !Self.obeys($0) || $0 == "\n" || $0 == "\t" })
            for line in offered.out.split(separator: "\n") {
                #expect(line.split(separator: "\t", omittingEmptySubsequences: false).count <= 3, "\(line)")
            }
        }
        // A receipt of a report with a hostile text in it, exported and verified.
        var receipts = 0
        for (id, _, _) in written.prefix(Self.ownReports).suffix(10) {
            let file = home.root + "/receipt-\(receipts).txt"
            let made = home.ward("receipt", "export", ShortID.text(id, length: 14), "--content", "--out", file)
            #expect(made.code == 0, "\(made.err)")
            let verified = home.ward("receipt", "verify", file)
            #expect(verified.code == 0, "\(verified.err)")
            for text in [made.out, made.err, verified.out, verified.err] {
                #expect(text.unicodeScalars.allSatisfy { !Self.obeys($0) || $0 == "\n" })
            }
            receipts += 1
        }
        #expect(receipts == 10)
    }

    /// Controls, and what turns or hides text.
    private static func obeys(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x61C, 0xFEFF: true
        default: false
        }
    }

    private static func isFormula(_ cell: String) -> Bool {
        guard let first = cell.unicodeScalars.first else { return false }
        return "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first) && Int(cell) == nil
    }

    private static func collect(_ value: Any, _ texts: inout Set<[UInt8]>) {
        if let text = value as? String { texts.insert(Array(text.utf8)) }
        for inner in value as? [Any] ?? [] { collect(inner, &texts) }
        for inner in (value as? [String: Any] ?? [:]).values { collect(inner, &texts) }
    }
}
