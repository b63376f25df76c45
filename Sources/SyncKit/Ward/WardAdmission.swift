// Who comes in: invitations, residents, revocations, and what an officer decides about what was held.

/// An invitation for a person to join with one device.
package struct Invitation: Sendable, Hashable {
    package var role: Role
    package var areas: [String]
    package var name: String
    /// Until when it can be used; seconds since 1970.
    package var expires: Int64
    /// How long the grant is valid, in seconds; 0 for no end.
    package var validSeconds: Int64

    package init(role: Role, areas: [String], name: String, expires: Int64, validSeconds: Int64) {
        self.role = role
        self.areas = areas
        self.name = name
        self.expires = expires
        self.validSeconds = validSeconds
    }

    /// How often a wrong secret is answered before the invitation is void.
    package static let maxAttempts: Int64 = 10
}

extension WardCore {
    /// Makes an invitation.
    /// - Returns: the code that the person types: the id and the secret. The secret is kept only as a hash.
    package func invite(_ invitation: Invitation) throws(StoreError) -> String {
        let id = String(Base32.encode(random.bytes(5)).prefix(6))
        let secret = String(Base32.encode(random.bytes(15)).prefix(24))
        try database.transaction { () throws(StoreError) in
            try database.prepare(
                "INSERT INTO invitations(id,secret,role,areas,name,expires,valid) VALUES(?1,?2,?3,?4,?5,?6,?7)"
            ).bind(1, id).bind(2, secretHash(id, secret)).bind(3, Int64(invitation.role.rawValue))
                .bind(4, invitation.areas.joined(separator: "\n")).bind(5, invitation.name)
                .bind(6, invitation.expires).bind(7, invitation.validSeconds).run()
        }
        return JoinRequest.format(id: id, secret: secret)
    }

    private func secretHash(_ id: String, _ secret: String) -> Bytes {
        Blake2b.hash(Bytes("wardsync/v1/invitation\0".utf8) + ward.bytes + Bytes("\(id):\(secret)".utf8)).bytes
    }

    /// Redeems an invitation for a device. The same key gets the same grant again.
    package func redeem(_ request: JoinRequest) throws(SyncRefusal) -> Bytes {
        do {
            return try redeemInStore(request)
        } catch let refusal as SyncRefusal {
            throw refusal
        } catch {
            if let error = error as? StoreError { note(error) }
            throw SyncRefusal(of: error as? StoreError)
        }
    }

    private func redeemInStore(_ request: JoinRequest) throws -> Bytes {
        let statement = try database.prepare(
            "SELECT secret,role,areas,name,expires,valid,attempts,device FROM invitations WHERE id=?1"
        ).bind(1, request.invitation)
        guard try statement.step() else { throw SyncRefusal(.invitationUnknown) }
        let secret = statement.bytes(0)
        let role = Role(rawValue: UInt8(truncatingIfNeeded: statement.integer(1))) ?? .resident
        let areas = statement.text(2).split(separator: "\n").map(String.init)
        let name = statement.text(3)
        let expires = statement.integer(4)
        let valid = statement.integer(5)
        let attempts = statement.integer(6)
        let used = statement.isNull(7) ? nil : statement.digest(7)
        statement.reset()
        guard attempts < Invitation.maxAttempts,
            ConstantTime.equal(secret, secretHash(request.invitation, request.secret))
        else {
            try database.prepare("UPDATE invitations SET attempts=attempts+1 WHERE id=?1").bind(1, request.invitation)
                .run()
            throw SyncRefusal(.invitationUnknown)
        }
        if let used {
            guard used == request.device.digest, let record = grants[request.device]?.last else {
                throw SyncRefusal(.invitationUsed)
            }
            return record.grant.signed(by: keys.signing, ward: ward, scheme: scheme)
        }
        let now = wardTime
        guard now <= expires else { throw SyncRefusal(.invitationExpired) }
        let grant = Grant(
            device: request.device, sealingKey: request.sealingKey, role: role, areas: areas, validFrom: now,
            validUntil: valid == 0 ? 0 : now + valid, name: name)
        let signed = following(grant).signed(by: keys.signing, ward: ward, scheme: scheme)
        try guarded { () throws(StoreError) in
            try append(.grant(signed), document: 0)
            try database.prepare("UPDATE invitations SET device=?2 WHERE id=?1").bind(1, request.invitation)
                .bind(2, request.device.digest).run()
        }
        return signed
    }

    /// Gives a device a role, or another one.
    package func admit(_ grant: Grant) throws(StoreError) {
        try guarded { () throws(StoreError) in
            _ = try append(.grant(following(grant).signed(by: keys.signing, ward: ward, scheme: scheme)), document: 0)
        }
    }

