// Hashes, random sources and secrets against known values.

import Testing

@testable import SyncKit

@Suite struct HashingTests {
    @Test func hashesAreBlake2b256() throws {
        let abc = Bytes("abc".utf8)
        #expect(Blake2b.hash([]).hex == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")
        #expect(Blake2b.hash(abc).hex == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319")
        #expect(Blake2b.hash([1] + abc + [2], 1..<4) == Blake2b.hash(abc))
        #expect(Blake2b.hash(abc, 1..<1) == Blake2b.hash([]))
        #expect(
            Blake2b.hash(prefix: 0, abc).hex == "4b44b5a5f9e6fafead231e4d609a8e88053a6053c087b68e24e31faf0fb8dfe7")
        #expect(Blake2b.hash(prefix: 9, []) == Blake2b.hash([9]))
        let left = try #require(Digest(Bytes(0..<32)))
        let right = try #require(Digest(Bytes(32..<64)))
        let node = Blake2b.hash(prefix: 1, left, right)
        #expect(node.hex == "65a386efc0b9954da9312c6e07616c7102c8074eb3d204ef7dba08d049b7ba73")
        #expect(Blake2b.hash(prefix: 1, left.bytes + right.bytes) == node)
    }

    @Test func aSeededSourceIsTheSameEveryTime() {
        let (one, two, other) = (
            SeededRandomSource(seed: 1), SeededRandomSource(seed: 1), SeededRandomSource(seed: 2)
        )
        for count in [0, 1, 32, 1000] {
            let bytes = one.bytes(count)
            #expect(bytes.count == count)
            #expect(two.bytes(count) == bytes)
            if count >= 32 { #expect(other.bytes(count) != bytes) }
        }
        #expect(one.bytes(32) != one.bytes(32))
        #expect(one.bytes(-1) == [])
    }

    @Test func theSystemSourceGivesAsManyBytesAsAsked() {
        let source = SystemRandomSource()
        for count in [-1, 0, 1, 64] { #expect(source.bytes(count).count == max(0, count)) }
        #expect(source.bytes(32) != source.bytes(32))
    }

    @Test func secretsComeBackAndNeverPrint() {
        let secret = SecretBytes(copying: Bytes("mật khẩu".utf8))
        #expect(secret.withUnsafeBytes { Bytes($0) } == Bytes("mật khẩu".utf8))
        #expect("\(secret)" == "SecretBytes")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(dumped.contains("khẩu") == false)
        #expect(SecretBytes(copying: []).count == 0)
    }

    @Test func comparisonIsByBytes() {
        #expect(ConstantTime.equal([1, 2, 3], [1, 2, 3]))
        #expect(ConstantTime.equal([], []))
        #expect(ConstantTime.equal([1, 2, 3], [1, 2, 4]) == false)
        #expect(ConstantTime.equal([1, 2, 3], [1, 2]) == false)
    }
}
