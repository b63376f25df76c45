// Notices and alerts: what is valid now, and an officer's posting and ending of them.

import CommandLineKit
import SyncKit

extension Terminal {
    /// «báo động 2 tại trạm Bãi Cháy», «bão, giông lốc, cấp 3».
    func alertLevel(_ alert: Announcement) -> String {
        let kind = AlertKind(rawValue: alert.category)
        let level = String(alert.level)
        var text = alert.category
        if kind == .flood, alert.level > 0 {
            text = tell(.floodLevel, level)
        } else {
            if let kind { text = word(kind.message) }
            if alert.level > 0 { text += (text.isEmpty ? "" : ", ") + tell(.plainLevel, level) }
        }
        return alert.station.isEmpty ? text : tell(.atStation, text, alert.station)
    }

    /// Until when it is valid, or that it is not any more.
    func validity(_ until: Int64?, now: Int64) -> String {
        guard let until else { return tell(.noEnd) }
        let text = tell(.validUntil, LocalTime(seconds: until).text)
        return until <= now ? text + ", «" + tell(.expired) + "»" : text
    }

    /// One line of an active alert, for a page that is about something else.
    func alertLine(_ alert: Announcement, now: Int64) -> String {
        tell(.alertLine, alertLevel(alert), alert.title, validity(alert.validUntil, now: now))
    }
}

extension CommandRun {
    /// The alerts that are valid now for this device's areas, the most serious first: for the pages of a day.
    func activeAlerts(_ reader: ReplicaReader) throws(ErrorReport) -> [Announcement] {
        let now = time.nowSeconds()
        return try attempt { () throws(ReplicaError) in
            try reader.activeAlerts(for: try reader.grant()?.areas ?? [], now: now)
        }
    }

    /// Prints a reminder for each active alert.
    func printReminders(_ alerts: [Announcement]) {
        let now = time.nowSeconds()
        for alert in alerts {
            terminal.print(
                terminal.styled(terminal.tell(.alerts) + ":", alert.level > 1 ? .red : .yellow) + " "
                    + terminal.alertLine(alert, now: now))
        }
    }

    /// Writes alerts or notices as a member of a JSON object.
    func write(_ items: [Announcement], as name: String, to json: inout JSONWriter) {
        let now = time.nowSeconds()
        json.array(name) { json in
            for item in items {
                json.object { json in
                    json.member("id", item.id.hex)
                    json.member("short_id", ShortID.text(item.id))
                    json.member("title", item.title)
                    json.member("body", item.body)
                    if item.kind == .alert {
                        json.member("kind", item.category)
                        json.member("level", item.level)
                        json.member("station", item.station.isEmpty ? nil : item.station)
                    }
                    json.member("area", item.area.isEmpty ? nil : item.area)
                    json.member("area_name", item.area.isEmpty ? nil : areaBook()?.shortName(item.area))
                    json.member("posted", LocalTime(seconds: item.posted).iso8601)
                    json.member("valid_until", item.validUntil.map { LocalTime(seconds: $0).iso8601 })
                    json.member("expired", item.isExpired(at: now))
                    json.member("pending", item.isPending)
                }
            }
        }
    }

