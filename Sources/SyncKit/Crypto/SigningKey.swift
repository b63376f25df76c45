// Signing keys, and what exactly a signature covers.

import CSodium

/// What kind of object is signed. Each kind has its own context, so that no signature can be passed off as another.
package enum SignatureContext: String, CaseIterable, Sendable {
    case changeset = "wardsync/v1/changeset"
    case answer = "wardsync/v1/answer"
    case request = "wardsync/v1/request"
    case checkpoint = "wardsync/v1/checkpoint"
    case grant = "wardsync/v1/grant"
    case descriptor = "wardsync/v1/descriptor"
    /// Statements on keys: introduction, rotation, end.
    case key = "wardsync/v1/key"
    /// A request to join with an invitation.
    case invitation = "wardsync/v1/invitation"
    case export = "wardsync/v1/export"
    /// That a restored ward goes on under another epoch; signed by the root key.
    case epoch = "wardsync/v1/epoch"
}

/// The message under every signature: context in UTF-8, a zero byte, the ward id, the body.
package enum Signatures {
    /// How many bytes a signature has.
    package static let byteCount = 64

    package static func message(_ context: SignatureContext, ward: Digest, _ body: Bytes) -> Bytes {
        let name = context.rawValue.utf8
        var message = Bytes()
        message.reserveCapacity(name.count + 1 + Digest.byteCount + body.count)
        message.append(contentsOf: name)
        message.append(0)
        ward.append(to: &message)
        message.append(contentsOf: body)
        return message
    }

    package static func verify(
        _ signature: Bytes, _ context: SignatureContext, ward: Digest, _ body: Bytes, publicKey: Digest,
        scheme: any SignatureScheme
    ) -> Bool {
        scheme.verify(signature: signature, message: message(context, ward: ward, body), publicKey: publicKey)
    }

    static func fits(at offset: Int, in bytes: Bytes) -> Bool {
        offset >= 0 && bytes.count >= byteCount && offset <= bytes.count - byteCount
    }
}

/// An Ed25519 key pair.
package struct SigningKey: Sendable {
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

    package static func generate(random: some RandomSource) -> SigningKey {
        SigningKey(trusted: SecretBytes(drawing: 32, from: random))
    }

    private init(trusted seed: SecretBytes) {
        var publicKey = Bytes(repeating: 0, count: Digest.byteCount)
        secret = SecretBytes(count: crypto_sign_secretkeybytes()) { memory in
            seed.withUnsafeBytes { seed in
                _ = crypto_sign_seed_keypair(
                    &publicKey, memory.bytePointer,
                    seed.bytePointer)
            }
        }
        self.publicKey = Digest(publicKey, at: 0) ?? .zero
        self.seed = seed
    }

    /// The signature of `body` as this kind of object of this ward: 64 bytes.
    package func sign(
        _ context: SignatureContext, ward: Digest, _ body: Bytes, scheme: any SignatureScheme
    ) -> Bytes {
        scheme.sign(Signatures.message(context, ward: ward, body), secret: secret)
    }
}

extension SecretBytes {
    /// Draws a new secret and wipes what the source returned.
    convenience init(drawing count: Int, from random: some RandomSource) {
        var drawn = random.bytes(count)
        precondition(drawn.count == count, "a random source gives as many bytes as asked")
        self.init(copying: drawn)
        sodium_memzero(&drawn, count)
    }
}
