// The log of an audited store: every entry, the tree over them, the signed head, grants, and what rows say of decisions.

extension WardAudit {
    /// The most entries that may be missing in a row before the number of the next one is taken for damaged.
    private static let longestGap: UInt64 = 1 << 20

    /// Goes through the log once.
    func checkLog() throws(StoreError) {
        try gatherPastKeys()
        var trees = AuditTrees()
        roots = [MerkleTree().root.prefix8]
        var last = (position: UInt64(0), time: Int64.min)
        let statement = try database.prepare("SELECT position,document,bytes FROM entries ORDER BY position")
        while try statement.step() {
            let position = UInt64(clamping: statement.integer(0))
            let bytes = statement.bytes(2)
            count(.entries)
            guard position > last.position, position - last.position <= Self.longestGap else {
                note(.entries, .order, "entry \(position)")
                continue
            }
            if position != last.position + 1 { note(.entries, .missing, "entry \(last.position + 1)") }
            while UInt64(roots.count) < position { roots.append(0) }
            last.position = position
            trees.append(bytes)
            roots.append(trees.root.prefix8)
            if position % 256 == 0 { try checkTree(&trees, at: position) }
            guard let record = try? LogRecord(decoding: bytes), record.encoded() == bytes else {
                note(.entries, .unreadable, "entry \(position)")
                continue
            }
            if record.time < last.time { note(.entries, .order, "entry \(position)") }
            last.time = record.time
            try check(record.entry, at: position, document: statement.integer(1))
        }
        statement.reset()
        let extra = try database.prepare("SELECT size FROM trees WHERE size%256<>0 OR size>?1 OR size<1 ORDER BY size")
            .bind(1, Int64(clamping: last.position))
        while try extra.step() { note(.trees, .extra, "tree \(extra.integer(0))") }
        for dot in undecided.values.sorted() { note(.decisions, .differs, Self.place(dot)) }
        try checkHead(trees, size: last.position)
    }

    /// The keys of which the log says that they gave way to others.
    private func gatherPastKeys() throws(StoreError) {
        let statement = try database.prepare("SELECT bytes FROM entries WHERE substr(bytes,1,2)=x'830B'")
        defer { statement.reset() }
        while try statement.step() {
            guard let record = try? LogRecord(decoding: statement.bytes(0)), case .key(let bytes) = record.entry,
                let said = KeyStatement(verifying: bytes, ward: ward, rootKey: descriptor.rootKey, scheme: scheme),
                said.purpose == .signing
            else { continue }
            pastKeys.append(said.previous)
        }
    }

    /// The statements by which the log went on after restores. The roots that they name are compared when the log was
    /// read.
    func checkEpochs() throws(StoreError) {
        do throws(StoreError) {
            for bytes in try WardCore.signedEpochs(tables) {
                count(.epochs)
                let statement = EpochStatement(
                    verifying: bytes, ward: ward, rootKey: descriptor.rootKey, scheme: scheme)
                guard let statement else {
                    note(.epochs, .signature, "epoch \(epochs.present + 1)")
                    continue
                }
                if !epochs.append(statement, signed: bytes) { note(.epochs, .order, "epoch \(statement.epoch)") }
            }
        } catch  where error.code == .damaged { note(.epochs, .unreadable, "epochs") }
    }

    private func checkEpochRoots() {
        for statement in epochs.statements {
            let index = statement.ended.index
            guard index < UInt64(roots.count), roots[Int(index)] == statement.root.prefix8 else {
                note(.epochs, .differs, "entry \(index)")
                continue
            }
        }
    }

    /// The stored tree at a multiple of 256 against the entries since the last one.
    private func checkTree(_ trees: inout AuditTrees, at size: UInt64) throws(StoreError) {
        count(.trees)
        let statement = try database.prepare("SELECT tree FROM trees WHERE size=?1").bind(1, Int64(size))
        defer { statement.reset() }
        guard try statement.step() else { return note(.trees, .missing, "tree \(size)") }
        guard let stored = MerkleTree(decoding: statement.bytes(0)), stored.size == size else {
            return note(.trees, .unreadable, "tree \(size)")
        }
        if !trees.meet(stored) { note(.trees, .differs, "entries \(size - 255)–\(size)") }
    }

