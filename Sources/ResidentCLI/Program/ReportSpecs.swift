// The table's part on reports.

import CommandLineKit
import SyncKit

extension WardProgram {
    private static let title = text("title", "t", m("Tiêu đề", "Title"), bytes: 400)

    /// What a person can write of a report, wherever it is written.
    static let reportFields = [
        title,
        text(
            "category", "c", m("Phân loại: lighting, «rác thải», rac…", "Category: lighting, “rác thải”, rac…"),
            bytes: 100),
        text("description", "d", m("Mô tả", "Description")),
        text("address", nil, m("Địa chỉ bằng lời", "Address in words"), bytes: 400),
        OptionSpec("urgency", "u", value: .choice(["low", "normal", "high"]), summary: m("Mức khẩn", "Urgency")),
        area,
        OptionSpec(
            "at", value: .text(maximumBytes: 80), label: m("toạ độ", "place"),
            summary: m("VĨ ĐỘ,KINH ĐỘ[,SAI SỐ mét]", "LAT,LON[,ACCURACY in metres]")),
        text("name", nil, m("Họ tên người phản ánh (riêng tư)", "Reporter's name (private)"), bytes: 200),
        text("phone", nil, m("Điện thoại người phản ánh (riêng tư)", "Reporter's phone (private)"), bytes: 64),
        text(
            "source", nil,
            m(
                "Nguồn: resident, volunteer, paper, social, open311",
                "Source: resident, volunteer, paper, social, open311"),
            bytes: 64),
        text("visibility", nil, m("Phạm vi xem: normal, limited", "Visibility: normal, limited"), bytes: 64),
    ]

    /// What only officers write of a report, beside its steps.
    static let officerFields = [
        text("agency", nil, m("Mã đơn vị xử lý (cán bộ)", "Agency's code (officers)"), bytes: 400),
        text("due", nil, m("Hạn xử lý dd/MM/yyyy (cán bộ)", "Due date dd/MM/yyyy (officers)"), bytes: 20),
        text(
            "state", "s",
            m("Trạng thái mới: assigned, resolved, reopened…", "New state: assigned, resolved, reopened…"),
            bytes: 64),
        text("result", "r", m("Kết quả xử lý (cán bộ)", "Result (officers)")),
    ]

    static let reports = CommandGroup(
        m("Phản ánh", "Reports"),
        topics: [
            TopicSpec(["report"], summary: m("Ghi và theo dõi phản ánh", "File and follow reports")),
            TopicSpec(["report", "draft"], summary: m("Nháp trên máy này", "Drafts on this device")),
        ],
        commands: [
            CommandSpec(
                ["report", "new"], summary: m("Ghi một phản ánh", "File a report"),
                details: m(
                    "Lưu ngay trên máy, gửi khi đồng bộ. Mã tra cứu 16 ký tự dùng để theo dõi mà không cần tài khoản. Họ tên và điện thoại được niêm phong cho phường. Phản ánh cùng loại ở gần trong 30 ngày qua được nêu ra trước khi lưu.",
                    "Saved on this device at once, sent at the next sync. The 16-character look-up code follows the report without an account. Name and phone are sealed to the ward. Reports of the same category near the place in the last 30 days are shown first."
                ),
                options: reportFields + [
                    photo, privatePhoto, noPlace,
                    OptionSpec(
                        flag: "draft",
                        summary: m(
                            "Chỉ lưu nháp trên máy này, chưa gửi", "Only keep a draft on this device; do not send")),
                ],
                examples: [
                    .init(
                        "ward report new -t 'Đèn đường hỏng' -c lighting --area 3",
                        m("Báo đèn đường hỏng ở khu phố 3.", "Report a broken street lamp in neighborhood 3.")),
                    .init(
                        "ward report new -t 'Ngập ngã tư' -c ngap --at 20.9511,107.0734,10 -u high",
                        m("Báo ngập, có toạ độ và mức khẩn cao.", "Report a flood with its place, urgent.")),
                    .init(
                        "ward report new -t 'Nắp cống vỡ' --photo cong.jpg",
                        m("Báo kèm ảnh.", "Report with a photo.")),
                    .init(
                        "ward report new -t 'Xin xác nhận cư trú' --private-photo can-cuoc.jpg",
                        m(
                            "Kèm ảnh giấy tờ, niêm phong cho phường.",
                            "With a photo of a paper, sealed to the ward.")),
                ], run: Command.reportNew.rawValue),
            CommandSpec(
                ["report", "list"], summary: m("Liệt kê phản ánh", "List reports"),
                options: listOptions("received, assigned, resolved…") + [
                    OptionSpec(flag: "overdue", summary: m("Chỉ phản ánh quá hạn", "Only what is overdue"))
                ],
                examples: [
                    .init(
                        "ward report list --area 3 --state resolved",
                        m("Phản ánh đã xử lý ở khu phố 3.", "Resolved reports of neighborhood 3."))
                ], run: Command.reportList.rawValue),
            CommandSpec(
                ["report", "show"], summary: m("Xem một phản ánh", "Show a report"),
                details: m(
                    "Mọi trường, lịch sử, xung đột, phần chờ gửi và phần phường chưa nhận.",
                    "Every field, the history, conflicts, what waits and what the ward did not accept."),
                arguments: [idArgument(m("Phản ánh", "The report"))],
                options: [codeQR],
                examples: [
                    .init(
                        "ward report show 3k7q",
                        m("Xem phản ánh có mã bắt đầu bằng 3k7q.", "Show the report whose id begins with 3k7q.")),
                    .init(
                        "ward report show 3k7q --qr",
                        m("Đưa mã tra cứu cho người phản ánh quét.", "Let the reporter scan the look-up code.")),
                ],
                run: Command.reportShow.rawValue),
            CommandSpec(
                ["report", "edit"], summary: m("Sửa hoặc chuyển trạng thái phản ánh", "Correct a report or move it on"),
                arguments: [idArgument(m("Phản ánh", "The report"))],
                options: reportFields + officerFields,
                examples: [
                    .init(
                        "ward report edit 3k7q --state resolved --result 'Đã thay bóng'",
                        m("Cán bộ ghi kết quả.", "An officer records the result."))
                ], run: Command.reportEdit.rawValue),
            CommandSpec(
                ["report", "comment"], summary: m("Trao đổi về phản ánh", "Comment on a report"),
                arguments: [idArgument(m("Phản ánh", "The report")), textArgument],
                examples: [
                    .init(
                        "ward report comment 3k7q 'Tối nay vẫn chưa sáng'",
                        m("Thêm một dòng trao đổi.", "Add a comment."))
                ],
                run: Command.reportComment.rawValue),
        ] + followUp + drafts)
}
