// Applying what the ward sent: a frame is applied wholly, with the position in the same transaction, or not at all.

extension Replica {
    /// What a frame changed, for the report of a sync.
    package struct Applied: Sendable {
        package var accepted: [Dot] = []
        package var held: [(dot: Dot, code: RefusalCode)] = []
        package var refused: [(dot: Dot, code: RefusalCode)] = []
        package var documents: Set<Digest> = []
        /// Own change sets that were not here, and came back.
        package var recovered = 0
        package var answer = SyncAnswer()
    }

    /// Reads a frame of an answer: the ward's signature, then every author's.
    package func readAnswer(_ bytes: Bytes, to request: SignedRequest) throws(ReplicaError) -> SyncAnswer {
        let decoder = FrameDecoder(dictionary: FrameDictionary.named, document: { _ in nil }, previous: { _, _ in nil })
        // A ward that rotated its keys shows the root key's word on them with the first thing that they sign.
        if let news = SyncAnswer.descriptor(in: bytes) { try adopt(descriptor: news) }
        var answer: SyncAnswer
        do {
            // Only the present key answers: an earlier one may be in somebody else's hands.
            answer = try SyncAnswer(
                verifying: bytes, request: request.hash, ward: ward,
                keys: planted(.trustsRetiredKey) ? knownKeys : Array(descriptor.signingKeys.prefix(1)), scheme: scheme,
                dictionary: FrameDictionary.named, decoder: decoder)
        } catch { throw ReplicaError(.badAnswer("\(error.code)")) }
        for change in answer.changes where !change.verify(ward: ward, scheme: scheme) {
            throw ReplicaError(.badAnswer("author signature"))
        }
        if let proofs = answer.proofs, proofs.included.contains(where: \.entry.isEmpty) {
            answer.proofs = try inStore { () throws(StoreError) in try complete(proofs, of: answer) }
        }
        answer.evidence = (request, bytes)
        return answer
    }

    /// Applies a frame in one transaction.
    package func apply(_ answer: SyncAnswer) throws(ReplicaError) -> Applied {
        knownOwn = nil
        if planted(.positionBeforeCommit) {
            try inStore { () throws(StoreError) in
                try database.transaction { () throws(StoreError) in try setPosition(answer) }
            }
        }
        return try database.replicaTransaction { () throws(ReplicaError) in
            var applied = Applied()
            applied.answer = answer
            do throws(StoreError) { try self.applyInTransaction(answer, &applied) } catch {
                throw ReplicaError(.store(error))
            }
            return applied
        }
    }

    /// Applies all frames of an answer in one transaction: for one that the device gets after it went on.
    func apply(whole answers: [SyncAnswer]) throws(ReplicaError) -> [Applied] {
        knownOwn = nil
        return try database.replicaTransaction { () throws(ReplicaError) in
            var all: [Applied] = []
            for answer in answers {
                var applied = Applied()
                applied.answer = answer
                do throws(StoreError) { try self.applyInTransaction(answer, &applied) } catch {
                    throw ReplicaError(.store(error))
                }
                all.append(applied)
                self.knownOwn = nil
            }
            return all
        }
    }

