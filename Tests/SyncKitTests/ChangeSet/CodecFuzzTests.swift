// Hundreds of thousands of hostile inputs to every decoder: nothing crashes, and what is accepted has one form.

import Testing

@testable import SyncKit

@Suite struct CodecFuzzTests {
    static let scheme = SimulatedScheme()

    @Test func hostileHeadersAreRefusedOrHaveOneForm() throws {
        let whole = try FrameTests.day().map(\.headerBytes)
        try run("headers", 150_000, whole, starts: [0xA9, 0xAA, 0xBF, 0x81]) { bytes in
            guard let header = try? ChangeSetHeader(decoding: bytes) else { return nil }
            // Unknown keys stand behind the known ones, under a larger count.
            return header.encoded().count < bytes.count ? bytes : header.encoded()
        }
    }

    @Test func hostileSkeletonsAreRefusedOrHaveOneForm() throws {
        let all: [Bytes] = everyOperation.map { SyncKit.Operation.encodeSkeleton([$0]) }
        let whole = all.filter { $0.count < 200 }
        try run("skeletons", 150_000, whole, starts: [0x81, 0x82, 0x83]) { bytes in
            do {
                guard let decoded = try Operation.decodeSkeleton(bytes) else { return bytes }
                return Operation.encodeSkeleton(decoded)
            } catch { return nil }
        }
    }

    @Test func hostileValuesAreRefusedOrKeptLiterally() throws {
        let whole = try FrameTests.day().compactMap { $0.values?.bytes }
        try run("values", 150_000, whole, starts: [0x40, 0x50, 0x41]) { try? ChangeValues(decoding: $0).bytes }
    }

    @Test func hostileEnvelopesAreRefusedOrHaveOneForm() throws {
        let whole = try FrameTests.day().map { $0.encoded() }
        try run("envelopes", 80_000, whole, starts: [0x84]) { try? ChangeSet(decoding: $0).encoded() }
    }

    @Test func hostileFramesAreRefusedOrHoldChangeSetsThatFit() throws {
        let all = try FrameTests.day()
        var encoder = FrameEncoder(dictionary: nil)
        encoder.isPlain = true
        let small = Array(all.prefix(3))
        let whole = [
            encoder.encode(small, creation: FrameTests.creation(all)),
            FrameEncoder(dictionary: FrameTests.dictionary).encode([all[0]]) { _ in nil },
            encoder.encode(Array(all.suffix(2)), creation: FrameTests.creation(all)),
        ]
        let decoder = FrameTests.decoder(knowing: all)
        try run("frames", 40_000, whole, starts: [0x84]) { bytes in
            guard let found = try? decoder.decode(bytes) else { return nil }
            for item in found {
                guard case .change(let change) = item else { continue }
                if (try? ChangeSet(decoding: change.encoded())) != change { return [] }
            }
            return bytes
        }
    }

    @Test func hostileColumnsAreRefusedOrHoldChangeSetsThatFit() throws {
        let all = try FrameTests.day()
        let frame = FrameEncoder(dictionary: nil).encode(Array(all.prefix(3)), creation: FrameTests.creation(all))
        let columns = try FrameEnvelope.decode(frame) { _ in nil }
        let decoder = FrameTests.decoder(knowing: all)
        try run("frame columns", 30_000, [columns.encodedBody()], starts: [0x90]) { bytes in
            var writer = CBORWriter()
            writer.arrayHeader(count: 4)
            writer.unsigned(0)
            writer.unsigned(UInt64(bytes.count))
            writer.byteString(bytes)
            writer.byteString(columns.raw)
            return (try? decoder.decode(writer.bytes)).map { _ in bytes }
        }
    }

    @Test func hostileLogRecordsAreRefusedOrHaveOneForm() throws {
        let dot = Dot(device: DeviceID(.zero), sequence: 5)
        let acceptance = LogEntry.Acceptance(
            dot: dot, id: .zero, effective: HybridTime(seconds: 9, counter: 1), outcomes: [.none, .lost])
        let entries: [LogEntry] = [
            .accept(acceptance), .hold(dot, id: .zero, code: .fork), .refuse(dot, id: .zero, code: .cycle),
            .release(acceptance, by: DeviceID(.zero)), .grant([1, 2]), .revoke(DeviceID(.zero), lastSequence: 4),
            .move(document: .zero, areas: ["06685", "06685.03"]),
            .succession(
                LogEntry.Succession(old: DeviceID(.zero), new: DeviceID(.zero), lastSequence: 9, by: DeviceID(.zero))),
        ]
        let whole = entries.map { LogRecord(time: -5, entry: $0).encoded() }
        for (entry, bytes) in zip(entries, whole) {
            #expect(try LogRecord(decoding: bytes) == LogRecord(time: -5, entry: entry))
        }
        try run("log records", 150_000, whole, starts: [0x83, 0x84, 0x86, 0x87, 0x88]) {
            try? LogRecord(decoding: $0).encoded()
        }
    }

