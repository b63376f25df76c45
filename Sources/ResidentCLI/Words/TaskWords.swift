// The words of tasks: where they stand, what is done with them, what a visit found, what is usually to be done.

import CommandLineKit
import SyncKit

/// Where a task stands, as the ward names it.
enum TaskStageWord: String, CodedTable {
    case open, provisional, claimed, released, doing, done, verified, cancelled

    var message: Message {
        switch self {
        case .open: m("mở", "open")
        case .provisional: m("tạm nhận", "claimed, provisional")
        case .claimed: m("đã nhận", "claimed")
        case .released: m("trả lại", "given back")
        case .doing: m("đang làm", "doing")
        case .done: m("hoàn thành", "done")
        case .verified: m("xác nhận", "verified")
        case .cancelled: m("huỷ", "cancelled")
        }
    }

    static func message(_ stage: TaskStage) -> Message {
        TaskStageWord(rawValue: stage.rawValue)?.message ?? m("?", "?")
    }
}

extension TaskKind {
    /// What is usually to be done at a task of this kind.
    var usualItems: [Message] {
        switch self {
        case .visit:
            [
                m("Giới thiệu tổ công nghệ số và lý do đến thăm", "Introduce the digital team and why you came"),
                m("Hỏi nhu cầu về dịch vụ công và VNeID", "Ask what is needed of public services and VNeID"),
                m("Hướng dẫn tại chỗ, ghi việc cần hẹn lại", "Help at once, note what needs another visit"),
            ]
        case .service:
            [
                m("Kiểm tra giấy tờ cần nộp", "Check the papers"),
                m("Nộp hồ sơ trên Cổng dịch vụ công cùng người dân", "File on the public service portal together"),
                m("Ghi mã hồ sơ và ngày hẹn cho người dân", "Write down the dossier code and date for the person"),
            ]
        case .digitalID:
            [
                m("Kiểm tra căn cước và điện thoại", "Check the identity card and the phone"),
                m("Cài và kích hoạt VNeID", "Install and activate VNeID"),
                m("Hướng dẫn giữ mật khẩu, tránh lừa đảo", "Explain passwords and how to avoid fraud"),
            ]
        case .payment:
            [
                m("Hướng dẫn mở và dùng ví hoặc tài khoản", "Help to open and use a wallet or an account"),
                m("Thử một giao dịch nhỏ", "Try a small payment"),
                m("Nhắc cách nhận biết lừa đảo", "Explain how to notice fraud"),
            ]
        case .lookup:
            [
                m("Hỏi sự đồng ý của chủ hồ sơ", "Ask for the owner's consent"),
                m("Tra cứu và đọc kết quả cho người dân", "Look it up and read the answer to the person"),
            ]
        case .digitise:
            [
                m("Đối chiếu bản gốc", "Compare with the original"),
                m("Chụp đủ trang, rõ chữ", "Photograph every page, readable"),
                m("Trả lại giấy tờ cho người dân", "Give the papers back"),
            ]
        case .training:
            [
                m("Chuẩn bị phòng, mạng, máy chiếu", "Prepare the room, the network, the projector"),
                m("Ghi người tham dự", "Note who attends"),
                m("Ghi câu hỏi cần phường trả lời", "Note what the ward has to answer"),
            ]
        case .verify:
            [
                m("Đến tận nơi xem", "Go and see"),
                m("Chụp ảnh hiện trạng", "Photograph how it is"),
                m("Ghi nhận xét: đúng, sai hay đã xử lý", "Write down: true, false or mended"),
            ]
        case .alert:
            [
                m("Liên lạc với từng hộ cần giúp", "Reach each household that needs help"),
                m("Báo phường chỗ nguy hiểm", "Tell the ward what is dangerous"),
            ]
        }
    }
}

