// The conflict inbox of a device: what it may know of conflicts in its scope, and of its own work.

/// Collects what waits for a person from a device's store. It reads what its indexes name, never the whole store.
package struct ReplicaInbox {
    private let store: any LocalDocuments
    private let device: DeviceID
    private let settings: WardSettings
    private let areas: AreaBook
    private let now: Int64
    private var rowsRead = 0

    /// The most pairs of reports that may be the same, and the most documents of merged units, that are looked at.
    private static let mostPairs = 2_000
    private static let mostMerged = 2_000
    /// The most change sets of others that the ward holds, and as many that it refused; and for how long the latter
    /// are shown.
    private static let mostOverseen = 2_000
    private static let refusedSeconds: Int64 = 30 * 86_400
    /// The most orders, the newest ones, that are asked whether they closed what was refused.
    private static let mostOrders = 10_000
    /// The most files that are late.
    private static let mostFiles = 200

    /// - Parameter now: seconds since 1970.
    package init(
        _ store: some LocalDocuments, device: DeviceID, settings: WardSettings, areas: AreaBook, now: Int64
    ) {
        self.store = store
        self.device = device
        self.settings = settings
        self.areas = areas
        self.now = now
    }

    /// A page of what waits.
    package mutating func page(_ filter: InboxFilter, from: Int = 0, limit: Int = 50) throws(ReplicaError) -> InboxPage
    {
        rowsRead = 0
        var items: [InboxItem] = []
        try addConflicts(to: &items, filter)
        if filter.mayHold(.parallel) { try addParallel(to: &items) }
        if filter.mayHold(.duplicates) { try addDuplicates(to: &items) }
        if filter.mayHold(.merged) { try addMerged(to: &items) }
        try addOwn(to: &items)
        try addOverseen(to: &items)
        try leaveOutDeclined(&items)
        if filter.mayHold(.attachment) { try addFiles(to: &items) }
        if filter.mayHold(.clock) { try addClock(to: &items) }
        let others = try store.otherDevices()
        for place in items.indices { items[place].owner = try present(items[place].owner, others) }
        var page = items.page(filter, from: from, limit: limit, at: now)
        for place in page.items.indices {
            guard page.items[place].pending == nil, let id = page.items[place].document,
                page.items[place].kind != .parallel, let view = try store.document(id)
            else { continue }
            page.items[place].fill(view.state, view.inboxChanges)
        }
        page.rowsRead = rowsRead
        return page
    }

    /// Whose an item is by now: this device's, where its person dealt with it under other keys, and everybody's of the role
    /// where whoever did does not work for the ward any more.
    private func present(_ owner: InboxOwner, _ others: Set<DeviceID>) throws(ReplicaError) -> InboxOwner {
        guard let dealt = owner.device, dealt != device else { return owner }
        var present = owner
        if others.contains(dealt) {
            present.device = device
        } else if try store.hasLeft(dealt) {
            present.device = nil
        }
        return present
    }

    /// Everything that waits about one document, in order, with all that is known.
    package mutating func items(of document: Digest, _ filter: InboxFilter = InboxFilter()) throws(ReplicaError)
        -> [InboxItem]
    {
        var filter = filter
        filter.document = document
        return try page(filter, limit: 1_000).items
    }

    private mutating func addConflicts(to items: inout [InboxItem], _ filter: InboxFilter) throws(ReplicaError) {
        guard filter.mayHold(.values) || filter.mayHold(.claims) || filter.mayHold(.crossing) else { return }
        for row in try store.conflicted() {
            if let id = filter.document, id != row.id { continue }
            guard let state = try state(row) else { continue }
            items += state.inboxConflicts { $0.effective.seconds }
        }
    }

    /// What is shown of a document, with as few change sets read as possible.
    private mutating func state(_ row: DocumentRow) throws(ReplicaError) -> DocumentState? {
        rowsRead += 1
        if row.pending == 0 {
            let number = row.number
            return try inStore { () throws(StoreError) in try store.tables.state(document: number) }
        }
        return try store.document(row.id)?.state
    }

    private mutating func addParallel(to items: inout [InboxItem]) throws(ReplicaError) {
        for row in try store.withParallelEdits() {
            rowsRead += 1
            guard let view = try store.document(row.id) else { continue }
            let ward = store.isWard
            if let item = view.state.inboxParallel(view.inboxChanges, ignoring: ward) { items.append(item) }
        }
    }

    private mutating func addDuplicates(to items: inout [InboxItem]) throws(ReplicaError) {
        var states: [Int64: DocumentState] = [:]
        let radius = settings.categories.map(\.radiusMetres).max() ?? 0
        for pair in try store.likePairs(radiusMetres: radius, limit: Self.mostPairs) {
            rowsRead += 1
            let limit = settings.category(pair.category)?.radiusMetres ?? 0
            guard pair.metres <= limit else { continue }
            for number in [pair.newer, pair.older] where states[number] == nil {
                if let row = try store.row(number) { states[number] = try state(row) }
            }
            guard let newer = states[pair.newer], let older = states[pair.older],
                let item = newer.inboxLikeness(of: older, metres: pair.metres)
            else { continue }
            items.append(item)
        }
    }

    private mutating func addMerged(to items: inout [InboxItem]) throws(ReplicaError) {
        for area in try store.areasOfUnfinished() where areas.present(area) != area {
            for row in try store.unfinished(in: area, limit: Self.mostMerged) {
                guard let state = try state(row), let item = state.inboxMerger(present: areas.present) else { continue }
                items.append(item)
            }
        }
    }

    /// The device's own change sets that the ward held or refused.
    private mutating func addOwn(to items: inout [InboxItem]) throws(ReplicaError) {
        for problem in try store.problems(of: device) {
            guard let code = problem.stored.code else { continue }
            let stored = problem.stored
            let since =
                stored.effective == .zero ? stored.change.header.authorTime.seconds : stored.effective.seconds
            try add(stored.change, code, isHeld: stored.verdict == .held, since: since, problem.title, to: &items)
        }
    }

    /// What the ward holds or refused of others, on a device that oversees it.
    private mutating func addOverseen(to items: inout [InboxItem]) throws(ReplicaError) {
        for isHeld in [true, false] {
            for seen in try store.quarantine(held: isHeld, limit: Self.mostOverseen)
            where seen.change.header.device != device {
                guard isHeld || now - seen.at <= Self.refusedSeconds else { continue }
                try add(seen.change, seen.code, isHeld: seen.isHeld, since: seen.at, "", to: &items)
            }
        }
    }

    /// Takes out what was refused and is closed: somebody who may declined it, and the ward says so.
    private func leaveOutDeclined(_ items: inout [InboxItem]) throws(ReplicaError) {
        guard items.contains(where: { $0.pending?.isHeld == false }) else { return }
        let declined = Set(
            try store.orders(limit: Self.mostOrders).filter { $0.order.action == .decline && $0.status == .done }
                .compactMap(\.order.id))
        items.removeAll { item in
            item.pending.map { !$0.isHeld && declined.contains($0.id) } ?? false
        }
    }

    private mutating func add(
        _ change: ChangeSet, _ code: RefusalCode, isHeld: Bool, since: Int64, _ title: String,
        to items: inout [InboxItem]
    ) throws(ReplicaError) {
        rowsRead += 1
        guard let kind = InboxKind(code) else { return }
        let number = try inStore { () throws(StoreError) in try store.tables.documentNumber(change.document) }
        let state = try number.flatMap { number throws(ReplicaError) in
            try inStore { () throws(StoreError) in try store.tables.state(document: number) }
        }
        let author = change.header.device
        var item = InboxItem(
            kind, owner: InboxOwner(role: InboxRule.of(kind).owner, area: state?.areas.first ?? ""), since: since)
        item.document = change.document
        item.documentKind = UInt8(exactly: change.header.kind).flatMap(DocumentKind.init(rawValue:))
        item.title = state?.inboxTitle ?? title
        item.area = state?.areas.first ?? ""
        item.device = author
        var pending = InboxPending(
            dot: change.dot, id: change.id, code: code, isHeld: isHeld, deviceTime: change.header.authorTime,
            seen: change.header.seen.position)
        pending.areas = state?.areas ?? change.namedAreas
        pending.isDocumentMissing = code == .missingDocument
        if code == .missingReference, let state { pending.missing = change.named.filter { !state.holds($0) } }
        item.pending = pending
        item.age(at: now)
        if kind == .lostDevice { item.raise(for: .unsentWork) }
        items.append(item)
    }

    /// Files of others that the ward does not say to hold after a day, on the device of somebody who works for it.
    private mutating func addFiles(to items: inout [InboxItem]) throws(ReplicaError) {
        guard let role = try store.grant()?.role, role.readsItsAreas else { return }
        let late = try store.lateFiles(addedUpTo: now - InboxRule.fileSeconds, limit: Self.mostFiles)
        for row in late {
            rowsRead += 1
            guard let document = try store.row(row.document), let state = try state(document) else { continue }
            let device = try inStore { () throws(StoreError) in try store.tables.device(row.device) }
            let file = InboxFile(root: row.file, length: row.content.length, missing: nil, runs: [])
            items.append(state.inboxItem(file, of: device, since: row.since, now: now))
        }
    }

    private mutating func addClock(to items: inout [InboxItem]) throws(ReplicaError) {
        guard let last = try store.lastSync() else { return }
        let skew = try store.clockSkewSeconds()
        guard skew.magnitude > UInt64(DeviceContact.skewLimit) else { return }
        var item = InboxItem(.clock, owner: InboxOwner(role: InboxRule.of(.clock).owner, device: device), since: last)
        var contact = DeviceContact()
        contact.seen = last
        contact.skew = skew
        item.device = device
        item.contact = contact
        if skew.magnitude >= 86_400 { item.raise(for: .dayWrong) }
        items.append(item)
    }
}

