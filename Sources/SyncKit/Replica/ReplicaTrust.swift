// Watching the ward: what it shows now has to go on from what it signed before, or nothing of it is applied.

/// What a device noticed about the ward's log.
package enum LogFault: UInt8, Sendable, CaseIterable {
    /// The ward shows less of the log than it signed before.
    case rolledBack = 1
    /// The ward keeps two logs.
    case forked = 2
    /// The ward did not show that its log goes on from what it signed before.
    case unproven = 3
    /// The ward goes on under a later epoch, in which its log does not continue what it signed before, and without the
    /// root key's word on that.
    case newEpoch = 4
}

/// What is kept of a fault: what the ward signed, and when this device saw it.
package struct LogEvidence: Sendable, Hashable {
    package var fault: LogFault
    /// Seconds since 1970, by this device's clock.
    package var seen: Int64
    /// Whether it proves the fault to others too.
    package var isProof: Bool
    package var contradiction: LogContradiction
    /// Whether a later sync went on from what was signed before.
    package fileprivate(set) var isSettled = false

    fileprivate var encoded: Bytes {
        var writer = CBORWriter(reserving: 1024)
        writer.arrayHeader(count: 4)
        writer.unsigned(UInt64(fault.rawValue))
        writer.integer(seen)
        writer.bool(isProof)
        writer.byteString(contradiction.encoded)
        return writer.bytes
    }

    fileprivate init?(decoding bytes: Bytes) {
        var reader = CBORReader(bytes)
        guard (try? reader.arrayHeader(max: 4)) == 4, let number = try? reader.unsigned(),
            let fault = UInt8(exactly: number).flatMap(LogFault.init(rawValue:)), let seen = try? reader.integer(),
            let isProof = try? reader.bool(), let body = try? reader.byteString(max: 64 * 1024),
            let contradiction = try? LogContradiction(decoding: body)
        else { return nil }
        self.init(fault: fault, seen: seen, isProof: isProof, contradiction: contradiction)
    }

    init(fault: LogFault, seen: Int64, isProof: Bool, contradiction: LogContradiction) {
        self.fault = fault
        self.seen = seen
        self.isProof = isProof
        self.contradiction = contradiction
    }
}

extension Replica {
    /// Checks a frame against the newest checkpoint that this device holds, before anything of it is applied.
    /// - Parameter block: the frame as it was signed, for the proof.
    /// - Returns: the answer, its proofs put together where they were told beside the device's tree.
    /// - Throws: `logFault`, with the evidence stored, where the ward shows another log than it signed; `otherTree`.
    @discardableResult
    package func examine(_ answer: SyncAnswer, block: Bytes, request: Digest) throws(ReplicaError) -> SyncAnswer {
        let whole: SyncAnswer
        do { whole = try putTogether(answer) } catch {
            try checkAlone(answer, block: block, request: request)
            throw error
        }
        try check(whole, block: block, request: request)
        return whole
    }

    /// Checks what a frame contradicts by itself, where what it proves cannot be told.
    package func checkAlone(_ answer: SyncAnswer, block: Bytes, request: Digest) throws(ReplicaError) {
        if planted(.trustsAnyLog) || planted(.trustsLongerLog) { return }
        let kept = try newestCheckpoint()
        guard let known = try knownLog(kept) else { return }
        var fault: LogFault?
        let next = answer.checkpoint.flatMap {
            Checkpoint(verifying: $0, ward: ward, keys: knownKeys, scheme: scheme)
        }
        if let next {
            fault = Self.contradiction(of: next, to: kept, known, answer)
        } else {
            // Of a longer log nothing is known yet.
            fault = Self.fault(in: answer, after: known)
            if answer.upTo.position > known.position, !answer.flags.contains(.behind) { fault = nil }
        }
        guard let fault else { return }
        throw try keep(
            fault, LogContradiction.Answer(request: request, frame: block), answer,
            second: next == nil ? [] : answer.checkpoint ?? [])
    }

