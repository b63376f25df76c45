// Which items of the conflict inbox a command means.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// The inbox of this device.
    func conflictInbox(_ store: some LocalDocuments, device: DeviceID) throws(ErrorReport) -> ReplicaInbox {
        ReplicaInbox(
            store, device: device, settings: try knownSettings(store), areas: AreaBook(store, now: time.nowSeconds()),
            now: time.nowSeconds())
    }

    /// `--kind`, `--severity`, `--area` and `--mine` of the list, each of which narrows what is meant.
    func listedConflicts(_ actor: Actor, ward: String) throws(ErrorReport) -> InboxFilter {
        var filter = try conflictFilter(ward: ward)
        for given in parsed.options("kind") { filter.kinds.insert(try inboxKind("--kind", given)) }
        if let given = parsed.option("severity") { filter.severity = try inboxSeverity("--severity", given) }
        if let given = parsed.option("area") { filter.areas = try inboxAreas("--area", given, ward) }
        if parsed.flag("mine") { filter.mine = actor }
        return filter
    }

    /// `--where KEY=VALUE`, each of which narrows what is meant.
    func conflictFilter(ward: String) throws(ErrorReport) -> InboxFilter {
        var filter = InboxFilter()
        for given in parsed.options("where") {
            guard let mark = given.utf8.firstIndex(of: UInt8(ascii: "=")) else {
                throw bad("--where", given, ConflictSay.expectWhere.message)
            }
            let key = String(given[..<mark])
            let value = String(given[given.utf8.index(after: mark)...])
            switch key {
            case "kind": filter.kinds.insert(try inboxKind("--where", value))
            case "severity": filter.severity = try inboxSeverity("--where", value)
            case "area": filter.areas = try inboxAreas("--where", value, ward)
            case "type":
                guard let kind = DocumentKind.allCases.first(where: { $0.name == value }) else {
                    throw bad("--where", given, ConflictSay.expectWhere.message)
                }
                filter.documentKind = kind
            case "older":
                guard let days = Int64(value), (0...36_500).contains(days) else {
                    throw bad("--where", given, ConflictSay.expectWhere.message)
                }
                filter.olderThan = days * 86_400
            default: throw bad("--where", given, ConflictSay.expectWhere.message)
            }
        }
        return filter
    }

    private func inboxAreas(_ option: String, _ given: String, _ ward: String) throws(ErrorReport) -> [String] {
        let code = try area(option, given, ward: ward)
        return [code] + (areaBook()?.merged(into: code) ?? [])
    }

    private func inboxKind(_ option: String, _ given: String) throws(ErrorReport) -> InboxKind {
        if let kind = InboxKind(name: given) { return kind }
        let names = InboxKind.allCases.map(\.name).joined(separator: ", ")
        throw bad(option, given, Self.filled(ConflictSay.expectKind.message, names))
    }

    private func inboxSeverity(_ option: String, _ given: String) throws(ErrorReport) -> InboxSeverity {
        if let severity = InboxSeverity(name: given) { return severity }
        let names = InboxSeverity.allCases.map(\.name).joined(separator: ", ")
        throw bad(option, given, Self.filled(ConflictSay.expectKind.message, names))
    }

    /// Who acts on this device.
    func actor(_ reader: ReplicaReader) throws(ErrorReport) -> Actor {
        let grant = try attempt { () throws(ReplicaError) in try reader.grant() }
        let others = try attempt { () throws(ReplicaError) in try reader.otherDevices() }
        return Actor(
            device: reader.device, role: grant?.role ?? .resident,
            areas: AreaBook(reader, now: time.nowSeconds()).withMerged(grant?.areas ?? []), others: others)
    }

    /// The items about what was typed, as a list names them: a document, a change set as `DEVICE:SEQ`, or a device.
    func conflictItems(_ store: some LocalDocuments, _ inbox: ReplicaInbox, _ typed: String) throws(ErrorReport)
        -> [InboxItem]
    {
        var inbox = inbox
        var filter = InboxFilter()
        filter.kinds = Set(InboxKind.allCases.filter(\.isOfTheServer))
        let all = try attempt { () throws(ReplicaError) in try inbox.page(filter, limit: 10_000).items }
        if typed.utf8.contains(UInt8(ascii: ":")) {
            let parts = typed.split(separator: ":", maxSplits: 1)
            let found = all.filter { item in
                guard parts.count == 2, let dot = item.pending?.dot else { return false }
                return String(dot.sequence) == parts[1] && Self.begins(dot.device.digest, String(parts[0]))
            }
            if found.isEmpty { throw Faults.report(ReplicaError(.noConflict), home: home) }
            return found
        }
        // What the ward holds for want of its document is about one that this device does not have either.
        let others = all.filter { item in
            (item.document ?? item.device?.digest).map { Self.begins($0, typed) } ?? false
        }
        var items: [InboxItem] = []
        do {
            let view = try document(store, nil, typed)
            items = try attempt { () throws(ReplicaError) in try inbox.items(of: view.id) }
        } catch {
            if others.isEmpty { throw error }
        }
        if items.isEmpty { items = others }
        if items.isEmpty { throw Faults.report(ReplicaError(.noConflict), home: home) }
        return items
    }

    /// Whether an id begins as it was typed, in its short form or in hexadecimal digits.
    private static func begins(_ id: Digest, _ typed: String) -> Bool {
        let prefix = ShortID.normalized(typed)
        guard !prefix.isEmpty else { return false }
        return ShortID.text(id, length: 52).hasPrefix(prefix) || id.hex.hasPrefix(typed.lowercased())
    }

    /// The one item that is meant among several of a document.
    func oneItem(_ items: [InboxItem], _ isMeant: (InboxItem) -> Bool = { _ in true }) throws(ErrorReport) -> InboxItem
    {
        var meant = items.filter(isMeant)
        if let field = parsed.option("field") {
            meant = meant.filter { Self.fieldName($0) == field || $0.kind.name == field }
        }
        guard let first = meant.first else { throw Faults.report(ReplicaError(.noConflict), home: home) }
        guard meant.count == 1 else {
            let names = meant.map { Self.fieldName($0) }.joined(separator: ", ")
            throw ErrorReport(
                .usage, code: "usage.missing-option", happened: Phrase(ConflictSay.severalItems.message, [names]),
                loss: .nothingChanged, next: FaultWord.badValueNext.with(name))
        }
        return first
    }

    /// What `--field` calls an item: its field, or its kind where it has none; of likenesses with the other report.
    static func fieldName(_ item: InboxItem) -> String {
        // A report may be like several others.
        if let other = item.likeness { return "\(item.kind.name).\(ShortID.text(other.document))" }
        guard let slot = item.slot, let kind = item.documentKind, item.kind != .merged else { return item.kind.name }
        let field = Schema.field(kind, slot.field)?.name ?? "\(slot.field)"
        return slot.key.map { "\(field).\($0)" } ?? field
    }
}
