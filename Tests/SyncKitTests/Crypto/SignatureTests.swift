// Signatures: the vectors of RFC 8032, and nothing else verifies.

import Testing

@testable import SyncKit

@Suite struct SignatureTests {
    /// RFC 8032 §7.1: seed, public key, message, signature.
    static let vectors = [
        [
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ],
        [
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ],
        [
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ],
    ]

    @Test(arguments: vectors) func theVectorsOfTheStandardHold(vector: [String]) throws {
        let (seed, publicKey, message, signature) = (hex(vector[0]), hex(vector[1]), hex(vector[2]), hex(vector[3]))
        let key = try SigningKey(seed: seed)
        #expect(key.publicKey.bytes == publicKey)
        #expect(key.seed.withUnsafeBytes { Bytes($0) } == seed)
        let scheme = Ed25519Scheme()
        #expect(scheme.sign(message, secret: SecretBytes(copying: seed + publicKey)) == signature)
        #expect(scheme.verify(signature: signature, message: message, publicKey: key.publicKey))
    }

    static let schemes: [any SignatureScheme] = [Ed25519Scheme(), SimulatedScheme()]

    @Test(arguments: [0, 1]) func aSignatureHoldsForItsContextWardBodyAndKeyOnly(index: Int) throws {
        let scheme = SignatureTests.schemes[index]
        let source = SeededRandomSource(seed: 3)
        let (key, other) = (SigningKey.generate(random: source), SigningKey.generate(random: source))
        let (ward, elsewhere) = (Blake2b.hash([1]), Blake2b.hash([2]))
        let body = Bytes("phản ánh".utf8)
        for context in SignatureContext.allCases {
            let signature = key.sign(context, ward: ward, body, scheme: scheme)
            #expect(signature.count == Signatures.byteCount)
            func holds(
                _ signature: Bytes, _ as: SignatureContext, _ ward: Digest, _ body: Bytes, _ key: SigningKey
            ) -> Bool {
                Signatures.verify(signature, `as`, ward: ward, body, publicKey: key.publicKey, scheme: scheme)
            }
            #expect(holds(signature, context, ward, body, key))
            for wrong in SignatureContext.allCases where wrong != context {
                #expect(holds(signature, wrong, ward, body, key) == false)
            }
            #expect(holds(signature, context, elsewhere, body, key) == false)
            #expect(holds(signature, context, ward, body + [0], key) == false)
            #expect(holds(signature, context, ward, body, other) == false)
            #expect(holds(signature + [0], context, ward, body, key) == false)
            #expect(holds(Bytes(signature.dropLast()), context, ward, body, key) == false)
            #expect(holds([], context, ward, body, key) == false)
        }
    }

    @Test(arguments: [0, 1]) func everyFlippedBitIsNoticed(index: Int) throws {
        let scheme = SignatureTests.schemes[index]
        let key = SigningKey.generate(random: SeededRandomSource(seed: 5))
        let message = Signatures.message(.answer, ward: .zero, [1, 2, 3])
        let signature = key.sign(.answer, ward: .zero, [1, 2, 3], scheme: scheme)
        for bit in 0..<512 {
            var wrong = signature
            wrong[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(scheme.verify(signature: wrong, message: message, publicKey: key.publicKey) == false)
        }
        for bit in 0..<(8 * message.count) {
            var wrong = message
            wrong[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(scheme.verify(signature: signature, message: wrong, publicKey: key.publicKey) == false)
        }
        #expect(scheme.verify(signatureAt: 2, in: [0, 0] + signature, message: message, publicKey: key.publicKey))
        for offset in [-1, 0, 3, 66, Int.min, Int.max] {
            #expect(
                scheme.verify(
                    signatureAt: offset, in: [0, 0] + signature, message: message, publicKey: key.publicKey) == false)
        }
        #expect(scheme.verify(signature: signature, message: message, publicKey: .zero) == false)
    }

    @Test func theSignedMessageIsContextZeroWardBody() throws {
        let ward = try #require(Digest(Bytes(0..<32)))
        #expect(
            Signatures.message(.changeset, ward: ward, [7])
                == Bytes("wardsync/v1/changeset".utf8) + [0] + Bytes(0..<32) + [7])
        let names = [
            "changeset", "answer", "request", "checkpoint", "grant", "descriptor", "key", "invitation", "export",
            "epoch",
        ]
        #expect(SignatureContext.allCases.map(\.rawValue) == names.map { "wardsync/v1/" + $0 })
    }

    @Test(arguments: [0, 31, 33, 64]) func aSeedHasThirtyTwoBytes(count: Int) {
        let seed = Bytes(repeating: 1, count: count)
        #expect(throws: CryptoError.wrongLength(expected: 32, actual: count)) { try SigningKey(seed: seed) }
        #expect(throws: CryptoError.wrongLength(expected: 32, actual: count)) { try SealingKey(seed: seed) }
    }

    @Test func aDeviceIsNamedByItsKey() {
        let key = SigningKey.generate(random: SeededRandomSource(seed: 5))
        #expect(DeviceID(key.publicKey).description == key.publicKey.hex)
        #expect(DeviceID(.zero) < DeviceID(key.publicKey))
    }
}
