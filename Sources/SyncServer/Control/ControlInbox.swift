// The conflict inbox for the ward's own machine: a query over the socket, and a reply whose keys are those of `--json`.
import CommandLineKit
import SyncKit

/// Which part of the inbox is meant.
struct InboxQuery: Sendable {
    var kinds: [InboxKind] = []
    var severity: InboxSeverity?
    var areas: [String] = []
    /// The beginning of a device's key.
    var device: String?
    var olderDays: Int64?
    var from = 0
    var limit = 200
    /// Whether only what is no conflict of documents is meant: what was held or refused, devices, faults.
    var isQuarantine = false

    init() {}

    var value: CBORValue {
        .object([
            "kinds": .array(kinds.map { .text($0.name) }), "severity": .optional(severity?.name),
            "areas": .array(areas.map { .text($0) }), "device": .optional(device),
            "older": olderDays.map { CBORValue($0) } ?? .null, "from": .count(from), "limit": .count(limit),
            "quarantine": .bool(isQuarantine),
        ])
    }

    init?(decoding value: CBORValue) {
        guard let from = value["from"].integer, let limit = value["limit"].integer, (0...1_000_000).contains(from),
            (1...2_000).contains(limit), value["areas"].elements.count <= 64, value["kinds"].elements.count <= 64
        else { return nil }
        kinds = value["kinds"].elements.compactMap { $0.string.flatMap(InboxKind.init(name:)) }
        severity = value["severity"].string.flatMap(InboxSeverity.init(name:))
        areas = value["areas"].elements.compactMap(\.string)
        device = value["device"].string
        if let device, !ControlDot.isDevice(device) { return nil }
        olderDays = value["older"].integer
        if let olderDays, !(0...36_500).contains(olderDays) { return nil }
        self.from = Int(from)
        self.limit = Int(limit)
        isQuarantine = value["quarantine"] == .bool(true)
    }
}

extension ControlTable {
    func inbox(_ query: InboxQuery) throws(ControlFailure) -> CBORValue {
        var filter = InboxFilter()
        filter.kinds = Set(query.kinds)
        if query.isQuarantine {
            let meant = filter.kinds.isEmpty ? Set(InboxKind.allCases) : filter.kinds
            filter.kinds = meant.filter(\.isOfTheServer)
            if filter.kinds.isEmpty { return Self.reply(InboxPage(), { _ in ("", .resident) }) }
        }
        filter.severity = query.severity
        filter.areas = query.areas
        filter.olderThan = query.olderDays.map { $0 * 86_400 }
        if let digits = query.device {
            let found = service.withCore { core in core.devices(beginning: digits) }
            guard let first = found.first else { throw ControlFailure(.deviceUnknown, digits) }
            guard found.count == 1 else { throw ControlFailure(.deviceAmbiguous, digits) }
            filter.device = first
        }
        let meant = filter
        let fault = service.storeFault
        return try inCore { core throws(StoreError) in
            Self.reply(try core.inbox(meant, from: query.from, limit: query.limit, fault: fault), core.person)
        }
    }

    /// Keeps in the inbox that an import's rows were refused, until the next one of its kind has none.
    func noteImport(_ kind: String, refused: Int64) throws(ControlFailure) -> CBORValue {
        try inCore { core throws(StoreError) in
            if refused > 0 {
                try core.noteProblem(
                    source: "import", subject: kind, count: Int(clamping: refused), detail: "\(kind): \(refused)")
            } else {
                try core.settleProblem(source: "import", subject: kind)
            }
        }
        return .null
    }

    private static func reply(_ page: InboxPage, _ person: (DeviceID) -> (name: String, role: Role)) -> CBORValue {
        .object([
            "items": .array(page.items.map { item($0, person) }), "shown": .count(page.items.count),
            "total": .count(page.total), "left_out": .count(page.leftOut),
            "counts": .map(
                InboxKind.allCases.compactMap { kind in
                    page.counts[kind].map { CBORValue.Pair(.text(kind.name), .count($0)) }
                }),
        ])
    }

