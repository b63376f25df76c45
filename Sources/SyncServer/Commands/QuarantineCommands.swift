// inbox list, quarantine list, release, decline: what waits for a person, and deciding on what is held.
import CommandLineKit
import SyncKit
import WardWords

extension CommandRun {
    /// `inbox list`, `quarantine list`
    func quarantineList(all: Bool) throws(ErrorReport) -> ExitCode {
        var query = inboxQuery()
        query.isQuarantine = !all
        query.limit = Int(parsed.integer("limit") ?? 200)
        query.from = Int(parsed.integer("from") ?? 0)
        let reply = try ask(.inbox(query))
        if terminal.isJSON {
            printJSON(reply)
            return .ok
        }
        let items = reply["items"].elements
        guard !items.isEmpty else {
            terminal.remark(Message(vi: "Không có gì cần quyết định.", en: "Nothing waits for a decision."))
            return .ok
        }
        var table = Table([
            Table.Column(Message(vi: "Mức", en: "Severity")), Table.Column(Message(vi: "Việc", en: "What")),
            Table.Column(Message(vi: "Gói, mục hoặc thiết bị", en: "Change set, document or device")),
            Table.Column(Message(vi: "Lý do", en: "Why"), flexible: true),
            Table.Column(Message(vi: "Người quyết định", en: "Who decides")),
            Table.Column(Message(vi: "Từ", en: "Since")),
            Table.Column(Message(vi: "Tên", en: "Title"), minimum: 12, flexible: true),
        ])
        for item in items {
            let severity = item["severity"].string.flatMap(InboxSeverity.init(name:))
            table.add(severity.map { terminal.text($0.word.message) } ?? "", (severity ?? .low) >= .high ? .red : nil)
            let kind = item["kind"].string.flatMap(InboxKind.init(name:))
            table.add(kind.map { terminal.text($0.word.message) } ?? "")
            table.add(Self.target(item))
            table.add(why(item))
            table.add(item["owner_name"].string.flatMap { $0.isEmpty ? nil : $0 } ?? item["owner"].string ?? "")
            table.add((item["since"].string ?? "").momentForPeople)
            table.add(item["title"].string.flatMap { $0.isEmpty ? nil : $0 } ?? item["device_name"].string ?? "")
        }
        terminal.print(table)
        remarkTotal(items.count, of: reply["total"].integer)
        if let leftOut = reply["left_out"].integer, leftOut > 0 {
            terminal.remark(
                Message(
                    vi:
                        "Không liệt kê {0} mục của người dân, vì quá nhiều. Xem hết của một thiết bị: ward-server quarantine list --device THIẾT-BỊ",
                    en:
                        "Not listed: {0} items of residents, too many. All of one device: ward-server quarantine list --device DEVICE"
                ), String(leftOut))
        }
        return .ok
    }

