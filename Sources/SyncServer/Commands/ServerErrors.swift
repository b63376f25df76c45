// What goes wrong, in the words of the person at the terminal: what happened, what it means, what to do.
import CommandLineKit
import SyncKit
import WardWords

extension ErrorReport {
    init(_ error: HomeError) {
        switch error {
        case .exists(let path):
            self.init(
                .refused, code: "home.exists",
                happened: Message(vi: "Đã có thư mục «{0}».", en: "“{0}” exists already.").with(path),
                loss: .nothingChanged,
                next: Message(
                    vi: "Chọn thư mục khác bằng --home, hoặc xoá thư mục đó nếu chắc chắn không cần nữa.",
                    en: "Choose another directory with --home, or remove that one if it is surely not needed."
                ).with())
        case .missing(let path):
            self.init(
                .notInitialised, code: "home.missing",
                happened: Message(vi: "Không có phường nào trong «{0}».", en: "There is no ward in “{0}”.").with(path),
                loss: .nothingChanged,
                next: Message(
                    vi: "Tạo bằng «ward-server init», hoặc chỉ đúng thư mục bằng --home.",
                    en: "Set one up with “ward-server init”, or name its directory with --home."
                ).with())
        case .noRootKey(let path):
            self.init(
                .refused, code: "home.no-root-key",
                happened: Message(vi: "Không có khoá gốc ở «{0}».", en: "The root key is not at “{0}”.").with(path),
                loss: .nothingChanged,
                next: Message(
                    vi: "Chép khoá gốc từ nơi cất giữ vào chỗ đó, chạy lại lệnh, rồi lại cất đi.",
                    en: "Copy the root key there from where it is kept, run this again, then take it away again."
                ).with())
        case .otherRootKey(let path):
            self.init(
                .refused, code: "home.other-root-key",
                happened: Message(
                    vi: "«{0}» không phải khoá gốc của phường này.", en: "“{0}” is not this ward's root key."
                ).with(path),
                loss: .nothingChanged,
                next: Message(
                    vi: "Lấy đúng tệp khoá gốc; xem phường dùng khoá nào: ward-server keys show",
                    en: "Take the right file; which key the ward has: ward-server keys show"
                ).with())
        case .damaged(let what):
            self.init(
                .storeUnusable, code: "home.damaged",
                happened: Message(
                    vi: "«{0}» không đúng hoặc không thuộc phường này.", en: "“{0}” is not sound, or not this ward's."
                ).with(what),
                next: Message(
                    vi: "Khôi phục tệp đó từ bản sao lưu.", en: "Restore that file from a backup."
                ).with())
        case .tls(let fault):
            self.init(
                .failure, code: "home.tls",
                happened: Message(
                    vi: "Không tạo hoặc không đọc được chứng thư của phường ({0}).",
                    en: "The ward's own certificate could not be made or read ({0})."
                ).with("\(fault)"),
                loss: .nothingChanged,
                next: Message(
                    vi: "Khôi phục keys/tls.key từ bản sao lưu, hoặc xoá nó và tls.pem rồi ký lại bản mô tả.",
                    en: "Restore keys/tls.key from a backup, or remove it and tls.pem and sign the descriptor again."
                ).with())
        case .busy:
            self.init(
                .failure, code: "home.busy",
                happened: Message(
                    vi: "Một chương trình khác đang giữ thư mục dữ liệu.",
                    en: "Another program holds the home directory."
                ).with(),
                loss: .nothingChanged,
                next: Message(
                    vi: "Chờ chương trình đó xong, hoặc dừng máy chủ đang chạy.",
                    en: "Wait until it is done, or stop the server that is running."
                ).with())
        case .file(let error): self.init(error)
        case .store(let error): self.init(error)
        }
    }

