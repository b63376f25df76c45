// Receipts with proofs: asked for with a sync, kept with the report, exported without a network.

extension Replica {
    /// The most change sets whose proof one request asks for.
    private static let mostWanted = 32

    /// What the next request wants proven: that the log goes on from the newest checkpoint, and the place in it of
    /// those of the device's reports whose receipt is not here yet.
    /// - Parameter isDirect: the answer comes before the device goes on: then it may build on what the device holds now.
    func wantedProofs(
        after checkpoint: Checkpoint?, isDirect: Bool
    ) throws(ReplicaError) -> (request: ProofRequest?, wish: SyncRequest.Wishes) {
        let sequences = try inStore { () throws(StoreError) in try unproven() }
        let known = try knownLog(checkpoint)
        let request = ProofRequest(known: known?.position ?? .start, sequences: sequences)
        if !isDirect { return (known == nil && sequences.isEmpty ? nil : request, []) }
        let isHeld = try known.flatMap { known throws(ReplicaError) in try tree(at: known) } != nil
        return (request, isHeld ? .holdsTree : .tree)
    }

    /// The tree of the log where the device knows it; `nil` where it does not hold that.
    private func tree(at known: LogAnchor) throws(ReplicaError) -> MerkleTree? {
        let bytes = try inStore { () throws(StoreError) in try tables.meta(Key.tree) }
        guard let tree = bytes.flatMap({ MerkleTree(decoding: $0) }), tree.size == known.position.index,
            tree.root == known.root
        else { return nil }
        return tree
    }

    /// Puts the checkpoint and whole proofs together from what was told and the tree that the device holds (`TreeCover`).
    /// What they prove is for `check` to say.
    /// - Throws: `otherTree` where a checkpoint without its root is not of a log that goes on from that tree.
    func putTogether(_ said: SyncAnswer) throws(ReplicaError) -> SyncAnswer {
        guard let told = said.proofs, told.isBesideTree else { return said }
        let known = try knownLog(try newestCheckpoint())
        let held = try known.flatMap { known throws(ReplicaError) in try tree(at: known) }
        let old = known?.position.index ?? 0
        var answer = said
        // What is not of these sizes proves nothing, as if it had not come.
        answer.proofs = AnsweredProofs()
        let size = said.rootless?.position.index ?? Checkpoint(unverifiedObject: said.checkpoint)?.position.index
        let cover = size.flatMap { Self.cover(told, known: old, held, size: $0) }
        if let short = said.rootless {
            answer.checkpoint = cover?.tree.flatMap { short.signed(ward: ward, root: $0.root) }
        }
        let checkpoint = answer.checkpoint.flatMap {
            Checkpoint(verifying: $0, ward: ward, keys: knownKeys, scheme: scheme)
        }
        if said.rootless != nil, checkpoint == nil {
            // The root is left out only of what goes to a device with its tree.
            answer.checkpoint = nil
            if held == nil { return answer }
            try dropTree()
            throw ReplicaError(.otherTree)
        }
        guard let checkpoint, let cover, let tree = cover.tree, let consistency = cover.consistency(from: old) else {
            return answer
        }
        // What the ward signed is at hand: it is for `check` to say what it contradicts.
        if tree.root != checkpoint.root, held != nil { try dropTree() }
        var proofs = told
        proofs.isBesideTree = false
        proofs.consistency = consistency
        // An earlier root that is one complete subtree is left out of a proof. Another one is what shows two logs.
        if old.nonzeroBitCount == 1, let earlier = cover.root(over: 0..<old), earlier != known?.root {
            proofs.consistency.insert(earlier, at: 0)
        }
        for index in proofs.included.indices {
            let item = proofs.included[index]
            guard item.position.index > 0, let path = cover.path(of: item.position.index - 1, told: item.path) else {
                throw ReplicaError(.badAnswer("inclusion proof"))
            }
            proofs.included[index].path = path
        }
        if tree.root == checkpoint.root { proofs.tree = tree }
        answer.proofs = proofs
        return answer
    }

    /// The cover of a tree, out of the roots that the device holds and those that were told.
    private static func cover(
        _ told: AnsweredProofs, known: UInt64, _ held: MerkleTree?, size: UInt64
    ) -> TreeCover? {
        var (roots, rest) = (held?.peaks ?? [], told.consistency[...])
        for subtree in TreeCover(known: known, size: size).subtrees.dropFirst(roots.count) {
            guard let root = told.entry(of: subtree).map(MerkleTree.leaf) ?? rest.popFirst() else { return nil }
            roots.append(root)
        }
        return rest.isEmpty ? TreeCover(known: known, size: size, roots: roots) : nil
    }

