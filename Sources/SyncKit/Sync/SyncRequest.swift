// What a device says first: who it is, how far it is, and what it wants next.

/// The head of a sync, signed by the device (`docs/protocol.md`, "Sync session").
package struct SyncRequest: Hashable, Sendable {
    /// The first eight bytes of the ward's id.
    package var ward: UInt64
    package var device: DeviceID
    /// Up to where the device has applied the ward log.
    package var position: Position
    /// The position whose scope the device holds wholly.
    package var scope: Position
    /// The position whose scope is being delivered, where that was cut off; and the last document that is whole.
    package var backfill: Position
    package var backfillCursor: UInt64
    package var checkpointSerial: UInt64
    /// Grows with every request of the device.
    package var serial: UInt64
    package var nonce: Bytes
    /// The device's clock, so that the ward can tell a wrong one.
    package var time: Int64
    /// The device's newest change set.
    package var chain: UInt64
    /// The device's X25519 key, until it has a grant.
    package var sealingKey: Digest?
    package var wishes: Wishes
    /// What the device wants proven; `nil` where it holds no checkpoint and wants no receipts.
    package var proofs: ProofRequest?
    /// Documents whose whole history the device wants, at most `maxHistories`.
    package var histories: [Digest] = []

    /// The most documents whose history one request may ask for.
    package static let maxHistories = 8
    /// How far one request's serial may be above the one before: nobody uses up the numbers of another copy's store.
    package static let maxSerialStep: UInt64 = 1 << 40
    /// Above every serial.
    package static let serialLimit: UInt64 = 1 << 62
    /// The most bytes of a request and its signature.
    static let maxLength = 1280

    /// How the device wants to be answered.
    package struct Wishes: OptionSet, Hashable, Sendable {
        package let rawValue: UInt64
        package init(rawValue: UInt64) { self.rawValue = rawValue }
        /// Every entry in full, no receipts in the compact form.
        package static let fullEntries = Wishes(rawValue: 1)
        /// The request brings what the device kept from before a restore; its grant may be among it.
        package static let evidence = Wishes(rawValue: 2)
        /// All that the device oversees now, before what is new.
        package static let oversight = Wishes(rawValue: 4)
        /// Its own change sets with their entries, in full: an older copy of its store came back.
        package static let ownChanges = Wishes(rawValue: 8)
        /// A statement follows that the device succeeds another one.
        package static let succession = Wishes(rawValue: 16)
        /// A new device takes states of documents in place of their histories, as its schema writes them.
        package static let states = Wishes(rawValue: 32 | Schema.version << 16)
        /// The device holds states in place of histories: it is to be told which documents an erasure concerns.
        package static let holdsStates = Wishes(rawValue: 64)

        /// The device holds the tree of the log at the position that it names as known: proofs leave out what follows.
        package static let holdsTree = Wishes(rawValue: 128)
        /// The device wants to hold that tree, and has everything from which it follows told once.
        package static let tree = Wishes(rawValue: 1 << 31)
        /// The device holds files that others added to the same documents before its person did.
        package static let filesBesideOthers = Wishes(rawValue: 1 << 30)

        /// The request brings so many blocks of evidence: signed with it, so that a body which was cut between two blocks
        /// is not taken for a whole one.
        package static func bringing(_ blocks: Int) -> Wishes {
            Wishes(rawValue: evidence.rawValue | UInt64(UInt8(clamping: blocks)) << 8)
        }

        /// How many blocks of evidence the request brings at least.
        package var evidenceBlocks: Int {
            contains(.evidence) ? max(1, Int(UInt8(truncatingIfNeeded: rawValue >> 8))) : 0
        }
    }

    package static let nonceLength = 8
    private static let olderNonceLength = 16

    package init(
        ward: UInt64, device: DeviceID, position: Position, scope: Position, backfill: Position = .start,
        backfillCursor: UInt64 = 0, checkpointSerial: UInt64, serial: UInt64, nonce: Bytes, time: Int64,
        chain: UInt64, sealingKey: Digest?, wishes: Wishes = [], proofs: ProofRequest? = nil
    ) {
        self.ward = ward
        self.device = device
        self.position = position
        self.scope = scope
        self.backfill = backfill
        self.backfillCursor = backfillCursor
        self.checkpointSerial = checkpointSerial
        self.serial = serial
        self.nonce = nonce
        self.time = time
        self.chain = chain
        self.sealingKey = sealingKey
        self.wishes = wishes
        self.proofs = proofs
    }

    private var body: Bytes {
        var writer = CBORWriter(reserving: 160)
        writer.arrayHeader(count: !histories.isEmpty ? 16 : proofs == nil ? 14 : 15)
        writer.unsigned(1)
        writer.byteString(Bytes(bigEndian: ward))
        writer.byteString(device.digest)
        for number in [position.rawValue, scope.rawValue, backfill.rawValue, backfillCursor, checkpointSerial, serial] {
            writer.unsigned(number)
        }
        writer.byteString(nonce)
        writer.integer(time)
        writer.unsigned(chain)
        if let sealingKey { writer.byteString(sealingKey) } else { writer.null() }
        writer.unsigned(wishes.rawValue)
        if let proofs { proofs.write(to: &writer) } else if !histories.isEmpty { writer.null() }
        if histories.isEmpty { return writer.bytes }
        writer.arrayHeader(count: histories.count)
        for id in histories { writer.byteString(id) }
        return writer.bytes
    }

    /// `[body, signature]`.
    package func signed(by key: SigningKey, ward: Digest, scheme: some SignatureScheme) -> Bytes {
        let body = body
        var writer = CBORWriter(reserving: body.count + 72)
        writer.arrayHeader(count: 2)
        writer.byteString(body)
        writer.byteString(key.sign(.request, ward: ward, body, scheme: scheme))
        return writer.bytes
    }

    /// Reads a request and verifies that the device itself signed it.
    package init(verifying bytes: Bytes, ward: Digest, scheme: some SignatureScheme) throws(SyncRefusal) {
        var reader = CBORReader(bytes)
        guard bytes.count <= Self.maxLength, (try? reader.arrayHeader(max: 2)) == 2,
            let body = try? reader.byteString(max: 1100), let signature = try? reader.byteString(max: 64),
            reader.isAtEnd, let request = try? SyncRequest(decoding: body)
        else { throw SyncRefusal(.malformed) }
        guard request.ward == ward.prefix8 else { throw SyncRefusal(.otherWard) }
        guard
            scheme.verify(
                signature: signature, message: Signatures.message(.request, ward: ward, body),
                publicKey: request.device.digest)
        else { throw SyncRefusal(.badSignature) }
        self = request
    }

    private init(decoding body: Bytes) throws(CBORError) {
        let unfit = CBORError(.typeMismatch, at: 0)
        var reader = CBORReader(body)
        let parts = try reader.arrayHeader(max: 16)
        guard parts >= 14, try reader.unsigned() == 1,
            let ward = UInt64(bigEndianBytes: try reader.byteString(max: 8))
        else { throw unfit }
        self.ward = ward
        device = DeviceID(try reader.digest())
        position = Position(rawValue: try reader.unsigned())
        scope = Position(rawValue: try reader.unsigned())
        backfill = Position(rawValue: try reader.unsigned())
        backfillCursor = try reader.unsigned()
        checkpointSerial = try reader.unsigned()
        serial = try reader.unsigned()
        nonce = try reader.byteString(max: Self.olderNonceLength)
        time = try reader.integer()
        chain = try reader.unsigned()
        if reader.isNull() {
            try reader.null()
            sealingKey = nil
        } else {
            sealingKey = try reader.digest()
        }
        wishes = Wishes(rawValue: try reader.unsigned())
        if parts == 16, reader.isNull() {
            try reader.null()
        } else if parts > 14 {
            proofs = try ProofRequest(reading: &reader)
        }
        if parts == 16 {
            for _ in 0..<(try reader.arrayHeader(max: Self.maxHistories)) { histories.append(try reader.digest()) }
            guard !histories.isEmpty else { throw unfit }
        }
        try reader.finish()
        let isNonce = nonce.count == Self.nonceLength || nonce.count == Self.olderNonceLength
        guard isNonce, backfillCursor < 1 << 62 else { throw unfit }
    }
}
