// What is said about the day's work and about the team.

import CommandLineKit
import SyncKit

/// The days of the week, from Monday.
enum Weekday: Int, MessageTable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday

    var message: Message {
        switch self {
        case .monday: m("Thứ Hai", "Monday")
        case .tuesday: m("Thứ Ba", "Tuesday")
        case .wednesday: m("Thứ Tư", "Wednesday")
        case .thursday: m("Thứ Năm", "Thursday")
        case .friday: m("Thứ Sáu", "Friday")
        case .saturday: m("Thứ Bảy", "Saturday")
        case .sunday: m("Chủ nhật", "Sunday")
        }
    }

    init(_ date: CivilDate) {
        // The first day of 1970 was a Thursday.
        let place = ((date.daysSince1970 + 3) % 7 + 7) % 7
        self = Weekday(rawValue: Int(place)) ?? .monday
    }
}

/// Headings and lines of `ward today` and `ward team`.
enum DaySay: MessageTable {
    case heading, synced, syncNever, waits, waitsNothing, moreLines
    case alerts, attention, mine, free, verify, coverage, inbox, ownReports, ownLookups
    case dueToday, dueTomorrow, dueOn, overdueBy, overdueToday, noDue
    case ownConflict, question, answered, revoked, grantEnds, grantEnded
    case withoutTeam, inactive, unclaimed, inboxNew, inboxReopened, inboxInfo, inboxWorking, inboxLookups
    case nothing, unit, leads, volunteers, lastActive, open, doing, doneThisWeek, toVerify, overdueCount
    case noTeam, person, role, holds, active, idle, never, members, notForYou, notForYouNext, wholeWard

    var message: Message {
        switch self {
        case .heading: m("{0}, {1} — {2}", "{0}, {1} — {2}")
        case .synced: m("Đồng bộ {0}", "Synced {0}")
        case .syncNever: m("Chưa đồng bộ lần nào: ward sync", "Never synced: ward sync")
        case .waits: m("chờ gửi: {0}", "waiting to be sent: {0}")
        case .waitsNothing: m("không có gì chờ gửi", "nothing waits to be sent")
        case .moreLines: m("  … còn {0}: {1}", "  … {0} more: {1}")
        case .alerts: m("Cảnh báo", "Alerts")
        case .attention: m("Cần bạn xem", "Needs you")
        case .mine: m("Việc của tôi", "My tasks")
        case .free: m("Chưa ai nhận, sắp đến hạn", "Unclaimed and due soon")
        case .verify: m("Chờ xác nhận", "Waiting to be verified")
        case .coverage: m("Độ phủ của tổ", "What the team covers")
        case .inbox: m("Hộp việc", "Inbox")
        case .ownReports: m("Phản ánh của tôi", "My reports")
        case .ownLookups: m("Tra cứu của tôi", "My look-ups")
        case .dueToday: m("hôm nay", "today")
        case .dueTomorrow: m("ngày mai", "tomorrow")
        case .dueOn: m("hạn {0}", "due {0}")
        case .overdueBy: m("quá hạn {0} ngày", "overdue by {0} d")
        case .overdueToday: m("vừa quá hạn", "just overdue")
        case .noDue: m("không hạn", "no due date")
        case .ownConflict:
            m(
                "Xung đột ở {0} {1} «{2}»: ward conflict show {1}",
                "Conflict in the {0} {1} “{2}”: ward conflict show {1}")
        case .question:
            m("Phường hỏi về phản ánh {0} «{1}»: {2}", "The ward asks about the report {0} “{1}”: {2}")
        case .answered: m("Tra cứu {0} {1}: {2} ({3})", "Look-up {0} {1}: {2} ({3})")
        case .revoked:
            m("Thiết bị này đã bị thu hồi; hãy liên hệ phường.", "This device was revoked; ask the ward.")
        case .grantEnds:
            m(
                "Quyền của bạn hết hạn ngày {0}; nhờ phường gia hạn.",
                "Your grant ends on {0}; ask the ward to extend it.")
        case .grantEnded:
            m(
                "Quyền của bạn đã hết hạn ngày {0}. Việc bạn ghi vẫn được giữ; nhờ phường gia hạn.",
                "Your grant ended on {0}. What you write is kept; ask the ward to extend it.")
        case .withoutTeam: m("Chưa có tổ: {0}", "Without a team: {0}")
        case .inactive: m("Chưa hoạt động 7 ngày qua: {0} trên {1} người", "Not active for 7 days: {0} of {1} people")
        case .unclaimed: m("Chưa ai nhận: {0}; đang làm: {1}; quá hạn: {2}", "Unclaimed: {0}; doing: {1}; overdue: {2}")
        case .inboxNew: m("mới {0}", "new {0}")
        case .inboxReopened: m("mở lại {0}", "reopened {0}")
        case .inboxInfo: m("chờ bổ sung {0}", "awaiting information {0}")
        case .inboxWorking: m("đang xử lý {0}", "in progress {0}")
        case .inboxLookups: m("tra cứu chờ trả lời {0}", "look-ups to answer {0}")
        case .nothing: m("Hôm nay chưa có việc nào.", "There is nothing to do today.")
        case .unit: m("Khu phố", "Neighborhood")
        case .leads: m("Tổ trưởng", "Leads")
        case .volunteers: m("TNV", "Vol.")
        case .lastActive: m("Hoạt động", "Active")
        case .open: m("Mở", "Open")
        case .doing: m("Đang làm", "Doing")
        case .doneThisWeek: m("Xong tuần này", "Done this week")
        case .toVerify: m("Chờ xác nhận", "To verify")
        case .overdueCount: m("Quá hạn", "Overdue")
        case .noTeam: m("chưa có tổ", "no team")
        case .person: m("Người", "Person")
        case .role: m("Vai trò", "Role")
        case .holds: m("Đang giữ", "Holds")
        case .active: m("đang hoạt động", "active")
        case .idle: m("chưa hoạt động 7 ngày", "not active for 7 days")
        case .never: m("chưa thấy", "not seen")
        case .members: m("Thành viên", "Members")
        case .notForYou: m("Danh sách tổ dành cho tổ trưởng và cán bộ.", "The team's list is for leads and officers.")
        case .notForYouNext:
            m("Việc của bạn: ward today; vai trò: ward whoami", "Your work: ward today; your role: ward whoami")
        case .wholeWard: m("cả phường", "the whole ward")
        }
    }

    func with(_ arguments: String...) -> Phrase { Phrase(message, arguments) }
}

extension Terminal {
    func say(_ say: DaySay, _ arguments: String...) -> String { language.text(Phrase(say.message, arguments)) }
}
