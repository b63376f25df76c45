// The table's part on tasks: making them and doing them.

import CommandLineKit
import SyncKit

extension WardProgram {
    static let task = idArgument(m("Nhiệm vụ", "The task"))
    static let reason = text("reason", "r", m("Lý do", "Why"))

    private static let kind = text(
        "kind", "k",
        m(
            "Loại: visit, service, digital_id, payment, lookup, digitise, training, verify, alert",
            "Kind: visit, service, digital_id, payment, lookup, digitise, training, verify, alert"),
        bytes: 100)

    private static let taskFields = [
        OptionSpec(
            "title", "t", value: .text(maximumBytes: 400), label: m("nội dung", "text"), summary: m("Tiêu đề", "Title")),
        area, kind,
        text("due", nil, m("Hạn dd/MM/yyyy", "Due date dd/MM/yyyy"), bytes: 20),
        text("starts", nil, m("Bắt đầu lúc «HH:mm dd/MM/yyyy»", "Begins at “HH:mm dd/MM/yyyy”"), bytes: 40),
        OptionSpec(
            "priority", "p", value: .integer(1...5), summary: m("Ưu tiên, 1 cao nhất", "Priority, 1 is the highest")),
        text("address", nil, m("Địa chỉ", "Address"), bytes: 400),
        OptionSpec(
            "item", "i", value: .text(maximumBytes: 400), label: m("việc", "item"),
            summary: m("Một việc trong danh sách", "An item of the checklist"), repeats: true),
        text("household", nil, m("Hộ hoặc người (riêng tư)", "Household or person (private)"), bytes: 2000),
        text("contact", nil, m("Cách liên hệ (riêng tư)", "How to reach them (private)"), bytes: 2000),
        text("lookup", nil, m("Mã tra cứu liên quan", "Id of the look-up that it is about"), bytes: 80),
    ]

