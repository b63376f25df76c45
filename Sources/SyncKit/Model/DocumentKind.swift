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
        }
    }

    /// Whether every device of the ward holds documents of this kind, whatever its areas.
    public var isWardWide: Bool {
        switch self {
        case .procedure, .place, .notice, .alert, .area: true
        case .report, .task, .lookup: false
        }
    }
}