    private func checkHead(_ trees: AuditTrees, size: UInt64) throws(StoreError) {
        checkEpochRoots()
        let flushed = try tables.number("flushed") ?? 0
        reacted = try tables.number("reacted") ?? 0
        if flushed > size { note(.store, .differs, "flushed") }
        if reacted > size { note(.store, .differs, "reacted") }
        count(.checkpoint)
        var head: Checkpoint?
        if let bytes = try tables.meta("checkpoint") {
            head = Checkpoint(verifying: bytes, ward: ward, keys: descriptor.signingKeys, scheme: scheme)
            if head == nil { note(.checkpoint, .signature, "checkpoint") }
        } else {
            note(.checkpoint, .missing, "checkpoint")
        }
        if let head {
            let isWhole = head.position == epochs.position(size) && trees.hasRoot(head.root)
            if !isWhole { note(.checkpoint, .differs, "log of \(size) entries") }
            if try tables.number("checkpoint.serial") != head.serial { note(.checkpoint, .differs, "serial") }
        }
        setHead(size: size, root: trees.root, checkpoint: head, flushed: min(flushed, size))
    }

    // MARK: Entries

    /// Whether an earlier entry of the log accepts a change set at a place.
    private func stands(_ dot: Dot, at place: Position, before position: UInt64) throws(StoreError) -> Bool {
        guard place.index < position, epochs.position(place.index) == place else { return false }
        let statement = try database.prepare("SELECT bytes FROM entries WHERE position=?1")
            .bind(1, Int64(place.index))
        defer { statement.reset() }
        guard try statement.step(), let record = try? LogRecord(decoding: statement.bytes(0)) else { return false }
        return record.entry.isAcceptance && record.entry.decided?.dot == dot
    }

    private func check(_ entry: LogEntry, at position: UInt64, document: Int64) throws(StoreError) {
        switch entry {
        case .accept(let acceptance), .release(let acceptance, _), .readmit(let acceptance, _):
            try checkDecision(entry, acceptance.dot, acceptance.id, at: position)
            var ordered = epochs.position(position)
            switch entry {
            case .readmit(_, let place):
                readmitted.insert(acceptance.id)
                ordered = place
                if epochs.next(after: place) == nil, try !stands(acceptance.dot, at: place, before: position) {
                    note(.decisions, .order, "entry \(position)")
                }
            case .release:
                released.insert(acceptance.id)
                checkPower(entry, acceptance.dot, at: position)
            default: checkPower(entry, acceptance.dot, at: position)
            }
            guard document > 0 else { return note(.decisions, .differs, "entry \(position)") }
            guard let number = numbers[acceptance.dot.device] else { return }
            acceptances.append(
                Acceptance(
                    document: document, device: number, sequence: acceptance.dot.sequence, position: position,
                    ordered: ordered))
        case .hold(let dot, let id, _), .refuse(let dot, let id, _):
            try checkDecision(entry, dot, id, at: position)
        case .grant(let bytes):
            count(.grants)
            // Retired keys signed what stands before the statement that retired them, and nothing after it.
            let keys = (descriptor.signingKeys + pastKeys).filter { retired[$0] == nil }
            guard let grant = Grant(verifying: bytes, ward: ward, keys: keys, scheme: scheme) else {
                return note(.grants, .signature, "entry \(position)")
            }
            granted[grant.device] = (grant.role, nil)
            if grant.role == .ward { wardDevices.insert(grant.device) }
        case .revoke(let device, let last):
            count(.grants)
            guard let known = granted[device] else { return note(.grants, .missing, "entry \(position)") }
            granted[device] = (known.role, last)
        case .erase(let dot, let id, _):
            erased.insert(id)
            if numbers[dot.device] == nil { note(.devices, .missing, "entry \(position)") }
        case .key(let bytes):
            count(.grants)
            let statement = KeyStatement(verifying: bytes, ward: ward, rootKey: descriptor.rootKey, scheme: scheme)
            guard let statement else { return note(.grants, .signature, "entry \(position)") }
            if statement.purpose == .signing { retired[statement.previous] = position }
        case .move(let id, let areas):
            moves.append((document, position, id, areas))
        case .succession(let succession):
            count(.grants)
            guard granted[succession.new] != nil else { return note(.grants, .missing, "entry \(position)") }
            persons.note(succession.old, succeededBy: succession.new)
            // What was revoked before stays cut where it was.
            if let known = granted[succession.old], known.revokedAfter == nil {
                granted[succession.old] = (known.role, succession.lastSequence)
            }
        }
    }

