// The ward's console as an author: a device of the ward's own, which signs what people decide on its web pages.

extension Grant {
    /// Whether the device is the ward's console.
    package var isConsole: Bool { role == .admin && ConsoleName.isExactly(name) }
}

/// What became of something that was decided on a web page.
package enum ConsoleOutcome: Equatable, Sendable {
    /// It counts; the document that it concerns.
    case done(Digest)
    /// The ward's rules do not let it count, and nothing was written.
    case refused(RefusalCode)
    /// The page was made of a log that is not this one: after a restore.
    case outdated
    /// It does not fit one change set.
    case tooLarge
}

extension WardCore {
    /// Makes a device the ward's console, once. Another one that was it before does not count any more: a restored
    /// server has a new one, because nobody knows what the old one signed after the backup.
    package func admitConsole(_ device: DeviceID, sealingKey: Digest) throws(StoreError) {
        if grants[device] != nil { return }
        let grant = Grant(
            device: device, sealingKey: sealingKey, role: .admin, areas: [areaCode],
            validFrom: wardTime, validUntil: 0, name: ConsoleName.text)
        try guarded { () throws(StoreError) in
            for other in consoles {
                guard let last = grants[other]?.last, last.revokedAfter == nil else { continue }
                try append(.revoke(other, lastSequence: try chain(other).head.sequence), document: 0)
            }
            try append(.grant(grant.signed(by: keys.signing, ward: ward, scheme: scheme)), document: 0)
        }
    }

    /// The log's last position: a page is made of it, and what is decided on that page names it.
    package var seenNow: Position { place(tree.size) }

    /// Lets the console do something: signed with its key, decided by the rules for everybody, and logged.
    /// - Parameter seen: up to where the person had seen the log, which is what their page was made of. What came
    ///   after it was not known to them, and merges as such.
    package func act(_ draft: ChangeSetDraft, by key: SigningKey, seen: Position) throws(StoreError) -> ConsoleOutcome {
        guard seen.index <= tree.size, place(seen.index) == seen, let root = try root(at: seen.index) else {
            return .outdated
        }
        let device = DeviceID(key.publicKey)
        var clock = HybridClock(last: HybridTime(rawValue: try tables.number("clock") ?? 0))
        let stamp = clock.next(now: wardTime)
        let change: ChangeSet
        do {
            change = try draft.signed(
                by: key, ward: ward, after: try chain(device).head, time: stamp,
                seen: SeenMark(position: seen, root: root), salt: random.bytes(ChangeSetLimits.saltLength),
                scheme: scheme)
        } catch let error as StoreError {
            throw error
        } catch { return .tooLarge }
        // Asked first: a transaction that fails would make the core read everything anew.
        switch try verdict(on: change) {
        case .accept: break
        case .hold(let code), .refuse(let code): return .refused(code)
        }
        try guarded { () throws(StoreError) in
            try tables.setNumber("clock", stamp.rawValue)
            var chain = try chain(device)
            var received = Received()
            try receive(change, &chain, &received)
            chains[device] = chain
            guard received.accepted == 1 else { throw StoreError(.misuse, "console's change set was not accepted") }
        }
        try answerAndReact()
        return .done(change.document)
    }

    /// What a device did, newest first.
    /// - Parameter before: only below this sequence; nil for the newest.
    package func actions(of device: DeviceID, before: UInt64?, limit: Int) throws(StoreError) -> [LogTables.Stored] {
        guard let number = try tables.knownDeviceNumber(device) else { return [] }
        let last = try lastSequence(of: device)
        let end = before.map { min($0, last + 1) } ?? last + 1
        let first = end > UInt64(limit) ? end - UInt64(limit) : 1
        guard end > first else { return [] }
        return try tables.changes(device: number, from: first, limit: Int(end - first)).reversed()
    }
}

extension WardCore {
    /// The device that is the ward's console; nil before the first admin signed in at it.
    package var consoleDevice: DeviceID? {
        consoles.last { device in grants[device]?.last.map { $0.revokedAfter == nil } ?? false }
    }
}
