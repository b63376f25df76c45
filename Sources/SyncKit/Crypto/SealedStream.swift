// A long secret text for one recipient: libsodium's secretstream, its key in a sealed box.

import CSodium

/// Seals a stream of pieces to a public key. The form is in `docs/operations.md`, "What a backup file holds".
package struct SealedStreamWriter {
    /// The most plain bytes of one piece.
    package static let maxPiece = 64 * 1024
    /// What stands before the first piece: the sealed key and the stream's header.
    package let preamble: Bytes
    private var state = crypto_secretstream_xchacha20poly1305_state()

    /// - Returns: `nil` where nothing can be sealed to this key.
    package init?(to recipient: Digest, random: some RandomSource) {
        Sodium.start()
        let key = random.bytes(crypto_secretstream_xchacha20poly1305_keybytes())
        let box = SealedBox.seal(key, to: recipient, random: random)
        guard !box.isEmpty else { return nil }
        var header = Bytes(repeating: 0, count: crypto_secretstream_xchacha20poly1305_headerbytes())
        guard crypto_secretstream_xchacha20poly1305_init_push(&state, &header, key) == 0 else { return nil }
        preamble = box + header
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
        crypto_secretstream_xchacha20poly1305_keybytes() + SealedBox.overhead
        + crypto_secretstream_xchacha20poly1305_headerbytes()
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
        let header = Bytes(preamble[boxLength...])
        guard crypto_secretstream_xchacha20poly1305_init_pull(&state, header, secret) == 0 else { return nil }
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
