// Forks: a device's other branches, kept beside its chain, and the proof that they are two.

/// A device of which the ward holds more than one branch.
package struct ForkedDevice: Sendable {
    package var device: DeviceID
    /// The change sets beside the chain, by sequence.
    package var branch: [ForkedChange]
    /// What stands in the chain under the same numbers, with the ward's word on it.
    package var chain: [LogTables.Stored]
    /// The devices that go on as this one.
    package var successors: [DeviceID]
}

/// A change set of another branch.
package struct ForkedChange: Sendable {
    package var change: ChangeSet
    /// The change set that was sent in its place; `nil` while it is left over.
    package var replacedBy: Dot?
    /// Whether somebody decided that it never counts.
    package var isDeclined = false

    /// Whether it waits for its person's device, or for somebody's decision.
    package var isLeft: Bool { replacedBy == nil && !isDeclined }
}

extension WardCore {
    /// Keeps the other branch of a device that numbered two change sets alike.
    func keepFork(_ change: ChangeSet, _ device: Int64) throws(StoreError) {
        if planted(.forkDropped) { return }
        try database.prepare("INSERT OR IGNORE INTO forks(id,device,sequence,body) VALUES(?1,?2,?3,?4)")
            .bind(1, change.id).bind(2, device).bind(3, Int64(clamping: change.header.sequence))
            .bind(4, change.encoded()).run()
        guard database.changedRows > 0 else { return }
        try append(.hold(change.dot, id: change.id, code: .fork), document: 0)
    }

    /// Whether a change set goes on from one of another branch.
    func isOnBranch(_ change: ChangeSet) throws(StoreError) -> Bool {
        guard let previous = change.header.previous else { return false }
        return try fork(previous)?.header.device == change.header.device
    }

    func isFork(_ id: Digest) throws(StoreError) -> Bool {
        let statement = try database.prepare("SELECT 1 FROM forks WHERE id=?1").bind(1, id)
        defer { statement.reset() }
        return try statement.step()
    }

    /// A change set of another branch.
    func fork(_ id: Digest) throws(StoreError) -> ChangeSet? {
        let statement = try database.prepare("SELECT body FROM forks WHERE id=?1").bind(1, id)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        return try? ChangeSet(decoding: statement.bytes(0))
    }

    static let declinedPrefix = "fork.declined."

    static func declinedKey(_ id: Digest) -> String { declinedPrefix + id.hex }

    /// Decides that a change set of another branch never counts, so that nobody sends it again; within a transaction.
    /// - Returns: false where nothing of it waits any more.
    func declineFork(_ change: ChangeSet) throws(StoreError) -> Bool {
        guard try isLeftOver(change.id, of: change.header.device) else { return false }
        try append(.refuse(change.dot, id: change.id, code: .branchDeclined), document: 0)
        try tables.setMeta(Self.declinedKey(change.id), [1])
        return true
    }

    /// Whether somebody has to decide about a change set of another branch: not where an admin revoked the device or
    /// declined it, or where a device sent it again that goes on as this one.
    func isLeftOver(_ id: Digest, of device: DeviceID) throws(StoreError) -> Bool {
        if grants[device]?.last?.revokedAfter != nil, !isSucceeded(device) { return false }
        for key in [Self.reissueKey(id), Self.declinedKey(id)] where try tables.meta(key) != nil { return false }
        return true
    }

    /// The change set under a number that waits for somebody's decision.
    /// - Parameter declining: also that of another branch, and one that was refused and is an item of the inbox, which
    ///   can only be declined.
    package func undecided(_ dot: Dot, declining: Bool) throws(StoreError) -> Digest? {
        guard let number = try tables.knownDeviceNumber(dot.device) else { return nil }
        let stored = try tables.change(device: number, sequence: dot.sequence)
        if let stored, stored.verdict == .held { return stored.change.id }
        guard declining else { return nil }
        let branch = try forked(dot.device).first?.branch.first { $0.isLeft && $0.change.dot == dot }
        if let branch { return branch.change.id }
        guard let stored, stored.verdict == .refused, stored.code.flatMap({ InboxKind($0) }) != nil,
            !orders.declined.contains(stored.change.id)
        else { return nil }
        return stored.change.id
    }

    /// Every device with more than one branch, in the order of their ids.
    /// - Parameter device: only this one.
    package func forked(_ device: DeviceID? = nil, limit: Int = 2000) throws(StoreError) -> [ForkedDevice] {
        let statement = try database.prepare(
            """
            SELECT f.device,f.body FROM forks f JOIN devices v ON v.number=f.device WHERE ?1 IS NULL OR v.key=?1
            ORDER BY v.key,f.sequence,f.id LIMIT ?2
            """
        ).bind(1, device?.digest.bytes).bind(2, Int64(limit))
        var rows: [(number: Int64, change: ChangeSet)] = []
        while try statement.step() {
            guard let change = try? ChangeSet(decoding: statement.bytes(1)) else {
                throw StoreError(.damaged, "fork")
            }
            rows.append((statement.integer(0), change))
        }
        statement.reset()
        var found: [ForkedDevice] = []
        for row in rows {
            let device = row.change.header.device
            if found.last?.device != device {
                let successors = persons.devices(of: device).filter { persons.predecessor(of: $0) == device }
                found.append(ForkedDevice(device: device, branch: [], chain: [], successors: successors))
            }
            let last = found.count - 1
            let isDeclined = try tables.meta(Self.declinedKey(row.change.id)) != nil
            found[last].branch.append(
                ForkedChange(
                    change: row.change, replacedBy: try replacement(of: row.change), isDeclined: isDeclined))
            let sequence = row.change.header.sequence
            if found[last].chain.last?.change.header.sequence != sequence,
                let stored = try tables.change(device: row.number, sequence: sequence)
            {
                found[last].chain.append(stored)
            }
        }
        return found
    }

    /// The change set that was sent in place of another one.
    private func replacement(of change: ChangeSet) throws(StoreError) -> Dot? {
        guard let id = try tables.meta(Self.reissueKey(change.id)) else { return nil }
        for device in persons.devices(of: change.header.device) {
            guard let number = try tables.knownDeviceNumber(device) else { continue }
            let statement = try database.prepare("SELECT sequence FROM changes WHERE device=?1 AND id=?2")
                .bind(1, number).bind(2, id)
            defer { statement.reset() }
            if try statement.step() { return Dot(device: device, sequence: UInt64(clamping: statement.integer(0))) }
        }
        return nil
    }

    /// The proof that a device signed two branches; `nil` where the ward holds one only.
    /// - Parameter descriptor: the ward's, as a signed object.
    package func forkProof(of device: DeviceID, descriptor: Bytes) throws(StoreError) -> ForkProof? {
        guard let number = try tables.knownDeviceNumber(device) else { return nil }
        for item in try forked(device).first?.branch ?? [] {
            let sequence = item.change.header.sequence
            for other in [sequence, sequence - 1] where other > 0 {
                guard let stored = try tables.change(device: number, sequence: other) else { continue }
                let proof = ForkProof(descriptor: descriptor, stored.change, item.change)
                if proof.proven(scheme: scheme) != nil { return proof }
            }
        }
        return nil
    }
}
