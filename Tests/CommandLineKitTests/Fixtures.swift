// A small program, a seeded generator and a place to catch output, for the tests of the command line.

import Glibc

@testable import CommandLineKit

/// What the sample program can run.
enum SampleCommand: Int {
    case reportNew, reportList, reportShow, sync, syncStatus, taskDone
}

/// A program with every kind of argument and option.
let sampleProgram = ProgramSpec(
    name: "ward", version: "1.2.3", summary: Message(vi: "Sổ tay của phường", en: "The ward's notebook"),
    homeVariable: "WARD_HOME",
    groups: [
        CommandGroup(
            Message(vi: "Phản ánh", en: "Reports"),
            topics: [
                TopicSpec(["report"], summary: Message(vi: "Gửi và theo dõi phản ánh", en: "File and follow reports"))
            ],
            commands: [
                CommandSpec(
                    ["report", "new"], summary: Message(vi: "Gửi phản ánh", en: "File a report"),
                    details: Message(
                        vi: "Lưu ngay trên máy, gửi khi có mạng.", en: "Saved at once, sent when there is a network."),
                    options: [
                        OptionSpec(
                            "title", "t", value: .text(maximumBytes: 40), summary: .verbatim("title"), required: true),
                        OptionSpec("tag", value: .text(), summary: .verbatim("tag"), repeats: true),
                        OptionSpec(
                            "urgency", "u", value: .choice(["low", "normal", "high"]), summary: .verbatim("urgency"),
                            environment: "WARD_URGENCY"),
                        OptionSpec("photo", value: .file, summary: .verbatim("photo"), repeats: true),
                        OptionSpec("days", "d", value: .integer(-5...15), summary: .verbatim("days")),
                        OptionSpec(flag: "all", "a", summary: .verbatim("all")),
                        OptionSpec(flag: "brief", "b", summary: .verbatim("brief")),
                    ],
                    examples: [
                        .init("ward report new -t 'Đèn hỏng'", Message(vi: "Báo đèn hỏng.", en: "A broken lamp."))
                    ],
                    run: SampleCommand.reportNew.rawValue),
                CommandSpec(
                    ["report", "list"], summary: Message(vi: "Liệt kê phản ánh", en: "List reports"),
                    run: SampleCommand.reportList.rawValue),
                CommandSpec(
                    ["report", "show"], summary: Message(vi: "Xem phản ánh", en: "Show reports"),
                    arguments: [
                        ArgumentSpec(Message(vi: "mã", en: "code"), summary: .verbatim("code")),
                        ArgumentSpec(
                            Message(vi: "mã khác", en: "more"), summary: .verbatim("more"),
                            kind: .text(maximumBytes: 8),
                            required: false, repeats: true),
                    ], run: SampleCommand.reportShow.rawValue),
            ]),
        CommandGroup(
            Message(vi: "Đồng bộ", en: "Sync"),
            topics: [TopicSpec(["task"], summary: Message(vi: "Nhiệm vụ", en: "Tasks"))],
            commands: [
                CommandSpec(
                    ["sync"], summary: Message(vi: "Đồng bộ", en: "Sync now"),
                    arguments: [ArgumentSpec(.verbatim("server"), summary: .verbatim("server"), required: false)],
                    run: SampleCommand.sync.rawValue),
                CommandSpec(
                    ["sync", "status"], summary: Message(vi: "Tình trạng", en: "Status"),
                    run: SampleCommand.syncStatus.rawValue),
                CommandSpec(
                    ["task", "done"], summary: Message(vi: "Xong việc", en: "Finish a task"),
                    run: SampleCommand.taskDone.rawValue),
            ]),
    ],
    topics: [
        HelpTopic(
            ["rain", "troi-mua"], title: Message(vi: "Khi trời mưa", en: "When it rains"),
            text: Message(vi: "Cất máy vào túi.\n  ward sync", en: "Keep the device dry.\n  ward sync"))
    ],
    lists: ValueLists(folding: { $0.lowercased() }) { query in
        query.list == "tag" ? [Candidate("wet", about: "ướt\u{1B}[31m\u{202E}"), Candidate("bad\nline")] : []
    })

/// Parses a line of the sample program with a made-up environment.
func parse(_ words: String..., environment: [String: String] = [:]) throws(UsageError) -> ParsedCommand {
    try CommandParser(sampleProgram) { environment[$0] }.parse(words)
}

/// The usage error of a line, nil if it is understood.
func usageError(_ words: String..., environment: [String: String] = [:]) -> UsageError? {
    do throws(UsageError) {
        _ = try CommandParser(sampleProgram) { environment[$0] }.parse(words)
        return nil
    } catch {
        return error
    }
}

/// SplitMix64, replayed with `WARDSYNC_SEED`.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// Takes the seed from the environment, or a new one; prints it either way.
    init(for name: String) {
        let given = Environment.value("WARDSYNC_SEED").flatMap { UInt64($0) }
        state = given ?? UInt64.random(in: 0...UInt64.max)
        print("\(name): WARDSYNC_SEED=\(state)")
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A text of up to so many scalars, rich in what is hard to print.
    mutating func hostileText(upTo length: Int) -> String {
        let pool: [ClosedRange<UInt32>] = [
            0x20...0x7E, 0x00...0x1F, 0x7F...0xA0, 0xA1...0x2FF, 0x300...0x36F, 0x1E00...0x1EFF, 0x2000...0x206F,
            0x4E00...0x4E20, 0xAC00...0xAC20, 0xFE00...0xFE0F, 0x1F300...0x1F64F, 0x1F1E6...0x1F1FF, 0xE0000...0xE007F,
        ]
        var text = ""
        for _ in 0..<Int.random(in: 0...length, using: &self) {
            let range = pool[Int.random(in: pool.indices, using: &self)]
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &self)) {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

/// Runs a body with the two ends of a pipe, the reading end first; closes what is still open.
func withPipe(_ body: (Int32, Int32) -> Void) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    body(ends[0], ends[1])
    close(ends[0])
    close(ends[1])
}

/// What can be read from a pipe at once, up to 64 KiB.
func readAvailable(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
}

/// What a table prints.
func rendered(_ table: Table, columns: Int?, language: Language = .en, usesColor: Bool = false) -> [String] {
    var out = OutputWriter(fileDescriptor: -1)
    table.write(to: &out, language: language, columns: columns, usesColor: usesColor)
    return String(decoding: out.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        .dropLast().map(String.init)
}
