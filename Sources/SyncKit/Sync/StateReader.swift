// Putting documents' states together again from columns.

/// Reads the columns of a frame, document after document.
struct StateReader {
    private let devices: [DeviceID]
    private let ids: Bytes
    private var columns: [ColumnReader]
    private var values: [UInt8: ColumnReader]
    private var lastSequences: [UInt64]
    private var lastAhead: [UInt64]
    private var lastSeconds: UInt64 = 0
    private var parts = 0
    /// How a value is given that is neither one CBOR item nor dots.
    static let bytesForm: UInt64 = 5
    private static let maxValue = 64 * 1024

    init(devices: [DeviceID], ids: Bytes, columns: [ColumnReader], values: [UInt8: ColumnReader]) {
        self.devices = devices
        self.ids = ids
        self.columns = columns
        self.values = values
        lastSequences = Array(repeating: 0, count: devices.count)
        lastAhead = lastSequences
    }

    private static var unfit: CBORError { CBORError(.typeMismatch, at: 0) }

    private mutating func get(_ column: StateColumn) throws(CBORError) -> UInt64 {
        try columns[column.rawValue].number()
    }

    private mutating func getSigned(_ column: StateColumn) throws(CBORError) -> UInt64 {
        UInt64(bitPattern: Varint.unzigzag(try get(column)))
    }

    private mutating func byte(_ column: StateColumn) throws(CBORError) -> UInt8 {
        guard let byte = UInt8(exactly: try get(column)) else { throw Self.unfit }
        return byte
    }

    /// A number of parts, which counts towards the most that a frame may have.
    private mutating func count(_ column: StateColumn) throws(CBORError) -> Int {
        guard let count = Int(exactly: try get(column)), count <= StateFrame.maxParts - parts else {
            throw CBORError(.tooLong, at: 0)
        }
        parts += count
        return count
    }

    private mutating func device(_ column: StateColumn) throws(CBORError) -> Int {
        guard let place = Int(exactly: try get(column)), place < devices.count else { throw Self.unfit }
        return place
    }

    private mutating func dot(_ device: StateColumn, _ sequence: StateColumn) throws(CBORError) -> Dot {
        let place = try self.device(device)
        lastSequences[place] &+= try getSigned(sequence)
        guard lastSequences[place] <= Dot.maxSequence else { throw Self.unfit }
        return Dot(device: devices[place], sequence: lastSequences[place])
    }

    private mutating func plainDot() throws(CBORError) -> Dot {
        let dot = Dot(device: devices[try device(.dotDevice)], sequence: try get(.dotSequence))
        guard dot.sequence <= Dot.maxSequence else { throw Self.unfit }
        return dot
    }

    mutating func read(count: Int) throws(CBORError) -> [DocumentState] {
        var states: [DocumentState] = []
        for number in 0..<count {
            guard let id = Digest(ids, at: number * Digest.byteCount) else { throw Self.unfit }
            states.append(try readState(id))
        }
        guard columns.allSatisfy(\.isAtEnd), values.values.allSatisfy(\.isAtEnd) else { throw Self.unfit }
        return states
    }

    private mutating func readState(_ id: Digest) throws(CBORError) -> DocumentState {
        guard let kind = DocumentKind(rawValue: try byte(.kind)) else { throw Self.unfit }
        var state = DocumentState(id: id, kind: kind, creation: try dot(.creator, .creationSequence))
        lastSeconds &+= try getSigned(.creationSeconds)
        state.creationTime = HybridTime(rawValue: lastSeconds << 16 | (try get(.creationCounter) & 0xFFFF))
        let writes = try readWrites()
        let position = (writes.map(\.position).max() ?? 0) &+ (try getSigned(.lastPosition))
        let effective = (writes.map(\.effective).max() ?? 0) &+ (try getSigned(.lastEffective))
        state.lastPosition = Position(rawValue: position)
        state.lastEffective = HybridTime(rawValue: effective)
        var tops = Self.tops(of: writes.map(\.dot))
        for dot in try readDots() { tops[dot.device] = dot.sequence }
        state.tops = tops.map { Dot(device: $0.key, sequence: $0.value) }.sorted()
        state.listed = try readDots()
        for dot in try readDots() {
            state.readmitted.append(
                DocumentState.Readmission(
                    dot: dot, place: Position(rawValue: try get(.dotPosition)),
                    logged: Position(rawValue: try get(.dotPosition))))
        }
        for _ in 0..<(try count(.slotCount)) {
            let slot = Slot(rawValue: try get(.slot))
            guard state.slots.last.map({ $0.slot < slot }) ?? true else { throw Self.unfit }
            var entries: [Entry] = []
            for _ in 0..<(try count(.entryCount)) { entries.append(try readEntry(slot.field, writes)) }
            state.slots.append(SlotState(slot: slot, entries: entries))
        }
        return state
    }

