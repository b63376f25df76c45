// Doing something: one action on one document, signed and durable before it is said to be saved.

/// What was saved.
package struct Saved: Sendable, Hashable {
    package let document: Digest
    package let dot: Dot
}

extension Replica {
    /// Signs an action as the next change set of the chain and saves it. Returns only after the store committed.
    /// - Parameters:
    ///   - privates: plain values to be sealed to the ward: each takes a `set` operation of its own.
    ///   - checksEarly: false for what a program of somebody else could send: only the ward decides on it.
    /// - Throws: `refused` where the ward's rules do not allow it, as far as this device can know.
    ///   - code: the look-up code of a new report, kept on this device to be shown again.
    ///   - reply: the key of a new look-up, kept on this device to open the answer until it is purged.
    ///   - files: the contents of the files that it attaches.
    ///   - local: the local draft that this makes a document of, and that is gone with the same commit.
    ///   - completing: adds what depends on the change set's place in the chain, such as a box for another device.
    package func commit(
        _ draft: ChangeSetDraft, privates: [(slot: Slot, value: String)] = [], keeping code: LookupCode? = nil,
        reply: SealingKey? = nil, consuming local: Int64? = nil, files: [NewFile] = [], checksEarly: Bool = true,
        completing: (inout ChangeSetDraft, Dot) -> Void = { _, _ in }
    ) throws(ReplicaError) -> Saved {
        try database.replicaTransaction { () throws(ReplicaError) in
            try inStore { () throws(StoreError) in try self.keep(files) }
            let saved = try self.commitInTransaction(draft, privates, checksEarly, completing)
            if let reply { try keepReplyKey(reply, of: saved.document) }
            if let code {
                try inStore { () throws(StoreError) in
                    try self.tables.setMeta(Key.code(saved.document), Bytes(code.canonical.utf8))
                }
            }
            if let local { try inStore { () throws(StoreError) in try self.dropDraft(local) } }
            return saved
        }
    }

    private func commitInTransaction(
        _ draft: ChangeSetDraft, _ privates: [(slot: Slot, value: String)], _ checksEarly: Bool,
        _ completing: (inout ChangeSetDraft, Dot) -> Void
    ) throws(ReplicaError) -> Saved {
        var draft = draft
        let link = try chain()
        let dot = Dot(device: device, sequence: link.sequence + 1)
        for (item, value) in zip(privates, sealed(privates, at: dot)) { draft.perform(.set(item.slot), value) }
        completing(&draft, dot)
        if let document = draft.document { draft.seenDots += try formerDots(on: document) }
        var clock = HybridClock(last: HybridTime(rawValue: try number(Key.clock)))
        let stamp = clock.next(now: time.nowSeconds())
        let change: ChangeSet
        do {
            change = try draft.signed(
                by: signingKey, ward: ward, after: link, time: stamp, seen: try authorSeen(),
                salt: random.bytes(ChangeSetLimits.saltLength), scheme: scheme)
        } catch let error as ChangeSetError {
            throw ReplicaError(.change(error))
        } catch let error as ReplicaError {
            throw error
        } catch { throw ReplicaError(.badAnswer("signing")) }
        if checksEarly { try checkEarly(change) }
        try inStore { () throws(StoreError) in
            let device = try tables.deviceNumber(change.header.device)
            let document = try ensureDocument(
                change.document, kind: change.header.kind, creation: change.isCreation ? change.dot : nil)
            try tables.insert(change, device: device, document: document, verdict: .pending)
            try tables.noteChange(document: document, device: device, sequence: change.header.sequence)
            for item in privates {
                try keepDisclosure(device, change.header.sequence, item.slot, item.value)
            }
            try tables.setNumber(Key.chainSequence, change.header.sequence)
            try tables.setMeta(Key.chainID, change.id.bytes)
            try tables.setNumber(Key.clock, stamp.rawValue)
            if let original = change.header.reissues {
                try tables.setMeta(Key.reissued(original), Bytes(bigEndian: change.header.sequence))
            }
            try refresh(document, change.document, accepted: try tables.state(document: document), hidden: false)
        }
        return Saved(document: change.document, dot: change.dot)
    }

    private func authorSeen() throws(ReplicaError) -> SeenMark {
        if planted(.seenFromServer), let checkpoint = try newestCheckpoint() { return checkpoint.mark }
        if let passed = try passedOver() { return passed }
        return try seen()
    }

    /// Private values as they stand in the fields of a change set, sealed to the ward.
    func sealed(_ privates: [(slot: Slot, value: String)], at dot: Dot) -> [CBORValue] {
        PrivateValue.fieldValues(
            privates.map { ($0.slot, .text($0.value)) }, ward: ward, dot: dot, to: descriptor.sealingKey, random: random
        )
    }

    /// The server's own check, with what this device knows: a warning before anything is saved.
    private func checkEarly(_ change: ChangeSet) throws(ReplicaError) {
        let actor = try actor()
        let view = change.isCreation ? nil : try document(change.document)
        if !change.isCreation, view == nil, try !makesDocument(change) {
            throw ReplicaError(.notFound(change.document.hex))
        }
        if let view, view.isNotAccepted, change.header.reissues == nil { throw ReplicaError(.refused(.buildsOnHeld)) }
        // What is sent again in place of a refused creation is decided as a creation.
        let state = view.flatMap { $0.isNotAccepted ? nil : $0.state }
        guard let decider = Decider(change, actor: actor, state: state) else { return }
        let verdict = decider.decide { target in
            let view = try? document(target)
            return (view?.state.link(ReportField.duplicateOf).flatMap { Digest($0.value) }, view != nil)
        }
        switch verdict {
        case .accept: return
        case .refuse(let code): throw ReplicaError(.refused(code))
        case .hold(let code):
            if code == .missingReference || code == .newerSchema { throw ReplicaError(.refused(code)) }
        }
    }

    /// Whether it sends a document again whose creation the ward refused.
    private func makesDocument(_ change: ChangeSet) throws(ReplicaError) -> Bool {
        guard change.header.reissues != nil else { return false }
        return try inStore { () throws(StoreError) in
            guard let number = try tables.documentNumber(change.document) else { return false }
            let placement = try placement(number)
            return !placement.hasLeft && placement.creation?.device == change.header.device
        }
    }

    func keepDisclosure(_ device: Int64, _ sequence: UInt64, _ slot: Slot, _ value: String) throws(StoreError) {
        let (sequence, slot) = (Int64(clamping: sequence), Int64(bitPattern: slot.rawValue))
        try database.prepare("INSERT OR REPLACE INTO disclosures(device,sequence,slot,value) VALUES(?1,?2,?3,?4)")
            .bind(1, device).bind(2, sequence).bind(3, slot).bind(4, value).run()
    }

    /// The newest checkpoint that the ward signed and this device saw.
    package func newestCheckpoint() throws(ReplicaError) -> Checkpoint? {
        let bytes = try inStore { () throws(StoreError) in try tables.meta(Key.checkpoint) }
        return bytes.flatMap {
            Checkpoint(verifying: $0, ward: ward, keys: knownKeys, scheme: scheme)
        }
    }
}
