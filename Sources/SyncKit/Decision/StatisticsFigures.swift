// The figures of a ward's statistics: their names, their order, and the counting that they are made of.

/// One figure (`docs/statistics.md`). The raw value is its name in JSON and CSV; every figure is a whole number.
package enum Figure: String, CaseIterable, Sendable {
    case filed, received, open
    case stateReceived = "state_received"
    case stateClassified = "state_classified"
    case stateAssigned = "state_assigned"
    case stateInProgress = "state_in_progress"
    case stateAwaitingInfo = "state_awaiting_info"
    case stateResolved = "state_resolved"
    case statePublished = "state_published"
    case stateRated = "state_rated"
    case stateReopened = "state_reopened"
    case fixed
    case notFixed = "not_fixed"
    case noFault = "no_fault"
    case unstated, rejected, duplicate, referred
    case fixMedianHours = "fix_median_hours"
    case fixP90Hours = "fix_p90_hours"
    case fixMedianDays = "fix_median_days"
    case fixP90Days = "fix_p90_days"
    case due, overdue, late
    case overduePermille = "overdue_permille"
    case ratings
    case ratingMeanHundredths = "rating_mean_hundredths"
    case rating1 = "rating_1"
    case rating2 = "rating_2"
    case rating3 = "rating_3"
    case rating4 = "rating_4"
    case rating5 = "rating_5"
    case closed, reopened
    case reopenedPermille = "reopened_permille"

    /// Those that stand in a table of groups on a screen.
    package static let summary: [Figure] = [
        .received, .open, .fixed, .notFixed, .rejected, .referred, .fixMedianDays, .fixP90Days, .overduePermille,
        .ratings, .ratingMeanHundredths,
    ]

    /// A short heading for a table of groups.
    package var heading: WardSettings.Name {
        switch self {
        case .received: .init(vi: "Nhận", en: "Received")
        case .notFixed: .init(vi: "Chưa khắc phục", en: "Not fixed")
        case .fixMedianDays: .init(vi: "Trung vị", en: "Median")
        case .fixP90Days: .init(vi: "Phân vị 90", en: "90th pct")
        case .overduePermille: .init(vi: "Quá hạn", en: "Overdue")
        case .ratings: .init(vi: "Đánh giá", en: "Ratings")
        case .ratingMeanHundredths: .init(vi: "Điểm", en: "Mean")
        default: label
        }
    }

    /// The figure's name for people.
    package var label: WardSettings.Name {
        switch self {
        case .filed: .init(vi: "Đã gửi (kể cả trùng)", en: "Filed (with duplicates)")
        case .received: .init(vi: "Đã nhận (không kể trùng)", en: "Received (without duplicates)")
        case .open: .init(vi: "Chưa xong", en: "Open")
        case .stateReceived: .init(vi: "Đã tiếp nhận", en: "In state received")
        case .stateClassified: .init(vi: "Đã phân loại", en: "In state classified")
        case .stateAssigned: .init(vi: "Đã giao xử lý", en: "In state assigned")
        case .stateInProgress: .init(vi: "Đang xử lý", en: "In state in progress")
        case .stateAwaitingInfo: .init(vi: "Chờ bổ sung", en: "In state awaiting information")
        case .stateResolved: .init(vi: "Đã xử lý", en: "In state resolved")
        case .statePublished: .init(vi: "Đã công khai", en: "In state published")
        case .stateRated: .init(vi: "Đã đánh giá", en: "In state rated")
        case .stateReopened: .init(vi: "Mở lại", en: "In state reopened")
        case .fixed: .init(vi: "Đã khắc phục", en: "Fixed")
        case .notFixed: .init(vi: "Đóng nhưng chưa khắc phục", en: "Closed, not fixed")
        case .noFault: .init(vi: "Không có sự cố", en: "Closed, no fault found")
        case .unstated: .init(vi: "Đóng, không ghi kết quả", en: "Closed, outcome not stated")
        case .rejected: .init(vi: "Từ chối", en: "Rejected")
        case .duplicate: .init(vi: "Trùng", en: "Duplicate")
        case .referred: .init(vi: "Chuyển cấp trên", en: "Referred upwards")
        case .fixMedianHours: .init(vi: "Giờ đến khi khắc phục, trung vị", en: "Hours to a fix, median")
        case .fixP90Hours: .init(vi: "Giờ đến khi khắc phục, phân vị 90", en: "Hours to a fix, 90th percentile")
        case .fixMedianDays:
            .init(vi: "Ngày làm việc đến khi khắc phục, trung vị", en: "Working days to a fix, median")
        case .fixP90Days:
            .init(vi: "Ngày làm việc đến khi khắc phục, phân vị 90", en: "Working days to a fix, 90th percentile")
        case .due: .init(vi: "Có thời hạn", en: "With a deadline")
        case .overdue: .init(vi: "Đang quá hạn", en: "Overdue now")
        case .late: .init(vi: "Xong trễ hạn", en: "Closed late")
        case .overduePermille: .init(vi: "Tỷ lệ quá hạn và trễ", en: "Share overdue or late")
        case .ratings: .init(vi: "Số đánh giá", en: "Ratings")
        case .ratingMeanHundredths: .init(vi: "Điểm trung bình", en: "Mean rating")
        case .rating1: .init(vi: "1 điểm", en: "Rated 1")
        case .rating2: .init(vi: "2 điểm", en: "Rated 2")
        case .rating3: .init(vi: "3 điểm", en: "Rated 3")
        case .rating4: .init(vi: "4 điểm", en: "Rated 4")
        case .rating5: .init(vi: "5 điểm", en: "Rated 5")
        case .closed: .init(vi: "Đã từng đóng", en: "Closed at least once")
        case .reopened: .init(vi: "Đã từng mở lại", en: "Reopened at least once")
        case .reopenedPermille: .init(vi: "Tỷ lệ mở lại", en: "Share reopened")
        }
    }

    /// The figure that says how many reports this one is over.
    package var base: Figure? {
        switch self {
        case .fixMedianHours, .fixP90Hours, .fixMedianDays, .fixP90Days: .fixed
        case .overduePermille: .due
        case .ratingMeanHundredths: .ratings
        case .reopenedPermille: .closed
        default: nil
        }
    }

    /// A value as people write it: shares in per cent, the mean with two decimals.
    package func text(_ value: Int64?, comma: String) -> String {
        guard let value else { return "–" }
        switch self {
        case .overduePermille, .reopenedPermille: return "\(value / 10)\(comma)\(value % 10) %"
        case .ratingMeanHundredths: return "\(value / 100)\(comma)\(padded(Int(value % 100), 2))"
        default: return String(value)
        }
    }
}

