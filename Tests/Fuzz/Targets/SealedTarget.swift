// What is sealed to the ward's key, which anybody can do: evidence that devices bring, backups, boxes.
@testable import SyncKit

private let recipient = SealingKey.generate(random: SeededRandomSource(seed: 1))

/// The bytes as they came, and as what stands in a box or a stream that the ward can open.
func fuzzSealed(_ bytes: Bytes) {
    let random = SeededRandomSource(seed: UInt64(bytes.count))
    let key = recipient.publicKey
    func take(_ box: Bytes) {
        _ = try? Evidence(
            opening: box, with: [recipient], ward: KnownKeys.ward, keys: KnownKeys.signing, scheme: AnySignature())
    }
    take(bytes)
    take(SealedBox.seal(bytes, to: key, random: random))
    take(Evidence.seal(signed: bytes, to: key, random: random))
    take(Evidence.seal(request: SignedRequest(bytes), frame: bytes, to: key, random: random))

    if var reader = SealedStreamReader(Bytes(bytes.prefix(SealedStreamReader.preambleLength)), with: recipient) {
        promise(reader.open(Bytes(bytes.dropFirst(SealedStreamReader.preambleLength))) == nil, "nobody guesses a key")
    }
    guard let writer = SealedStreamWriter(to: key, random: random),
        var reader = SealedStreamReader(writer.preamble, with: recipient)
    else { return promise(false, "a stream is opened with its key") }
    promise(reader.open(bytes) == nil && !reader.isAtEnd, "what was not sealed is not opened")
}
