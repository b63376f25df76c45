// Reports by what waits, by place and by original: the derived table `reports`.

/// A report that waits for somebody, as far as the order of an inbox needs it.
package struct WaitingReport: Sendable, Hashable {
    package let number: Int64
    package let status: UInt8
    package let course: ReportCourse
    package let needs: ReportFacts.Needs
    package let since: Int64
    /// The store's number for the device that took the last step; 0 for none.
    package let handler: Int64
    /// The store's number for the device that filed it.
    package let author: Int64
}

/// A report near a place.
package struct NearbyReport: Sendable, Hashable {
    package let id: Digest
    package let title: String
    package let status: UInt8
    package let isAccepted: Bool
    package let filed: Int64
    package let metres: Int
}

/// Which reports are meant.
package struct ReportFilter: Sendable {
    package var area: String?
    /// Areas that were merged into it.
    package var mergedAreas: [String] = []
    package var category: String?
    package var urgency: String?
    package var agency: String?
    /// Only those in one of these states; empty for all.
    package var states: [UInt8] = []
    /// Only those filed before this moment.
    package var filedBefore: Int64?
    package var isWaiting = false

    package init() {}

    private static let joined = " FROM reports r JOIN documents d ON d.number=r.document WHERE d.hidden=0"

    /// The query's end behind its columns; parameters 1 to 5 are `bind`'s.
    fileprivate var sql: String {
        var sql = Self.joined
        if area != nil {
            sql += " AND EXISTS(SELECT 1 FROM json_each(?1) WHERE d.area=value OR d.area LIKE value||'.%')"
        }
        if category != nil { sql += " AND r.category=?2" }
        if urgency != nil { sql += " AND r.urgency=?3" }
        if agency != nil { sql += " AND r.agency=?4" }
        if filedBefore != nil { sql += " AND r.filed<?5" }
        if isWaiting { sql += " AND r.waiting=1" }
        if !states.isEmpty {
            sql += " AND d.position<>0 AND d.status IN (\(states.map(String.init).joined(separator: ",")))"
        }
        return sql
    }

    fileprivate func bind(_ statement: Statement) {
        if let area {
            let codes = ([area] + mergedAreas).filter(AreaCode.isValid).map { "\"\($0)\"" }
            statement.bind(1, "[" + codes.joined(separator: ",") + "]")
        }
        if let category { statement.bind(2, category) }
        if let urgency { statement.bind(3, urgency) }
        if let agency { statement.bind(4, agency) }
        if let filedBefore { statement.bind(5, filedBefore) }
    }
}

extension Replica {
    func writeReportRow(_ number: Int64, _ facts: ReportFacts) throws(StoreError) {
        let handler = try facts.handler.map { device throws(StoreError) in try tables.deviceNumber(device) }
        let steps = facts.course.steps.map { "\($0.state.rawValue)>\($0.seconds)" }.joined(separator: ";")
        // Not OR REPLACE, which would be a savepoint, at which the full-text index writes out what it collected.
        let statement = try database.prepared(
            """
            INSERT INTO reports(document,category,latitude,longitude,filed,urgency,agency,due,due_set,steps,
            needs,since,handler,original,waiting) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)
            ON CONFLICT(document) DO UPDATE SET category=?2,latitude=?3,longitude=?4,filed=?5,urgency=?6,agency=?7,
            due=?8,due_set=?9,steps=?10,needs=?11,since=?12,handler=?13,original=?14,waiting=?15
            """
        ).bind(1, number).bind(2, facts.category).bind(3, facts.place?.latitude).bind(4, facts.place?.longitude)
            .bind(5, facts.course.filed).bind(6, facts.urgency).bind(7, facts.agency)
        statement.bind(8, facts.course.officerDue?.seconds).bind(9, facts.course.officerDue?.set).bind(10, steps)
            .bind(11, facts.needs.rawValue).bind(12, facts.since).bind(13, handler ?? 0)
            .bind(14, facts.original?.bytes).bind(15, facts.isWaiting ? 1 as Int64 : 0)
        try statement.run()
    }

    func dropReportRow(_ number: Int64) throws(StoreError) {
        try database.prepared("DELETE FROM reports WHERE document=?1").bind(1, number).run()
    }
}

