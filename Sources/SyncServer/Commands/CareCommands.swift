// status, held, release and decline: seeing where the ward stands, and deciding what waits.
import CommandLineKit
import SyncKit
import WardWords

extension CommandRun {
    func status() throws(ErrorReport) -> ExitCode {
        let reply = try ask(.status(area: parsed.option("area")))
        if terminal.isJSON {
            printJSON(reply)
            return .ok
        }
        func number(_ value: CBORValue) -> String { String(value.integer ?? 0) }
        terminal.print(
            Message(vi: "Phường: {0} ({1})", en: "Ward: {0} ({1})"), reply["name"].string ?? "",
            reply["area"].string ?? "")
        terminal.print(Message(vi: "Mã phường: {0}", en: "Ward id: {0}"), reply["ward"].string ?? "")
        terminal.print(
            Message(
                vi: "Sổ phường: kỳ {0}, số mục: {1}, điểm kiểm: {2}",
                en: "Ward log: epoch {0}, entries: {1}, checkpoint: {2}"),
            number(reply["epoch"]), number(reply["log_size"]), number(reply["checkpoint_serial"]))
        terminal.print(Message(vi: "Gốc Merkle: {0}", en: "Merkle root: {0}"), reply["root"].string ?? "")
        func counts(_ value: CBORValue) -> String {
            value.members.filter { $0.value != .unsigned(0) }.map { "\($0.key) \(number($0.value))" }
                .joined(separator: ", ")
        }
        terminal.print(Message(vi: "Mục: {0}", en: "Documents: {0}"), counts(reply["documents"]))
        terminal.print(
            Message(vi: "Thiết bị: {0}; đã thu hồi: {1}", en: "Devices: {0}; revoked: {1}"), counts(reply["devices"]),
            number(reply["revoked_devices"]))
        terminal.print(
            Message(
                vi: "Tạm giữ: {0}, từ chối: {1}, rẽ nhánh: {2}", en: "Held: {0}, refused: {1}, forks: {2}"),
            number(reply["held"]), number(reply["refused"]), number(reply["forks"]))
        let newer = reply["newer_checkpoint"]
        if newer != .null { terminal.warn(Self.olderStore, number(newer["epoch"]), number(newer["log_size"])) }
        let area = reply["area_state"]
        terminal.print(
            Message(
                vi: "Trạng thái địa bàn {0} (số mục: {1}): {2}", en: "State of area {0} (documents: {1}): {2}"),
            area["area"].string ?? "", number(area["documents"]), area["hash"].string ?? "")
        let shared = reply["ward_wide_state"]
        terminal.print(
            Message(vi: "Trạng thái chung (số mục: {0}): {1}", en: "Ward-wide state (documents: {0}): {1}"),
            number(shared["documents"]), shared["hash"].string ?? "")
        return .ok
    }

    /// What an operator does whose store is older than what the ward signed.
    static let olderStore = Message(
        vi: """
            Kho này là bản cũ: phường đã ký sổ đến kỳ {0}, mục {1}, mà sổ ở đây không có. Máy chủ ngừng nhận đồng bộ để \
            không làm mất gì. Tìm kho đúng; nếu không còn, chạy ward-server backup rồi ward-server restore với khoá \
            gốc: sổ đi tiếp sang kỳ mới và các thiết bị gửi lại phần thiếu.
            """,
        en: """
            This store is an older copy: the ward signed its log up to epoch {0}, entry {1}, which is not here. The \
            server answers no syncs, so that nothing is lost. Find the right store; if it is gone, run ward-server \
            backup, then ward-server restore with the root key: the log goes on in a new epoch, and devices bring \
            what is missing.
            """)

    func held() throws(ErrorReport) -> ExitCode {
        let reply = try ask(.held)
        let items = reply["held"].elements
        if terminal.isJSON {
            printJSON(reply)
            return .ok
        }
        if items.isEmpty {
            terminal.remark(Message(vi: "Không có gói nào bị tạm giữ.", en: "Nothing is held."))
            return .ok
        }
        var table = Table([
            Table.Column(Message(vi: "Gói thay đổi", en: "Change set")),
            Table.Column(Message(vi: "Lý do", en: "Reason")),
            Table.Column(Message(vi: "Loại", en: "Kind")), Table.Column(Message(vi: "Mục", en: "Document")),
            Table.Column(Message(vi: "Viết lúc", en: "Written")),
        ])
        for item in items {
            table.addRow([
                "\((item["device"].string ?? "").prefix(16)):\(item["sequence"].integer ?? 0)",
                inWords(code: item["reason"].string), inWords(kind: item["kind"].string),
                item["document"].string ?? "",
                (item["written"].string ?? "").momentForPeople,
            ])
        }
        terminal.print(table)
        remarkTotal(items.count, of: reply["total"].integer)
        return .ok
    }

    /// Why something does not count, as the socket names it.
    private func inWords(code: String?) -> String {
        RefusalCode.allCases.first { "\($0)" == code }.map { terminal.text($0.inboxWord.message) } ?? code ?? ""
    }

    private func inWords(kind: String?) -> String {
        DocumentKind.allCases.first { $0.name == kind }.map { terminal.text(KindWord.message($0)) } ?? kind ?? ""
    }

    /// Releases or declines what is held.
    func decide(release: Bool) throws(ErrorReport) -> ExitCode {
        guard let dot = parsed.argument(0).flatMap(ControlDot.init) else {
            throw ErrorReport(
                .usage, code: "held.bad-name",
                happened: Message(
                    vi: "«{0}» không phải THIẾT-BỊ:SỐ.", en: "“{0}” is not DEVICE:SEQ."
                ).with(parsed.argument(0) ?? ""),
                loss: .nothingChanged,
                next: Message(vi: "Xem danh sách: ward-server held", en: "See the list: ward-server held").with())
        }
        if let file = parsed.option("prepare") {
            return try prepareDecision(release ? .release : .decline, dot, to: file)
        }
        let reason = try reasonGiven()
        let reply = try ask(release ? .release(dot, reason: reason) : .decline(dot, reason: reason))
        if terminal.isJSON {
            printJSON(reply)
        } else if release {
            terminal.print(
                Message(vi: "Đã cho tính: {0}", en: "Released: {0}"), reply["released"].string ?? "")
        } else {
            terminal.print(Message(vi: "Đã từ chối: {0}", en: "Declined: {0}"), reply["declined"].string ?? "")
        }
        return .ok
    }
}
