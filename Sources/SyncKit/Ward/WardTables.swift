// The tables that only a ward's server has.

/// Invitations, the dossier registry, and roots of the log's tree.
package enum WardTables {
    /// Makes the server's own tables where they are missing.
    package static func prepare(_ database: Database) throws(StoreError) {
        try StoreSchema.prepare(database) { () throws(StoreError) in
            // The derived tables are filled from the log when the ward is opened.
            try LogTables(database).setNumber("flushed", 0)
        }
        try database.run(
            """
            CREATE TABLE IF NOT EXISTS invitations(id TEXT PRIMARY KEY, secret BLOB NOT NULL, role INTEGER NOT NULL,
                areas TEXT NOT NULL, name TEXT NOT NULL, expires INTEGER NOT NULL, valid INTEGER NOT NULL,
                attempts INTEGER NOT NULL DEFAULT 0, device BLOB) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS dossiers(code TEXT PRIMARY KEY, secret BLOB NOT NULL, status INTEGER NOT NULL,
                step TEXT NOT NULL, agency TEXT NOT NULL, received TEXT NOT NULL, due TEXT NOT NULL,
                missing TEXT NOT NULL, as_of INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS trees(size INTEGER PRIMARY KEY, tree BLOB NOT NULL);
            CREATE INDEX IF NOT EXISTS changes_held ON changes(device,sequence) WHERE verdict=2;
            CREATE INDEX IF NOT EXISTS changes_refused ON changes(device,sequence) WHERE verdict=3;
            """)
    }
}