    init(_ error: FileError) {
        let next = Message(
            vi: "Kiểm tra đường dẫn, quyền truy cập và chỗ trống trên ổ đĩa.",
            en: "Check the path, its permissions and the free space.")
        switch error.reason {
        case .missing:
            self.init(
                .notFound, code: "file.missing",
                happened: Message(vi: "Không có tệp «{0}».", en: "There is no file “{0}”.").with(error.path),
                loss: .nothingChanged, next: next.with())
        case .tooOpen:
            self.init(
                .refused, code: "file.too-open",
                happened: Message(
                    vi: "Người khác đọc được khoá «{0}».", en: "Others may read the key “{0}”."
                ).with(error.path),
                loss: .nothingChanged,
                next: Message(vi: "Chạy: chmod 600 {0}", en: "Run: chmod 600 {0}").with(error.path))
        case .exists:
            self.init(
                .refused, code: "file.exists",
                happened: Message(
                    vi: "Đã có tệp «{0}»; không ghi đè.", en: "“{0}” exists already and is not written over."
                ).with(error.path),
                loss: .nothingChanged,
                next: Message(vi: "Chọn tên tệp khác.", en: "Choose another name.").with())
        case .tooLarge:
            self.init(
                .refused, code: "file.unsuitable",
                happened: Message(
                    vi: "Tệp «{0}» không dùng được.", en: "The file “{0}” cannot be used."
                ).with(error.path),
                loss: .nothingChanged, next: next.with())
        case .system(let number):
            self.init(
                .inputOutput, code: "file.failed",
                happened: Message(
                    vi: "Không đọc hoặc ghi được «{0}» (mã hệ thống {1}).",
                    en: "“{0}” could not be read or written (system error {1})."
                ).with(error.path, String(number)),
                next: next.with())
        }
    }

    /// What a failure of the store leaves as it was.
    private static let acknowledgedStays = Loss.nothingBut(
        Message(
            vi: "Những gì đã xác nhận trước đó vẫn nằm trong kho.",
            en: "What was acknowledged before is still in the store."
        ).with())

    /// The disk is full, on this machine or on the server's.
    private static var diskFull: ErrorReport {
        ErrorReport(
            .inputOutput, code: "disk.full",
            happened: Message(
                vi: "Ổ đĩa của kho dữ liệu đã hết chỗ trống.", en: "The disk of the store is full."
            ).with(),
            loss: acknowledgedStays,
            next: Message(
                vi: "Giải phóng chỗ trống rồi chạy lại lệnh; máy chủ tự làm tiếp, không cần khởi động lại.",
                en: "Free some room and run the command again; the server goes on by itself, without a restart."
            ).with())
    }

    init(_ error: StoreError) {
        if error.code == .full {
            self = .diskFull
            return
        }
        let exit: ExitCode =
            switch error.code {
            case .full, .io, .readOnly: .inputOutput
            case .damaged, .newerVersion, .notAStore, .missing, .outdated, .locked: .storeUnusable
            case .busy, .misuse: .failure
            }
        self.init(
            exit, code: "store.\(error.code.rawValue)",
            happened: Message(
                vi: "Kho dữ liệu không dùng được: {0} ({1}).", en: "The store cannot be used: {0} ({1})."
            ).with(error.code.rawValue, error.detail),
            loss: Self.acknowledgedStays,
            next: Message(
                vi: "Kiểm tra ổ đĩa, chạy «ward-server doctor», rồi khôi phục từ bản sao lưu nếu cần.",
                en: "Check the disk, run “ward-server doctor”, and restore from a backup if need be."
            ).with())
    }

