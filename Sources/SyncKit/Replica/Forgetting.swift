// Documents that leave a device: what goes, and what stays of the device's own.

extension Replica {
    /// Drops a document that left the scope. The device's own change sets stay: they are its chain, and part of the
    /// document again when it comes back.
    func forget(_ id: Digest) throws(StoreError) {
        guard let number = try tables.documentNumber(id) else { return }
        let own = try tables.deviceNumber(device)
        try dropAttachments(of: number)
        try dropBase(of: id, own: own)
        // Private values first: which are the document's is known from its change sets.
        try database.prepare(
            """
            DELETE FROM disclosures WHERE device<>?2 AND EXISTS (SELECT 1 FROM document_changes d
            WHERE d.document=?1 AND d.device=disclosures.device AND d.sequence=disclosures.sequence)
            """
        ).bind(1, number).bind(2, own).run()
        try database.prepare(
            """
            DELETE FROM changes WHERE device<>?2 AND EXISTS (SELECT 1 FROM document_changes d
            WHERE d.document=?1 AND d.device=changes.device AND d.sequence=changes.sequence)
            AND NOT EXISTS (SELECT 1 FROM attachments a
            WHERE a.document=?1 AND a.device=changes.device AND a.sequence=changes.sequence)
            """
        ).bind(1, number).bind(2, own).run()
        try database.prepare(
            """
            DELETE FROM document_changes WHERE document=?1 AND device<>?2 AND NOT EXISTS (SELECT 1 FROM attachments a
            WHERE a.document=?1 AND a.device=document_changes.device AND a.sequence=document_changes.sequence)
            """
        ).bind(1, number).bind(2, own).run()
        let words = try indexedWords(number)
        try database.prepare("DELETE FROM search WHERE rowid=?1").bind(1, number).run()
        try forgetWords(words)
        try dropReportRow(number)
        guard try !tables.changes(document: number).isEmpty else {
            try keepingTallies(number) { () throws(StoreError) in
                try database.prepare("DELETE FROM documents WHERE number=?1").bind(1, number).run()
            }
            return
        }
        try tables.setMeta(Key.left(id), [1])
        try markLeft(number)
    }

    /// Keeps a document that left only as the place of the device's own change sets on it.
    func markLeft(_ number: Int64) throws(StoreError) {
        let pending = try tables.changes(document: number).filter { $0.verdict == .pending }.count
        try keepingTallies(number) { () throws(StoreError) in
            try database.prepare(
                """
                UPDATE documents SET state=NULL,position=0,hidden=2,flags=0,status=0,area='',sort=0,updated=0,title='',
                detail='',holder=0,creator=0,sequence=0,pending=?2 WHERE number=?1
                """
            ).bind(1, number).bind(2, Int64(pending)).run()
        }
    }
}
