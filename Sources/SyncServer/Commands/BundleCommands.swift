// bundle: what volunteers carried to the office comes in, and what goes back is written out for them to carry.
import CommandLineKit
import Glibc
import SyncKit

/// The commands about bundles that are carried by hand.
enum BundleSpecs {
    private static func m(_ vi: String, _ en: String) -> Message { Message(vi: vi, en: en) }

    static let group = CommandGroup(
        m("Gói mang tay", "Bundles carried by hand"),
        topics: [
            TopicSpec(
                ["bundle"],
                summary: m("Nhận và trả các gói mang tay", "Take in and hand out bundles that are carried by hand"))
        ],
        commands: [
            CommandSpec(
                ["bundle", "import"], summary: m("Nhận các phần của gói mang tay", "Take in parts of bundles"),
                details: m(
                    "Thứ tự nào cũng được, nhập lại bao nhiêu lần cũng được. Gói thiếu phần thì chờ, và nói rõ còn thiếu phần nào; phần hỏng thì nói cần mang lại phần nào. Gói đủ phần được xử lý như một lần đồng bộ, và phường soạn gói trả lời.",
                    "In any order and as often as you like. A bundle that is not whole waits and says which parts are missing; of a damaged part it is said which one to bring again. A whole bundle is a sync like any other, and the ward makes its return."
                ),
                arguments: [
                    ArgumentSpec(
                        m("TỆP", "FILE"), summary: m("Các tệp .wsb", "Files of parts"), kind: .file, required: false,
                        repeats: true)
                ],
                options: [
                    OptionSpec(
                        "texts", value: .file,
                        summary: m(
                            "Tệp có các dòng đọc từ mã QR; «-» là đầu vào chuẩn",
                            "File with the lines that were read from QR codes; “-” is standard input"))
                ],
                examples: [
                    .init(
                        "ward-server bundle import /media/usb/wardbundle-1a2b3c4d-1-of-2.wsb",
                        m("Nhận một phần từ thẻ nhớ.", "Take a part in from a stick."))
                ], run: ServerCommand.bundleImport.rawValue),
            CommandSpec(
                ["bundle", "export"],
                summary: m("Ghi các gói trả lời ra thư mục", "Write the returns to a directory"),
                details: m(
                    "Mỗi gói trả lời chỉ thiết bị đã gửi mở được; người mang không đọc được. Ghi lại nhiều lần cũng không sao.",
                    "Each return can be opened by the device alone that it is for; who carries it cannot read it. Writing them again does no harm."
                ),
                arguments: [
                    ArgumentSpec(
                        m("THƯ-MỤC", "DIRECTORY"), summary: m("Nơi ghi, đã có sẵn", "Where to write; it exists"),
                        kind: .file)
                ],
                run: ServerCommand.bundleExport.rawValue),
            CommandSpec(
                ["bundle", "list"],
                summary: m("Gói đang chờ, gói đã nhận, gói trả lời", "Bundles that wait or were taken, and returns"),
                run: ServerCommand.bundleList.rawValue),
        ])
}

extension CommandRun {
    /// `ward-server bundle import FILE…`
    func bundleImport() throws(ErrorReport) -> ExitCode {
        guard !parsed.arguments.isEmpty || parsed.option("texts") != nil else {
            throw ErrorReport.cannotAsk(option: "--texts", helpCommand: "ward-server bundle import --help")
        }
        var lines: [CBORValue] = []
        var isSound = true
        var mayGoOn = true
        try withLink { link throws(ErrorReport) in
            for path in parsed.arguments where mayGoOn {
                let value = try takeFile(path, link)
                lines.append(value)
                (isSound, mayGoOn) = tell(path, value, isSound)
            }
            if let path = parsed.option("texts"), mayGoOn {
                for (number, text) in try texts(path).enumerated() where mayGoOn {
                    let value: CBORValue
                    do throws(ControlFailure) { value = try link.perform(.bundleText(text)) } catch {
                        throw ErrorReport(error)
                    }
                    lines.append(value)
                    (isSound, mayGoOn) = tell("\(path):\(number + 1)", value, isSound)
                }
            }
        }
        if terminal.isJSON { printJSON(.object(["files": .array(lines), "sound": .bool(isSound)])) }
        let isFull = lines.contains { $0["state"].string == BundleWord.noRoom.rawValue }
        return isFull ? .inputOutput : isSound ? .ok : .refused
    }

