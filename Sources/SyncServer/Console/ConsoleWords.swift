// What the web pages say, in both languages.

import CommandLineKit
import WardWords

/// Words and sentences of the console and the public pages.
enum ConsoleWord: MessageTable {
    case nothingWaits, leftOut, heldBack, kindsOfItems, everything, itemsCount, severity, kindOfItem, owner,
        dismissHint,
        dismissChosen, itemGone, itemGoneText, whySevere, askedAt, counts, workDone, oldUnit, presentUnit, faultIs,
        thisReport, otherReport, distance, theChangeSet, documentMissing, changesMissing, heldTasks, branches,
        branch, number, changeID, mainBranch, otherBranch, earlierDecisions, settled, reasonIsQuestion, needsItems,
        console, publicPages, navigation, skip, footer, pages, previous, next, pageOf, countOf, onThisPage,
        unknownTime, agoFormat, days, hours, minutes, seconds, clockAhead, clockBehind, clockRight, consoleDevice,
        inbox, documents, devices, quarantine, wardLog, statistics, activity, published, publicSection, signIn,
        signOut, roleAdmin, roleAuditor, byLink, byLinkText, linkText, byPassphrase, yourName, yourNameHint,
        signInAs, passphrase, linkUsed, needsNameAndPassphrase, wrongPassphrase, tryAgainSoon, tooManyTries,
        sessionEnded, sessionEndedText, needsTLS, storeFault, storeFaultText, notFound, notFoundText, notDone,
        badForm, auditorMayNot, auditorReads, ruleForbids, outdated, noConsoleKey, toInbox, doneResolved,
        doneVerifying, inboxLead, about, conflict, whoColumn, area, openSince, disputed, moreSides, sideBySide,
        base, value, claimed, holds, shownNow, device, deviceTime, wardTime, hadSeen, sawNoOther, sawOthers,
        sawNothing, sawUpTo, atEntry, nobodyHeld, nothingBefore, decide, choose, otherValue, otherValueLabel,
        keepWith, giveTo, reason, reasonHint, decideButton, needsReason, needsChoice, kinds, findById, find,
        foundById, nothingFound, state, changedAt, shortID, madeBy, madeAt, lastEntry, present, fields, field,
        time, moreFields, moreValues, history, historyCount, entry, whatDone, verdict, accepted, held, refused,
        newerKind, devicesLead, devicesCount, roles, allButResidents, person, validFrom, validUntil, lastSeen,
        clock, unsynced, noEnd, expired, atServer, neverSeen, revoked, revokedAfter, received, deviceKey,
        newestChanges, unsyncedWarning, heldLead, refusedLead, nothingHeld, nothingRefused, heldCount,
        refusedCount, release, decline, logLead, entries, epoch, checkpoint, root, checkpointHolds, checkpointBad,
        verify, verifyText, verifyButton, neverVerified, verifyRunning, lookAgain, verifyFailed, verifySound,
        verifyFound, whatWasChecked, count, newestEntries, decision, entriesFromTo, logAccept, logHold, logRefuse,
        logRelease, logReadmit, logGrant, logRevoke, logErase, logKey, logMove, logSuccession, byWhom,
        statisticsLead, filedFrom, filedTo, areaCode, groupBy, agency, category, neighborhood, badDates, byState,
        byEnd, byRating, figuresBy, all, none, allFigures, figure, outOf, activityLead, noActivity, publishedLead,
        nothingPublished, agencyRatings, agencyLead, meanRating, tooFewRatings, filedOn, closedOn, outcome, rating,
        ratings, fixed, notFixed, overdueShare, notRated, starsOf, completeness, filesOf, filesHeldBack,
        missingFiles, missingPieces, fileLength, alreadyHere, fileIncomplete, filePrivate, files, moreBranches,
        doneInPart, partlyDone, partsDone, partsUntried, changedMeanwhile, newEpoch, tooLong, otherAreaHint,
        otherPlaceHint, linkedTo, unlink, unlinkText, unlinkBack, unlinkButton

