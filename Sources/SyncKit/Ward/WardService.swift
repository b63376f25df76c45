// The ward for many callers at once: signatures are verified outside of the lock, decisions are made inside.

import Synchronization

/// A ward that several connections use at the same time. One lock guards the core; what costs most, verifying
/// signatures, happens before it is taken.
package final class WardService: Sendable {
    private let core: CoreLock
    let verification = VerificationPool()
    /// The bundles that are being taken at this moment.
    let opening = Monitor<Set<Digest>>([])
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

    func note(newer checkpoint: Checkpoint?) {
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
    func evidence(_ payload: Bytes) throws(SyncRefusal) -> Evidence? {
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
        if isStale(request) { throw SyncRefusal(.staleRequest, number: serials[request.device] ?? 0) }
        try letIn(request)
        serials[request.device] = request.serial
        noteContact(request)
    }

    /// Whether a request's serial is not above the last one's, or too far above it. The device goes on from that one's.
    func isStale(_ request: SyncRequest) -> Bool {
        let last = serials[request.device]
        return last.map { request.serial <= $0 } ?? false
            || request.serial > (last ?? 0).addingReportingOverflow(SyncRequest.maxSerialStep).partialValue
    }

    /// Admits an unknown device, unless what it brings may tell who it is.
    func letIn(_ request: SyncRequest) throws(SyncRefusal) {
        if isUnknown(request.device), request.wishes.isDisjoint(with: [.evidence, .succession]) {
            try admitUnknown(request)
        }
    }

    /// Whether the ward knows nothing of a device. One that another goes on as is known by that: it is told of its own.
    func isUnknown(_ device: DeviceID) -> Bool { grants[device] == nil && !persons.isSucceeded(device) }

    /// Admits a device that nobody granted anything as a resident's, where it says how to seal to it.
    func admitUnknown(_ request: SyncRequest) throws(SyncRefusal) {
        guard let sealing = request.sealingKey else { throw SyncRefusal(.unknownDevice) }
        try admitResident(request.device, sealingKey: sealing)
    }
}