    /// Only a device with a grant is accepted, and only up to the cut of its revocation; what an admin released is
    /// past that.
    private func checkPower(_ entry: LogEntry, _ dot: Dot, at position: UInt64) {
        guard let known = granted[dot.device] else { return note(.grants, .missing, "entry \(position)") }
        if case .accept = entry, let last = known.revokedAfter, dot.sequence > last {
            note(.grants, .order, "entry \(position)")
        }
    }

    /// The row of the change set that an entry decides: the latest decision on it is the row's.
    private func checkDecision(_ entry: LogEntry, _ dot: Dot, _ id: Digest, at position: UInt64) throws(StoreError) {
        count(.decisions)
        if case .hold(_, _, .fork) = entry {
            forkHolds.insert(id)
            return
        }
        // The other branch of a fork, that its author's new device sent again, or that somebody declined.
        if case .refuse(_, _, .replaced) = entry, forkHolds.contains(id) { return }
        if case .refuse(_, _, .branchDeclined) = entry, forkHolds.contains(id) {
            declinedForks.insert(id)
            return
        }
        guard let number = numbers[dot.device] else {
            return note(.devices, .missing, "entry \(position)")
        }
        let statement = try database.prepared(
            "SELECT id,verdict,position,effective,code,outcomes,logged FROM changes WHERE device=?1 AND sequence=?2"
        ).bind(1, number).bind(2, Int64(clamping: dot.sequence))
        defer { statement.reset() }
        guard try statement.step() else { return note(.changes, .missing, Self.place(dot)) }
        guard statement.digest(0) == id else { return note(.decisions, .differs, Self.place(dot)) }
        let name = Self.name(number, dot.sequence)
        var written = epochs.position(position)
        var logged: UInt64 = 0
        var (verdict, effective, code, outcomes) = (StoredVerdict.accepted, HybridTime.zero, UInt8(0), Bytes())
        switch entry {
        case .accept(let acceptance), .release(let acceptance, _):
            effective = acceptance.effective
            outcomes = acceptance.outcomes.map(\.rawValue)
        case .readmit(let acceptance, let place):
            effective = acceptance.effective
            outcomes = acceptance.outcomes.map(\.rawValue)
            logged = written.rawValue
            written = place
        case .hold(_, _, let reason): (verdict, code) = (.held, reason.rawValue)
        case .refuse(_, _, let reason): (verdict, code) = (.refused, reason.rawValue)
        case .grant, .revoke, .erase, .move, .succession, .key: return
        }
        // The newest entry on a change set is the one that its row repeats.
        guard UInt64(bitPattern: statement.integer(2)) == written.rawValue,
            UInt64(bitPattern: statement.integer(6)) == logged
        else {
            undecided[name] = dot
            return
        }
        undecided[name] = nil
        guard statement.integer(1) == verdict.rawValue,
            UInt64(bitPattern: statement.integer(3)) == effective.rawValue, statement.integer(4) == Int64(code),
            statement.bytes(5) == outcomes
        else { return note(.decisions, .differs, Self.place(dot)) }
        decided.insert(name)
    }
}

/// The tree over the entries. Where it does not meet what is stored, either may be the damaged one: both are tried on
/// what follows, so that one fault is told once and in its place.
struct AuditTrees {
    private var candidates = [MerkleTree()]

    var root: Digest { candidates.first?.root ?? .zero }

    mutating func append(_ bytes: Bytes) {
        let leaf = MerkleTree.leaf(bytes)
        for index in candidates.indices { candidates[index].append(leaf: leaf) }
    }

    /// - Returns: whether a candidate is the stored tree.
    mutating func meet(_ stored: MerkleTree) -> Bool {
        let isMet = candidates.contains(stored)
        candidates = isMet ? [stored] : Array(candidates.prefix(1)) + [stored]
        return isMet
    }

    func hasRoot(_ root: Digest) -> Bool { candidates.contains { $0.root == root } }
}
