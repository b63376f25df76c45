// What a device that looks after the ward knows beside documents: what is held or was refused, and everybody's grants.

/// A change set of somebody else that the ward held or refused.
package struct Overseen: Sendable {
    package let change: ChangeSet
    /// The entry of the log that says so.
    package let position: Position
    package let code: RefusalCode
    /// When the ward decided so, by its clock; seconds since 1970.
    package let at: Int64
    /// Whether somebody may still decide on it; otherwise it was refused for good.
    package let isHeld: Bool
}

/// What the ward granted a device of somebody who works for it.
package struct OverseenGrant: Sendable, Hashable {
    package let grant: Grant
    /// Where the log says so, or where it took it back.
    package let position: Position
    /// The last sequence that counts, where the device was revoked.
    package let revokedAfter: UInt64?
}

extension Replica {
    /// Whether the device is told what it oversees, and asks for all of it: it was never told, or a restore took the
    /// ward back.
    func wantsOversight() throws(ReplicaError) -> Bool {
        guard try number(Key.overseen) == 0 else { return false }
        return Self.oversees(try grant())
    }

    private static func oversees(_ grant: Grant?) -> Bool {
        grant?.role == .admin || grant?.role == .auditor || grant?.role == .officer
    }

    /// The ward told all of it, unless another grant came meanwhile.
    func noteOverseen(asOf position: UInt64) throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            guard try tables.number(Key.grantedAsOf) ?? 0 == position else { return }
            try database.transaction { () throws(StoreError) in try tables.setNumber(Key.overseen, 1) }
        }
    }

    /// Forgets it: the device may not know it any more, or the ward went back.
    func forgetOverseen() throws(StoreError) {
        try database.run("DELETE FROM quarantine")
        try database.run("DELETE FROM grants")
        try tables.setNumber(Key.overseen, 0)
    }

    /// A new grant of the device's own: what it oversees may be more or less, and is told anew.
    func noteOwnGrant(asOf position: Position) throws(StoreError) {
        try tables.setNumber(Key.revoked, 0)
        // An answer that goes on where one was cut off brings the same grant again, with what the device oversees.
        guard try tables.number(Key.grantedAsOf) != position.rawValue else { return }
        try tables.setNumber(Key.grantedAsOf, position.rawValue)
        // From the log's beginning on all of it comes by itself.
        guard try tables.number(Key.position) ?? 0 > 0 else { return try tables.setNumber(Key.overseen, 1) }
        try forgetOverseen()
    }

    /// Takes over what the ward said of somebody else's change set.
    /// - Returns: whether that is all that it means for this device.
    func oversee(_ entry: LogEntry, _ change: ChangeSet?, time: Int64, at position: Position) throws(StoreError)
        -> Bool
    {
        switch entry {
        case .hold(_, let id, let code), .refuse(_, let id, let code):
            guard let change, change.id == id else { throw StoreError(.misuse, "entry without its change set") }
            var isHeld = false
            if case .hold = entry { isHeld = true }
            try database.prepare(
                """
                INSERT INTO quarantine(id,position,time,code,held,body) VALUES(?1,?2,?3,?4,?5,?6)
                ON CONFLICT(id) DO UPDATE SET position=?2,time=?3,code=?4,held=?5 WHERE position<?2
                """
            ).bind(1, id).bind(2, Int64(bitPattern: position.rawValue)).bind(3, time).bind(4, Int64(code.rawValue))
                .bind(5, isHeld ? 1 : 0).bind(6, change.encoded()).run()
            return true
        case .accept(let acceptance), .release(let acceptance, _), .readmit(let acceptance, _):
            try database.prepare("DELETE FROM quarantine WHERE id=?1").bind(1, acceptance.id).run()
            // What it was sent in place of waits for nobody any more.
            if let original = change?.header.reissues {
                try database.prepare("DELETE FROM quarantine WHERE id=?1").bind(1, original).run()
            }
            // Of a document that this device does not hold: it is told that it is held no more, and nothing else.
            guard change == nil, let number = try tables.knownDeviceNumber(acceptance.dot.device) else {
                return change == nil
            }
            return try tables.changeID(device: number, sequence: acceptance.dot.sequence) == nil
        case .grant, .revoke, .erase, .move, .succession, .key: return false
        }
    }

    /// Takes over what the ward said of somebody else's device.
    func oversee(_ entry: LogEntry, at position: Position) throws(StoreError) {
        let place = Int64(bitPattern: position.rawValue)
        switch entry {
        case .grant(let bytes):
            // The ward signed the answer that brings it; the key that signed the grant may have been retired since.
            guard let grant = Grant(trusting: bytes) else {
                throw StoreError(.misuse, "grant")
            }
            try database.prepare(
                """
                INSERT INTO grants(device,position,body,revoked) VALUES(?1,?2,?3,NULL)
                ON CONFLICT(device) DO UPDATE SET position=?2,body=?3,revoked=NULL WHERE position<?2
                """
            ).bind(1, grant.device.digest).bind(2, place).bind(3, bytes).run()
        case .revoke(let device, let last):
            try database.prepare("UPDATE grants SET position=?2,revoked=?3 WHERE device=?1 AND position<?2")
                .bind(1, device.digest).bind(2, place).bind(3, Int64(clamping: last)).run()
        case .succession(let succession):
            // The new device has a grant of its own; who was revoked before stays revoked.
            try database.prepare(
                "UPDATE grants SET position=?2,revoked=?3 WHERE device=?1 AND position<?2 AND revoked IS NULL"
            ).bind(1, succession.old.digest).bind(2, place).bind(3, Int64(clamping: succession.lastSequence)).run()
        default: return
        }
    }
}

