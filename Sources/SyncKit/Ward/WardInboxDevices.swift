// Devices in the inbox: when each was seen last, whose clock is wrong, who may be lost, whose chain was forked.

extension WardCore {
    /// The most devices that are remembered.
    private static let mostContacts = 100_000

    /// Notes what a device's request tells of it: that it is there, its clock, how far its chain goes.
    func noteContact(_ request: SyncRequest) {
        guard contacts[request.device] != nil || contacts.count < Self.mostContacts else { return }
        let now = time.nowSeconds()
        var contact = contacts[request.device] ?? DeviceContact()
        contact.seen = max(contact.seen, now)
        contact.skew = request.time.subtractingReportingOverflow(now).partialValue
        contact.wrongSince = contact.isWrong ? contact.wrongSince ?? now : nil
        contact.chain = request.chain
        contacts[request.device] = contact
        changedContacts.insert(request.device)
    }

    func loadContacts() throws(StoreError) {
        let statement = try database.prepare(
            """
            SELECT k.key,c.seen,c.skew,c.chain,w.since FROM contacts c JOIN devices k ON k.number=c.device
            LEFT JOIN wrong_clocks w ON w.device=c.device
            """)
        defer { statement.reset() }
        while try statement.step() {
            guard let key = statement.digest(0), contacts[DeviceID(key)] == nil else { continue }
            var contact = DeviceContact()
            contact.seen = statement.integer(1)
            contact.skew = statement.integer(2)
            contact.chain = UInt64(clamping: statement.integer(3))
            if contact.isWrong { contact.wrongSince = statement.isNull(4) ? contact.seen : statement.integer(4) }
            contacts[DeviceID(key)] = contact
        }
    }

    /// Writes what was noted; within a transaction.
    func writeContacts(of devices: Set<DeviceID>) throws(StoreError) {
        for device in devices {
            guard let contact = contacts[device], let number = try tables.knownDeviceNumber(device) else { continue }
            try database.prepared(
                """
                INSERT INTO contacts(device,seen,skew,chain) VALUES(?1,?2,?3,?4)
                ON CONFLICT(device) DO UPDATE SET seen=?2,skew=?3,chain=?4
                """
            ).bind(1, number).bind(2, contact.seen).bind(3, contact.skew).bind(4, Int64(clamping: contact.chain)).run()
            let sql =
                contact.wrongSince == nil
                ? "DELETE FROM wrong_clocks WHERE device=?1"
                : "INSERT INTO wrong_clocks(device,since) VALUES(?1,?2) ON CONFLICT(device) DO UPDATE SET since=?2"
            let statement = try database.prepare(sql).bind(1, number)
            if let since = contact.wrongSince { statement.bind(2, since) }
            try statement.run()
        }
    }

    /// What the ward knows of a device: when it was there last, its clock, and what it may have that the ward lacks.
    package func contact(of device: DeviceID) throws(StoreError) -> DeviceContact {
        var contact = contacts[device] ?? DeviceContact()
        contact.received = try lastSequence(of: device)
        if inbox.upTo != nil { contact.heldTasks = inbox.open.values.count { $0.holder == device } }
        return contact
    }

    // MARK: Items

    /// - Returns: how many residents' devices are left out.
    func addDevices(
        to items: inout [InboxItem], _ filter: InboxFilter, _ now: Int64, of subjects: Set<Digest>?
    ) throws(StoreError) -> Int {
        guard filter.mayHold(.clock) || filter.mayHold(.lostDevice) else { return 0 }
        var wrong: [(device: DeviceID, grant: Grant)] = []
        for (device, records) in grants {
            // The console's own key is the ward's: it is no phone that somebody could lose.
            guard let record = records.last, record.revokedAfter == nil, record.grant.role != .ward,
                !record.grant.isConsole
            else { continue }
            let contact = contacts[device] ?? DeviceContact()
            if contact.seen > 0, now - contact.seen <= 30 * 86_400, contact.isWrong {
                wrong.append((device, record.grant))
            }
            guard [.volunteer, .lead, .officer, .admin].contains(record.grant.role),
                record.grant.validUntil == 0 || record.grant.validUntil >= now
            else { continue }
            let last = max(contact.seen, record.grant.validFrom)
            guard last > 0, now - last >= DeviceContact.silentSeconds else { continue }
            var item = deviceItem(.lostDevice, device, record.grant, since: last)
            let whole = try self.contact(of: device)
            if whole.unsent > 0 || whole.heldTasks > 0 { item.raise(for: .unsentWork) }
            items.append(item)
        }
        wrong.sort { $0.device < $1.device }
        let (shown, leftOut) = listed(wrong, filter, of: subjects, \.device, \.device.digest)
        for (device, grant) in shown {
            let contact = contacts[device] ?? DeviceContact()
            var item = deviceItem(.clock, device, grant, since: contact.wrongSince ?? contact.seen)
            if contact.skew.magnitude >= 86_400 { item.raise(for: .dayWrong) }
            if grant.role == .resident { item.lower() }
            items.append(item)
        }
        return leftOut
    }

