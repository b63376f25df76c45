// Answering: what a device lacks, frame by frame, each frame usable alone.

/// An answer that is being made: frames one after the other until the last.
package struct WardAnswer: Sendable {
    let request: SyncRequest
    /// The log up to here is delivered.
    let head: UInt64
    /// What was received before.
    var received = WardCore.Received()
    var index: UInt64 = 0
    /// The numbers of documents that entered the scope, and the next of them to deliver.
    var entering: [Int64] = []
    var left: [Digest] = []
    var nextEntering = 0
    /// Within a document that takes several frames: the changes that were sent.
    var sentOfDocument = 0
    /// The log is delivered up to here.
    var position: UInt64
    var isFinished = false
    /// Whether the device was sent its grant.
    var grantSent = false
    /// Payload that was handed out so far.
    var payload = 0
    /// When the first frame was made, seconds since 1970.
    var began: Int64?
    /// Whose cards the device lacks beside those of authors.
    var team: [DeviceID] = []
    /// The entries that say what the device oversees, where it asked for all of it, and the next of them.
    var overseen: [UInt64] = []
    var nextOverseen = 0
    /// Entries on change sets that the device sent again and that it is past: they are repeated.
    var again: [UInt64] = []
    /// The device has seen more of the log than there is.
    var isBehind = false
    /// Another device goes on as this one.
    var isSucceeded = false
    /// Set where the device begins with nothing and takes states.
    var cold: ColdStart?
    var histories = Histories()
    /// Whose cards are in its frames so far.
    var introduced: Set<DeviceID> = []
    /// The size of the log that the first frame's checkpoint is of.
    var provenSize: UInt64 = 0

    /// The cursor that names an entering document as whole.
    func cursor(at place: Int) -> UInt64 { cold?.cursor(entering[place], at: place) ?? UInt64(entering[place]) }
}

extension WardCore {
    /// The most payload of one answer frame before compression.
    static let framePayload = 48 * 1024
    static let frameChanges = 400
    /// After so much payload an answer ends and the device asks for the rest: what is cut on the way is then little,
    /// and no answer outgrows what a device takes in one piece.
    static let answerPayload = 8 * 1024 * 1024
    /// And after so many seconds, well before the server breaks off an answer that takes too long (`docs/limits.md`): on a
    /// slow link each answer then ends in order.
    static let answerSeconds: Int64 = 150
    /// The most documents that one frame says to have left.
    static let frameLeft = 1_000
    /// The most cards of a team in one frame.
    static let frameCards = 200

    /// Prepares the answer to a request: decides what entered and left the device's scope.
    package func beginAnswer(_ request: SyncRequest) throws(SyncRefusal) -> WardAnswer {
        let present = tree.size
        guard request.position.epoch <= epoch, request.position.index <= present, request.scope.index <= present else {
            var answer = WardAnswer(request: request, head: present, position: present)
            answer.isBehind = true
            return answer
        }
        // A device whose key was given up goes on with nothing: it is told all of its own.
        let isSucceeded = isSucceeded(request.device)
        let wasCut = !isSucceeded && request.backfill != .start && request.backfill.index <= present
        let resumes = wasCut && mayResume(request)
        let head = resumes ? request.backfill.index : present
        var answer = WardAnswer(
            request: request, head: max(head, request.position.index),
            position: request.position.index)
        answer.isSucceeded = isSucceeded
        if isSucceeded { return answer }
        // What came before the cut and is none of the device's business any more.
        if wasCut, !resumes {
            answer.left = scopeChange(of: request.device, from: request.backfill.index, to: answer.head).left.map(\.id)
        }
        answer.team = team(for: request, at: answer.head)
        if request.wishes.contains(.oversight) {
            try reading { () throws(StoreError) in
                answer.overseen = try overseen(
                    by: oversight(of: request.device, at: answer.head), upTo: answer.head)
            }
        }
        if beginsCold(request) { try reading { () throws(StoreError) in try beginCold(&answer, resumes: resumes) } }
        if answer.cold != nil { return answer }
        if !resumes { beginHistories(&answer) }
        // A device that goes back to the beginning of the log holds what it was delivered before.
        if request.position.index > 0 || request.scope.index > 0 {
            let change = scopeChange(of: request.device, from: request.scope.index, to: answer.head)
            answer.entering = change.entered.filter {
                $0.created <= request.position.index && (!resumes || UInt64($0.number) > request.backfillCursor)
            }.map(\.number)
            let named = Set(answer.left)
            answer.left += change.left.map(\.id).filter { !named.contains($0) }
        }
        return answer
    }

