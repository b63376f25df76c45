// The tables that only a ward's server has.

/// Invitations, the dossier registry and who guessed at it, what is known of codes, views and follows, and roots of the log's tree.
package enum WardTables {
    /// Which documents somebody still works on, as `DocumentState.isUnfinished` says; an index repeats it word for word.
    static let openCondition = "((kind=1 AND status IN (1,2,3,4,5,9)) OR (kind=2 AND status IN (1,2,3)))"

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
            CREATE TABLE IF NOT EXISTS wrong_secrets(document BLOB PRIMARY KEY, code TEXT NOT NULL,
                device INTEGER NOT NULL, time INTEGER NOT NULL) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS wrong_secrets_code ON wrong_secrets(code, time);
            CREATE INDEX IF NOT EXISTS wrong_secrets_device ON wrong_secrets(device, time);
            CREATE INDEX IF NOT EXISTS wrong_secrets_time ON wrong_secrets(time);
            CREATE TABLE IF NOT EXISTS codes(kind INTEGER NOT NULL, hash BLOB NOT NULL, report BLOB NOT NULL,
                PRIMARY KEY(kind, hash)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS views(report BLOB NOT NULL, kind INTEGER NOT NULL, view BLOB NOT NULL,
                PRIMARY KEY(report, kind)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS follows(follow BLOB PRIMARY KEY, hash BLOB NOT NULL, device INTEGER NOT NULL,
                time INTEGER NOT NULL, standing INTEGER NOT NULL) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS follows_hash ON follows(hash, standing);
            CREATE INDEX IF NOT EXISTS follows_device ON follows(device, standing, time);
            CREATE TABLE IF NOT EXISTS follow_views(document INTEGER NOT NULL, position INTEGER NOT NULL,
                views TEXT NOT NULL, PRIMARY KEY(document, position)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS attested(device BLOB NOT NULL, sequence INTEGER NOT NULL, id BLOB NOT NULL,
                position INTEGER NOT NULL, effective INTEGER NOT NULL, outcomes BLOB NOT NULL, code INTEGER NOT NULL,
                PRIMARY KEY(device, sequence, id)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS attested_receipts(device BLOB NOT NULL, last BLOB NOT NULL,
                position INTEGER NOT NULL, run BLOB NOT NULL, next_sequence INTEGER NOT NULL, next_id BLOB NOT NULL,
                PRIMARY KEY(device, last, position)) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS attested_receipts_next ON attested_receipts(device, next_sequence);
            CREATE TABLE IF NOT EXISTS attested_stretches(device BLOB NOT NULL, track INTEGER NOT NULL,
                first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY(device, track, first)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS attested_revocations(device BLOB PRIMARY KEY, time INTEGER NOT NULL,
                last INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS revocation_times(position INTEGER PRIMARY KEY, time INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS attested_marks(position INTEGER PRIMARY KEY, root INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS attested_epochs(epoch INTEGER PRIMARY KEY, ended INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS parallels(document INTEGER PRIMARY KEY);
            CREATE TABLE IF NOT EXISTS contacts(device INTEGER PRIMARY KEY, seen INTEGER NOT NULL,
                skew INTEGER NOT NULL, chain INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS wrong_clocks(device INTEGER PRIMARY KEY, since INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS problems(source TEXT NOT NULL, subject TEXT NOT NULL, time INTEGER NOT NULL,
                count INTEGER NOT NULL, detail TEXT NOT NULL, PRIMARY KEY(source, subject)) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS documents_conflicts ON documents(number) WHERE (flags & 1)=1;
            CREATE INDEX IF NOT EXISTS documents_open ON documents(number) WHERE \(openCondition);
            CREATE TABLE IF NOT EXISTS trees(size INTEGER PRIMARY KEY, tree BLOB NOT NULL);
            CREATE INDEX IF NOT EXISTS changes_held ON changes(device,sequence) WHERE verdict=2;
            CREATE INDEX IF NOT EXISTS changes_refused ON changes(device,sequence) WHERE verdict=3;
            """)
    }
}