    private func takeFile(_ path: String, _ link: ControlLink) throws(ErrorReport) -> CBORValue {
        let bytes: Bytes
        do { bytes = try HomeFiles.read(path, max: BundleLimits.file) } catch {
            guard error.reason == .tooLarge else { throw ErrorReport(error) }
            return .object(["file": .text(path), "state": .text("not-a-bundle")])
        }
        do throws(BundleError) { _ = try BundlePart(decoding: bytes) } catch {
            var members: [CBORValue.Pair] = [
                .init(.text("file"), .text(path)), .init(.text("state"), .text(error.word)),
            ]
            if let head = error.head {
                members += [
                    .init(.text("bundle"), .text(head.id.hex)), .init(.text("part"), .count(head.part)),
                    .init(.text("count"), .count(head.count)),
                ]
            }
            return .map(members)
        }
        do throws(ControlFailure) {
            guard case .map(let pairs) = try link.perform(.bundlePart(bytes)) else { return .null }
            return .map(pairs + [.init(.text("file"), .text(path))])
        } catch { throw ErrorReport(error) }
    }

    private func texts(_ path: String) throws(ErrorReport) -> [String] {
        do {
            let bytes = try HomeFiles.read(path == "-" ? "/dev/stdin" : path, max: 1 << 20)
            return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
                .filter { !$0.allSatisfy(\.isWhitespace) }
        } catch { throw ErrorReport(error) }
    }

    /// Says what became of a part.
    /// - Returns: whether all was sound so far, and whether there is any use in going on.
    private func tell(_ name: String, _ value: CBORValue, _ wasSound: Bool) -> (Bool, Bool) {
        let state = value["state"].string ?? ""
        let part = String(value["part"].integer ?? 0)
        let count = String(value["count"].integer ?? 0)
        let missing = value["missing"].elements.compactMap { $0.integer.map { Int($0) } }.asRanges
        let word = BundleWord(rawValue: state) ?? .damaged
        if !terminal.isJSON {
            terminal.print(
                word.message(isPlaced: value["part"].integer != nil), name, part, count, missing,
                String(value["accepted"].integer ?? 0),
                String((value["held"].integer ?? 0) + (value["refused"].integer ?? 0)),
                value["refusal"].string ?? "–", String(value["number"].integer ?? 0),
                String(value["duplicates"].integer ?? 0))
            if let need = value["need"].integer, need > 0 {
                terminal.warn(
                    Message(
                        vi:
                            "Phường cần lại từ gói thay đổi số {0} của thiết bị đó; gói trả lời nói với thiết bị điều ấy.",
                        en:
                            "The ward needs that device's change sets again from {0} on; the return tells the device so."
                    ), String(need))
            }
        }
        return (wasSound && word.isSound, word != .noRoom && word != .full)
    }

    /// `ward-server bundle list`
    func bundleList() throws(ErrorReport) -> ExitCode {
        let reply = try ask(.bundles)
        if terminal.isJSON {
            printJSON(reply)
            return .ok
        }
        var table = Table([
            Table.Column(Message(vi: "Gói", en: "Bundle")), Table.Column(Message(vi: "Chiều", en: "Direction")),
            Table.Column(Message(vi: "Tình trạng", en: "State")),
            Table.Column(Message(vi: "Phần", en: "Parts"), right: true),
            Table.Column(Message(vi: "Còn thiếu", en: "Missing"), flexible: true),
            Table.Column(Message(vi: "Lúc", en: "Time")),
        ])
        let sorts: [(String, Message)] = [
            ("bundles", Message(vi: "tới phường", en: "to the ward")),
            ("returns", Message(vi: "trả lời", en: "return")),
            ("texts", Message(vi: "mã QR", en: "QR codes")),
        ]
        var rows = 0
        for (key, word) in sorts {
            for row in reply[key].elements {
                rows += 1
                let missing = row["missing"].elements.compactMap { $0.integer.map { Int($0) } }
                table.addRow([
                    String((row["bundle"].string ?? "").prefix(8)), terminal.text(word),
                    terminal.text(Self.stateWord(row["state"].string ?? "", isWhole: missing.isEmpty)),
                    String(row["parts"].integer ?? 0), missing.asRanges, (row["changed"].string ?? "").momentForPeople,
                ])
            }
        }
        if rows == 0 {
            terminal.remark(Message(vi: "Không có gói nào.", en: "There are no bundles."))
        } else {
            terminal.print(table)
        }
        return .ok
    }

