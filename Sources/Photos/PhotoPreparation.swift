// Making a file ready to be attached: what it is, small enough, without what nobody should learn from it.

import SyncKit

/// Why a file cannot be attached.
public enum PhotoRefusal: Error, Sendable, Equatable {
    case empty
    /// Longer than what is read at all, in bytes.
    case tooLarge(most: Int)
    /// Still longer than an attachment may be.
    case stillTooLarge(most: Int)
    /// Of none of the types that are taken.
    case unknownType
    /// A picture of a phone's own format (HEIC).
    case heic
    case damaged
    /// More pixels than are read, for the memory that they take.
    case tooManyPixels
    /// The library that reads pictures is missing.
    case libraryMissing
}

/// A file that is ready to be attached.
public struct PreparedFile: Sendable {
    package let file: NewFile
    /// Where the camera says that it was taken. It stands nowhere in the file any more.
    public let latitude: Int64?
    /// East, the same.
    public let longitude: Int64?
    /// The length of the file that was given, in bytes.
    public let originalLength: Int

    /// The longest file that is read, in bytes.
    public static let maxInput = 48 * 1024 * 1024
    /// The most pixels of a picture that is read: 64 million take 256 MB.
    private static let maxPixels = 64_000_000
    /// The longer side of a picture that is sent, and when it is sent as it is.
    private static let longestSide = 2560
    private static let lengthAsItIs = 2 * 1024 * 1024
    private static let thumbnailLength = 12 * 1024
    /// The longer sides and qualities that a thumbnail is tried with, the best first. Leaves, gravel and gratings are
    /// too long at the full side however coarse they are; the last one holds even noise.
    private static let thumbnailTries: [(side: Int, quality: Int32)] = [
        (320, 65), (320, 45), (320, 30), (240, 40), (160, 40), (80, 30),
    ]

    /// Prepares a file.
    /// - Parameter keepsPixels: keeps a picture's size where that is short enough.
    public init(_ bytes: [UInt8], keepsPixels: Bool = false) throws(PhotoRefusal) {
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= Self.maxInput else { throw .tooLarge(most: Self.maxInput) }
        guard let media = MediaType(beginning: bytes) else { throw Self.isHEIC(bytes) ? .heic : .unknownType }
        originalLength = bytes.count
        guard media.isImage else {
            guard let file = NewFile(bytes, media: media) else { throw .stillTooLarge(most: Attachment.maxLength) }
            self.file = file
            (latitude, longitude) = (nil, nil)
            return
        }
        guard let size = ImageMetadata.size(bytes, media), ImageMetadata.isWhole(bytes, media) else { throw .damaged }
        guard size.width * size.height <= Self.maxPixels else { throw .tooManyPixels }
        guard let library = ImageLibrary.shared else { throw .libraryMissing }
        let notes = media == .jpeg ? CameraNotes(reading: bytes) : CameraNotes()
        guard let picture = Picture(bytes, media, library) else { throw .damaged }
        picture.turn(notes.orientation)
        let (sent, type) = try Self.sent(bytes, media, picture, notes, keepsPixels)
        guard let file = NewFile(sent, media: type, thumbnail: Self.thumbnail(picture)) else {
            throw .stillTooLarge(most: Attachment.maxLength)
        }
        self.file = file
        (latitude, longitude) = (notes.latitude, notes.longitude)
    }

    /// The picture as it is sent: as it is but for its metadata where it is small and upright, else made anew.
    private static func sent(
        _ bytes: [UInt8], _ media: MediaType, _ picture: Picture, _ notes: CameraNotes, _ keepsPixels: Bool
    ) throws(PhotoRefusal) -> ([UInt8], MediaType) {
        let isSmall =
            bytes.count <= (keepsPixels ? Attachment.maxLength : lengthAsItIs)
            && (keepsPixels || max(picture.width, picture.height) <= longestSide)
        if isSmall, notes.orientation == 1, let stripped = ImageMetadata.strip(bytes, media) {
            return (stripped, media)
        }
        let longest = keepsPixels ? Int.max : longestSide
        for quality: Int32 in keepsPixels ? [92, 85] : [82, 70, 55] {
            guard let made = picture.jpeg(longest: longest, quality: quality) else { throw .damaged }
            if made.count <= (keepsPixels ? Attachment.maxLength : lengthAsItIs) { return (made, .jpeg) }
        }
        throw .stillTooLarge(most: keepsPixels ? Attachment.maxLength : lengthAsItIs)
    }

    private static func thumbnail(_ picture: Picture) -> [UInt8] {
        for (side, quality) in thumbnailTries {
            guard let made = picture.jpeg(longest: side, quality: quality) else { return [] }
            if made.count <= thumbnailLength { return made }
        }
        return []
    }

    /// An ISO base media file with one of the brands of HEIF.
    private static func isHEIC(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 12, Array(bytes[4..<8]) == Array("ftyp".utf8) else { return false }
        return ["heic", "heix", "hevc", "mif1", "msf1", "avif"].contains(String(decoding: bytes[8..<12], as: UTF8.self))
    }
}
