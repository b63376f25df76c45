// The words of links, and a link's settings in one line.

import CommandLineKit
import SyncKit
import WardWords

/// What the commands on links say.
enum LinkSay: MessageTable {
    case label, name, goes, today, inUse, saved, savedUsed, usesNow, usesNone, removed, none, tooMany, tooManyNext
    case badName, unknown, noneYet, oneChoice, usual, text, thumbnails, all, perSync, perDay, spentToday, syncs

    var message: Message {
        switch self {
        case .label: m("Đường truyền", "Link")
        case .name: m("Tên", "Name")
        case .goes: m("Được đi qua", "What goes")
        case .today: m("Hôm nay", "Today")
        case .inUse: m("đang dùng", "in use")
        case .saved: m("Đã đặt đường «{0}»: {1}.", "Set the link “{0}”: {1}.")
        case .savedUsed:
            m("Đã đặt và dùng đường «{0}»: {1}.", "Set the link “{0}” and use it: {1}.")
        case .usesNow: m("Từ giờ «ward sync» theo đường «{0}»: {1}.", "“ward sync” now goes by the link “{0}”: {1}.")
        case .usesNone: m("«ward sync» không theo đường nào nữa.", "“ward sync” goes by no link now.")
        case .removed: m("Đã bỏ đường «{0}».", "Removed the link “{0}”.")
        case .none: m("Chưa đặt đường truyền nào.", "No link is set.")
        case .tooMany: m("Máy này đã có {0} đường truyền.", "This device has {0} links already.")
        case .tooManyNext:
            m("Bỏ bớt một đường: ward link remove TÊN", "Remove one: ward link remove NAME")
        case .badName:
            m(
                "tên gồm chữ thường không dấu, số và dấu gạch, nhiều nhất 32 ký tự, khác «none»",
                "a name of lower-case letters, digits and dashes, 32 at most, other than “none”")
        case .unknown: m("một trong: {0}", "one of: {0}")
        case .noneYet: m("một tên đã đặt bằng «ward link set»", "a name that “ward link set” was told")
        case .oneChoice:
            m(
                "chỉ một trong --text-only, --thumbnails, --all",
                "only one of --text-only, --thumbnails, --all")
        case .usual: m("chữ, ảnh của máy này, ảnh nhỏ của người khác", "text, own files, others' thumbnails")
        case .text: m("chỉ chữ", "text only")
        case .thumbnails: m("chữ và ảnh nhỏ", "text and thumbnails")
        case .all: m("mọi thứ", "everything")
        case .perSync: m("mỗi lần nhiều nhất {0}", "at most {0} in a sync")
        case .perDay: m("mỗi ngày nhiều nhất {0}", "at most {0} a day")
        case .spentToday: m("hôm nay đã dùng {0}", "{0} went today")
        case .syncs: m("Theo đường «{0}»: {1}.", "By the link “{0}”: {1}.")
        }
    }
}

/// A link in words.
enum LinkText {
    /// What goes and how much of it.
    static func bounds(_ link: LinkSettings, _ language: Language) -> String {
        let goes: LinkSay =
            switch link.files {
            case .usual: .usual
            case .text: .text
            case .thumbnails: .thumbnails
            case .all: .all
            }
        var parts = [language.text(goes.message)]
        if let budget = link.budget {
            parts.append(language.text(LinkSay.perSync.message, ByteCount.text(budget, language)))
        }
        if let daily = link.daily {
            parts.append(language.text(LinkSay.perDay.message, ByteCount.text(daily, language)))
        }
        return parts.joined(separator: "; ")
    }

    /// The same, with what went over it today where a day has a bound.
    static func line(_ link: LinkSettings, spent: Int, _ language: Language) -> String {
        let text = bounds(link, language)
        if link.daily == nil { return text }
        return text + " (" + language.text(LinkSay.spentToday.message, ByteCount.text(spent, language)) + ")"
    }

    static func write(_ link: LinkSettings, spent: Int, isUsed: Bool, to json: inout JSONWriter) {
        json.object { json in
            json.member("name", link.name)
            json.member("files", "\(link.files)")
            json.member("budget", link.budget.map { Int64($0) })
            json.member("daily", link.daily.map { Int64($0) })
            json.member("spent_today", spent)
            json.member("in_use", isUsed)
        }
    }
}
