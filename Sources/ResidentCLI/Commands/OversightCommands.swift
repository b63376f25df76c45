// Looking after the ward: devices with their grants, and what is held, as this device knows them.

import CommandLineKit
import SyncKit

extension CommandRun {
    private static let secondsADay: Int64 = 86_400

    /// `ward device list`
    func deviceList() throws(ErrorReport) -> ExitCode {
        let reader = try reader()
        let role = try attempt { () throws(ReplicaError) in try reader.grant() }?.role
        guard role == .admin || role == .auditor else { throw notForYou() }
        let now = time.nowSeconds()
        var grants = try attempt { () throws(ReplicaError) in try reader.overseenGrants() }
        if let days = parsed.integer("expiring") {
            grants = grants.filter {
                $0.revokedAfter == nil && $0.grant.validUntil != 0
                    && $0.grant.validUntil < now + days * Self.secondsADay
            }
        }
        let members = try attempt { () throws(ReplicaError) in try reader.members() }
        var active: [DeviceID: Int64] = [:]
        for member in members { active[member.device] = member.lastActive }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.array("items") { json in
                        for item in grants {
                            json.object { json in write(item, active[item.grant.device], now: now, to: &json) }
                        }
                    }
                    json.member("shown", grants.count)
                }
            }
            return .ok
        }
        guard !grants.isEmpty else {
            terminal.remark(OrderSay.none.message)
            return .ok
        }
        let values = ValueText(terminal: terminal)
        var table = Table([
            Table.Column(OrderSay.person.message, minimum: 8, flexible: true), Table.Column(Say.device.message),
            Table.Column(DaySay.role.message), Table.Column(Say.areas.message, maximum: 24),
            Table.Column(OrderSay.until.message), Table.Column(DaySay.lastActive.message),
            Table.Column(Say.marks.message),
        ])
        for item in grants {
            let grant = item.grant
            table.addRow([
                grant.name, ShortID.text(grant.device.digest), terminal.word(RoleWord.message(grant.role)),
                grant.areas.joined(separator: ", "),
                grant.validUntil == 0 ? terminal.order(OrderSay.noEnd) : LocalTime(seconds: grant.validUntil).dateText,
                active[grant.device].map { values.ago($0, now: now) } ?? terminal.say(DaySay.never),
                mark(item, now: now),
            ])
        }
        terminal.print(table)
        return .ok
    }

    private func mark(_ item: OverseenGrant, now: Int64) -> String {
        if let last = item.revokedAfter { return terminal.order(OrderSay.revokedMark, String(last)) }
        guard item.grant.validUntil != 0 else { return "" }
        if item.grant.validUntil < now { return terminal.order(OrderSay.expiredMark) }
        let days = (item.grant.validUntil - now) / Self.secondsADay
        return days < GrantEnd.warnedDays ? terminal.order(OrderSay.expiresIn, String(days)) : ""
    }

    private func write(_ item: OverseenGrant, _ active: Int64?, now: Int64, to json: inout JSONWriter) {
        let grant = item.grant
        json.member("device", grant.device.digest.hex)
        json.member("short_id", ShortID.text(grant.device.digest))
        json.member("name", grant.name)
        json.member("role", grant.role.name)
        json.member("areas", grant.areas)
        json.member("valid_until", grant.validUntil == 0 ? nil : LocalTime(seconds: grant.validUntil).iso8601)
        json.member("expired", grant.validUntil != 0 && grant.validUntil < now)
        json.member("revoked_after", item.revokedAfter.map { Int64(clamping: $0) })
        json.member("last_active", active.map { LocalTime(seconds: $0).iso8601 })
    }

    // MARK: What is held

    /// `ward quarantine list`
    func quarantineList() throws(ErrorReport) -> ExitCode {
        let reader = try overseer()
        let refused = parsed.flag("refused")
        let limit = Int(parsed.integer("limit") ?? 200)
        var items = try attempt { () throws(ReplicaError) in
            try reader.quarantine(held: !refused, limit: parsed.option("device") == nil ? limit : 100_000)
        }
        let people = try People(reader, self)
        if let typed = parsed.option("device") {
            let authors = Set(items.map(\.change.header.device)).map {
                Member(device: $0, role: people.role($0), name: people.programName($0), areas: [], lastActive: nil)
            }
            let wanted = Set(Self.fitting(typed, authors).map(\.device))
            items = Array(items.filter { wanted.contains($0.change.header.device) }.prefix(limit))
        }
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    json.array("items") { json in
                        for item in items { json.object { json in write(item, people, to: &json) } }
                    }
                    json.member("shown", items.count)
                }
            }
            return .ok
        }
        guard !items.isEmpty else {
            terminal.remark((refused ? OrderSay.nothingRefused : .nothingHeld).message)
            return .ok
        }
        var table = Table([
            Table.Column(OrderSay.change.message), Table.Column(Say.kind.message),
            Table.Column(OrderSay.author.message, minimum: 8, flexible: true), Table.Column(OrderSay.since.message),
            Table.Column(OrderSay.why.message, minimum: 16, flexible: true),
        ])
        for item in items {
            table.addRow([
                ShortID.text(item.change.id), kindName(item.change), people.name(item.change.header.device),
                LocalTime(seconds: item.at).text, terminal.word(RefusalWords(item.code).why),
            ])
        }
        terminal.print(table)
        return .ok
    }

    private func kindName(_ change: ChangeSet) -> String {
        let kind = UInt8(exactly: change.header.kind).flatMap(DocumentKind.init(rawValue:))
        return kind.map { terminal.word(KindWord.message($0)) } ?? "?"
    }

    private func write(_ item: Overseen, _ people: People, to json: inout JSONWriter) {
        let header = item.change.header
        json.member("id", item.change.id.hex)
        json.member("short_id", ShortID.text(item.change.id))
        json.member("device", header.device.digest.hex)
        json.member("sequence", Int64(clamping: header.sequence))
        json.member("author", people.programName(header.device))
        json.member("kind", UInt8(exactly: header.kind).flatMap(DocumentKind.init(rawValue:))?.name)
        json.member("document", item.change.document.hex)
        json.member("code", "\(item.code)")
        json.member("held", item.isHeld)
        json.member("written", LocalTime(header.authorTime).iso8601)
        json.member("received", LocalTime(seconds: item.at).iso8601)
    }

    /// `ward quarantine show ID`
    func quarantineShow() throws(ErrorReport) -> ExitCode {
        let reader = try overseer()
        let item = try heldChange(reader, amongRefused: true)
        let people = try People(reader, self)
        let actions = Self.actions(item.change, people)
        if terminal.isJSON {
            terminal.printJSON { json in
                json.object { json in
                    write(item, people, to: &json)
                    json.member("actions", actions)
                }
            }
            return .ok
        }
        func line(_ label: OrderSay, _ text: String) {
            terminal.print(terminal.styled(terminal.order(label) + ":", .dim) + " " + SafeText.line(text))
        }
        line(.change, ShortID.text(item.change.id) + " (" + kindName(item.change) + ")")
        line(.author, people.name(item.change.header.device) + " (" + people.short(item.change.header.device) + ")")
        line(.written, LocalTime(item.change.header.authorTime).text)
        line(.receivedAt, LocalTime(seconds: item.at).text)
        line(.why, terminal.word(RefusalWords(item.code).why))
        line(.document, ShortID.text(item.change.document))
        terminal.print(terminal.styled(terminal.order(OrderSay.whatItDoes) + ":", .dim))
        for action in actions { terminal.print("    " + SafeText.line(action)) }
        if item.isHeld { terminal.remark(OrderSay.decide.message, ShortID.text(item.change.id)) }
        return .ok
    }

    /// What a change set does, one line for each operation.
    private static func actions(_ change: ChangeSet, _ people: People) -> [String] {
        guard let kind = UInt8(exactly: change.header.kind).flatMap(DocumentKind.init(rawValue:)),
            let operations = change.operations
        else { return [] }
        var nextValue = 0
        return operations.compactMap { operation in
            var value: CBORValue?
            if operation.takesValue {
                value = change.values.flatMap { try? CBORValue(decoding: $0.value(nextValue)) }
                nextValue += 1
            }
            guard let spec = Schema.field(kind, operation.slot.field) else { return nil }
            let label = people.terminal.word(FieldWord.message(spec))
            switch operation {
            case .transition(_, let to, _): return label + ": " + people.terminal.word(StateWord.message(kind, to))
            case .set, .add, .append, .remove:
                let text =
                    change.isErased
                    ? "«" + people.terminal.order(OrderSay.erased) + "»" : people.values.text(value, spec, kind)
                return (operation.isRemoval ? "– " : "") + label + ": " + text
            default: return label
            }
        }
    }

    private func overseer() throws(ErrorReport) -> ReplicaReader {
        let reader = try reader()
        let role = try attempt { () throws(ReplicaError) in try reader.grant() }?.role
        guard role == .admin || role == .auditor || role == .officer else { throw notForYou() }
        return reader
    }

    /// The held change set whose id begins as it was typed.
    func heldChange(_ store: some LocalDocuments, amongRefused: Bool = false) throws(ErrorReport) -> Overseen {
        let typed = try text("id", parsed.argument(0) ?? "", limit: 80)
        let all = try attempt { () throws(ReplicaError) in
            try store.quarantine(held: true, limit: 100_000)
                + (amongRefused ? try store.quarantine(held: false, limit: 100_000) : [])
        }
        let whole = Digest(hex: typed).map { (low: $0, high: $0) }
        let range = whole ?? ShortID.range(ShortID.normalized(typed)).map { (low: $0.low, high: $0.high) }
        let found = all.filter { item in range.map { item.change.id >= $0.low && item.change.id <= $0.high } ?? false }
        guard let first = found.first else {
            throw ErrorReport(
                .notFound, code: "quarantine.not-found", happened: OrderSay.changeUnknown.with(typed),
                loss: .nothingChanged, next: OrderSay.changeUnknownNext.with())
        }
        guard found.count == 1 else {
            let ids = found.prefix(8).map { ShortID.text($0.change.id, length: 12) }
            throw ErrorReport(
                .ambiguous, code: "quarantine.ambiguous",
                happened: OrderSay.changeSeveral.with(typed, ids.joined(separator: "; ")), loss: .nothingChanged,
                next: FaultWord.ambiguousNext.with())
        }
        return first
    }
}

