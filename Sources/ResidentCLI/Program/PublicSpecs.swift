// The table's part on following, publishing and rating.

import CommandLineKit
import SyncKit

extension WardProgram {
    private static let code = ArgumentSpec(
        m("mã tra cứu", "code"),
        summary: m("16 ký tự trên giấy, có hay không có gạch nối", "16 characters, with or without dashes"),
        kind: .text(maximumBytes: 100), required: true, repeats: true)
    private static let someCode = ArgumentSpec(
        m("mã tra cứu", "code"),
        summary: m("Để trống để xem tất cả", "Leave it out to see all"),
        kind: .text(maximumBytes: 100), required: false, repeats: true)
    private static let reportIDs = ArgumentSpec(
        m("mã", "id"), summary: m("Các phản ánh: ký tự đầu của mã là đủ", "Reports, by the beginning of their ids"),
        kind: .text(maximumBytes: 80), repeats: true)

    static let publicViews = CommandGroup(
        m("Công khai và theo dõi", "Public views and following"),
        topics: [TopicSpec(["public"], summary: m("Bản công khai của phường", "What the ward published"))],
        commands: [
            CommandSpec(
                ["report", "follow"], summary: m("Theo dõi phản ánh bằng mã tra cứu", "Follow a report by its code"),
                details: m(
                    "Không cần tài khoản, không cần mạng: phường trả lời ở lần đồng bộ tới. Chỉ thấy tiến độ, không thấy nội dung riêng.",
                    "Needs no account and no network: the ward answers at the next sync. It shows the progress and nothing private."
                ),
                arguments: [code],
                examples: [
                    .init(
                        "ward report follow 7k2m-9px4-v1zq-0t8h",
                        m("Theo dõi phản ánh có mã này.", "Follow the report with this code."))
                ], run: Command.reportFollow.rawValue),
            CommandSpec(
                ["report", "track"], summary: m("Xem tiến độ đang theo dõi", "Show the progress of what is followed"),
                arguments: [someCode],
                examples: [
                    .init("ward report track", m("Mọi phản ánh đang theo dõi.", "Every report that is followed."))
                ], run: Command.reportTrack.rawValue),
            CommandSpec(
                ["report", "rate"], summary: m("Đánh giá kết quả xử lý", "Rate a result"),
                details: m(
                    "Máy đã gửi phản ánh: ward report rate MÃ ĐIỂM. Người có mã đánh giá trên giấy: ward report rate --code MÃ ĐIỂM. Mỗi kết quả một lần.",
                    "The filing device: ward report rate ID SCORE. Whoever holds the rating code: ward report rate --code CODE SCORE. Once for each result."
                ),
                arguments: [
                    ArgumentSpec(
                        m("mã | điểm", "id | score"),
                        summary: m("Mã phản ánh; khi có --code thì là điểm", "The report's id; with --code the score"),
                        kind: .text(maximumBytes: 80)),
                    ArgumentSpec(
                        m("điểm", "score"), summary: m("Từ 1 đến 5", "From 1 to 5"), kind: .text(maximumBytes: 20),
                        required: false),
                ],
                options: [
                    text("code", nil, m("Mã đánh giá dùng một lần", "The one-time rating code"), bytes: 100),
                    text("comment", nil, m("Nhận xét", "Comment"), bytes: 400),
                ],
                examples: [
                    .init("ward report rate 3k7q 5", m("Rất hài lòng.", "Fully satisfied.")),
                    .init(
                        "ward report rate --code 4p8w-1c6r-t0nx-9kdh 4 --comment 'Nhanh'",
                        m("Đánh giá bằng mã trên giấy.", "Rate with the code on the paper.")),
                ], run: Command.reportRate.rawValue),
            CommandSpec(
                ["report", "publish"], summary: m("Công khai phản ánh đã xử lý (cán bộ)", "Publish reports (officers)"),
                details: m(
                    "Cho xem đúng những gì mọi người sẽ đọc và nhắc khi có vẻ lộ số điện thoại, thư điện tử hoặc tên. Với --yes, mục như vậy bị bỏ qua.",
                    "Shows exactly what everybody will read and warns of numbers, addresses and names. With --yes such reports are left out."
                ),
                arguments: [reportIDs],
                options: [
                    text("title", "t", m("Tiêu đề công khai", "Public title"), bytes: 400),
                    text("text", nil, m("Nội dung công khai", "Public text")),
                    OptionSpec(flag: "yes", "y", summary: m("Không hỏi lại", "Do not ask")),
                ],
                examples: [
                    .init(
                        "ward report publish 3k7q --title 'Đã sửa đèn ngõ 4'",
                        m("Xem trước rồi công khai.", "Look, then publish."))
                ], run: Command.reportPublish.rawValue),
            CommandSpec(
                ["report", "unpublish"], summary: m("Rút bản công khai (cán bộ)", "Take a publication back (officers)"),
                arguments: [reportIDs],
                examples: [
                    .init("ward report unpublish 3k7q", m("Rút bản công khai.", "Take the publication back."))
                ], run: Command.reportUnpublish.rawValue),
            CommandSpec(
                ["public", "list"], summary: m("Liệt kê bản công khai", "List publications"),
                options: [
                    OptionSpec(
                        "limit", value: .integer(1...1_000_000),
                        summary: m("Số dòng nhiều nhất (200)", "The most lines (200)")),
                    OptionSpec(flag: "all", summary: m("Tất cả, không giới hạn", "All, without a limit")),
                ],
                examples: [.init("ward public list", m("Những việc đã xử lý.", "What was resolved."))],
                run: Command.publicList.rawValue),
            CommandSpec(
                ["public", "show"], summary: m("Xem một bản công khai", "Show a publication"),
                arguments: [idArgument(m("Bản công khai", "The publication"))],
                examples: [.init("ward public show 8dm", m("Xem nội dung công khai.", "Show what is public."))],
                run: Command.publicShow.rawValue),
            CommandSpec(
                ["public", "search"], summary: m("Tìm trong các bản công khai", "Search publications"),
                arguments: [
                    ArgumentSpec(
                        m("từ", "words"), summary: m("Từ cần tìm, không cần dấu", "Words, with or without accents"),
                        kind: .text(maximumBytes: 400), repeats: true)
                ],
                options: [
                    OptionSpec(
                        "limit", value: .integer(1...500), summary: m("Số dòng nhiều nhất (20)", "The most lines (20)"))
                ],
                examples: [.init("ward public search den duong", m("Tìm không cần dấu.", "Search without accents."))],
                run: Command.publicSearch.rawValue),
        ])
}
