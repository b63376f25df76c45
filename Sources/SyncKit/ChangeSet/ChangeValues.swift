// The values of a change set: a salt, then one value for each operation that takes one.

/// The values beside a skeleton: a CBOR sequence of the salt (16 bytes, or empty where nothing needs one) and
/// the values in the order of the operations. Kept as the bytes that were hashed.
package struct ChangeValues: Hashable, Sendable {
    /// The bytes that the header's hash covers.
    package let bytes: Bytes
    /// Where each value stands in `bytes`: the first by itself, because most change sets have one.
    private let first: Range<Int>
    private let rest: [Range<Int>]

    /// The number of values.
    package let count: Int

    /// The encoded value for the operation that takes the `index`-th value.
    package func value(_ index: Int) -> Bytes {
        guard index < count else { return [] }
        return Bytes(bytes[index == 0 ? first : rest[index - 1]])
    }

    private init(_ bytes: Bytes, _ ranges: [Range<Int>]) {
        self.bytes = bytes
        first = ranges.first ?? 0..<0
        rest = Array(ranges.dropFirst())
        count = ranges.count
    }

    /// Puts values together; `salt` is empty or 16 bytes.
    package init(salt: Bytes, values: [Bytes]) {
        var writer = CBORWriter(reserving: values.reduce(20) { $0 + $1.count })
        writer.byteString(salt)
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(values.count)
        for value in values {
            let start = writer.bytes.count
            writer.raw(value)
            ranges.append(start..<writer.bytes.count)
        }
        self.init(writer.bytes, ranges)
    }

    /// Values whose items were read as deterministic CBOR before, with the salt in front of them.
    init(checked bytes: Bytes, first: Range<Int>, rest: [Range<Int>]) {
        self.bytes = bytes
        self.first = first
        self.rest = rest
        count = 1 + rest.count
    }

    /// Values that stand in a longer buffer, as a frame's column holds them, shared instead of copied.
    init(column: Bytes, _ reader: inout CBORReader, count: Int) throws(CBORError) {
        bytes = column
        self.count = count
        first = try reader.skipValue()
        var rest: [Range<Int>] = []
        for _ in 1..<max(1, count) { rest.append(try reader.skipValue()) }
        self.rest = rest
    }

    /// Reads values strictly: every value is deterministic CBOR, and nothing trails.
    package init(decoding bytes: Bytes) throws(ChangeSetError) {
        do {
            var reader = CBORReader(bytes)
            let salt = try reader.byteStringRange(max: ChangeSetLimits.saltLength)
            guard salt.isEmpty || salt.count == ChangeSetLimits.saltLength else {
                throw ChangeSetError(.malformed, "salt")
            }
            var ranges: [Range<Int>] = []
            while !reader.isAtEnd {
                guard ranges.count < ChangeSetLimits.maxOperations else { throw ChangeSetError(.tooLarge, "values") }
                ranges.append(try reader.skipValue())
            }
            self.init(bytes, ranges)
        } catch let error as ChangeSetError {
            throw error
        } catch {
            throw ChangeSetError(.malformed, "values")
        }
    }
}
