// The change sets of an audited store: hashes, signatures, chains, and what their authors had seen.

extension WardAudit {
    /// How many change sets are verified at once.
    private static let batch = 1024

    /// Goes through every change set, device by device.
    func checkChanges() throws(StoreError) {
        let pool = VerificationPool()
        let statement = try database.prepare(
            "SELECT device,sequence,id,document,verdict,position,body FROM changes ORDER BY device,sequence")
        defer { statement.reset() }
        var waiting: [ChangeSet] = []
        var before: (device: Int64, sequence: UInt64, id: Digest?) = (0, 0, nil)
        while try statement.step() {
            count(.changes)
            let number = statement.integer(0)
            let sequence = UInt64(clamping: statement.integer(1))
            if before.device != number { before = (number, 0, nil) }
            defer { before = (number, sequence, statement.digest(2)) }
            let dot = Dot(device: keys[number] ?? DeviceID(.zero), sequence: sequence)
            let position = Position(rawValue: UInt64(bitPattern: statement.integer(5)))
            if !decided.contains(Self.name(number, sequence)) { note(.decisions, .missing, Self.place(dot)) }
            let change: ChangeSet
            do { change = try ChangeSet(decoding: statement.bytes(6)) } catch {
                note(.changes, error.code == .hashMismatch ? .hash : .unreadable, Self.place(dot))
                continue
            }
            if change.id != statement.digest(2) { note(.changes, .hash, Self.place(dot)) }
            if change.dot != dot { note(.devices, .differs, Self.place(change.dot)) }
            try check(change, after: before, at: position, isAccepted: statement.integer(4) == 1)
            waiting.append(change)
            if waiting.count == Self.batch { verify(&waiting, pool) }
        }
        verify(&waiting, pool)
    }

    private func check(
        _ change: ChangeSet, after before: (device: Int64, sequence: UInt64, id: Digest?), at position: Position,
        isAccepted: Bool
    ) throws(StoreError) {
        let isReadmitted = readmitted.contains(change.id)
        if !isReadmitted { try checkErased(change) }
        count(.chains)
        let isNext = change.header.sequence == before.sequence &+ 1
        let goesOn = isNext && change.header.previous == before.id
        // After a restore others may bring what stands beyond a gap, or behind what another copy of its store sent
        // meanwhile; where its document is not there, that is held.
        if !goesOn, !isReadmitted, try !isAttested(change) {
            let place = isNext ? change.dot : Dot(device: change.header.device, sequence: before.sequence &+ 1)
            note(.chains, isNext ? .differs : .missing, Self.place(place))
        }
        // What was held may name anything; a release overrides that.
        guard isAccepted, !isReadmitted, !released.contains(change.id) else { return }
        count(.seen)
        let seen = change.header.seen
        let index = seen.position.index
        if index < UInt64(roots.count), epochs.position(index) == seen.position {
            if seen.position >= position || roots[Int(index)] != seen.root {
                note(.seen, .differs, Self.place(change.dot))
            }
        } else if try !isAttested(seen) {
            note(.seen, .differs, Self.place(change.dot))
        }
    }

    /// Values are gone where the log says that they were erased, and nowhere else. What others brought after a restore
    /// may have come without them, before its order.
    private func checkErased(_ change: ChangeSet) throws(StoreError) {
        guard change.header.valuesHash != nil, change.isErased != erased.contains(change.id) else { return }
        if try !isAttested(change) { note(.changes, .differs, Self.place(change.dot)) }
    }

    /// Whether a device showed that the lost log accepted a change set.
    private func isAttested(_ change: ChangeSet) throws(StoreError) -> Bool {
        if epochs.present == 0 { return false }
        let statement = try database.prepare(
            "SELECT 1 FROM attested WHERE device=?1 AND sequence=?2 AND id=?3 AND code=0"
        ).bind(1, change.header.device.digest).bind(2, Int64(clamping: change.header.sequence)).bind(3, change.id)
        defer { statement.reset() }
        return try statement.step()
    }

    /// Whether a mark is of an epoch that was lost, and a device showed the ward's signature on it.
    private func isAttested(_ mark: SeenMark) throws(StoreError) -> Bool {
        guard epochs.next(after: mark.position) != nil else { return false }
        let statement = try database.prepare("SELECT root FROM attested_marks WHERE position=?1")
            .bind(1, Int64(bitPattern: mark.position.rawValue))
        defer { statement.reset() }
        return try statement.step() && UInt64(bitPattern: statement.integer(0)) == mark.root
    }

    private func verify(_ waiting: inout [ChangeSet], _ pool: VerificationPool) {
        var rest = waiting
        while !rest.isEmpty {
            let sound = pool.prefix(of: rest, ward: ward, scheme: scheme)
            count(.signatures, min(sound + 1, rest.count))
            guard sound < rest.count else { break }
            note(.signatures, .signature, Self.place(rest[sound].dot))
            rest.removeFirst(sound + 1)
        }
        waiting = []
    }

    /// The other branches: signed by the device, and held by an entry of the log.
    func checkForks() throws(StoreError) {
        let statement = try database.prepare("SELECT id,device,sequence,body FROM forks ORDER BY device,sequence,id")
        defer { statement.reset() }
        while try statement.step() {
            count(.forks)
            let dot = Dot(
                device: keys[statement.integer(1)] ?? DeviceID(.zero), sequence: UInt64(clamping: statement.integer(2)))
            guard let change = try? ChangeSet(decoding: statement.bytes(3)) else {
                note(.forks, .unreadable, Self.place(dot))
                continue
            }
            if change.id != statement.digest(0) || change.dot != dot { note(.forks, .hash, Self.place(dot)) }
            if !change.verify(ward: ward, scheme: scheme) { note(.forks, .signature, Self.place(dot)) }
            if forkHolds.remove(change.id) == nil { note(.forks, .extra, Self.place(dot)) }
        }
        for id in forkHolds.sorted() { note(.forks, .missing, "change set \(ShortID.text(id, length: 12))") }
        try checkDeclinedForks()
    }

    private func checkDeclinedForks() throws(StoreError) {
        let prefix = WardCore.declinedPrefix
        let statement = try database.prepare("SELECT key FROM meta WHERE key>=?1 AND key<?2")
            .bind(1, prefix).bind(2, prefix + "~")
        defer { statement.reset() }
        var noted: Set<Digest> = []
        while try statement.step() {
            guard let id = Digest(hex: String(statement.text(0).dropFirst(prefix.count))) else { continue }
            noted.insert(id)
        }
        for id in noted.symmetricDifference(declinedForks).sorted() {
            let place = "change set \(ShortID.text(id, length: 12))"
            note(.forks, noted.contains(id) ? .extra : .missing, place)
        }
    }
}
