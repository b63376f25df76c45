// What each control operation does. The serving process and a command that opened the store itself run the same code.
import SyncKit

/// Performs control operations on a ward.
struct ControlTable: Sendable {
    let service: WardService
    let descriptor: WardDescriptor
    let time: any TimeSource
    let home: WardHome
    /// Nil where this process does not serve.
    var console: Console?

    /// The most lines of a list in one reply; the reply says how many there are.
    static let longestList = 2000
    /// The most areas that an import is told; with names of usual length they stay far below a reply's limit.
    static let mostAreas = 20_000

    /// Does what was asked and gives the answer, whose keys are those of `--json`.
    func perform(_ request: ControlRequest) throws(ControlFailure) -> CBORValue {
        if service.storeFault != nil { throw ControlFailure(.store, "io") }
        switch request {
        case .status(let area): return try status(area: area)
        case .invite(let role, let areas, let name, let expires, let valid):
            return try invite(role, areas, name, expiresDays: expires, validDays: valid)
        case .held: return try held()
        case .inbox(let query): return try inbox(query)
        case .noteImport(let kind, let refused): return try noteImport(kind, refused: refused)
        case .release(let dot, let reason): return try decide(.release, dot, reason)
        case .decline(let dot, let reason): return try decide(.decline, dot, reason)
        case .revoke(let device, let after, let reason): return try revoke(device, after, reason)
        case .devices(let role): return try devices(role)
        case .importItems(let items, let isTrial):
            return Self.outcomes(
                try inCore { core throws(StoreError) in try core.importItems(items, isTrial: isTrial) })
        case .importDossiers(let dossiers, let isTrial):
            return Self.outcomes(
                try inCore { core throws(StoreError) in try core.importDossiers(dossiers, isTrial: isTrial) })
        case .areas:
            var known = try inCore { core throws(StoreError) in try core.knownAreas() }
            if !known.contains(where: { $0.code == descriptor.area }) {
                known.append((descriptor.area, descriptor.name))
            }
            return .array(known.prefix(Self.mostAreas).map { .array([.text($0.code), .text($0.name)]) })
        case .settings: return try settings()
        case .statistics(let query): return try statistics(query)
        case .configure(let topic, let text): return try configure(topic, text)
        case .copyStore:
            try copyStore()
            return .null
        case .consoleLink(let role, let name): return try consoleLink(role, name)
        case .noteBackup(let index):
            try inCore { core throws(StoreError) in try core.noteBackup(upTo: index) }
            return .null
        case .forks(let device): return try forks(device)
        case .completeness(let limit): return try completeness(limit: limit)
        case .forkProof(let device): return try forkProof(device)
        case .confirmSuccession(let device, let reason): return try confirmSuccession(device, reason)
        case .bundlePart(let bytes): return try bundlePart(bytes)
        case .bundleText(let text): return try bundleText(text)
        case .bundles: return try bundles()
        case .returnPart(let id, let number): return try returnPart(id, number)
        case .flush:
            try inCore { core throws(StoreError) in try core.flush() }
            return .null
        }
    }

    func inCore<Result: Sendable>(
        _ body: (WardCore) throws(StoreError) -> Result
    ) throws(ControlFailure) -> Result {
        do { return try service.withCore { core throws(StoreError) in try body(core) } } catch {
            throw ControlFailure(error)
        }
    }

    private static func outcomes(_ outcomes: [ImportOutcome]) -> CBORValue { .bytes(outcomes.map(\.rawValue)) }

    /// Copies the store page by page, and lets syncs in between.
    private func copyStore() throws(ControlFailure) {
        let path = home.copyPath
        let copy = try inCore { core throws(StoreError) in
            try core.flush()
            return try core.beginCopy(to: path)
        }
        while try !inCore({ core throws(StoreError) in try copy.step(pages: 256) }) {}
    }

    // MARK: Status

    private func status(area: String?) throws(ControlFailure) -> CBORValue {
        let area = area ?? descriptor.area
        guard AreaCode.isValid(area) else { throw ControlFailure(.outsideWard, area) }
        let status = try inCore { core throws(StoreError) in try core.status(area: area) }
        let documents = DocumentKind.allCases.map { kind in
            CBORValue.Pair(.text(kind.name), .count(status.documents[kind] ?? 0))
        }
        let devices = Role.allCases.map { role in
            CBORValue.Pair(.text(role.name), .count(status.devices[role] ?? 0))
        }
        return .object([
            "ward": .text(descriptor.ward.hex), "name": .text(descriptor.name), "area": .text(descriptor.area),
            "epoch": .unsigned(status.epoch), "log_size": .unsigned(status.size), "root": .text(status.root.hex),
            "checkpoint_serial": .unsigned(status.checkpointSerial), "documents": .map(documents),
            "devices": .map(devices), "revoked_devices": .count(status.revoked), "held": .count(status.held),
            "refused": .count(status.refused), "forks": .count(status.forks),
            "newer_checkpoint": status.newer?.controlValue ?? .null,
            "area_state": .object([
                "area": .text(area), "documents": .count(status.areaDocuments), "hash": .text(status.areaHash.hex),
            ]),
            "ward_wide_state": .object([
                "documents": .count(status.wardWideDocuments), "hash": .text(status.wardWideHash.hex),
            ]),
        ])
    }

