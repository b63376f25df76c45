// The table's part on files: photos and papers that belong to a report, a task or a look-up.

import CommandLineKit
import SyncKit

extension WardProgram {
    static let photo = OptionSpec(
        "photo", value: .file, label: m("tệp", "file"),
        summary: m(
            "Ảnh hoặc PDF đính kèm; ghi nhiều lần được", "A photo or PDF to attach; may be given several times"),
        repeats: true)

    static let privatePhoto = OptionSpec(
        "private-photo", value: .file, label: m("tệp", "file"),
        summary: m(
            "Ảnh hoặc PDF riêng tư, niêm phong cho phường", "A private photo or PDF, sealed to the ward"),
        repeats: true)

    static let noPlace = OptionSpec(
        flag: "no-place",
        summary: m("Không lấy nơi chụp của ảnh làm nơi phản ánh", "Do not take where a photo was taken as the place"))

    private static let which = ArgumentSpec(
        m("số", "number"),
        summary: m("Số thứ tự trong danh sách; không ghi: tất cả", "Number in the list; all where left out"),
        kind: .integer(1...Int64(Attachment.maxCount)), required: false)

    private static func one(_ summary: Message) -> ArgumentSpec {
        ArgumentSpec(m("số", "number"), summary: summary, kind: .integer(1...Int64(Attachment.maxCount)))
    }

    private static let document = idArgument(m("Phản ánh, nhiệm vụ hoặc tra cứu", "The report, task or look-up"))

    static let files = CommandGroup(
        m("Ảnh và tệp", "Photos and files"),
        topics: [
            TopicSpec(["attachment"], summary: m("Tệp của một phản ánh, nhiệm vụ, tra cứu", "Files of a document"))
        ],
        commands: [
            CommandSpec(
                ["attach"], summary: m("Đính kèm ảnh hoặc tệp PDF", "Attach photos or PDFs"),
                details: m(
                    "Ảnh lớn được thu nhỏ; vị trí, tên máy, tên người chụp và mọi ghi chú của máy ảnh bị xoá khỏi ảnh trước khi lưu. Nơi chụp chỉ được lấy làm nơi phản ánh khi phản ánh chưa có nơi nào. Chữ luôn gửi trước, ảnh nhỏ sau, rồi đến ảnh; mất sóng giữa chừng thì lần sau gửi tiếp phần còn thiếu.",
                    "Large photos are made smaller; position, device, owner and every other note of the camera are taken out before anything is saved. Where it was taken becomes the report's place only if the report has none. Text always goes first, then thumbnails, then photos; what a cut left missing goes with the next sync."
                ),
                arguments: [
                    document,
                    ArgumentSpec(
                        m("tệp", "file"), summary: m("Ảnh JPEG, PNG, WebP hoặc PDF", "JPEG, PNG, WebP or PDF"),
                        kind: .file, repeats: true),
                ],
                options: [
                    OptionSpec(
                        flag: "original",
                        summary: m(
                            "Giữ nguyên kích thước ảnh (tối đa 8 MiB)", "Keep a photo's size (at most 8 MiB)")),
                    OptionSpec(
                        flag: "private",
                        summary: m(
                            "Niêm phong cho phường: giấy tờ tuỳ thân, tệp riêng tư",
                            "Seal them to the ward: identity papers, private files")),
                    noPlace,
                ],
                examples: [
                    .init("ward attach 3k7q cong.jpg", m("Thêm ảnh vào phản ánh.", "Add a photo to a report.")),
                    .init(
                        "ward attach 3k7q giay-to.jpg --private",
                        m(
                            "Chỉ phường và người cần xem mới mở được.",
                            "Only the ward and those who need it open it.")),
                ], run: Command.attach.rawValue),
            CommandSpec(
                ["attachment", "list"], summary: m("Các tệp và tình trạng của từng tệp", "Files and where each one is"),
                arguments: [document],
                examples: [
                    .init("ward attachment list 3k7q", m("Ảnh đã đến phường chưa?", "Is the photo at the ward?"))
                ],
                run: Command.attachmentList.rawValue),
            CommandSpec(
                ["attachment", "fetch"], summary: m("Tải tệp về ở lần đồng bộ tới", "Fetch files at the next sync"),
                arguments: [document, which],
                examples: [.init("ward attachment fetch 3k7q 1", m("Xin tệp thứ nhất.", "Ask for the first file."))],
                run: Command.attachmentFetch.rawValue),
            CommandSpec(
                ["attachment", "save"], summary: m("Ghi một tệp ra ngoài", "Write a file"),
                details: m(
                    "Tệp kín được mở bằng khoá của nó, kiểm tra đến hết rồi mới ghi; máy không có khoá thì không ghi gì.",
                    "A private file is opened with its key and checked to its end before anything is written; without the key nothing is."
                ),
                arguments: [document, one(m("Số thứ tự trong danh sách", "Number in the list"))],
                options: [
                    OptionSpec(
                        "out", value: .file, summary: m("Ghi vào tệp mới này", "Write to this new file"), required: true
                    ),
                    OptionSpec(flag: "thumbnail", summary: m("Ảnh nhỏ thay vì cả ảnh", "The thumbnail instead")),
                ],
                examples: [
                    .init(
                        "ward attachment save 3k7q 1 --out anh.jpg", m("Ghi ảnh ra tệp.", "Write the photo to a file."))
                ], run: Command.attachmentSave.rawValue),
            CommandSpec(
                ["attachment", "remove"], summary: m("Gỡ một tệp", "Take a file off"),
                arguments: [document, one(m("Số thứ tự trong danh sách", "Number in the list"))],
                examples: [.init("ward attachment remove 3k7q 2", m("Gỡ tệp thứ hai.", "Take the second file off."))],
                run: Command.attachmentRemove.rawValue),
            CommandSpec(
                ["attachment", "release"],
                summary: m("Cho công khai một ảnh (cán bộ)", "Release a photo to the public (officers)"),
                details: m(
                    "Ảnh chỉ hiện trong bản công khai của phản ánh khi cán bộ cho phép từng ảnh. Tệp kín không công khai được.",
                    "A photo is part of the report's public view only once an officer released it. Private files cannot be."
                ),
                arguments: [document, one(m("Số thứ tự trong danh sách", "Number in the list"))],
                examples: [.init("ward attachment release 3k7q 1", m("Cho công khai ảnh.", "Release the photo."))],
                run: Command.attachmentRelease.rawValue),
            CommandSpec(
                ["attachment", "withhold"],
                summary: m("Thôi công khai một ảnh (cán bộ)", "Take a photo out of the public view (officers)"),
                arguments: [document, one(m("Số thứ tự trong danh sách", "Number in the list"))],
                examples: [.init("ward attachment withhold 3k7q 1", m("Thôi công khai ảnh.", "Withhold the photo."))],
                run: Command.attachmentWithhold.rawValue),
        ])
}
