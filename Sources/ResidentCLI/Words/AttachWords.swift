// The words of files.

import CommandLineKit
import Photos
import SyncKit

/// What the commands on files say.
enum AttachWord: MessageTable {
    case noDraft, unreadable, unreadableNext, empty, tooLarge, tooLargeNext, unknownType, typesNext, heic, heicNext
    case damaged, damagedNext, tooManyPixels, libraryMissing, libraryNext, tooMany, tooManyNext
    case smaller, placeTaken, placeAsk, filesLine, none, noNumber, noNumberNext
    case received, waiting, sending, unconfirmed, elsewhere
    case notAccepted, here, partHere, wanted, incomplete, willFetch, alreadyHere, notHere, notHereNext, written
    case notAPhoto, photosOnlyNext, unreceived, unreceivedOfLeft, unreceivedMore, contentSent
    case sealedNow, privateClosed, privateNoKey, privateNoKeyNext, privateDamaged, privateOtherType, privateDamagedNext
    case privatePassedOver, privateWritten, privateNotPublic, privateNotPublicNext

    var message: Message {
        switch self {
        case .noDraft:
            m(
                "một phản ánh đã ghi; bản nháp chưa giữ được ảnh", "a report that is filed; a draft holds no photos yet"
            )
        case .unreadable: m("Không đọc được tệp {0}.", "The file {0} cannot be read.")
        case .unreadableNext: m("Kiểm tra tên và quyền đọc tệp.", "Check its name and permissions.")
        case .empty: m("Tệp {0} trống.", "The file {0} is empty.")
        case .tooLarge: m("Tệp {0} dài hơn {1}.", "The file {0} is longer than {1}.")
        case .tooLargeNext:
            m("Chọn ảnh nhỏ hơn, hoặc chụp lại màn hình ảnh đó.", "Choose a smaller photo, or a screenshot of it.")
        case .unknownType:
            m(
                "Tệp {0} không phải ảnh JPEG, PNG, WebP hay PDF (xét theo nội dung, không theo tên).",
                "The file {0} is no JPEG, PNG, WebP or PDF (by its content, not its name).")
        case .typesNext: m("Lưu lại dạng JPEG hoặc PDF rồi thử lại.", "Save it as JPEG or PDF and try again.")
        case .heic: m("Tệp {0} là ảnh HEIC của điện thoại.", "The file {0} is a phone's HEIC picture.")
        case .heicNext:
            m(
                "Trong máy ảnh của điện thoại chọn «Tương thích nhất» (JPEG), hoặc gửi ảnh qua ứng dụng nhắn tin rồi lưu lại.",
                "Set the phone's camera to “Most compatible” (JPEG), or save the photo from a messenger.")
        case .damaged: m("Ảnh {0} bị hỏng hoặc bị cắt cụt.", "The picture {0} is damaged or cut short.")
        case .damagedNext:
            m("Chép lại ảnh từ máy chụp, hoặc chụp lại.", "Copy it again from the camera, or take it again.")
        case .tooManyPixels:
            m("Ảnh {0} có quá nhiều điểm ảnh (trên 64 triệu).", "The picture {0} has more than 64 million pixels.")
        case .libraryMissing:
            m("Máy này thiếu thư viện xử lý ảnh (libgd).", "This machine lacks the picture library (libgd).")
        case .libraryNext:
            m(
                "Cài gói libgd3 rồi thử lại; PDF vẫn đính kèm được.",
                "Install the package libgd3; PDFs can be attached without it.")
        case .tooMany: m("Mỗi mục giữ nhiều nhất {0} tệp.", "A document holds at most {0} files.")
        case .tooManyNext: m("Gỡ bớt bằng «ward attachment remove».", "Take some off with “ward attachment remove”.")
        case .smaller: m("{0}: {1} → {2}", "{0}: {1} → {2}")
        case .placeTaken:
            m(
                "Lấy vị trí từ ảnh làm nơi phản ánh: {0} (trong ảnh đã xoá). Ghi {1} để chọn nơi khác, --no-place để không lấy.",
                "The photo's position is taken as the report's place: {0} (it is no longer in the photo). {1} chooses another, --no-place takes none."
            )
        case .placeAsk:
            m(
                "Ảnh được chụp ở {0} (trong ảnh đã xoá). Lấy vị trí này làm nơi phản ánh?",
                "The photo was taken at {0} (it is no longer in the photo). Take this as the report's place?")
        case .filesLine: m("Tệp đính kèm", "Attachments")
        case .none: m("Không có tệp nào.", "There are no files.")
        case .noNumber: m("Không có tệp số {0}.", "There is no file {0}.")
        case .noNumberNext: m("Xem số bằng «ward attachment list».", "See the numbers with “ward attachment list”.")
        case .received: m("phường đã nhận đủ", "the ward holds it")
        case .waiting: m("chờ gửi", "waits to be sent")
        case .sending: m("đang gửi {0} %", "{0} % sent")
        case .unconfirmed: m("chờ phường xác nhận", "the ward has not confirmed it")
        case .elsewhere: m("chưa đủ tệp: phường chưa nhận hết", "incomplete: not all of it is at the ward")
        case .notAccepted: m("không được nhận: {0}", "not accepted: {0}")
        case .here: m("có trên máy này", "on this device")
        case .partHere: m("đã tải {0} %", "{0} % here")
        case .wanted: m("sẽ tải khi đồng bộ", "comes with the next sync")
        case .incomplete: m("chưa đủ tệp", "files incomplete")
        case .willFetch: m("Sẽ tải {0} tệp ở lần đồng bộ tới ({1}).", "{0} files come with the next sync ({1}).")
        case .alreadyHere: m("Mọi tệp đã có trên máy này.", "Every file is on this device already.")
        case .notHere: m("Tệp chưa có trên máy này.", "The file is not on this device.")
        case .notHereNext: m("Chạy «{0}», rồi «ward sync».", "Run “{0}”, then “ward sync”.")
        case .written: m("Đã ghi {0} ({1}).", "Wrote {0} ({1}).")
        case .notAPhoto: m("Chỉ ảnh mới công khai được.", "Only photos can be released.")
        case .photosOnlyNext: m("Chọn số của một ảnh.", "Choose the number of a photo.")
        case .unreceived: m("Tệp chờ gửi", "Files to be sent")
        case .unreceivedOfLeft:
            m(
                "  {0} tệp thuộc mục đã ra khỏi địa bàn của bạn: máy vẫn giữ và gửi tiếp cho tới khi phường nhận đủ.",
                "  {0} files belong to documents that left your areas: they stay here and are sent until the ward has them."
            )
        case .unreceivedMore: m("  và {0} tệp nữa", "  and {0} more")
        case .contentSent: m("Tệp: gửi {0}, nhận {1}.", "Files: sent {0}, received {1}.")
        case .sealedNow:
            m(
                "Tệp kín: {0}. Đã niêm phong cho phường; ngoài bạn, chỉ người của phường cần xem để làm việc mới mở được. Tệp gốc trên máy vẫn còn.",
                "Private files: {0}. Sealed to the ward; beside you only those at the ward who need them for their work open them. The original file is still on this machine."
            )
        case .privateClosed: m("máy này không mở được", "not open to this device")
        case .privateNoKey:
            m(
                "Tệp số {0} là tệp kín, niêm phong cho phường; máy này chưa có khoá để mở.",
                "File {0} is private, sealed to the ward; this device has no key to open it.")
        case .privateNoKeyNext:
            m(
                "Chạy «ward sync» rồi thử lại. Nếu vẫn không được thì vai trò của bạn không được xem tệp này, hoặc khoá đã bị xoá; cần thì hỏi cán bộ phường.",
                "Run “ward sync” and try again. If it still does not open, your role may not read it or its key was erased; ask an officer if you need it."
            )
        case .privateDamaged:
            m(
                "Tệp kín số {0} không mở được bằng khoá của nó: nội dung không đúng như lúc niêm phong.",
                "The private file {0} does not open with its key: the content is not what was sealed.")
        case .privateOtherType:
            m(
                "Tệp kín số {0} không đúng loại đã khai, hoặc là loại mà bản này chưa biết.",
                "The private file {0} is not of the type that it says, or of one that this version does not know.")
        case .privateDamagedNext:
            m(
                "Chưa ghi tệp nào ra máy. Nhờ người gửi đính kèm lại.",
                "No file was written. Ask whoever sent it to attach it again.")
        case .privatePassedOver:
            m("Bỏ qua {0} tệp kín mà máy này không mở được.", "Passed over {0} private files not open to this device.")
        case .privateWritten:
            m(
                "Bản vừa ghi không còn niêm phong: xin giữ kín và xoá khi dùng xong.",
                "What was written is not sealed any more: please keep it to yourself and delete it after use.")
        case .privateNotPublic:
            m("Tệp số {0} là tệp kín, không công khai được.", "File {0} is private and cannot be released.")
        case .privateNotPublicNext:
            m(
                "Chọn một ảnh không kín; cần thì nhờ người gửi một ảnh đã che phần riêng tư.",
                "Choose a photo that is not private; if needed, ask for one on which what is private is covered.")
        }
    }
}

extension AttachWord {
    /// Why a file cannot be attached.
    static func report(_ refusal: PhotoRefusal, _ path: String, _ language: Language) -> ErrorReport {
        func report(_ code: String, _ happened: AttachWord, _ next: AttachWord, _ values: [String] = []) -> ErrorReport
        {
            ErrorReport(
                .refused, code: "file." + code, happened: Phrase(happened.message, [path] + values),
                loss: .nothingChanged, next: Phrase(next.message))
        }
        switch refusal {
        case .empty: return report("empty", .empty, .typesNext)
        case .tooLarge(let most), .stillTooLarge(let most):
            return report("too-large", .tooLarge, .tooLargeNext, [ByteCount.text(most, language)])
        case .unknownType: return report("unknown-type", .unknownType, .typesNext)
        case .heic: return report("heic", .heic, .heicNext)
        case .damaged: return report("damaged", .damaged, .damagedNext)
        case .tooManyPixels: return report("too-many-pixels", .tooManyPixels, .tooLargeNext)
        case .libraryMissing: return report("library-missing", .libraryMissing, .libraryNext)
        }
    }
}
