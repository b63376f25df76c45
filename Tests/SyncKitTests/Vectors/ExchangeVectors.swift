// Vectors of whole exchanges: a history, a new device's first sync, a document that enters a scope, an idle sync.

@testable import SyncKit

/// Keeps every body that a device sent and every answer that it got.
struct RecordingTransport: SyncTransport {
    var direct: DirectTransport
    var exchanges: [(request: Bytes, answer: Bytes)] = []

    mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        var answer = Bytes()
        try direct.exchange(body) { chunk in
            answer += chunk
            return onChunk(chunk)
        }
        exchanges.append((body, answer))
    }
}

/// Plays a small history in one process and writes three syncs down.
struct ExchangeVectors {
    private let ward: TestWard
    private let lan: Replica
    private let minh: Replica
    private let officer: Replica
    private let resident: Replica
    private let moved: Digest
    private let movedBy: Dot

    private static func report(_ title: String, _ area: String) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        draft.perform(.set(Slot(field: ReportField.category)), .text("lighting"))
        draft.perform(.set(Slot(field: ReportField.area)), .text(area))
        return draft
    }

    private static func change(
        _ kind: DocumentKind, _ id: Digest, _ body: (inout ChangeSetDraft) -> Void
    ) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: kind, document: id)
        body(&draft)
        return draft
    }

    /// Reports and tasks with conflicts, a late release, a duplicate that is unlinked, and steps of all outcomes.
    init() throws {
        let ward = try TestWard(seed: 77)
        let lan = try ward.device(61, role: .volunteer, areas: ["06685.03"], name: "Lan")
        let minh = try ward.device(62, role: .volunteer, areas: ["06685.03"], name: "Minh")
        let officer = try ward.device(63, role: .officer, areas: ["06685"], name: "Cán bộ")
        let resident = try ward.device(64)
        func sync(_ replicas: Replica...) throws {
            for replica in replicas { try ward.sync(replica) }
            ward.time.advance(seconds: 600)
        }
        let state = Slot(field: Schema.stateField)
        let report = try resident.commit(
            Self.report("Đèn đường hỏng", "06685.03"), privates: [(Slot(field: ReportField.reporterName), "Bà Hoa")])
        let other = try resident.commit(Self.report("Đèn ngõ 5 không sáng", "06685.03"))
        let cover = try resident.commit(Self.report("Nắp cống vỡ", "06685.04"))
        moved = cover.document
        movedBy = cover.dot
        try sync(officer, resident)
        var draft = ChangeSetDraft(kind: .task)
        draft.perform(.set(Slot(field: TaskField.title)), .text("Xem đèn trước nhà số 12"))
        draft.perform(.set(Slot(field: TaskField.area)), .text("06685.03"))
        for (key, item) in ["Chụp ảnh", "Hỏi tổ trưởng"].enumerated() {
            draft.perform(.set(Slot(field: TaskField.checklist, key: UInt32(key))), .text(item))
        }
        let task = try officer.commit(draft)
        try sync(officer, lan, minh)
        // Both volunteers work offline on the same documents.
        for (replica, category) in [(lan, "road"), (minh, "power")] {
            let dot = try replica.commit(
                Self.change(.task, task.document) { $0.perform(.claim(Slot(field: TaskField.claimant))) }
            ).dot
            _ = dot
            _ = try replica.commit(
                Self.change(.task, task.document) {
                    $0.perform(.transition(state, to: 2, follows: task.dot))
                    $0.perform(.set(Slot(field: TaskField.checked, key: 0)), .bool(true))
                    $0.perform(.append(Slot(field: TaskField.notes)), .text("Đã đến nơi"))
                })
            _ = try replica.commit(
                Self.change(.report, report.document) {
                    $0.perform(.set(Slot(field: ReportField.category)), .text(category))
                    $0.perform(.add(Slot(field: ReportField.tags)), .text("đèn"))
                })
        }
        let classified = try officer.commit(
            Self.change(.report, report.document) { $0.perform(.transition(state, to: 2, follows: report.dot)) })
        try sync(lan, minh, officer, lan, minh)
        try Self.settle(officer, report: report, classified: classified, other: other.document, task: task)
        try sync(officer)
        // A revoked device's late work is held, and released after others went on.
        let late = try minh.commit(
            Self.change(.report, report.document) {
                $0.perform(.append(Slot(field: ReportField.comments)), .text("Dây điện bị đứt"))
                $0.perform(.set(Slot(field: ReportField.category)), .text("telecom"))
            })
        try ward.service.withCore { core in try core.revoke(minh.device, after: late.dot.sequence - 1) }
        try sync(minh, officer)
        _ = try officer.commit(
            Self.change(.report, report.document) { $0.perform(.remove(Slot(field: ReportField.tags)), .text("đèn")) })
        try sync(officer)
        _ = try ward.service.withCore { core in try core.release(late.dot, by: officer.device) }
        try sync(officer, resident, lan)
        self.ward = ward
        self.lan = lan
        self.minh = minh
        self.officer = officer
        self.resident = resident
    }

    /// The officer looks at what the others did.
    private static func settle(_ officer: Replica, report: Saved, classified: Saved, other: Digest, task: Saved) throws
    {
        let state = Slot(field: Schema.stateField)
        let claimant = Slot(field: TaskField.claimant)
        if let conflict = try officer.document(report.document)?.accepted?.conflicts.first(where: { $0.kind == .values }
        ) {
            _ = try officer.commit(
                change(.report, report.document) {
                    $0.perform(
                        .resolve(conflict.slot, settled: conflict.entries.map(\.dot)),
                        .array([.text("road"), .text("Đã xem tại chỗ")]))
                })
        }
        let entries = try officer.document(task.document)?.accepted?.entries(claimant) ?? []
        if entries.count == 2 {
            _ = try officer.commit(
                change(.task, task.document) {
                    $0.perform(.release(claimant, claim: entries[0].dot, successor: entries[1].dot))
                })
            _ = try officer.commit(
                change(.task, task.document) {
                    $0.perform(
                        .resolve(claimant, settled: [entries[1].dot]), .array([.null, .text("Minh làm tiếp")]))
                })
        }
        // A step that follows the creation although the report was classified: a crossing.
        _ = try officer.commit(
            change(.report, report.document) { $0.perform(.transition(state, to: 3, follows: report.dot)) })
        _ = try officer.commit(
            change(.report, report.document) { $0.perform(.transition(state, to: 6, follows: classified.dot)) })
        let link = Slot(field: ReportField.duplicateOf)
        let linked = try officer.commit(change(.report, other) { $0.perform(.link(link, target: report.document)) })
        _ = try officer.commit(change(.report, other) { $0.perform(.unlink(link, link: linked.dot)) })
    }

    /// The exchanges, and the log that they are of.
    func file() throws -> JSONText {
        let newcomer = try ward.device(65, role: .lead, areas: ["06685.01"], name: "Hà")
        _ = try newcomer.commit(Self.report("Cây đổ sau bão", "06685.01"))
        let first = try record("first sync of a new lead's device, with one change set", newcomer)
        ward.time.advance(seconds: 60)
        _ = try officer.commit(
            Self.change(.report, moved) { $0.perform(.set(Slot(field: ReportField.area)), .text("06685.03")) })
        try ward.sync(officer)
        let entering = try record("a document enters the scope of a volunteer", lan)
        try ward.sync(newcomer)
        let idle = try record("idle sync", newcomer)
        let receipts = try record("change sets of an officer, one of them by a clock that is ahead", workingOfficer())
        try ward.service.withCore { (core: WardCore) throws(StoreError) in try core.noteBackup(upTo: core.size - 1) }
        let late = try ward.device(66, role: .officer, areas: ["06685"], name: "Mai")
        let states = try record("first sync of an officer's device that takes states", late)
        let log = try ward.service.withCore { core in
            try (1...core.size).map { JSONText.hex(try core.entry(at: $0) ?? []) }
        }
        return .object([
            ("descriptor", .text(ward.descriptor)), ("log", .list(log)),
            ("exchanges", .list([first, entering, idle, receipts, states])),
        ])
    }

    /// The officer, with change sets that are not sent yet.
    private func workingOfficer() throws -> Replica {
        _ = try officer.commit(
            Self.change(.report, moved) { $0.perform(.set(Slot(field: ReportField.urgency)), .text("high")) })
        _ = try officer.commit(
            Self.change(.report, moved) {
                $0.perform(.transition(Slot(field: Schema.stateField), to: 2, follows: movedBy))
            })
        ward.time.advance(seconds: 3600)
        _ = try officer.commit(
            Self.change(.report, moved) {
                $0.perform(.append(Slot(field: ReportField.comments)), .text("Đã rào lại"))
            })
        ward.time.advance(seconds: -3600)
        return officer
    }

    private func record(_ name: String, _ replica: Replica) throws -> JSONText {
        var client = SyncClient(replica)
        var transport = RecordingTransport(direct: DirectTransport(service: ward.service))
        try client.run(&transport)
        let played = transport.exchanges
        guard played.count == 1, let exchange = played.first else {
            throw StoreError(.misuse, "\(played.count) rounds")
        }
        let blocks = try Self.blocks(exchange.request)
        guard let request = blocks.first?.payload else { throw StoreError(.misuse, "no request") }
        let hash = Blake2b.hash(request)
        var answers: [JSONText] = []
        var touched: [Digest] = []
        for block in try Self.blocks(exchange.answer) {
            let answer = try replica.readAnswer(block.payload, to: SignedRequest(request))
            for id in answer.changes.map(\.document) + answer.compacted.states.map(\.id) where !touched.contains(id) {
                touched.append(id)
            }
            answers.append(try Self.decoded(block.payload, answer))
        }
        let states = try touched.sorted().compactMap { try replica.document($0)?.accepted }
        return .object([
            ("name", .text(name)), ("deviceSeed", .hex(replica.signingKey.seed.withUnsafeBytes { Bytes($0) })),
            ("sealingSeed", .hex(replica.sealingKey.seed.withUnsafeBytes { Bytes($0) })),
            ("requestBody", .hex(exchange.request)), ("requestHash", .hex(hash)),
            (
                "request",
                try Self.decoded(SyncRequest(verifying: request, ward: ward.service.ward, scheme: ward.scheme))
            ),
            ("frames", .list(blocks.dropFirst().map { .hex($0.payload) })), ("answerBody", .hex(exchange.answer)),
            ("answers", .list(answers)),
            (
                "states",
                .list(
                    states.map { state in
                        .object([
                            ("document", .hex(state.id)), ("canonical", .hex(state.canonical)),
                            ("hash", .hex(state.hash)),
                        ])
                    })
            ),
        ])
    }

    static func blocks(_ body: Bytes) throws -> [Block] {
        var reader = BlockReader()
        reader.append(body)
        var blocks: [Block] = []
        while let block = try reader.next() { blocks.append(block) }
        return blocks
    }

    private static func decoded(_ request: SyncRequest) -> JSONText {
        .object([
            ("device", .hex(request.device)), ("position", .number(request.position.rawValue)),
            ("scope", .number(request.scope.rawValue)), ("backfill", .number(request.backfill.rawValue)),
            ("cursor", .number(request.backfillCursor)), ("checkpointSerial", .number(request.checkpointSerial)),
            ("serial", .number(request.serial)), ("nonce", .hex(request.nonce)), ("time", .signed(request.time)),
            ("chain", .number(request.chain)), ("sealingKey", .hex(request.sealingKey?.bytes)),
            ("wishes", .number(request.wishes.rawValue)),
            (
                "proofs",
                request.proofs.map {
                    .list([.number($0.known.rawValue), .list($0.sequences.map { .number($0) })])
                } ?? .null
            ),
        ])
    }

    private static func decoded(_ payload: Bytes, _ answer: SyncAnswer) throws -> JSONText {
        var reader = CBORReader(payload)
        _ = try reader.arrayHeader(max: 5)
        let codec = try reader.unsigned()
        let length = Int(try reader.unsigned())
        let sent = try reader.byteString(max: payload.count)
        let plain =
            codec == 0
            ? sent
            : try ZstdCodec.decompress(
                sent, expectedLength: length, limit: length, dictionary: FrameDictionary.named(UInt32(codec)))
        return .object([
            ("codec", .number(codec)), ("body", .hex(plain)), ("index", .number(answer.index)),
            ("changes", .list(answer.changes.map { .hex($0.id) })),
            ("entries", .list(answer.entries.map { .list([.number($0.position.rawValue), .hex($0.bytes)]) })),
            ("upTo", .mark(answer.upTo)), ("backfill", .number(answer.backfill.rawValue)),
            ("cursor", .number(answer.backfillCursor)), ("open", .hex(answer.open?.bytes)),
            ("scope", .number(answer.scope.rawValue)), ("left", .list(answer.left.map { .hex($0) })),
            (
                "cards",
                .list(
                    answer.cards.map {
                        .list([
                            .hex($0.device), .number(UInt64($0.role.rawValue)), .text($0.name),
                            .list($0.areas.map { .text($0) }),
                        ])
                    })
            ),
            (
                "disclosures",
                .list(answer.disclosures.map { .list([.dot($0.dot), .number($0.slot.rawValue), .hex($0.box)]) })
            ),
            ("checkpoint", .hex(answer.checkpoint)), ("grant", .hex(answer.grant)),
            ("serverTime", .signed(answer.serverTime)), ("flags", .number(answer.flags.rawValue)),
            ("need", .number(answer.need)), ("backedUp", .number(answer.backedUp.rawValue)),
            ("receipts", .list(answer.receipts.map(decoded))),
            ("proofs", .list(answer.proofs.map { [decoded($0)] } ?? [])),
            ("compacted", .list(answer.compacted.isEmpty ? [] : [try decoded(answer.compacted)])),
        ])
    }

    private static func decoded(_ part: SyncAnswer.CompactedPart) throws -> JSONText {
        var body = Bytes()
        if !part.packed.isEmpty {
            var reader = CBORReader(part.packed)
            _ = try reader.arrayHeader(max: 3)
            let codec = try reader.unsigned()
            let length = Int(try reader.unsigned())
            let sent = try reader.byteString(max: part.packed.count)
            body =
                codec == 0
                ? sent : try ZstdCodec.decompress(sent, expectedLength: length, limit: length, dictionary: nil)
        }
        return .object([
            ("asOf", .number(part.asOf.rawValue)), ("frame", .hex(part.packed)), ("body", .hex(body)),
            ("states", .list(part.states.map { .hex($0.canonical) })), ("erased", .list(part.erased.map { .hex($0) })),
            ("whole", .list(part.whole.map { .hex($0) })),
        ])
    }

    private static func decoded(_ proofs: AnsweredProofs) -> JSONText {
        .list([
            .hex(MerkleProof.bytes(proofs.consistency)),
            .list(
                proofs.included.map {
                    .list([.number($0.position.rawValue), .hex($0.entry), .hex(MerkleProof.bytes($0.path))])
                }),
            .bool(proofs.isBesideTree),
        ])
    }

    private static func decoded(_ run: ReceiptRun) -> JSONText {
        .list([
            .number(run.position.rawValue), .number(run.sequence), .number(UInt64(run.count)), .signed(run.time),
            .hex(run.last),
            .list(run.effective.map { .list([.number(UInt64($0.offset)), .number($0.time.rawValue)]) }),
            .list(run.decided.map { .list([.number(UInt64($0.offset)), .hex($0.outcomes.map(\.rawValue))]) }),
        ])
    }
}
