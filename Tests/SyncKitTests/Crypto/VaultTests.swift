// The vault and its lock: what opens, what does not, and what a hostile store may ask for.
import Testing

@testable import SyncKit

@Suite struct VaultTests {
    let random = SeededRandomSource(seed: 7)
    private static let least = PassphraseLock.allowedMemoryBytes.lowerBound

    @Test func aSealedValueOpensAtItsPlaceOnly() throws {
        let vault = try Vault.make(random: random)
        for plain in [Bytes(), Bytes("a".utf8), random.bytes(5000)] {
            let sealed = vault.seal(plain, at: "meta.signing")
            #expect(sealed.count == plain.count + Vault.overhead && vault.seal(plain, at: "meta.signing") != sealed)
            #expect(vault.open(sealed, at: "meta.signing") == plain)
            #expect(vault.open(sealed, at: "meta.sealing") == nil)
            #expect(try Vault.make(random: random).open(sealed, at: "meta.signing") == nil)
            for index in [0, 23, 24, sealed.count - 1] {
                var damaged = sealed
                damaged[index] ^= 1
                #expect(vault.open(damaged, at: "meta.signing") == nil)
            }
            #expect(vault.open(Bytes(sealed.dropLast()), at: "meta.signing") == nil)
        }
        #expect(vault.open([], at: "") == nil)
    }

    @Test func aPassphraseOpensItsLockHoweverTheKeyboardWroteIt() throws {
        let vault = try Vault.make(random: random)
        let composed = "Mùa mưa ở Hồng Gai"
        let lock = try #require(
            PassphraseLock(
                vault, passphrase: composed, idleMinutes: 5, random: random, operations: 1, memoryBytes: Self.least))
        let read = try PassphraseLock(decoding: lock.encoded)
        #expect(read == lock)
        let decomposed = String(
            decoding: "Mu\u{300}a m\u{1B0}a \u{1A1}\u{309} H\u{f4}\u{300}ng Gai".utf8, as: UTF8.self)
        #expect(Array(decomposed.utf8) != Array(composed.utf8))
        for typed in [composed, decomposed] {
            let opened = try #require(read.open(typed, random: random))
            #expect(opened.open(vault.seal([1, 2], at: "x"), at: "x") == [1, 2])
        }
        for typed in ["", "mùa mưa ở hồng gai", composed + " ", String(repeating: "x", count: 2000)] {
            #expect(read.open(typed, random: random) == nil)
        }
    }

    @Test func aStoredLockThatAsksForTooMuchIsDamagedBeforeAnythingIsAllocated() throws {
        func encoded(_ operations: UInt64, _ memory: UInt64, salt: Int = 16, wrapped: Int = 72, idle: UInt64 = 0)
            -> Bytes
        {
            var writer = CBORWriter(reserving: 160)
            writer.arrayHeader(count: 6)
            for number in [1, operations, memory] { writer.unsigned(number) }
            writer.byteString(Bytes(repeating: 1, count: salt))
            writer.byteString(Bytes(repeating: 2, count: wrapped))
            writer.unsigned(idle)
            return writer.bytes
        }
        #expect(throws: Never.self) { try PassphraseLock(decoding: encoded(3, 64 << 20)) }
        for bytes in [
            encoded(3, 64 << 30), encoded(3, .max), encoded(3, 0), encoded(.max, 64 << 20), encoded(0, 64 << 20),
            encoded(11, 64 << 20), encoded(3, 64 << 20, salt: 15), encoded(3, 64 << 20, wrapped: 71),
            encoded(3, 64 << 20, idle: .max), Bytes(), [0x86, 2],
        ] {
            #expect(throws: CBORError.self) { try PassphraseLock(decoding: bytes) }
        }
    }
}
