// The table's part on the ward's configuration.

import CommandLineKit
import SyncKit

extension WardProgram {
    private static let topic = ArgumentSpec(
        m("mục", "topic"),
        summary: m(
            "Một trong: categories, agencies, deadlines, holidays, lookups, states",
            "One of: categories, agencies, deadlines, holidays, lookups, states"),
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
