// A store that is a copy: the device notices, takes what the ward has of it, or new keys, and sends again what was held.

extension Replica {
    /// Whether an entry on an own change set that is not here is about another copy of this store: its branch, or its
    /// going on where this one went another way. What goes on from this store's chain is this device's own, which an
    /// older copy takes back.
    func isOtherCopys(_ dot: Dot, _ entry: LogEntry, _ sent: ChangeSet?) throws(StoreError) -> Bool {
        guard dot.device == device else { return try isOnFormer(dot, entry, sent) }
        switch entry {
        case .hold(_, _, .fork), .refuse(_, _, .replaced), .refuse(_, _, .branchDeclined): return true
        default: break
        }
        guard let sent else { return false }
        let end = try tables.number(Key.chainSequence) ?? 0
        let id = end == 0 ? nil : try tables.meta(Key.chainID).flatMap { Digest($0) }
        return sent.header.sequence != end + 1 || sent.header.previous != id
    }

    /// Whether an entry tells what became of something that a device wrote whose store this was: it comes without the
    /// change set, and says nothing to a store that does not have it.
    func isOnFormer(_ dot: Dot, _ entry: LogEntry, _ sent: ChangeSet?) throws(StoreError) -> Bool {
        guard sent == nil else { return false }
        switch entry {
        case .hold, .refuse: return try readOthers().contains(dot.device)
        default: return false
        }
    }

    /// Takes an own change set back that the ward had and the store had not: the chain goes on behind it.
    func goOn(from change: ChangeSet) throws(StoreError) {
        try tables.setNumber(Key.chainSequence, change.header.sequence)
        try tables.setMeta(Key.chainID, change.id.bytes)
        let clock = try tables.number(Key.clock) ?? 0
        // A clock that ran ahead is not taken back: the ward's own time bounds what counts.
        try tables.setNumber(Key.clock, max(clock, change.header.authorTime.rawValue))
    }

    /// Notes who goes on as whom, where it is about this person's devices: whoever oversees the ward is told of others too.
    func note(_ succession: LogEntry.Succession) throws(StoreError) {
        let own = try ownDevices()
        guard own.contains(succession.old) || own.contains(succession.new) else { return }
        if succession.old == device {
            // The first one cut the chain; another copy may have gone on as this device since.
            let cut = try tables.number(Key.succeeded) ?? 0
            let next = succession.lastSequence + 1
            try tables.setNumber(Key.succeeded, cut == 0 ? next : min(cut, next))
        }
        if succession.new == device, let said = try tables.meta(Key.succession) {
            try tables.setMeta(Key.successionSaid, said)
            try tables.removeMeta(Key.succession)
        }
        try noteOthers([succession.old, succession.new])
    }

    /// The person's devices, this one among them: asked for each row that is written.
    func ownDevices() throws(StoreError) -> Set<DeviceID> {
        if let knownOwn { return knownOwn }
        let own = try readOthers().union([device])
        knownOwn = own
        return own
    }

    private func noteOthers(_ devices: [DeviceID]) throws(StoreError) {
        knownOwn = nil
        let all = try readOthers().union(devices).subtracting([device])
        try tables.setMeta(Key.person, all.sorted().flatMap(\.digest.bytes))
    }

    /// Says again that the device goes on as another one: the ward may have lost it with what came after a backup.
    func repeatSuccession() throws(StoreError) {
        if let said = try tables.meta(Key.successionSaid) { try tables.setMeta(Key.succession, said) }
    }

    // MARK: New keys

    /// Takes new keys where the ward holds this store's work as another branch, or lets another copy go on as this
    /// device. Everything that does not count because of it is written again under the new keys, with what its author
    /// had seen and when; the old keys stay for what was sealed to them. One transaction: a store has either.
    /// - Returns: `nil` where nothing was to be done.
    package func takeNewKeys() throws(ReplicaError) -> KeyRenewal? {
        let cut = try number(Key.succeeded)
        guard try pendingCount() == 0 else { return nil }
        let originals = try inStore { () throws(StoreError) in try leftBehind(above: cut == 0 ? nil : cut - 1) }
        let settled = try inStore { () throws(StoreError) in try replaced() }
        let passed = try passedOver()
        guard cut != 0 || !originals.isEmpty || passed != nil else { return nil }
        let (oldSigning, oldSealing) = (signingKey, sealingKey)
        knownOwn = nil
        do {
            return try database.replicaTransaction { () throws(ReplicaError) in
                try self.goBackToPassedOver()
                return try self.takeNewKeysInTransaction(originals, settled)
            }
        } catch {
            (signingKey, sealingKey) = (oldSigning, oldSealing)
            knownOwn = nil
            throw error
        }
    }

