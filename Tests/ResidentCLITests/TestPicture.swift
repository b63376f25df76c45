// A picture that a test makes itself: a PNG of uncompressed points, with a note in it.

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