    /// The highest sequence of each device.
    static func tops(of dots: [Dot]) -> [DeviceID: UInt64] {
        var tops: [DeviceID: UInt64] = [:]
        for dot in dots { tops[dot.device] = max(dot.sequence, tops[dot.device] ?? 0) }
        return tops
    }

    private mutating func readWrites() throws(CBORError) -> [StateWrite] {
        var writes: [StateWrite] = []
        var seconds = lastSeconds
        for _ in 0..<(try count(.writeCount)) {
            let place = try device(.writer)
            lastSequences[place] &+= try getSigned(.writeSequence)
            guard lastSequences[place] <= Dot.maxSequence else { throw Self.unfit }
            lastAhead[place] &+= try getSigned(.writePosition)
            seconds &+= try getSigned(.writeSeconds)
            writes.append(
                StateWrite(
                    dot: Dot(device: devices[place], sequence: lastSequences[place]),
                    position: lastAhead[place] &+ lastSequences[place],
                    effective: seconds << 16 | (try get(.writeCounter) & 0xFFFF)))
        }
        return writes
    }

    private mutating func readDots() throws(CBORError) -> [Dot] {
        var dots: [Dot] = []
        for _ in 0..<(try count(.dotCount)) { dots.append(try plainDot()) }
        return dots
    }

    private mutating func readEntry(_ field: UInt8, _ writes: [StateWrite]) throws(CBORError) -> Entry {
        guard let number = Int(exactly: try get(.entryWrite)), number < writes.count else { throw Self.unfit }
        let write = writes[number]
        let index = try byte(.entryIndex)
        guard let action = Entry.Action(rawValue: try byte(.entryAction)),
            let outcome = Outcome(rawValue: try byte(.entryOutcome))
        else { throw Self.unfit }
        let state = try byte(.entryState)
        let settled = try get(.entrySettled)
        guard settled <= 1 else { throw Self.unfit }
        let form = try get(.valueForm)
        var value = Bytes()
        switch form {
        case 0: value = try item(field)
        case Self.bytesForm: value = try bytes(.valueLength, field)
        default:
            guard form < Self.bytesForm else { throw Self.unfit }
            var dots: [Dot] = []
            for _ in 0..<form {
                let known = try get(.valueDot)
                guard known <= UInt64(writes.count) else { throw Self.unfit }
                dots.append(known == 0 ? try plainDot() : writes[Int(known) - 1].dot)
            }
            value = SlotState.encode(dots)
        }
        let note = try bytes(.noteLength, field)
        return Entry(
            dot: write.dot, index: index, position: Position(rawValue: write.position),
            effective: HybridTime(rawValue: write.effective), action: action, outcome: outcome, state: state,
            isSettled: settled == 1, value: value, note: note)
    }

    private mutating func item(_ field: UInt8) throws(CBORError) -> Bytes {
        guard var values = values[field] else { throw Self.unfit }
        let item = try values.item(max: Self.maxValue)
        self.values[field] = values
        return item
    }

    private mutating func bytes(_ column: StateColumn, _ field: UInt8) throws(CBORError) -> Bytes {
        guard let length = Int(exactly: try get(column)), length <= Self.maxValue else { throw Self.unfit }
        if length == 0 { return [] }
        guard var values = values[field] else { throw Self.unfit }
        let bytes = try values.take(length)
        self.values[field] = values
        return bytes
    }
}