/// Counts reports and gives their figures.
struct FigureCounter {
    private var counts: [Figure: Int64] = [:]
    private var hours: [Int64] = []
    private var days: [Int64] = []
    private var ratingSum: Int64 = 0

    mutating func count(_ figure: Figure) { counts[figure, default: 0] += 1 }

    mutating func add(_ course: ReportCourse, _ deadline: Deadline?, _ calendar: WorkingCalendar) {
        count(.filed)
        if course.present == .duplicate {
            count(.duplicate)
            return
        }
        count(.received)
        countState(course)
        if let deadline {
            count(.due)
            if deadline.standing == .overdue { count(.overdue) }
            if deadline.standing == .late { count(.late) }
        }
        if let rating = course.rating, let figure = Self.ratings[rating] {
            count(.ratings)
            count(figure)
            ratingSum += rating
        }
        if course.steps.contains(where: \.state.isClosed) {
            count(.closed)
            if course.steps.contains(where: { $0.state == .reopened }) { count(.reopened) }
        }
        if course.isFixed, let closed = course.closed {
            hours.append(Self.wholeHours(closed - course.filed))
            days.append(Int64(calendar.workingDays(from: course.filed, to: closed)))
        }
    }

    private mutating func countState(_ course: ReportCourse) {
        if let figure = Figure(rawValue: "state_" + course.present.name) { count(figure) }
        switch course.present {
        case .resolved, .published, .rated:
            switch course.resolution {
            case "fixed": count(.fixed)
            case "not_fixed": count(.notFixed)
            case "no_fault": count(.noFault)
            default: count(.unstated)
            }
        case .rejected: count(.rejected)
        case .referred: count(.referred)
        case .duplicate: break
        case .received, .classified, .assigned, .inProgress, .awaitingInfo, .reopened: count(.open)
        }
    }

    private static let ratings: [Int64: Figure] = [
        1: .rating1, 2: .rating2, 3: .rating3, 4: .rating4, 5: .rating5,
    ]

    /// To the nearest hour, half an hour up.
    private static func wholeHours(_ seconds: Int64) -> Int64 { (max(0, seconds) + 1800) / 3600 }

    /// Every figure in the order of the table; `nil` for one over no reports.
    func figures() -> [Int64?] {
        let hours = hours.sorted()
        let days = days.sorted()
        return Figure.allCases.map { figure in
            switch figure {
            case .fixMedianHours: Self.rank(50, hours)
            case .fixP90Hours: Self.rank(90, hours)
            case .fixMedianDays: Self.rank(50, days)
            case .fixP90Days: Self.rank(90, days)
            case .overduePermille:
                Self.share(1000, counts[.overdue, default: 0] + counts[.late, default: 0], counts[.due])
            case .reopenedPermille: Self.share(1000, counts[.reopened, default: 0], counts[.closed])
            case .ratingMeanHundredths: Self.share(100, ratingSum, counts[.ratings])
            default: counts[figure, default: 0]
            }
        }
    }

    /// The nearest rank: the smallest value that at least so many per cent of all do not exceed.
    private static func rank(_ percent: Int, _ sorted: [Int64]) -> Int64? {
        guard !sorted.isEmpty else { return nil }
        return sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
    }

    /// `part` of `whole`, to the nearest, half up.
    private static func share(_ unit: Int64, _ part: Int64, _ whole: Int64?) -> Int64? {
        guard let whole, whole > 0 else { return nil }
        return (part * unit * 2 + whole) / (whole * 2)
    }
}

extension ReportCourse {
    /// Whether it is closed and what it told of is mended; everything else that is closed is not.
    package var isFixed: Bool {
        [.resolved, .published, .rated].contains(present) && resolution == "fixed"
    }
}
