// The table's part on links: what may go over mobile data, what over Wi-Fi.

import CommandLineKit
import SyncKit

extension WardProgram {
    /// What of files goes: at most one of these.
    static let fileChoices = [
        OptionSpec(flag: "text-only", summary: m("Chỉ chữ, không ảnh", "Text only, no photos")),
        OptionSpec(
            flag: "thumbnails",
            summary: m("Chữ và ảnh nhỏ, cả hai chiều", "Text and thumbnails, both ways")),
        OptionSpec(
            flag: "all", summary: m("Mọi thứ, cả ảnh của người khác", "Everything, others' photos as well")),
    ]

    private static func name(required: Bool = true) -> ArgumentSpec {
        ArgumentSpec(
            m("tên", "name"),
            summary: m("Tên đường truyền, như 4g hay wifi", "The link's name, such as 4g or wifi"),
            kind: .text(maximumBytes: 64), required: required, completion: "link")
    }

    static let links = CommandGroup(
        m("Đường truyền", "Links"),
        topics: [
            TopicSpec(
                ["link"],
                summary: m(
                    "Đặt một lần: qua 4g gửi gì, qua Wi-Fi gửi gì", "Say once what goes over 4g, and what over Wi-Fi"))
        ],
        commands: [
            CommandSpec(
                ["link", "set"], summary: m("Đặt những gì được đi qua một đường truyền", "Set what goes over a link"),
                details: m(
                    "Chữ luôn đi; các tuỳ chọn chỉ nói về ảnh và tệp. Đặt lại thì thay hẳn lần đặt trước. Hạn mức mỗi ngày tính theo ngày của máy này, giờ Việt Nam; những gì mất khi đứt mạng không tính. Chỉ máy này dùng, không gửi cho phường.",
                    "Text always goes; the options are about photos and files. Setting it again replaces it all. The bound of a day counts days of this device in Vietnam's time; what a broken connection lost does not count. It is this device's alone and is not sent to the ward."
                ),
                arguments: [name()],
                options: fileChoices + [
                    OptionSpec(
                        "budget", value: .text(maximumBytes: 20), label: m("byte", "bytes"),
                        summary: m(
                            "Mỗi lần đồng bộ nhiều nhất bấy nhiêu byte ảnh và tệp, như 200K hay 2M",
                            "At most so many bytes of files in one sync, such as 200K or 2M")),
                    OptionSpec(
                        "daily", value: .text(maximumBytes: 20), label: m("byte", "bytes"),
                        summary: m(
                            "Mỗi ngày nhiều nhất bấy nhiêu byte ảnh và tệp", "At most so many bytes of files in a day")
                    ),
                    OptionSpec(
                        flag: "use", summary: m("Dùng luôn từ giờ", "Use it from now on")),
                ],
                examples: [
                    .init(
                        "ward link set 4g --thumbnails --daily 200K --use",
                        m(
                            "Qua 4g: chữ và ảnh nhỏ, mỗi ngày 200 kB; từ giờ dùng đường này.",
                            "Over 4g: text and thumbnails, 200 kB a day; use it from now on.")),
                    .init("ward link set wifi --all", m("Qua Wi-Fi: mọi thứ.", "Over Wi-Fi: everything.")),
                ], run: Command.linkSet.rawValue),
            CommandSpec(
                ["link", "list"], summary: m("Liệt kê các đường truyền", "List the links"),
                examples: [
                    .init("ward link list", m("Đường nào đang dùng.", "Which one is in use."))
                ], run: Command.linkList.rawValue),
            CommandSpec(
                ["link", "use"],
                summary: m("Từ giờ «ward sync» theo đường này", "What “ward sync” goes by from now on"),
                details: m(
                    "Không ghi tên, hoặc ghi «none»: không theo đường nào. Tuỳ chọn ghi ngay trong lệnh «ward sync» luôn được ưu tiên.",
                    "Without a name, or with “none”: by no link. Options on the line of “ward sync” always win."),
                arguments: [name(required: false)],
                examples: [.init("ward link use wifi", m("Về tới nhà.", "At home."))],
                run: Command.linkUse.rawValue),
            CommandSpec(
                ["link", "remove"], summary: m("Bỏ một đường truyền", "Remove a link"), arguments: [name()],
                examples: [.init("ward link remove 4g", m("Bỏ đường «4g».", "Remove the link “4g”."))],
                run: Command.linkRemove.rawValue),
        ])
}
