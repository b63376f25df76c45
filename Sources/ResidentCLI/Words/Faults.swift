// The one place where failures become what a person reads and the code that a script sees.

import CommandLineKit
import SyncKit

/// What can go wrong, in words. Placeholders: `{0}` is the home, a name or a detail.
enum FaultWord: MessageTable {
    case notAHome, notAHomeNext, notAStore, notAStoreNext, newerStore, newerStoreNext, damaged, damagedNext, full,
        fullNext
    case busy, busyNext, readOnly, readOnlyNext, io, ioNext, misuse, misuseNext
    case alreadyHome, alreadyHomeNext, badDescriptor, badDescriptorNext, notFound, notFoundNext, ambiguous,
        ambiguousNext
    case outdated, outdatedNext, refused, tooLong, tooLongNext, badAnswer, badAnswerNext, noConflict, noConflictNext
    case unreachable, unreachableLoss, unreachableNext, timedOut, cut, notAWard, notAWardNext, wrongKey, wrongKeyNext
    case noLibrary, noLibraryNext, badAddress, badAddressNext, serverBusy, serverBusyNext, noAddress
    case queuedLoss, badValue, badValueNext, fileUnreadable, fileUnreadableNext

    var message: Message {
        switch self {
        case .notAHome: m("Chưa có dữ liệu của chương trình ở {0}.", "There is no data of this program in {0}.")
        case .notAHomeNext:
            m(
                "Tạo bằng: ward init --descriptor TỆP (tệp mô tả phường), hoặc chọn thư mục khác bằng --home.",
                "Make it with: ward init --descriptor FILE (the ward's descriptor), or choose another place with --home."
            )
        case .notAStore:
            m(
                "Tệp replica.db trong {0} không phải kho dữ liệu của chương trình, hoặc đã hỏng phần đầu.",
                "The file replica.db in {0} is not a store of this program, or its beginning is damaged.")
        case .notAStoreNext:
            m(
                "Giữ nguyên tệp, chép ra nơi khác và báo cho phường; dùng --home để tạo thư mục mới.",
                "Leave the file as it is, copy it away and tell the ward; make another home with --home.")
        case .newerStore:
            m(
                "Kho dữ liệu trong {0} do phiên bản mới hơn ghi ({1}).",
                "The store in {0} was written by a newer version ({1}).")
        case .newerStoreNext: m("Cập nhật chương trình rồi chạy lại.", "Update the program and run it again.")
        case .damaged: m("Kho dữ liệu trong {0} bị hỏng ({1}).", "The store in {0} is damaged ({1}).")
        case .damagedNext:
            m(
                "Chép thư mục ra nơi khác, rồi chạy: ward doctor --rebuild. Những gì đã có biên nhận vẫn còn ở phường.",
                "Copy the directory away, then run: ward doctor --rebuild. The ward still holds all that has a receipt."
            )
        case .full: m("Không còn chỗ trống trên ổ đĩa.", "No space is left on the disk.")
        case .fullNext: m("Giải phóng chỗ trống rồi làm lại.", "Free some space and do it again.")
        case .busy: m("Một lệnh khác đang ghi vào {0}.", "Another command is writing to {0}.")
        case .busyNext: m("Chờ lệnh kia xong rồi làm lại.", "Wait until it has ended and do it again.")
        case .readOnly: m("Không được phép ghi vào {0}.", "It is not allowed to write to {0}.")
        case .readOnlyNext:
            m(
                "Kiểm tra quyền của thư mục, hoặc chọn nơi khác bằng --home.",
                "Check the directory's permissions, or choose another place with --home.")
        case .io: m("Không đọc hoặc ghi được {0} ({1}).", "{0} cannot be read or written ({1}).")
        case .ioNext: m("Kiểm tra ổ đĩa rồi làm lại.", "Check the disk and do it again.")
        case .outdated:
            m(
                "Dữ liệu ở {0} là một bản sao cũ: phường đã nhận những việc của thiết bị này mà ở đây không có.",
                "The data in {0} is an older copy: the ward has work of this device that is not here.")
        case .outdatedNext:
            m(
                "Chạy «ward sync»: thiết bị tự lấy lại. Nếu vẫn báo lỗi này, hãy báo quản trị phường.",
                "Run “ward sync”: the device takes it back by itself. If this is said again, tell the ward's admin.")
        case .misuse: m("Chương trình gặp lỗi bên trong ({1}).", "The program has a fault ({1}).")
        case .misuseNext: m("Chạy «ward doctor» và báo lỗi này.", "Run “ward doctor” and report this.")
        case .alreadyHome: m("{0} đã có dữ liệu của một thiết bị.", "{0} already holds a device's data.")
        case .alreadyHomeNext:
            m(
                "Dùng luôn thư mục đó, hoặc chọn nơi khác bằng --home.",
                "Use it as it is, or choose another place with --home.")
        case .badDescriptor: m("Đây không phải bản mô tả phường hợp lệ.", "This is not a valid ward descriptor.")
        case .badDescriptorNext:
            m(
                "Lấy lại bản mô tả từ phường: một dòng bắt đầu bằng «wardsync1-».",
                "Get the descriptor from the ward again: one line that begins with “wardsync1-”.")
        case .notFound: m("Không có mục nào bắt đầu bằng «{0}».", "Nothing begins with “{0}”.")
        case .notFoundNext: m("Xem danh sách, hoặc đồng bộ rồi thử lại.", "Look at the list, or sync and try again.")
        case .ambiguous: m("«{0}» khớp với nhiều mục: {1}", "“{0}” fits several: {1}")
        case .ambiguousNext: m("Ghi thêm ký tự của mã.", "Give more characters of the id.")
        case .refused: m("Không thực hiện được: {0}.", "It cannot be done: {0}.")
        case .tooLong: m("Nội dung quá dài cho một lần lưu.", "This is too much for one change.")
        case .tooLongNext: m("Rút gọn, hoặc chia thành nhiều lần.", "Shorten it, or do it in several steps.")
        case .badAnswer:
            m("Trả lời của máy chủ không xác minh được ({0}).", "The server's answer does not verify ({0}).")
        case .badAnswerNext:
            m(
                "Máy chủ này không có khoá của phường. Kiểm tra địa chỉ và báo cho phường.",
                "This server does not have the ward's keys. Check the address and tell the ward.")
        case .noConflict: m("Mục này không có xung đột như vậy.", "There is no such conflict.")
        case .noConflictNext: m("Xem bằng: ward conflict list", "Look with: ward conflict list")
        case .unreachable:
            m("Chưa gửi được: không kết nối được máy chủ ({0}).", "Not sent yet: the server cannot be reached ({0}).")
        case .unreachableLoss:
            m(
                "Không mất gì; mọi thứ vẫn lưu trên máy và sẽ gửi lại.",
                "Nothing is lost; everything is saved on this device and will be sent again.")
        case .unreachableNext: m("Chạy lại «ward sync» khi có mạng.", "Run “ward sync” again when there is a network.")
        case .timedOut: m("Chưa gửi xong: kết nối quá chậm.", "Not sent completely: the connection is too slow.")
        case .cut: m("Chưa gửi xong: kết nối bị ngắt giữa chừng.", "Not sent completely: the connection was cut off.")
        case .notAWard:
            m(
                "Nơi trả lời ở địa chỉ này không phải máy chủ của phường ({0}).",
                "What answers at this address is not a ward's server ({0}).")
        case .notAWardNext:
            m(
                "Có thể mạng đang đòi đăng nhập (wifi công cộng), hoặc sai địa chỉ. Kiểm tra rồi chạy lại «ward sync».",
                "The network may want a log-in (public wifi), or the address is wrong. Check, then run “ward sync” again."
            )
        case .wrongKey:
            m(
                "Máy trả lời không có khoá TLS của phường: có thể có người đứng giữa đường truyền.",
                "What answers does not have the ward's TLS key: somebody may stand in between.")
        case .wrongKeyNext:
            m(
                "Đừng nhập gì ở mạng này; dùng mạng khác. Nếu vẫn vậy, hỏi phường có bản mô tả mới không.",
                "Enter nothing on this network; use another one. If it stays so, ask the ward for a new descriptor.")
        case .noLibrary: m("Máy thiếu thư viện mạng (libcurl).", "The network library (libcurl) is not installed.")
        case .noLibraryNext: m("Cài đặt: apt install libcurl4", "Install it: apt install libcurl4")
        case .badAddress: m("Địa chỉ máy chủ không hợp lệ: {0}", "The server's address is not valid: {0}")
        case .badAddressNext:
            m(
                "Địa chỉ bắt đầu bằng https:// hoặc http://, không có dấu cách.",
                "An address begins with https:// or http:// and has no spaces.")
        case .serverBusy: m("Chưa gửi được: máy chủ đang bận.", "Not sent yet: the server is busy.")
        case .serverBusyNext: m("Thử lại sau {0} giây: ward sync", "Try again in {0} seconds: ward sync")
        case .noAddress: m("bản mô tả phường không có địa chỉ", "the ward's descriptor has no address")
        case .queuedLoss:
            m(
                "Không mất gì; những gì đã lưu vẫn còn trên máy.",
                "Nothing is lost; what was saved is still on this device.")
        case .badValue: m("Giá trị «{1}» không hợp lệ cho «{0}»: {2}.", "“{1}” does not suit “{0}”: {2}.")
        case .badValueNext: m("Xem hướng dẫn: {0} --help", "See the help: {0} --help")
        case .fileUnreadable: m("Không đọc được tệp {0}.", "The file {0} cannot be read.")
        case .fileUnreadableNext: m("Kiểm tra tên tệp và quyền đọc.", "Check its name and permissions.")
        }
    }

