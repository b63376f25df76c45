// settings: the lists that the ward configures, shown and set as text.
import CommandLineKit
import SyncKit

extension ServerProgram {
    private static let topic = ArgumentSpec(
        Message(vi: "MỤC", en: "TOPIC"),
        summary: Message(
            vi: "Một trong: categories, agencies, deadlines, holidays, lookups, states, grants",
            en: "One of: categories, agencies, deadlines, holidays, lookups, states, grants"),
        kind: .choice(SettingsTopic.allCases.map(\.rawValue)))

    static let settings = CommandGroup(
        Message(vi: "Cấu hình", en: "Configuration"),
        topics: [
            TopicSpec(
                ["settings"],
                summary: Message(
                    vi: "Loại phản ánh, đơn vị, thời hạn, ngày nghỉ", en: "Categories, agencies, deadlines, holidays"))
        ],
        commands: [
            CommandSpec(
                ["settings", "list"],
                summary: Message(vi: "Liệt kê các mục cấu hình", en: "List what is configured"),
                run: ServerCommand.settingsList.rawValue),
            CommandSpec(
                ["settings", "show"],
                summary: Message(vi: "In danh sách đang dùng", en: "Print the list in force"),
                details: Message(
                    vi: "In đúng dạng mà «settings set» nhận: mỗi dòng một mục, «mã = giá trị; tuỳ chọn=giá trị».",
                    en: "In the form that “settings set” takes: one entry a line, “key = value; option=value”."),
                arguments: [topic], run: ServerCommand.settingsShow.rawValue),
            CommandSpec(
                ["settings", "set"], summary: Message(vi: "Đặt một danh sách", en: "Set a list"),
                details: Message(
                    vi: "Kiểm tra trước mọi dòng; còn dòng sai thì không thay đổi gì.",
                    en: "Every line is checked first; with a bad one nothing changes."),
                arguments: [
                    topic,
                    ArgumentSpec(
                        Message(vi: "TỆP", en: "FILE"),
                        summary: Message(
                            vi: "Tệp UTF-8, hoặc - cho đầu vào chuẩn", en: "A UTF-8 file, or - for standard input"),
                        kind: .file),
                ], run: ServerCommand.settingsSet.rawValue),
            CommandSpec(
                ["settings", "reset"],
                summary: Message(vi: "Trở lại danh sách mặc định", en: "Take the standard list back"),
                arguments: [topic], run: ServerCommand.settingsReset.rawValue),
            statsCommand,
        ])
}

extension CommandRun {
    func settingsList() throws(ErrorReport) -> ExitCode {
        let reply = try ask(.settings)
        if terminal.isJSON {
            printJSON(reply)
            return .ok
        }
        var table = Table([
            Table.Column(Message(vi: "Mục", en: "Topic")), Table.Column(Message(vi: "Nội dung", en: "About")),
            Table.Column(Message(vi: "Số dòng", en: "Lines"), right: true),
            Table.Column(Message(vi: "Nguồn", en: "Source")),
        ])
        for item in reply["topics"].elements {
            let name = item["topic"].string ?? ""
            let title = SettingsTopic(rawValue: name)?.title
            table.addRow([
                name, title.map { terminal.text(Message(vi: $0.vi, en: $0.en)) } ?? "",
                String(item["lines"].elements.count),
                item["standard"] == .bool(true)
                    ? terminal.text(Message(vi: "mặc định", en: "standard"))
                    : terminal.text(Message(vi: "phường đặt", en: "set by the ward")),
            ])
        }
        terminal.print(table)
        warn(of: reply["problems"].elements)
        return .ok
    }

    func settingsShow() throws(ErrorReport) -> ExitCode {
        let topic = parsed.argument(0) ?? ""
        let reply = try ask(.settings)
        guard let item = reply["topics"].elements.first(where: { $0["topic"].string == topic }) else { return .usage }
        if terminal.isJSON {
            printJSON(item)
            return .ok
        }
        for line in item["lines"].elements { terminal.print(SafeText.line(line.string ?? "")) }
        warn(of: reply["problems"].elements.filter { $0["topic"].string == topic })
        return .ok
    }

    func settingsSet() throws(ErrorReport) -> ExitCode {
        guard let topic = parsed.argument(0).flatMap(SettingsTopic.init(rawValue:)) else { return .usage }
        let path = parsed.argument(1) ?? "-"
        let bytes: Bytes
        do { bytes = try HomeFiles.read(path == "-" ? "/dev/stdin" : path, max: 64 * 1024) } catch {
            throw ErrorReport(error)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ErrorReport(
                .refused, code: "settings.not-utf8",
                happened: Message(vi: "Tệp «{0}» không phải UTF-8.", en: "“{0}” is not UTF-8.").with(path),
                loss: .nothingChanged,
                next: Message(vi: "Lưu lại tệp dạng UTF-8.", en: "Save it as UTF-8.").with())
        }
        return try configure(topic, TextNormalization.nfc(text))
    }

    func settingsReset() throws(ErrorReport) -> ExitCode {
        guard let topic = parsed.argument(0).flatMap(SettingsTopic.init(rawValue:)) else { return .usage }
        return try configure(topic, nil)
    }

    private func configure(_ topic: SettingsTopic, _ text: String?) throws(ErrorReport) -> ExitCode {
        let reply = try ask(.configure(topic, text: text))
        let problems = reply["problems"].elements
        if terminal.isJSON {
            printJSON(reply)
            return problems.isEmpty ? .ok : .refused
        }
        guard problems.isEmpty else {
            for problem in problems { terminal.writeError(line(problem) + "\n") }
            throw ErrorReport(
                .refused, code: "settings.bad-lines",
                happened: Message(
                    vi: "Chưa nhận danh sách «{0}».", en: "The list “{0}” was not taken over."
                ).with(topic.rawValue), loss: .nothingChanged,
                next: Message(
                    vi: "Sửa các dòng nêu trên rồi chạy lại.", en: "Correct the lines named above and run it again."
                ).with())
        }
        let isChanged = reply["changed"] == .bool(true)
        terminal.print(
            isChanged
                ? Message(vi: "Đã lưu «{0}»: {1} dòng.", en: "Saved “{0}”: {1} lines.")
                : Message(vi: "Danh sách «{0}» vẫn như cũ: {1} dòng.", en: "The list “{0}” is as it was: {1} lines."),
            topic.rawValue, String(reply["lines"].integer ?? 0))
        return .ok
    }

    private func line(_ problem: CBORValue) -> String {
        let reason = problem["reason"].string.flatMap(SettingsProblem.Reason.init(rawValue:))
        let words = reason.map { Message(vi: $0.words.vi, en: $0.words.en) } ?? .verbatim("?")
        return terminal.text(
            Message(vi: "{0}, dòng {1}: {2}.", en: "{0}, line {1}: {2}."), problem["topic"].string ?? "",
            String(problem["line"].integer ?? 0), terminal.text(words))
    }

    private func warn(of problems: [CBORValue]) {
        for problem in problems { terminal.writeError(line(problem) + "\n") }
    }
}
