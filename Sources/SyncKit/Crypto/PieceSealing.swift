// Pieces of a file, sealed each by itself, without a copy more than needed.

import CSodium

extension Vault {
    /// Where a piece stands in its file, which its seal binds: a piece that was copied elsewhere opens nothing.
    package struct PiecePlace: Sendable {
        /// Of which file: a store and the log beside it are two.
        package var file: UInt64
        /// Its first byte there.
        package var offset: UInt64

        package init(file: UInt64, offset: UInt64) {
            self.file = file
            self.offset = offset
        }

        fileprivate var words: (UInt64, UInt64) { (file.littleEndian, offset.littleEndian) }
    }

    /// Seals a piece: ciphertext, tag, nonce.
    /// - Parameter sealed: `overhead` bytes longer than the piece.
    package func seal(
        _ plain: UnsafeRawBufferPointer, at place: PiecePlace, into sealed: UnsafeMutableRawBufferPointer
    ) {
        Sodium.start()
        precondition(sealed.count == plain.count + Self.overhead)
        let nonce = randomBytes(24)
        UnsafeMutableRawBufferPointer(rebasing: sealed[(plain.count + 16)...]).copyBytes(from: nonce)
        withUnsafeBytes(of: place.words) { place in
            _ = key.withUnsafeBytes { key in
                crypto_aead_xchacha20poly1305_ietf_encrypt(
                    sealed.bytePointer, nil, plain.bytePointer, UInt64(plain.count), place.bytePointer,
                    UInt64(place.count), nil, nonce, key.bytePointer)
            }
        }
    }

    /// Opens a piece.
    /// - Parameter plain: `overhead` bytes shorter than the sealed one.
    /// - Returns: false for what was not sealed with this key at this place; then `plain` means nothing.
    package func open(
        _ sealed: UnsafeRawBufferPointer, at place: PiecePlace, into plain: UnsafeMutableRawBufferPointer
    ) -> Bool {
        Sodium.start()
        precondition(sealed.count == plain.count + Self.overhead)
        let nonce = UnsafeRawBufferPointer(rebasing: sealed[(plain.count + 16)...])
        return withUnsafeBytes(of: place.words) { place in
            key.withUnsafeBytes { key in
                crypto_aead_xchacha20poly1305_ietf_decrypt(
                    plain.bytePointer, nil, nil, sealed.bytePointer, UInt64(plain.count + 16), place.bytePointer,
                    UInt64(place.count), nonce.bytePointer, key.bytePointer) == 0
            }
        }
    }
}
