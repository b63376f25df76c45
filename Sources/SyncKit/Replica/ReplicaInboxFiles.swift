// Files in the conflict inbox of a device: those that are late.

/// A file of somebody else's that the ward does not say to hold.
struct LateFile {
    let document: Int64
    let file: Digest
    let length: Int
    let device: DeviceID
    let since: Int64
}

extension LocalDocuments {
    /// Whether this device is of somebody who is told of everything in the areas of a grant.
    func readsItsAreas() throws(ReplicaError) -> Bool {
        try inStore { () throws(StoreError) in
            guard let bytes = try tables.meta(Replica.Key.grant) else { return false }
            return Grant(trusting: bytes)?.role.readsItsAreas ?? false
        }
    }

    /// Files of others that accepted change sets named long ago, and of which nobody says that the ward holds them; the
    /// oldest first.
    func lateFiles(addedUpTo latest: Int64, limit: Int) throws(ReplicaError) -> [LateFile] {
        try inStore { () throws(StoreError) in
            // From the files that wait to their documents, not the other way round: most documents have none.
            let statement = try database.prepare(
                """
                SELECT a.document,a.file,a.length,a.device,a.since FROM attachments a INDEXED BY attachments_waiting
                CROSS JOIN documents d ON d.number=a.document WHERE a.received=0 AND a.part=1 AND a.since<=?1 AND d.hidden=0
                AND NOT EXISTS(SELECT 1 FROM contents c WHERE c.root=a.root AND c.fetched=0 AND c.missing=0)
                AND NOT EXISTS(SELECT 1 FROM changes c WHERE c.device=a.device AND c.sequence=a.sequence
                AND c.verdict<>1) ORDER BY a.since,a.document,a.file LIMIT ?2
                """
            ).bind(1, latest).bind(2, Int64(limit))
            var rows: [(document: Int64, file: Digest, length: Int, device: Int64, since: Int64)] = []
            while try statement.step() {
                guard let file = statement.digest(1) else { continue }
                rows.append(
                    (
                        statement.integer(0), file, Int(clamping: statement.integer(2)), statement.integer(3),
                        statement.integer(4)
                    ))
            }
            statement.reset()
            var found: [LateFile] = []
            for row in rows {
                guard let device = try tables.device(row.device) else { continue }
                found.append(
                    LateFile(
                        document: row.document, file: row.file, length: row.length, device: device, since: row.since))
            }
            return found
        }
    }
}
