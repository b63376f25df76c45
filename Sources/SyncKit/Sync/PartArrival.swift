// The file of one part of a bundle while its bytes come: bounded by what its own head says, as soon as that is there.

/// Which part of which bundle.
package struct PartPlace: Hashable, Sendable {
    package var bundle: Digest
    /// From 1 on.
    package var part: Int

    package init(bundle: Digest, part: Int) {
        self.bundle = bundle
        self.part = part
    }
}

/// Gathers a file and says when so much came that it should be kept, in case the rest does not come
/// (`docs/protocol.md`, "Bundles").
package struct PartArrival: Sendable {
    /// What waits to be kept at most, but for one chunk: what a break costs where nobody is left to keep it.
    package static let step = 32 * 1024

    /// All that came, the beginning from an earlier time included; at most `BundleLimits.file`.
    package private(set) var file: Bytes
    /// The head, once it came.
    package private(set) var head: BundleHead?
    /// The bytes of the whole file, once the head came.
    package private(set) var fileLength = 0
    /// How many bytes are kept.
    private var kept: Int

    /// - Parameter beginning: what was kept of the part before.
    package init(after beginning: Bytes = []) throws(BundleError) {
        file = beginning
        kept = beginning.count
        try readHead()
    }

    /// Takes the next bytes.
    /// - Throws: where the head is not one, or more comes than it says.
    package mutating func append(_ chunk: UnsafeRawBufferPointer) throws(BundleError) {
        // Before the head is read nothing but one chunk stands behind it.
        guard head == nil || chunk.count <= fileLength - file.count, chunk.count <= BundleLimits.file else {
            throw BundleError(.damaged, head)
        }
        file += chunk
        if head == nil { try readHead() }
    }

    private mutating func readHead() throws(BundleError) {
        if file.isEmpty { return }
        guard file.count >= BundlePart.headLength else {
            // Something else is known by its first bytes.
            do { _ = try BundlePart.announced(by: file) } catch  where error.code == .headDamaged { return }
            return
        }
        let announced = try BundlePart.announced(by: file)
        guard file.count <= announced.fileLength else { throw BundleError(.damaged, announced.head) }
        (head, fileLength) = (announced.head, announced.fileLength)
    }

    /// What came and is not kept: nothing before the head is there or while it is less than asked for.
    package func unkept(atLeast least: Int = Self.step) -> (start: Int, bytes: Bytes)? {
        guard head != nil, file.count - kept >= max(1, least) else { return nil }
        return (kept, Bytes(file[kept...]))
    }

    /// All that came so far is kept, or never will be.
    package mutating func noteKept() { kept = file.count }
}
