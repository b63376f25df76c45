// Who goes on as whom: statements of succession, what a resident's does at once, and what waits for a person.

/// A succession that somebody has to confirm.
package struct WaitingSuccession: Sendable {
    package var statement: SuccessionStatement
    /// When it was received first; seconds since 1970 by the ward's clock.
    package var received: Int64
    /// What the old device was granted last; `nil` where the ward does not know it.
    package var grant: Grant?
    /// Whether an admin had revoked the old device.
    package var wasRevoked: Bool
}

extension WardCore {
    private static let waitingPrefix = "succession.waiting."
    /// The most statements that wait, of one device and of all: whoever holds a key can sign as many as they like.
    private static let mostWaitingOfOne = 8
    private static let mostWaiting = 2000
    /// How many devices a resident goes through without taking another one's room.
    private static let mostOfOnePerson = 16

    /// Takes a statement that a device goes on as another one. A resident's does at once; of others only what somebody
    /// confirmed, or whose new device was granted the same role already.
    /// - Throws: `unconfirmed` where somebody has to confirm it first, `badSignature` where both did not sign it.
    package func succeed(_ bytes: Bytes, asking device: DeviceID) throws(SyncRefusal) {
        guard let statement = SuccessionStatement(verifying: bytes, ward: ward, scheme: scheme) else {
            throw SyncRefusal(.badSignature)
        }
        guard statement.new == device else { throw SyncRefusal(.malformed) }
        if let known = persons.predecessor(of: statement.new) {
            guard known == statement.old else { throw SyncRefusal(.malformed) }
            return
        }
        let old = grants[statement.old]?.last
        guard persons.person(of: statement.old) != persons.person(of: statement.new), old?.grant.role != .ward else {
            throw SyncRefusal(.malformed)
        }
        // Who an admin revoked goes on as nobody by the old key alone.
        let isRevoked = old.map { $0.revokedAfter != nil && !$0.isSucceeded } ?? false
        let present = grants[statement.new]?.last
        let isGranted = present != nil && present?.revokedAfter == nil && present?.grant.role == old?.grant.role
        do {
            if !isRevoked, old?.grant.role ?? .resident == .resident {
                // Who takes a known device's place needs no other one; not again and again.
                let isUsual =
                    old != nil && !persons.isSucceeded(statement.old)
                    && persons.devices(of: statement.old).count < Self.mostOfOnePerson
                guard isUsual || present != nil || hasLobbyRoom() else { throw SyncRefusal(.lobbyFull) }
                let grant = Grant(
                    device: statement.new, sealingKey: statement.sealingKey, role: .resident, areas: [],
                    validFrom: wardTime, validUntil: 0, name: "")
                return try admit(statement, present == nil ? grant : nil)
            }
            if !isRevoked, isGranted { return try admit(statement, nil) }
            try keepWaiting(bytes, statement)
            // Somebody may have confirmed it before it came.
            try carryOutWaiting()
            if persons.predecessor(of: statement.new) == statement.old { return }
        } catch let refusal as SyncRefusal {
            throw refusal
        } catch {
            if let error = error as? StoreError { note(error) }
            throw SyncRefusal(of: error as? StoreError)
        }
        throw SyncRefusal(.unconfirmed)
    }

    private func admit(_ statement: SuccessionStatement, _ grant: Grant?) throws(StoreError) {
        try guarded { () throws(StoreError) in try append(statement, grant, by: keys.deviceID) }
    }

    /// Appends what makes a device the successor of another one; within a transaction.
    private func append(_ statement: SuccessionStatement, _ grant: Grant?, by: DeviceID) throws(StoreError) {
        if let grant { try append(.grant(grant.signed(by: keys.signing, ward: ward, scheme: scheme)), document: 0) }
        // The first succession cut the chain; what came above since is held, and stays so.
        var last = try wholeChain(of: chain(statement.old))
        if let cut = grants[statement.old]?.last?.revokedAfter { last = min(last, cut) }
        try append(LogEntry.Succession(old: statement.old, new: statement.new, lastSequence: last, by: by))
    }

    /// Appends a succession, for which nobody waits any more; within a transaction.
    func append(_ succession: LogEntry.Succession) throws(StoreError) {
        try append(.succession(succession), document: 0)
        try tables.removeMeta(Self.waitingPrefix + succession.new.digest.hex)
    }

    private func keepWaiting(_ bytes: Bytes, _ statement: SuccessionStatement) throws(StoreError) {
        let key = Self.waitingPrefix + statement.new.digest.hex
        guard try tables.meta(key) == nil else { return }
        // The oldest makes way: its device shows it again with its next sync, if that still is somebody's.
        let all = try waitingSuccessions()
        let ofOne = all.filter { $0.statement.old == statement.old }
        let last = ofOne.count < Self.mostWaitingOfOne ? (all.count < Self.mostWaiting ? nil : all.first) : ofOne.first
        var writer = CBORWriter(reserving: bytes.count + 16)
        writer.byteString(bytes)
        writer.integer(wardTime)
        try database.transaction { () throws(StoreError) in
            if let last { try tables.removeMeta(Self.waitingPrefix + last.statement.new.digest.hex) }
            try tables.setMeta(key, writer.bytes)
        }
        orders.hasNews = true
    }

