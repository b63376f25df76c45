// Short addresses: a change set's dot, a place in the ward log, and what an author had seen.

/// The short address of a change set: the device that made it, and the number it gave it.
public struct Dot: Hashable, Comparable, Sendable {
    /// The author's device.
    public var device: DeviceID
    /// 1 for the device's first change set, then one more each.
    public var sequence: UInt64

    /// Beyond what any device writes: a greater number in what comes in is refused where it is read.
    package static let maxSequence: UInt64 = (1 << 48) - 1

    /// The dot of a device's change set.
    public init(device: DeviceID, sequence: UInt64) {
        self.device = device
        self.sequence = sequence
    }

    /// By device, then by sequence: an order for canonical encodings, without meaning.
    public static func < (a: Dot, b: Dot) -> Bool {
        a.device == b.device ? a.sequence < b.sequence : a.device < b.device
    }

    /// As items, forms and commands name it: the device's key and the sequence.
    package var text: String { "\(device):\(sequence)" }

    /// Reads what `text` writes; `nil` for anything else.
    package init?(text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let device = Digest(hex: String(parts[0])), let sequence = UInt64(parts[1]),
            sequence <= Self.maxSequence
        else { return nil }
        self.init(device: DeviceID(device), sequence: sequence)
    }

    package func write(to writer: inout CBORWriter) {
        writer.arrayHeader(count: 2)
        writer.byteString(device.digest)
        writer.unsigned(sequence)
    }

    package init(reading reader: inout CBORReader) throws(CBORError) {
        guard try reader.arrayHeader(max: 2) == 2 else {
            throw CBORError(.typeMismatch, at: reader.offset)
        }
        device = DeviceID(try reader.digest())
        sequence = try reader.sequence()
    }
}

extension CBORReader {
    /// The number of a change set in its chain, at most `Dot.maxSequence`.
    mutating func sequence() throws(CBORError) -> UInt64 {
        let place = offset
        let sequence = try unsigned()
        guard sequence <= Dot.maxSequence else { throw CBORError(.typeMismatch, at: place) }
        return sequence
    }
}

/// Where an entry stands in the ward log: the epoch and the number of the entry, counted from 1, so that
/// "seen up to position n" and "a tree of size n" are the same number.
public struct Position: Hashable, Comparable, Sendable {
    /// Epoch in the upper 16 bits, number in the lower 48.
    public var rawValue: UInt64

    /// A position from its packed form.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The position of entry `index` of `epoch`; both are cut to their range.
    public init(epoch: UInt64, index: UInt64) {
        rawValue = (min(epoch, 0xFFFF) << 48) | min(index, 0xFFFF_FFFF_FFFF)
    }

    /// Before the first entry.
    public static let start = Position(rawValue: 0)

    /// The ward log's epoch: one more after each restore.
    public var epoch: UInt64 { rawValue >> 48 }
    /// The number of the entry, from 1; 0 before the first.
    public var index: UInt64 { rawValue & 0xFFFF_FFFF_FFFF }

    /// By epoch, then by number.
    public static func < (a: Position, b: Position) -> Bool { a.rawValue < b.rawValue }
}

/// The position up to which an author had applied the ward log, with the first eight bytes of the root there.
public struct SeenMark: Hashable, Sendable {
    /// The last entry that was applied.
    public var position: Position
    /// The first eight bytes of the Merkle root of the log up to there.
    public var root: UInt64

    /// A mark at a position.
    public init(position: Position, root: UInt64) {
        self.position = position
        self.root = root
    }

    package func write(to writer: inout CBORWriter) {
        writer.arrayHeader(count: 3)
        writer.unsigned(position.epoch)
        writer.unsigned(position.index)
        writer.byteString(word: root)
    }

    package init(reading reader: inout CBORReader) throws(CBORError) {
        let start = reader.offset
        guard try reader.arrayHeader(max: 3) == 3 else { throw CBORError(.typeMismatch, at: start) }
        let epoch = try reader.unsigned()
        let index = try reader.unsigned()
        guard epoch <= 0xFFFF, index <= 0xFFFF_FFFF_FFFF else {
            throw CBORError(.integerOverflow, at: start)
        }
        position = Position(epoch: epoch, index: index)
        let place = try reader.byteStringRange(max: 8)
        guard let word = UInt64(bigEndianBytes: reader.bytes[place]) else { throw CBORError(.typeMismatch, at: start) }
        root = word
    }
}

extension Array where Element == UInt8 {
    /// The eight bytes of a word, most significant first.
    package init(bigEndian word: UInt64) {
        self = Swift.withUnsafeBytes(of: word.bigEndian) { Array($0) }
    }
}

extension UInt64 {
    /// The word of exactly eight bytes, most significant first.
    package init?(bigEndianBytes bytes: some Collection<UInt8>) {
        guard bytes.count == 8 else { return nil }
        self = bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
