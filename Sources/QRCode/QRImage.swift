// A QR code as a PNG with one bit for each pixel; zlib compresses it and sums it up.

import CZlib
import Glibc

/// The functions of zlib, opened when the first image is written.
///
/// `@unchecked Sendable`: function addresses, written once in `init` and never again.
private final class Deflater: @unchecked Sendable {
    let bound: wardsync_zlib_bound
    let compress: wardsync_zlib_compress
    let sum: wardsync_zlib_crc32

    static let opened = Result { () throws(QRError) in try Deflater() }

    init() throws(QRError) {
        guard let library = dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL), let bound = dlsym(library, "compressBound"),
            let compress = dlsym(library, "compress"), let sum = dlsym(library, "crc32")
        else { throw .libraryMissing("zlib1g") }
        self.bound = unsafeBitCast(bound, to: wardsync_zlib_bound.self)
        self.compress = unsafeBitCast(compress, to: wardsync_zlib_compress.self)
        self.sum = unsafeBitCast(sum, to: wardsync_zlib_crc32.self)
    }

    func compressed(_ bytes: [UInt8]) throws(QRError) -> [UInt8] {
        var count = bound(uLong(bytes.count))
        var output = [UInt8](repeating: 0, count: Int(count))
        guard compress(&output, &count, bytes, uLong(bytes.count)) == Z_OK else { throw .unsuitable }
        return Array(output.prefix(Int(count)))
    }
}

extension QRMatrix {
    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The code with its quiet zone as a PNG image.
    /// - Parameter scale: the side of a module in pixels, 1 to 64.
    package func png(scale: Int = 8) throws(QRError) -> [UInt8] {
        let deflater = try Deflater.opened.get()
        let scale = min(max(scale, 1), 64)
        let side = (size + 2 * Self.quietZone) * scale
        var header = Self.bigEndian(UInt32(side)) + Self.bigEndian(UInt32(side))
        header += [1, 0, 0, 0, 0]  // one bit of grey, no interlacing
        return Self.signature + Self.chunk("IHDR", header, deflater)
            + Self.chunk("IDAT", try deflater.compressed(pixels(scale, side)), deflater)
            + Self.chunk("IEND", [], deflater)
    }

    /// Rows of pixels, 1 for white, each behind the number of its filter, which is none.
    private func pixels(_ scale: Int, _ side: Int) -> [UInt8] {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(side * (side / 8 + 2))
        for row in -Self.quietZone..<(size + Self.quietZone) {
            var line = [UInt8](repeating: 0, count: (side + 7) / 8)
            for x in 0..<side where !isDark(row: row, column: x / scale - Self.quietZone) {
                line[x / 8] |= 0x80 >> UInt8(x % 8)
            }
            for _ in 0..<scale { pixels += [0] + line }
        }
        return pixels
    }

    private static func chunk(_ name: String, _ data: [UInt8], _ deflater: Deflater) -> [UInt8] {
        let body = Array(name.utf8) + data
        let sum = deflater.sum(0, body, uInt(body.count))
        return bigEndian(UInt32(data.count)) + body + bigEndian(UInt32(truncatingIfNeeded: sum))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
}
