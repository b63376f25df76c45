// quarantine show: everything that is known of one item of the inbox, whatever it is about.
import CommandLineKit
import SyncKit
import WardWords

extension CommandRun {
    /// The most items that one question to the server brings.
    private static let mostAtOnce = 2_000
    /// Runs of missing parts, other sides and branches that are printed; `--json` has more.
    private static let mostLines = 12

    /// `quarantine show`
    func quarantineShow() throws(ErrorReport) -> ExitCode {
        let item = try waitingItem(parsed.argument(0) ?? "")
        if terminal.isJSON {
            printJSON(item)
            return .ok
        }
        let kind = item["kind"].string.flatMap(InboxKind.init(name:)) ?? .processing
        terminal.print(terminal.styled(terminal.text(kind.word.message), .yellow) + "  " + Self.target(item))
        terminal.print(terminal.text(kind.explanation.message))
        let why = why(item)
        if !why.isEmpty { terminal.print(Message(vi: "Lý do: {0}", en: "Why: {0}"), why) }
        if let title = item["title"].string, !title.isEmpty {
            terminal.print(Message(vi: "Mục: {0}", en: "Document: {0}"), SafeText.line(title))
        }
        showTimes(item)
        showMissing(item)
        showContact(item["contact"])
        showFile(item["file"])
        showDocument(item)
        terminal.print(Message(vi: "Nên làm: {0}", en: "What to do: {0}"), terminal.text(kind.advice.message))
        return .ok
    }

    // MARK: Finding it

    /// The item that was typed: a change set, a whole name as `--json` has it, or what the list's column says.
    private func waitingItem(_ typed: String) throws(ErrorReport) -> CBORValue {
        var query = InboxQuery()
        query.limit = Self.mostAtOnce
        if let dot = ControlDot(typed) {
            query.device = dot.device
            query.isQuarantine = true
            return try one(ask(.inbox(query))["items"].elements.filter { Self.isChange($0, dot) })
        }
        guard !typed.isEmpty, typed.utf8.count <= ConsoleInbox.longestKey else { return try one([]) }
        let parts = typed.split(separator: "/")
        if parts.count > 1, let kind = parts.first.flatMap({ InboxKind(name: String($0)) }) { query.kinds = [kind] }
        var found: [CBORValue] = []
        while true {
            let reply = try ask(.inbox(query))
            let items = reply["items"].elements
            found += items.filter { $0["key"].string == typed || Self.target($0) == typed }
            query.from += items.count
            guard !items.isEmpty, Int64(query.from) < reply["total"].integer ?? 0 else { break }
        }
        return try one(found)
    }

    private func one(_ found: [CBORValue]) throws(ErrorReport) -> CBORValue {
        guard let first = found.first else {
            throw ErrorReport(
                .notFound, code: "inbox.not-found",
                happened: Message(vi: "Không có việc nào như vậy đang chờ.", en: "Nothing like that waits.").with(),
                loss: .nothingChanged,
                next: Message(
                    vi: "Xem danh sách: ward-server inbox list", en: "See the list: ward-server inbox list"
                ).with())
        }
        guard found.count == 1 else {
            let keys = found.prefix(8).compactMap { $0["key"].string }.joined(separator: "; ")
            throw ErrorReport(
                .ambiguous, code: "inbox.ambiguous",
                happened: Message(vi: "Có nhiều việc như vậy: {0}", en: "Several wait under that: {0}").with(keys),
                loss: .nothingChanged,
                next: Message(vi: "Ghi đủ tên của một việc.", en: "Give the whole name of one of them.").with())
        }
        return first
    }

    private static func isChange(_ item: CBORValue, _ dot: ControlDot) -> Bool {
        guard let found = item["change"].string.flatMap(ControlDot.init) else { return false }
        return found.sequence == dot.sequence && found.device.hasPrefix(dot.device.lowercased())
    }

    // MARK: Saying what is known

    private func showTimes(_ item: CBORValue) {
        let since = (item["since"].string ?? "").momentForPeople
        let name = item["device_name"].string.flatMap { $0.isEmpty ? nil : $0 }
        let who = SafeText.line(name ?? String((item["device"].string ?? "").prefix(16)))
        if let written = item["written"].string {
            terminal.print(
                Message(
                    vi: "Người gửi: {0}; viết lúc {1}; chờ từ {2}", en: "Author: {0}; written {1}; waiting since {2}"),
                who, written.momentForPeople, since)
        } else if !who.isEmpty {
            terminal.print(
                Message(vi: "Thiết bị: {0}; chờ từ {1}", en: "Device: {0}; waiting since {1}"), who, since)
        } else {
            terminal.print(Message(vi: "Chờ từ {0}", en: "Waiting since {0}"), since)
        }
    }

