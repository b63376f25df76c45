// The command line of imports.
import CommandLineKit

enum ImportSpecs {
    static let group = CommandGroup(
        Message(vi: "Dữ liệu", en: "Data"),
        topics: [
            TopicSpec(
                ["import"],
                summary: Message(
                    vi: "Nhập dữ liệu; chạy lại nhiều lần được, chỉ phần khác mới thay đổi",
                    en: "Import data; can be repeated, only what differs changes"))
        ],
        commands: [
            command(.areas, Message(vi: "Nhập địa bàn", en: "Import areas"), .importAreas),
            command(
                .procedures, Message(vi: "Nhập thủ tục hành chính", en: "Import procedures"), .importProcedures),
            command(.dossiers, Message(vi: "Nhập hồ sơ một cửa", en: "Import dossiers"), .importDossiers),
            command(.places, Message(vi: "Nhập địa điểm", en: "Import places"), .importPlaces),
        ])

    private static let details = Message(
        vi:
            "Nhận CSV và NDJSON theo UTF-8, UTF-16 hoặc Windows-1258. Dòng nào không đúng thì bị từ chối kèm lý do, "
            + "các dòng khác vẫn được nhập; khi đó mã thoát là 5. Dừng bằng Ctrl-C lúc nào cũng được: phần đã nhập được "
            + "giữ lại, lần sau làm tiếp rất nhanh.",
        en:
            "Takes CSV and NDJSON in UTF-8, UTF-16 or Windows-1258. A row that is not right is refused with its reason and "
            + "the rest is imported; the exit code is 5 then. Ctrl-C stops it at any time: what was imported is kept, and "
            + "the next run goes on quickly.")

    private static func command(_ kind: ImportKind, _ summary: Message, _ run: ServerCommand) -> CommandSpec {
        CommandSpec(
            ["import", kind.rawValue], summary: summary, details: details,
            arguments: [
                ArgumentSpec(
                    Message(vi: "TỆP", en: "FILE"),
                    summary: Message(vi: "Tệp cần nhập, hoặc - cho đầu vào chuẩn", en: "File, or - for standard input"),
                    kind: .file, repeats: true)
            ],
            options: [
                OptionSpec(
                    flag: "dry-run",
                    summary: Message(vi: "Chỉ xem kết quả, không ghi gì", en: "Only say what would change")),
                OptionSpec(
                    "encoding", value: .choice(TextEncoding.allCases.map(\.rawValue)),
                    summary: Message(
                        vi: "Bảng mã của tệp; không ghi thì tự nhận ra",
                        en: "The file's encoding; found out without it")),
                OptionSpec(
                    "report", value: .file,
                    summary: Message(
                        vi: "Ghi mọi dòng bị từ chối vào tệp CSV này", en: "Write every refused row to this CSV file")),
            ], run: run.rawValue)
    }
}