    /// The successions that wait for somebody, the oldest first.
    package func waitingSuccessions() throws(StoreError) -> [WaitingSuccession] {
        let statement = try database.prepare("SELECT value FROM meta WHERE key>=?1 AND key<?2")
            .bind(1, Self.waitingPrefix).bind(2, "succession.waiting/")
        defer { statement.reset() }
        var found: [WaitingSuccession] = []
        while try statement.step() {
            var reader = CBORReader(statement.bytes(0))
            guard let bytes = try? reader.byteString(max: SuccessionStatement.maxLength),
                let received = try? reader.integer(),
                let said = SuccessionStatement(trusting: bytes)
            else { throw StoreError(.damaged, "succession") }
            let record = grants[said.old]?.last
            found.append(
                WaitingSuccession(
                    statement: said, received: received, grant: record?.grant,
                    wasRevoked: record?.revokedAfter != nil && record?.isSucceeded == false))
        }
        return found.sorted { ($0.received, $0.statement.new) < ($1.received, $1.statement.new) }
    }

    /// Confirms a succession that waits, in the ward's own name.
    /// - Returns: what became of the order; `nil` where none of this device waits.
    package func confirmSuccession(of new: DeviceID, reason: String) throws(StoreError) -> GivenByWard? {
        guard let waiting = try waitingSuccessions().first(where: { $0.statement.new == new }) else { return nil }
        var given = Order(.succeed, waiting.statement.old, reason: reason)
        given.successor = new
        return try order(given)
    }

    /// Carries out the order that a device goes on as another one: the new device is granted what the old one had. A
    /// lead says so of the volunteers of its areas; nobody of a device of their own, for whoever copied one could.
    func succeed(_ order: Order, by giver: DeviceID, at position: UInt64) throws(StoreError) -> OrderOutcome {
        guard let new = order.successor else { return .refused(.unsupported) }
        if let old = persons.predecessor(of: new) { return old == order.device ? .done(nil) : .refused(.otherDevice) }
        guard let waiting = try waitingSuccessions().first(where: { $0.statement.new == new }) else { return .waits }
        guard waiting.statement.old == order.device, var grant = waiting.grant else { return .refused(.otherDevice) }
        guard grant.role != .ward else { return .refused(.wardDevice) }
        guard persons.person(of: giver) != persons.person(of: order.device), giver != new else {
            return .refused(.ownDevice)
        }
        guard let own = grantRecord(giver, at: position)?.grant else { return .refused(.outsideArea) }
        if own.role == .lead {
            let isInside = !grant.areas.isEmpty && grant.areas.allSatisfy { AreaCode.anyCovers(own.areas, [$0]) }
            guard grant.role == .volunteer, isInside else { return .refused(.outsideArea) }
        }
        grant.device = new
        grant.sealingKey = waiting.statement.sealingKey
        // The newer of two grants is the one that is valid from later.
        grant.validFrom = max(lastTime, time.nowSeconds(), grant.validFrom &+ 1)
        try append(waiting.statement, grant, by: giver)
        return .done(tree.size)
    }

    /// Whether a device's key was given up for another one's, and no admin revoked it.
    func isSucceeded(_ device: DeviceID) -> Bool {
        guard let record = grants[device]?.last else { return persons.isSucceeded(device) }
        return record.revokedAfter != nil && record.isSucceeded
    }

    /// Notes an entry of succession in memory.
    func note(_ succession: LogEntry.Succession, at position: UInt64) {
        persons.note(succession.old, succeededBy: succession.new)
        successions.append((position, succession.new))
        for device in persons.devices(of: succession.new) { heldChanges.note(.author(device)) }
        if var record = grants[succession.old]?.last, record.revokedAfter == nil {
            record.position = position
            record.revokedAfter = succession.lastSequence
            record.isSucceeded = true
            grants[succession.old]?.append(record)
            noteTeam(succession.old, at: position)
        }
    }

    /// What a device is answered whose key was given up: the ward's word on its own change sets, and nothing of the
    /// log else, so that whoever goes on with its store loses nothing of what is there.
    func deliverOwn(_ answer: inout WardAnswer, _ frame: inout SyncAnswer, _ sink: inout FrameSink)
        throws(StoreError)
    {
        let own = Int32(truncatingIfNeeded: try tables.deviceNumber(answer.request.device))
        let index = index
        while answer.position < answer.head {
            let place = Int(answer.position)
            let at = answer.position + 1
            if index.devices[place] == own || index.numbers[place] == 10 {
                guard let bytes = try entry(at: at) else { throw StoreError(.damaged, "entry \(at)") }
                if index.numbers[place] == 6 {
                    sink.addNotice(bytes, at: at)
                } else if index.numbers[place] == 10 {
                    if concerns(bytes, answer.request.device) { sink.addNotice(bytes, at: at) }
                } else if index.numbers[place] != 5 {
                    guard try sink.add(bytes, at: at, isOwn: true, change: nil) else { break }
                }
            }
            answer.position = at
            if sink.isFull(WardCore.framePayload, WardCore.frameChanges) { break }
        }
        let request = answer.request
        try repeatPlace(of: request, in: &frame)
        guard answer.position >= answer.head else { return }
        frame.flags.insert(.last)
        if answer.received.isExplicitNeeded { frame.flags.insert(.explicit) }
        frame.need = answer.received.need
        answer.isFinished = true
    }

    /// Whether an entry of succession is about the devices of this device's person.
    func concerns(_ bytes: Bytes, _ device: DeviceID) -> Bool {
        guard let record = try? LogRecord(decoding: bytes), case .succession(let succession) = record.entry else {
            return false
        }
        return persons.person(of: succession.new) == persons.person(of: device)
    }
}
