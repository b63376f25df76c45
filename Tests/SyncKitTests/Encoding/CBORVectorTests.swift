// Deterministic CBOR against the examples of RFC 8949, and one fixture for every refusal.

import Testing

@testable import SyncKit

@Suite struct CBORVectorTests {
    /// RFC 8949, appendix A, as far as the core profile goes.
    static let vectors: [(String, CBORValue)] = [
        ("00", .unsigned(0)), ("01", .unsigned(1)), ("0a", .unsigned(10)), ("17", .unsigned(23)),
        ("1818", .unsigned(24)), ("1819", .unsigned(25)), ("1864", .unsigned(100)), ("1903e8", .unsigned(1000)),
        ("1a000f4240", .unsigned(1_000_000)), ("1b000000e8d4a51000", .unsigned(1_000_000_000_000)),
        ("1bffffffffffffffff", .unsigned(.max)), ("20", .negative(-1)), ("29", .negative(-10)),
        ("3863", .negative(-100)), ("3903e7", .negative(-1000)), ("3b7fffffffffffffff", .negative(.min)),
        ("f4", .bool(false)), ("f5", .bool(true)), ("f6", .null), ("40", .bytes([])),
        ("4401020304", .bytes([1, 2, 3, 4])),
        ("60", .text("")), ("6161", .text("a")), ("6449455446", .text("IETF")), ("62225c", .text("\"\\")),
        ("62c3bc", .text("\u{fc}")), ("63e6b0b4", .text("\u{6c34}")), ("64f0908591", .text("\u{10151}")),
        ("80", .array([])), ("83010203", .array([.unsigned(1), .unsigned(2), .unsigned(3)])),
        (
            "8301820203820405",
            .array([
                .unsigned(1), .array([.unsigned(2), .unsigned(3)]), .array([.unsigned(4), .unsigned(5)]),
            ])
        ),
        (
            "98190102030405060708090a0b0c0d0e0f101112131415161718181819",
            .array((1...25).map { .unsigned($0) })
        ),
        ("a0", .map([])),
        ("a201020304", .map([.init(.unsigned(1), .unsigned(2)), .init(.unsigned(3), .unsigned(4))])),
        (
            "a26161016162820203",
            .map([.init(.text("a"), .unsigned(1)), .init(.text("b"), .array([.unsigned(2), .unsigned(3)]))])
        ),
        ("826161a161626163", .array([.text("a"), .map([.init(.text("b"), .text("c"))])])),
    ]

    @Test(arguments: vectors) func theExamplesOfTheStandardDecodeAndEncode(text: String, value: CBORValue) throws {
        let bytes = hex(text)
        #expect(try CBORValue(decoding: bytes) == value)
        #expect(value.encoded == bytes)
        var reader = CBORReader(bytes)
        #expect(try reader.skipValue() == 0..<bytes.count)
        try reader.finish()
    }

    /// Bytes, the reason why they are refused, and where.
    static let refusals: [(String, CBORError.Code, Int)] = [
        ("", .truncated, 0), ("18", .truncated, 0), ("19ff", .truncated, 0), ("1b00000000ffffff", .truncated, 0),
        ("42ff", .truncated, 0), ("6161 61", .trailingBytes, 2), ("81", .truncated, 0), ("820182", .truncated, 2),
        ("a101", .truncated, 0), ("5bffffffffffffffff", .tooLong, 0), ("9bffffffffffffffff", .tooLong, 0),
        ("5b7fffffffffffffff", .truncated, 0), ("9b7fffffffffffffff", .truncated, 0),
        ("bb7fffffffffffffff", .truncated, 0), ("0000", .trailingBytes, 1), ("f6f6", .trailingBytes, 1),
        ("1817", .nonCanonicalInteger, 0), ("1900ff", .nonCanonicalInteger, 0), ("1a0000ffff", .nonCanonicalInteger, 0),
        ("1b00000000ffffffff", .nonCanonicalInteger, 0), ("3800", .nonCanonicalInteger, 0),
        ("580100", .nonCanonicalInteger, 0), ("7800", .nonCanonicalInteger, 0), ("980100", .nonCanonicalInteger, 0),
        ("b800", .nonCanonicalInteger, 0), ("1c", .nonCanonicalInteger, 0), ("1e", .nonCanonicalInteger, 0),
        ("5f42010243030405ff", .indefiniteLength, 0), ("7f61616161ff", .indefiniteLength, 0),
        ("9fff", .indefiniteLength, 0), ("bfff", .indefiniteLength, 0), ("ff", .indefiniteLength, 0),
        ("1f", .indefiniteLength, 0), ("a2020001 00", .unsortedKeys, 3), ("a2616200616100", .unsortedKeys, 4),
        ("a20a0018 1900 00", .trailingBytes, 6), ("a2181900 0a00", .unsortedKeys, 4), ("a2010001 00", .duplicateKey, 3),
        ("a2616101616102", .duplicateKey, 4), ("f90000", .floatNotAllowed, 0), ("fa47c35000", .floatNotAllowed, 0),
        ("fb3ff199999999999a", .floatNotAllowed, 0), ("81f97e00", .floatNotAllowed, 1), ("c074", .tagNotAllowed, 0),
        ("d82000", .tagNotAllowed, 0), ("df", .tagNotAllowed, 0), ("c249010000000000000000", .tagNotAllowed, 0),
        ("f7", .unsupportedSimple, 0),
        ("e0", .unsupportedSimple, 0), ("f0", .unsupportedSimple, 0), ("f818", .unsupportedSimple, 0),
        ("f8ff", .unsupportedSimple, 0), ("fc", .unsupportedSimple, 0), ("61ff", .invalidUTF8, 0),
        ("62c080", .invalidUTF8, 0), ("63eda080", .invalidUTF8, 0), ("64f4908080", .invalidUTF8, 0),
        ("61c3", .invalidUTF8, 0), ("8161 80", .invalidUTF8, 1), ("3b8000000000000000", .integerOverflow, 0),
        ("3bffffffffffffffff", .integerOverflow, 0),
        ("8181818181818181818181818181818181 00", .tooDeep, 16),
        ("a100a100a100a100a100a100a100a100a100a100a100a100a100a100a100a100a100 00", .tooDeep, 32),
    ]

    @Test(arguments: refusals) func everyOtherFormIsRefusedWithItsReason(text: String, code: CBORError.Code, place: Int)
    {
        let expected = CBORError(code, at: place)
        #expect(throws: expected) { try CBORValue(decoding: hex(text)) }
        #expect(throws: expected) {
            var reader = CBORReader(hex(text))
            _ = try reader.skipValue()
            try reader.finish()
        }
    }

    @Test func sixteenContainersMayStandInEachOther() throws {
        let bytes = Bytes(repeating: 0x81, count: 16) + [0]
        #expect(try CBORValue(decoding: bytes).encoded == bytes)
    }

    @Test func mapsAreSortedWhenTheyAreEncoded() {
        let map = CBORValue.map([
            .init(.text("b"), .unsigned(1)), .init(.negative(-1), .unsigned(2)), .init(.unsigned(100), .unsigned(3)),
            .init(.unsigned(10), .unsigned(4)), .init(.unsigned(10), .unsigned(5)),
        ])
        #expect(map.encoded == hex("a4 0a04 186403 2002 616201"))
    }

    @Test func textIsComparedByBytesAndNotByEquivalence() {
        #expect("e\u{301}" == "\u{e9}")
        #expect(CBORValue.text("e\u{301}") != .text("\u{e9}"))
        #expect(Set([CBORValue.text("e\u{301}"), .text("\u{e9}"), .text("\u{e9}")]).count == 2)
    }
}
