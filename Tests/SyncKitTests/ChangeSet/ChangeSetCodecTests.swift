// Change sets come back as they were signed, and everything else is refused with its reason.

import Testing

@testable import SyncKit

@Suite struct ChangeSetCodecTests {
    static let scheme = Ed25519Scheme()

    @Test(arguments: everyOperation) func everyOperationComesBack(operation: SyncKit.Operation) throws {
        let skeleton = Operation.encodeSkeleton([operation])
        #expect(try Operation.decodeSkeleton(skeleton) == [operation])
        #expect(
            try Operation.decodeSkeleton(Operation.encodeSkeleton([operation, operation])) == [operation, operation])
    }

    @Test func aChangeSetComesBackAndVerifies() throws {
        var (author, other) = (Author(1), Author(2))
        let first = try author.report()
        var draft = ChangeSetDraft(kind: .report, document: first.id)
        for operation in everyOperation.prefix(26) {
            if operation.takesValue { draft.perform(operation, .text("á")) } else { draft.perform(operation) }
        }
        draft.isSalted = true
        draft.seenDots = [try other.report().dot]
        draft.reissues = first.id
        for change in [
            first, try author.sign(draft, seen: 7, counter: 65_535), try author.edit(first.id, salted: false),
        ] {
            let decoded = try ChangeSet(decoding: change.encoded())
            #expect(decoded == change)
            #expect(decoded.header.encoded() == change.headerBytes)
            #expect(decoded.verify(ward: Author.ward, scheme: Self.scheme))
            #expect(decoded.verify(ward: .zero, scheme: Self.scheme) == false)
        }
    }

    @Test func erasedValuesLeaveAChangeSetThatStillVerifies() throws {
        var author = Author(1)
        let change = try author.report()
        let erased = try ChangeSet(decoding: envelope(change.headerBytes, change.signature, change.skeleton, nil))
        #expect(erased.values == nil && erased.id == change.id)
        #expect(erased.verify(ward: Author.ward, scheme: Self.scheme))
    }

    @Test func unknownHeaderKeysAreCarriedLiterallyAndVerified() throws {
        var author = Author(1)
        let change = try author.report()
        let more = headerPairs(change) + [(15, .text("mới")), (1000, .array([.null]))]
        let header = headerBytes(more)
        let signature = author.key.sign(.changeset, ward: Author.ward, header, scheme: Self.scheme)
        let bytes = envelope(header, signature, change.skeleton, change.values?.bytes)
        let decoded = try ChangeSet(decoding: bytes)
        #expect(decoded.headerBytes == header)
        #expect(decoded.id == Blake2b.hash(header) && decoded.id != change.id)
        #expect(decoded.verify(ward: Author.ward, scheme: Self.scheme))
        #expect(decoded.encoded() == bytes)
        let frame = FrameEncoder(dictionary: nil).encode([decoded]) { _ in nil }
        guard case .change(let framed)? = try decoder().decode(frame).first else {
            throw ChangeSetError(.malformed, "")
        }
        #expect(framed == decoded)
    }

    @Test func anOperationThatThisVersionDoesNotKnowIsCarried() throws {
        let skeleton = CBORValue.array([
            .array([.unsigned(1), .unsigned(2)]), .array([.unsigned(11), .unsigned(2), .map([])]),
        ]).encoded
        #expect(try Operation.decodeSkeleton(skeleton) == nil)
        var author = Author(1)
        let change = try withSkeleton(skeleton, &author)
        #expect(change.operations == nil)
        #expect(try ChangeSet(decoding: change.encoded()) == change)
    }

    /// What is wrong with a header, and the header's pairs.
    static let headers: [(String, @Sendable ([(UInt64, CBORValue)]) -> Bytes, ChangeSetError.Code)] = [
        ("indefinite length", { [0xBF] + headerBytes($0).dropFirst() + [0xFF] }, .malformed),
        ("unsorted keys", { headerBytes([$0[1], $0[0]] + $0.dropFirst(2)) }, .malformed),
        ("duplicate key", { headerBytes([$0[0]] + $0) }, .malformed),
        ("text key", { Bytes([headerBytes($0)[0] + 1]) + headerBytes($0).dropFirst() + hex("6161 00") }, .malformed),
        ("float", { with($0, 15, raw: "f93c00") }, .malformed),
        ("tag", { with($0, 15, raw: "c100") }, .malformed),
        ("undefined", { with($0, 15, raw: "f7") }, .malformed),
        ("long integer", { with($0, 15, raw: "1800") }, .malformed),
        ("too deep", { with($0, 15, raw: String(repeating: "81", count: 16) + "00") }, .malformed),
        ("trailing bytes", { headerBytes($0) + [0] }, .malformed),
        ("truncated", { headerBytes($0).dropLast() }, .malformed),
        ("empty", { _ in [] }, .malformed),
        ("not a map", { _ in [0x80] }, .malformed),
        ("too long", { with($0, 15, .bytes(Bytes(repeating: 0, count: 8200))) }, .tooLarge),
        ("unknown version", { replacing($0, 0, .unsigned(2)) }, .unknownVersion),
        ("version 0", { replacing($0, 0, .unsigned(0)) }, .unknownVersion),
        ("no version", { without($0, 0) }, .malformed),
        ("no device", { without($0, 1) }, .malformed),
        ("no sequence", { without($0, 2) }, .malformed),
        ("no previous at sequence 2", { without($0, 3) }, .malformed),
        ("no time", { without($0, 4) }, .malformed),
        ("no kind", { without($0, 5) }, .malformed),
        ("no schema version", { without($0, 7) }, .malformed),
        ("no seen mark", { without($0, 8) }, .malformed),
        ("no skeleton hash", { without($0, 11) }, .malformed),
        ("no skeleton length", { without($0, 12) }, .malformed),
        ("no values hash", { without($0, 13) }, .malformed),
        ("no values length", { without($0, 14) }, .malformed),
        ("previous at sequence 1", { replacing($0, 2, .unsigned(1)) }, .malformed),
        ("sequence 0", { replacing($0, 2, .unsigned(0)) }, .malformed),
        ("sequence 2⁴⁸", { replacing($0, 2, .unsigned(1 << 48)) }, .malformed),
        ("device of 31 bytes", { replacing($0, 1, .bytes(Bytes(0..<31))) }, .malformed),
        ("values length 0", { replacing($0, 14, .unsigned(0)) }, .malformed),
        ("no seen dots", { with($0, 9, .array([])) }, .malformed),
        ("unsorted seen dots", { with($0, 9, dots([2, 1])) }, .malformed),
        ("a seen dot twice", { with($0, 9, dots([1, 1])) }, .malformed),
        ("too many seen dots", { with($0, 9, dots(Array(1...65))) }, .malformed),
        ("epoch too large", { replacing($0, 8, seen(.unsigned(65_536), 8)) }, .malformed),
        ("root of 7 bytes", { replacing($0, 8, seen(.unsigned(0), 7)) }, .malformed),
        ("own seen dot", { own($0) }, .malformed),
    ]

    @Test(arguments: headers.indices) func aHeaderThatIsWrongIsRefused(index: Int) throws {
        var author = Author(1)
        let change = try author.edit(try author.report().id)
        let (name, edit, code) = Self.headers[index]
        #expect(throws: ChangeSetError(code, "header"), "\(name)") {
            try ChangeSetHeader(decoding: edit(headerPairs(change)))
        }
    }

    /// Skeletons as hexadecimal digits, and the reason why they are refused.
    static let skeletons: [(String, ChangeSetError.Code)] = [
        ("", .malformed), ("80", .malformed), ("9f820102ff", .malformed), ("81820102 00", .malformed),
        ("8181 01", .malformed), ("81 82 18 01 02", .malformed), ("81 83 01 02 20", .malformed),
        ("81 84 01 02 03 04", .malformed), ("81 83 01 02 1b 0000000100000000", .malformed), ("81 82 06 02", .malformed),
        ("81 82 07 02", .malformed), ("81 82 08 02", .malformed), ("81 82 0a 02", .malformed),
        ("81 83 0a 02 98 41", .tooLarge), ("99 0101", .tooLarge), ("81 82 f93c00 02", .malformed),
        ("81 82 c101 02", .malformed), ("81 83 0b 02 a2 02 00 01 00", .malformed), ("81 83 0b 02 f93c00", .malformed),
        ("81 83 0b 02 81818181818181818181818181818181 8100", .malformed), ("81 83 08 02 41 00", .malformed),
    ]

    @Test(arguments: skeletons) func aSkeletonThatIsWrongIsRefused(text: String, code: ChangeSetError.Code) {
        #expect(throws: ChangeSetError(code, "skeleton"), "\(text)") { try Operation.decodeSkeleton(hex(text)) }
    }

    @Test func limitsAreKept() throws {
        let slot = Slot(field: 3)
        let most = Operation.encodeSkeleton(Array(repeating: .claim(slot), count: 256))
        #expect(try Operation.decodeSkeleton(most)?.count == 256)
        #expect(throws: ChangeSetError(.tooLarge, "skeleton")) {
            try Operation.decodeSkeleton(Operation.encodeSkeleton(Array(repeating: .claim(slot), count: 257)))
        }
        var author = Author(1)
        var draft = ChangeSetDraft(kind: .report)
        draft.operations = Array(repeating: .claim(slot), count: 257)
        #expect(throws: ChangeSetError(.tooLarge, "operations")) { try author.sign(draft) }
        draft.operations = []
        #expect(throws: ChangeSetError(.malformed, "operations")) { try author.sign(draft) }
        for (length, fits) in [(61_416, true), (61_417, false)] {
            var draft = ChangeSetDraft(kind: .report)
            draft.perform(.set(slot), .bytes(Bytes(repeating: 7, count: length)))
            let payload = 4 + 17 + 3 + length
            #expect((payload <= 60 * 1024) == fits)
            if fits {
                let change = try author.sign(draft)
                #expect(try ChangeSet(decoding: change.encoded()) == change)
            } else {
                #expect(throws: ChangeSetError(.tooLarge, "payload")) { try author.sign(draft) }
            }
        }
        #expect(throws: ChangeSetError(.tooLarge, "skeleton")) {
            try Operation.decodeSkeleton(Bytes(repeating: 0, count: 16 * 1024 + 1))
        }
    }

    @Test func valuesAreReadStrictly() throws {
        for (text, code, part) in [
            ("", ChangeSetError.Code.malformed, "values"), ("41 00", .malformed, "salt"),
            ("4f" + hexText(Bytes(0..<15)), .malformed, "salt"),
            ("51" + hexText(Bytes(0..<17)), .malformed, "values"), ("40 61", .malformed, "values"),
            ("40 f93c00", .malformed, "values"),
            ("40 9f00ff", .malformed, "values"), ("40 a2616200616100", .malformed, "values"),
            ("40 c100", .malformed, "values"),
            ("40 61ff", .malformed, "values"), ("00", .malformed, "values"),
            ("40" + String(repeating: "00", count: 257), .tooLarge, "values"),
        ] {
            #expect(throws: ChangeSetError(code, part), "\(text)") { try ChangeValues(decoding: hex(text)) }
        }
        let values = try ChangeValues(decoding: hex("40 00 6161"))
        #expect(values == ChangeValues(salt: [], values: [[0], hex("6161")]))
        #expect(values.value(1) == hex("6161") && values.value(2) == [] && values.count == 2)
    }

    @Test func partsThatDoNotBelongTogetherAreRefused() throws {
        var author = Author(1)
        let change = try author.report()
        let other = try author.edit(change.id)
        let (header, signature, skeleton) = (change.headerBytes, change.signature, change.skeleton)
        let values = change.values?.bytes
        func expect(_ code: ChangeSetError.Code, _ part: String, _ bytes: Bytes) {
            #expect(throws: ChangeSetError(code, part)) { try ChangeSet(decoding: bytes) }
        }
        expect(.hashMismatch, "skeleton", envelope(header, signature, other.skeleton, values))
        expect(.hashMismatch, "values", envelope(header, signature, skeleton, other.values?.bytes))
        expect(.malformed, "signature", envelope(header, signature.dropLast(), skeleton, values))
        expect(.malformed, "envelope", envelope(header, signature + [0], skeleton, values))
        expect(.malformed, "envelope", change.encoded() + [0])
        expect(.malformed, "envelope", Bytes(change.encoded().dropLast()))
        expect(.malformed, "envelope", [0x9F] + change.encoded().dropFirst() + [0xFF])
        expect(.malformed, "envelope", [0x83] + change.encoded().dropFirst())
        expect(.malformed, "envelope", envelope(header, signature, Bytes(repeating: 0, count: 16_385), values))
        expect(.malformed, "envelope", envelope(Bytes(repeating: 0, count: 8193), signature, skeleton, values))
        let set = Operation.encodeSkeleton([.set(Slot(field: 3)), .set(Slot(field: 3))])
        #expect(throws: ChangeSetError(.valueCount, "values")) { try withSkeleton(set, &author) }
        #expect(throws: ChangeSetError(.valueCount, "values")) {
            try withSkeleton(Operation.encodeSkeleton([.claim(Slot(field: 9))]), &author)
        }
    }

    /// A change set with this skeleton and one value.
    private func withSkeleton(_ skeleton: Bytes, _ author: inout Author) throws -> ChangeSet {
        let change = try author.report()
        var header = change.header
        header.skeletonHash = Blake2b.hash(skeleton)
        header.skeletonLength = UInt64(skeleton.count)
        let bytes = header.encoded()
        return try ChangeSet(
            header: bytes, signature: author.key.sign(.changeset, ward: Author.ward, bytes, scheme: Self.scheme),
            skeleton: skeleton, values: change.values?.bytes)
    }

    private func decoder() -> FrameDecoder {
        FrameDecoder(dictionary: { _ in nil }, document: { _ in nil }, previous: { _, _ in nil })
    }
}

