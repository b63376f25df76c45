// After a restore: change sets count again in the places that they had, whoever brings them and in whatever order.

extension WardCore {
    /// Lets a change set count again, in the place that it had.
    /// - Returns: false where its document is not there yet.
    @discardableResult
    func readmit(_ change: ChangeSet, _ attestation: Attestation) throws(StoreError) -> Bool {
        if isDerived(change) { return true }
        let number = try chain(change.header.device).number
        let stored = try tables.change(device: number, sequence: change.header.sequence)
        if let stored {
            guard stored.change.id == change.id else {
                try keepFork(change, number)
                return true
            }
            // What was accepted again in ignorance gives way to what was decided first.
            if stored.verdict == .accepted {
                guard attestation.position < stored.position,
                    change.header.kind != UInt64(DocumentKind.follow.rawValue),
                    !planted(.keepsIgnorance)
                else { return true }
            }
        }
        let known = documents[change.document]
        var target = known
        if target == nil { target = try madeDocument(by: change) }
        guard let document = target else { return false }
        try readmitUnseen(by: change)
        if let stored {
            try readmit(stored, number, into: document, attestation)
        } else {
            let index = try appendReadmission(of: change, attestation, document)
            try tables.insert(
                change, device: number, document: document.number, verdict: .accepted,
                position: attestation.position, logged: place(index), effective: attestation.effective,
                outcomes: attestation.outcomes)
            try mergeReadmitted(change, at: index, attestation, into: document, number)
        }
        extendChain(with: change, effective: attestation.effective)
        if known == nil { try documentCame(change.document) }
        return true
    }

    /// Gives a change set that the ward has an entry that readmits it: it may have been decided before.
    func readmit(
        _ stored: LogTables.Stored, _ device: Int64, into document: WardDocument, _ attestation: Attestation
    ) throws(StoreError) {
        let change = stored.change
        let index = try appendReadmission(of: change, attestation, document)
        try tables.setVerdict(
            device: device, sequence: change.header.sequence, verdict: .accepted, position: attestation.position,
            logged: place(index), effective: attestation.effective, code: nil, outcomes: attestation.outcomes)
        try database.prepare("UPDATE changes SET document=?3 WHERE device=?1 AND sequence=?2")
            .bind(1, device).bind(2, Int64(clamping: change.header.sequence)).bind(3, document.number).run()
        heldChanges.remove(change)
        try mergeReadmitted(change, at: index, attestation, into: document, device)
    }

    private func appendReadmission(of change: ChangeSet, _ attestation: Attestation, _ document: WardDocument)
        throws(StoreError) -> UInt64
    {
        let acceptance = LogEntry.Acceptance(
            dot: change.dot, id: change.id, effective: attestation.effective, outcomes: attestation.outcomes)
        let index = try append(.readmit(acceptance, at: attestation.position), document: document.number)
        readmitted[change.dot] = index
        return index
    }

    private func mergeReadmitted(
        _ change: ChangeSet, at index: UInt64, _ attestation: Attestation, into document: WardDocument,
        _ device: Int64
    ) throws(StoreError) {
        try merge(
            change, at: index, ordered: attestation.position, effective: attestation.effective,
            outcomes: attestation.outcomes, into: document, device: device)
        try noteAreas(document, after: change)
        try keepPlace(of: change)
    }

    /// What waited for a document that is there now is decided.
    func documentCame(_ id: Digest) throws(StoreError) {
        if epoch > 0 { try readmitHeld(for: id) }
        try releaseWaiting(by: keys.deviceID)
    }

    /// What the ward makes of other documents is made anew: whose view it was stood in the lost store alone.
    private func isDerived(_ change: ChangeSet) -> Bool {
        switch UInt8(exactly: change.header.kind).flatMap(DocumentKind.init(rawValue:)) {
        case .progress, .publication: true
        case .follow:
            !change.isCreation && documents[change.document].map { $0.creation.device } != change.header.device
        // What the ward did about an order it does again, where that is not so already.
        case .order: !change.isCreation && change.header.reissues == nil
        // What the ward said to hold it may not hold any more.
        case .report, .task, .lookup: saysReceived(change)
        default: false
        }
    }

