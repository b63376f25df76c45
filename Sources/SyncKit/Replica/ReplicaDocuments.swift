// Documents as this device sees them: what the ward accepted, and its own pending work on top.

/// Where a document stands on this device.
struct Placement {
    /// The change set that made it, as far as the device knows.
    let creation: Dot?
    /// Whether it left the device's scope: nothing of it is shown until it comes back whole.
    let hasLeft: Bool
}

/// A document with everything this device knows of it.
package struct DocumentView {
    package let number: Int64
    package let id: Digest
    /// What the ward accepted; `nil` before the first receipt.
    package let accepted: DocumentState?
    /// The same with the device's pending change sets on top: what is shown.
    package let state: DocumentState
    /// The device's own change sets that wait for a receipt, in order.
    package let pending: [ChangeSet]
    /// Whether the document is only what its author wrote: the ward held or refused its creation.
    package var isNotAccepted: Bool { accepted == nil && pending.isEmpty }
    /// Every stored change set of the document, by position, the pending ones last.
    package let history: [LogTables.Stored]
    /// Whether the device holds a state in place of the beginning of the history, which it can ask for.
    package let isHistoryCompacted: Bool
}

extension LocalDocuments {
    /// The document with this id.
    package func document(_ id: Digest) throws(ReplicaError) -> DocumentView? {
        let number = try inStore { () throws(StoreError) in try tables.documentNumber(id) }
        guard let number else { return nil }
        return try view(number, id)
    }

    func view(_ number: Int64, _ id: Digest) throws(ReplicaError) -> DocumentView? {
        try inStore { () throws(StoreError) in
            var history = try tables.changes(document: number)
            history.sort {
                let first = ($0.verdict == .pending ? 1 : 0, $0.position.rawValue, $0.change.header.sequence)
                let second = ($1.verdict == .pending ? 1 : 0, $1.position.rawValue, $1.change.header.sequence)
                return first < second
            }
            let accepted = try tables.state(document: number)
            let pending = history.filter { $0.verdict == .pending }.map(\.change)
            guard let state = try overlay(number, accepted, pending, id: id) ?? Replica.kept(history, id: id) else {
                return nil
            }
            return DocumentView(
                number: number, id: id, accepted: accepted, state: state, pending: pending, history: history,
                isHistoryCompacted: try hasBase(id))
        }
    }

    func placement(_ number: Int64) throws(StoreError) -> Placement {
        let statement = try database.prepare("SELECT creator,sequence,hidden FROM documents WHERE number=?1")
            .bind(1, number)
        guard try statement.step() else { return Placement(creation: nil, hasLeft: false) }
        let creator = statement.integer(0)
        let sequence = UInt64(bitPattern: statement.integer(1))
        let hasLeft = statement.integer(2) == 2
        statement.reset()
        let creation = try tables.device(creator).map { Dot(device: $0, sequence: sequence) }
        return Placement(creation: creation, hasLeft: hasLeft)
    }

    /// The pending change sets on top of what the ward accepted; `nil` where the device does not have the document.
    func overlay(_ number: Int64, _ accepted: DocumentState?, _ pending: [ChangeSet], id: Digest)
        throws(StoreError) -> DocumentState?
    {
        if accepted == nil {
            guard let first = pending.first else { return nil }
            let placement = try placement(number)
            if placement.hasLeft { return nil }
            let isAgain = first.header.reissues != nil && placement.creation?.device == first.header.device
            guard first.isCreation || isAgain else { return nil }
        }
        return Replica.overlay(accepted, pending, id: id)
    }
}

extension Replica {
    /// Pending change sets folded on top of the accepted state, which stays as it is.
    package static func overlay(_ accepted: DocumentState?, _ pending: [ChangeSet], id: Digest) -> DocumentState? {
        var state = accepted
        for change in pending {
            let outcomes: [Outcome] = (change.operations ?? []).map { $0.mergeKind.map(provisional) ?? .none }
            guard
                let applied = AcceptedChange(
                    change, position: Position(epoch: 0x7FFF, index: change.header.sequence),
                    effective: change.header.authorTime, outcomes: outcomes)
            else { continue }
            if state == nil {
                guard change.document == id else { continue }
                state = DocumentState(id: id, kind: applied.kind, creation: change.dot)
            }
            state?.apply(applied)
        }
        return state
    }

    /// What the author of a creation that the ward held or refused still sees of it, also where it stands in place of one
    /// that is not here any more: nothing that was saved vanishes.
    static func kept(_ changes: [LogTables.Stored], id: Digest) -> DocumentState? {
        let kept = changes.filter { $0.verdict == .held || $0.verdict == .refused }.map(\.change)
        guard kept.contains(where: { $0.isCreation || $0.header.reissues == id }) else { return nil }
        return overlay(nil, kept.sorted { $0.header.sequence < $1.header.sequence }, id: id)
    }

    private static func provisional(_ merge: MergeKind) -> Outcome {
        switch merge {
        case .claim, .workflow, .link: .provisional
        case .register, .set, .log: .none
        }
    }

    /// Writes what lists and searches need of a document, and its accepted state where that changed.
    func refresh(_ number: Int64, _ id: Digest, accepted: DocumentState?, hidden: Bool? = nil) throws(StoreError) {
        try keepingTallies(number) { () throws(StoreError) in try write(number, id, accepted, hidden) }
    }

