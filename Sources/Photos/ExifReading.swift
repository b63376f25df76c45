// What a camera wrote beside a picture that is of use to its owner: where it was taken, and which way is up.

import CExif
import Glibc
import SyncKit

/// What is read of a picture's EXIF data, by libexif.
public struct CameraNotes: Sendable, Equatable {
    /// North, in 1e-7 degrees; `nil` where the camera wrote none.
    public var latitude: Int64?
    /// East, the same.
    public var longitude: Int64?
    /// 1 to 8, as in EXIF 2.32 §4.6.4; 1 where nothing is said.
    public var orientation = 1

    /// Nothing is known.
    public init() {}

    /// Reads the notes in a JPEG; whatever cannot be read is not there. Without the library nothing is.
    public init(reading bytes: [UInt8]) {
        guard let library = ExifLibrary.shared, let length = UInt32(exactly: bytes.count) else { return }
        guard let data = bytes.withUnsafeBufferPointer({ library.fromBytes($0.baseAddress, length) }) else { return }
        defer { library.unref(data) }
        let order = library.order(data)
        func value(_ ifd: ExifIfd, _ tag: UInt32, _ format: ExifFormat, _ size: Int) -> UnsafePointer<ExifEntry>? {
            guard let content = wardsync_exif_content(data, Int32(ifd.rawValue)),
                let entry = library.entry(content, ExifTag(rawValue: tag)), entry.pointee.format == format,
                entry.pointee.data != nil, entry.pointee.size >= size
            else { return nil }
            return UnsafePointer(entry)
        }
        if let entry = value(EXIF_IFD_0, 0x0112, EXIF_FORMAT_SHORT, 2) {
            let found = Int(library.short(entry.pointee.data, order))
            if (1...8).contains(found) { orientation = found }
        }
        /// Degrees, minutes and seconds, and the letter of the side of the world.
        func angle(_ tag: UInt32, _ side: UInt32, negative: Character) -> Int64? {
            guard let entry = value(EXIF_IFD_GPS, tag, EXIF_FORMAT_RATIONAL, 24),
                let letter = value(EXIF_IFD_GPS, side, EXIF_FORMAT_ASCII, 1)
            else { return nil }
            var degrees = 0.0
            for part in 0..<3 {
                let number = library.rational(entry.pointee.data + part * 8, order)
                guard number.denominator != 0 else { return nil }
                degrees += Double(number.numerator) / Double(number.denominator) / [1, 60, 3600][part]
            }
            guard degrees.isFinite, degrees <= 180 else { return nil }
            let sign: Int64 = Character(UnicodeScalar(letter.pointee.data[0])) == negative ? -1 : 1
            return sign * Int64((degrees * 1e7).rounded())
        }
        guard let north = angle(0x0002, 0x0001, negative: "S"), let east = angle(0x0004, 0x0003, negative: "W"),
            north.magnitude <= 900_000_000, north != 0 || east != 0
        else { return }
        latitude = north
        longitude = east
    }
}

/// The functions of libexif that are used.
///
/// `@unchecked Sendable`: function addresses, written once in `init` and never again.
private final class ExifLibrary: @unchecked Sendable {
    let fromBytes: wardsync_exif_from_bytes
    let unref: wardsync_exif_unref
    let order: wardsync_exif_order
    let entry: wardsync_exif_entry
    let rational: wardsync_exif_rational
    let short: wardsync_exif_short

    /// Opened at first use; `nil` where it is not installed.
    static let shared = ExifLibrary()

    private init?() {
        guard let handle = dlopen("libexif.so.12", RTLD_NOW | RTLD_LOCAL),
            let fromBytes = dlsym(handle, "exif_data_new_from_data"), let unref = dlsym(handle, "exif_data_unref"),
            let order = dlsym(handle, "exif_data_get_byte_order"),
            let entry = dlsym(handle, "exif_content_get_entry"), let rational = dlsym(handle, "exif_get_rational"),
            let short = dlsym(handle, "exif_get_short")
        else { return nil }
        self.fromBytes = unsafeBitCast(fromBytes, to: wardsync_exif_from_bytes.self)
        self.unref = unsafeBitCast(unref, to: wardsync_exif_unref.self)
        self.order = unsafeBitCast(order, to: wardsync_exif_order.self)
        self.entry = unsafeBitCast(entry, to: wardsync_exif_entry.self)
        self.rational = unsafeBitCast(rational, to: wardsync_exif_rational.self)
        self.short = unsafeBitCast(short, to: wardsync_exif_short.self)
    }
}