    private func dropTree() throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in try tables.removeMeta(Key.tree) }
        }
    }

    /// The change sets that created the device's own reports and have no receipt; the newest, in ascending order.
    private func unproven() throws(StoreError) -> [UInt64] {
        let statement = try database.prepare(
            """
            SELECT sequence FROM documents d WHERE creator=?1 AND kind=1 AND kind<4 AND hidden=0 AND sequence>0
            AND NOT EXISTS (SELECT 1 FROM meta WHERE key='\(Key.receiptPrefix)'||lower(hex(d.id)))
            ORDER BY number DESC LIMIT ?2
            """
        ).bind(1, try tables.deviceNumber(device)).bind(2, Int64(Self.mostWanted))
        defer { statement.reset() }
        var found: [UInt64] = []
        while try statement.step() { found.append(UInt64(clamping: statement.integer(0))) }
        return found.sorted()
    }

    /// Keeps what a frame proves of own change sets, within the frame's transaction. `examine` checked the paths.
    func keepReceipts(_ answer: SyncAnswer) throws(StoreError) {
        guard let checkpoint = answer.checkpoint else { return }
        let own = try tables.deviceNumber(device)
        for item in answer.proofs?.included ?? [] {
            guard let record = try? LogRecord(decoding: item.entry), let decided = record.entry.decided,
                decided.dot.device == device,
                let stored = try tables.change(device: own, sequence: decided.dot.sequence)
            else { continue }
            // What the ward decided may be another copy's change set: then there is nothing to keep, nor to ask again.
            let receipt = KeptReceipt(
                sequence: decided.dot.sequence, position: item.position, entry: item.entry, path: item.path,
                checkpoint: checkpoint)
            try tables.setMeta(
                Key.receipt(stored.change.document), stored.change.id == decided.id ? receipt.encoded : [])
        }
    }

    /// Drops the receipt of an older decision on an own change set, so that the next sync asks for the new one.
    func dropReceipt(of document: Digest, unlessAt position: Position) throws(StoreError) {
        guard let kept = try tables.meta(Key.receipt(document)) else { return }
        if KeptReceipt(decoding: kept)?.position == position { return }
        try tables.removeMeta(Key.receipt(document))
    }

    /// Drops what none of the ward's present keys signed, so that the next sync asks for it anew: with a descriptor that
    /// no longer names a key, a receipt under that key proves nothing to anybody.
    func dropReceipts(without keys: [Digest]) throws(StoreError) {
        let statement = try database.prepare("SELECT key,value FROM meta WHERE key>=?1 AND key<?2")
            .bind(1, Key.receiptPrefix).bind(2, "receipt/")
        var gone: [String] = []
        while try statement.step() {
            guard let kept = KeptReceipt(decoding: statement.bytes(1)) else { continue }
            if Checkpoint(verifying: kept.checkpoint, ward: ward, keys: keys, scheme: scheme) == nil {
                gone.append(statement.text(0))
            }
        }
        statement.reset()
        for key in gone { try tables.removeMeta(key) }
    }
}

extension LocalDocuments {
    /// The receipt of a report that this device filed; `nil` where the device has none yet.
    /// - Parameter withContent: together with what the change set says.
    package func receipt(of document: Digest, withContent: Bool = false) throws(ReplicaError) -> WardReceipt? {
        try inStore { () throws(StoreError) in
            guard let kept = try tables.meta(Replica.Key.receipt(document)).flatMap({ KeptReceipt(decoding: $0) }),
                let text = try tables.meta(Replica.Key.descriptor),
                let descriptor = WardDescriptor.decodeText(String(decoding: text, as: UTF8.self)),
                let author = (try? LogRecord(decoding: kept.entry))?.entry.decided?.dot.device,
                let own = try tables.knownDeviceNumber(author),
                let change = try tables.change(device: own, sequence: kept.sequence)?.change
            else { return nil }
            return WardReceipt(
                descriptor: descriptor, header: change.headerBytes, signature: change.signature,
                position: kept.position, entry: kept.entry, path: kept.path, checkpoint: kept.checkpoint,
                content: withContent
                    ? WardReceipt.Content(skeleton: change.skeleton, values: change.values?.bytes) : nil)
        }
    }

    /// The ward's descriptor as a signed object.
    package func descriptorBytes() throws(ReplicaError) -> Bytes {
        let text = try inStore { () throws(StoreError) in try tables.meta(Replica.Key.descriptor) } ?? []
        return WardDescriptor.decodeText(String(decoding: text, as: UTF8.self)) ?? []
    }

    /// The newest checkpoint, as it was verified when it arrived, as a signed object.
    package func keptCheckpoint() throws(ReplicaError) -> Bytes? {
        try inStore { () throws(StoreError) in try tables.meta(Replica.Key.checkpoint) }
    }
}

/// What a device keeps for the receipt of one of its change sets, beside the change set itself.
struct KeptReceipt: Hashable {
    var sequence: UInt64
    var position: Position
    var entry: Bytes
    var path: [Digest]
    var checkpoint: Bytes

    init(sequence: UInt64, position: Position, entry: Bytes, path: [Digest], checkpoint: Bytes) {
        self.sequence = sequence
        self.position = position
        self.entry = entry
        self.path = path
        self.checkpoint = checkpoint
    }

    var encoded: Bytes {
        var writer = CBORWriter(reserving: 1024)
        writer.arrayHeader(count: 5)
        writer.unsigned(sequence)
        writer.unsigned(position.rawValue)
        writer.byteString(entry)
        writer.byteString(MerkleProof.bytes(path))
        writer.byteString(checkpoint)
        return writer.bytes
    }

    init?(decoding bytes: Bytes) {
        var reader = CBORReader(bytes)
        guard (try? reader.arrayHeader(max: 5)) == 5, let sequence = try? reader.unsigned(),
            let position = try? reader.unsigned(), let entry = try? reader.byteString(max: 8192),
            let path = (try? reader.byteString(max: MerkleProof.maxLength * Digest.byteCount)).flatMap(
                { MerkleProof.path($0) }),
            let checkpoint = try? reader.byteString(max: 1024), reader.isAtEnd
        else { return nil }
        self.init(
            sequence: sequence, position: Position(rawValue: position), entry: entry, path: path,
            checkpoint: checkpoint)
    }
}
