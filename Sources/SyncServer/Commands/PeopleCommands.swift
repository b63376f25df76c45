// invite, devices and revoke: who may take part, and with what.
import CommandLineKit
import SyncKit

extension CommandRun {
    func invite() throws(ErrorReport) -> ExitCode {
        guard let role = parsed.option("role").flatMap(Role.init(name:)) else { return .usage }
        var areas = parsed.options("area")
        if areas.isEmpty {
            do { areas = [try home.readDescriptor().descriptor.area] } catch { throw ErrorReport(error) }
            if role == .volunteer || role == .lead {
                throw ErrorReport(
                    .usage, code: "invite.no-area",
                    happened: Message(
                        vi: "Vai trò này cần địa bàn.", en: "This role needs an area."
                    ).with(),
                    loss: .nothingChanged,
                    next: Message(
                        vi: "Thêm --area, ví dụ: --area {0}.01", en: "Add --area, for example: --area {0}.01"
                    ).with(areas.joined()))
            }
        }
        let reply = try ask(
            .invite(
                role: role, areas: areas, name: parsed.option("name") ?? "",
                expiresDays: parsed.integer("expires-days") ?? 7, validDays: parsed.integer("valid-days") ?? 180))
        if terminal.isJSON {
            printJSON(reply)
            return .ok
        }
        terminal.print(Message(vi: "Mã mời: {0}", en: "Invitation code: {0}"), reply["code"].string ?? "")
        if parsed.flag("qr") { try drawInvitation(reply["code"].string ?? "") }
        terminal.remark(
            Message(
                vi: "Dùng một lần, trước {1}. Trên máy của người được mời: {0}",
                en: "Works once, before {1}. On the invited person's device: {0}"),
            reply["command"].string ?? "", (reply["expires"].string ?? "").momentForPeople)
        return .ok
    }

    func devices() throws(ErrorReport) -> ExitCode {
        let reply = try ask(.devices(role: parsed.option("role").flatMap(Role.init(name:))))
        if terminal.isJSON {
            printJSON(reply)
            return .ok
        }
        var table = Table([
            Table.Column(Message(vi: "Thiết bị", en: "Device")), Table.Column(Message(vi: "Vai trò", en: "Role")),
            Table.Column(Message(vi: "Tên", en: "Name"), flexible: true),
            Table.Column(Message(vi: "Địa bàn", en: "Areas"), flexible: true),
            Table.Column(Message(vi: "Số cuối", en: "Last"), right: true),
            Table.Column(Message(vi: "Hiệu lực", en: "Valid")),
        ])
        for item in reply["devices"].elements {
            let revoked = item["revoked_after"].integer
            let valid = revoked.map {
                terminal.text(Message(vi: "thu hồi sau {0}", en: "revoked after {0}"), String($0))
            }
            table.addRow([
                String((item["device"].string ?? "").prefix(16)), item["role"].string ?? "", item["name"].string ?? "",
                item["areas"].elements.compactMap(\.string).joined(separator: " "),
                String(item["last_sequence"].integer ?? 0), valid ?? item["valid_until"].string?.momentForPeople ?? "–",
            ])
        }
        terminal.print(table)
        remarkTotal(reply["devices"].elements.count, of: reply["total"].integer)
        return .ok
    }

    func revoke() throws(ErrorReport) -> ExitCode {
        guard let device = parsed.argument(0), ControlDot.isDevice(device) else {
            throw ErrorReport(ControlFailure(.deviceUnknown, parsed.argument(0) ?? ""))
        }
        let after = parsed.integer("after").flatMap { UInt64(exactly: $0) }
        if let file = parsed.option("prepare") { return try prepareRevocation(device, after: after, to: file) }
        let reply = try ask(.revoke(device: device, after: after, reason: try reasonGiven()))
        if terminal.isJSON {
            printJSON(reply)
            return .ok
        }
        terminal.print(
            Message(
                vi: "Đã thu hồi {0}; gói thay đổi sau số {1} sẽ được tạm giữ.",
                en: "{0} is revoked; its change sets above {1} are held."),
            reply["device"].string ?? "", String(reply["revoked_after"].integer ?? 0))
        return .ok
    }

    /// Says where a list was cut.
    func remarkTotal(_ shown: Int, of total: Int64?) {
        guard let total, total > shown else { return }
        terminal.remark(
            Message(vi: "Chỉ hiện {0} trong số {1}.", en: "Only {0} of {1} are shown."), String(shown), String(total))
    }
}
