// What devices bring again after a restore, proven by the ward's own signature on its old answers.

/// What the ward once said of a change set, and lost.
struct Attestation {
    var position: Position
    var effective: HybridTime
    var outcomes: [Outcome]
    /// Why it did not count, where it did not; what was only held is decided again.
    var code: RefusalCode?
}

extension WardCore {
    /// Takes what an old answer proves: acceptances, the grant of the device that it was given to, revocations, and the
    /// change sets of others that it carried.
    func take(_ evidence: Evidence, from device: DeviceID) throws(StoreError) {
        switch evidence.word {
        case .answer(let answer, let asker): try take(answer, to: asker)
        case .signed(let bytes):
            if let checkpoint = Checkpoint(
                verifying: bytes, ward: ward, keys: keys.trustedSigningKeys, scheme: scheme)
            {
                return try take(checkpoint, signed: bytes)
            }
            guard epoch > 0 else { return }
            try guarded { () throws(StoreError) in
                if let restore = EpochStatement(verifying: bytes, ward: ward, rootKey: keys.root, scheme: scheme) {
                    try note(branch: restore)
                    return try attest(SeenMark(position: restore.ended, root: restore.root.prefix8))
                }
                try takeGrant(bytes, of: device)
            }
        }
    }

    /// - Parameter asker: whom the ward answered, whoever brings that now. Where an older program kept no word of it,
    ///   what the frame says of the asker's own change sets is left out: they are decided again.
    private func take(_ answer: SyncAnswer, to asker: DeviceID?) throws(StoreError) {
        guard
            isLost(answer.upTo.position) || answer.grant != nil
                || answer.entries.contains(where: { isLost($0.position) })
        else { return }
        try guarded { () throws(StoreError) in
            try attest(answer.upTo)
            if let asker {
                if let bytes = answer.grant { try takeGrant(bytes, of: asker) }
                for run in answer.receipts {
                    for dot in try attest(run, of: asker) { try reconsider(dot) }
                }
            }
            for entry in answer.entries {
                if let dot = try attest(entry) { try reconsider(dot) }
            }
            for change in answer.changes {
                if let attestation = try attestation(of: change), attestation.code == nil {
                    guard try !readmit(change, attestation) else { continue }
                    try keepWaiting(change)
                }
            }
        }
    }

    /// Remembers that the lost log had a root at a position: what names both has seen it.
    private func attest(_ mark: SeenMark) throws(StoreError) {
        guard isLost(mark.position) else { return }
        try database.prepare("INSERT OR IGNORE INTO attested_marks(position,root) VALUES(?1,?2)")
            .bind(1, Int64(bitPattern: mark.position.rawValue)).bind(2, Int64(bitPattern: mark.root)).run()
        // A request from before the restore may have arrived ahead of its device's evidence.
        if database.changedRows > 0 { heldChanges.note(.mark(mark)) }
    }

    func isLost(_ position: Position) -> Bool { epochs.next(after: position) != nil }

    // MARK: Grants and revocations

    /// Takes over a grant that is newer than the one that the log has. A revocation that is newer than both stands, and
    /// a device that another one goes on as stays given up. What a key that somebody else may have signed proves
    /// nothing.
    private func takeGrant(_ bytes: Bytes, of device: DeviceID) throws(StoreError) {
        let before = grants[device]?.last
        guard let grant = Grant(verifying: bytes, ward: ward, keys: keys.trustedSigningKeys, scheme: scheme),
            !persons.isSucceeded(device), grant.device == device, grant.role != .ward,
            grant.validFrom > before?.grant.validFrom ?? .min
        else { return }
        // Signed anew: a key that gave way since signs nothing that stands after that.
        try append(.grant(grant.signed(by: keys.signing, ward: ward, scheme: scheme)), document: 0)
        if let before, let last = before.revokedAfter, before.since >= grant.validFrom {
            try appendRevocation(of: device, after: last, since: before.since)
        }
        try revokeAgain(device)
    }

    /// Remembers that the lost ward revoked a device, also one that nobody showed a grant of yet.
    private func note(revoked device: DeviceID, after last: UInt64, time: Int64) throws(StoreError) {
        if planted(.forgetsRevocations) { return }
        try database.prepare(
            """
            INSERT INTO attested_revocations(device,time,last) VALUES(?1,?2,?3)
            ON CONFLICT(device) DO UPDATE SET time=?2,last=?3 WHERE time<?2
            """
        ).bind(1, device.digest).bind(2, time).bind(3, Int64(clamping: last)).run()
        try revokeAgain(device)
    }

    /// Revokes a device that the lost ward had revoked, unless its grant is newer than that.
    func revokeAgain(_ device: DeviceID) throws(StoreError) {
        guard epoch > 0, let record = grants[device]?.last, record.revokedAfter == nil || record.isSucceeded,
            let lost = try lostRevocation(of: device), lost.time >= record.grant.validFrom
        else { return }
        try appendRevocation(of: device, after: min(lost.last, record.revokedAfter ?? lost.last), since: lost.time)
    }

