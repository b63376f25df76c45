// What can be read from a device's store, with or without the keys to act.

/// A store of a device that is read: by the replica itself, and by readers that take the store at its word.
package protocol LocalDocuments {
    var database: Database { get }
    var tables: LogTables { get }
    /// What the ward granted the device; `nil` for a resident's.
    func grant() throws(ReplicaError) -> Grant?
}

extension LocalDocuments {
    /// As it was verified when it arrived.
    package func grant() throws(ReplicaError) -> Grant? {
        try inStore { () throws(StoreError) in try tables.meta(Replica.Key.grant) }.flatMap { Grant(trusting: $0) }
    }

    func number(_ key: String) throws(ReplicaError) -> UInt64 {
        try inStore { () throws(StoreError) in try tables.number(key) ?? 0 }
    }

    /// The plain value of a private field, where this device wrote it or the ward disclosed it.
    package func disclosed(_ entry: Entry, _ slot: Slot) throws(ReplicaError) -> String? {
        try disclosed(entry.dot, slot)
    }

    /// The plain value that a change set sealed.
    func disclosed(_ dot: Dot, _ slot: Slot) throws(ReplicaError) -> String? {
        try inStore { () throws(StoreError) in
            guard let device = try tables.knownDeviceNumber(dot.device) else { return nil }
            let statement = try database.prepare(
                "SELECT value FROM disclosures WHERE device=?1 AND sequence=?2 AND slot=?3"
            ).bind(1, device).bind(2, Int64(clamping: dot.sequence)).bind(3, Int64(bitPattern: slot.rawValue))
            defer { statement.reset() }
            guard try statement.step() else { return nil }
            return statement.text(0)
        }
    }

    /// How many of the device's change sets wait for a receipt.
    package func pendingCount() throws(ReplicaError) -> Int {
        try inStore { () throws(StoreError) in
            Int(try database.integer("SELECT count(*) FROM changes WHERE verdict<>1 AND verdict=0") ?? 0)
        }
    }

    /// The look-up code of a report that this device filed; `nil` for any other.
    package func lookupCode(of document: Digest) throws(ReplicaError) -> LookupCode? {
        let bytes = try inStore { () throws(StoreError) in try tables.meta(Replica.Key.code(document)) }
        return bytes.flatMap { LookupCode(parsing: String(decoding: $0, as: UTF8.self)) }
    }

    /// When the last sync ended, by the ward's clock in seconds since 1970; `nil` before the first.
    package func lastSync() throws(ReplicaError) -> Int64? {
        let seconds = try number(Replica.Key.lastSync)
        return seconds == 0 ? nil : Int64(clamping: seconds)
    }

    /// The device's clock minus the ward's at the last sync, in seconds.
    package func clockSkewSeconds() throws(ReplicaError) -> Int64 {
        Int64(bitPattern: try number(Replica.Key.skew))
    }

    /// What has been applied of the ward log.
    package func position() throws(ReplicaError) -> Position {
        Position(rawValue: try number(Replica.Key.position))
    }

    /// Whether the ward revoked this device.
    package func isRevoked() throws(ReplicaError) -> Bool { try number(Replica.Key.revoked) != 0 }
}