    /// - Returns: how many residents' devices are left out.
    func addForks(to items: inout [InboxItem], _ filter: InboxFilter, of subjects: Set<Digest>?) throws(StoreError)
        -> Int
    {
        guard filter.mayHold(.fork) else { return 0 }
        let statement = try database.prepare("SELECT device,sequence,id FROM forks ORDER BY device,sequence")
        var ids: [Int64: [(sequence: UInt64, id: Digest)]] = [:]
        while try statement.step() {
            inbox.rowsRead += 1
            guard let id = statement.digest(2) else { continue }
            ids[statement.integer(0), default: []].append((UInt64(bitPattern: statement.integer(1)), id))
        }
        statement.reset()
        var forked: [(device: DeviceID, number: Int64, others: [(sequence: UInt64, id: Digest)])] = []
        for (number, branch) in ids {
            guard let device = try tables.device(number) else { continue }
            var others: [(sequence: UInt64, id: Digest)] = []
            for item in branch where try isLeftOver(item.id, of: device) { others.append(item) }
            if !others.isEmpty { forked.append((device, number, others)) }
        }
        forked.sort { $0.device < $1.device }
        let (shown, leftOut) = listed(forked, filter, of: subjects, \.device, \.device.digest)
        for (device, number, left) in shown {
            let others = try branches(left)
            guard let first = others.first else { continue }
            let main = try tables.changeID(device: number, sequence: first.sequence) ?? .zero
            let grant = grants[device]?.last?.grant
            var item = InboxItem(
                .fork, owner: InboxOwner(role: InboxRule.of(.fork).owner, area: grant?.areas.first ?? ""),
                since: try forkTime(device, others))
            item.device = device
            item.area = grant?.areas.first ?? ""
            item.fork = InboxFork(
                sequence: first.sequence, main: main, mainEnd: try chain(device).head.sequence, others: others)
            if isResident(device) { item.lower() }
            items.append(item)
        }
        return leftOut
    }

    /// What of another branch is left over, with its authors' times.
    private func branches(_ left: [(sequence: UInt64, id: Digest)]) throws(StoreError) -> [InboxFork.Branch] {
        var found: [InboxFork.Branch] = []
        for item in left {
            let statement = try database.prepare("SELECT body FROM forks WHERE id=?1").bind(1, item.id)
            defer { statement.reset() }
            inbox.rowsRead += 1
            guard try statement.step(), let change = try? ChangeSet(decoding: statement.bytes(0)) else { continue }
            found.append(
                InboxFork.Branch(sequence: item.sequence, id: item.id, deviceTime: change.header.authorTime))
        }
        return found
    }

    /// When the ward met the other branch.
    private func forkTime(_ device: DeviceID, _ others: [InboxFork.Branch]) throws(StoreError) -> Int64 {
        guard let number = try tables.knownDeviceNumber(device) else { return 0 }
        let holds = LogEntry.hold(Dot(device: device, sequence: 1), id: .zero, code: .fork).number
        let ids = Set(others.map(\.id))
        for place in index.devices.indices
        where Int64(index.devices[place]) == number && index.numbers[place] == holds && index.documents[place] == 0 {
            let position = UInt64(place) + 1
            let statement = try database.prepared("SELECT bytes FROM entries WHERE position=?1").bind(
                1, Int64(position))
            defer { statement.reset() }
            guard try statement.step(), let record = try? LogRecord(decoding: statement.bytes(0)),
                case .hold(_, let id, .fork) = record.entry, ids.contains(id)
            else { continue }
            return record.time
        }
        return others.map(\.deviceTime.seconds).min() ?? 0
    }

    private func deviceItem(_ kind: InboxKind, _ device: DeviceID, _ grant: Grant, since: Int64) -> InboxItem {
        var item = InboxItem(
            kind, owner: InboxOwner(role: InboxRule.of(kind).owner, area: grant.areas.first ?? ""), since: since)
        item.device = device
        item.area = grant.areas.first ?? ""
        return item
    }
}
