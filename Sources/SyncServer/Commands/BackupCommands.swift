// backup, restore and recovery-key: what an operator does before and after a disk dies.
import CommandLineKit
import Glibc
import SyncKit

/// The commands that keep a ward from being lost.
enum BackupSpecs {
    private static func m(_ vi: String, _ en: String) -> Message { Message(vi: vi, en: en) }

    static let group = CommandGroup(
        m("Sao lưu và khôi phục", "Backup and restore"),
        commands: [
            CommandSpec(
                ["backup"], summary: m("Sao lưu phường, cả khi đang phục vụ", "Back the ward up, also while it serves"),
                details: m(
                    "Tệp sao lưu được kiểm tra rồi niêm phong bằng khoá khôi phục: không có nửa bí mật của khoá ấy thì không ai đọc được. "
                        + "Hãy chép tệp sang máy khác.",
                    "The backup is checked and sealed to the recovery key: nobody reads it without that key's secret half. "
                        + "Copy it to another machine."),
                options: [
                    OptionSpec(
                        "out", value: .file, summary: m("Ghi vào tệp này", "Write to this file"), required: true)
                ],
                examples: [
                    .init(
                        "ward-server backup --home DIR --out ward.backup",
                        m("Sao lưu vào ward.backup.", "Back up to ward.backup."))
                ], run: ServerCommand.backup.rawValue),
            CommandSpec(
                ["restore"], summary: m("Khôi phục phường từ tệp sao lưu", "Restore a ward from a backup"),
                details: m(
                    "Tạo thư mục mới từ tệp sao lưu. Sổ phường tiếp tục ở kỳ mới do khoá gốc ký; các thiết bị tự đẩy lại những gì "
                        + "bản sao lưu chưa có.",
                    "Makes a new home from a backup. The ward log goes on in a new epoch that the root key signs; devices push "
                        + "again what the backup lacks."),
                arguments: [
                    ArgumentSpec(m("TỆP", "FILE"), summary: m("Tệp sao lưu", "The backup"), kind: .file)
                ],
                options: [
                    OptionSpec(
                        "recovery-key", value: .file,
                        summary: m("Tệp giữ khoá khôi phục", "File with the recovery key"), required: true),
                    OptionSpec(
                        "root-key", value: .file, summary: m("Tệp giữ khoá gốc", "File with the root key"),
                        required: true),
                    OptionSpec(
                        "epoch", value: .integer(1...32_000),
                        summary: m(
                            "Số kỳ mới, khi kỳ kế tiếp đã dùng cho lần khôi phục trước",
                            "The new epoch, where the next one was used by an earlier restore")),
                ],
                examples: [
                    .init(
                        "ward-server restore ward.backup --home NEW --recovery-key recovery.key --root-key root.key",
                        m("Khôi phục vào thư mục NEW.", "Restore into the directory NEW."))
                ], run: ServerCommand.restore.rawValue),
            CommandSpec(
                ["recovery-key"],
                summary: m("Tạo khoá khôi phục nếu chưa có", "Make a recovery key where there is none"),
                run: ServerCommand.recoveryKey.rawValue),
        ])
}

extension CommandRun {
    func backup() throws(ErrorReport) -> ExitCode {
        let path = parsed.option("out") ?? ""
        var bar: Progress?
        defer { bar?.finish() }
        let facts: BackupFacts = try withLink { link throws(ErrorReport) in
            do throws(BackupError) {
                return try BackupRun(home: home, link: link, random: SystemRandomSource()).write(to: path) {
                    let shown =
                        bar
                        ?? Progress(
                            terminal, label: Message(vi: "Đang niêm phong (KiB)", en: "Sealing (KiB)"),
                            total: Int(clamping: $1 / 1024))
                    bar = shown
                    shown.advance(to: Int(clamping: $0 / 1024))
                }
            } catch { throw ErrorReport(error, .nothingChanged) }
        }
        bar?.finish()
        if terminal.isJSON {
            printJSON(
                .object([
                    "file": .text(path), "ward": .text(facts.ward.hex), "epoch": .unsigned(facts.end.epoch),
                    "log_size": .unsigned(facts.end.index), "root": .text(facts.root.hex),
                    "bytes": .unsigned(facts.files.reduce(0) { $0 + $1.length }),
                ]))
            return .ok
        }
        terminal.print(
            Message(
                vi: "Đã sao lưu vào {0}: sổ phường đến mục {1} (kỳ {2}), đã kiểm tra.",
                en: "Backed up to {0}: the ward log up to entry {1} (epoch {2}), checked."),
            path, String(facts.end.index), String(facts.end.epoch))
        terminal.remark(
            Message(
                vi: "Hãy chép tệp sang máy khác. Muốn khôi phục phải có khoá khôi phục và khoá gốc.",
                en: "Copy the file to another machine. A restore needs the recovery key and the root key."))
        return .ok
    }

