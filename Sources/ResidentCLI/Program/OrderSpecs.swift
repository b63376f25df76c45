// The table's part on looking after a ward: devices, what is held, and orders.

import CommandLineKit
import SyncKit

extension WardProgram {
    private static let device = ArgumentSpec(
        m("thiết bị", "device"),
        summary: m(
            "Tên người, hoặc các ký tự đầu của mã thiết bị", "A person's name, or the first characters of a device's id"
        ),
        kind: .text(maximumBytes: 200))

    private static let change = ArgumentSpec(
        m("gói", "change set"),
        summary: m("Mã trong danh sách tạm giữ: các ký tự đầu là đủ", "Its id in the list: the first characters do"),
        kind: .text(maximumBytes: 80))

    private static let orderReason: OptionSpec = text(
        "reason", nil, m("Lý do; người liên quan đọc được", "Why; those concerned read it"), bytes: 4000)

    private static let orderEnd: OptionSpec = text(
        "until", nil,
        m("Hết hạn vào cuối ngày dd/MM/yyyy; «0» là không hạn", "Until the end of dd/MM/yyyy; “0”: no end"),
        bytes: 20)

    static let oversight = CommandGroup(
        m("Quản trị", "Looking after the ward"),
        topics: [
            TopicSpec(
                ["device"],
                summary: m("Thiết bị của người làm việc cho phường", "Devices of those who work for the ward")),
            TopicSpec(["quarantine"], summary: m("Những gì phường đang tạm giữ", "What the ward holds")),
            TopicSpec(["order"], summary: m("Quyết định đã ký", "Decisions that were signed")),
        ],
        commands: [
            CommandSpec(
                ["device", "list"], summary: m("Liệt kê thiết bị và quyền", "List devices and their grants"),
                details: m(
                    "Theo những gì máy quản trị này đã đồng bộ, kể cả khi không có mạng.",
                    "As this admin's device has synced it, also without a network."),
                options: [
                    OptionSpec(
                        "expiring", value: .integer(1...3650),
                        summary: m("Chỉ quyền hết hạn trong chừng này ngày", "Only grants that end within so many days")
                    )
                ],
                examples: [
                    .init("ward device list --expiring 30", m("Ai sắp hết hạn quyền.", "Whose grant ends soon."))
                ],
                run: Command.deviceList.rawValue),
            CommandSpec(
                ["device", "revoke"], summary: m("Thu hồi một thiết bị (quản trị)", "Revoke a device (admins)"),
                details: m(
                    "Ký trên máy này, có hiệu lực khi phường nhận được. Những gì thiết bị đó gửi sau mốc đều bị tạm giữ, bất kể đồng hồ của nó ghi gì; nhận lại từng gói bằng «ward quarantine release».",
                    "Signed on this device, in force once the ward has it. Everything above the cut is held, whatever the device's clock says; release honest work one by one with “ward quarantine release”."
                ),
                arguments: [device],
                options: [
                    orderReason,
                    OptionSpec(
                        "after", value: .integer(0...281_474_976_710_655),
                        summary: m(
                            "Gói cuối cùng còn được tính; không ghi: tất cả những gì phường đã nhận",
                            "The last change set that counts; without it: all that the ward has received")),
                ],
                examples: [
                    .init(
                        "ward device revoke Lan --reason \"Mất điện thoại\"",
                        m("Điện thoại của Lan bị mất.", "Lan's phone was lost."))
                ], run: Command.deviceRevoke.rawValue),
            CommandSpec(
                ["device", "extend"], summary: m("Gia hạn quyền (quản trị)", "Extend a grant (admins)"),
                details: m(
                    "Những gì bị tạm giữ vì hết hạn được xét lại và nhận theo đúng thứ tự.",
                    "What was held because the grant had run out is decided again, in its order."),
                arguments: [device], options: [orderEnd, orderReason],
                examples: [
                    .init(
                        "ward device extend Lan --until 31/12/2027 --reason \"Làm tiếp một năm\"",
                        m("Lan làm tiếp.", "Lan goes on."))
                ], run: Command.deviceExtend.rawValue),
            CommandSpec(
                ["device", "grant"],
                summary: m("Đổi vai trò, địa bàn (quản trị)", "Give another role or other areas (admins)"),
                details: m(
                    "Cũng để cấp quyền lại cho thiết bị đã thu hồi.", "Also gives a revoked device its work again."),
                arguments: [device],
                options: [
                    OptionSpec(
                        "role", value: .choice(["resident", "volunteer", "lead", "officer", "admin", "auditor"]),
                        summary: m("Vai trò", "Role"), required: true),
                    OptionSpec(
                        "area", value: .text(maximumBytes: 200), label: m("địa bàn", "area"),
                        summary: m("Địa bàn; ghi nhiều lần được", "An area; may be given several times"),
                        repeats: true),
                    text("name", nil, m("Tên để người khác thấy", "The name that others see"), bytes: 120), orderEnd,
                    orderReason,
                ],
                examples: [
                    .init(
                        "ward device grant Lan --role lead --area 3 --reason \"Lên tổ trưởng\"",
                        m("Lan làm tổ trưởng khu phố 3.", "Lan leads neighborhood 3."))
                ], run: Command.deviceGrant.rawValue),
            CommandSpec(
                ["quarantine", "list"], summary: m("Liệt kê những gì bị tạm giữ", "List what is held"),
                options: [
                    OptionSpec(flag: "refused", summary: m("Những gì đã bị từ chối", "What was refused instead")),
                    OptionSpec(
                        "device", value: .text(maximumBytes: 200), label: m("thiết bị", "device"),
                        summary: m("Chỉ của thiết bị này", "Only of this device")),
                    OptionSpec(
                        "limit", value: .integer(1...10_000), summary: m("Số dòng nhiều nhất (200)", "Most lines (200)")
                    ),
                ],
                examples: [.init("ward quarantine list", m("Xem cái gì đang chờ quyết định.", "See what waits."))],
                run: Command.quarantineList.rawValue),
            CommandSpec(
                ["quarantine", "show"], summary: m("Xem nội dung một gói", "See what is in a change set"),
                arguments: [change],
                examples: [.init("ward quarantine show 3k7q", m("Xem trước khi quyết định.", "Look before deciding."))],
                run: Command.quarantineShow.rawValue),
            CommandSpec(
                ["quarantine", "release"], summary: m("Nhận lại một gói", "Let a held change set count"),
                arguments: [change], options: [orderReason],
                examples: [
                    .init(
                        "ward quarantine release 3k7q --reason \"Đã hỏi, đúng là Lan ghi\"",
                        m("Việc thật của Lan.", "Lan's honest work."))
                ], run: Command.quarantineRelease.rawValue),
            CommandSpec(
                ["quarantine", "decline"], summary: m("Không nhận một gói", "Refuse a held change set for good"),
                details: m(
                    "Gói đã bị từ chối vì ngoài quyền thì được khép lại: vẫn không nhận, không còn trong hộp xung đột; người gửi đọc được lý do.",
                    "What was refused already is closed: it stays refused and leaves the conflict inbox; its author reads the reason."
                ),
                arguments: [change], options: [orderReason],
                examples: [
                    .init(
                        "ward quarantine decline 3k7q --reason \"Ghi sau khi mất máy\"",
                        m("Không phải Lan ghi.", "Lan did not write it."))
                ], run: Command.quarantineDecline.rawValue),
            CommandSpec(
                ["order", "list"], summary: m("Liệt kê quyết định", "List orders"),
                options: [
                    OptionSpec(
                        "limit", value: .integer(1...10_000), summary: m("Số dòng nhiều nhất (200)", "Most lines (200)")
                    )
                ],
                examples: [.init("ward order list", m("Ai quyết định gì, kết quả ra sao.", "Who decided what."))],
                run: Command.orderList.rawValue),
            CommandSpec(
                ["order", "erase"],
                summary: m("Xoá nội dung một thay đổi (quản trị)", "Erase what a change set says (admins)"),
                details: m(
                    "Chữ, toạ độ, dữ liệu riêng bị xoá ở phường và mọi máy; dấu vết đã ký vẫn còn. Không lấy lại được. Bản sao lưu cũ vẫn giữ nội dung cho tới khi bị huỷ.",
                    "Texts, places and private details go at the ward and on every device; what was signed stays as a trace. It cannot be taken back. Older backups hold it until they are destroyed."
                ),
                arguments: [idArgument(m("Mục", "The document"))],
                options: [
                    OptionSpec(
                        "number", value: .integer(1...1_000_000),
                        summary: m(
                            "Dòng thứ mấy trong lịch sử của mục (1 là dòng đầu)",
                            "Which line of the document's history (1 is the first)")),
                    orderReason,
                ],
                examples: [
                    .init(
                        "ward order erase 3k7q --number 2 --reason \"Có số điện thoại của người khác\"",
                        m("Xoá lời trao đổi ở dòng 2.", "Erase the comment in line 2."))
                ], run: Command.orderErase.rawValue),
            CommandSpec(
                ["order", "sign"],
                summary: m("Ký quyết định mà máy chủ soạn sẵn", "Sign an order that the server prepared"),
                details: m(
                    "Tệp do «ward-server … --prepare» tạo. Xem lại nội dung bằng --show rồi mới ký; chỉ ký được việc mà vai trò của máy này cho phép.",
                    "A file that “ward-server … --prepare” made. Look at it with --show before you sign it; only what this device's role may order is signed."
                ),
                arguments: [
                    ArgumentSpec(
                        m("tệp", "file"), summary: m("Tệp; «-» là đầu vào chuẩn", "The file; “-” is standard input"),
                        kind: .file)
                ],
                options: [
                    OptionSpec(flag: "show", summary: m("Chỉ xem, không ký", "Only show it, sign nothing"))
                ],
                examples: [
                    .init("ward order sign thu-hoi.txt --show", m("Xem trước khi ký.", "Look before signing.")),
                    .init("ward order sign thu-hoi.txt", m("Ký quyết định thu hồi.", "Sign the revocation.")),
                ],
                run: Command.orderSign.rawValue),
        ])
}