    /// The grant with a beginning after everything that the log says of the device: it tells after a restore which of
    /// two is the newer one, wherever they come from.
    private func following(_ grant: Grant) -> Grant {
        guard let last = grants[grant.device]?.last, grant.validFrom <= last.since, last.since < .max else {
            return grant
        }
        var grant = grant
        grant.validFrom = last.since + 1
        return grant
    }

    /// A device that nobody invited is a resident's, as long as there is room.
    package func admitResident(_ device: DeviceID, sealingKey: Digest) throws(SyncRefusal) {
        guard hasLobbyRoom() else { throw SyncRefusal(.lobbyFull) }
        guard SealedBox.accepts(sealingKey) else { throw SyncRefusal(.malformed) }
        do {
            try admit(
                Grant(
                    device: device, sealingKey: sealingKey, role: .resident, areas: [],
                    validFrom: wardTime, validUntil: 0, name: ""))
            try guarded { () throws(StoreError) in try revokeAgain(device) }
        } catch { throw SyncRefusal(.storeFault) }
    }

    private static let lobbySeconds: Int64 = 7 * 86_400
    private static let lobbyCountSeconds: Int64 = 3600

    /// Whether there is room for another device without an invitation. When there seems to be none, they are counted
    /// anew, once an hour at most: without those that somebody dealt with, that were revoked, or that stayed away for a
    /// week, so that whoever filled the lobby once does not keep it closed.
    func hasLobbyRoom() -> Bool {
        if lobby.count < lobbyLimit { return true }
        let now = wardTime
        guard lobby.countedAt <= now - Self.lobbyCountSeconds else { return false }
        lobby.countedAt = now
        var count = 0
        for (device, records) in grants {
            guard let record = records.last, record.grant.role == .resident, record.revokedAfter == nil,
                now - max(contacts[device]?.seen ?? 0, record.grant.validFrom) <= Self.lobbySeconds
            else { continue }
            let number = try? tables.knownDeviceNumber(device)
            if let number = number ?? nil, (try? isVouchedFor(device, number)) == true { continue }
            count += 1
            if count >= lobbyLimit { break }
        }
        lobby.count = count
        return count < lobbyLimit
    }

    /// Revokes a device: what stands above the sequence in its chain is held.
    package func revoke(_ device: DeviceID, after sequence: UInt64) throws(StoreError) {
        try guarded { () throws(StoreError) in
            _ = try append(.revoke(device, lastSequence: sequence), document: 0)
        }
    }

    /// Releases a held change set: it counts from here on, and so does what waited for it.
    /// - Returns: the code for which it cannot be released; `nil` where it was.
    package func release(_ dot: Dot, by: DeviceID) throws(StoreError) -> RefusalCode? {
        try guarded { () throws(StoreError) in
            let code = try releaseOne(dot, by: by)
            if code == nil { try releaseWaiting(by: by) }
            return code
        }
    }

    /// - Parameter isDecided: somebody decides so; otherwise what the change set waited for is there, and it is decided
    ///   like one that comes now.
    func releaseOne(_ dot: Dot, by: DeviceID, isDecided: Bool = true) throws(StoreError) -> RefusalCode? {
        let chain = try chain(dot.device)
        guard let stored = try tables.change(device: chain.number, sequence: dot.sequence), stored.verdict == .held
        else { return .missingReference }
        let change = stored.change
        if isOrder(change) {
            // Whoever may decide on what was held could give any order by it: it is given again.
            if isDecided { return .notPermitted }
            // Nobody gives an order whose device was revoked since it came, wherever the cut is.
            let isRevoked = grants[dot.device]?.contains {
                $0.revokedAfter != nil && !$0.isSucceeded && $0.position > stored.position.index
            }
            if isRevoked ?? false { return .revoked }
        }
        switch try verdict(on: change, overriding: isDecided) {
        case .hold(let code), .refuse(let code): return code
        case .accept(let outcomes):
            let effective = try effectiveTime(change, after: isDecided ? nil : lastEffective(before: dot, chain.number))
            let known = documents[change.document]
            let document = known ?? newDocument(for: change)
            let acceptance = LogEntry.Acceptance(dot: dot, id: change.id, effective: effective, outcomes: outcomes)
            let position = try append(.release(acceptance, by: by), document: document.number)
            let keepsArrival =
                planted(.releaseKeepsArrival) || (stored.code == .grantExpired && planted(.extensionKeepsArrival))
            let ordered = keepsArrival ? stored.position : place(position)
            try tables.setVerdict(
                device: chain.number, sequence: dot.sequence, verdict: .accepted,
                position: place(position), effective: effective, code: nil, outcomes: outcomes)
            try database.prepare("UPDATE changes SET document=?3 WHERE device=?1 AND sequence=?2")
                .bind(1, chain.number).bind(2, Int64(clamping: dot.sequence)).bind(3, document.number).run()
            try merge(
                change, at: ordered.index, effective: effective, outcomes: outcomes, into: document,
                device: chain.number)
            try noteAreas(document, after: change)
            heldChanges.remove(change)
            try noteReplaced(by: change)
            if known == nil, epoch > 0 { try readmitHeld(for: change.document) }
            return nil
        }
    }

