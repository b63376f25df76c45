// Looking through a ward page by page: rows of documents, one document's history, the log, devices. Whatever is
// listed comes from an index, and no answer is longer than what was asked for.

/// A document as a list shows it.
package struct BrowsedRow: Sendable, Hashable {
    package var number: Int64
    package var id: Digest
    package var kind: DocumentKind
    package var status: UInt8
    package var flags: Listing.Flags
    package var area: String
    package var title: String
    package var detail: String
    /// What lists are ordered by.
    package var sort: Int64
    /// Seconds since 1970.
    package var updated: Int64
}

/// Who stands behind a device.
package struct BrowsedPerson: Sendable, Hashable {
    /// Empty for residents.
    package var name: String
    package var role: Role
    package var isConsole = false
    package var isRevoked = false

    package init(_ grant: Grant, isRevoked: Bool) {
        name = grant.name
        role = grant.role
        isConsole = grant.isConsole
        self.isRevoked = isRevoked
    }

    /// Somebody of whom the log says nothing.
    init() {
        name = ""
        role = .resident
    }
}

/// A change set of a document's history, with the ward's time of its entry.
package struct BrowsedChange: Sendable {
    package var change: ChangeSet
    package var verdict: StoredVerdict
    package var code: RefusalCode?
    package var position: Position
    package var effective: HybridTime
    /// When the ward received it; seconds since 1970.
    package var received: Int64
    /// The time of the entry up to which its author had seen the log; 0 for none.
    package var seenTime: Int64
}

/// A device with what the ward knows of it.
package struct BrowsedDevice: Sendable {
    package var grant: Grant
    package var revokedAfter: UInt64?
    /// The newest change set that the ward has of it.
    package var lastSequence: UInt64
    package var contact: DeviceContact
}

extension WardCore {
    // MARK: Documents

    private static let rowColumns = "number,id,kind,status,flags,area,title,detail,sort,updated"

    private func rows(_ statement: Statement) throws(StoreError) -> [BrowsedRow] {
        defer { statement.reset() }
        var found: [BrowsedRow] = []
        while try statement.step() {
            guard let id = statement.digest(1),
                let kind = DocumentKind(rawValue: UInt8(truncatingIfNeeded: statement.integer(2)))
            else { continue }
            found.append(
                BrowsedRow(
                    number: statement.integer(0), id: id, kind: kind,
                    status: UInt8(truncatingIfNeeded: statement.integer(3)),
                    flags: Listing.Flags(rawValue: statement.integer(4)), area: statement.text(5),
                    title: statement.text(6), detail: statement.text(7), sort: statement.integer(8),
                    updated: statement.integer(9)))
        }
        return found
    }

    /// Documents of a kind in the order of their lists.
    /// - Parameter after: the last row of the page before.
    package func browse(_ kind: DocumentKind, after: (sort: Int64, number: Int64)?, limit: Int) throws(StoreError)
        -> [BrowsedRow]
    {
        let last = after ?? (Int64.min, Int64.min)
        return try rows(
            database.prepare(
                """
                SELECT \(Self.rowColumns) FROM documents INDEXED BY documents_listing
                WHERE kind=?1 AND hidden=0 AND (sort>?2 OR (sort=?2 AND number>?3)) ORDER BY sort,number LIMIT ?4
                """
            ).bind(1, Int64(kind.rawValue)).bind(2, last.sort).bind(3, last.number).bind(4, Int64(limit)))
    }

    /// How many documents of each kind the ward has.
    package var documentCounts: [DocumentKind: Int] { kindCounts }

    /// The documents whose ids begin so.
    package func documents(beginning typed: String, limit: Int) throws(StoreError) -> [BrowsedRow] {
        guard let range = ShortID.range(ShortID.normalized(typed)) else { return [] }
        return try rows(
            database.prepare(
                "SELECT \(Self.rowColumns) FROM documents WHERE id>=?1 AND id<=?2 ORDER BY id LIMIT ?3"
            ).bind(1, range.low).bind(2, range.high).bind(3, Int64(limit)))
    }

    /// A page of what was accepted for a document, newest first, and how much there is.
    package func history(of id: Digest, offset: Int, limit: Int) throws(StoreError) -> (
        changes: [BrowsedChange], total: Int
    ) {
        guard let document = documents[id] else { return ([], 0) }
        if document.isDirty { try flush() }
        let total = try tables.changeCount(document: document.number)
        let statement = try database.prepare(
            """
            SELECT c.device,c.sequence FROM document_changes d
            JOIN changes c ON c.device=d.device AND c.sequence=d.sequence
            WHERE d.document=?1 ORDER BY c.position DESC LIMIT ?2 OFFSET ?3
            """
        ).bind(1, document.number).bind(2, Int64(limit)).bind(3, Int64(offset))
        var places: [(device: Int64, sequence: UInt64)] = []
        while try statement.step() { places.append((statement.integer(0), UInt64(statement.integer(1)))) }
        statement.reset()
        var found: [BrowsedChange] = []
        for place in places {
            if let stored = try tables.change(device: place.device, sequence: place.sequence) {
                found.append(try browsed(stored))
            }
        }
        return (found, total)
    }

