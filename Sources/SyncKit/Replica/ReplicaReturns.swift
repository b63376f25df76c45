// What a part of a bundle is to a device: its own answer, which it applies, or somebody else's, which it carries.

/// What became of a part that a device was given.
package enum PartOutcome: Sendable {
    /// Kept to be carried; the parts of its bundle that are missing.
    case carried(missing: [Int])
    /// It was there already.
    case repeated(missing: [Int])
    /// It was handed over before.
    case done
    /// A part of what this very device exported: nothing to carry.
    case own
    /// No room for what others need carried.
    case full
    /// A part of the answer to this device, of which others are missing.
    case waiting(missing: [Int])
    /// The answer to this device was whole.
    case answered(ReturnOutcome)
    /// For this device, but of an export that it does not remember.
    case unknownExport
}

/// What the ward's answer in a return came to.
package struct ReturnOutcome: Sendable {
    package enum Result: Sendable, Hashable {
        case applied
        /// The device went on otherwise since: it has what the answer says, or needs to ask anew.
        case passedOver
        /// The ward did not take the bundle.
        case refused(SyncRefusal)
        /// The ward was restored from a copy; the device went back with it.
        case restored
    }

    package var result: Result
    package var report = SyncReport()
    /// The ward could not read all of it, or needs earlier change sets: another export goes further.
    package var needsAnother = false
    /// There is more than one return holds.
    package var hasMore = false
}

extension Replica {
    package var shelf: BundleShelf { BundleShelf(database) }

