// Takes change sets out of a frame, rebuilding the headers that were signed.

/// What a frame held at one place.
package enum FramedChange: Sendable {
    /// A change set whose hashes and shapes hold. Its signature is still to be verified.
    case change(ChangeSet)
    /// Something left out that cannot be computed here: it is to be sent explicitly.
    case explicitNeeded
    /// Not a change set.
    case malformed(ChangeSetError)
}

/// Unpacks frames.
package struct FrameDecoder {
    package var dictionary: (UInt32) -> CompressionDictionary?
    /// The document that a change set created, by its dot.
    package var document: (Dot) -> Digest?
    /// The id of a device's change set before this sequence, from what the receiver holds.
    package var previous: (DeviceID, UInt64) -> Digest?

    package init(
        dictionary: @escaping (UInt32) -> CompressionDictionary?, document: @escaping (Dot) -> Digest?,
        previous: @escaping (DeviceID, UInt64) -> Digest?
    ) {
        self.dictionary = dictionary
        self.document = document
        self.previous = previous
    }

    /// Decodes a frame. One bad change set does not block the rest; what is left out of a frame that cannot be
    /// read at all is an error.
    package func decode(_ frame: Bytes) throws(ChangeSetError) -> [FramedChange] {
        try decode(OpenedFrame(frame, dictionary: dictionary))
    }

    /// Decodes a frame that was opened before.
    package func decode(_ frame: OpenedFrame) throws(ChangeSetError) -> [FramedChange] {
        var unpacker = try Unpacker(frame.columns)
        do {
            return try unpacker.unpack(document: document, previous: previous)
        } catch let error as ChangeSetError {
            throw error
        } catch { throw ChangeSetError(.malformed, "frame") }
    }
}

/// The running state while a frame is unpacked: the places in its columns.
private struct Unpacker {
    let columns: FrameColumns
    let operations: [(list: [Operation], valueCount: Int)]
    let skeletonHashes: [Digest]
    var authors = 0
    var sequences = 0
    var seconds = 0
    var counters = 0
    var documents = 0
    var seenRefs = 0
    var skeletonRefs = 0
    var forms = 0
    var values: CBORReader
    var signatures = 0
    var salts: Int
    var hashes: Int
    var chains: [(sequence: UInt64, id: Digest?, seconds: Int64)?]
    var created: [Dot: Digest] = [:]

    init(_ columns: FrameColumns) throws(ChangeSetError) {
        self.columns = columns
        var decoded: [(list: [Operation], valueCount: Int)] = []
        var skeletonHashes: [Digest] = []
        for skeleton in columns.skeletonTable {
            guard let list = try Operation.decodeSkeleton(skeleton) else {
                throw ChangeSetError(.malformed, "skeleton")
            }
            decoded.append((list, list.reduce(0) { $0 + ($1.takesValue ? 1 : 0) }))
            skeletonHashes.append(Blake2b.hash(skeleton))
        }
        operations = decoded
        self.skeletonHashes = skeletonHashes
        values = CBORReader(columns.values)
        let elided = columns.count - columns.explicit.count
        guard elided >= 0, columns.valueForms.count == elided, columns.kinds.count == elided else {
            throw ChangeSetError(.malformed, "frame")
        }
        salts = elided * ChangeSetLimits.signatureLength
        let salted = columns.valueForms.reduce(0) { $0 + ($1 == 2 ? 1 : 0) }
        hashes = salts + salted * ChangeSetLimits.saltLength
        guard hashes <= columns.raw.count else { throw ChangeSetError(.malformed, "frame") }
        chains = Array(repeating: nil, count: columns.devices.count)
    }

    mutating func unpack(document: (Dot) -> Digest?, previous: (DeviceID, UInt64) -> Digest?) throws -> [FramedChange] {
        var found: [FramedChange] = []
        found.reserveCapacity(columns.count)
        var explicit = columns.explicit.makeIterator()
        var nextExplicit = explicit.next()
        var hashGiven: [Int: Digest] = [:]
        for item in columns.previous { hashGiven[item.index] = item.hash }
        for index in 0..<columns.count {
            if let item = nextExplicit, item.index == index {
                found.append(unpackExplicit(item.envelope))
                nextExplicit = explicit.next()
            } else {
                found.append(try unpackElided(index, given: hashGiven[index], document: document, previous: previous))
            }
        }
        try values.finish()
        guard nextExplicit == nil, hashes == columns.raw.count else { throw ChangeSetError(.malformed, "frame") }
        return found
    }

    private mutating func unpackExplicit(_ envelope: Bytes) -> FramedChange {
        do {
            let change = try ChangeSet(decoding: envelope)
            if let place = columns.devices.firstIndex(of: change.header.device) {
                chains[place] = (change.header.sequence, change.id, change.header.authorTime.seconds)
            }
            if change.isCreation { created[change.dot] = change.id }
            return .change(change)
        } catch { return .malformed(error) }
    }

