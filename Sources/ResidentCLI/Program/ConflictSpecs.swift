// The table's part on the conflict inbox.

import CommandLineKit
import SyncKit

extension WardProgram {
    private static let item = ArgumentSpec(
        m("mã", "id"),
        summary: m(
            "Mục có xung đột: các ký tự đầu của mã; hoặc THIẾT-BỊ:SỐ của một gói",
            "The document: the first characters of its id; or DEVICE:SEQ of a change set"),
        kind: .text(maximumBytes: 160), completion: CompletionLists.document)

    private static let items = ArgumentSpec(
        m("mã", "id"),
        summary: m(
            "Các mục: các ký tự đầu của mỗi mã là đủ", "The documents: the first characters of each id are enough"),
        kind: .text(maximumBytes: 160), required: false, repeats: true, completion: CompletionLists.document)

    private static let field = text(
        "field", "f", m("Trường hoặc loại việc, khi mục có nhiều", "Field or kind, when the document has several"),
        bytes: 64)

    private static let kinds = OptionSpec(
        "kind", "k", value: .choice(InboxKind.allCases.map(\.name)), summary: m("Chỉ loại việc này", "Only this kind"),
        repeats: true)
    private static let severities = OptionSpec(
        "severity", "s", value: .choice(InboxSeverity.allCases.map(\.name)),
        summary: m("Từ mức này trở lên", "Only of this severity or a higher one"))
    private static let mine = OptionSpec(
        flag: "mine", summary: m("Chỉ việc bạn quyết định", "Only what you are to decide"))
    private static let filter = OptionSpec(
        "where", "w", value: .text(maximumBytes: 400), label: m("điều kiện", "filter"),
        summary: m(
            "kind=, severity=, area=, type=report|task, older=SỐ-NGÀY",
            "kind=, severity=, area=, type=report|task, older=DAYS"), repeats: true)
    private static let yes = OptionSpec(flag: "yes", "y", summary: m("Không hỏi lại", "Do not ask"))
    private static let decisionReason = text("reason", "r", m("Lý do (bắt buộc)", "Why (needed)"), bytes: 4000)

