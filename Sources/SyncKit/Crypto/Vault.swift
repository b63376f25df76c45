// What a store's secrets are sealed with while a passphrase protects it.

import CSodium

/// A key that seals values in place: XChaCha20-Poly1305, a fresh nonce for each value, and the value's place as
/// additional data, so that a sealed value that was copied elsewhere opens nothing.
package final class Vault: Sendable {
    /// How many bytes a sealed value is longer than the value: nonce and tag.
    package static let overhead = 24 + 16

    package let key: SecretBytes
    private let random: any RandomSource

    /// - Parameter key: 32 bytes.
    package init(key: SecretBytes, random: any RandomSource) throws(CryptoError) {
        guard key.count == 32 else { throw .wrongLength(expected: 32, actual: key.count) }
        self.key = key
        self.random = random
    }

    /// A vault with a key that nobody had before.
    package static func make(random: some RandomSource) throws(CryptoError) -> Vault {
        try Vault(key: SecretBytes(drawing: 32, from: random), random: random)
    }

    func randomBytes(_ count: Int) -> Bytes { random.bytes(count) }

    package func seal(_ plain: Bytes, at place: String) -> Bytes {
        Sodium.start()
        let nonce = random.bytes(24)
        let place = Bytes(place.utf8)
        var sealed = Bytes(repeating: 0, count: plain.count + 16)
        _ = key.withUnsafeBytes { key in
            crypto_aead_xchacha20poly1305_ietf_encrypt(
                &sealed, nil, plain, UInt64(plain.count), place, UInt64(place.count), nil, nonce, key.bytePointer)
        }
        return nonce + sealed
    }

    /// The value; nil for what was not sealed with this key at this place.
    package func open(_ sealed: Bytes, at place: String) -> Bytes? {
        Sodium.start()
        guard sealed.count >= Self.overhead else { return nil }
        let nonce = Bytes(sealed.prefix(24))
        let box = Bytes(sealed.dropFirst(24))
        let place = Bytes(place.utf8)
        // Never empty, so that there is something to point at.
        var plain = Bytes(repeating: 0, count: max(1, sealed.count - Self.overhead))
        let code = key.withUnsafeBytes { key in
            crypto_aead_xchacha20poly1305_ietf_decrypt(
                &plain, nil, nil, box, UInt64(box.count), place, UInt64(place.count), nonce, key.bytePointer)
        }
        guard code == 0 else { return nil }
        return Bytes(plain.prefix(sealed.count - Self.overhead))
    }
}
