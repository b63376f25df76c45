// completeness: 100.0 %, or exactly what is missing, on whose device, since when.
import CommandLineKit
import SyncKit
import WardWords

enum CompletenessSpec {
    static let command = CommandSpec(
        ["completeness"],
        summary: Message(vi: "Ảnh và tệp đã nhận đủ chưa", en: "Whether every photo and file is here"),
        details: Message(
            vi:
                "100,0 % nghĩa là mọi tệp mà các mục nhắc tới đã có đủ từng byte và đã kiểm tra. Nếu không: thiếu tệp nào, trên máy của ai, từ bao giờ. Tệp của thay đổi đang tạm giữ cũng là tệp thiếu. Mã thoát 6 khi còn thiếu.",
            en:
                "100.0 % says that every file that a document names is here to the last byte and was hashed. Otherwise: which file is missing, on whose device, since when. Files of change sets that are held are missing too. Exit code 6 while something is missing."
        ),
        options: [
            OptionSpec(
                "limit", value: .integer(1...2000),
                summary: Message(vi: "Số tệp thiếu được liệt kê", en: "How many missing files are listed"))
        ],
        examples: [
            .init("ward-server completeness", Message(vi: "Xem còn thiếu gì.", en: "See what is missing."))
        ], run: ServerCommand.completeness.rawValue)
}

extension CommandRun {
    /// `completeness`
    func completeness() throws(ErrorReport) -> ExitCode {
        let reply = try ask(.completeness(limit: Int(parsed.integer("limit") ?? 200)))
        let isComplete = reply["complete"] == .bool(true)
        if terminal.isJSON {
            printJSON(reply)
            return isComplete ? .ok : .needsAttention
        }
        let comma = terminal.language == .vi ? "," : "."
        let permille = reply["permille"].integer ?? 0
        func number(_ key: String) -> String { String(reply[key].integer ?? 0) }
        terminal.print(
            Message(
                vi: "Đủ {0} %: {1}/{2} tệp của {3} mục, {4}.",
                en: "{0} % complete: {1} of {2} files in {3} documents, {4}."),
            "\(permille / 10)\(comma)\(permille % 10)", number("complete_files"), number("files"), number("documents"),
            ByteCount.text(Int(reply["bytes"].integer ?? 0), terminal.language))
        let heldBack = reply["held_back_files"].integer ?? 0
        if heldBack > 0 {
            terminal.print(
                Message(
                    vi:
                        "Trong đó tệp thuộc các thay đổi đang tạm giữ, còn nằm trên máy người gửi: {0}; xem «ward-server quarantine list».",
                    en:
                        "Of these, files of change sets that are held, still on their devices: {0}; see “ward-server quarantine list”."
                ), String(heldBack))
        }
        let missing = reply["missing"].elements
        if missing.isEmpty { return isComplete ? .ok : .needsAttention }
        var table = Table([
            Table.Column(Message(vi: "Mục", en: "Document")),
            Table.Column(Message(vi: "Tên", en: "Title"), minimum: 12, flexible: true),
            Table.Column(Message(vi: "Tệp", en: "File"), right: true),
            Table.Column(Message(vi: "Đã có", en: "Here"), right: true),
            Table.Column(Message(vi: "Trên máy của", en: "On whose device")),
            Table.Column(Message(vi: "Từ", en: "Since")),
            Table.Column(Message(vi: "Máy đồng bộ lần cuối", en: "Device last seen")),
        ])
        for item in missing {
            let (leaves, held) = (item["leaves"].integer ?? 1, item["held_leaves"].integer ?? 0)
            let title = item["title"].string ?? ""
            let heldWord = terminal.text(Message(vi: "đang tạm giữ", en: "held"))
            let name = item["name"].string.flatMap { $0.isEmpty ? nil : $0 }
            table.addRow([
                item["short_id"].string ?? "",
                item["held_back"] == .bool(true) ? (title.isEmpty ? "" : title + " ") + "(\(heldWord))" : title,
                ByteCount.text(Int(item["bytes"].integer ?? 0), terminal.language), "\(held * 100 / max(1, leaves)) %",
                name ?? short(item["device"]), (item["since"].string ?? "").momentForPeople,
                item["device_seen"].string?.momentForPeople ?? "–",
            ])
        }
        terminal.print(table)
        remarkTotal(missing.count, of: reply["missing_count"].integer)
        return .needsAttention
    }
}
