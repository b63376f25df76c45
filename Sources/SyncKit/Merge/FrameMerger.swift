// Merging whole frames in memory: what a hub does with updates when nothing is signed or stored.

/// Documents in memory, merged from unsigned frames: the fold on its own, as it is measured against other libraries.
package struct FrameMerger {
    package private(set) var states: [DocumentState] = []
    private var places: [Dot: Int] = [:]
    private var creations: [Digest: Dot] = [:]

    package init() {}

    /// Takes over a document.
    package mutating func insert(_ state: DocumentState) {
        places[state.creation] = states.count
        creations[state.id] = state.creation
        states.append(state)
    }

    package func creation(of id: Digest) -> Dot? { creations[id] }

    /// A plain frame without its signatures.
    package static func encodeUnsigned(_ changes: [ChangeSet], creation: (Digest) -> Dot?) -> Bytes {
        var encoder = FrameEncoder(dictionary: nil)
        encoder.isPlain = true
        encoder.isUnsigned = true
        return encoder.encode(changes, creation: creation)
    }

    /// Merges every change set of a frame at the next positions.
    /// - Returns: the position of the last.
    package mutating func merge(_ frame: Bytes, from position: UInt64) throws(ChangeSetError) -> UInt64 {
        var cursor = try UnsignedFrameCursor(frame)
        var position = position
        while let item = try cursor.next(position: Position(epoch: 0, index: position + 1)) {
            position += 1
            guard let place = places[item.document] else { throw ChangeSetError(.explicitNeeded, "document") }
            states[place].apply(item.change)
        }
        return position
    }
}
