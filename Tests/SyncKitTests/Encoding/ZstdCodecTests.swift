// Compression that cannot be made to allocate or return more than was declared.

import Testing

@testable import SyncKit

@Suite struct ZstdCodecTests {
    let sample = Bytes(String(repeating: "phản ánh đèn đường hỏng ở ngõ 12; ", count: 40).utf8)
    let dictionary = CompressionDictionary(id: 7, bytes: Bytes("đèn đường hỏng ở ngõ; phản ánh rác thải".utf8))

    @Test func whatIsCompressedComesBack() throws {
        var chance = SeededChance("zstd round trip")
        for length in [0, 1, 100, 5000, 300_000] {
            for bytes in [chance.bytes(length), Bytes(repeating: 65, count: length)] {
                for dictionary in [nil, dictionary] {
                    let frame = ZstdCodec.compress(bytes, dictionary: dictionary)
                    let plain = try ZstdCodec.decompress(
                        frame, expectedLength: length, limit: length, dictionary: dictionary)
                    #expect(plain == bytes)
                }
            }
        }
    }

    @Test func aDictionaryMakesSmallTextsSmaller() {
        let text = Bytes("phản ánh đèn đường hỏng ở ngõ 5".utf8)
        let with = ZstdCodec.compress(text, level: 3, dictionary: dictionary)
        #expect(with.count + 15 < ZstdCodec.compress(text, level: 3, dictionary: nil).count)
    }

    @Test func aDeclaredLengthThatIsNotTrueIsRefused() {
        let frame = ZstdCodec.compress(sample, dictionary: nil)
        for length in [0, 1, sample.count - 1, sample.count + 1, 100_000] {
            #expect(throws: ZstdError.lengthMismatch) {
                try ZstdCodec.decompress(frame, expectedLength: length, limit: 1 << 20, dictionary: nil)
            }
        }
        for length in [-1, Int.min, sample.count, Int.max] {
            #expect(throws: ZstdError.lengthOverLimit) {
                try ZstdCodec.decompress(frame, expectedLength: length, limit: sample.count - 1, dictionary: nil)
            }
        }
    }

    @Test func aFrameThatDoesNotDeclareItsLengthIsBoundedAllTheSame() throws {
        // Window descriptor instead of content size, one run-length block of 100 letters.
        let frame = hex("28b52ffd 00 58 230300 61")
        #expect(
            try ZstdCodec.decompress(frame, expectedLength: 100, limit: 100, dictionary: nil)
                == Bytes(repeating: 0x61, count: 100))
        for length in [0, 99, 101] {
            #expect(throws: ZstdError.lengthMismatch) {
                try ZstdCodec.decompress(frame, expectedLength: length, limit: 200, dictionary: nil)
            }
        }
    }

    @Test func anythingButOneWholeFrameIsRefused() {
        let frame = ZstdCodec.compress(sample, dictionary: nil)
        let skippable = hex("502a4d18 00000000")
        for bytes in [[], Bytes(frame.dropLast()), frame + [0], frame + frame, skippable, skippable + frame, sample] {
            #expect(throws: ZstdError.corrupt) {
                try ZstdCodec.decompress(bytes, expectedLength: sample.count, limit: 1 << 20, dictionary: nil)
            }
        }
    }

    @Test func aDamagedDictionaryIsReportedAndStillCompresses() throws {
        let damaged = CompressionDictionary(id: 1, bytes: hex("37a430ec 01000000") + Bytes(repeating: 0xFF, count: 40))
        let frame = ZstdCodec.compress(sample, dictionary: damaged)
        #expect(throws: ZstdError.unusableDictionary) {
            try ZstdCodec.decompress(frame, expectedLength: sample.count, limit: 1 << 20, dictionary: damaged)
        }
        #expect(
            try ZstdCodec.decompress(frame, expectedLength: sample.count, limit: 1 << 20, dictionary: nil) == sample)
    }

    @Test func aFrameMadeWithoutTheLibraryIsAFrame() throws {
        for bytes in [[], [1], sample, Bytes(repeating: 3, count: 128 * 1024), Bytes(repeating: 3, count: 300_000)] {
            let frame = ZstdCodec.storedFrame(bytes)
            #expect(
                try ZstdCodec.decompress(frame, expectedLength: bytes.count, limit: 1 << 20, dictionary: dictionary)
                    == bytes)
        }
    }

    @Test func manyTasksShareOneDictionary() async throws {
        let (sample, dictionary) = (sample, dictionary)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<40 {
                group.addTask {
                    let bytes = sample + Bytes(repeating: UInt8(index), count: index)
                    let frame = ZstdCodec.compress(bytes, level: Int32(1 + index % 3), dictionary: dictionary)
                    return try ZstdCodec.decompress(
                        frame, expectedLength: bytes.count, limit: bytes.count, dictionary: dictionary) == bytes
                }
            }
            for try await same in group { #expect(same) }
        }
    }
}
