// What the commands say when they succeed, and the headings of their lists and pages.

import CommandLineKit

/// Everything that is said besides errors.
enum Say: MessageTable {
    case homeMade, homeMadeNext, joined, joinedNext, saved, edited, savedWaiting, codeOnce, codeAgain, askTitle,
        askSecret
    case id, state, area, due, holder, marks, task, report, updated, category, dossier, kind, title, procedure, field,
        code, name
    case waiting, waitingMore, notAccepted, conflict, disputed, provisional, held, refusedMark, parallel, sealed,
        erased, me,
        claimed,
        claimedProvisional
    case noItems, moreItems, pendingPart, history, remarks, conflicts, conflictValues, conflictClaims,
        conflictCrossing, conflictHint
    case sideDetails, holderMark, disputedNote, problemLine, nothingShown, noCategory
    case findingFound, findingNotFound, findingRefused, age, ageToday, ageDays, ageHours, ageMinutes, stale, noAnswer,
        answerSealed
    case received, dossierStatus, step, missing, followedCode
    case syncDone, syncWaiting, syncSent, syncHeld, syncRefused, syncConflicts, syncLeft, syncProblem, skewWarning
    case ward, device, role, personName, areas, allWard, grantUntil, noGrant, lastSync, neverSynced, position,
        waitingCount
    case nothingWaits, problems, conflictCount, hashWard, hashArea, hashOwn, revoked, homePath, years
    case resolved, noConflicts, chooseOne, chooseField, exact, neighborhood
    case doctorStore, doctorSound, doctorFault, doctorStates, doctorUnsound, doctorRebuilt, doctorPermissions
    case doctorMended, doctorSync, doctorAdvice, doctorClock
    case expectCategory, expectArea, expectPlace, expectState, expectDate, expectText, expectLong, expectKind,
        expectChoice
    case expectValue, expectCode, expectInvite, expectItem, onlyOwnClaim, notClaimed, notClaimedNext, needOne,
        nothingToChange
    case nothingToChangeNext, needArea, noCodeHere, yes, no

