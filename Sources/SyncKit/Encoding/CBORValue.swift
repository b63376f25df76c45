// A CBOR item as a tree, for what is unknown, small or shown to people.

/// One deterministic CBOR item. Equality and hash are those of the encoded bytes, so text is compared byte by byte and
/// not by canonical equivalence.
package indirect enum CBORValue: Sendable {
    case unsigned(UInt64)
    /// The value itself, below zero.
    case negative(Int64)
    case bytes(Bytes)
    case text(String)
    case array([CBORValue])
    case map([Pair])
    case bool(Bool)
    case null

    /// One entry of a map.
    package struct Pair: Hashable, Sendable {
        package var key: CBORValue
        package var value: CBORValue

        package init(_ key: CBORValue, _ value: CBORValue) {
            self.key = key
            self.value = value
        }
    }

    /// Decodes one item that takes all of `bytes`; the limits are those of `CBORReader.skipValue`.
    package init(decoding bytes: Bytes) throws(CBORError) {
        var reader = CBORReader(bytes)
        self = try reader.value()
        try reader.finish()
    }

    /// Writes the item with its map keys sorted. Of several entries with the same key the first one is written.
    package func encode(into writer: inout CBORWriter) {
        switch self {
        case .unsigned(let value): writer.unsigned(value)
        case .negative(let value): writer.integer(value)
        case .bytes(let value): writer.byteString(value)
        case .text(let value): writer.text(value)
        case .bool(let value): writer.bool(value)
        case .null: writer.null()
        case .array(let items):
            writer.arrayHeader(count: items.count)
            for item in items { item.encode(into: &writer) }
        case .map(let pairs):
            encodeMap(pairs, into: &writer)
        }
    }

    private func encodeMap(_ pairs: [Pair], into writer: inout CBORWriter) {
        // The sort is stable, so the first of equal keys stays in front.
        let sorted = pairs.map { (key: $0.key.encoded, value: $0.value) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        var distinct: [(key: Bytes, value: CBORValue)] = []
        distinct.reserveCapacity(sorted.count)
        for entry in sorted where distinct.last?.key != entry.key { distinct.append(entry) }
        writer.mapHeader(count: distinct.count)
        for entry in distinct {
            writer.raw(entry.key)
            entry.value.encode(into: &writer)
        }
    }

    package var encoded: Bytes {
        var writer = CBORWriter()
        encode(into: &writer)
        return writer.bytes
    }
}

extension CBORValue: Hashable {
    package static func == (left: CBORValue, right: CBORValue) -> Bool { left.encoded == right.encoded }

    package func hash(into hasher: inout Hasher) { hasher.combine(encoded) }
}

extension CBORReader {
    /// Reads one item as a tree, by the same rules as `skipValue`.
    package mutating func value() throws(CBORError) -> CBORValue {
        let start = offset
        do throws(CBORError) {
            return try value(depth: 0)
        } catch {
            offset = start
            throw error
        }
    }

    fileprivate mutating func value(depth: Int) throws(CBORError) -> CBORValue {
        let place = offset
        switch try head(at: place).major {
        case 0: return .unsigned(try unsigned())
        case 1: return .negative(try integer())
        case 2: return .bytes(try byteString(max: .max))
        case 3: return .text(try text(max: .max))
        case 4:
            guard depth < CBORReader.maximumDepth else { throw CBORError(.tooDeep, at: place) }
            let count = try arrayHeader(max: .max)
            var items: [CBORValue] = []
            for _ in 0..<count { items.append(try value(depth: depth + 1)) }
            return .array(items)
        case 5:
            guard depth < CBORReader.maximumDepth else { throw CBORError(.tooDeep, at: place) }
            let count = try mapHeader(max: .max)
            var pairs: [CBORValue.Pair] = []
            var previous: Range<Int>?
            for _ in 0..<count {
                let start = offset
                let key = try value(depth: depth + 1)
                if let previous { try checkOrder(previous, start..<offset) }
                previous = start..<offset
                pairs.append(CBORValue.Pair(key, try value(depth: depth + 1)))
            }
            return .map(pairs)
        case 7:
            if isNull() {
                try null()
                return .null
            }
            return .bool(try bool())
        default:
            throw CBORError(.tagNotAllowed, at: place)
        }
    }
}
