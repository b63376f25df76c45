// The table's part on searching, and on places, notices, alerts and areas.

import CommandLineKit
import SyncKit

extension WardProgram {
    private static let words = ArgumentSpec(
        m("từ", "words"), summary: m("Từ cần tìm, không cần dấu", "Words, with or without accents"),
        kind: .text(maximumBytes: 400), repeats: true)
    private static let found = OptionSpec(
        "limit", value: .integer(1...500), summary: m("Số dòng nhiều nhất (20)", "The most lines (20)"))
    private static let kind = OptionSpec(
        "kind", "k", value: .text(maximumBytes: 40), label: m("loại", "kind"),
        summary: m(
            "Chỉ loại này: procedure, place, notice, alert, area, publication, report, task, lookup",
            "Only this kind: procedure, place, notice, alert, area, publication, report, task, lookup"),
        repeats: true)

    private static func search(_ topic: String, _ summary: Message, _ example: CommandSpec.Example, _ run: Command)
        -> CommandSpec
    {
        CommandSpec(
            [topic, "search"], summary: summary, arguments: [words], options: [found], examples: [example],
            run: run.rawValue)
    }

    private static let at = OptionSpec(
        "at", value: .text(maximumBytes: 80), label: m("toạ độ", "place"),
        summary: m("Từ điểm VĨ ĐỘ,KINH ĐỘ", "From the point LAT,LON"))
    private static let placeCategory = text(
        "category", "c", m("Loại: health, «trạm y tế», wifi…", "Category: health, “trạm y tế”, wifi…"), bytes: 100)
    private static let placeFields = [
        placeCategory, text("address", nil, m("Địa chỉ", "Address"), bytes: 400),
        OptionSpec(
            "at", value: .text(maximumBytes: 80), label: m("toạ độ", "place"),
            summary: m("Toạ độ VĨ ĐỘ,KINH ĐỘ", "Location LAT,LON")),
        text("phone", nil, m("Điện thoại", "Phone"), bytes: 64),
        text("hours", nil, m("Giờ làm việc", "Opening hours"), bytes: 400), area,
    ]
    private static let until = OptionSpec(
        "until", value: .text(maximumBytes: 40), label: m("lúc", "when"),
        summary: m("Hiệu lực đến: 30/11/2026 18:00, 18:00, 6h, 3d", "Valid until: 30/11/2026 18:00, 18:00, 6h, 3d"))
    private static let title = text("title", "t", m("Tiêu đề", "Title"), bytes: 400)
    private static let all = OptionSpec(
        flag: "all", summary: m("Cả những mục đã hết hiệu lực", "Also what has expired"))

    static let information = CommandGroup(
        m("Tìm kiếm và thông tin của phường", "Search and what the ward says"),
        topics: [
            TopicSpec(
                ["place"], summary: m("Địa điểm: trạm y tế, trụ sở, wifi", "Places: health stations, offices, wifi")),
            TopicSpec(["notice"], summary: m("Thông báo của phường", "Notices of the ward")),
            TopicSpec(["alert"], summary: m("Cảnh báo lũ, bão, mất điện", "Alerts: flood, storm, outage")),
        ],
        commands: searchCommands + placeCommands + noticeCommands + alertCommands + areaCommands)

    private static let searchCommands = [
        CommandSpec(
            ["search"], summary: m("Tìm trong mọi thứ có trên máy", "Search everything on this device"),
            details: m(
                "Không cần mạng, không cần dấu, từ theo thứ tự nào cũng được, gõ phần đầu của từ là đủ. Tên trùng đứng trước, rồi tới tên có đủ các từ, rồi tới nội dung.",
                "Works offline, without accents, with words in any order and by their beginnings. A title that is just that comes first, then titles with all the words, then texts."
            ),
            arguments: [words], options: [kind, found],
            examples: [
                .init("ward search dang ky khai sinh", m("Tìm thủ tục khai sinh.", "Find birth registration.")),
                .init("ward search den hong -k report", m("Chỉ tìm phản ánh.", "Only reports.")),
            ], run: Command.search.rawValue),
        search(
            "report", m("Tìm phản ánh", "Search reports"),
            .init("ward report search den duong", m("Phản ánh về đèn đường.", "Reports on street lamps.")),
            .reportSearch),
        search(
            "task", m("Tìm nhiệm vụ", "Search tasks"),
            .init("ward task search ba hoa", m("Nhiệm vụ có tên bà Hoa.", "Tasks that name Bà Hoa.")), .taskSearch),
        CommandSpec(
            ["procedure", "list"], summary: m("Liệt kê thủ tục theo tên", "List procedures by name"),
            options: [
                text(
                    "field", "f", m("Chỉ lĩnh vực này: «hộ tịch», thue…", "Only this field: “hộ tịch”, thue…"),
                    bytes: 200),
                OptionSpec(
                    "limit", value: .integer(1...100_000),
                    summary: m("Số dòng nhiều nhất (200)", "The most lines (200)")),
                OptionSpec(flag: "all", summary: m("Tất cả, không giới hạn", "All, without a limit")),
            ],
            examples: [
                .init("ward procedure list --field 'ho tich'", m("Các thủ tục hộ tịch.", "Procedures of civil status."))
            ], run: Command.procedureList.rawValue),
    ]

