// The entries of the ward log: every decision that the ward ever made.

/// A decision of the ward (`docs/protocol.md`, "Ward log").
package enum LogEntry: Hashable, Sendable {
    /// A change set counts from here on.
    case accept(Acceptance)
    /// A change set is kept for a later decision.
    case hold(Dot, id: Digest, code: RefusalCode)
    /// A change set does not count.
    case refuse(Dot, id: Digest, code: RefusalCode)
    /// A change set that was held counts from here on.
    case release(Acceptance, by: DeviceID)
    /// A change set that was accepted in an epoch that was lost counts again, in its old place.
    case readmit(Acceptance, at: Position)
    /// A device has a role; the signed grant.
    case grant(Bytes)
    /// A device is revoked: what stands above the sequence is held.
    case revoke(DeviceID, lastSequence: UInt64)
    /// The values of a change set were erased, everywhere; who ordered it.
    case erase(Dot, id: Digest, by: DeviceID)
    /// What the root key says of the ward's keys.
    case key(Bytes)
    /// A document belongs to these areas now.
    case move(document: Digest, areas: [String])
    /// A device goes on as another one, and is revoked: what stands above the sequence is held.
    case succession(Succession)

    /// Which device goes on as which.
    package struct Succession: Hashable, Sendable {
        package var old: DeviceID
        package var new: DeviceID
        /// The last sequence of the old device that counts.
        package var lastSequence: UInt64
        /// Who confirmed it: the ward's own device where the keys were enough.
        package var by: DeviceID

        package init(old: DeviceID, new: DeviceID, lastSequence: UInt64, by: DeviceID) {
            self.old = old
            self.new = new
            self.lastSequence = lastSequence
            self.by = by
        }
    }

    /// What an accepting entry says of a change set.
    package struct Acceptance: Hashable, Sendable {
        package var dot: Dot
        package var id: Digest
        package var effective: HybridTime
        /// One for each operation; empty where nothing was decided.
        package var outcomes: [Outcome]

        package init(dot: Dot, id: Digest, effective: HybridTime, outcomes: [Outcome]) {
            self.dot = dot
            self.id = id
            self.effective = effective
            self.outcomes = outcomes
        }
    }

    /// The entry's number on the wire.
    package var number: UInt8 {
        switch self {
        case .accept: 1
        case .hold: 2
        case .refuse: 3
        case .release: 4
        case .grant: 5
        case .revoke: 6
        case .erase: 7
        case .move: 8
        case .readmit: 9
        case .succession: 10
        case .key: 11
        }
    }

    /// Whether a change set counts from here on.
    package var isAcceptance: Bool {
        switch self {
        case .accept, .release, .readmit: true
        case .hold, .refuse, .grant, .revoke, .erase, .move, .succession, .key: false
        }
    }

    /// The change set that the entry decides, if it decides one.
    package var decided: (dot: Dot, id: Digest)? {
        switch self {
        case .accept(let acceptance), .release(let acceptance, _), .readmit(let acceptance, _):
            (acceptance.dot, acceptance.id)
        case .hold(let dot, let id, _), .refuse(let dot, let id, _): (dot, id)
        case .grant, .revoke, .erase, .move, .succession, .key: nil
        }
    }
}

