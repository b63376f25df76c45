// The words of what everybody may see: publications, following, ratings.

import CommandLineKit
import SyncKit

/// What the commands on following, publishing and rating say.
enum PublicWord: MessageTable {
    case followSaved, followAgain, followOwn, codeLength, codeCharacter, codeCheck, codeSuspects, codeNext
    case notFollowed, notFollowedNext, waitingForWard, unknownCode, limitedCode, noFollows, noNews, since, filed
    case overdue, steps, alsoAt, isPublic, neverSynced
    case previewHead, preview, personal, traceNumber, traceEmail, traceName, askTitle, askPublish, published
    case publishedNext, unpublished, unpublishNote, notResolved, notResolvedNext, isLimited, isLimitedNext
    case skipped, personalNext, oneTitle, nothingDone, notPublic, notPublicNext, withdrawnLine, ratingLine, closed
    case rated, rateSent, notRateable, notRateableNext, rateNeedsID, rateWithCode, notAuthor, notAuthorNext
    case ratedAlready, ratedAlreadyNext, ratings, expectScore, handOver, noQR
    case photos, photosSave, photosFetch

    var message: Message {
        switch self {
        case .photos: m("Ảnh", "Photos")
        case .photosSave:
            m(
                "Lưu ảnh ra tệp: ward attachment save {0} 1 --out anh.jpg",
                "Save a photo: ward attachment save {0} 1 --out photo.jpg")
        case .photosFetch:
            m(
                "Tải ảnh về: ward attachment fetch {0}, rồi ward sync; lưu ra tệp: ward attachment save {0} 1 --out anh.jpg",
                "Get the photos: ward attachment fetch {0}, then ward sync; save one: ward attachment save {0} 1 --out photo.jpg"
            )
        case .followSaved:
            m(
                "Đã lưu: theo dõi phản ánh có mã {0}. Phường trả lời ở lần đồng bộ tới; xem bằng: ward report track {0}",
                "Saved: following the report with the code {0}. The ward answers at the next sync; look with: ward report track {0}"
            )
        case .followAgain:
            m("Máy này đã theo dõi phản ánh có mã {0}.", "This device follows the report with the code {0} already.")
        case .followOwn:
            m(
                "Phản ánh này do chính máy này gửi; xem đầy đủ bằng: ward report show {0}",
                "This device filed that report itself; see all of it with: ward report show {0}")
        case .codeLength:
            m("mã có 16 ký tự, ở đây có {0}", "a code has 16 characters, here are {0}")
        case .codeCharacter:
            m(
                "ký tự thứ {0} không có trong mã nào (mã chỉ gồm chữ số và chữ cái không dấu, không có chữ u)",
                "character {0} is in no code (codes are digits and plain letters without u)")
        case .codeCheck: m("mã bị gõ nhầm ít nhất một ký tự", "at least one character is mistyped")
        case .codeSuspects:
            m(
                "mã bị gõ nhầm; nên xem lại ký tự thứ {0}",
                "the code is mistyped; look again at character {0}")
        case .codeNext:
            m(
                "So lại với mã trên giấy: 4 nhóm, mỗi nhóm 4 ký tự; chữ hoa hay thường đều được.",
                "Compare it with the paper: 4 groups of 4 characters; upper or lower case does not matter.")
        case .notFollowed: m("Máy này chưa theo dõi mã {0}.", "This device does not follow the code {0} yet.")
        case .notFollowedNext: m("Theo dõi bằng: ward report follow {0}", "Follow it with: ward report follow {0}")
        case .waitingForWard:
            m(
                "Chờ phường trả lời; chạy «ward sync» khi có mạng.",
                "Waits for the ward's answer; run “ward sync” when there is a network.")
        case .unknownCode:
            m(
                "Phường chưa nhận phản ánh nào có mã này. Nếu máy đã ghi phản ánh chưa gửi được, mã sẽ tự khớp khi phản ánh tới nơi.",
                "The ward has no report with this code yet. If it is still on its way, the code will fit once it arrives."
            )
        case .limitedCode:
            m(
                "Máy này đã hỏi quá nhiều mã không có trong ngày. Sau 24 giờ hãy theo dõi lại mã này.",
                "This device asked for too many unknown codes today. Follow this code again after 24 hours.")
        case .noFollows:
            m(
                "Máy này chưa theo dõi phản ánh nào. Bắt đầu bằng: ward report follow MÃ",
                "This device follows no report yet. Begin with: ward report follow CODE")
        case .noNews: m("Tiến độ chưa về máy này; chạy «ward sync».", "The progress is not here yet; run “ward sync”.")
        case .since: m("từ {0}", "since {0}")
        case .filed: m("Ngày phản ánh", "Filed")
        case .overdue: m("quá hạn", "overdue")
        case .steps: m("Các bước", "Steps")
        case .alsoAt:
            m("Trùng với một phản ánh khác, tiến độ ở dưới:", "A duplicate of another report, which stands so:")
        case .isPublic: m("Đã công khai: ward public show {0}", "Published: ward public show {0}")
        case .neverSynced: m("chưa đồng bộ lần nào", "never synced")
        case .previewHead:
            m(
                "Mọi người trong phường sẽ đọc được đúng những dòng này:",
                "Everybody in the ward will read exactly this:")
        case .preview: m("Bản công khai của {0}", "Publication of {0}")
        case .personal: m("Chú ý, có vẻ lộ thông tin cá nhân: {0}", "Careful, this looks personal: {0}")
        case .traceNumber: m("số điện thoại hoặc số giấy tờ", "a telephone or identity number")
        case .traceEmail: m("địa chỉ thư điện tử", "an e-mail address")
        case .traceName: m("tên người phản ánh", "the reporter's name")
        case .askTitle: m("Tiêu đề công khai (không ghi tên, số điện thoại):", "Public title (no names, no numbers):")
        case .askPublish: m("Công khai {0} mục?", "Publish {0}?")
        case .published: m("Đã lưu việc công khai {0} phản ánh.", "Saved the publication of {0} reports.")
        case .publishedNext:
            m("Mọi người thấy sau lần đồng bộ tới: ward sync", "Everybody sees it after the next sync: ward sync")
        case .unpublished: m("Đã lưu việc rút bản công khai của {0} phản ánh.", "Saved taking back {0} publications.")
        case .unpublishNote:
            m(
                "Máy nào đã tải bản cũ sẽ thấy «đã rút» sau khi đồng bộ.",
                "Devices that hold the old one show it as withdrawn after their next sync.")
        case .notResolved:
            m(
                "Phản ánh {0} chưa xử lý xong nên chưa công khai được.",
                "Report {0} is not resolved and cannot be published.")
        case .notResolvedNext:
            m("Ghi kết quả trước: ward report show {0}", "Record the result first: ward report show {0}")
        case .isLimited:
            m("Phản ánh {0} có phạm vi xem hạn chế.", "Report {0} is kept to few.")
        case .isLimitedNext:
            m(
                "Phản ánh như vậy không công khai. Xem: ward report show {0}",
                "It is not published. See: ward report show {0}")
        case .skipped: m("Bỏ qua {0}: {1}", "Left out {0}: {1}")
        case .personalNext:
            m(
                "Sửa bằng --title và --text, hoặc công khai riêng mục này không kèm --yes để tự xem lại.",
                "Correct it with --title and --text, or publish it alone and without --yes to look yourself.")
        case .oneTitle:
            m("--title và --text chỉ dùng cho một phản ánh mỗi lần", "--title and --text go with one report at a time")
        case .nothingDone: m("Không có gì được công khai.", "Nothing was published.")
        case .notPublic: m("Phản ánh {0} không có bản công khai.", "Report {0} is not published.")
        case .notPublicNext: m("Xem: ward report show {0}", "See: ward report show {0}")
        case .withdrawnLine: m("Bản công khai này đã được phường rút.", "The ward took this publication back.")
        case .ratingLine: m("{0} trên 5", "{0} of 5")
        case .closed: m("Ngày xử lý xong", "Resolved")
        case .rated: m("Đã lưu đánh giá {0} trên 5 cho phản ánh {1}.", "Saved the rating {0} of 5 for report {1}.")
        case .rateSent:
            m(
                "Đã lưu đánh giá {0} trên 5. Phường kiểm tra mã ở lần đồng bộ tới; xem bằng: ward report track",
                "Saved the rating {0} of 5. The ward checks the code at the next sync; look with: ward report track")
        case .notRateable:
            m("Phản ánh {0} chưa có kết quả để đánh giá.", "Report {0} has no result to rate.")
        case .notRateableNext:
            m(
                "Đánh giá được khi trạng thái là «đã xử lý». Xem: ward report show {0}",
                "It can be rated once it is “resolved”. See: ward report show {0}")
        case .rateNeedsID:
            m("cần mã phản ánh và điểm từ 1 đến 5", "it takes the report's id and a score from 1 to 5")
        case .rateWithCode:
            m("khi có --code thì chỉ ghi thêm điểm từ 1 đến 5", "with --code it takes only a score from 1 to 5")
        case .notAuthor:
            m("Phản ánh {0} không do máy này gửi.", "Report {0} was not filed on this device.")
        case .notAuthorNext:
            m(
                "Dùng mã đánh giá in trên giấy kết quả: ward report rate --code MÃ ĐIỂM",
                "Use the rating code on the paper with the result: ward report rate --code CODE SCORE")
        case .ratedAlready:
            m("Kết quả của phản ánh {0} đã được đánh giá.", "The result of report {0} was rated already.")
        case .ratedAlreadyNext:
            m(
                "Mỗi kết quả chỉ đánh giá một lần. Nếu chưa hài lòng, có thể mở lại: ward report edit {0} --state reopened",
                "Each result is rated once. If it is not mended, reopen it: ward report edit {0} --state reopened")
        case .ratings: m("Đánh giá bằng mã", "Ratings by code")
        case .handOver:
            m(
                "Mã đánh giá cho {0}, chỉ hiện một lần, đưa cho người phản ánh cùng kết quả: {1}",
                "Rating code for {0}, shown only once, to be handed over with the result: {1}")
        case .noQR: m("Chưa hiện được mã QR, hãy chép mã ở trên: {0}", "No QR code, copy the code above: {0}")
        case .expectScore: m("cần điểm từ 1 đến 5", "it takes a score from 1 to 5")
        }
    }

    func with(_ arguments: String...) -> Phrase { Phrase(message, arguments) }
}

/// What became of a rating with a code.
enum RatingWord: String, MessageTable {
    case counted, used, unknown, late

    var message: Message {
        switch self {
        case .counted: m("đã được tính", "counted")
        case .used: m("mã đã dùng rồi", "the code was used before")
        case .unknown: m("không có mã này", "there is no such code")
        case .late: m("mã của một kết quả cũ, phản ánh đã mở lại", "the code of an older result; it was reopened since")
        }
    }
}

extension PersonalTrace {
    var word: PublicWord {
        switch self {
        case .number: .traceNumber
        case .email: .traceEmail
        case .name: .traceName
        }
    }
}
