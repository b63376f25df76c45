// The table's part on officers' work, and on what others do about reports: answers, proposals, drafts, corrections.

import CommandLineKit
import SyncKit

extension WardProgram {
    private static let report = idArgument(m("Phản ánh", "The report"))

    /// The reports of a command that takes several.
    private static let severalReports = ArgumentSpec(
        m("mã", "id"),
        summary: m(
            "Các phản ánh: các ký tự đầu của mỗi mã là đủ", "The reports: the first characters of each id are enough"),
        kind: .text(maximumBytes: 80), required: false, repeats: true, completion: CompletionLists.document)

    /// What stands in for ids.
    private static let bulk = [
        OptionSpec(
            "where", value: .text(maximumBytes: 400), label: m("điều kiện", "filter"),
            summary: m(
                "Thay cho mã: state=, category=, area=, urgency=, agency=, older=SỐ NGÀY",
                "Instead of ids: state=, category=, area=, urgency=, agency=, older=DAYS"), repeats: true),
        OptionSpec(flag: "yes", "y", summary: m("Không hỏi lại", "Do not ask")),
    ]

    private static let neededReason = OptionSpec(
        "reason", "r", value: .text(), label: m("lý do", "reason"), summary: m("Lý do", "Why"), required: true)

    private static func step(
        _ word: String, _ summary: Message, _ options: [OptionSpec], _ example: CommandSpec.Example, _ run: Command
    ) -> CommandSpec {
        CommandSpec(
            ["report", word], summary: summary,
            details: m(
                "Nhiều mã, hoặc --where: xem trước, hỏi lại, mỗi phản ánh một dòng kết quả. Bước chưa được phép thì không lưu gì và nêu các bước có thể. Mã thoát khác 0 khi có phản ánh không thực hiện được.",
                "Several ids, or --where: a preview, a question, a line for each. A step that is not possible saves nothing and says what is. The exit code is not 0 when one was not done."
            ),
            arguments: [severalReports], options: options + bulk, examples: [example], run: run.rawValue)
    }

