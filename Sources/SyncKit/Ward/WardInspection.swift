// Looking at the ward from outside: its whole log and every document, for audits and for the simulator.

extension WardCore {
    /// The leaves of the ward log in order, as they were hashed.
    /// - Parameter position: only those above it.
    package func leaves(after position: UInt64 = 0) throws(StoreError) -> [Bytes] {
        let statement = try database.prepare("SELECT bytes FROM entries WHERE position>?1 ORDER BY position")
            .bind(1, Int64(position))
        defer { statement.reset() }
        var leaves: [Bytes] = []
        while try statement.step() { leaves.append(statement.bytes(0)) }
        return leaves
    }

    /// The ids of every document that the ward accepted, sorted.
    package var documentIDs: [Digest] { documents.keys.sorted() }

    /// A document as the ward accepted it.
    package func documentState(_ id: Digest) throws(StoreError) -> DocumentState? {
        guard let document = documents[id] else { return nil }
        return try state(of: document)
    }

    /// Change sets by their dots, as far as the ward has them.
    package func changes(_ dots: [Dot]) throws(StoreError) -> [ChangeSet] {
        var changes: [ChangeSet] = []
        for dot in dots {
            guard let number = try tables.knownDeviceNumber(dot.device) else { continue }
            if let stored = try tables.change(device: number, sequence: dot.sequence) { changes.append(stored.change) }
        }
        return changes
    }

    /// Every change set of every chain, with the ward's word on it.
    package func everyChange() throws(StoreError) -> [LogTables.Stored] {
        let statement = try database.prepare("SELECT device,sequence FROM changes ORDER BY device,sequence")
        var places: [(device: Int64, sequence: UInt64)] = []
        while try statement.step() { places.append((statement.integer(0), UInt64(clamping: statement.integer(1)))) }
        statement.reset()
        var found: [LogTables.Stored] = []
        for place in places {
            if let stored = try tables.change(device: place.device, sequence: place.sequence) { found.append(stored) }
        }
        return found
    }

    /// The newest checkpoint, as it is sent to devices.
    package var newestCheckpoint: Bytes? { checkpoint?.bytes }

    /// The number of a change set's verdict and its code, where the ward received it.
    package func verdict(of dot: Dot) throws(StoreError) -> (verdict: StoredVerdict, code: RefusalCode?)? {
        guard let number = try tables.knownDeviceNumber(dot.device),
            let stored = try tables.change(device: number, sequence: dot.sequence)
        else { return nil }
        return (stored.verdict, stored.code)
    }
}

extension WardCore {
    /// Audits the store as it is; `nil` where the text is no descriptor.
    package func audit(descriptor text: String, scheme: any SignatureScheme) throws(StoreError) -> AuditReport? {
        guard let descriptor = WardDescriptor(verifying: text, scheme: scheme) else { return nil }
        return try WardAudit(database, descriptor: descriptor, scheme: scheme).run()
    }
}
