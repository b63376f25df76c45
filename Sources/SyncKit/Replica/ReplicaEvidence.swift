// What the ward said, kept as it was signed until the ward has a backup of it.

extension Replica {
    /// The most frames that are kept; the oldest go first. A ward that makes backups never lets it come to this.
    static let mostEvidence: Int64 = 20_000
    /// The most frames and bytes of one request.
    private static let evidenceFrames = 40
    private static let evidenceBytes = 2 * 1024 * 1024

    /// Keeps an applied frame, and forgets what the ward has in a backup; within the frame's transaction.
    func keepEvidence(_ answer: SyncAnswer) throws(StoreError) {
        // A restore that took nothing back from the device: the copy has the log up to here, and need not have what the
        // ward was shown since.
        let known = Position(rawValue: try tables.number(Key.position) ?? 0)
        if answer.upTo.position.epoch > known.epoch {
            try database.prepare("UPDATE evidence SET due=1 WHERE position>?1")
                .bind(1, Int64(bitPattern: known.rawValue)).run()
        }
        if planted(.dropsEvidenceEarly) {
            try database.run("DELETE FROM evidence WHERE due=0")
        } else if answer.backedUp != .start {
            try database.prepare("DELETE FROM evidence WHERE position<=?1 AND due=0")
                .bind(1, Int64(bitPattern: answer.backedUp.rawValue)).run()
        }
        // A frame that only moves the position is kept too: what is written now names it.
        let moves = answer.upTo.position.rawValue > known.rawValue
        guard let evidence = answer.evidence,
            moves || !answer.entries.isEmpty || !answer.receipts.isEmpty || answer.grant != nil
        else { return }
        var newest = max(
            answer.upTo.position, answer.entries.map(\.position).max() ?? .start)
        // A grant stands at or below the head that the answer goes up to.
        if answer.grant != nil { newest = max(newest, answer.backfill, answer.scope) }
        guard newest > answer.backedUp else { return }
        let box = Evidence.seal(
            request: evidence.request, frame: evidence.frame, to: descriptor.sealingKey, random: random)
        try keepEvidence(box, at: newest)
    }

    /// Keeps a sealed box of something that the ward signed, until a backup goes beyond a position.
    func keepEvidence(_ box: Bytes, at position: Position) throws(StoreError) {
        // Longer than a block can be: it was never a frame that the ward sent.
        guard !box.isEmpty, box.count < BlockReader.maxBlock else { return }
        try database.prepare("INSERT INTO evidence(position,box) VALUES(?1,?2)")
            .bind(1, Int64(bitPattern: position.rawValue)).bind(2, box).run()
        let number = database.lastInsertedRow
        guard number % 64 == 0 else { return }
        try database.prepare("DELETE FROM evidence WHERE number<=?1 AND due=0").bind(1, number - Self.mostEvidence)
            .run()
    }

    /// The next frames to bring to a restored ward, and their numbers.
    func dueEvidence() throws(StoreError) -> (blocks: [Bytes], numbers: [Int64]) {
        let statement = try database.prepare("SELECT number,box FROM evidence WHERE due=1 ORDER BY number")
        defer { statement.reset() }
        var blocks: [Bytes] = []
        var bytes = 0
        var numbers: [Int64] = []
        while blocks.count < Self.evidenceFrames, bytes < Self.evidenceBytes, try statement.step() {
            let block = statement.bytes(1)
            numbers.append(statement.integer(0))
            blocks.append(block)
            bytes += block.count
        }
        return (blocks, numbers)
    }

    /// The ward has the frames that were brought. A backup has to go beyond the newest head that the ward signed before
    /// the frames may go, and they are due again where a copy does not: what the ward was shown need not stand in its
    /// log, so that a copy that ends at that head may be from before.
    func noteBrought(_ numbers: [Int64]) throws(ReplicaError) {
        let head = max(try newestCheckpoint()?.position ?? .start, try seen().position)
        let next = Position(epoch: head.epoch, index: head.index + 1)
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                for number in numbers {
                    try database.prepared("UPDATE evidence SET due=0,position=max(position,?2) WHERE number=?1")
                        .bind(1, number).bind(2, Int64(bitPattern: next.rawValue)).run()
                }
            }
        }
    }

    /// How many kept frames wait to be brought to a restored ward.
    package func dueEvidenceCount() throws(ReplicaError) -> Int {
        try inStore { () throws(StoreError) in
            Int(try database.integer("SELECT count(*) FROM evidence WHERE due=1") ?? 0)
        }
    }
}