    private static func time(_ seconds: Int64) -> CBORValue { .text(LocalTime(seconds: seconds).iso8601) }

    private static func item(_ item: InboxItem, _ person: (DeviceID) -> (name: String, role: Role)) -> CBORValue {
        var pairs: [(String, CBORValue)] = [
            ("key", .text(item.key)), ("kind", .text(item.kind.name)), ("severity", .text(item.severity.name)),
            ("raised_because", .optional(item.raise?.rawValue)), ("owner", .text(item.owner.role.name)),
            ("owner_area", .text(item.owner.area)),
            ("owner_name", .optional(item.owner.device.map { person($0).name })), ("since", time(item.since)),
            ("id", .optional(item.document?.hex)),
            ("document", .optional(item.document.map { ShortID.text($0) })),
            ("document_kind", .optional(item.documentKind?.name)), ("title", .text(item.title)),
            ("area", .text(item.area)), ("sides", .array(item.sides.map { side($0, person) })),
            ("fault", .optional(item.fault)),
            ("actions", .array(item.kind.actions.map { .text($0.rawValue) })),
        ]
        if let kind = item.documentKind, let slot = item.slot {
            pairs.append(("field", .optional(Schema.field(kind, slot.field)?.name)))
        }
        if let device = item.device {
            pairs += [("device", .text(device.description)), ("device_name", .text(person(device).name))]
        }
        if let pending = item.pending {
            pairs += [
                ("change", .text("\(pending.dot.device):\(pending.dot.sequence)")),
                ("change_id", .text(pending.id.hex)), ("held", .bool(pending.isHeld)),
                ("code", .text("\(pending.code)")), ("written", .text(LocalTime(pending.deviceTime).iso8601)),
                ("document_missing", .bool(pending.isDocumentMissing)),
                ("missing", .array(pending.missing.map { .text("\($0.device):\($0.sequence)") })),
            ]
        }
        if let contact = item.contact {
            pairs.append(
                (
                    "contact",
                    .object([
                        "seen": contact.seen == 0 ? .null : time(contact.seen),
                        "skew_seconds": CBORValue(contact.skew), "unsent": .unsigned(contact.unsent),
                        "held_tasks": .count(contact.heldTasks),
                    ])
                ))
        }
        if let fork = item.fork {
            pairs.append(
                (
                    "fork",
                    .object([
                        "sequence": .unsigned(fork.sequence), "main": .text(fork.main.hex),
                        "main_end": .unsigned(fork.mainEnd),
                        "others": .array(fork.others.map { .text("\($0.sequence):\($0.id.hex)") }),
                    ])
                ))
        }
        if let file = item.file {
            pairs.append(
                (
                    "file",
                    .object([
                        "root": .text(file.root.hex), "bytes": .count(file.length),
                        "missing_leaves": .count(file.missing ?? 0),
                        "runs": .array(file.runs.prefix(64).map { .text("\($0.lowerBound)-\($0.upperBound - 1)") }),
                    ])
                ))
        }
        if let likeness = item.likeness {
            pairs += [("other", .text(likeness.document.hex)), ("metres", .count(likeness.metres))]
        }
        if let merger = item.merger {
            pairs += [("old_area", .text(merger.old)), ("present_area", .text(merger.present))]
        }
        return .map(pairs.map { CBORValue.Pair(.text($0.0), $0.1) })
    }

    private static func side(_ side: InboxSide, _ person: (DeviceID) -> (name: String, role: Role)) -> CBORValue {
        .object([
            "change": .text("\(side.dot.device):\(side.dot.sequence)"), "who": .text(person(side.dot.device).name),
            "role": .text(person(side.dot.device).role.name), "stands": .bool(side.stands),
            "device_time": .optional(side.deviceTime.map { LocalTime($0).iso8601 }),
            "effective_time": .text(LocalTime(side.effective).iso8601),
            "server_time": side.serverTime.map(time) ?? .null, "position": .unsigned(side.position.index),
            "seen": side.seen.map { .unsigned($0.index) } ?? .null,
        ])
    }
}
