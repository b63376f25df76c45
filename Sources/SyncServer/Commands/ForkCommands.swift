// forks: devices whose data was copied or restored, what both branches say, and who goes on as whom.
import CommandLineKit
import SyncKit
import WardWords

/// The commands about copied devices.
enum ForkSpecs {
    private static func m(_ vi: String, _ en: String) -> Message { Message(vi: vi, en: en) }

    static let group = CommandGroup(
        m("Thiết bị bị sao chép", "Copied devices"),
        topics: [
            TopicSpec(
                ["forks"], summary: m("Thiết bị có hai nhánh, và ai thay ai", "Forked devices, and who goes on as whom")
            )
        ],
        commands: [
            CommandSpec(
                ["forks", "list"],
                summary: m(
                    "Thiết bị có hai nhánh, và thiết bị mới chờ xác nhận", "Forked devices, and new ones to confirm"),
                run: ServerCommand.forksList.rawValue),
            CommandSpec(
                ["forks", "show"],
                summary: m("Hai nhánh của một thiết bị, cạnh nhau", "Both branches of a device, side by side"),
                details: m(
                    "Nhánh được tính đứng trong chuỗi; nhánh kia được tạm giữ cho tới khi thiết bị mới gửi lại. "
                        + "Những gì còn sót có thể ghi lại bằng tay.",
                    "The chain is what counts; the other branch is held until the new device sends it again. What is left "
                        + "over can be entered anew."),
                arguments: [ServerProgram.deviceArgument], run: ServerCommand.forksShow.rawValue),
            CommandSpec(
                ["forks", "export"],
                summary: m("Bằng chứng rằng dữ liệu đã bị sao chép", "The proof that a device's data was copied"),
                details: m(
                    "Ai cũng kiểm tra được bằng: ward receipt verify TỆP. Tệp không chứa nội dung nào.",
                    "Anybody can check it with: ward receipt verify FILE. It holds nothing of what was written."),
                arguments: [ServerProgram.deviceArgument],
                options: [OptionSpec("out", value: .file, summary: m("Ghi vào tệp này", "Write to this file"))],
                run: ServerCommand.forksExport.rawValue),
            CommandSpec(
                ["forks", "confirm"],
                summary: m("Xác nhận thiết bị mới thay thiết bị cũ", "Confirm that a new device goes on as an old one"),
                details: m(
                    "Thiết bị mới nhận đúng quyền của thiết bị cũ; khoá cũ bị thu hồi. Hỏi chính người đó trước khi xác nhận.",
                    "The new device gets what the old one was granted; the old key is revoked. Ask the person before you confirm."
                ),
                arguments: [ServerProgram.deviceArgument],
                options: [
                    OptionSpec(
                        "reason", value: .text(maximumBytes: 4000), label: m("LÝ-DO", "REASON"),
                        summary: m("Lý do, ai liên quan cũng đọc được", "Why; whom it concerns reads it")),
                    OptionSpec(
                        "prepare", value: .file,
                        summary: m(
                            "Chỉ soạn quyết định vào tệp này, để tổ trưởng hoặc quản trị ký",
                            "Only write the order to this file, for a lead or an admin to sign")),
                ], run: ServerCommand.forksConfirm.rawValue),
        ])
}

extension CommandRun {
    func forksList() throws(ErrorReport) -> ExitCode {
        let reply = try ask(.forks(device: nil))
        if terminal.isJSON {
            printJSON(reply)
            return .ok
        }
        let devices = reply["devices"].elements
        if devices.isEmpty {
            terminal.remark(Message(vi: "Không có thiết bị nào có hai nhánh.", en: "No device has two branches."))
        } else {
            var table = Table([
                Table.Column(Message(vi: "Thiết bị", en: "Device")),
                Table.Column(Message(vi: "Nhánh kia", en: "Other branch"), right: true),
                Table.Column(Message(vi: "Còn sót", en: "Left over"), right: true),
                Table.Column(Message(vi: "Thiết bị mới", en: "Goes on as"), flexible: true),
            ])
            for item in devices {
                table.addRow([
                    short(item["device"]), String(item["branch"].elements.count), String(item["left"].integer ?? 0),
                    item["successors"].elements.map(short).joined(separator: " "),
                ])
            }
            terminal.print(table)
            remarkTotal(devices.count, of: reply["total"].integer)
        }
        for item in reply["waiting"].elements {
            terminal.print(
                Message(
                    vi: "Chờ xác nhận: {0} thay cho {1} ({2}, {3}). Xác nhận: ward-server forks confirm {0}",
                    en: "To confirm: {0} goes on as {1} ({2}, {3}). Confirm: ward-server forks confirm {0}"),
                short(item["device"]), short(item["succeeds"]), item["name"].string ?? "–", item["role"].string ?? "–")
        }
        return .ok
    }

