// Why the ward did not answer a request, in words.

import CommandLineKit
import SyncKit

/// Why the ward did not answer a request, in words.
struct SyncRefusalWords {
    let why: Message
    let next: Message

    init(_ refusal: SyncRefusal) {
        let retry = m("Thử lại sau ít phút: ward sync", "Try again in a few minutes: ward sync")
        let update = m(
            "Kiểm tra phiên bản của chương trình và của máy chủ.", "Compare the program's version with the server's.")
        let askCode = m("Xin phường mã mời mới.", "Ask the ward for a new invitation.")
        switch refusal.code {
        case .malformed:
            why = m("Máy chủ không hiểu yêu cầu.", "The server did not understand the request.")
            next = update
        case .otherWard:
            why = m("Máy chủ này thuộc phường khác.", "This server belongs to another ward.")
            next = m(
                "Kiểm tra địa chỉ; thư mục này thuộc phường ghi trong «ward whoami».",
                "Check the address; “ward whoami” names the ward of this home.")
        case .badSignature:
            why = m("Máy chủ không nhận chữ ký của thiết bị.", "The server does not accept the device's signature.")
            next = update
        case .unknownDevice:
            why = m("Máy chủ chưa biết thiết bị này.", "The server does not know this device.")
            next = m("Thử lại «ward sync», rồi báo cho phường.", "Try “ward sync” again, then tell the ward.")
        case .unknownPosition:
            why = m(
                "Máy chủ không có vị trí mà thiết bị đã thấy: có thể vừa khôi phục từ bản sao lưu.",
                "The server lacks a position that this device has seen: it may have been restored from a backup.")
            next = m(
                "Báo cho phường; đừng xoá dữ liệu trên máy này.", "Tell the ward; do not delete this device's data.")
        case .staleRequest:
            why = m(
                "Máy chủ đã thấy yêu cầu mới hơn của thiết bị này: kho dữ liệu có thể đã bị sao chép.",
                "The server has seen a newer request of this device: its store may have been copied.")
            next = m(
                "Chỉ dùng một bản của thư mục này, và báo cho phường.",
                "Use only one copy of this home, and tell the ward.")
        case .lobbyFull:
            why = m("Phường đang nhận quá nhiều thiết bị mới.", "The ward has too many new devices at the moment.")
            next = retry
        case .overQuota:
            why = m(
                "Phường chưa nhận thêm của thiết bị này, cho tới khi có người xem những gì đã gửi.",
                "The ward takes no more from this device until somebody looked at what it sent.")
            next = m(
                "Việc chưa gửi vẫn ở trên máy. Thử lại sau một giờ, hoặc gọi cho phường.",
                "What was not sent stays on this device. Try again in an hour, or call the ward.")
        case .tooMany:
            why = m("Có quá nhiều yêu cầu trong một lúc.", "There are too many requests at once.")
            next = retry
        case .unavailable:
            why = m("Máy chủ đang bận.", "The server is busy.")
            next = retry
        case .storeFault where refusal.number == SyncRefusal.noRoom:
            why = m(
                "Máy chủ hết chỗ trên đĩa; những gì đã nhận vẫn còn đó.",
                "The server's disk is full; what it received it still has.")
            next = m(
                "Báo cho phường để dọn bớt, rồi «ward sync» lại: đi tiếp từ đây.",
                "Tell the ward to make room, then run “ward sync” again: it goes on from here.")
        case .storeFault:
            why = m("Kho dữ liệu của máy chủ đang lỗi.", "The server's store has a fault.")
            next = m("Báo cho phường, rồi thử lại sau.", "Tell the ward, and try again later.")
        case .invitationUnknown:
            why = m("Mã mời không đúng.", "The invitation's code is not right.")
            next = m("Kiểm tra từng ký tự của mã, hoặc xin mã mới.", "Check every character, or ask for a new one.")
        case .invitationUsed:
            why = m("Mã mời đã dùng cho thiết bị khác.", "The invitation was used by another device.")
            next = askCode
        case .invitationExpired:
            why = m("Mã mời đã hết hạn.", "The invitation has expired.")
            next = askCode
        case .restored:
            why = m(
                "Máy chủ vừa được khôi phục từ bản sao lưu, mà lời xác nhận của khoá gốc không đúng.",
                "The server was restored from a backup, and the root key's statement does not hold.")
            next = m(
                "Đừng xoá dữ liệu trên máy này; báo cho phường.", "Do not delete this device's data; tell the ward.")
        case .tooLarge:
            why = m("Yêu cầu vượt giới hạn của máy chủ.", "The request is beyond the server's limits.")
            next = update
        case .unconfirmed:
            why = m(
                "Dữ liệu trên máy này là bản sao; thiết bị đã đổi khoá và chờ tổ trưởng hoặc quản trị xác nhận.",
                "The data on this device is a copy; it took new keys and waits for a lead or an admin to confirm them.")
            next = m(
                "Báo tổ trưởng hoặc quản trị phường xác nhận thiết bị này (mã: ward whoami), rồi chạy lại: ward sync",
                "Ask a lead or the ward's admin to confirm this device (its id: ward whoami), then run: ward sync")
        }
    }
}