    private static func stateWord(_ state: String, isWhole: Bool) -> Message {
        switch state {
        case "done": Message(vi: "đã nhận", en: "taken")
        case "refused": Message(vi: "không dùng được", en: "not usable")
        default: isWhole ? Message(vi: "đủ phần", en: "whole") : Message(vi: "chờ phần khác", en: "waits for parts")
        }
    }

    /// `ward-server bundle export DIRECTORY`
    func bundleExport() throws(ErrorReport) -> ExitCode {
        let directory = parsed.argument(0) ?? "."
        var files = 0
        var returns = 0
        try withLink { link throws(ErrorReport) in
            func perform(_ request: ControlRequest) throws(ErrorReport) -> CBORValue {
                do throws(ControlFailure) { return try link.perform(request) } catch { throw ErrorReport(error) }
            }
            for row in try perform(.bundles)["returns"].elements {
                guard let id = row["bundle"].string.flatMap({ Digest(hex: $0) }), let count = row["parts"].integer,
                    (1...Int64(BundleLimits.parts)).contains(count)
                else { continue }
                returns += 1
                for number in 1...Int(count) {
                    guard case .bytes(let bytes) = try perform(.returnPart(id, number)),
                        let part = try? BundlePart(decoding: bytes)
                    else { continue }
                    let path = directory + "/" + part.head.fileName
                    do throws(FileError) { try HomeFiles.replace(path, bytes) } catch {
                        throw Self.unwritten(error, written: files)
                    }
                    files += 1
                }
            }
        }
        if terminal.isJSON {
            printJSON(.object(["returns": .count(returns), "files": .count(files), "directory": .text(directory)]))
        } else {
            terminal.print(
                Message(
                    vi: "Đã ghi {0} gói trả lời ({1} tệp) vào {2}. Người mang không đọc được nội dung.",
                    en: "Wrote {0} returns ({1} files) to {2}. Who carries them cannot read them."),
                String(returns), String(files), directory)
        }
        return .ok
    }

    private static func unwritten(_ error: FileError, written: Int) -> ErrorReport {
        let isFull = error.reason == .system(ENOSPC) || error.reason == .system(EDQUOT)
        guard isFull else { return ErrorReport(error) }
        return ErrorReport(
            .inputOutput, code: "disk.full",
            happened: Message(
                vi: "Hết chỗ trống khi ghi «{0}»; {1} tệp trước đó đã ghi xong.",
                en: "No room is left for “{0}”; {1} files before it are whole."
            ).with(error.path, String(written)),
            loss: .nothing,
            next: Message(
                vi: "Giải phóng chỗ trống hoặc dùng thẻ nhớ khác, rồi chạy lại: các gói trả lời vẫn còn ở phường.",
                en: "Free some space or take another stick and run this again: the ward still has the returns."
            ).with())
    }
}

extension BundleError {
    /// What it is called in `--json`.
    var word: String {
        switch code {
        case .notABundle: "not-a-bundle"
        case .newerVersion: "newer-version"
        case .headDamaged: "head-damaged"
        case .damaged: "damaged"
        case .otherWard: "other-ward"
        case .otherKey, .unreadable: "refused"
        }
    }
}
