// Documents of which the device holds a state in place of the history: what a new device was given, what was compacted.

/// A document's state as of a position of the log, and what stands in it of the history.
struct Base {
    /// The store's number for the document.
    let number: Int64
    /// Whatever the log says up to here of the document is in the state.
    let asOf: Position
    let state: DocumentState
}

extension LocalDocuments {
    /// The state that stands for the beginning of a document's history; `nil` where the device holds all of it.
    func base(of id: Digest) throws(StoreError) -> Base? {
        let statement = try database.prepared("SELECT number,as_of,state FROM bases WHERE document=?1").bind(1, id)
        defer { statement.reset() }
        return try statement.step() ? try Self.readBase(statement) : nil
    }

    /// Whether a state stands for the beginning of a document's history.
    func hasBase(_ id: Digest) throws(StoreError) -> Bool {
        let statement = try database.prepared("SELECT 1 FROM bases WHERE document=?1").bind(1, id)
        defer { statement.reset() }
        return try statement.step()
    }

    private static func readBase(_ statement: Statement) throws(StoreError) -> Base {
        do {
            return Base(
                number: statement.integer(0), asOf: Position(rawValue: UInt64(bitPattern: statement.integer(1))),
                state: try DocumentState(stored: statement.bytes(2)))
        } catch { throw StoreError(.damaged, "document state") }
    }

    /// All of them, by document.
    func bases() throws(StoreError) -> [Digest: Base] {
        let statement = try database.prepare("SELECT number,as_of,state FROM bases")
        defer { statement.reset() }
        var found: [Digest: Base] = [:]
        while try statement.step() {
            let base = try Self.readBase(statement)
            found[base.state.id] = base
        }
        return found
    }

    /// What the accepted change sets of a document make, on top of its base where it has one.
    /// - Returns: `nil` where nothing here makes it; `isWhole` is false where that takes change sets that are not here.
    func folded(_ number: Int64, _ id: Digest, _ base: Base?) throws(StoreError) -> (
        state: DocumentState, isWhole: Bool
    )? {
        let all = try tables.changes(document: number).compactMap(\.accepted)
        if let base { return DocumentState.folding(all, onto: base.state, asOf: base.asOf) }
        guard let creation = try placement(number).creation else { return nil }
        return DocumentState.folding(all, id: id, creation: creation).map { ($0, true) }
    }
}

extension Replica {
    // MARK: Asking

    /// Whether the device begins with nothing, or goes on with such a beginning, and takes states.
    func wantsStates() throws(StoreError) -> Bool {
        guard try (tables.number(Key.position) ?? 0) == 0, try (tables.number(Key.scope) ?? 0) == 0 else {
            return false
        }
        if try (tables.number(Key.backfill) ?? 0) != 0 { return try tables.number(Key.ahead) != nil }
        // After a restore it holds what others have to be told of, and a renewed device has another's work.
        guard try tables.meta(Key.anchor) == nil, try readOthers().isEmpty else { return false }
        let own = try tables.knownDeviceNumber(device) ?? 0
        return try database.integer(
            """
            SELECT NOT EXISTS(SELECT 1 FROM changes WHERE device<>\(own)) AND NOT EXISTS(SELECT 1 FROM bases)
            """) == 1
    }

    func holdsStates() throws(StoreError) -> Bool { try database.integer("SELECT EXISTS(SELECT 1 FROM bases)") == 1 }

