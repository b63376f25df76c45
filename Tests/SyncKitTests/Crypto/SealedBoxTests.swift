// Sealed boxes: the construction of libsodium, opened by one key only.

import Testing

@testable import SyncKit

@Suite struct SealedBoxTests {
    let plain = Bytes("phường Hồng Gai".utf8)

    @Test func aBoxFromAnotherProgramOpens() throws {
        let key = try SealingKey(seed: Bytes(0..<32))
        #expect(key.publicKey.hex == "4701d08488451f545a409fb58ae3e58581ca40ac3f7f114698cd71deac73ca01")
        let box = hex(
            "c8ee6bcaff05833e24b264d5a0a1499e2eedfd77617792edb4e8bd0414628347"
                + "daa8dad60cede5f4c7d8fa7f6c394432c6f6da41a4fce4af13db88dacab54bb5e9ed1c99")
        #expect(key.open(box) == plain)
    }

    @Test func whatIsSealedOpensWithCryptoBoxSealOpen() throws {
        let source = SeededRandomSource(seed: 9)
        let key = SealingKey.generate(random: source)
        for length in [0, 1, 100, 60_000] {
            let bytes = source.bytes(length)
            let box = SealedBox.seal(bytes, to: key.publicKey, random: source)
            #expect(box.count == length + SealedBox.overhead)
            #expect(key.open(box) == bytes)
            #expect(SealingKey.generate(random: source).open(box) == nil)
        }
    }

    @Test func sealingDependsOnTheSourceOnly() throws {
        let key = try SealingKey(seed: Bytes(repeating: 5, count: 32))
        let first = SealedBox.seal(plain, to: key.publicKey, random: SeededRandomSource(seed: 1))
        #expect(SealedBox.seal(plain, to: key.publicKey, random: SeededRandomSource(seed: 1)) == first)
        #expect(SealedBox.seal(plain, to: key.publicKey, random: SeededRandomSource(seed: 2)) != first)
    }

    @Test func aDamagedBoxStaysClosed() throws {
        let key = try SealingKey(seed: Bytes(repeating: 5, count: 32))
        let box = SealedBox.seal(plain, to: key.publicKey, random: SeededRandomSource(seed: 1))
        for bit in 0..<(8 * box.count) {
            var wrong = box
            wrong[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(key.open(wrong) == nil)
        }
        for length in 0..<box.count { #expect(key.open(Bytes(box.prefix(length))) == nil) }
    }

    @Test func nothingIsSealedToADegenerateKey() throws {
        let one = try #require(Digest([1] + Bytes(repeating: 0, count: 31)))
        for key in [Digest.zero, one] {
            #expect(SealedBox.accepts(key) == false)
            #expect(SealedBox.seal(plain, to: key, random: SystemRandomSource()) == [])
        }
        #expect(SealedBox.accepts(try SealingKey(seed: Bytes(repeating: 5, count: 32)).publicKey))
    }
}
