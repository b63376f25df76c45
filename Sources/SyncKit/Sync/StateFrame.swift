// States of many documents side by side: what a new device is given in place of their histories.

/// Documents' states in columns, so that what repeats compresses well (`docs/protocol.md`, "States").
///
/// The bytes are `[codec, length, body]`, as a frame of change sets begins; the body is one CBOR array: the schema's
/// version, the devices that are named, how many documents there are, their
/// ids one after the other, the columns in the order of `StateColumn`, and the values by their fields. A receiver takes
/// at most `maxCount` documents with `maxParts` parts; it verifies nothing of them but that they are well formed: the
/// ward answers for them with its signature on the frame that holds them.
package enum StateFrame {
    /// The most documents of one frame.
    package static let maxCount = 4096
    /// The most entries, dots and slots of one frame together.
    static let maxParts = 200_000
    /// The longest body, in bytes.
    static let maxRaw = 1024 * 1024
    private static let partCount = 6
    /// States are many, and go out once in a device's life: worth a closer look for what repeats.
    private static let level: Int32 = 10

    /// The bytes of a frame that holds these states. Compressed without a dictionary: one that is trained on single
    /// change sets costs more than it saves where hundreds of documents stand side by side.
    package static func encode(_ states: [DocumentState]) -> Bytes {
        let body = body(of: states)
        let packed = ZstdCodec.compress(body, level: level, dictionary: nil)
        let isPlain = packed.count >= body.count
        var output = CBORWriter(reserving: packed.count + 24)
        output.arrayHeader(count: 3)
        output.unsigned(isPlain ? 0 : 1)
        output.unsigned(UInt64(body.count))
        output.byteString(isPlain ? body : packed)
        return output.bytes
    }

    private static func body(of states: [DocumentState]) -> Bytes {
        var writer = StateWriter()
        for state in states { writer.append(state) }
        var output = CBORWriter(reserving: 256 + 64 * states.count)
        output.arrayHeader(count: partCount)
        output.unsigned(Schema.version)
        output.arrayHeader(count: writer.devices.count)
        for device in writer.devices { output.byteString(device.digest) }
        output.byteString(writer.ids)
        output.arrayHeader(count: StateColumn.allCases.count)
        for column in StateColumn.allCases { output.byteString(writer.columns[column.rawValue]) }
        let fields = writer.values.keys.sorted()
        output.arrayHeader(count: fields.count)
        for field in fields { output.unsigned(UInt64(field)) }
        output.arrayHeader(count: fields.count)
        for field in fields { output.byteString(writer.values[field] ?? []) }
        return output.bytes
    }

    /// Reads the states of a frame.
    /// - Throws: `CBORError` for anything that no encoder of this version writes.
    package static func decode(_ bytes: Bytes) throws(CBORError) -> [DocumentState] {
        var reader = CBORReader(bytes)
        guard try reader.arrayHeader(max: 3) == 3 else { throw CBORError(.typeMismatch, at: 0) }
        let codec = try reader.unsigned()
        guard let length = Int(exactly: try reader.unsigned()), length <= maxRaw else {
            throw CBORError(.tooLong, at: reader.offset)
        }
        let packed = try reader.byteString(max: maxRaw)
        try reader.finish()
        if codec == 0 {
            guard packed.count == length else { throw CBORError(.truncated, at: 0) }
            return try decode(body: packed)
        }
        guard codec == 1 else { throw CBORError(.typeMismatch, at: 0) }
        let body: Bytes
        do {
            body = try ZstdCodec.decompress(packed, expectedLength: length, limit: maxRaw, dictionary: nil)
        } catch { throw CBORError(.truncated, at: 0) }
        return try decode(body: body)
    }

    private static func decode(body bytes: Bytes) throws(CBORError) -> [DocumentState] {
        let unfit = CBORError(.typeMismatch, at: 0)
        var reader = CBORReader(bytes)
        guard try reader.arrayHeader(max: partCount) == partCount, try reader.unsigned() == Schema.version else {
            throw unfit
        }
        var devices: [DeviceID] = []
        for _ in 0..<(try reader.arrayHeader(max: maxCount * 4)) { devices.append(DeviceID(try reader.digest())) }
        let ids = try reader.byteString(max: maxCount * Digest.byteCount)
        guard ids.count % Digest.byteCount == 0,
            try reader.arrayHeader(max: StateColumn.allCases.count) == StateColumn.allCases.count
        else { throw unfit }
        var columns: [ColumnReader] = []
        for _ in StateColumn.allCases { columns.append(ColumnReader(try reader.byteString(max: maxRaw))) }
        var fields: [UInt8] = []
        for _ in 0..<(try reader.arrayHeader(max: 256)) {
            guard let field = UInt8(exactly: try reader.unsigned()), field > fields.last ?? 0 || fields.isEmpty else {
                throw unfit
            }
            fields.append(field)
        }
        guard try reader.arrayHeader(max: 256) == fields.count else { throw unfit }
        var values: [UInt8: ColumnReader] = [:]
        for field in fields { values[field] = ColumnReader(try reader.byteString(max: maxRaw)) }
        try reader.finish()
        var states = StateReader(devices: devices, ids: ids, columns: columns, values: values)
        return try states.read(count: ids.count / Digest.byteCount)
    }
}

