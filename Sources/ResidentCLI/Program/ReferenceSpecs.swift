// The table's part on look-ups, procedures and areas.

import CommandLineKit
import SyncKit

extension WardProgram {
    static let reference = CommandGroup(
        m("Tra cứu", "Look-ups"),
        topics: [
            TopicSpec(["lookup"], summary: m("Tra cứu hồ sơ", "Look dossiers up")),
            TopicSpec(["procedure"], summary: m("Thủ tục hành chính", "Administrative procedures")),
            TopicSpec(["area"], summary: m("Địa bàn của phường", "The ward's areas")),
        ],
        commands: [
            CommandSpec(
                ["lookup", "ask"], summary: m("Hỏi tình trạng một hồ sơ", "Ask about a dossier"),
                details: m(
                    "Hỏi được cả khi không có mạng; phường trả lời khi đồng bộ. Mã bí mật được niêm phong cho phường.",
                    "Works without a network; the ward answers at the next sync. The secret is sealed to the ward."),
                arguments: [
                    ArgumentSpec(
                        m("mã hồ sơ", "dossier"), summary: m("Mã ghi trên giấy hẹn", "The code on the receipt"),
                        kind: .text(maximumBytes: 80))
                ],
                options: [
                    text(
                        "secret", nil,
                        m("Mã bí mật; không ghi thì chương trình hỏi", "Second secret; asked for when it is not given"),
                        bytes: 200),
                    text(
                        "consent", nil,
                        m("Chủ hồ sơ đồng ý thế nào, khi tra cứu hộ", "How the owner agreed, when asking for somebody"),
                        bytes: 400),
                    area,
                ],
                examples: [
                    .init(
                        "ward lookup ask 000.00.01.H49-261103-0001",
                        m("Hỏi tình trạng hồ sơ.", "Ask about the dossier."))
                ], run: Command.lookupAsk.rawValue),
            CommandSpec(
                ["lookup", "list"], summary: m("Liệt kê các lần tra cứu", "List look-ups"),
                options: listOptions("sent, answered, not_found, refused, expired"),
                examples: [
                    .init("ward lookup list", m("Các lần tra cứu và tình trạng.", "Look-ups and how they stand."))
                ],
                run: Command.lookupList.rawValue),
            CommandSpec(
                ["lookup", "show"], summary: m("Xem câu trả lời", "Show an answer"),
                arguments: [idArgument(m("Lần tra cứu", "The look-up"))],
                examples: [
                    .init("ward lookup show 5wq", m("Xem câu trả lời và độ cũ của nó.", "Show the answer and its age."))
                ],
                run: Command.lookupShow.rawValue),
            lookupAnswer, lookupPurge,
            CommandSpec(
                ["procedure", "search"], summary: m("Tìm thủ tục", "Search procedures"),
                arguments: [
                    ArgumentSpec(
                        m("từ", "words"), summary: m("Từ cần tìm, không cần dấu", "Words, with or without accents"),
                        kind: .text(maximumBytes: 400), repeats: true)
                ],
                options: [
                    OptionSpec(
                        "limit", value: .integer(1...500), summary: m("Số dòng nhiều nhất (20)", "The most lines (20)"))
                ],
                examples: [
                    .init("ward procedure search khai sinh", m("Tìm thủ tục khai sinh.", "Find birth registration."))
                ],
                run: Command.procedureSearch.rawValue),
            CommandSpec(
                ["procedure", "show"], summary: m("Xem một thủ tục", "Show a procedure"),
                arguments: [idArgument(m("Thủ tục", "The procedure"))],
                examples: [
                    .init(
                        "ward procedure show 2fd", m("Giấy tờ, thời hạn, phí, trình tự.", "Papers, time, fee, steps."))
                ],
                run: Command.procedureShow.rawValue),
            CommandSpec(
                ["area", "list"], summary: m("Liệt kê địa bàn", "List areas"),
                options: [
                    OptionSpec(
                        flag: "all", summary: m("Mọi địa bàn, cả đơn vị cũ", "Every area, also units that are no more"))
                ],
                examples: [
                    .init("ward area list", m("Mã và tên các khu phố.", "Codes and names of the neighborhoods."))
                ],
                run: Command.areaList.rawValue),
        ])
}
