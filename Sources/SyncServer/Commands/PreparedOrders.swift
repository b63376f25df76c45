// --prepare: an order as a file, for somebody's device to sign. Nothing changes before that device synced.
import CommandLineKit
import SyncKit

extension CommandRun {
    /// The reason as it was typed, in NFC.
    func reasonGiven() throws(ErrorReport) -> String? {
        guard let given = parsed.option("reason") else { return nil }
        let reason = TextNormalization.nfc(given)
        guard (1...4000).contains(reason.utf8.count) else {
            throw ErrorReport(
                .usage, code: "order.bad-reason",
                happened: Message(vi: "Lý do trống hoặc quá dài.", en: "The reason is empty or too long.").with(),
                loss: .nothingChanged,
                next: Message(vi: "Ví dụ: --reason \"Mất điện thoại\"", en: "For example: --reason \"Lost phone\"")
                    .with())
        }
        return reason
    }

    /// Prepares a release or a refusal of what is held.
    func prepareDecision(_ action: OrderAction, _ dot: ControlDot, to file: String) throws(ErrorReport) -> ExitCode {
        let held = try ask(.held)["held"].elements.filter {
            ($0["device"].string ?? "").hasPrefix(dot.device.lowercased())
                && $0["sequence"].integer == Int64(clamping: dot.sequence)
        }
        guard held.count == 1, let device = held[0]["device"].string.flatMap({ Digest(hex: $0) }),
            let id = held[0]["id"].string.flatMap({ Digest(hex: $0) })
        else { throw ErrorReport(ControlFailure(.notHeld)) }
        let named = Dot(device: DeviceID(device), sequence: dot.sequence)
        return try prepare(Order(action, named, id: id, reason: try reasonNeeded()), to: file)
    }

    func prepareRevocation(_ digits: String, after: UInt64?, to file: String) throws(ErrorReport) -> ExitCode {
        var found: [CBORValue] = []
        for role in [nil, Role.resident] {
            found += try ask(.devices(role: role))["devices"].elements.filter {
                ($0["device"].string ?? "").hasPrefix(digits.lowercased())
            }
        }
        guard let first = found.first?["device"].string.flatMap({ Digest(hex: $0) }) else {
            throw ErrorReport(ControlFailure(.deviceUnknown, digits))
        }
        guard found.count == 1 else { throw ErrorReport(ControlFailure(.deviceAmbiguous, digits)) }
        var order = Order(.revoke, DeviceID(first), reason: try reasonNeeded())
        order.cut = after
        return try prepare(order, to: file)
    }

    func reasonNeeded() throws(ErrorReport) -> String {
        guard let reason = try reasonGiven() else {
            throw ErrorReport.cannotAsk(option: "--reason", helpCommand: "ward-server help")
        }
        return reason
    }

    func prepare(_ order: Order, to file: String) throws(ErrorReport) -> ExitCode {
        let ward: Digest
        do { ward = try home.readDescriptor().descriptor.ward } catch { throw ErrorReport(error) }
        let text = PreparedOrder.text(order, ward: ward)
        if file == "-" {
            terminal.print(text)
            return .ok
        }
        do throws(FileError) { try HomeFiles.create(file, Bytes((text + "\n").utf8), mode: 0o644) } catch {
            throw ErrorReport(HomeError.file(error))
        }
        if terminal.isJSON {
            printJSON(.object(["prepared": .text(file), "action": .text(order.action.rawValue)]))
            return .ok
        }
        terminal.print(
            Message(vi: "Đã soạn {0}: chưa có gì thay đổi.", en: "{0} is prepared: nothing changed yet."), file)
        terminal.remark(
            Message(
                vi: "Ký trên máy quản trị: ward order sign {0}", en: "Sign it on an admin's device: ward order sign {0}"
            ),
            file)
        return .ok
    }
}
