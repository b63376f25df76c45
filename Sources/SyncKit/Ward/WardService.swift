// The ward for many callers at once: signatures are verified outside of the lock, decisions are made inside.

import Synchronization

/// A ward that several connections use at the same time. One lock guards the core; what costs most, verifying
/// signatures, happens before it is taken.
package final class WardService: Sendable {
    private let core: CoreLock
    let verification = VerificationPool()
    private let fault = Mutex<StoreError?>(nil)
    private let newer: Mutex<Checkpoint?>
    package let ward: Digest
    let scheme: any SignatureScheme
    let signingKey: SigningKey
    /// What evidence is sealed to, and whose signature it has: the present keys and earlier ones.
    let sealingKeys: [SealingKey]
    let evidenceKeys: [Digest]
    private let doubtfulKeys: [Digest]

    /// Takes the core over; nobody else uses it from then on.
    package init(_ core: sending WardCore) {
        ward = core.ward
        scheme = core.scheme
        signingKey = core.keys.signing
        sealingKeys = core.keys.openers(of: nil)
        evidenceKeys = core.keys.trustedSigningKeys
        doubtfulKeys = core.keys.compromised.sorted()
        newer = Mutex(core.newer)
        self.core = CoreLock(core)
    }

    /// Uses the core alone.
    package func withCore<Result, Failure: Error>(_ body: (WardCore) throws(Failure) -> sending Result)
        throws(Failure) -> sending Result
    {
        try core.withLock { (core: WardCore) throws(Failure) in
            defer { if let broken = core.fault { note(broken) } }
            return try body(core)
        }
    }

    /// Looks at what the core holds in memory, also while a commit of somebody else waits for the disk.
    func withMemory<Result, Failure: Error>(_ body: (WardCore) throws(Failure) -> sending Result)
        throws(Failure) -> sending Result
    {
        try core.withMemory(body)
    }

    /// Why the ward answers nobody any more; `nil` while its store is sound.
    package var storeFault: StoreError? { fault.withLock { $0 } }

    fileprivate func note(newer checkpoint: Checkpoint?) {
        if let checkpoint { newer.withLock { $0 = checkpoint } }
    }

    /// Remembers a failure of the store after which nothing is answered: what can be read may not be what was written.
    package func note(_ error: StoreError) {
        guard error.code == .io || error.code == .damaged else { return }
        fault.withLock { if $0 == nil { $0 = error } }
    }

    /// A checkpoint that the ward signed and its log does not go on from. Then nobody is answered: what would be
    /// accepted now would have to give way to what was accepted before.
    package var newerCheckpoint: Checkpoint? { newer.withLock { $0 } }

    /// What a device kept of the ward's own words; `nil` for what is signed with a key that somebody else may have,
    /// which proves nothing.
    fileprivate func evidence(_ payload: Bytes) throws(SyncRefusal) -> Evidence? {
        do throws(SyncRefusal) {
            return try Evidence(
                opening: payload, with: sealingKeys, ward: ward, keys: evidenceKeys, scheme: scheme)
        } catch {
            let isDoubtful =
                !doubtfulKeys.isEmpty
                && (try? Evidence(
                    opening: payload, with: sealingKeys, ward: ward, keys: doubtfulKeys, scheme: scheme)) != nil
            if isDoubtful { return nil }
            throw error
        }
    }

    func checkStore() throws(SyncRefusal) {
        if storeFault != nil { throw SyncRefusal(.storeFault) }
        if newerCheckpoint != nil { throw SyncRefusal(.unavailable) }
    }

    /// Begins a sync: checks who asks.
    /// - Parameter admitting: asked before a device that the ward does not know is admitted.
    package func begin(_ request: Bytes, admitting: () throws(SyncRefusal) -> Void = {}) throws(SyncRefusal)
        -> WardSession
    {
        try checkStore()
        let parsed = try SyncRequest(verifying: request, ward: ward, scheme: scheme)
        let isKnown = try withMemory { (core: WardCore) throws(SyncRefusal) in
            try core.checkPosition(parsed)
            guard let first = core.grants[parsed.device]?.first, first.position <= core.durableSize else {
                return false
            }
            try core.checkIn(parsed)
            return true
        }
        if !isKnown, role(of: parsed.device) == nil { try admitting() }
        if !isKnown { try withCore { (core: WardCore) throws(SyncRefusal) in try core.checkIn(parsed) } }
        return WardSession(service: self, request: parsed, hash: Blake2b.hash(request))
    }

    /// Redeems an invitation.
    package func join(_ request: Bytes) throws(SyncRefusal) -> Bytes {
        try checkStore()
        let parsed = try JoinRequest(verifying: request, ward: ward, scheme: scheme)
        return try withCore { (core: WardCore) throws(SyncRefusal) in try core.redeem(parsed) }
    }
}

