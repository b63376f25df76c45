// Receiving: each change set is checked against its chain, decided once, and written with its decision.

extension WardCore {
    /// What became of a frame.
    package struct Received: Sendable {
        package var accepted = 0
        package var held = 0
        package var refused = 0
        package var duplicates = 0
        /// The sequences of the change sets that the ward has already: the device may have lost what it said of them.
        var known: [UInt64] = []
        /// The sequence from which the device should send again; 0 for nothing.
        package var need: UInt64 = 0
        package var isExplicitNeeded = false
        /// The ward takes no more of this device for now: after so many seconds it is worth asking again; 0: it does.
        package var retrySeconds: UInt64 = 0
        /// Of files: the bytes that were new, and how many files came in wholly.
        package var partBytes = 0
        package var files = 0
        package init() {}

        /// Notes a change set that the ward has already.
        mutating func note(known sequence: UInt64) {
            duplicates += 1
            known.append(sequence)
        }
    }

    /// What the ward knows of what a frame refers to.
    package struct Known: Sendable {
        var documents: [Dot: Digest] = [:]
        var previous: [Dot: Digest] = [:]

        /// Takes the change sets out of a frame; needs nothing of the core any more. Their signatures are verified
        /// by the caller.
        package func unpack(_ frame: OpenedFrame) throws(ChangeSetError) -> [FramedChange] {
            try FrameDecoder(
                dictionary: FrameDictionary.named, document: { documents[$0] },
                previous: { previous[Dot(device: $0, sequence: $1)] }
            ).decode(frame)
        }
    }

    /// Looks up what a frame refers to.
    package func look(up references: OpenedFrame.References) -> Known {
        var known = Known()
        for dot in references.creations { known.documents[dot] = creations[dot] }
        for dot in references.firsts {
            // A frame may name any device; only a known one has a chain to look at.
            guard (try? tables.knownDeviceNumber(dot.device)) != nil, let chain = try? chain(dot.device) else {
                continue
            }
            if chain.head.sequence + 1 == dot.sequence {
                known.previous[dot] = chain.head.id
            } else if dot.sequence > 1 {
                known.previous[dot] = try? tables.changeID(device: chain.number, sequence: dot.sequence - 1)
            }
        }
        return known
    }

    /// The same from memory alone; `nil` where the store has to be asked.
    package func lookInMemory(up references: OpenedFrame.References) -> Known? {
        var known = Known()
        for dot in references.creations { known.documents[dot] = creations[dot] }
        for dot in references.firsts {
            guard let chain = chains[dot.device] else { return nil }
            if chain.head.sequence + 1 == dot.sequence {
                known.previous[dot] = chain.head.id
            } else if dot.sequence > 1 {
                return nil
            }
        }
        return known
    }

    /// Receives verified change sets of one device in one transaction; after it returned, all of them are durable.
    package func receive(_ changes: [ChangeSet], from device: DeviceID) throws(StoreError) -> Received {
        if planted(.acknowledgeBeforeCommit) { return try receiveLosing(changes, from: device) }
        return try guarded { () throws(StoreError) in
            var received = Received()
            guard !changes.isEmpty else { return received }
            if epoch > 0 { for dot in try proveRuns(changes, of: device) { try reconsider(dot) } }
            var chain = try chain(device)
            for change in changes {
                guard change.header.device == device, received.need == 0 else { break }
                try self.receive(change, &chain, &received)
                if !orders.hasNews { continue }
                // What is decided next is decided with the order carried out.
                chains[device] = chain
                try carryOutOrders()
                chain = try self.chain(device)
            }
            chains[device] = chain
            return received
        }
    }