    private static let placeCommands = [
        CommandSpec(
            ["place", "list"], summary: m("Liệt kê địa điểm", "List places"),
            options: [placeCategory] + listOptions(nil),
            examples: [.init("ward place list -c wifi", m("Các điểm wifi.", "The wifi spots."))],
            run: Command.placeList.rawValue),
        CommandSpec(
            ["place", "show"], summary: m("Xem một địa điểm", "Show a place"),
            arguments: [idArgument(m("Địa điểm", "The place"))],
            examples: [.init("ward place show 7fk", m("Địa chỉ, điện thoại, giờ.", "Address, phone, hours."))],
            run: Command.placeShow.rawValue),
        CommandSpec(
            ["place", "near"],
            summary: m("Địa điểm gần nhất, cách bao xa, hướng nào", "The nearest places, how far, where"),
            options: [
                at,
                OptionSpec(
                    "from", value: .text(maximumBytes: 80), label: m("mã", "id"),
                    summary: m("Từ một phản ánh hay địa điểm", "From a report or a place")),
                placeCategory,
                OptionSpec(
                    "limit", value: .integer(1...500), summary: m("Số dòng nhiều nhất (10)", "The most lines (10)")),
            ],
            examples: [
                .init(
                    "ward place near --at 20.9511,107.0734 -c health",
                    m("Trạm y tế gần nhất.", "The nearest health station.")),
                .init("ward place near --from 3k7q", m("Quanh một phản ánh.", "Around a report.")),
            ], run: Command.placeNear.rawValue),
        search(
            "place", m("Tìm địa điểm", "Search places"),
            .init("ward place search tram y te", m("Tìm trạm y tế.", "Find a health station.")), .placeSearch),
        CommandSpec(
            ["place", "add"], summary: m("Thêm địa điểm (cán bộ)", "Add a place (officers)"),
            options: [
                OptionSpec(
                    "name", "n", value: .text(maximumBytes: 400), label: m("tên", "name"), summary: m("Tên", "Name"),
                    required: true)
            ] + placeFields,
            examples: [
                .init(
                    "ward place add -n 'Trạm y tế Hồng Gai' -c health --at 20.9511,107.0734 --phone 02033825499",
                    m("Thêm một trạm y tế.", "Add a health station."))
            ], run: Command.placeAdd.rawValue),
        CommandSpec(
            ["place", "edit"], summary: m("Sửa địa điểm (cán bộ)", "Correct a place (officers)"),
            arguments: [idArgument(m("Địa điểm", "The place"))],
            options: [text("name", "n", m("Tên", "Name"), bytes: 400)] + placeFields,
            examples: [
                .init("ward place edit 7fk --hours '7:30–17:00'", m("Đổi giờ làm việc.", "Change the opening hours."))
            ], run: Command.placeEdit.rawValue),
    ]

