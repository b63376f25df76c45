// The ward's conflict inbox: every kind, in one order, a page at a time.

extension WardCore {
    /// The most refused change sets that are looked at, the newest devices' last; and for how long they are shown.
    private static let mostRefused = 2_000
    private static let refusedSeconds: Int64 = 30 * 86_400
    /// Devices that were not heard of for so long are not asked about any more.
    private static let forgottenSeconds: Int64 = 180 * 86_400

    /// A page of what waits for a person.
    /// - Parameters:
    ///   - fault: why the ward answers nobody any more, where it does not.
    package func inbox(_ filter: InboxFilter, from: Int = 0, limit: Int = 50, fault: StoreError? = nil)
        throws(StoreError) -> InboxPage
    {
        try refreshInbox()
        let now = wardTime
        var items: [InboxItem] = []
        try addConflicts(to: &items, filter)
        try addParallel(to: &items, filter)
        try addDuplicates(to: &items, filter)
        try addMerged(to: &items, filter)
        try addHeld(to: &items, filter, now)
        try addRefused(to: &items, filter, now)
        try addDevices(to: &items, filter, now)
        try addForks(to: &items, filter)
        try addFiles(to: &items, filter, now)
        try addProblems(to: &items, filter)
        if let fault = fault ?? self.fault { items.append(faultItem(fault, now)) }
        for place in items.indices { items[place].owner = present(items[place].owner, now) }
        var page = items.page(filter, from: from, limit: limit, at: now)
        for place in page.items.indices { try fill(&page.items[place]) }
        page.rowsRead = inbox.rowsRead
        return page
    }

    /// Whose an item is by now: the newest device's of whoever dealt with it, and everybody's of the role where that
    /// person does not work for the ward any more.
    private func present(_ owner: InboxOwner, _ now: Int64) -> InboxOwner {
        guard let device = owner.device else { return owner }
        var present = owner
        present.device = persons.devices(of: device).last { device in
            guard let record = grants[device]?.last, record.revokedAfter == nil else { return false }
            let ends = record.grant.validUntil
            return [.lead, .officer, .admin].contains(record.grant.role) && (ends == 0 || ends >= now)
        }
        return present
    }

    /// The item with this name, as it stands now; `nil` where it does not wait any more.
    package func inboxItem(_ key: String) throws(StoreError) -> InboxItem? {
        var filter = InboxFilter()
        guard let kind = key.split(separator: "/").first.map(String.init).flatMap(InboxKind.init(name:)) else {
            return nil
        }
        filter.kinds = [kind]
        var from = 0
        while true {
            let page = try inbox(filter, from: from, limit: 500)
            if let found = page.items.first(where: { $0.key == key }) { return found }
            from += page.items.count
            if page.items.isEmpty || from >= page.total { return nil }
        }
    }

    /// What others call a device, and its role.
    package func person(_ device: DeviceID) -> (name: String, role: Role) {
        let card = card(device)
        return (card.name, card.role)
    }

    // MARK: Documents

    private func addConflicts(to items: inout [InboxItem], _ filter: InboxFilter) throws(StoreError) {
        guard filter.mayHold(.values) || filter.mayHold(.claims) || filter.mayHold(.crossing) else { return }
        for number in inbox.conflicted {
            guard let document = documentsByNumber[number], let state = try peek(document) else { continue }
            items += state.inboxConflicts { time(of: $0) }
        }
    }

    /// When the ward received what an entry stands for.
    private func time(of entry: Entry) -> Int64 {
        let index = entry.position.index
        guard place(index) == entry.position, let time = try? entryTime(at: index), time > 0 else {
            return entry.effective.seconds
        }
        return time
    }

    private func addParallel(to items: inout [InboxItem], _ filter: InboxFilter) throws(StoreError) {
        guard filter.mayHold(.parallel), !inbox.parallel.isEmpty else { return }
        try verifyParallels()
        for (number, standing) in inbox.parallel {
            guard case .open(let since) = standing, let document = documentsByNumber[number],
                let state = try peek(document)
            else { continue }
            var item = InboxItem(.parallel, owner: state.inboxOwner(.parallel), since: since)
            name(&item, state)
            items.append(item)
        }
    }