    private func applyInTransaction(_ answer: SyncAnswer, _ applied: inout Applied) throws(StoreError) {
        for card in answer.cards {
            let number = try tables.deviceNumber(card.device)
            try database.prepare("UPDATE devices SET role=?2,name=?3,areas=?4 WHERE number=?1").bind(1, number)
                .bind(2, Int64(card.role.rawValue)).bind(3, card.name).bind(4, card.areas.joined(separator: "\n"))
                .run()
        }
        try beginNotingWords(ofMany: answer.changes.count + answer.compacted.states.count > 40)
        defer { notedWords = nil }
        // By their ids: of a fork, both branches may be in one frame.
        var byID: [Digest: ChangeSet] = [:]
        for change in answer.changes { byID[change.id] = change }
        var touched: [Digest: [AcceptedChange]] = [:]
        var order: [Digest] = []
        var known: Set<Digest> = []
        var anew: Set<Digest> = []
        // Of which something was erased: the files go that nothing names any more.
        var emptied: Set<Digest> = []
        let isUnconfirmed = try isScopeUnconfirmed()
        // A frame that names a scope comes after everything that entered it.
        if isUnconfirmed, answer.scope != .start { try forgetUnconfirmed() }
        // Before the entries: none of them takes away what a grant as of later gives.
        if let grant = answer.grant {
            try tables.setMeta(Key.grant, grant)
            try noteOwnGrant(asOf: max(answer.scope, answer.backfill))
        }
        try install(answer.compacted, from: answer)
        applied.documents.formUnion(answer.compacted.states.map(\.id))
        var erasures: [(dot: Dot, at: Position)] = []
        for (position, record) in try records(of: answer) {
            if case .erase(let dot, let id, _) = record.entry {
                erasures.append((dot, position))
                guard let document = try eraseValues(dot, id) else { continue }
                anew.insert(document)
                emptied.insert(document)
                if known.insert(document).inserted { order.append(document) }
                continue
            }
            guard let (dot, id) = record.entry.decided else {
                try note(record.entry, at: position)
                continue
            }
            if dot.device != device, try !isOnFormer(dot, record.entry, byID[id]),
                try oversee(record.entry, byID[id], time: record.time, at: position)
            {
                continue
            }
            if isUnconfirmed, answer.scope == .start { try confirm(dot, byID[id]) }
            let filled = isUnconfirmed ? try fill(dot, byID[id], &touched) : nil
            guard
                let document = try decide(dot, id, record.entry, at: position, byID[id], &touched, &applied) ?? filled
            else { continue }
            if known.insert(document).inserted { order.append(document) }
        }
        let emptiedBases = try eraseInBases(answer.compacted.erased, erasures)
        emptied.formUnion(emptiedBases)
        for id in try goWithoutBases(answer.compacted.whole) + emptiedBases {
            anew.insert(id)
            if known.insert(id).inserted { order.append(id) }
        }
        for id in order {
            guard let number = try tables.documentNumber(id) else { continue }
            let placement = try placement(number)
            if placement.hasLeft {
                try refresh(number, id, accepted: nil)
                continue
            }
            let accepted = try fold(number, id, touched[id] ?? [], placement, isAnew: anew.contains(id))
            let named = emptied.contains(id) ? try tables.attachments(document: number) : []
            try refresh(number, id, accepted: accepted, hidden: try isOpen(id, in: answer))
            try tables.dropUnnamed(named)
            applied.documents.insert(id)
        }
        let left = try leaving(answer)
        for id in left { try forget(id) }
        let isConfirmed = isUnconfirmed && answer.scope != .start
        if !left.isEmpty || isConfirmed { try tables.setNumber(Key.leftAsOf, answer.scope.rawValue) }
        try tables.setMeta(Key.open, answer.open?.bytes ?? [])
        for item in answer.disclosures { try keep(item) }
        if let checkpoint = answer.checkpoint { try tables.setMeta(Key.checkpoint, checkpoint) }
        if let tree = answer.proofs?.tree { try tables.setMeta(Key.tree, tree.encoded) }
        try keepReceipts(answer)
        try keepEvidence(answer)
        if !planted(.positionBeforeCommit) { try setPosition(answer) }
        try tables.setNumber(Key.need, answer.need)
        if answer.flags.contains(.last) {
            try note(needs: answer.needs)
            try dropReceived(answer.needs)
            try settleEvidence()
            try tables.setNumber(Key.lastSync, UInt64(clamping: answer.serverTime))
            try tables.setNumber(Key.skew, UInt64(bitPattern: time.nowSeconds() &- answer.serverTime))
        }
    }

    /// What goes with a frame. Of a long list most comes ahead, in frames that leave the scope as it is: it goes together
    /// with the scope, so that a device that is cut off in between lacks nothing of the scope that it names next.
    private func leaving(_ answer: SyncAnswer) throws(StoreError) -> [Digest] {
        if answer.index == 0 { try database.run("DELETE FROM leaving") }
        if answer.scope.rawValue != (try tables.number(Key.scope) ?? 0) {
            let staged = try database.prepare("SELECT id FROM leaving ORDER BY id")
            var all = answer.left
            while try staged.step() { if let id = staged.digest(0) { all.append(id) } }
            staged.reset()
            try database.run("DELETE FROM leaving")
            return all
        }
        guard answer.entries.isEmpty, answer.receipts.isEmpty, !answer.flags.contains(.last) else { return answer.left }
        for id in answer.left {
            try database.prepared("INSERT OR IGNORE INTO leaving(id) VALUES(?1)").bind(1, id).run()
        }
        return []
    }

