// Documents as this device sees them: what the ward accepted, and its own pending work on top.

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
            guard let state = Replica.overlay(accepted, pending, id: id) ?? Replica.kept(history, id: id) else {
                return nil
            }
            return DocumentView(
                number: number, id: id, accepted: accepted, state: state, pending: pending, history: history)
        }
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

    /// What the author of a creation that the ward held or refused still sees of it: nothing that was saved vanishes.
    static func kept(_ changes: [LogTables.Stored], id: Digest) -> DocumentState? {
        let kept = changes.filter { $0.verdict == .held || $0.verdict == .refused }.map(\.change)
        guard kept.contains(where: \.isCreation) else { return nil }
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
        let changes = try tables.changes(document: number)
        let pending = changes.filter { $0.verdict == .pending }
            .sorted { $0.change.header.sequence < $1.change.header.sequence }.map(\.change)
        guard let state = Self.overlay(accepted, pending, id: id) ?? Self.kept(changes, id: id) else {
            try database.prepare("UPDATE documents SET pending=0,title='',hidden=1 WHERE number=?1").bind(1, number)
                .run()
            return
        }
        let listing = Listing(state)
        let holder = try listing.holder.map { device throws(StoreError) in try tables.deviceNumber(device) }
        let statement = try database.prepare(
            """
            UPDATE documents SET state=?2,position=?3,hidden=COALESCE(?4,hidden),pending=?5,flags=?6,status=?7,area=?8,
            sort=?9,updated=?10,title=?11,detail=?12,holder=?13 WHERE number=?1
            """
        ).bind(1, number).bind(2, accepted?.stored)
            .bind(3, Int64(bitPattern: accepted?.lastPosition.rawValue ?? 0)).bind(4, hidden.map { $0 ? 1 : 0 })
        statement.bind(5, Int64(pending.count)).bind(6, listing.flags.rawValue).bind(7, Int64(listing.status))
            .bind(8, listing.area).bind(9, listing.sort).bind(10, listing.updated).bind(11, listing.title)
        statement.bind(12, listing.detail).bind(13, holder ?? 0)
        try statement.run()
        if let text = state.searchText {
            try database.prepare("DELETE FROM search WHERE rowid=?1").bind(1, number).run()
            try database.prepare("INSERT INTO search(rowid,title,body) VALUES(?1,?2,?3)")
                .bind(1, number).bind(2, text.title).bind(3, text.body).run()
        }
    }

    /// The store's number for a document, which is made at its first mention.
    func ensureDocument(_ id: Digest, kind: UInt64, creation: Dot) throws(StoreError) -> Int64 {
        if let known = try tables.documentNumber(id) { return known }
        try database.prepare("DELETE FROM meta WHERE key=?1").bind(1, Key.left(id)).run()
        try database.prepare("INSERT INTO documents(id,kind,creator,sequence,hidden) VALUES(?1,?2,?3,?4,1)")
            .bind(1, id).bind(2, Int64(bitPattern: kind)).bind(3, try tables.deviceNumber(creation.device))
            .bind(4, Int64(creation.sequence)).run()
        return database.lastInsertedRow
    }
}
