// Why the ward did not carry out what somebody decided, for people.

import CommandLineKit
import SyncKit

/// Why the ward did not carry an order out, for people.
package enum OrderProblemWord: String, MessageTable {
    case notHeld = "not_held", otherChange = "other_change", fork, order, outsideArea = "outside_area"
    case wardDevice = "ward_device", giverRevoked = "giver_revoked", revoked, overtaken, nothing
    case otherDevice = "other_device", ownDevice = "own_device", unsupported

    package var message: Message {
        switch self {
        case .notHeld:
            m("gói đó đã được tính hoặc đã bị từ chối hẳn", "it counts already, or was refused for good")
        case .otherChange: m("số đó thuộc về một gói khác", "another change set has that number")
        case .fork: m("đó là nhánh thứ hai của một kho bị sao chép", "it is the other branch of a copied store")
        case .order: m("gói đó là một quyết định, phải ra lại", "it is an order itself, to be given anew")
        case .outsideArea: m("ngoài địa bàn của người ra quyết định", "outside the areas of the one who gave it")
        case .wardDevice: m("đó là thiết bị của chính máy chủ", "it is the ward server's own device")
        case .giverRevoked:
            m(
                "người ra quyết định không còn quyền đó khi quyết định có thể thực hiện",
                "whoever gave it might not give it any more by the time that it could be carried out")
        case .revoked: m("thiết bị đã bị thu hồi; hãy cấp quyền lại", "the device is revoked; grant it anew")
        case .overtaken: m("đã có quyết định sau thay thế", "a later order stands")
        case .nothing: m("gói đó không có nội dung nào để xoá", "it has no values that could be erased")
        case .otherDevice: m("thiết bị mới thay cho một thiết bị khác", "the new device goes on as another one")
        case .ownDevice: m("không ai tự xác nhận thiết bị của mình", "nobody confirms a device of their own")
        case .unsupported: m("máy chủ này chưa biết làm", "this ward does not know how")
        }
    }

    /// The words for a `why`: a problem of the ward's, or a rule that the change set breaks, as its number in the order
    /// or as its name on the server's socket.
    package static func message(_ why: String) -> Message {
        if let word = OrderProblemWord(rawValue: why) { return word.message }
        let number = why.hasPrefix("rule_") ? UInt8(why.dropFirst(5)) : nil
        let code = number.flatMap(RefusalCode.init(rawValue:)) ?? RefusalCode.allCases.first { "\($0)" == why }
        // Of whoever wrote it, not of whoever reads this: the order's giver is told it too.
        return code?.inboxWord.message ?? .verbatim(why)
    }
}
