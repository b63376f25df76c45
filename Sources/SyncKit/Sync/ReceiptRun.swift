// The ward's acceptances of a device's own change sets, without what the device can compute itself.

/// Entries of the log that follow each other and accept the change sets of the device that is answered, one after the
/// other in its chain (`docs/protocol.md`, "Receipts"). The device, the ids and in most cases the effective times are
/// left out: the device has them. The id of the last change set names all of them, because each names the one before.
package struct ReceiptRun: Hashable, Sendable {
    /// The most acceptances in one answer frame.
    package static let maxCount = 4096

    /// An effective time that is not the author's.
    package struct Effective: Hashable, Sendable {
        package var offset: Int
        package var time: HybridTime
    }

    /// What was decided about the operations of one change set.
    package struct Decided: Hashable, Sendable {
        package var offset: Int
        package var outcomes: [Outcome]
    }

    /// The position of the first entry.
    package var position: Position
    /// The sequence of the first change set.
    package var sequence: UInt64
    package var count: Int
    /// The ward's time of all these entries.
    package var time: Int64
    /// The id of the last change set.
    package var last: Digest
    /// Ascending; the author's time stands for those that are not named.
    package var effective: [Effective] = []
    /// Ascending; nothing was decided of those that are not named.
    package var decided: [Decided] = []

    /// A run that begins with an acceptance.
    /// - Parameter authorTime: `nil` where it is not at hand: then the effective time is written out.
    package init(_ acceptance: LogEntry.Acceptance, time: Int64, at position: Position, authorTime: HybridTime?) {
        self.position = position
        sequence = acceptance.dot.sequence
        count = 0
        self.time = time
        last = acceptance.id
        append(acceptance, authorTime: authorTime)
    }

    /// Takes the next acceptance over.
    /// - Returns: false where it does not continue the run.
    package mutating func take(
        _ acceptance: LogEntry.Acceptance, time: Int64, at position: Position, authorTime: HybridTime?
    ) -> Bool {
        guard count < Self.maxCount, time == self.time,
            position.rawValue == self.position.rawValue + UInt64(count),
            acceptance.dot.sequence == sequence + UInt64(count)
        else { return false }
        append(acceptance, authorTime: authorTime)
        return true
    }

    private mutating func append(_ acceptance: LogEntry.Acceptance, authorTime: HybridTime?) {
        if acceptance.effective != authorTime {
            effective.append(Effective(offset: count, time: acceptance.effective))
        }
        if !acceptance.outcomes.isEmpty { decided.append(Decided(offset: count, outcomes: acceptance.outcomes)) }
        last = acceptance.id
        count += 1
    }

    /// The entries that the run stands for.
    /// - Parameter author: the id and the author's time of an own change set; `nil` for one that the device lacks.
    package func records<Failure: Error>(
        of device: DeviceID, author: (UInt64) throws(Failure) -> (id: Digest, time: HybridTime)?
    ) throws(Failure) -> [(position: Position, record: LogRecord)]? {
        var records: [(position: Position, record: LogRecord)] = []
        records.reserveCapacity(count)
        var nextEffective = effective.makeIterator()
        var nextDecided = decided.makeIterator()
        var times = nextEffective.next()
        var outcomes = nextDecided.next()
        for offset in 0..<count {
            let dot = Dot(device: device, sequence: sequence + UInt64(offset))
            guard let known = try author(dot.sequence) else { return nil }
            var acceptance = LogEntry.Acceptance(dot: dot, id: known.id, effective: known.time, outcomes: [])
            if let named = times, named.offset == offset {
                acceptance.effective = named.time
                times = nextEffective.next()
            }
            if let named = outcomes, named.offset == offset {
                acceptance.outcomes = named.outcomes
                outcomes = nextDecided.next()
            }
            let place = Position(rawValue: position.rawValue + UInt64(offset))
            records.append((place, LogRecord(time: time, entry: .accept(acceptance))))
        }
        return records
    }
}

// MARK: Coding

extension ReceiptRun {
    func write(to writer: inout CBORWriter) {
        writer.arrayHeader(count: 7)
        writer.unsigned(position.rawValue)
        writer.unsigned(sequence)
        writer.unsigned(UInt64(count))
        writer.integer(time)
        writer.byteString(last)
        writer.arrayHeader(count: effective.count)
        for item in effective {
            writer.arrayHeader(count: 2)
            writer.unsigned(UInt64(item.offset))
            writer.unsigned(item.time.rawValue)
        }
        writer.arrayHeader(count: decided.count)
        for item in decided {
            writer.arrayHeader(count: 2)
            writer.unsigned(UInt64(item.offset))
            writer.byteString(item.outcomes.map(\.rawValue))
        }
    }

    /// Reads a run strictly: nothing of it leaves the range of positions and sequences.
    init(reading reader: inout CBORReader) throws(CBORError) {
        let unfit = CBORError(.typeMismatch, at: reader.offset)
        guard try reader.arrayHeader(max: 7) == 7 else { throw unfit }
        position = Position(rawValue: try reader.unsigned())
        sequence = try reader.unsigned()
        let given = try reader.unsigned()
        guard (1...UInt64(Self.maxCount)).contains(given), position.index >= 1, sequence >= 1,
            position.index <= 0xFFFF_FFFF_FFFF - given, sequence < 1 << 48 - given
        else { throw unfit }
        count = Int(given)
        time = try reader.integer()
        last = try reader.digest()
        var previous = -1
        for _ in 0..<(try reader.arrayHeader(max: count)) {
            previous = try Self.readOffset(&reader, after: previous, below: count)
            effective.append(Effective(offset: previous, time: HybridTime(rawValue: try reader.unsigned())))
        }
        previous = -1
        for _ in 0..<(try reader.arrayHeader(max: count)) {
            previous = try Self.readOffset(&reader, after: previous, below: count)
            let codes = try reader.byteString(max: ChangeSetLimits.maxOperations)
            let outcomes = codes.compactMap(Outcome.init(rawValue:))
            guard outcomes.count == codes.count, !codes.isEmpty else { throw unfit }
            decided.append(Decided(offset: previous, outcomes: outcomes))
        }
    }

    /// The place of the next item: the head of a pair, above the place of the item before.
    private static func readOffset(_ reader: inout CBORReader, after previous: Int, below count: Int)
        throws(CBORError) -> Int
    {
        let unfit = CBORError(.typeMismatch, at: reader.offset)
        guard try reader.arrayHeader(max: 2) == 2 else { throw unfit }
        let offset = try reader.unsigned()
        guard offset < UInt64(count), Int(offset) > previous else { throw unfit }
        return Int(offset)
    }
}
