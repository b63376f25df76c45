// The simulated network: bodies that are dropped, late, doubled, cut or replayed, and answers likewise.

import SyncKit

/// Carries a device's bodies to the simulated server.
struct SimulatedTransport: SyncTransport {
    let schedule: Schedule
    let device: SimulatedDevice

    mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        let answer: Bytes?
        do {
            answer = try schedule.carry(body, from: device)
        } catch {
            schedule.failure = schedule.failure ?? error as? SimulationFailure ?? schedule.fail("unexpected: \(error)")
            throw TransportError(.unreachable)
        }
        guard let answer else { throw TransportError(.timedOut) }
        try deliver(answer, onChunk)
    }

    /// Hands an answer over in pieces; the device may end between two of them.
    func deliver(_ answer: Bytes, _ onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError) {
        var rest = answer[...]
        var end = answer.count
        if schedule.strikes(oneIn: schedule.isBulky ? 4 : 12), end > 0 {
            // Late cuts come after whole frames.
            end = schedule.chance.oneIn(2) ? schedule.chance.below(end) : end - 1 - schedule.chance.below(min(end, 500))
            schedule.count(.answerCut)
        }
        let isCut = end < answer.count
        rest = answer[..<end]
        while !rest.isEmpty {
            if schedule.hasFaults, device.canCrash, schedule.chance.oneIn(60) {
                device.gate.kill()
                throw TransportError(.cut)
            }
            let size = min(rest.count, schedule.chance.oneIn(3) ? 1 + schedule.chance.below(200) : 64 * 1024)
            let go = rest.prefix(size).withUnsafeBytes { onChunk($0) }
            if !go { return }
            rest = rest.dropFirst(size)
        }
        if isCut { throw TransportError(.cut) }
    }
}

extension Schedule {
    /// Whether a fault of the network happens now.
    func strikes(oneIn rarity: Int) -> Bool { hasFaults && chance.below(100) < trouble && chance.oneIn(rarity) }

    /// Takes a body to the server and brings the answer back; `nil` where either does not arrive.
    func carry(_ body: Bytes, from device: SimulatedDevice) throws -> Bytes? {
        history.append(body)
        if history.count > 40 { history.remove(at: chance.below(20)) }
        if strikes(oneIn: 10) {
            count(.requestDropped)
            return nil
        }
        if strikes(oneIn: 10) {
            count(.requestDelayed)
            delayed.append(body)
            return nil
        }
        var sent = body
        if strikes(oneIn: 10), body.count > 1 {
            count(.requestCut)
            wasCut = true
            sent = Bytes(body.prefix(chance.below(body.count)))
        }
        if strikes(oneIn: 10) {
            count(.requestDuplicated)
            let first = try serve(sent, device)
            if chance.oneIn(2) {
                _ = try serve(sent, device)
                return first
            }
        }
        let answer = try serve(sent, device)
        if strikes(oneIn: 10) {
            count(.answerDropped)
            return nil
        }
        return answer.map(corrupted)
    }

    /// An answer as it arrives: sometimes a bit of it is another.
    func corrupted(_ answer: Bytes) -> Bytes {
        guard strikes(oneIn: 15), !answer.isEmpty else { return answer }
        count(.answerCorrupted)
        wasCorrupted = true
        var corrupt = answer
        corrupt[chance.below(corrupt.count)] ^= UInt8(1 << chance.below(8))
        return corrupt
    }

    /// Lets the server handle a body; other things happen between its blocks.
    func serve(_ body: Bytes, _ device: SimulatedDevice?) throws -> Bytes? {
        let gate = server.gate
        let before = gate.faults
        let handled = try server.service.handle(body) {
            gate.isDead
        } between: { [self] in
            if hasFaults, server.canCrash, chance.oneIn(150) {
                count(.serverCrashBetweenFrames)
                if chance.oneIn(2) {
                    try? server.service.withCore { (core: WardCore) throws(StoreError) in try core.flush() }
                }
                server.gate.kill()
                return false
            }
            if hasFaults, !isInterleaving, chance.oneIn(40) { try interleave() }
            return true
        }
        if gate.faults > before {
            serverFailed = true
            count(.serverStoreFault)
        }
        try reviveServer()
        try noteOrders()
        if handled.refusal == .staleRequest { count(.staleRequest) }
        if handled.answer.count > 1 { count(.severalFrames) }
        if let device, handled.refusal == nil, !handled.answer.isEmpty { noteAdmission(device) }
        return handled.isLost ? nil : Bytes(handled.answer.joined())
    }

