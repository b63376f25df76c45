// The ward's conflict inbox: change sets that do not count, because they are held or were refused.

extension WardCore {
    /// The most refused change sets of one device that are looked at, its newest ones; and for how long they are shown.
    private static let mostRefusedOfOne = 200
    private static let refusedSeconds: Int64 = 30 * 86_400

    /// - Returns: how many change sets of residents are left out.
    func addHeld(to items: inout [InboxItem], _ filter: InboxFilter, _ now: Int64) throws(StoreError) -> Int {
        guard [.missing, .fork, .lostDevice, .role].contains(where: filter.mayHold) else { return 0 }
        var dots = heldChanges.sorted
        if let device = filter.device { dots.removeAll { $0.device != device } }
        let (shown, leftOut) = listed(dots, filter, of: nil, \.device, \.device.digest)
        for dot in shown {
            inbox.rowsRead += 1
            if let stored = try tables.change(device: try chain(dot.device).number, sequence: dot.sequence),
                let item = try pendingItem(stored, now)
            {
                items.append(item)
            }
        }
        return leftOut
    }

    /// The change sets that keys of items name, looked up one by one, also those that a list leaves out.
    func addPending(_ keys: Set<String>, to items: inout [InboxItem], _ now: Int64) throws(StoreError) {
        for key in keys {
            let parts = key.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count > 1, let dot = Dot(text: parts[1]),
                let number = try tables.knownDeviceNumber(dot.device),
                let stored = try tables.change(device: number, sequence: dot.sequence)
            else { continue }
            switch stored.verdict {
            case .held: break
            case .refused where stored.code != .declined:
                guard try isShown(refused: stored.change.id, at: stored.position.index, now) else { continue }
            default: continue
            }
            if let item = try pendingItem(stored, now) { items.append(item) }
        }
    }

    /// Whether what was refused at an entry of the log is still to be seen: not old, not closed, and not sent again.
    private func isShown(refused id: Digest, at index: UInt64, _ now: Int64) throws(StoreError) -> Bool {
        guard !orders.declined.contains(id), now - (try entryTime(at: index)) <= Self.refusedSeconds else {
            return false
        }
        return try tables.meta("reissued." + id.hex) == nil
    }

    func isResident(_ device: DeviceID) -> Bool {
        grants[device]?.last.map { $0.grant.role == .resident } ?? true
    }

    func addRefused(to items: inout [InboxItem], _ filter: InboxFilter, _ now: Int64) throws(StoreError) {
        guard [.role, .processing].contains(where: filter.mayHold) else { return }
        var rows: [(device: Int64, sequence: UInt64, index: UInt64, id: Digest)] = []
        var ofResidents = 0
        // From device to device: the index has those that were refused anything side by side.
        var last = Int64.max
        while let device = try refusedDevice(before: last) {
            last = device
            let isResident = try tables.device(device).map(isResident) ?? true
            guard !isResident || ofResidents < ResidentShare.mostOfAll else { continue }
            let most = isResident ? ResidentShare.mostOfOne : Self.mostRefusedOfOne
            let statement = try database.prepare(
                """
                SELECT sequence,position,id FROM changes INDEXED BY changes_refused
                WHERE verdict=3 AND device=?1 AND code<>?2 ORDER BY sequence DESC LIMIT ?3
                """
            ).bind(1, device).bind(2, Int64(RefusalCode.declined.rawValue)).bind(3, Int64(most))
            while try statement.step() {
                inbox.rowsRead += 1
                let position = Position(rawValue: UInt64(bitPattern: statement.integer(1)))
                guard let id = statement.digest(2) else { continue }
                rows.append((device, UInt64(bitPattern: statement.integer(0)), position.index, id))
                if isResident { ofResidents += 1 }
            }
            statement.reset()
        }
        for row in rows {
            guard try isShown(refused: row.id, at: row.index, now),
                let stored = try tables.change(device: row.device, sequence: row.sequence),
                let item = try pendingItem(stored, now)
            else { continue }
            items.append(item)
        }
    }

    /// The newest device before another one of which anything was refused.
    private func refusedDevice(before device: Int64) throws(StoreError) -> Int64? {
        let statement = try database.prepare(
            """
            SELECT device FROM changes INDEXED BY changes_refused WHERE verdict=3 AND device<?1
            ORDER BY device DESC LIMIT 1
            """
        ).bind(1, device)
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : nil
    }

    func pendingItem(_ stored: LogTables.Stored, _ now: Int64) throws(StoreError) -> InboxItem? {
        guard let code = stored.code, let kind = InboxKind(code) else { return nil }
        let change = stored.change
        let known = documents[change.document]
        let state = try known.flatMap { document throws(StoreError) in try peek(document) }
        let area = state?.areas.first ?? grants[change.header.device]?.last?.grant.areas.first ?? ""
        var item = InboxItem(
            kind, owner: InboxOwner(role: InboxRule.of(kind).owner, area: area),
            since: try entryTime(at: stored.position.index))
        item.document = change.document
        item.documentKind = UInt8(exactly: change.header.kind).flatMap(DocumentKind.init(rawValue:))
        item.title = state?.inboxTitle ?? ""
        item.area = area
        item.device = change.header.device
        var pending = InboxPending(
            dot: change.dot, id: change.id, code: code, isHeld: stored.verdict == .held,
            deviceTime: change.header.authorTime, seen: change.header.seen.position)
        pending.areas = state?.areas ?? change.namedAreas
        pending.isDocumentMissing = known == nil && !change.isCreation
        if code == .missingReference, let state { pending.missing = change.named.filter { !state.holds($0) } }
        item.pending = pending
        item.age(at: now)
        if kind == .lostDevice { item.raise(for: .unsentWork) }
        return item
    }
}
