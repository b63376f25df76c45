// The table's part on what waits for a person at the server.
import CommandLineKit
import SyncKit

enum QuarantineSpecs {
    private static func m(_ vi: String, _ en: String) -> Message { Message(vi: vi, en: en) }

    private static let item = ArgumentSpec(
        m("THIẾT-BỊ:SỐ|VIỆC", "DEVICE:SEQ|ITEM"),
        summary: m(
            "Gói, mục hoặc thiết bị như danh sách in ra, hoặc «key» của --json",
            "The change set, document or device as the list prints it, or its “key” in --json"))
    private static let changes = ArgumentSpec(
        m("THIẾT-BỊ:SỐ", "DEVICE:SEQ"),
        summary: m("Các gói thay đổi; hoặc dùng điều kiện", "The change sets; or filters instead"), required: false,
        repeats: true)

    private static let filters = [
        OptionSpec(
            "kind", "k", value: .choice(InboxKind.allCases.map(\.name)), summary: m("Chỉ loại này", "Only this kind"),
            repeats: true),
        OptionSpec(
            "severity", "s", value: .choice(InboxSeverity.allCases.map(\.name)),
            summary: m("Từ mức này trở lên", "Of this severity or a higher one")),
        OptionSpec(
            "area", value: .text(maximumBytes: 32), label: m("MÃ", "CODE"),
            summary: m("Chỉ địa bàn này", "Only this area"), repeats: true),
        OptionSpec(
            "device", value: .text(maximumBytes: 64), label: m("THIẾT-BỊ", "DEVICE"),
            summary: m("Chỉ thiết bị này", "Only this device")),
        OptionSpec(
            "older", value: .integer(0...36_500), summary: m("Đã chờ ít nhất số ngày này", "Waiting for so many days")),
    ]
    private static let limit = OptionSpec(
        "limit", value: .integer(1...2_000), summary: m("Số dòng nhiều nhất (200)", "The most lines (200)"))
    private static let from = OptionSpec(
        "from", value: .integer(0...1_000_000), summary: m("Bỏ qua số dòng này", "Leave out so many lines"))
    private static let reason = OptionSpec(
        "reason", "r", value: .text(maximumBytes: 4000), label: m("LÝ-DO", "REASON"),
        summary: m("Lý do; người liên quan đọc được", "Why; those concerned read it"), required: true)
    private static let all = OptionSpec(
        flag: "all", summary: m("Mọi gói tạm giữ hợp điều kiện", "Everything held that fits the filters"))

    static let group = CommandGroup(
        m("Những gì cần người quyết định", "What waits for a person"),
        topics: [
            TopicSpec(["quarantine"], summary: m("Những gì tới mà chưa tính", "What arrived and does not count")),
            TopicSpec(["inbox"], summary: m("Hộp xung đột của phường", "The ward's conflict inbox")),
        ],
        commands: [
            CommandSpec(
                ["inbox", "list"],
                summary: m("Mọi xung đột, tạm giữ, thiết bị và lỗi", "All conflicts, what is held, devices and faults"),
                details: m(
                    "Mức nặng nhất và chờ lâu nhất đứng trước. Xung đột trên hồ sơ được quyết định trên thiết bị: ward conflict.",
                    "The most severe and oldest first. Conflicts on documents are decided on a device: ward conflict."),
                options: filters + [limit, from],
                examples: [
                    .init("ward-server inbox list --severity high", m("Việc gấp trước.", "What is urgent."))
                ], run: ServerCommand.inboxList.rawValue),
            CommandSpec(
                ["quarantine", "list"],
                summary: m(
                    "Gói tạm giữ, bị từ chối, thiết bị và lỗi", "What is held or was refused, devices and faults"),
                options: filters + [limit, from],
                examples: [
                    .init(
                        "ward-server quarantine list --kind role --older 3",
                        m("Quyền hết hạn, chờ từ ba ngày.", "Grants that ran out, for three days."))
                ], run: ServerCommand.quarantineList.rawValue),
            CommandSpec(
                ["quarantine", "show"],
                summary: m("Vì sao một việc đang chờ và thiếu gì", "Why something waits, and what is missing"),
                details: m(
                    "Một gói thay đổi, hoặc bất kỳ việc nào của inbox list: máy mất liên lạc còn gì chưa gửi, tệp còn thiếu phần nào.",
                    "A change set, or anything else of inbox list: what a silent device had not sent, which parts of a file are missing."
                ),
                arguments: [item],
                examples: [
                    .init(
                        "ward-server quarantine show 4f2a91c0:17",
                        m("Vì sao gói này chưa tính.", "Why it does not count."))
                ], run: ServerCommand.quarantineShow.rawValue),
            CommandSpec(
                ["quarantine", "release"], summary: m("Cho gói tạm giữ được tính", "Let held change sets count"),
                arguments: [changes], options: filters + [all, reason],
                examples: [
                    .init(
                        "ward-server quarantine release --kind role --device 4f2a91c0 --all --reason 'Đã gia hạn'",
                        m("Nhiều gói của một thiết bị.", "Many of one device."))
                ], run: ServerCommand.quarantineRelease.rawValue),
            CommandSpec(
                ["quarantine", "decline"],
                summary: m("Từ chối hẳn gói tạm giữ", "Refuse held change sets for good"),
                details: m(
                    "Gói đã bị từ chối, khi được nêu tên, thì được khép lại: vẫn không nhận, không còn trong hộp xung đột.",
                    "What was refused already and is named is closed: it stays refused and leaves the conflict inbox."),
                arguments: [changes], options: filters + [all, reason],
                run: ServerCommand.quarantineDecline.rawValue),
        ])
}