    /// Whether a device goes on with the documents that entered its scope as of where an earlier answer began. Not where
    /// it was granted or denied anything since: nobody reads by what they had once.
    private func mayResume(_ request: SyncRequest) -> Bool {
        if planted(.resumesUnderOldGrant) { return true }
        return grants[request.device]?.last.map { $0.position <= request.backfill.index } ?? true
    }

    /// The ward's word on change sets that a device sent though it is past that word: a restore took it back.
    func repeatedWords(_ sequences: [UInt64], of request: SyncRequest) throws(StoreError) -> [UInt64] {
        guard epoch > 0, !sequences.isEmpty else { return [] }
        let number = try tables.deviceNumber(request.device)
        var found: Set<UInt64> = []
        for sequence in sequences {
            guard let stored = try tables.change(device: number, sequence: sequence) else { continue }
            if logged(stored) <= request.position.index { found.insert(logged(stored)) }
        }
        return found.sorted()
    }

    /// The log's head as authors name it.
    package func headMark() throws(StoreError) -> SeenMark {
        SeenMark(position: place(tree.size), root: try root(at: tree.size) ?? 0)
    }

    /// Every document's state, in the order of their creation.
    package func snapshotStates() throws(StoreError) -> [DocumentState] {
        var states: [DocumentState] = []
        for document in documents.values.sorted(by: { $0.number < $1.number }) {
            if let state = try state(of: document) { states.append(state) }
        }
        return states
    }

    /// What fails in the store is noted and refused.
    private func reading(_ body: () throws(StoreError) -> Void) throws(SyncRefusal) {
        do throws(StoreError) { try body() } catch {
            note(error)
            throw SyncRefusal(of: error)
        }
    }

    /// The next frame, still to be signed; `nil` after the last.
    package func nextFrame(_ answer: inout WardAnswer) throws(StoreError) -> SyncAnswer? {
        if answer.isFinished { return nil }
        var frame = SyncAnswer()
        frame.index = answer.index
        frame.serverTime = wardTime
        frame.backedUp = backedUp
        if answer.isBehind { return try admitBehind(&answer, frame) }
        if answer.index == 0 {
            try prove(answer.request, in: &frame)
            answer.provenSize = tree.size
        }
        answer.index += 1
        let withOwn = answer.request.wishes.contains(.ownChanges)
        var sink = FrameSink(core: self, device: answer.request.device, withOwn: withOwn)
        if answer.isSucceeded {
            try deliverOwn(&answer, &frame, &sink)
            frame.changes = sink.changes
            frame.entries = sink.entries
            frame.cards = sink.cards(with: [], after: &answer.introduced)
            frame.disclosures = sink.disclosures
            return frame
        }
        if answer.team.count > Self.frameCards {
            try introduce(&answer, &frame)
            return frame
        }
        if answer.left.count > Self.frameLeft {
            // The last of them go with the log, which then says as of where.
            try repeatPlace(of: answer.request, in: &frame)
            frame.left = Array(answer.left.prefix(Self.frameLeft))
            answer.left.removeFirst(Self.frameLeft)
        } else if answer.nextOverseen < answer.overseen.count {
            try oversee(&answer, &frame, &sink)
        } else if answer.histories.next < answer.histories.asked.count {
            try deliverHistories(&answer, &frame, &sink)
        } else if answer.cold != nil, answer.nextEntering < answer.entering.count {
            try deliverStates(&answer, &frame, &sink)
        } else if answer.nextEntering < answer.entering.count {
            try deliverEntering(&answer, &frame, &sink)
        } else {
            try deliverLog(&answer, &frame, &sink)
        }
        frame.changes = sink.changes
        frame.entries = sink.entries
        frame.receipts = sink.receipts
        frame.proofs?.leaveOut(entriesOf: sink.receipts)
        frame.cards = sink.cards(with: answer.team, after: &answer.introduced)
        answer.team = []
        frame.disclosures = sink.disclosures
        frame.compacted.erased = sink.erased
        answer.payload += sink.payload + frame.compacted.packed.count
        // Not within a document that takes several frames, which would begin again with the next answer.
        let now = time.nowSeconds()
        let began = answer.began ?? now
        answer.began = began
        let isLong = answer.payload >= answerLimit || now - began >= Self.answerSeconds
        if !answer.isFinished, isLong, answer.sentOfDocument == 0 { try end(&answer, &frame) }
        // With the frame that says as of where: a device that was revoked and has a grant again knows which came last.
        let isAsOfHead = frame.scope == place(answer.head) || frame.backfill == place(answer.head)
        if !answer.grantSent, isAsOfHead, let record = grantRecord(answer.request.device, at: answer.head),
            record.revokedAfter == nil,
            record.position > answer.request.scope.index || answer.request.scope == .start
        {
            frame.grant = record.grant.signed(by: keys.signing, ward: ward, scheme: scheme)
            answer.grantSent = true
        }
        return frame
    }