extension WardCore {
    /// Whether a device may sync: it is known or can be admitted, and the request is a new one.
    package func checkIn(_ request: SyncRequest) throws(SyncRefusal) {
        if let last = serials[request.device], request.serial <= last {
            throw SyncRefusal(.staleRequest, number: last)
        }
        if grants[request.device] == nil, request.wishes.isDisjoint(with: [.evidence, .succession]) {
            try admitUnknown(request)
        }
        serials[request.device] = request.serial
        noteContact(request)
    }

    /// Admits a device that nobody granted anything as a resident's, where it says how to seal to it.
    func admitUnknown(_ request: SyncRequest) throws(SyncRefusal) {
        guard let sealing = request.sealingKey else { throw SyncRefusal(.unknownDevice) }
        try admitResident(request.device, sealingKey: sealing)
    }
}

/// One sync of one device: frames in, frames out.
package final class WardSession {
    private let service: WardService
    package let request: SyncRequest
    /// The request's hash, which the answer is signed over.
    let hash: Digest
    package private(set) var received = WardCore.Received()
    private var answer: WardAnswer?

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

    /// Receives a frame of change sets. When it returned, what it held is durable and decided.
    package func receive(_ frame: Bytes) throws(SyncRefusal) {
        if received.need != 0 || received.retrySeconds != 0 { return }
        try service.checkStore()
        if request.wishes.contains(.succession), service.role(of: request.device) == nil {
            throw SyncRefusal(.unknownDevice)
        }
        let unpacked: [FramedChange]
        do {
            let opened = try OpenedFrame(frame, dictionary: FrameDictionary.named)
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
            throw SyncRefusal(.storeFault)
        }
    }

    /// Takes the statement that the device goes on as another one.
    package func receiveSuccession(_ payload: Bytes) throws(SyncRefusal) {
        try service.checkStore()
        guard request.wishes.contains(.succession) else { throw SyncRefusal(.malformed) }
        try service.withCore { (core: WardCore) throws(SyncRefusal) in
            try core.succeed(payload, asking: request.device)
        }
    }

    /// Takes a frame of an older answer that the device kept, after a restore. What is in it counts again.
    package func receiveEvidence(_ payload: Bytes) throws(SyncRefusal) {
        try service.checkStore()
        guard let evidence = try service.evidence(payload) else { return }
        do {
            let newer = try service.withCore { (core: WardCore) throws(StoreError) in
                try core.take(evidence, from: request.device)
                return core.newer
            }
            service.note(newer: newer)
        } catch {
            service.note(error)
            throw SyncRefusal(.storeFault)
        }
    }

    /// The device's change sets up to the first one that is not one or does not verify.
    private func verified(_ unpacked: [FramedChange]) -> [ChangeSet] {
        var changes: [ChangeSet] = []
        changes.reserveCapacity(unpacked.count)
        for item in unpacked {
            guard case .change(let change) = item, change.header.device == request.device else { break }
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
            answer = try service.withCore { (core: WardCore) throws(SyncRefusal) in
                do throws(StoreError) {
                    try core.answerAndReact()
                    try core.renewGrant(of: request.device)
                } catch {
                    core.note(error)
                    throw SyncRefusal(.storeFault)
                }
                // What it brought after a restore did not hold its grant.
                if core.grants[request.device] == nil { try core.admitUnknown(request) }
                var answer = try core.beginAnswer(request)
                do throws(StoreError) { answer.again = try core.repeatedWords(received.known, of: request) } catch {
                    core.note(error)
                    throw SyncRefusal(.storeFault)
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
            throw SyncRefusal(.storeFault)
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
    }
}
