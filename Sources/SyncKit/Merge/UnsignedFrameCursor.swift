// Reads the change sets of a plain frame one by one, without rebuilding what was signed.

/// Walks through the columns of an unsigned frame.
struct UnsignedFrameCursor {
    private let columns: FrameColumns
    private let operations: [(list: [Operation], valueCount: Int)]
    private var index = 0
    private var authors = 0
    private var sequences = 0
    private var seconds = 0
    private var counters = 0
    private var documents = 0
    private var seenRefs = 0
    private var skeletonRefs = 0
    private var values: CBORReader
    private var salts = 0
    private var last: [(sequence: UInt64, seconds: Int64)]

    init(_ frame: Bytes) throws(ChangeSetError) {
        let columns = try FrameEnvelope.decode(frame) { _ in nil }
        guard columns.explicit.isEmpty, columns.kinds.count == columns.count, columns.valueForms.count == columns.count
        else { throw ChangeSetError(.malformed, "frame") }
        var operations: [(list: [Operation], valueCount: Int)] = []
        for skeleton in columns.skeletonTable {
            guard let list = try Operation.decodeSkeleton(skeleton) else {
                throw ChangeSetError(.malformed, "skeleton")
            }
            operations.append((list, list.reduce(0) { $0 + ($1.takesValue ? 1 : 0) }))
        }
        self.operations = operations
        self.columns = columns
        values = CBORReader(columns.values)
        last = Array(repeating: (0, 0), count: columns.devices.count)
    }

    /// The next change set as accepted at a position; `nil` at the end.
    mutating func next(position: Position) throws(ChangeSetError) -> (document: Dot, change: AcceptedChange)? {
        guard index < columns.count else { return nil }
        do { return try read(position) } catch { throw ChangeSetError(.malformed, "frame") }
    }

    private mutating func read(_ position: Position) throws(CBORError) -> (document: Dot, change: AcceptedChange) {
        func number(_ column: Bytes, _ offset: inout Int) throws(CBORError) -> UInt64 {
            if offset < column.count, column[offset] < 0x80 {
                offset += 1
                return UInt64(column[offset - 1])
            }
            return try Varint.read(column, &offset, end: column.count)
        }
        let unfit = CBORError(.typeMismatch, at: index)
        let author = try number(columns.authors, &authors)
        guard author < UInt64(columns.devices.count) else { throw unfit }
        let device = columns.devices[Int(author)]
        let sequence = last[Int(author)].sequence &+ (try number(columns.sequences, &sequences))
        let time = last[Int(author)].seconds &+ Varint.unzigzag(try number(columns.seconds, &seconds))
        last[Int(author)] = (sequence, time)
        let counter = UInt16(truncatingIfNeeded: try number(columns.counters, &counters))
        let dot = Dot(device: device, sequence: sequence)
        var document = dot
        let reference = try number(columns.documents, &documents)
        if reference != 0 {
            guard reference >= 2, reference - 2 < UInt64(columns.devices.count) else { throw unfit }
            document = Dot(
                device: columns.devices[Int(reference - 2)], sequence: try number(columns.documents, &documents))
        }
        let seen = try number(columns.seenRefs, &seenRefs)
        let skeleton = try number(columns.skeletonRefs, &skeletonRefs)
        guard seen < UInt64(columns.seenTable.count), skeleton < UInt64(operations.count),
            let kind = DocumentKind(rawValue: columns.kinds[index])
        else { throw unfit }
        var changeValues: ChangeValues?
        if columns.valueForms[index] != 0 {
            let count = operations[Int(skeleton)].valueCount
            guard count > 0 else { throw unfit }
            changeValues = try ChangeValues(column: columns.values, &values, count: count)
        }
        index += 1
        let change = AcceptedChange(
            dot: dot, kind: kind, position: position, effective: HybridTime(seconds: time, counter: counter),
            seen: columns.seenTable[Int(seen)].position, seenDots: [], operations: operations[Int(skeleton)].list,
            values: changeValues, outcomes: [])
        return (document, change)
    }
}
