// The table of control operations: what an operator may ask of a ward, in this process or of the one that serves.
import SyncKit

/// One control operation with what it needs.
enum ControlRequest: Sendable {
    /// Where the ward stands. `area`: whose documents the state hash is over; nil for the whole ward.
    case status(area: String?)
    case invite(role: Role, areas: [String], name: String, expiresDays: Int64, validDays: Int64)
    case held
    /// The conflict inbox, or what of it only the server knows.
    case inbox(InboxQuery)
    /// Rows of an import were refused, or none any more.
    case noteImport(String, refused: Int64)
    /// `reason`: said to those concerned; nil: that the operator did it.
    case release(ControlDot, reason: String? = nil)
    case decline(ControlDot, reason: String? = nil)
    /// `after`: the last sequence that counts; nil for the newest that the ward received.
    case revoke(device: String, after: UInt64?, reason: String? = nil)
    /// `role`: nil for everyone but residents.
    case devices(role: Role?)
    /// `isTrial`: only says what would come of it.
    case importItems([ImportItem], isTrial: Bool = false)
    case importDossiers([Dossier], isTrial: Bool = false)
    /// The areas that the ward knows.
    case areas
    /// Writes the derived tables, so that a copy of the store is up to date.
    case flush
    /// The configured lists.
    case settings
    /// `text`: nil for the standard list.
    case configure(SettingsTopic, text: String?)
    case statistics(StatisticsQuery)
    /// Copies the store into the home, for a backup.
    case copyStore
    /// A backup holds the log up to an entry.
    case noteBackup(UInt64)
    /// A link that signs somebody in at the console, once.
    case consoleLink(ConsoleRole, name: String)
    /// Devices of which there are two branches, and successions that wait; of one device with what it wrote.
    case forks(device: String?)
    /// What the ward lacks of the files that documents name.
    case completeness(limit: Int)
    /// The proof that a device signed two branches.
    case forkProof(device: String)
    /// Lets a device go on as another one.
    case confirmSuccession(device: String, reason: String? = nil)
    /// The file of one part of a bundle.
    case bundlePart(Bytes)
    /// A text that was read from a QR code.
    case bundleText(String)
    /// What waits, what was taken, and the returns.
    case bundles
    /// One part of a return.
    case returnPart(Digest, Int)

    /// The operation's name, on the socket and in the log.
    var name: StaticString {
        switch self {
        case .status: "status"
        case .invite: "invite"
        case .held: "held"
        case .inbox: "inbox"
        case .noteImport: "note-import"
        case .release: "release"
        case .decline: "decline"
        case .revoke: "revoke"
        case .devices: "devices"
        case .importItems: "import-items"
        case .importDossiers: "import-dossiers"
        case .areas: "areas"
        case .flush: "flush"
        case .settings: "settings"
        case .configure: "configure"
        case .statistics: "statistics"
        case .copyStore: "copy-store"
        case .noteBackup: "note-backup"
        case .consoleLink: "console-link"
        case .forks: "forks"
        case .completeness: "completeness"
        case .forkProof: "fork-proof"
        case .confirmSuccession: "confirm-succession"
        case .bundlePart: "bundle-part"
        case .bundleText: "bundle-text"
        case .bundles: "bundles"
        case .returnPart: "return-part"
        }
    }
}

/// A change set as an operator names it: the beginning of the device's key, and the sequence.
struct ControlDot: Sendable, Hashable {
    var device: String
    var sequence: UInt64

    init(device: String, sequence: UInt64) {
        self.device = device
        self.sequence = sequence
    }

    /// Reads `DEVICE:SEQ`.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequence = UInt64(parts[1]), (1..<(1 << 48)).contains(sequence),
            Self.isDevice(String(parts[0]))
        else { return nil }
        self.init(device: String(parts[0]), sequence: sequence)
    }

    /// Eight to sixty-four hexadecimal digits.
    static func isDevice(_ text: String) -> Bool {
        (8...64).contains(text.utf8.count) && text.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
    }
}

// MARK: On the socket