    /// Lets a frame repeat where the device stands: neither its place in the log nor its scope moves.
    func repeatPlace(of request: SyncRequest, in frame: inout SyncAnswer) throws(StoreError) {
        let position = request.position.index
        frame.upTo = SeenMark(position: place(position), root: try root(at: position) ?? 0)
        frame.scope = request.scope
        frame.backfill = request.backfill
        frame.backfillCursor = request.backfillCursor
    }

    /// Begins a frame of documents that entered the scope; the device's position does not move.
    func beginEntering(_ answer: WardAnswer, _ frame: inout SyncAnswer) throws(StoreError) {
        try repeatPlace(of: answer.request, in: &frame)
        frame.backfill = place(answer.head)
        if answer.nextEntering > 0 { frame.backfillCursor = answer.cursor(at: answer.nextEntering - 1) }
    }

    /// Documents that entered the scope, whole up to the device's position; to a device that begins with nothing, whole
    /// up to the head or as states.
    func deliverEntering(_ answer: inout WardAnswer, _ frame: inout SyncAnswer, _ sink: inout FrameSink)
        throws(StoreError)
    {
        try beginEntering(answer, &frame)
        let (request, cold) = (answer.request, answer.cold)
        if cold != nil { frame.compacted.asOf = place(answer.head) }
        let position = cold == nil ? request.position.index : answer.head
        while answer.nextEntering < answer.entering.count {
            // What goes first has frames of its own.
            if let cold, answer.nextEntering == cold.first, !sink.changes.isEmpty, sink.states.isEmpty { return }
            if let document = documentsByNumber[answer.entering[answer.nextEntering]] {
                if let cold, answer.sentOfDocument == 0,
                    let state = try settledState(of: document, cold, request.device)
                {
                    guard sink.add(state, of: document, room: cold.room) else { return }
                } else {
                    guard try deliverWhole(document, upTo: position, &answer, &frame, &sink) else { return }
                }
                frame.backfillCursor = answer.cursor(at: answer.nextEntering)
            }
            answer.nextEntering += 1
            if sink.isFull(sink.states.isEmpty ? Self.framePayload : Self.besideStates, Self.frameChanges) { return }
        }
    }

    /// The accepted change sets of a document up to a position, in the order of the log.
    func acceptedChanges(of document: WardDocument, upTo position: UInt64) throws(StoreError) -> [LogTables.Stored] {
        var found = try tables.changes(document: document.number)
        for item in document.unlisted {
            if let stored = try tables.change(device: item.device, sequence: item.sequence),
                !found.contains(where: { $0.change.id == stored.change.id })
            {
                found.append(stored)
            }
        }
        return found.filter { $0.verdict == .accepted && logged($0) <= position }
            .sorted { $0.position < $1.position }
    }

