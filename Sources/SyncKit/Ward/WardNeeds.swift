// What the ward asks devices for: of which files it lacks what, and takes it.

extension WardCore {
    /// What the ward lacks of the files that a device's person attached, in the order of the wire: of the oldest ones, and
    /// first of those that it takes, so that what it does not take stands in nobody's way.
    /// - Parameter besideOthers: also of those that somebody else added to the same document before.
    func needs(of device: DeviceID, besideOthers: Bool) throws(StoreError) -> [ContentNeed] {
        var rows: [AttachmentRow] = []
        for other in persons.devices(of: device) {
            guard let number = try tables.knownDeviceNumber(other) else { continue }
            if besideOthers { rows += try rowsBeside(other, number) }
            rows += try tables.attachments(
                where: "device=?1 AND held=0", oldestFirst: true, limit: 4 * ContentNeed.maxCount
            ) { $0.bind(1, number) }
        }
        let taken = try takenUpTo(rows, from: device)
        rows.sort { ($0.part.rawValue, $0.since) < ($1.part.rawValue, $1.since) }
        var seen: Set<Digest> = []
        var needs: [ContentNeed] = []
        var passedOver: [ContentNeed] = []
        for row in rows where needs.count < ContentNeed.maxCount && seen.insert(row.content.root).inserted {
            guard let need = try contents.need(row.content) else { continue }
            if let last = taken[row.device], !Self.isOlder(last, row) {
                needs.append(need)
            } else {
                passedOver.append(ContentNeed(root: need.root, runs: []))
            }
        }
        return needs + passedOver.prefix(ContentNeed.maxCount - needs.count)
    }

    /// What others added first of what a device added as well: only one of them may still have it.
    private func rowsBeside(_ device: DeviceID, _ number: Int64) throws(StoreError) -> [AttachmentRow] {
        let rows = try tables.attachments(
            where: """
                held=0 AND device<>?1 AND document IN (SELECT document FROM changes WHERE device=?1)
                """, limit: 500
        ) { $0.bind(1, number) }
        var found: [AttachmentRow] = []
        for row in rows {
            guard let document = documentsByNumber[row.document], let state = try state(of: document),
                let field = Schema.attachmentsField(of: state.kind)
            else { continue }
            let adds = state.entries(field).contains { entry in
                entry.dot.device == device && Attachment(decoding: entry.value)?.content.root == row.file
            }
            if adds { found.append(row) }
        }
        return found
    }

    private static func isOlder(_ first: AttachmentRow, _ second: AttachmentRow) -> Bool {
        (first.since, first.content.root) < (second.since, second.content.root)
    }

    /// For each device whose rows these are, the last one that the ward takes. What is older is taken too.
    private func takenUpTo(_ rows: [AttachmentRow], from device: DeviceID) throws(StoreError) -> [Int64: AttachmentRow]
    {
        var found: [Int64: AttachmentRow] = [:]
        for (number, rows) in Dictionary(grouping: rows, by: \.device) {
            let rows = rows.sorted(by: Self.isOlder)
            var (low, high) = (0, rows.count)
            // Mostly all of them are taken.
            if let last = rows.last, try mayTake(last, from: device) { low = rows.count }
            while low < high {
                let middle = (low + high) / 2
                if try mayTake(rows[middle], from: device) { low = middle + 1 } else { high = middle }
            }
            if low > 0 { found[number] = rows[low - 1] }
        }
        return found
    }

    /// The rows by which the ward takes a part. Of each device that names its root the oldest row decides; and of several
    /// lengths of one root, which only a false name makes, one row each is enough.
    func rowsTaken(_ rows: [AttachmentRow], from device: DeviceID) throws(StoreError) -> [AttachmentRow] {
        var asked: Set<Int64> = []
        var found: [AttachmentRow] = []
        for row in rows.sorted(by: Self.isOlder)
        where !found.contains(where: { $0.content == row.content }) && asked.insert(row.device).inserted {
            if try mayTake(row, from: device) { found.append(row) }
        }
        return found
    }

    /// Whether the ward has room for a resident's file (`docs/limits.md`).
    private func mayTake(_ row: AttachmentRow, from device: DeviceID) throws(StoreError) -> Bool {
        guard let limits = intakeLimits, grants[device]?.last?.grant.role == .resident else { return true }
        let isKnown = try isVouchedFor(device, row.device)
        guard isKnown || hasRoomForUnknown(.files) else { return false }
        // The oldest ones first, up to the limit: what is taken does not depend on what is asked for first.
        let statement = try database.prepare(
            """
            SELECT coalesce(sum(length),0) FROM attachments WHERE device=?1 AND (since<?2 OR (since=?2 AND root<=?3))
            """
        ).bind(1, row.device).bind(2, row.since).bind(3, row.content.root)
        defer { statement.reset() }
        guard try statement.step() else { return false }
        return limits.holds(contentBytes: statement.integer(0), isKnown: isKnown)
    }
}
