// What one operation does to one slot, by merge kind.

extension SlotState {
    /// Applies one operation.
    /// - Parameter replaced: whether something applied earlier replaces the write (registers, sets) or settles it
    ///   (claims, workflows).
    mutating func apply(
        _ operation: Operation, _ value: Bytes, of change: AcceptedChange, index: UInt8, outcome: Outcome,
        replaced: Bool
    ) {
        func entry(_ action: Entry.Action, state: UInt8 = 0, isSettled: Bool = false, value: Bytes) -> Entry {
            Entry(
                dot: change.dot, index: index, position: change.position, effective: change.effective,
                action: action, outcome: outcome, state: state, isSettled: isSettled, value: value)
        }
        switch operation {
        case .set:
            if entries.count == 1, !replaced, change.replaces(entries[0].dot, at: entries[0].position) {
                entries[0] = entry(.value, value: value)
                return
            }
            dropReplaced(by: change)
            if !replaced { entries.append(entry(.value, value: value)) }
        case .add:
            if !replaced { entries.append(entry(.value, value: value)) }
        case .remove:
            entries.removeAll { $0.value == value && change.replaces($0.dot, at: $0.position) }
        case .append:
            insertByTime(entry(.value, value: value))
        case .claim:
            entries.append(entry(.claim, isSettled: replaced, value: []))
        case .release(_, let claim, let successor):
            let named = Self.encode([claim] + (successor.map { [$0] } ?? []))
            entries.append(entry(.release, isSettled: replaced, value: named))
        case .transition(_, let to, let follows):
            entries.append(entry(.transition, state: to, isSettled: replaced, value: Self.encode([follows])))
        case .link(_, let target):
            entries.append(entry(.link, value: target.bytes))
        case .unlink(_, let link):
            entries.append(entry(.unlink, value: Self.encode([link])))
        case .resolve(_, let settled):
            settle(settled, value, entry(.resolution, value: value), by: change, replaced: replaced)
        }
    }

    /// A log's place for an item: after everything with a lower (effective time, position, index).
    private mutating func insertByTime(_ entry: Entry) {
        guard let last = entries.last, Entry.precedes(entry, last) else {
            entries.append(entry)
            return
        }
        var place = entries.count - 1
        while place > 0, Entry.precedes(entry, entries[place - 1]) { place -= 1 }
        entries.insert(entry, at: place)
    }

    @inline(__always)
    private mutating func dropReplaced(by change: AcceptedChange) {
        if entries.isEmpty { return }
        entries.removeAll { change.replaces($0.dot, at: $0.position) }
    }

    /// A resolution replaces a register's values that it had seen by the chosen one; of claims and transitions it
    /// marks those that it names as settled.
    private mutating func settle(
        _ settled: [Dot], _ value: Bytes, _ entry: Entry, by change: AcceptedChange, replaced: Bool
    ) {
        let parts = ResolutionValue(decoding: value)
        var resolution = entry
        resolution.value = parts.chosen
        resolution.note = parts.reason
        if Self.isRegister(slot, change.kind) {
            if planted(.resolutionDropsUnseen) { entries.removeAll() } else { dropReplaced(by: change) }
            if !replaced { entries.append(resolution) }
            return
        }
        for place in entries.indices where settled.contains(entries[place].dot) {
            if change.replaces(entries[place].dot, at: entries[place].position) { entries[place].isSettled = true }
        }
        resolution.isSettled = replaced
        entries.append(resolution)
    }

    /// Whether the schema says that a slot is a register; what stands in it may not tell yet.
    static func isRegister(_ slot: Slot, _ kind: DocumentKind) -> Bool {
        Schema.field(kind, slot.field)?.merge == .register
    }

    /// Dots as the value of an entry that names change sets.
    static func encode(_ dots: [Dot]) -> Bytes {
        var writer = CBORWriter(reserving: 44 * dots.count + 1)
        writer.arrayHeader(count: dots.count)
        for dot in dots { dot.write(to: &writer) }
        return writer.bytes
    }

    /// The dots that an entry names.
    package static func decodeDots(_ bytes: Bytes) -> [Dot] {
        var reader = CBORReader(bytes)
        guard let count = try? reader.arrayHeader(max: 4) else { return [] }
        var dots: [Dot] = []
        for _ in 0..<count {
            guard let dot = try? Dot(reading: &reader) else { return [] }
            dots.append(dot)
        }
        return dots
    }
}

/// The value of a resolution: what was chosen, and why.
package struct ResolutionValue: Sendable {
    /// The chosen value, encoded; `null` where nothing is chosen (a crossing that is taken note of).
    package let chosen: Bytes
    /// The reason as encoded text.
    package let reason: Bytes

    package init(decoding value: Bytes) {
        var reader = CBORReader(value)
        guard (try? reader.arrayHeader(max: 2)) == 2, let first = try? reader.skipValue(),
            let second = try? reader.skipValue()
        else {
            chosen = value
            reason = []
            return
        }
        chosen = Bytes(value[first])
        reason = Bytes(value[second])
    }
}
