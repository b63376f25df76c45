// Puts change sets into a frame, leaving out what the receiver can compute.

/// Packs change sets into frames.
package struct FrameEncoder {
    /// The dictionary to compress with; `nil` for zstd without one.
    package var dictionary: CompressionDictionary?
    package var level: Int32 = 9
    /// Without compression.
    package var isPlain = false
    /// Without signatures and salts: for merging in memory only.
    var isUnsigned = false
    /// Everything in the explicit form, after a receiver asked for it.
    package var isExplicit = false
    /// Whether the receiver knows the chain up to the first change set of each device, as a server does of what
    /// the device uploads in order.
    package var receiverKnowsChains = true

    /// The device that sends the frame, where the receiver knows that from what comes before it: its key is left out.
    package var sender: DeviceID?

    package init(dictionary: CompressionDictionary?) { self.dictionary = dictionary }

    /// - Parameter creation: the dot of the change set that created a document, where the receiver knows it too.
    package func encode(_ changes: [ChangeSet], creation: (Digest) -> Dot?) -> Bytes {
        var columns = FrameColumns()
        var packer = Packer(knowsChains: receiverKnowsChains)
        for (index, change) in changes.enumerated() {
            if isExplicit || !packer.canElide(change) {
                columns.explicit.append((index, change.encoded()))
                packer.note(change)
            } else {
                packer.pack(change, at: index, into: &columns, creation: creation)
            }
        }
        columns.count = changes.count
        columns.devices = packer.devices
        columns.sender = sender
        columns.raw = isUnsigned ? [] : packer.signatures + packer.salts + packer.hashes
        return FrameEnvelope.encode(columns: columns, dictionary: dictionary, level: level, plain: isPlain)
    }
}

/// The running state while change sets are packed: what the receiver will know at each place.
private struct Packer {
    let knowsChains: Bool
    var devices: [DeviceID] = []
    var deviceRefs: [DeviceID: Int] = [:]
    /// For each device: the sequence, id and author time of its last change set in the frame.
    var chains: [DeviceID: (sequence: UInt64, id: Digest, seconds: Int64)] = [:]
    var seenRefs: [SeenMark: Int] = [:]
    var skeletonRefs: [Bytes: Int] = [:]
    var signatures = Bytes()
    var salts = Bytes()
    var hashes = Bytes()

    func canElide(_ change: ChangeSet) -> Bool {
        let header = change.header
        guard header.schemaVersion == Schema.version, header.seenDots.isEmpty, header.reissues == nil,
            change.operations != nil, (change.values == nil) == (header.valuesHash == nil),
            header.kind <= 255, change.isPlainHeader, change.fitsColumns
        else { return false }
        return true
    }

    mutating func note(_ change: ChangeSet) {
        chains[change.header.device] = (
            change.header.sequence, change.id, change.header.authorTime.seconds
        )
    }

    mutating func ref(_ device: DeviceID) -> Int {
        if let known = deviceRefs[device] { return known }
        devices.append(device)
        deviceRefs[device] = devices.count - 1
        return devices.count - 1
    }

    mutating func pack(
        _ change: ChangeSet, at index: Int, into columns: inout FrameColumns, creation: (Digest) -> Dot?
    ) {
        let header = change.header
        Varint.append(UInt64(ref(header.device)), to: &columns.authors)
        let last = chains[header.device]
        Varint.append(header.sequence &- (last?.sequence ?? 0), to: &columns.sequences)
        Varint.append(
            Varint.zigzag(header.authorTime.seconds &- (last?.seconds ?? 0)), to: &columns.seconds)
        Varint.append(UInt64(header.authorTime.counter), to: &columns.counters)
        columns.kinds.append(UInt8(truncatingIfNeeded: header.kind))
        if let previous = header.previous {
            let isInFrame = last.map { $0.sequence + 1 == header.sequence && $0.id == previous } ?? false
            if !isInFrame && (last != nil || !knowsChains) { columns.previous.append((index, previous)) }
        }
        if let document = header.document {
            if let dot = creation(document) {
                Varint.append(UInt64(ref(dot.device)) + 2, to: &columns.documents)
                Varint.append(dot.sequence, to: &columns.documents)
            } else {
                Varint.append(1, to: &columns.documents)
                hashes += document.bytes
            }
        } else {
            Varint.append(0, to: &columns.documents)
        }
        let seenRef = seenRefs[header.seen] ?? columns.seenTable.count
        if seenRef == columns.seenTable.count {
            columns.seenTable.append(header.seen)
            seenRefs[header.seen] = seenRef
        }
        Varint.append(UInt64(seenRef), to: &columns.seenRefs)
        let skeletonRef = skeletonRefs[change.skeleton] ?? columns.skeletonTable.count
        if skeletonRef == columns.skeletonTable.count {
            columns.skeletonTable.append(change.skeleton)
            skeletonRefs[change.skeleton] = skeletonRef
        }
        Varint.append(UInt64(skeletonRef), to: &columns.skeletonRefs)
        packValues(change, into: &columns)
        signatures += change.signature
        note(change)
    }

    private mutating func packValues(_ change: ChangeSet, into columns: inout FrameColumns) {
        guard let values = change.values else {
            columns.valueForms.append(0)
            return
        }
        let isSalted = values.bytes.first != 0x40
        columns.valueForms.append(isSalted ? 2 : 1)
        let start = isSalted ? 1 + ChangeSetLimits.saltLength : 1
        if isSalted { salts += values.bytes[1..<start] }
        columns.values += values.bytes[start...]
    }
}
