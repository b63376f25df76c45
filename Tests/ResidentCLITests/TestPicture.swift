// A picture that a test makes itself: a PNG of uncompressed points, with a note in it.
import Photos
import Testing

@testable import SyncKit

enum TestPicture {
    /// A PNG of one colour after the other, with a text chunk that says who took it.
    static func png(width: Int = 64, height: Int = 48, author: String = "Secret Author") -> [UInt8] {
        var rows: [UInt8] = []
        for y in 0..<height {
            rows.append(0)
            for x in 0..<width { rows += [UInt8(x * 3 & 255), UInt8(y * 5 & 255), UInt8((x ^ y) & 255)] }
        }
        var packed: [UInt8] = [0x78, 0x01]
        var start = 0
        while start < rows.count {
            let count = min(65_535, rows.count - start)
            packed += [start + count == rows.count ? 1 : 0, UInt8(count & 255), UInt8(count >> 8)]
            packed += [UInt8(~count & 255), UInt8(~count >> 8 & 255)] + rows[start..<start + count]
            start += count
        }
        var (a, b) = (UInt32(1), UInt32(0))
        for byte in rows {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        packed += bytes(b << 16 | a)
        let header = bytes(UInt32(width)) + bytes(UInt32(height)) + [8, 2, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
            + chunk("tEXt", Array("Author\0\(author)".utf8)) + chunk("IDAT", packed) + chunk("IEND", [])
    }

    /// A small JPEG that says where it was taken: 20°57' N, 107°5' E.
    static func jpegWithPlace() throws -> [UInt8] {
        let jpeg = try PreparedFile(png(width: 200, height: 150)).file.thumbnailContent
        try #require(jpeg.count > 2)
        func entry(_ tag: UInt16, _ format: UInt8, _ count: UInt8, _ value: [UInt8]) -> [UInt8] {
            [UInt8(tag >> 8), UInt8(tag & 255), 0, format, 0, 0, 0, count] + value
        }
        func rationals(_ numbers: [UInt8]) -> [UInt8] { numbers.flatMap { [0, 0, 0, $0, 0, 0, 0, 1] } }
        let gps: UInt8 = 8 + 2 + 12 + 4
        let data: UInt8 = gps + 2 + 4 * 12 + 4
        var tiff: [UInt8] = Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1] + entry(0x8825, 4, 1, [0, 0, 0, gps])
        tiff += [0, 0, 0, 0, 0, 4]
        tiff += entry(1, 2, 2, Array("N".utf8) + [0, 0, 0]) + entry(2, 5, 3, [0, 0, 0, data])
        tiff += entry(3, 2, 2, Array("E".utf8) + [0, 0, 0]) + entry(4, 5, 3, [0, 0, 0, data + 24])
        tiff += [0, 0, 0, 0] + rationals([20, 57, 0]) + rationals([107, 5, 0])
        let body = Array("Exif\0\0".utf8) + tiff
        let head: [UInt8] = [0xFF, 0xE1, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 255)]
        return Array(jpeg.prefix(2)) + head + body + Array(jpeg.dropFirst(2))
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        let named = Array(name.utf8) + body
        var crc = UInt32.max
        for byte in named {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return bytes(UInt32(body.count)) + named + bytes(~crc)
    }
}
