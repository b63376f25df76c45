// The kinds of document that a ward keeps, each with its number on the wire.

/// A kind of document. The raw value is its number in a change set's header (`docs/data-model.md`).
public enum DocumentKind: UInt8, CaseIterable, Sendable, Hashable {
    /// A report of a problem (phản ánh).
    case report = 1
    /// A neighborhood team's task (nhiệm vụ).
    case task = 2
    /// A question about a dossier (tra cứu).
    case lookup = 3
    /// An administrative procedure (thủ tục).
    case procedure = 4
    /// A health station, an office, a wifi spot (địa điểm).
    case place = 5
    /// A notice of the ward (thông báo).
    case notice = 6
    /// An alert with a level and an expiry (cảnh báo).
    case alert = 7
    /// An administrative unit (địa bàn).
    case area = 8
    /// The public view of a report that an officer published, without personal data (công khai).
    case publication = 9
    /// How far a report is, for those who hold its look-up code (tiến độ).
    case progress = 10
    /// Somebody follows a report by its look-up code (theo dõi).
    case follow = 11
    /// A rating with the one-time code that came with the result (đánh giá).
    case rating = 12
    /// A list that the ward configures: categories, agencies, deadlines, holidays (cấu hình).
    case settings = 13
    /// What somebody of the ward decided about a device or about what was held (quyết định).
    case order = 14

    /// The stable English name, as `--json` and `docs/` use it.
    public var name: String {
        switch self {
        case .report: "report"
        case .task: "task"
        case .lookup: "lookup"
        case .procedure: "procedure"
        case .place: "place"
        case .notice: "notice"
        case .alert: "alert"
        case .area: "area"
        case .publication: "publication"
        case .progress: "progress"
        case .follow: "follow"
        case .rating: "rating"
        case .settings: "settings"
        case .order: "order"
        }
    }

    /// Whether every device of the ward holds documents of this kind, whatever its areas.
    public var isWardWide: Bool {
        switch self {
        case .procedure, .place, .notice, .alert, .area, .publication, .settings: true
        case .report, .task, .lookup, .progress, .follow, .rating, .order: false
        }
    }
}
