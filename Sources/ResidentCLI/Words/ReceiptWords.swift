// The words of receipts and of a ward that shows another log than it signed.

import CommandLineKit
import SyncKit

/// What the commands on receipts say.
enum ReceiptWord: MessageTable {
    case written, missing, missingNext, notOwn, notOwnNext, noEvidence, noEvidenceNext, evidenceWeak
    case fileExists, fileExistsNext, fileFailed, fileFailedNext, unreadable, unreadableNext
    case holds, confirmedHome, confirmedGiven, notConfirmed, otherHome, otherWard, otherWardNext
    case decided, decision, author, authorHere, document, wroteAt, place, log, accepted, released, heldFor, refusedFor
    case sameLog, cannotCompare, twoLogs, title
    case unsound, unsoundNext, faultDescriptor, faultCheckpoint, faultAuthor, faultEntry, faultPath, faultContent
    case proofUnsound, proofHolds, proofForked, proofRolledBack, proofNext, signedFirst, signedLater, headOnly
    case expectDescriptor

    var message: Message {
        switch self {
        case .written: m("Đã ghi {0} ({1} byte).", "Wrote {0} ({1} bytes).")
        case .missing:
            m(
                "Máy này chưa có biên nhận kèm chứng minh cho phản ánh này.",
                "This device has no proven receipt of this report yet.")
        case .missingNext:
            m(
                "Chạy «ward sync» khi có mạng: biên nhận về cùng lần đồng bộ, rồi xuất lại không cần mạng.",
                "Run “ward sync” when there is a network: the receipt comes with it, and is exported without one.")
        case .notOwn:
            m(
                "Phản ánh này được gửi từ thiết bị khác; chỉ thiết bị đã gửi giữ biên nhận.",
                "This report was filed on another device; only that one holds its receipt.")
        case .notOwnNext:
            m("Xuất biên nhận trên thiết bị đã gửi.", "Export the receipt on the device that filed it.")
        case .noEvidence:
            m(
                "Máy này chưa thấy phường cho xem điều gì trái với sổ đã ký.",
                "This device has not seen the ward show anything against the log that it signed.")
        case .noEvidenceNext: m("Không cần làm gì.", "There is nothing to do.")
        case .evidenceWeak:
            m(
                "Tệp này giữ những gì máy đã thấy, nhưng tự nó chưa đủ để chứng minh với người khác.",
                "This file keeps what the device saw, but by itself it does not prove it to others.")
        case .fileExists: m("Đã có tệp {0}.", "The file {0} exists already.")
        case .fileExistsNext: m("Chọn tên khác với --out.", "Choose another name with --out.")
        case .fileFailed: m("Không ghi được tệp {0}.", "The file {0} cannot be written.")
        case .fileFailedNext:
            m("Kiểm tra đường dẫn, quyền ghi và chỗ trống.", "Check the path, its permissions and the free space.")
        case .unreadable:
            m(
                "{0} không phải tệp biên nhận hay bằng chứng, hoặc bị thiếu phần cuối.",
                "{0} is neither a receipt nor a proof, or its end is missing.")
        case .unreadableNext:
            m(
                "Xin lại tệp: chữ bắt đầu bằng «wardreceipt1-» hoặc «wardproof1-».",
                "Ask for the file again: it begins with “wardreceipt1-” or “wardproof1-”.")
        case .holds:
            m(
                "Biên nhận đúng: {0} đã nhận mục này và đã ký vào sổ phường.",
                "The receipt is sound: {0} received this and signed it into the ward log.")
        case .confirmedHome:
            m("đúng phường của máy này", "it is this device's ward")
        case .confirmedGiven:
            m("khớp với bản mô tả đã đưa", "it is the ward of the descriptor that was given")
        case .notConfirmed:
            m(
                "chưa đối chiếu: hãy so với bản mô tả hoặc áp phích của phường bằng --ward",
                "not compared: compare it with the ward's descriptor or poster, with --ward")
        case .otherHome:
            m(
                "không phải phường của máy này: hãy so với bản mô tả của phường đó bằng --ward",
                "not this device's ward: compare it with that ward's descriptor, with --ward")
        case .otherWard:
            m(
                "Tệp này do một phường khác ký ({0}), không phải phường trong bản mô tả đã đưa.",
                "Another ward signed this file ({0}), not the one of the descriptor that was given.")
        case .otherWardNext:
            m(
                "Đừng tin tệp này khi chưa hỏi phường; kiểm tra bản mô tả rồi thử lại.",
                "Do not rely on this file before you asked the ward; check the descriptor and try again.")
        case .decided: m("Phường ghi sổ lúc", "Entered by the ward")
        case .decision: m("Quyết định", "Decision")
        case .author: m("Thiết bị gửi", "Filed by device")
        case .authorHere: m("{0} (máy này)", "{0} (this device)")
        case .document: m("Mục", "Document")
        case .wroteAt: m("Người gửi ghi lúc", "Written by the author")
        case .place: m("Vị trí trong sổ phường", "Position in the ward log")
        case .log: m("{0}, trong sổ có {1} mục", "{0}, in a log of {1} entries")
        case .accepted: m("đã tiếp nhận", "accepted")
        case .released: m("tạm giữ rồi đã tiếp nhận", "held, then accepted")
        case .heldFor: m("tạm giữ: {0}", "held: {0}")
        case .refusedFor: m("không nhận: {0}", "refused: {0}")
        case .sameLog:
            m("Máy này cũng thấy đúng sổ phường này.", "This device saw the very same ward log.")
        case .cannotCompare:
            m(
                "Chưa so được với sổ mà máy này thấy: hai bên ở độ dài khác nhau.",
                "It cannot be compared with the log that this device saw: the two are of different length.")
        case .twoLogs:
            m(
                "Phường đã cho máy này xem một sổ khác với sổ trong biên nhận: hai sổ không thể cùng đúng.",
                "The ward showed this device another log than the one in the receipt: both cannot be true.")
        case .title: m("Tiêu đề", "Title")
        case .unsound: m("Biên nhận không đúng: {0}.", "The receipt is not sound: {0}.")
        case .unsoundNext:
            m(
                "Đừng tin tệp này; xin người đưa xuất lại từ máy của họ.",
                "Do not rely on it; ask whoever gave it to export it again on their device.")
        case .faultDescriptor:
            m("bản mô tả phường trong tệp không hợp lệ", "the ward's descriptor in it is not valid")
        case .faultCheckpoint:
            m("không có chữ ký của phường trên đầu sổ", "the ward did not sign the head of the log in it")
        case .faultAuthor:
            m("chữ ký của người gửi không đúng", "the author's signature does not hold")
        case .faultEntry:
            m("mục trong sổ không nói về nội dung này", "the entry of the log is on something else")
        case .faultPath:
            m("không chứng minh được mục này nằm trong sổ", "it does not show that the entry is in the log")
        case .faultContent:
            m("nội dung không phải nội dung đã ký", "the content is not what was signed")
        case .proofUnsound:
            m(
                "Tệp này không chứng minh điều gì: các phần trong đó có thể cùng đúng, hoặc không do phường ký.",
                "This file proves nothing: its parts may all be true, or are not signed by the ward.")
        case .proofHolds:
            m(
                "Bằng chứng đúng: {0} đã ký hai điều trái ngược nhau.",
                "The proof is sound: {0} signed two things that contradict each other.")
        case .proofForked:
            m("Phường giữ hai sổ khác nhau.", "The ward keeps two different logs.")
        case .proofRolledBack:
            m(
                "Sổ phường đã bị lùi lại: phần đã ký trước đây không còn.",
                "The ward log was rolled back: a part that was signed before is gone.")
        case .proofNext:
            m(
                "Đưa tệp này cho quản trị phường và cơ quan giám sát; ai cũng kiểm tra được bằng: ward receipt verify TỆP",
                "Give this file to the ward's admin and whoever supervises it; anybody can check it with: ward receipt verify FILE"
            )
        case .signedFirst: m("Đã ký trước", "Signed first")
        case .signedLater: m("Đã ký sau", "Signed later")
        case .headOnly: m("một trả lời có đầu sổ khác", "an answer with another head of the log")
        case .expectDescriptor:
            m(
                "cần bản mô tả phường: tệp, hoặc chữ bắt đầu bằng «wardsync1-»",
                "it takes a ward descriptor: a file, or text that begins with “wardsync1-”")
        }
    }