/// An entry with the ward's time: what a leaf of the tree holds.
package struct LogRecord: Hashable, Sendable {
    /// Seconds since 1970 by the ward's clock, never less than the entry before.
    package var time: Int64
    package var entry: LogEntry

    package init(time: Int64, entry: LogEntry) {
        self.time = time
        self.entry = entry
    }

    /// The bytes of the leaf: `[number, time, …]` in deterministic CBOR.
    package func encoded() -> Bytes {
        var writer = CBORWriter(reserving: 112)
        func head(_ count: Int) {
            writer.arrayHeader(count: 2 + count)
            writer.unsigned(UInt64(entry.number))
            writer.integer(time)
        }
        func write(_ acceptance: LogEntry.Acceptance) {
            writer.byteString(acceptance.dot.device.digest)
            writer.unsigned(acceptance.dot.sequence)
            writer.byteString(acceptance.id)
            writer.unsigned(acceptance.effective.rawValue)
            writer.byteString(acceptance.outcomes.map(\.rawValue))
        }
        switch entry {
        case .accept(let acceptance):
            head(5)
            write(acceptance)
        case .hold(let dot, let id, let code), .refuse(let dot, let id, let code):
            head(4)
            writer.byteString(dot.device.digest)
            writer.unsigned(dot.sequence)
            writer.byteString(id)
            writer.unsigned(UInt64(code.rawValue))
        case .release(let acceptance, let by):
            head(6)
            write(acceptance)
            writer.byteString(by.digest)
        case .readmit(let acceptance, let place):
            head(6)
            write(acceptance)
            writer.unsigned(place.rawValue)
        case .grant(let grant):
            head(1)
            writer.byteString(grant)
        case .key(let statement):
            head(1)
            writer.byteString(statement)
        case .revoke(let device, let lastSequence):
            head(2)
            writer.byteString(device.digest)
            writer.unsigned(lastSequence)
        case .erase(let dot, let id, let by):
            head(4)
            writer.byteString(dot.device.digest)
            writer.unsigned(dot.sequence)
            writer.byteString(id)
            writer.byteString(by.digest)
        case .move(let document, let areas):
            head(2)
            writer.byteString(document)
            writer.arrayHeader(count: areas.count)
            for area in areas { writer.text(area) }
        case .succession(let succession):
            head(4)
            writer.byteString(succession.old.digest)
            writer.byteString(succession.new.digest)
            writer.unsigned(succession.lastSequence)
            writer.byteString(succession.by.digest)
        }
        return writer.bytes
    }

    /// Reads a leaf.
    package init(decoding bytes: Bytes) throws(CBORError) {
        var reader = CBORReader(bytes)
        let count = try reader.arrayHeader(max: 8)
        let unfit = CBORError(.typeMismatch, at: 0)
        let number = try reader.unsigned()
        time = try reader.integer()
        func dot() throws(CBORError) -> Dot {
            Dot(device: DeviceID(try reader.digest()), sequence: try reader.sequence())
        }
        func acceptance() throws(CBORError) -> LogEntry.Acceptance {
            let dot = try dot()
            let id = try reader.digest()
            let effective = HybridTime(rawValue: try reader.unsigned())
            let codes = try reader.byteString(max: ChangeSetLimits.maxOperations)
            let outcomes = codes.compactMap(Outcome.init(rawValue:))
            guard outcomes.count == codes.count else { throw unfit }
            return LogEntry.Acceptance(dot: dot, id: id, effective: effective, outcomes: outcomes)
        }
        func code() throws(CBORError) -> RefusalCode {
            guard let code = UInt8(exactly: try reader.unsigned()).flatMap(RefusalCode.init(rawValue:)) else {
                throw unfit
            }
            return code
        }
        switch (number, count) {
        case (1, 7): entry = .accept(try acceptance())
        case (2, 6): entry = .hold(try dot(), id: try reader.digest(), code: try code())
        case (3, 6): entry = .refuse(try dot(), id: try reader.digest(), code: try code())
        case (4, 8): entry = .release(try acceptance(), by: DeviceID(try reader.digest()))
        case (5, 3): entry = .grant(try reader.byteString(max: 4096))
        case (6, 4): entry = .revoke(DeviceID(try reader.digest()), lastSequence: try reader.sequence())
        case (7, 6): entry = .erase(try dot(), id: try reader.digest(), by: DeviceID(try reader.digest()))
        case (8, 4):
            let document = try reader.digest()
            var areas: [String] = []
            for _ in 0..<(try reader.arrayHeader(max: 64)) { areas.append(try reader.text(max: AreaCode.maxLength)) }
            entry = .move(document: document, areas: areas)
        case (10, 6):
            entry = .succession(
                LogEntry.Succession(
                    old: DeviceID(try reader.digest()), new: DeviceID(try reader.digest()),
                    lastSequence: try reader.sequence(), by: DeviceID(try reader.digest())))
        case (11, 3): entry = .key(try reader.byteString(max: KeyStatement.mostBytes))
        case (9, 8): entry = .readmit(try acceptance(), at: Position(rawValue: try reader.unsigned()))
        default: throw unfit
        }
        try reader.finish()
    }
}
