// Vectors of keys, change sets and frames, from fixed seeds.

@testable import SyncKit

/// Makes the vectors of everything below a sync.
struct CodecVectors {
    let scheme = Ed25519Scheme()
    let random = SeededRandomSource(seed: 2026)
    let root: SigningKey
    let signing: SigningKey
    let sealing: SealingKey
    let wardDevice: SigningKey
    let lan: SigningKey
    let lanSealing: SealingKey
    let officer: SigningKey
    let officerSealing: SealingKey
    private(set) var changes: [(name: String, change: ChangeSet)] = []
    private var chains: [DeviceID: ChainLink] = [:]

    var ward: Digest { Blake2b.hash(root.publicKey.bytes) }

    init() throws {
        root = .generate(random: random)
        signing = .generate(random: random)
        sealing = .generate(random: random)
        wardDevice = .generate(random: random)
        lan = .generate(random: random)
        lanSealing = .generate(random: random)
        officer = .generate(random: random)
        officerSealing = .generate(random: random)
        try makeChanges()
    }

    // MARK: Keys

    var keys: JSONText {
        .object([
            (
                "ward",
                .object([
                    ("id", .hex(ward)), ("root", Self.pair(root.seed, root.publicKey)),
                    ("signing", Self.pair(signing.seed, signing.publicKey)),
                    ("sealing", Self.pair(sealing.seed, sealing.publicKey)),
                    ("device", Self.pair(wardDevice.seed, wardDevice.publicKey)),
                ])
            ),
            (
                "lan",
                .object([
                    ("signing", Self.pair(lan.seed, lan.publicKey)),
                    ("sealing", Self.pair(lanSealing.seed, lanSealing.publicKey)),
                ])
            ),
            (
                "officer",
                .object([
                    ("signing", Self.pair(officer.seed, officer.publicKey)),
                    ("sealing", Self.pair(officerSealing.seed, officerSealing.publicKey)),
                ])
            ),
        ])
    }

    static func pair(_ seed: SecretBytes, _ publicKey: Digest) -> JSONText {
        .object([
            ("seed", .hex(seed.withUnsafeBytes { Bytes($0) })), ("public", .hex(publicKey)),
            ("keyID", .hex(SignedObject.keyID(publicKey))),
        ])
    }

    // MARK: Change sets

    private mutating func sign(
        _ name: String, _ draft: ChangeSetDraft, by key: SigningKey, seconds: Int64, counter: UInt16 = 0, seen: UInt64
    ) throws -> ChangeSet {
        let device = DeviceID(key.publicKey)
        let mark = SeenMark(
            position: Position(epoch: 0, index: seen), root: Blake2b.hash(Bytes(bigEndian: seen)).prefix8)
        let change = try draft.signed(
            by: key, ward: ward, after: chains[device] ?? .start,
            time: HybridTime(seconds: seconds, counter: counter), seen: mark,
            salt: random.bytes(ChangeSetLimits.saltLength), scheme: scheme)
        chains[device] = ChainLink(sequence: change.header.sequence, id: change.id)
        changes.append((name, change))
        return change
    }

