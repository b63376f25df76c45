// A frame's columns: many change sets side by side, so that what repeats compresses well.

/// The columns of a frame (`docs/protocol.md`, "Frames"). Each column holds one part of every change set that is
/// not given explicitly; what a receiver can compute is left out.
struct FrameColumns {
    var devices: [DeviceID] = []
    var count = 0
    var authors = Bytes()
    var sequences = Bytes()
    var seconds = Bytes()
    var counters = Bytes()
    var kinds = Bytes()
    var documents = Bytes()
    var seenTable: [SeenMark] = []
    var seenRefs = Bytes()
    var skeletonTable: [Bytes] = []
    var skeletonRefs = Bytes()
    var valueForms = Bytes()
    var values = Bytes()
    var previous: [(index: Int, hash: Digest)] = []
    var explicit: [(index: Int, envelope: Bytes)] = []
    /// Signatures, then salts, then document hashes: what does not compress.
    var raw = Bytes()

    /// The device that sends the frame, where the receiver knows it: its key is left out.
    var sender: DeviceID?

    static let partCount = 16

    func encodedBody() -> Bytes {
        var writer = CBORWriter(reserving: 256 + values.count + documents.count)
        writer.arrayHeader(count: Self.partCount)
        writer.arrayHeader(count: devices.count)
        for device in devices {
            if device == sender { writer.byteString(Bytes()) } else { writer.byteString(device.digest) }
        }
        writer.unsigned(UInt64(count))
        writer.unsigned(Schema.version)
        for column in [authors, sequences, seconds, counters, kinds, documents] { writer.byteString(column) }
        writer.arrayHeader(count: seenTable.count)
        for mark in seenTable { mark.write(to: &writer) }
        writer.byteString(seenRefs)
        writer.arrayHeader(count: skeletonTable.count)
        for skeleton in skeletonTable { writer.byteString(skeleton) }
        writer.byteString(skeletonRefs)
        writer.byteString(valueForms)
        writer.byteString(values)
        writer.arrayHeader(count: previous.count + explicit.count)
        for item in previous {
            writer.arrayHeader(count: 2)
            writer.unsigned(UInt64(item.index))
            writer.byteString(item.hash)
        }
        for item in explicit {
            writer.arrayHeader(count: 3)
            writer.unsigned(UInt64(item.index))
            writer.unsigned(0)
            writer.byteString(item.envelope)
        }
        return writer.bytes
    }

    init() {}

    init(decoding body: Bytes, raw: Bytes, sender: DeviceID?) throws(ChangeSetError) {
        do {
            try self.init(reading: body, raw: raw, sender: sender)
        } catch {
            throw ChangeSetError(error.code == .tooLong ? .tooLarge : .malformed, "frame")
        }
    }

