// The reader's typed calls: what they give, what they refuse, and that a refusal leaves the reader in place.

import Testing

@testable import SyncKit

@Suite struct CBORReaderTests {
    @Test func whatTheWriterWritesTheReaderReads() throws {
        let digest = try #require(Digest(Bytes(0..<32)))
        var writer = CBORWriter(reserving: 200)
        let numbers: [UInt64] = [0, 23, 24, 255, 256, 65_535, 65_536, 1 << 32 - 1, 1 << 32, .max]
        let signed: [Int64] = [.min, -1 << 32 - 1, -257, -256, -25, -24, -1, 0, 1, .max]
        for number in numbers { writer.unsigned(number) }
        for number in signed { writer.integer(number) }
        writer.byteString([1, 2])
        writer.byteString(Bytes(0..<9)[3..<5])
        writer.byteString(digest)
        writer.text("Đặng")
        writer.bool(true)
        writer.bool(false)
        writer.null()
        writer.arrayHeader(count: 1)
        writer.raw([0x18, 0x18])
        writer.mapHeader(count: 1)
        writer.unsigned(1)
        writer.byteString([])

        var reader = CBORReader(writer.bytes)
        for number in numbers { #expect(try reader.unsigned() == number) }
        for number in signed { #expect(try reader.integer() == number) }
        #expect(try reader.byteString(max: 2) == [1, 2])
        #expect(reader.bytes[try reader.byteStringRange(max: 2)] == [3, 4])
        #expect(try reader.digest() == digest)
        #expect(try reader.text(max: 7) == "Đặng")
        #expect(try reader.bool())
        #expect(try reader.bool() == false)
        #expect(reader.isNull())
        try reader.null()
        #expect(try reader.peekMajor() == 4)
        #expect(try reader.arrayHeader(max: 1) == 1)
        #expect(reader.isNull() == false)
        #expect(try reader.unsigned() == 24)
        #expect(try reader.mapHeader(max: 1) == 1)
        #expect(try reader.unsigned() == 1)
        #expect(try reader.byteString(max: 0) == [])
        #expect(reader.isAtEnd)
        try reader.finish()
    }

    /// Every typed call, applied to a reader.
    static let calls: [String: @Sendable (inout CBORReader) throws -> Void] = [
        "unsigned": { _ = try $0.unsigned() }, "integer": { _ = try $0.integer() },
        "byteString": { _ = try $0.byteString(max: 4) }, "byteStringRange": { _ = try $0.byteStringRange(max: 4) },
        "digest": { _ = try $0.digest() }, "text": { _ = try $0.text(max: 4) }, "bool": { _ = try $0.bool() },
        "null": { try $0.null() }, "arrayHeader": { _ = try $0.arrayHeader(max: 4) },
        "mapHeader": { _ = try $0.mapHeader(max: 4) }, "skipValue": { _ = try $0.skipValue() },
        "value": { _ = try $0.value() },
    ]

    static let misfits: [(String, String, CBORError.Code)] = [
        ("unsigned", "20", .typeMismatch), ("unsigned", "f6", .typeMismatch), ("unsigned", "c000", .tagNotAllowed),
        ("integer", "40", .typeMismatch), ("integer", "1b8000000000000000", .integerOverflow),
        ("integer", "3b8000000000000000", .integerOverflow), ("byteString", "6161", .typeMismatch),
        ("byteString", "450000000000", .tooLong), ("byteString", "4300", .truncated),
        ("byteString", "5bffffffffffffffff", .tooLong), ("byteStringRange", "450000000000", .tooLong),
        ("digest", "43000000", .typeMismatch), ("digest", "5820", .truncated), ("text", "4161", .typeMismatch),
        ("text", "656161616161", .tooLong), ("text", "61ff", .invalidUTF8), ("bool", "f6", .typeMismatch),
        ("bool", "00", .typeMismatch), ("bool", "f7", .unsupportedSimple), ("null", "f4", .typeMismatch),
        ("null", "f97e00", .floatNotAllowed), ("arrayHeader", "850000000000", .tooLong),
        ("arrayHeader", "8200", .truncated), ("arrayHeader", "a0", .typeMismatch), ("mapHeader", "a5", .tooLong),
        ("mapHeader", "a2000000", .truncated), ("mapHeader", "80", .typeMismatch),
        ("skipValue", "820161ff", .invalidUTF8), ("value", "", .truncated), ("value", "820161ff", .invalidUTF8),
    ]

    @Test(arguments: misfits) func aRefusalLeavesTheReaderWhereItStood(call: String, text: String, code: CBORError.Code)
        throws
    {
        let body = try #require(CBORReaderTests.calls[call])
        var reader = CBORReader([0xF6] + hex(text))
        try reader.null()
        var thrown: CBORError?
        do { try body(&reader) } catch let error as CBORError { thrown = error }
        #expect(thrown?.code == code)
        #expect(reader.offset == 1)
    }

    @Test func aPartIsReadAsIfNothingElseWereThere() throws {
        let bytes = hex("ff 43010203 ff")
        var reader = CBORReader(bytes, range: 1..<5)
        #expect(try reader.byteStringRange(max: 3) == 2..<5)
        #expect(reader.isAtEnd)
        #expect(throws: CBORError(.truncated, at: 5)) { try reader.peekMajor() }
        var short = CBORReader(bytes, range: 1..<4)
        #expect(throws: CBORError(.truncated, at: 1)) { try short.skipValue() }
        #expect(CBORReader(bytes, range: 100..<200).isAtEnd)
        #expect(CBORReader(bytes, range: 3..<200).end == bytes.count)
        #expect(throws: CBORError(.trailingBytes, at: 5)) { try CBORReader(bytes, range: 5..<6).finish() }
    }

    @Test func anOffsetThatPointsNowhereIsRefused() {
        for offset in [-1, 2, Int.min, Int.max] {
            for call in CBORReaderTests.calls.values {
                var reader = CBORReader([0, 0])
                reader.offset = offset
                #expect(throws: CBORError(.truncated, at: offset)) { try call(&reader) }
                #expect(reader.isNull() == false)
            }
        }
    }
}