    /// Takes a part: applies it where it completes the answer to this device, keeps it otherwise.
    /// - Throws: `BundleError` for one that is another ward's or was never a bundle's.
    package func take(_ part: BundlePart, limits: BundleShelf.Limits = .device) throws -> PartOutcome {
        let head = part.head
        guard head.ward == ward.prefix8 else { throw BundleError(.otherWard, head) }
        if head.direction == .toWard, try request(of: head.id) != nil { return .own }
        let isOwn = head.direction == .toDevice ? try request(of: head.answers) != nil : false
        if head.direction == .toDevice, !isOwn, head.mark == BundleHead.mark(answering: head.answers, for: device) {
            return .unknownExport
        }
        let now = time.nowSeconds()
        let (placement, row) = try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                for kind in [BundleShelf.Kind.toWard, .toDevice, .texts] {
                    try shelf.prune(kind, now: now, limits: limits)
                }
                var placement = try shelf.put(part, now: now, limits: limits)
                if placement == .full, head.direction == .toDevice {
                    try shelf.makeRoom(for: part.encoded.count, of: head.id, limits: limits)
                    placement = try shelf.put(part, now: now, limits: limits)
                }
                return (placement, try shelf.row(head.id))
            }
        }
        switch placement {
        case .done: return .done
        case .full: return .full
        case .unfit: throw BundleError(.damaged, head)
        case .new, .repeated: break
        }
        let missing = row?.missing ?? []
        guard isOwn else { return placement == .new ? .carried(missing: missing) : .repeated(missing: missing) }
        guard missing.isEmpty, let row else { return .waiting(missing: missing) }
        return .answered(try applyReturn(row))
    }

    /// Opens and applies a return that is whole.
    private func applyReturn(_ row: BundleShelf.Row) throws -> ReturnOutcome {
        guard let asked = try request(of: row.answers) else { throw BundleError(.unreadable) }
        let (head, blocks): (ReturnHead, [Block])
        do { (head, blocks) = try open(row) } catch let error as BundleError {
            try settle(row, .refused, nil)
            throw error
        }
        guard head.request == asked.request.hash, asked.device == device else {
            try settle(row, .done, .passedOver)
            return ReturnOutcome(result: .passedOver)
        }
        let outcome = try apply(blocks, head, asked)
        let state: ExportedBundle.State = outcome.result == .passedOver ? .passedOver : .answered
        try settle(row, .done, state)
        return outcome
    }

    private func settle(
        _ row: BundleShelf.Row, _ state: BundleShelf.State, _ export: ExportedBundle.State?
    ) throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                try shelf.settle(row.id, state, now: time.nowSeconds())
                if let export { try note(export, of: row.answers) }
            }
        }
    }

    private func open(_ row: BundleShelf.Row) throws -> (ReturnHead, [Block]) {
        var opener = BundleOpener([sealingKey])
        var reader = BlockReader()
        var head: ReturnHead?
        var blocks: [Block] = []
        for number in row.parts {
            guard let bytes = try inStore({ () throws(StoreError) in try shelf.part(row.id, number) }) else { continue }
            for piece in try opener.append(try BundlePart(decoding: bytes).payload) {
                if head == nil {
                    head = ReturnHead(decoding: piece)
                    guard head != nil else { throw BundleError(.unreadable) }
                    continue
                }
                reader.append(piece)
                do { while let block = try reader.next() { blocks.append(block) } } catch {
                    throw BundleError(.unreadable)
                }
            }
        }
        guard let head, opener.isAtEnd, reader.isAtBoundary else { throw BundleError(.unreadable) }
        return (head, blocks)
    }

    func apply(_ blocks: [Block], _ head: ReturnHead, _ asked: BundleRequest) throws -> ReturnOutcome {
        var outcome = ReturnOutcome(result: .applied)
        var answers: [(answer: SyncAnswer, block: Bytes)] = []
        for block in blocks {
            switch block.kind {
            case .answer:
                answers.append((try readAnswer(block.payload, to: asked.request), block.payload))
            case .refusal:
                guard let refusal = SyncRefusal(decoding: block.payload) else { throw BundleError(.unreadable) }
                outcome.result = .refused(refusal)
            default: throw BundleError(.unreadable)
            }
        }
        if case .refused(let refusal) = outcome.result, let statement = refusal.statement, answers.isEmpty {
            try rollBack(to: statement)
            outcome.result = .restored
            return outcome
        }
        guard let last = answers.last?.answer else { return outcome }
        guard answers.indices.allSatisfy({ answers[$0].answer.index == UInt64($0) }) else {
            throw ReplicaError(.badAnswer("order of frames"))
        }
        guard last.flags.contains(.last), try fit(&answers, head, asked) else {
            outcome.result = .passedOver
            return outcome
        }
        for item in answers where try !recognizes(item.answer) {
            // The store is an older copy, or the ward went on with another one.
            try noteWishes(2)
            outcome.result = .passedOver
            outcome.needsAnother = true
            return outcome
        }
        let all: [Applied]
        do { all = try apply(whole: answers.map(\.answer)) } catch {
            guard case .store(let inner) = error.reason, inner.code == .outdated else { throw error }
            try noteWishes(2)
            return ReturnOutcome(result: .passedOver, needsAnother: true)
        }
        for applied in all { outcome.report.add(applied, now: time.nowSeconds()) }
        if !asked.brought.isEmpty { try noteBrought(asked.brought) }
        if let asOf = asked.asksOversight { try noteOverseen(asOf: asOf) }
        try noteWishes(last.flags.contains(.explicit) ? 1 : 0)
        outcome.needsAnother = last.flags.contains(.explicit) || last.need > 0
        outcome.hasMore = last.flags.contains(.more)
        outcome.report.renewal = try takeNewKeys()
        return outcome
    }

    private func noteWishes(_ wishes: UInt64) throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in try tables.setNumber(Key.bundleWishes, wishes) }
        }
    }

    /// Whether an answer can be applied to what the device is now. It was made for what the device was when it asked:
    /// if it went on since, the answer has to reach at least as far, with all that entered on the way, and nothing may
    /// have left meanwhile. Then it is applied in one transaction, so that no hole is left in between.
    private func fit(
        _ answers: inout [(answer: SyncAnswer, block: Bytes)], _ head: ReturnHead, _ asked: BundleRequest
    ) throws -> Bool {
        guard var first = answers.first, let last = answers.last?.answer else { return false }
        // Bundles ask for whole proofs: their device may be further on when the answer comes.
        for item in answers where item.answer.rootless != nil || item.answer.proofs?.isBesideTree ?? false {
            throw ReplicaError(.badAnswer("proofs beside a tree"))
        }
        let (position, scope) = (try number(Key.position), try number(Key.scope))
        let isSame =
            try position == asked.position && scope == asked.scope && number(Key.backfill) == asked.backfill
            && number(Key.cursor) == asked.cursor
        if !isSame {
            let isUnconfirmed = try inStore { () throws(StoreError) in try isScopeUnconfirmed() }
            let left = try inStore { () throws(StoreError) in try tables.number(Key.leftAsOf) } ?? 0
            guard last.upTo.position.rawValue >= position, last.backfill == .start, try number(Key.backfill) == 0,
                Position(rawValue: asked.position).epoch == Position(rawValue: position).epoch, !isUnconfirmed,
                last.scope.rawValue >= scope, left == 0 || left <= asked.scope
            else { return false }
        }
        let known = try knownHead()
        if !isSame || known.rawValue != asked.known {
            // What the frames prove and what they let go begins at what the device was then. The return says the same
            // from where earlier returns left it.
            guard let step = head.steps.first(where: { $0.position == known && $0.scope.rawValue == scope }) else {
                return false
            }
            if known.rawValue != asked.known {
                first.answer.proofs = first.answer.proofs ?? AnsweredProofs()
                first.answer.proofs?.consistency = step.path
                answers[0] = first
            }
            if !isSame, var end = answers.last {
                let named = Set(end.answer.left)
                end.answer.left += step.left.filter { !named.contains($0) }
                answers[answers.count - 1] = end
                if answers.count == 1 { first = end }
            }
        }
        try examine(first.answer, block: first.block, request: asked.request.hash)
        let signed = first.answer.checkpoint.flatMap {
            Checkpoint(verifying: $0, ward: ward, keys: knownKeys, scheme: scheme)
        }
        guard let end = try signed ?? newestCheckpoint() else { return false }
        for item in answers.dropFirst() {
            let reached = item.answer.upTo
            let isSound =
                item.answer.checkpoint == nil && reached.position <= end.position
                && (reached.position < end.position || reached.root == end.root.prefix8)
            guard isSound else { throw ReplicaError(.badAnswer("checkpoint")) }
        }
        return true
    }
}

extension SyncReport {
    /// Counts what a frame brought.
    mutating func add(_ applied: Replica.Applied, now: Int64) {
        recovered += applied.recovered
        accepted += applied.accepted.count
        held += applied.held
        refused += applied.refused
        documents.formUnion(applied.documents)
        left += applied.answer.left.count
        skewSeconds = now &- applied.answer.serverTime
    }
}
