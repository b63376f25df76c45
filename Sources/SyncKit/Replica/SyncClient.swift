// The device's side of a sync: ask, send, apply frame by frame, until nothing is left.

/// What a sync achieved, also where it was cut off.
package struct SyncReport: Sendable {
    package var rounds = 0
    package var sent = 0
    package var accepted = 0
    package var held: [(dot: Dot, code: RefusalCode)] = []
    package var refused: [(dot: Dot, code: RefusalCode)] = []
    package var documents: Set<Digest> = []
    package var left = 0
    /// Of files: the bytes that were sent, and those that were new here.
    package var contentUp = 0
    package var contentDown = 0
    /// How many files came in wholly.
    package var fetched = 0
    /// Parts of files are left for the next run, which is worth beginning at once.
    package var hasMore = false
    /// What the bytes of bodies were for.
    package var traffic = Traffic()
    package var bytesUp = 0
    package var bytesDown = 0
    /// Device clock minus ward clock, in seconds.
    package var skewSeconds: Int64 = 0
    /// Where the store turned out to be a copy: what was sent again under new keys.
    package var renewal: KeyRenewal?
    /// Own change sets that the store did not have, because it was an older copy, and that came back.
    package var recovered = 0
    package init() {}

    /// Whether anything came through, to the ward or from it, that is new there.
    package var hasMoved: Bool {
        accepted + held.count + refused.count + documents.count + fetched > 0 || contentDown > 0
    }
}

/// Why a sync ended early.
package enum SyncFailure: Error {
    case transport(TransportError)
    case replica(ReplicaError)
    /// A person stopped it between two frames; what was applied before stays.
    case interrupted
}

