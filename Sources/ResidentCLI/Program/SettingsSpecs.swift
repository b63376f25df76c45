// The table's part on the ward's configuration.

import CommandLineKit
import SyncKit

extension WardProgram {
    private static let topic = ArgumentSpec(
        m("mục", "topic"),
        summary: m(
            "Một trong: categories, agencies, deadlines, holidays, lookups, states, grants",
            "One of: categories, agencies, deadlines, holidays, lookups, states, grants"),
        kind: .choice(SettingsTopic.allCases.map(\.rawValue)))

    static let settings = CommandGroup(
        m("Cấu hình của phường", "The ward's configuration"),
        topics: [
            TopicSpec(
                ["settings"],
                summary: m(
                    "Xem và đặt loại phản ánh, đơn vị, thời hạn, ngày nghỉ",
                    "See and set categories, agencies, deadlines, holidays"))
        ],
        commands: [
            CommandSpec(
                ["settings", "list"], summary: m("Liệt kê các mục cấu hình", "List what is configured"),
                examples: [
                    .init("ward settings list", m("Mục nào phường đã đặt riêng.", "What the ward set for itself."))
                ],
                run: Command.settingsList.rawValue),
            CommandSpec(
                ["stats"], summary: m("Thống kê phản ánh", "Statistics of reports"),
                details: m(
                    "Tính trên những phản ánh mà thiết bị này được xem. «Đóng nhưng chưa khắc phục» không bao giờ được tính là đã khắc phục. Trung vị và phân vị 90 lấy theo hạng gần nhất.",
                    "Over the reports that this device may see. “Closed, not fixed” never counts as fixed. Median and 90th percentile by nearest rank."
                ),
                options: [
                    text("from", nil, m("Gửi từ ngày dd/MM/yyyy", "Filed from dd/MM/yyyy on"), bytes: 20),
                    text("to", nil, m("Gửi đến hết ngày dd/MM/yyyy", "Filed until dd/MM/yyyy"), bytes: 20),
                    area,
                    OptionSpec(
                        "by", value: .choice(StatisticsQuery.Grouping.allCases.map(\.rawValue)),
                        summary: m(
                            "Chia theo đơn vị, phân loại hoặc khu phố", "Grouped by agency, category or neighborhood")),
                    OptionSpec(flag: "csv", summary: m("In dạng CSV cho bảng tính", "As CSV for spreadsheets")),
                    OptionSpec(
                        flag: "bom",
                        summary: m("Dấu UTF-8 ở đầu CSV, cho Excel", "UTF-8 mark before the CSV, for Excel")
                    ),
                ],
                examples: [
                    .init(
                        "ward stats --from 01/10/2026 --to 31/10/2026 --by agency",
                        m("Tháng 10, theo từng đơn vị.", "October, by agency."))
                ], run: Command.stats.rawValue),
            CommandSpec(
                ["settings", "show"], summary: m("In danh sách đang dùng", "Print the list in force"),
                details: m(
                    "In đúng dạng mà «settings set» nhận: mỗi dòng một mục, «mã = giá trị; tuỳ chọn=giá trị».",
                    "In the form that “settings set” takes: one entry a line, “key = value; option=value”."),
                arguments: [topic],
                examples: [
                    .init(
                        "ward settings show holidays > ngay-nghi.txt",
                        m("Lấy danh sách ra để sửa.", "Take the list out to edit it."))
                ], run: Command.settingsShow.rawValue),
            CommandSpec(
                ["settings", "set"], summary: m("Đặt một danh sách (quản trị)", "Set a list (admins)"),
                details: m(
                    "Kiểm tra trước mọi dòng; còn dòng sai thì không thay đổi gì. Với holidays: năm nào có trong tệp thì thay cả năm đó.",
                    "Every line is checked first; with a bad one nothing changes. For holidays: a year that the file names is replaced whole."
                ),
                arguments: [
                    topic,
                    ArgumentSpec(
                        m("tệp", "file"),
                        summary: m("Tệp UTF-8; «-» là đầu vào chuẩn", "A UTF-8 file; “-” is standard input"),
                        kind: .file),
                ],
                examples: [
                    .init(
                        "ward settings set holidays ngay-nghi.txt",
                        m("Đặt lịch nghỉ phường vừa sửa.", "Set the calendar that was edited."))
                ], run: Command.settingsSet.rawValue),
            CommandSpec(
                ["settings", "reset"],
                summary: m("Trở lại danh sách mặc định (quản trị)", "Take the standard list back (admins)"),
                arguments: [topic],
                examples: [
                    .init("ward settings reset deadlines", m("Dùng lại thời hạn mặc định.", "The standard deadlines."))
                ], run: Command.settingsReset.rawValue),
        ])
}