    func restore() throws(ErrorReport) -> ExitCode {
        let file = parsed.argument(0) ?? ""
        let result: RestoreRun.Result
        do throws(BackupError) {
            let recovery = try secret(parsed.option("recovery-key") ?? "", max: 200)
            guard let key = RecoveryKey.read(String(decoding: recovery, as: UTF8.self)) else {
                throw .badKey(parsed.option("recovery-key") ?? "")
            }
            guard let root = try? SigningKey(seed: try secret(parsed.option("root-key") ?? "", max: 32)) else {
                throw .badKey(parsed.option("root-key") ?? "")
            }
            let run = RestoreRun(target: home, random: SystemRandomSource(), time: SystemTimeSource())
            let epoch = parsed.option("epoch").flatMap { UInt64($0) }
            result = try run.run(file, recovery: key, root: root, epoch: epoch)
        } catch { throw ErrorReport(error, .nothingChanged) }
        if terminal.isJSON {
            printJSON(
                .object([
                    "home": .text(home.path), "ward": .text(result.facts.ward.hex), "epoch": .unsigned(result.epoch),
                    "log_size": .unsigned(result.facts.end.index), "backup_time": CBORValue(result.facts.time),
                ]))
            return .ok
        }
        terminal.print(
            Message(
                vi: "Đã khôi phục vào {0}: sổ phường có {1} mục, tiếp tục ở kỳ {2}.",
                en: "Restored into {0}: the ward log has {1} entries and goes on in epoch {2}."),
            home.path, String(result.facts.end.index), String(result.epoch))
        terminal.remark(
            Message(
                vi:
                    "Các thiết bị sẽ tự đẩy lại những gì bản sao lưu chưa có khi đồng bộ. Đừng chạy lại máy chủ cũ, và hãy cất lại hai khoá.",
                en:
                    "Devices push again what the backup lacks when they sync. Never run the old server again, and put both keys away."
            ))
        return .ok
    }

    func recoveryKey() throws(ErrorReport) -> ExitCode {
        let isNew: Bool
        do throws(HomeError) {
            _ = try home.readDescriptor()
            do throws(FileError) {
                if mkdir(home.path + "/root", 0o700) != 0, errno != EEXIST { throw .last(home.path + "/root") }
                isNew = try home.makeRecoveryKey(random: SystemRandomSource())
            } catch { throw .file(error) }
        } catch { throw ErrorReport(error) }
        if terminal.isJSON {
            printJSON(.object(["made": .bool(isNew), "recovery_key": .text(home.recoveryKey)]))
        } else if isNew {
            terminal.print(
                Message(
                    vi: "Khoá khôi phục: {0}. Hãy cất ở nơi không nối mạng.", en: "Recovery key: {0}. Move it offline."),
                home.recoveryKey)
        } else {
            terminal.print(Message(vi: "Đã có khoá khôi phục.", en: "There is a recovery key already."))
        }
        return .ok
    }

    private func secret(_ path: String, max: Int) throws(BackupError) -> Bytes {
        do throws(FileError) { return try HomeFiles.read(path, max: max, isSecret: true) } catch { throw .file(error) }
    }
}

extension ErrorReport {
    init(_ error: BackupError, _ loss: Loss) {
        func report(_ code: String, _ happened: Phrase, _ next: Message) -> ErrorReport {
            ErrorReport(.refused, code: code, happened: happened, loss: loss, next: next.with())
        }
        let another = Message(
            vi: "Lấy một bản sao lưu khác, hoặc chép lại tệp này từ nơi gốc.",
            en: "Take another backup, or copy this one again from where it was.")
        switch error {
        case .file(let inner): self.init(inner)
        case .home(let inner): self.init(inner)
        case .notABackup:
            self = report(
                "backup.not-one",
                Message(vi: "Tệp này không phải bản sao lưu của phường.", en: "This file is not a ward's backup.")
                    .with(),
                another)
        case .otherKey:
            self = report(
                "backup.other-key",
                Message(
                    vi: "Bản sao lưu được niêm phong bằng khoá khôi phục khác.",
                    en: "The backup is sealed to another recovery key."
                ).with(),
                Message(
                    vi: "Tìm đúng khoá khôi phục của phường (bắt đầu bằng wardrecovery1-).",
                    en: "Find the ward's own recovery key (it begins with wardrecovery1-)."))
        case .damaged:
            self = report(
                "backup.damaged",
                Message(
                    vi: "Bản sao lưu đã bị thay đổi hoặc bị cắt.", en: "The backup was changed or cut off."
                ).with(), another)
        case .badKey(let path):
            self = report(
                "backup.bad-key",
                Message(vi: "«{0}» không phải khoá cần dùng.", en: "“{0}” is not the key that is needed.").with(path),
                Message(
                    vi: "Khoá khôi phục là một dòng chữ wardrecovery1-…, khoá gốc là tệp 32 byte.",
                    en: "The recovery key is a line wardrecovery1-…, the root key a file of 32 bytes."))
        case .unsound(let what):
            self = report(
                "backup.unsound",
                Message(
                    vi: "Bản sao của kho không đạt kiểm tra: {0}",
                    en: "The copy of the store did not pass its check: {0}"
                ).with(what),
                Message(
                    vi: "Chạy «ward-server doctor», rồi sao lưu lại.",
                    en: "Run “ward-server doctor”, then back up again."))
        case .control(let what):
            self = report(
                "backup.unavailable",
                Message(
                    vi: "Máy chủ đang chạy không sao chép được kho: {0}",
                    en: "The running server could not copy its store: {0}"
                ).with(what),
                Message(vi: "Thử lại; xem nhật ký của máy chủ.", en: "Try again; see the server's log."))
        }
    }
}
