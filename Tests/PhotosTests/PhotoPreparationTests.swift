// Pictures made ready: small enough, upright, and without anything of who took them and with what.

import CGd
import Foundation
import SyncKit
import Testing

@testable import Photos

@Suite struct PhotoPreparationTests {
    /// A picture with a red left upper corner on grey, as JPEG.
    static func jpeg(_ width: Int, _ height: Int, noise: Bool = false, grain: Int = 12) throws -> [UInt8] {
        let library = try #require(ImageLibrary.shared)
        let image = try #require(library.create(Int32(width), Int32(height)))
        defer { library.destroy(image) }
        library.fill(image, 0, 0, Int32(width - 1), Int32(height - 1), 0x808080)
        if noise {
            var random = SystemRandomNumberGenerator()
            for y in stride(from: 0, to: height, by: grain) {
                for x in stride(from: 0, to: width, by: grain) {
                    let color = Int32(truncatingIfNeeded: random.next() & 0xFFFFFF)
                    let end = (x: Int32(x + grain - 1), y: Int32(y + grain - 1))
                    library.fill(image, Int32(x), Int32(y), end.x, end.y, color)
                }
            }
        }
        library.fill(image, 0, 0, Int32(width / 4), Int32(height / 4), 0xFF0000)
        var count: Int32 = 0
        let bytes = try #require(library.jpeg(image, &count, 90))
        defer { library.free(bytes) }
        return [UInt8](UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    }

    /// The same with what a phone writes: EXIF with a position, a maker and an owner, XMP, a comment, a colour profile,
    /// and a film behind the end.
    static func withNotes(_ jpeg: [UInt8], orientation: UInt8 = 1) -> [UInt8] {
        func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
            [0xFF, marker, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 255)] + body
        }
        var tiff: [UInt8] = Array("MM".utf8) + [0, 42, 0, 0, 0, 8]
        func entry(_ tag: Int, _ format: UInt8, _ count: UInt8, _ value: [UInt8]) -> [UInt8] {
            [UInt8(tag >> 8), UInt8(tag & 255), 0, format, 0, 0, 0, count] + value
        }
        // IFD0 at 8: 4 entries; GPS IFD behind it; the data at the end.
        let gps = 8 + 2 + 4 * 12 + 4
        let data = gps + 2 + 4 * 12 + 4
        tiff += [0, 4] + entry(0x010F, 2, 16, [0, 0, 0, UInt8(data)]) + entry(0x0112, 3, 1, [0, orientation, 0, 0])
        tiff += entry(0x013B, 2, 16, [0, 0, 0, UInt8(data + 16)]) + entry(0x8825, 4, 1, [0, 0, 0, UInt8(gps)])
        tiff += [0, 0, 0, 0, 0, 4]
        tiff += entry(1, 2, 2, Array("N".utf8) + [0, 0, 0]) + entry(2, 5, 3, [0, 0, 0, UInt8(data + 32)])
        tiff += entry(3, 2, 2, Array("E".utf8) + [0, 0, 0]) + entry(4, 5, 3, [0, 0, 0, UInt8(data + 56)])
        tiff += [0, 0, 0, 0] + Array("SecretMaker12345".utf8) + Array("NguyenVanSecret1".utf8)
        func rationals(_ numbers: [UInt8]) -> [UInt8] { numbers.flatMap { [0, 0, 0, $0, 0, 0, 0, 1] } }
        tiff += rationals([20, 57, 0]) + rationals([107, 5, 0])
        let notes =
            segment(0xE1, Array("Exif\0\0".utf8) + tiff)
            + segment(0xE1, Array("http://ns.adobe.com/xap/1.0/\0<x>SecretXMP</x>".utf8))
            + segment(0xFE, Array("SecretComment".utf8)) + segment(0xE2, Array("ICC_PROFILE\0SecretDevice".utf8))
            + segment(0xED, Array("Photoshop 3.0\0SecretIPTC".utf8))
        return Array(jpeg[0..<2]) + notes + Array(jpeg[2...]) + Array("ftypSecretFilm".utf8)
    }

    static func holdsSecrets(_ bytes: [UInt8]) -> Bool {
        String(decoding: bytes, as: UTF8.self).contains("Secret") || bytes.contains("Exif")
    }

    @Test func nothingOfWhoTookItIsLeftAndThePositionIsOffered() throws {
        let plain = try Self.jpeg(800, 600)
        let given = Self.withNotes(plain)
        #expect(Self.holdsSecrets(given))
        let prepared = try PreparedFile(given)
        #expect(prepared.latitude == 209_500_000)
        #expect(prepared.longitude == 1_070_833_333)
        #expect(!Self.holdsSecrets(prepared.file.content))
        #expect(!Self.holdsSecrets(prepared.file.thumbnailContent))
        // Not a point of the picture changed: the rest of the file is the same to the byte.
        let isTheSame = prepared.file.content == ImageMetadata.strip(plain, .jpeg)
        #expect(isTheSame)
        #expect(prepared.file.attachment.mediaType == .jpeg)
        let small = try #require(prepared.file.attachment.thumbnail)
        #expect(small.length <= 12 * 1024)
    }

    @Test(arguments: [1, 3, 6, 8] as [UInt8]) func aPictureIsTurnedUpright(orientation: UInt8) throws {
        let library = try #require(ImageLibrary.shared)
        let prepared = try PreparedFile(Self.withNotes(Self.jpeg(400, 200), orientation: orientation))
        let picture = try #require(Picture(prepared.file.content, .jpeg, library))
        let isTurned = orientation > 4
        #expect(picture.width == (isTurned ? 200 : 400))
        #expect(picture.height == (isTurned ? 400 : 200))
        // The red corner, which was on the left above, is where the camera's holder saw it.
        let corner = [1: (0, 0), 3: (1, 1), 6: (1, 0), 8: (0, 1)][orientation] ?? (0, 0)
        for x in [0, 1] {
            for y in [0, 1] {
                let color = picture.color(
                    x == 0 ? 10 : picture.width - 10, y == 0 ? 10 : picture.height - 10)
                #expect((color >> 16 & 255 > 200) == (corner == (x, y)))
            }
        }
    }

    @Test func aLargePictureIsMadeSmaller() throws {
        let given = Self.withNotes(try Self.jpeg(4000, 3000, noise: true))
        #expect(given.count > 2 * 1024 * 1024)
        let prepared = try PreparedFile(given)
        #expect(prepared.file.content.count <= 2 * 1024 * 1024)
        let size = try #require(ImageMetadata.size(prepared.file.content, .jpeg))
        #expect(max(size.width, size.height) == 2560)
        let kept = try PreparedFile(given, keepsPixels: true)
        #expect(try #require(ImageMetadata.size(kept.file.content, .jpeg)) == (4000, 3000))
        #expect(!Self.holdsSecrets(kept.file.content))
    }

    /// A picture of noise is too long as a thumbnail of the full side, however coarse.
    @Test(arguments: [(320, 320), (640, 480), (90, 400)]) func aBusyPictureHasAThumbnailToo(
        width: Int, height: Int
    ) throws {
        let grain = max(1, max(width, height) / 320)
        let prepared = try PreparedFile(Self.jpeg(width, height, noise: true, grain: grain))
        let small = try #require(prepared.file.attachment.thumbnail)
        #expect(small.length <= 12 * 1024)
        let size = try #require(ImageMetadata.size(prepared.file.thumbnailContent, .jpeg))
        #expect((80...320).contains(max(size.width, size.height)))
    }

    @Test func whatIsNoPictureIsRefusedWithItsReason() throws {
        func refusal(_ bytes: [UInt8]) -> PhotoRefusal? {
            do throws(PhotoRefusal) {
                _ = try PreparedFile(bytes)
                return nil
            } catch { return error }
        }
        #expect(refusal([]) == .empty)
        #expect(refusal(Array("#!/bin/sh\nrm -rf /".utf8)) == .unknownType)
        #expect(refusal(Array("MZ".utf8) + [UInt8](repeating: 0, count: 100)) == .unknownType)
        #expect(refusal([0, 0, 0, 24] + Array("ftypheic".utf8) + [UInt8](repeating: 0, count: 100)) == .heic)
        let jpeg = try Self.jpeg(300, 200)
        #expect(refusal(Array(jpeg.prefix(60))) == .damaged)
        // The library would make a picture of these that is grey from the cut on.
        let busy = try Self.jpeg(300, 200, noise: true)
        for count in [busy.count / 2, busy.count - 2, busy.count - 1] {
            #expect(refusal(Array(busy.prefix(count))) == .damaged)
            #expect(refusal(Self.withNotes(Array(busy.prefix(count)))) == .damaged)
        }
        #expect(refusal(busy) == nil)
        // What cameras leave between segments is no cut.
        let scan = try #require(jpeg.indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xDA })
        #expect(refusal(Array(jpeg[..<scan]) + [0, 0xFF, 0, 7] + Array(jpeg[scan...])) == nil)
        // A picture that says to be larger than any memory.
        var bomb = jpeg
        let frame = try #require(bomb.indices.first { bomb[$0] == 0xFF && bomb[$0 + 1] == 0xC0 })
        bomb.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(refusal(bomb) == .tooManyPixels)
        #expect(refusal(Array("%PDF-1.4\n".utf8) + [UInt8](repeating: 32, count: 9_000_000)) != nil)
        #expect(refusal(Array("%PDF-1.4\n%%EOF".utf8)) == nil)
    }

    /// A header of another length would let the size be read out of chunks that are cut away.
    @Test(arguments: [0, 12, 14] as [UInt8]) func aPNGWhoseHeaderHasAnotherLengthIsNoPicture(length: UInt8) {
        func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
            [0, 0, 0, UInt8(data.count)] + Array(name.utf8) + data + [0, 0, 0, 0]
        }
        func picture(header: UInt8) -> [UInt8] {
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
                + chunk("IHDR", Array([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0].prefix(Int(header))))
                + chunk("tEXt", Array("Comment".utf8)) + chunk("IDAT", [1, 2, 3]) + chunk("IEND", [])
        }
        #expect(ImageMetadata.strip(picture(header: 13), .png) != nil)
        #expect(ImageMetadata.size(picture(header: 13), .png)?.width == 1)
        #expect(ImageMetadata.strip(picture(header: length), .png) == nil)
        #expect(ImageMetadata.size(picture(header: length), .png) == nil)
    }

    @Test func anyCutAndAnyChangeIsReadWithoutHarm() throws {
        let given = Self.withNotes(try Self.jpeg(120, 90))
        for count in 0..<given.count {
            _ = ImageMetadata.strip(Array(given.prefix(count)), .jpeg)
            _ = ImageMetadata.isWhole(Array(given.prefix(count)), .jpeg)
        }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<3000 {
            var changed = given
            for _ in 0..<3 { changed[Int(random.next() % UInt64(changed.count))] = UInt8.random(in: 0...255) }
            _ = ImageMetadata.size(changed, .jpeg)
            _ = ImageMetadata.isWhole(changed, .jpeg)
            if let stripped = ImageMetadata.strip(changed, .jpeg) {
                let isTheSame = ImageMetadata.strip(stripped, .jpeg) == stripped
                #expect(isTheSame)
            }
            _ = ImageMetadata.strip(changed, .png)
            _ = ImageMetadata.size([0, 0, 0, 0, 0, 0, 0, 0] + changed, .png)
            _ = CameraNotes(reading: changed)
        }
    }
}

extension [UInt8] {
    fileprivate func contains(_ text: String) -> Bool { String(decoding: self, as: UTF8.self).contains(text) }
}