/// Runs a sync of a replica over a transport.
package struct SyncClient {
    package let replica: Replica
    package var report = SyncReport()
    /// Called before each round, with the report so far.
    package var onRound: (SyncReport) -> Void = { _ in }
    /// Asked before each round and after each frame; true ends the sync there.
    package var isStopped: () -> Bool = { false }
    private static let maxRounds = 2000
    /// What the link has room for. Fitted to the rate that was seen, where `clock` tells the time.
    package var plan = LinkPlan()
    /// Ends after a round that moved parts of files and has more to move, so that others can write to the store between
    /// two of them; the report says so.
    package var pausesBetweenParts = false
    /// Milliseconds of a clock that only goes forward; `nil`: the rate is not looked at.
    package var clock: (() -> Int64)?
    /// The most times that one sync takes new keys: other copies may be in use meanwhile.
    private static let maxRenewals = 2

    package init(_ replica: Replica) { self.replica = replica }

    /// Syncs until the device holds what the ward has for it and nothing of its own waits.
    package mutating func run(_ transport: inout some SyncTransport) throws(SyncFailure) {
        var isExplicit = false
        var wantsOwnChanges = false
        var renewals = 0
        var staleTries = 0
        var restores = 0
        var showsGrant = false
        var isTreeDropped = false
        var sendsUnasked = false
        for _ in 0..<Self.maxRounds {
            if isStopped() { throw .interrupted }
            let before: (pending: Int, interrupted: Bool, leaves: Int)
            let prepared: PreparedRequest
            do {
                before = (
                    try replica.pendingCount(), try replica.wasInterrupted(),
                    plan.room > 0 ? try replica.unsentLeaves(plan) : 0
                )
                prepared = try replica.prepareRequest(
                    pullOnly: before.interrupted, explicit: isExplicit,
                    ownChanges: wantsOwnChanges, showing: showsGrant ? .grant : nil, plan: plan, isDirect: true,
                    unasked: sendsUnasked)
                if prepared.partCount > 0 { sendsUnasked = false }
                if prepared.changeCount > 0 || prepared.partCount > 0 { try replica.noteInterrupted(true) }
            } catch { throw .replica(error) }
            onRound(report)
            report.rounds += 1
            report.sent += prepared.changeCount
            report.traffic.count(up: prepared.body)
            report.bytesUp += prepared.body.count
            let outcome: RoundOutcome
            let began = clock?()
            let downBefore = report.bytesDown
            defer { fitPlan(prepared, since: began, down: report.bytesDown - downBefore) }
            do { outcome = try round(prepared, &transport) } catch {
                // What left was paid for, whether it arrived or not.
                spend(up: min(prepared.partBytes, transport.bytesSent))
                if case .replica(let inner) = error, case .refusedByWard(let refusal) = inner.reason,
                    refusal.code == .staleRequest, staleTries < 2
                {
                    staleTries += 1
                    do { try replica.follow(serial: refusal.number) } catch { throw .replica(error) }
                    continue
                }
                if case .replica(let inner) = error, inner.reason == .otherTree, !isTreeDropped {
                    isTreeDropped = true
                    continue
                }
                // A restored ward does not know whom it invited since the backup; the grant is its own word.
                if case .replica(let inner) = error, case .refusedByWard(let refusal) = inner.reason,
                    refusal.code == .unknownDevice || refusal.code == .unconfirmed, !showsGrant
                {
                    showsGrant = true
                    do throws(ReplicaError) {
                        // Nor whose new keys somebody confirmed: until then the grant is the old device's.
                        guard let grant = try replica.grant(),
                            refusal.code == .unknownDevice || grant.device == replica.device
                        else { throw inner }
                        try replica.noteInterrupted(false)
                    } catch { throw .replica(error) }
                    continue
                }
                if case .replica(let inner) = error, case .refusedByWard(let refusal) = inner.reason,
                    let statement = refusal.statement, restores < 8
                {
                    restores += 1
                    do {
                        try replica.rollBack(to: statement)
                        try replica.noteInterrupted(false)
                    } catch { throw .replica(error) }
                    continue
                }
                if case .replica(let inner) = error, case .logFault(let fault) = inner.reason, fault != .newEpoch {
                    showCheckpoint(&transport)
                }
                throw error
            }
            if outcome.isOtherChain {
                guard !wantsOwnChanges else { throw .replica(ReplicaError(.store(StoreError(.outdated, "own chain")))) }
                wantsOwnChanges = true
                continue
            }
            let wasGrantShown = showsGrant
            showsGrant = false
            do throws(ReplicaError) {
                try replica.noteInterrupted(false)
                if !prepared.brought.isEmpty { try replica.noteBrought(prepared.brought) }
                if let asOf = prepared.asksOversight { try replica.noteOverseen(asOf: asOf) }
                // A grant that came just now may make it one that oversees the ward.
                let asks = try replica.wantsOversight()
                let after = try replica.pendingCount()
                if isExplicit, outcome.flags.contains(.explicit), after >= before.pending {
                    throw ReplicaError(.badAnswer("the ward does not take a change set in any form"))
                }
                isExplicit = outcome.flags.contains(.explicit)
                let progressed =
                    after < before.pending || before.interrupted || !prepared.brought.isEmpty || isExplicit
                    || outcome.need > 0 || wasGrantShown
                spend(up: prepared.partBytes, down: outcome.partBytes)
                let due = try replica.dueEvidenceCount()
                if outcome.isAnswered { try replica.noteOffered(prepared.offered, except: outcome.needs) }
                if !outcome.flags.contains(.more) { try replica.noteAsked(histories: prepared.histories) }
                let wants = try replica.wantsHistories()
                if outcome.flags.contains(.more) || asks || due > 0 || wants || (after > 0 && progressed) { continue }
                if plan.room > 0 {
                    let isOpen =
                        before.interrupted || prepared.changeCount > 0 || !prepared.brought.isEmpty || wasGrantShown
                    if try movesContent(before.leaves, isOpen, prepared, outcome) {
                        report.hasMore = pausesBetweenParts
                        if pausesBetweenParts { return }
                        continue
                    }
                    if !sendsUnasked, try hidesFiles(outcome) {
                        sendsUnasked = true
                        continue
                    }
                }
                // What it wrote is at the ward now: nothing of it is lost when the keys change.
                if renewals < Self.maxRenewals, let renewal = try replica.takeNewKeys() {
                    renewals += 1
                    report.renewal = KeyRenewal(
                        seconds: renewal.seconds, reissued: renewal.reissued + (report.renewal?.reissued ?? 0),
                        left: renewal.left + (report.renewal?.left ?? 0))
                    report.held.removeAll { [.fork, .revoked].contains($0.code) && $0.dot.device != replica.device }
                    wantsOwnChanges = false
                    continue
                }
            } catch { throw .replica(error) }
            return
        }
    }

    /// Counts bytes of files that went; those that came are counted as they come.
    private mutating func spend(up: Int, down: Int = 0) {
        report.contentUp += up
        plan.remaining = plan.remaining.map { $0 - up - down }
    }

    /// Whether parts of files are left for another round, and this one got some of them over or told what the ward lacks.
    /// - Parameter isOpen: it was about something else, beside which no files go.
    private func movesContent(
        _ leavesBefore: Int, _ isOpen: Bool, _ prepared: PreparedRequest, _ outcome: RoundOutcome
    ) throws(ReplicaError) -> Bool {
        if try replica.unsentLeaves(plan) > 0 {
            let isMoving =
                prepared.partCount > 0
                ? try replica.lackingLeaves(of: prepared.offered.keys) < prepared.offeredLacking
                : leavesBefore == 0 || isOpen
            if isMoving { return true }
        }
        guard outcome.partBytes > 0 || prepared.wishCount == 0 else { return false }
        return try replica.wantsContent(plan.fetching)
    }

    /// Whether the ward named as many files as an answer has room for, none of which this device can send now, and it has
    /// others: those that were named may be on a device that was lost.
    private func hidesFiles(_ outcome: RoundOutcome) throws(ReplicaError) -> Bool {
        guard outcome.isAnswered, ContentNeed.mayHideMore(outcome.needs) else { return false }
        if try replica.unsentLeaves(plan) > 0 { return false }
        return try replica.unsentLeaves(plan, unasked: true) > 0
    }

    /// Shows a ward whose log does not go on from what it signed what it signed: then it can tell its operator. Nothing
    /// depends on whether it arrives.
    private mutating func showCheckpoint(_ transport: inout some SyncTransport) {
        guard let prepared = try? replica.prepareRequest(pullOnly: true, showing: .checkpoint) else { return }
        report.rounds += 1
        report.traffic.count(up: prepared.body)
        report.bytesUp += prepared.body.count
        _ = try? round(prepared, &transport)
    }

    private struct RoundOutcome {
        /// How many frames of the answer came.
        var frames: UInt64 = 0
        var flags: SyncAnswer.Flags = []
        var need: UInt64 = 0
        var isAnswered = false
        var needs: [ContentNeed] = []
        /// The bytes of files that arrived and were new.
        var partBytes = 0
        /// The receipts are of another copy's chain; nothing of their frame was applied.
        var isOtherChain = false
    }

    /// One request and its answer.
    private mutating func round(_ prepared: PreparedRequest, _ transport: inout some SyncTransport)
        throws(SyncFailure) -> RoundOutcome
    {
        var reader = BlockReader()
        var failure: SyncFailure?
        var outcome = RoundOutcome()
        var isWhole = false
        var down = 0
        var report = self.report
        let (replica, isStopped) = (replica, isStopped)
        do {
            try transport.exchange(prepared.body) { chunk in
                down += chunk.count
                reader.append(chunk)
                do throws(SyncFailure) {
                    while let block = try Self.next(&reader) {
                        report.traffic.count(down: block)
                        if block.kind == .part {
                            outcome.partBytes += try Self.takePart(block.payload, replica, &report)
                            if isStopped() { throw .interrupted }
                            continue
                        }
                        guard let answer = try Self.take(block, at: outcome.frames, prepared, replica, &report) else {
                            outcome.isOtherChain = true
                            return false
                        }
                        outcome.frames += 1
                        if answer.flags.contains(.last) {
                            isWhole = true
                            outcome.flags = answer.flags
                            outcome.need = answer.need
                            outcome.needs = answer.needs
                            outcome.isAnswered = true
                        }
                        if isStopped() { throw .interrupted }
                    }
                    return true
                } catch {
                    failure = error
                    return false
                }
            }
        } catch {
            report.bytesDown += down
            self.report = report
            if outcome.isOtherChain { return outcome }
            throw failure ?? (isStopped() ? .interrupted : .transport(error))
        }
        report.bytesDown += down
        self.report = report
        if let failure { throw failure }
        if outcome.isOtherChain { return outcome }
        guard isWhole else { throw isStopped() ? .interrupted : .transport(TransportError(.cut)) }
        return outcome
    }

    /// Takes a part of a file; what this device did not ask for is passed over.
    /// - Returns: how many bytes of it are new.
    private static func takePart(_ payload: Bytes, _ replica: Replica, _ report: inout SyncReport) throws(SyncFailure)
        -> Int
    {
        guard let part = ContentPart(decoding: payload) else { throw .transport(TransportError(.notAWard, "part")) }
        do {
            let taken = try replica.take(part)
            guard taken == .added || taken == .completed else { return 0 }
            if taken == .completed { report.fetched += 1 }
            report.contentDown += part.bytes.count
            return part.bytes.count
        } catch { throw .replica(error) }
    }

    /// Fits the plan to how long a round took, where enough went over the link to tell.
    private mutating func fitPlan(_ prepared: PreparedRequest, since began: Int64?, down: Int) {
        guard let began, let now = clock?(), now > began else { return }
        let bytes = prepared.body.count + down
        guard bytes >= 2048 else { return }
        plan.fit(rate: Int(clamping: Int64(bytes) * 1000 / (now - began)))
    }

    private static func next(_ reader: inout BlockReader) throws(SyncFailure) -> Block? {
        do { return try reader.next() } catch { throw .transport(TransportError(.notAWard, "block")) }
    }

    /// Applies an answer's frame; `nil` where its receipts are not of this device's chain.
    /// - Parameter index: how many came before: one that is missing would leave a hole.
    private static func take(
        _ block: Block, at index: UInt64, _ prepared: PreparedRequest, _ replica: Replica, _ report: inout SyncReport
    ) throws(SyncFailure) -> SyncAnswer? {
        switch block.kind {
        case .answer: break
        case .refusal:
            guard let refusal = SyncRefusal(decoding: block.payload) else {
                throw .transport(TransportError(.notAWard, "refusal"))
            }
            throw .replica(ReplicaError(.refusedByWard(refusal)))
        case .request, .frame, .evidence, .succession, .part, .wish:
            throw .transport(TransportError(.notAWard, "block"))
        }
        do throws(ReplicaError) {
            let said = try replica.readAnswer(block.payload, to: prepared.signed)
            guard said.index == index else { throw ReplicaError(.badAnswer("order of frames")) }
            guard try replica.recognizes(said) else {
                try replica.checkAlone(said, block: block.payload, request: prepared.signed.hash)
                return nil
            }
            let answer = try replica.examine(said, block: block.payload, request: prepared.signed.hash)
            let applied = try replica.apply(answer)
            report.recovered += applied.recovered
            report.accepted += applied.accepted.count
            report.held += applied.held
            report.refused += applied.refused
            report.documents.formUnion(applied.documents)
            report.left += answer.left.count
            report.skewSeconds = replica.time.nowSeconds() &- answer.serverTime
            return answer
        } catch {
            // An older copy of the store: the ward has work of this device that is not here.
            if case .store(let inner) = error.reason, inner.code == .outdated { return nil }
            throw .replica(error)
        }
    }
}