    /// The entries of a frame and those that its receipts stand for, in the order in which they are applied.
    private func records(of answer: SyncAnswer) throws(StoreError) -> [(position: Position, record: LogRecord)] {
        var records: [(position: Position, record: LogRecord)] = []
        for entry in answer.entries {
            guard let record = try? LogRecord(decoding: entry.bytes) else { throw StoreError(.misuse, "log entry") }
            records.append((entry.position, record))
        }
        guard !answer.receipts.isEmpty else { return records }
        for run in answer.receipts {
            guard let known = try entries(of: run) else { throw StoreError(.misuse, "receipts of another chain") }
            records += known
        }
        return records.enumerated().sorted {
            $0.element.position == $1.element.position
                ? $0.offset < $1.offset : $0.element.position < $1.element.position
        }.map(\.element)
    }

    /// Whether a document goes on in the next frame, and nothing of it can be shown before.
    private func isOpen(_ id: Digest, in answer: SyncAnswer) throws(StoreError) -> Bool {
        guard answer.open == id else { return false }
        return try !hasBase(id)
    }

    private func setPosition(_ answer: SyncAnswer) throws(StoreError) {
        let present = try tables.number(Key.position) ?? 0
        if answer.upTo.position.rawValue >= present {
            let reached = planted(.seenFromServer) ? max(answer.scope, answer.upTo.position) : answer.upTo.position
            try tables.setNumber(Key.position, reached.rawValue)
            try tables.setNumber(Key.root, answer.upTo.root)
            if let ahead = try tables.number(Key.ahead), reached.rawValue >= ahead {
                try tables.removeMeta(Key.ahead)
            }
        }
        if answer.backedUp != .start { try tables.setNumber(Key.backedUp, answer.backedUp.rawValue) }
        try tables.setNumber(Key.backfill, answer.backfill.rawValue)
        try tables.setNumber(Key.cursor, answer.backfillCursor)
        try tables.setNumber(Key.scope, answer.scope.rawValue)
    }

    /// Confirms the document of a change set that was delivered within the whole scope.
    private func confirm(_ dot: Dot, _ sent: ChangeSet?) throws(StoreError) {
        if let sent { return try confirm(sent.document) }
        let stored = try tables.change(device: try tables.deviceNumber(dot.device), sequence: dot.sequence)
        if let stored { try confirm(stored.change.document) }
    }

    /// A value that was erased in a part of the log that a restore took away comes again with the whole scope, until its
    /// erasing does: the ward has it.
    /// - Returns: the document, where a change set of it has its values again.
    private func fill(
        _ dot: Dot, _ sent: ChangeSet?, _ touched: inout [Digest: [AcceptedChange]]
    ) throws(StoreError) -> Digest? {
        guard let sent, !sent.isErased, let device = try tables.knownDeviceNumber(dot.device),
            var stored = try tables.change(device: device, sequence: dot.sequence), stored.verdict == .accepted,
            stored.change.isErased, stored.change.id == sent.id
        else { return nil }
        try tables.setBody(sent, device: device)
        stored.change = sent
        if let accepted = stored.accepted { touched[sent.document, default: []].append(accepted) }
        return sent.document
    }

