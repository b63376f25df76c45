// The header of a change set: what is signed, and whose hash is the change set's id.

/// What an author signs (`docs/protocol.md`, "Change set header").
package struct ChangeSetHeader: Hashable, Sendable {
    package static let formatVersion: UInt64 = 1

    package var device: DeviceID
    package var sequence: UInt64
    /// The id of the device's previous change set; `nil` for its first.
    package var previous: Digest?
    package var authorTime: HybridTime
    /// The kind as its number: a newer one is carried, held and relayed.
    package var kind: UInt64
    /// The document; `nil` for a creation, whose document is the change set's own id.
    package var document: Digest?
    package var schemaVersion: UInt64
    package var seen: SeenMark
    /// Change sets of other devices that the ward had not accepted yet and that the author had seen, sorted.
    package var seenDots: [Dot]
    /// The own change set that this one replaces, after the ward refused it.
    package var reissues: Digest?
    package var skeletonHash: Digest
    package var skeletonLength: UInt64
    /// The hash of the salted values; `nil` where no operation takes a value.
    package var valuesHash: Digest?
    package var valuesLength: UInt64

    package init(
        device: DeviceID, sequence: UInt64, previous: Digest?, authorTime: HybridTime, kind: UInt64,
        document: Digest?, schemaVersion: UInt64, seen: SeenMark, seenDots: [Dot], reissues: Digest?,
        skeletonHash: Digest, skeletonLength: UInt64, valuesHash: Digest?, valuesLength: UInt64
    ) {
        self.device = device
        self.sequence = sequence
        self.previous = previous
        self.authorTime = authorTime
        self.kind = kind
        self.document = document
        self.schemaVersion = schemaVersion
        self.seen = seen
        self.seenDots = seenDots
        self.reissues = reissues
        self.skeletonHash = skeletonHash
        self.skeletonLength = skeletonLength
        self.valuesHash = valuesHash
        self.valuesLength = valuesLength
    }

    package var dot: Dot { Dot(device: device, sequence: sequence) }

    /// The deterministic CBOR that is signed.
    package func encoded() -> Bytes {
        var writer = CBORWriter(reserving: 256)
        let count =
            9 + (previous == nil ? 0 : 1) + (document == nil ? 0 : 1) + (seenDots.isEmpty ? 0 : 1)
            + (reissues == nil ? 0 : 1) + (valuesHash == nil ? 0 : 2)
        writer.mapHeader(count: count)
        writer.unsigned(0)
        writer.unsigned(Self.formatVersion)
        writer.unsigned(1)
        writer.byteString(device.digest)
        writer.unsigned(2)
        writer.unsigned(sequence)
        if let previous {
            writer.unsigned(3)
            writer.byteString(previous)
        }
        writer.unsigned(4)
        writer.unsigned(authorTime.rawValue)
        writer.unsigned(5)
        writer.unsigned(kind)
        if let document {
            writer.unsigned(6)
            writer.byteString(document)
        }
        writer.unsigned(7)
        writer.unsigned(schemaVersion)
        writer.unsigned(8)
        seen.write(to: &writer)
        if !seenDots.isEmpty {
            writer.unsigned(9)
            writer.arrayHeader(count: seenDots.count)
            for dot in seenDots { dot.write(to: &writer) }
        }
        if let reissues {
            writer.unsigned(10)
            writer.byteString(reissues)
        }
        writer.unsigned(11)
        writer.byteString(skeletonHash)
        writer.unsigned(12)
        writer.unsigned(skeletonLength)
        if let valuesHash {
            writer.unsigned(13)
            writer.byteString(valuesHash)
            writer.unsigned(14)
            writer.unsigned(valuesLength)
        }
        return writer.bytes
    }
}
