// A picture in memory: read, turned, made smaller, written as JPEG. All of it by libgd.

import CGd
import SyncKit

/// A picture that was read.
final class Picture {
    private let library: ImageLibrary
    private var image: gdImagePtr

    /// Reads a picture; `nil` where it is damaged.
    init?(_ bytes: [UInt8], _ media: MediaType, _ library: ImageLibrary) {
        guard let length = Int32(exactly: bytes.count) else { return nil }
        var bytes = bytes
        let read: gdImagePtr? = bytes.withUnsafeMutableBytes { buffer in
            switch media {
            case .jpeg: library.fromJPEG(length, buffer.baseAddress)
            case .png: library.fromPNG(length, buffer.baseAddress)
            case .webp: library.fromWebP(length, buffer.baseAddress)
            case .pdf: nil
            }
        }
        guard let read else { return nil }
        self.library = library
        image = read
    }

    deinit { library.destroy(image) }

    /// The colour of a point, 0xRRGGBB.
    func color(_ x: Int, _ y: Int) -> Int { Int(wardsync_gd_color(image, Int32(x), Int32(y))) }

    var width: Int { Int(wardsync_gd_width(image)) }
    var height: Int { Int(wardsync_gd_height(image)) }

    /// Turns the picture as its camera said it was held.
    func turn(_ orientation: Int) {
        let degrees: Float
        switch orientation {
        case 3, 4: degrees = 180
        case 5, 6: degrees = 270
        case 7, 8: degrees = 90
        default: degrees = 0
        }
        if degrees > 0, let turned = library.rotate(image, degrees, 0) {
            library.destroy(image)
            image = turned
        }
        if [2, 4, 5, 7].contains(orientation) { library.flipHorizontally(image) }
    }

    /// The picture as JPEG, its longer side at most so many pixels; `nil` where there is no memory.
    func jpeg(longest: Int, quality: Int32) -> [UInt8]? {
        let side = max(width, height)
        let (newWidth, newHeight) =
            side <= longest ? (width, height) : (max(1, width * longest / side), max(1, height * longest / side))
        guard let target = library.create(Int32(newWidth), Int32(newHeight)) else { return nil }
        defer { library.destroy(target) }
        // What is see-through becomes white, as on paper.
        library.fill(target, 0, 0, Int32(newWidth - 1), Int32(newHeight - 1), 0xFFFFFF)
        library.copyResampled(
            target, image, 0, 0, 0, 0, Int32(newWidth), Int32(newHeight), Int32(width), Int32(height))
        var count: Int32 = 0
        guard let bytes = library.jpeg(target, &count, quality) else { return nil }
        defer { library.free(bytes) }
        return [UInt8](UnsafeRawBufferPointer(start: bytes, count: Int(max(0, count))))
    }
}
