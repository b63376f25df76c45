// Taking documents' states apart into columns.

/// A change set that wrote something that stands: what several entries of a document share.
struct StateWrite: Hashable {
    var dot: Dot
    var position: UInt64
    var effective: UInt64
}

/// Fills the columns of a frame, document after document.
struct StateWriter {
    private(set) var devices: [DeviceID] = []
    private(set) var ids = Bytes()
    private(set) var columns = [Bytes](repeating: [], count: StateColumn.allCases.count)
    private(set) var values: [UInt8: Bytes] = [:]
    private var places: [DeviceID: Int] = [:]
    private var lastSequences: [UInt64] = []
    private var lastAhead: [UInt64] = []
    private var lastSeconds: UInt64 = 0

    private mutating func put(_ value: UInt64, _ column: StateColumn) {
        Varint.append(value, to: &columns[column.rawValue])
    }

    private mutating func put(signed value: UInt64, _ column: StateColumn) {
        put(Varint.zigzag(Int64(bitPattern: value)), column)
    }

    private mutating func place(_ device: DeviceID) -> Int {
        if let known = places[device] { return known }
        places[device] = devices.count
        devices.append(device)
        lastSequences.append(0)
        lastAhead.append(0)
        return devices.count - 1
    }

    private mutating func put(_ dot: Dot, _ device: StateColumn, _ sequence: StateColumn) {
        let place = place(dot.device)
        put(UInt64(place), device)
        put(signed: dot.sequence &- lastSequences[place], sequence)
        lastSequences[place] = dot.sequence
    }

    mutating func append(_ state: DocumentState) {
        state.id.append(to: &ids)
        put(UInt64(state.kind.rawValue), .kind)
        put(state.creation, .creator, .creationSequence)
        let seconds = state.creationTime.rawValue >> 16
        put(signed: seconds &- lastSeconds, .creationSeconds)
        put(state.creationTime.rawValue & 0xFFFF, .creationCounter)
        lastSeconds = seconds
        let full = state.slots.filter { !$0.entries.isEmpty }
        let writes = Self.writes(full)
        append(writes)
        put(signed: state.lastPosition.rawValue &- (writes.map(\.position).max() ?? 0), .lastPosition)
        put(signed: state.lastEffective.rawValue &- (writes.map(\.effective).max() ?? 0), .lastEffective)
        append(dots: Self.untold(state.tops, writes.map(\.dot)))
        append(dots: state.listed)
        append(dots: state.readmitted.map(\.dot))
        for item in state.readmitted {
            put(item.place.rawValue, .dotPosition)
            put(item.logged.rawValue, .dotPosition)
        }
        var numbers: [StateWrite: Int] = [:]
        for (number, write) in writes.enumerated() { numbers[write] = number }
        put(UInt64(full.count), .slotCount)
        for slot in full {
            put(slot.slot.rawValue, .slot)
            put(UInt64(slot.entries.count), .entryCount)
            for entry in slot.entries { append(entry, slot.slot.field, numbers[StateWrite(entry)] ?? 0, writes) }
        }
    }

    /// Every change set behind the entries, in the order of positions.
    private static func writes(_ slots: [SlotState]) -> [StateWrite] {
        Set(slots.flatMap { $0.entries.map(StateWrite.init) }).sorted {
            ($0.position, $0.effective, $0.dot) < ($1.position, $1.effective, $1.dot)
        }
    }

    /// The tops that the writes do not tell.
    private static func untold(_ tops: [Dot], _ writes: [Dot]) -> [Dot] {
        let told = StateReader.tops(of: writes)
        return tops.filter { told[$0.device] != $0.sequence }
    }

    private mutating func append(_ writes: [StateWrite]) {
        put(UInt64(writes.count), .writeCount)
        var seconds = lastSeconds
        for write in writes {
            put(write.dot, .writer, .writeSequence)
            let place = place(write.dot.device)
            let ahead = write.position &- write.dot.sequence
            put(signed: ahead &- lastAhead[place], .writePosition)
            lastAhead[place] = ahead
            put(signed: write.effective >> 16 &- seconds, .writeSeconds)
            seconds = write.effective >> 16
            put(write.effective & 0xFFFF, .writeCounter)
        }
    }

    private mutating func append(dots: [Dot]) {
        put(UInt64(dots.count), .dotCount)
        for dot in dots {
            put(UInt64(place(dot.device)), .dotDevice)
            put(dot.sequence, .dotSequence)
        }
    }

    private mutating func append(_ entry: Entry, _ field: UInt8, _ write: Int, _ writes: [StateWrite]) {
        put(UInt64(write), .entryWrite)
        put(UInt64(entry.index), .entryIndex)
        put(UInt64(entry.action.rawValue), .entryAction)
        put(UInt64(entry.outcome.rawValue), .entryOutcome)
        put(UInt64(entry.state), .entryState)
        put(entry.isSettled ? 1 : 0, .entrySettled)
        let dots = SlotState.decodeDots(entry.value)
        if !dots.isEmpty, SlotState.encode(dots) == entry.value {
            put(UInt64(dots.count), .valueForm)
            for dot in dots {
                if let known = writes.firstIndex(where: { $0.dot == dot }) {
                    put(UInt64(known) + 1, .valueDot)
                } else {
                    put(0, .valueDot)
                    put(UInt64(place(dot.device)), .dotDevice)
                    put(dot.sequence, .dotSequence)
                }
            }
        } else {
            let isItem = Self.isItem(entry.value)
            put(isItem ? 0 : StateReader.bytesForm, .valueForm)
            if !isItem { put(UInt64(entry.value.count), .valueLength) }
            values[field, default: []] += entry.value
        }
        put(UInt64(entry.note.count), .noteLength)
        if !entry.note.isEmpty { values[field, default: []] += entry.note }
    }
}

extension StateWriter {
    /// Whether bytes are just one CBOR item, which says itself how long it is.
    private static func isItem(_ bytes: Bytes) -> Bool {
        var reader = CBORReader(bytes)
        return (try? reader.skipValue()) != nil && reader.isAtEnd
    }
}

extension StateWrite {
    fileprivate init(_ entry: Entry) {
        dot = entry.dot
        position = entry.position.rawValue
        effective = entry.effective.rawValue
    }
}
