// Why the ward's rules do not count something, and what a person can do about it.

import CommandLineKit
import SyncKit

/// A refusal code in words.
package struct RefusalWords {
    package let why: Message
    package let next: Message

    package init(_ code: RefusalCode) {
        switch code {
        case .notPermitted:
            why = m("vai trò của bạn không được làm việc này", "your role may not do this")
            next = m(
                "Nhờ người có quyền: xem vai trò bằng «ward whoami».",
                "Ask somebody who may; “ward whoami” shows your role.")
        case .outsideArea:
            why = m("mục này nằm ngoài địa bàn của bạn", "it is outside your areas")
            next = m(
                "Chọn đúng địa bàn, hoặc nhờ phường cấp thêm địa bàn.",
                "Choose an area of yours, or ask the ward to extend your areas.")
        case .grantExpired:
            why = m("quyền của thiết bị đã hết hạn", "the device's grant has expired")
            next = m(
                "Nhờ quản trị gia hạn; mục tạm giữ sẽ được nhận sau đó.",
                "Ask an administrator to extend it; what is held is accepted then.")
        case .revoked:
            why = m("thiết bị đã bị thu hồi", "the device was revoked")
            next = m(
                "Liên hệ quản trị của phường; nội dung vẫn được giữ.", "Ask the ward's administrator; it is all kept.")
        case .missingDocument:
            why = m("phường chưa có mục gốc", "the ward does not have the document yet")
            next = m("Đồng bộ lại, rồi chờ phường xem xét.", "Sync again, then wait for the ward to look at it.")
        case .missingReference:
            why = m("nhắc tới một thay đổi mà phường chưa có", "it names a change that the ward does not have")
            next = m("Đồng bộ rồi làm lại.", "Sync, then do it again.")
        case .newerSchema:
            why = m("được ghi bằng phiên bản mới hơn", "it was written by a newer version")
            next = m(
                "Chờ phường nâng cấp; không cần làm gì.", "Wait until the ward has upgraded; nothing is to be done.")
        case .wrongOperation:
            why = m("thao tác không hợp với trường này", "the operation does not fit the field")
            next = m("Xem lại mục rồi làm lại theo cách khác.", "Look at the document and do it another way.")
        case .wrongValue:
            why = m("giá trị không hợp lệ", "a value is not valid")
            next = m("Sửa giá trị rồi làm lại.", "Correct the value and do it again.")
        case .alreadyClaimed:
            why = m("nhiệm vụ đã có người nhận", "somebody holds the task already")
            next = m(
                "Chọn nhiệm vụ khác, hoặc nhờ tổ trưởng giao lại.",
                "Choose another task, or ask the lead to reassign it.")
        case .stepNotAllowed:
            why = m("chưa được chuyển sang trạng thái này", "this step is not possible from the present state")
            next = m(
                "Xem trạng thái hiện tại; nhiệm vụ cần nhận trước khi làm (ward task claim).",
                "Look at the present state; a task must be claimed first (ward task claim).")
        case .buildsOnHeld:
            why = m("dựa trên một thay đổi chưa được nhận", "it builds on a change that was not accepted")
            next = m("Chờ phường xử lý thay đổi trước đó.", "Wait for the ward to decide the earlier change.")
        case .fork:
            why = m("kho dữ liệu của thiết bị đã bị sao chép", "the device's store was copied")
            next = m(
                "Chạy «ward sync»: thiết bị tự đổi khoá và gửi lại.",
                "Run “ward sync”: the device takes new keys and sends it again by itself.")
        case .unknownPosition:
            why = m("nhắc tới một vị trí mà phường không có", "it names a place in the log that the ward lacks")
            next = m("Đồng bộ lại; phường sẽ xem xét.", "Sync again; the ward will look at it.")
        case .notReissuable:
            why = m("không thể gửi thay cho mục đó", "it cannot replace that change")
            next = m("Làm lại như một thay đổi mới.", "Do it again as a new change.")
        case .cycle:
            why = m("liên kết tạo thành vòng", "the link would form a circle")
            next = m("Chọn mục đích khác.", "Choose another target.")
        case .declined:
            why = m("cán bộ đã xem và không nhận", "an officer looked at it and declined it")
            next = m("Hỏi phường lý do, rồi ghi lại nếu cần.", "Ask the ward why, and write it again if needed.")
        case .branchDeclined:
            why = m(
                "nằm ở bản sao của kho dữ liệu, cán bộ đã xem và không nhận",
                "it was written in a copy of the store, and an officer declined it")
            next = m("Hỏi phường lý do, rồi ghi lại nếu cần.", "Ask the ward why, and write it again if needed.")
        case .replaced:
            why = m("đã được gửi lại dưới khoá mới của thiết bị", "it was sent again under the device's new keys")
            next = m("Không cần làm gì.", "There is nothing to do.")
        }
    }
}