extension LocalDocuments {
    /// The reports that wait for somebody, in no particular order.
    package func waitingReports(_ filter: ReportFilter) throws(ReplicaError) -> [WaitingReport] {
        var filter = filter
        filter.isWaiting = true
        let filtered = filter
        return try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                """
                SELECT r.document,d.id,d.status,r.filed,r.urgency,r.due,r.due_set,r.steps,r.needs,r.since,r.handler,
                d.creator
                """ + filtered.sql)
            filtered.bind(statement)
            defer { statement.reset() }
            var found: [WaitingReport] = []
            while try statement.step() {
                let due = statement.isNull(5) ? nil : (seconds: statement.integer(5), set: statement.integer(6))
                let course = ReportCourse(
                    id: statement.digest(1) ?? .zero, filed: statement.integer(3),
                    steps: statement.withText(7, Self.steps), urgency: statement.text(4), officerDue: due)
                found.append(
                    WaitingReport(
                        number: statement.integer(0), status: UInt8(truncatingIfNeeded: statement.integer(2)),
                        course: course, needs: ReportFacts.Needs(rawValue: statement.integer(8)),
                        since: statement.integer(9), handler: statement.integer(10), author: statement.integer(11)))
            }
            return found
        }
    }

    /// Reads `state>seconds;state>seconds`.
    private static func steps(_ text: UnsafeBufferPointer<UInt8>) -> [ReportStep] {
        if text.isEmpty { return [] }
        return text.split(separator: UInt8(ascii: ";")).compactMap { part in
            let ends = part.split(separator: UInt8(ascii: ">"))
            guard ends.count == 2, let number = UInt8(String(decoding: ends[0], as: UTF8.self)),
                let state = ReportStateNumber(rawValue: number),
                let seconds = Int64(String(decoding: ends[1], as: UTF8.self))
            else { return nil }
            return ReportStep(state, seconds)
        }
    }

    /// The store's number for a device, where it knows one; and back.
    package func number(of device: DeviceID) throws(ReplicaError) -> Int64? {
        try inStore { () throws(StoreError) in try tables.knownDeviceNumber(device) }
    }

    package func device(_ number: Int64) throws(ReplicaError) -> DeviceID? {
        try inStore { () throws(StoreError) in try tables.device(number) }
    }

    /// The ids of the reports that a filter means, the oldest first.
    package func reportIDs(_ filter: ReportFilter, limit: Int) throws(ReplicaError) -> [Digest] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                "SELECT d.id" + filter.sql + " ORDER BY r.filed,r.document LIMIT \(max(0, limit))")
            filter.bind(statement)
            defer { statement.reset() }
            var found: [Digest] = []
            while try statement.step() {
                if let id = statement.digest(0) { found.append(id) }
            }
            return found
        }
    }

    /// Reports of a category within a distance of a place, filed since a moment; the nearest first. What this device
    /// holds, and nothing else: it works without a network.
    package func nearby(
        category: String, _ place: GeoPoint, radiusMetres: Int, filedFrom: Int64, limit: Int = 5
    ) throws(ReplicaError) -> [NearbyReport] {
        let box = place.box(radiusMetres: radiusMetres)
        var found = try inStore { () throws(StoreError) in
            let statement = try database.prepared(
                """
                SELECT d.id,d.title,d.status,d.position,r.filed,r.latitude,r.longitude FROM reports r
                JOIN documents d ON d.number=r.document WHERE r.category=?1 AND r.latitude IS NOT NULL
                AND r.latitude BETWEEN ?2 AND ?3 AND r.longitude BETWEEN ?4 AND ?5 AND r.filed>=?6 AND d.hidden=0
                """
            ).bind(1, category).bind(2, box.latitudes.lowerBound).bind(3, box.latitudes.upperBound)
                .bind(4, box.longitudes.lowerBound).bind(5, box.longitudes.upperBound).bind(6, filedFrom)
            defer { statement.reset() }
            var found: [NearbyReport] = []
            while try statement.step() {
                guard let id = statement.digest(0),
                    let other = GeoPoint(latitude: statement.integer(5), longitude: statement.integer(6))
                else { continue }
                let metres = place.metres(to: other)
                guard metres <= radiusMetres else { continue }
                found.append(
                    NearbyReport(
                        id: id, title: statement.text(1), status: UInt8(truncatingIfNeeded: statement.integer(2)),
                        isAccepted: statement.integer(3) != 0, filed: statement.integer(4), metres: metres))
            }
            return found
        }
        found.sort { ($0.metres, $1.filed) < ($1.metres, $0.filed) }
        return Array(found.prefix(limit))
    }

    /// The reports that are duplicates of this one, and the devices that filed them: they follow it, derived.
    package func duplicates(of original: Digest) throws(ReplicaError) -> [(row: DocumentRow, author: DeviceID)] {
        let found = try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                """
                SELECT d.number,k.key FROM reports r JOIN documents d ON d.number=r.document
                JOIN devices k ON k.number=d.creator WHERE r.original=?1 AND d.hidden=0 ORDER BY r.filed,d.number
                """
            ).bind(1, original)
            defer { statement.reset() }
            var found: [(Int64, DeviceID)] = []
            while try statement.step() {
                if let author = statement.digest(1) { found.append((statement.integer(0), DeviceID(author))) }
            }
            return found
        }
        var rows: [(row: DocumentRow, author: DeviceID)] = []
        for (number, author) in found {
            if let row = try row(number) { rows.append((row, author)) }
        }
        return rows
    }
}

extension LocalDocuments {
    /// The kind of a document, and the agency of a report.
    package func kindAndAgency(_ number: Int64) throws(ReplicaError) -> (kind: DocumentKind?, agency: String) {
        try inStore { () throws(StoreError) in
            let statement = try database.prepared(
                "SELECT d.kind,r.agency FROM documents d LEFT JOIN reports r ON r.document=d.number WHERE d.number=?1"
            ).bind(1, number)
            defer { statement.reset() }
            guard try statement.step() else { return (nil, "") }
            return (DocumentKind(rawValue: UInt8(truncatingIfNeeded: statement.integer(0))), statement.text(1))
        }
    }
}
