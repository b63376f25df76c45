// Sealing a bundle and cutting it into parts, and opening it again piece by piece.

/// Makes the parts of a bundle.
package enum BundleSealing {
    /// Seals pieces of plain bytes and cuts what comes of it.
    /// - Parameters:
    ///   - pieces: in their order; what a reader gets back begins a new piece with each of them.
    ///   - fileSize: the most bytes of a part's file, unless that made more than `BundleLimits.parts`; more than `BundleLimits.file` is taken as that.
    /// - Returns: `nil` where nothing can be sealed to the key, or the bundle is beyond a limit.
    package static func parts(
        of pieces: [Bytes], direction: BundleDirection, ward: Digest, to key: Digest, answers: Digest = .zero,
        mark: UInt64 = 0, fileSize: Int, random: some RandomSource
    ) -> [BundlePart]? {
        guard let sealed = seal(pieces, to: key, random: random), sealed.count <= BundleLimits.total else { return nil }
        let room = BundlePart.headLength + BundleLimits.path * Digest.byteCount
        // Larger files than asked for rather than more than there may be.
        let least = (sealed.count + BundleLimits.parts - 1) / BundleLimits.parts
        let size = min(max(fileSize - room, BundleLimits.smallestFile - room, least), BundleLimits.payload)
        let head = BundleHead(
            direction: direction, ward: ward.prefix8, id: .zero, part: 1, count: 1, total: sealed.count,
            answers: answers, mark: mark)
        return cut(sealed, head, size: size)
    }

    /// The parts of what is sealed, with pieces of so many bytes; `nil` where they would be too many.
    static func cut(_ sealed: Bytes, _ common: BundleHead, size: Int) -> [BundlePart]? {
        let count = (sealed.count + size - 1) / size
        guard (1...BundleLimits.parts).contains(count) else { return nil }
        var parts: [BundlePart] = []
        for index in 0..<count {
            var head = common
            (head.part, head.count) = (index + 1, count)
            let piece = Bytes(sealed[index * size..<min((index + 1) * size, sealed.count)])
            parts.append(BundlePart(head: head, path: [], payload: piece))
        }
        bind(&parts)
        return parts
    }

    /// The sealed key and the stream's header, then each sealed piece with its length in front.
    private static func seal(_ pieces: [Bytes], to key: Digest, random: some RandomSource) -> Bytes? {
        guard var stream = SealedStreamWriter(to: key, random: random) else { return nil }
        var sealed = stream.preamble
        func put(_ piece: Bytes, isLast: Bool) {
            let box = stream.seal(piece, isLast: isLast)
            sealed += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: UInt32(clamping: box.count) >> $0) }
            sealed += box
        }
        for piece in pieces {
            var rest = piece[...]
            repeat {
                put(Bytes(rest.prefix(SealedStreamWriter.maxPiece)), isLast: false)
                rest = rest.dropFirst(SealedStreamWriter.maxPiece)
            } while !rest.isEmpty
        }
        put([], isLast: true)
        return sealed
    }

    /// Gives each part the bundle's id, which is the root over all of them, and its path to it.
    private static func bind(_ parts: inout [BundlePart]) {
        var levels = [parts.map { BundlePart.leaf($0.head, $0.payload) }]
        while let last = levels.last, last.count > 1 {
            levels.append(
                stride(from: 0, to: last.count - 1, by: 2).map { Blake2b.hash(prefix: 1, last[$0], last[$0 + 1]) })
        }
        var tree = MerkleTree()
        for leaf in levels[0] { tree.append(leaf: leaf) }
        for index in parts.indices {
            parts[index].path = MerkleProof.inclusion(of: UInt64(index), in: UInt64(parts.count)) { start, level in
                levels[level][Int(start) >> level]
            }
            parts[index].head.id = tree.root
        }
    }
}

/// Opens what was sealed, as its bytes arrive; never holds more than one piece.
package struct BundleOpener {
    private let keys: [SealingKey]
    private var stream: SealedStreamReader?
    private var buffer = Bytes()

    /// - Parameter keys: those that it may be sealed to, the likeliest first.
    package init(_ keys: [SealingKey]) { self.keys = keys }

    /// Whether the last piece was opened and nothing stands behind it.
    package var isAtEnd: Bool { (stream?.isAtEnd ?? false) && buffer.isEmpty }

    /// Takes more sealed bytes.
    /// - Returns: the pieces that they complete, in order.
    package mutating func append(_ bytes: Bytes) throws(BundleError) -> [Bytes] {
        buffer += bytes
        var offset = 0
        if stream == nil {
            guard buffer.count >= SealedStreamReader.preambleLength else { return [] }
            let preamble = Bytes(buffer[..<SealedStreamReader.preambleLength])
            for key in keys where stream == nil { stream = SealedStreamReader(preamble, with: key) }
            guard stream != nil else { throw BundleError(.otherKey) }
            offset = SealedStreamReader.preambleLength
        }
        var pieces: [Bytes] = []
        while buffer.count - offset >= 4 {
            let length = (0..<4).reduce(0) { $0 << 8 | Int(buffer[offset + $1]) }
            guard length <= SealedStreamWriter.maxPiece + SealedStreamReader.overhead else {
                throw BundleError(.unreadable)
            }
            guard buffer.count - offset - 4 >= length else { break }
            guard let piece = stream?.open(Bytes(buffer[offset + 4..<offset + 4 + length])) else {
                throw BundleError(.unreadable)
            }
            pieces.append(piece)
            offset += 4 + length
        }
        buffer.removeFirst(offset)
        return pieces
    }
}
