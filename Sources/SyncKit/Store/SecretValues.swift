// Values of a device's store that are sealed while a passphrase protects it.

extension LogTables {
    /// Where a value stands, as its seal binds it.
    enum Place {
        static let draft = "drafts.body"
        static func meta(_ key: String) -> String { "meta." + key }
        static func disclosure(_ sequence: Int64, _ slot: Int64) -> String { "disclosures.\(sequence).\(slot)" }
    }

    /// A value as it is stored.
    func closed(_ plain: Bytes, at place: String) -> Bytes { database.vault?.seal(plain, at: place) ?? plain }

    /// A stored value as it is.
    /// - Throws: `damaged` where the vault does not open it.
    func opened(_ stored: Bytes, at place: String) throws(StoreError) -> Bytes {
        guard let vault = database.vault else { return stored }
        guard let plain = vault.open(stored, at: place) else { throw StoreError(.damaged, place) }
        return plain
    }

    func secretMeta(_ key: String) throws(StoreError) -> Bytes? {
        guard let stored = try meta(key) else { return nil }
        return try opened(stored, at: Place.meta(key))
    }

    func setSecretMeta(_ key: String, _ value: Bytes) throws(StoreError) {
        try setMeta(key, closed(value, at: Place.meta(key)))
    }

    /// A private value as SQLite stores it: text, or sealed bytes.
    func bindPrivate(_ statement: Statement, _ index: Int32, _ value: String, _ sequence: Int64, _ slot: Int64) {
        if let vault = database.vault {
            _ = statement.bind(index, vault.seal(Bytes(value.utf8), at: Place.disclosure(sequence, slot)))
        } else {
            _ = statement.bind(index, value)
        }
    }
}
