// The ward's side of proofs: the checkpoint and what it proves go first, before anything that a device would apply.

extension WardCore {
    /// Puts the newest checkpoint into an answer's first frame, with the proofs that the device asked for; not where the
    /// device holds just that one and the log up to there, so that the frame names the root that it knows.
    func prove(_ request: SyncRequest, in frame: inout SyncAnswer) throws(StoreError) {
        guard let checkpoint else { return }
        var proofs = AnsweredProofs()
        if let wanted = request.proofs { proofs = try answer(wanted, of: request) }
        let head = place(tree.size)
        let isKnown =
            checkpoint.serial == request.checkpointSerial && request.proofs.map { $0.known == head } ?? true
            && request.position == head
        guard !isKnown || !proofs.isEmpty else { return }
        frame.checkpoint = checkpoint.bytes
        frame.shortensCheckpoint = !request.wishes.isDisjoint(with: [.holdsTree, .tree])
        if !proofs.isEmpty { frame.proofs = proofs }
        frame.leavesOutRoot = !proofs.isEmpty && proofs.isBesideTree && request.wishes.contains(.holdsTree)
    }

    /// Without what follows from the tree that the device holds or wants to hold, where its requests say so.
    private func answer(_ wanted: ProofRequest, of request: SyncRequest) throws(StoreError) -> AnsweredProofs {
        var proofs = AnsweredProofs()
        let known = wanted.known.index
        guard known <= tree.size, place(known) == wanted.known || wanted.known == .start else {
            proofs.included = try included(wanted.sequences, of: request.device, beside: nil)
            return proofs
        }
        guard !request.wishes.isDisjoint(with: [.holdsTree, .tree]) else {
            proofs.included = try included(wanted.sequences, of: request.device, beside: nil)
            proofs.consistency = try consistencyProof(from: known, to: tree.size)
            return proofs
        }
        let cover = TreeCover(known: known, size: tree.size)
        let held = request.wishes.contains(.holdsTree) ? known : 0
        proofs.isBesideTree = true
        proofs.included = try included(wanted.sequences, of: request.device, beside: cover)
        proofs.consistency = try logTree.roots(
            of: cover.subtrees.filter { $0.start >= held && proofs.entry(of: $0) == nil })
        return proofs
    }

    /// The newest decisions on a device's change sets, each with its path in the tree over the whole log.
    private func included(
        _ sequences: [UInt64], of device: DeviceID, beside cover: TreeCover?
    ) throws(StoreError) -> [AnsweredProofs.Included] {
        guard let number = try tables.knownDeviceNumber(device) else { return [] }
        var found: [AnsweredProofs.Included] = []
        for sequence in sequences {
            let statement = try database.prepared("SELECT position FROM changes WHERE device=?1 AND sequence=?2")
                .bind(1, number).bind(2, Int64(clamping: sequence))
            guard try statement.step() else { continue }
            let written = Position(rawValue: UInt64(bitPattern: statement.integer(0)))
            statement.reset()
            // What was readmitted after a restore keeps its old place; its entry stands elsewhere.
            let index = readmitted[Dot(device: device, sequence: sequence)] ?? written.index
            guard index <= tree.size, let entry = try entry(at: index) else { continue }
            found.append(
                AnsweredProofs.Included(
                    position: place(index), entry: entry,
                    path: try inclusionProof(of: index, in: tree.size, beside: cover)))
        }
        return found
    }

    /// What a ward answers a device that has seen more of the log than it holds: its own head, signed, and nothing
    /// else. The device keeps that beside what the ward signed before.
    func admitBehind(_ answer: inout WardAnswer, _ frame: SyncAnswer) throws(StoreError) -> SyncAnswer {
        var frame = frame
        frame.upTo = try headMark()
        frame.scope = answer.request.scope
        frame.backfill = answer.request.backfill
        frame.backfillCursor = answer.request.backfillCursor
        frame.checkpoint = checkpoint?.bytes
        frame.flags = [.last, .behind]
        answer.isFinished = true
        return frame
    }
}
