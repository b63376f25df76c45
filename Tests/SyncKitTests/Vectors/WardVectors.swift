// Vectors of the ward log, of signed objects, of private values and of joining.

@testable import SyncKit

extension CodecVectors {
    private var lanDevice: DeviceID { DeviceID(lan.publicKey) }

    /// The key that Lan's device takes after its store was copied.
    private var newKey: SigningKey { .generate(random: SeededRandomSource(seed: 2027)) }

    private func grant() -> Grant {
        Grant(
            device: lanDevice, sealingKey: lanSealing.publicKey, role: .volunteer, areas: ["06685.03", "06685.04"],
            validFrom: 1_790_000_000, validUntil: 1_821_536_000, name: "Lan")
    }

    func records() -> [(name: String, record: LogRecord)] {
        let creation = changes[0].change
        let claim = changes[3].change
        let edit = changes[1].change
        let acceptance = LogEntry.Acceptance(
            dot: creation.dot, id: creation.id, effective: creation.header.authorTime, outcomes: [])
        let decided = LogEntry.Acceptance(
            dot: claim.dot, id: claim.id, effective: HybridTime(seconds: 1_790_000_121, counter: 65_535),
            outcomes: [.effective])
        let later = LogEntry.Acceptance(
            dot: edit.dot, id: edit.id, effective: edit.header.authorTime, outcomes: [.none])
        let entries: [(String, LogEntry)] = [
            ("grant", .grant(grant().signed(by: signing, ward: ward, scheme: scheme))),
            ("accept", .accept(acceptance)), ("hold", .hold(edit.dot, id: edit.id, code: .unknownPosition)),
            ("accept with an outcome", .accept(decided)),
            ("refuse", .refuse(changes[5].change.dot, id: changes[5].change.id, code: .notPermitted)),
            ("release", .release(later, by: DeviceID(officer.publicKey))),
            ("move", .move(document: creation.document, areas: ["06685.03", "06685.05"])),
            ("revoke", .revoke(lanDevice, lastSequence: 4)),
            ("readmit", .readmit(decided, at: Position(epoch: 0, index: 11))),
            (
                "succession",
                .succession(
                    LogEntry.Succession(
                        old: lanDevice, new: DeviceID(newKey.publicKey), lastSequence: 4,
                        by: DeviceID(officer.publicKey)))
            ), ("erase", .erase(edit.dot, id: edit.id, by: DeviceID(officer.publicKey))),
            (
                "key",
                .key(
                    KeyStatement(
                        .signing, key: officer.publicKey, previous: signing.publicKey, isCompromised: true,
                        time: 1_790_000_510
                    ).signed(by: root, ward: ward, scheme: scheme))
            ),
        ]
        return entries.enumerated().map { index, entry in
            (entry.0, LogRecord(time: 1_790_000_500 + Int64(index), entry: entry.1))
        }
    }

    var log: JSONText {
        var tree = MerkleTree()
        var roots: [JSONText] = [.hex(tree.root)]
        var entries: [JSONText] = []
        for (name, record) in records() {
            let bytes = record.encoded()
            let leaf = MerkleTree.leaf(bytes)
            tree.append(leaf: leaf)
            roots.append(.hex(tree.root))
            entries.append(
                .object([
                    ("name", .text(name)), ("number", .number(UInt64(record.entry.number))),
                    ("time", .signed(record.time)), ("entry", .hex(bytes)), ("leaf", .hex(leaf)),
                ]))
        }
        let checkpoint = Checkpoint(
            ward: ward, position: Position(epoch: 0, index: tree.size), root: tree.root, serial: 42,
            time: 1_790_000_600)
        return .object([
            ("ward", .hex(ward)), ("entries", .list(entries)), ("roots", .list(roots)),
            (
                "checkpoint",
                .object([
                    ("epoch", .number(0)), ("size", .number(tree.size)), ("root", .hex(tree.root)),
                    ("serial", .number(42)), ("time", .signed(checkpoint.time)),
                    ("object", .hex(checkpoint.signed(by: signing, scheme: scheme))),
                ])
            ),
        ])
    }

    var descriptor: WardDescriptor {
        WardDescriptor(
            name: "Phường Hồng Gai", area: "06685", addresses: ["https://hong-gai.example:8440"],
            rootKey: root.publicKey, signingKeys: [signing.publicKey], sealingKey: sealing.publicKey,
            device: DeviceID(wardDevice.publicKey), issued: 1_790_000_000)
    }

