// Words about securing the connection.

import CommandLineKit
import SyncKit

enum TLSWord: MessageTable {
    case notSecured, notSecuredNext, outOfDate, outOfDateNext, untrusted, untrustedNext, plaintext
    case renewed, notNewer, notNewerNext, otherWard, otherWardNext

    var message: Message {
        switch self {
        case .notSecured:
            m("Không mã hoá được đường truyền tới {0}.", "The connection to {0} could not be secured.")
        case .notSecuredNext:
            m(
                "Nơi trả lời không dùng TLS 1.2 trở lên. Kiểm tra địa chỉ, thử mạng khác, hoặc báo cho phường.",
                "What answers does not speak TLS 1.2 or newer. Check the address, try another network, or tell the ward."
            )
        case .outOfDate:
            m(
                "Chứng thư của {0} đã hết hạn hoặc chưa có hiệu lực theo đồng hồ máy này.",
                "The certificate of {0} is expired, or not valid yet, by this device's clock.")
        case .outOfDateNext:
            m(
                "Kiểm tra ngày giờ trên máy; nếu đúng, báo cho phường gia hạn chứng thư.",
                "Check this device's date; if it is right, tell the ward to renew its certificate.")
        case .untrusted:
            m(
                "Không ai mà máy này tin cậy xác nhận chứng thư của {0}.",
                "Nobody whom this device trusts vouches for the certificate of {0}.")
        case .untrustedNext:
            m(
                "Có thể mạng đang chặn giữa đường (wifi công cộng). Dùng mạng khác, hoặc xin bản mô tả mới của phường.",
                "The network may stand in between (public wifi). Use another one, or get the ward's new descriptor.")
        case .plaintext:
            m(
                "Địa chỉ {0} không mã hoá đường truyền: người ở giữa biết máy này hỏi gì. Hãy xin địa chỉ https.",
                "The address {0} is plaintext: whoever stands in between sees what is asked. Ask the ward for https.")
        case .renewed:
            m("Đã nhận bản mô tả mới của {0}.", "The new descriptor of {0} is in use.")
        case .notNewer:
            m(
                "Ở đây đã có dữ liệu của một thiết bị, với bản mô tả này hoặc mới hơn.",
                "This directory already holds a device's data, with this descriptor or a newer one.")
        case .notNewerNext:
            m("Không cần làm gì; chạy: ward sync", "Nothing needs to be done; run: ward sync")
        case .otherWard:
            m("{0} thuộc về một phường khác.", "{0} belongs to another ward.")
        case .otherWardNext:
            m("Chọn nơi khác bằng --home.", "Choose another place with --home.")
        }
    }

    func with(_ arguments: String...) -> Phrase { Phrase(message, arguments) }

    static func words(_ code: TransportError.Code) -> (code: String, happened: TLSWord, next: TLSWord) {
        switch code {
        case .certificateOutOfDate: ("network.certificate-out-of-date", .outOfDate, .outOfDateNext)
        case .certificateUntrusted: ("network.certificate-untrusted", .untrusted, .untrustedNext)
        default: ("network.not-secured", .notSecured, .notSecuredNext)
        }
    }
}