    func with(_ arguments: String...) -> Phrase { Phrase(message, arguments) }
}

/// Turns the library's failures into reports.
enum Faults {
    static func report(_ error: ReplicaError, home: String) -> ErrorReport {
        switch error.reason {
        case .store(let error): return report(error, home: home)
        case .alreadyThere:
            return ErrorReport(
                .refused, code: "home.exists", happened: FaultWord.alreadyHome.with(home),
                loss: .nothingChanged, next: FaultWord.alreadyHomeNext.with())
        case .badDescriptor:
            return ErrorReport(
                .refused, code: "descriptor.invalid", happened: FaultWord.badDescriptor.with(),
                loss: .nothingChanged, next: FaultWord.badDescriptorNext.with())
        case .notFound(let typed):
            return ErrorReport(
                .notFound, code: "document.not-found", happened: FaultWord.notFound.with(typed),
                loss: .nothingChanged, next: FaultWord.notFoundNext.with())
        case .ambiguous(let typed, let ids):
            return ErrorReport(
                .ambiguous, code: "document.ambiguous",
                happened: FaultWord.ambiguous.with(
                    typed, ids.map { ShortID.text($0, length: 12) }.joined(separator: ", ")),
                loss: .nothingChanged, next: FaultWord.ambiguousNext.with())
        case .refused(let code): return refused(code)
        case .change:
            return ErrorReport(
                .refused, code: "change.too-large", happened: FaultWord.tooLong.with(),
                loss: .nothingChanged, next: FaultWord.tooLongNext.with())
        case .badAnswer(let detail):
            return ErrorReport(
                .serverRefused, code: "answer.invalid", happened: FaultWord.badAnswer.with(detail),
                loss: .nothingBut(FaultWord.queuedLoss.with()), next: FaultWord.badAnswerNext.with())
        case .logFault(let fault): return report(fault)
        case .otherTree: return report(.unproven)
        case .refusedByWard(let refusal):
            let words = SyncRefusalWords(refusal)
            return ErrorReport(
                .serverRefused, code: "server.\(refusal.code)", happened: Phrase(words.why),
                loss: .nothingBut(FaultWord.queuedLoss.with()), next: Phrase(words.next))
        case .noConflict:
            return ErrorReport(
                .notFound, code: "conflict.not-found", happened: FaultWord.noConflict.with(),
                loss: .nothingChanged, next: FaultWord.noConflictNext.with())
        }
    }

