// The table's part on protecting what this device holds.

import CommandLineKit
import SyncKit

extension WardProgram {
    private static let passphraseFile = OptionSpec(
        "passphrase-file", value: .file,
        summary: m(
            "Đọc cụm mật khẩu từ dòng đầu của tệp; «-» là đầu vào chuẩn",
            "Read the passphrase from a file's first line; “-” is standard input"))
    private static let autoLock = OptionSpec(
        "auto-lock", value: .integer(0...525_600), label: m("phút", "minutes"),
        summary: m(
            "Tự khoá sau số phút không dùng; 0: tới khi tắt máy (15)",
            "Lock after so many minutes without use; 0: when the machine goes down (15)"))

    static let protection = CommandGroup(
        m("Bảo vệ dữ liệu trên máy", "Protecting this device's data"),
        topics: [
            TopicSpec(["passphrase"], summary: m("Cụm mật khẩu của dữ liệu trên máy", "The passphrase of this data"))
        ],
        commands: [
            CommandSpec(
                ["passphrase", "set"], summary: m("Đặt cụm mật khẩu", "Set a passphrase"),
                details: m(
                    "Mã hoá khoá của thiết bị, bản nháp, thông tin riêng và mã tra cứu. Văn bản công khai đã đồng bộ thì không.",
                    "Encrypts the device's keys, drafts, private details and look-up codes. Public text that was synced is not."
                ),
                options: [passphraseFile, autoLock],
                examples: [
                    .init(
                        "ward passphrase set --auto-lock 10",
                        m("Hỏi cụm mật khẩu; tự khoá sau 10 phút.", "Asks for it; locks after 10 minutes."))
                ], run: Command.passphraseSet.rawValue),
            CommandSpec(
                ["passphrase", "change"], summary: m("Đổi cụm mật khẩu", "Change the passphrase"),
                options: [
                    passphraseFile,
                    OptionSpec(
                        "new-passphrase-file", value: .file,
                        summary: m("Cụm mật khẩu mới từ tệp", "The new passphrase from a file")), autoLock,
                ],
                examples: [
                    .init("ward passphrase change", m("Hỏi cũ rồi hỏi mới.", "Asks for the old, then the new."))
                ],
                run: Command.passphraseChange.rawValue),
            CommandSpec(
                ["passphrase", "remove"], summary: m("Bỏ cụm mật khẩu", "Remove the passphrase"),
                options: [passphraseFile],
                examples: [
                    .init("ward passphrase remove", m("Dữ liệu không còn mã hoá.", "Nothing is encrypted any more."))
                ],
                run: Command.passphraseRemove.rawValue),
            CommandSpec(
                ["lock"], summary: m("Khoá ngay", "Lock now"),
                examples: [.init("ward lock", m("Trước khi cho mượn máy.", "Before lending the device."))],
                run: Command.lock.rawValue),
            CommandSpec(
                ["unlock"], summary: m("Mở khoá", "Unlock"),
                details: m(
                    "Khoá đã mở nằm trong bộ nhớ của phiên làm việc (XDG_RUNTIME_DIR), không nằm trên ổ đĩa.",
                    "The opened key is kept in the session's memory (XDG_RUNTIME_DIR), not on a disk."),
                options: [passphraseFile, autoLock],
                examples: [.init("ward unlock", m("Hỏi cụm mật khẩu một lần.", "Asks for the passphrase once."))],
                run: Command.unlock.rawValue),
            CommandSpec(
                ["wipe"], summary: m("Xoá hẳn dữ liệu trên máy này", "Remove this device's data for good"),
                details: m(
                    "Cho biết điều gì chưa gửi, hỏi lại, ghi đè khoá trước rồi xoá các tệp. Không cần cụm mật khẩu.",
                    "Says what was not sent, asks, overwrites the keys first, then removes the files. Needs no passphrase."
                ),
                options: [OptionSpec(flag: "yes", "y", summary: m("Không hỏi lại", "Do not ask"))],
                examples: [.init("ward wipe", m("Trước khi bỏ hay bán máy.", "Before giving the device away."))],
                run: Command.wipe.rawValue),
        ])
}
