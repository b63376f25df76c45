// What a device brings to a restored ward: an answer of the ward, as it was signed.

/// A frame of an answer from before a restore, with the hash of the request that it answered.
package struct Evidence: Sendable {
    package let answer: SyncAnswer

    /// `[request hash, frame]`.
    package static func encode(request: Digest, frame: Bytes) -> Bytes {
        var writer = CBORWriter(reserving: frame.count + 48)
        writer.arrayHeader(count: 2)
        writer.byteString(request)
        writer.byteString(frame)
        return writer.bytes
    }

    /// Reads evidence and verifies the ward's signature, then every author's.
    package init(verifying payload: Bytes, ward: Digest, key: Digest, scheme: some SignatureScheme) throws(SyncRefusal)
    {
        var reader = CBORReader(payload)
        guard (try? reader.arrayHeader(max: 2)) == 2, let request = try? reader.digest(),
            let frame = try? reader.byteString(max: BlockReader.maxBlock), reader.isAtEnd
        else { throw SyncRefusal(.malformed) }
        let decoder = FrameDecoder(dictionary: FrameDictionary.named, document: { _ in nil }, previous: { _, _ in nil })
        do {
            answer = try SyncAnswer(
                verifying: frame, request: request, ward: ward, keys: [key], scheme: scheme,
                dictionary: FrameDictionary.named, decoder: decoder)
        } catch { throw SyncRefusal(.malformed) }
        for change in answer.changes where !change.verify(ward: ward, scheme: scheme) {
            throw SyncRefusal(.malformed)
        }
    }
}