    func forksShow() throws(ErrorReport) -> ExitCode {
        let reply = try ask(.forks(device: try givenDevice()))
        if terminal.isJSON {
            printJSON(reply)
            return .ok
        }
        guard let item = reply["devices"].elements.first else { throw ErrorReport(ControlFailure(.noFork)) }
        terminal.print(Message(vi: "Nhánh được tính:", en: "The branch that counts:"))
        for change in item["chain"].elements { print(change) }
        terminal.print(Message(vi: "Nhánh kia:", en: "The other branch:"))
        for change in item["branch"].elements { print(change) }
        return .ok
    }

    func forksExport() throws(ErrorReport) -> ExitCode {
        let reply = try ask(.forkProof(device: try givenDevice()))
        let text = reply["text"].string ?? ""
        let path = parsed.option("out")
        if let path {
            do { try HomeFiles.create(path, Bytes(text.utf8)) } catch { throw ErrorReport(error) }
        }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member("device", reply["device"].string)
                    json.member("file", path)
                    json.member("text", path == nil ? text : nil)
                }
            }
        } else if let path {
            terminal.print(Message(vi: "Đã ghi {0}.", en: "Wrote {0}."), path)
        } else {
            terminal.out.write(text)
        }
        return .ok
    }

    func forksConfirm() throws(ErrorReport) -> ExitCode {
        let device = try givenDevice()
        if let file = parsed.option("prepare") { return try prepareSuccession(device, to: file) }
        let reply = try ask(.confirmSuccession(device: device, reason: try reasonGiven()))
        if terminal.isJSON {
            printJSON(reply)
            return .ok
        }
        terminal.print(
            Message(
                vi: "Từ nay {0} thay cho {1} ({2}); khoá cũ bị thu hồi.",
                en: "From now on {0} goes on as {1} ({2}); the old key is revoked."),
            short(reply["device"]), short(reply["succeeds"]), reply["name"].string ?? "")
        return .ok
    }

    private func prepareSuccession(_ digits: String, to file: String) throws(ErrorReport) -> ExitCode {
        let waiting = try ask(.forks(device: nil))["waiting"].elements.filter {
            ($0["device"].string ?? "").hasPrefix(digits.lowercased())
        }
        guard waiting.count == 1, let new = waiting[0]["device"].string.flatMap({ Digest(hex: $0) }),
            let old = waiting[0]["succeeds"].string.flatMap({ Digest(hex: $0) })
        else { throw ErrorReport(ControlFailure(.notWaiting, digits)) }
        var order = Order(.succeed, DeviceID(old), reason: try reasonNeeded())
        order.successor = DeviceID(new)
        return try prepare(order, to: file)
    }

    private func givenDevice() throws(ErrorReport) -> String {
        guard let device = parsed.argument(0), ControlDot.isDevice(device) else {
            throw ErrorReport(ControlFailure(.deviceUnknown, parsed.argument(0) ?? ""))
        }
        return device
    }

    /// What the ward made of a change set, as the socket names it.
    private func inWords(verdict: String) -> String {
        switch verdict {
        case "accepted": terminal.text(Message(vi: "được tính", en: "counts"))
        case "held": terminal.text(Message(vi: "tạm giữ", en: "held"))
        case "refused": terminal.text(Message(vi: "không nhận", en: "refused"))
        default: verdict
        }
    }

    func short(_ value: CBORValue) -> String { String((value.string ?? "").prefix(16)) }

    private func print(_ change: CBORValue) {
        let kind = DocumentKind.allCases.first { $0.name == change["kind"].string }
        let kindWord = kind.map { terminal.text(KindWord.message($0)) } ?? change["kind"].string ?? ""
        var line = "  \(change["sequence"].integer ?? 0)  \(kindWord) \(change["document"].string ?? "")"
        line += "  " + (change["written"].string ?? "").momentForPeople
        if let verdict = change["verdict"].string { line += "  " + inWords(verdict: verdict) }
        if let by = change["replaced_by"].string {
            line +=
                "  "
                + terminal.text(Message(vi: "đã gửi lại: {0}", en: "sent again: {0}"), String(by.prefix(16)) + "…")
        }
        terminal.print(SafeText.line(line))
        for said in change["says"].elements {
            let value = said["value"].string ?? terminal.text(Message(vi: "(kín)", en: "(sealed)"))
            terminal.print(
                "     " + (said["operation"].string ?? "") + " " + (said["field"].string ?? "") + ": "
                    + SafeText.line(value))
        }
    }
}