    /// The document that a change set makes, as its creation or in place of a refused one. That what it reissues was a
    /// creation shows by the document's id, or once its author brought that.
    private func madeDocument(by change: ChangeSet) throws(StoreError) -> WardDocument? {
        if let original = change.header.reissues, original != change.header.document {
            guard try sendsCreationAgain(change) else { return nil }
        } else if !change.isCreation, change.header.reissues == nil {
            return nil
        }
        return newDocument(for: change)
    }

    // MARK: Ahead of their documents

    /// Holds a change set that the ward accepted once and whose document nobody brought yet: in its place, where people
    /// see it, until who made the document brings that with its chain. What goes on from another branch is kept with
    /// that: its document may be on the branch too.
    func keepWaiting(_ change: ChangeSet) throws(StoreError) {
        let number = try chain(change.header.device).number
        if let stored = try tables.change(device: number, sequence: change.header.sequence) {
            // What its author sent again does not wait, nor what somebody declined, until its document comes.
            guard stored.verdict == .refused, stored.code != .declined, stored.code != .replaced else { return }
            try decideAgain(change, number, .missingDocument)
        } else if try isOnBranch(change) {
            return try keepFork(change, number)
        } else {
            try tables.insert(
                change, device: number, document: 0, verdict: .held, position: place(tree.size + 1),
                code: .missingDocument)
            try append(.hold(change.dot, id: change.id, code: .missingDocument), document: 0)
            extendChain(with: change, effective: .zero)
        }
        heldChanges.insert(change, .missingDocument)
    }

    /// What waited for a document that is there now, and was accepted once, counts again in the order that it had; also
    /// what somebody declined meanwhile, who did not know of that.
    func readmitHeld(for document: Digest) throws(StoreError) {
        var waiting: [(dot: Dot, position: Position)] = []
        let declined = declinedByDocument.removeValue(forKey: document) ?? []
        for dot in heldChanges.waiting(for: .digest(document)) + declined {
            guard let number = try tables.knownDeviceNumber(dot.device),
                let stored = try tables.change(device: number, sequence: dot.sequence),
                stored.change.document == document, let first = try attestation(of: stored.change)
            else { continue }
            waiting.append((dot, first.position))
        }
        for item in waiting.sorted(by: { $0.position < $1.position }) { try reconsider(item.dot) }
    }

    /// A chain goes on with what others brought of it, also behind a hole.
    private func extendChain(with change: ChangeSet, effective: HybridTime) {
        guard var chain = chains[change.header.device], chain.head.sequence < change.header.sequence else { return }
        chain.head = ChainLink(sequence: change.header.sequence, id: change.id)
        chain.lastEffective = max(chain.lastEffective, effective)
        chains[change.header.device] = chain
    }

    // MARK: From their authors

