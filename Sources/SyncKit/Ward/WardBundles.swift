// Bundles at the ward: parts wait until they are whole, then they are a sync like any other, whose answer goes back
// sealed to its device.

/// What became of a part that the ward was given.
package enum BundleIntake: Sendable {
    /// Kept until the others are there.
    case waiting(missing: [Int])
    /// The bundle was whole and was taken.
    case taken(BundleResult)
    /// It was taken before; the return, where it is still kept.
    case known(returned: Digest?, parts: Int)
    /// It was whole and could not be used.
    case refused(SyncRefusal.Code?)
    /// Not now; the parts are kept, and it goes on when one of them comes again.
    case later(SyncRefusal)
    /// No room for bundles that are not whole.
    case full
    /// The disk is full. What is kept is kept; it goes on when there is room.
    case noRoom
}

/// What a whole bundle came to.
package struct BundleResult: Sendable {
    package var accepted = 0
    package var held = 0
    package var refused = 0
    package var duplicates = 0
    /// From which sequence on the ward needs the chain again; 0 for none.
    package var need: UInt64 = 0
    /// The return for its device.
    package var returned: Digest?
    package var parts = 0
    /// Why the ward did not take it, where the return says so.
    package var refusal: SyncRefusal?

    package init() {}
}

/// What stands between a bundle and the ward: the same queues and bounds as for who asks over the network.
package protocol BundleGate {
    /// Whether it may wait while somebody else lets the ward take the same bundle.
    var mayWait: Bool { get }
    /// Asked before a device that the ward does not know is admitted.
    func admit() throws(SyncRefusal)
    /// Runs what costs something; without a session before it is known whose bundle it is.
    func perform(for session: WardSession?, _ work: () throws(SyncRefusal) -> Void) throws(SyncRefusal)
}

/// Nobody else waits: a command beside the ward.
package struct OpenGate: BundleGate {
    package var mayWait: Bool { true }

    package init() {}
    package func admit() throws(SyncRefusal) {}
    package func perform(for session: WardSession?, _ work: () throws(SyncRefusal) -> Void) throws(SyncRefusal) {
        try work()
    }
}

extension WardService {
    /// Takes a part from whoever brings it.
    /// - Parameters:
    ///   - part: verified by reading it.
    ///   - gate: what stands before the ward's work.
    package func take(_ part: BundlePart, gate: some BundleGate = OpenGate()) throws(BundleError) -> BundleIntake {
        let head = part.head
        guard head.ward == ward.prefix8, head.direction == .toWard else { throw BundleError(.otherWard, head) }
        if storeFault != nil || newerCheckpoint != nil { return .later(SyncRefusal(.unavailable)) }
        withCore { $0.hasFilledUp = false }
        let intake = try shelve(part, gate)
        // What the store said is known to it alone; a refusal only says that it did not take something.
        guard case .later(let refusal) = intake, refusal.code == .storeFault, withCore({ $0.hasFilledUp }) else {
            return intake
        }
        return .noRoom
    }

    private func shelve(_ part: BundlePart, _ gate: some BundleGate) throws(BundleError) -> BundleIntake {
        let head = part.head
        let row: BundleShelf.Row
        do {
            let (placement, found) = try withCore { core throws(StoreError) in try core.shelve(part) }
            switch placement {
            case .done: return try known(head.id)
            case .full: return .full
            case .unfit: throw BundleError(.damaged, head)
            case .new, .repeated: break
            }
            guard let found else { return .later(SyncRefusal(.storeFault)) }
            row = found
        } catch let error as StoreError {
            return failed(error)
        } catch let error as BundleError {
            throw error
        } catch { return .later(SyncRefusal(.storeFault)) }
        guard row.missing.isEmpty else { return .waiting(missing: row.missing) }
        return open(row, gate)
    }

    /// Tries a bundle again that is whole and was not taken then, whoever asks about it: the part that made it whole may
    /// never come again.
    /// - Returns: `nil` where there is no such bundle.
    package func takeAgain(_ bundle: Digest, gate: some BundleGate = OpenGate()) -> BundleIntake? {
        guard storeFault == nil, newerCheckpoint == nil else { return nil }
        do throws(StoreError) {
            let found = try withCore { core throws(StoreError) in try core.shelf.row(bundle) }
            guard let row = found, row.kind == .toWard, row.state == .kept, row.missing.isEmpty else { return nil }
            return open(row, gate)
        } catch {
            note(error)
            return nil
        }
    }

    /// Takes a whole bundle, once: whoever comes while it is being taken finds it taken then, or is told to come later.
    private func open(_ row: BundleShelf.Row, _ gate: some BundleGate) -> BundleIntake {
        let isMine = opening.loop { taken in
            if taken.insert(row.id).inserted { return .done(true) }
            return gate.mayWait ? .wait : .done(false)
        }
        guard isMine else { return .later(SyncRefusal(.unavailable)) }
        defer { opening.change { taken in _ = taken.remove(row.id) } }
        do throws(StoreError) {
            let present = try withCore { core throws(StoreError) in try core.shelf.row(row.id) }
            switch present?.state {
            case .kept: return openAlone(row, gate)
            case .done: return try known(row.id)
            case .refused: return .refused(nil)
            // It was taken from the shelf meanwhile: nobody may think that the ward has it.
            case .handed, nil: return .later(SyncRefusal(.unavailable))
            }
        } catch {
            return failed(error)
        }
    }