    private mutating func unpackElided(
        _ index: Int, given: Digest?, document: (Dot) -> Digest?, previous: (DeviceID, UInt64) -> Digest?
    ) throws -> FramedChange {
        guard forms < columns.kinds.count else { throw ChangeSetError(.malformed, "frame") }
        let author = try Self.ref(&authors, columns.authors, below: columns.devices.count)
        let device = columns.devices[author]
        let last = chains[author]
        let step = try Varint.read(columns.sequences, &sequences, end: columns.sequences.count)
        let sequence = (last?.sequence ?? 0) &+ step
        let delta = Varint.unzigzag(try Varint.read(columns.seconds, &seconds, end: columns.seconds.count))
        let time = (last?.seconds ?? 0) &+ delta
        let counter = try Varint.read(columns.counters, &counters, end: columns.counters.count)
        let documentRef = try readDocument()
        let seen = try Self.ref(&seenRefs, columns.seenRefs, below: columns.seenTable.count)
        let skeleton = try Self.ref(&skeletonRefs, columns.skeletonRefs, below: operations.count)
        let kind = columns.kinds[forms]
        let parts = try readValues(operations[skeleton].valueCount)
        let signature = Bytes(columns.raw[signatures..<signatures + ChangeSetLimits.signatureLength])
        signatures += ChangeSetLimits.signatureLength
        chains[author] = (sequence, nil, time)
        guard sequence >= 1, sequence < 1 << 48, time >= 0, time < 1 << 47, counter <= 0xFFFF else {
            return .malformed(ChangeSetError(.malformed, "header"))
        }
        var previousID: Digest?
        if sequence > 1 {
            let inFrame = last.flatMap { $0.sequence &+ 1 == sequence ? $0.id : nil }
            guard let known = given ?? inFrame ?? previous(device, sequence) else { return .explicitNeeded }
            previousID = known
        }
        var documentID: Digest?
        switch documentRef {
        case .creation: break
        case .hash(let hash): documentID = hash
        case .dot(let dot):
            guard let known = created[dot] ?? document(dot) else { return .explicitNeeded }
            documentID = known
        }
        let header = ChangeSetHeader(
            device: device, sequence: sequence, previous: previousID,
            authorTime: HybridTime(seconds: time, counter: UInt16(counter)), kind: UInt64(kind),
            document: documentID, schemaVersion: Schema.version, seen: columns.seenTable[seen], seenDots: [],
            reissues: nil, skeletonHash: skeletonHashes[skeleton],
            skeletonLength: UInt64(columns.skeletonTable[skeleton].count),
            valuesHash: parts.map { Blake2b.hash($0.bytes) }, valuesLength: UInt64(parts?.bytes.count ?? 0))
        let change = ChangeSet(
            header: header, headerBytes: header.encoded(), signature: signature,
            skeleton: columns.skeletonTable[skeleton], operations: operations[skeleton].list, values: parts)
        guard change.skeleton.count + (parts?.bytes.count ?? 0) <= ChangeSetLimits.maxPayload else {
            return .malformed(ChangeSetError(.tooLarge, "payload"))
        }
        chains[author] = (sequence, change.id, time)
        if documentID == nil { created[change.dot] = change.id }
        return .change(change)
    }

    private enum DocumentRef {
        case creation
        case hash(Digest)
        case dot(Dot)
    }

    private mutating func readDocument() throws -> DocumentRef {
        let number = try Varint.read(columns.documents, &documents, end: columns.documents.count)
        switch number {
        case 0: return .creation
        case 1:
            guard let hash = Digest(columns.raw, at: hashes) else { throw ChangeSetError(.malformed, "frame") }
            hashes += 32
            return .hash(hash)
        default:
            guard number - 2 < UInt64(columns.devices.count) else { throw ChangeSetError(.malformed, "frame") }
            let sequence = try Varint.read(columns.documents, &documents, end: columns.documents.count)
            return .dot(Dot(device: columns.devices[Int(number - 2)], sequence: sequence))
        }
    }

    private mutating func readValues(_ count: Int) throws -> ChangeValues? {
        let form = columns.valueForms[forms]
        forms += 1
        guard form <= 2, (form == 0) == (count == 0) else { throw ChangeSetError(.valueCount, "values") }
        guard form > 0 else { return nil }
        let start = values.offset
        let salt = form == 2 ? ChangeSetLimits.saltLength : 0
        let moved = 1 + salt - start
        let first = try values.skipValue()
        var rest: [Range<Int>] = []
        for _ in 1..<count {
            let range = try values.skipValue()
            rest.append(range.lowerBound + moved..<range.upperBound + moved)
        }
        var bytes = Bytes()
        bytes.reserveCapacity(values.offset + moved)
        if form == 2 {
            bytes.append(0x50)
            bytes += columns.raw[salts..<salts + salt]
            salts += salt
        } else {
            bytes.append(0x40)
        }
        bytes += columns.values[start..<values.offset]
        return ChangeValues(
            checked: bytes, first: first.lowerBound + moved..<first.upperBound + moved, rest: rest)
    }

    private static func ref(_ offset: inout Int, _ column: Bytes, below limit: Int) throws -> Int {
        let number = try Varint.read(column, &offset, end: column.count)
        guard number < UInt64(limit) else { throw ChangeSetError(.malformed, "frame") }
        return Int(number)
    }
}
