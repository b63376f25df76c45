// What is said about filing, drafts, corrections and the work of officers.

import CommandLineKit
import SyncKit

/// What a person does to bring a report into a state; named by the state.
enum StepWord: UInt8, MessageTable {
    case receive = 1, classify, assign, start, ask, resolve, publish, rate, reopen, reject, duplicate, refer

    var message: Message {
        switch self {
        case .receive: m("bỏ đánh dấu trùng", "take the duplicate mark away")
        case .classify: m("phân loại", "classify")
        case .assign: m("giao xử lý", "assign")
        case .start: m("bắt đầu xử lý", "start")
        case .ask: m("hỏi thêm", "ask")
        case .resolve: m("ghi kết quả", "resolve")
        case .publish: m("công khai", "publish")
        case .rate: m("đánh giá", "rate")
        case .reopen: m("mở lại", "reopen")
        case .reject: m("từ chối", "reject")
        case .duplicate: m("đánh dấu trùng", "mark as a duplicate")
        case .refer: m("chuyển cấp trên", "refer upwards")
        }
    }

    static func list(_ states: [UInt8]) -> Message {
        let words = states.compactMap { StepWord(rawValue: $0)?.message }
        return m(words.map(\.vi).joined(separator: ", "), words.map(\.en).joined(separator: ", "))
    }
}

/// Why something waits in the inbox.
enum NeedWord: String, MessageTable {
    case overdue, reopened, new, answered, conflict, disputed, problem, proposal, lookup, question

    var message: Message {
        switch self {
        case .overdue: m("quá hạn", "overdue")
        case .reopened: m("mở lại", "reopened")
        case .new: m("mới, chưa phân loại", "new, not classified")
        case .answered: m("đã bổ sung", "answered")
        case .conflict: m("xung đột", "conflict")
        case .disputed: m("tranh chấp", "disputed")
        case .problem: m("phường chưa nhận", "not accepted")
        case .proposal: m("có đề xuất", "proposal")
        case .lookup: m("tra cứu chưa có hồ sơ", "look-up without a dossier")
        case .question: m("phường hỏi bạn", "the ward asks you")
        }
    }
}

enum SeverityWord: Int, MessageTable {
    case low = 1, normal, high

    var name: String {
        switch self {
        case .low: "low"
        case .normal: "normal"
        case .high: "high"
        }
    }

    var message: Message {
        switch self {
        case .low: m("thấp", "low")
        case .normal: m("vừa", "normal")
        case .high: m("gấp", "urgent")
        }
    }
}

enum OfficerSay: MessageTable {
    case stepRefused, stepRole, stepArea, stepSame, stepHeld, stepFrom, stepNone, stepPropose, stepSync
    case moved, movedLine, refusedLine, skippedLine, bulkEnd, bulkNone, bulkAsk, bulkCancelled, bulkLimit
    case needsTargets, twoTargets, expectWhere, expectDuplicateOf, expectSource, expectVisibility, expectProposal
    case alreadyUnlinked, alreadyUnlinkedNext, notOriginal, oneReason
    case candidates, candidate, candidateAsk, candidateAsk2, notFiled, candidateHint
    case draftSaved, draftNext, draftGone, draftGoneNext, noDrafts, draftNumber, draftChanged, draftEmpty,
        draftAsk, draftDeleted, draftTitle, draftDamaged
    case correctShow, correctNext, correctNone, correctNoneNext, correctSeveral, correctSeveralNext, corrected
    case severity, needs, waitsSince, owner, nothingWaiting, moreWaiting, unowned
    case nextSteps, nextNone, steps, openQuestion, answeredBy, duplicatesHere,
        followersHere, proposalsOpen, noQuestion, noQuestionNext, where_, explained

