// Reissues: what a device sends in place of what was refused, and in place of what its predecessor's copy left behind.

extension WardCore {
    /// A change set that another one names as what it replaces.
    private struct Original {
        var change: ChangeSet
        /// `nil` for the other branch of a fork.
        var verdict: StoredVerdict?
        var device: Int64
    }

    /// The change set that an author may replace, among its own and those of the devices that it succeeded.
    private func original(_ id: Digest, for author: DeviceID) throws(StoreError) -> Original? {
        for device in [author] + persons.predecessors(of: author) {
            guard let number = try tables.knownDeviceNumber(device) else { continue }
            let statement = try database.prepare("SELECT verdict,body FROM changes WHERE device=?1 AND id=?2")
                .bind(1, number).bind(2, id)
            defer { statement.reset() }
            if try statement.step() {
                guard let change = try? ChangeSet(decoding: statement.bytes(1)) else { return nil }
                return Original(
                    change: change, verdict: StoredVerdict(rawValue: statement.integer(0)) ?? .pending, device: number)
            }
            if let change = try fork(id), change.header.device == device {
                return Original(change: change, verdict: nil, device: number)
            }
        }
        return nil
    }

    /// Why a change set may not replace the one that it names; `nil` where it may, and has the place from then on. Its
    /// own device's only what was refused; a predecessor's also what is held, and the other branch of a fork. What a
    /// restore took from the ward cannot be looked at: that is for a person to say.
    func refusalToReissue(
        _ change: ChangeSet, _ original: Digest, overriding: Bool
    ) throws(StoreError) -> RefusalCode? {
        guard let first = try self.original(original, for: change.header.device) else {
            let isMade = original == change.header.document && documents[original] != nil
            guard epoch > 0, !isMade, !persons.predecessors(of: change.header.device).isEmpty else {
                return .notReissuable
            }
            return overriding ? try take(original, by: change) : .missingReference
        }
        guard change.header.document == first.change.document, change.header.kind == first.change.header.kind else {
            return .notReissuable
        }
        let isOwn = first.change.header.device == change.header.device
        switch first.verdict {
        case .refused: break
        // After a restore it may have been refused, and nobody showed that yet.
        case .held, nil: if isOwn { return epoch > 0 && first.verdict == .held ? .missingReference : .notReissuable }
        // After a restore its author brought it, or somebody else did.
        case .accepted: return epoch > 0 && !isOwn ? .replaced : .notReissuable
        case .pending: return .notReissuable
        }
        if try sendsCreationAgain(first.change), documents[first.change.document] != nil { return .notReissuable }
        if try tables.meta(Self.declinedKey(original)) != nil { return .notReissuable }
        // The same one is decided again when it is released.
        if planted(.reissuedTwice), first.verdict == nil || first.verdict == .held { return nil }
        return try take(original, by: change)
    }

    /// Whether a change set is sent in place of one that a restore took from the ward: whether it counts is for a person
    /// to say.
    func namesWhatIsNotHere(_ change: ChangeSet) throws(StoreError) -> Bool {
        guard let original = change.header.reissues else { return false }
        return try self.original(original, for: change.header.device) == nil
    }

    /// Takes the place of what a change set names; once.
    private func take(_ original: Digest, by change: ChangeSet) throws(StoreError) -> RefusalCode? {
        let key = Self.reissueKey(original)
        if let taken = try tables.meta(key) { return taken == change.id.bytes ? nil : .notReissuable }
        try tables.setMeta(key, change.id.bytes)
        return nil
    }

    /// What came back after a restore keeps the place that it had taken: what it names does not count beside it, unless
    /// that does already; within a transaction.
    func keepPlace(of change: ChangeSet) throws(StoreError) {
        guard let original = change.header.reissues, try tables.meta(Self.reissueKey(original)) == nil else { return }
        let first = try self.original(original, for: change.header.device)
        if first?.verdict == .accepted { return }
        try tables.setMeta(Self.reissueKey(original), change.id.bytes)
        if let first, first.verdict == .held, first.change.header.device == change.header.device {
            try decideAgain(first.change, first.device, .replaced)
        }
        try noteReplaced(by: change)
    }

    /// Whether another change set has the place of this one, which comes only now.
    func isReplaced(_ change: ChangeSet) throws(StoreError) -> Bool {
        epoch > 0 ? try tables.meta(Self.reissueKey(change.id)) != nil : false
    }

    static func reissueKey(_ original: Digest) -> String { "reissued." + original.hex }

    /// What its author's new device sent again does not wait for anybody any more; within a transaction, after the
    /// decision on the one that has its place.
    func noteReplaced(by change: ChangeSet) throws(StoreError) {
        guard let id = change.header.reissues, try tables.meta(Self.reissueKey(id)) == change.id.bytes,
            let first = try original(id, for: change.header.device),
            first.change.header.device != change.header.device
        else { return }
        switch first.verdict {
        case .held: try decideAgain(first.change, first.device, .replaced)
        case nil: try append(.refuse(first.change.dot, id: id, code: .replaced), document: 0)
        case .refused, .accepted, .pending: return
        }
    }

    /// Whether a change set makes its document: as its creation, or in place of a creation that does not count.
    func sendsCreationAgain(_ change: ChangeSet) throws(StoreError) -> Bool {
        var change = change
        for _ in 0..<64 {
            guard !change.isCreation, let original = change.header.reissues else { return change.isCreation }
            guard let first = try self.original(original, for: change.header.device)?.change else {
                // Lost with a restore: that it was a creation shows by the document's id.
                return epoch > 0 && original == change.header.document
            }
            change = first
        }
        return false
    }
}