    private func showMissing(_ item: CBORValue) {
        for dot in item["missing"].elements.compactMap(\.string) {
            terminal.print(Message(vi: "Thiếu gói: {0}", en: "Missing change set: {0}"), dot)
        }
        if item["document_missing"] == .bool(true) {
            terminal.print(Message(vi: "Thiếu chính mục đó.", en: "The document itself is missing."))
        }
    }

    /// What is lost with a phone, or how wrong its clock is.
    private func showContact(_ contact: CBORValue) {
        guard let unsent = contact["unsent"].integer else { return }
        terminal.print(
            Message(vi: "Liên lạc lần cuối: {0}", en: "Last seen: {0}"),
            contact["seen"].string?.momentForPeople
                ?? terminal.text(Message(vi: "chưa lần nào", en: "never")))
        terminal.print(
            Message(
                vi: "Gói thay đổi chưa gửi, chỉ còn trên máy đó: {0}",
                en: "Change sets that were not sent and are on that device alone: {0}"), String(unsent))
        terminal.print(
            Message(vi: "Nhiệm vụ đang giữ: {0}", en: "Tasks that it holds: {0}"),
            String(contact["held_tasks"].integer ?? 0))
        terminal.print(
            Message(vi: "Đồng hồ lệch {0} giây so với phường.", en: "Its clock is {0} s off the ward's."),
            String(contact["skew_seconds"].integer ?? 0))
    }

    /// Which parts of a file are missing, numbered from 1 as the console does.
    private func showFile(_ file: CBORValue) {
        guard let bytes = file["bytes"].integer else { return }
        var runs = file["runs"].elements.prefix(Self.mostLines).compactMap { run -> String? in
            let ends = (run.string ?? "").split(separator: "-").compactMap { UInt32($0) }
            guard ends.count == 2 else { return nil }
            let (first, last) = (UInt64(ends[0]) + 1, UInt64(ends[1]) + 1)
            return first == last ? "\(first)" : "\(first)–\(last)"
        }
        if file["runs"].elements.count > Self.mostLines { runs.append("…") }
        let length = Int(clamping: bytes)
        terminal.print(
            Message(
                vi: "Tệp dài {0}; thiếu {1}/{2} phần 4 KiB: {3}",
                en: "It has {0}; {1} of {2} parts of 4 KiB are missing: {3}"),
            ByteCount.text(length, terminal.language), String(file["missing_leaves"].integer ?? 0),
            String(ContentTree.leafCount(length)), runs.joined(separator: ", "))
    }

    /// What two people wrote, another report, a merged unit, or two branches of a chain.
    private func showDocument(_ item: CBORValue) {
        for side in item["sides"].elements.prefix(Self.mostLines) {
            let role = side["role"].string.flatMap { Role(name: $0) }
            terminal.print(
                Message(vi: "Một bên: {0} ({1}), {2}", en: "One side: {0} ({1}), {2}"),
                SafeText.line(side["who"].string ?? ""),
                role.map { terminal.text(RoleWord.message($0)) } ?? "",
                (side["server_time"].string ?? side["effective_time"].string ?? "").momentForPeople)
        }
        if let other = item["other"].string.flatMap({ Digest(hex: $0) }) {
            terminal.print(
                Message(vi: "Phản ánh kia: {0}, cách {1} m", en: "The other report: {0}, {1} m away"),
                ShortID.text(other), String(item["metres"].integer ?? 0))
        }
        if let old = item["old_area"].string, let present = item["present_area"].string {
            terminal.print(Message(vi: "Địa bàn: {0} → {1}", en: "Area: {0} → {1}"), old, present)
        }
        let fork = item["fork"]
        if let sequence = fork["sequence"].integer {
            terminal.print(
                Message(
                    vi: "Rẽ nhánh từ số {0}; phường theo nhánh tới số {1}; nhánh kia còn {2} gói.",
                    en:
                        "Forked at {0}; the ward follows the branch up to {1}; of the other one {2} change sets are left."
                ),
                String(sequence), String(fork["main_end"].integer ?? 0), String(fork["others"].elements.count))
        }
    }
}