    private func write(_ number: Int64, _ id: Digest, _ accepted: DocumentState?, _ hidden: Bool?) throws(StoreError) {
        let changes = try tables.changes(document: number)
        let pending = changes.filter { $0.verdict == .pending }
            .sorted { $0.change.header.sequence < $1.change.header.sequence }.map(\.change)
        guard let state = try overlay(number, accepted, pending, id: id) ?? Self.kept(changes, id: id) else {
            try database.prepare("UPDATE documents SET pending=?2,title='',hidden=max(hidden,1) WHERE number=?1")
                .bind(1, number).bind(2, Int64(pending.count)).run()
            try dropReportRow(number)
            return
        }
        try noteDecisions(number, changes)
        try tables.writeAttachments(number, state)
        var listing = Listing(state, for: try ownDevices())
        if hasParallelEdits(state.kind, changes) { listing.flags.insert(.parallel) }
        let statement = try database.prepared(
            """
            UPDATE documents SET state=?2,position=?3,hidden=COALESCE(?4,hidden),pending=?5,flags=?6,status=?7,area=?8,
            sort=?9,updated=?10,title=?11,detail=?12,holder=?13 WHERE number=?1
            """
        ).bind(1, number).bind(2, accepted?.stored)
            .bind(3, Int64(bitPattern: accepted?.lastPosition.rawValue ?? 0)).bind(4, hidden.map { $0 ? 1 : 0 })
            .bind(5, Int64(pending.count))
        try bind(listing, to: statement)
        try statement.run()
        if state.kind == .report { try writeReportRow(number, ReportFacts(state)) }
        try index(number, state.searchText(titled: listing.title), state.kind, isNew: false)
    }

    /// Binds what lists need, at the places 6 to 13.
    private func bind(_ listing: Listing, to statement: Statement) throws(StoreError) {
        let holder = try listing.holder.map { device throws(StoreError) in try tables.deviceNumber(device) }
        statement.bind(6, listing.flags.rawValue).bind(7, Int64(listing.status)).bind(8, listing.area)
            .bind(9, listing.sort).bind(10, listing.updated).bind(11, listing.title).bind(12, listing.detail)
            .bind(13, holder ?? 0)
    }

    /// Writes a document of which there is nothing here yet, from its accepted state: at once what `ensureDocument`,
    /// `noteMaker` and `refresh` would write one after the other. A new device takes thousands of them.
    /// - Parameters:
    ///   - stored: the state's stored form.
    ///   - tallies: takes what the document counts as; the caller keeps it.
    /// - Returns: the store's number for the document.
    func insert(_ state: DocumentState, _ stored: Bytes, _ tallies: inout AddedTallies) throws(StoreError) -> Int64 {
        let listing = Listing(state, for: try ownDevices())
        let statement = try database.prepared(
            """
            INSERT INTO documents(id,state,position,kind,creator,flags,status,area,sort,updated,title,detail,holder,
            sequence,hidden) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,0)
            """
        ).bind(1, state.id).bind(2, stored).bind(3, Int64(bitPattern: state.lastPosition.rawValue))
            .bind(4, Int64(state.kind.rawValue)).bind(5, try tables.deviceNumber(state.creation.device))
            .bind(14, Int64(clamping: state.creation.sequence))
        try bind(listing, to: statement)
        try statement.run()
        let number = database.lastInsertedRow
        try tables.writeAttachments(number, state)
        if state.kind == .report { try writeReportRow(number, ReportFacts(state)) }
        try index(number, state.searchText(titled: listing.title), state.kind, isNew: true)
        try tallies.add(state, stored, listing)
        return number
    }

    /// Makes a document found by its words. Most steps change none of them, and the index is what costs most to write.
    private func index(
        _ number: Int64, _ text: (title: String, body: String), _ kind: DocumentKind, isNew: Bool
    ) throws(StoreError) {
        var words: Set<Bytes> = []
        if !isNew {
            let known = try database.prepared("SELECT title=?2 AND body=?3 FROM search WHERE rowid=?1").bind(1, number)
                .bind(2, text.title).bind(3, text.body)
            let isThere = try known.step()
            let isSame = isThere && known.integer(0) == 1
            known.reset()
            if isSame { return }
            if isThere {
                words = try indexedWords(number)
                try database.prepared("DELETE FROM search WHERE rowid=?1").bind(1, number).run()
            }
        }
        try database.prepared("INSERT INTO search(rowid,title,body,kind) VALUES(?1,?2,?3,?4)")
            .bind(1, number).bind(2, text.title).bind(3, text.body).bind(4, SearchSpans.words(kind, number))
            .run()
        try noteWords(text.title)
        try noteWords(text.body)
        if !words.isEmpty { try forgetWords(words.subtracting(try indexedWords(number))) }
    }

    /// The store's number for a document, which is made at its first mention.
    /// - Parameter creation: the change set that makes it; `nil` where the device learns that only later.
    func ensureDocument(_ id: Digest, kind: UInt64, creation: Dot?) throws(StoreError) -> Int64 {
        if let known = try tables.documentNumber(id) { return known }
        let creator = try creation.map { dot throws(StoreError) in try tables.deviceNumber(dot.device) }
        try database.prepare("INSERT INTO documents(id,kind,creator,sequence,hidden) VALUES(?1,?2,?3,?4,1)")
            .bind(1, id).bind(2, Int64(bitPattern: kind)).bind(3, creator ?? 0)
            .bind(4, Int64(clamping: creation?.sequence ?? 0)).run()
        return database.lastInsertedRow
    }
}