    /// Asks for the whole history of a document with the next sync, as its person wants.
    package func askForHistory(of id: Digest) throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in try want(historyOf: id) }
        }
    }

    /// Notes that the whole history of a document is to be fetched; within a transaction.
    func want(historyOf id: Digest) throws(StoreError) {
        try database.prepared("INSERT OR IGNORE INTO wanted(document) VALUES(?1)").bind(1, id).run()
    }

    /// The documents whose histories are to be asked for next.
    func wantedHistories() throws(StoreError) -> [Digest] {
        // Not while a scope is being delivered, which goes by the numbers of documents, nor the log behind states: the
        // ward gives a history up to the device's place.
        let (position, ahead) = (try tables.number(Key.position) ?? 0, try tables.number(Key.ahead))
        guard try (tables.number(Key.backfill) ?? 0) == 0, position != 0, ahead == nil else { return [] }
        let statement = try database.prepare("SELECT document FROM wanted ORDER BY document LIMIT ?1")
            .bind(1, Int64(SyncRequest.maxHistories))
        defer { statement.reset() }
        var found: [Digest] = []
        while try statement.step() { if let id = statement.digest(0) { found.append(id) } }
        return found
    }

    /// Whether the next request asks for histories.
    func wantsHistories() throws(ReplicaError) -> Bool {
        try inStore { () throws(StoreError) in try !wantedHistories().isEmpty }
    }

    /// The ward answered all of a request: what it did not deliver of these the device may not have.
    func noteAsked(histories: [Digest]) throws(ReplicaError) {
        if histories.isEmpty { return }
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                for id in histories {
                    try database.prepared("DELETE FROM wanted WHERE document=?1").bind(1, id).run()
                }
            }
        }
    }

    // MARK: Taking over

    /// Takes over the states of a frame, within its transaction.
    func install(_ part: SyncAnswer.CompactedPart, from answer: SyncAnswer) throws(StoreError) {
        if answer.scope == .start, answer.backfill != .start, answer.upTo.position == .start {
            try tables.setNumber(Key.ahead, answer.backfill.rawValue)
        }
        var tallies = AddedTallies()
        for state in part.states {
            try confirm(state.id)
            guard let number = try tables.documentNumber(state.id) else {
                try tables.removeMeta(Key.left(state.id))
                let stored = state.stored
                let number = try insert(state, stored, &tallies)
                try add(Base(number: number, asOf: part.asOf, state: state), stored: stored)
                continue
            }
            // What follows takes the counts as they stand.
            try keep(tallies)
            tallies = AddedTallies()
            let known = try base(of: state.id)
            if let known, known.asOf >= part.asOf { continue }
            try noteMaker(state.creation, of: state.id, number)
            let base = Base(number: number, asOf: part.asOf, state: state)
            if known == nil { try add(base) } else { try keep(base) }
            try refresh(number, state.id, accepted: try foldAnew(number, state.id, base), hidden: false)
        }
        try keep(tallies)
    }

    /// Keeps a document's first base. Not as a replacement of whatever is there: that would make it a savepoint, at which
    /// the full-text index writes out what it collected.
    /// - Parameter stored: the state's stored form, where that is at hand.
    func add(_ base: Base, stored: Bytes? = nil) throws(StoreError) {
        try database.prepared("INSERT INTO bases(number,document,as_of,state) VALUES(?1,?2,?3,?4)")
            .bind(1, base.number).bind(2, base.state.id).bind(3, Int64(bitPattern: base.asOf.rawValue))
            .run(4, stored ?? base.state.stored)
    }

    /// Keeps a document's base in place of the one that it has.
    func keep(_ base: Base) throws(StoreError) {
        try database.prepared("UPDATE bases SET number=?1,as_of=?3,state=?4 WHERE document=?2")
            .bind(1, base.number).bind(2, base.state.id).bind(3, Int64(bitPattern: base.asOf.rawValue))
            .bind(4, base.state.stored).run()
    }

    /// Folds all that is here of a document, and asks for the rest where that is not enough.
    func foldAnew(_ number: Int64, _ id: Digest, _ base: Base?) throws(StoreError) -> DocumentState? {
        guard let (state, isWhole) = try folded(number, id, base) else { return nil }
        if !isWhole { try want(historyOf: id) }
        return state
    }

    /// The whole history of these documents is here: they need no states any more.
    /// - Returns: those that are to be folded anew.
    func goWithoutBases(_ ids: [Digest]) throws(StoreError) -> [Digest] {
        var anew: [Digest] = []
        for id in ids {
            try database.prepared("DELETE FROM wanted WHERE document=?1").bind(1, id).run()
            guard let base = try base(of: id), try folded(base.number, id, nil) != nil else { continue }
            try database.prepared("DELETE FROM bases WHERE document=?1").bind(1, id).run()
            anew.append(id)
        }
        return anew
    }

    /// Empties what change sets wrote whose values the ward erased, and asks for the histories: what is left may stand
    /// otherwise without them.
    /// - Returns: the documents that are to be folded anew.
    func eraseInBases(_ ids: [Digest], _ erased: [(dot: Dot, at: Position)]) throws(StoreError) -> [Digest] {
        var anew: [Digest] = []
        for id in ids {
            guard let base = try base(of: id) else { continue }
            let dots = Set(erased.filter { $0.at > base.asOf }.map(\.dot))
            let isIn = base.state.tops.contains { top in
                dots.contains { $0.device == top.device && $0.sequence <= top.sequence }
            }
            guard isIn else { continue }
            for dot in dots {
                guard let number = try tables.knownDeviceNumber(dot.device) else { continue }
                try database.prepared("DELETE FROM disclosures WHERE device=?1 AND sequence=?2").bind(1, number)
                    .bind(2, Int64(bitPattern: dot.sequence)).run()
            }
            try keep(Base(number: base.number, asOf: base.asOf, state: base.state.emptied(of: dots)))
            try want(historyOf: id)
            anew.append(id)
        }
        return anew
    }

    /// Whether this device's inbox shows what others did side by side.
    func worksForTheWard() throws(StoreError) -> Bool {
        guard let bytes = try tables.meta(Key.grant) else { return false }
        return Grant(verifying: bytes, ward: ward, keys: knownKeys, scheme: scheme)?.role.readsItsAreas ?? false
    }

    // MARK: Letting go

    /// Forgets a document's base and what was disclosed of it.
    func dropBase(of id: Digest, own: Int64) throws(StoreError) {
        guard let base = try base(of: id) else { return }
        for slot in base.state.slots where Schema.field(base.state.kind, slot.slot.field)?.disclosedTo != nil {
            for entry in slot.entries {
                try database.prepared("DELETE FROM disclosures WHERE device=?1 AND sequence=?2 AND device<>?3")
                    .bind(1, try tables.deviceNumber(entry.dot.device)).bind(2, Int64(bitPattern: entry.dot.sequence))
                    .bind(3, own).run()
            }
        }
        try database.prepared("DELETE FROM bases WHERE document=?1").bind(1, id).run()
        try database.prepared("DELETE FROM wanted WHERE document=?1").bind(1, id).run()
    }

    /// After a restore: states that hold something of what the log lost go, with what was disclosed of them; the others
    /// stand as of its end. The ward delivers all of these documents anew.
    /// - Parameter isForeign: whether the device does not know how far its log and the restored one agree.
    func settleBases(after news: EpochStatement, isForeign: Bool, own: Int64) throws(StoreError) {
        for (id, base) in try bases() where isForeign || news.lost(base.asOf) {
            if !isForeign, !base.state.holds(lostBy: news) {
                try keep(Base(number: base.number, asOf: news.ended, state: base.state))
                continue
            }
            try dropBase(of: id, own: own)
            // Own change sets keep their place alone.
            if base.state.creation.device != device { try tables.setMeta(Key.left(id), [1]) }
        }
    }

    /// Whether the device shows what stands beyond a place in the log: a beginning with states was cut off.
    func isAhead(of seen: Position) throws(StoreError) -> Bool { try tables.number(Key.ahead) ?? 0 > seen.rawValue }

    /// What others did on a document that stands beyond a place in the log, the newest first: in change sets and in a
    /// state. The author sees it, and names it one by one.
    func seenOthers(_ document: Digest, beyond seen: Position) throws(StoreError) -> [Dot] {
        guard let number = try tables.documentNumber(document) else { return [] }
        var found: [Dot: Position] = [:]
        for stored in try tables.changes(document: number)
        where stored.verdict == .accepted && stored.position > seen { found[stored.change.dot] = stored.position }
        for slot in try tables.state(document: number)?.slots ?? [] {
            for entry in slot.entries where entry.position > seen { found[entry.dot] = entry.position }
        }
        return found.sorted { $0.value > $1.value }.map(\.key).filter { $0.device != device }
    }
}

extension AcceptedChange {
    /// Whether it changes a document without having known of what stands in a state: the two are compared by their
    /// change sets.
    func isBesideEdits(in base: DocumentState) -> Bool {
        (kind == .report || kind == .task) && seen < base.lastPosition && isEdit
            && base.tops.contains { $0.device != dot.device }
    }
}

extension DocumentState {
    /// Whether it holds something of what a restore took away: what was accepted or came back there, or what was erased,
    /// which the log may hold again.
    fileprivate func holds(lostBy news: EpochStatement) -> Bool {
        news.lost(lastPosition) || readmitted.contains { news.lost($0.logged) }
            || slots.lazy.flatMap(\.entries).contains { $0.action == .value && $0.value.isEmpty }
    }

    /// The state without what change sets wrote whose values are gone.
    fileprivate func emptied(of dots: Set<Dot>) -> DocumentState {
        var state = self
        for slot in state.slots.indices {
            for place in state.slots[slot].entries.indices where dots.contains(state.slots[slot].entries[place].dot) {
                state.slots[slot].entries[place].value = []
                state.slots[slot].entries[place].note = []
            }
        }
        return state
    }
}
