// Runs of receipts that devices bring after a restore: which change sets they speak of.

/// A run names its last change set by id and the others by their numbers alone, so that of these it says something only
/// once the chain leads from the last one back to them (`docs/protocol.md`, "Restore").
private struct AttestedRun {
    let device: DeviceID
    let run: ReceiptRun
    /// The newest of its change sets that nobody has shown yet: its sequence and id.
    var next: ChainLink

    /// Whether all of its change sets were shown.
    var isProven: Bool { next.sequence < run.sequence }
    /// What runs have in common whose acceptances stand in one place of the log under one number: whatever two of them
    /// hold both is the same.
    var track: Int64 { Int64(bitPattern: run.position.rawValue &- run.sequence) }

    func place(of sequence: UInt64) -> Position { Position(rawValue: UInt64(bitPattern: track) &+ sequence) }
}

extension WardCore {
    /// Remembers a run of a device's receipts from the lost part of the log.
    /// - Returns: which of the change sets that are here it says something of.
    func attest(_ run: ReceiptRun, of device: DeviceID) throws(StoreError) -> [Dot] {
        let end = UInt64(run.count) - 1
        guard isLost(Position(rawValue: run.position.rawValue + end)) else { return [] }
        var writer = CBORWriter()
        run.write(to: &writer)
        let last = ChainLink(sequence: run.sequence + end, id: run.last)
        var attested = AttestedRun(device: device, run: run, next: last)
        try database.prepare(
            """
            INSERT OR IGNORE INTO attested_receipts(device,last,position,run,next_sequence,next_id)
            VALUES(?1,?2,?3,?4,?5,?2)
            """
        ).bind(1, device.digest).bind(2, run.last).bind(3, Int64(bitPattern: run.position.rawValue))
            .bind(4, writer.bytes).bind(5, Int64(clamping: attested.next.sequence)).run()
        // Shown before: whatever came since was looked at when it came.
        if database.changedRows == 0 { return [] }
        return try prove(&attested, [:])
    }

    /// Notes which of a device's change sets that come now were accepted once, as runs say and their chain shows.
    /// - Returns: those that are here already and were decided without that.
    func proveRuns(_ changes: [ChangeSet], of device: DeviceID) throws(StoreError) -> [Dot] {
        var coming: [UInt64: ChangeSet] = [:]
        for change in changes where change.header.device == device { coming[change.header.sequence] = change }
        var here: [Dot] = []
        for (sequence, change) in coming.sorted(by: { $0.key > $1.key }) {
            for var attested in try runs(of: device, naming: ChainLink(sequence: sequence, id: change.id)) {
                here += try prove(&attested, coming).filter { coming[$0.sequence] == nil }
            }
        }
        return here
    }

    /// The runs that go on with a change set.
    private func runs(of device: DeviceID, naming next: ChainLink) throws(StoreError) -> [AttestedRun] {
        guard let id = next.id else { return [] }
        let statement = try database.prepared(
            "SELECT run FROM attested_receipts WHERE device=?1 AND next_sequence=?2 AND next_id=?3 LIMIT 16"
        ).bind(1, device.digest).bind(2, Int64(clamping: next.sequence)).bind(3, id)
        defer { statement.reset() }
        var found: [AttestedRun] = []
        while try statement.step() {
            var reader = CBORReader(statement.bytes(0))
            guard let run = try? ReceiptRun(reading: &reader) else { continue }
            found.append(AttestedRun(device: device, run: run, next: next))
        }
        return found
    }

