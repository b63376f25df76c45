// A long secret text in pieces: libsodium's secretstream, its key in a sealed box for one recipient or kept elsewhere.

import CSodium

/// Seals a stream of pieces to a public key, or under a key of the caller's. The first form is in `docs/operations.md`,
/// "What a backup file holds", the second in `docs/protocol.md`, "Private files".
package struct SealedStreamWriter {
    /// The most plain bytes of one piece.
    package static let maxPiece = 64 * 1024
    /// What stands before the first piece: the sealed key, where there is a recipient, and the stream's header.
    package private(set) var preamble: Bytes
    private var state = crypto_secretstream_xchacha20poly1305_state()

    /// - Returns: `nil` where nothing can be sealed to this key.
    package init?(to recipient: Digest, random: some RandomSource) {
        let key = random.bytes(crypto_secretstream_xchacha20poly1305_keybytes())
        let box = SealedBox.seal(key, to: recipient, random: random)
        guard !box.isEmpty else { return nil }
        self.init(key: key)
        preamble = box + preamble
    }

    /// - Returns: `nil` for a key that has not 32 bytes.
    package init?(key: Bytes) {
        Sodium.start()
        guard key.count == crypto_secretstream_xchacha20poly1305_keybytes() else { return nil }
        var header = Bytes(repeating: 0, count: crypto_secretstream_xchacha20poly1305_headerbytes())
        guard crypto_secretstream_xchacha20poly1305_init_push(&state, &header, key) == 0 else { return nil }
        preamble = header
    }

    /// The next piece, sealed. Nothing may follow the last one.
    package mutating func seal(_ piece: Bytes, isLast: Bool) -> Bytes {
        var sealed = Bytes(repeating: 0, count: piece.count + crypto_secretstream_xchacha20poly1305_abytes())
        let tag =
            isLast
            ? crypto_secretstream_xchacha20poly1305_tag_final() : crypto_secretstream_xchacha20poly1305_tag_message()
        crypto_secretstream_xchacha20poly1305_push(&state, &sealed, nil, piece, UInt64(piece.count), nil, 0, tag)
        return sealed
    }
}

/// Opens what `SealedStreamWriter` sealed, piece by piece and in order; a piece that was changed, left out, repeated or
/// moved does not open, and a stream that was cut is known by its missing end.
package struct SealedStreamReader {
    /// How many bytes stand before the first piece.
    package static let preambleLength =
        crypto_secretstream_xchacha20poly1305_keybytes() + SealedBox.overhead + headerLength
    /// How many bytes of them are the stream's header, the last ones.
    package static let headerLength = crypto_secretstream_xchacha20poly1305_headerbytes()
    /// How many bytes a sealed piece is longer than its contents.
    package static let overhead = crypto_secretstream_xchacha20poly1305_abytes()

    private var state = crypto_secretstream_xchacha20poly1305_state()
    /// Whether the last piece was opened.
    package private(set) var isAtEnd = false

    /// - Returns: `nil` where it was not sealed to this key.
    package init?(_ preamble: Bytes, with key: SealingKey) {
        let boxLength = crypto_secretstream_xchacha20poly1305_keybytes() + SealedBox.overhead
        guard preamble.count == Self.preambleLength, let secret = key.open(Bytes(preamble[..<boxLength])) else {
            return nil
        }
        self.init(header: Bytes(preamble[boxLength...]), key: secret)
    }

    /// - Returns: `nil` for a header or a key that has another length than these have.
    package init?(header: Bytes, key: Bytes) {
        Sodium.start()
        guard header.count == Self.headerLength, key.count == crypto_secretstream_xchacha20poly1305_keybytes(),
            crypto_secretstream_xchacha20poly1305_init_pull(&state, header, key) == 0
        else { return nil }
    }

    /// The contents of the next piece; `nil` where it is not the next piece of this stream.
    package mutating func open(_ sealed: Bytes) -> Bytes? {
        guard !isAtEnd, sealed.count >= Self.overhead, sealed.count <= SealedStreamWriter.maxPiece + Self.overhead
        else {
            return nil
        }
        var plain = Bytes(repeating: 0, count: sealed.count - Self.overhead)
        var tag: UInt8 = 0
        guard
            crypto_secretstream_xchacha20poly1305_pull(
                &state, &plain, nil, &tag, sealed, UInt64(sealed.count), nil, 0) == 0
        else { return nil }
        isAtEnd = tag == crypto_secretstream_xchacha20poly1305_tag_final()
        return plain
    }
}