    func objects() -> JSONText {
        let statement = EpochStatement(
            ended: Position(epoch: 0, index: 9), root: MerkleTree().root, epoch: 1, device: DeviceID(officer.publicKey),
            time: 1_790_100_000)
        var pinned = descriptor
        pinned.tls = TLSPins(.pinOnly, [Digest(Bytes(0..<32)) ?? .zero])
        let grant = grant()
        let code = JoinRequest.format(id: "7k2m9p", secret: "x4v1zq0t8hcn5bw3rejd6gya")
        let join = JoinRequest(
            invitation: "7k2m9p", secret: "x4v1zq0t8hcn5bw3rejd6gya", device: lanDevice,
            sealingKey: lanSealing.publicKey)
        return .object([
            ("ward", .hex(ward)),
            (
                "epoch",
                .object([
                    ("object", .hex(statement.signed(by: root, ward: ward, scheme: scheme))),
                    ("oldEpoch", .number(statement.ended.epoch)), ("size", .number(statement.ended.index)),
                    ("root", .hex(statement.root)), ("epoch", .number(statement.epoch)),
                    ("device", .hex(statement.device.digest)), ("time", .signed(statement.time)),
                ])
            ),
            (
                "descriptor",
                .object([
                    ("text", .text(descriptor.signedText(by: root, scheme: scheme))),
                    ("name", .text(descriptor.name)), ("area", .text(descriptor.area)),
                    ("addresses", .list(descriptor.addresses.map { .text($0) })),
                    ("issued", .signed(descriptor.issued)),
                    ("pinnedText", .text(pinned.signedText(by: root, scheme: scheme))),
                    ("pins", .list((pinned.tls?.keys ?? []).map { .hex($0) })),
                ])
            ),
            (
                "grant",
                .object([
                    ("object", .hex(grant.signed(by: signing, ward: ward, scheme: scheme))),
                    ("device", .hex(grant.device)), ("sealingKey", .hex(grant.sealingKey)),
                    ("role", .number(UInt64(grant.role.rawValue))), ("areas", .list(grant.areas.map { .text($0) })),
                    ("validFrom", .signed(grant.validFrom)), ("validUntil", .signed(grant.validUntil)),
                    ("name", .text(grant.name)),
                ])
            ),
            (
                "join",
                .object([
                    ("typed", .text(code.uppercased().replacingZeros)), ("code", .text(code)),
                    ("invitation", .text(join.invitation)), ("secret", .text(join.secret)),
                    ("request", .hex(join.signed(by: lan, ward: ward, scheme: scheme))),
                ])
            ),
            ("succession", succession),
            ("privateValues", .list(privateValues())),
        ])
    }

    private var succession: JSONText {
        let sealing = SealingKey.generate(random: SeededRandomSource(seed: 2028)).publicKey
        let statement = SuccessionStatement(old: lanDevice, new: DeviceID(newKey.publicKey), sealingKey: sealing)
        return .object([
            ("statement", .hex(statement.signed(old: lan, new: newKey, ward: ward, scheme: scheme))),
            ("old", .hex(statement.old)), ("new", .hex(statement.new)), ("sealingKey", .hex(sealing)),
        ])
    }

    private func privateValues() -> [JSONText] {
        let dot = Dot(device: lanDevice, sequence: 9)
        let name = Slot(field: ReportField.reporterName)
        let answer = Slot(field: LookupField.answer)
        let answerDot = Dot(device: DeviceID(wardDevice.publicKey), sequence: 3)
        let dossier = CBORValue.map([
            CBORValue.Pair(.unsigned(1), .unsigned(4)), CBORValue.Pair(.unsigned(2), .text("Thẩm định")),
            CBORValue.Pair(.unsigned(3), .text("UBND phường")), CBORValue.Pair(.unsigned(4), .text("03/11/2026")),
            CBORValue.Pair(.unsigned(5), .text("10/11/2026")), CBORValue.Pair(.unsigned(6), .text("")),
        ])
        func entry(
            _ what: String, _ value: CBORValue, in box: Bytes, _ dot: Dot, _ slot: Slot, to key: SealingKey,
            field: CBORValue?
        ) -> JSONText {
            .object([
                ("name", .text(what)), ("dot", .dot(dot)), ("slot", .number(slot.rawValue)),
                ("recipient", .hex(key.publicKey)), ("recipientSeed", .hex(key.seed.withUnsafeBytes { Bytes($0) })),
                ("value", .hex(value.encoded)), ("box", .hex(box)), ("isFirst", .bool(field != PrivateValue.shared)),
                ("fieldValue", field.map { .hex($0.encoded) } ?? .null),
            ])
        }
        func alone(_ what: String, _ value: CBORValue, _ dot: Dot, _ slot: Slot, to key: SealingKey) -> JSONText {
            let box = PrivateValue.seal(value, ward: ward, dot: dot, slot: slot, to: key.publicKey, random: random)
            return entry(what, value, in: box, dot, slot, to: key, field: nil)
        }
        let phone = Slot(field: ReportField.reporterPhone)
        let (hoa, number) = (CBORValue.text("Bà Hoa"), CBORValue.text("0912345678"))
        let fields = PrivateValue.fieldValues(
            [(name, hoa), (phone, number)], ward: ward, dot: dot, to: sealing.publicKey, random: random)
        let box = fields.first.flatMap { PrivateValue.box(in: $0.encoded) } ?? []
        return [
            entry("a name sealed to the ward", hoa, in: box, dot, name, to: sealing, field: fields.first),
            entry("a number in the same box", number, in: box, dot, phone, to: sealing, field: fields.last),
            alone("the name, disclosed to an officer", hoa, dot, name, to: officerSealing),
            alone("the answer to a look-up", dossier, answerDot, answer, to: lanSealing),
        ]
    }
}

extension String {
    /// A code as a hasty person types it: the letter O for zero, spaces for dashes.
    fileprivate var replacingZeros: String {
        String(map { $0 == "0" ? "O" : $0 == "-" ? " " : $0 })
    }
}
