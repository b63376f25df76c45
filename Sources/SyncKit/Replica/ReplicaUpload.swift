// What the device sends: the signed request, and its chain's unacknowledged part in frames.

/// What a device shows to a ward that may not know any more that it signed it.
package enum ShownWord: Sendable {
    /// The device's grant, which came with an invitation and never with an answer.
    case grant
    /// The newest checkpoint that the device holds.
    case checkpoint

    fileprivate var key: String {
        switch self {
        case .grant: Replica.Key.grant
        case .checkpoint: Replica.Key.checkpoint
        }
    }
}

/// A request ready to be sent.
package struct PreparedRequest: Sendable {
    /// The whole body.
    package let body: Bytes
    /// The request alone, which its answer belongs to.
    package let signed: SignedRequest
    /// How many change sets are in it.
    package let changeCount: Int
    /// The last of the device's change sets in it; 0 for none.
    var lastSequence: UInt64 = 0
    /// The kept frames that it brings to a restored ward.
    var brought: [Int64] = []
    /// How many parts of files are in it, and how many bytes of them.
    var partCount = 0
    var partBytes = 0
    /// Of which files it holds which leaves, and how many bytes.
    var offered: [Digest: LeafSet] = [:]
    var offeredBytes: [Digest: Int] = [:]
    /// How many leaves of them the ward lacked before, as far as the device knew.
    var offeredLacking = 0
    /// How many files it asks for.
    var wishCount = 0
    /// As of which position the grant was the device's when it asked for all that it oversees; `nil` where it did not.
    var asksOversight: UInt64?
    /// The documents whose histories it asks for.
    var histories: [Digest] = []
}

extension Replica {
    /// The most change sets and payload bytes of one frame, so that it stays under the limit when nothing compresses.
    private static let maxFrameChanges = 250
    private static let maxFramePayload = 40 * 1024
    /// The most frames in one request; what is left goes with the next.
    private static let maxFrames = 16