extension DocumentView {
    /// The accepted change sets with both clocks, in the order of the log.
    package var inboxChanges: [InboxChange] {
        history.compactMap { stored in
            stored.accepted.map { InboxChange($0, deviceTime: stored.change.header.authorTime) }
        }
    }
}

extension LocalDocuments {
    /// Whether a device is the ward's own.
    func isWard(_ device: DeviceID) -> Bool { (try? person(device).role) == .ward }

    /// Whether a person should see edits side by side. Most documents have none, which their headers tell.
    func hasParallelEdits(_ kind: DocumentKind, _ changes: [LogTables.Stored]) -> Bool {
        guard kind == .report || kind == .task, changes.count > 1 else { return false }
        let accepted = changes.filter { $0.verdict == .accepted }
        let isPossible = accepted.contains { change in
            let header = change.change.header
            return accepted.contains { other in
                other.position > header.seen.position && other.position < change.position
                    && other.change.header.device != header.device
            }
        }
        return isPossible && !ParallelEdits.open(accepted.compactMap(\.accepted), ignoring: isWard).isEmpty
    }

    /// Documents with edits side by side that nobody looked at.
    func withParallelEdits() throws(ReplicaError) -> [DocumentRow] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                RowQuery.rows(by: "documents_parallel") + "(d.flags & 128)=128 AND d.hidden=0 ORDER BY d.updated")
            defer { statement.reset() }
            return try readRows(statement)
        }
    }

    /// The areas of unfinished reports and tasks.
    func areasOfUnfinished() throws(ReplicaError) -> [String] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                """
                SELECT DISTINCT area FROM document_counts WHERE count>0 AND area<>''
                AND ((kind=1 AND status IN (1,2,3,4,5,9)) OR (kind=2 AND status IN (1,2,3))) ORDER BY area
                """)
            defer { statement.reset() }
            var areas: [String] = []
            while try statement.step() { areas.append(statement.text(0)) }
            return areas
        }
    }

    /// The unfinished reports and tasks of an area.
    func unfinished(in area: String, limit: Int) throws(ReplicaError) -> [DocumentRow] {
        var found: [DocumentRow] = []
        for (kind, states) in [(1, "1,2,3,4,5,9"), (2, "1,2,3")] {
            found += try inStore { () throws(StoreError) in
                let statement = try database.prepare(
                    RowQuery.rows(by: "documents_states")
                        + "d.kind=\(kind) AND d.kind<4 AND d.hidden=0 AND d.status IN (\(states)) AND d.area=?1 LIMIT ?2"
                ).bind(1, area).bind(2, Int64(limit))
                defer { statement.reset() }
                return try readRows(statement)
            }
        }
        return found
    }
}
