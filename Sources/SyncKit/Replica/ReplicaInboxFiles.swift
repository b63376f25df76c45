// Files in the conflict inbox of a device: those that are late.

extension LocalDocuments {
    /// Files of others that accepted change sets named long ago, and of which nobody says that the ward holds them; the
    /// oldest first.
    func lateFiles(addedUpTo latest: Int64, limit: Int) throws(ReplicaError) -> [AttachmentRow] {
        try inStore { () throws(StoreError) in
            try tables.attachments(
                where: """
                    received=0 AND part=1 AND since<=?1 AND EXISTS (SELECT 1 FROM documents d
                    WHERE d.number=attachments.document AND d.hidden=0) AND NOT EXISTS (SELECT 1 FROM contents c
                    WHERE c.root=attachments.root AND c.fetched=0 AND c.missing=0) AND NOT EXISTS (SELECT 1
                    FROM changes c WHERE c.device=attachments.device AND c.sequence=attachments.sequence
                    AND c.verdict<>1)
                    """, limit: limit
            ) { $0.bind(1, latest) }
        }
    }
}
