// The lists that a ward can configure, and how each is written as text: one entry a line.

/// A list of a ward's configuration. The raw value is the `topic` of its settings document.
package enum SettingsTopic: String, CaseIterable, Sendable {
    case categories, agencies, deadlines, holidays, lookups, states, grants

    /// What stands in the list, for people.
    package var title: WardSettings.Name {
        switch self {
        case .categories: .init(vi: "loại phản ánh", en: "categories of reports")
        case .agencies: .init(vi: "đơn vị xử lý", en: "agencies")
        case .deadlines: .init(vi: "hạn xử lý (ngày làm việc)", en: "deadlines (working days)")
        case .holidays: .init(vi: "ngày nghỉ và ngày làm bù", en: "days off and days made up")
        case .lookups: .init(vi: "lưu câu trả lời tra cứu", en: "how long answers are kept")
        case .states: .init(vi: "tên các trạng thái", en: "names of states")
        case .grants: .init(vi: "tự gia hạn quyền khi đồng bộ", en: "grants renewed at sync")
        }
    }

    /// The list in force, in the form in which it can be set again.
    package func lines(of settings: WardSettings) -> [String] {
        switch self {
        case .categories:
            settings.categories.map { "\($0.code) = \($0.vi); en=\($0.en); radius=\($0.radiusMetres)" }
        case .agencies: settings.agencies.map { "\($0.code) = \($0.name)" }
        case .deadlines:
            [
                "high = \(settings.deadlines.high)", "normal = \(settings.deadlines.normal)",
                "low = \(settings.deadlines.low)", "max = \(settings.deadlines.maxDays)",
            ]
        case .holidays:
            (settings.holidayNames.map { ($0.key, "\($0.key.text) = \($0.value)") }
                + settings.extraWorkingDayNames.map { ($0.key, "\($0.key.text) = \($0.value); work=yes") })
                .sorted { $0.0 < $1.0 }.map(\.1)
        case .lookups: ["retention_days = \(settings.lookupRetentionDays)"]
        case .states:
            settings.nameOfStates.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value.vi); en=\($0.value.en)" }
        case .grants:
            ["renew_within_days = \(settings.renewal.withinDays)", "renew_days = \(settings.renewal.days)"]
        }
    }
}

/// A line of a configured list that is not taken over, and why.
package struct SettingsProblem: Error, Sendable, Equatable {
    /// The raw value is the word for programs.
    package enum Reason: String, CaseIterable, Sendable {
        case noEquals = "no-equals"
        case badKey = "bad-key"
        case unknownKey = "unknown-key"
        case emptyValue = "empty-value"
        case badNumber = "bad-number"
        case badDate = "bad-date"
        case repeated = "repeated"
        case unknownOption = "unknown-option"
        case badOption = "bad-option"
        case tooLong = "too-long"
        case tooMany = "too-many"
        case empty = "empty"

        /// The reason for people.
        package var words: WardSettings.Name {
            switch self {
            case .noEquals: .init(vi: "thiếu dấu «=»: cần «mã = giá trị»", en: "no “=”: it takes “key = value”")
            case .badKey:
                .init(
                    vi: "mã chỉ gồm chữ thường không dấu, số, «-», «_», tối đa 60 ký tự",
                    en: "a key has lower-case letters, digits, “-”, “_”, at most 60")
            case .unknownKey: .init(vi: "không có mục nào tên như vậy", en: "there is nothing of this name")
            case .emptyValue: .init(vi: "thiếu giá trị sau dấu «=»", en: "nothing stands after “=”")
            case .badNumber: .init(vi: "số không đúng hoặc ngoài khoảng cho phép", en: "not a number in its range")
            case .badDate: .init(vi: "ngày không có thật; cần dd/MM/yyyy", en: "no such day; it takes dd/MM/yyyy")
            case .repeated: .init(vi: "mã này đã có ở dòng trên", en: "the key stands on a line above")
            case .unknownOption: .init(vi: "không có tuỳ chọn này", en: "there is no such option")
            case .badOption: .init(vi: "giá trị của tuỳ chọn không đúng", en: "the option's value does not suit")
            case .tooLong: .init(vi: "dòng hoặc danh sách quá dài", en: "the line or the list is too long")
            case .tooMany: .init(vi: "danh sách có quá nhiều dòng", en: "the list has too many lines")
            case .empty: .init(vi: "danh sách không có dòng nào", en: "the list has no lines")
            }
        }
    }

    /// The line's number, from 1; 0 for the list as a whole.
    package var line: Int
    package var reason: Reason
    package var topic: SettingsTopic

    package init(_ topic: SettingsTopic, line: Int, _ reason: Reason) {
        self.topic = topic
        self.line = line
        self.reason = reason
    }
}
