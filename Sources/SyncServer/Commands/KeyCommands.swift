// keys: which keys the ward works with, new ones, and the root key taken offline.
import CommandLineKit
import Glibc
import SyncKit

extension CommandRun {
    /// `ward-server keys show`
    func keysShow() throws(ErrorReport) -> ExitCode {
        let descriptor: WardDescriptor
        let past: PastKeys
        do {
            descriptor = try home.readDescriptor().descriptor
            past = try home.readPastKeys()
        } catch { throw ErrorReport(error) }
        let earlier = past.signing(ward: descriptor.ward, rootKey: descriptor.rootKey)
        let hasRoot = access(home.rootKey, F_OK) == 0
        func id(_ key: Digest) -> String { Self.keyName(key) }
        if terminal.isJSON {
            printJSON(
                .object([
                    "root": .text(id(descriptor.rootKey)), "root_here": .bool(hasRoot),
                    "signing": .text(id(descriptor.signingKeys.first ?? .zero)),
                    "sealing": .text(id(descriptor.sealingKey)),
                    "earlier_signing": .array(earlier.keys.map { .text(id($0)) }),
                    "compromised": .array(
                        earlier.keys.filter { earlier.compromised.contains($0) }.map { .text(id($0)) }),
                    "earlier_sealing": .count(past.sealing.count),
                ]))
            return .ok
        }
        terminal.print(Message(vi: "Khoá gốc: {0}", en: "Root key: {0}"), id(descriptor.rootKey))
        terminal.print(
            Message(vi: "Khoá ký: {0}", en: "Signing key: {0}"), id(descriptor.signingKeys.first ?? .zero))
        terminal.print(Message(vi: "Khoá niêm phong: {0}", en: "Sealing key: {0}"), id(descriptor.sealingKey))
        for key in earlier.keys {
            let isLost = earlier.compromised.contains(key)
            terminal.print(
                isLost
                    ? Message(vi: "Khoá ký cũ, có thể đã lộ: {0}", en: "Earlier signing key, compromised: {0}")
                    : Message(vi: "Khoá ký cũ: {0}", en: "Earlier signing key: {0}"), id(key))
        }
        if hasRoot {
            terminal.remark(
                Message(
                    vi: "Khoá gốc đang nằm trên máy này; hãy cất đi: ward-server keys export-root TỆP",
                    en: "The root key lies on this machine; take it away: ward-server keys export-root FILE"))
        }
        return .ok
    }

    /// A key as it is named where it signs: the first eight bytes of its hash, in hexadecimal.
    private static func keyName(_ key: Digest) -> String { String(Blake2b.hash(key.bytes).hex.prefix(16)) }

    /// `ward-server keys rotate`
    func keysRotate() throws(ErrorReport) -> ExitCode {
        var purposes: [KeyStatement.Purpose] = []
        if parsed.flag("signing") { purposes.append(.signing) }
        if parsed.flag("sealing") { purposes.append(.sealing) }
        if purposes.isEmpty { purposes = [.signing, .sealing] }
        let statements: [KeyStatement]
        do throws(HomeError) {
            let root = try home.readRootKey(parsed.option("root-key") ?? home.rootKey)
            guard let lock = try HomeLock(home) else { throw HomeError.busy }
            defer { lock.release() }
            statements = try home.rotate(
                purposes, compromised: parsed.flag("compromised"), root: root, time: SystemTimeSource(),
                random: SystemRandomSource()
            ).statements
            // Opened once: the statements stand in the log from here on.
            _ = try home.open(time: SystemTimeSource(), random: SystemRandomSource())
        } catch { throw ErrorReport(error) }
        if terminal.isJSON {
            printJSON(
                .object([
                    "rotated": .array(
                        statements.map { said in
                            .object([
                                "purpose": .text(said.purpose == .signing ? "signing" : "sealing"),
                                "key": .text(Self.keyName(said.key)),
                                "previous": .text(Self.keyName(said.previous)),
                                "compromised": .bool(said.isCompromised),
                            ])
                        })
                ]))
            return .ok
        }
        for said in statements {
            terminal.print(
                said.purpose == .signing
                    ? Message(vi: "Khoá ký mới: {0}", en: "New signing key: {0}")
                    : Message(vi: "Khoá niêm phong mới: {0}", en: "New sealing key: {0}"),
                Self.keyName(said.key))
        }
        terminal.remark(
            Message(
                vi: "Sao lưu ngay: bản sao lưu cũ không có khoá mới. In lại bản mô tả phường cho người mới.",
                en: "Make a backup now: older ones lack the new keys. Print the descriptor anew for newcomers."))
        return .ok
    }

