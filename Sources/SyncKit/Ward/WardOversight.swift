// What those who look after the ward are told beside documents: what was held or refused, and who may do what.

/// What of the ward's own business a device is told.
struct Oversight: Equatable {
    /// What others sent and does not count, with the change sets.
    var readsHeld = false
    /// The grants of those who work for the ward.
    var readsGrants = false

    var isEmpty: Bool { !readsHeld && !readsGrants }
}

extension WardCore {
    /// What a device oversees at a position of the log: admins and auditors everything, officers of the whole ward
    /// what is held.
    func oversight(of device: DeviceID, at position: UInt64) -> Oversight {
        guard let record = grantRecord(device, at: position), record.revokedAfter == nil else { return Oversight() }
        switch record.grant.role {
        case .admin, .auditor: return Oversight(readsHeld: true, readsGrants: true)
        case .officer: return Oversight(readsHeld: AreaCode.anyCovers(record.grant.areas, [areaCode]))
        case .resident, .volunteer, .lead, .ward: return Oversight()
        }
    }

    /// Whether an entry on somebody else's change set or device is for those who oversee the ward.
    func isOverseen(_ number: UInt8, at index: UInt64, by oversight: Oversight) throws(StoreError) -> Bool {
        switch number {
        case 2, 3: return oversight.readsHeld
        case 5: return oversight.readsGrants ? try isTeamGrant(at: index) : false
        default: return false
        }
    }

    /// Grants of those who were never more than residents are too many to tell, and say nothing.
    private func isTeamGrant(at index: UInt64) throws(StoreError) -> Bool {
        guard let bytes = try entry(at: index), let record = try? LogRecord(decoding: bytes),
            case .grant(let signed) = record.entry, let grant = Grant(trusting: signed)
        else { return false }
        return works(grant.device)
    }

    /// Whether an entry of succession ends a grant that is overseen.
    func tells(_ bytes: Bytes, to oversight: Oversight) -> Bool {
        guard oversight.readsGrants, let record = try? LogRecord(decoding: bytes),
            case .succession(let succession) = record.entry
        else { return false }
        return works(succession.old)
    }

    /// Whether a device works for the ward, or did.
    private func works(_ device: DeviceID) -> Bool {
        grants[device]?.contains { $0.grant.role != .resident && $0.grant.role != .ward } ?? false
    }

    /// The entries that say what is held now and who works for the ward now, in the order of the log.
    func overseen(by oversight: Oversight, upTo head: UInt64) throws(StoreError) -> [UInt64] {
        var found: Set<UInt64> = []
        if oversight.readsHeld {
            let statement = try database.prepare("SELECT position FROM changes WHERE verdict=2")
            while try statement.step() {
                found.insert(Position(rawValue: UInt64(bitPattern: statement.integer(0))).index)
            }
            statement.reset()
            for place in index.numbers.indices where index.numbers[place] == 2 && index.documents[place] == 0 {
                if try isForkLeft(at: UInt64(place) + 1) { found.insert(UInt64(place) + 1) }
            }
        }
        if oversight.readsGrants {
            for (device, records) in grants where works(device) {
                guard let last = records.last else { continue }
                // The grant itself, and what ended it.
                if let given = records.last(where: { $0.revokedAfter == nil }) { found.insert(given.position) }
                found.insert(last.position)
            }
        }
        return found.filter { $0 > 0 && $0 <= head }.sorted()
    }

    /// Whether an entry holds another branch that nobody has settled since.
    private func isForkLeft(at index: UInt64) throws(StoreError) -> Bool {
        guard let bytes = try entry(at: index), let record = try? LogRecord(decoding: bytes),
            case .hold(let dot, let id, .fork) = record.entry
        else { return false }
        return try isLeftOver(id, of: dot.device)
    }

    /// A frame of what a device oversees; its place in the log stays where it is.
    func oversee(_ answer: inout WardAnswer, _ frame: inout SyncAnswer, _ sink: inout FrameSink) throws(StoreError) {
        let request = answer.request
        try repeatPlace(of: request, in: &frame)
        while answer.nextOverseen < answer.overseen.count {
            guard try sink.addOverseen(at: answer.overseen[answer.nextOverseen]) else { break }
            answer.nextOverseen += 1
            if sink.isFull(Self.framePayload, Self.frameChanges) { break }
        }
    }
}

extension FrameSink {
    /// Adds an entry by which a change set that the device may not see counts, without the change set.
    /// - Returns: false where the change set is in this frame, as held: then it takes another frame, or the device would
    ///   take it for one that it is to hold.
    mutating func addNoMoreHeld(at index: UInt64) throws(StoreError) -> Bool {
        guard let bytes = try core.entry(at: index) else { return true }
        if let id = (try? LogRecord(decoding: bytes))?.entry.decided?.id, hasTaken(id) { return false }
        addNotice(bytes, at: index)
        return true
    }

    /// Adds an entry of the log with the change set that it decides, which may be the other branch of a fork.
    /// - Returns: false where it does not fit any more.
    mutating func addOverseen(at index: UInt64) throws(StoreError) -> Bool {
        guard let bytes = try core.entry(at: index), let record = try? LogRecord(decoding: bytes) else {
            throw StoreError(.damaged, "entry \(index)")
        }
        guard let (dot, id) = record.entry.decided else {
            addNotice(bytes, at: index)
            return true
        }
        guard let change = try core.changeSet(dot, id: id) else {
            throw StoreError(.damaged, "change set of entry \(index)")
        }
        return try add(bytes, at: index, isOwn: dot.device == device, change: change, discloses: false)
    }
}

extension WardCore {
    /// A change set that the ward received, in a chain or beside it.
    func changeSet(_ dot: Dot, id: Digest) throws(StoreError) -> ChangeSet? {
        guard let number = try tables.knownDeviceNumber(dot.device) else { return nil }
        if let stored = try tables.change(device: number, sequence: dot.sequence), stored.change.id == id {
            return stored.change
        }
        let statement = try database.prepare("SELECT body FROM forks WHERE id=?1").bind(1, id)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        do { return try ChangeSet(decoding: statement.bytes(0)) } catch { throw StoreError(.damaged, "fork") }
    }
}