/// What is said about tasks. `{0}` is the task's short id unless said otherwise.
enum TaskSay: MessageTable {
    case notPermitted, wrongStage, heldByOther, claimLost, notClaimed, alreadyHeld, notTraining, possible, onlyShow
    case savedFor, skippedFor, bulkDone, alreadyAssigned, notAssigned, assignedFree, assignedHeld, assignedTo
    case unticked, untickedAsk, untickedNext, reassignedTo, freedFor, freed, holdsAlready
    case personUnknown, personUnknownNext, personSeveral, personOutside, personOutsideNext, needReason
    case lostHeading, lostNews, takenNews, freedNews, evidenceNote, evidence, late, sentBack, sentBackWhy, overdue
    case attended, attendedNames, attendance, attendees, attendeesSealed, nameColumn, notedBy, alsoClaimed
    case expectVisit, expectPerson, expectMoment, expectStage, verifyTitle, lookupTitle, priorityColumn, noTitle

    var message: Message {
        switch self {
        case .notPermitted:
            m("Vai trò {1} không được làm việc này với nhiệm vụ {0}.", "The role {1} may not do this to the task {0}.")
        case .wrongStage:
            m(
                "Nhiệm vụ {0} đang ở trạng thái «{1}» nên chưa làm được bước này.",
                "The task {0} stands at “{1}”, where this step is not possible.")
        case .heldByOther: m("Nhiệm vụ {0} do {1} giữ.", "{1} holds the task {0}.")
        case .claimLost:
            m(
                "Nhiệm vụ {0} do {1} giữ, vì {1} được ghi nhận trước bạn. Việc bạn đã làm được giữ lại.",
                "{1} holds the task {0}, because that claim came before yours. What you did is kept.")
        case .notClaimed: m("Nhiệm vụ {0} chưa có người nhận.", "Nobody holds the task {0}.")
        case .alreadyHeld: m("Bạn đã nhận nhiệm vụ {0} rồi.", "You hold the task {0} already.")
        case .notTraining:
            m(
                "Nhiệm vụ {0} không phải buổi tập huấn nên không ghi người tham dự.",
                "The task {0} is not a training session; nobody is noted as attending.")
        case .possible: m("Có thể làm: {0}", "Possible now: {0}")
        case .onlyShow: m("Có thể xem: ward task show {0}", "You can look: ward task show {0}")
        case .savedFor: m("Đã lưu: {0} {1}", "Saved: {0} {1}")
        case .skippedFor: m("Bỏ qua {0}: {1}", "Left out {0}: {1}")
        case .bulkDone: m("Đã lưu {0}, bỏ qua {1}.", "{0} saved, {1} left out.")
        case .alreadyAssigned: m("Đã giao cho {1} từ trước.", "It was assigned to {1} before.")
        case .notAssigned: m("Nhiệm vụ {0} chưa giao cho người đó.", "The task {0} is not assigned to that person.")
        case .assignedFree:
            m(
                "Đã giao cho {1}; {1} cần nhận việc: ward task claim {0}",
                "Assigned to {1}, who is to claim it: ward task claim {0}")
        case .assignedHeld:
            m(
                "Đã giao cho {1}, nhưng {2} đang giữ. Muốn chuyển hẳn: ward task reassign {0} --to «{1}»",
                "Assigned to {1}, but {2} holds it. To hand it over: ward task reassign {0} --to “{1}”")
        case .assignedTo: m("Đã giao cho {1}.", "Assigned to {1}.")
        case .unticked:
            m("Nhiệm vụ {0} còn {1} việc chưa đánh dấu: {2}", "The task {0} has {1} items that are not ticked: {2}")
        case .untickedAsk: m("Còn {0} việc chưa đánh dấu. Vẫn hoàn thành?", "{0} items are not ticked. Finish anyway?")
        case .untickedNext:
            m(
                "Đánh dấu bằng: ward task check {0} SỐ; hoặc ghi thêm --anyway để vẫn hoàn thành.",
                "Tick with: ward task check {0} N; or add --anyway to finish all the same.")
        case .reassignedTo: m("Từ nay {1} giữ nhiệm vụ {0}.", "From now on {1} holds the task {0}.")
        case .freedFor:
            m(
                "Nhiệm vụ {0} để trống cho {1}; {1} cần nhận việc: ward task claim {0}",
                "The task {0} is free for {1}, who is to claim it: ward task claim {0}")
        case .freed: m("Nhiệm vụ {0} để trống cho người khác nhận.", "The task {0} is free for anybody to claim.")
        case .holdsAlready: m("{1} đang giữ nhiệm vụ {0} rồi.", "{1} holds the task {0} already.")
        case .personUnknown: m("Không thấy ai trong tổ tên «{0}».", "Nobody in the team is called “{0}”.")
        case .personUnknownNext:
            m(
                "Xem tên bằng «ward team»; hoặc đồng bộ để lấy danh sách mới.",
                "See the names with “ward team”; or sync to get the newest list.")
        case .personSeveral: m("«{0}» khớp với nhiều người: {1}", "“{0}” fits several people: {1}")
        case .personOutside: m("{0} không phụ trách địa bàn {1}.", "{0} does not work in the area {1}.")
        case .personOutsideNext:
            m(
                "Chọn người của địa bàn đó: ward team; hoặc nhờ phường mở rộng địa bàn.",
                "Choose somebody of that area: ward team; or ask the ward to extend the areas.")
        case .needReason: m("cần lý do: --reason «vì sao»", "it takes a reason: --reason “why”")
        case .lostHeading: m("Việc đã có người khác giữ", "Tasks that somebody else holds")
        case .lostNews:
            m(
                "Việc {0} «{1}» do {2} giữ, vì {2} được ghi nhận trước. Việc bạn đã làm được giữ lại: ward task show {0}",
                "{2} holds {0} “{1}”, because that claim came first. What you did is kept: ward task show {0}")
        case .takenNews:
            m(
                "Việc {0} «{1}» đã giao lại cho {2}. Việc bạn đã làm được giữ lại: ward task show {0}",
                "{0} “{1}” was handed to {2}. What you did is kept: ward task show {0}")
        case .freedNews:
            m(
                "Việc {0} «{1}» đã để trống; việc bạn đã làm được giữ lại. Nhận lại: ward task claim {0}",
                "{0} “{1}” was freed; what you did is kept. Claim it again: ward task claim {0}")
        case .evidenceNote:
            m(
                "Bạn cũng nhận việc này nhưng {0} được ghi nhận trước. Việc bạn đã làm được giữ lại bên dưới.",
                "You claimed this too, but {0} came first. What you did is kept below.")
        case .evidence: m("giữ lại làm bằng chứng", "kept as evidence")
        case .late: m("đến sau", "came second")
        case .sentBack: m("làm lại", "to be done again")
        case .sentBackWhy: m("Cần làm lại {0} «{1}»: {2}", "To be done again, {0} “{1}”: {2}")
        case .overdue: m("quá hạn", "overdue")
        case .attended: m("Đã ghi {1} người dự {0}.", "Noted {1} people at {0}.")
        case .attendedNames: m("Họ tên được niêm phong cho phường.", "The names are sealed to the ward.")
        case .attendance: m("Người tham dự {0}: {1}", "People at {0}: {1}")
        case .attendees: m("{0} người", "{0} people")
        case .attendeesSealed:
            m(
                "{0} tên được niêm phong; tổ trưởng và cán bộ xem được.",
                "{0} names are sealed; the lead and officers can read them.")
        case .nameColumn: m("Họ tên", "Name")
        case .notedBy: m("Người ghi", "Noted by")
        case .alsoClaimed: m("cũng đã nhận", "claimed it too")
        case .expectVisit: m("cần kết quả: {0}", "it takes a result: {0}")
        case .expectPerson: m("cần tên hoặc mã thiết bị", "it takes a name or a device's id")
        case .expectMoment:
            m("cần lúc bắt đầu, ví dụ «08:30 12/03/2026»", "it takes a moment, such as “08:30 12/03/2026”")
        case .expectStage: m("cần một trạng thái: {0}", "it takes a state: {0}")
        case .verifyTitle: m("Xác minh: {0}", "Verify: {0}")
        case .lookupTitle: m("Tra cứu: {0}", "Look up: {0}")
        case .priorityColumn: m("Ưu tiên", "Priority")
        case .noTitle: m("Nội dung nhiệm vụ:", "Title of the task:")
        }
    }

    func with(_ arguments: String...) -> Phrase { Phrase(message, arguments) }
}

extension Terminal {
    func say(_ say: TaskSay, _ arguments: String...) -> String { language.text(Phrase(say.message, arguments)) }
}