    private init(reading body: Bytes, raw: Bytes, sender: DeviceID?) throws(CBORError) {
        let limit = ChangeSetLimits.maxFrameRaw
        let most = ChangeSetLimits.maxChangesInFrame
        var reader = CBORReader(body)
        guard try reader.arrayHeader(max: Self.partCount) == Self.partCount else {
            throw CBORError(.typeMismatch, at: 0)
        }
        for _ in 0..<(try reader.arrayHeader(max: most)) {
            let key = try reader.byteString(max: Digest.byteCount)
            guard let device = key.isEmpty ? sender : Digest(key).map(DeviceID.init) else {
                throw CBORError(.typeMismatch, at: reader.offset)
            }
            devices.append(device)
        }
        let given = try reader.unsigned()
        guard given <= UInt64(most), try reader.unsigned() == Schema.version else {
            throw CBORError(.tooLong, at: reader.offset)
        }
        count = Int(given)
        authors = try reader.byteString(max: limit)
        sequences = try reader.byteString(max: limit)
        seconds = try reader.byteString(max: limit)
        counters = try reader.byteString(max: limit)
        kinds = try reader.byteString(max: limit)
        documents = try reader.byteString(max: limit)
        for _ in 0..<(try reader.arrayHeader(max: most)) { seenTable.append(try SeenMark(reading: &reader)) }
        seenRefs = try reader.byteString(max: limit)
        for _ in 0..<(try reader.arrayHeader(max: most)) {
            skeletonTable.append(try reader.byteString(max: ChangeSetLimits.maxSkeleton))
        }
        skeletonRefs = try reader.byteString(max: limit)
        valueForms = try reader.byteString(max: limit)
        values = try reader.byteString(max: limit)
        for _ in 0..<(try reader.arrayHeader(max: 2 * most)) {
            let parts = try reader.arrayHeader(max: 3)
            let index = try reader.unsigned()
            guard index < given else { throw CBORError(.tooLong, at: reader.offset) }
            if parts == 2 {
                previous.append((Int(index), try reader.digest()))
            } else {
                guard parts == 3, try reader.unsigned() == 0 else {
                    throw CBORError(.typeMismatch, at: reader.offset)
                }
                explicit.append((Int(index), try reader.byteString(max: ChangeSetLimits.maxFrameRaw)))
            }
        }
        try reader.finish()
        self.raw = raw
    }
}

/// The outer shape of a frame: how the columns are compressed, beside what does not compress.
enum FrameEnvelope {
    static func encode(columns: FrameColumns, dictionary: CompressionDictionary?, level: Int32, plain: Bool) -> Bytes {
        let body = columns.encodedBody()
        let packed = plain ? body : ZstdCodec.compress(body, level: level, dictionary: dictionary)
        let usesPlain = plain || packed.count >= body.count
        var writer = CBORWriter(reserving: packed.count + columns.raw.count + 24)
        writer.arrayHeader(count: 4)
        writer.unsigned(usesPlain ? 0 : UInt64(dictionary?.id ?? 1))
        writer.unsigned(UInt64(body.count))
        writer.byteString(usesPlain ? body : packed)
        writer.byteString(columns.raw)
        return writer.bytes
    }

    /// - Parameter sender: the device that sent the frame, for which an empty key stands; `nil` where none may.
    static func decode(
        _ bytes: Bytes, dictionary: (UInt32) -> CompressionDictionary?, sender: DeviceID? = nil
    ) throws(ChangeSetError) -> FrameColumns {
        let limit = ChangeSetLimits.maxFrameRaw
        guard bytes.count <= limit else { throw ChangeSetError(.tooLarge, "frame") }
        let codec: UInt64
        let length: UInt64
        let body: Bytes
        let raw: Bytes
        do {
            var reader = CBORReader(bytes)
            guard try reader.arrayHeader(max: 4) == 4 else { throw CBORError(.typeMismatch, at: 0) }
            codec = try reader.unsigned()
            length = try reader.unsigned()
            body = try reader.byteString(max: limit)
            raw = try reader.byteString(max: limit)
            try reader.finish()
        } catch { throw ChangeSetError(.malformed, "frame") }
        guard length <= UInt64(limit) else { throw ChangeSetError(.tooLarge, "frame") }
        switch codec {
        case 0:
            guard body.count == Int(length) else { throw ChangeSetError(.malformed, "frame") }
            return try FrameColumns(decoding: body, raw: raw, sender: sender)
        default:
            var named: CompressionDictionary?
            if codec > 1 {
                guard let id = UInt32(exactly: codec), let found = dictionary(id) else {
                    throw ChangeSetError(.unknownDictionary, "frame")
                }
                named = found
            }
            do {
                let plain = try ZstdCodec.decompress(body, expectedLength: Int(length), limit: limit, dictionary: named)
                return try FrameColumns(decoding: plain, raw: raw, sender: sender)
            } catch let error as ChangeSetError {
                throw error
            } catch { throw ChangeSetError(.malformed, "frame") }
        }
    }
}