    static let tasks = CommandGroup(
        m("Nhiệm vụ", "Tasks"),
        topics: [TopicSpec(["task"], summary: m("Nhiệm vụ của tổ công nghệ số", "Tasks of the neighborhood team"))],
        commands: [
            CommandSpec(
                ["task", "new"], summary: m("Giao một nhiệm vụ (tổ trưởng, cán bộ)", "Make a task (leads, officers)"),
                details: m(
                    "Với --report thì tiêu đề, địa bàn, địa chỉ lấy từ phản ánh. Không ghi --item thì dùng danh sách việc thường làm của loại đó; --no-items để bỏ.",
                    "With --report, title, area and address come from the report. Without --item the usual checklist of the kind is used; --no-items leaves it out."
                ),
                options: taskFields + [
                    text("report", nil, m("Mã phản ánh liên quan", "Id of the report that it is about"), bytes: 80),
                    OptionSpec(flag: "no-items", summary: m("Không có danh sách việc", "No checklist")),
                ],
                examples: [
                    .init(
                        "ward task new -t 'Thăm hộ số 12' --area 3 -k visit --due 30/11/2026 -i 'Cài VNeID' -i 'Đo mạng'",
                        m("Giao việc thăm hộ với hai việc nhỏ.", "A house visit with two items.")),
                    .init(
                        "ward task new --kind verify --report 3k7q",
                        m("Giao xác minh một phản ánh.", "Have a report verified.")),
                ],
                run: Command.taskNew.rawValue),
            CommandSpec(
                ["task", "edit"], summary: m("Sửa một nhiệm vụ", "Correct a task"), arguments: [task],
                options: taskFields + [
                    OptionSpec(
                        "drop-item", value: .integer(1...4_000_000_000),
                        summary: m("Bỏ việc có số này", "Drop this item"),
                        repeats: true)
                ],
                examples: [
                    .init("ward task edit 8mz --due 05/12/2026", m("Đổi hạn.", "Change the due date.")),
                    .init("ward task edit 8mz -i 'Đo mạng'", m("Thêm một việc.", "Add an item.")),
                ],
                run: Command.taskEdit.rawValue),
            CommandSpec(
                ["task", "list"], summary: m("Liệt kê nhiệm vụ", "List tasks"),
                details: m(
                    "Xếp theo hạn, rồi theo ưu tiên.", "In the order of the due date, then of the priority."),
                options: listOptions("open, provisional, claimed, released, doing, done, verified, cancelled") + [
                    OptionSpec(flag: "mine", summary: m("Việc tôi giữ hoặc được giao", "What I hold or was assigned")),
                    kind,
                    text("due-before", nil, m("Hạn trước ngày dd/MM/yyyy", "Due before dd/MM/yyyy"), bytes: 20),
                    text(
                        "claimant", nil, m("Người nhận: tên hoặc mã thiết bị", "Who holds it: name or device"),
                        bytes: 200),
                    OptionSpec(flag: "overdue", summary: m("Chỉ việc quá hạn", "Only what is overdue")),
                ],
                examples: [
                    .init(
                        "ward task list --area 3 --state open",
                        m("Việc chưa ai nhận ở khu phố 3.", "Unclaimed tasks of neighborhood 3.")),
                    .init("ward task list --mine --overdue", m("Việc của tôi đã quá hạn.", "My overdue tasks.")),
                ],
                run: Command.taskList.rawValue),
            CommandSpec(
                ["task", "show"], summary: m("Xem một nhiệm vụ", "Show a task"), arguments: [task],
                examples: [.init("ward task show 8mz", m("Xem nhiệm vụ.", "Show the task."))],
                run: Command.taskShow.rawValue),
            CommandSpec(
                ["task", "claim"], summary: m("Nhận một nhiệm vụ", "Claim a task"),
                details: m(
                    "Khi chưa đồng bộ thì mới là tạm nhận: ai được phường ghi nhận trước thì giữ việc.",
                    "Provisional until the next sync: whoever the ward recorded first holds the task."),
                arguments: [task], examples: [.init("ward task claim 8mz", m("Nhận việc.", "Claim it."))],
                run: Command.taskClaim.rawValue),
            CommandSpec(
                ["task", "start"], summary: m("Bắt đầu làm", "Begin a task"), arguments: [task],
                examples: [.init("ward task start 8mz", m("Ghi đang làm.", "Say that it is being done."))],
                run: Command.taskStart.rawValue),
            CommandSpec(
                ["task", "note"], summary: m("Ghi chú", "Add a note"), arguments: [task, textArgument],
                examples: [.init("ward task note 8mz 'Hẹn lại chiều mai'", m("Thêm ghi chú.", "Add a note."))],
                run: Command.taskNote.rawValue),
            CommandSpec(
                ["task", "visit"], summary: m("Ghi một lượt thăm", "Note a visit"),
                arguments: [
                    task,
                    ArgumentSpec(
                        m("kết quả", "result"),
                        summary: m("met, absent, refused hoặc moved", "met, absent, refused or moved"),
                        kind: .text(maximumBytes: 64)),
                ],
                options: [text("note", "n", m("Ghi chú", "Note"), bytes: 8000)],
                examples: [
                    .init("ward task visit 8mz absent", m("Vắng nhà.", "Nobody at home.")),
                    .init("ward task visit 8mz met -n 'Đã cài VNeID'", m("Đã gặp.", "Met.")),
                ],
                run: Command.taskVisit.rawValue),
            CommandSpec(
                ["task", "check"], summary: m("Đánh dấu một việc trong danh sách", "Tick an item off"),
                arguments: [
                    task,
                    ArgumentSpec(
                        m("số", "n"), summary: m("Số thứ tự của việc", "The item's number"),
                        kind: .integer(1...4_000_000_000)),
                ],
                options: [OptionSpec(flag: "undo", summary: m("Bỏ đánh dấu", "Take the tick away"))],
                examples: [.init("ward task check 8mz 1", m("Đánh dấu việc số 1.", "Tick item 1 off."))],
                run: Command.taskCheck.rawValue),
            CommandSpec(
                ["task", "done"], summary: m("Hoàn thành", "Finish a task"),
                details: m(
                    "Còn việc chưa đánh dấu thì hỏi lại; nơi không hỏi được thì cần --anyway.",
                    "Asks where items are not ticked; where nobody can be asked it takes --anyway."),
                arguments: [task],
                options: [
                    text("result", "r", m("Kết quả", "Result")),
                    OptionSpec(
                        flag: "anyway", summary: m("Dù còn việc chưa đánh dấu", "Though items are not ticked")),
                ],
                examples: [
                    .init(
                        "ward task done 8mz -r 'Đã cài xong'", m("Hoàn thành với kết quả.", "Finish it with a result."))
                ],
                run: Command.taskDone.rawValue),
            CommandSpec(
                ["task", "release"], summary: m("Trả lại nhiệm vụ", "Give a task back"), arguments: [task],
                options: [reason],
                examples: [
                    .init("ward task release 8mz", m("Trả lại để người khác nhận.", "Let somebody else claim it."))
                ],
                run: Command.taskRelease.rawValue),
        ])
}