extension LocalDocuments {
    /// What is held of others, the oldest first; or what was refused, the newest first.
    package func quarantine(held: Bool = true, limit: Int = 1000) throws(ReplicaError) -> [Overseen] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                """
                SELECT body,position,time,code,held FROM quarantine WHERE held=?1
                ORDER BY CASE held WHEN 1 THEN position ELSE -position END LIMIT ?2
                """
            ).bind(1, held ? 1 : 0).bind(2, Int64(limit))
            defer { statement.reset() }
            var found: [Overseen] = []
            while try statement.step() {
                do {
                    found.append(
                        Overseen(
                            change: try ChangeSet(decoding: statement.bytes(0), hashesAreKnown: true),
                            position: Position(rawValue: UInt64(bitPattern: statement.integer(1))),
                            code: RefusalCode(rawValue: UInt8(truncatingIfNeeded: statement.integer(3)))
                                ?? .newerSchema,
                            at: statement.integer(2), isHeld: statement.integer(4) == 1))
                } catch { throw StoreError(.damaged, "quarantine") }
            }
            return found
        }
    }

    /// How many change sets of others are held.
    package func quarantineCount() throws(ReplicaError) -> Int {
        try inStore { () throws(StoreError) in
            Int(try database.integer("SELECT count(*) FROM quarantine WHERE held=1") ?? 0)
        }
    }

    /// The grants of those who work for the ward, by name.
    package func overseenGrants() throws(ReplicaError) -> [OverseenGrant] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare("SELECT body,position,revoked FROM grants")
            defer { statement.reset() }
            var found: [OverseenGrant] = []
            while try statement.step() {
                guard let grant = Grant(trusting: statement.bytes(0)) else { continue }
                found.append(
                    OverseenGrant(
                        grant: grant, position: Position(rawValue: UInt64(bitPattern: statement.integer(1))),
                        revokedAfter: statement.isNull(2) ? nil : UInt64(clamping: statement.integer(2))))
            }
            found.sort { $0.grant.device < $1.grant.device }
            return VietnameseOrder.sorted(found) { $0.grant.name }
        }
    }
}