    /// Receives a change set that the ward accepted before it was restored, or one that stands below a device's newest:
    /// others may have brought that first.
    /// - Returns: whether it was dealt with.
    func receiveAfterRestore(_ change: ChangeSet, _ chain: inout Chain, _ received: inout Received) throws(StoreError)
        -> Bool
    {
        let sequence = change.header.sequence
        if let attestation = try attestation(of: change), try isNext(change, chain) {
            if let code = attestation.code, try refuseAgain(change, code, &chain, &received) { return true }
            let known = try tables.change(device: chain.number, sequence: sequence)
            let isReadmitted = attestation.code != nil ? false : try readmit(change, attestation)
            if isReadmitted || (attestation.code == nil && sequence <= chain.head.sequence + 1) {
                // One whose document is not there yet is readmitted with that.
                if !isReadmitted { try keepWaiting(change) }
                if known != nil, !isReadmitted || known?.verdict == .accepted {
                    received.note(known: sequence)
                } else if isReadmitted {
                    received.accepted += 1
                } else {
                    received.held += 1
                }
                follow(&chain, of: change.header.device)
                return true
            }
        }
        guard sequence < chain.head.sequence, try tables.changeID(device: chain.number, sequence: sequence) == nil
        else { return false }
        if sequence > 1 {
            guard let before = try tables.changeID(device: chain.number, sequence: sequence - 1) else {
                // The gap may begin behind another copy's change set: what goes on from the other branch is kept with it.
                if try isOnBranch(change) {
                    try keepFork(change, chain.number)
                    received.held += 1
                    return true
                }
                received.need = try wholeChain(of: chain) + 1
                return true
            }
            guard before == change.header.previous else { return false }
        }
        // A hole that the owner fills: it is decided like any other, and the chain's head stays.
        var here = chain
        here.head = ChainLink(sequence: sequence - 1, id: change.header.previous)
        try decideNext(change, &here, &received)
        chain.lastEffective = max(chain.lastEffective, here.lastEffective)
        follow(&chain, of: change.header.device)
        return true
    }

    /// The last sequence before the first that is missing: of a device's chain others may have brought more than that.
    func wholeChain(of chain: Chain) throws(StoreError) -> UInt64 {
        if epoch == 0 { return chain.head.sequence }
        let statement = try database.prepared(
            """
            SELECT c.sequence FROM changes c WHERE c.device=?1 AND NOT EXISTS
            (SELECT 1 FROM changes n WHERE n.device=?1 AND n.sequence=c.sequence+1) ORDER BY c.sequence LIMIT 1
            """
        ).bind(1, chain.number)
        defer { statement.reset() }
        guard try tables.changeID(device: chain.number, sequence: 1) != nil, try statement.step() else { return 0 }
        return UInt64(clamping: statement.integer(0))
    }

    /// Takes over where the device's chain is now, if more of it came back meanwhile.
    func follow(_ chain: inout Chain, of device: DeviceID) {
        guard let present = chains[device], present.head.sequence > chain.head.sequence else { return }
        chain.head = present.head
        chain.lastEffective = max(chain.lastEffective, present.lastEffective)
    }

    /// What was refused is refused, for the same reason: its author may have sent another in its place.
    private func refuseAgain(
        _ change: ChangeSet, _ code: RefusalCode, _ chain: inout Chain, _ received: inout Received
    ) throws(StoreError) -> Bool {
        let sequence = change.header.sequence
        if let stored = try tables.change(device: chain.number, sequence: sequence) {
            // What waits for somebody's decision had one.
            guard stored.change.id == change.id, stored.verdict == .held else { return false }
            try decideAgain(change, chain.number, code)
            received.refused += 1
            return true
        }
        // Not beyond a gap: nobody but its author says so.
        let before = sequence == 1 ? nil : try tables.changeID(device: chain.number, sequence: sequence - 1)
        guard sequence <= chain.head.sequence + 1, before == change.header.previous else { return false }
        let document = documents[change.document]?.number ?? 0
        try tables.insert(
            change, device: chain.number, document: document, verdict: .refused, position: place(tree.size + 1),
            code: code)
        try append(.refuse(change.dot, id: change.id, code: code), document: document)
        received.refused += 1
        if sequence > chain.head.sequence { chain.head = ChainLink(sequence: sequence, id: change.id) }
        return true
    }

    /// Whether a change set names as its predecessor what the ward has there, where it has anything.
    private func isNext(_ change: ChangeSet, _ chain: Chain) throws(StoreError) -> Bool {
        let sequence = change.header.sequence
        guard sequence > 1 else { return true }
        guard let previous = try tables.changeID(device: chain.number, sequence: sequence - 1) else { return true }
        return previous == change.header.previous
    }
}
