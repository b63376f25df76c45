// console-link and console-passphrase: how somebody comes in at the console.
import CommandLineKit
import Glibc
import SyncKit

enum ConsoleSpecs {
    private static let role = OptionSpec(
        "role", value: .choice(ConsoleRole.allCases.map(\.rawValue)),
        summary: Message(vi: "Quản trị, hoặc kiểm tra chỉ đọc", en: "Administrator, or auditor who only reads"))
    private static let file = OptionSpec(
        "passphrase-file", value: .file,
        summary: Message(vi: "Tệp có cụm mật khẩu ở dòng đầu", en: "File with the passphrase in its first line"))

    static let group = CommandGroup(
        Message(vi: "Bàn điều khiển", en: "The console"),
        topics: [
            TopicSpec(
                ["console-passphrase"],
                summary: Message(vi: "Cụm mật khẩu của bàn điều khiển", en: "Passphrases of the console"))
        ],
        commands: [
            CommandSpec(
                ["console-link"],
                summary: Message(
                    vi: "Tạo liên kết đăng nhập dùng một lần", en: "Make a link that signs in once"),
                details: Message(
                    vi:
                        "Máy chủ phải đang chạy. Liên kết dùng được một lần, trong 10 phút. Phiên làm việc hết sau 30 phút không dùng, "
                        + "và sau 8 giờ trong mọi trường hợp.",
                    en:
                        "The server must be running. The link works once, within 10 minutes. A session ends after 30 minutes "
                        + "without use, and after 8 hours at most."),
                options: [
                    role,
                    OptionSpec(
                        "name", value: .text(maximumBytes: 120),
                        summary: Message(
                            vi: "Tên người dùng liên kết; ghi cùng mỗi quyết định",
                            en: "Who will use it; stands beside each decision")),
                ],
                examples: [
                    .init(
                        "ward-server console-link --home DIR --name \"Nguyễn Thị Hà\"",
                        Message(vi: "Cho quản trị vào bàn điều khiển.", en: "Lets an administrator in.")),
                    .init(
                        "ward-server console-link --home DIR --role auditor",
                        Message(vi: "Cho người kiểm tra vào, chỉ đọc.", en: "Lets an auditor in, who only reads.")),
                ], run: ServerCommand.consoleLink.rawValue),
            CommandSpec(
                ["console-passphrase", "set"],
                summary: Message(
                    vi: "Đặt cụm mật khẩu cho bàn điều khiển", en: "Set a passphrase for the console"),
                details: Message(
                    vi: "Cụm mật khẩu được băm bằng Argon2id. Mỗi vai trò một cụm.",
                    en: "It is kept under Argon2id. One for each role."),
                options: [role, file],
                examples: [
                    .init(
                        "ward-server console-passphrase set --home DIR",
                        Message(
                            vi: "Hỏi cụm mật khẩu của quản trị hai lần.", en: "Asks twice for the administrators' one.")
                    )
                ], run: ServerCommand.consolePassphraseSet.rawValue),
            CommandSpec(
                ["console-passphrase", "remove"],
                summary: Message(
                    vi: "Bỏ cụm mật khẩu; chỉ còn liên kết", en: "Remove it, so that only links let in"),
                options: [role],
                examples: [
                    .init(
                        "ward-server console-passphrase remove --home DIR --role auditor",
                        Message(vi: "Người kiểm tra chỉ còn vào bằng liên kết.", en: "Auditors come in by links alone.")
                    )
                ], run: ServerCommand.consolePassphraseRemove.rawValue),
        ])
}

extension CommandRun {
    private var consoleRole: ConsoleRole {
        parsed.option("role").flatMap(ConsoleRole.init(rawValue:)) ?? .admin
    }

