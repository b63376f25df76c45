// What comes over the wire: CBOR, change sets, frames, requests, answers, compressed bytes.
@testable import SyncKit

/// Both ways of reading agree, and what is accepted encodes to itself.
func fuzzCBOR(_ bytes: Bytes) {
    var reader = CBORReader(bytes)
    var isSkipped = false
    if (try? reader.skipValue()) != nil, (try? reader.finish()) != nil { isSkipped = true }
    let value = try? CBORValue(decoding: bytes)
    promise(isSkipped == (value != nil), "both ways of reading accept the same")
    if let value { promise(value.encoded == bytes, "one value has one form") }
    var offset = 0
    while offset < bytes.count, let number = try? Varint.read(bytes, &offset, end: bytes.count) {
        promise(Varint.zigzag(Varint.unzigzag(number)) == number, "zigzag goes both ways")
    }
}

func fuzzChangeSet(_ bytes: Bytes) {
    if let change = try? ChangeSet(decoding: bytes) {
        promise(change.encoded() == bytes, "an envelope has one form")
        _ = change.verify(ward: KnownKeys.ward, scheme: AnySignature())
    }
    if let header = try? ChangeSetHeader(decoding: bytes), header.encoded().count == bytes.count {
        promise(header.encoded() == bytes, "a header has one form")
    }
    if let read = try? Operation.decodeSkeleton(bytes) {
        promise(Operation.encodeSkeleton(read) == bytes, "a skeleton has one form")
    }
    if let values = try? ChangeValues(decoding: bytes) { promise(values.bytes == bytes, "values are kept literally") }
}

private var frames: FrameDecoder {
    FrameDecoder(dictionary: FrameDictionary.named, document: { _ in nil }, previous: { _, _ in nil })
}

/// A whole frame; or columns that would have to be compressed to be one.
func fuzzFrame(_ bytes: Bytes) {
    check(bytes)
    let half = bytes.count * 3 / 4
    guard
        let columns = try? FrameColumns(
            decoding: Bytes(bytes[..<half]), raw: Bytes(bytes[half...]), sender: FuzzedWard.device)
    else { return }
    check(FrameEnvelope.encode(columns: columns, dictionary: nil, level: 1, plain: true))
}

private func check(_ frame: Bytes) {
    FuzzedWard.look(up: frame)
    guard let found = try? frames.decode(frame), !found.isEmpty else { return }
    check(found)
    FuzzedWard.receive(frame)
}

private func check(_ found: [FramedChange]) {
    for case .change(let change) in found {
        promise((try? ChangeSet(decoding: change.encoded())) == change, "a change set of a frame is one by itself")
    }
}

/// A body in pieces, as a connection hands it on.
func fuzzRequest(_ bytes: Bytes) {
    var reader = BlockReader()
    var rest = bytes[...]
    var size = 1
    while !rest.isEmpty {
        reader.append(Bytes(rest.prefix(size)))
        rest = rest.dropFirst(size)
        size = size * 2 + 1
        do { while let block = try reader.next() { read(block.payload) } } catch { break }
    }
    read(bytes)
}

private func read(_ payload: Bytes) {
    for ward in [KnownKeys.ward, KnownKeys.firstWard] {
        _ = try? SyncRequest(verifying: payload, ward: ward, scheme: AnySignature())
        _ = try? JoinRequest(verifying: payload, ward: ward, scheme: AnySignature())
    }
    if let refusal = SyncRefusal(decoding: payload) {
        promise(SyncRefusal(decoding: refusal.encoded) == refusal, "a refusal is read again alike")
    }
}

func fuzzAnswer(_ bytes: Bytes) {
    let answer = try? SyncAnswer(
        verifying: bytes, request: .zero, ward: KnownKeys.ward, keys: KnownKeys.signing, scheme: AnySignature(),
        dictionary: FrameDictionary.named, decoder: frames)
    for change in answer?.changes ?? [] {
        promise((try? ChangeSet(decoding: change.encoded())) == change, "a change set of an answer is one by itself")
    }
    for entry in answer?.entries ?? [] { _ = try? LogRecord(decoding: entry.bytes) }
    // The body as it stands behind compression and signature.
    var writer = CBORWriter()
    writer.arrayHeader(count: 5)
    writer.unsigned(0)
    writer.unsigned(UInt64(bytes.count))
    writer.byteString(bytes)
    writer.byteString(SignedObject.keyID(KnownKeys.signing[0]))
    writer.byteString(Bytes(repeating: 0, count: Signatures.byteCount))
    _ = try? SyncAnswer(
        verifying: writer.bytes, request: .zero, ward: KnownKeys.ward, keys: KnownKeys.signing, scheme: AnySignature(),
        dictionary: FrameDictionary.named, decoder: frames)
}

/// Two bytes for the length that is declared, then the frame.
func fuzzZstd(_ bytes: Bytes) {
    guard bytes.count >= 2 else { return }
    let declared = Int(bytes[0]) << 8 | Int(bytes[1])
    let frame = Bytes(bytes[2...])
    for dictionary in [nil, FrameDictionary.current] {
        let plain = try? ZstdCodec.decompress(frame, expectedLength: declared, limit: 32_768, dictionary: dictionary)
        if let plain { promise(plain.count == declared && declared <= 32_768, "no more than was declared") }
    }
}