    /// `ward-server keys export-root FILE`, `ward-server keys import-root FILE`
    func keysMoveRoot(exporting: Bool) throws(ErrorReport) -> ExitCode {
        let file = parsed.argument(0) ?? ""
        let (from, to) = exporting ? (home.rootKey, file) : (file, home.rootKey)
        do throws(HomeError) {
            let seed = try home.readRootKey(from).seed.withUnsafeBytes { Bytes($0) }
            do throws(FileError) {
                try HomeFiles.create(to, seed)
                HomeFiles.sync(directoryOf: to)
                // Read back before the only copy here goes.
                guard try HomeFiles.read(to, max: 32, isSecret: true) == seed else { throw FileError(.missing, to) }
                if exporting {
                    guard unlink(from) == 0 else { throw .last(from) }
                    HomeFiles.sync(directoryOf: from)
                }
            } catch { throw .file(error) }
        } catch { throw ErrorReport(error) }
        if terminal.isJSON {
            printJSON(.object(["root_key": .text(to), "root_here": .bool(!exporting)]))
        } else if exporting {
            terminal.print(
                Message(
                    vi: "Khoá gốc nay chỉ còn ở {0}. Chép thêm một bản nữa, cất hai nơi không nối mạng.",
                    en: "The root key is in {0} alone now. Make a second copy; keep both offline, in two places."), to)
        } else {
            terminal.print(Message(vi: "Đã đưa khoá gốc vào {0}.", en: "The root key is in {0}."), to)
        }
        return .ok
    }
}

extension ServerProgram {
    private static let rootFile = ArgumentSpec(
        Message(vi: "TỆP", en: "FILE"),
        summary: Message(vi: "Tệp trên thiết bị lưu trữ rời", en: "A file on a removable medium"), kind: .file)

    static let keys = CommandGroup(
        Message(vi: "Khoá của phường", en: "The ward's keys"),
        topics: [TopicSpec(["keys"], summary: Message(vi: "Khoá của phường", en: "The ward's keys"))],
        commands: [
            CommandSpec(
                ["keys", "show"],
                summary: Message(vi: "Phường đang dùng những khoá nào", en: "Which keys the ward works with"),
                run: ServerCommand.keysShow.rawValue),
            CommandSpec(
                ["keys", "rotate"], summary: Message(vi: "Thay khoá", en: "Give the ward new keys"),
                details: Message(
                    vi:
                        "Cần khoá gốc; dừng máy chủ trước. Không ghi --signing hay --sealing: thay cả hai. Thiết bị nhận khoá mới ở lần đồng bộ sau.",
                    en:
                        "Needs the root key; stop the server first. Without --signing or --sealing: both. Devices learn of it with their next sync."
                ),
                options: [
                    OptionSpec(flag: "signing", summary: Message(vi: "Chỉ khoá ký", en: "The signing key")),
                    OptionSpec(flag: "sealing", summary: Message(vi: "Chỉ khoá niêm phong", en: "The sealing key")),
                    OptionSpec(
                        flag: "compromised",
                        summary: Message(
                            vi: "Khoá cũ có thể đã lộ: không nhận gì nó ký nữa",
                            en: "Somebody else may have the old ones: nothing that they sign is taken")),
                    OptionSpec(
                        "root-key", value: .file,
                        summary: Message(
                            vi: "Khoá gốc, nếu không ở trong nhà", en: "The root key, where it is not here")),
                ], run: ServerCommand.keysRotate.rawValue),
            CommandSpec(
                ["keys", "export-root"],
                summary: Message(vi: "Đưa khoá gốc ra khỏi máy này", en: "Take the root key off this machine"),
                arguments: [rootFile], run: ServerCommand.keysExportRoot.rawValue),
            CommandSpec(
                ["keys", "import-root"],
                summary: Message(vi: "Đưa khoá gốc vào lại", en: "Bring the root key back"), arguments: [rootFile],
                run: ServerCommand.keysImportRoot.rawValue),
        ])
}
