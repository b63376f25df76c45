// Reads a header strictly, and carries keys that it does not know.

extension ChangeSetHeader {
    /// The largest key that this version knows; larger ones are carried literally.
    private static let lastKey: UInt64 = 14

    /// Reads the bytes that were signed. Unknown keys above the known ones are skipped: the bytes themselves
    /// are what is stored and verified, so nothing is lost.
    package init(decoding bytes: Bytes) throws(ChangeSetError) {
        guard bytes.count <= ChangeSetLimits.maxHeader else { throw ChangeSetError(.tooLarge, "header") }
        do {
            try self.init(reading: bytes)
        } catch {
            throw ChangeSetError(error == .version ? .unknownVersion : .malformed, "header")
        }
    }

    private enum Fault: Error {
        case version
        case shape
    }

    private init(reading bytes: Bytes) throws(Fault) {
        var check = CBORReader(bytes)
        do {
            _ = try check.skipValue()
            try check.finish()
        } catch { throw .shape }
        var version: UInt64?
        var device: Digest?
        var sequence: UInt64?
        var previous: Digest?
        var time: UInt64?
        var kind: UInt64?
        var document: Digest?
        var schema: UInt64?
        var seen: SeenMark?
        var dots: [Dot] = []
        var reissues: Digest?
        var skeletonHash: Digest?
        var skeletonLength: UInt64?
        var valuesHash: Digest?
        var valuesLength: UInt64?
        do {
            var reader = CBORReader(bytes)
            for _ in 0..<(try reader.mapHeader(max: 64)) {
                let key = try reader.unsigned()
                switch key {
                case 0: version = try reader.unsigned()
                case 1: device = try reader.digest()
                case 2: sequence = try reader.unsigned()
                case 3: previous = try reader.digest()
                case 4: time = try reader.unsigned()
                case 5: kind = try reader.unsigned()
                case 6: document = try reader.digest()
                case 7: schema = try reader.unsigned()
                case 8: seen = try SeenMark(reading: &reader)
                case 9: dots = try Self.readDots(&reader)
                case 10: reissues = try reader.digest()
                case 11: skeletonHash = try reader.digest()
                case 12: skeletonLength = try reader.unsigned()
                case 13: valuesHash = try reader.digest()
                case 14: valuesLength = try reader.unsigned()
                default: _ = try reader.skipValue()
                }
            }
        } catch { throw .shape }
        if let version, version != Self.formatVersion { throw .version }
        guard version != nil, let device, let sequence, let time, let kind, let schema, let seen, let skeletonHash,
            let skeletonLength, sequence >= 1, sequence < 1 << 48, (previous == nil) == (sequence == 1),
            (valuesHash == nil) == (valuesLength == nil), valuesLength != 0
        else { throw .shape }
        guard !dots.contains(where: { $0.device.digest == device }) else { throw .shape }
        self.init(
            device: DeviceID(device), sequence: sequence, previous: previous, authorTime: HybridTime(rawValue: time),
            kind: kind, document: document, schemaVersion: schema, seen: seen, seenDots: dots, reissues: reissues,
            skeletonHash: skeletonHash, skeletonLength: skeletonLength, valuesHash: valuesHash,
            valuesLength: valuesLength ?? 0)
    }

    /// A non-empty list of dots, strictly ascending.
    private static func readDots(_ reader: inout CBORReader) throws(CBORError) -> [Dot] {
        let start = reader.offset
        let count = try reader.arrayHeader(max: ChangeSetLimits.maxSeenDots)
        var dots: [Dot] = []
        for _ in 0..<count {
            let dot = try Dot(reading: &reader)
            if let last = dots.last, last >= dot { throw CBORError(.unsortedKeys, at: start) }
            dots.append(dot)
        }
        guard !dots.isEmpty else { throw CBORError(.typeMismatch, at: start) }
        return dots
    }
}
