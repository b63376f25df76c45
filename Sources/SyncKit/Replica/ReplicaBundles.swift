// Bundles at a device: what waits goes into one, and is still told as waiting until the ward's word came back.

/// A bundle ready to be written.
package struct MadeBundle: Sendable {
    package var id: Digest
    package var parts: [BundlePart]
    /// How many change sets are in it.
    package var changeCount: Int
    /// How many wait that did not fit.
    package var left: Int
    /// Own files that are not in it, or not wholly.
    package var leftContent = LeftContent()
}

/// An export that this device remembers.
package struct ExportedBundle: Sendable {
    package enum State: Int64, Sendable {
        /// No return came yet.
        case waiting = 0
        /// Its return was applied.
        case answered = 1
        /// Its return came too late to say anything new.
        case passedOver = 2
    }

    package var bundle: Digest
    /// Seconds since 1970.
    package var made: Int64
    package var changeCount: Int
    package var state: State
}

/// What a device was when it asked, which its answer is applied to.
struct BundleRequest {
    var request: SignedRequest
    var device: DeviceID
    var position: UInt64
    var scope: UInt64
    var backfill: UInt64
    var cursor: UInt64
    /// The position of the newest checkpoint that it held, or where a restore ended.
    var known: UInt64
    var asksOversight: UInt64?
    /// The kept frames that it brought to a restored ward.
    var brought: [Int64]

    var encoded: Bytes {
        var writer = CBORWriter(reserving: 400)
        writer.arrayHeader(count: 10)
        writer.unsigned(1)
        writer.byteString(request.bytes)
        writer.byteString(device.digest)
        for number in [position, scope, backfill, cursor, known] { writer.unsigned(number) }
        if let asksOversight { writer.unsigned(asksOversight) } else { writer.null() }
        writer.arrayHeader(count: brought.count)
        for number in brought { writer.integer(number) }
        return writer.bytes
    }
}

extension BundleRequest {
    init?(decoding bytes: Bytes) {
        do throws(CBORError) {
            var reader = CBORReader(bytes)
            guard try reader.arrayHeader(max: 10) == 10, try reader.unsigned() == 1 else { return nil }
            request = SignedRequest(try reader.byteString(max: SyncRequest.maxLength))
            device = DeviceID(try reader.digest())
            position = try reader.unsigned()
            scope = try reader.unsigned()
            backfill = try reader.unsigned()
            cursor = try reader.unsigned()
            known = try reader.unsigned()
            if reader.isNull() {
                try reader.null()
                asksOversight = nil
            } else {
                asksOversight = try reader.unsigned()
            }
            brought = []
            for _ in 0..<(try reader.arrayHeader(max: 1000)) { brought.append(try reader.integer()) }
            try reader.finish()
        } catch { return nil }
    }
}

extension Replica {
    /// The most exports that are remembered; the oldest go first.
    package static let mostExports = 200
    /// After so many bytes a bundle takes no further request; what is left goes with the next.
    private static let longestBody = 48 * 1024 * 1024

    /// Whether a bundle would bring the ward anything of this device: change sets, files, or what it once signed.
    package func bringsAnything() throws(ReplicaError) -> Bool {
        let changes = try pendingCount() + dueEvidenceCount()
        let asked = try number(Key.need)
        let files = try unsentContent(beside: [:]).bytes
        return changes > 0 || asked > 0 || files > 0
    }

    /// Makes a bundle of all that waits, and remembers what it asked so that its return can be applied. Nothing counts
    /// as sent by it.
    /// - Parameters:
    ///   - fileSize: the most bytes of a part's file.
    ///   - content: the most bytes of files that go along.
    package func exportBundle(fileSize: Int, content: Int = 0) throws(ReplicaError) -> MadeBundle {
        let wishes = try number(Key.bundleWishes)
        let isExplicit = wishes & 1 != 0
        var body = Bytes()
        var count = 0
        var plan = LinkPlan()
        plan.level = ContentTree.maxLevel
        plan.mostAtOnce = content
        plan.isTextOnly = content == 0
        plan.fetching = .nothing
        var request = try prepareRequest(explicit: isExplicit, ownChanges: wishes & 2 != 0, plan: plan)
        body += request.body
        count += request.changeCount
        var offered = request.offeredBytes
        let brought = request.brought
        // What the ward once accepted has to be there before the chain that builds on it.
        let dueCount = try dueEvidenceCount()
        var after = request.lastSequence
        let end = try chain().sequence
        while after < end, dueCount <= brought.count, body.count < Self.longestBody {
            let next = try prepareRequest(
                explicit: isExplicit, ownChanges: wishes & 2 != 0, after: after, plan: plan)
            if next.changeCount == 0 { break }
            body += next.body
            count += next.changeCount
            after = next.lastSequence
            offered.merge(next.offeredBytes) { max($0, $1) }
            request = next
        }
        guard
            let parts = BundleSealing.parts(
                of: [body], direction: .toWard, ward: ward, to: descriptor.sealingKey, fileSize: fileSize,
                random: random), let id = parts.first?.head.id
        else { throw ReplicaError(.badDescriptor) }
        let asked = BundleRequest(
            request: request.signed, device: device, position: try number(Key.position), scope: try number(Key.scope),
            backfill: try number(Key.backfill), cursor: try number(Key.cursor), known: try knownHead().rawValue,
            asksOversight: request.asksOversight, brought: brought)
        let now = time.nowSeconds()
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in
                try database.prepare(
                    "INSERT OR REPLACE INTO bundle_requests(bundle,made,changes,body) VALUES(?1,?2,?3,?4)"
                )
                .bind(1, id).bind(2, now).bind(3, Int64(count)).bind(4, asked.encoded).run()
                try database.prepare(
                    """
                    DELETE FROM bundle_requests WHERE bundle NOT IN
                    (SELECT bundle FROM bundle_requests ORDER BY made DESC, bundle LIMIT ?1)
                    """
                ).bind(1, Int64(Self.mostExports)).run()
            }
        }
        return MadeBundle(
            id: id, parts: parts, changeCount: count, left: max(0, try pendingCount() - count),
            leftContent: try unsentContent(beside: offered))
    }

    /// The newest head of the log that this device can be shown to go on from.
    func knownHead() throws(ReplicaError) -> Position {
        if let checkpoint = try newestCheckpoint() { return checkpoint.position }
        return try anchor()?.position ?? .start
    }

    func request(of bundle: Digest) throws(ReplicaError) -> BundleRequest? {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare("SELECT body FROM bundle_requests WHERE bundle=?1").bind(1, bundle)
            defer { statement.reset() }
            return try statement.step() ? BundleRequest(decoding: statement.bytes(0)) : nil
        }
    }

    func note(_ state: ExportedBundle.State, of bundle: Digest) throws(StoreError) {
        try database.prepare("UPDATE bundle_requests SET state=?2 WHERE bundle=?1").bind(1, bundle)
            .bind(2, state.rawValue).run()
    }
}
