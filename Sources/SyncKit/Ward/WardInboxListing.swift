// The ward's conflict inbox: every kind, in one order, a page at a time.

extension WardCore {
    /// Devices that were not heard of for so long are not asked about any more.
    private static let forgottenSeconds: Int64 = 180 * 86_400

    /// A page of what waits for a person.
    /// - Parameters:
    ///   - fault: why the ward answers nobody any more, where it does not.
    package func inbox(_ filter: InboxFilter, from: Int = 0, limit: Int = 50, fault: StoreError? = nil)
        throws(StoreError) -> InboxPage
    {
        let now = wardTime
        var (items, leftOut) = try inboxItems(filter, fault: fault)
        var page = items.page(filter, from: from, limit: limit, at: now)
        items = []
        for place in page.items.indices { try fill(&page.items[place]) }
        page.rowsRead = inbox.rowsRead
        page.leftOut = leftOut
        return page
    }

    /// What waits, without the details of a page, which cost reading the histories of documents.
    /// - Parameter keys: only what has these names matters; of that nothing is left out.
    /// - Returns: beside it, how much of residents is left out.
    private func inboxItems(
        _ filter: InboxFilter, named keys: Set<String>? = nil, fault: StoreError?
    ) throws(StoreError) -> ([InboxItem], leftOut: Int) {
        try refreshInbox()
        let now = wardTime
        let subjects = keys.map { keys in
            Set(keys.compactMap { $0.split(separator: "/").dropFirst().first.flatMap { Digest(hex: String($0)) } })
        }
        var items: [InboxItem] = []
        try addConflicts(to: &items, filter)
        try addParallel(to: &items, filter)
        var leftOut = try addDuplicates(to: &items, filter, of: subjects)
        try addMerged(to: &items, filter)
        if let keys {
            try addPending(keys, to: &items, now)
        } else {
            leftOut += try addHeld(to: &items, filter, now)
            try addRefused(to: &items, filter, now)
        }
        leftOut += try addDevices(to: &items, filter, now, of: subjects)
        leftOut += try addForks(to: &items, filter, of: subjects)
        try addFiles(to: &items, filter, now)
        try addProblems(to: &items, filter)
        if let fault = fault ?? self.fault { items.append(faultItem(fault, now)) }
        for place in items.indices { items[place].owner = present(items[place].owner, now) }
        return (items, leftOut)
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
    package func inboxItem(_ key: String) throws(StoreError) -> InboxItem? { try inboxItems([key])[key] }

    /// The items with these names, as they stand now; those that do not wait any more are left out.
    package func inboxItems(_ keys: Set<String>) throws(StoreError) -> [String: InboxItem] {
        var filter = InboxFilter()
        filter.kinds = Set(
            keys.compactMap { key in key.split(separator: "/").first.map(String.init) }
                .compactMap(InboxKind.init(name:)))
        guard !filter.kinds.isEmpty else { return [:] }
        let now = wardTime
        var found: [String: InboxItem] = [:]
        for item in try inboxItems(filter, named: keys, fault: nil).0 where filter.holds(item, at: now) {
            let key = item.key
            guard keys.contains(key) else { continue }
            var filled = item
            try fill(&filled)
            found[key] = filled
        }
        return found
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
            items.append(state.inboxItem(.parallel, since: since))
        }
    }

    /// - Returns: how many pairs are left out, of those whose newer report is a resident's.
    private func addDuplicates(
        to items: inout [InboxItem], _ filter: InboxFilter, of subjects: Set<Digest>?
    ) throws(StoreError) -> Int {
        guard filter.mayHold(.duplicates) else { return 0 }
        var pairs: [(newer: WardDocument, older: WardDocument, metres: Int)] = []
        for (pair, metres) in inbox.places.pairs {
            guard let newer = documentsByNumber[pair.newer], let older = documentsByNumber[pair.older] else { continue }
            pairs.append((newer, older, metres))
        }
        // Each page is to leave out the same.
        pairs.sort { ($0.newer.number, $0.older.number) < ($1.newer.number, $1.older.number) }
        let (shown, leftOut) = listed(pairs, filter, of: subjects, \.newer.creation.device, \.newer.id)
        for (newer, older, metres) in shown {
            guard let one = try peek(newer), let other = try peek(older),
                let item = one.inboxLikeness(of: other, metres: metres)
            else { continue }
            items.append(item)
        }
        return leftOut
    }

    /// What of a list is shown: of residents their share. Nothing is left out where one device is asked for, or items are
    /// by their names, which begin with what they are about.
    /// - Returns: beside it, how much is left out.
    func listed<Item>(
        _ items: [Item], _ filter: InboxFilter, of subjects: Set<Digest>?, _ device: (Item) -> DeviceID,
        _ subject: (Item) -> Digest
    ) -> (shown: [Item], leftOut: Int) {
        if let subjects { return (items.filter { subjects.contains(subject($0)) }, 0) }
        if filter.device != nil { return (items, 0) }
        return ResidentShare.of(items) { item in
            let device = device(item)
            return isResident(device) ? device : nil
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