private typealias Pairs = [(UInt64, CBORValue)]

private func without(_ pairs: Pairs, _ key: UInt64) -> Bytes { headerBytes(pairs.filter { $0.0 != key }) }

private func replacing(_ pairs: Pairs, _ key: UInt64, _ value: CBORValue) -> Bytes {
    headerBytes(pairs.map { $0.0 == key ? (key, value) : $0 })
}

private func with(_ pairs: Pairs, _ key: UInt64, _ value: CBORValue) -> Bytes {
    headerBytes((pairs + [(key, value)]).sorted { $0.0 < $1.0 })
}

/// With one more key whose value is written as it is.
private func with(_ pairs: Pairs, _ key: UInt64, raw: String) -> Bytes {
    headerBytes(pairs + [(key, .null)]).dropLast() + hex(raw)
}

private func dots(_ sequences: [UInt64]) -> CBORValue {
    .array(sequences.map { .array([.bytes(Digest.zero.bytes), .unsigned($0)]) })
}

private func own(_ pairs: Pairs) -> Bytes {
    let device = pairs.first { $0.0 == 1 }?.1 ?? .null
    return with(pairs, 9, .array([.array([device, .unsigned(1)])]))
}

private func seen(_ epoch: CBORValue, _ width: Int) -> CBORValue {
    .array([epoch, .unsigned(0), .bytes(Bytes(repeating: 0, count: width))])
}
