// Handing content out in parts, as much of it as was asked for.

/// What a device asked for, on its way out. Holds no bytes of a file between two parts, however slowly they are read.
struct OutgoingContent {
    private let wish: ContentWish
    private var next = 0
    private var sent = 0
    private var current: Current?

    /// A file of which parts are being handed out.
    private struct Current {
        let length: Int
        let root: Digest
        let leaves: [Digest]
        var parts: ArraySlice<(level: Int, index: Int)>
    }

    init(_ wish: ContentWish) { self.wish = wish }

    /// The payload of the next block; `nil` where there is no more, or the device wants no more now.
    /// - Parameter content: a range of a file's bytes, or all of them; `nil` where the device may not read it.
    mutating func next<Failure: Error>(_ content: (Digest, Range<Int>?) throws(Failure) -> Bytes?) throws(Failure)
        -> Bytes?
    {
        while sent < wish.limit {
            if let place = current?.parts.popFirst(), let file = current {
                guard let range = Self.range(place, length: file.length) else { continue }
                guard sent + range.count <= wish.limit else { return nil }
                guard let bytes = try content(file.root, range) else {
                    current = nil
                    continue
                }
                sent += bytes.count
                return ContentPart(
                    root: file.root, level: place.level, index: place.index,
                    path: ContentTree.path(file.leaves, level: place.level, index: place.index), bytes: bytes
                ).encoded
            }
            current = nil
            guard next < wish.needs.count else { return nil }
            let need = wish.needs[next]
            next += 1
            guard let bytes = try content(need.root, nil) else { continue }
            let count = ContentTree.leafCount(bytes.count)
            current = Current(
                length: bytes.count, root: need.root, leaves: ContentTree.leaves(of: bytes),
                parts: ContentTables.parts(
                    filling: need.runs ?? [0..<count], level: ContentTree.level(at: wish.level, length: bytes.count),
                    count: count)[...])
        }
        return nil
    }

    private static func range(_ place: (level: Int, index: Int), length: Int) -> Range<Int>? {
        ContentTree.leaves(level: place.level, index: place.index, length: length).map {
            ContentTree.bytes($0, length: length)
        }
    }

    /// A part with its path.
    static func part(_ place: (level: Int, index: Int), of root: Digest, _ content: Bytes, _ leaves: [Digest])
        -> ContentPart?
    {
        guard let range = range(place, length: content.count) else { return nil }
        return ContentPart(
            root: root, level: place.level, index: place.index,
            path: ContentTree.path(leaves, level: place.level, index: place.index), bytes: Bytes(content[range]))
    }
}