    /// Goes back along the chain as far as it is here or comes now.
    /// - Returns: what is proven by that.
    private func prove(_ attested: inout AttestedRun, _ coming: [UInt64: ChangeSet]) throws(StoreError) -> [Dot] {
        let (run, before) = (attested.run, attested.next)
        var shownUpTo = before.sequence
        let number = try tables.knownDeviceNumber(attested.device)
        var proven: [Dot] = []
        func known(_ sequence: UInt64) throws(StoreError) -> ChangeSet? {
            if let change = coming[sequence] { return change }
            return try number.flatMap { number throws(StoreError) in
                try tables.change(device: number, sequence: sequence)?.change
            }
        }
        while !attested.isProven {
            let sequence = attested.next.sequence
            guard let change = try known(sequence), change.id == attested.next.id,
                let acceptance = run.acceptance(of: change)
            else { break }
            if let shown = try stretch(of: attested, with: sequence), let first = try known(shown.lowerBound),
                try attestation(of: change)?.position == attested.place(of: sequence),
                try attestation(of: first)?.position == attested.place(of: shown.lowerBound)
            {
                try forget(shown, of: attested)
                shownUpTo = max(shownUpTo, shown.upperBound)
                attested.next = ChainLink(sequence: shown.lowerBound - 1, id: first.header.previous)
                continue
            }
            try attest(acceptance, at: attested.place(of: sequence))
            proven.append(change.dot)
            attested.next = ChainLink(sequence: sequence - 1, id: change.header.previous)
        }
        if attested.next.sequence == before.sequence { return [] }
        try note(shown: attested.next.sequence + 1...shownUpTo, of: attested)
        try database.prepare(
            """
            UPDATE attested_receipts SET next_sequence=?4,next_id=?5 WHERE device=?1 AND last=?2 AND position=?3
            """
        ).bind(1, attested.device.digest).bind(2, run.last).bind(3, Int64(bitPattern: run.position.rawValue))
            .bind(4, attested.isProven ? 0 : Int64(clamping: attested.next.sequence))
            .bind(5, attested.next.id?.bytes ?? []).run()
        return proven
    }

    // MARK: What was shown

    /// What was shown with other runs of the same track around a change set: it is gone through once, however many runs
    /// hold it.
    private func stretch(of attested: AttestedRun, with sequence: UInt64) throws(StoreError) -> ClosedRange<UInt64>? {
        let statement = try database.prepared(
            """
            SELECT first,last FROM attested_stretches WHERE device=?1 AND track=?2 AND first<=?3
            ORDER BY first DESC LIMIT 1
            """
        ).bind(1, attested.device.digest).bind(2, attested.track).bind(3, Int64(clamping: sequence))
        defer { statement.reset() }
        guard try statement.step(), statement.integer(1) >= Int64(clamping: sequence) else { return nil }
        return max(1, UInt64(clamping: statement.integer(0)))...UInt64(clamping: statement.integer(1))
    }

    private func forget(_ stretch: ClosedRange<UInt64>, of attested: AttestedRun) throws(StoreError) {
        try database.prepare("DELETE FROM attested_stretches WHERE device=?1 AND track=?2 AND first=?3")
            .bind(1, attested.device.digest).bind(2, attested.track).bind(3, Int64(clamping: stretch.lowerBound)).run()
    }

    private func note(shown stretch: ClosedRange<UInt64>, of attested: AttestedRun) throws(StoreError) {
        try database.prepare("INSERT OR REPLACE INTO attested_stretches(device,track,first,last) VALUES(?1,?2,?3,?4)")
            .bind(1, attested.device.digest).bind(2, attested.track).bind(3, Int64(clamping: stretch.lowerBound))
            .bind(4, Int64(clamping: stretch.upperBound)).run()
    }
}

extension ReceiptRun {
    /// What it says of one of its change sets, whose place in the chain is shown.
    fileprivate func acceptance(of change: ChangeSet) -> LogEntry.Acceptance? {
        guard change.header.sequence >= sequence, change.header.sequence - sequence < UInt64(count) else { return nil }
        let offset = Int(change.header.sequence - sequence)
        return LogEntry.Acceptance(
            dot: change.dot, id: change.id,
            effective: effective.first { $0.offset == offset }?.time ?? change.header.authorTime,
            outcomes: decided.first { $0.offset == offset }?.outcomes ?? [])
    }
}
