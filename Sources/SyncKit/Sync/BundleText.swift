// A small part as a series of texts: one QR code each, shown on one screen and read by another.

/// One text of a series: a slice of the file of a part, with its place.
package struct BundleText: Hashable, Sendable {
    /// The most texts of one series; what needs more goes by file.
    package static let most = 64
    /// The bytes of a slice: with the head below 620 characters, which a code of 69 modules holds; that is 77 columns
    /// on a terminal with its quiet zone.
    static let sliceLength = 360
    private static let prefix = "WARDBUNDLE1-"
    private static let headLength = 15
    private static let checkLength = 4
    /// The longest text that is read.
    private static let longest = 1200

    /// The beginning of the hash of the whole file.
    package var series: UInt64
    /// From 1 on.
    package var number: Int
    package var count: Int
    package var slice: Bytes

    /// What the series is called on a shelf.
    var row: Digest { Digest(Bytes(bigEndian: series) + Bytes(repeating: 0, count: 24)) ?? .zero }

    /// The series for a file, in capitals that QR codes hold in little room; `nil` where it is too long.
    package static func series(of file: Bytes) -> [String]? {
        let count = (file.count + sliceLength - 1) / sliceLength
        guard (1...most).contains(count) else { return nil }
        let series = Blake2b.hash(file).prefix8
        return (0..<count).map { index in
            let slice = Bytes(file[index * sliceLength..<min((index + 1) * sliceLength, file.count)])
            return BundleText(series: series, number: index + 1, count: count, slice: slice).text
        }
    }

    private init(series: UInt64, number: Int, count: Int, slice: Bytes) {
        self.series = series
        self.number = number
        self.count = count
        self.slice = slice
    }

    private static func check(_ bytes: some Sequence<UInt8>) -> Bytes {
        Bytes(Blake2b.hash(Bytes("wardsync/v1/bundle-text".utf8) + [0] + Bytes(bytes)).bytes.prefix(checkLength))
    }

    private var text: String {
        let head = Bytes(bigEndian: series) + [0, UInt8(clamping: number), UInt8(clamping: count)]
        return Self.prefix + Base32.encode(head + Self.check(head + slice) + slice).uppercased()
    }

    /// Reads a text as a scanner gives it: either case, blanks anywhere.
    /// - Returns: `nil` for any other text, and for one of which a character was misread.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.longest else { return nil }
        let line = String(decoding: text.utf8.filter { $0 > 0x20 }, as: UTF8.self).uppercased()
        guard line.hasPrefix(Self.prefix), let bytes = Base32.decode(String(line.dropFirst(Self.prefix.utf8.count))),
            bytes.count > Self.headLength, let series = UInt64(bigEndianBytes: bytes[0..<8]), bytes[8] == 0
        else { return nil }
        let slice = bytes[Self.headLength...]
        guard Self.check(bytes[..<11] + slice).elementsEqual(bytes[11..<Self.headLength]),
            (1...Self.most).contains(Int(bytes[10])), (1...Int(bytes[10])).contains(Int(bytes[9])),
            slice.count <= Self.sliceLength
        else { return nil }
        self.init(series: series, number: Int(bytes[9]), count: Int(bytes[10]), slice: Bytes(slice))
    }
}
