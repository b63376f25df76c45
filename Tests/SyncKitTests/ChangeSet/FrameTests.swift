// Frames: what goes in comes out, whatever is left out of them, and a hostile frame harms nobody.

import Testing

@testable import SyncKit

@Suite struct FrameTests {
    static let dictionary = CompressionDictionary(id: 7, bytes: Bytes("Đèn hỏng; Vẫn hỏng; rác thải ở ngõ".utf8))

    /// A receiver that knows these change sets.
    static func decoder(knowing known: [ChangeSet] = []) -> FrameDecoder {
        FrameDecoder(
            dictionary: { $0 == 7 ? dictionary : nil },
            document: { dot in known.first { $0.dot == dot && $0.isCreation }?.id },
            previous: { device, sequence in
                known.first { $0.header.device == device && $0.header.sequence + 1 == sequence }?.id
            })
    }

    /// The change sets of a frame, where all of them are there.
    static func changes(_ found: [FramedChange]) -> [ChangeSet]? {
        let changes = found.compactMap { item -> ChangeSet? in
            if case .change(let change) = item { return change }
            return nil
        }
        return changes.count == found.count ? changes : nil
    }

    /// Two devices, a creation that is referenced later, with and without salt, one change set that cannot be elided.
    static func day() throws -> [ChangeSet] {
        var (an, binh) = (Author(1), Author(2))
        let report = try an.report()
        let second = try binh.report("Rác thải")
        var changes = [report, second, try an.edit(report.id), try binh.edit(report.id, seen: 3)]
        changes.append(try an.edit(second.id, salted: false, seen: 3))
        var draft = ChangeSetDraft(kind: .report, document: report.id)
        draft.perform(.transition(Slot(field: 1), to: 9, follows: report.dot))
        draft.seenDots = [second.dot]
        changes.append(try an.sign(draft, counter: 9))
        draft.seenDots = []
        changes.append(try an.sign(draft))
        return changes
    }

    static func creation(_ changes: [ChangeSet]) -> (Digest) -> Dot? {
        { id in changes.first { $0.id == id }?.dot }
    }

    /// Dictionary, plain, explicit, and whether the receiver knows the chains.
    static let forms: [(CompressionDictionary?, Bool, Bool, Bool)] = [
        (nil, false, false, true), (dictionary, false, false, true), (nil, true, false, true),
        (nil, false, true, true), (dictionary, false, true, false), (nil, false, false, false),
        (dictionary, true, true, false),
    ]