    static let conflicts = CommandGroup(
        m("Xung đột", "Conflicts"),
        topics: [TopicSpec(["conflict"], summary: m("Xem và giải quyết xung đột", "See and resolve conflicts"))],
        commands: [
            CommandSpec(
                ["conflict", "list"],
                summary: m("Liệt kê những gì cần người quyết định", "List what a person has to decide"),
                details: m(
                    "Mức nặng nhất và chờ lâu nhất đứng trước: hai người cùng nhận, bước ngược nhau, hai giá trị, có thể trùng, sửa song song, tạm giữ, đồng hồ sai, thiết bị bị sao chép, địa bàn đã sáp nhập.",
                    "The most severe and oldest first: two claims, crossing steps, two values, possible duplicates, parallel edits, what is held, wrong clocks, copied devices, merged units."
                ),
                options: [
                    kinds, severities, area, mine, filter,
                    OptionSpec(
                        "limit", value: .integer(1...1_000_000),
                        summary: m("Số dòng nhiều nhất (200)", "The most lines (200)")),
                    OptionSpec(flag: "all", summary: m("Tất cả, không giới hạn", "All, without a limit")),
                ],
                examples: [
                    .init("ward conflict list", m("Những mục cần người xem.", "What a person should see.")),
                    .init(
                        "ward conflict list --mine --severity high",
                        m("Việc gấp do bạn quyết định.", "What is urgent and yours to decide.")),
                ], run: Command.conflictList.rawValue),
            CommandSpec(
                ["conflict", "show"], summary: m("Xem các phía của một xung đột", "Show the sides of a conflict"),
                arguments: [item], options: [field],
                examples: [
                    .init(
                        "ward conflict show 3k7q",
                        m(
                            "Ai ghi gì, lúc nào, trên máy nào, đã thấy gì.",
                            "Who wrote what, when, on which device, having seen what."))
                ], run: Command.conflictShow.rawValue),
            CommandSpec(
                ["conflict", "explain"], summary: m("Vì sao đây là xung đột", "Why this is a conflict"),
                arguments: [item],
                examples: [
                    .init("ward conflict explain 3k7q", m("Vì sao mục này ở đây.", "Why this document is here.")),
                    .init("ward conflict explain crossing", m("Một loại việc nghĩa là gì.", "What a kind means.")),
                ], run: Command.conflictExplain.rawValue),
            CommandSpec(
                ["conflict", "resolve"], summary: m("Quyết định xung đột", "Decide conflicts"),
                details: m(
                    "Mỗi quyết định là một gói đã ký có lý do và đến với mọi người liên quan. Nhiều mã, hoặc --where: xem trước, hỏi lại, mỗi mục một dòng kết quả.",
                    "Each decision is a signed change set with its reason and reaches everybody concerned. Several ids, or --where: a preview, a question, a line for each."
                ),
                arguments: [items],
                options: [
                    field,
                    OptionSpec(
                        "choose", "n", value: .integer(1...64),
                        summary: m("Số của phía được chọn", "The number of the chosen side")),
                    text("value", nil, m("Giá trị khác", "Another value")),
                    OptionSpec(
                        flag: "confirm", summary: m("Người đang giữ tiếp tục giữ", "Who holds the task keeps it")),
                    OptionSpec(
                        flag: "share", summary: m("Mọi người đã nhận cùng làm", "Everybody who claimed it works on it")),
                    OptionSpec(
                        flag: "link", summary: m("Gộp vào phản ánh kia", "Link the report to the other one")),
                    OptionSpec(flag: "move", summary: m("Theo đơn vị mới", "Take over the new unit")), filter, yes,
                    reason,
                ],
                examples: [
                    .init(
                        "ward conflict resolve 3k7q --choose 2 --reason 'Đã xem tại chỗ'",
                        m("Chọn phía số 2.", "Choose side 2.")),
                    .init(
                        "ward conflict resolve --where kind=merged --move --reason 'Theo nghị quyết sáp nhập'",
                        m("Xác nhận đơn vị mới cho mọi mục.", "Confirm the new unit for all of them.")),
                ], run: Command.conflictResolve.rawValue),
            CommandSpec(
                ["conflict", "dismiss"], summary: m("Bỏ qua, có lý do", "Dismiss, with a reason"),
                details: m(
                    "Với việc sửa song song, có thể trùng, địa bàn đã sáp nhập: không có gì phải đổi. Lý do đến với người liên quan.",
                    "For parallel edits, possible duplicates and merged units: nothing has to change. The reason reaches those concerned."
                ),
                arguments: [items], options: [field, filter, yes, decisionReason],
                examples: [
                    .init(
                        "ward conflict dismiss --where kind=parallel --where older=7 --reason 'Đã xem, khớp'",
                        m("Bỏ qua nhiều mục một lúc.", "Dismiss many at once."))
                ], run: Command.conflictDismiss.rawValue),
            CommandSpec(
                ["conflict", "ask"], summary: m("Hỏi những người liên quan", "Ask those concerned"),
                arguments: [items],
                options: [
                    field, filter, yes,
                    text("question", "q", m("Câu hỏi (bắt buộc)", "The question (needed)"), bytes: 4000),
                ],
                examples: [
                    .init(
                        "ward conflict ask 3k7q --question 'Cột số mấy?'",
                        m("Câu hỏi hiện ở lịch sử của mục.", "The question is shown in the document's history."))
                ], run: Command.conflictAsk.rawValue),
            CommandSpec(
                ["conflict", "history"],
                summary: m("Những quyết định trước về một mục", "What was decided about a document"),
                arguments: [item],
                examples: [
                    .init("ward conflict history 3k7q", m("Ai quyết định gì, vì sao.", "Who decided what, and why."))
                ], run: Command.conflictHistory.rawValue),
        ])
}
