// What searches, places, notices, alerts and areas say, in both languages.

import CommandLineKit
import SyncKit

/// The sentences and headings of reference data.
enum ReferenceWord: MessageTable {
    case nothingFound, nothingFoundNext, moreFound, expired, validUntil, noEnd
    case distance, direction, place, noPlaces, noLocation, needPoint, expectUntil, untilPast
    case level, floodLevel, plainLevel, atStation, until, alertLine, expiredHidden
    case alertDefaultEnd, alreadyExpired
    case nowPartOf, mergedFrom, contains, areaLevel, endedMark, areaCandidates, areaCandidatesNext, noField
    case expectPlaceCategory, expectAlertKind, here, alerts

    var message: Message {
        switch self {
        case .nothingFound: m("Không có mục nào có đủ các từ «{0}».", "Nothing has all the words “{0}”.")
        case .nothingFoundNext:
            m(
                "Thử ít từ hơn, hoặc chạy «ward sync» để lấy dữ liệu mới.",
                "Try fewer words, or run “ward sync” for newer data.")
        case .moreFound:
            m("Chỉ hiện {0} mục đầu; thêm từ hoặc dùng --limit.", "Only the first {0}; add words or use --limit.")
        case .expired: m("đã hết hiệu lực", "expired")
        case .validUntil: m("có hiệu lực đến {0}", "valid until {0}")
        case .noEnd: m("không thời hạn", "without end")
        case .distance: m("Cách", "Distance")
        case .direction: m("Hướng", "Direction")
        case .place: m("Địa điểm", "Place")
        case .noPlaces:
            m(
                "Trên máy chưa có địa điểm nào có toạ độ. Chạy «ward sync» để lấy về.",
                "This device holds no place with a location. Run “ward sync” to fetch them.")
        case .noLocation: m("mục này không có toạ độ", "it has no location")
        case .needPoint:
            m(
                "Cần biết bạn đang ở đâu: --at VĨ ĐỘ,KINH ĐỘ hoặc --from MÃ của một phản ánh hay địa điểm.",
                "It has to know where you are: --at LAT,LON or --from the ID of a report or a place.")
        case .expectUntil:
            m(
                "cần ngày (30/11/2026), ngày giờ (30/11/2026 18:00), giờ (18:00) hoặc khoảng (6h, 3d)",
                "it takes a date (30/11/2026), date and time (30/11/2026 18:00), a time (18:00) or a span (6h, 3d)")
        case .untilPast: m("thời điểm này đã qua", "this moment has passed")
        case .level: m("Cấp", "Level")
        case .floodLevel: m("báo động {0}", "flood alarm {0}")
        case .plainLevel: m("cấp {0}", "level {0}")
        case .atStation: m("{0} tại trạm {1}", "{0} at station {1}")
        case .until: m("Đến", "Until")
        case .alertLine: m("{0}: {1} ({2})", "{0}: {1} ({2})")
        case .expiredHidden:
            m("{0} mục đã hết hiệu lực; xem bằng --all.", "{0} have expired; show them with --all.")
        case .alertDefaultEnd:
            m(
                "Không ghi --until nên cảnh báo có hiệu lực 24 giờ, đến {0}.",
                "Without --until the alert is valid for 24 hours, until {0}.")
        case .alreadyExpired: m("Mục này đã hết hiệu lực từ trước.", "It has expired already.")
        case .nowPartOf: m("nay thuộc {0} ({1})", "now part of {0} ({1})")
        case .mergedFrom: m("Gộp từ", "Merged from")
        case .contains: m("Gồm", "Contains")
        case .areaLevel: m("Cấp", "Level")
        case .endedMark: m("không còn từ {0}", "ended {0}")
        case .areaCandidates: m("«{0}» có thể là nhiều địa bàn: {1}", "“{0}” may be several areas: {1}")
        case .areaCandidatesNext:
            m("Ghi tên đầy đủ hơn, hoặc mã địa bàn.", "Give more of the name, or the area's code.")
        case .noField: m("Không có lĩnh vực nào như «{0}».", "There is no field like “{0}”.")
        case .expectPlaceCategory: m("cần một loại địa điểm: {0}", "it takes a category of place: {0}")
        case .expectAlertKind: m("cần một loại cảnh báo: {0}", "it takes a kind of alert: {0}")
        case .here: m("ngay tại đây", "right here")
        case .alerts: m("Cảnh báo", "Alerts")
        }
    }
}

/// The eight directions.
enum CompassWord: UInt8, MessageTable {
    case north, northEast, east, southEast, south, southWest, west, northWest

    var message: Message {
        switch self {
        case .north: m("bắc", "north")
        case .northEast: m("đông bắc", "north-east")
        case .east: m("đông", "east")
        case .southEast: m("đông nam", "south-east")
        case .south: m("nam", "south")
        case .southWest: m("tây nam", "south-west")
        case .west: m("tây", "west")
        case .northWest: m("tây bắc", "north-west")
        }
    }

    static func message(_ direction: CompassDirection) -> Message {
        (CompassWord(rawValue: direction.rawValue) ?? .north).message
    }
}

extension Terminal {
    func tell(_ word: ReferenceWord, _ arguments: String...) -> String {
        language.text(Phrase(word.message, arguments))
    }
}
