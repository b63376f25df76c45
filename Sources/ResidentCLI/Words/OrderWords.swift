// Words about orders, devices and what is held.

import CommandLineKit
import SyncKit

enum OrderSay: MessageTable {
    case person, until, expiresIn, revokedMark, noEnd, expiredMark, none, nothingHeld, nothingRefused, noOrders
    case change, why, since, author, written, receivedAt, whatItDoes, document, decide, action, about, giver, status
    case done, refused, waits, waitsForWard, because, given, givenNext, notForYou, notForYouNext
    case deviceUnknown, deviceSeveral, deviceUnknownNext, changeUnknown, changeUnknownNext, changeSeveral
    case badPrepared, badPreparedNext, otherWard, otherWardNext, historyUnknown, historyUnknownNext, ownOrder
    case grantEnds, grantEnded, grantEndsNext, erased, quarantineCount, expectAreas, role, areas, countsTo, successor

    var message: Message {
        switch self {
        case .person: m("Người", "Person")
        case .until: m("Đến hết", "Until")
        case .expiresIn: m("còn {0} ngày", "{0} days left")
        case .revokedMark: m("đã thu hồi, tính đến số {0}", "revoked, counts up to {0}")
        case .noEnd: m("không hạn", "no end")
        case .expiredMark: m("đã hết hạn", "ended")
        case .none: m("Máy này chưa được biết thiết bị nào. Hãy đồng bộ.", "This device knows of none yet. Sync first.")
        case .nothingHeld: m("Không có gì bị tạm giữ.", "Nothing is held.")
        case .nothingRefused: m("Không có gì bị từ chối.", "Nothing was refused.")
        case .noOrders: m("Chưa có quyết định nào.", "There are no orders yet.")
        case .change: m("Gói", "Change set")
        case .why: m("Vì sao", "Why")
        case .since: m("Từ lúc", "Since")
        case .author: m("Người ghi", "Written by")
        case .written: m("Ghi lúc (theo máy đó)", "Written (by that device's clock)")
        case .receivedAt: m("Phường nhận lúc", "Received by the ward")
        case .whatItDoes: m("Nội dung", "What it does")
        case .document: m("Mục", "Document")
        case .decide:
            m(
                "Quyết định: ward quarantine release {0} hoặc ward quarantine decline {0}, kèm --reason",
                "Decide: ward quarantine release {0} or ward quarantine decline {0}, with --reason")
        case .action: m("Quyết định", "Order")
        case .about: m("Về", "About")
        case .giver: m("Người ra quyết định", "Given by")
        case .status: m("Kết quả", "Outcome")
        case .done: m("đã thi hành", "done")
        case .refused: m("không thi hành được", "not carried out")
        case .waits: m("chờ thứ được nhắc tới", "waits for what it names")
        case .waitsForWard: m("chờ gửi", "waiting to be sent")
        case .because: m("Lý do: {0}", "Reason: {0}")
        case .given: m("Đã ký: {0} – {1}.", "Signed: {0} – {1}.")
        case .givenNext:
            m("Có hiệu lực khi phường nhận được: ward sync", "In force once the ward has it: ward sync")
        case .notForYou:
            m(
                "Vai trò của máy này không được xem hay quyết định việc này.",
                "This device's role may neither see nor decide this.")
        case .notForYouNext:
            m("Nhờ quản trị của phường; xem vai trò: ward whoami", "Ask an administrator; see your role: ward whoami")
        case .deviceUnknown: m("Máy này không biết thiết bị nào là «{0}».", "This device knows no device “{0}”.")
        case .deviceSeveral: m("Có nhiều thiết bị hợp với «{0}»: {1}.", "Several devices fit “{0}”: {1}.")
        case .deviceUnknownNext: m("Xem danh sách: ward device list", "See the list: ward device list")
        case .changeUnknown: m("Không có gói nào bị giữ có mã «{0}».", "No held change set has the id “{0}”.")
        case .changeUnknownNext: m("Xem danh sách: ward quarantine list", "See the list: ward quarantine list")
        case .changeSeveral: m("Có nhiều gói hợp với «{0}»: {1}.", "Several change sets fit “{0}”: {1}.")
        case .badPrepared: m("Tệp này không phải quyết định soạn sẵn.", "This file is no prepared order.")
        case .badPreparedNext:
            m("Soạn lại trên máy chủ với --prepare.", "Prepare it again on the server with --prepare.")
        case .otherWard: m("Quyết định này của phường khác.", "The order is another ward's.")
        case .otherWardNext: m("Ký bằng máy quản trị của phường đó.", "Sign it on a device of that ward.")
        case .historyUnknown: m("Lịch sử của mục này không có dòng {0}.", "The document's history has no line {0}.")
        case .historyUnknownNext: m("Xem lịch sử của mục trước.", "Look at the document's history first.")
        case .ownOrder: m("Máy này", "This device")
        case .grantEnds:
            m("Quyền của máy này còn {0} ngày, đến hết {1}.", "This device's grant ends in {0} days, on {1}.")
        case .grantEnded:
            m(
                "Quyền của máy này đã hết hạn từ {0}: việc ghi thêm bị tạm giữ.",
                "This device's grant ended on {0}: what is written now is held.")
        case .grantEndsNext:
            m("Nhờ quản trị gia hạn: ward device extend", "Ask an administrator to extend it: ward device extend")
        case .erased: m("đã xoá", "erased")
        case .quarantineCount: m("Phường đang tạm giữ", "Held by the ward")
        case .role: m("Vai trò", "Role")
        case .areas: m("Địa bàn", "Areas")
        case .countsTo: m("Tính đến số", "Counts up to")
        case .successor: m("Thiết bị mới", "New device")
        case .expectAreas: m("vai trò này cần địa bàn, ví dụ --area 3", "this role takes an area, such as --area 3")
        }
    }

    func with(_ arguments: String...) -> Phrase { Phrase(message, arguments) }
}

/// What an order does, for people.
enum OrderActionWord: String, MessageTable {
    case revoke, grant, extend, release, decline, erase, succeed

    var message: Message {
        switch self {
        case .revoke: m("thu hồi thiết bị", "revoke the device")
        case .grant: m("cấp quyền", "grant")
        case .extend: m("gia hạn quyền", "extend the grant")
        case .release: m("nhận lại gói bị giữ", "release what was held")
        case .decline: m("không nhận gói bị giữ", "decline what was held")
        case .erase: m("xoá nội dung", "erase")
        case .succeed: m("thay thiết bị", "let a device succeed")
        }
    }

    static func message(_ action: OrderAction) -> Message {
        OrderActionWord(rawValue: action.rawValue)?.message ?? .verbatim(action.rawValue)
    }
}

extension Terminal {
    func order(_ say: OrderSay, _ arguments: String...) -> String { language.text(Phrase(say.message, arguments)) }

    /// What the ward made of an order, with the reason where it did not carry it out.
    func outcome(_ given: GivenOrder) -> String {
        guard given.isAccepted else { return order(.waitsForWard) }
        switch given.status {
        case .done?: return order(.done)
        case .refused?:
            let why = given.why.map { ": " + word(OrderProblemWord.message($0)) } ?? ""
            return order(.refused) + why
        case nil: return order(.waits)
        }
    }
}
