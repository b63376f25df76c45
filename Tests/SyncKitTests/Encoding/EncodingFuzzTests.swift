// Hundreds of thousands of hostile inputs: nothing crashes, and what is accepted has exactly one form.

import Testing

@testable import SyncKit

@Suite struct EncodingFuzzTests {
    @Test func randomBytesAreRefusedOrAreTheOnlyFormOfAValue() throws {
        var chance = SeededChance("cbor random bytes")
        var accepted = 0
        for _ in 0..<150_000 {
            var bytes = chance.bytes(1 + chance.below(12))
            // Most first bytes announce more than there is; small containers get further.
            if chance.below(2) == 0 { bytes[0] = [0x81, 0x82, 0x83, 0xA1, 0xA2, 0x61, 0x62, 0x41][chance.below(8)] }
            accepted += try check(bytes) ? 1 : 0
        }
        #expect(accepted > 1000)
    }

    @Test func damagedValuesAreRefusedOrAreTheOnlyFormOfAnother() throws {
        var chance = SeededChance("cbor damage")
        var accepted = 0
        for _ in 0..<2500 {
            let whole = value(&chance, depth: 3).encoded
            #expect(try check(whole))
            for _ in 0..<40 {
                var bytes = whole
                switch chance.below(4) {
                case 0: bytes.removeLast(1 + chance.below(bytes.count))
                case 1: bytes.insert(UInt8(chance.below(256)), at: chance.below(bytes.count + 1))
                default: bytes[chance.below(bytes.count)] ^= 1 << UInt8(chance.below(8))
                }
                accepted += try check(bytes) ? 1 : 0
            }
        }
        #expect(accepted > 1000)
    }

    @Test func randomVarintsHaveOneForm() {
        var chance = SeededChance("varint")
        for _ in 0..<100_000 {
            var bytes = chance.bytes(chance.below(12))
            if chance.below(2) == 0 { bytes = bytes.map { $0 | 0x80 } + [UInt8(chance.below(4))] }
            var offset = 0
            guard let value = try? Varint.read(bytes, &offset, end: bytes.count) else { continue }
            var output = Bytes()
            Varint.append(value, to: &output)
            if output != Bytes(bytes.prefix(offset)) { Issue.record("two forms of \(value): \(hexText(bytes))") }
        }
    }

    @Test func damagedFramesNeverGiveMoreThanWasDeclared() {
        var chance = SeededChance("zstd damage")
        let dictionary = CompressionDictionary(id: 1, bytes: Bytes("đèn đường hỏng ở ngõ".utf8))
        let plain = Bytes("Đèn đường hỏng ở ngõ 12, đèn đường hỏng ở ngõ 14, rác thải ở ngõ 15".utf8)
        let frames = [nil, dictionary].map { ZstdCodec.compress(plain, dictionary: $0) }
        for round in 0..<30_000 {
            var bytes = frames[round & 1]
            for _ in 0...chance.below(3) { bytes[chance.below(bytes.count)] ^= 1 << UInt8(chance.below(8)) }
            if chance.below(8) == 0 { bytes = hex("28b52ffd") + chance.bytes(chance.below(30)) }
            let length = chance.below(4) == 0 ? chance.below(200) : plain.count
            let result = try? ZstdCodec.decompress(
                bytes, expectedLength: length, limit: 150, dictionary: round & 2 == 0 ? dictionary : nil)
            if let result, result.count != length || length > 150 { Issue.record("\(hexText(bytes))") }
        }
    }

    /// Whether both ways of reading accept the bytes; they must agree, and what they accept must encode to itself.
    private func check(_ bytes: Bytes) throws -> Bool {
        var reader = CBORReader(bytes)
        var skipError: CBORError?
        do throws(CBORError) {
            let range = try reader.skipValue()
            if range != 0..<reader.offset { Issue.record("the range is not what was read: \(hexText(bytes))") }
            try reader.finish()
        } catch { skipError = error }
        do throws(CBORError) {
            let value = try CBORValue(decoding: bytes)
            if skipError != nil { Issue.record("only the tree accepts \(hexText(bytes))") }
            if value.encoded != bytes { Issue.record("encodes to other bytes: \(hexText(bytes))") }
            return true
        } catch {
            if skipError != error { Issue.record("two reasons for \(hexText(bytes))") }
            return false
        }
    }

    private func value(_ chance: inout SeededChance, depth: Int) -> CBORValue {
        switch chance.below(depth > 0 ? 8 : 6) {
        case 0: return .unsigned(chance.next() >> UInt64(chance.below(64)))
        case 1: return .negative(~Int64(chance.next() >> UInt64(1 + chance.below(63))))
        case 2: return .bytes(chance.bytes(chance.below(5)))
        case 3: return .text(["", "a", "đ", "水", "🙂", "Hồng Gai"][chance.below(6)])
        case 4: return .bool(chance.below(2) == 0)
        case 5: return .null
        case 6: return .array((0..<chance.below(5)).map { _ in value(&chance, depth: depth - 1) })
        default:
            return .map(
                (0..<chance.below(4)).map { _ in
                    .init(value(&chance, depth: 0), value(&chance, depth: depth - 1))
                })
        }
    }
}