    private static func refused(_ code: RefusalCode) -> ErrorReport {
        let words = RefusalWords(code)
        // The reason is a phrase of its own language: a message with the reason in both.
        let happened = Message(
            vi: FaultWord.refused.message.vi.replacingFirst("{0}", words.why.vi),
            en: FaultWord.refused.message.en.replacingFirst("{0}", words.why.en))
        return ErrorReport(
            .refused, code: "rule.\(code)", happened: Phrase(happened), loss: .nothingChanged, next: Phrase(words.next))
    }

    static func report(_ error: StoreError, home: String) -> ErrorReport {
        func make(
            _ exit: ExitCode, _ code: String, _ happened: FaultWord, _ next: FaultWord,
            changed: ErrorReport.Loss = .nothing
        ) -> ErrorReport {
            ErrorReport(exit, code: code, happened: happened.with(home, error.detail), loss: changed, next: next.with())
        }
        switch error.code {
        case .missing: return make(.notInitialised, "home.missing", .notAHome, .notAHomeNext, changed: .nothingChanged)
        case .notAStore:
            return make(.storeUnusable, "store.not-ours", .notAStore, .notAStoreNext, changed: .nothingChanged)
        case .newerVersion: return make(.storeUnusable, "store.newer", .newerStore, .newerStoreNext)
        case .damaged: return make(.storeUnusable, "store.damaged", .damaged, .damagedNext)
        case .full: return make(.inputOutput, "disk.full", .full, .fullNext, changed: .nothingChanged)
        case .busy: return make(.failure, "store.busy", .busy, .busyNext, changed: .nothingChanged)
        case .readOnly: return make(.inputOutput, "store.read-only", .readOnly, .readOnlyNext, changed: .nothingChanged)
        case .io: return make(.inputOutput, "store.io", .io, .ioNext, changed: .nothing)
        case .locked:
            return ErrorReport(
                .refused, code: "home.locked", happened: LockWord.locked.with(), loss: .nothing,
                next: LockWord.lockedNext.with())
        case .outdated: return make(.storeUnusable, "store.outdated", .outdated, .outdatedNext, changed: .nothing)
        case .misuse: return make(.failure, "program.fault", .misuse, .misuseNext)
        }
    }

