// What the statistics and the deadlines say.

import CommandLineKit
import SyncKit

enum StatisticsSay: MessageTable {
    case group, name, total, noGroup, overBase, asOf, neverSynced, rank, expectOrder

    var message: Message {
        switch self {
        case .group: m("Nhóm", "Group")
        case .name: m("Tên", "Name")
        case .total: m("Tất cả", "All")
        case .noGroup: m("(chưa có)", "(none)")
        case .overBase: m("{0}: {1}  (n = {2})", "{0}: {1}  (n = {2})")
        case .asOf: m("Theo dữ liệu đồng bộ lúc {0}.", "As of the last sync, {0}.")
        case .neverSynced: m("Thiết bị này chưa đồng bộ lần nào.", "This device has never synced.")
        case .rank:
            m(
                "Trung vị và phân vị 90: ngày làm việc, theo hạng gần nhất, chỉ tính phản ánh đã khắc phục.",
                "Median and 90th percentile: working days by nearest rank, over fixed reports only.")
        case .expectOrder: m("cần ngày không trước {0}", "it takes a day that is not before {0}")
        }
    }
}

enum DeadlineSay: MessageTable {
    case deadline, daysLeft, today, tomorrow, tomorrowMorning, overdueDays, overdue, paused, met, late, byOfficer,
        overdueCount, markOverdue, markToday

    var message: Message {
        switch self {
        case .deadline: m("Hạn xử lý", "Deadline")
        case .daysLeft: m("{0} ngày làm việc nữa", "working days left: {0}")
        case .today: m("hôm nay", "today")
        case .tomorrow: m("ngày mai", "tomorrow")
        case .tomorrowMorning: m("sáng mai", "tomorrow morning")
        case .overdueDays: m("quá hạn {0} ngày làm việc", "overdue, working days: {0}")
        case .overdue: m("quá hạn", "overdue")
        case .paused: m("tạm dừng, chờ bổ sung", "paused, waiting for information")
        case .met: m("xong đúng hạn", "closed in time")
        case .late: m("xong trễ {0} ngày làm việc", "closed late, working days: {0}")
        case .byOfficer: m("cán bộ đặt", "set by an officer")
        case .overdueCount: m("Phản ánh quá hạn", "Overdue reports")
        case .markOverdue: m("quá hạn {0}", "overdue {0}")
        case .markToday: m("hạn hôm nay", "due today")
        }
    }
}

extension Terminal {
    /// How a deadline stands, in words.
    func deadlineText(_ deadline: Deadline, now: Int64) -> String {
        func say(_ say: DeadlineSay, _ count: Int = 0) -> String { text(say.message, String(count)) }
        switch deadline.standing {
        case .paused: return say(.paused)
        case .met: return say(.met)
        case .late: return say(.late, -deadline.daysLeft)
        case .overdue: return deadline.daysLeft < 0 ? say(.overdueDays, -deadline.daysLeft) : say(.overdue)
        case .open:
            let due = LocalTime(seconds: deadline.due)
            let today = LocalTime(seconds: now).date
            if due.date == today { return say(.today) }
            if due.date == today.adding(days: 1) { return say(due.hour < 12 ? .tomorrowMorning : .tomorrow) }
            return say(.daysLeft, deadline.daysLeft)
        }
    }

    /// The mark of a list: only what needs somebody now.
    func deadlineMark(_ deadline: Deadline, now: Int64) -> String? {
        switch deadline.standing {
        case .overdue:
            let days = -deadline.daysLeft
            return days > 0 ? text(DeadlineSay.markOverdue.message, String(days)) : word(DeadlineSay.overdue.message)
        case .open where LocalTime(seconds: deadline.due).date == LocalTime(seconds: now).date:
            return word(DeadlineSay.markToday.message)
        default: return nil
        }
    }
}

extension Deadline {
    func write(to json: inout JSONWriter) {
        json.object("deadline") { json in
            json.member("due", LocalTime(seconds: due).iso8601)
            json.member("standing", standing.rawValue)
            json.member("set_by_officer", isSetByOfficer)
            json.member("paused_working_days", pausedDays)
            json.member("working_days_left", daysLeft)
        }
    }
}