    // MARK: Devices

    private static let secondsADay: Int64 = 86_400

    private func invite(
        _ role: Role, _ areas: [String], _ name: String, expiresDays: Int64, validDays: Int64
    ) throws(ControlFailure) -> CBORValue {
        guard [.volunteer, .lead, .officer, .admin, .auditor].contains(role), (1...365).contains(expiresDays),
            (0...3650).contains(validDays), areas.count <= 64, !areas.isEmpty
        else { throw ControlFailure(.badInvitation) }
        let name = TextNormalization.nfc(name)
        guard (1...Grant.maxNameLength).contains(name.utf8.count), !name.utf8.contains(where: { $0 < 0x20 }) else {
            throw ControlFailure(.badInvitation, "name")
        }
        guard !ConsoleName.isReadFrom(name) else {
            throw ControlFailure(.reservedName, name)
        }
        for area in areas where !AreaCode.isValid(area) || !AreaCode.covers(descriptor.area, area) {
            throw ControlFailure(.outsideWard, area)
        }
        let expires = time.nowSeconds() + expiresDays * Self.secondsADay
        let invitation = Invitation(
            role: role, areas: areas, name: name, expires: expires, validSeconds: validDays * Self.secondsADay)
        let code = try inCore { core throws(StoreError) in try core.invite(invitation) }
        return .object([
            "code": .text(code), "role": .text(role.name), "areas": .array(areas.map { .text($0) }),
            "name": .text(name), "expires": .text(LocalTime(seconds: expires).iso8601),
            "valid_days": CBORValue(validDays), "command": .text("ward join \(code)"),
        ])
    }

    private func devices(_ role: Role?) throws(ControlFailure) -> CBORValue {
        let found = try inCore { core throws(StoreError) in try core.devices(role: role) }
        let lines = found.prefix(Self.longestList).map { item in
            CBORValue.object([
                "device": .text(item.device.description), "role": .text(item.grant.role.name),
                "areas": .array(item.grant.areas.map { .text($0) }), "name": .text(item.grant.name),
                "valid_until": item.grant.validUntil == 0
                    ? .null : .text(LocalTime(seconds: item.grant.validUntil).iso8601),
                "revoked_after": item.revokedAfter.map { .unsigned($0) } ?? .null,
                "last_sequence": .unsigned(item.lastSequence),
            ])
        }
        return .object(["devices": .array(lines), "total": .count(found.count)])
    }

    func device(_ digits: String) throws(ControlFailure) -> DeviceID {
        let found = service.withCore { core in core.devices(beginning: digits) }
        guard let first = found.first else { throw ControlFailure(.deviceUnknown, digits) }
        guard found.count == 1 else { throw ControlFailure(.deviceAmbiguous, digits) }
        return first
    }

    // MARK: Held change sets

    private func held() throws(ControlFailure) -> CBORValue {
        let found = try inCore { core throws(StoreError) in
            let held = try core.held()
            return (count: held.count, lines: held.prefix(Self.longestList).map(Self.line))
        }
        return .object(["held": .array(found.lines), "total": .count(found.count)])
    }

    private static func line(_ item: LogTables.Stored) -> CBORValue {
        let header = item.change.header
        let kind = UInt8(exactly: header.kind).flatMap(DocumentKind.init(rawValue:))
        return .object([
            "change": .text("\(header.device):\(header.sequence)"), "id": .text(item.change.id.hex),
            "device": .text(header.device.description),
            "sequence": .unsigned(header.sequence), "reason": .text(item.code.map { "\($0)" } ?? "unknown"),
            "kind": .text(kind?.name ?? "unknown"), "document": .text(ShortID.text(item.change.document)),
            "written": .text(LocalTime(header.authorTime).iso8601), "position": .unsigned(item.position.index),
        ])
    }
}

extension Checkpoint {
    /// What is told of a checkpoint that the log does not go on from.
    var controlValue: CBORValue {
        .object([
            "epoch": .unsigned(position.epoch), "log_size": .unsigned(position.index), "serial": .unsigned(serial),
            "time": CBORValue(time),
        ])
    }
}