    var message: Message {
        switch self {
        case .nothingWaits: m("Không có gì chờ quyết định.", "Nothing waits for a decision.")
        case .kindsOfItems: m("Loại việc", "Kinds")
        case .everything: m("tất cả", "everything")
        case .leftOut:
            m(
                "Không liệt kê {0} mục của người dân, vì quá nhiều. Gói đang giữ xem ở trang Cách ly; mục còn lại hiện ra khi các mục trên đã giải quyết.",
                "Not listed: {0} items of residents, too many. What is held stands on the quarantine page; the others come up as these are decided."
            )
        case .itemsCount: m("Việc chờ quyết định: {0}", "Waiting: {0}")
        case .severity: m("Mức độ", "Severity")
        case .kindOfItem: m("Việc gì", "What")
        case .owner: m("Người quyết định", "Who decides")
        case .dismissHint:
            m(
                "Mỗi mục đã chọn được ghi nhận với cùng lý do này.",
                "Each chosen item is dismissed with this reason.")
        case .dismissChosen: m("Bỏ qua các mục đã chọn", "Dismiss the chosen items")
        case .itemGone: m("Không còn chờ nữa", "It does not wait any more")
        case .itemGoneText:
            m(
                "Việc này đã được quyết định, hoặc không còn như lúc trang được lập. Chưa có gì thay đổi.",
                "It was decided already, or is not what it was when the page was made. Nothing was changed.")
        case .whySevere: m("Vì sao ở mức này", "Why so severe")
        case .askedAt: m("Đã hỏi lúc", "Asked at")
        case .counts: m("có hiệu lực", "counts")
        case .workDone: m("đã làm {0} việc", "did {0} things")
        case .oldUnit: m("Mã đang ghi", "It names")
        case .presentUnit: m("Đơn vị hiện nay", "Today's unit")
        case .faultIs: m("Lỗi:", "Fault:")
        case .thisReport: m("Phản ánh này", "This report")
        case .otherReport: m("Phản ánh kia", "The other report")
        case .distance: m("Khoảng cách", "Distance")
        case .theChangeSet: m("Gói thay đổi", "The change set")
        case .documentMissing: m("Phường chưa có mục gốc.", "The ward does not have its document.")
        case .changesMissing: m("Phường chưa có những gói này:", "The ward does not have these:")
        case .heldTasks: m("Nhiệm vụ đang giữ", "Tasks that it holds")
        case .branches: m("Các nhánh", "Branches")
        case .branch: m("Nhánh", "Branch")
        case .number: m("Số", "Number")
        case .changeID: m("Gói", "Change set")
        case .mainBranch: m("Nhánh được tính", "The one that counts")
        case .otherBranch: m("Nhánh kia", "The other one")
        case .moreBranches:
            m(
                "Còn {0} gói nữa không hiện ở đây; quyết định trên trang này không động tới chúng.",
                "{0} change sets more are not shown here; what is decided on this page leaves them alone.")
        case .earlierDecisions: m("Các quyết định trước", "Earlier decisions")
        case .settled: m("đã ghi nhận", "taken note")
        case .reasonIsQuestion: m("(lý do là câu hỏi)", "(the reason is the question)")
        case .needsItems:
            m(
                "Hãy chọn ít nhất một mục. Chưa có gì thay đổi.",
                "Choose at least one item. Nothing was changed.")
        case .console: m("Bàn điều khiển", "Console")
        case .publicPages: m("Trang công khai", "Public pages")
        case .navigation: m("Các trang", "Pages")
        case .skip: m("Bỏ qua, tới nội dung chính", "Skip to the main part")
        case .footer: m("{0} · trang này được lập lúc {1}", "{0} · this page was made at {1}")
        case .pages: m("Chuyển trang", "Turn pages")
        case .previous: m("‹ Trang trước", "‹ Previous")
        case .next: m("Trang sau ›", "Next ›")
        case .pageOf: m("Trang {0} / {1}", "Page {0} of {1}")
        case .countOf: m("{0} trong {1}", "{0} of {1}")
        case .onThisPage: m("{0} trên trang này", "{0} on this page")
        case .unknownTime: m("không rõ", "unknown")
        case .agoFormat: m("{0} trước", "{0} ago")
        case .days: m("{0} ngày", "{0} days")
        case .hours: m("{0} giờ", "{0} hours")
        case .minutes: m("{0} phút", "{0} minutes")
        case .seconds: m("{0} giây", "{0} seconds")
        case .clockAhead: m("nhanh {0}", "{0} ahead")
        case .clockBehind: m("chậm {0}", "{0} behind")
        case .clockRight: m("đúng giờ", "right")
        case .consoleDevice: m("Bàn điều khiển", "Console")
        case .inbox: m("Việc cần quyết", "Inbox")
        case .documents: m("Hồ sơ", "Documents")
        case .devices: m("Thiết bị", "Devices")
        case .quarantine: m("Tạm giữ", "Quarantine")
        case .wardLog: m("Sổ phường", "Ward log")
        case .statistics: m("Thống kê", "Statistics")
        case .completeness: m("Đủ tệp", "Completeness")
        case .filesOf:
            m("đã có đủ {0}/{1} tệp của {2} mục.", "{0} of {1} files in {2} documents are here.")
        case .filesHeldBack:
            m(
                "Trong đó tệp thuộc các thay đổi đang tạm giữ, còn nằm trên máy người gửi: {0}.",
                "Of these, files of change sets that are held, still on their devices: {0}.")
        case .heldBack: m("đang tạm giữ", "held")
        case .missingFiles: m("Tệp còn thiếu", "Missing files")
        case .missingPieces: m("Phần còn thiếu (mỗi phần 4 KiB)", "Missing parts (4 KiB each)")
        case .fileLength: m("Dài", "Length")
        case .alreadyHere: m("Đã có", "Here")
        case .fileIncomplete: m("chưa đủ tệp", "incomplete")
        case .filePrivate:
            m("mở bằng «ward attachment save» trên máy có quyền", "opened with “ward attachment save” by who may")
        case .files: m("Ảnh và tệp", "Photos and files")
        case .activity: m("Nhật ký", "Activity")
        case .published: m("Kết quả công khai", "Published results")
        case .publicSection: m("Công khai", "Public")
        case .signIn: m("Đăng nhập", "Sign in")
        case .signOut: m("Đăng xuất", "Sign out")
        case .roleAdmin: m("quản trị", "administrator")
        case .roleAuditor: m("kiểm tra (chỉ đọc)", "auditor (reads only)")
        case .byLink: m("Bằng liên kết dùng một lần", "With a one-time link")
        case .byLinkText:
            m(
                "Trên máy chủ của phường, chạy lệnh dưới đây rồi mở liên kết mà lệnh in ra. Liên kết dùng "
                    + "được một lần, trong 10 phút.",
                "On the ward's server, run this command and open the link that it prints. It works once, "
                    + "within 10 minutes.")
        case .linkText: m("Liên kết này đăng nhập một người, một lần.", "This link signs one person in, once.")
        case .byPassphrase: m("Bằng cụm mật khẩu", "With a passphrase")
        case .yourName: m("Họ tên", "Your name")
        case .yourNameHint: m("Được ghi cùng mỗi quyết định.", "Stands beside each decision.")
        case .signInAs: m("Vai trò", "Role")
        case .passphrase: m("Cụm mật khẩu", "Passphrase")
        case .linkUsed:
            m(
                "Liên kết không đúng, đã dùng rồi, hoặc đã hết hạn. Hãy tạo liên kết mới.",
                "The link is wrong, was used already, or is too old. Make a new one.")
        case .needsNameAndPassphrase: m("Hãy ghi họ tên và cụm mật khẩu.", "Give your name and the passphrase.")
        case .wrongPassphrase: m("Cụm mật khẩu không đúng.", "The passphrase is wrong.")
        case .tryAgainSoon:
            m(
                "Máy chủ đang kiểm tra một lần đăng nhập khác. Thử lại sau giây lát.",
                "The server is busy with another sign-in. Try again in a moment.")
        case .tooManyTries:
            m(
                "Có quá nhiều lần thử đăng nhập. Chờ một lúc rồi thử lại.",
                "There were too many attempts to sign in. Wait a while and try again.")
        case .sessionEnded: m("Phiên làm việc đã hết", "The session has ended")
        case .sessionEndedText:
            m(
                "Chưa có gì thay đổi. Hãy đăng nhập lại rồi làm lại việc vừa rồi.",
                "Nothing was changed. Sign in and do it again.")
        case .needsTLS:
            m(
                "Bàn điều khiển chỉ mở qua TLS, hoặc trên chính máy chủ. Hãy chạy máy chủ với "
                    + "--self-signed hoặc --tls-cert và --tls-key.",
                "The console is there only over TLS, or on the server itself. Run the server with "
                    + "--self-signed, or --tls-cert and --tls-key.")
        case .storeFault: m("Kho dữ liệu đang lỗi", "The store has a fault")
        case .storeFaultText:
            m(
                "Máy chủ không đọc được kho. Chưa có gì thay đổi. Xem nhật ký của máy chủ và tài liệu vận hành.",
                "The server cannot read its store. Nothing was changed. See the server's log and the "
                    + "operations manual.")
        case .notFound: m("Không có trang này", "No such page")
        case .notFoundText:
            m(
                "Địa chỉ không đúng, hoặc mục này không có.",
                "The address is wrong, or what it names is not there.")
        case .notDone: m("Chưa thực hiện", "Not done")
        case .badForm:
            m(
                "Biểu mẫu không đọc được. Chưa có gì thay đổi.",
                "The form could not be read. Nothing was changed.")
        case .auditorMayNot:
            m(
                "Vai trò kiểm tra chỉ được đọc. Chưa có gì thay đổi.",
                "An auditor only reads. Nothing was changed.")
        case .auditorReads:
            m(
                "Vai trò kiểm tra chỉ được đọc, không quyết định.",
                "An auditor reads and does not decide.")
        case .ruleForbids: m("Chưa có gì thay đổi: {0}.", "Nothing was changed: {0}.")
        case .outdated:
            m(
                "Sổ phường đã đổi kỳ từ khi trang này được lập. Hãy mở lại trang và quyết định lại.",
                "The ward log began a new epoch since this page was made. Open the page again and decide again.")
        case .noConsoleKey:
            m(
                "Không ghi được khoá của bàn điều khiển vào thư mục dữ liệu. Chưa có gì thay đổi.",
                "The console's key cannot be written to the home. Nothing was changed.")
        case .toInbox: m("Về danh sách việc cần quyết", "To the inbox")
        case .doneResolved:
            m(
                "Đã quyết định. Quyết định được ký và sẽ tới các thiết bị ở lần đồng bộ sau.",
                "Decided. The decision is signed and reaches devices with their next sync.")
        case .doneInPart:
            m(
                "Đã quyết định những gói mà trang vừa hiện. Ở đó còn gói khác đang chờ.",
                "What the page showed is decided. More of it waits there.")
        case .partlyDone: m("Mới quyết định được một phần", "Decided in part")
        case .partsDone:
            m(
                "Đã quyết định {0} trên {1} phần; phần đã quyết định vẫn có hiệu lực. Chưa quyết định được:",
                "{0} of {1} parts are decided, and what is decided stands. Not decided:")
        case .partsUntried: m("Chưa làm tới: {0}.", "Not tried after that: {0}.")
        case .changedMeanwhile:
            m("đã được quyết định hoặc đã thay đổi trong lúc đó", "it was decided or changed meanwhile")
        case .newEpoch: m("sổ phường đã đổi kỳ", "the ward log began a new epoch")
        case .tooLong: m("quá dài", "it is too long")
        case .doneVerifying: m("Đang kiểm tra toàn bộ sổ và kho.", "The whole log and store are being verified.")
        case .inboxLead:
            m(
                "Mọi việc cần một người quyết định, nặng nhất và lâu nhất đứng trước.",
                "Everything that needs a person to decide, the most severe and the oldest first.")
        case .about: m("Mục", "About")
        case .conflict: m("Xung đột", "Conflict")
        case .whoColumn: m("Ai", "Who")
        case .area: m("Địa bàn", "Area")
        case .openSince: m("Từ lúc", "Since")
        case .disputed: m("đang tranh chấp", "in dispute")
        case .moreSides: m("Còn {0} bên nữa không hiện ở đây.", "{0} sides more are not shown here.")
        case .sideBySide: m("Đối chiếu", "Side by side")
        case .base: m("Trước đó", "Before")
        case .value: m("Giá trị", "Value")
        case .claimed: m("nhận việc", "claimed it")
        case .holds: m("đang giữ", "holds it")
        case .shownNow: m("đang hiện", "shown now")
        case .device: m("Thiết bị", "Device")
        case .deviceTime: m("Giờ thiết bị", "Device's time")
        case .wardTime: m("Giờ phường nhận", "Ward's time")
        case .hadSeen: m("Đã thấy sổ tới", "Had seen the log up to")
        case .sawNoOther: m("chưa thấy bên nào khác", "had seen no other side")
        case .sawOthers: m("đã thấy: {0}", "had seen: {0}")
        case .sawNothing: m("chưa thấy gì", "nothing yet")
        case .sawUpTo: m("mục {0} ({1})", "entry {0} ({1})")
        case .atEntry: m("mục {0}", "entry {0}")
        case .nobodyHeld: m("chưa ai nhận", "nobody held it")
        case .nothingBefore: m("chưa có", "nothing")
        case .decide: m("Quyết định", "Decide")
        case .choose: m("Chọn", "Choose")
        case .otherValue: m("Giá trị khác", "Another value")
        case .otherValueLabel: m("Giá trị khác là", "The other value is")
        case .otherAreaHint: m("Mã địa bàn trong phường, ví dụ {0}.03", "A code within the ward, such as {0}.03")
        case .otherPlaceHint:
            m(
                "Vĩ độ, kinh độ; thêm sai số theo mét nếu biết. Ví dụ: 20.9511, 107.0801, 15",
                "Latitude, longitude, and the accuracy in metres where it is known. Such as: 20.9511, 107.0801, 15")
        case .linkedTo: m("Được ghi là trùng với", "Linked as a duplicate of")
        case .unlink: m("Bỏ ghi trùng", "Take the duplicate mark away")
        case .unlinkText:
            m(
                "Hai phản ánh không còn gắn với nhau, và không được gợi ý là trùng nữa.",
                "The two reports stand apart again, and are not suggested as duplicates any more.")
        case .unlinkBack: m("Phản ánh này trở lại «{0}».", "This report is “{0}” again.")
        case .unlinkButton: m("Ký và bỏ ghi trùng", "Sign and take the mark away")
        case .keepWith: m("Giữ nguyên: {0}", "Keep it with {0}")
        case .giveTo: m("Giao cho: {0}", "Give it to {0}")
        case .reason: m("Lý do", "Reason")
        case .reasonHint:
            m(
                "Những người liên quan đọc được lý do này, cùng với tên của bạn.",
                "The people concerned read it, with your name.")
        case .decideButton: m("Ký và gửi quyết định", "Sign and send the decision")
        case .needsReason: m("Hãy ghi lý do. Chưa có gì thay đổi.", "Give a reason. Nothing was changed.")
        case .needsChoice:
            m(
                "Hãy chọn một bên, hoặc ghi một giá trị khác hợp lệ. Chưa có gì thay đổi.",
                "Choose a side, or give another value that fits. Nothing was changed.")
        case .kinds: m("Loại hồ sơ", "Kinds of document")
        case .findById: m("Mã hồ sơ (các ký tự đầu)", "Id (its first characters)")
        case .find: m("Tìm", "Find")
        case .foundById: m("Tìm theo mã", "Found by id")
        case .nothingFound: m("Không có mục nào.", "There is nothing here.")
        case .state: m("Trạng thái", "State")
        case .changedAt: m("Thay đổi lúc", "Changed")
        case .shortID: m("Mã", "Id")
        case .madeBy: m("Người tạo", "Made by")
        case .madeAt: m("Tạo lúc", "Made at")
        case .lastEntry: m("Mục sổ mới nhất", "Newest entry")
        case .present: m("Hiện trạng", "As it stands")
        case .fields: m("Các trường", "Fields")
        case .field: m("Trường", "Field")
        case .time: m("Lúc", "When")
        case .moreFields: m("Còn trường khác không hiện ở đây.", "There are more fields than are shown here.")
        case .moreValues: m("… trong tổng số {0}", "… of {0}")
        case .history: m("Lịch sử", "History")
        case .historyCount: m("Gói thay đổi đã được tính: {0}", "Change sets that count: {0}")
        case .entry: m("Mục sổ", "Entry")
        case .whatDone: m("Việc đã làm", "What was done")
        case .verdict: m("Phán quyết", "Verdict")
        case .accepted: m("được tính", "counts")
        case .held: m("tạm giữ", "held")
        case .refused: m("không nhận", "refused")
        case .newerKind: m("loại mới hơn phiên bản này", "a kind that this version does not know")
        case .devicesLead:
            m(
                "Ai làm việc với phường bằng thiết bị nào, lần cuối liên lạc khi nào, và còn giữ việc gì chưa gửi.",
                "Who works with which device, when it was last there, and what it holds back.")
        case .devicesCount: m("Thiết bị: {0}", "Devices: {0}")
        case .roles: m("Vai trò", "Roles")
        case .allButResidents: m("mọi người, trừ người dân", "everyone but residents")
        case .person: m("Người", "Person")
        case .validFrom: m("Hiệu lực từ", "Valid from")
        case .validUntil: m("Hiệu lực đến", "Valid until")
        case .lastSeen: m("Liên lạc lần cuối", "Last seen")
        case .clock: m("Đồng hồ", "Clock")
        case .unsynced: m("Chưa gửi", "Not sent")
        case .noEnd: m("không hạn", "no end")
        case .expired: m("hết hạn", "expired")
        case .atServer: m("tại máy chủ", "at the server")
        case .neverSeen: m("chưa lần nào", "never")
        case .revoked: m("đã thu hồi", "revoked")
        case .revokedAfter: m("tính đến gói số {0}", "what counts ends with change set {0}")
        case .received: m("Đã nhận", "Received")
        case .deviceKey: m("Khoá của thiết bị", "The device's key")
        case .newestChanges: m("Gói thay đổi mới nhất", "Newest change sets")
        case .unsyncedWarning:
            m(
                "Lần liên lạc cuối, thiết bị còn {0} gói chưa gửi. Chúng chỉ còn trên thiết bị đó.",
                "When it was last there the device had {0} change sets that were not sent. They are on "
                    + "that device alone.")
        case .heldLead:
            m(
                "Đã nhận và giữ nguyên, chưa được tính, chờ một quyết định.",
                "Received and kept, does not count, waits for a decision.")
        case .refusedLead:
            m(
                "Không được tính theo quy tắc. Người gửi đã được báo lý do và có thể sửa rồi gửi lại.",
                "Does not count by the rules. The author was told why, and can correct it and send it again.")
        case .nothingHeld: m("Không có gói nào đang tạm giữ.", "Nothing is held.")
        case .nothingRefused: m("Không có gói nào bị từ chối.", "Nothing was refused.")
        case .heldCount: m("Đang tạm giữ: {0}", "Held: {0}")
        case .refusedCount: m("Không nhận: {0}", "Refused: {0}")
        case .release: m("Cho tính", "Release")
        case .decline: m("Từ chối hẳn", "Decline")
        case .logLead:
            m(
                "Mọi quyết định của phường theo thứ tự, dưới một cây băm có chữ ký. Không ai sửa được mà "
                    + "không bị thấy.",
                "Every decision of the ward in its order, under a signed hash tree. Nobody can change it unseen.")
        case .entries: m("Số mục", "Entries")
        case .epoch: m("Kỳ", "Epoch")
        case .checkpoint: m("Đầu sổ đã ký", "Signed head")
        case .root: m("Gốc", "Root")
        case .checkpointHolds: m("chữ ký đúng", "signature holds")
        case .checkpointBad: m("không khớp", "does not fit")
        case .verify: m("Kiểm tra", "Verify")
        case .verifyText:
            m(
                "Đọc lại mọi mục, mọi chữ ký và mọi bảng suy ra, không thay đổi gì. Với sổ lớn có thể mất "
                    + "vài phút; phường vẫn phục vụ.",
                "Reads every entry, every signature and every derived table again and changes nothing. A "
                    + "large log takes minutes; the ward goes on serving.")
        case .verifyButton: m("Kiểm tra toàn bộ", "Verify everything")
        case .neverVerified: m("Chưa kiểm tra từ khi máy chủ chạy.", "Not verified since the server started.")
        case .verifyRunning: m("Đang kiểm tra, bắt đầu {0}.", "Verifying, begun {0}.")
        case .lookAgain: m("Xem lại", "Look again")
        case .verifyFailed:
            m(
                "Không kiểm tra được lúc {0}: kho không đọc được.",
                "It could not be verified at {0}: the store cannot be read.")
        case .verifySound:
            m(
                "Kiểm tra lúc {0}: {1} mục, không có sai khác.",
                "Verified at {0}: {1} entries, nothing differs.")
        case .verifyFound:
            m(
                "Kiểm tra lúc {0}: {1} mục, số sai khác: {2}.",
                "Verified at {0}: {1} entries, findings: {2}.")
        case .whatWasChecked: m("Đã kiểm tra những gì", "What was checked")
        case .count: m("Đếm", "Count")
        case .newestEntries: m("Các mục, mới nhất trước", "Entries, newest first")
        case .decision: m("Quyết định", "Decision")
        case .entriesFromTo: m("{0} – {1}", "{0} – {1}")
        case .logAccept: m("Nhận", "Accepted")
        case .logHold: m("Tạm giữ", "Held")
        case .logRefuse: m("Không nhận", "Refused")
        case .logRelease: m("Cho tính", "Released")
        case .logReadmit: m("Nhận lại sau khôi phục", "Readmitted after a restore")
        case .logGrant: m("Cấp quyền", "Granted")
        case .logRevoke: m("Thu hồi", "Revoked")
        case .logErase: m("Xoá nội dung", "Erased")
        case .logSuccession: m("Đổi thiết bị", "Succeeded")
        case .logKey: m("Khoá mới của phường", "New keys of the ward")
        case .logMove: m("Chuyển địa bàn", "Moved")
        case .byWhom: m("bởi", "by")
        case .statisticsLead:
            m(
                "Trên mọi phản ánh phường đã nhận. «Đóng nhưng chưa khắc phục» không bao giờ tính là đã khắc phục.",
                "Over every report of the ward. “Closed, not fixed” never counts as fixed.")
        case .filedFrom: m("Gửi từ ngày", "Filed from")
        case .filedTo: m("Gửi đến ngày", "Filed until")
        case .areaCode: m("Mã địa bàn", "Area code")
        case .groupBy: m("Chia theo", "Grouped by")
        case .agency: m("Đơn vị xử lý", "Agency")
        case .category: m("Phân loại", "Category")
        case .neighborhood: m("Khu phố", "Neighborhood")
        case .badDates: m("Ngày hoặc mã địa bàn không đúng.", "A date or the area's code is not right.")
        case .byState: m("Theo trạng thái", "By state")
        case .byEnd: m("Theo kết quả", "By outcome")
        case .byRating: m("Theo đánh giá", "By rating")
        case .figuresBy: m("Số liệu theo {0}", "Figures by {0}")
        case .all: m("Tất cả", "All")
        case .none: m("(chưa có)", "(none)")
        case .allFigures: m("Mọi số liệu", "All figures")
        case .figure: m("Số liệu", "Figure")
        case .outOf: m("Trên tổng số", "Out of")
        case .activityLead:
            m(
                "Mọi việc bàn điều khiển đã ký, lấy từ chuỗi của chính thiết bị này: không ai bỏ bớt được.",
                "Everything that the console signed, from its device's own chain: nobody can take anything out of it.")
        case .noActivity: m("Bàn điều khiển chưa ký việc nào.", "The console has signed nothing yet.")
        case .publishedLead:
            m(
                "Kết quả xử lý phản ánh mà phường đã công khai, không có dữ liệu cá nhân.",
                "What came of reports, as the ward published it, without personal data.")
        case .nothingPublished: m("Phường chưa công khai kết quả nào.", "The ward has published nothing yet.")
        case .agencyRatings: m("Đánh giá các đơn vị", "Ratings of agencies")
        case .agencyLead:
            m(
                "Số liệu trên mọi phản ánh; điểm trung bình chỉ hiện khi có từ {0} đánh giá. Cập nhật vài "
                    + "phút một lần.",
                "Over every report; a mean is shown from {0} ratings on. Brought up to date every few minutes.")
        case .meanRating: m("Điểm trung bình (1–5)", "Mean rating (1–5)")
        case .tooFewRatings: m("chưa đủ", "too few")
        case .filedOn: m("Ngày phản ánh", "Filed")
        case .closedOn: m("Ngày xong", "Closed")
        case .outcome: m("Kết quả", "Outcome")
        case .rating: m("Đánh giá", "Rating")
        case .ratings: m("Số đánh giá", "Ratings")
        case .fixed: m("Đã khắc phục", "Fixed")
        case .notFixed: m("Chưa khắc phục", "Not fixed")
        case .overdueShare: m("Quá hạn, trễ", "Overdue or late")
        case .notRated: m("chưa đánh giá", "not rated")
        case .starsOf: m("{0} / 5", "{0} of 5")
        }
    }
}