    var message: Message {
        switch self {
        case .stepRefused:
            m("Từ «{0}» không chuyển sang «{1}» được.", "It cannot go from “{0}” to “{1}”.")
        case .stepRole:
            m(
                "Không thực hiện được: vai trò của bạn không được {0}.",
                "It cannot be done: your role may not do this: {0}.")
        case .stepArea:
            m("Phản ánh này nằm ngoài địa bàn được giao cho bạn.", "This report is outside of your areas.")
        case .stepSame: m("Phản ánh đã ở trạng thái «{0}».", "The report is “{0}” already.")
        case .stepHeld:
            m("Phường chưa nhận phản ánh này.", "The ward did not accept this report.")
        case .stepFrom: m("Từ «{0}» có thể: {1}.", "From “{0}” one can: {1}.")
        case .stepNone:
            m(
                "Từ «{0}» bạn không có bước nào; vẫn trao đổi được.",
                "From “{0}” there is no step for you; you can comment.")
        case .stepPropose:
            m(
                "Bạn có thể đề xuất: ward report propose {0} … --reason «lý do».",
                "You can propose it: ward report propose {0} … --reason “why”.")
        case .stepSync:
            m("Sửa và gửi lại: ward report correct {0}", "Correct it and send it again: ward report correct {0}")
        case .moved: m("Đã ghi: phản ánh {0} – {1}.", "Saved: report {0} – {1}.")
        case .movedLine: m("{0}  {1}  {2}", "{0}  {1}  {2}")
        case .refusedLine: m("{0}  không thực hiện: {1} {2}", "{0}  not done: {1} {2}")
        case .skippedLine: m("{0}  chưa làm tới", "{0}  not reached")
        case .bulkEnd: m("Đã ghi {0}, không thực hiện {1}.", "{0} saved, {1} not done.")
        case .bulkNone: m("Không có phản ánh nào khớp.", "No report fits.")
        case .bulkAsk: m("Thực hiện «{0}» cho {1} phản ánh trên?", "Do “{0}” to the {1} reports above?")
        case .bulkCancelled: m("Đã dừng, chưa thay đổi gì.", "Stopped; nothing was changed.")
        case .bulkLimit:
            m(
                "Chỉ làm {0} phản ánh cũ nhất một lần; chạy lại cho phần còn lại.",
                "Only the {0} oldest are done at once; run it again for the rest.")
        case .needsTargets:
            m("Cần ít nhất một mã, hoặc --where.", "It takes at least one id, or --where.")
        case .twoTargets: m("Chỉ dùng mã hoặc --where, không dùng cả hai.", "Give ids or --where, not both.")
        case .expectWhere:
            m(
                "cần state=…, category=…, area=…, urgency=…, agency=… hoặc older=SỐ NGÀY",
                "it takes state=…, category=…, area=…, urgency=…, agency=… or older=DAYS")
        case .expectDuplicateOf: m("cần mã của một phản ánh khác", "it takes the id of another report")
        case .expectSource: m("bạn được ghi nguồn: {0}", "you may give the source: {0}")
        case .expectVisibility: m("cần một phạm vi: {0}", "it takes a visibility: {0}")
        case .expectProposal: m("cần một trạng thái đề xuất: {0}", "it takes a state to propose: {0}")
        case .alreadyUnlinked: m("Phản ánh này không bị đánh dấu trùng.", "This report is not marked as a duplicate.")
        case .alreadyUnlinkedNext: m("Xem bằng: ward report show {0}", "Look with: ward report show {0}")
        case .notOriginal: m("một phản ánh không thể trùng với chính nó", "a report is no duplicate of itself")
        case .oneReason: m("Chỉ chọn một: --not-fixed hoặc --no-fault.", "Choose one: --not-fixed or --no-fault.")
        case .candidates:
            m("Có thể đã được phản ánh ({0} trên máy này):", "It may have been reported already ({0} on this device):")
        case .candidate: m("{0}. {1}  cách {2} m, {3}, {4}: {5}", "{0}. {1}  {2} m away, {3}, {4}: {5}")
        case .candidateAsk:
            m(
                "Ghi mới (g), thêm ý vào phản ánh số 1–{0}, hay thôi (t)? [g]",
                "File it (f), comment on number 1–{0}, or stop (s)? [f]")
        case .candidateAsk2: m("Chưa hiểu.", "That was not understood.")
        case .notFiled: m("Không ghi gì.", "Nothing was filed.")
        case .candidateHint:
            m(
                "Phản ánh vẫn được ghi; cán bộ sẽ đánh dấu nếu trùng.",
                "It is filed all the same; an officer marks it if it is a duplicate.")
        case .draftSaved: m("Đã lưu nháp số {0}: {1}", "Draft {0} is saved: {1}")
        case .draftNext:
            m(
                "Chỉ ở máy này, chưa gửi. Gửi bằng: ward report draft send {0}",
                "Only on this device, not sent. Send it with: ward report draft send {0}")
        case .draftGone: m("Không có nháp số {0}.", "There is no draft {0}.")
        case .draftGoneNext: m("Xem bằng: ward report draft list", "Look with: ward report draft list")
        case .noDrafts: m("Chưa có nháp nào.", "There are no drafts.")
        case .draftNumber: m("Số", "No.")
        case .draftChanged: m("Sửa lúc", "Changed")
        case .draftEmpty: m("(chưa có tiêu đề)", "(no title yet)")
        case .draftAsk: m("Xoá nháp số {0} «{1}»?", "Delete draft {0} “{1}”?")
        case .draftDeleted: m("Đã xoá nháp số {0}.", "Draft {0} is deleted.")
        case .draftTitle: m("Nháp số {0}", "Draft {0}")
        case .draftDamaged:
            m("Nháp số {0} do phiên bản khác ghi, không đọc được.", "Draft {0} was written by another version.")
        case .correctShow:
            m("Thay đổi số {0} của bạn, {1}, phường không nhận: {2}.", "Your change {0}, {1}, was refused: {2}.")
        case .correctNext:
            m(
                "Sửa: ward report correct {0} kèm tuỳ chọn cần đổi; gửi lại nguyên vẹn: --again.",
                "Correct it: ward report correct {0} with what is to change; as it is: --again.")
        case .correctNone: m("Không có thay đổi bị từ chối ở «{0}».", "Nothing was refused at “{0}”.")
        case .correctNoneNext: m("Xem bằng: ward status", "Look with: ward status")
        case .correctSeveral:
            m("Phản ánh này có nhiều thay đổi bị từ chối: {0}.", "Several changes of this report were refused: {0}.")
        case .correctSeveralNext:
            m("Chọn số: ward report correct {0}", "Choose a number: ward report correct {0}")
        case .corrected: m("Đã ghi lại thay đổi số {0} của phản ánh {1}.", "Change {0} of report {1} is saved again.")
        case .severity: m("Mức", "Level")
        case .needs: m("Cần xem", "Needs")
        case .waitsSince: m("Từ", "Since")
        case .owner: m("Phụ trách", "Owner")
        case .nothingWaiting: m("Không có việc nào đang chờ.", "Nothing waits.")
        case .moreWaiting: m("Còn {0} việc nữa; xem hết bằng --all.", "{0} more; show them all with --all.")
        case .unowned: m("chưa có", "nobody yet")
        case .nextSteps: m("Có thể làm gì tiếp", "What can be done next")
        case .nextNone: m("không có bước nào cho vai trò của bạn", "no step for your role")
        case .steps: m("Tiến trình", "Steps")
        case .openQuestion: m("Phường hỏi, chưa có trả lời", "The ward asks, not answered yet")
        case .answeredBy: m("Đã trả lời", "Answered")
        case .duplicatesHere: m("Phản ánh trùng", "Duplicates")
        case .followersHere: m("Người theo dõi", "Followers")
        case .proposalsOpen: m("Đề xuất chưa xử lý", "Open proposals")
        case .noQuestion: m("Phường không hỏi gì về phản ánh này.", "The ward asks nothing about this report.")
        case .noQuestionNext:
            m("Trao đổi bằng: ward report comment {0} «nội dung»", "Comment with: ward report comment {0} “text”")
        case .where_: m("Địa bàn", "Area")
        case .explained: m("{0}: {1}", "{0}: {1}")
        }
    }
}

extension Terminal {
    /// A message about officers' work in this run's language.
    func say(_ say: OfficerSay, _ arguments: String...) -> String { language.text(Phrase(say.message, arguments)) }
}
