// Epochs that the log never went through: what somebody who worked in one of them had seen of the log as it is now.

extension Epochs {
    /// Whether the log went through an epoch.
    func contains(_ epoch: UInt64) -> Bool { epoch == 0 || statements.contains { $0.epoch == epoch } }

    /// Where an epoch of the log ended; `nil` for the present one.
    fileprivate func end(of epoch: UInt64) -> Position? { statements.first { $0.ended.epoch == epoch }?.ended }
}

extension WardCore {
    /// Remembers where an epoch began that this log never went through. Of two that have one number the one that shares
    /// less with this log counts.
    func note(branch statement: EpochStatement) throws(StoreError) {
        guard !epochs.contains(statement.epoch), branches[statement.epoch].map({ statement.ended < $0 }) ?? true else {
            return
        }
        try database.prepare("INSERT OR REPLACE INTO attested_epochs(epoch,ended) VALUES(?1,?2)")
            .bind(1, Int64(statement.epoch)).bind(2, Int64(bitPattern: statement.ended.rawValue)).run()
        branches[statement.epoch] = statement.ended
    }

    func loadBranches() throws(StoreError) {
        let statement = try database.prepare("SELECT epoch,ended FROM attested_epochs")
        defer { statement.reset() }
        while try statement.step() {
            branches[UInt64(statement.integer(0))] = Position(rawValue: UInt64(bitPattern: statement.integer(1)))
        }
    }

    /// The last entry that this log and the log of an epoch have in common; the beginning where nobody showed the
    /// statement on that epoch.
    private func lastShared(with epoch: UInt64) -> Position {
        if epochs.contains(epoch) { return epochs.end(of: epoch) ?? end }
        guard let ended = branches[epoch], ended.epoch < epoch else { return .start }
        return min(lastShared(with: ended.epoch), ended)
    }

    /// Readmits what a change set of such an epoch would replace, though its author never had it: a position below the
    /// one that the author names tells nothing where the two logs parted before. It stays where it is, and nobody is
    /// taken to have seen it who had not seen the entry; within a transaction, before the change set is decided.
    func readmitUnseen(by change: ChangeSet) throws(StoreError) {
        let mark = change.header.seen.position
        guard !epochs.contains(mark.epoch), let document = documents[change.document],
            let operations = change.operations, let state = try state(of: document)
        else { return }
        let shared = lastShared(with: mark.epoch)
        var unseen: [Dot: Position] = [:]
        for operation in operations {
            switch operation {
            case .set, .remove, .claim, .resolve: break
            case .add, .append, .release, .transition, .link, .unlink: continue
            }
            for entry in state.entries(operation.slot)
            where entry.dot.device != change.header.device && !change.header.seenDots.contains(entry.dot)
                && entry.position.epoch != mark.epoch && state.wasSeen(entry.dot, at: entry.position, by: mark)
                && place(readmitted[entry.dot] ?? entry.position.index) > shared
            {
                unseen[entry.dot] = entry.position
            }
        }
        for (dot, _) in unseen.sorted(by: { $0.value < $1.value }) { try readmitInPlace(dot, document) }
    }

    private func readmitInPlace(_ dot: Dot, _ document: WardDocument) throws(StoreError) {
        let device = try chain(dot.device).number
        guard let stored = try tables.change(device: device, sequence: dot.sequence), stored.verdict == .accepted else {
            return
        }
        try readmit(
            stored, device, into: document,
            Attestation(position: stored.position, effective: stored.effective, outcomes: stored.outcomes))
    }
}