    /// When the lost ward revoked a device, by its clock, and the last sequence that counts; `nil` where nobody showed
    /// that it did.
    func lostRevocation(of device: DeviceID) throws(StoreError) -> (time: Int64, last: UInt64)? {
        let statement = try database.prepare("SELECT time,last FROM attested_revocations WHERE device=?1")
            .bind(1, device.digest)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        return (statement.integer(0), UInt64(clamping: statement.integer(1)))
    }

    /// Appends a revocation that began before its entry: grants from between are newer than it.
    private func appendRevocation(of device: DeviceID, after last: UInt64, since: Int64) throws(StoreError) {
        let before = grants[device]?.last?.since ?? .min
        let index = try append(.revoke(device, lastSequence: last), document: 0)
        try database.prepare("INSERT INTO revocation_times(position,time) VALUES(?1,?2)")
            .bind(1, Int64(index)).bind(2, max(since, before)).run()
        guard let place = grants[device]?.indices.last else { return }
        grants[device]?[place].since = max(since, before)
    }

    /// When a revocation began, where that was before its entry.
    func revocationTime(at position: UInt64) throws(StoreError) -> Int64? {
        if epochs.present == 0 { return nil }
        let statement = try database.prepare("SELECT time FROM revocation_times WHERE position=?1")
            .bind(1, Int64(position))
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : nil
    }

    // MARK: What the ward said of change sets

    /// - Returns: the change set that the entry says something of.
    private func attest(_ entry: SyncAnswer.Entry) throws(StoreError) -> Dot? {
        guard isLost(entry.position), let record = try? LogRecord(decoding: entry.bytes) else { return nil }
        switch record.entry {
        case .accept(let acceptance), .release(let acceptance, _): try attest(acceptance, at: entry.position)
        case .readmit(let acceptance, let place): try attest(acceptance, at: place)
        case .revoke(let device, let last): try note(revoked: device, after: last, time: record.time)
        case .refuse(let dot, let id, let code):
            try attest(
                LogEntry.Acceptance(dot: dot, id: id, effective: .zero, outcomes: []), at: entry.position, code: code)
        case .succession(let succession):
            guard persons.predecessor(of: succession.new) == nil, let new = grants[succession.new]?.last?.grant.role
            else { return nil }
            // Let in as a resident's meanwhile, it waits for its own grant.
            if new == .resident, grants[succession.old]?.last?.grant.role ?? new != new { return nil }
            try append(succession)
        // What was erased is erased again with its order; statements on keys are in the restored home.
        case .hold, .grant, .erase, .move, .key: return nil
        }
        return record.entry.decided?.dot
    }

    /// A change set that the ward has, and decided in ignorance or not at all, stands as it was decided first.
    func reconsider(_ dot: Dot) throws(StoreError) {
        guard let number = try tables.knownDeviceNumber(dot.device),
            let stored = try tables.change(device: number, sequence: dot.sequence),
            let first = try attestation(of: stored.change)
        else { return }
        if let code = first.code {
            if stored.verdict == .held { try decideAgain(stored.change, number, code) }
        } else if try !readmit(stored.change, first) {
            try keepWaiting(stored.change)
        }
    }

    /// Keeps what the ward said of a change set first, where it said something in several epochs that were lost. That it
    /// accepted it counts before a refusal: who was told so is not told otherwise later.
    func attest(_ acceptance: LogEntry.Acceptance, at position: Position, code: RefusalCode? = nil)
        throws(StoreError)
    {
        let statement = try database.prepare(
            """
            INSERT INTO attested(device,sequence,id,position,effective,outcomes,code)
            VALUES(?1,?2,?3,?4,?5,?6,?7) ON CONFLICT(device,sequence,id)
            DO UPDATE SET position=?4,effective=?5,outcomes=?6,code=?7
            WHERE (code<>0 AND ?7=0) OR ((code=0)=(?7=0) AND position>?4)
            """)
        statement.bind(1, acceptance.dot.device.digest).bind(2, Int64(clamping: acceptance.dot.sequence))
            .bind(3, acceptance.id).bind(4, Int64(bitPattern: position.rawValue))
            .bind(5, Int64(bitPattern: acceptance.effective.rawValue))
            .bind(6, acceptance.outcomes.map(\.rawValue)).bind(7, Int64(code?.rawValue ?? 0))
        try statement.run()
    }

    /// What the ward once said of a change set, where it accepted it several times the first time; `nil` where nobody
    /// showed it.
    func attestation(of change: ChangeSet) throws(StoreError) -> Attestation? {
        let dot = change.dot
        let one = try database.prepare(
            "SELECT position,effective,outcomes,code FROM attested WHERE device=?1 AND sequence=?2 AND id=?3"
        ).bind(1, dot.device.digest).bind(2, Int64(clamping: dot.sequence)).bind(3, change.id)
        defer { one.reset() }
        guard try one.step() else { return nil }
        return Attestation(
            position: Position(rawValue: UInt64(bitPattern: one.integer(0))),
            effective: HybridTime(rawValue: UInt64(bitPattern: one.integer(1))),
            outcomes: one.bytes(2).compactMap(Outcome.init(rawValue:)),
            code: RefusalCode(rawValue: UInt8(truncatingIfNeeded: one.integer(3))))
    }
}