    @Test func hostileGrantsCheckpointsAndDescriptorsAreRefusedOrHaveOneForm() throws {
        let key = SigningKey.generate(random: SeededRandomSource(seed: 4))
        let ward = Blake2b.hash(key.publicKey.bytes)
        let grant = Grant(
            device: DeviceID(.zero), sealingKey: .zero, role: .lead, areas: ["06685"], validFrom: 1, validUntil: 2,
            name: "Trần Thị Bình"
        ).signed(by: key, ward: ward, scheme: Self.scheme)
        let head = Checkpoint(ward: ward, position: Position(epoch: 1, index: 9), root: .zero, serial: 3, time: 4)
            .signed(by: key, scheme: Self.scheme)
        func body(_ object: Bytes, _ context: SignatureContext) -> Bytes {
            SignedObject.open(object, keys: [key.publicKey], context: context, ward: ward, scheme: Self.scheme) ?? []
        }
        func signed(_ body: Bytes, _ context: SignatureContext) -> Bytes {
            SignedObject.encode(body, key: key, context: context, ward: ward, scheme: Self.scheme)
        }
        func readGrant(_ bytes: Bytes) -> Grant? {
            Grant(verifying: bytes, ward: ward, keys: [key.publicKey], scheme: Self.scheme)
        }
        func readHead(_ bytes: Bytes) -> Checkpoint? {
            Checkpoint(verifying: bytes, ward: ward, keys: [key.publicKey], scheme: Self.scheme)
        }
        try run("grants", 25_000, [grant], starts: [0x83]) { readGrant($0).map { _ in grant } }
        try run("grant bodies", 25_000, [body(grant, .grant)], starts: [0x88]) { body in
            let object = signed(body, .grant)
            return readGrant(object)?.signed(by: key, ward: ward, scheme: Self.scheme) == object ? body : nil
        }
        try run("checkpoints", 25_000, [head], starts: [0x83]) { readHead($0).map { _ in head } }
        try run("checkpoint bodies", 25_000, [body(head, .checkpoint)], starts: [0x87]) { body in
            readHead(signed(body, .checkpoint)).map { _ in body }
        }
        let descriptor = WardDescriptor(
            name: "Hồng Gai", area: "06685", addresses: ["https://a"], rootKey: key.publicKey, signingKeys: [.zero],
            sealingKey: .zero, device: DeviceID(.zero), issued: 1)
        let text = descriptor.signedText(by: key, scheme: Self.scheme)
        #expect(WardDescriptor(verifying: text, scheme: Self.scheme) == descriptor)
        try run("descriptors", 10_000, [Bytes(text.utf8)], starts: [0x77]) { bytes in
            let damaged = String(decoding: bytes, as: UTF8.self)
            guard let read = WardDescriptor(verifying: damaged, scheme: Self.scheme) else { return nil }
            return read == descriptor ? bytes : []
        }
        var pinned = descriptor
        pinned.tls = TLSPins(.authorityAndPin, [.zero, key.publicKey])
        let pinnedText = pinned.signedText(by: key, scheme: Self.scheme)
        #expect(WardDescriptor(verifying: pinnedText, scheme: Self.scheme) == pinned)
        let packed = [text, pinnedText].compactMap { Base32.decode(String($0.dropFirst(10))) }
        try run("descriptor bodies", 10_000, packed.map { body($0, .descriptor) }, starts: [0x89, 0x8A]) { body in
            let text = "wardsync1-" + Base32.encode(signed(body, .descriptor))
            return WardDescriptor(verifying: text, scheme: Self.scheme).map { _ in body }
        }
    }

    /// Feeds a decoder random bytes and damaged whole ones.
    /// - Parameter read: `nil` for what is refused; otherwise what the decoded value encodes to.
    private func run(_ name: String, _ count: Int, _ whole: [Bytes], starts: Bytes, _ read: (Bytes) -> Bytes?) throws {
        var chance = SeededChance(name)
        for bytes in whole { #expect(read(bytes) != nil) }
        for round in 0..<count {
            var bytes: Bytes
            if round % 3 == 0 {
                bytes = chance.bytes(1 + chance.below(24))
                bytes[0] = starts[chance.below(starts.count)]
            } else {
                bytes = whole[chance.below(whole.count)]
                damage(&bytes, &chance)
            }
            guard let again = read(bytes), again != bytes else { continue }
            Issue.record("\(name): another form of \(hexText(bytes))")
        }
    }

    private func damage(_ bytes: inout Bytes, _ chance: inout SeededChance) {
        for _ in 0...chance.below(2) {
            guard !bytes.isEmpty else { return }
            switch chance.below(8) {
            case 0: bytes.removeLast(1 + chance.below(bytes.count))
            case 1: bytes.insert(UInt8(chance.below(256)), at: chance.below(bytes.count + 1))
            case 2: bytes.remove(at: chance.below(bytes.count))
            case 3: bytes[chance.below(bytes.count)] = [0x00, 0x17, 0x1B, 0x7F, 0x80, 0xF6, 0xFF][chance.below(7)]
            default: bytes[chance.below(bytes.count)] ^= 1 << UInt8(chance.below(8))
            }
        }
    }
}