    /// Takes over the ward's word on one change set. The latest verdict counts; an older one changes nothing.
    /// - Returns: the document, where its accepted change sets are others than before.
    private func decide(
        _ dot: Dot, _ id: Digest, _ entry: LogEntry, at logged: Position, _ sent: ChangeSet?,
        _ touched: inout [Digest: [AcceptedChange]], _ applied: inout Applied
    ) throws(StoreError) -> Digest? {
        let device = try tables.deviceNumber(dot.device)
        var stored = try tables.change(device: device, sequence: dot.sequence)
        var position = logged
        if case .readmit(_, let place) = entry, !planted(.forgetsPlace) { position = place }
        if let other = stored, other.change.id != id {
            // The word on another copy's change set, under a number that this one gave too. Once this store goes on as
            // another device, the ward's chain of the old one has the place.
            guard dot.device != self.device, sent?.id == id else {
                if dot.device == self.device { try passOver(entry) }
                return nil
            }
            try setAside(other)
            stored = nil
        }
        if let stored {
            let isNews = stored.verdict == .pending || logged > stored.logged
            guard isNews || planted(.decisionAppliedTwice) else {
                return stored.verdict == .accepted ? try comeBack(stored, device, &touched) : nil
            }
        }
        if stored == nil, try isOtherCopys(dot, entry, sent) {
            try passOver(entry)
            return nil
        }
        guard let change = stored?.change ?? sent else {
            throw StoreError(dot.device == self.device ? .outdated : .misuse, "entry without its change set")
        }
        guard change.id == id else { throw StoreError(.misuse, "entry with another change set") }
        let verdict: StoredVerdict
        var effective = HybridTime.zero
        var outcomes: [Outcome] = []
        var code: RefusalCode?
        switch entry {
        case .accept(let acceptance), .release(let acceptance, _), .readmit(let acceptance, _):
            verdict = .accepted
            effective = acceptance.effective
            outcomes = acceptance.outcomes
            if dot.device == self.device { applied.accepted.append(dot) }
        case .hold(_, _, let reason):
            verdict = .held
            code = reason
            if dot.device == self.device { applied.held.append((dot, reason)) }
        case .refuse(_, _, let reason):
            verdict = .refused
            code = reason
            if dot.device == self.device { applied.refused.append((dot, reason)) }
        case .grant, .revoke, .erase, .move, .succession, .key: return nil
        }
        if dot.device == self.device { try dropReceipt(of: change.document, unlessAt: logged) }
        let document = try ensureDocument(
            change.document, kind: change.header.kind, creation: change.isCreation ? change.dot : nil)
        if verdict == .accepted, try makes(change, document, at: logged) {
            try noteCreation(change, document, at: logged)
        }
        if stored == nil {
            try tables.insert(
                change, device: device, document: document, verdict: verdict, position: position, logged: logged,
                effective: effective, code: code, outcomes: outcomes)
            try tables.noteChange(document: document, device: device, sequence: dot.sequence)
            if dot.device == self.device {
                try goOn(from: change)
                applied.recovered += 1
            }
        } else {
            try tables.setVerdict(
                device: device, sequence: dot.sequence, verdict: verdict, position: position, logged: logged,
                effective: effective, code: code, outcomes: outcomes)
            // After a restore the document was dropped, and made anew without it.
            try tables.noteChange(document: document, device: device, sequence: dot.sequence)
        }
        if verdict == .accepted || (planted(.refusedStillCounts) && verdict == .refused) {
            let news = AcceptedChange(
                change, position: position, logged: logged, effective: effective, outcomes: outcomes)
            if let news {
                touched[change.document, default: []].append(news)
            }
        }
        return change.document
    }

    /// Notes which change set makes a document, whole delivery of which begins with it. A document that had left is
    /// back from here on. Where a restore lets two make one, a creation and what was sent again in its place, it is the
    /// one that the log accepted first, whichever stands first in the order.
    private func noteCreation(_ change: ChangeSet, _ document: Int64, at logged: Position) throws(StoreError) {
        if !change.isCreation {
            guard change.header.reissues != nil else { return }
            let known = try placement(document).creation
            let isUnknown = known == nil
            let isFirst = try tables.changes(document: document).allSatisfy {
                $0.verdict != .accepted || $0.logged > logged
            }
            guard isFirst || isUnknown || known == change.dot else { return }
        }
        try noteMaker(change.dot, of: change.document, document)
    }

    /// A document is there, or back, by what made it.
    func noteMaker(_ dot: Dot, of id: Digest, _ number: Int64) throws(StoreError) {
        try tables.removeMeta(Key.left(id))
        try database.prepared("UPDATE documents SET creator=?2,sequence=?3,hidden=min(hidden,1) WHERE number=?1")
            .bind(1, number).bind(2, try tables.deviceNumber(dot.device)).bind(3, Int64(clamping: dot.sequence)).run()
    }