    var message: Message {
        switch self {
        case .homeMade: m("Đã tạo dữ liệu trong {0} cho {1}.", "Made the data in {0} for {1}.")
        case .homeMadeNext:
            m(
                "Ghi phản ánh: ward report new. Có mã mời thì dùng: ward join MÃ",
                "File a report: ward report new. With an invitation: ward join CODE")
        case .joined: m("Đã tham gia {0}: {1}, địa bàn {2}.", "Joined {0}: {1}, areas {2}.")
        case .joinedNext: m("Lấy dữ liệu về: ward sync", "Fetch the data: ward sync")
        case .saved: m("Đã lưu {0} {1}: {2}", "Saved {0} {1}: {2}")
        case .edited: m("Đã lưu thay đổi của {0} {1}.", "Saved the change of {0} {1}.")
        case .savedWaiting:
            m(
                "Đang chờ gửi; chạy «ward sync» khi có mạng.",
                "It waits to be sent; run “ward sync” when there is a network.")
        case .codeOnce:
            m(
                "Mã tra cứu: {0} (ghi lại để theo dõi phản ánh)",
                "Look-up code: {0} (write it down to follow the report)")
        case .codeAgain: m("Mã tra cứu", "Look-up code")
        case .askTitle: m("Tiêu đề phản ánh:", "Title of the report:")
        case .askSecret: m("Mã bí mật của hồ sơ (không hiện):", "Second secret of the dossier (not shown):")
        case .id: m("Mã", "Id")
        case .state: m("Trạng thái", "State")
        case .area: m("Địa bàn", "Area")
        case .due: m("Hạn", "Due")
        case .holder: m("Người nhận", "Claimed by")
        case .marks: m("Lưu ý", "Note")
        case .task: m("Nhiệm vụ", "Task")
        case .report: m("Phản ánh", "Report")
        case .updated: m("Cập nhật", "Updated")
        case .category: m("Phân loại", "Category")
        case .dossier: m("Mã hồ sơ", "Dossier")
        case .kind: m("Loại", "Kind")
        case .title: m("Tiêu đề", "Title")
        case .procedure: m("Thủ tục", "Procedure")
        case .field: m("Trường", "Field")
        case .code: m("Mã", "Code")
        case .name: m("Tên", "Name")
        case .waiting: m("chờ gửi", "waiting")
        case .waitingMore: m("  và {0} mục nữa", "  and {0} more")
        case .notAccepted: m("chưa được nhận", "not accepted")
        case .conflict: m("xung đột", "conflict")
        case .disputed: m("tranh chấp", "disputed")
        case .provisional: m("tạm", "provisional")
        case .held: m("tạm giữ", "held")
        case .refusedMark: m("bị từ chối", "refused")
        case .parallel: m("song song", "parallel")
        case .sealed: ValueWord.sealed.message
        case .erased: m("đã xoá", "erased")
        case .me: m("tôi", "me")
        case .claimed: m("đã nhận", "claimed")
        case .claimedProvisional: m("tạm nhận", "claimed, provisional")
        case .noItems: m("Chưa có mục nào.", "There is nothing yet.")
        case .moreItems: m("Còn {0} mục nữa; xem hết bằng --all.", "{0} more; show them all with --all.")
        case .pendingPart: m("Chờ gửi: {0}", "Waiting to be sent: {0}")
        case .history: m("Lịch sử", "History")
        case .conflicts: m("Xung đột", "Conflicts")
        case .remarks: m("Đã xem xét", "Looked at")
        case .conflictValues:
            m("{0}: các giá trị ghi mà không biết nhau", "{0}: values that did not know of each other")
        case .conflictClaims: m("{0}: nhiều người cùng nhận", "{0}: claimed by several")
        case .conflictCrossing: m("{0}: các bước đi mà không biết nhau", "{0}: steps that did not know of each other")
        case .conflictHint:
            m("Xem và giải quyết: ward conflict show {0}", "See and resolve it: ward conflict show {0}")
        case .sideDetails:
            m("{0}, thiết bị {1}, giờ máy {2}, giờ phường {3}", "{0}, device {1}, device time {2}, ward time {3}")
        case .holderMark: m("đang giữ", "holds it")
        case .disputedNote:
            m("Đang tranh chấp: cần người có quyền quyết định.", "In dispute: somebody who may has to decide.")
        case .problemLine: m("{0} ({1}): {2}", "{0} ({1}): {2}")
        case .nothingShown: ValueWord.empty.message
        case .noCategory: m("chưa phân loại", "not classified")
        case .findingFound: m("Đã tìm thấy hồ sơ.", "The dossier was found.")
        case .findingNotFound: m("Không tìm thấy hồ sơ có mã này.", "No dossier has this code.")
        case .findingRefused: m("Bị từ chối: mã bí mật không khớp.", "Refused: the second secret does not fit.")
        case .age: m("theo dữ liệu {0}, {1}", "as of {0}, {1}")
        case .ageToday: m("vừa xong", "just now")
        case .ageDays: m("{0} ngày trước", "{0} days ago")
        case .ageHours: m("{0} giờ trước", "{0} hours ago")
        case .ageMinutes: m("{0} phút trước", "{0} minutes ago")
        case .stale: m("đã cũ, nên tra cứu lại", "old; ask again")
        case .noAnswer: m("Chưa có trả lời; phường trả lời khi đồng bộ.", "No answer yet; the ward answers at a sync.")
        case .answerSealed:
            m("Câu trả lời được niêm phong cho thiết bị đã hỏi.", "The answer is sealed to the device that asked.")
        case .received: m("Ngày nhận", "Received")
        case .dossierStatus: m("Tình trạng", "Status")
        case .step: m("Bước", "Step")
        case .missing: m("Giấy tờ còn thiếu", "Missing papers")
        case .followedCode: m("Mã hồ sơ", "Dossier")
        case .syncDone:
            m(
                "Đã đồng bộ: gửi {0}, phường nhận {1}, cập nhật {2} mục. Không còn gì chờ gửi.",
                "Synced: {0} sent, {1} accepted, {2} documents updated. Nothing waits.")
        case .syncWaiting:
            m(
                "Đã gửi {0}, phường nhận {1}; còn {2} thay đổi chờ gửi. Chạy lại «ward sync».",
                "{0} sent, {1} accepted; {2} changes still wait. Run “ward sync” again.")
        case .syncSent:
            m("Dữ liệu: gửi {0} byte, nhận {1} byte, {2} lượt.", "Traffic: {0} bytes up, {1} bytes down, {2} rounds.")
        case .syncHeld: m("Phường tạm giữ {0} thay đổi của bạn.", "The ward holds {0} changes of yours.")
        case .syncRefused: m("Phường không nhận {0} thay đổi của bạn.", "The ward refused {0} changes of yours.")
        case .syncConflicts:
            m("Có xung đột mới ở: {0}. Xem: ward conflict list", "New conflicts in: {0}. Look: ward conflict list")
        case .syncLeft: m("{0} mục đã chuyển khỏi địa bàn của bạn.", "{0} documents left your areas.")
        case .syncProblem: m("{0} {1}: {2}. {3}", "{0} {1}: {2}. {3}")
        case .skewWarning:
            m(
                "Đồng hồ máy lệch {0} giây so với phường. Bật đặt giờ tự động (timedatectl set-ntp true) hoặc chỉnh lại giờ.",
                "This device's clock is {0} seconds off the ward's. Turn on automatic time (timedatectl set-ntp true) or set the clock."
            )
        case .ward: m("Phường", "Ward")
        case .device: m("Thiết bị", "Device")
        case .role: m("Vai trò", "Role")
        case .personName: m("Tên", "Name")
        case .areas: m("Địa bàn", "Areas")
        case .allWard: m("cả phường", "the whole ward")
        case .grantUntil: m("Quyền có hạn đến", "Granted until")
        case .noGrant: m("chưa đăng ký với phường", "not known to the ward yet")
        case .lastSync: m("Đồng bộ gần nhất", "Last sync")
        case .neverSynced: m("chưa đồng bộ lần nào", "never")
        case .position: m("Vị trí trong sổ phường", "Position in the ward log")
        case .waitingCount: m("Chờ gửi", "Waiting to be sent")
        case .nothingWaits: m("không có", "nothing")
        case .problems: m("Phường chưa nhận", "Not accepted by the ward")
        case .conflictCount: m("Xung đột", "Conflicts")
        case .hashWard: m("Dấu trạng thái toàn phường", "State hash, ward-wide")
        case .hashArea: m("Dấu trạng thái {0}", "State hash {0}")
        case .hashOwn: m("Dấu trạng thái mục của tôi", "State hash, own documents")
        case .revoked: m("Thiết bị này đã bị phường thu hồi.", "The ward revoked this device.")
        case .homePath: m("Thư mục", "Home")
        case .years: m("không thời hạn", "without end")
        case .resolved: m("Đã ghi cách giải quyết cho {0}.", "Saved the resolution for {0}.")
        case .noConflicts: m("Không có xung đột.", "There are no conflicts.")
        case .chooseOne:
            m("Chọn một giá trị bằng --choose SỐ hoặc --value", "Choose a value with --choose N or --value")
        case .chooseField:
            m(
                "Mục này có nhiều xung đột; ghi thêm --field với một trong: {0}",
                "There are several conflicts here; give --field with one of: {0}")
        case .exact: m("Mã đầy đủ", "Full id")
        case .neighborhood: m("khu phố", "neighborhood")
        case .doctorStore: m("Tệp dữ liệu: {0}", "Store file: {0}")
        case .doctorSound: m("tốt", "sound")
        case .doctorFault: m("có lỗi: {0}", "faulty: {0}")
        case .doctorStates: m("Trạng thái các mục: {0}", "Document states: {0}")
        case .doctorUnsound: m("{0} mục không khớp với sổ thay đổi", "{0} documents differ from their change sets")
        case .doctorRebuilt: m("Đã dựng lại {0} mục từ các thay đổi.", "Rebuilt {0} documents from the change sets.")
        case .doctorPermissions: m("Quyền của thư mục và tệp: {0}", "Permissions of the directory and the file: {0}")
        case .doctorMended: m("đã chỉnh lại chỉ cho chủ máy đọc", "mended to the owner only")
        case .doctorSync: m("Đồng bộ gần nhất: {0}", "Last sync: {0}")
        case .doctorAdvice: m("Chạy: ward doctor --rebuild", "Run: ward doctor --rebuild")
        case .doctorClock: m("Đồng hồ: lệch {0} giây so với phường", "Clock: {0} seconds off the ward's")
        case .expectCategory: m("cần một phân loại: {0}", "it takes a category: {0}")
        case .expectArea:
            m(
                "cần số khu phố (3), mã địa bàn (06685.03) hoặc tên; xem: ward area list",
                "it takes a neighborhood's number (3), an area's code (06685.03) or its name; look: ward area list")
        case .expectPlace:
            m(
                "cần VĨ ĐỘ,KINH ĐỘ[,SAI SỐ mét], ví dụ 20.9511,107.0734,10",
                "it takes LAT,LON[,ACCURACY in metres], such as 20.9511,107.0734,10")
        case .expectState: m("cần một trạng thái: {0}", "it takes a state: {0}")
        case .expectDate: m("cần ngày dd/MM/yyyy", "it takes a date dd/MM/yyyy")
        case .expectText: m("không được để trống", "it must not be empty")
        case .expectLong: m("dài quá {0} byte", "it is longer than {0} bytes")
        case .expectKind: m("cần một loại việc: {0}", "it takes a kind of task: {0}")
        case .expectChoice: m("cần số từ 1 đến {0}", "it takes a number from 1 to {0}")
        case .expectValue: m("giá trị không hợp với trường này", "the value does not suit the field")
        case .expectCode:
            m(
                "cần chữ thường, số, gạch dưới, tối đa {0} byte",
                "it takes letters, digits and underscores, at most {0} bytes")
        case .expectInvite: m("mã mời có 30 ký tự, chia thành 5 nhóm", "an invitation has 30 characters in 5 groups")
        case .expectItem:
            m("cần số thứ tự của một việc trong danh sách", "it takes the number of an item of the checklist")
        case .onlyOwnClaim: m("nhiệm vụ do người khác giữ", "somebody else holds the task")
        case .notClaimed: m("Nhiệm vụ này chưa có người nhận.", "Nobody holds this task.")
        case .notClaimedNext: m("Nhận việc bằng: ward task claim {0}", "Claim it with: ward task claim {0}")
        case .needOne: m("Chưa có tuỳ chọn nào.", "No option was given.")
        case .nothingToChange: m("Chưa ghi điều gì cần thay đổi.", "There is nothing to change.")
        case .nothingToChangeNext: m("Xem các tuỳ chọn bằng: {0} --help", "See the options with: {0} --help")
        case .needArea:
            m("Bạn có nhiều địa bàn; cần chọn một bằng --area.", "You have several areas; choose one with --area.")
        case .noCodeHere:
            m("mã chỉ có trên máy đã ghi phản ánh", "the code is only on the device that filed the report")
        case .yes: ValueWord.yes.message
        case .no: ValueWord.no.message
        }
    }
}

extension Terminal {
    /// The message of a table in this run's language.
    func say(_ say: Say, _ arguments: String...) -> String { language.text(Phrase(say.message, arguments)) }
    func word(_ message: Message) -> String { language.text(Phrase(message)) }
}
