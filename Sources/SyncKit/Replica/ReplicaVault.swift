// Protecting a device's store with a passphrase: keys, private values and drafts are sealed in place.

/// Where a store stands with its passphrase.
package enum StoreProtection: Sendable, Equatable {
    case open
    case sealed(PassphraseLock)

    package init(_ database: Database) throws(ReplicaError) {
        let bytes = try inStore { () throws(StoreError) in try LogTables(database).meta(Replica.Key.vault) }
        guard let bytes else {
            self = .open
            return
        }
        guard let lock = try? PassphraseLock(decoding: bytes) else {
            throw ReplicaError(.store(StoreError(.damaged, "passphrase parameters")))
        }
        self = .sealed(lock)
    }

    /// Whether a vault is the one that the store's secrets are sealed with.
    package static func fits(_ vault: Vault, _ database: Database) -> Bool {
        guard let stored = try? LogTables(database).meta(Replica.Key.signing) else { return false }
        return vault.open(stored, at: LogTables.Place.meta(Replica.Key.signing)) != nil
    }

    /// Refuses a store whose vault is closed.
    static func check(_ database: Database) throws(ReplicaError) {
        guard database.vault == nil else { return }
        if case .sealed = try StoreProtection(database) { throw ReplicaError(.locked) }
    }
}

extension Replica {
    /// Seals every secret with another vault, or with none; returns when nothing of the old form is left in the file.
    package func reseal(with vault: Vault?, lock: PassphraseLock?) throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            // What is replaced is overwritten in the file.
            try database.run("PRAGMA secure_delete=ON")
            let old = database.vault
            do throws(StoreError) {
                try database.transaction { () throws(StoreError) in
                    let values = try allSecrets()
                    database.vault = vault
                    try store(values)
                    if let lock {
                        try tables.setMeta(Key.vault, lock.encoded)
                    } else {
                        try tables.removeMeta(Key.vault)
                    }
                    try tables.setMeta(Key.scrub, [1])
                }
            } catch {
                database.vault = old
                throw error
            }
            try scrub()
        }
    }

    /// Keeps another lock of the same vault.
    package func keepLock(_ lock: PassphraseLock) throws(ReplicaError) {
        try inStore { () throws(StoreError) in try tables.setMeta(Key.vault, lock.encoded) }
    }

    /// Finishes what an interrupted `reseal` left: pages that were free before are written anew, and the write-ahead
    /// log is emptied.
    func scrub() throws(StoreError) {
        try database.run("PRAGMA secure_delete=ON")
        try database.run("PRAGMA temp_store=MEMORY")
        try database.run("VACUUM")
        try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
        try tables.removeMeta(Key.scrub)
    }

    /// Overwrites the keys, whether the vault is open or not: what is left of the store opens nothing any more.
    package static func destroyKeys(in database: Database) throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            try database.run("PRAGMA secure_delete=ON")
            try database.transaction { () throws(StoreError) in
                for key in try secretKeys(database) + [Key.vault] {
                    try LogTables(database).removeMeta(key)
                }
                try database.run("DELETE FROM drafts")
                try database.run("DELETE FROM disclosures")
            }
            try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }

    // MARK: Every secret

    private struct Secrets {
        var meta: [(key: String, value: Bytes)] = []
        var drafts: [(number: Int64, body: Bytes)] = []
        var disclosures: [(device: Int64, sequence: Int64, slot: Int64, value: String)] = []
    }

    /// The names in `meta` of keys and codes.
    private static func secretKeys(_ database: Database) throws(StoreError) -> [String] {
        var keys = [Key.signing, Key.sealing]
        let statement = try database.prepare(
            """
            SELECT key FROM meta WHERE (key>='reply.' AND key<'reply/') OR (key>='code.' AND key<'code/')
            OR (key>='former.' AND key<'former/')
            """)
        defer { statement.reset() }
        while try statement.step() { keys.append(statement.text(0)) }
        return keys
    }

    private func allSecrets() throws(StoreError) -> Secrets {
        var secrets = Secrets()
        for key in try Self.secretKeys(database) {
            if let value = try tables.secretMeta(key) { secrets.meta.append((key, value)) }
        }
        let drafts = try database.prepare("SELECT number,body FROM drafts")
        defer { drafts.reset() }
        while try drafts.step() {
            secrets.drafts.append((drafts.integer(0), try tables.opened(drafts.bytes(1), at: LogTables.Place.draft)))
        }
        let rows = try database.prepare("SELECT device,sequence,slot,value FROM disclosures")
        defer { rows.reset() }
        while try rows.step() {
            let (sequence, slot) = (rows.integer(1), rows.integer(2))
            let value = try tables.opened(rows.bytes(3), at: LogTables.Place.disclosure(sequence, slot))
            secrets.disclosures.append((rows.integer(0), sequence, slot, String(decoding: value, as: UTF8.self)))
        }
        return secrets
    }

    private func store(_ secrets: Secrets) throws(StoreError) {
        for (key, value) in secrets.meta { try tables.setSecretMeta(key, value) }
        for (number, body) in secrets.drafts {
            try database.prepare("UPDATE drafts SET body=?2 WHERE number=?1").bind(1, number)
                .bind(2, tables.closed(body, at: LogTables.Place.draft)).run()
        }
        for item in secrets.disclosures {
            let statement = try database.prepare(
                "UPDATE disclosures SET value=?4 WHERE device=?1 AND sequence=?2 AND slot=?3")
            _ = statement.bind(1, item.device).bind(2, item.sequence).bind(3, item.slot)
            tables.bindPrivate(statement, 4, item.value, item.sequence, item.slot)
            try statement.run()
        }
    }
}
