// One sync at the ward: blocks are taken in, then the answer goes out.

/// One sync of one device: frames in, frames out.
package final class WardSession {
    private let service: WardService
    package let request: SyncRequest
    /// The request's hash, which the answer is signed over.
    let hash: Digest
    package private(set) var received = WardCore.Received()
    private var answer: WardAnswer?
    private var outgoing: OutgoingContent?
    private var evidenceBlocks = 0
    private var hasStatement = false
    /// A statement of succession that waits for the evidence behind it.
    private var statement: Bytes?

    init(service: WardService, request: SyncRequest, hash: Digest) {
        self.service = service
        self.request = request
        self.hash = hash
    }

    /// Up to where the answer tells, once its first frame was made: the position whose scope it delivers, and the size
    /// of the log that its proofs lead to.
    var reached: (head: UInt64, proven: UInt64)? { answer.map { ($0.head, $0.provenSize) } }

    /// Goes on from an earlier request of the same bundle: one answer says what became of both.
    func goOn(from earlier: WardSession) { received.add(earlier.received) }

    /// What the request says that it brings is there, and counts before what follows. Without it the ward would decide
    /// anew what it decided before, or take a device for somebody else.
    private func settleBrought() throws(SyncRefusal) {
        guard evidenceBlocks >= request.wishes.evidenceBlocks,
            hasStatement || !request.wishes.contains(.succession)
        else { throw SyncRefusal(.malformed) }
        guard let statement else { return }
        try succeed(statement)
        self.statement = nil
    }

    /// Receives a frame of change sets. When it returned, what it held is durable and decided.
    package func receive(_ frame: Bytes) throws(SyncRefusal) {
        if received.need != 0 || received.retrySeconds != 0 { return }
        try service.checkStore()
        try settleBrought()
        if request.wishes.contains(.succession), service.role(of: request.device) == nil {
            throw SyncRefusal(.unknownDevice)
        }
        let unpacked: [FramedChange]
        do {
            let opened = try OpenedFrame(frame, dictionary: FrameDictionary.named, sender: request.device)
            let references = opened.references
            let known =
                service.withMemory { core in core.lookInMemory(up: references) }
                ?? service.withCore { core in core.look(up: references) }
            unpacked = try known.unpack(opened)
        } catch { throw SyncRefusal(error.code == .tooLarge ? .tooLarge : .malformed) }
        let batch = verified(unpacked)
        if batch.count < unpacked.count { received.isExplicitNeeded = true }
        do {
            let part = try service.withCore { (core: WardCore) throws(StoreError) in
                let taken = try core.withinIntake(batch, from: request.device)
                var part = try core.receive(Array(batch.prefix(taken)), from: request.device)
                core.noteIntake(of: request.device)
                if taken < batch.count { part.retrySeconds = core.intakeLimits?.retrySeconds ?? 0 }
                return part
            }
            received.add(part)
        } catch {
            service.note(error)
            throw SyncRefusal(of: error)
        }
    }

    /// Takes a part of a file. When it returned, the part is durable, unless the ward does not want it.
    package func receivePart(_ payload: Bytes) throws(SyncRefusal) {
        try service.checkStore()
        guard let part = ContentPart(decoding: payload) else { throw SyncRefusal(.malformed) }
        do {
            let device = request.device
            let taken = try service.withCore { (core: WardCore) throws(StoreError) in
                try core.take(part, from: device)
            }
            if taken == .added || taken == .completed { received.partBytes += part.bytes.count }
            if taken == .completed { received.files += 1 }
        } catch {
            service.note(error)
            throw SyncRefusal(of: error)
        }
    }

    /// Takes what the device asks for; it follows the answer.
    package func receiveWish(_ payload: Bytes) throws(SyncRefusal) {
        guard outgoing == nil, let wish = ContentWish(decoding: payload) else { throw SyncRefusal(.malformed) }
        outgoing = OutgoingContent(wish)
    }

    /// Takes any block that follows the request.
    package func receive(_ block: Block) throws(SyncRefusal) {
        switch block.kind {
        case .frame: try receive(block.payload)
        case .evidence: try receiveEvidence(block.payload)
        case .succession: try receiveSuccession(block.payload)
        case .part: try receivePart(block.payload)
        case .wish: try receiveWish(block.payload)
        case .request, .answer, .refusal: throw SyncRefusal(.malformed)
        }
    }

    /// The next block of the answer: its frames, then what the device asked for; `nil` after the last.
    package func nextBlock() throws(SyncRefusal) -> Block? {
        if let frame = try nextFrame() { return Block(.answer, frame) }
        return try nextPart().map { Block(.part, $0) }
    }

    /// Whether the device asked for content, which follows the answer.
    package var hasWish: Bool { outgoing != nil }

    /// The next part of what the device asked for, after the last frame; `nil` after the last.
    package func nextPart() throws(SyncRefusal) -> Bytes? {
        let (device, service) = (request.device, service)
        do {
            return try outgoing?.next { root, range throws(StoreError) in
                try service.withCore { (core: WardCore) throws(StoreError) in
                    try core.content(root, range, for: device)
                }
            }
        } catch {
            service.note(error)
            throw SyncRefusal(of: error)
        }
    }

    /// Takes the statement that the device goes on as another one.
    package func receiveSuccession(_ payload: Bytes) throws(SyncRefusal) {
        try service.checkStore()
        guard request.wishes.contains(.succession) else { throw SyncRefusal(.malformed) }
        // What the ward once said of both devices comes before the word that one goes on as the other.
        if evidenceBlocks < request.wishes.evidenceBlocks { statement = payload } else { try succeed(payload) }
        hasStatement = true
    }

    private func succeed(_ statement: Bytes) throws(SyncRefusal) {
        try service.withCore { (core: WardCore) throws(SyncRefusal) in
            try core.succeed(statement, asking: request.device)
        }
    }

    /// Takes a frame of an older answer that the device kept, after a restore. What is in it counts again.
    package func receiveEvidence(_ payload: Bytes) throws(SyncRefusal) {
        try service.checkStore()
        evidenceBlocks += 1
        guard let evidence = try service.evidence(payload) else { return }
        do {
            let newer = try service.withCore { (core: WardCore) throws(StoreError) in
                try core.take(evidence, from: request.device)
                return core.newer
            }
            service.note(newer: newer)
        } catch {
            service.note(error)
            throw SyncRefusal(of: error)
        }
    }

    /// The device's change sets up to the first one that is not one or does not verify.
    private func verified(_ unpacked: [FramedChange]) -> [ChangeSet] {
        var changes: [ChangeSet] = []
        changes.reserveCapacity(unpacked.count)
        for item in unpacked {
            guard case .change(let change) = item, change.header.device == request.device, change.fitsColumns else {
                break
            }
            changes.append(change)
        }
        let sound = service.verification.prefix(of: changes, ward: service.ward, scheme: service.scheme)
        changes.removeLast(changes.count - sound)
        return changes
    }

    /// The next frame of the answer; `nil` after the last.
    package func nextFrame() throws(SyncRefusal) -> Bytes? {
        try service.checkStore()
        if answer == nil {
            try settleBrought()
            answer = try service.withCore { (core: WardCore) throws(SyncRefusal) in
                do throws(StoreError) {
                    try core.answerAndReact()
                    try core.renewGrant(of: request.device)
                } catch {
                    core.note(error)
                    throw SyncRefusal(of: error)
                }
                // What it brought after a restore did not hold its grant.
                if core.isUnknown(request.device) { try core.admitUnknown(request) }
                var answer = try core.beginAnswer(request)
                do throws(StoreError) { answer.again = try core.repeatedWords(received.known, of: request) } catch {
                    core.note(error)
                    throw SyncRefusal(of: error)
                }
                return answer
            }
            answer?.received = received
        }
        guard var working = answer else { return nil }
        do {
            let request = request
            let (frame, descriptor) = try service.withCore { (core: WardCore) throws(StoreError) in
                let frame = try core.nextFrame(&working)
                // A device that lacks the newest keys is given them with what they sign.
                return (frame, core.needsDescriptor(request) ? core.descriptor : nil)
            }
            answer = working
            return frame?.signed(
                for: hash, by: service.signingKey, ward: service.ward, scheme: service.scheme,
                dictionary: FrameDictionary.current, descriptor: descriptor)
        } catch {
            service.note(error)
            throw SyncRefusal(of: error)
        }
    }
}

extension WardCore.Received {
    mutating func add(_ other: WardCore.Received) {
        accepted += other.accepted
        held += other.held
        refused += other.refused
        duplicates += other.duplicates
        known += other.known
        if other.need != 0 { need = other.need }
        if other.isExplicitNeeded { isExplicitNeeded = true }
        if other.retrySeconds != 0 { retrySeconds = other.retrySeconds }
        partBytes += other.partBytes
        files += other.files
    }
}