extension SyncKit.Operation {
    fileprivate var isRemoval: Bool {
        if case .remove = self { return true }
        return false
    }
}

/// When a device's own grant ends, as far as its person should be told.
struct GrantEnd {
    /// How many days before its end a grant is spoken of.
    static let warnedDays: Int64 = 14

    let until: Int64
    /// Whole days that are left; less than 0 where it is over.
    let daysLeft: Int64

    /// - Returns: `nil` for a grant without an end, or whose end is far.
    init?(_ grant: Grant?, now: Int64) {
        guard let grant, grant.validUntil != 0 else { return nil }
        guard let days = Self.days(grant, now: now), days < Self.warnedDays else { return nil }
        until = grant.validUntil
        daysLeft = days
    }

    /// Whole days until a grant ends; -1 once it did, `nil` for one without an end.
    static func days(_ grant: Grant?, now: Int64) -> Int64? {
        guard let grant, grant.validUntil != 0 else { return nil }
        let (left, overflow) = grant.validUntil.subtractingReportingOverflow(now)
        if overflow { return nil }
        return left < 0 ? -1 : left / 86_400
    }

    func warn(_ terminal: Terminal) {
        let date = LocalTime(seconds: until).dateText
        if daysLeft < 0 {
            terminal.warn(OrderSay.grantEnded.message, date)
        } else {
            terminal.warn(OrderSay.grantEnds.message, String(daysLeft), date)
        }
        terminal.remark(OrderSay.grantEndsNext.message)
    }
}
