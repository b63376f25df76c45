// What the commands on look-ups say.

import CommandLineKit

enum LookupSay: MessageTable {
    case needsConsent, needsConsentNext, purged, purgedCount, nothingToPurge, notAsked, notAskedNext, asOfHeading
    case outdated, expectDays, expectStatus, expectFinding

    var message: Message {
        switch self {
        case .needsConsent:
            m(
                "Tra cứu hộ cần ghi rõ chủ hồ sơ đã đồng ý thế nào.",
                "Asking for somebody needs a note of how the owner of the dossier agreed.")
        case .needsConsentNext:
            m(
                "Hỏi chủ hồ sơ rồi ghi, ví dụ: --consent \"bà Hoa đồng ý tại nhà\"",
                "Ask the owner and note it, for example: --consent \"Ms Hoa agreed at her home\"")
        case .purged:
            m(
                "Câu trả lời đã được xoá trên thiết bị này theo thời hạn lưu giữ. Cần thì tra cứu lại.",
                "The answer was deleted from this device after the retention time. Ask again if it is needed.")
        case .purgedCount:
            m("Đã xoá {0} câu trả lời cũ trên thiết bị này.", "Deleted {0} old answers from this device.")
        case .nothingToPurge: m("Không có câu trả lời nào cần xoá.", "There are no answers to delete.")
        case .notAsked:
            m(
                "Lần tra cứu này không nhận câu trả lời từ cán bộ: thiếu khoá nhận trả lời.",
                "This look-up takes no answer from an officer: it has no reply key.")
        case .notAskedNext:
            m("Nhờ người hỏi tra cứu lại bằng bản mới.", "Ask the person to look it up again with a newer program.")
        case .asOfHeading: m("Dữ liệu", "Data")
        case .outdated: m("quá hạn", "out of date")
        case .expectDays: m("một số ngày từ 0 đến 3650", "a number of days from 0 to 3650")
        case .expectStatus: m("trạng thái hồ sơ, số từ 1 đến 10", "a dossier status, a number from 1 to 10")
        case .expectFinding:
            m(
                "--status (1–10), --not-found hoặc --refuse: đúng một cách",
                "--status (1–10), --not-found or --refuse: exactly one of them")
        }
    }
}
