// Content on the wire: a part that verifies by itself, what is lacking, and what is asked for.

/// A part of a content (`docs/protocol.md`, "Content"): `[root, level, index, path, bytes]`.
package struct ContentPart: Hashable, Sendable {
    /// The longest payload of a block that holds one.
    package static let maxPayload = (1 << ContentTree.maxLevel) * ContentTree.leafLength + 1024

    package var root: Digest
    package var level: Int
    package var index: Int
    package var path: [Digest]
    package var bytes: Bytes

    package init(root: Digest, level: Int, index: Int, path: [Digest], bytes: Bytes) {
        self.root = root
        self.level = level
        self.index = index
        self.path = path
        self.bytes = bytes
    }

    package var encoded: Bytes {
        var writer = CBORWriter(reserving: bytes.count + 32 * path.count + 64)
        writer.arrayHeader(count: 5)
        writer.byteString(root)
        writer.unsigned(UInt64(level))
        writer.unsigned(UInt64(index))
        writer.byteString(MerkleProof.bytes(path))
        writer.byteString(bytes)
        return writer.bytes
    }

    /// Reads a block's payload; `nil` for what is no part. Its bytes are not verified.
    package init?(decoding payload: Bytes) {
        var reader = CBORReader(payload)
        let most = 1 << ContentTree.maxLevel
        guard payload.count <= Self.maxPayload, (try? reader.arrayHeader(max: 5)) == 5, let root = try? reader.digest(),
            let level = try? reader.unsigned(), level <= UInt64(ContentTree.maxLevel),
            let index = try? reader.unsigned(),
            index < UInt64(ContentTree.leafCount(Attachment.maxLength)),
            let path = (try? reader.byteString(max: 32 * 16)).flatMap({ MerkleProof.path($0) }),
            let bytes = try? reader.byteString(max: most * ContentTree.leafLength), reader.isAtEnd
        else { return nil }
        self.init(root: root, level: Int(level), index: Int(index), path: path, bytes: bytes)
    }
}

/// What is lacking of a content: `[root, first, count, …]`. Nothing behind the root: all of it; a single run of no
/// leaves: the ward does not take it now.
package struct ContentNeed: Hashable, Sendable {
    /// The most runs of one content that are named; the rest later.
    package static let maxRuns = 16
    /// The most contents that are named at once.
    package static let maxCount = 32

    package var root: Digest
    /// `nil`: all of it.
    package var runs: [Range<Int>]?

    package init(root: Digest, runs: [Range<Int>]?) {
        self.root = root
        self.runs = runs
    }

    /// The ward does not take it now.
    package var isDeferred: Bool { runs?.isEmpty ?? false }

    /// Whether a ward may lack more than an answer names: those that it takes stand first in it.
    static func mayHideMore(_ named: [ContentNeed]) -> Bool {
        named.count >= maxCount && !named.contains { $0.isDeferred }
    }

    package func write(to writer: inout CBORWriter) {
        let runs = runs.map { $0.isEmpty ? [0..<0] : Array($0.prefix(Self.maxRuns)) } ?? []
        writer.arrayHeader(count: 1 + 2 * runs.count)
        writer.byteString(root)
        for run in runs {
            writer.unsigned(UInt64(run.lowerBound))
            writer.unsigned(UInt64(run.count))
        }
    }

    package init(reading reader: inout CBORReader) throws(CBORError) {
        let unfit = CBORError(.typeMismatch, at: reader.offset)
        let parts = try reader.arrayHeader(max: 1 + 2 * Self.maxRuns)
        guard parts >= 1, parts & 1 == 1 else { throw unfit }
        root = try reader.digest()
        if parts == 1 { return }
        let most = UInt64(ContentTree.leafCount(Attachment.maxLength))
        var found: [Range<Int>] = []
        for _ in 0..<parts / 2 {
            let first = try reader.unsigned()
            let count = try reader.unsigned()
            guard first <= most, count <= most else { throw unfit }
            if count > 0 { found.append(Int(first)..<Int(first + count)) }
        }
        runs = found
    }
}

/// What a device asks for, in a block of its own: `[bytes, level, [need, …]]`.
package struct ContentWish: Hashable, Sendable {
    package static let maxPayload = 16 * 1024

    /// The most bytes of content that the answer may bring.
    package var limit: Int
    /// How large the parts may be.
    package var level: Int
    package var needs: [ContentNeed]

    package init(limit: Int, level: Int, needs: [ContentNeed]) {
        self.limit = limit
        self.level = level
        self.needs = needs
    }

    package var encoded: Bytes {
        var writer = CBORWriter(reserving: 64)
        writer.arrayHeader(count: 3)
        writer.unsigned(UInt64(max(0, limit)))
        writer.unsigned(UInt64(max(0, level)))
        writer.arrayHeader(count: needs.count)
        for need in needs { need.write(to: &writer) }
        return writer.bytes
    }

    package init?(decoding payload: Bytes) {
        var reader = CBORReader(payload)
        guard payload.count <= Self.maxPayload, (try? reader.arrayHeader(max: 3)) == 3,
            let limit = try? reader.unsigned(), let level = try? reader.unsigned(),
            level <= UInt64(ContentTree.maxLevel), let count = try? reader.arrayHeader(max: ContentNeed.maxCount)
        else { return nil }
        var needs: [ContentNeed] = []
        for _ in 0..<count {
            guard let need = try? ContentNeed(reading: &reader) else { return nil }
            needs.append(need)
        }
        guard reader.isAtEnd else { return nil }
        self.init(limit: Int(clamping: limit), level: Int(level), needs: needs)
    }
}
