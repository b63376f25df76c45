// The table's part on tasks.

import CommandLineKit
import SyncKit

extension WardProgram {
    private static let task = idArgument(m("Nhiệm vụ", "The task"))

    static let tasks = CommandGroup(
        m("Nhiệm vụ", "Tasks"),
        topics: [TopicSpec(["task"], summary: m("Nhiệm vụ của tổ công nghệ số", "Tasks of the neighborhood team"))],
        commands: [
            CommandSpec(
                ["task", "new"], summary: m("Giao một nhiệm vụ (tổ trưởng, cán bộ)", "Make a task (leads, officers)"),
                options: [
                    OptionSpec(
                        "title", "t", value: .text(maximumBytes: 400), label: m("nội dung", "text"),
                        summary: m("Tiêu đề", "Title"), required: true),
                    area,
                    text(
                        "kind", "k",
                        m(
                            "Loại: visit, service, digital_id, payment, lookup, digitise, training, verify, alert",
                            "Kind: visit, service, digital_id, payment, lookup, digitise, training, verify, alert"),
                        bytes: 100),
                    text("due", nil, m("Hạn dd/MM/yyyy", "Due date dd/MM/yyyy"), bytes: 20),
                    OptionSpec(
                        "priority", "p", value: .integer(1...5),
                        summary: m("Ưu tiên, 1 cao nhất", "Priority, 1 is the highest")),
                    text("address", nil, m("Địa chỉ", "Address"), bytes: 400),
                    OptionSpec(
                        "item", "i", value: .text(maximumBytes: 400), label: m("việc", "item"),
                        summary: m("Một việc trong danh sách", "An item of the checklist"), repeats: true),
                    text("household", nil, m("Hộ hoặc người (riêng tư)", "Household or person (private)"), bytes: 2000),
                    text("report", nil, m("Mã phản ánh liên quan", "Id of the report that it is about"), bytes: 80),
                ],
                examples: [
                    .init(
                        "ward task new -t 'Thăm hộ số 12' --area 3 -k visit --due 30/11/2026 -i 'Cài VNeID' -i 'Đo mạng'",
                        m("Giao việc thăm hộ với hai việc nhỏ.", "A house visit with two items."))
                ], run: Command.taskNew.rawValue),
            CommandSpec(
                ["task", "list"], summary: m("Liệt kê nhiệm vụ", "List tasks"),
                options: listOptions("open, doing, done, verified, cancelled"),
                examples: [
                    .init(
                        "ward task list --area 3 --state open",
                        m("Việc đang mở ở khu phố 3.", "Open tasks of neighborhood 3."))
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
                ["task", "done"], summary: m("Hoàn thành", "Finish a task"), arguments: [task],
                options: [text("result", "r", m("Kết quả", "Result"))],
                examples: [
                    .init(
                        "ward task done 8mz -r 'Đã cài xong'", m("Hoàn thành với kết quả.", "Finish it with a result."))
                ],
                run: Command.taskDone.rawValue),
            CommandSpec(
                ["task", "release"], summary: m("Trả lại nhiệm vụ", "Give a task back"), arguments: [task],
                examples: [
                    .init("ward task release 8mz", m("Trả lại để người khác nhận.", "Let somebody else claim it."))
                ],
                run: Command.taskRelease.rawValue),
        ])
}
