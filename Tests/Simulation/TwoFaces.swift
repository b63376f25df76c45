// Somebody who has the ward's keys and a copy of its store answers in its name, with a log that goes on another way.

import SyncKit

/// What a device has of the ward's word: an answer that it does not take changes none of it.
private struct Holdings: Equatable {
    var position: Position
    var checkpoint: Bytes?
    var descriptor: Bytes
    var grant: Grant?
    var verdicts: [Dot: StoredVerdict]
    var pending: Int
    var documents: [Digest: Bytes]

    init(_ device: SimulatedDevice) throws {
        let replica = device.replica
        position = try replica.seen().position
        checkpoint = try replica.tables.meta("checkpoint")
        descriptor = try replica.descriptorBytes()
        grant = try replica.grant()
        pending = try replica.pendingCount()
        verdicts = try Dictionary(uniqueKeysWithValues: device.ownChanges().map { ($0.change.dot, $0.verdict) })
        documents = [:]
        for id in try device.visible() { documents[id] = try replica.document(id)?.accepted?.canonical }
    }
}

/// Carries a device's bodies to an impostor, through the same bad network.
private struct ImpostorTransport: SyncTransport {
    let service: WardService
    var network: SimulatedTransport

    mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        let schedule = network.schedule
        // What was meant for the ward reaches it later from other hands.
        if schedule.hasFaults, schedule.chance.oneIn(4) { schedule.delayed.append(body) }
        if schedule.strikes(oneIn: 10) { throw TransportError(.unreachable) }
        let handled: Handled
        do { handled = try service.handle(body) { true } } catch { throw TransportError(.unreachable) }
        if schedule.strikes(oneIn: 10) { throw TransportError(.timedOut) }
        try network.deliver(schedule.corrupted(Bytes(handled.answer.joined())), onChunk)
    }
}

extension Schedule {
    /// Somebody copies the ward's store; or who did so before answers a device that saw more since.
    func showOtherFace(_ device: SimulatedDevice) throws {
        guard let copy = stolen, !chance.oneIn(5) else {
            stolen = server.copied() ?? stolen
            return trace("somebody copies the ward's store")
        }
        guard let kept = try device.replica.newestCheckpoint()?.position, kept > copy.end,
            let service = try server.impostor(of: copy)
        else { return }
        // Shorter than what the device saw, as long, or longer.
        let size = chance.oneIn(3) ? copy.end.index : kept.index + UInt64(chance.below(4))
        try goOn(service, toSize: size)
        count(.otherFaceShown)
        trace("\(device.name), at \(kept), meets another face that went on from \(copy.end)")
        try meet(service, with: copy.keys, device)
    }

    /// Goes on with entries that the ward does not have.
    func goOn(_ service: WardService, toSize size: UInt64) throws {
        try service.withCore { (core: WardCore) throws(StoreError) in
            while core.size < size {
                var draft = ChangeSetDraft(kind: .notice)
                draft.perform(.set(Slot(field: NoticeField.title)), .text("Sổ khác \(core.size)"))
                _ = try core.author([draft])
            }
        }
    }

    /// A device asks an impostor, with whatever the network and its disk do to it: it takes nothing, and where it hears
    /// enough it says why.
    /// - Returns: whether it noticed; false where it did not hear enough, or was refused.
    @discardableResult
    private func meet(_ service: WardService, with keys: WardKeys, _ device: SimulatedDevice) throws -> Bool {
        let before = try Holdings(device)
        let faults = device.gate.faults
        wasCorrupted = false
        if hasFaults, device.canCrash, chance.oneIn(10) { device.gate.arm(.crash, after: chance.below(3)) }
        if hasFaults, chance.oneIn(10) { device.gate.arm(.fault, after: chance.below(3)) }
        var hasNoticed = false
        var client = SyncClient(device.replica)
        var transport = ImpostorTransport(
            service: service, network: SimulatedTransport(schedule: self, device: device))
        do {
            try client.run(&transport)
            throw fail("\(device.name) takes another log than it saw")
        } catch let error as SyncFailure {
            trace("\(device.name): \(error)")
            try explain(error, service, keys, device, faults)
            if case .replica(let inner) = error, case .logFault = inner.reason { hasNoticed = true }
        }
        device.gate.disarm()
        if device.gate.faults > faults { count(.deviceStoreFault) }
        if device.gate.isDead {
            count(.deviceCrashInSync)
            try revive(device)
        }
        try require(try Holdings(device) == before, "\(device.name) took something of another log than it saw")
        return hasNoticed
    }

    private func explain(
        _ error: SyncFailure, _ service: WardService, _ keys: WardKeys, _ device: SimulatedDevice, _ faults: Int
    ) throws {
        guard case .replica(let inner) = error else { return try require(hasFaults, "\(device.name): \(error)") }
        let isExplained: Bool
        switch inner.reason {
        case .logFault:
            count(.otherFaceNoticed)
            guard let evidence = try device.replica.logEvidence() else {
                throw fail("\(device.name) keeps no evidence")
            }
            if evidence.isProof { count(.otherFaceProven) }
            try require(!evidence.isSettled, "\(device.name) calls settled what it just met")
            isExplained = true
        case .store: isExplained = device.gate.isDead || device.gate.faults > faults
        // The impostor signs with a key that gave way since.
        case .badAnswer: isExplained = wasCorrupted || keys.signing.publicKey != server.keys.signing.publicKey
        case .refusedByWard(let refusal):
            switch refusal.code {
            // The device came after the copy was made.
            case .unknownDevice: isExplained = true
            case .unavailable: isExplained = service.newerCheckpoint != nil
            // What it shows is sealed to a key that the impostor does not have.
            case .malformed: isExplained = wasCorrupted || keys.sealing.publicKey != server.keys.sealing.publicKey
            default: isExplained = wasCorrupted
            }
        default: isExplained = false
        }
        try require(isExplained, "\(device.name) meets another face: \(error)")
    }
}

// MARK: Two at once

extension Schedule {
    /// Everybody saw the same log; now some are shown one that goes on from there and some another. Both can be true until
    /// somebody meets the other one: then it has two signed heads that cannot, and anybody can check them.
    func meetTwoFaces() throws {
        guard let copy = server.copied() else { return }
        let size = try size()
        try goOn(server.service, toSize: size + 1 + UInt64(chance.below(4)))
        var faces = [server.service]
        for _ in 0..<2 {
            guard let face = try server.impostor(of: copy) else { return }
            try goOn(face, toSize: size + 1 + UInt64(chance.below(4)))
            faces.append(face)
        }
        var first: [Int: Int] = [:]
        for (index, device) in devices.enumerated() where try device.replica.newestCheckpoint() != nil {
            let face = chance.below(faces.count)
            var client = SyncClient(device.replica)
            var transport = DirectTransport(service: faces[face])
            do { try client.run(&transport) } catch { throw fail("\(device.name) meets face \(face): \(error)") }
            first[index] = face
            count(.twoFacesTaken)
        }
        for (index, device) in devices.enumerated() {
            guard let face = first[index] else { continue }
            let other = (face + 1 + chance.below(faces.count - 1)) % faces.count
            guard try meet(faces[other], with: server.keys, device) else { continue }
            let proof = try device.replica.logEvidence()?.contradiction.proven(scheme: server.scheme)
            try require(proof != nil, "\(device.name) cannot prove that the ward has two faces")
            count(.twoFacesProven)
        }
    }
}