    func consoleLink() throws(ErrorReport) -> ExitCode {
        let reply = try ask(.consoleLink(consoleRole, name: parsed.option("name") ?? ""))
        if terminal.isJSON {
            printJSON(reply)
            return .ok
        }
        terminal.print(SafeText.line(reply["url"].string ?? ""))
        terminal.remark(
            Message(
                vi: "Mở liên kết này trong trình duyệt. Dùng được một lần, trong {0} phút.",
                en: "Open this link in a browser. It works once, within {0} minutes."),
            String(reply["minutes"].integer ?? 0))
        return .ok
    }

    func consolePassphraseSet() throws(ErrorReport) -> ExitCode {
        do { _ = try home.readDescriptor() } catch { throw ErrorReport(error) }
        let passphrase = try newConsolePassphrase()
        let isSet: Bool
        do { isSet = try ConsolePassphrases(home: home).set(passphrase, consoleRole) } catch {
            throw ErrorReport(error)
        }
        guard isSet else {
            throw ErrorReport(
                .failure, code: "console.memory",
                happened: Message(
                    vi: "Máy không đủ bộ nhớ để băm cụm mật khẩu.",
                    en: "The machine lacks the memory to keep it safely."
                ).with(), loss: .nothingChanged,
                next: Message(vi: "Giải phóng bộ nhớ rồi chạy lại.", en: "Free some memory and run it again.").with())
        }
        terminal.print(Message(vi: "Đã đặt cụm mật khẩu.", en: "The passphrase is set."))
        return .ok
    }

    func consolePassphraseRemove() throws(ErrorReport) -> ExitCode {
        do { _ = try home.readDescriptor() } catch { throw ErrorReport(error) }
        let isRemoved = ConsolePassphrases(home: home).remove(consoleRole)
        terminal.print(
            isRemoved
                ? Message(vi: "Đã bỏ cụm mật khẩu.", en: "The passphrase is removed.")
                : Message(vi: "Chưa có cụm mật khẩu nào cho vai trò này.", en: "There was none for this role."))
        return .ok
    }

    /// From a file, else typed twice.
    private func newConsolePassphrase() throws(ErrorReport) -> String {
        let text: String
        if let path = parsed.option("passphrase-file") {
            let bytes: Bytes
            do { bytes = try HomeFiles.read(path, max: 4096) } catch { throw ErrorReport(error) }
            guard let read = String(validating: bytes, as: UTF8.self) else { throw shortPassphrase() }
            text = String(read.unicodeScalars.prefix { $0 != "\n" && $0 != "\r" })
        } else {
            let prompt = Prompt(terminal)
            guard
                let typed = prompt.secret(
                    Message(vi: "Cụm mật khẩu mới, ít nhất {0} ký tự:", en: "New passphrase, at least {0} characters:"),
                    String(PassphraseLock.fewestCharacters)),
                let again = prompt.secret(Message(vi: "Nhập lại:", en: "Once more:"))
            else {
                throw ErrorReport.cannotAsk(
                    option: "--passphrase-file", helpCommand: "ward-server console-passphrase set --help")
            }
            guard typed == again else {
                throw ErrorReport(
                    .refused, code: "console.differs",
                    happened: Message(vi: "Hai lần nhập không giống nhau.", en: "The two were not the same.").with(),
                    loss: .nothingChanged, next: Message(vi: "Chạy lại lệnh này.", en: "Run it again.").with())
            }
            text = typed
        }
        guard text.count >= PassphraseLock.fewestCharacters, text.utf8.count <= PassphraseLock.mostBytes else {
            throw shortPassphrase()
        }
        return text
    }

    private func shortPassphrase() -> ErrorReport {
        ErrorReport(
            .refused, code: "console.too-short",
            happened: Message(
                vi: "Cụm mật khẩu cần ít nhất {0} ký tự.", en: "A passphrase takes at least {0} characters."
            ).with(String(PassphraseLock.fewestCharacters)), loss: .nothingChanged,
            next: Message(
                vi: "Chọn vài từ dễ nhớ mà người khác không đoán được.",
                en: "Take a few words that you remember and nobody guesses."
            ).with())
    }
}
