// Handing content out in parts, as much of it as was asked for.

/// What a device asked for, on its way out. Holds the bytes of one file at a time.
struct OutgoingContent {
    private let wish: ContentWish
    private var next = 0
    private var sent = 0
    private var current: Current?

    /// A file of which parts are being handed out.
    private struct Current {
        let content: Bytes
        let root: Digest
        let leaves: [Digest]
        var parts: ArraySlice<(level: Int, index: Int)>
    }

    init(_ wish: ContentWish) { self.wish = wish }

    /// The payload of the next block; `nil` where there is no more, or the device wants no more now.
    /// - Parameter content: the bytes of a file; `nil` where the device may not read it.
    mutating func next<Failure: Error>(_ content: (Digest) throws(Failure) -> Bytes?) throws(Failure) -> Bytes? {
        while sent < wish.limit {
            if let place = current?.parts.popFirst(), let file = current {
                let part = Self.part(place, of: file.root, file.content, file.leaves)
                guard let part else { continue }
                guard sent + part.bytes.count <= wish.limit else { return nil }
                sent += part.bytes.count
                return part.encoded
            }
            current = nil
            guard next < wish.needs.count else { return nil }
            let need = wish.needs[next]
            next += 1
            guard let bytes = try content(need.root) else { continue }
            let count = ContentTree.leafCount(bytes.count)
            current = Current(
                content: bytes, root: need.root, leaves: ContentTree.leaves(of: bytes),
                parts: ContentTables.parts(
                    filling: need.runs ?? [0..<count], level: ContentTree.level(at: wish.level, length: bytes.count),
                    count: count)[...])
        }
        return nil
    }

    /// A part with its path.
    static func part(_ place: (level: Int, index: Int), of root: Digest, _ content: Bytes, _ leaves: [Digest])
        -> ContentPart?
    {
        guard let range = ContentTree.leaves(level: place.level, index: place.index, length: content.count) else {
            return nil
        }
        return ContentPart(
            root: root, level: place.level, index: place.index,
            path: ContentTree.path(leaves, level: place.level, index: place.index),
            bytes: Bytes(content[ContentTree.bytes(range, length: content.count)]))
    }
}