extension ControlRequest {
    var encoded: Bytes {
        let body: CBORValue
        switch self {
        case .status(let area): body = .optional(area)
        case .invite(let role, let areas, let name, let expires, let valid):
            body = .object([
                "role": .text(role.name), "areas": .array(areas.map { .text($0) }), "name": .text(name),
                "expires": CBORValue(expires), "valid": CBORValue(valid),
            ])
        case .held, .flush, .settings, .areas, .copyStore, .bundles: body = .null
        case .bundlePart(let bytes): body = .bytes(bytes)
        case .bundleText(let text): body = .text(text)
        case .returnPart(let id, let number): body = .array([.bytes(id.bytes), .count(number)])
        case .noteBackup(let index): body = .unsigned(index)
        case .consoleLink(let role, let name): body = .array([.text(role.rawValue), .text(name)])
        case .forks(let device): body = .optional(device)
        case .completeness(let limit): body = CBORValue(Int64(limit))
        case .forkProof(let device): body = .text(device)
        case .confirmSuccession(let device, let reason): body = .array([.text(device), .optional(reason)])
        case .configure(let topic, let text): body = .array([.text(topic.rawValue), .optional(text)])
        case .statistics(let query): body = query.value
        case .inbox(let query): body = query.value
        case .noteImport(let kind, let refused): body = .array([.text(kind), CBORValue(refused)])
        case .release(let dot, let reason), .decline(let dot, let reason):
            body = .array([.text(dot.device), .unsigned(dot.sequence), .optional(reason)])
        case .revoke(let device, let after, let reason):
            body = .array([.text(device), after.map { .unsigned($0) } ?? .null, .optional(reason)])
        case .devices(let role): body = .optional(role?.name)
        case .importItems(let items, let isTrial): body = .array([.bool(isTrial), .array(items.map(\.value))])
        case .importDossiers(let dossiers, let isTrial):
            body = .array([.bool(isTrial), .array(dossiers.map(\.value))])
        }
        return CBORValue.array([.text(String(describing: name)), body]).encoded
    }

    /// Reads a request; nil for anything that is not one.
    init?(decoding bytes: Bytes) {
        guard let decoded = try? CBORValue(decoding: bytes), decoded.elements.count == 2,
            let name = decoded.elements.first?.string, let body = decoded.elements.last
        else { return nil }
        switch name {
        case "status": self = .status(area: body.string)
        case "invite":
            guard let role = body["role"].string.flatMap(Role.init(name:)), let text = body["name"].string,
                let expires = body["expires"].integer, let valid = body["valid"].integer
            else { return nil }
            self = .invite(
                role: role, areas: body["areas"].elements.compactMap(\.string), name: text, expiresDays: expires,
                validDays: valid)
        case "held": self = .held
        case "inbox":
            guard let query = InboxQuery(decoding: body) else { return nil }
            self = .inbox(query)
        case "note-import":
            guard body.elements.count == 2, let kind = body.elements[0].string, (1...40).contains(kind.utf8.count),
                let refused = body.elements[1].integer, refused >= 0
            else { return nil }
            self = .noteImport(kind, refused: refused)
        case "flush": self = .flush
        case "settings": self = .settings
        case "statistics":
            guard let query = StatisticsQuery(decoding: body) else { return nil }
            self = .statistics(query)
        case "configure":
            guard body.elements.count == 2,
                let topic = body.elements[0].string.flatMap(SettingsTopic.init(rawValue:))
            else { return nil }
            self = .configure(topic, text: body.elements[1].string)
        case "release", "decline":
            guard let dot = ControlDot(decoding: body) else { return nil }
            let reason = body.elements.last?.string
            self = name == "release" ? .release(dot, reason: reason) : .decline(dot, reason: reason)
        case "revoke":
            guard body.elements.count == 3, let device = body.elements.first?.string, ControlDot.isDevice(device) else {
                return nil
            }
            let after = body.elements[1].integer.flatMap { UInt64(exactly: $0) }
            self = .revoke(device: device, after: after, reason: body.elements[2].string)
        case "devices": self = .devices(role: body.string.flatMap(Role.init(name:)))
        case "import-items":
            guard let batch = ImportBatch(body) else { return nil }
            let items = batch.rows.compactMap(ImportItem.init(decoding:))
            guard items.count == batch.rows.count else { return nil }
            self = .importItems(items, isTrial: batch.isTrial)
        case "import-dossiers":
            guard let batch = ImportBatch(body) else { return nil }
            let dossiers = batch.rows.compactMap(Dossier.init(decoding:))
            guard dossiers.count == batch.rows.count else { return nil }
            self = .importDossiers(dossiers, isTrial: batch.isTrial)
        case "areas": self = .areas
        case "copy-store": self = .copyStore
        case "note-backup":
            guard case .unsigned(let index) = body else { return nil }
            self = .noteBackup(index)
        case "console-link":
            guard body.elements.count == 2,
                let role = body.elements[0].string.flatMap(ConsoleRole.init(rawValue:)),
                let name = body.elements[1].string, name.utf8.count <= Grant.maxNameLength
            else { return nil }
            self = .consoleLink(role, name: name)
        case "forks": self = .forks(device: body.string)
        case "completeness":
            guard let limit = body.integer, (1...2000).contains(limit) else { return nil }
            self = .completeness(limit: Int(limit))
        case "fork-proof":
            guard let device = body.string, ControlDot.isDevice(device) else { return nil }
            self = .forkProof(device: device)
        case "confirm-succession":
            guard body.elements.count == 2, let device = body.elements[0].string, ControlDot.isDevice(device) else {
                return nil
            }
            self = .confirmSuccession(device: device, reason: body.elements[1].string)
        case "bundle-part":
            guard case .bytes(let bytes) = body else { return nil }
            self = .bundlePart(bytes)
        case "bundle-text":
            guard let text = body.string else { return nil }
            self = .bundleText(text)
        case "bundles": self = .bundles
        case "return-part":
            guard body.elements.count == 2, case .bytes(let bytes) = body.elements[0], let id = Digest(bytes),
                let number = body.elements[1].integer, (1...Int64(BundleLimits.parts)).contains(number)
            else { return nil }
            self = .returnPart(id, Int(number))
        default: return nil
        }
    }
}