    private func check(_ answer: SyncAnswer, block: Bytes, request: Digest) throws(ReplicaError) {
        if planted(.trustsAnyLog) { return }
        let kept = try newestCheckpoint()
        let known = try knownLog(kept)
        guard let bytes = answer.checkpoint else {
            guard let known else {
                if answer.index == 0 { throw ReplicaError(.badAnswer("checkpoint")) }
                return
            }
            var fault = Self.fault(in: answer, after: known)
            if fault == nil, answer.index == 0, try !isAtHead(known, answer) { fault = .unproven }
            guard let fault else { return }
            throw try keep(fault, LogContradiction.Answer(request: request, frame: block), answer, second: [])
        }
        let checkpoint = Checkpoint(verifying: bytes, ward: ward, keys: knownKeys, scheme: scheme)
        guard let checkpoint, !answer.isAtOdds(with: checkpoint) else { throw ReplicaError(.badAnswer("checkpoint")) }
        if let known, let fault = Self.fault(in: checkpoint, after: kept, known, answer) {
            throw try keep(fault, LogContradiction.Answer(request: request, frame: block), answer, second: bytes)
        }
        for item in answer.proofs?.included ?? [] where !item.isIncluded(in: checkpoint) {
            throw ReplicaError(.badAnswer("inclusion proof"))
        }
    }

    /// Whether the device is where it knows the log to end, and a frame says no more than that. Everywhere else an answer
    /// has to show first where the log is, before anything of it is taken.
    private func isAtHead(_ known: LogAnchor, _ answer: SyncAnswer) throws(ReplicaError) -> Bool {
        let own = try inStore { () throws(StoreError) in try tables.number(Key.position) ?? 0 }
        return answer.upTo.position == known.position && own == known.position.rawValue
    }

    /// What is wrong with a checkpoint after what the device knows. In a later epoch the log goes on all the same, unless
    /// the device was shown the root key's word on where it ended (`rollBack`).
    private static func fault(
        in next: Checkpoint, after kept: Checkpoint?, _ known: LogAnchor, _ answer: SyncAnswer
    ) -> LogFault? {
        if let fault = contradiction(of: next, to: kept, known, answer) { return fault }
        let isSameEpoch = next.position.epoch == kept?.position.epoch
        if planted(.trustsLongerLog) { return nil }
        guard
            let roots = MerkleProof.roots(
                from: known.position.index, root: known.root, to: next.position.index,
                path: answer.proofs?.consistency ?? []), roots.new == next.root
        else { return isSameEpoch ? .unproven : .newEpoch }
        return roots.old == known.root ? nil : isSameEpoch ? .forked : .newEpoch
    }

    /// What a checkpoint contradicts by itself, whatever is proven.
    private static func contradiction(
        of next: Checkpoint, to kept: Checkpoint?, _ known: LogAnchor, _ answer: SyncAnswer
    ) -> LogFault? {
        if answer.flags.contains(.behind) || next.position.epoch < known.epoch { return .rolledBack }
        guard let kept, next.position.epoch == kept.position.epoch else { return nil }
        if next.position < kept.position { return .rolledBack }
        return next.contradicts(kept) && !planted(.trustsLongerLog) ? .forked : nil
    }

    /// What is wrong with a frame that shows no checkpoint: the log has to be where the device knows it.
    private static func fault(in answer: SyncAnswer, after known: LogAnchor) -> LogFault? {
        if answer.flags.contains(.behind) { return .rolledBack }
        let reached = answer.upTo.position
        if reached == .start { return nil }
        if reached > known.position { return reached.epoch > known.epoch ? .newEpoch : .unproven }
        return reached == known.position && answer.upTo.root != known.root.prefix8 ? .forked : nil
    }

    /// Stores what the ward signed, for `ward status` and for others.
    private func keep(
        _ fault: LogFault, _ said: LogContradiction.Answer, _ answer: SyncAnswer, second: Bytes
    ) throws(ReplicaError) -> ReplicaError {
        if fault != .newEpoch {
            let (own, first) = (try descriptorBytes(), try keptCheckpoint() ?? [])
            // A frame that delivers anything is not kept: it may hold what others wrote.
            let isBare = said.frame.count <= LogContradiction.maxFrame && answer.isBare
            try keep(
                LogContradiction(
                    descriptor: own, first: first, second: second, path: answer.proofs?.consistency ?? [],
                    answer: isBare ? said : nil), fault)
        }
        return ReplicaError(.logFault(fault))
    }

