// Digests: bytes in, the same bytes out, in the order of the bytes.

import Testing

@testable import SyncKit

@Suite struct DigestTests {
    let counting = Bytes(0..<32)

    @Test func aDigestGivesBackItsBytes() throws {
        let digest = try #require(Digest(counting))
        #expect(digest.bytes == counting)
        #expect(digest.prefix8 == 0x0001_0203_0405_0607)
        #expect(digest.hex == hexText(counting))
        #expect(digest.hex.hasPrefix("000102030405060708090a0b"))
        var output: Bytes = [9]
        digest.append(to: &output)
        #expect(output == [9] + counting)
        #expect(digest.withUnsafeBytes { Bytes($0) } == counting)
        #expect(Digest(counting[...]) == digest)
        #expect(Digest.zero.bytes == Bytes(repeating: 0, count: 32))
    }

    @Test(arguments: [0, 1, 31, 33, 64]) func otherNumbersOfBytesAreRefused(count: Int) {
        #expect(Digest(Bytes(repeating: 1, count: count)) == nil)
    }

    @Test func aDigestIsReadOnlyWhereItWhollyStands() {
        let bytes = Bytes(repeating: 7, count: 3) + counting
        #expect(Digest(bytes, at: 3)?.bytes == counting)
        for offset in [-1, 4, 35, Int.max, Int.min] { #expect(Digest(bytes, at: offset) == nil) }
        #expect(Digest([], at: 0) == nil)
    }

    @Test func theOrderIsThatOfTheBytes() throws {
        var chance = SeededChance("digest order")
        for _ in 0..<2000 {
            let left = chance.bytes(32)
            var right = left
            right[chance.below(32)] = UInt8(chance.below(256))
            let (a, b) = (try #require(Digest(left)), try #require(Digest(right)))
            #expect((a < b) == left.lexicographicallyPrecedes(right))
            #expect((a == b) == (left == right))
        }
    }
}
