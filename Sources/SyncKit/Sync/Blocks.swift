// A body as a row of blocks, each with its length in front, so that each can be used as soon as it is there.

/// What a block of a request or an answer holds.
package enum BlockKind: UInt8, Sendable {
    /// The signed request.
    case request = 1
    /// A frame of change sets.
    case frame = 2
    /// A signed frame of an answer.
    case answer = 3
    /// Why the ward cannot answer.
    case refusal = 4
    /// A signed answer frame that the device kept, with the hash of the request that it answered: after a restore.
    case evidence = 5
    /// That the device succeeds another one, signed by both.
    case succession = 6
    /// A part of a file's content.
    case part = 7
    /// Which content a device asks for.
    case wish = 8
}

/// One block.
package struct Block: Hashable, Sendable {
    package var kind: BlockKind
    package var payload: Bytes

    package init(_ kind: BlockKind, _ payload: Bytes) {
        self.kind = kind
        self.payload = payload
    }

    /// Length (kind and payload, four bytes, most significant first), kind, payload.
    package var encoded: Bytes {
        let count = UInt32(truncatingIfNeeded: payload.count + 1)
        var bytes = Bytes()
        bytes.reserveCapacity(payload.count + 5)
        for shift in stride(from: UInt32(24), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: count >> shift))
        }
        bytes.append(kind.rawValue)
        bytes += payload
        return bytes
    }
}

/// Takes blocks out of a stream of bytes that arrives in pieces. Never holds more than one block.
package struct BlockReader {
    /// The largest block that is taken.
    package static let maxBlock = 128 * 1024

    private var buffer = Bytes()
    private var offset = 0

    package init() {}

    /// Whether the stream ended between two blocks.
    package var isAtBoundary: Bool { offset == buffer.count }

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if offset > 0 {
            buffer.removeFirst(offset)
            offset = 0
        }
        buffer.append(contentsOf: bytes)
    }

    package mutating func append(_ bytes: Bytes) { bytes.withUnsafeBytes { append($0) } }

    /// The next whole block; `nil` where more bytes are needed.
    package mutating func next() throws(ChangeSetError) -> Block? {
        guard buffer.count - offset >= 4 else { return nil }
        let count = (0..<4).reduce(0) { $0 << 8 | Int(buffer[offset + $1]) }
        guard count >= 1, count <= Self.maxBlock else { throw ChangeSetError(.tooLarge, "block") }
        guard buffer.count - offset - 4 >= count else { return nil }
        guard let kind = BlockKind(rawValue: buffer[offset + 4]) else { throw ChangeSetError(.malformed, "block") }
        let payload = Bytes(buffer[offset + 5..<offset + 4 + count])
        offset += 4 + count
        return Block(kind, payload)
    }
}