    /// Starts the server again where it ended.
    func reviveServer() throws {
        guard server.gate.isDead else { return }
        trace("the server ended and starts again")
        try server.reopen()
    }

    /// Somebody else's business while an answer is under way.
    private func interleave() throws {
        isInterleaving = true
        defer { isInterleaving = false }
        count(.interleaved)
        switch chance.below(3) {
        case 0: try deliverDelayed()
        case 1: try changeGrant()
        default: try decideHeld()
        }
    }

    /// A body that was late arrives, in whatever order.
    func deliverDelayed() throws {
        guard !delayed.isEmpty else { return }
        let body = delayed.remove(at: chance.below(delayed.count))
        count(.delayedDelivered)
        trace("a late request arrives")
        _ = try serve(body, nil)
    }

    /// An old body arrives once more.
    func replay() throws {
        guard let body = chance.pick(history) else { return }
        count(.requestReplayed)
        trace("an old request arrives again")
        _ = try serve(body, nil)
    }

    // MARK: Syncing

    /// One sync of a device, with whatever the network does to it.
    func sync(_ device: SimulatedDevice) throws {
        wasCorrupted = false
        wasCut = false
        serverFailed = false
        let faultsBefore = device.gate.faults
        if hasFaults, device.canCrash, chance.oneIn(25) { device.gate.arm(.crash, after: chance.below(5)) }
        if hasFaults, chance.oneIn(40) { device.gate.arm(.fault, after: chance.below(5)) }
        let seen = try device.replica.seen().position
        let before = hasFaults ? Set(try device.visible()) : []
        let states = try stateCount(device)
        var client = SyncClient(device.replica)
        var transport = SimulatedTransport(schedule: self, device: device)
        var ended = "well"
        do { try client.run(&transport) } catch {
            ended = "\(error)"
            if failure == nil, !isExplained(error, device, faultsBefore) { throw fail("\(device.name): \(error)") }
        }
        if let failure { throw failure }
        device.gate.disarm()
        trace(
            "\(device.name) syncs: sent \(client.report.sent), accepted \(client.report.accepted), "
                + "left \(client.report.left), \(ended)")
        if client.report.left > 0 { count(.documentLeft) }
        if device.gate.faults > faultsBefore { count(.deviceStoreFault) }
        if device.gate.isDead {
            count(.deviceCrashInSync)
            try revive(device)
        }
        try noteAcknowledged(device)
        let statesNow = try stateCount(device)
        if statesNow > states {
            count(.statesTaken)
            if try holdsUnbackedStates(device) { count(.unbackedStatesTaken) }
        }
        if statesNow < states { count(.historyBack) }
        // A document that is older than what the device had applied, and new to it, entered its scope.
        if hasFaults, seen > .start {
            for id in try device.visible() where !before.contains(id) {
                if let first = try device.replica.document(id)?.history.first, first.position < seen {
                    count(.documentEntered)
                }
            }
        }
    }

    /// Whether what the simulator did to this sync explains how it ended.
    private func isExplained(_ error: SyncFailure, _ device: SimulatedDevice, _ faultsBefore: Int) -> Bool {
        guard hasFaults else { return false }
        guard case .replica(let inner) = error else { return true }
        switch inner.reason {
        case .store: return device.gate.isDead || device.gate.faults > faultsBefore
        case .refusedByWard(let refusal):
            if refusal.code == .storeFault { return serverFailed }
            if refusal.code == .malformed, wasCut { return true }
            return refusal.code == .staleRequest || wasCorrupted
        case .badAnswer: return wasCorrupted
        default: return false
        }
    }

    /// Starts a device again where its process ended, and looks whether it still has what it said to be saved.
    func revive(_ device: SimulatedDevice) throws {
        trace("\(device.name) ended and starts again")
        try device.reopen()
        try checkSaved(device)
    }

    /// Everything that the device said to be saved is there.
    func checkSaved(_ device: SimulatedDevice) throws {
        let stored = try device.ownIDs()
        for (dot, act) in model.acts where dot.device == device.id {
            try require(stored[dot.sequence] == act.id, "\(device.name) lost its saved change set \(dot.sequence)")
        }
    }

    private func noteAcknowledged(_ device: SimulatedDevice) throws {
        for item in try device.ownChanges() where item.verdict == .accepted {
            model.acknowledged[item.change.dot] = item.change.id
            let told = Told(place: item.position, effective: item.effective, outcomes: item.outcomes)
            if model.told[item.change.dot].map({ told.place < $0.place }) ?? true { model.told[item.change.dot] = told }
        }
    }
}
