// The ward was restored from a copy: the device goes back to where the copy ends, and brings what lies beyond.

extension Replica {
    /// Goes back to the end of an epoch. Nothing is lost by it: own change sets wait again with everything that the
    /// ward had said of them, and what others had done comes back from whoever holds it.
    /// - Throws: `badAnswer` where the ward's root key did not sign the statement, or where it names an epoch that the
    ///   device knows already.
    package func rollBack(to statement: Bytes) throws(ReplicaError) {
        guard
            let news = EpochStatement(
                verifying: statement, ward: ward, rootKey: descriptor.rootKey, scheme: scheme)
        else { throw ReplicaError(.badAnswer("epoch statement")) }
        let position = Position(rawValue: try number(Key.position))
        let scope = Position(rawValue: try number(Key.scope))
        let backfill = Position(rawValue: try number(Key.backfill))
        let kept = try newestCheckpoint()?.position ?? .start
        guard [position, scope, backfill, kept].contains(where: news.lost) else {
            throw ReplicaError(.badAnswer("epoch \(news.epoch)"))
        }
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                try self.rollBackInTransaction(news, position: position, scope: scope)
                try self.anchor(to: news, kept: kept)
            }
        }
    }

    private func rollBackInTransaction(_ news: EpochStatement, position: Position, scope: Position) throws(StoreError) {
        let end = Int64(bitPattern: news.ended.rawValue)
        let own = try tables.deviceNumber(device)
        try database.prepare("UPDATE evidence SET due=1 WHERE position>?1").bind(1, end).run()
        try database.prepare(
            """
            UPDATE changes SET verdict=0,position=0,effective=0,code=0,outcomes=NULL
            WHERE device=?2 AND verdict<>0 AND position>?1
            """
        ).bind(1, end).bind(2, own).run()
        try database.prepare("DELETE FROM changes WHERE device<>?2 AND position>?1").bind(1, end).bind(2, own).run()
        if news.lost(position) {
            try tables.setNumber(Key.position, news.ended.rawValue)
            try tables.setNumber(Key.root, news.root.prefix8)
        }
        try tables.setNumber(Key.scope, min(scope, news.ended).rawValue)
        try tables.setNumber(Key.backfill, 0)
        try tables.setNumber(Key.cursor, 0)
        try tables.setNumber(Key.need, 0)
        try tables.setMeta(Key.open, [])
        try forgetOverseen()
        try tables.setNumber(Key.grantedAsOf, 0)
        try tables.setMeta(Key.epoch(news.epoch), news.root.bytes)
        _ = try rebuildInTransaction()
    }
}
