// The table's part on leading a team: assigning, verifying, handing over, training, and the day's work.

import CommandLineKit
import SyncKit

extension WardProgram {
    private static let severalTasks = ArgumentSpec(
        m("mã…", "id…"),
        summary: m(
            "Một hay nhiều nhiệm vụ: các ký tự đầu của mã là đủ",
            "One or several tasks: the first characters of their ids are enough"),
        kind: .text(maximumBytes: 80), repeats: true)

    private static func person(_ name: String, _ summary: Message) -> OptionSpec {
        OptionSpec(name, value: .text(maximumBytes: 200), label: m("người", "person"), summary: summary)
    }

    static let leading = CommandGroup(
        m("Điều phối", "Leading a team"),
        commands: [
            CommandSpec(
                ["today"],
                summary: m(
                    "Việc hôm nay: của tôi, đến hạn, chờ gửi, cần xem", "Today: what is mine, due, waiting, or needs me"
                ),
                options: [
                    area,
                    OptionSpec(
                        "limit", value: .integer(1...500), summary: m("Số dòng mỗi phần (5)", "Lines in each part (5)")),
                ],
                examples: [
                    .init("ward today", m("Bắt đầu ngày làm việc.", "Begin the day.")),
                    .init("ward today --area 5", m("Việc ở khu phố 5 lên trước.", "Neighborhood 5 first.")),
                ],
                run: Command.today.rawValue),
            CommandSpec(
                ["team"],
                summary: m(
                    "Ai phụ trách khu phố nào, ai đang hoạt động", "Who covers which neighborhood, who is active"),
                options: [area],
                examples: [.init("ward team", m("Độ phủ của tổ.", "What the team covers."))],
                run: Command.team.rawValue),
            CommandSpec(
                ["task", "coverage"], summary: m("Độ phủ, như «ward team»", "Coverage, as “ward team”"),
                options: [area],
                examples: [.init("ward task coverage --json", m("Cho chương trình khác đọc.", "For other programs."))],
                run: Command.taskCoverage.rawValue),
            CommandSpec(
                ["task", "assign"], summary: m("Giao nhiệm vụ cho một người", "Assign tasks to a person"),
                arguments: [severalTasks],
                options: [person("to", m("Tên hoặc mã thiết bị (bắt buộc)", "Name or device id (needed)"))],
                examples: [
                    .init("ward task assign 8mz 9kq --to Lan", m("Giao hai việc cho Lan.", "Assign two tasks to Lan."))
                ],
                run: Command.taskAssign.rawValue),
            CommandSpec(
                ["task", "unassign"], summary: m("Thôi giao", "Take an assignment away"), arguments: [severalTasks],
                options: [
                    person("from", m("Chỉ người này; không ghi là tất cả", "Only this person; everybody without it"))
                ],
                examples: [
                    .init("ward task unassign 8mz --from Lan", m("Thôi giao cho Lan.", "Not for Lan any more."))
                ],
                run: Command.taskUnassign.rawValue),
            CommandSpec(
                ["task", "verify"], summary: m("Xác nhận việc đã hoàn thành", "Verify finished tasks"),
                arguments: [severalTasks], options: [text("note", "n", m("Ghi chú", "Note"))],
                examples: [.init("ward task verify 8mz 9kq", m("Xác nhận hai việc.", "Verify two tasks."))],
                run: Command.taskVerify.rawValue),
            CommandSpec(
                ["task", "return"], summary: m("Trả lại việc đã hoàn thành để làm lại", "Send a finished task back"),
                arguments: [task], options: [reason],
                examples: [
                    .init("ward task return 8mz -r 'Thiếu ảnh'", m("Yêu cầu làm lại.", "Have it done again."))
                ],
                run: Command.taskReturn.rawValue),
            CommandSpec(
                ["task", "cancel"], summary: m("Huỷ nhiệm vụ", "Cancel tasks"), arguments: [severalTasks],
                options: [reason],
                examples: [
                    .init("ward task cancel 8mz -r 'Hộ đã chuyển đi'", m("Huỷ, có lý do.", "Cancel it with a reason."))
                ],
                run: Command.taskCancel.rawValue),
            CommandSpec(
                ["task", "reopen"], summary: m("Mở lại nhiệm vụ", "Open a task again"), arguments: [task],
                options: [reason],
                examples: [.init("ward task reopen 8mz", m("Mở lại.", "Open it again."))],
                run: Command.taskReopen.rawValue),
            CommandSpec(
                ["task", "reassign"], summary: m("Chuyển nhiệm vụ đang có người giữ", "Hand a held task over"),
                details: m(
                    "Không ghi --to thì để trống cho người khác nhận. Người giữ trước được báo, việc đã làm được giữ lại.",
                    "Without --to the task is free for anybody. Who held it is told, and what was done is kept."),
                arguments: [severalTasks],
                options: [person("to", m("Tên hoặc mã thiết bị", "Name or device id")), reason],
                examples: [.init("ward task reassign 8mz --to Minh", m("Chuyển cho Minh.", "Hand it to Minh."))],
                run: Command.taskReassign.rawValue),
            CommandSpec(
                ["task", "attend"],
                summary: m("Ghi người dự tập huấn (riêng tư)", "Note who attends a training (private)"),
                arguments: [
                    task,
                    ArgumentSpec(
                        m("họ tên…", "name…"), summary: m("Họ tên người dự", "Names of those who attend"),
                        kind: .text(maximumBytes: 200), repeats: true),
                ],
                examples: [
                    .init("ward task attend 8mz 'Bà Hoa' 'Ông Tư'", m("Ghi hai người.", "Note two people."))
                ],
                run: Command.taskAttend.rawValue),
            CommandSpec(
                ["task", "attendance"], summary: m("Xem người dự tập huấn", "Show who attended"), arguments: [task],
                examples: [.init("ward task attendance 8mz", m("Số người và họ tên.", "How many, and the names."))],
                run: Command.taskAttendance.rawValue),
        ])
}