    @Test(arguments: forms.indices) func aFrameComesBackInEveryForm(index: Int) throws {
        let (dictionary, isPlain, isExplicit, knowsChains) = Self.forms[index]
        var encoder = FrameEncoder(dictionary: dictionary)
        (encoder.isPlain, encoder.isExplicit, encoder.receiverKnowsChains) = (isPlain, isExplicit, knowsChains)
        let changes = try Self.day()
        for creation in [Self.creation(changes), { _ in nil }] {
            let frame = encoder.encode(changes, creation: creation)
            let found = try Self.changes(Self.decoder().decode(frame))
            #expect(found == changes)
            for change in found ?? [] { #expect(change.verify(ward: Author.ward, scheme: Ed25519Scheme())) }
        }
        #expect(try Self.decoder().decode(encoder.encode([]) { _ in nil }).isEmpty)
    }

    @Test(arguments: [true, false]) func aFrameWithGapsComesBack(knowsChains: Bool) throws {
        let all = try Self.day()
        var chance = SeededChance("frames with gaps")
        var encoder = FrameEncoder(dictionary: Self.dictionary)
        encoder.receiverKnowsChains = knowsChains
        for _ in 0..<200 {
            let part = all.filter { _ in chance.below(3) > 0 }
            let frame = encoder.encode(part, creation: Self.creation(all))
            #expect(try Self.changes(Self.decoder(knowing: all).decode(frame)) == part)
            // Out of the order of the chains too, as a bundle may hold them.
            let shuffled = part.shuffled(using: &chance)
            encoder.receiverKnowsChains = false
            let loose = encoder.encode(shuffled) { _ in nil }
            encoder.receiverKnowsChains = knowsChains
            #expect(try Self.changes(Self.decoder().decode(loose)) == shuffled)
        }
    }

    @Test func whatCannotBeComputedIsAskedForExplicitly() throws {
        let all = try Self.day()
        var encoder = FrameEncoder(dictionary: nil)
        let rest = Array(all[2...3])
        let frame = encoder.encode(rest, creation: Self.creation(all))
        for item in try Self.decoder().decode(frame) {
            guard case .explicitNeeded = item else { throw ChangeSetError(.malformed, "should be asked for") }
        }
        encoder.isExplicit = true
        let explicit = encoder.encode(rest, creation: Self.creation(all))
        #expect(try Self.changes(Self.decoder().decode(explicit)) == rest)
    }

    @Test func aRebuiltHeaderThatIsNotTheSignedOneDoesNotVerify() throws {
        let all = try Self.day()
        let frame = FrameEncoder(dictionary: nil).encode([all[2]], creation: Self.creation(all))
        var wrong = Self.decoder(knowing: all)
        wrong.previous = { _, _ in .zero }
        let found = try #require(try Self.changes(wrong.decode(frame))?.first)
        #expect(found.verify(ward: Author.ward, scheme: Ed25519Scheme()) == false)
    }

    @Test func oneBadChangeSetDoesNotBlockTheRest() throws {
        let all = try Self.day()
        var columns = try columns(all)
        let place = try #require(columns.explicit.first?.index)
        columns.explicit = [(place, [0x80])]
        let found = try Self.decoder().decode(plain(columns))
        #expect(found.count == all.count)
        guard case .malformed(let error) = found[place] else { throw ChangeSetError(.malformed, "not refused") }
        #expect(error == ChangeSetError(.malformed, "envelope"))
        #expect(try #require(Self.changes(Array(found[0..<place]))) == Array(all[0..<place]))
    }

    @Test func aRunningSequenceAtTheLargestNumberIsRefusedAndDoesNotOverflow() throws {
        let all = try Self.day()
        var columns = try columns([all[0], all[2]])
        columns.sequences = []
        Varint.append(.max, to: &columns.sequences)
        Varint.append(3, to: &columns.sequences)
        let found = try Self.decoder().decode(plain(columns))
        guard case .malformed = found[0], case .explicitNeeded = found[1] else {
            throw ChangeSetError(.malformed, "not refused")
        }
        columns.seconds = []
        Varint.append(.max, to: &columns.seconds)
        Varint.append(.max, to: &columns.seconds)
        #expect(Self.changes(try Self.decoder().decode(plain(columns))) == nil)
    }

    @Test func anEnvelopeThatIsWrongIsRefused() throws {
        let body = try columns(try Self.day()).encodedBody()
        let packed = ZstdCodec.compress(body, dictionary: nil)
        let raw = try columns(try Self.day()).raw
        let limit = ChangeSetLimits.maxFrameRaw
        let zeros = Bytes(repeating: 0, count: limit + 1)
        func expect(_ code: ChangeSetError.Code, _ codec: UInt64, _ length: Int, _ body: Bytes, _ raw: Bytes) {
            let frame = CBORValue.array([.unsigned(codec), .unsigned(UInt64(length)), .bytes(body), .bytes(raw)])
            #expect(throws: ChangeSetError(code, "frame")) { try Self.decoder().decode(frame.encoded) }
        }
        expect(.malformed, 0, body.count + 1, body, raw)
        expect(.malformed, 0, body.count - 1, body, raw)
        expect(.malformed, 1, body.count + 1, packed, raw)
        expect(.malformed, 1, body.count - 1, packed, raw)
        expect(.malformed, 1, 0, packed, raw)
        expect(.tooLarge, 1, limit + 1, packed, raw)
        expect(.tooLarge, 1, .max, packed, raw)
        expect(.tooLarge, 1, zeros.count, ZstdCodec.compress(zeros, dictionary: nil), raw)
        expect(.malformed, 1, limit, ZstdCodec.compress(zeros, dictionary: nil), raw)
        expect(.malformed, 1, 100, ZstdCodec.compress(zeros, dictionary: nil), raw)
        // A bomb that does not declare its length: a window, then blocks that repeat one byte 128 KiB times.
        let bomb = hex("28b52ffd 00 58") + (0..<64).flatMap { _ in hex("020010 61") } + hex("030010 61")
        expect(.malformed, 1, limit, bomb, raw)
        expect(.unknownDictionary, 8, body.count, packed, raw)
        expect(.unknownDictionary, .max, body.count, packed, raw)
        let named = ZstdCodec.compress(body, dictionary: Self.dictionary)
        expect(.malformed, 1, body.count, named, raw)
        expect(.malformed, 0, body.count, body, Bytes(raw.dropLast()))
        expect(.malformed, 0, body.count, body, raw + [0])
        expect(.malformed, 0, body.count, body, [])
        #expect(throws: ChangeSetError(.tooLarge, "frame")) { try Self.decoder().decode(zeros) }
        for bytes in [[], [0x80], hex("84 00 00 40"), hex("84 00 00 40 40 00"), hex("9f 00 00 40 40 ff")] {
            #expect(throws: ChangeSetError(.malformed, "frame")) { try Self.decoder().decode(bytes) }
        }
    }

    @Test func columnsThatDoNotFitTogetherAreRefused() throws {
        let all = try Self.day()
        func expect(_ code: ChangeSetError.Code, _ part: String = "frame", _ edit: (inout FrameColumns) -> Void) throws
        {
            var columns = try columns(all)
            edit(&columns)
            #expect(throws: ChangeSetError(code, part)) { try Self.decoder().decode(plain(columns)) }
        }
        try expect(.malformed) { $0.count += 1 }
        try expect(.tooLarge) { $0.count = 0 }
        try expect(.tooLarge) { $0.count = 4097 }
        try expect(.malformed) { $0.kinds.append(1) }
        try expect(.malformed) { $0.valueForms.removeLast() }
        try expect(.valueCount, "values") { $0.valueForms[0] = 0 }
        try expect(.malformed) { $0.valueForms[0] = 1 }
        try expect(.malformed) { $0.valueForms[4] = 2 }
        try expect(.malformed) { $0.values.removeLast() }
        try expect(.malformed) { $0.values.append(0) }
        try expect(.malformed) { $0.devices.removeAll() }
        try expect(.malformed) { $0.authors = [9] }
        try expect(.malformed) { $0.authors = [] }
        try expect(.malformed) { $0.sequences = [0x80] }
        try expect(.malformed) { $0.seconds = Bytes(repeating: 0xFF, count: 11) }
        try expect(.malformed) { $0.counters = [] }
        try expect(.malformed) { $0.documents = [0xFF, 0x7F] }
        try expect(.malformed) { $0.seenTable = [] }
        try expect(.malformed) { $0.skeletonTable = [] }
        try expect(.malformed, "skeleton") { $0.skeletonTable[0] = hex("81 82 0b 01") }
        try expect(.malformed, "skeleton") { $0.skeletonTable[0] = [] }
        try expect(.malformed) { $0.explicit.append($0.explicit[0]) }
        try expect(.tooLarge) { $0.explicit[0].index = 7 }
    }

    @Test func everyBitOfAFrameCountsForSomething() throws {
        let all = Array(try Self.day().prefix(5))
        var encoder = FrameEncoder(dictionary: nil)
        encoder.isPlain = true
        let frame = encoder.encode(all, creation: Self.creation(all))
        for bit in 0..<(8 * frame.count) {
            var wrong = frame
            wrong[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let found = try? Self.decoder().decode(wrong), let changes = Self.changes(found) else { continue }
            if changes.allSatisfy({ $0.verify(ward: Author.ward, scheme: Ed25519Scheme()) }) {
                Issue.record("bit \(bit) of a frame can be flipped")
            }
        }
    }

    private func columns(_ changes: [ChangeSet]) throws -> FrameColumns {
        let frame = FrameEncoder(dictionary: nil).encode(changes, creation: Self.creation(changes))
        return try FrameEnvelope.decode(frame) { _ in nil }
    }

    private func plain(_ columns: FrameColumns) -> Bytes {
        FrameEnvelope.encode(columns: columns, dictionary: nil, level: 1, plain: true)
    }
}
