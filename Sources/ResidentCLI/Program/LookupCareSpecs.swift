// The table's part on answering look-ups and purging answers.

import CommandLineKit
import SyncKit

extension WardProgram {
    static let lookupAnswer = CommandSpec(
        ["lookup", "answer"], summary: m("Trả lời một lần tra cứu", "Answer a look-up"),
        details: m(
            "Cho cán bộ phường, khi sổ hồ sơ không có hồ sơ này. Câu trả lời được niêm phong cho người hỏi.",
            "For officers, where the registry does not know the dossier. The answer is sealed to the one who asked."),
        arguments: [idArgument(m("Lần tra cứu", "The look-up"))],
        options: [
            OptionSpec(
                "status", value: .integer(1...10),
                summary: m("Trạng thái hồ sơ, từ 1 đến 10", "The dossier's status, from 1 to 10")),
            OptionSpec(flag: "not-found", summary: m("Không tìm thấy hồ sơ", "There is no such dossier")),
            OptionSpec(
                flag: "refuse", summary: m("Từ chối: mã bí mật không khớp", "Refuse: the second secret does not fit")),
            text("step", nil, m("Bước đang xử lý", "The present step"), bytes: 400),
            text("agency", nil, m("Nơi đang giữ hồ sơ", "Who has the dossier"), bytes: 400),
            text("received", nil, m("Ngày tiếp nhận", "When it was received"), bytes: 400),
            text("due", nil, m("Ngày hẹn trả", "When it is due"), bytes: 400),
            text("missing", nil, m("Giấy tờ còn thiếu", "Missing papers"), bytes: 400),
        ],
        examples: [
            .init(
                "ward lookup answer 5wq --status 4 --step \"đang thẩm định\"",
                m("Hồ sơ đang xử lý.", "The dossier is being worked on."))
        ], run: Command.lookupAnswer.rawValue)

    static let lookupPurge = CommandSpec(
        ["lookup", "purge"], summary: m("Xoá câu trả lời cũ trên thiết bị", "Delete old answers from this device"),
        details: m(
            "Mỗi lần đồng bộ tự xoá những câu trả lời quá thời hạn lưu giữ (30 ngày nếu phường không đặt khác).",
            "Each sync deletes answers beyond the retention time by itself (30 days unless the ward says otherwise)."),
        options: [
            OptionSpec(
                "older-than", value: .integer(0...3650),
                summary: m("Cũ hơn số ngày này (30)", "Older than so many days (30)"))
        ],
        examples: [
            .init(
                "ward lookup purge --older-than 0",
                m("Xoá mọi câu trả lời, trước khi cho mượn máy.", "Delete all answers, before lending the device."))
        ], run: Command.lookupPurge.rawValue)
}