    /// Own change sets that the ward holds because they are another branch, or above the cut of a succession.
    private func leftBehind(above cut: UInt64?) throws(StoreError) -> [LogTables.Stored] {
        let own = try tables.deviceNumber(device)
        let statement = try database.prepare(
            """
            SELECT sequence FROM changes WHERE device=?1 AND verdict<>1 AND verdict=2
            AND (code=?2 OR (code=?3 AND sequence>?4)) ORDER BY sequence
            """
        ).bind(1, own).bind(2, Int64(RefusalCode.fork.rawValue)).bind(3, Int64(RefusalCode.revoked.rawValue))
            .bind(4, cut.map { Int64(clamping: $0) } ?? Int64.max)
        return try read(statement, of: own)
    }

    /// Own change sets that another copy sent again already.
    private func replaced() throws(StoreError) -> [LogTables.Stored] {
        let own = try tables.deviceNumber(device)
        let statement = try database.prepare(
            "SELECT sequence FROM changes WHERE device=?1 AND verdict<>1 AND verdict=3 AND code=?2 ORDER BY sequence"
        ).bind(1, own).bind(2, Int64(RefusalCode.replaced.rawValue))
        return try read(statement, of: own)
    }

    private func read(_ statement: Statement, of own: Int64) throws(StoreError) -> [LogTables.Stored] {
        var sequences: [UInt64] = []
        while try statement.step() { sequences.append(UInt64(clamping: statement.integer(0))) }
        statement.reset()
        var found: [LogTables.Stored] = []
        for sequence in sequences {
            if let stored = try tables.change(device: own, sequence: sequence) { found.append(stored) }
        }
        return found
    }

    /// Asks for the histories of documents on which something of a former device counts that no backup has yet.
    private func wantUnbacked(of old: DeviceID) throws(StoreError) {
        guard let number = try tables.knownDeviceNumber(old) else { return }
        try database.prepare(
            """
            INSERT OR IGNORE INTO wanted(document) SELECT d.id FROM changes c JOIN documents d ON d.number=c.document
            WHERE c.device=?1 AND c.verdict=1 AND max(c.position*(c.logged=0),c.logged)>?2
            """
        ).bind(1, number).bind(2, Int64(bitPattern: try tables.number(Key.backedUp) ?? 0)).run()
    }

    private func takeNewKeysInTransaction(
        _ originals: [LogTables.Stored], _ settled: [LogTables.Stored]
    ) throws(ReplicaError) -> KeyRenewal {
        let old = device
        let (signing, sealing) = (signingKey, sealingKey)
        let next = SigningKey.generate(random: random)
        let nextSealing = SealingKey.generate(random: random)
        let statement = SuccessionStatement(
            old: old, new: DeviceID(next.publicKey), sealingKey: nextSealing.publicKey
        ).signed(old: signing, new: next, ward: ward, scheme: scheme)
        signingKey = next
        sealingKey = nextSealing
        try inStore { () throws(StoreError) in
            try tables.setMeta(Key.former(old), signing.seed.bytes + sealing.seed.bytes)
            try tables.setMeta(Key.signing, next.seed.bytes)
            try tables.setMeta(Key.sealing, nextSealing.seed.bytes)
            try tables.setMeta(Key.device, next.publicKey.bytes)
            try tables.setMeta(Key.succession, statement)
            // What the old device said of itself is not for this one to say.
            try tables.removeMeta(Key.successionSaid)
            try noteOthers([old])
            let none = [
                Key.chainSequence, Key.need, Key.unsure, Key.backfill, Key.cursor, Key.succeeded, Key.revoked,
            ]
            for key in none {
                try tables.setNumber(key, 0)
            }
            try tables.setMeta(Key.chainID, [])
            try tables.setMeta(Key.open, [])
            // What the ward told the old device stays its evidence; what that wrote itself is not in it.
            try wantUnbacked(of: old)
        }
        var again = Reissuing(old: old)
        try inStore { () throws(StoreError) in
            for item in settled {
                try setAside(item)
                again.documents[item.document] = item.change.document
            }
        }
        for original in originals { try reissue(original, &again) }
        let renewal = KeyRenewal(seconds: time.nowSeconds(), reissued: again.dots.count, left: again.left)
        try inStore { () throws(StoreError) in
            try tables.setMeta(Key.renewal, renewal.encoded)
            for (number, id) in again.documents {
                try refresh(number, id, accepted: try tables.state(document: number))
            }
        }
        return renewal
    }
}

extension SecretBytes {
    fileprivate var bytes: Bytes { withUnsafeBytes { Bytes($0) } }
}
