// The bytes of a file of any size as UTF-8, a piece at a time, whatever encoding it has.
import Glibc
import SyncKit

/// Reads a file, standard input or bytes, and hands out UTF-8 byte by byte. What its encoding does not have comes
/// out as bytes that are not UTF-8, so that the row it stands in is refused and no other.
struct TextStream {
    /// So much is looked at to find the encoding, in bytes.
    private static let headLength = 256 * 1024
    private static let blockLength = 64 * 1024

    let found: FoundEncoding
    /// The size of the file, where it has one.
    let size: Int?
    private let descriptor: Int32
    private let path: String
    private let shouldStop: @Sendable () -> Bool
    private let table: Windows1258?

    private var buffer: Bytes
    private var next: Int
    /// Bytes of a character that the end of a block cut.
    private var carry = Bytes()
    private var isAtEnd = false

    var encoding: TextEncoding { found.encoding }

    /// Opens `path`, or standard input for `-`.
    /// - Parameters:
    ///   - encoding: the operator's word; nil to find it out.
    ///   - shouldStop: asked when a signal ends a wait for more.
    init(path: String, encoding: TextEncoding? = nil, shouldStop: @escaping @Sendable () -> Bool = { false })
        throws(ImportFailure)
    {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(.last(path)) }
        do {
            var head = Bytes()
            while head.count < Self.headLength,
                let block = try Self.read(descriptor, path, Self.headLength - head.count, shouldStop)
            {
                head += block
            }
            var status = stat()
            let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            try self.init(
                descriptor, path, head, encoding, size: isFile ? Int(status.st_size) : nil, shouldStop: shouldStop)
        } catch {
            _ = Glibc.close(descriptor)
            throw error
        }
    }

    /// Reads bytes in memory.
    init(bytes: Bytes, encoding: TextEncoding? = nil) throws(ImportFailure) {
        try self.init(-1, "", bytes, encoding, size: bytes.count, shouldStop: { false })
        isAtEnd = true
        finishDecoding()
    }

    private init(
        _ descriptor: Int32, _ path: String, _ head: Bytes, _ encoding: TextEncoding?, size: Int?,
        shouldStop: @escaping @Sendable () -> Bool
    ) throws(ImportFailure) {
        if head.isEmpty { throw .empty }
        if let kind = FileKind.telling(head) { throw .notText(kind) }
        self.descriptor = descriptor
        self.path = path
        self.shouldStop = shouldStop
        self.size = size
        found = try FoundEncoding.finding(head, given: encoding)
        table = found.encoding == .windows1258 ? try Windows1258() : nil
        buffer = Bytes()
        next = 0
        decode(found.markLength == 0 ? head : Bytes(head.dropFirst(found.markLength)))
    }

    func close() { if descriptor >= 0 { _ = Glibc.close(descriptor) } }

    /// The first byte that is no white space, as far as the beginning was looked at.
    var firstSolid: UInt8? { buffer[next...].first { !($0 == 0x20 || (0x09...0x0D).contains($0)) } }

    /// The next byte without taking it; nil at the end.
    @inline(__always)
    mutating func peek() throws(ImportFailure) -> UInt8? {
        if next == buffer.count { try fill() }
        return next < buffer.count ? buffer[next] : nil
    }

    /// Takes the next byte; nil at the end.
    @inline(__always)
    mutating func take() throws(ImportFailure) -> UInt8? {
        guard let byte = try peek() else { return nil }
        next += 1
        return byte
    }

    private mutating func fill() throws(ImportFailure) {
        while next == buffer.count, !isAtEnd {
            buffer.removeAll(keepingCapacity: true)
            next = 0
            if let block = try Self.read(descriptor, path, Self.blockLength, shouldStop) {
                decode(block)
            } else {
                isAtEnd = true
                finishDecoding()
            }
        }
    }

    /// Some bytes; nil at the end.
    private static func read(
        _ descriptor: Int32, _ path: String, _ most: Int, _ shouldStop: () -> Bool
    ) throws(ImportFailure) -> Bytes? {
        var block = Bytes(repeating: 0, count: most)
        while true {
            // A signal right before a read would not end it, so the wait is in short pieces.
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let isReady = poll(&waiting, 1, 250)
            if shouldStop() { throw .interrupted }
            if isReady == 0 { continue }
            let count = Glibc.read(descriptor, &block, most)
            if count > 0 { return Bytes(block.prefix(count)) }
            if count == 0 { return nil }
            guard errno == EINTR else { throw .file(.last(path)) }
        }
    }

    // MARK: Decoding

    private mutating func decode(_ block: Bytes) {
        switch found.encoding {
        case .utf8:
            if buffer.isEmpty { buffer = block } else { buffer += block }
        case .windows1258:
            guard let table else { return }
            for byte in block { buffer += table.characters[Int(byte)] }
        case .utf16LittleEndian, .utf16BigEndian: decode16(carry + block)
        }
    }

    private mutating func decode16(_ bytes: Bytes) {
        let low = found.encoding == .utf16LittleEndian ? 0 : 1
        func unit(_ place: Int) -> UInt32 { UInt32(bytes[place + low]) | UInt32(bytes[place + 1 - low]) << 8 }
        var place = 0
        while bytes.count - place >= 2 {
            let first = unit(place)
            guard (0xD800..<0xDC00).contains(first) else {
                append(first)
                place += 2
                continue
            }
            guard bytes.count - place >= 4 else { break }
            let second = unit(place + 2)
            if (0xDC00..<0xE000).contains(second) {
                append(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
                place += 4
            } else {
                append(first)
                place += 2
            }
        }
        carry = Bytes(bytes.dropFirst(place))
    }

    /// The bytes of a code point; those of half a pair are not UTF-8, which is what its row is refused for.
    private mutating func append(_ point: UInt32) {
        func part(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: point >> shift) & 0x3F }
        switch point {
        case 0..<0x80: buffer.append(UInt8(truncatingIfNeeded: point))
        case 0..<0x800: buffer += [0xC0 | UInt8(truncatingIfNeeded: point >> 6), part(0)]
        case 0..<0x10000: buffer += [0xE0 | UInt8(truncatingIfNeeded: point >> 12), part(6), part(0)]
        default: buffer += [0xF0 | UInt8(truncatingIfNeeded: point >> 18), part(12), part(6), part(0)]
        }
    }

    private mutating func finishDecoding() {
        if !carry.isEmpty { buffer.append(0xFF) }
        carry = []
    }
}