    static func fault(_ fault: WardReceipt.Fault) -> Message {
        switch fault {
        case .descriptor: faultDescriptor.message
        case .checkpoint: faultCheckpoint.message
        case .author: faultAuthor.message
        case .entry: faultEntry.message
        case .path: faultPath.message
        case .content: faultContent.message
        }
    }

    func with(_ arguments: String...) -> Phrase { Phrase(message, arguments) }
}

/// What is said where the ward shows another log than it signed.
enum TrustWord: MessageTable {
    case rolledBack, forked, unproven, newEpoch, loss, next, nextEpoch, status, statusSince

    var message: Message {
        switch self {
        case .rolledBack:
            m(
                "Đã dừng đồng bộ: máy chủ cho xem sổ phường ngắn hơn sổ mà phường đã ký trước đây. Có thể máy chủ vừa quay về bản cũ.",
                "The sync was stopped: the server shows less of the ward log than the ward signed before. It may have gone back to an old copy."
            )
        case .forked:
            m(
                "Đã dừng đồng bộ: máy chủ cho xem một sổ phường khác với sổ mà phường đã ký trước đây.",
                "The sync was stopped: the server shows another ward log than the one that the ward signed before.")
        case .unproven:
            m(
                "Đã dừng đồng bộ: máy chủ không chứng minh được sổ phường vẫn nối tiếp sổ đã ký trước đây.",
                "The sync was stopped: the server does not show that the ward log goes on from what it signed before.")
        case .newEpoch:
            m(
                "Đã dừng đồng bộ: phường báo vừa mở kỳ sổ mới (thường là sau khi khôi phục máy chủ); phiên bản này chưa kiểm tra được lời báo đó.",
                "The sync was stopped: the ward says that it began a new epoch of its log, as after a restore; this version cannot check that statement yet."
            )
        case .loss:
            m(
                "Không mất gì: mọi thứ đã lưu vẫn còn trên máy này, và máy không nhận gì từ lần đồng bộ này.",
                "Nothing is lost: all that was saved is still on this device, and nothing was taken from this sync.")
        case .next:
            m(
                "Giữ nguyên dữ liệu, đừng xoá; gọi quản trị phường qua số điện thoại quen. Xuất bằng chứng: ward receipt evidence --out TỆP",
                "Keep this device's data; call the ward's admin at a number that you know. Export the proof: ward receipt evidence --out FILE"
            )
        case .nextEpoch:
            m(
                "Giữ nguyên dữ liệu, đừng xoá; gọi quản trị phường qua số điện thoại quen và hỏi về lần khôi phục.",
                "Keep this device's data; call the ward's admin at a number that you know, and ask about the restore."
            )
        case .status:
            m(
                "Máy này đã thấy phường cho xem sổ trái với sổ đã ký ({0}). Xem bằng chứng: ward receipt evidence",
                "This device saw the ward show a log against the one that it signed ({0}). See the proof: ward receipt evidence"
            )
        case .statusSince:
            m(
                "Từ đó sổ phường lại nối tiếp đúng sổ đã ký; vẫn nên báo cho phường.",
                "Since then the ward log goes on from what was signed again; the ward should know of it all the same.")
        }
    }

    static func happened(_ fault: LogFault) -> Message {
        switch fault {
        case .rolledBack: rolledBack.message
        case .forked: forked.message
        case .unproven: unproven.message
        case .newEpoch: newEpoch.message
        }
    }
}

extension LogFault {
    /// A stable word for programs.
    var word: String {
        switch self {
        case .rolledBack: "rolled-back"
        case .forked: "forked"
        case .unproven: "unproven"
        case .newEpoch: "new-epoch"
        }
    }
}

extension Faults {
    static func report(_ fault: LogFault) -> ErrorReport {
        ErrorReport(
            .serverRefused, code: "log." + fault.word, happened: Phrase(TrustWord.happened(fault)),
            loss: .nothingBut(Phrase(TrustWord.loss.message)),
            next: Phrase(fault == .newEpoch ? TrustWord.nextEpoch.message : TrustWord.next.message))
    }
}
