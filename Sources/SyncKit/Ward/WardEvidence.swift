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
    /// Takes what an old answer proves: acceptances, the grant of the device that brings it, revocations, and the
    /// change sets of others that it carried.
    func take(_ evidence: Evidence, from device: DeviceID) throws(StoreError) {
        let answer = evidence.answer
        guard isLost(answer.upTo.position) || answer.entries.contains(where: { isLost($0.position) }) else { return }
        try guarded { () throws(StoreError) in
            if isLost(answer.upTo.position) {
                try database.prepare("INSERT OR IGNORE INTO attested_marks(position,root) VALUES(?1,?2)")
                    .bind(1, Int64(bitPattern: answer.upTo.position.rawValue))
                    .bind(2, Int64(bitPattern: answer.upTo.root)).run()
            }
            if let bytes = answer.grant { try takeGrant(bytes, of: device) }
            for run in answer.receipts { try attest(run, of: device) }
            for entry in answer.entries { try attest(entry) }
            for change in answer.changes {
                if let attestation = try attestation(of: change), attestation.code == nil {
                    try readmit(change, attestation)
                }
            }
        }
    }

    private func isLost(_ position: Position) -> Bool { epochs.next(after: position) != nil }

    private func takeGrant(_ bytes: Bytes, of device: DeviceID) throws(StoreError) {
        guard let grant = Grant(verifying: bytes, ward: ward, keys: keys.signingKeys, scheme: scheme),
            grant.device == device, grant.validFrom > grants[device]?.last?.grant.validFrom ?? .min
        else { return }
        try append(.grant(bytes), document: 0)
    }

    private func attest(_ run: ReceiptRun, of device: DeviceID) throws(StoreError) {
        guard isLost(run.position) else { return }
        var writer = CBORWriter()
        run.write(to: &writer)
        try database.prepare("INSERT OR IGNORE INTO attested_runs(device,sequence,last,run) VALUES(?1,?2,?3,?4)")
            .bind(1, device.digest).bind(2, Int64(run.sequence)).bind(3, Int64(run.sequence) + Int64(run.count) - 1)
            .bind(4, writer.bytes).run()
    }

    private func attest(_ entry: SyncAnswer.Entry) throws(StoreError) {
        guard let record = try? LogRecord(decoding: entry.bytes) else { return }
        switch record.entry {
        case .accept(let acceptance), .release(let acceptance, _):
            if isLost(entry.position) { try attest(acceptance, at: entry.position) }
        case .readmit(let acceptance, let place):
            if isLost(entry.position) { try attest(acceptance, at: place) }
        case .revoke(let device, let last):
            guard isLost(entry.position), let record = grants[device]?.last, record.revokedAfter == nil else { return }
            try append(.revoke(device, lastSequence: last), document: 0)
        case .refuse(let dot, let id, let code):
            guard isLost(entry.position) else { return }
            try attest(
                LogEntry.Acceptance(dot: dot, id: id, effective: .zero, outcomes: []), at: entry.position, code: code)
        // What was erased is erased again with its order.
        case .hold, .grant, .erase, .move, .key: return
        }
    }

    private func attest(_ acceptance: LogEntry.Acceptance, at position: Position, code: RefusalCode? = nil)
        throws(StoreError)
    {
        let statement = try database.prepare(
            """
            INSERT OR IGNORE INTO attested(device,sequence,id,position,effective,outcomes,code)
            VALUES(?1,?2,?3,?4,?5,?6,?7)
            """)
        statement.bind(1, acceptance.dot.device.digest).bind(2, Int64(acceptance.dot.sequence)).bind(3, acceptance.id)
            .bind(4, Int64(bitPattern: position.rawValue))
            .bind(5, Int64(bitPattern: acceptance.effective.rawValue))
            .bind(6, acceptance.outcomes.map(\.rawValue)).bind(7, Int64(code?.rawValue ?? 0))
        try statement.run()
    }

    /// What the ward once said of a change set; `nil` where nobody showed it.
    func attestation(of change: ChangeSet) throws(StoreError) -> Attestation? {
        let dot = change.dot
        let one = try database.prepare(
            "SELECT position,effective,outcomes,code FROM attested WHERE device=?1 AND sequence=?2 AND id=?3"
        ).bind(1, dot.device.digest).bind(2, Int64(dot.sequence)).bind(3, change.id)
        defer { one.reset() }
        if try one.step() {
            return Attestation(
                position: Position(rawValue: UInt64(bitPattern: one.integer(0))),
                effective: HybridTime(rawValue: UInt64(bitPattern: one.integer(1))),
                outcomes: one.bytes(2).compactMap(Outcome.init(rawValue:)),
                code: RefusalCode(rawValue: UInt8(truncatingIfNeeded: one.integer(3))))
        }
        let many = try database.prepare(
            "SELECT run FROM attested_runs WHERE device=?1 AND sequence<=?2 AND last>=?2 ORDER BY sequence DESC LIMIT 1"
        ).bind(1, dot.device.digest).bind(2, Int64(dot.sequence))
        defer { many.reset() }
        guard try many.step() else { return nil }
        var reader = CBORReader(many.bytes(0))
        guard let run = try? ReceiptRun(reading: &reader) else { return nil }
        return run.attestation(of: change)
    }

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
            if stored.verdict == .accepted { return true }
        }
        let known = documents[change.document]
        guard let document = known ?? madeDocument(by: change) else { return false }
        let acceptance = LogEntry.Acceptance(
            dot: change.dot, id: change.id, effective: attestation.effective, outcomes: attestation.outcomes)
        let index = try append(.readmit(acceptance, at: attestation.position), document: document.number)
        readmitted[change.dot] = index
        if stored == nil {
            try tables.insert(
                change, device: number, document: document.number, verdict: .accepted,
                position: attestation.position, effective: attestation.effective, outcomes: attestation.outcomes)
        } else {
            try tables.setVerdict(
                device: number, sequence: change.header.sequence, verdict: .accepted, position: attestation.position,
                effective: attestation.effective, code: nil, outcomes: attestation.outcomes)
            heldByDocument[change.document]?.removeAll { $0 == change.dot }
        }
        try merge(
            change, at: index, ordered: attestation.position, effective: attestation.effective,
            outcomes: attestation.outcomes, into: document, device: number)
        try noteAreas(document, after: change)
        if known == nil, heldByDocument[change.document]?.isEmpty == false { try releaseWaiting(by: keys.deviceID) }
        if var chain = chains[change.header.device], chain.head.sequence < change.header.sequence {
            chain.head = ChainLink(sequence: change.header.sequence, id: change.id)
            chain.lastEffective = max(chain.lastEffective, attestation.effective)
            chains[change.header.device] = chain
        }
        return true
    }

    /// What the ward makes of other documents is made anew: whose view it was stood in the lost store alone.
    private func isDerived(_ change: ChangeSet) -> Bool {
        guard grants[change.header.device]?.last?.grant.role == .ward,
            let kind = UInt8(exactly: change.header.kind).flatMap(DocumentKind.init(rawValue:))
        else { return false }
        // What it did about an order it does again, where that is not so already.
        if kind == .order { return !change.isCreation }
        return kind == .progress || kind == .publication || kind == .follow
    }

    private func madeDocument(by change: ChangeSet) -> WardDocument? {
        guard change.isCreation || change.header.reissues != nil else { return nil }
        return newDocument(for: change)
    }

    /// Receives a change set that the ward accepted before it was restored, or one that stands below a device's newest:
    /// others may have brought that first.
    /// - Returns: whether it was dealt with.
    func receiveAfterRestore(_ change: ChangeSet, _ chain: inout Chain, _ received: inout Received) throws(StoreError)
        -> Bool
    {
        let sequence = change.header.sequence
        if let attestation = try attestation(of: change), try isNext(change, chain) {
            if let code = attestation.code { return try refuseAgain(change, code, &chain, &received) }
            let isKnown = try tables.change(device: chain.number, sequence: sequence)?.verdict == .accepted
            guard try readmit(change, attestation) else { return false }
            if isKnown { received.duplicates += 1 } else { received.accepted += 1 }
            if let present = chains[change.header.device], present.head.sequence > chain.head.sequence {
                chain = present
            }
            return true
        }
        guard sequence < chain.head.sequence, try tables.changeID(device: chain.number, sequence: sequence) == nil,
            try isNext(change, chain)
        else { return false }
        // A hole that the owner fills: it is decided like any other, and the chain's head stays.
        var here = chain
        here.head = ChainLink(sequence: sequence - 1, id: change.header.previous)
        try decideNext(change, &here, &received)
        chain.lastEffective = max(chain.lastEffective, here.lastEffective)
        return true
    }

    /// What was refused is refused, for the same reason: its author may have sent another in its place.
    private func refuseAgain(
        _ change: ChangeSet, _ code: RefusalCode, _ chain: inout Chain, _ received: inout Received
    ) throws(StoreError) -> Bool {
        guard try tables.change(device: chain.number, sequence: change.header.sequence) == nil else { return false }
        let document = documents[change.document]?.number ?? 0
        try tables.insert(
            change, device: chain.number, document: document, verdict: .refused, position: place(tree.size + 1),
            code: code)
        try append(.refuse(change.dot, id: change.id, code: code), document: document)
        received.refused += 1
        if change.header.sequence > chain.head.sequence {
            chain.head = ChainLink(sequence: change.header.sequence, id: change.id)
        }
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

extension ReceiptRun {
    /// What a run says of one of its change sets; `nil` where the last of them is another one.
    func attestation(of change: ChangeSet) -> Attestation? {
        guard change.header.sequence >= sequence, change.header.sequence - sequence < UInt64(count) else { return nil }
        let offset = Int(change.header.sequence - sequence)
        if offset == count - 1, change.id != last { return nil }
        return Attestation(
            position: Position(rawValue: position.rawValue + UInt64(offset)),
            effective: effective.first { $0.offset == offset }?.time ?? change.header.authorTime,
            outcomes: decided.first { $0.offset == offset }?.outcomes ?? [])
    }
}