    /// `quarantine release`, `quarantine decline`
    func quarantineDecide(release: Bool) throws(ErrorReport) -> ExitCode {
        let reason = try reasonGiven() ?? ""
        let dots = try quarantineTargets()
        var done: [String] = []
        var failed: [(dot: String, error: ErrorReport)] = []
        for dot in dots {
            do throws(ErrorReport) {
                _ = try ask(release ? .release(dot, reason: reason) : .decline(dot, reason: reason))
                done.append("\(dot.device):\(dot.sequence)")
            } catch {
                if dots.count == 1 { throw error }
                failed.append(("\(dot.device):\(dot.sequence)", error))
            }
        }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.member(release ? "released" : "declined", done)
                    json.array("refused") { json in
                        for item in failed {
                            json.object { json in
                                json.member("change", item.dot)
                                json.member("code", item.error.code)
                            }
                        }
                    }
                }
            }
            return failed.first?.error.exit ?? .ok
        }
        for dot in done {
            terminal.print(
                release
                    ? Message(vi: "Đã cho tính: {0}", en: "Released: {0}")
                    : Message(vi: "Đã từ chối: {0}", en: "Declined: {0}"), dot)
        }
        for item in failed {
            terminal.print(
                Message(vi: "{0}: không được — {1}", en: "{0}: not done — {1}"), item.dot,
                terminal.language.text(item.error.happened))
        }
        return failed.first?.error.exit ?? .ok
    }

    /// The change sets that were named, or those that are held and fit the filters.
    private func quarantineTargets() throws(ErrorReport) -> [ControlDot] {
        let named = parsed.arguments
        guard named.isEmpty else {
            var dots: [ControlDot] = []
            for text in named { dots.append(try quarantined(text)) }
            return dots
        }
        guard parsed.flag("all") else {
            throw ErrorReport(
                .usage, code: "quarantine.no-target",
                happened: Message(
                    vi: "Cần THIẾT-BỊ:SỐ, hoặc điều kiện cùng với --all.",
                    en: "It takes DEVICE:SEQ, or filters together with --all."
                ).with(),
                loss: .nothingChanged,
                next: Message(
                    vi: "Xem danh sách: ward-server quarantine list", en: "See the list: ward-server quarantine list"
                ).with())
        }
        var query = inboxQuery()
        query.isQuarantine = true
        query.limit = 2_000
        let reply = try ask(.inbox(query))
        let left = (reply["left_out"].integer ?? 0) + (reply["total"].integer ?? 0) - (reply["shown"].integer ?? 0)
        if left > 0 {
            terminal.remark(
                Message(
                    vi: "Còn {0} mục chưa tới lượt; chạy lại lệnh này.",
                    en: "{0} more items are not among these; run this command again."), String(left))
        }
        // In the order of each device's chain: what builds on something comes after it.
        return reply["items"].elements.filter { $0["held"] == .bool(true) }
            .compactMap { $0["change"].string.flatMap(ControlDot.init) }
            .sorted { ($0.device, $0.sequence) < ($1.device, $1.sequence) }
    }

    func quarantined(_ text: String) throws(ErrorReport) -> ControlDot {
        if let dot = ControlDot(text) { return dot }
        throw ErrorReport(
            .usage, code: "held.bad-name",
            happened: Message(vi: "«{0}» không phải THIẾT-BỊ:SỐ.", en: "“{0}” is not DEVICE:SEQ.").with(text),
            loss: .nothingChanged,
            next: Message(
                vi: "Xem danh sách: ward-server quarantine list", en: "See the list: ward-server quarantine list"
            ).with())
    }

    private func inboxQuery() -> InboxQuery {
        var query = InboxQuery()
        query.kinds = parsed.options("kind").compactMap(InboxKind.init(name:))
        query.severity = parsed.option("severity").flatMap(InboxSeverity.init(name:))
        query.areas = parsed.options("area")
        query.device = parsed.option("device")
        query.olderDays = parsed.integer("older")
        return query
    }

    /// How the list names an item.
    static func target(_ item: CBORValue) -> String {
        if let change = item["change"].string.flatMap(ControlDot.init) {
            return "\(change.device.prefix(16)):\(change.sequence)"
        }
        return item["document"].string ?? String((item["device"].string ?? "").prefix(16))
    }

    /// Why it waits, in a few words.
    func why(_ item: CBORValue) -> String {
        let code = RefusalCode.allCases.first { "\($0)" == item["code"].string }
        if let code { return terminal.text(code.inboxWord.message) }
        if let fault = item["fault"].string { return fault }
        let contact = item["contact"]
        if item["kind"].string == InboxKind.clock.name {
            return terminal.text(
                Message(vi: "lệch {0} giây", en: "{0} s off"), String(contact["skew_seconds"].integer ?? 0))
        }
        if let seen = contact["seen"].string {
            return terminal.text(Message(vi: "thấy lần cuối {0}", en: "last seen {0}"), seen.momentForPeople)
        }
        return item["field"].string ?? ""
    }
}