    static let officers = CommandGroup(
        m("Việc của cán bộ", "Officers' work"),
        commands: [
            CommandSpec(
                ["inbox"], summary: m("Những gì đang chờ xử lý", "What waits for somebody"),
                details: m(
                    "Phản ánh mới, mở lại, đã bổ sung, quá hạn, có đề xuất; xung đột; tra cứu chưa có hồ sơ; việc của bạn mà phường chưa nhận. Việc gấp và cũ nhất đứng trước. Đề xuất coi là đã xử lý sau một bước, hoặc sau khi có người khác trao đổi.",
                    "New, reopened, answered and overdue reports, proposals, conflicts, look-ups without a dossier, and what the ward did not accept of yours. The most urgent and oldest first. A proposal is dealt with by a step, or by somebody else's comment."
                ),
                options: [
                    OptionSpec(
                        "area", value: .text(maximumBytes: 200), label: m("địa bàn", "area"),
                        summary: m("Chỉ trong địa bàn này", "Only in this area")),
                    text("category", "c", m("Chỉ loại phản ánh này", "Only this category"), bytes: 400),
                    OptionSpec(flag: "overdue", summary: m("Chỉ việc quá hạn", "Only what is overdue")),
                    OptionSpec(
                        flag: "mine", summary: m("Chỉ việc bạn đang phụ trách", "Only what you handle")),
                    OptionSpec(
                        "limit", value: .integer(1...1_000_000),
                        summary: m("Số dòng nhiều nhất (200)", "The most lines (200)")),
                    OptionSpec(flag: "all", summary: m("Tất cả, không giới hạn", "All, without a limit")),
                ],
                examples: [
                    .init("ward inbox --overdue", m("Chỉ những việc quá hạn.", "Only what is overdue.")),
                    .init(
                        "ward inbox --area 3 --category rac", m("Rác thải ở khu phố 3.", "Garbage in neighborhood 3.")),
                ], run: Command.inbox.rawValue),
            step(
                "classify", m("Phân loại phản ánh", "Classify reports"),
                [
                    OptionSpec(
                        "category", "c", value: .text(maximumBytes: 400), label: m("loại", "category"),
                        summary: m("Phân loại", "Category"), required: true),
                    OptionSpec(
                        "urgency", "u", value: .choice(["low", "normal", "high"]), summary: m("Mức khẩn", "Urgency")),
                ],
                .init(
                    "ward report classify 3k7q 9m2x --category lighting --urgency high",
                    m("Phân loại hai phản ánh.", "Classify two reports.")), .reportClassify),
            step(
                "assign", m("Giao đơn vị xử lý", "Assign reports to an agency"),
                [
                    OptionSpec(
                        "agency", "a", value: .text(maximumBytes: 400), label: m("đơn vị", "agency"),
                        summary: m("Đơn vị xử lý", "The agency"), required: true),
                    text(
                        "due", nil,
                        m("Hạn dd/MM/yyyy; mặc định theo mức khẩn", "Due date dd/MM/yyyy; by the urgency if not given"),
                        bytes: 20),
                ],
                .init(
                    "ward report assign --where state=classified --where category=lighting --agency dien_luc",
                    m("Giao mọi phản ánh chiếu sáng đã phân loại.", "Assign every classified lighting report.")),
                .reportAssign),
            step(
                "start", m("Bắt đầu xử lý", "Start working on reports"), [],
                .init("ward report start 3k7q", m("Đang xử lý.", "It is being worked on.")), .reportStart),
            step(
                "ask", m("Hỏi thêm người phản ánh", "Ask the reporter"),
                [
                    OptionSpec(
                        "question", "q", value: .text(maximumBytes: 4000), label: m("câu hỏi", "question"),
                        summary: m("Câu hỏi; thời hạn tạm dừng", "The question; the deadline pauses"), required: true)
                ],
                .init(
                    "ward report ask 3k7q --question 'Cột đèn số mấy?'",
                    m("Chờ người phản ánh bổ sung.", "Wait for the reporter.")), .reportAsk),
            step(
                "resolve", m("Ghi kết quả xử lý", "Record the result"),
                [
                    OptionSpec(
                        "result", "r", value: .text(), label: m("kết quả", "result"),
                        summary: m("Kết quả bằng lời", "The result in words"), required: true),
                    OptionSpec(
                        flag: "not-fixed",
                        summary: m(
                            "Đóng nhưng chưa khắc phục; không tính là đã khắc phục",
                            "Closed but not fixed; never counted as fixed")),
                    OptionSpec(flag: "no-fault", summary: m("Kiểm tra không có lỗi", "Nothing was found to be wrong")),
                    OptionSpec(
                        flag: "qr",
                        summary: m("Hiện mã đánh giá dạng QR", "Show the rating code as a QR code")),
                ],
                .init(
                    "ward report resolve 3k7q --result 'Đã thay bóng'",
                    m("Đã khắc phục.", "It is fixed.")), .reportResolve),
            step(
                "reject", m("Từ chối phản ánh", "Reject reports"), [neededReason],
                .init(
                    "ward report reject 3k7q --reason 'Ngoài thẩm quyền'",
                    m("Từ chối, có lý do.", "Reject it and say why.")), .reportReject),
            step(
                "refer", m("Chuyển cấp trên", "Refer reports upwards"),
                [
                    OptionSpec(
                        "to", value: .text(maximumBytes: 400), label: m("nơi nhận", "place"),
                        summary: m("Chuyển đến đâu", "Where to"), required: true), neededReason,
                ],
                .init(
                    "ward report refer 3k7q --to 'Sở Xây dựng' --reason 'Đường tỉnh'",
                    m("Chuyển lên tỉnh.", "Refer it to the province.")), .reportRefer),
            step(
                "duplicate", m("Đánh dấu trùng", "Mark reports as duplicates"),
                [
                    OptionSpec(
                        "of", value: .text(maximumBytes: 80), label: m("mã", "id"),
                        summary: m("Phản ánh gốc", "The original report"), required: true,
                        completion: CompletionLists.document)
                ],
                .init(
                    "ward report duplicate 9m2x --of 3k7q",
                    m("Người theo dõi theo sang phản ánh gốc.", "Its followers follow the original.")),
                .reportDuplicate),
            step(
                "unlink", m("Bỏ đánh dấu trùng", "Take a duplicate mark away"), [],
                .init("ward report unlink 9m2x", m("Trở lại «đã tiếp nhận».", "It is “received” again.")),
                .reportUnlink),
        ])

