// At the end the ward goes back to an older store, or shows another face: every device that had seen more notices.

import SyncKit

extension Schedule {
    /// The store is as the ward alone would have written it, by an audit that trusts only the ward's public keys.
    func audit() throws {
        let report = try server.service.withCore { (core: WardCore) throws(StoreError) in
            try core.flush()
            return try core.audit(descriptor: server.descriptor, scheme: server.scheme)
        }
        guard let report else { throw fail("no audit") }
        try require(report.isSound, "the audit finds \(report.findingCount): \(report.findings.prefix(5))")
    }

    /// Lets the ward forget what came after an older copy of its store, in half of the schedules with other entries in
    /// the place of those that it forgot.
    func checkTrust() throws {
        try audit()
        try meetThief()
        try meetTwoFaces()
        let newest = try size()
        guard let old = try server.goBack() else { return }
        // What the ward itself does when it is opened and asked belongs to the other log already.
        let isFork = seed % 2 == 1
        if isFork { try goOn(server.service, toSize: newest + 3) }
        for device in devices { try meetOlderWard(device, holding: old) }
    }

    /// Somebody with the ward's former keys and an old copy of its store answers: no device that knows of the new keys
    /// takes anything of it.
    private func meetThief() throws {
        guard let retired = server.retired, let service = try server.impostor(of: retired) else { return }
        for device in devices where device.replica.descriptor.signingKeys.first == server.keys.signing.publicKey {
            let before = try device.replica.seen()
            var client = SyncClient(device.replica)
            var transport = DirectTransport(service: service)
            do {
                try client.run(&transport)
                throw fail("\(device.name) takes what a retired key signed")
            } catch let error as SyncFailure {
                guard case .replica(let inner) = error else { throw fail("\(device.name): \(error)") }
                switch inner.reason {
                case .badAnswer: count(.retiredKeyNoticed)
                // It came after the copy was made.
                case .refusedByWard(let refusal) where refusal.code == .unknownDevice: break
                // Its grant, which it then shows, is sealed to a key that the thief does not have.
                case .refusedByWard(let refusal) where refusal.code == .malformed: break
                default: throw fail("\(device.name) takes what a retired key signed: \(error)")
                }
                try require(try device.replica.seen() == before, "\(device.name) took what a retired key signed")
            }
        }
    }

    private func meetOlderWard(_ device: SimulatedDevice, holding old: Position) throws {
        let kept = try device.replica.newestCheckpoint()?.position ?? .start
        let before = try device.replica.seen()
        var client = SyncClient(device.replica)
        var transport = SimulatedTransport(schedule: self, device: device)
        do {
            try client.run(&transport)
            try require(kept <= old, "\(device.name) saw \(kept) entries and takes a ward that went back to \(old)")
        } catch let error as SyncFailure {
            guard case .replica(let inner) = error else { throw fail("\(device.name): \(error)") }
            switch inner.reason {
            case .logFault(let fault):
                count(fault == .rolledBack ? .rollbackNoticed : .forkNoticed)
                try require(kept > old, "\(device.name) saw \(kept) entries and refuses a ward that holds \(old)")
                try require(try device.replica.logEvidence() != nil, "\(device.name) keeps no evidence")
                try require(server.service.newerCheckpoint != nil, "\(device.name) does not show what it holds")
            // Its head is still signed with a key that somebody else may have.
            case .badAnswer where !server.keys.compromised.isEmpty: break
            // Somebody showed it that it is the older one.
            case .refusedByWard(let refusal) where refusal.code == .unavailable:
                try require(server.service.newerCheckpoint != nil, "\(device.name) is refused without a reason")
            // The older ward does not know a device that came later: it says so before it shows anything.
            case .refusedByWard(let refusal) where refusal.code == .unknownDevice: break
            default: throw fail("\(device.name): \(error)")
            }
            try require(try device.replica.seen() == before, "\(device.name) took something from a ward that went back")
        }
    }
}
