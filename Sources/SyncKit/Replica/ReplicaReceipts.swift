// Receipts in the compact form: put together again with what the device knows of its own change sets.

extension Replica {
    /// Whether the receipts of a frame are of this device's chain. They are not where the store was copied and the ward
    /// went on with the other copy's change sets: then the device asks for the entries in full, and finds its own among
    /// them by their ids.
    package func recognizes(_ answer: SyncAnswer) throws(ReplicaError) -> Bool {
        try inStore { () throws(StoreError) in
            for run in answer.receipts where try !isOwn(run) { return false }
            return true
        }
    }

    /// The id of the last change set is enough: it holds the hash of the one before, and so on.
    private func isOwn(_ run: ReceiptRun) throws(StoreError) -> Bool {
        let last = run.sequence + UInt64(run.count - 1)
        // Where there is none, this is an older copy.
        return try tables.changeID(device: try tables.deviceNumber(device), sequence: last) == run.last
    }

    /// Puts into the proofs of a frame the entries that its receipts stand for. What is proven of another chain than this
    /// device's is dropped, with the frame (`recognizes`).
    func complete(_ proofs: AnsweredProofs, of answer: SyncAnswer) throws(StoreError) -> AnsweredProofs {
        var isOwn = true
        let leftOut = Set(proofs.included.filter(\.entry.isEmpty).map(\.position))
        var known: [Position: Bytes] = [:]
        for run in answer.receipts {
            guard let entries = try entries(of: run) else {
                isOwn = false
                continue
            }
            for (position, record) in entries where leftOut.contains(position) { known[position] = record.encoded() }
        }
        var proofs = proofs
        for index in proofs.included.indices where proofs.included[index].entry.isEmpty {
            proofs.included[index].entry = known[proofs.included[index].position] ?? []
        }
        if !isOwn { proofs.included.removeAll { $0.entry.isEmpty } }
        return proofs
    }

    /// The entries that a run stands for; `nil` where it is not of this chain.
    func entries(of run: ReceiptRun) throws(StoreError) -> [(position: Position, record: LogRecord)]? {
        guard try isOwn(run) else { return nil }
        let own = try tables.deviceNumber(device)
        return try run.records(of: device) { (sequence) throws(StoreError) in
            guard let stored = try tables.change(device: own, sequence: sequence) else { return nil }
            return (stored.change.id, stored.change.header.authorTime)
        }
    }
}
