// The canonical bytes of a document's state: what is hashed, and what is stored.

extension DocumentState {
    /// The state's canonical CBOR (`docs/data-model.md`, "State hash"): the same on every replica that holds the
    /// same accepted change sets. Empty slots are left out.
    package var canonical: Bytes {
        let full = slots.filter { !$0.entries.isEmpty }
        var authors: [DeviceID] = [creation.device]
        for slot in full {
            for entry in slot.entries where !authors.contains(entry.dot.device) { authors.append(entry.dot.device) }
        }
        authors.sort()
        func author(_ device: DeviceID) -> UInt64 { UInt64(authors.firstIndex(of: device) ?? 0) }
        var writer = CBORWriter(reserving: 1024)
        writer.arrayHeader(count: 7)
        writer.unsigned(Schema.version)
        writer.unsigned(UInt64(kind.rawValue))
        writer.byteString(id)
        writer.arrayHeader(count: authors.count)
        for device in authors { writer.byteString(device.digest) }
        writer.arrayHeader(count: 2)
        writer.unsigned(author(creation.device))
        writer.unsigned(creation.sequence)
        writer.unsigned(creationTime.rawValue)
        writer.arrayHeader(count: full.count)
        for slot in full {
            writer.arrayHeader(count: 2)
            writer.unsigned(slot.slot.rawValue)
            writer.arrayHeader(count: slot.entries.count)
            for entry in slot.entries { Self.write(entry, author: author(entry.dot.device), to: &writer) }
        }
        return writer.bytes
    }

    /// The hash of the canonical bytes.
    package var hash: Digest { Blake2b.hash(canonical) }

    private static func write(_ entry: Entry, author: UInt64, to writer: inout CBORWriter) {
        writer.arrayHeader(count: 11)
        writer.unsigned(author)
        writer.unsigned(entry.dot.sequence)
        writer.unsigned(UInt64(entry.index))
        writer.unsigned(entry.position.rawValue)
        writer.unsigned(entry.effective.rawValue)
        writer.unsigned(UInt64(entry.action.rawValue))
        writer.unsigned(UInt64(entry.outcome.rawValue))
        writer.unsigned(UInt64(entry.state))
        writer.bool(entry.isSettled)
        writer.byteString(entry.value)
        writer.byteString(entry.note)
    }

    /// The stored form: the canonical bytes, and what later applying needs beside them.
    package var stored: Bytes {
        let canonical = canonical
        var writer = CBORWriter(reserving: canonical.count + 128)
        writer.arrayHeader(count: readmitted.isEmpty ? 5 : 6)
        writer.byteString(canonical)
        writer.unsigned(lastPosition.rawValue)
        writer.unsigned(lastEffective.rawValue)
        for dots in [tops, listed] {
            writer.arrayHeader(count: dots.count)
            for dot in dots { dot.write(to: &writer) }
        }
        if readmitted.isEmpty { return writer.bytes }
        writer.arrayHeader(count: readmitted.count)
        for item in readmitted {
            writer.arrayHeader(count: 3)
            item.dot.write(to: &writer)
            writer.unsigned(item.place.rawValue)
            writer.unsigned(item.logged.rawValue)
        }
        return writer.bytes
    }

    /// The hash of the canonical bytes in a stored form, without reading them.
    package static func storedHash(_ bytes: Bytes) -> Digest? {
        var reader = CBORReader(bytes)
        guard let count = try? reader.arrayHeader(max: 6), count >= 5,
            let range = try? reader.byteStringRange(max: bytes.count)
        else { return nil }
        return Blake2b.hash(bytes, range)
    }

    /// Reads the stored form.
    /// - Parameter fields: only these of its fields, where not everything is needed; `nil` for all.
    package init(stored bytes: Bytes, fields: [UInt8]? = nil) throws(CBORError) {
        var reader = CBORReader(bytes)
        let count = try reader.arrayHeader(max: 6)
        guard count >= 5 else { throw CBORError(.typeMismatch, at: 0) }
        let range = try reader.byteStringRange(max: bytes.count)
        try self.init(canonical: bytes, range, fields)
        lastPosition = Position(rawValue: try reader.unsigned())
        lastEffective = HybridTime(rawValue: try reader.unsigned())
        for _ in 0..<(try reader.arrayHeader(max: 1 << 20)) { tops.append(try Dot(reading: &reader)) }
        for _ in 0..<(try reader.arrayHeader(max: 1 << 20)) { listed.append(try Dot(reading: &reader)) }
        for _ in 0..<(count == 6 ? try reader.arrayHeader(max: 1 << 20) : 0) {
            guard try reader.arrayHeader(max: 3) == 3 else { throw CBORError(.typeMismatch, at: reader.offset) }
            readmitted.append(
                Readmission(
                    dot: try Dot(reading: &reader), place: Position(rawValue: try reader.unsigned()),
                    logged: Position(rawValue: try reader.unsigned())))
        }
        try reader.finish()
    }

    private init(canonical bytes: Bytes, _ range: Range<Int>, _ fields: [UInt8]?) throws(CBORError) {
        var reader = CBORReader(bytes, range: range)
        let unfit = CBORError(.typeMismatch, at: range.lowerBound)
        guard try reader.arrayHeader(max: 7) == 7, try reader.unsigned() == Schema.version,
            let kind = UInt8(exactly: try reader.unsigned()).flatMap(DocumentKind.init(rawValue:))
        else { throw unfit }
        let id = try reader.digest()
        var authors: [DeviceID] = []
        for _ in 0..<(try reader.arrayHeader(max: 1 << 20)) { authors.append(DeviceID(try reader.digest())) }
        func dot(_ author: UInt64, _ sequence: UInt64) throws(CBORError) -> Dot {
            guard author < UInt64(authors.count), sequence <= Dot.maxSequence else { throw unfit }
            return Dot(device: authors[Int(author)], sequence: sequence)
        }
        guard try reader.arrayHeader(max: 2) == 2 else { throw unfit }
        let creation = try dot(try reader.unsigned(), try reader.unsigned())
        self.init(id: id, kind: kind, creation: creation)
        creationTime = HybridTime(rawValue: try reader.unsigned())
        for _ in 0..<(try reader.arrayHeader(max: 1 << 20)) {
            guard try reader.arrayHeader(max: 2) == 2 else { throw unfit }
            var slot = SlotState(slot: Slot(rawValue: try reader.unsigned()))
            if let fields, !fields.contains(slot.slot.field) {
                _ = try reader.skipValue()
                continue
            }
            for _ in 0..<(try reader.arrayHeader(max: 1 << 20)) {
                guard try reader.arrayHeader(max: 11) == 11 else { throw unfit }
                let dot = try dot(try reader.unsigned(), try reader.unsigned())
                let index = UInt8(truncatingIfNeeded: try reader.unsigned())
                let position = Position(rawValue: try reader.unsigned())
                let effective = HybridTime(rawValue: try reader.unsigned())
                guard let action = Entry.Action(rawValue: UInt8(truncatingIfNeeded: try reader.unsigned())),
                    let outcome = Outcome(rawValue: UInt8(truncatingIfNeeded: try reader.unsigned()))
                else { throw unfit }
                slot.entries.append(
                    Entry(
                        dot: dot, index: index, position: position, effective: effective, action: action,
                        outcome: outcome, state: UInt8(truncatingIfNeeded: try reader.unsigned()),
                        isSettled: try reader.bool(), value: try reader.byteString(max: 64 * 1024),
                        note: try reader.byteString(max: 64 * 1024)))
            }
            slots.append(slot)
        }
        try reader.finish()
    }
}