    init(_ error: ControlFailure) {
        if error.code == .store, error.detail == StoreError.Code.full.rawValue {
            self = .diskFull
            return
        }
        let exit: ExitCode
        let happened: Message
        let next: Message
        switch error.code {
        case .deviceUnknown:
            (exit, happened) = (
                .notFound,
                Message(vi: "Không có thiết bị nào bắt đầu bằng «{0}».", en: "No device begins with “{0}”.")
            )
            next = Message(vi: "Xem danh sách: ward-server devices", en: "See the list: ward-server devices")
        case .deviceAmbiguous:
            (exit, happened) = (
                .ambiguous, Message(vi: "Nhiều thiết bị bắt đầu bằng «{0}».", en: "Several devices begin with “{0}”.")
            )
            next = Message(vi: "Ghi thêm ký tự của khoá.", en: "Give more digits of the key.")
        case .notHeld:
            (exit, happened) = (
                .notFound, Message(vi: "Gói thay đổi đó không bị tạm giữ.", en: "That change set is not held.")
            )
            next = Message(
                vi: "Xem danh sách: ward-server quarantine list", en: "See the list: ward-server quarantine list")
        case .notReleasable:
            // The socket carries a code: what stands for it is a text of its own in each language.
            let why = OrderProblemWord.message(error.detail)
            (exit, happened) = (
                .refused,
                Message(
                    vi: "Quy tắc của phường không cho phép: \(why.vi).", en: "The ward's rules refuse it: \(why.en).")
            )
            next = Message(
                vi: "Nhận thứ còn thiếu trước, hoặc từ chối gói đó bằng «decline».",
                en: "Let what it needs arrive first, or refuse it with “decline”.")
        case .ownDevice:
            (exit, happened) = (
                .refused,
                Message(
                    vi: "Không thu hồi được thiết bị của chính máy chủ.", en: "The ward's own device cannot be revoked."
                )
            )
            next = Message(vi: "Xem danh sách: ward-server devices", en: "See the list: ward-server devices")
        case .outsideWard:
            (exit, happened) = (
                .refused, Message(vi: "Địa bàn «{0}» không thuộc phường này.", en: "The area “{0}” is not this ward's.")
            )
            next = Message(
                vi: "Dùng mã của phường hoặc của khu phố trong phường.",
                en: "Use the code of the ward or of a part of it.")
        case .badInvitation:
            (exit, happened) = (.refused, Message(vi: "Lời mời không hợp lệ.", en: "The invitation is not valid."))
            next = Message(vi: "Xem: ward-server invite --help", en: "See: ward-server invite --help")
        case .reservedName:
            (exit, happened) = (
                .refused,
                Message(
                    vi: "«{0}» là tên riêng của bàn điều khiển.", en: "“{0}” is the name of the console alone.")
            )
            next = Message(vi: "Dùng tên của người được mời.", en: "Use the name of whoever is invited.")
        case .notServing:
            (exit, happened) = (
                .refused,
                Message(
                    vi: "Bàn điều khiển chỉ có khi máy chủ đang chạy.",
                    en: "The console is there only while the server runs.")
            )
            next = Message(vi: "Chạy trước: ward-server serve", en: "Run this first: ward-server serve")
        case .needsTLS:
            (exit, happened) = (
                .refused,
                Message(
                    vi: "Bàn điều khiển không mở khi đường truyền ra ngoài không được mã hoá.",
                    en: "The console stays closed where others can reach the server in plaintext.")
            )
            next = Message(
                vi: "Chạy máy chủ với --self-signed, hoặc --tls-cert và --tls-key, hoặc trên 127.0.0.1.",
                en: "Run the server with --self-signed, or --tls-cert and --tls-key, or on 127.0.0.1.")
        case .noFork:
            (exit, happened) = (
                .notFound, Message(vi: "Thiết bị đó chỉ có một nhánh.", en: "There is one branch only of that device.")
            )
            next = Message(vi: "Xem danh sách: ward-server forks list", en: "See the list: ward-server forks list")
        case .notWaiting:
            (exit, happened) = (
                .notFound,
                Message(
                    vi: "Không có thiết bị mới nào bắt đầu bằng «{0}» đang chờ xác nhận.",
                    en: "No new device that begins with “{0}” waits to be confirmed.")
            )
            next = Message(vi: "Xem danh sách: ward-server forks list", en: "See the list: ward-server forks list")
        case .store:
            (exit, happened) = (
                .inputOutput, Message(vi: "Kho dữ liệu có lỗi: {0}.", en: "The store has a fault: {0}.")
            )
            next = Message(
                vi: "Xem nhật ký máy chủ, dừng máy chủ, rồi chạy «ward-server doctor».",
                en: "See the server's log, stop the server, then run “ward-server doctor”.")
        case .badRequest:
            (exit, happened) = (
                .failure,
                Message(
                    vi: "Máy chủ đang chạy không hiểu lệnh này.", en: "The running server does not know this command.")
            )
            next = Message(
                vi: "Khởi động lại máy chủ sau khi nâng cấp.", en: "Restart the server after an upgrade.")
        case .unavailable:
            (exit, happened) = (
                .offline, Message(vi: "Máy chủ đang chạy không trả lời.", en: "The running server does not answer.")
            )
            next = Message(vi: "Chạy lại lệnh này.", en: "Run the command again.")
        }
        self.init(
            exit, code: "control.\(error.code.rawValue)", happened: happened.with(error.detail), next: next.with())
    }
}
