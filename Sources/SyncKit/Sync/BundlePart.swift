// One part of a bundle as a file: a clear head that names nobody, and a piece of what is sealed.

/// What bounds a bundle, before anything is allocated (`docs/limits.md`).
package enum BundleLimits {
    /// The most parts of one bundle.
    package static let parts = 4096
    /// The most bytes of one part's piece.
    package static let payload = 2 * 1024 * 1024
    /// The most sealed bytes of a whole bundle.
    package static let total = 64 * 1024 * 1024
    /// The longest path of a part: the tree of 4,096 leaves is 12 high.
    static let path = 12
    /// The largest file of a part.
    package static let file = BundlePart.headLength + path * Digest.byteCount + payload
    /// The smallest size that a bundle is cut into, in bytes of a file.
    package static let smallestFile = 4096
}

/// Where a bundle goes.
package enum BundleDirection: UInt8, Sendable, Hashable {
    /// From a device, sealed to the ward.
    case toWard = 1
    /// From the ward, sealed to the device whose bundle it answers.
    case toDevice = 2
}

/// What stands in clear in front of each part (`docs/protocol.md`, "Bundles").
package struct BundleHead: Hashable, Sendable {
    package var direction: BundleDirection
    /// The beginning of the ward's id.
    package var ward: UInt64
    /// The root of the tree of all parts: it stands for every byte of every part.
    package var id: Digest
    /// From 1 on.
    package var part: Int
    package var count: Int
    /// The sealed bytes of all parts together.
    package var total: Int
    /// For a return: the bundle that it answers; zeros otherwise.
    package var answers: Digest
    /// For a return: what the device that it is for can compute, and nobody who does not know that device's key.
    package var mark: UInt64

    /// The mark of a return to a device.
    package static func mark(answering bundle: Digest, for device: DeviceID) -> UInt64 {
        Blake2b.hash(Bytes("wardsync/v1/bundle-for".utf8) + [0] + bundle.bytes + device.digest.bytes).prefix8
    }
}

/// Why something is not a part of a bundle that can be used. Nothing is lost: whoever made it still has it.
package struct BundleError: Error, Hashable, Sendable {
    package enum Code: Hashable, Sendable {
        /// Another kind of file.
        case notABundle
        /// Of a later version of the format.
        case newerVersion
        /// The file ends before its head does, or its head was changed.
        case headDamaged
        /// The head is whole, the piece behind it is not.
        case damaged
        /// Of another ward.
        case otherWard
        /// Sealed to a key that is not at hand.
        case otherKey
        /// Whole, and yet what was sealed does not read: it was never made by a program like this one.
        case unreadable
    }

    package var code: Code
    /// What the part says of itself, where that can be trusted.
    package var head: BundleHead?

    package init(_ code: Code, _ head: BundleHead? = nil) {
        self.code = code
        self.head = head
    }
}