    private func known(_ bundle: Digest) throws(StoreError) -> BundleIntake {
        let answer = try withCore { core throws(StoreError) in try core.shelf.answer(to: bundle) }
        return .known(returned: answer?.id, parts: answer?.count ?? 0)
    }

    private func openAlone(_ row: BundleShelf.Row, _ gate: some BundleGate) -> BundleIntake {
        var opener = BundleOpener(sealingKeys)
        var reader = BlockReader()
        var body = WardBody(self, isCarried: true)
        var newest: Bytes?
        var refusal: SyncRefusal?
        do {
            for number in row.parts {
                let bytes = try withCore { core throws(StoreError) in try core.shelf.part(row.id, number) } ?? []
                for piece in try opener.append(try BundlePart(decoding: bytes).payload) {
                    reader.append(piece)
                    while let block = try Self.next(&reader) {
                        if block.kind == .request { newest = block.payload }
                        try gate.perform(for: body.session) { () throws(SyncRefusal) in
                            try body.take(block) { () throws(SyncRefusal) in try gate.admit() }
                        }
                    }
                }
            }
            guard opener.isAtEnd, reader.isAtBoundary, body.session != nil else { throw SyncRefusal(.malformed) }
        } catch let error as SyncRefusal {
            if Self.passes(error.code) { return .later(error) }
            refusal = error
        } catch let error as StoreError {
            return failed(error)
        } catch { return refuse(row, nil) }
        guard let newest, let asked = try? SyncRequest(verifying: newest, ward: ward, scheme: scheme) else {
            return refuse(row, refusal?.code)
        }
        do {
            // The return comes in files as large as those of the bundle.
            let fileSize = try withCore { core throws(StoreError) in try core.shelf.longestPart(row.id) }
            return try answer(row, asked, Blake2b.hash(newest), body.session, refusal, fileSize, gate)
        } catch let error as SyncRefusal {
            return .later(error)
        } catch let error as StoreError {
            return failed(error)
        } catch { return .later(SyncRefusal(.storeFault)) }
    }

    private func failed(_ error: StoreError) -> BundleIntake {
        note(error)
        return error.code == .full ? .noRoom : .later(SyncRefusal(.storeFault))
    }

    private static func next(_ reader: inout BlockReader) throws(SyncRefusal) -> Block? {
        do { return try reader.next() } catch { throw SyncRefusal(.malformed) }
    }

    /// What another day may change: the bundle is kept.
    private static func passes(_ code: SyncRefusal.Code) -> Bool {
        [.unavailable, .storeFault, .lobbyFull, .tooMany].contains(code)
    }

    private func refuse(_ row: BundleShelf.Row, _ code: SyncRefusal.Code?) -> BundleIntake {
        do {
            try withCore { core throws(StoreError) in
                try core.settleBundle(row.id, .refused, code: Int64(code?.rawValue ?? 0))
            }
        } catch {
            return failed(error)
        }
        return .refused(code)
    }

    /// Answers the newest request, and keeps the answer for its device.
    private func answer(
        _ row: BundleShelf.Row, _ asked: SyncRequest, _ request: Digest, _ session: WardSession?,
        _ refusal: SyncRefusal?, _ fileSize: Int, _ gate: some BundleGate
    ) throws -> BundleIntake {
        var result = BundleResult()
        var blocks = Bytes()
        if let session {
            let isUsable = session.hash == request
            while isUsable {
                var frame: Bytes?
                try gate.perform(for: session) { () throws(SyncRefusal) in frame = try session.nextFrame() }
                guard let frame else { break }
                blocks += Block(.answer, frame).encoded
            }
            let received = session.received
            result.accepted = received.accepted
            result.held = received.held
            result.refused = received.refused
            result.duplicates = received.duplicates
            result.need = received.need
            if received.retrySeconds != 0 {
                let over = SyncRefusal(.overQuota, number: received.retrySeconds)
                blocks += Block(.refusal, over.encoded).encoded
                result.refusal = over
            }
        }
        if let refusal {
            blocks += Block(.refusal, refusal.encoded).encoded
            result.refusal = refusal
        }
        let head = blocks
        let made = try withCore { core throws(StoreError) in
            try core.keepReturn(
                head, to: asked, request: request, answering: row.id, reached: session?.reached, fileSize: fileSize)
        }
        guard let made else { return refuse(row, refusal?.code) }
        (result.returned, result.parts) = (made.id, made.count)
        return .taken(result)
    }
}