    /// The log from the device's position on, as far as it concerns the device.
    private func deliverLog(_ answer: inout WardAnswer, _ frame: inout SyncAnswer, _ sink: inout FrameSink)
        throws(StoreError)
    {
        var view = ScopeView(scope(of: answer.request.device, at: answer.head))
        let own = Int32(truncatingIfNeeded: try tables.deviceNumber(answer.request.device))
        let isCompact = answer.request.wishes.isDisjoint(with: [.fullEntries, .ownChanges])
        // Its predecessors' change sets are in its store too: it is told what becomes of those that did not count.
        let formers = Set(
            try persons.predecessors(of: answer.request.device).map { device throws(StoreError) in
                Int32(truncatingIfNeeded: try tables.deviceNumber(device))
            })
        let (index, documents) = (index, documentsByNumber)
        let oversight = oversight(of: answer.request.device, at: answer.head)
        let holdsStates = answer.request.wishes.contains(.holdsStates) && answer.cold == nil
        // Documents on which the device did something that counts, and that it may not see.
        var outside: Set<Digest> = []
        while let known = answer.again.first, !sink.isFull(Self.framePayload, Self.frameChanges) {
            guard let bytes = try entry(at: known) else { throw StoreError(.damaged, "entry \(known)") }
            guard try sink.add(bytes, at: known, isOwn: true, change: nil) else { break }
            let place = Int(known) - 1
            if Self.accepts(index.numbers[place]), !view.contains(index.documents[place], of: documents),
                let document = documents[Int64(index.documents[place])]
            {
                outside.insert(document.id)
            }
            answer.again.removeFirst()
        }
        var reached = answer.position
        while reached < answer.head {
            let place = Int(reached)
            let number = index.numbers[place]
            let isOwn = index.devices[place] == own
            let isNews = isOwn ? number != 5 : Self.accepts(number) && answer.cold == nil
            if number == 7, holdsStates, view.contains(index.documents[place], of: documents),
                let document = documents[Int64(index.documents[place])]
            {
                sink.erased.append(document.id)
            }
            // Those who work for the ward hold the proof that somebody was revoked.
            if !isOwn, number == 6, view.scope.role.readsItsAreas, !view.scope.isEmpty {
                guard let bytes = try entry(at: reached + 1) else { throw StoreError(.damaged, "entry \(reached + 1)") }
                sink.addNotice(bytes, at: reached + 1)
            } else if number == 10 || (number == 2 || number == 3) && formers.contains(index.devices[place]) {
                guard let bytes = try entry(at: reached + 1) else { throw StoreError(.damaged, "entry \(reached + 1)") }
                if number != 10 || concerns(bytes, answer.request.device) || tells(bytes, to: oversight) {
                    sink.addNotice(bytes, at: reached + 1)
                }
            } else if !isOwn, !oversight.isEmpty, try isOverseen(number, at: reached + 1, by: oversight) {
                guard try sink.addOverseen(at: reached + 1) else { break }
            } else if !isOwn, number == 7 {
                // Whoever holds the document erases with the ward.
                let isDelivered = answer.cold == nil && view.contains(index.documents[place], of: documents)
                if isDelivered || oversight.readsHeld,
                    let bytes = try entry(at: reached + 1)
                {
                    sink.addNotice(bytes, at: reached + 1)
                }
            } else if !isOwn, number == 4 || number == 9, oversight.readsHeld,
                answer.cold != nil || !view.contains(index.documents[place], of: documents)
            {
                // It is held no more, wherever it belongs.
                guard try sink.addNoMoreHeld(at: reached + 1) else { break }
            } else if isNews && (isOwn || view.contains(index.documents[place], of: documents)) {
                if isOwn, number == 1, isCompact {
                    try sink.addReceipt(at: reached + 1)
                } else {
                    let known = recent.item(at: reached + 1)
                    var stored = known?.bytes
                    if stored == nil { stored = try entry(at: reached + 1) }
                    guard let bytes = stored else { throw StoreError(.damaged, "entry \(reached + 1)") }
                    guard try sink.add(bytes, at: reached + 1, isOwn: isOwn, change: known?.change) else { break }
                }
                if isOwn, Self.accepts(number), !view.contains(index.documents[place], of: documents),
                    let document = documents[Int64(index.documents[place])]
                {
                    outside.insert(document.id)
                }
            }
            reached += 1
            if sink.isFull(Self.framePayload, Self.frameChanges) { break }
        }
        answer.position = reached
        frame.upTo = SeenMark(
            position: place(answer.position), root: try root(at: answer.position) ?? 0)
        frame.scope = place(answer.head)
        frame.left = answer.left + outside.subtracting(answer.left).sorted()
        answer.left = []
        guard answer.position >= answer.head, answer.again.isEmpty else { return }
        try end(&answer, &frame)
    }

    /// Makes a frame the last of its answer; it says whether there is more to ask for.
    private func end(_ answer: inout WardAnswer, _ frame: inout SyncAnswer) throws(StoreError) {
        frame.flags.insert(.last)
        frame.needs = try needs(
            of: answer.request.device, besideOthers: answer.request.wishes.contains(.filesBesideOthers))
        if answer.position < tree.size { frame.flags.insert(.more) }
        if answer.received.isExplicitNeeded { frame.flags.insert(.explicit) }
        frame.need = answer.received.need
        answer.isFinished = true
    }

    /// Whether an entry with this number says that a change set counts.
    static func accepts(_ number: UInt8) -> Bool { number == 1 || number == 4 || number == 9 }

    /// The entry that accepted a change set.
    func logged(_ stored: LogTables.Stored) -> UInt64 { readmitted[stored.change.dot] ?? stored.position.index }

    /// The bytes of an entry.
    func entry(at position: UInt64) throws(StoreError) -> Bytes? {
        let statement = try database.prepared("SELECT bytes FROM entries WHERE position=?1").bind(1, Int64(position))
        defer { statement.reset() }
        return try statement.step() ? statement.bytes(0) : nil
    }
}