    /// Stores a contradiction, unless there is one that proves more.
    package func keep(_ contradiction: LogContradiction, _ fault: LogFault) throws(ReplicaError) {
        let evidence = LogEvidence(
            fault: fault, seen: time.nowSeconds(), isProof: contradiction.proven(scheme: scheme) != nil,
            contradiction: contradiction)
        let before = try logEvidence()
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                try tables.setNumber(Key.settled, 0)
                if let before, before.isProof || !evidence.isProof { return }
                try tables.setMeta(Key.evidence, evidence.encoded)
            }
        }
    }

    /// Notes within a transaction that a whole answer went on from what was signed before.
    func settleEvidence() throws(StoreError) {
        if try tables.meta(Key.evidence) != nil { try tables.setNumber(Key.settled, 1) }
    }
}

/// A head of the log that the next one has to go on from.
struct LogAnchor {
    var position: Position
    var root: Digest
    /// The least epoch of what follows.
    var epoch: UInt64

    init(_ checkpoint: Checkpoint) {
        position = checkpoint.position
        root = checkpoint.root
        epoch = checkpoint.position.epoch
    }

    init(_ statement: EpochStatement) {
        position = statement.ended
        root = statement.root
        epoch = statement.epoch
    }

    fileprivate init?(decoding bytes: Bytes) {
        var reader = CBORReader(bytes)
        guard let position = try? reader.unsigned(), let root = try? reader.digest(),
            let epoch = try? reader.unsigned(), reader.isAtEnd
        else { return nil }
        self.position = Position(rawValue: position)
        self.root = root
        self.epoch = epoch
    }

    fileprivate var encoded: Bytes {
        var writer = CBORWriter(reserving: 60)
        writer.unsigned(position.rawValue)
        writer.byteString(root)
        writer.unsigned(epoch)
        return writer.bytes
    }
}

extension Replica {
    /// Where the newest restore ended, as the ward's root key signed it; counts while there is no checkpoint since.
    func anchor() throws(ReplicaError) -> LogAnchor? {
        try inStore { () throws(StoreError) in try tables.meta(Key.anchor) }.flatMap { LogAnchor(decoding: $0) }
    }

    /// What the ward's log has to go on from: the newest checkpoint, or where the newest restore ended.
    func knownLog(_ checkpoint: Checkpoint?) throws(ReplicaError) -> LogAnchor? {
        if let checkpoint { return LogAnchor(checkpoint) }
        return try anchor()
    }

    /// A checkpoint of what was lost gives way to where the restored log ended; within a transaction.
    func anchor(to statement: EpochStatement, kept: Position) throws(StoreError) {
        guard kept == .start || statement.lost(kept) else { return }
        try tables.removeMeta(Key.checkpoint)
        try tables.setMeta(Key.anchor, LogAnchor(statement).encoded)
    }
}

extension LocalDocuments {
    /// What this device noticed about the ward's log; `nil` where it always went on as it should.
    package func logEvidence() throws(ReplicaError) -> LogEvidence? {
        try inStore { () throws(StoreError) in
            guard let bytes = try tables.meta(Replica.Key.evidence), var evidence = LogEvidence(decoding: bytes) else {
                return nil
            }
            evidence.isSettled = try tables.number(Replica.Key.settled) == 1
            return evidence
        }
    }
}

extension SyncAnswer {
    /// Whether the log's head in the frame is another than the checkpoint's.
    fileprivate func isAtOdds(with checkpoint: Checkpoint) -> Bool {
        if upTo.position > checkpoint.position { return true }
        return upTo.position == checkpoint.position && upTo.root != checkpoint.root.prefix8
    }

    /// Whether it delivers nothing of anybody's.
    fileprivate var isBare: Bool {
        changes.isEmpty && entries.isEmpty && receipts.isEmpty && left.isEmpty && cards.isEmpty && disclosures.isEmpty
            && grant == nil && proofs?.included.isEmpty ?? true
    }
}

extension AnsweredProofs.Included {
    /// Whether the path leads from the entry to the checkpoint's root.
    func isIncluded(in checkpoint: Checkpoint) -> Bool {
        guard position.epoch <= checkpoint.position.epoch, position.index > 0 else { return false }
        return MerkleProof.root(
            of: MerkleTree.leaf(entry), leaf: position.index - 1, in: checkpoint.position.index, path: path)
            == checkpoint.root
    }
}