    private static let noticeCommands = [
        CommandSpec(
            ["notice", "list"], summary: m("Liệt kê thông báo còn hiệu lực", "List the notices that are valid"),
            options: [area, all],
            examples: [.init("ward notice list --all", m("Cả thông báo cũ.", "Old ones too."))],
            run: Command.noticeList.rawValue),
        CommandSpec(
            ["notice", "show"], summary: m("Xem một thông báo", "Show a notice"),
            arguments: [idArgument(m("Thông báo", "The notice"))],
            examples: [.init("ward notice show 9ab", m("Đọc thông báo.", "Read it."))],
            run: Command.noticeShow.rawValue),
        search(
            "notice", m("Tìm thông báo", "Search notices"),
            .init("ward notice search tiem chung", m("Thông báo tiêm chủng.", "Notices on vaccination.")),
            .noticeSearch),
        CommandSpec(
            ["notice", "post"], summary: m("Đăng thông báo (cán bộ)", "Post a notice (officers)"),
            options: [title, text("body", "b", m("Nội dung", "Text")), until, area],
            examples: [
                .init(
                    "ward notice post -t 'Lịch tiêm chủng tháng 12' -b 'Sáng 05/12 tại trạm y tế' --until 05/12/2026",
                    m("Thông báo có thời hạn.", "A notice with an end."))
            ], run: Command.noticePost.rawValue),
        CommandSpec(
            ["notice", "withdraw"], summary: m("Rút thông báo (cán bộ)", "Withdraw a notice (officers)"),
            arguments: [idArgument(m("Thông báo", "The notice"))],
            examples: [.init("ward notice withdraw 9ab", m("Hết hiệu lực ngay.", "It expires at once."))],
            run: Command.noticeWithdraw.rawValue),
    ]

    private static let alertCommands = [
        CommandSpec(
            ["alert", "list"], summary: m("Liệt kê cảnh báo đang có hiệu lực", "List the alerts that are active"),
            options: [area, all],
            examples: [.init("ward alert list", m("Đang có cảnh báo gì.", "What is active now."))],
            run: Command.alertList.rawValue),
        CommandSpec(
            ["alert", "show"], summary: m("Xem một cảnh báo", "Show an alert"),
            arguments: [idArgument(m("Cảnh báo", "The alert"))],
            examples: [.init("ward alert show 5cd", m("Đọc cảnh báo.", "Read it."))], run: Command.alertShow.rawValue),
        search(
            "alert", m("Tìm cảnh báo", "Search alerts"),
            .init("ward alert search bao so 3", m("Cảnh báo về bão số 3.", "Alerts on storm 3.")), .alertSearch),
        CommandSpec(
            ["alert", "post"], summary: m("Phát cảnh báo (cán bộ)", "Post an alert (officers)"),
            details: m(
                "Cấp 1 đến 3; với lũ là báo động 1, 2, 3 tại trạm. Không ghi --until thì có hiệu lực 24 giờ.",
                "Levels 1 to 3; for floods they are the alarms 1, 2, 3 at the station. Without --until it is valid for 24 hours."
            ),
            options: [
                text(
                    "kind", "k", m("Loại: flood, storm, outage, other", "Kind: flood, storm, outage, other"), bytes: 100
                ),
                OptionSpec("level", "l", value: .integer(1...3), summary: m("Cấp 1–3", "Level 1–3"), required: true),
                title, text("body", "b", m("Nội dung, cần làm gì", "Text, what to do")),
                text("station", nil, m("Trạm đo", "Gauging station"), bytes: 400), until, area,
            ],
            examples: [
                .init(
                    "ward alert post -k flood -l 2 -t 'Nước lên nhanh' --station 'Bãi Cháy' --until 6h",
                    m("Báo động 2 trong 6 giờ.", "Flood alarm 2 for 6 hours."))
            ], run: Command.alertPost.rawValue),
        CommandSpec(
            ["alert", "end"], summary: m("Kết thúc cảnh báo (cán bộ)", "End an alert (officers)"),
            arguments: [idArgument(m("Cảnh báo", "The alert"))],
            examples: [.init("ward alert end 5cd", m("Hết hiệu lực ngay.", "It expires at once."))],
            run: Command.alertEnd.rawValue),
    ]

    private static let areaCommands = [
        CommandSpec(
            ["area", "show"], summary: m("Xem một địa bàn, gộp từ đâu", "Show an area and what it was made of"),
            arguments: [
                ArgumentSpec(
                    m("tên hoặc mã", "name or code"),
                    summary: m("Tên (cả tên cũ), không cần dấu, hoặc mã", "A name, old ones too, or a code"),
                    kind: .text(maximumBytes: 400), repeats: true, completion: "area")
            ],
            examples: [
                .init("ward area show bach dang", m("Phường cũ nay thuộc đâu.", "Where an old ward belongs now."))
            ],
            run: Command.areaShow.rawValue),
        search(
            "area", m("Tìm địa bàn, cả tên và mã cũ", "Search areas, by old names and codes too"),
            .init("ward area search tran hung dao", m("Tìm theo tên cũ.", "Find by an old name.")), .areaSearch),
    ]
}
