// Ten thousand hostile texts in every field: what terminals, files and programs get of them, and what is stored.
import Foundation
import Glibc
import Testing

@testable import CommandLineKit
@testable import SyncKit
@testable import SyncServer

@Suite(.serialized) struct HostileTextTests {
    private let ward: MemoryWard
    private let home = TestHome()
    /// A document, the values that stand in it, encoded, and those that only few may read.
    private struct Written {
        let id: Digest
        let kind: DocumentKind
        let draft: ChangeSetDraft
        var privates: [(slot: Slot, value: String)] = []
    }

    private var written: [Written] = []
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
            -> [Written]
        {
            try (0..<times).map { _ in
                let made = HostileDraft(kind, &text, may: may)
                let saved = try device.commit(made.draft, privates: made.privates, checksEarly: false)
                return Written(id: saved.document, kind: kind, draft: made.draft, privates: made.privates)
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
            all += zip(ids, drafts).map { Written(id: $0, kind: kind, draft: $1) }
        }
        let areas = (1...40).map { number in
            var draft = ChangeSetDraft(kind: .area)
            draft.perform(.set(Slot(field: AreaField.code)), .text("06685.\(number + 10)"))
            draft.perform(.set(Slot(field: AreaField.name)), .text(text.text()))
            for _ in 0..<5 { draft.perform(.add(Slot(field: AreaField.formerNames)), .text(text.text())) }
            return draft
        }
        all += zip(try ward.service.withCore { core in try core.author(areas) }, areas)
            .map { Written(id: $0, kind: .area, draft: $1) }
        for device in [lead, admin, resident, officer] {
            let report = try ward.sync(device)
            #expect(report.refused.isEmpty && report.held.isEmpty)
        }
        try ward.sync(officer)
        written = all
        count = text.count
    }

    private var terminal: EmulatedTerminal { EmulatedTerminal(root: home.root) }

    /// Runs `ward` at a terminal of so many columns.
    private func atTerminal(_ words: [String], columns: UInt16) throws -> (code: Int32, bytes: [UInt8]) {
        try terminal.run(words + ["--home", home.path], columns: columns)
    }

    private func check(_ runs: [(words: [String], bytes: [UInt8])], columns: UInt16) throws {
        try terminal.check(runs, columns: columns)
    }

    private static let words: [DocumentKind: String] = [
        .report: "report", .task: "task", .lookup: "lookup", .procedure: "procedure", .place: "place",
        .notice: "notice", .alert: "alert", .publication: "public",
    ]

    @Test func theyAreStoredAsTheyWereWrittenAndShownAsTextAndNothingElse() throws {
        #expect(count >= 10_000, "only \(count) texts")
        // Unchanged in the store of another device, through the ward.
        var values = 0
        for document in written {
            let (id, kind, draft) = (document.id, document.kind, document.draft)
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
        for document in written {
            let (id, kind) = (document.id, document.kind)
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
            for line in EmulatedTerminal.lines(bytes) { #expect(DisplayWidth.of(line) <= 100, "\(words): \(line)") }
        }
    }

    @Test func exportsSayThemExactlyAndSpreadsheetsRunNothing() throws {
        opened.release()
        /// How often a field's text was there as it was written, and how often not.
        var (exact, missing): ([String: Int], [String: Int]) = ([:], [:])
        for document in written {
            let (id, kind, draft) = (document.id, document.kind, document.draft)
            guard let word = Self.words[kind] else { continue }
            let run = home.ward(word, "show", ShortID.text(id, length: 14), "--json")
            #expect(run.code == 0, "\(run.err)")
            // Nothing that a terminal would obey, and every text as it was written.
            #expect(run.out.unicodeScalars.allSatisfy { !Self.obeys($0) || $0 == "\n" })
            #expect(run.out.utf8.filter { $0 == 0x0A }.count == 1)
            let value = try JSONSerialization.jsonObject(with: Data(run.out.utf8)) as? [String: Any]
            // What has no history of its own says its fields beside its id.
            let fields = try #require(value?["fields"] as? [String: Any] ?? value)
            func note(_ spec: FieldSpec, _ said: [String]) {
                var texts: Set<[UInt8]> = []
                Self.collect(fields[spec.name] as Any, &texts)
                let name = "\(kind.name).\(spec.name)"
                if said.allSatisfy({ texts.contains(Array($0.utf8)) }) {
                    exact[name, default: 0] += 1
                } else {
                    missing[name, default: 0] += 1
                }
            }
            for (operation, encoded) in zip(draft.operations.filter(\.takesValue), draft.values) {
                guard let spec = Schema.field(kind, operation.slot.field), spec.type != .area else { continue }
                let value = try CBORValue(decoding: encoded)
                note(spec, value.string.map { [$0] } ?? value.elements.compactMap(\.string))
            }
            for (slot, text) in document.privates {
                // Keys of files are no text for anybody, and of who attends an export has the number.
                guard let spec = Schema.field(kind, slot.field), !["file_keys", "attendance"].contains(spec.name)
                else { continue }
                note(spec, [text])
            }
        }
        #expect(missing.isEmpty, "\(missing)")
        #expect(exact.count > 40, "\(exact)")
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
        for id in written.prefix(Self.ownReports).suffix(10).map(\.id) {
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