    /// Runs a transaction that appends to the log; where it fails, what is in memory is read anew from the store.
    func guarded<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        let size = tree.size
        do {
            let result = try database.transaction { () throws(StoreError) in
                let result = try body()
                try settle(since: size)
                if tree.size != size { try endBatch() }
                return result
            }
            durableSize = tree.size
            lacksRoom = false
            return result
        } catch {
            if error.code == .full { (hasFilledUp, lacksRoom) = (true, true) }
            note(error)
            do { try reload() } catch {
                // What is in memory is not what is in the store any more.
                noted = noted ?? error
            }
            throw error
        }
    }

    /// Remembers a failure after which the store must not be used any more.
    func note(_ error: StoreError) {
        if error.code == .io || error.code == .damaged { noted = noted ?? error }
    }

    /// Forgets what is in memory and reads it again, after a transaction that failed.
    private func reload() throws(StoreError) {
        tree = MerkleTree()
        index = LogIndex()
        recent = RecentLog()
        logTree = LogTree(database)
        checkpoint = nil
        chains = [:]
        grants = [:]
        consoles = []
        documents = [:]
        epochs = Epochs()
        branches = [:]
        persons = Persons()
        readmitted = [:]
        documentsByNumber = NumberedDocuments()
        creations = [:]
        moves = []
        successions = []
        roots = [:]
        times = [:]
        heldChanges = HeldChanges()
        declinedByDocument = [:]
        dirty = []
        nextDocument = 1
        lobby.count = 0
        unanswered = []
        settingsDocuments = []
        configured = nil
        wardWide = [:]
        units = nil
        kindCounts = [:]
        sums = WardSums()
        reactions = Reactions()
        inbox = WardInbox()
        orders = OpenOrders()
        erased = []
        keyStatements = []
        lastKeyStatement = 0
        try load()
    }

    private func receiveLosing(_ changes: [ChangeSet], from device: DeviceID) throws(StoreError) -> Received {
        var received = Received()
        received.accepted = changes.count
        return received
    }

    /// Receives a change set that continues its device's chain, or does not; within a transaction.
    func receive(_ change: ChangeSet, _ chain: inout Chain, _ received: inout Received) throws(StoreError) {
        let sequence = change.header.sequence
        if !readmitted.isEmpty || epoch > 0, try receiveAfterRestore(change, &chain, &received) { return }
        if sequence <= chain.head.sequence {
            let known = try tables.changeID(device: chain.number, sequence: sequence)
            if known == change.id {
                received.note(known: sequence)
                if planted(.duplicateLogged), let stored = try tables.change(device: chain.number, sequence: sequence),
                    stored.verdict == .accepted
                {
                    let again = LogEntry.Acceptance(
                        dot: change.dot, id: change.id, effective: stored.effective, outcomes: stored.outcomes)
                    try append(.accept(again), document: stored.document)
                }
            } else {
                try keepFork(change, chain.number)
                received.held += 1
            }
            return
        }
        guard sequence == chain.head.sequence + 1 else {
            if try isOnBranch(change) {
                try keepFork(change, chain.number)
                received.held += 1
                return
            }
            received.need = chain.head.sequence + 1
            return
        }
        guard change.header.previous == chain.head.id else {
            try keepFork(change, chain.number)
            received.held += 1
            return
        }
        try decideNext(change, &chain, &received)
        if epoch > 0 { follow(&chain, of: change.header.device) }
    }

    /// Decides a change set whose place in its chain is right.
    func decideNext(_ change: ChangeSet, _ chain: inout Chain, _ received: inout Received) throws(StoreError) {
        let verdict = try verdict(on: change)
        switch verdict {
        case .accept(let outcomes):
            let effective = try effectiveTime(change, after: chain.lastEffective)
            try accept(change, effective: effective, outcomes: outcomes, device: chain.number)
            chain.lastEffective = max(chain.lastEffective, effective)
            received.accepted += 1
        case .hold(let code):
            try tables.insert(
                change, device: chain.number, document: documents[change.document]?.number ?? 0, verdict: .held,
                position: place(tree.size + 1), code: code)
            try append(.hold(change.dot, id: change.id, code: code), document: documents[change.document]?.number ?? 0)
            heldChanges.insert(change, code)
            received.held += 1
        case .refuse(let code):
            try tables.insert(
                change, device: chain.number, document: documents[change.document]?.number ?? 0, verdict: .refused,
                position: place(tree.size + 1), code: code)
            try append(
                .refuse(change.dot, id: change.id, code: code), document: documents[change.document]?.number ?? 0)
            received.refused += 1
        }
        try noteReplaced(by: change)
        chain.head = ChainLink(sequence: change.header.sequence, id: change.id)
    }

    /// Accepts a change set of the ward's own device that repeats what was accepted before.
    func acceptOwn(_ change: ChangeSet, _ chain: inout Chain, _ received: inout Received) throws(StoreError) {
        let effective = try effectiveTime(change, after: chain.lastEffective)
        try accept(change, effective: effective, outcomes: [], device: chain.number)
        chain.lastEffective = max(chain.lastEffective, effective)
        chain.head = ChainLink(sequence: change.header.sequence, id: change.id)
        received.accepted += 1
    }

    /// The decision on a change set whose place in its chain is right.
    /// - Parameter overriding: for a release: without the checks that an admin overrides.
    func verdict(on change: ChangeSet, overriding: Bool = false) throws(StoreError) -> Verdict {
        let header = change.header
        guard let record = grants[header.device]?.last else { return .hold(.revoked) }
        if !overriding {
            if let last = record.revokedAfter, header.sequence > last, !planted(.acceptsAboveCut) {
                return .hold(.revoked)
            }
            if record.grant.validUntil != 0, record.grant.validUntil < wardTime {
                return .hold(.grantExpired)
            }
            guard try isInLog(header.seen) else { return .hold(.unknownPosition) }
            if try isReplaced(change) { return .refuse(.replaced) }
        }
        let actor = Actor(
            device: header.device, role: record.grant.role, areas: record.grant.areas,
            isConsole: record.grant.isConsole, others: persons.others(than: header.device))
        var makesDocument = change.isCreation
        if let original = header.reissues {
            if let code = try refusalToReissue(change, original, overriding: overriding) { return Verdict(code) }
            makesDocument = try sendsCreationAgain(change)
        }
        try readmitUnseen(by: change)
        var state: DocumentState?
        var areas: [String]?
        if let id = header.document {
            if let document = documents[id] {
                state = try self.state(of: document)
                areas = document.areas.last?.areas
            } else if !makesDocument {
                return .hold(.missingDocument)
            }
        }
        let (units, now) = (try mergedUnits(), wardTime)
        guard
            let decider = Decider(
                change, actor: actor, state: state, areas: areas, standing: { units.standing($0, now) })
        else {
            return .hold(.newerSchema)
        }
        return decider.decide { target in
            guard let document = self.documents[target], let state = try? self.state(of: document) else {
                return (nil, false)
            }
            return (state.link(ReportField.duplicateOf).flatMap { Digest($0.value) }, true)
        }
    }

    /// The author's time, not before what it builds on and not after the ward's own.
    /// - Parameter last: the effective time of what stands before it in its chain; `nil` where a person lets it count,
    ///   whatever it builds on.
    func effectiveTime(_ change: ChangeSet, after last: HybridTime?) throws(StoreError) -> HybridTime {
        if planted(.trustsAuthorClock) { return change.header.authorTime }
        let now = HybridTime(seconds: wardTime, counter: UInt16.max)
        guard let last else { return min(change.header.authorTime, now) }
        let mark = change.header.seen.position
        let seen = HybridTime(seconds: place(mark.index) == mark ? try entryTime(at: mark.index) : 0, counter: 0)
        return min(max(change.header.authorTime, last, seen), now)
    }

    /// Writes an acceptance and merges the change set.
    private func accept(_ change: ChangeSet, effective: HybridTime, outcomes: [Outcome], device: Int64)
        throws(StoreError)
    {
        let known = documents[change.document]
        let isNew = known == nil
        let document = known ?? newDocument(for: change)
        let acceptance = LogEntry.Acceptance(dot: change.dot, id: change.id, effective: effective, outcomes: outcomes)
        let position = try append(.accept(acceptance), document: document.number)
        recent.attach(change, effective: effective, outcomes: outcomes)
        try tables.insert(
            change, device: device, document: document.number, verdict: .accepted,
            position: place(position), effective: effective, outcomes: outcomes)
        try merge(
            change, at: position, effective: effective, outcomes: outcomes, into: document, device: device)
        try noteAreas(document, after: change)
        if isNew { try documentCame(change.document) }
    }

    /// A document that the next entry of the log creates.
    func newDocument(for change: ChangeSet) -> WardDocument {
        let kind = DocumentKind(rawValue: UInt8(truncatingIfNeeded: change.header.kind)) ?? .report
        let document = WardDocument(
            number: nextDocument, id: change.document, kind: kind, creation: change.dot,
            created: tree.size + 1)
        register(document)
        heldChanges.note(.digest(document.id))
        return document
    }

    /// Appends a move where the document's areas are others than before.
    func noteAreas(_ document: WardDocument, after change: ChangeSet) throws(StoreError) {
        guard let field = Schema.areaField(of: document.kind), let state = document.state,
            change.operations?.contains(where: { $0.slot.field == field }) ?? true
        else { return }
        let areas = state.areas
        guard areas != document.areas.last?.areas else { return }
        let position: UInt64
        if document.areas.isEmpty {
            position = tree.size
        } else {
            position = try append(.move(document: document.id, areas: areas), document: document.number)
            moves.append((position, document.number))
        }
        enter(document, areas, at: position)
    }

    /// Folds an accepted change set into the document's state.
    /// - Parameters:
    ///   - index: the entry that accepts it.
    ///   - ordered: its place in the order, where that is an older one than its entry's.
    func merge(
        _ change: ChangeSet, at index: UInt64, ordered: Position? = nil, effective: HybridTime, outcomes: [Outcome],
        into document: WardDocument, device: Int64
    ) throws(StoreError) {
        guard
            let accepted = AcceptedChange(
                change, position: ordered ?? place(index), logged: place(index), effective: effective,
                outcomes: outcomes)
        else { throw StoreError(.damaged, "accepted change set") }
        document.unlisted.append((device, change.header.sequence))
        if case .none = document.state {
            document.state =
                change.dot == document.creation
                ? DocumentState(id: document.id, kind: document.kind, creation: document.creation)
                : try tables.state(document: document.number)
        }
        noteParallel(accepted, in: document)
        if ordered != nil, !isLoading {
            try refoldWhole(document)
        } else if ordered != nil {
            // Folded in its place when the log is read; what it says of its areas is needed at once.
            document.state?.apply(accepted)
            refolding.insert(document.number)
        } else if document.state?.isOutOfOrder(accepted) ?? false {
            try refold(document, with: accepted)
        } else {
            document.state?.apply(accepted)
        }
        markDirty(document)
        try noteAttachments(of: document, after: change)
        if document.areas.isEmpty, Schema.areaField(of: document.kind) != nil, let areas = document.state?.areas {
            enter(document, areas, at: index)
        }
        if document.kind == .lookup, change.dot == document.creation { unanswered.append(document.id) }
        if document.kind == .area, let state = document.state { units?.note(document.number, state) }
        if document.kind == .follow { noteNamed(in: document, at: index) }
        if document.kind == .order { noteOrder(document) }
    }

    /// Folds a document from all of its change sets, where one was accepted after what replaces it.
    private func refold(_ document: WardDocument, with late: AcceptedChange) throws(StoreError) {
        var all = try everyAccepted(of: document)
        all.removeAll { $0.dot == late.dot || $0.position > late.position }
        document.state = DocumentState.folding(all + [late], id: document.id, creation: document.creation)
    }

    /// Folds a document from everything that the store has of it.
    func refoldWhole(_ document: WardDocument) throws(StoreError) {
        document.state = DocumentState.folding(
            try everyAccepted(of: document), id: document.id, creation: document.creation)
    }

    private func everyAccepted(of document: WardDocument) throws(StoreError) -> [AcceptedChange] {
        var seen: Set<Dot> = []
        var all: [AcceptedChange] = []
        for stored in try tables.changes(document: document.number) {
            if let accepted = stored.accepted, seen.insert(accepted.dot).inserted { all.append(accepted) }
        }
        for item in document.unlisted {
            if let stored = try tables.change(device: item.device, sequence: item.sequence),
                let accepted = stored.accepted, seen.insert(accepted.dot).inserted
            {
                all.append(accepted)
            }
        }
        return all
    }

    /// The document's state, read from the store where it is not in memory.
    func state(of document: WardDocument) throws(StoreError) -> DocumentState? {
        try load(document)
        return document.state
    }

    /// Reads the document's state from the store where it is not in memory.
    func load(_ document: WardDocument) throws(StoreError) {
        if case .none = document.state { document.state = try tables.state(document: document.number) }
    }
}