extension WardCore {
    package var shelf: BundleShelf { BundleShelf(database) }

    func shelve(_ part: BundlePart) throws(StoreError) -> (BundleShelf.Placement, BundleShelf.Row?) {
        let now = time.nowSeconds()
        return try database.transaction { () throws(StoreError) in
            try shelf.prune(.toWard, now: now, limits: .ward)
            try shelf.prune(.texts, now: now, limits: .ward)
            try beginnings.drop(PartPlace(bundle: part.head.id, part: part.head.part))
            var placement = try shelf.put(part, now: now, limits: .ward)
            if placement == .full {
                try shelf.makeRoomAtWard(for: part.encoded.count, of: part.head.id, now: now, limits: .ward)
                // What comes whole is opened at once, and takes nobody's room.
                placement = try shelf.put(part, now: now, limits: part.head.count == 1 ? .whole : .ward)
            }
            return (placement, try shelf.row(part.head.id))
        }
    }

    /// Puts a scanned text on the shelf.
    package func shelve(_ text: BundleText) throws(StoreError) -> (placement: BundleShelf.Placement, series: Digest) {
        let now = time.nowSeconds()
        return try database.transaction { () throws(StoreError) in
            let (placement, id) = try shelf.put(text, now: now, limits: .ward)
            return (placement, id)
        }
    }

    package func removeBundle(_ id: Digest) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            try beginnings.drop(allOf: id)
            try shelf.remove(id)
        }
    }

    func settleBundle(_ id: Digest, _ state: BundleShelf.State, code: Int64 = 0) throws(StoreError) {
        try database.transaction { () throws(StoreError) in
            try shelf.settle(id, state, code: code, now: time.nowSeconds())
        }
    }

    /// Seals an answer to its device and keeps it; the bundle is done with that.
    /// - Returns: `nil` where the device's key is not known or takes nothing.
    func keepReturn(
        _ blocks: Bytes, to asked: SyncRequest, request: Digest, answering bundle: Digest,
        reached: (head: UInt64, proven: UInt64)?, fileSize: Int
    ) throws(StoreError) -> (id: Digest, count: Int)? {
        guard let key = grants[asked.device]?.last?.grant.sealingKey ?? asked.sealingKey, SealedBox.accepts(key) else {
            return nil
        }
        var follows: [ReturnHead.Step] = []
        if let reached { follows = try steps(of: asked.device, to: reached) }
        let head = ReturnHead(request: request, steps: follows).encoded
        let parts = BundleSealing.parts(
            of: [head, blocks], direction: .toDevice, ward: ward, to: key, answers: bundle,
            mark: BundleHead.mark(answering: bundle, for: asked.device), fileSize: fileSize, random: random)
        guard let parts, let id = parts.first?.head.id else { return nil }
        let now = time.nowSeconds()
        try database.transaction { () throws(StoreError) in
            if let before = try shelf.answer(to: bundle) { try shelf.remove(before.id) }
            for part in parts {
                _ = try shelf.put(part, now: now, limits: BundleShelf.Limits(bundles: .max, bytes: .max, days: 1))
            }
            if let reached {
                try database.prepare("UPDATE bundles SET device=?2,position=?3,scope=?4 WHERE id=?1").bind(1, id)
                    .bind(2, asked.device.digest).bind(3, Int64(bitPattern: place(reached.proven).rawValue))
                    .bind(4, Int64(bitPattern: place(reached.head).rawValue)).run()
            }
            try shelf.settle(bundle, .done, now: now)
            try shelf.prune(.toDevice, now: now, limits: .returns)
        }
        return (id, parts.count)
    }

    /// How an answer follows on the newest earlier returns to a device: it may have applied any of these.
    private func steps(
        of device: DeviceID, to end: (head: UInt64, proven: UInt64)
    ) throws(StoreError) -> [ReturnHead.Step] {
        let statement = try database.prepare(
            "SELECT DISTINCT position,scope FROM bundles WHERE device=?1 ORDER BY position DESC LIMIT ?2"
        ).bind(1, device.digest).bind(2, Int64(ReturnHead.mostSteps))
        var found: [(position: Position, scope: Position)] = []
        while try statement.step() {
            found.append(
                (
                    Position(rawValue: UInt64(bitPattern: statement.integer(0))),
                    Position(rawValue: UInt64(bitPattern: statement.integer(1)))
                ))
        }
        var steps: [ReturnHead.Step] = []
        var left = 0
        for (position, scope) in found
        where position.index <= end.proven && place(position.index) == position && scope.index <= end.head
            && place(scope.index) == scope
        {
            let gone = scopeChange(of: device, from: scope.index, to: end.head).left.map(\.id)
            left += gone.count
            // Who is that far behind asks anew.
            guard left <= ReturnHead.mostLeft else { break }
            steps.append(
                ReturnHead.Step(
                    position: position, scope: scope,
                    path: try consistencyProof(from: position.index, to: end.proven), left: gone))
        }
        return steps
    }
}
