// Hostile text where a ward is looked after: conflicts, orders, settings, what is held, and the server's own commands.
import Foundation
import Glibc
import Testing

@testable import SyncKit
@testable import SyncServer

@Suite(.serialized) struct HostileCareTests {
    private let ward: HostileWard

    init() throws {
        let seed = getenv("WARDSYNC_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: 0 ... .max)
        print("hostile care: WARDSYNC_SEED=\(seed)")
        ward = try HostileWard(seed: seed)
    }

    /// A new field that is not written here would be missed, as would one in which nothing counts any more.
    @Test func everyTextFieldOfEveryKindHoldsOne() {
        // Orders of other words are no orders: they are held or refused, and shown as that.
        let never: Set = ["order.action", "order.role"]
        var fields: Set<String> = []
        for kind in DocumentKind.allCases {
            for spec in Schema.fields(of: kind) where ![.workflow, .claim, .link].contains(spec.merge) {
                switch spec.type {
                case .text, .code, .coded, .sealed, .answer: fields.insert("\(kind.name).\(spec.name)")
                case .integer, .boolean, .time, .location, .bytes, .area, .attachment: continue
                }
            }
        }
        #expect(fields.count > 80 && never.isSubset(of: fields))
        #expect(fields.subtracting(ward.marked) == never)
    }

    @Test func whoLooksAfterTheWardSeesTextAndNothingElse() throws {
        var commands = [
            ["conflict", "list"], ["conflict", "list", "--all"], ["quarantine", "list"],
            ["quarantine", "list", "--refused"], ["order", "list"], ["settings", "list"], ["status"], ["today"],
            ["inbox"], ["team"], ["lookup", "list"],
        ]
        commands += SettingsTopic.allCases.map { ["settings", "show", $0.rawValue] }
        commands += ward.conflicts.map { ["conflict", "show", ShortID.text($0.id, length: 14), "--field", $0.field] }
        commands += Set(ward.conflicts.map(\.id)).map { ["conflict", "history", ShortID.text($0, length: 14)] }
        let lookups = ward.lookups.map { ["lookup", "show", ShortID.text($0, length: 14)] }
        for (home, more) in [(ward.admin, [["device", "list"]]), (ward.officer, lookups)] {
            var all = commands + more
            for list in [["quarantine", "list"], ["quarantine", "list", "--refused"]] {
                let ids = try ids(home.ward(list + ["--json"]).out, "items", "short_id")
                #expect(ids.count >= HostileText.families.count, "\(list)")
                all += ids.map { ["quarantine", "show", $0] }
            }
            try show(all, home)
        }
        // What is said of what was done.
        let devices = try ids(ward.admin.ward("device", "list", "--json").out, "items", "short_id")
        #expect(devices.count >= 7)
        let held = try ids(ward.admin.ward("quarantine", "list", "--json").out, "items", "short_id").prefix(3)
        let extending = ["--until", "31/12/2090", "--reason", "Làm tiếp"]
        let done =
            devices.map { ["device", "extend", $0] + extending }
            + held.map { ["quarantine", "decline", $0, "--reason", "Không phải"] }
        try show([["order", "sign", ward.prepared, "--show"]] + done + [["order", "list"]], ward.admin)
    }

    /// One member of each element of a list.
    private func ids(_ json: String, _ list: String, _ key: String) throws -> [String] {
        let value = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        return try #require(value?[list] as? [[String: Any]]).compactMap { $0[key] as? String }
    }

    /// Runs commands at a terminal so wide that nothing wraps.
    private func show(
        _ commands: [[String]], _ home: TestHome, program: String = TestHome.program, codes: Set<Int32> = [0]
    )
        throws
    {
        let terminal = EmulatedTerminal(root: home.root)
        var runs: [(words: [String], bytes: [UInt8])] = []
        for words in commands {
            let run = try terminal.run(words + ["--home", home.path], columns: 1000, program: program)
            #expect(codes.contains(run.code), "\(words): \(String(decoding: run.bytes, as: UTF8.self))")
            runs.append((words, run.bytes))
        }
        try terminal.check(runs, columns: 1000)
        print("\(runs.count) outputs, \(runs.reduce(0) { $0 + $1.bytes.count }) bytes")
    }

    @Test func theServersOwnCommandsSayTextAndNothingElse() throws {
        let home = ward.ward.path
        func json(_ words: String...) -> String {
            spawn(
                TestHome.program + "-server", words + ["--home", home, "--json"], environment: [],
                root: ward.folder.root
            ).out
        }
        let waiting = try ids(json("quarantine", "list"), "items", "change")
        #expect(waiting.count >= HostileText.families.count)
        let copied = try #require(ward.copied).description
        let commands =
            [
                ["devices"], ["devices", "--role", "resident"], ["held"], ["inbox", "list"], ["quarantine", "list"],
                ["forks", "list"], ["forks", "show", copied], ["completeness"], ["status"], ["settings", "list"],
                ["stats"], ["stats", "--by", "agency"], ["stats", "--by", "category"], ["doctor"], ["audit"],
                ["keys", "show"],
            ] + SettingsTopic.allCases.map { ["settings", "show", $0.rawValue] }
            + waiting.map { ["quarantine", "show", $0] }
        // A file is missing, and the ward was made to publish what no report says.
        let codes: [String: Int32] = ["completeness": 6, "audit": 9]
        let terminal = EmulatedTerminal(root: ward.folder.root)
        var runs: [(words: [String], bytes: [UInt8])] = []
        for words in commands {
            let run = try terminal.run(words + ["--home", home], columns: 1000, program: TestHome.program + "-server")
            #expect(
                run.code == codes[words[0], default: 0],
                "\(words): \(String(decoding: run.bytes, as: UTF8.self))")
            runs.append((words, run.bytes))
        }
        try terminal.check(runs, columns: 1000)
    }
}
