// The tables of a store, and the numbered steps from one version to the next.

/// The tables that every store has. `devices`, `changes`, `entries` and `bases` are the truth; everything else is derived
/// from them and can be dropped and rebuilt (`docs/architecture.md`, "Store").
package enum StoreSchema {
    /// The version that this program writes.
    package static let version: Int64 = 9

    /// Makes the tables, or brings them up to this version.
    /// - Parameter rebuilding: fills the derived tables of an older store, in the same transaction.
    package static func prepare(_ database: Database, rebuilding: () throws(StoreError) -> Void) throws(StoreError) {
        let found = try database.integer("PRAGMA user_version") ?? 0
        guard found <= version else { throw StoreError(.newerVersion, "version \(found)") }
        let application = try database.integer("PRAGMA application_id") ?? 0
        let isEmpty = try database.integer("SELECT count(*) FROM sqlite_master") == 0
        if application != Database.applicationID {
            guard application == 0, isEmpty else { throw StoreError(.notAStore) }
        }
        guard found < version else { return }
        try database.transaction { () throws(StoreError) in
            for step in steps.dropFirst(Int(found)) { try database.run(step) }
            if found > 0 {
                for table in derivedTables { try database.run("DROP TABLE IF EXISTS \(table)") }
            }
            try database.run(derived)
            if found > 0 { try rebuilding() }
            try database.run("PRAGMA application_id=\(Database.applicationID)")
            try database.run("PRAGMA user_version=\(version)")
        }
    }

    /// Checks a store that is only read.
    /// - Returns: whether an older version wrote it, so that it has to be brought up first.
    @discardableResult
    package static func check(_ database: Database) throws(StoreError) -> Bool {
        guard try database.integer("PRAGMA application_id") == Database.applicationID else {
            throw StoreError(.notAStore)
        }
        let found = try database.integer("PRAGMA user_version") ?? 0
        guard found <= version else { throw StoreError(.newerVersion, "version \(found)") }
        return found < version
    }

    /// One text for each version, in order.
    private static let steps = [
        """
        CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
        CREATE TABLE devices(number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, role INTEGER NOT NULL DEFAULT 0,
            name TEXT NOT NULL DEFAULT '', areas TEXT NOT NULL DEFAULT '', sealing BLOB);
        CREATE TABLE changes(device INTEGER NOT NULL, sequence INTEGER NOT NULL, id BLOB NOT NULL,
            document INTEGER NOT NULL, verdict INTEGER NOT NULL, position INTEGER NOT NULL DEFAULT 0,
            effective INTEGER NOT NULL DEFAULT 0, code INTEGER NOT NULL DEFAULT 0, outcomes BLOB, body BLOB NOT NULL,
            PRIMARY KEY(device, sequence)) WITHOUT ROWID;
        CREATE TABLE forks(id BLOB PRIMARY KEY, device INTEGER NOT NULL, sequence INTEGER NOT NULL, body BLOB NOT NULL)
            WITHOUT ROWID;
        CREATE TABLE entries(position INTEGER PRIMARY KEY, document INTEGER NOT NULL DEFAULT 0, bytes BLOB NOT NULL);
        CREATE TABLE disclosures(device INTEGER NOT NULL, sequence INTEGER NOT NULL, slot INTEGER NOT NULL,
            value TEXT NOT NULL, PRIMARY KEY(device, sequence, slot)) WITHOUT ROWID;
        """,
        """
        CREATE TABLE drafts(number INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, made INTEGER NOT NULL,
            changed INTEGER NOT NULL, body BLOB NOT NULL);
        """,
        // Only derived tables changed, which every step makes anew.
        "",
        // What a device oversees: what the ward holds or refused of others, and everybody's grants.
        """
        CREATE TABLE IF NOT EXISTS quarantine(id BLOB PRIMARY KEY, position INTEGER NOT NULL, time INTEGER NOT NULL,
            code INTEGER NOT NULL, held INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS quarantine_held ON quarantine(held, position);
        CREATE TABLE IF NOT EXISTS grants(device BLOB PRIMARY KEY, position INTEGER NOT NULL, body BLOB NOT NULL, revoked INTEGER)
            WITHOUT ROWID;
        """,
        // The flag for edits side by side, and its index.
        "",
        // The entry that says so, where its place in the order is an older one; 0 where they are the same.
        "ALTER TABLE changes ADD COLUMN logged INTEGER NOT NULL DEFAULT 0;",
        // The content of files, in pieces of 32 KiB; `leaves` has a bit for each leaf that is held. Bundles that are carried
        // by hand: their parts, and on a device the requests that went out in one: a few thousand rows at most, which
        // need no indexes.
        """
        CREATE TABLE IF NOT EXISTS contents(number INTEGER PRIMARY KEY, root BLOB NOT NULL UNIQUE, length INTEGER NOT NULL,
            missing INTEGER NOT NULL, wanted INTEGER NOT NULL DEFAULT 0, fetched INTEGER NOT NULL DEFAULT 1,
            need BLOB, leaves BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS content_pieces(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS bundles(id BLOB PRIMARY KEY, kind INTEGER NOT NULL, state INTEGER NOT NULL, count INTEGER NOT NULL,
            total INTEGER NOT NULL, answers BLOB NOT NULL, mark INTEGER NOT NULL, changed INTEGER NOT NULL,
            code INTEGER NOT NULL DEFAULT 0, device BLOB, position INTEGER NOT NULL DEFAULT 0,
            scope INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS bundle_parts(number INTEGER PRIMARY KEY, bundle BLOB NOT NULL, part INTEGER NOT NULL,
            bytes BLOB NOT NULL, UNIQUE(bundle, part));
        CREATE TABLE IF NOT EXISTS bundle_requests(bundle BLOB PRIMARY KEY, made INTEGER NOT NULL, changes INTEGER NOT NULL,
            state INTEGER NOT NULL DEFAULT 0, body BLOB NOT NULL) WITHOUT ROWID;
        """,
        // What arrived of parts of bundles whose way broke, in pieces as they came; and on a device, whether handing a
        // bundle over began.
        """
        CREATE TABLE part_beginnings(number INTEGER PRIMARY KEY, bundle BLOB NOT NULL, part INTEGER NOT NULL,
            count INTEGER NOT NULL, length INTEGER NOT NULL, held INTEGER NOT NULL, origin INTEGER,
            changed INTEGER NOT NULL, UNIQUE(bundle, part));
        CREATE TABLE part_pieces(number INTEGER PRIMARY KEY, beginning INTEGER NOT NULL, start INTEGER NOT NULL,
            bytes BLOB NOT NULL, UNIQUE(beginning, start));
        ALTER TABLE bundles ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
        """,
        // States that stand in place of histories, and the documents whose histories are to be fetched.
        """
        CREATE TABLE IF NOT EXISTS bases(number INTEGER PRIMARY KEY, document BLOB NOT NULL UNIQUE, as_of INTEGER NOT NULL,
            state BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS wanted(document BLOB PRIMARY KEY) WITHOUT ROWID;
        """,
        // Documents that leave a device's scope with the frame that names the new one.
        """
        CREATE TABLE IF NOT EXISTS leaving(id BLOB PRIMARY KEY) WITHOUT ROWID;
        """,
    ]

    /// The tables that are derived from the log. A document's state stands last in its row: whatever comes after a long
    /// value costs a walk over its pages.
    package static let derived = """
        CREATE TABLE documents(number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, kind INTEGER NOT NULL,
            creator INTEGER NOT NULL, sequence INTEGER NOT NULL, position INTEGER NOT NULL DEFAULT 0,
            hidden INTEGER NOT NULL DEFAULT 0, pending INTEGER NOT NULL DEFAULT 0, flags INTEGER NOT NULL DEFAULT 0,
            status INTEGER NOT NULL DEFAULT 0, area TEXT NOT NULL DEFAULT '', sort INTEGER NOT NULL DEFAULT 0,
            updated INTEGER NOT NULL DEFAULT 0, title TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT '',
            holder INTEGER NOT NULL DEFAULT 0, state BLOB);
        CREATE INDEX documents_listing ON documents(kind, hidden, sort, number);
        CREATE INDEX documents_asked ON documents(updated) WHERE kind=3 AND status IN (1,3);
        CREATE TABLE reports(document INTEGER PRIMARY KEY, category TEXT NOT NULL, latitude INTEGER,
            longitude INTEGER, filed INTEGER NOT NULL, urgency TEXT NOT NULL, agency TEXT NOT NULL, due INTEGER,
            due_set INTEGER, steps TEXT NOT NULL, needs INTEGER NOT NULL, since INTEGER NOT NULL,
            handler INTEGER NOT NULL, original BLOB, waiting INTEGER NOT NULL);
        CREATE INDEX reports_near ON reports(category, latitude, longitude, filed) WHERE latitude IS NOT NULL;
        CREATE INDEX reports_waiting ON reports(document) WHERE waiting=1;
        CREATE INDEX reports_original ON reports(original) WHERE original IS NOT NULL;
        CREATE TABLE document_changes(document INTEGER NOT NULL, device INTEGER NOT NULL, sequence INTEGER NOT NULL,
            PRIMARY KEY(document, device, sequence)) WITHOUT ROWID;
        CREATE TABLE document_areas(document INTEGER NOT NULL, position INTEGER NOT NULL, areas TEXT NOT NULL,
            PRIMARY KEY(document, position)) WITHOUT ROWID;
        CREATE TABLE attachments(document INTEGER NOT NULL, root BLOB NOT NULL, length INTEGER NOT NULL,
            part INTEGER NOT NULL, file BLOB NOT NULL, media INTEGER NOT NULL, device INTEGER NOT NULL,
            sequence INTEGER NOT NULL, since INTEGER NOT NULL, received INTEGER NOT NULL, held INTEGER NOT NULL,
            PRIMARY KEY(document, root)) WITHOUT ROWID;
        CREATE INDEX attachments_root ON attachments(root);
        CREATE INDEX attachments_owned ON attachments(device, since);
        CREATE INDEX attachments_lacking ON attachments(device) WHERE held=0;
        CREATE INDEX attachments_waiting ON attachments(device) WHERE received=0;
        CREATE INDEX attachments_unsaid ON attachments(document) WHERE received=0 AND held=1 AND part=1;
        CREATE VIRTUAL TABLE search USING fts5(title, body, kind, prefix='2 3',
            tokenize='unicode61 remove_diacritics 2');
        """

    /// What a device's own store is searched by beside its lists: its person's tasks, what is due, what waits, what
    /// conflicts, what the device filed. Queries repeat an index's condition word for word, or it is not used.
    ///
    /// `document_counts` says how many documents there are of each sort; `state_sums` holds what state hashes are made
    /// of (`StateSum`). Both are kept by `Replica.keepingTallies`: triggers would make every write a savepoint, at which
    /// the full-text index writes out what it collected.
    package static let replicaIndexes = """
        CREATE INDEX IF NOT EXISTS documents_own ON documents(sort) WHERE (flags & 24)<>0;
        CREATE INDEX IF NOT EXISTS documents_tasks ON documents(status, holder, sort, area)
            WHERE kind=2 AND hidden=0;
        CREATE INDEX IF NOT EXISTS documents_finished ON documents(updated)
            WHERE kind=2 AND hidden=0 AND status IN (3,4);
        CREATE INDEX IF NOT EXISTS documents_states ON documents(kind, status, area, sort, hidden, position)
            WHERE kind<4 AND hidden=0;
        CREATE INDEX IF NOT EXISTS documents_queued ON documents(kind, sort) WHERE position=0 AND hidden=0;
        CREATE INDEX IF NOT EXISTS documents_pending ON documents(updated) WHERE pending>0;
        CREATE INDEX IF NOT EXISTS documents_filed ON documents(creator, kind, updated) WHERE kind<4 AND hidden=0;
        CREATE INDEX IF NOT EXISTS documents_conflicts ON documents(updated) WHERE (flags & 1)=1;
        CREATE INDEX IF NOT EXISTS documents_parallel ON documents(updated) WHERE (flags & 128)=128;
        CREATE TABLE IF NOT EXISTS evidence(number INTEGER PRIMARY KEY, position INTEGER NOT NULL,
            due INTEGER NOT NULL DEFAULT 0, box BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS evidence_due ON evidence(number) WHERE due=1;
        CREATE TABLE IF NOT EXISTS unconfirmed(id BLOB PRIMARY KEY) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS changes_waiting ON changes(device, sequence) WHERE verdict<>1;
        CREATE TABLE IF NOT EXISTS document_counts(kind INTEGER NOT NULL, status INTEGER NOT NULL,
            queued INTEGER NOT NULL, area TEXT NOT NULL, count INTEGER NOT NULL,
            PRIMARY KEY(kind, status, queued, area)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS search_words(word TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS decisions(document INTEGER NOT NULL, device INTEGER NOT NULL,
            sequence INTEGER NOT NULL, time INTEGER NOT NULL, PRIMARY KEY(document, device, sequence)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS decisions_time ON decisions(time);
        CREATE TABLE IF NOT EXISTS state_sums(scope TEXT PRIMARY KEY, sum BLOB NOT NULL, count INTEGER NOT NULL)
            WITHOUT ROWID;
        """

    /// The names of the derived tables, for a rebuild.
    package static let derivedTables = [
        "documents", "reports", "document_changes", "document_areas", "attachments", "search", "search_words",
        "document_counts", "state_sums", "decisions",
    ]
}

/// What the store knows of a change set. The raw value stands in the table.
package enum StoredVerdict: Int64, Sendable {
    case pending = 0
    case accepted = 1
    case held = 2
    case refused = 3
}
