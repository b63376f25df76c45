// Whether an encoded value has the form that its field wants.

extension ValueType {
    /// Whether a value fits: its type, its length and its range. `null` fits every register: it clears.
    package func fits(_ value: Bytes) -> Bool {
        var reader = CBORReader(value)
        if reader.isNull() { return true }
        do {
            try check(&reader)
            try reader.finish()
            return true
        } catch { return false }
    }

    private func check(_ reader: inout CBORReader) throws(CBORError) {
        let unfit = CBORError(.typeMismatch, at: reader.offset)
        switch self {
        case .text(let max):
            try checkText(&reader, max: max)
        case .code:
            try checkText(&reader, max: ValueType.maxCodeLength)
        case .area:
            guard AreaCode.isValid(try reader.text(max: AreaCode.maxLength)) else { throw unfit }
        case .integer, .time: _ = try reader.integer()
        case .boolean: _ = try reader.bool()
        case .bytes(let max): _ = try reader.byteStringRange(max: max)
        case .location:
            guard try reader.arrayHeader(max: 3) == 3 else { throw unfit }
            let latitude = try reader.integer()
            let longitude = try reader.integer()
            let accuracy = try reader.integer()
            guard (-900_000_000...900_000_000).contains(latitude), (-1_800_000_000...1_800_000_000).contains(longitude),
                (0...1_000_000).contains(accuracy)
            else { throw unfit }
        case .sealed:
            let parts = try reader.arrayHeader(max: 2)
            // It stands in the box of an earlier value.
            if parts == 0 { return }
            guard parts == 2, try reader.byteStringRange(max: 8).count == 8 else { throw unfit }
            _ = try reader.byteStringRange(max: Self.maxBoxLength)
        case .coded(let max):
            guard try reader.arrayHeader(max: 2) == 2 else { throw unfit }
            try checkText(&reader, max: ValueType.maxCodeLength)
            try checkText(&reader, max: max)
        case .answer:
            guard try reader.arrayHeader(max: 4) == 4 else { throw unfit }
            guard (1...3).contains(try reader.unsigned()) else { throw unfit }
            _ = try reader.integer()
            _ = try reader.integer()
            _ = try reader.byteStringRange(max: 8 * 1024)
        case .attachment: _ = try Attachment(reading: &reader)
        }
    }

    /// The longest sealed box, in bytes.
    package static let maxBoxLength = 8 * 1024

    /// The longest code, in bytes of UTF-8.
    package static let maxCodeLength = 64

    /// A text of at most `max` bytes of UTF-8, without making a string of it.
    private func checkText(_ reader: inout CBORReader, max: Int) throws(CBORError) {
        let unfit = CBORError(.typeMismatch, at: reader.offset)
        guard try reader.peekMajor() == 3 else { throw unfit }
        let length = try reader.skipValue().count
        let head = length <= 24 ? 1 : length <= 257 ? 2 : length <= 65_538 ? 3 : 5
        guard length - head <= max else { throw unfit }
    }
}