    /// Prepares the next request.
    /// - Parameters:
    ///   - pullOnly: without change sets, to learn first what an interrupted upload achieved.
    ///   - explicit: everything in the explicit form.
    ///   - ownChanges: with the device's own change sets, where the ward's are not those of this store.
    ///   - showing: with something that the ward signed and may not know any more.
    ///   - after: of the change sets only those behind this one, and nothing that is brought to a restored ward: what
    ///     came before goes in the same bundle.
    ///   - plan: what the link has room for.
    ///   - isDirect: the answer comes before anything else that the device is told. Then a new device takes states in
    ///     place of histories, any device asks for the histories that it wants, proofs build on the tree it holds, and of
    ///     files goes what the ward named, without change sets beside it.
    ///   - unasked: also of files that it did not name.
    package func prepareRequest(
        pullOnly: Bool = false, explicit: Bool = false, ownChanges: Bool = false, showing: ShownWord? = nil,
        after: UInt64? = nil, plan: LinkPlan = LinkPlan(), isDirect: Bool = false, unasked: Bool = false
    ) throws(ReplicaError) -> PreparedRequest {
        let chain = try chain()
        let serial = min(try number(Key.serial), SyncRequest.serialLimit) + 1
        let checkpoint = try newestCheckpoint()
        var due: (blocks: [Bytes], numbers: [Int64]) = ([], [])
        if after == nil { due = try inStore { () throws(StoreError) in try dueEvidence() } }
        if let showing, let word = try inStore({ () throws(StoreError) in try tables.meta(showing.key) }) {
            // A checkpoint is shown to a ward that went back; the rest is for one that was restored.
            if showing == .checkpoint { due = ([], []) }
            due.blocks.insert(Evidence.seal(signed: word, to: descriptor.sealingKey, random: random), at: 0)
        }
        var wishes: SyncRequest.Wishes = ownChanges ? .ownChanges : []
        if !due.blocks.isEmpty { wishes.formUnion(.bringing(due.blocks.count)) }
        let succession = try inStore { () throws(StoreError) in try tables.meta(Key.succession) }
        if succession != nil { wishes.insert(.succession) }
        if due.blocks.isEmpty, try wantsOversight() { wishes.insert(.oversight) }
        var histories: [Digest] = []
        if isDirect, due.blocks.isEmpty, succession == nil {
            let asks = try inStore { () throws(StoreError) in
                (states: try wantsStates(), histories: try wantedHistories())
            }
            if asks.states, !ownChanges { wishes.formUnion(.states) }
            histories = asks.histories
        }
        if try inStore({ () throws(StoreError) in try holdsStates() }) { wishes.insert(.holdsStates) }
        if isDirect, try inStore({ () throws(StoreError) in try !filesBesideOthers().isEmpty }) {
            wishes.insert(.filesBesideOthers)
        }
        let wanted = try wantedProofs(after: checkpoint, isDirect: isDirect)
        wishes.formUnion(wanted.wish)
        var request = SyncRequest(
            ward: ward.prefix8, device: device, position: Position(rawValue: try number(Key.position)),
            scope: Position(rawValue: try number(Key.scope)), backfill: Position(rawValue: try number(Key.backfill)),
            backfillCursor: try number(Key.cursor), checkpointSerial: checkpoint?.serial ?? 0, serial: serial,
            nonce: random.bytes(SyncRequest.nonceLength), time: time.nowSeconds(), chain: chain.sequence,
            sealingKey: try grant()?.device == device ? nil : sealingKey.publicKey, wishes: wishes,
            proofs: wanted.request)
        request.histories = histories
        let signed = request.signed(by: signingKey, ward: ward, scheme: scheme)
        var body = Block(.request, signed).encoded
        var count = 0
        var last: UInt64 = 0
        if let succession { body += Block(.succession, succession).encoded }
        for block in due.blocks { body += Block(.evidence, block).encoded }
        // What the ward once accepted is proven first: then it stands in its old place.
        if !pullOnly, due.blocks.isEmpty {
            for frame in try frames(explicit: explicit, after: after ?? 0) {
                body += Block(.frame, frame.bytes).encoded
                count += frame.count
                last = frame.last
            }
        }
        var files = OfferedContent()
        if due.blocks.isEmpty {
            // Before the ward has a change set it takes nothing of the files that it names.
            var isWhole = last == chain.sequence
            if count == 0 { isWhole = try pendingCount() == 0 }
            // The answer to a text does not wait for files.
            let offersFiles = !pullOnly && isWhole && (count == 0 || !isDirect)
            files = try inStore { () throws(StoreError) in
                let offers = offersFiles ? try offers(plan, unasked: unasked || !isDirect) : OfferedContent()
                return try asking(for: plan, beside: offers)
            }
            body += files.body
        }
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                try tables.setNumber(Key.serial, serial)
            }
        }
        return PreparedRequest(
            body: body, signed: SignedRequest(signed), changeCount: count, lastSequence: last, brought: due.numbers,
            partCount: files.parts, partBytes: files.bytes, offered: files.leaves,
            offeredBytes: files.bytesOfRoots, offeredLacking: try lackingLeaves(of: files.leaves.keys),
            wishCount: files.wishes,
            asksOversight: wishes.contains(.oversight) ? try number(Key.grantedAsOf) : nil, histories: histories)
    }

    private typealias OutgoingFrame = (bytes: Bytes, count: Int, last: UInt64)

    /// The chain's unacknowledged part, or what the ward asked for again.
    private func frames(explicit: Bool, after: UInt64) throws(ReplicaError) -> [OutgoingFrame] {
        let own = try inStore { () throws(StoreError) in try tables.deviceNumber(device) }
        let need = try number(Key.need)
        let first = try inStore { () throws(StoreError) in try firstPending(own) }
        guard let begin = need > 0 ? min(need, first ?? need) : first else { return [] }
        let start = max(begin, after + 1)
        let stored = try inStore { () throws(StoreError) in
            try tables.changes(device: own, from: start, limit: Self.maxFrameChanges * Self.maxFrames)
        }
        var encoder = FrameEncoder(dictionary: FrameDictionary.current)
        encoder.isExplicit = explicit
        encoder.level = 19
        encoder.sender = device
        var frames: [OutgoingFrame] = []
        var run: [ChangeSet] = []
        var size = 0
        func close() throws(ReplicaError) {
            if run.isEmpty { return }
            let bytes = try inStore { () throws(StoreError) in
                var creations: [Digest: Dot] = [:]
                for change in run {
                    if let document = change.header.document { creations[document] = try creation(of: document) }
                }
                return encoder.encode(run) { creations[$0] }
            }
            frames.append((bytes, run.count, run.last?.header.sequence ?? 0))
            run = []
            size = 0
        }
        for item in stored {
            let weight = item.change.skeleton.count + (item.change.values?.bytes.count ?? 0) + (explicit ? 400 : 96)
            if run.count == Self.maxFrameChanges || (size + weight > Self.maxFramePayload && !run.isEmpty) {
                try close()
                if frames.count == Self.maxFrames { return frames }
            }
            run.append(item.change)
            size += weight
        }
        try close()
        return frames
    }

    private func firstPending(_ own: Int64) throws(StoreError) -> UInt64? {
        let statement = try database.prepare(
            "SELECT min(sequence) FROM changes WHERE device=?1 AND verdict=0"
        ).bind(1, own)
        defer { statement.reset() }
        guard try statement.step(), !statement.isNull(0) else { return nil }
        return UInt64(statement.integer(0))
    }

    /// The change set that created a document, where the ward knows it too.
    func creation(of document: Digest) throws(StoreError) -> Dot? {
        let statement = try database.prepare("SELECT creator,sequence FROM documents WHERE id=?1").bind(1, document)
        guard try statement.step() else { return nil }
        let creator = statement.integer(0)
        let sequence = UInt64(statement.integer(1))
        statement.reset()
        return try tables.device(creator).map { Dot(device: $0, sequence: sequence) }
    }

    /// Marks that a request was sent whose answer did not arrive whole: the next begins by asking.
    package func noteInterrupted(_ interrupted: Bool) throws(ReplicaError) {
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                try tables.setNumber(Key.unsure, interrupted ? 1 : 0)
            }
        }
    }

    package func wasInterrupted() throws(ReplicaError) -> Bool { try number(Key.unsure) != 0 }

    /// Goes on from the serial that the ward says to have seen last, whichever of the two is greater. A refusal is not
    /// signed: where somebody made it up, the ward names the true one with the next request.
    /// - Throws: `badAnswer` for a number that no ward names.
    package func follow(serial: UInt64) throws(ReplicaError) {
        guard serial < SyncRequest.serialLimit else { throw ReplicaError(.badAnswer("serial")) }
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in try tables.setNumber(Key.serial, serial) }
        }
    }
}
