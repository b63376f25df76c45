// The exit codes of both programs, in one table.

/// What a program's end means to the script that called it. The numbers never change their meaning.
package enum ExitCode: Int32, CaseIterable, Sendable {
    /// Done.
    case ok = 0
    /// Failed in a way that no other code names.
    case failure = 1
    /// The command line was not understood; nothing was done.
    case usage = 2
    /// What was asked for does not exist here.
    case notFound = 3
    /// A short name or code fits several things.
    case ambiguous = 4
    /// Not permitted, or the values are not valid.
    case refused = 5
    /// A person should look: a conflict, or something held.
    case needsAttention = 6
    /// The server could not be reached; what was saved stays queued.
    case offline = 7
    /// The home directory holds no data of the program yet.
    case notInitialised = 8
    /// The store is damaged, or was written by a newer version.
    case storeUnusable = 9
    /// The disk is full or failed to read or write.
    case inputOutput = 10
    /// The server refused, or belongs to another ward.
    case serverRefused = 11
    /// Interrupted from the keyboard.
    case interrupted = 130
    /// The reader of the output went away, as `head` does; by convention 128 + SIGPIPE.
    case outputClosed = 141

    /// A stable word for programs.
    package var name: String {
        switch self {
        case .ok: "ok"
        case .failure: "failure"
        case .usage: "usage"
        case .notFound: "not-found"
        case .ambiguous: "ambiguous"
        case .refused: "refused"
        case .needsAttention: "needs-attention"
        case .offline: "offline"
        case .notInitialised: "not-initialised"
        case .storeUnusable: "store-unusable"
        case .inputOutput: "input-output"
        case .serverRefused: "server-refused"
        case .interrupted: "interrupted"
        case .outputClosed: "output-closed"
        }
    }

    /// The meaning, for documents and help.
    package var meaning: Message {
        switch self {
        case .ok: Message(vi: "Đã xong.", en: "Done.")
        case .failure: Message(vi: "Không thực hiện được.", en: "Failed.")
        case .usage:
            Message(
                vi: "Dòng lệnh chưa đúng; chưa có gì được thực hiện.",
                en: "The command line was not understood; nothing was done.")
        case .notFound: Message(vi: "Không tìm thấy mục cần tìm.", en: "What was asked for was not found.")
        case .ambiguous:
            Message(vi: "Tên hoặc mã viết tắt khớp với nhiều mục.", en: "A short name or code fits several things.")
        case .refused:
            Message(
                vi: "Không có quyền thực hiện, hoặc giá trị không hợp lệ.",
                en: "Not permitted, or a value is not valid.")
        case .needsAttention:
            Message(
                vi: "Có xung đột hoặc mục tạm giữ cần người xem xét.", en: "A conflict or a held item needs a person.")
        case .offline:
            Message(
                vi: "Chưa kết nối được máy chủ; những gì đã lưu vẫn chờ gửi.",
                en: "The server could not be reached; what was saved stays queued.")
        case .notInitialised:
            Message(
                vi: "Thư mục này chưa có dữ liệu của chương trình.",
                en: "This directory holds no data of the program yet.")
        case .storeUnusable:
            Message(
                vi: "Kho dữ liệu bị hỏng hoặc do phiên bản mới hơn ghi.",
                en: "The store is damaged or was written by a newer version.")
        case .inputOutput:
            Message(vi: "Ổ đĩa đã đầy hoặc lỗi khi đọc, ghi.", en: "The disk is full or failed to read or write.")
        case .serverRefused:
            Message(
                vi: "Máy chủ từ chối, hoặc thuộc phường khác.", en: "The server refused, or belongs to another ward.")
        case .interrupted: Message(vi: "Người dùng đã dừng lệnh.", en: "Interrupted from the keyboard.")
        case .outputClosed:
            Message(vi: "Nơi nhận kết quả đã đóng trước khi in xong.", en: "The reader of the output went away.")
        }
    }
}
