// The ward was restored from a copy: the device goes back to where the copy ends, and brings what lies beyond.

extension Replica {
    /// Goes back to the end of an epoch. Nothing is lost by it: own change sets wait again with everything that the
    /// ward had said of them, and what others had done comes back from whoever holds it.
    ///
    /// Which documents the device may see is found out anew, because what entered or left its scope in the lost part is
    /// lost with it: the ward delivers the whole scope as of the restored head, and what it did not deliver goes then
    /// (`forgetUnconfirmed`). Until then everything is shown as before.
    /// - Throws: `badAnswer` where the ward's root key did not sign the statement, or where nothing that the device
    ///   holds is lost by it.
    package func rollBack(to statement: Bytes) throws(ReplicaError) {
        guard
            let news = EpochStatement(
                verifying: statement, ward: ward, rootKey: descriptor.rootKey, scheme: scheme)
        else { throw ReplicaError(.badAnswer("epoch statement")) }
        let position = Position(rawValue: try number(Key.position))
        let scope = Position(rawValue: try number(Key.scope))
        let backfill = Position(rawValue: try number(Key.backfill))
        let kept = try newestCheckpoint()?.position ?? .start
        let known = try anchor()?.position ?? .start
        guard [position, scope, backfill, kept, known].contains(where: news.lost) else {
            throw ReplicaError(.badAnswer("epoch \(news.epoch)"))
        }
        let isScopeSound = !news.lost(position) && !news.lost(scope) && backfill == .start
        try database.replicaTransaction { () throws(ReplicaError) in
            try self.reissueFormerWork(beyond: news)
            try inStore { () throws(StoreError) in
                try self.rollBackInTransaction(news, from: position, isScopeSound: isScopeSound)
                try self.keep(news, signed: statement)
                try self.anchor(to: news, kept: kept)
            }
        }
    }

    /// What this store wrote under keys that it gave up since, and the ward lost: nobody else may have it, another copy
    /// may give its number to something else first, and the old keys send nothing any more. It is written again under
    /// the present ones; where the first writing counts again, it is refused as that one's (`replaced`).
    private func reissueFormerWork(beyond news: EpochStatement) throws(ReplicaError) {
        let lost = try inStore { () throws(StoreError) in
            var lost: [LogTables.Stored] = []
            for former in try readOthers().sorted() where try tables.meta(Key.former(former)) != nil {
                guard let number = try tables.knownDeviceNumber(former) else { continue }
                for item in try tables.changes(device: number, from: 1, limit: .max)
                where item.verdict == .accepted && news.lost(item.logged) { lost.append(item) }
            }
            return lost
        }
        var dots: [Dot: Dot] = [:]
        for original in lost {
            var again = Reissuing(old: original.change.header.device)
            again.dots = dots
            try reissue(original, &again)
            dots = again.dots
        }
    }

    /// Keeps the statement with what the ward signed: what is written now names the end of the copy, and no answer was of
    /// just that. It is due where its epoch is lost, also after a restore that has the end of the copy: which part of
    /// that log the device never saw is known from the statement alone.
    private func keep(_ news: EpochStatement, signed statement: Bytes) throws(StoreError) {
        let box = Evidence.seal(signed: statement, to: descriptor.sealingKey, random: random)
        try keepEvidence(box, at: Position(epoch: news.epoch, index: news.ended.index))
    }

    /// - Parameter isScopeSound: whether the device holds just the scope of a position that the restored log has.
    private func rollBackInTransaction(_ news: EpochStatement, from position: Position, isScopeSound: Bool)
        throws(StoreError)
    {
        // From an epoch that the restored log never went through the device does not know how far the logs agree.
        let isForeign = news.lost(position) && position.epoch > news.ended.epoch
        let end = Int64(bitPattern: news.ended.rawValue)
        let own = try tables.deviceNumber(device)
        try database.prepare("UPDATE evidence SET due=1 WHERE position>?1").bind(1, end).run()
        try database.prepare(
            """
            UPDATE changes SET verdict=0,position=0,logged=0,effective=0,code=0,outcomes=NULL
            WHERE device=?2 AND verdict<>0 AND max(position*(logged=0),logged)>?1
            """
        ).bind(1, end).bind(2, own).run()
        try settleBases(after: news, isForeign: isForeign, own: own)
        let others = "device<>?2 AND (?3 OR max(position*(logged=0),logged)>?1)"
        try markUncreated(others, end, own, isForeign)
        try database.prepare("DELETE FROM changes WHERE \(others)").bind(1, end).bind(2, own)
            .bind(3, isForeign ? 1 : 0).run()
        if news.lost(position) {
            try tables.setNumber(Key.position, isForeign ? 0 : news.ended.rawValue)
            try tables.setNumber(Key.root, isForeign ? 0 : news.root.prefix8)
        }
        try limitPassedOver(by: news)
        try tables.setNumber(Key.backfill, 0)
        try tables.setNumber(Key.cursor, 0)
        try tables.setNumber(Key.need, 0)
        try tables.setMeta(Key.open, [])
        try forgetOverseen()
        try tables.setNumber(Key.grantedAsOf, 0)
        try tables.setMeta(Key.epoch(news.epoch), news.root.bytes)
        try repeatSuccession()
        _ = try rebuildInTransaction()
        if planted(.keepsLostScope) {
            return try tables.setNumber(
                Key.scope, min(try tables.number(Key.scope) ?? 0, news.ended.rawValue))
        }
        if isScopeSound { return }
        try tables.setNumber(Key.scope, 0)
        try database.run("DELETE FROM unconfirmed")
        try database.run("INSERT INTO unconfirmed(id) SELECT id FROM documents WHERE state IS NOT NULL AND hidden<2")
    }

    /// Documents whose creation goes are kept as the place of the device's own change sets on them alone: none of these
    /// is to be taken for what made the document.
    private func markUncreated(_ others: String, _ end: Int64, _ own: Int64, _ all: Bool) throws(StoreError) {
        let statement = try database.prepare(
            """
            SELECT d.id FROM documents d WHERE EXISTS (SELECT 1 FROM changes WHERE \(others)
            AND device=d.creator AND sequence=d.sequence) AND EXISTS (SELECT 1 FROM document_changes x
            WHERE x.document=d.number AND x.device=?2)
            """
        ).bind(1, end).bind(2, own).bind(3, all ? 1 : 0)
        defer { statement.reset() }
        var found: [Digest] = []
        while try statement.step() { if let id = statement.digest(0) { found.append(id) } }
        for id in found { try tables.setMeta(Key.left(id), [1]) }
    }

    // MARK: The scope anew

    /// Whether the device waits for the ward to say which of its documents it may still see.
    func isScopeUnconfirmed() throws(StoreError) -> Bool {
        try database.integer("SELECT EXISTS(SELECT 1 FROM unconfirmed)") == 1
    }

    /// A document was delivered within the whole scope: it stays.
    func confirm(_ document: Digest) throws(StoreError) {
        try database.prepared("DELETE FROM unconfirmed WHERE id=?1").bind(1, document).run()
    }

    /// The whole scope was delivered: what was not in it left in the part of the log that was lost.
    func forgetUnconfirmed() throws(StoreError) {
        if planted(.keepsUnconfirmed) { return try database.run("DELETE FROM unconfirmed") }
        let statement = try database.prepare("SELECT id FROM unconfirmed ORDER BY id")
        var found: [Digest] = []
        while try statement.step() { if let id = statement.digest(0) { found.append(id) } }
        statement.reset()
        for id in found { try forget(id) }
        try database.run("DELETE FROM unconfirmed")
    }
}
