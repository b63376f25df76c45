// What the tests of the codec share: keys, chains, one change set with every operation.

@testable import SyncKit

/// A device that signs change sets, and keeps its chain.
struct Author {
    let key: SigningKey
    var link = ChainLink.start
    var seconds: Int64 = 1_770_000_000

    static let ward = Blake2b.hash([42])
    static let salt = Bytes(0..<16)

    init(_ seed: UInt64) { key = SigningKey.generate(random: SeededRandomSource(seed: seed)) }

    var device: DeviceID { DeviceID(key.publicKey) }

    mutating func sign(_ draft: ChangeSetDraft, seen: UInt64 = 0, counter: UInt16 = 0) throws -> ChangeSet {
        seconds += 1
        let change = try draft.signed(
            by: key, ward: Self.ward, after: link, time: HybridTime(seconds: seconds, counter: counter),
            seen: SeenMark(position: Position(epoch: 0, index: seen), root: seen &* 0x9E37_79B9_7F4A_7C15),
            salt: Self.salt, scheme: Ed25519Scheme())
        link = ChainLink(sequence: change.header.sequence, id: change.id)
        return change
    }

    /// A small report.
    mutating func report(_ title: String = "Đèn hỏng") throws -> ChangeSet {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        return try sign(draft)
    }

    /// A comment, or something without a value, on a document.
    mutating func edit(_ document: Digest, _ kind: DocumentKind = .report, salted: Bool = true, seen: UInt64 = 0) throws
        -> ChangeSet
    {
        var draft = ChangeSetDraft(kind: kind, document: document)
        if salted {
            draft.perform(.append(Slot(field: ReportField.comments)), .text("Vẫn hỏng"))
        } else {
            draft.perform(.set(Slot(field: ReportField.urgency)), .text("cao"))
        }
        return try sign(draft, seen: seen)
    }
}

/// Every operation, keyed and not, with and without its optional parts.
let everyOperation: [SyncKit.Operation] = {
    let dot = Dot(device: DeviceID(Blake2b.hash([1])), sequence: 1)
    let other = Dot(device: DeviceID(Blake2b.hash([2])), sequence: 0xFFFF_FFFF_FFFF)
    return [Slot(field: 1), Slot(field: 255, key: 0), Slot(field: 24, key: .max)].flatMap { slot in
        [
            .set(slot), .add(slot), .remove(slot), .append(slot), .claim(slot),
            .release(slot, claim: dot, successor: nil), .release(slot, claim: dot, successor: other),
            .transition(slot, to: 0, follows: dot), .transition(slot, to: 255, follows: other),
            .link(slot, target: Blake2b.hash([3])), .unlink(slot, link: dot), .resolve(slot, settled: []),
            .resolve(slot, settled: Array(repeating: dot, count: 64)),
        ]
    }
}()

/// A header's CBOR map from its pairs, as they are: for fixtures that no encoder would write.
func headerBytes(_ pairs: [(UInt64, CBORValue)]) -> Bytes {
    var writer = CBORWriter()
    writer.mapHeader(count: pairs.count)
    for (key, value) in pairs {
        writer.unsigned(key)
        value.encode(into: &writer)
    }
    return writer.bytes
}

/// The pairs of a change set's header.
func headerPairs(_ change: ChangeSet) -> [(UInt64, CBORValue)] {
    guard case .map(let pairs)? = try? CBORValue(decoding: change.headerBytes) else { return [] }
    return pairs.compactMap {
        if case .unsigned(let key) = $0.key { return (key, $0.value) }
        return nil
    }
}

/// An envelope from its parts, whatever they are.
func envelope(_ header: Bytes, _ signature: Bytes, _ skeleton: Bytes, _ values: Bytes?) -> Bytes {
    CBORValue.array([.bytes(header), .bytes(signature), .bytes(skeleton), values.map { .bytes($0) } ?? .null]).encoded
}