    /// Whether a change set makes its document: it is the first of it, or the one that the log accepted first of those
    /// that can. That may arrive after something that was written on the document: a copy of a store passes over what
    /// another copy did under its keys, and is sent it when it goes on under its own.
    private func makes(_ change: ChangeSet, _ document: Int64, at logged: Position) throws(StoreError) -> Bool {
        let isNew = try tables.state(document: document) == nil
        guard change.isCreation || change.header.reissues != nil else { return isNew }
        let known = try placement(document).creation
        if known == change.dot { return isNew }
        let changes = try tables.changes(document: document)
        let maker = changes.first { $0.change.dot == known && $0.verdict == .accepted }
        // What was sent again in place of an edit makes nothing.
        if let maker, maker.change.isCreation {
            return change.header.reissues == maker.change.id && logged < maker.logged
        }
        if let maker, change.isCreation { return maker.change.header.reissues != change.id || logged < maker.logged }
        if isNew, maker == nil { return true }
        return changes.allSatisfy { $0.verdict != .accepted || $0.logged > logged || $0.change.id == change.id }
    }

    /// What was accepted before arrives again: a document that had left comes back, and its own change sets are part
    /// of it again.
    /// - Returns: the document, where it is to be folded anew.
    private func comeBack(
        _ stored: LogTables.Stored, _ device: Int64, _ touched: inout [Digest: [AcceptedChange]]
    ) throws(StoreError) -> Digest? {
        let change = stored.change
        let document = try ensureDocument(
            change.document, kind: change.header.kind, creation: change.isCreation ? change.dot : nil)
        // After a restore the document was dropped, and made anew without this change set.
        let isNoted = try tables.isNoted(document: document, device: device, sequence: change.header.sequence)
        if !isNoted {
            try tables.noteChange(document: document, device: device, sequence: change.header.sequence)
            if let accepted = stored.accepted { touched[change.document, default: []].append(accepted) }
        }
        guard try tables.state(document: document) == nil else { return isNoted ? nil : change.document }
        let creation = try placement(document).creation
        if creation == nil || change.dot == creation { try noteCreation(change, document, at: stored.logged) }
        return change.document
    }

    /// The document's accepted state with the news applied, or folded anew where they come out of order.
    /// - Parameter isAnew: values of it were erased, or more of its history is here.
    private func fold(
        _ number: Int64, _ id: Digest, _ news: [AcceptedChange], _ placement: Placement, isAnew: Bool
    ) throws(StoreError) -> DocumentState? {
        let base = try base(of: id)
        // Of what the base holds, the history arrived.
        let news = base.map { base in news.filter { $0.logged > base.asOf } } ?? news
        if let base, news.contains(where: { $0.isBesideEdits(in: base.state) }), try worksForTheWard() {
            try want(historyOf: id)
        }
        let before = try tables.state(document: number)
        if news.isEmpty, before != nil, !isAnew { return before }
        if var state = before, !isAnew, state.creation == placement.creation {
            var fits = true
            for change in news {
                if !planted(.decisionAppliedTwice) {
                    guard change.position > state.lastPosition, !state.isOutOfOrder(change) else {
                        fits = false
                        break
                    }
                }
                state.apply(change)
            }
            if fits { return state }
        }
        return try foldAnew(number, id, base) ?? before
    }

    private func keep(_ item: SyncAnswer.Disclosure) throws(StoreError) {
        let value = PrivateValue.open(item.box, ward: ward, dot: item.dot, slot: item.slot, with: sealingKey)
        guard case .text(let text)? = value else { return }
        try keepDisclosure(try tables.deviceNumber(item.dot.device), item.dot.sequence, item.slot, text)
    }

    private func note(_ entry: LogEntry, at position: Position) throws(StoreError) {
        try oversee(entry, at: position)
        if case .revoke(let revoked, let last) = entry, revoked == device,
            position.rawValue > (try tables.number(Key.grantedAsOf) ?? 0)
        {
            try tables.setNumber(Key.revoked, last + 1)
            try forgetOverseen()
        }
        if case .succession(let succession) = entry { try note(succession) }
    }
}
