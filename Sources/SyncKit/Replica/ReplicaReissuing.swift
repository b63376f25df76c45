// Writing again under new keys what was held under the old ones: the same action, as its author meant it then.

/// What is known while a branch is written again.
struct Reissuing {
    let old: DeviceID
    /// What each change set of the branch is now.
    var dots: [Dot: Dot] = [:]
    var documents: [Int64: Digest] = [:]
    var left = 0

    init(old: DeviceID) { self.old = old }

    func now(_ dot: Dot) -> Dot { dots[dot] ?? dot }

    /// The operation with what it names as it is called now.
    func now(_ operation: Operation) -> Operation {
        switch operation {
        case .release(let slot, let claim, let successor):
            .release(slot, claim: now(claim), successor: successor.map(now))
        case .transition(let slot, let to, let follows): .transition(slot, to: to, follows: now(follows))
        case .unlink(let slot, let link): .unlink(slot, link: now(link))
        case .resolve(let slot, let settled): .resolve(slot, settled: settled.map(now))
        case .set, .add, .remove, .append, .claim, .link: operation
        }
    }
}

extension Replica {
    /// Signs a change set of the old device again as the next of the new one. It keeps its time and what its author had
    /// seen, so that it replaces nothing that was not seen then; its document keeps its id.
    func reissue(_ original: LogTables.Stored, _ again: inout Reissuing) throws(ReplicaError) {
        let change = original.change
        let link = try reissueLink()
        let dot = Dot(device: device, sequence: link.sequence + 1)
        let prepared = try redraft(change, dot, again)
        try inStore { () throws(StoreError) in
            try self.setAside(original)
            again.documents[original.document] = change.document
        }
        guard let (draft, privates) = prepared else {
            again.left += 1
            return
        }
        let seen = planted(.reissueSeesAll) ? try self.seen() : change.header.seen
        let signed: ChangeSet
        do {
            signed = try draft.signed(
                by: signingKey, ward: ward, after: link, time: change.header.authorTime, seen: seen,
                salt: random.bytes(ChangeSetLimits.saltLength), scheme: scheme)
        } catch { throw ReplicaError(.change(error)) }
        again.dots[change.dot] = dot
        try inStore { () throws(StoreError) in
            let own = try tables.deviceNumber(device)
            try tables.insert(signed, device: own, document: original.document, verdict: .pending)
            try tables.noteChange(document: original.document, device: own, sequence: dot.sequence)
            for item in privates { try keepDisclosure(own, dot.sequence, item.slot, item.value) }
            try tables.setNumber(Key.chainSequence, dot.sequence)
            try tables.setMeta(Key.chainID, signed.id.bytes)
            try tables.setMeta(Key.reissued(change.id), Bytes(bigEndian: dot.sequence))
            // Another copy may have made it already.
            guard try makesDocument(change), try tables.state(document: original.document) == nil else { return }
            try database.prepare("UPDATE documents SET creator=?2,sequence=?3 WHERE number=?1")
                .bind(1, original.document).bind(2, own).bind(3, Int64(clamping: dot.sequence)).run()
            try tables.removeMeta(Key.receipt(change.document))
        }
    }

    private func reissueLink() throws(ReplicaError) -> ChainLink {
        let end = try chain()
        return ChainLink(sequence: end.sequence, id: end.sequence == 0 ? nil : end.id)
    }

    /// Whether a change set made its document, by itself or in place of a creation that was refused.
    private func makesDocument(_ change: ChangeSet) throws(StoreError) -> Bool {
        if change.isCreation { return true }
        guard change.header.reissues != nil, let number = try tables.documentNumber(change.document) else {
            return false
        }
        return try placement(number).creation == change.dot
    }

