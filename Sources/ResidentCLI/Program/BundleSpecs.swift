// The table's part on bundles that are carried by hand.

import CommandLineKit
import SyncKit

extension WardProgram {
    private static func parts(_ summary: Message, required: Bool) -> ArgumentSpec {
        ArgumentSpec(m("tệp", "file"), summary: summary, kind: .file, required: required, repeats: true)
    }

    static let bundles = CommandGroup(
        m("Gói mang tay", "Bundles carried by hand"),
        topics: [
            TopicSpec(
                ["bundle"],
                summary: m("Gửi và nhận không cần mạng, nhờ người mang", "Send and receive without a network, by hand"))
        ],
        commands: [
            CommandSpec(
                ["bundle", "export"],
                summary: m("Ghi những gì đang chờ thành gói mang tay", "Write what waits into a bundle"),
                details: m(
                    "Gói được niêm phong cho phường: người mang không đọc được. Ghi ra thẻ nhớ, gửi qua tin nhắn, hoặc cho máy khác quét mã QR. Chưa có gì được coi là đã gửi cho tới khi biên nhận về. Một gói mang nhiều nhất 16 MiB ảnh và tệp; phần để lại được nói rõ.",
                    "The bundle is sealed to the ward: whoever carries it cannot read it. Put it on a stick, send it as an attachment, or let another device scan QR codes. Nothing counts as sent before the receipts are back. A bundle takes at most 16 MiB of photos and files; what stays behind is said."
                ),
                options: [
                    OptionSpec(
                        "to", value: .file, label: m("thư mục", "directory"),
                        summary: m("Nơi ghi; không ghi thì là thư mục này", "Where to write; here without it")),
                    OptionSpec(
                        "size", value: .text(maximumBytes: 20), label: m("cỡ", "size"),
                        summary: m(
                            "Mỗi tệp nhiều nhất bấy nhiêu: 64K, 512K, 2M (mặc định 1M)",
                            "The most of one file: 64K, 512K, 2M (1M without it)")),
                    OptionSpec(
                        flag: "qr",
                        summary: m(
                            "Hiện thành loạt mã QR, cho phản ánh ngắn", "Show a series of QR codes, for a small report")
                    ),
                    OptionSpec(
                        flag: "text-only",
                        summary: m(
                            "Chỉ chữ, không ảnh (mã QR luôn như vậy)", "Text only, no photos (always so with --qr)")),
                    OptionSpec(
                        flag: "carried",
                        summary: m(
                            "Ghi cả những gói đang mang hộ; máy này không có gì chờ thì chỉ ghi các gói đó",
                            "Write what is carried for others as well; alone where nothing of this device waits")),
                ],
                examples: [
                    .init(
                        "ward bundle export --to /media/usb",
                        m("Ghi ra thẻ nhớ.", "Write to a stick.")),
                    .init("ward bundle export --qr", m("Cho máy khác quét.", "Let another device scan it.")),
                ], run: Command.bundleExport.rawValue),
            CommandSpec(
                ["bundle", "import"],
                summary: m(
                    "Nhận gói: trả lời của phường, hoặc gói mang hộ", "Take bundles: the ward's answers, or to carry"),
                details: m(
                    "Thứ tự nào cũng được, nhận lại bao nhiêu lần cũng được. Trả lời cho máy này được áp dụng khi đủ phần; gói của người khác được giữ để mang hộ và không đọc được. Phần hỏng thì nói cần mang lại phần nào.",
                    "In any order and as often as you like. Answers to this device are applied once they are whole; what is others' is kept to be carried and cannot be read. Of a damaged part it is said which one to bring again."
                ),
                arguments: [parts(m("Các tệp .wsb", "Files of parts"), required: false)],
                options: [
                    OptionSpec(
                        "texts", value: .file,
                        summary: m(
                            "Tệp có các dòng đọc từ mã QR; «-» là đầu vào chuẩn",
                            "File with the lines that were read from QR codes; “-” is standard input"))
                ],
                examples: [
                    .init(
                        "ward bundle import /media/usb/wardreturn-1a2b3c4d-1-of-1.wsb",
                        m("Nhận trả lời của phường.", "Take the ward's answer."))
                ], run: Command.bundleImport.rawValue),
            CommandSpec(
                ["bundle", "inspect"],
                summary: m("Một tệp là gì, hoặc máy này đang mang gì", "What a file is, or what this device carries"),
                details: m(
                    "Không có tệp: bao nhiêu gói, của nhiều nhất bao nhiêu người, còn thiếu phần nào, loạt mã QR nào chưa quét đủ, đã trao gì. Không ai thấy gì khác.",
                    "Without a file: how many bundles, of how many people at most, which parts are missing, which series of codes are not whole, what was delivered. Nobody sees anything else."
                ),
                arguments: [parts(m("Các tệp cần xem", "Files to look at"), required: false)],
                examples: [.init("ward bundle inspect", m("Xem đang mang gì.", "See what is carried."))],
                run: Command.bundleInspect.rawValue),
        ])
}
