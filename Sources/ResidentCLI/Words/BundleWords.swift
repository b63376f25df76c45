// The words of bundles that are carried by hand.

import CommandLineKit
import SyncKit

/// What the commands on bundles say.
enum BundleSay: MessageTable {
    case written, carriedWritten, waits, nothingWaits, more, notSent, noOwn, codeNumber, codesNext
    case filesLeft, filesNotInText, filesNotInCodes
    case badSize, tooLongForCodes, tooLongForCodesNext, diskFull, diskFullNext, unwritable, unwritableNext
    case carried, carriedWhole, repeated, done, own, full, fullNext, othersKept, answerWaits, answered, answeredNothing
    case passedOver, refused, restored, unknownExport, needsAnother, hasMore, stillWaiting
    case damaged, headDamaged, notABundle, newerVersion, otherWard, unreadable, textGathers, textUnreadable, textDone,
        noFile
    case carriesToWard, carriesReturns, deliveredCount, carriesNothing, missingLine, seriesLine, exportsWaiting,
        exportLine
    case partToWard, partReturn, partMine, handed, fetched, handedWaits, handedRefused, handedLater, handingStopped

    var message: Message {
        switch self {
        case .written:
            m("Đã ghi {0} ({1} byte), phần {2}/{3}.", "Wrote {0} ({1} bytes), part {2} of {3}.")
        case .carriedWritten: m("Đã ghi {0} tệp của các gói mang hộ.", "Wrote {0} files of bundles carried for others.")
        case .waits: m("Trong gói có {0} thay đổi đang chờ gửi.", "The bundle holds {0} changes that wait to be sent.")
        case .nothingWaits:
            m(
                "Không có gì chờ gửi; gói này chỉ hỏi tin mới của phường.",
                "Nothing waits to be sent; this bundle only asks the ward for news.")
        case .more:
            m("Còn {0} thay đổi sẽ đi trong gói sau.", "{0} more changes go with the next bundle.")
        case .noOwn:
            m(
                "Máy này không có gì chờ gửi nên không ghi gói riêng.",
                "Nothing of this device waits to be sent, so it wrote no bundle of its own.")
        case .filesLeft:
            m(
                "Còn {0} tệp ({1}) chưa vào gói vì gói đã đầy. Khi gói trả lời về, hãy xuất thêm một gói; hoặc chạy «ward sync» khi có mạng.",
                "{0} files ({1}) are not in the bundle, which is full. When its return came, export another one; or run “ward sync” when there is a network."
            )
        case .filesNotInText:
            m(
                "Còn {0} tệp ({1}) không đi trong gói chỉ có chữ. Xuất lại không kèm --text-only, hoặc chạy «ward sync» khi có mạng.",
                "{0} files ({1}) do not go with a bundle of text. Export without --text-only, or run “ward sync” when there is a network."
            )
        case .filesNotInCodes:
            m(
                "Còn {0} tệp ({1}) không đi bằng mã QR. Ghi ra thẻ nhớ: ward bundle export --to THƯ-MỤC, hoặc chạy «ward sync» khi có mạng.",
                "{0} files ({1}) do not go as QR codes. Write them to a stick: ward bundle export --to DIRECTORY, or run “ward sync” when there is a network."
            )
        case .notSent:
            m(
                "Chưa có gì được coi là đã gửi. Khi gói trả lời về, chạy: ward bundle import TỆP",
                "Nothing counts as sent yet. When the return comes, run: ward bundle import FILE")
        case .codeNumber: m("Mã {0}/{1}:", "Code {0} of {1}:")
        case .codesNext:
            m(
                "Máy kia quét hết các mã, ghi mỗi mã một dòng vào một tệp, rồi chạy: ward bundle import --texts TỆP",
                "The other device scans all codes into the lines of a file, then runs: ward bundle import --texts FILE")
        case .badSize: m("cỡ từ 4K tới 2M, ví dụ 64K, 512K, 1M", "a size from 4K to 2M, such as 64K, 512K, 1M")
        case .tooLongForCodes:
            m(
                "Những gì đang chờ quá dài cho một loạt mã QR ({0} byte).",
                "What waits is too long for a series of QR codes ({0} bytes).")
        case .tooLongForCodesNext:
            m("Ghi ra tệp: ward bundle export --to THƯ-MỤC", "Write a file instead: ward bundle export --to DIRECTORY")
        case .diskFull:
            m(
                "Hết chỗ trống khi ghi {0}; các tệp của lần này đã được xoá.",
                "No room is left to write {0}; the files of this run were removed.")
        case .diskFullNext:
            m(
                "Giải phóng chỗ trống, dùng thẻ nhớ khác, hoặc chia nhỏ bằng --size rồi chạy lại.",
                "Free some space, take another stick, or cut it smaller with --size, then run this again.")
        case .unwritable: m("Không ghi được {0}.", "{0} cannot be written.")
        case .unwritableNext:
            m("Kiểm tra thư mục có thật và được phép ghi.", "Check that the directory exists and may be written to.")
        case .carried:
            m("{0}: giữ để mang hộ; còn thiếu phần {1}.", "{0}: kept to be carried; parts {1} are missing.")
        case .carriedWhole: m("{0}: giữ để mang hộ; gói đã đủ.", "{0}: kept to be carried; the bundle is whole.")
        case .repeated: m("{0}: phần này đã có.", "{0}: this part is here already.")
        case .done: m("{0}: gói này đã được trao hoặc nhận rồi.", "{0}: this bundle was handed over before.")
        case .own:
            m(
                "{0}: gói do chính máy này ghi; hãy nhờ người khác mang.",
                "{0}: this very device wrote it; let others carry it.")
        case .full: m("Máy này đang mang quá nhiều gói hộ người khác.", "This device carries too much for others.")
        case .fullNext:
            m(
                "Giữ nguyên tệp {0}; chạy «ward sync» khi có mạng để trao bớt, rồi nhận lại.",
                "Keep the file {0}; run “ward sync” when there is a network to hand some over, then take it again.")
        case .othersKept:
            m("Các phần đã nhận trước đó vẫn được giữ.", "The parts that were taken in before are kept.")
        case .answerWaits:
            m("{0}: trả lời cho máy này; còn chờ phần {1}.", "{0}: an answer to this device; parts {1} are missing.")
        case .answered:
            m(
                "Đã nhận trả lời của phường. Được nhận: {0}; tạm giữ: {1}; từ chối: {2}; mục mới hoặc đổi: {3}.",
                "The ward's answer is here. Accepted: {0}; held: {1}; refused: {2}; new or changed: {3}.")
        case .answeredNothing:
            m("Đã nhận trả lời của phường: không có gì mới.", "The ward's answer is here: there is nothing new.")
        case .passedOver:
            m(
                "{0}: máy này đã đi xa hơn trả lời đó nên bỏ qua; không mất gì.",
                "{0}: this device is further than that answer, so it is passed over; nothing is lost.")
        case .refused:
            m(
                "Phường không nhận gói: {0}. Mọi thứ vẫn còn trên máy.",
                "The ward did not take the bundle: {0}. Everything is still here.")
        case .restored:
            m(
                "Phường vừa được khôi phục từ bản sao lưu; máy đã lùi theo. Hãy xuất gói lại.",
                "The ward was restored from a backup; this device went back with it. Export again.")
        case .unknownExport:
            m(
                "{0}: trả lời cho máy này, nhưng của một lần xuất quá cũ. Không mất gì: hãy xuất gói lại hoặc đồng bộ.",
                "{0}: for this device, but of an export that is too old. Nothing is lost: export again, or sync.")
        case .needsAnother:
            m(
                "Phường cần thêm từ máy này: hãy chạy «ward bundle export» lần nữa.",
                "The ward needs more of this device: run “ward bundle export” once more.")
        case .hasMore:
            m(
                "Phường còn tin mới nữa: hãy xuất một gói khác để hỏi tiếp.",
                "The ward has more news: export another bundle to ask for it.")
        case .stillWaiting: m("Còn chờ biên nhận: {0}.", "Still waiting for receipts: {0}.")
        case .damaged:
            m(
                "{0}: bị hỏng hoặc bị cắt. Cần mang lại phần {1}/{2}; các phần khác vẫn giữ.",
                "{0}: damaged or cut. Bring part {1} of {2} again; the other parts are kept.")
        case .headDamaged:
            m(
                "{0}: phần đầu tệp bị hỏng hoặc bị cắt; cần mang lại đúng tệp này.",
                "{0}: the file's beginning is damaged or cut; bring just this file again.")
        case .notABundle: m("{0}: không phải gói mang tay.", "{0}: not a bundle.")
        case .newerVersion:
            m(
                "{0}: gói của phiên bản mới hơn; hãy nâng cấp chương trình.",
                "{0}: of a newer version; upgrade the program.")
        case .otherWard: m("{0}: gói của phường khác.", "{0}: a bundle of another ward.")
        case .unreadable:
            m(
                "{0}: đủ phần nhưng không mở được. Hãy xin phường ghi lại gói trả lời, hoặc xuất gói lại.",
                "{0}: whole, but it does not open. Ask the ward for the return again, or export again.")
        case .textGathers:
            m("{0}: đã đọc mã {1}/{2}; còn thiếu mã {3}.", "{0}: code {1} of {2} was read; codes {3} are missing.")
        case .textUnreadable:
            m(
                "{0}: dòng này không đọc được; hãy quét lại mã đó.",
                "{0}: this line does not read; scan that code again.")
        case .textDone:
            m("{0}: loạt mã QR này đã được nhận trước đây.", "{0}: this series of codes was taken before.")
        case .noFile: m("{0}: không đọc được tệp.", "{0}: the file cannot be read.")
        case .carriesToWard:
            m(
                "Đang mang tới phường: {0} gói, của nhiều nhất {0} người; đủ phần: {1}.",
                "On the way to the ward: {0} bundles, of {0} people at most; whole: {1}.")
        case .carriesReturns:
            m(
                "Đang mang về: {0} gói trả lời, cho nhiều nhất {0} người; đủ phần: {1}.",
                "On the way back: {0} returns, for {0} people at most; whole: {1}.")
        case .deliveredCount: m("Đã trao cho phường: {0}.", "Handed to the ward: {0}.")
        case .carriesNothing: m("Máy này không mang gói nào hộ người khác.", "This device carries nothing for others.")
        case .missingLine: m("  {0}: còn thiếu phần {1} trong {2} phần", "  {0}: parts {1} of {2} are missing")
        case .seriesLine:
            m(
                "Loạt mã QR {0} chưa quét đủ: còn thiếu mã {1} trong {2} mã.",
                "The series of codes {0} is not whole: codes {1} of {2} are missing.")
        case .exportsWaiting: m("Gói của máy này chưa có trả lời: {0}.", "Own bundles without an answer: {0}.")
        case .exportLine: m("  {0}: ghi lúc {1}, {2} thay đổi", "  {0}: written at {1}, {2} changes")
        case .partToWard:
            m(
                "{0}: gói tới phường {1}, phần {2}/{3}, {4} byte",
                "{0}: bundle {1} to the ward, part {2} of {3}, {4} bytes")
        case .partReturn:
            m("{0}: gói trả lời {1}, phần {2}/{3}, {4} byte", "{0}: return {1}, part {2} of {3}, {4} bytes")
        case .partMine: m("  cho máy này", "  for this device")
        case .handed: m("Đã trao cho phường các gói mang hộ: {0}.", "Handed over of what was carried: {0} bundles.")
        case .fetched: m("Đã nhận gói trả lời để mang về: {0}.", "Returns fetched to be carried back: {0}.")
        case .handedWaits:
            m("Gói còn chờ phần khác ở phường: {0}.", "Bundles that wait at the ward for other parts: {0}.")
        case .handedRefused:
            m(
                "Gói mà phường không dùng được: {0}. Người gửi vẫn giữ mọi thứ và có thể xuất lại.",
                "Bundles that the ward could not use: {0}. Their senders still have everything and can export again.")
        case .handedLater:
            m(
                "Gói mang hộ để lại lần sau: {0}. Lần này chỉ gửi chữ, hoặc đã hết mức dữ liệu cho phép.",
                "Bundles left for another time: {0}. This sync was for text only, or its data was used up.")
        case .handingStopped:
            m(
                "Chưa trao hết các gói mang hộ; vẫn giữ đủ, lần đồng bộ sau sẽ trao tiếp.",
                "Not all of what is carried was handed over; it is kept, and the next sync goes on.")
        }
    }
}
