// The table's part on the home and the ward.

import CommandLineKit
import SyncKit

extension WardProgram {
    static let exchange = CommandGroup(
        m("Thiết bị và phường", "Device and ward"),
        commands: [
            CommandSpec(
                ["init"], summary: m("Tạo dữ liệu cho một phường", "Make the data for a ward"),
                details: m(
                    "Cần bản mô tả phường: một dòng bắt đầu bằng «wardsync1-», từ tệp, tham số hoặc đầu vào chuẩn.",
                    "Takes the ward's descriptor: one line that begins with “wardsync1-”, from a file, an argument or standard input."
                ),
                arguments: [
                    ArgumentSpec(
                        m("bản mô tả", "descriptor"), summary: m("Bản mô tả phường", "The ward's descriptor"),
                        required: false)
                ],
                options: [
                    OptionSpec(
                        "descriptor", value: .file,
                        summary: m(
                            "Tệp chứa bản mô tả; «-» là đầu vào chuẩn",
                            "File with the descriptor; “-” is standard input"))
                ],
                examples: [
                    .init(
                        "ward init --descriptor hong-gai.txt",
                        m("Bắt đầu với phường Hồng Gai.", "Begin with the ward of Hồng Gai."))
                ],
                run: Command.initialise.rawValue),
            CommandSpec(
                ["join"], summary: m("Tham gia bằng mã mời", "Join with an invitation"),
                arguments: [
                    ArgumentSpec(
                        m("mã mời", "code"), summary: m("Mã do phường cấp", "The code that the ward gave"),
                        kind: .text(maximumBytes: 100))
                ],
                options: [address],
                examples: [.init("ward join 4k2m8p-…", m("Nhận vai trò và địa bàn.", "Get a role and areas."))],
                run: Command.join.rawValue),
            CommandSpec(
                ["sync"], summary: m("Đồng bộ với phường", "Sync with the ward"),
                details: m(
                    "Gửi những gì đang chờ, lấy những gì mới. Chỉ nói đã xong khi có biên nhận. Mã thoát 7: chưa kết nối được, không mất gì.",
                    "Sends what waits and takes what is new. Says that it is done only with receipts in hand. Exit code 7: not reached, nothing lost."
                ),
                options: [
                    address,
                    OptionSpec(
                        "budget", value: .text(maximumBytes: 20), label: m("byte", "bytes"),
                        summary: m(
                            "Nhiều nhất bấy nhiêu byte ảnh và tệp, như 200K hay 2M; chữ vẫn gửi đủ",
                            "At most so many bytes of files, such as 200K or 2M; text goes in any case")),
                    OptionSpec(
                        "link", value: .text(maximumBytes: 64), label: m("tên", "name"),
                        summary: m(
                            "Theo đường truyền này (xem «ward link»); «none» là không theo đường nào",
                            "Over this link (see “ward link”); “none” for no link's settings")),
                ] + fileChoices + [
                    OptionSpec(
                        "fetch", value: .choice(LinkPlan.Fetching.allCases.map(\.rawValue)),
                        summary: m(
                            "Tải tệp của người khác: không, ảnh nhỏ (mặc định) hay tất cả",
                            "Others' files: nothing, thumbnails (the default) or everything")),
                    OptionSpec(
                        "history", value: .text(maximumBytes: 80), label: m("mã", "id"),
                        summary: m(
                            "Lấy cả lịch sử của mục này", "Fetch the whole history of this document"),
                        completion: CompletionLists.document),
                    OptionSpec(
                        flag: "stats", summary: m("In rõ từng phần gửi, nhận", "Print what went each way, and why")),
                    OptionSpec(
                        flag: "watch",
                        summary: m(
                            "Ở lại và tự đồng bộ khi có sóng; Ctrl-C để thôi",
                            "Stay, and sync whenever there is coverage; Ctrl-C ends it")),
                ],
                examples: [
                    .init("ward sync", m("Đồng bộ ngay.", "Sync now.")),
                    .init(
                        "ward sync --budget 200K",
                        m("Sóng yếu: chữ, rồi 200 kB ảnh.", "Weak link: text, then 200 kB of photos.")),
                    .init("ward sync --text-only", m("Chỉ chữ.", "Text only.")),
                    .init("ward sync --link 4g", m("Theo đường «4g» đã đặt.", "As was set for the link “4g”.")),
                ], run: Command.sync.rawValue),
            CommandSpec(
                ["status"], summary: m("Thiết bị này đang ở đâu", "Where this device stands"),
                options: [area],
                examples: [.init("ward status --json", m("Cho chương trình khác đọc.", "For other programs."))],
                run: Command.status.rawValue),
            CommandSpec(
                ["whoami"], summary: m("Thiết bị, vai trò, địa bàn", "Device, role, areas"),
                examples: [.init("ward whoami", m("Xem vai trò của thiết bị.", "Show the device's role."))],
                run: Command.whoami.rawValue),
            CommandSpec(
                ["doctor"], summary: m("Kiểm tra và sửa kho dữ liệu", "Check and mend the store"),
                options: [
                    OptionSpec(
                        flag: "rebuild",
                        summary: m(
                            "Dựng lại mọi bảng suy ra được từ các thay đổi",
                            "Rebuild every derived table from the change sets")),
                    OptionSpec(
                        flag: "compact",
                        summary: m(
                            "Chỉ giữ nội dung của mục đã yên 180 ngày; lịch sử vẫn ở phường",
                            "Keep only the state of documents at rest for 180 days; the ward keeps the history")),
                ],
                examples: [
                    .init("ward doctor --rebuild", m("Dựng lại rồi kiểm tra.", "Rebuild, then check.")),
                    .init("ward doctor --compact", m("Lấy lại chỗ trên máy.", "Get room back on the device.")),
                ],
                run: Command.doctor.rawValue),
        ])
}