    /// What residents and teams do about a report that is there.
    static let followUp = [
        step(
            "reopen", m("Mở lại phản ánh đã đóng", "Reopen a closed report"), [neededReason],
            .init(
                "ward report reopen 3k7q --reason 'Đèn lại tắt'",
                m("Người phản ánh hoặc cán bộ mở lại.", "The reporter or an officer reopens it.")), .reportReopen),
        CommandSpec(
            ["report", "answer"], summary: m("Trả lời câu hỏi của phường", "Answer the ward's question"),
            arguments: [report, textArgument],
            examples: [
                .init("ward report answer 3k7q 'Cột số 12'", m("Bổ sung thông tin.", "Give the information."))
            ], run: Command.reportAnswer.rawValue),
        CommandSpec(
            ["report", "propose"],
            summary: m("Đề xuất một bước cho cán bộ", "Propose a step to the officers"),
            arguments: [
                report,
                ArgumentSpec(
                    m("trạng thái", "state"),
                    summary: m("Trạng thái đề xuất: resolved, rejected…", "The proposed state: resolved, rejected…"),
                    kind: .text(maximumBytes: 64)),
            ],
            options: [neededReason],
            examples: [
                .init(
                    "ward report propose 3k7q resolved --reason 'Đèn đã sáng'",
                    m("Tình nguyện viên đề xuất đóng.", "A volunteer proposes to close it."))
            ], run: Command.reportPropose.rawValue),
        CommandSpec(
            ["report", "flag"], summary: m("Nhờ cán bộ xem lại", "Ask an officer to look"),
            arguments: [report], options: [neededReason],
            examples: [
                .init(
                    "ward report flag 3k7q --reason 'Dây điện hở, nguy hiểm'",
                    m("Báo cho cán bộ biết.", "Tell the officers."))
            ], run: Command.reportFlag.rawValue),
        CommandSpec(
            ["report", "correct"],
            summary: m("Sửa và gửi lại điều phường không nhận", "Correct what the ward refused and send it again"),
            details: m(
                "Không có tuỳ chọn thì in nội dung bị từ chối và lý do. Mã của phản ánh giữ nguyên.",
                "Without options it prints what was refused and why. The report keeps its id."),
            arguments: [
                ArgumentSpec(
                    m("mã|số", "id|number"),
                    summary: m(
                        "Mã phản ánh, hoặc số của thay đổi trong «ward inbox --json»",
                        "The report's id, or the change's number as in “ward inbox --json”"),
                    kind: .text(maximumBytes: 80))
            ],
            options: reportFields + officerFields + [
                OptionSpec(flag: "again", summary: m("Gửi lại nguyên vẹn", "Send it again as it is"))
            ],
            examples: [
                .init(
                    "ward report correct 3k7q --area 3",
                    m("Sửa địa bàn rồi gửi lại.", "Correct the area and send it again."))
            ], run: Command.reportCorrect.rawValue),
    ]

    private static let draftNumber = ArgumentSpec(
        m("số", "number"), summary: m("Số của nháp", "The draft's number"), kind: .integer(1...Int64.max))

    static let drafts = [
        CommandSpec(
            ["report", "draft", "list"], summary: m("Liệt kê nháp", "List drafts"),
            examples: [.init("ward report draft list", m("Các nháp trên máy này.", "The drafts on this device."))],
            run: Command.draftList.rawValue),
        CommandSpec(
            ["report", "draft", "show"], summary: m("Xem một nháp", "Show a draft"), arguments: [draftNumber],
            examples: [.init("ward report draft show 1", m("Xem nháp số 1.", "Show draft 1."))],
            run: Command.draftShow.rawValue),
        CommandSpec(
            ["report", "draft", "edit"], summary: m("Sửa một nháp", "Change a draft"), arguments: [draftNumber],
            options: reportFields,
            examples: [
                .init("ward report draft edit 1 -c lighting", m("Thêm phân loại.", "Add the category."))
            ], run: Command.draftEdit.rawValue),
        CommandSpec(
            ["report", "draft", "send"], summary: m("Ghi nháp thành phản ánh", "File a draft"),
            details: m(
                "Như «report new»: lưu trên máy, gửi khi đồng bộ; nháp được xoá cùng lúc.",
                "As “report new”: saved here, sent at the next sync; the draft is gone with it."),
            arguments: [draftNumber],
            examples: [.init("ward report draft send 1", m("Ghi nháp số 1.", "File draft 1."))],
            run: Command.draftSend.rawValue),
        CommandSpec(
            ["report", "draft", "delete"], summary: m("Xoá một nháp", "Delete a draft"), arguments: [draftNumber],
            options: [OptionSpec(flag: "yes", "y", summary: m("Không hỏi lại", "Do not ask"))],
            examples: [.init("ward report draft delete 1 --yes", m("Xoá nháp số 1.", "Delete draft 1."))],
            run: Command.draftDelete.rawValue),
    ]
}