extension ControlDot {
    fileprivate init?(decoding value: CBORValue) {
        guard value.elements.count == 3, let device = value.elements[0].string, Self.isDevice(device),
            let sequence = value.elements[1].integer, (1..<(1 << 48)).contains(sequence)
        else { return nil }
        self.init(device: device, sequence: UInt64(clamping: sequence))
    }
}

/// `[is trial, rows]`.
private struct ImportBatch {
    var isTrial: Bool
    var rows: [CBORValue]

    init?(_ body: CBORValue) {
        guard body.elements.count == 2, case .bool(let isTrial) = body.elements[0],
            case .array(let rows) = body.elements[1]
        else { return nil }
        self.isTrial = isTrial
        self.rows = rows
    }
}

extension ImportItem {
    fileprivate var value: CBORValue {
        .array([
            .unsigned(UInt64(kind.rawValue)), .text(code),
            .array(values.map { .array([.unsigned($0.slot.rawValue), $0.value]) }), .bytes(wholeFields),
            .array(sets.map { .array([.unsigned(UInt64($0.field)), .array($0.elements)]) }),
        ])
    }

    fileprivate init?(decoding value: CBORValue) {
        let parts = value.elements
        guard parts.count == 5, let kind = parts[0].integer.flatMap(UInt8.init(exactly:)).flatMap(DocumentKind.init),
            let code = parts[1].string, case .bytes(let whole) = parts[3]
        else { return nil }
        var values: [(slot: Slot, value: CBORValue)] = []
        for pair in parts[2].elements {
            guard pair.elements.count == 2, case .unsigned(let slot) = pair.elements[0] else { return nil }
            values.append((Slot(rawValue: slot), pair.elements[1]))
        }
        var sets: [(field: UInt8, elements: [CBORValue])] = []
        for pair in parts[4].elements {
            guard pair.elements.count == 2, let field = pair.elements[0].integer.flatMap(UInt8.init(exactly:)) else {
                return nil
            }
            sets.append((field, pair.elements[1].elements))
        }
        self.init(kind: kind, code: code, values: values, wholeFields: whole, sets: sets)
    }
}

extension Dossier {
    fileprivate var value: CBORValue {
        .array([
            .text(code), .text(secret), CBORValue(status), .text(step), .text(agency), .text(received), .text(due),
            .text(missing), CBORValue(asOf),
        ])
    }

    fileprivate init?(decoding value: CBORValue) {
        let parts = value.elements
        guard parts.count == 9, let status = parts[2].integer, let asOf = parts[8].integer else { return nil }
        let texts = [0, 1, 3, 4, 5, 6, 7].compactMap { parts[$0].string }
        guard texts.count == 7 else { return nil }
        self.init(
            code: texts[0], secret: texts[1], status: status, step: texts[2], agency: texts[3], received: texts[4],
            due: texts[5], missing: texts[6], asOf: asOf)
    }
}
