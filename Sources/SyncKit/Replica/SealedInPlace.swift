// Stores of before: a passphrase sealed their secrets where they stood, and left the rest in the clear.

/// Opens such a store into one that is sealed as a whole (`docs/decisions/2026-11-30-a-store-is-sealed-as-a-whole.md`).
package enum SealedInPlace {
    private static let key = "vault"

    /// The lock of such a store, and one of its secrets.
    package struct Lock: Sendable {
        package let lock: PassphraseLock
        fileprivate let secret: Bytes

        /// Whether a vault is the one that the store's secrets are sealed with.
        package func fits(_ vault: Vault) -> Bool { vault.open(secret, at: "meta." + Replica.Key.signing) != nil }
    }

    /// The lock of a store whose secrets are sealed in place; `nil` for every other one.
    package static func lock(_ database: Database) throws(StoreError) -> Lock? {
        guard try database.integer("PRAGMA application_id") == Database.applicationID,
            let bytes = try LogTables(database).meta(key),
            let secret = try LogTables(database).meta(Replica.Key.signing)
        else { return nil }
        do { return Lock(lock: try PassphraseLock(decoding: bytes), secret: secret) } catch {
            throw StoreError(.damaged, "passphrase parameters")
        }
    }

    /// Refuses a store that has to be opened first.
    static func check(_ database: Database) throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            if try LogTables(database).meta(key) != nil { throw StoreError(.locked) }
        }
    }

    /// Opens every secret, in one transaction: for a store that is sealed as a whole by now.
    package static func open(_ database: Database, with vault: Vault) throws(StoreError) {
        let tables = LogTables(database)
        func opened(_ sealed: Bytes, _ place: String) throws(StoreError) -> Bytes {
            guard let plain = vault.open(sealed, at: place) else { throw StoreError(.damaged, place) }
            return plain
        }
        try database.transaction { () throws(StoreError) in
            for name in try Replica.secretKeys(database) {
                guard let sealed = try tables.meta(name) else { continue }
                try tables.setMeta(name, opened(sealed, "meta." + name))
            }
            let drafts = try rows(database, "SELECT number,body FROM drafts") { ($0.integer(0), $0.bytes(1)) }
            for (number, body) in drafts {
                try database.prepare("UPDATE drafts SET body=?2 WHERE number=?1").bind(1, number)
                    .bind(2, opened(body, "drafts.body")).run()
            }
            let values = try rows(database, "SELECT device,sequence,slot,value FROM disclosures") {
                ($0.integer(0), $0.integer(1), $0.integer(2), $0.bytes(3))
            }
            for (device, sequence, slot, value) in values {
                let plain = try opened(value, "disclosures.\(sequence).\(slot)")
                try database.prepare("UPDATE disclosures SET value=?4 WHERE device=?1 AND sequence=?2 AND slot=?3")
                    .bind(1, device).bind(2, sequence).bind(3, slot)
                    .bind(4, String(decoding: plain, as: UTF8.self)).run()
            }
            try tables.removeMeta(key)
        }
    }

    private static func rows<Row>(
        _ database: Database, _ sql: String, _ read: (Statement) -> Row
    ) throws(StoreError) -> [Row] {
        let statement = try database.prepare(sql)
        defer { statement.reset() }
        var rows: [Row] = []
        while try statement.step() { rows.append(read(statement)) }
        return rows
    }
}

extension Replica {
    /// The names in `meta` of keys and codes.
    static func secretKeys(_ database: Database) throws(StoreError) -> [String] {
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

    /// Overwrites the keys: what is left of the store opens nothing any more.
    package static func destroyKeys(in database: Database) throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            try database.run("PRAGMA secure_delete=ON")
            try database.transaction { () throws(StoreError) in
                for key in try secretKeys(database) { try LogTables(database).removeMeta(key) }
                try database.run("DELETE FROM drafts")
                try database.run("DELETE FROM disclosures")
            }
            try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }
}
