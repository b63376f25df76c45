// After a restore: the epochs of the log, and which positions devices may still name.

extension WardCore {
    private static let epochsKey = "epochs"
    /// A checkpoint that the ward signed and its log does not go on from.
    private static let newerKey = "newer"

    /// Notes in a restored store that the log goes on under another epoch, before the ward is opened with its new
    /// device.
    package static func begin(_ statement: Bytes, in database: Database) throws(StoreError) {
        let tables = LogTables(database)
        var writer = CBORWriter()
        let known = try signedEpochs(tables)
        writer.arrayHeader(count: known.count + 1)
        for bytes in known + [statement] { writer.byteString(bytes) }
        try database.transaction { () throws(StoreError) in
            try tables.setMeta(epochsKey, writer.bytes)
            try tables.setMeta(newerKey, [])
        }
    }

    static func signedEpochs(_ tables: LogTables) throws(StoreError) -> [Bytes] {
        guard let stored = try tables.meta(epochsKey) else { return [] }
        var reader = CBORReader(stored)
        var found: [Bytes] = []
        do {
            for _ in 0..<(try reader.arrayHeader(max: 1000)) { found.append(try reader.byteString(max: 512)) }
        } catch { throw StoreError(.damaged, "epochs") }
        return found
    }

    func loadEpochs() throws(StoreError) {
        for bytes in try Self.signedEpochs(tables) {
            guard let statement = EpochStatement(verifying: bytes, ward: ward, rootKey: keys.root, scheme: scheme),
                epochs.append(statement, signed: bytes)
            else { throw StoreError(.damaged, "epoch statement") }
        }
    }

    /// The ward's devices of earlier epochs sign no more; within a transaction.
    func retireOldDevices() throws(StoreError) {
        for (device, records) in grants where device != keys.deviceID {
            guard let last = records.last, last.grant.role == .ward, last.revokedAfter == nil else { continue }
            try append(.revoke(device, lastSequence: try chain(device).head.sequence), document: 0)
        }
    }

    /// Whether the device stands in an epoch of which more was lost than it knows.
    func checkPosition(_ request: SyncRequest) throws(SyncRefusal) {
        for position in [request.position, request.scope, request.backfill, request.proofs?.known ?? .start] {
            if let next = epochs.next(after: position) { throw SyncRefusal(restored: next.signed) }
        }
    }

    /// Whether a seen mark is one of this log: the root is the one that stands there, or stood there in an epoch of
    /// which the ward was shown its own signature.
    func isInLog(_ mark: SeenMark) throws(StoreError) -> Bool {
        let index = mark.position.index
        if index <= tree.size, place(index) == mark.position { return try root(at: index) == mark.root }
        guard epochs.next(after: mark.position) != nil else { return false }
        let statement = try database.prepare("SELECT root FROM attested_marks WHERE position=?1")
            .bind(1, Int64(bitPattern: mark.position.rawValue))
        defer { statement.reset() }
        return try statement.step() && UInt64(bitPattern: statement.integer(0)) == mark.root
    }
}

extension WardCore {
    /// Remembers that the ward signed what its log does not hold, where a device shows it just that: the store is an
    /// older copy, or the log went on from one. From then on nobody is answered (`WardService.checkStore`), until the
    /// ward is restored under a new epoch.
    func take(_ checkpoint: Checkpoint, signed bytes: Bytes) throws(StoreError) {
        guard try isMissing(checkpoint), newer.map({ $0.position < checkpoint.position }) ?? true else { return }
        try database.transaction { () throws(StoreError) in try tables.setMeta(Self.newerKey, bytes) }
        newer = checkpoint
    }

    func loadNewer() throws(StoreError) {
        guard let bytes = try tables.meta(Self.newerKey), !bytes.isEmpty else { return }
        newer = Checkpoint(verifying: bytes, ward: ward, keys: keys.trustedSigningKeys, scheme: scheme)
    }

    /// Whether the ward signed a head that its log never had, and no restore says that it was lost.
    private func isMissing(_ checkpoint: Checkpoint) throws(StoreError) -> Bool {
        let position = checkpoint.position
        if epochs.next(after: position) != nil { return false }
        if position > end || place(position.index) != position { return true }
        return try root(at: position.index) != checkpoint.root.prefix8
    }
}

extension WardCore {
    private static let backedUpKey = "backed.up"

    func loadBackedUp() throws(StoreError) {
        backedUp = Position(rawValue: try tables.number(Self.backedUpKey) ?? 0)
    }

    /// Begins a consistent copy of the store; what is written meanwhile is in it too.
    package func beginCopy(to path: String) throws(StoreError) -> DatabaseCopy { try database.beginCopy(to: path) }

    /// A backup that holds the log up to here is where it should be: devices may forget what proves that part.
    package func noteBackup(upTo index: UInt64) throws(StoreError) {
        guard index <= tree.size else { return }
        let position = place(index)
        guard position > backedUp else { return }
        try database.transaction { () throws(StoreError) in
            try tables.setNumber(Self.backedUpKey, position.rawValue)
        }
        backedUp = position
    }
}