    /// `ward notice list` and `ward alert list`
    func announcementList(_ kind: DocumentKind) throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let now = time.nowSeconds()
        var areas: [String] = []
        if let given = parsed.option("area") {
            let ward = try attempt { () throws(ReplicaError) in try reader.descriptor() }.area
            areas = [try area("--area", given, ward: ward)]
        }
        let asked = areas
        let isAll = parsed.flag("all")
        let items = try attempt { () throws(ReplicaError) in
            try reader.announcements(kind, for: asked, isAll: isAll, now: now)
        }
        let expired =
            isAll ? 0 : try attempt { () throws(ReplicaError) in try reader.expiredCount(kind, now: now) }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    write(items, as: "items", to: &json)
                    json.member("shown", items.count)
                    json.member("expired_hidden", expired)
                }
            }
            return .ok
        }
        if items.isEmpty { terminal.remark(Say.noItems.message) } else { terminal.print(table(kind, items, now)) }
        if expired > 0 { terminal.remark(ReferenceWord.expiredHidden.message, String(expired)) }
        return .ok
    }

    private func table(_ kind: DocumentKind, _ items: [Announcement], _ now: Int64) -> Table {
        var columns = [Table.Column(Say.id.message)]
        if kind == .alert { columns.append(Table.Column(ReferenceWord.level.message, maximum: 40)) }
        columns += [
            Table.Column(ReferenceWord.until.message), Table.Column(Say.area.message, maximum: 24),
            Table.Column(Say.marks.message), Table.Column(Say.title.message, minimum: 16, flexible: true),
        ]
        var table = Table(columns)
        for item in items {
            table.add(ShortID.text(item.id))
            if kind == .alert { table.add(terminal.alertLevel(item), item.level > 1 ? .red : nil) }
            table.add(item.validUntil.map { LocalTime(seconds: $0).text } ?? terminal.tell(.noEnd))
            table.add(item.area.isEmpty ? terminal.say(.allWard) : areaBook()?.shortName(item.area) ?? item.area)
            var marks = item.isExpired(at: now) ? [terminal.tell(.expired)] : []
            if item.isPending { marks.append(terminal.say(.waiting)) }
            table.add(marks.joined(separator: ", "), .yellow)
            table.add(item.title)
        }
        return table
    }

    // MARK: Officers

    /// The moment of `--until`, which has to be in the future.
    private func until() throws(ErrorReport) -> Int64? {
        guard let given = parsed.option("until") else { return nil }
        let now = time.nowSeconds()
        guard let until = MomentText.parse(Self.trimmed(given), now: now) else {
            throw bad("--until", given, ReferenceWord.expectUntil.message)
        }
        guard until > now else { throw bad("--until", given, ReferenceWord.untilPast.message) }
        return until
    }

    private func announcementTitle() throws(ErrorReport) -> String {
        guard let title = try text(option: "title", limit: 400) else {
            throw ErrorReport.cannotAsk(option: "--title", helpCommand: name + " --help")
        }
        return title
    }

    private func alertKind() throws(ErrorReport) -> String {
        guard let given = parsed.option("kind") else { return AlertKind.other.rawValue }
        if case .one(let kind) = AlertKind.match(given) { return kind.rawValue }
        let names = AlertKind.allCases.map(\.rawValue).joined(separator: ", ")
        throw bad("--kind", given, Self.filled(ReferenceWord.expectAlertKind.message, names))
    }

    /// `ward notice post`
    func noticePost() throws(ErrorReport) -> ExitCode {
        let title = try announcementTitle()
        let until = try until()
        var draft = ChangeSetDraft(kind: .notice)
        draft.perform(.set(Slot(field: NoticeField.title)), .text(title))
        if let body = try text(option: "body", limit: 16 * 1024) {
            draft.perform(.set(Slot(field: NoticeField.body)), .text(body))
        }
        if let until { draft.perform(.set(Slot(field: NoticeField.validUntil)), CBORValue(until)) }
        let replica = try replica()
        if let given = parsed.option("area") {
            let area = try area("--area", given, ward: replica.descriptor.area)
            draft.perform(.set(Slot(field: NoticeField.area)), .text(area))
        }
        return try save(replica, draft, title: title)
    }

    /// `ward alert post`
    func alertPost() throws(ErrorReport) -> ExitCode {
        let title = try announcementTitle()
        let kind = try alertKind()
        let given = try until()
        let until = given ?? time.nowSeconds() + 86_400
        var draft = ChangeSetDraft(kind: .alert)
        draft.perform(.set(Slot(field: AlertField.title)), .text(title))
        draft.perform(.set(Slot(field: AlertField.category)), .text(kind))
        draft.perform(.set(Slot(field: AlertField.level)), CBORValue(parsed.integer("level") ?? 1))
        draft.perform(.set(Slot(field: AlertField.validUntil)), CBORValue(until))
        for (option, field, limit) in [
            ("body", AlertField.body, 16 * 1024), ("station", AlertField.station, 400),
        ] {
            if let value = try text(option: option, limit: limit) {
                draft.perform(.set(Slot(field: field)), .text(value))
            }
        }
        let replica = try replica()
        let area = try parsed.option("area").map { given throws(ErrorReport) in
            try self.area("--area", given, ward: replica.descriptor.area)
        }
        draft.perform(.set(Slot(field: AlertField.area)), .text(area ?? replica.descriptor.area))
        let code = try save(replica, draft, title: title)
        if given == nil {
            terminal.remark(ReferenceWord.alertDefaultEnd.message, LocalTime(seconds: until).text)
        }
        return code
    }

    /// `ward notice withdraw ID` and `ward alert end ID`
    func announcementEnd(_ kind: DocumentKind) throws(ErrorReport) -> ExitCode {
        let replica = try replica()
        let view = try document(replica, kind)
        let field = kind == .alert ? AlertField.validUntil : NoticeField.validUntil
        let now = time.nowSeconds()
        if let until = view.state.value(field)?.integer, until <= now {
            terminal.remark(ReferenceWord.alreadyExpired.message)
            return .ok
        }
        var draft = ChangeSetDraft(kind: kind, document: view.id)
        draft.perform(.set(Slot(field: field)), CBORValue(now))
        return try save(replica, draft)
    }
}