    /// The action of a change set, to be signed as another one; `nil` where it cannot be: what is sealed to somebody
    /// else under its old place opens nothing under a new one.
    private func redraft(_ change: ChangeSet, _ dot: Dot, _ again: Reissuing) throws(ReplicaError)
        -> (draft: ChangeSetDraft, privates: [(slot: Slot, value: String)])?
    {
        guard let kind = UInt8(exactly: change.header.kind).flatMap(DocumentKind.init(rawValue:)),
            let operations = change.operations
        else { return nil }
        var draft = ChangeSetDraft(kind: kind, document: change.document)
        draft.reissues = change.id
        let privates = try disclosed(change)
        let sealed = Dictionary(zip(privates.map(\.slot), sealed(privates, at: dot))) { first, _ in first }
        var nextValue = 0
        for operation in operations {
            guard operation.takesValue else {
                draft.perform(again.now(operation))
                continue
            }
            let bytes = change.values?.value(nextValue) ?? []
            nextValue += 1
            guard let spec = Schema.field(kind, operation.slot.field), let value = try? CBORValue(decoding: bytes)
            else { return nil }
            switch spec.type {
            case .answer: return nil
            case .sealed: draft.perform(operation, sealed[operation.slot] ?? .null)
            default: draft.perform(again.now(operation), value)
            }
        }
        draft.seenDots = try seenDots(of: change, again)
        return (draft, privates)
    }

    /// The private values of a change set that are known here, in its order.
    private func disclosed(_ change: ChangeSet) throws(ReplicaError) -> [(slot: Slot, value: String)] {
        var known: [(slot: Slot, value: String)] = []
        for (slot, value) in change.sealedValues() where value != CBORValue.null.encoded {
            if let plain = try disclosed(change.dot, slot) { known.append((slot, plain)) }
        }
        return known
    }

    /// What counts of a document that stands beyond the place in the log that the author names: a device whose key was
    /// given up is told of its own work alone, and whoever goes on as it has seen that; and a copy that passed over
    /// something names the place before it, and has seen the rest.
    func formerDots(on document: Digest) throws(ReplicaError) -> [Dot] {
        let passed = try passedOver()?.position
        let reached = try seen().position
        let seen = passed ?? reached
        return try inStore { () throws(StoreError) in
            let (others, isAhead) = (try readOthers(), try isAhead(of: seen))
            guard passed != nil || !others.isEmpty || isAhead else { return [] }
            return Array(try seenOthers(document, beyond: seen).prefix(ChangeSetLimits.maxSeenDots))
        }
    }

    /// What the author had seen beyond its place in the log: what it listed, and its own earlier work on the document,
    /// which another device's change set has to list.
    private func seenDots(of change: ChangeSet, _ again: Reissuing) throws(ReplicaError) -> [Dot] {
        var dots = change.header.seenDots.map(again.now)
        guard let number = try inStore({ () throws(StoreError) in try tables.documentNumber(change.document) }) else {
            return dots
        }
        let others = try inStore { () throws(StoreError) in try tables.changes(document: number) }
        for item in others
        where item.change.header.device == again.old && item.change.header.sequence < change.header.sequence
            && item.verdict == .accepted && item.position > change.header.seen.position
        {
            dots.append(item.change.dot)
        }
        return Array(Set(dots).filter { $0.device != device }.sorted().suffix(ChangeSetLimits.maxSeenDots))
    }

    /// Takes a change set of the old device out of the chain, which the ward's copy of it has the place of.
    func setAside(_ original: LogTables.Stored) throws(StoreError) {
        let change = original.change
        let number = try tables.deviceNumber(change.header.device)
        let sequence = Int64(clamping: change.header.sequence)
        try database.prepare("INSERT OR IGNORE INTO forks(id,device,sequence,body) VALUES(?1,?2,?3,?4)")
            .bind(1, change.id).bind(2, number).bind(3, sequence).bind(4, change.encoded()).run()
        try database.prepare("DELETE FROM changes WHERE device=?1 AND sequence=?2").bind(1, number).bind(2, sequence)
            .run()
        try database.prepare("DELETE FROM document_changes WHERE device=?1 AND sequence=?2").bind(1, number)
            .bind(2, sequence).run()
        try database.prepare("DELETE FROM disclosures WHERE device=?1 AND sequence=?2").bind(1, number)
            .bind(2, sequence).run()
    }
}
