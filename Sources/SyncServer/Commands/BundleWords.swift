// What is said of a part that was brought to the office.
import CommandLineKit

/// What became of a part; the raw value is the word in `--json`. In the sentences {0} is the file, {1} the part, {2} of
/// how many, {3} what is missing, {4} what was accepted, {5} what was held or refused, {6} a reason, {7} the text.
enum BundleWord: String {
    case waiting, taken, known, refused, later, full
    case noRoom = "no-room"
    case damaged
    case headDamaged = "head-damaged"
    case notABundle = "not-a-bundle"
    case newerVersion = "newer-version"
    case otherWard = "other-ward"
    case gathering, unreadable

    /// Whether nothing has to be brought again.
    var isSound: Bool { [.waiting, .taken, .known, .gathering].contains(self) }

    /// - Parameter isPlaced: whether it is known which part it is.
    func message(isPlaced: Bool) -> Message {
        switch self {
        case .waiting:
            Message(
                vi: "{0}: đã giữ phần {1}/{2}; còn chờ phần {3}.",
                en: "{0}: kept part {1} of {2}; parts {3} are missing.")
        case .taken:
            Message(
                vi:
                    "{0}: gói đã đủ. Được nhận: {4}; đã có từ trước: {8}; tạm giữ hoặc từ chối: {5}. Gói trả lời đã soạn xong.",
                en:
                    "{0}: the bundle is whole. Accepted: {4}; there before: {8}; held or refused: {5}. Its return is ready."
            )
        case .known: Message(vi: "{0}: gói này đã được nhận trước đây.", en: "{0}: this bundle was taken before.")
        case .refused:
            Message(
                vi:
                    "{0}: gói đủ phần nhưng không dùng được ({6}). Thiết bị gửi vẫn giữ mọi thứ; hãy xuất gói lại từ đó.",
                en: "{0}: whole, but not usable ({6}). The device still has everything; let it export again.")
        case .later:
            Message(
                vi:
                    "{0}: chưa xử lý được lúc này ({6}). Các phần đã được giữ; nhập lại bất kỳ phần nào sau để làm tiếp.",
                en: "{0}: not now ({6}). The parts are kept; import any of them again later to go on.")
        case .full:
            Message(
                vi: "{0}: phường đang giữ quá nhiều gói chưa đủ phần. Không mất gì: hãy giữ tệp và nhập lại sau.",
                en: "{0}: the ward keeps too many bundles that are not whole. Nothing is lost: keep the file for later."
            )
        case .noRoom:
            Message(
                vi:
                    "{0}: hết chỗ trống trên ổ đĩa của phường. Không mất gì: giải phóng chỗ trống rồi nhập lại tệp này và các tệp sau nó.",
                en:
                    "{0}: the ward's disk is full. Nothing is lost: free some space, then import this file and those after it again."
            )
        case .damaged:
            isPlaced
                ? Message(
                    vi: "{0}: bị hỏng hoặc bị cắt. Cần mang lại phần {1}/{2}; các phần khác vẫn giữ.",
                    en: "{0}: damaged or cut. Bring part {1} of {2} again; the other parts are kept.")
                : Message(vi: "{0}: bị hỏng; cần mang lại tệp này.", en: "{0}: damaged; bring this file again.")
        case .headDamaged:
            Message(
                vi: "{0}: phần đầu tệp bị hỏng hoặc bị cắt; cần mang lại đúng tệp này.",
                en: "{0}: the file's beginning is damaged or cut; bring just this file again.")
        case .notABundle: Message(vi: "{0}: không phải gói mang tay.", en: "{0}: not a bundle.")
        case .newerVersion:
            Message(
                vi: "{0}: gói của phiên bản mới hơn; hãy nâng cấp ward-server.",
                en: "{0}: of a newer version; upgrade ward-server.")
        case .otherWard: Message(vi: "{0}: gói của phường khác.", en: "{0}: a bundle of another ward.")
        case .gathering:
            Message(
                vi: "{0}: đã đọc mã {7}/{2}; còn thiếu mã {3}.",
                en: "{0}: code {7} of {2} was read; codes {3} are missing.")
        case .unreadable:
            Message(
                vi: "{0}: dòng này không đọc được; hãy quét lại mã đó.",
                en: "{0}: this line does not read; scan that code again.")
        }
    }
}
