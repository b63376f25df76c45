// LEB128 numbers: one form for each, and every other refused.

import Testing

@testable import SyncKit

@Suite struct VarintTests {
    @Test(
        arguments: [
            ("00", 0), ("01", 1), ("7f", 127), ("8001", 128), ("e58e26", 624_485), ("ffffffff0f", 0xFFFF_FFFF),
            ("ffffffffffffffffff01", UInt64.max), ("80808080808080808001", 1 << 63),
        ] as [(String, UInt64)])
    func knownNumbersGoBothWays(text: String, value: UInt64) throws {
        var output = Bytes()
        Varint.append(value, to: &output)
        #expect(output == hex(text))
        var offset = 0
        #expect(try Varint.read(output, &offset, end: output.count) == value)
        #expect(offset == output.count)
    }

    @Test(
        arguments: [
            ("", .truncated), ("80", .truncated), ("ffffffffffffffffff", .truncated), ("8000", .nonCanonicalInteger),
            ("ff8000", .nonCanonicalInteger), ("80808080808080808000", .nonCanonicalInteger),
            ("ffffffffffffffffff02", .integerOverflow), ("8080808080808080808001", .integerOverflow),
        ] as [(String, CBORError.Code)])
    func otherFormsAreRefused(text: String, code: CBORError.Code) {
        var offset = 1
        let bytes = [0] + hex(text)
        #expect(throws: CBORError(code, at: 1)) { try Varint.read(bytes, &offset, end: bytes.count) }
        #expect(offset == 1)
    }

    @Test func readingStopsAtTheEndItWasGiven() {
        for (start, end) in [(0, 1), (-1, 2), (5, 2), (2, 9), (Int.max, Int.max)] {
            var offset = start
            #expect(throws: CBORError(.truncated, at: start)) { try Varint.read([0x80, 0x01], &offset, end: end) }
        }
    }

    @Test func numbersCloseToZeroStayCloseToZero() {
        #expect([0, -1, 1, -2, 2].map { Varint.zigzag($0) } == [0, 1, 2, 3, 4])
        for value in [Int64.min, .min + 1, -1, 0, 1, .max] { #expect(Varint.unzigzag(Varint.zigzag(value)) == value) }
        #expect(Varint.zigzag(.min) == .max)
    }
}