    /// The effective time of the last change set before one in its chain that counts.
    private func lastEffective(before dot: Dot, _ device: Int64) throws(StoreError) -> HybridTime {
        let statement = try database.prepared(
            """
            SELECT effective FROM changes WHERE device=?1 AND sequence<?2 AND verdict=1 ORDER BY sequence DESC LIMIT 1
            """
        ).bind(1, device).bind(2, Int64(clamping: dot.sequence))
        defer { statement.reset() }
        return try statement.step() ? HybridTime(rawValue: UInt64(bitPattern: statement.integer(0))) : .zero
    }

    /// What is in the log now may be what a held change set waits for.
    func noteNews(_ entry: LogEntry) {
        guard let (dot, id) = entry.decided else { return }
        heldChanges.note(.digest(id))
        switch entry {
        case .accept, .release, .readmit: heldChanges.note(.dot(dot))
        default: return
        }
    }

    /// Decides again what waited for something that is there now, in the order of the chains, and then what waited for
    /// that. Orders wait for their turn (`settle`).
    func releaseWaiting(by: DeviceID) throws(StoreError) {
        while heldChanges.hasNews {
            for dot in heldChanges.takeNews() {
                guard let stored = try waiting(dot) else { continue }
                if isOrder(stored.change) {
                    heldChanges.queue(order: dot, heldAt: stored.position.index)
                } else {
                    try reconsider(stored, by: by)
                }
            }
        }
    }

    /// Decides what waited for what a transaction brought, and carries out what was ordered: one order after the other,
    /// so that what one of them says holds for the next; within the transaction, after all else.
    /// - Parameter size: how long the log was before it.
    func settle(since size: UInt64) throws(StoreError) {
        while true {
            try releaseWaiting(by: keys.deviceID)
            if tree.size != size { try carryOutOrders() }
            if heldChanges.hasNews { continue }
            guard let dot = heldChanges.takeOrder() else { return }
            if let stored = try waiting(dot) { try reconsider(stored, by: keys.deviceID) }
        }
    }

    /// A change set that is held for something that may come.
    private func waiting(_ dot: Dot) throws(StoreError) -> LogTables.Stored? {
        guard let stored = try tables.change(device: try chain(dot.device).number, sequence: dot.sequence),
            stored.verdict == .held, let reason = stored.code,
            [.missingDocument, .missingReference, .unknownPosition].contains(reason)
        else { return nil }
        return stored
    }

    private func reconsider(_ stored: LogTables.Stored, by: DeviceID) throws(StoreError) {
        let change = stored.change
        guard try !namesWhatIsNotHere(change), let code = try releaseOne(change.dot, by: by, isDecided: false),
            code != stored.code
        else { return }
        try decideAgain(change, try chain(change.header.device).number, code)
        try noteReplaced(by: change)
    }

    private func isOrder(_ change: ChangeSet) -> Bool {
        change.header.kind == UInt64(DocumentKind.order.rawValue)
    }

    /// Writes another reason under a change set that was held: what it waited for is there, and now it is refused,
    /// or waits for something else.
    func decideAgain(_ change: ChangeSet, _ device: Int64, _ code: RefusalCode) throws(StoreError) {
        let document = documents[change.document]?.number ?? 0
        let entry: LogEntry =
            code.isHeld
            ? .hold(change.dot, id: change.id, code: code) : .refuse(change.dot, id: change.id, code: code)
        let position = try append(entry, document: document)
        try tables.setVerdict(
            device: device, sequence: change.header.sequence, verdict: code.isHeld ? .held : .refused,
            position: place(position), effective: .zero, code: code, outcomes: [])
        if code.isHeld { return heldChanges.insert(change, code) }
        heldChanges.remove(change)
        if code == .declined, epoch > 0, document == 0 {
            declinedByDocument[change.document, default: []].append(change.dot)
        }
    }

    /// Declines a held change set for good.
    package func decline(_ dot: Dot) throws(StoreError) -> Bool {
        try guarded { () throws(StoreError) in
            let chain = try chain(dot.device)
            guard let stored = try tables.change(device: chain.number, sequence: dot.sequence), stored.verdict == .held
            else { return false }
            try decideAgain(stored.change, chain.number, .declined)
            return true
        }
    }

    /// What is held, oldest device first.
    package func held() throws(StoreError) -> [LogTables.Stored] {
        var found: [LogTables.Stored] = []
        for dot in heldChanges.sorted {
            if let stored = try tables.change(device: try chain(dot.device).number, sequence: dot.sequence) {
                found.append(stored)
            }
        }
        return found
    }
}