/// One part: the head, its path in the tree of parts, and its piece.
package struct BundlePart: Hashable, Sendable {
    package var head: BundleHead
    package var path: [Digest]
    package var payload: Bytes

    /// The bytes in front of the path.
    package static let headLength = 119
    private static let checkLength = 8
    private static let magic = Bytes("WSBUNDLE".utf8)
    private static let version: UInt8 = 1

    package init(head: BundleHead, path: [Digest], payload: Bytes) {
        self.head = head
        self.path = path
        self.payload = payload
    }

    /// What a part's leaf is the hash of: all of the head but the id, then the piece.
    static func leaf(_ head: BundleHead, _ payload: Bytes) -> Digest {
        var bytes = Bytes()
        bytes.reserveCapacity(72 + payload.count)
        bytes.append(head.direction.rawValue)
        bytes += Bytes(bigEndian: head.ward)
        bytes += Bytes(number: head.part) + Bytes(number: head.count)
        bytes += Bytes(bigEndian: UInt64(clamping: head.total))
        head.answers.append(to: &bytes)
        bytes += Bytes(bigEndian: head.mark)
        bytes += payload
        return MerkleTree.leaf(bytes)
    }

    /// The file.
    package var encoded: Bytes {
        var bytes = Self.magic
        bytes.reserveCapacity(Self.headLength + path.count * Digest.byteCount + payload.count)
        bytes += [Self.version, head.direction.rawValue]
        bytes += Bytes(bigEndian: head.ward)
        head.id.append(to: &bytes)
        bytes += Bytes(number: head.part) + Bytes(number: head.count)
        bytes += Bytes(bigEndian: UInt64(clamping: head.total))
        head.answers.append(to: &bytes)
        bytes += Bytes(bigEndian: head.mark)
        bytes.append(UInt8(truncatingIfNeeded: path.count))
        bytes += Bytes(number: payload.count)
        bytes += Self.check(bytes[...])
        bytes += MerkleProof.bytes(path)
        bytes += payload
        return bytes
    }

    private static func check(_ head: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        Blake2b.hash(Bytes("wardsync/v1/bundle-head".utf8) + [0] + head).bytes.prefix(checkLength)
    }

    /// Reads a file and verifies that it is the part that it says it is, of the bundle that it names.
    package init(decoding bytes: Bytes) throws(BundleError) {
        let announced = try Self.announced(by: bytes)
        let head = announced.head
        guard bytes.count == announced.fileLength else { throw BundleError(.damaged, head) }
        var path: [Digest] = []
        for node in 0..<announced.nodes {
            guard let digest = Digest(bytes, at: Self.headLength + node * Digest.byteCount) else {
                throw BundleError(.damaged, head)
            }
            path.append(digest)
        }
        let payload = Bytes(bytes[(Self.headLength + announced.nodes * Digest.byteCount)...])
        let root = MerkleProof.root(
            of: Self.leaf(head, payload), leaf: UInt64(head.part - 1), in: UInt64(head.count), path: path)
        guard root == head.id else { throw BundleError(.damaged, head) }
        self.init(head: head, path: path, payload: payload)
    }

    /// What the head of a part says of the file that it begins.
    struct Announced {
        let head: BundleHead
        /// The digests between head and piece.
        let nodes: Int
        /// The bytes of the whole file, at most `BundleLimits.file`.
        let fileLength: Int
    }

    /// Reads the first bytes of a file, of which the rest may not be there yet. Nothing says yet that the piece is the
    /// one that the head names.
    static func announced(by bytes: Bytes) throws(BundleError) -> Announced {
        guard bytes.prefix(magic.count).elementsEqual(magic.prefix(bytes.count)) else {
            throw BundleError(.notABundle)
        }
        guard bytes.count >= headLength else { throw BundleError(.headDamaged) }
        guard bytes[8] == version else { throw BundleError(.newerVersion) }
        let checked = headLength - checkLength
        guard check(bytes[..<checked]).elementsEqual(bytes[checked..<headLength]),
            let direction = BundleDirection(rawValue: bytes[9]), let ward = UInt64(bigEndianBytes: bytes[10..<18]),
            let id = Digest(bytes, at: 18), let total = UInt64(bigEndianBytes: bytes[58..<66]),
            let answers = Digest(bytes, at: 66), let mark = UInt64(bigEndianBytes: bytes[98..<106])
        else { throw BundleError(.headDamaged) }
        let (part, count) = (number(bytes[50..<54]), number(bytes[54..<58]))
        let (nodes, length) = (Int(bytes[106]), number(bytes[107..<111]))
        guard (1...BundleLimits.parts).contains(count), (1...count).contains(part), total >= 1,
            total <= UInt64(BundleLimits.total), nodes <= BundleLimits.path,
            (1...BundleLimits.payload).contains(length),
            length <= Int(total)
        else { throw BundleError(.headDamaged) }
        return Announced(
            head: BundleHead(
                direction: direction, ward: ward, id: id, part: part, count: count, total: Int(total),
                answers: answers, mark: mark),
            nodes: nodes, fileLength: headLength + nodes * Digest.byteCount + length)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}

extension Bytes {
    /// Four bytes, most significant first.
    fileprivate init(number: Int) {
        let value = UInt32(clamping: number)
        self = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
