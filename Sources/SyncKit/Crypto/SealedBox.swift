// Boxes that anybody can close and only one key can open.

import CSodium

/// An X25519 key pair that opens sealed boxes.
package struct SealingKey: Sendable {
    package let publicKey: Digest
    /// The 32 bytes that the key pair is made from; all that has to be kept.
    package let seed: SecretBytes
    private let secret: SecretBytes

    /// - Parameter seed: 32 bytes.
    package init(seed: Bytes) throws(CryptoError) {
        guard seed.count == 32 else { throw .wrongLength(expected: 32, actual: seed.count) }
        self.init(trusted: SecretBytes(copying: seed))
    }

    /// - Parameter seed: 32 bytes.
    package init(seed: SecretBytes) throws(CryptoError) {
        guard seed.count == 32 else { throw .wrongLength(expected: 32, actual: seed.count) }
        self.init(trusted: seed)
    }

    package static func generate(random: some RandomSource) -> SealingKey {
        SealingKey(trusted: SecretBytes(drawing: 32, from: random))
    }

    fileprivate init(trusted seed: SecretBytes) {
        var publicKey = Bytes(repeating: 0, count: Digest.byteCount)
        secret = SecretBytes(count: crypto_box_secretkeybytes()) { memory in
            seed.withUnsafeBytes { seed in
                _ = crypto_box_seed_keypair(
                    &publicKey, memory.bytePointer,
                    seed.bytePointer)
            }
        }
        self.publicKey = Digest(publicKey, at: 0) ?? .zero
        self.seed = seed
    }

    /// The contents of a box that was sealed to this key; nil for anything else.
    package func open(_ box: Bytes) -> Bytes? {
        let length = box.count - SealedBox.overhead
        guard length >= 0 else { return nil }
        var opened = false
        let plain = Bytes(unsafeUninitializedCapacity: length) { buffer, count in
            opened = withKeys { publicKey, secret in
                crypto_box_seal_open(buffer.baseAddress, box, UInt64(box.count), publicKey, secret) == 0
            }
            count = opened ? length : 0
        }
        return opened ? plain : nil
    }

    private func withKeys<R>(_ body: (UnsafePointer<UInt8>, UnsafePointer<UInt8>) -> R) -> R {
        publicKey.withUnsafeBytes { publicKey in
            secret.withUnsafeBytes { secret in
                body(
                    publicKey.bytePointer,
                    secret.bytePointer)
            }
        }
    }
}

/// libsodium's sealed box: ephemeral public key, then `crypto_box` under the nonce BLAKE2b-192(ephemeral ‖ recipient).
///
/// The same construction as `crypto_box_seal`, except that the ephemeral key comes from the injected source, so that a
/// simulated run can be played again.
package enum SealedBox {
    /// How many bytes a box is longer than its contents.
    package static let overhead = 48

    /// - Returns: the box, or no bytes at all where `recipient` is a degenerate key to which nothing can be sealed;
    ///   ask `accepts` before storing a key that came from outside.
    package static func seal(_ plain: Bytes, to recipient: Digest, random: some RandomSource) -> Bytes {
        Sodium.start()
        var nonce = Bytes(repeating: 0, count: crypto_box_noncebytes())
        return withEphemeralKey(random) { publicKey, secret in
            let keys = publicKey + recipient.bytes
            crypto_generichash(&nonce, nonce.count, keys, UInt64(keys.count), nil, 0)
            return Bytes(unsafeUninitializedCapacity: plain.count + overhead) { buffer, count in
                UnsafeMutableRawBufferPointer(buffer).copyBytes(from: publicKey)
                let isSealed = recipient.withUnsafeBytes { recipient in
                    crypto_box_easy(
                        buffer.bytePointer + Digest.byteCount, plain, UInt64(plain.count), nonce,
                        recipient.bytePointer, secret) == 0
                }
                count = isSealed ? plain.count + overhead : 0
            }
        }
    }

    /// A key pair for one box. It lives no longer than the call, on the stack, and is wiped: guard pages, which long-lived
    /// secrets have, would cost more than the box.
    private static func withEphemeralKey<R>(
        _ random: some RandomSource, _ body: (_ publicKey: Bytes, _ secret: UnsafePointer<UInt8>) -> R
    ) -> R {
        var publicKey = Bytes(repeating: 0, count: Digest.byteCount)
        var seed = random.bytes(32)
        defer { sodium_memzero(&seed, seed.count) }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: crypto_box_secretkeybytes()) { secret in
            defer { sodium_memzero(secret.baseAddress, secret.count) }
            let memory = secret.bytePointer
            crypto_box_seed_keypair(&publicKey, memory, seed)
            return body(publicKey, memory)
        }
    }

    /// Whether something can be sealed to this key: false for the few points of small order.
    package static func accepts(_ recipient: Digest) -> Bool {
        Sodium.start()
        var shared = Bytes(repeating: 0, count: crypto_scalarmult_bytes())
        let scalar = Bytes(repeating: 1, count: crypto_scalarmult_scalarbytes())
        return recipient.withUnsafeBytes {
            crypto_scalarmult(&shared, scalar, $0.bytePointer) == 0
        }
    }
}