    static func report(_ error: SyncFailure, home: String) -> ErrorReport {
        switch error {
        case .replica(let error): report(error, home: home)
        case .transport(let error): report(error)
        case .interrupted: CommandRun.interrupted()
        }
    }

    static func report(_ error: TransportError) -> ErrorReport {
        func make(_ exit: ExitCode, _ code: String, _ happened: Phrase, _ next: Phrase) -> ErrorReport {
            ErrorReport(
                exit, code: code, happened: happened, loss: .nothingBut(FaultWord.unreachableLoss.with()), next: next)
        }
        let again = FaultWord.unreachableNext.with()
        switch error.code {
        case .unreachable: return make(.offline, "network.unreachable", FaultWord.unreachable.with(error.detail), again)
        case .timedOut: return make(.offline, "network.timed-out", FaultWord.timedOut.with(), again)
        case .cut: return make(.offline, "network.cut", FaultWord.cut.with(), again)
        case .busy(let seconds):
            return make(
                .offline, "network.busy", FaultWord.serverBusy.with(), FaultWord.serverBusyNext.with(String(seconds)))
        case .notAWard:
            return make(
                .serverRefused, "network.not-a-ward", FaultWord.notAWard.with(error.detail),
                FaultWord.notAWardNext.with())
        case .wrongKey:
            return make(.serverRefused, "network.wrong-key", FaultWord.wrongKey.with(), FaultWord.wrongKeyNext.with())
        case .notSecured, .certificateOutOfDate, .certificateUntrusted:
            let words = TLSWord.words(error.code)
            return make(.serverRefused, words.code, words.happened.with(error.detail), words.next.with())
        case .libraryMissing:
            return make(.failure, "network.no-library", FaultWord.noLibrary.with(), FaultWord.noLibraryNext.with())
        case .badAddress:
            return make(
                .usage, "network.bad-address", FaultWord.badAddress.with(error.detail), FaultWord.badAddressNext.with())
        }
    }

    /// A value that was understood as a text but is not what the option takes.
    static func badValue(_ option: String, _ given: String, _ expected: Message, help: String) -> ErrorReport {
        let short = DisplayWidth.truncating(SafeText.line(given), to: 60)
        let base = FaultWord.badValue.message
        return ErrorReport(
            .usage, code: "usage.bad-value",
            happened: Phrase(
                Message(
                    vi: base.vi.replacingFirst("{2}", expected.vi), en: base.en.replacingFirst("{2}", expected.en)),
                [option, short]),
            loss: .nothingChanged, next: FaultWord.badValueNext.with(help))
    }
}

extension String {
    /// The text with the first occurrence of a placeholder replaced.
    func replacingFirst(_ placeholder: String, _ text: String) -> String {
        let bytes = Array(utf8)
        let wanted = Array(placeholder.utf8)
        guard wanted.count <= bytes.count else { return self }
        for start in 0...(bytes.count - wanted.count) where bytes[start..<start + wanted.count].elementsEqual(wanted) {
            return String(
                decoding: bytes[..<start] + Array(text.utf8) + bytes[(start + wanted.count)...], as: UTF8.self)
        }
        return self
    }
}
