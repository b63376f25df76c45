// Words about the passphrase and about wiping.

import CommandLineKit
import SyncKit

enum LockWord: MessageTable {
    case locked, lockedNext, askPassphrase, askNew, askAgain, wrong, differs, tooShort, againNext, none, setAlready
    case set, setNext, changed, removed, lockedNow, unlocked, unlockedFor, noSession, noSessionNext
    case wipeAsk, wipeWaits, wipeNothingWaits, wipeUnknown, wiped, wipedNext, wipeLeft, wipeLeftNext

    var message: Message {
        switch self {
        case .locked: m("Dữ liệu trên máy này đang khoá.", "The data on this device is locked.")
        case .lockedNext:
            m(
                "Mở bằng: ward unlock (trong tập lệnh: WARD_PASSPHRASE_FILE hoặc --passphrase-file).",
                "Open it with: ward unlock (in scripts: WARD_PASSPHRASE_FILE or --passphrase-file).")
        case .askPassphrase: m("Cụm mật khẩu:", "Passphrase:")
        case .askNew:
            m("Cụm mật khẩu mới (ít nhất {0} ký tự):", "New passphrase (at least {0} characters):")
        case .askAgain: m("Gõ lại lần nữa:", "The same once more:")
        case .wrong: m("Cụm mật khẩu không đúng.", "This is not the passphrase.")
        case .differs: m("Hai lần gõ không giống nhau.", "The two are not the same.")
        case .tooShort: m("Cụm mật khẩu cần ít nhất {0} ký tự.", "A passphrase needs at least {0} characters.")
        case .againNext: m("Thử lại: {0}", "Try again: {0}")
        case .none: m("Dữ liệu trên máy này chưa có cụm mật khẩu.", "No passphrase protects the data on this device.")
        case .setAlready:
            m(
                "Dữ liệu trên máy này đã có cụm mật khẩu; đổi bằng «ward passphrase change».",
                "A passphrase protects this data already; change it with “ward passphrase change”.")
        case .set:
            m(
                "Đã đặt cụm mật khẩu. Toàn bộ dữ liệu của chương trình trên máy này nay được mã hoá.",
                "The passphrase is set. All data of this program on this device is encrypted now.")
        case .setNext:
            m(
                "Không ai lấy lại được cụm mật khẩu đã quên, kể cả phường. Ảnh gốc và tệp đã lưu ra ngoài không được mã hoá.",
                "Nobody can recover a forgotten passphrase, not even the ward. Original photos and files that were saved elsewhere are not encrypted."
            )
        case .changed: m("Đã đổi cụm mật khẩu.", "The passphrase is changed.")
        case .removed:
            m(
                "Đã bỏ cụm mật khẩu; dữ liệu trên máy này không còn được mã hoá.",
                "The passphrase is removed; the data on this device is no longer encrypted.")
        case .lockedNow: m("Đã khoá.", "Locked.")
        case .unlocked: m("Đã mở khoá.", "Unlocked.")
        case .unlockedFor:
            m("Tự khoá sau {0} phút không dùng.", "Locks by itself after {0} minutes without use.")
        case .noSession:
            m(
                "Phiên làm việc này không có chỗ giữ khoá đã mở (XDG_RUNTIME_DIR).",
                "This session has no place to keep the opened key (XDG_RUNTIME_DIR).")
        case .noSessionNext:
            m(
                "Mỗi lệnh sẽ hỏi cụm mật khẩu; trong tập lệnh hãy đặt WARD_PASSPHRASE_FILE.",
                "Each command asks for the passphrase; in scripts set WARD_PASSPHRASE_FILE.")
        case .wipeAsk: m("Xoá hẳn dữ liệu trong {0}?", "Remove all data in {0} for good?")
        case .wipeWaits:
            m(
                "Chưa gửi tới phường: {0} thay đổi; bản nháp: {1}. Xoá là mất; «ward sync» gửi trước khi xoá.",
                "Not sent to the ward: {0} changes; drafts: {1}. Wiping loses them; “ward sync” sends them first.")
        case .wipeNothingWaits:
            m("Mọi thay đổi đã được gửi tới phường.", "Everything was sent to the ward.")
        case .wipeUnknown:
            m(
                "Kho dữ liệu đang khoá hoặc không đọc được, nên không biết còn gì chưa gửi.",
                "The store is locked or cannot be read, so nobody knows what was not sent.")
        case .wiped: m("Đã xoá dữ liệu trong {0}.", "The data in {0} is removed.")
        case .wipedNext:
            m(
                "Báo cho phường thu hồi thiết bị này. Bộ nhớ flash có thể còn giữ bản cũ của tệp.",
                "Tell the ward to revoke this device. Flash storage may keep older copies of files.")
        case .wipeLeft: m("Không xoá được: {0}.", "These could not be removed: {0}.")
        case .wipeLeftNext:
            m("Kiểm tra quyền của {0} rồi chạy lại.", "Check the permissions of {0} and run this again.")
        }
    }

    func with(_ arguments: String...) -> Phrase { Phrase(message, arguments) }
}
