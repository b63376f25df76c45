// Pictures without what cameras write beside them: who, where, with which device.

/// Takes everything out of a JPEG or PNG that is not needed to show it, without touching the picture: EXIF, XMP, IPTC,
/// comments, colour profiles, previews, and whatever follows the end of the picture (ITU-T T.81 Annex B; PNG §5).
/// Reads hostile bytes: every length is compared with what is left.
package enum ImageMetadata {
    /// The picture alone; `nil` for what is no whole picture of the type, or of a type that is not known here.
    package static func strip(_ bytes: Bytes, _ media: MediaType) -> Bytes? {
        switch media {
        case .jpeg: stripJPEG(bytes)
        case .png: stripPNG(bytes)
        case .webp, .pdf: nil
        }
    }

    /// The width and the height that a picture says to have, in pixels; `nil` where it says none.
    package static func size(_ bytes: Bytes, _ media: MediaType) -> (width: Int, height: Int)? {
        switch media {
        case .jpeg: jpegSize(bytes)
        case .png: hasPNGHeader(bytes) ? checked(number(bytes, 16, 4), number(bytes, 20, 4)) : nil
        case .webp: webpSize(bytes)
        case .pdf: nil
        }
    }

    /// Whether a picture goes on to its end. Readers of pictures fill up what was cut off with grey and say nothing. Of
    /// a WebP and of what is no picture this says nothing either: a WebP that was cut does not read at all.
    package static func isWhole(_ bytes: Bytes, _ media: MediaType) -> Bool {
        switch media {
        case .jpeg: jpegEnds(bytes)
        case .png: stripPNG(bytes) != nil
        case .webp, .pdf: true
        }
    }

    private static func checked(_ width: Int, _ height: Int) -> (width: Int, height: Int)? {
        (1...1_000_000).contains(width) && (1...1_000_000).contains(height) ? (width, height) : nil
    }

    /// Big-endian; the caller knows that the bytes are there.
    private static func number(_ bytes: Bytes, _ place: Int, _ count: Int) -> Int {
        bytes[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
    }

    // MARK: JPEG

    /// A segment of a JPEG: its marker, and where it stands, marker included.
    private struct Segment {
        var marker: UInt8
        var range: Range<Int>
    }

    /// The next segment at a place; `nil` where there is none that is whole.
    private static func segment(_ bytes: Bytes, at place: Int) -> Segment? {
        var place = place
        guard place < bytes.count, bytes[place] == 0xFF else { return nil }
        // Fill bytes may stand before a marker.
        while place + 1 < bytes.count, bytes[place + 1] == 0xFF { place += 1 }
        guard place + 1 < bytes.count else { return nil }
        let marker = bytes[place + 1]
        if marker == 0xD8 || marker == 0xD9 { return Segment(marker: marker, range: place..<place + 2) }
        guard place + 4 <= bytes.count else { return nil }
        let length = number(bytes, place + 2, 2)
        guard length >= 2, place + 2 + length <= bytes.count else { return nil }
        return Segment(marker: marker, range: place..<place + 2 + length)
    }

    private static func isKept(_ segment: Segment, _ bytes: Bytes) -> Bool {
        switch segment.marker {
        // Tables, frames, scans, restarts.
        case 0xC0...0xCF, 0xDA, 0xDB, 0xDC, 0xDD: true
        case 0xE0: has(bytes, segment, "JFIF") && segment.range.count <= 18
        // How the colours are written.
        case 0xEE: has(bytes, segment, "Adobe") && segment.range.count <= 16
        default: false
        }
    }

    private static func has(_ bytes: Bytes, _ segment: Segment, _ name: String) -> Bool {
        bytes[segment.range].dropFirst(4).starts(with: name.utf8)
    }

    private static func stripJPEG(_ bytes: Bytes) -> Bytes? {
        guard bytes.count >= 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return nil }
        var out = Bytes([0xFF, 0xD8])
        out.reserveCapacity(bytes.count)
        var place = 2
        var hasScan = false
        while let segment = segment(bytes, at: place) {
            if segment.marker == 0xD9 {
                guard hasScan else { return nil }
                return out + [0xFF, 0xD9]
            }
            if segment.marker == 0xD8 { return nil }
            if isKept(segment, bytes) {
                if segment.marker == 0xE0, let jfif = plainJFIF(bytes, segment) {
                    out += jfif
                } else {
                    out += bytes[segment.range]
                }
            }
            place = segment.range.upperBound
            guard segment.marker == 0xDA else { continue }
            hasScan = true
            // The scan goes on to the next marker that is neither a stuffed byte nor a restart.
            let start = place
            while place + 1 < bytes.count {
                if bytes[place] == 0xFF, bytes[place + 1] != 0, !(0xD0...0xD7).contains(bytes[place + 1]) { break }
                place += 1
            }
            out += bytes[start..<place]
        }
        return nil
    }

    /// Whether a scan and, behind it, the marker of the end are there. Takes what stands between segments for nothing,
    /// as readers do: some cameras leave bytes there. An end inside a segment is a preview's.
    private static func jpegEnds(_ bytes: Bytes) -> Bool {
        var place = 2
        var hasScan = false
        while place + 1 < bytes.count {
            let marker = bytes[place + 1]
            // No marker, or one that stands alone.
            if bytes[place] != 0xFF || marker <= 0x01 || marker == 0xFF || (0xD0...0xD8).contains(marker) {
                place += 1
                continue
            }
            if marker == 0xD9 { return hasScan }
            guard let segment = segment(bytes, at: place) else { return false }
            if marker == 0xDA { hasScan = true }
            place = segment.range.upperBound
        }
        return false
    }

    /// The JFIF header without its preview.
    private static func plainJFIF(_ bytes: Bytes, _ segment: Segment) -> Bytes? {
        guard segment.range.count >= 18 else { return nil }
        let start = segment.range.lowerBound
        return [0xFF, 0xE0, 0, 16] + bytes[start + 4..<start + 16] + [0, 0]
    }

    private static func jpegSize(_ bytes: Bytes) -> (width: Int, height: Int)? {
        guard bytes.count >= 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return nil }
        var place = 2
        while let segment = segment(bytes, at: place) {
            let isFrame = (0xC0...0xCF).contains(segment.marker) && ![0xC4, 0xC8, 0xCC].contains(segment.marker)
            if isFrame, segment.range.count >= 9 {
                let start = segment.range.lowerBound
                return checked(number(bytes, start + 7, 2), number(bytes, start + 5, 2))
            }
            if segment.marker == 0xDA || segment.marker == 0xD9 { return nil }
            place = segment.range.upperBound
        }
        return nil
    }

    // MARK: PNG

    private static let keptChunks: Set<String> = [
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "sBIT", "bKGD",
    ]

    /// Whether the first chunk is a header of 13 bytes, as PNG §11.2.1 wants it, and wholly there.
    private static func hasPNGHeader(_ bytes: Bytes) -> Bool {
        bytes.count >= 33 && number(bytes, 8, 4) == 13 && Bytes(bytes[12..<16]) == Bytes("IHDR".utf8)
    }

    private static func stripPNG(_ bytes: Bytes) -> Bytes? {
        guard hasPNGHeader(bytes) else { return nil }
        var out = Bytes(bytes[0..<8])
        out.reserveCapacity(bytes.count)
        var place = 8
        var isFirst = true
        while place + 12 <= bytes.count {
            let length = number(bytes, place, 4)
            guard length <= bytes.count - place - 12 else { return nil }
            let name = String(decoding: bytes[place + 4..<place + 8], as: UTF8.self)
            if isFirst != (name == "IHDR") { return nil }
            isFirst = false
            if keptChunks.contains(name) { out += bytes[place..<place + 12 + length] }
            if name == "IEND" { return out }
            place += 12 + length
        }
        return nil
    }

    // MARK: WebP

    private static func webpSize(_ bytes: Bytes) -> (width: Int, height: Int)? {
        guard bytes.count >= 30 else { return nil }
        func little(_ place: Int, _ count: Int) -> Int {
            bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        switch String(decoding: bytes[12..<16], as: UTF8.self) {
        case "VP8 ": return checked(little(26, 2) & 0x3FFF, little(28, 2) & 0x3FFF)
        case "VP8L":
            let bits = little(21, 4)
            return checked(bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1)
        case "VP8X": return checked(little(24, 3) + 1, little(27, 3) + 1)
        default: return nil
        }
    }
}
