// The words of copied stores: what happened, that nothing is lost, and what to do.

import CommandLineKit
import SyncKit

/// What is said where the data of a device turns out to be a copy.
enum ForkWord: MessageTable {
    case copied, reissued, left, recovered, statusCopied, waits
    case proofHolds, proofDevice, proofSequence, proofNext, unsound

    var message: Message {
        switch self {
        case .copied:
            m(
                "Dữ liệu trên máy này là bản sao hoặc bản khôi phục: một bản khác đã đồng bộ với cùng khoá.",
                "The data on this device is a copy or was restored: another copy synced with the same keys.")
        case .reissued:
            m(
                "Không mất gì: thiết bị đã đổi khoá và gửi lại {0} việc dưới khoá mới. Bạn không cần làm gì thêm.",
                "Nothing is lost: the device took new keys and sends {0} changes again under them. You need not do anything."
            )
        case .left:
            m(
                "{0} câu trả lời tra cứu không gửi lại được vì chỉ người hỏi mở được; hãy trả lời lại.",
                "{0} answers to look-ups cannot be sent again, as only who asked can open them; please answer again.")
        case .recovered:
            m(
                "Dữ liệu trên máy này là bản cũ; đã lấy lại từ phường {0} việc của chính bạn. Không mất gì.",
                "The data on this device was an older copy; {0} changes of your own came back from the ward. Nothing is lost."
            )
        case .statusCopied:
            m(
                "Ngày {0}: dữ liệu là bản sao nên thiết bị đã đổi khoá và gửi lại {1} việc.",
                "On {0} the data turned out to be a copy: the device took new keys and sent {1} changes again.")
        case .waits:
            m(
                "Khoá mới chờ tổ trưởng hoặc quản trị xác nhận. Bạn vẫn ghi việc như thường; mọi thứ được giữ trên máy.",
                "The new keys wait for a lead or an admin to confirm them. Go on working; everything is kept on the device."
            )
        case .proofHolds:
            m(
                "Bằng chứng đúng: một thiết bị đã ký hai gói không thể cùng một chuỗi, nên dữ liệu của nó đã bị sao chép hoặc khôi phục.",
                "The proof is sound: a device signed two change sets that cannot be of one chain, so its data was copied or restored."
            )
        case .proofDevice: m("Thiết bị", "Device")
        case .proofSequence: m("Số thứ tự", "Sequence")
        case .proofNext:
            m(
                "Đây không phải bằng chứng gian lận: điện thoại khôi phục từ bản sao lưu cũng để lại dấu này.",
                "This is no proof of fraud: a phone that was restored from a backup leaves the same trace.")
        case .unsound:
            m(
                "Tệp này không chứng minh điều gì: hai gói có thể cùng một chuỗi, hoặc chữ ký không đúng.",
                "This file proves nothing: both may be of one chain, or a signature does not hold.")
        }
    }
}

extension CommandRun {
    /// Says what a sync did about a copy.
    func tell(_ report: SyncReport) {
        if report.recovered > 0 { terminal.print(ForkWord.recovered.message, String(report.recovered)) }
        guard let renewal = report.renewal else { return }
        terminal.print(ForkWord.copied.message)
        terminal.print(ForkWord.reissued.message, String(renewal.reissued))
        if renewal.left > 0 { terminal.warn(ForkWord.left.message, String(renewal.left)) }
    }

    /// Says what happened to this device's keys.
    func tell(_ renewal: KeyRenewal?, waits: Bool) {
        if let renewal {
            terminal.print(
                ForkWord.statusCopied.message, LocalTime(seconds: renewal.seconds).text, String(renewal.reissued))
        }
        if waits { terminal.warn(ForkWord.waits.message) }
    }

    func write(_ renewal: KeyRenewal?, to json: inout JSONWriter) {
        json.member("keys_renewed", renewal.map { LocalTime(seconds: $0.seconds).iso8601 })
        json.member("reissued", renewal.map { Int64($0.reissued) })
        json.member("to_be_done_again", renewal.map { Int64($0.left) })
    }
}
