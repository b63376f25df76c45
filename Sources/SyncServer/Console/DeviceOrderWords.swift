// What the console says of orders that it prepares for a device to sign, in both languages.

import CommandLineKit
import WardWords

/// Words and sentences of prepared orders.
enum DeviceOrderWord: MessageTable {
    case offeredThere, orderNotNow, prepared, preparedText, preparedHint, needsEnd, prepare, whatToPrepare,
        prepareExtend, extendUntil, prepareButton, prepareRevoke, prepareText, preparedActions, toDevice,
        prepareGrant, prepareSucceed, grantText, grantRole, grantAreas, grantAreasHint, grantUntil, grantName,
        areaAdded, successor, successorSince, succeedText, succeedRevoked, needsRole, needsAreas, badName,
        needsSuccessor

    var message: Message {
        switch self {
        case .offeredThere: m("Ở trang của thiết bị: {0}.", "On the device's page: {0}.")
        case .orderNotNow:
            m(
                "Quyết định này không hợp với thiết bị như hiện nay. Chưa có gì thay đổi.",
                "This order does not fit the device as it stands now. Nothing was changed.")
        case .prepared: m("Đã soạn sẵn", "Prepared")
        case .preparedText:
            m(
                "Chưa có gì thay đổi. Chép dòng dưới đây sang thiết bị của một quản trị, xem lại và ký: "
                    + "ward order sign -",
                "Nothing was changed. Copy the line below to an administrator's device, look at it and "
                    + "sign it there: ward order sign -")
        case .preparedHint:
            m(
                "Dòng này không phải bí mật và tự nó không quyết định gì.",
                "The line is no secret, and decides nothing by itself.")
        case .needsEnd:
            m(
                "Hãy ghi ngày hết hạn mới, sau hôm nay. Chưa có gì thay đổi.",
                "Give a new end that is still to come. Nothing was changed.")
        case .prepare: m("Soạn quyết định về thiết bị", "Prepare an order on this device")
        case .whatToPrepare: m("Quyết định", "Order")
        case .prepareExtend: m("Gia hạn quyền", "Extend the grant")
        case .extendUntil: m("Gia hạn đến hết ngày", "Extend until the end of")
        case .prepareButton: m("Soạn sẵn để ký", "Prepare it to be signed")
        case .prepareRevoke: m("Thu hồi thiết bị", "Revoke the device")
        case .prepareText:
            m(
                "Bàn điều khiển không tự cấp hay thu hồi quyền: nó soạn sẵn, một thiết bị của quản trị "
                    + "ký. Gói thay đổi sau mốc thu hồi được tạm giữ, không mất.",
                "The console does not grant or revoke by itself: it prepares, and an administrator's "
                    + "device signs. Change sets beyond the cut are held, not lost.")
        case .preparedActions:
            m(
                "Cấp, gia hạn và thu hồi quyền phải do một thiết bị ký; bàn điều khiển chỉ soạn sẵn.",
                "Grants and revocations are signed by a device; the console only prepares them.")
        case .toDevice: m("Mở trang của thiết bị", "Open the device's page")
        case .prepareGrant: m("Cấp vai trò và địa bàn", "Grant a role and areas")
        case .prepareSucceed:
            m("Xác nhận thiết bị mới thay thiết bị này", "Confirm the device that goes on as this one")
        case .grantText:
            m(
                "Quyền mới thay hẳn quyền cũ. Thiết bị đã thu hồi cũng được cấp lại bằng cách này.",
                "The new grant takes the old one's place. A device that was revoked gets its work again so, too.")
        case .grantRole: m("Vai trò mới", "New role")
        case .grantAreas: m("Địa bàn (mã)", "Areas (codes)")
        case .grantAreasHint:
            m(
                "Cách nhau bằng dấu phẩy, tất cả trong địa bàn của phường; với người dân thì bỏ qua.",
                "Separated by commas, all of them in the ward; passed over for a resident.")
        case .grantUntil: m("Có hiệu lực đến hết ngày (để trống: không hạn)", "Valid until the end of (empty: no end)")
        case .grantName: m("Tên để người khác thấy (để trống: như cũ)", "The name that others see (empty: as before)")
        case .areaAdded: m("Đã thêm sẵn địa bàn {0} vào ô dưới đây.", "The area {0} is already added below.")
        case .successor: m("Thiết bị mới", "New device")
        case .successorSince:
            m("{0}, gửi lời đề nghị thay thế lúc {1}", "{0}, asked to take its place at {1}")
        case .succeedText:
            m(
                "Thiết bị mới nhận đúng quyền của thiết bị này; khoá cũ không còn hiệu lực. Hãy hỏi chính người đó: "
                    + "máy vừa được khôi phục hay sao chép phải không?",
                "The new device gets what this one was granted; the old key counts no more. Ask the person first: "
                    + "was the phone restored, or copied?")
        case .succeedRevoked:
            m(
                "Thiết bị cũ đã bị quản trị thu hồi. Xác nhận là trao lại quyền ấy cho thiết bị mới.",
                "An administrator revoked the old device. To confirm gives its role to the new one all the same.")
        case .needsRole: m("Hãy chọn một vai trò. Chưa có gì thay đổi.", "Choose a role. Nothing was changed.")
        case .needsAreas:
            m(
                "Hãy ghi từ 1 đến {0} mã địa bàn, tất cả trong phường {1}. Chưa có gì thay đổi.",
                "Give 1 to {0} codes of areas, all of them in the ward {1}. Nothing was changed.")
        case .badName:
            m(
                "Tên này trống, quá dài, hoặc là tên dành riêng cho bàn điều khiển. Chưa có gì thay đổi.",
                "The name is empty, too long, or the one that is kept for the console. Nothing was changed.")
        case .needsSuccessor:
            m(
                "Hãy chọn một thiết bị đã đề nghị thay thiết bị này. Chưa có gì thay đổi.",
                "Choose a device that asked to take this one's place. Nothing was changed.")
        }
    }
}

extension ConsoleContext {
    func say(_ word: DeviceOrderWord, _ arguments: String...) -> String {
        language.text(Phrase(word.message, arguments))
    }
}