/// The columns of a frame of states, in their order on the wire. Each is a row of varints (`Varint`); "signed" ones
/// are in zigzag form.
enum StateColumn: Int, CaseIterable {
    /// Of each document: its kind, its author's place in the table of devices, and the author's sequence (signed, from
    /// the same author's last one).
    case kind, creator, creationSequence
    /// When it was made: seconds (signed, from the document before), and the counter.
    case creationSeconds, creationCounter
    /// How many change sets wrote what stands in it, and of each: the author's place, the sequence (signed, from the
    /// same author's last one), the position (signed: how much further it is from the sequence than the author's last
    /// one was), the effective seconds (signed, from the one before), the counter.
    case writeCount, writer, writeSequence, writePosition, writeSeconds, writeCounter
    /// What is later than all of these: of the last position and of the last effective time (signed).
    case lastPosition, lastEffective
    /// Dots that are not told by the rest: how many, the device's place, the sequence. For `tops`, `listed` and
    /// `readmitted` one after the other; readmitted ones are followed by their place and their entry.
    case dotCount, dotDevice, dotSequence, dotPosition
    /// Of each document the number of slots; of each slot its field with its key, and the number of its entries.
    case slotCount, slot, entryCount
    /// Of each entry: which write it is of, its place there, the action, the outcome, the workflow's state, whether it
    /// is settled.
    case entryWrite, entryIndex, entryAction, entryOutcome, entryState, entrySettled
    /// How its value is given: 0 as one CBOR item, 1 to 4 as that many dots, 5 as bytes; the bytes' count; which write
    /// of the document each dot is, from 1, or 0 for one that is given by its device and sequence.
    case valueForm, valueLength, valueDot, noteLength
}

/// One column while it is read.
struct ColumnReader {
    private let bytes: Bytes
    private var offset = 0

    init(_ bytes: Bytes) { self.bytes = bytes }

    var isAtEnd: Bool { offset >= bytes.count }

    mutating func number() throws(CBORError) -> UInt64 { try Varint.read(bytes, &offset, end: bytes.count) }

    /// The next CBOR item, undecoded.
    /// - Parameter max: the most bytes.
    mutating func item(max: Int) throws(CBORError) -> Bytes {
        var reader = CBORReader(bytes, range: offset..<bytes.count)
        let range = try reader.skipValue()
        guard range.count <= max else { throw CBORError(.tooLong, at: offset) }
        offset = range.upperBound
        return Bytes(bytes[range])
    }

    /// The next `count` bytes.
    mutating func take(_ count: Int) throws(CBORError) -> Bytes {
        guard count >= 0, count <= bytes.count - offset else { throw CBORError(.truncated, at: offset) }
        defer { offset += count }
        return Bytes(bytes[offset..<offset + count])
    }
}