    /// One change set with its times.
    package func browsed(_ stored: LogTables.Stored) throws(StoreError) -> BrowsedChange {
        let seen = stored.change.header.seen.position
        return BrowsedChange(
            change: stored.change, verdict: stored.verdict, code: stored.code, position: stored.position,
            effective: stored.effective, received: try entryTime(at: stored.position.index),
            seenTime: try time(at: seen))
    }

    /// The ward's time of a position; 0 before the first entry, and in an epoch that was lost.
    package func time(at position: Position) throws(StoreError) -> Int64 {
        place(position.index) == position ? try entryTime(at: position.index) : 0
    }

    /// One change set by its address; nil where the ward does not have it.
    package func browsed(_ dot: Dot) throws(StoreError) -> BrowsedChange? {
        guard let number = try tables.knownDeviceNumber(dot.device),
            let stored = try tables.change(device: number, sequence: dot.sequence)
        else { return nil }
        return try browsed(stored)
    }

    // MARK: People

    package func browsedPerson(_ device: DeviceID) -> BrowsedPerson {
        grants[device]?.last.map { BrowsedPerson($0.grant, isRevoked: $0.revokedAfter != nil) } ?? BrowsedPerson()
    }

    /// A page of devices by their keys, and how many there are.
    /// - Parameter role: nil for everyone but residents.
    package func browseDevices(role: Role?, offset: Int, limit: Int) throws(StoreError) -> (
        devices: [BrowsedDevice], total: Int
    ) {
        let wanted = grants.compactMap { device, records in
            records.last.flatMap { record in
                (role.map { $0 == record.grant.role } ?? (record.grant.role != .resident)) ? device : nil
            }
        }.sorted()
        var found: [BrowsedDevice] = []
        for device in wanted.dropFirst(offset).prefix(limit) {
            if let one = try browseDevice(device) { found.append(one) }
        }
        return (found, wanted.count)
    }

    package func browseDevice(_ device: DeviceID) throws(StoreError) -> BrowsedDevice? {
        guard let record = grants[device]?.last else { return nil }
        return BrowsedDevice(
            grant: record.grant, revokedAfter: record.revokedAfter, lastSequence: try lastSequence(of: device),
            contact: try contact(of: device))
    }

    // MARK: The log

    /// Entries of the log below a position, newest first; nil for the newest.
    package func browseLog(before: UInt64?, limit: Int) throws(StoreError) -> [(position: UInt64, record: LogRecord)] {
        let statement = try database.prepare(
            "SELECT position,bytes FROM entries WHERE position<?1 ORDER BY position DESC LIMIT ?2"
        ).bind(1, Int64(clamping: before ?? tree.size + 1)).bind(2, Int64(limit))
        defer { statement.reset() }
        var found: [(position: UInt64, record: LogRecord)] = []
        while try statement.step() {
            guard let record = try? LogRecord(decoding: statement.bytes(1)) else {
                throw StoreError(.damaged, "ward log at \(statement.integer(0))")
            }
            found.append((UInt64(clamping: statement.integer(0)), record))
        }
        return found
    }

    /// A page of what is held, oldest device first, and how much there is.
    package func browseHeld(offset: Int, limit: Int) throws(StoreError) -> (changes: [BrowsedChange], total: Int) {
        let dots = heldChanges.sorted
        var found: [BrowsedChange] = []
        for dot in dots.dropFirst(offset).prefix(limit) {
            if let change = try browsed(dot) { found.append(change) }
        }
        return (found, dots.count)
    }

    /// A page of what was refused, newest device first, and how much there is.
    package func browseRefused(offset: Int, limit: Int) throws(StoreError) -> (changes: [BrowsedChange], total: Int) {
        let total = Int(
            try database.integer("SELECT count(*) FROM changes INDEXED BY changes_refused WHERE verdict=3") ?? 0)
        let statement = try database.prepare(
            """
            SELECT device,sequence FROM changes INDEXED BY changes_refused WHERE verdict=3
            ORDER BY device DESC,sequence DESC LIMIT ?1 OFFSET ?2
            """
        ).bind(1, Int64(limit)).bind(2, Int64(offset))
        var places: [(device: Int64, sequence: UInt64)] = []
        while try statement.step() { places.append((statement.integer(0), UInt64(statement.integer(1)))) }
        statement.reset()
        var found: [BrowsedChange] = []
        for place in places {
            if let stored = try tables.change(device: place.device, sequence: place.sequence) {
                found.append(try browsed(stored))
            }
        }
        return (found, total)
    }
}
