// What a device brings to a restored ward: an answer of the ward, as it was signed.

/// A frame of an answer from before a restore, with the request that it answered: what it says of change sets by their
/// numbers it says of whoever asked. It is kept sealed to the ward: what the frame told of, the device may not be
/// allowed to read any more.
package struct Evidence: Sendable {
    /// What the ward signed.
    package enum Word: Sendable {
        /// With the device that it was given to; `nil` where an older program kept no word of that.
        case answer(SyncAnswer, to: DeviceID?)
        /// The grant of the device that brings it, the newest checkpoint that it holds, or the statement of a restore, as
        /// a signed object.
        case signed(Bytes)
    }

    package let word: Word

    /// A sealed box of `[request, frame]`; no bytes where nothing can be sealed to the key.
    package static func seal(request: SignedRequest, frame: Bytes, to ward: Digest, random: some RandomSource) -> Bytes
    {
        var writer = CBORWriter(reserving: request.bytes.count + frame.count + 16)
        writer.arrayHeader(count: 2)
        writer.byteString(request.bytes)
        writer.byteString(frame)
        return SealedBox.seal(writer.bytes, to: ward, random: random)
    }

    /// A sealed box of `[signed object]`: the grant of a device that joined since the backup and never synced, a
    /// checkpoint that the ward's log does not go on from, or the statement of a restore that a later one took back.
    package static func seal(signed object: Bytes, to ward: Digest, random: some RandomSource) -> Bytes {
        var writer = CBORWriter(reserving: object.count + 8)
        writer.arrayHeader(count: 1)
        writer.byteString(object)
        return SealedBox.seal(writer.bytes, to: ward, random: random)
    }

    /// Opens evidence and verifies the ward's signature, then every author's.
    package init(
        opening box: Bytes, with sealing: [SealingKey], ward: Digest, keys: [Digest], scheme: some SignatureScheme
    ) throws(SyncRefusal) {
        var opened: Bytes?
        for key in sealing where opened == nil { opened = key.open(box) }
        guard let payload = opened else { throw SyncRefusal(.malformed) }
        var reader = CBORReader(payload)
        let count = try? reader.arrayHeader(max: 2)
        if count == 1, let object = try? reader.byteString(max: 4096), reader.isAtEnd {
            word = .signed(object)
            return
        }
        guard count == 2, let request = try? SignedRequest(reader.byteString(max: SyncRequest.maxLength)),
            let frame = try? reader.byteString(max: BlockReader.maxBlock), reader.isAtEnd
        else { throw SyncRefusal(.malformed) }
        let decoder = FrameDecoder(dictionary: FrameDictionary.named, document: { _ in nil }, previous: { _, _ in nil })
        let answer: SyncAnswer
        do {
            answer = try SyncAnswer(
                verifying: frame, request: request.hash, ward: ward, keys: keys, scheme: scheme,
                dictionary: FrameDictionary.named, decoder: decoder)
        } catch { throw SyncRefusal(.malformed) }
        for change in answer.changes where !change.verify(ward: ward, scheme: scheme) {
            throw SyncRefusal(.malformed)
        }
        word = .answer(answer, to: try request.device(of: ward, scheme: scheme))
    }
}