    private mutating func makeChanges() throws {
        let start: Int64 = 1_790_000_000
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text("Đèn đường hỏng trước nhà số 12"))
        draft.perform(.set(Slot(field: ReportField.category)), .text("lighting"))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        draft.perform(
            .set(Slot(field: ReportField.location)),
            .array([.unsigned(209_512_345), .unsigned(1_070_801_234), .unsigned(12)]))
        let report = try sign("creation of a report", draft, by: lan, seconds: start, seen: 0).document
        draft = ChangeSetDraft(kind: .report, document: report)
        draft.perform(.append(Slot(field: ReportField.comments)), .text("Vẫn chưa sáng"))
        _ = try sign("edit with a salt", draft, by: lan, seconds: start + 60, counter: 7, seen: 3)
        draft = ChangeSetDraft(kind: .task)
        draft.perform(.set(Slot(field: TaskField.title)), .text("Thăm hộ số 12"))
        draft.perform(.set(Slot(field: TaskField.area)), .text("06685.03"))
        draft.perform(.set(Slot(field: TaskField.checklist, key: 0)), .text("Hỏi thăm"))
        let task = try sign("creation of a task", draft, by: officer, seconds: start + 90, seen: 5)
        draft = ChangeSetDraft(kind: .task, document: task.document)
        draft.perform(.claim(Slot(field: TaskField.claimant)))
        let claim = try sign("claim, without values", draft, by: lan, seconds: start + 120, seen: 8)
        draft = ChangeSetDraft(kind: .task, document: task.document)
        draft.perform(.transition(Slot(field: Schema.stateField), to: 2, follows: task.dot))
        draft.perform(.set(Slot(field: TaskField.checked, key: 0)), .bool(true))
        _ = try sign("transition and a keyed edit without a salt", draft, by: lan, seconds: start + 120, seen: 8)
        draft = ChangeSetDraft(kind: .task, document: task.document)
        draft.perform(
            .resolve(Slot(field: TaskField.claimant), settled: [claim.dot]), .array([.null, .text("Đã hỏi cả hai")]))
        draft.seenDots = [claim.dot]
        let resolution = try sign("resolution with a seen dot", draft, by: officer, seconds: start + 300, seen: 8)
        draft = ChangeSetDraft(kind: .report, document: report)
        draft.perform(.set(Slot(field: ReportField.urgency)), .null)
        draft.reissues = resolution.id
        let reissue = try sign("reissue that clears a register", draft, by: officer, seconds: start + 360, seen: 9)
        try addUnknownKey(to: reissue)
    }

    /// The next link of the officer's chain with a header key that this version does not know.
    private mutating func addUnknownKey(to last: ChangeSet) throws {
        var draft = ChangeSetDraft(kind: .report, document: last.document)
        draft.perform(.set(Slot(field: ReportField.category)), .text("power"))
        let link = ChainLink(sequence: last.header.sequence, id: last.id)
        let mark = SeenMark(position: Position(epoch: 1, index: 10), root: 0x0102_0304_0506_0708)
        let known = try draft.signed(
            by: officer, ward: ward, after: link, time: HybridTime(seconds: 1_790_000_400, counter: 0), seen: mark,
            salt: [], scheme: scheme)
        let header = headerBytes(headerPairs(known) + [(15, .text("mới hơn"))])
        let change = try ChangeSet(
            header: header, signature: officer.sign(.changeset, ward: ward, header, scheme: scheme),
            skeleton: known.skeleton, values: known.values?.bytes)
        changes.append(("header key that this version does not know", change))
    }

    var changeSets: JSONText {
        .object([
            ("ward", .hex(ward)),
            (
                "changes",
                .list(
                    changes.map { name, change in
                        .object([
                            ("name", .text(name)), ("id", .hex(change.id)), ("device", .hex(change.header.device)),
                            ("sequence", .number(change.header.sequence)),
                            ("previous", .hex(change.header.previous?.bytes)),
                            ("time", .number(change.header.authorTime.rawValue)), ("kind", .number(change.header.kind)),
                            ("document", .hex(change.document)), ("isCreation", .bool(change.isCreation)),
                            ("seen", .mark(change.header.seen)),
                            ("seenDots", .list(change.header.seenDots.map { .dot($0) })),
                            ("reissues", .hex(change.header.reissues?.bytes)),
                            ("header", .hex(change.headerBytes)), ("signature", .hex(change.signature)),
                            ("skeleton", .hex(change.skeleton)), ("values", .hex(change.values?.bytes)),
                            ("envelope", .hex(change.encoded())),
                        ])
                    })
            ),
        ])
    }

    // MARK: Frames

    private func frame(_ name: String, _ encoder: FrameEncoder, _ list: [ChangeSet], creations: [ChangeSet] = [])
        throws -> JSONText
    {
        let bytes = encoder.encode(list) { id in creations.first { $0.id == id }?.dot }
        var reader = CBORReader(bytes)
        _ = try reader.arrayHeader(max: 4)
        let codec = try reader.unsigned()
        let length = Int(try reader.unsigned())
        let packed = try reader.byteString(max: bytes.count)
        let body =
            codec == 0
            ? packed
            : try ZstdCodec.decompress(
                packed, expectedLength: length, limit: length, dictionary: FrameDictionary.named(UInt32(codec)))
        let known = encoder.receiverKnowsChains ? list.filter { $0.header.previous != nil } : []
        return .object([
            ("name", .text(name)), ("codec", .number(codec)), ("bytes", .hex(bytes)), ("body", .hex(body)),
            ("changes", .list(list.map { .hex($0.id) })),
            (
                "receiver",
                .object([
                    (
                        "previous",
                        .list(
                            known.map { change in
                                .list([
                                    .hex(change.header.device), .number(change.header.sequence),
                                    .hex(change.header.previous?.bytes),
                                ])
                            })
                    ),
                    (
                        "creations",
                        .list(creations.map { .list([.hex($0.header.device), .number($0.dot.sequence), .hex($0.id)]) })
                    ),
                ])
            ),
        ])
    }

    func frames() throws -> JSONText {
        let all = changes.map(\.change)
        let own = all.filter { $0.header.device.digest == lan.publicKey }
        let creations = all.filter(\.isCreation)
        func encoder(plain: Bool = false, explicit: Bool = false, dictionary: UInt32? = nil, chains: Bool = true)
            -> FrameEncoder
        {
            var encoder = FrameEncoder(dictionary: dictionary.flatMap(FrameDictionary.named))
            encoder.isPlain = plain
            encoder.isExplicit = explicit
            encoder.receiverKnowsChains = chains
            encoder.level = 19
            return encoder
        }
        return .object([
            ("dictionary2", .hex((FrameDictionary.named(2)?.bytes).map { Blake2b.hash($0).bytes })),
            ("dictionary3", .hex((FrameDictionary.named(3)?.bytes).map { Blake2b.hash($0).bytes })),
            (
                "frames",
                .list([
                    try frame(
                        "elided, for a receiver that knows chains and creations", encoder(plain: true),
                        Array(own.dropFirst()), creations: creations),
                    try frame(
                        "self-contained, as in answers", encoder(plain: true, chains: false),
                        Array(own.dropFirst()) + all.filter { !own.contains($0) }),
                    try frame("explicit", encoder(plain: true, explicit: true), own),
                    try frame("zstd without a dictionary", encoder(), all, creations: creations),
                    try frame("zstd with dictionary 2", encoder(dictionary: 2), all, creations: creations),
                    try frame("zstd with dictionary 3", encoder(dictionary: 3), all, creations: creations),
                ])
            ),
        ])
    }
}