    private func addDuplicates(to items: inout [InboxItem], _ filter: InboxFilter) throws(StoreError) {
        guard filter.mayHold(.duplicates) else { return }
        for (pair, metres) in inbox.places.pairs {
            guard let newer = documentsByNumber[pair.newer], let older = documentsByNumber[pair.older],
                let one = try peek(newer), let other = try peek(older),
                let item = one.inboxLikeness(of: other, metres: metres)
            else { continue }
            items.append(item)
        }
    }

    private func addMerged(to items: inout [InboxItem], _ filter: InboxFilter) throws(StoreError) {
        guard filter.mayHold(.merged) else { return }
        let units = try mergedUnits()
        guard !units.isEmpty else { return }
        let now = wardTime
        var known: [String: Bool] = [:]
        for (number, open) in inbox.open {
            let isMerged = known[open.area] ?? (units.present(open.area, now) != open.area)
            known[open.area] = isMerged
            guard isMerged, let document = documentsByNumber[number], let state = try peek(document),
                let item = state.inboxMerger(present: { units.present($0, now) })
            else { continue }
            items.append(item)
        }
    }

    func name(_ item: inout InboxItem, _ state: DocumentState) {
        item.document = state.id
        item.documentKind = state.kind
        item.title = state.inboxTitle
        item.area = state.areas.first ?? ""
    }

    // MARK: Change sets that do not count

    private func addHeld(to items: inout [InboxItem], _ filter: InboxFilter, _ now: Int64) throws(StoreError) {
        guard [.missing, .fork, .lostDevice, .role].contains(where: filter.mayHold) else { return }
        for stored in try held() {
            inbox.rowsRead += 1
            if let item = try pendingItem(stored, now) { items.append(item) }
        }
    }

    private func addRefused(to items: inout [InboxItem], _ filter: InboxFilter, _ now: Int64) throws(StoreError) {
        guard [.role, .processing].contains(where: filter.mayHold) else { return }
        let statement = try database.prepare(
            """
            SELECT device,sequence,position,id FROM changes INDEXED BY changes_refused
            WHERE verdict=3 AND code<>?1 ORDER BY device DESC,sequence DESC LIMIT ?2
            """
        ).bind(1, Int64(RefusalCode.declined.rawValue)).bind(2, Int64(Self.mostRefused))
        var rows: [(device: Int64, sequence: UInt64, index: UInt64, id: Digest)] = []
        while try statement.step() {
            inbox.rowsRead += 1
            let position = Position(rawValue: UInt64(bitPattern: statement.integer(2)))
            if let id = statement.digest(3) {
                rows.append((statement.integer(0), UInt64(bitPattern: statement.integer(1)), position.index, id))
            }
        }
        statement.reset()
        for row in rows {
            guard now - (try entryTime(at: row.index)) <= Self.refusedSeconds,
                try tables.meta("reissued." + row.id.hex) == nil,
                let stored = try tables.change(device: row.device, sequence: row.sequence),
                let item = try pendingItem(stored, now)
            else { continue }
            items.append(item)
        }
    }

    private func pendingItem(_ stored: LogTables.Stored, _ now: Int64) throws(StoreError) -> InboxItem? {
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
        pending.isDocumentMissing = known == nil && !change.isCreation
        if code == .missingReference, let state { pending.missing = change.named.filter { !state.holds($0) } }
        item.pending = pending
        item.age(at: now)
        if kind == .lostDevice { item.raise(for: .unsentWork) }
        return item
    }

    // MARK: The details of a page

    private func fill(_ item: inout InboxItem) throws(StoreError) {
        if let device = item.device { item.contact = try contact(of: device) }
        guard item.pending == nil, let id = item.document, let document = documents[id],
            let state = try peek(document)
        else { return }
        let changes = try inboxChanges(of: document)
        if item.kind == .parallel, let whole = state.inboxParallel(changes, ignoring: isOwn) {
            item.sides = whole.sides
            item.history = whole.history
        } else {
            item.fill(state, changes)
        }
    }

    private func faultItem(_ fault: StoreError, _ now: Int64) -> InboxItem {
        var item = InboxItem(.processing, owner: InboxOwner(role: .admin), since: now)
        item.fault = "store." + fault.code.rawValue
        item.raise(for: .storeFault)
        return item
    }
}

extension WardService {
    /// A page of the ward's conflict inbox.
    package func inbox(_ filter: InboxFilter, from: Int = 0, limit: Int = 50) throws(StoreError) -> InboxPage {
        let fault = storeFault
        return try withCore { (core: WardCore) throws(StoreError) in
            try core.inbox(filter, from: from, limit: limit, fault: fault)
        }
    }
}
