// The server's disk dies and an older copy takes its place: what happens then, and what must have come back.

import SyncKit

/// What the simulator remembers of logs that were lost.
struct LostLogs {
    /// How change sets were decided in them.
    var decisions: [Dot: Set<Told>] = [:]
    /// When a device learned that it is revoked, by the ward's clock.
    var revocations: [DeviceID: Int64] = [:]
    /// The newest beginning of a grant that each device held.
    var grants: [DeviceID: Int64] = [:]
    /// What the ward had published and somebody held in change sets; a state goes with what was lost.
    var published: Set<Digest> = []
}

extension Schedule {
    private static let mostRestores = 3

    func backUpServer() throws {
        guard !server.gate.isDead else { return }
        server.gate.disarm()
        let isNoted = chance.oneIn(3)
        count(isNoted ? .serverBackupNoted : .serverBackup)
        try server.backUp(isNoted: isNoted)
        try trace("the server is backed up at \(try size()), noted: \(isNoted)")
    }

    /// The disk dies, and any copy takes its place that is not older than what devices were told of. Sometimes an admin
    /// looks through the grants afterwards.
    func restoreServer() throws {
        guard server.restores < Self.mostRestores, let backup = chance.pick(server.backups) else { return }
        count(.serverRestore)
        if server.restores > 0 { count(.serverRestoreAgain) }
        if backup.end.epoch < UInt64(server.restores) { count(.serverRestoreOtherEpoch) }
        let before = try size()
        try noteLost(after: backup.end)
        try server.restore(from: backup)
        ordersRead = min(ordersRead, backup.end.index)
        trace("the server is restored: \(backup.end) of \(before)")
        if chance.oneIn(2) { try reviewGrants() }
    }

    private func reviewGrants() throws {
        count(.grantsReviewed)
        for device in devices where chance.oneIn(2) {
            guard let grant = model.grants[device.id], grant.role != .resident else { continue }
            let id = device.id
            let isDone = try admit(device, role: grant.role, areas: grant.areas, validUntil: grant.validUntil)
            guard isDone, let last = grant.revokedAfter else { continue }
            let done: Void? = try asAdmin { (core: WardCore) throws(StoreError) in try core.revoke(id, after: last) }
            if done != nil { model.revoke(id, after: last) }
            trace("\(device.name) is revoked again: \(done != nil)")
        }
    }

    /// Remembers what the log said that is about to be lost, and what devices hold of it.
    private func noteLost(after end: Position) throws {
        let log = try readLog()
        for decision in log.decisions {
            lost.decisions[decision.dot, default: []].insert(
                Told(place: decision.place, effective: decision.effective, outcomes: decision.outcomes))
        }
        for device in devices {
            let known = try device.replica.seen().position
            for item in log.revocations where item.device == device.id && item.position <= known {
                lost.revocations[device.id] = max(item.time, lost.revocations[device.id] ?? .min)
            }
            if let grant = try device.replica.grant() {
                lost.grants[device.id] = max(grant.validFrom, lost.grants[device.id] ?? .min)
            }
            for id in wardDocuments.keys {
                guard let view = try device.replica.document(id), view.accepted != nil, !view.isHistoryCompacted
                else { continue }
                lost.published.insert(id)
            }
        }
    }

    // MARK: What must hold

    /// What was decided once and somebody was told of stands as it was decided.
    func checkComeBack(_ log: LogFindings) throws {
        var last: [Dot: LoggedDecision] = [:]
        for decision in log.decisions {
            if decision.isReadmitted {
                let told = Told(place: decision.place, effective: decision.effective, outcomes: decision.outcomes)
                try require(
                    lost.decisions[decision.dot]?.contains(told) == true,
                    "\(name(decision.dot)) was readmitted with what was never decided")
                if last[decision.dot] != nil { count(.readmittedOverOther) }
            }
            last[decision.dot] = decision
        }
        for (dot, told) in model.told {
            guard let decision = last[dot] else { throw fail("\(name(dot)) had a receipt and is not there") }
            // Nothing is decided about a follow, and its place says nothing.
            if model.acts[dot]?.kind == .follow { continue }
            try require(
                decision.place == told.place && decision.effective == told.effective
                    && decision.outcomes == told.outcomes,
                "\(name(dot)) had the receipt \(told) and is \(decision)")
        }
    }

    /// Grants are what the log says. Where nothing was lost, that is what the admin did; where something was, no device
    /// has less than it knew of.
    func checkGrants(_ log: LogFindings) throws {
        for device in devices {
            guard let found = log.grants[device.id] else { throw fail("\(device.name) was never admitted") }
            var grant = model.grants[device.id] ?? ModelGrant(role: found.role, areas: found.areas)
            let isSame =
                grant.role == found.role && Set(grant.areas) == Set(found.areas)
                && grant.validUntil == found.validUntil
                && (grant.revokedAfter == nil) == (found.revokedAfter == nil)
            try require(isSame || server.restores > 0, "\(device.name) has another grant than it was given")
            if let since = lost.grants[device.id] {
                try require(found.since >= since, "\(device.name) lost a grant that it held")
            }
            if let time = lost.revocations[device.id], found.revokedAfter == nil {
                // Times are seconds: who was given a grant on purpose within the same one, after the revocation came
                // back, holds it.
                let isGiven = found.since == time && grant.revokedAfter == nil
                try require(
                    found.since > time || isGiven,
                    "\(device.name) is not revoked any more: granted at \(found.since), revoked at \(time)")
            }
            grant.role = found.role
            grant.areas = found.areas
            grant.validUntil = found.validUntil
            grant.revokedAfter = found.revokedAfter
            grant.roles.insert(found.role)
            model.grants[device.id] = grant
        }
    }

    /// What the ward published after the backup, and no device had received, is lost; everything else is there.
    func forgetLostPublications() throws {
        guard server.restores > 0 else { return }
        let known = Set(server.service.withCore { (core: WardCore) in core.documentIDs })
        for id in wardDocuments.keys where !known.contains(id) {
            try require(!lost.published.contains(id), "the ward lost what it had published")
            wardDocuments[id] = nil
        }
    }
}
