// What the commands on the ward's configuration say, and its names in this run's language.

import CommandLineKit
import SyncKit

enum SettingsSay: MessageTable {
    case topic, about, entries, source, ofWard, standardList, setDone, resetDone, unchanged, badLine, badList,
        refused, refusedNext, problemsHere, expectAgency

    var message: Message {
        switch self {
        case .topic: m("Mục", "Topic")
        case .about: m("Nội dung", "About")
        case .entries: m("Số dòng", "Lines")
        case .source: m("Nguồn", "Source")
        case .ofWard: m("phường đặt {0}", "set by the ward {0}")
        case .standardList: m("mặc định", "standard")
        case .setDone: m("Đã lưu «{0}»: {1} dòng.", "Saved “{0}”: {1} lines.")
        case .resetDone: m("Đã trở lại danh sách mặc định của «{0}».", "Took the standard list of “{0}” back.")
        case .unchanged: m("Danh sách «{0}» vẫn như cũ.", "The list “{0}” is as it was.")
        case .badLine: m("Dòng {0}: {1}.", "Line {0}: {1}.")
        case .badList: m("Danh sách: {1}.", "The list: {1}.")
        case .refused: m("Chưa nhận danh sách «{0}»: số dòng sai {1}.", "“{0}” was not taken over: bad lines: {1}.")
        case .refusedNext:
            m("Sửa các dòng nêu trên rồi chạy lại.", "Correct the lines named above and run it again.")
        case .problemsHere:
            m(
                "Cấu hình «{0}» của phường, dòng {1} không dùng được: {2}.",
                "The ward's configuration “{0}”, line {1} cannot be used: {2}.")
        case .expectAgency: m("cần một đơn vị: {0}", "it takes an agency: {0}")
        }
    }
}

extension WardSettings.Name {
    var message: Message { Message(vi: vi, en: en) }
}

extension WardSettings.Category {
    var message: Message { Message(vi: vi, en: en) }
}

extension WardSettings {
    /// A category's name for people, or its code where nobody knows it.
    func categoryName(_ code: String, _ terminal: Terminal) -> String {
        (category(code)?.message ?? WardWords.Category(rawValue: code)?.message).map { terminal.word($0) } ?? code
    }

    func agencyName(_ code: String) -> String { agency(code)?.name ?? code }

    func stateMessage(_ kind: DocumentKind, _ state: UInt8) -> Message {
        stateName(kind, state)?.message ?? StateWord.message(kind, state)
    }
}

extension CommandRun {
    /// A category of this ward as it is typed: its code, its name with or without accents, a beginning of either.
    func category(_ option: String, _ given: String, _ settings: WardSettings) throws(ErrorReport) -> String {
        let entries = settings.categories.map { (code: $0.code, names: [$0.code, $0.vi, $0.en]) }
        if let code = Self.match(given, entries) { return code }
        let listed = Message(
            vi: settings.categories.map { "\($0.vi) (\($0.code))" }.joined(separator: ", "),
            en: settings.categories.map { "\($0.en) (\($0.code))" }.joined(separator: ", "))
        throw bad(option, given, Self.filled(Say.expectCategory.message, listed))
    }

    /// An agency of this ward as it is typed. A ward that never listed its agencies takes any code.
    func agency(_ option: String, _ given: String, _ settings: WardSettings) throws(ErrorReport) -> String {
        let entries = settings.agencies.map { (code: $0.code, names: [$0.code, $0.name]) }
        if let code = Self.match(given, entries) { return code }
        if settings.agencies == WardSettings.standard.agencies { return try freeCode(option, given) }
        throw bad(
            option, given,
            Self.filled(SettingsSay.expectAgency.message, settings.agencies.map(\.code).joined(separator: ", ")))
    }

    /// The entry with this code, else with this name, else the only one whose name begins so; names are compared by
    /// their words, whatever stands between them.
    private static func match(_ typed: String, _ entries: [(code: String, names: [String])]) -> String? {
        func words(_ name: String) -> String {
            FoldedWords.of(name).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        }
        if entries.contains(where: { $0.code == typed }) { return typed }
        let folded = words(typed)
        guard !folded.isEmpty else { return nil }
        let all = entries.map { (code: $0.code, names: $0.names.map(words)) }
        if let exact = all.first(where: { $0.names.contains(folded) }) { return exact.code }
        let found = all.filter { $0.names.contains { $0.hasPrefix(folded) } }
        return found.count == 1 ? found.first?.code : nil
    }
}
