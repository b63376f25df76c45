// How signatures are made and checked: Ed25519, or a cheap stand-in for the simulator.

import CSodium

/// Makes and checks signatures of 64 bytes.
package protocol SignatureScheme: Sendable {
    /// - Parameter secret: the 64-byte Ed25519 secret key as libsodium keeps it, seed and then public key.
    /// - Returns: 64 bytes.
    func sign(_ message: Bytes, secret: SecretBytes) -> Bytes

    /// False for anything but a sound signature of `message` by `publicKey`, whatever its length.
    func verify(signature: Bytes, message: Bytes, publicKey: Digest) -> Bool

    /// The same for the 64 bytes that begin at `offset`; false where they are not there.
    func verify(signatureAt offset: Int, in bytes: Bytes, message: Bytes, publicKey: Digest) -> Bool
}

extension SignatureScheme {
    package func verify(signature: Bytes, message: Bytes, publicKey: Digest) -> Bool {
        signature.count == Signatures.byteCount
            && verify(signatureAt: 0, in: signature, message: message, publicKey: publicKey)
    }
}

/// Ed25519 (RFC 8032) by libsodium, which refuses small-order keys and malleable signatures.
package struct Ed25519Scheme: SignatureScheme {
    package init() {}

    package func sign(_ message: Bytes, secret: SecretBytes) -> Bytes {
        precondition(secret.count == crypto_sign_secretkeybytes(), "an Ed25519 secret key has 64 bytes")
        return Bytes(unsafeUninitializedCapacity: Signatures.byteCount) { buffer, count in
            secret.withUnsafeBytes { key in
                let result = crypto_sign_detached(
                    buffer.bytePointer, nil, message, UInt64(message.count),
                    key.bytePointer)
                precondition(result == 0, "Ed25519 signing does not fail")
            }
            count = Signatures.byteCount
        }
    }

    package func verify(signatureAt offset: Int, in bytes: Bytes, message: Bytes, publicKey: Digest) -> Bool {
        guard Signatures.fits(at: offset, in: bytes) else { return false }
        Sodium.start()
        return bytes.withUnsafeBufferPointer { buffer in
            publicKey.withUnsafeBytes { key in
                crypto_sign_verify_detached(
                    UnsafeRawBufferPointer(buffer).bytePointer + offset, message, UInt64(message.count),
                    key.bytePointer) == 0
            }
        }
    }
}

/// BLAKE2b-512 keyed with the public key: finds flipped bits, proves nothing. For the simulator only.
package struct SimulatedScheme: SignatureScheme {
    package init() {}

    package func sign(_ message: Bytes, secret: SecretBytes) -> Bytes {
        precondition(secret.count == crypto_sign_secretkeybytes(), "an Ed25519 secret key has 64 bytes")
        return secret.withUnsafeBytes { tag(message, key: UnsafeRawBufferPointer(rebasing: $0[32...])) }
    }

    package func verify(signatureAt offset: Int, in bytes: Bytes, message: Bytes, publicKey: Digest) -> Bool {
        guard Signatures.fits(at: offset, in: bytes) else { return false }
        let expected = publicKey.withUnsafeBytes { tag(message, key: $0) }
        return bytes[offset..<(offset + Signatures.byteCount)].elementsEqual(expected)
    }

    private func tag(_ message: Bytes, key: UnsafeRawBufferPointer) -> Bytes {
        Sodium.start()
        return Bytes(unsafeUninitializedCapacity: Signatures.byteCount) { buffer, count in
            let result = crypto_generichash(
                buffer.bytePointer, Signatures.byteCount, message, UInt64(message.count),
                key.bytePointer, key.count)
            precondition(result == 0, "BLAKE2b fails only for lengths that are not used here")
            count = Signatures.byteCount
        }
    }
}
