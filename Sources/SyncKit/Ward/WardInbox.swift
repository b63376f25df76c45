// What the ward's conflict inbox is made from, kept in memory as documents change, so that no listing reads a store.

/// What of the ward waits for a person, as far as the log said so up to a position.
///
/// It is filled at the first question from the indexes of what is open and in conflict, and from then on follows the
/// log: each question looks only at the documents that changed since the last one (`docs/architecture.md`, "Inbox").
struct WardInbox {
    /// An unfinished report or task.
    struct Open {
        let kind: DocumentKind
        let area: String
        let holder: DeviceID?
    }

    /// Where the edits side by side of a document stand.
    enum Parallel {
        case unknown
        /// Since when, in seconds since 1970.
        case open(Int64)
    }

    /// Up to where the log was looked at; `nil` before the first question.
    var upTo: UInt64?
    var open: [Int64: Open] = [:]
    var conflicted: Set<Int64> = []
    var places = ReportPlaces()
    /// Documents with edits side by side, by their numbers.
    var parallel: [Int64: Parallel] = [:]
    /// Those of them whose row in the store is to be written or dropped.
    var parallelChanged: Set<Int64> = []
    /// The unit that stands today for each that was merged; `nil` after an area changed.
    /// How many rows were read for the question that is being answered.
    var rowsRead = 0
}

extension WardCore {
    /// The most documents whose edits side by side are looked at for one question.
    private static let mostVerified = 2_000

    // MARK: Following the log

    /// Notes that a change set arrived that did not know of others; before it is folded.
    func noteParallel(_ change: AcceptedChange, in document: WardDocument) {
        if inbox.parallel[document.number] != nil {
            inbox.parallel[document.number] = .unknown
            return
        }
        guard let state = document.state, change.seen < state.lastPosition,
            change.kind == .report || change.kind == .task,
            state.tops.contains(where: { $0.device != change.dot.device && !isOwn($0.device) }),
            !isOwn(change.dot.device), change.isEdit
        else { return }
        inbox.parallel[document.number] = .unknown
        inbox.parallelChanged.insert(document.number)
    }

    /// Whether a device is, or was, the ward's own.
    func isOwn(_ device: DeviceID) -> Bool {
        device == keys.deviceID || grants[device]?.last?.grant.role == .ward
    }

    func loadParallels() throws(StoreError) {
        let statement = try database.prepare("SELECT document FROM parallels")
        defer { statement.reset() }
        while try statement.step() {
            if inbox.parallel[statement.integer(0)] == nil { inbox.parallel[statement.integer(0)] = .unknown }
        }
    }

    /// Writes which documents have edits side by side; within the transaction that writes documents.
    func writeParallels() throws(StoreError) {
        for number in inbox.parallelChanged {
            let sql =
                inbox.parallel[number] == nil
                ? "DELETE FROM parallels WHERE document=?1" : "INSERT OR IGNORE INTO parallels(document) VALUES(?1)"
            try database.prepare(sql).bind(1, number).run()
        }
    }

    /// Brings what is kept up to the end of the log.
    func refreshInbox() throws(StoreError) {
        inbox.rowsRead = 0
        guard let from = inbox.upTo else { return try fillInbox() }
        var seen: Set<Int32> = []
        for place in Int(from)..<min(Int(tree.size), index.count) {
            guard Self.accepts(index.numbers[place]), seen.insert(index.documents[place]).inserted,
                let document = documentsByNumber[Int64(index.documents[place])]
            else { continue }
            try look(at: document)
        }
        inbox.upTo = tree.size
    }

    private func fillInbox() throws(StoreError) {
        inbox.open = [:]
        inbox.conflicted = []
        inbox.places = ReportPlaces()
        var numbers: [Int64] = []
        for (index, condition) in [
            ("documents_open", WardTables.openCondition), ("documents_conflicts", "(flags & 1)=1"),
        ] {
            let statement = try database.prepare("SELECT number FROM documents INDEXED BY \(index) WHERE \(condition)")
            while try statement.step() { numbers.append(statement.integer(0)) }
            statement.reset()
        }
        numbers += dirty.map(\.number)
        for number in Set(numbers).sorted() {
            if let document = documentsByNumber[number] { try look(at: document) }
        }
        inbox.upTo = tree.size
    }

    /// A document's state, not kept in memory: a question must not make the server grow.
    func peek(_ document: WardDocument) throws(StoreError) -> DocumentState? {
        if let state = document.state { return state }
        inbox.rowsRead += 1
        return try tables.state(document: document.number)
    }

    private func look(at document: WardDocument) throws(StoreError) {
        guard document.kind == .report || document.kind == .task || document.kind == .lookup else { return }
        let number = document.number
        let found = try peek(document)
        inbox.open[number] = nil
        inbox.places.remove(number)
        inbox.conflicted.remove(number)
        guard let state = found else { return }
        if !state.conflicts.isEmpty { inbox.conflicted.insert(number) }
        guard state.isUnfinished else { return }
        inbox.open[number] = WardInbox.Open(
            kind: state.kind, area: state.areas.first ?? "",
            holder: state.kind == .task ? state.holder(TaskField.claimant)?.dot.device : nil)
        guard state.kind == .report, state.link(ReportField.duplicateOf) == nil,
            let point = GeoPoint(state.value(ReportField.location)),
            let category = state.text(ReportField.category)
        else { return }
        let others = state.remarks.compactMap { item -> Digest? in
            if case .notTheSame(let other) = item.remark { return other }
            return nil
        }
        inbox.places.insert(
            ReportPlaces.Report(
                number: number, id: state.id, category: category, point: point, filed: state.creationTime.seconds,
                others: Set(others)),
            radiusMetres: try settings().category(category)?.radiusMetres ?? 0)
    }

    // MARK: Change sets of one document

    /// The document's accepted change sets with both clocks, in the order of the log.
    func inboxChanges(of document: WardDocument) throws(StoreError) -> [InboxChange] {
        var seen: Set<Dot> = []
        var found: [InboxChange] = []
        func add(_ stored: LogTables.Stored) throws(StoreError) {
            guard let accepted = stored.accepted, seen.insert(accepted.dot).inserted else { return }
            let index = stored.position.index
            let time = place(index) == stored.position ? try entryTime(at: index) : 0
            found.append(
                InboxChange(
                    accepted, deviceTime: stored.change.header.authorTime, serverTime: time == 0 ? nil : time))
        }
        for stored in try tables.changes(document: document.number) {
            inbox.rowsRead += 1
            try add(stored)
        }
        for item in document.unlisted {
            if let stored = try tables.change(device: item.device, sequence: item.sequence) { try add(stored) }
        }
        return found.sorted { $0.accepted.position < $1.accepted.position }
    }

    /// Looks at documents with edits side by side that nobody looked at since they changed.
    func verifyParallels() throws(StoreError) {
        let unknown = inbox.parallel.filter { if case .unknown = $0.value { true } else { false } }.keys.sorted()
        for number in unknown.prefix(Self.mostVerified) {
            guard let document = documentsByNumber[number], let state = try peek(document) else { continue }
            let changes = try inboxChanges(of: document)
            if let item = state.inboxParallel(changes, ignoring: isOwn) {
                inbox.parallel[number] = .open(item.since)
            } else {
                inbox.parallel[number] = nil
                inbox.parallelChanged.insert(number)
            }
        }
    }
}
