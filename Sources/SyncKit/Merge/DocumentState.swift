// A document as the accepted change sets make it: the result of the fold.

/// A document's state: a pure function of the set of (change set, receipt, decision) that concern it.
package struct DocumentState: Hashable, Sendable {
    package var id: Digest
    package var kind: DocumentKind
    /// The change set that created it.
    package var creation: Dot
    package var creationTime: HybridTime
    /// The last position that changed it.
    package var lastPosition: Position
    package var lastEffective: HybridTime
    /// What stands in each slot, sorted by slot.
    package var slots: [SlotState]
    /// The highest sequence of each device in this document, to notice what arrives out of its chain's order.
    package var tops: [Dot]
    /// Change sets that accepted ones list as seen, to notice one that is accepted after its replacement.
    package var listed: [Dot]
    /// What was readmitted after a restore, in the order of the places.
    package var readmitted: [Readmission]

    /// A change set that came back after a restore: it keeps its place, and nobody saw it there until it was back.
    package struct Readmission: Hashable, Sendable {
        package var dot: Dot
        package var place: Position
        package var logged: Position

        /// Whether an author who had seen the log up to a mark of a later epoch had not seen it.
        func isUnseen(by mark: Position) -> Bool {
            place.epoch < mark.epoch && mark < logged && !planted(.seesReadmitted)
        }
    }

    /// An empty document, before its creation is applied.
    package init(id: Digest, kind: DocumentKind, creation: Dot) {
        self.id = id
        self.kind = kind
        self.creation = creation
        creationTime = .zero
        lastPosition = .start
        lastEffective = .zero
        slots = []
        tops = []
        listed = []
        readmitted = []
    }

    /// Whether an author who had seen the log up to a mark had seen what stands at a place in it.
    package func wasSeen(_ dot: Dot, at position: Position, by mark: Position) -> Bool {
        position <= mark && !readmitted.contains { $0.dot == dot && $0.isUnseen(by: mark) }
    }

    /// Where a slot stands in `slots`, or where it would.
    @inline(__always)
    func slotIndex(_ slot: Slot) -> (index: Int, found: Bool) {
        var low = 0
        var high = slots.count
        while low < high {
            let middle = (low + high) / 2
            let other = slots[middle].slot.rawValue
            if other == slot.rawValue { return (middle, true) }
            if other < slot.rawValue { low = middle + 1 } else { high = middle }
        }
        return (low, false)
    }

    /// What stands in a slot; empty where nothing does.
    package func entries(_ slot: Slot) -> [Entry] {
        let place = slotIndex(slot)
        return place.found ? slots[place.index].entries : []
    }

    package func entries(_ field: UInt8) -> [Entry] { entries(Slot(field: field)) }

    /// The register's shown value: the one with the highest (effective time, position).
    package func shown(_ slot: Slot) -> Entry? {
        entries(slot).max(by: Entry.precedes)
    }

    package func shown(_ field: UInt8) -> Entry? { shown(Slot(field: field)) }

    /// The shown value of a register, decoded.
    package func value(_ field: UInt8) -> CBORValue? {
        shown(field).flatMap { try? CBORValue(decoding: $0.value) }
    }

    /// The shown text of a register.
    package func text(_ field: UInt8) -> String? {
        if case .text(let text)? = value(field) { return text }
        return nil
    }

    /// Bytes that make a digest, from a register.
    package func digest(_ field: UInt8) -> Digest? {
        guard case .bytes(let bytes)? = value(field) else { return nil }
        return Digest(bytes)
    }

    /// The areas that the document belongs to: every value of its area field that stands.
    package var areas: [String] {
        guard let field = Schema.areaField(of: kind) else { return [] }
        var areas: [String] = []
        for entry in entries(field) {
            if case .text(let area)? = try? CBORValue(decoding: entry.value), !areas.contains(area) {
                areas.append(area)
            }
        }
        let sorted = areas.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        return Array(sorted.prefix(Self.mostAreas))
    }

    /// How many areas a document is in at most, whatever many people wrote side by side: an entry of the log names them.
    static let mostAreas = 64
}
