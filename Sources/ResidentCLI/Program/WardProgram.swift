// The program as plain data: its groups, and the words that several commands share.

import CommandLineKit
import SyncKit

/// The table of the program.
enum WardProgram {
    static let spec = ProgramSpec(
        name: "ward", version: wardSyncVersion,
        summary: m(
            "Sổ tay của phường: làm việc khi không có mạng, đồng bộ khi có",
            "The ward's notebook: works offline, syncs later"),
        homeVariable: "WARD_HOME",
        groups: [
            reports, files, officers, publicViews, tasks, reference, information, conflicts, exchange, links, leading,
            settings, protection, receipts, bundles, oversight,
        ],
        topics: HelpTopics.all, lists: CompletionLists.lists)

    static func idArgument(_ what: Message) -> ArgumentSpec {
        ArgumentSpec(
            m("mã", "id"),
            summary: m(
                what.vi + ": các ký tự đầu của mã là đủ", what.en + ": the first characters of its id are enough"),
            kind: .text(maximumBytes: 80), completion: CompletionLists.document)
    }

    static let textArgument = ArgumentSpec(m("nội dung", "text"), summary: m("Nội dung cần ghi", "What to write"))

    static func listOptions(_ states: String?) -> [OptionSpec] {
        var options = [
            OptionSpec(
                "area", value: .text(maximumBytes: 200), label: m("địa bàn", "area"),
                summary: m(
                    "Chỉ trong địa bàn này: 3, 06685.03, hoặc tên", "Only in this area: 3, 06685.03, or a name"))
        ]
        if let states {
            options.append(
                OptionSpec(
                    "state", value: .text(maximumBytes: 64), label: m("trạng thái", "state"),
                    summary: m("Chỉ trạng thái này: \(states)", "Only in this state: \(states)")))
        }
        options.append(
            OptionSpec(
                "limit", value: .integer(1...1_000_000), summary: m("Số dòng nhiều nhất (200)", "The most lines (200)"))
        )
        options.append(OptionSpec(flag: "all", summary: m("Tất cả, không giới hạn", "All, without a limit")))
        return options
    }

    static let address = OptionSpec(
        "address", value: .text(maximumBytes: 300), label: .verbatim("URL"),
        summary: m("Địa chỉ máy chủ, thay cho địa chỉ của phường", "Server's address, instead of the ward's own"))

    static let area = OptionSpec(
        "area", value: .text(maximumBytes: 200), label: m("địa bàn", "area"),
        summary: m(
            "Số khu phố (3), mã (06685.03) hoặc tên địa bàn", "Neighborhood's number (3), code (06685.03) or name"))

    static func text(_ name: String, _ short: Character? = nil, _ summary: Message, bytes: Int = ValueKind.textLimit)
        -> OptionSpec
    {
        OptionSpec(name, short, value: .text(maximumBytes: bytes), label: m("nội dung", "text"), summary: summary)
    }
}
