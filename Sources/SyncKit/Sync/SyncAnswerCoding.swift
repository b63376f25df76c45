// An answer frame's bytes: one CBOR array, compressed, signed over the request that it answers.

extension SyncAnswer {
    /// The most that a frame's body may hold when it is decompressed.
    static let maxRaw = 1024 * 1024
    /// Shorter bodies, as most are, are compressed as well as it goes: that takes no time that anybody notices.
    private static let smallBody = 4096

    /// `[codec, length, body, key id, signature]`; the signature covers the request's hash and the body's.
    /// - Parameter descriptor: for a device that lacks the ward's newest keys, behind the signature: the root key signed
    ///   it.
    package func signed(
        for request: Digest, by key: SigningKey, ward: Digest, scheme: some SignatureScheme,
        dictionary: CompressionDictionary?, descriptor: Bytes? = nil
    ) -> Bytes {
        let plain = body(for: ward, by: SignedObject.keyID(key.publicKey))
        let level: Int32 = plain.count < Self.smallBody ? 19 : 1
        let packed = plain.count < 64 ? plain : ZstdCodec.compress(plain, level: level, dictionary: dictionary)
        let isPlain = packed.count >= plain.count
        let sent = isPlain ? plain : packed
        var writer = CBORWriter(reserving: sent.count + 100)
        writer.arrayHeader(count: descriptor == nil ? 5 : 6)
        writer.unsigned(isPlain ? 0 : UInt64(dictionary?.id ?? 1))
        writer.unsigned(UInt64(plain.count))
        writer.byteString(sent)
        writer.byteString(SignedObject.keyID(key.publicKey))
        writer.byteString(key.sign(.answer, ward: ward, Self.signedBytes(request, sent), scheme: scheme))
        if let descriptor { writer.byteString(descriptor) }
        return writer.bytes
    }

    private static func signedBytes(_ request: Digest, _ sent: Bytes) -> Bytes {
        request.bytes + Blake2b.hash(sent).bytes
    }

    /// The descriptor that a frame brings, unverified.
    package static func descriptor(in bytes: Bytes) -> Bytes? {
        var reader = CBORReader(bytes)
        guard (try? reader.arrayHeader(max: 6)) == 6 else { return nil }
        for _ in 0..<5 where (try? reader.skipValue()) == nil { return nil }
        return try? reader.byteString(max: 8192)
    }

    /// Reads a frame and verifies that one of the ward's keys signed it for this request.
    package init(
        verifying bytes: Bytes, request: Digest, ward: Digest, keys: [Digest], scheme: some SignatureScheme,
        dictionary: (UInt32) -> CompressionDictionary?, decoder: FrameDecoder
    ) throws(ChangeSetError) {
        var reader = CBORReader(bytes)
        guard let members = try? reader.arrayHeader(max: 6), members >= 5, let codec = try? reader.unsigned(),
            let length = try? reader.unsigned(), let sent = try? reader.byteString(max: BlockReader.maxBlock),
            let keyID = try? reader.byteString(max: 8), let signature = try? reader.byteString(max: 64),
            members == 5 || (try? reader.byteString(max: 8192)) != nil,
            reader.isAtEnd
        else { throw ChangeSetError(.malformed, "answer") }
        guard let key = keys.first(where: { SignedObject.keyID($0) == keyID }),
            scheme.verify(
                signature: signature,
                message: Signatures.message(.answer, ward: ward, Self.signedBytes(request, sent)), publicKey: key)
        else { throw ChangeSetError(.badSignature, "answer") }
        var body = sent
        if codec != 0 {
            var named: CompressionDictionary?
            if codec > 1 {
                guard let id = UInt32(exactly: codec), let found = dictionary(id) else {
                    throw ChangeSetError(.unknownDictionary, "answer")
                }
                named = found
            }
            guard length <= UInt64(Self.maxRaw),
                let plain = try? ZstdCodec.decompress(
                    sent, expectedLength: Int(length), limit: Self.maxRaw, dictionary: named)
            else { throw ChangeSetError(.malformed, "answer") }
            body = plain
        }
        do {
            try self.init(decoding: body, ward: ward, keyID: keyID, decoder: decoder)
        } catch let error as ChangeSetError {
            throw error
        } catch { throw ChangeSetError(.malformed, "answer") }
    }

    private func body(for ward: Digest, by keyID: Bytes) -> Bytes {
        var writer = CBORWriter(reserving: 1024)
        writer.arrayHeader(count: !compacted.isEmpty ? 21 : !needs.isEmpty ? 20 : proofs == nil ? 18 : 19)
        writer.unsigned(index)
        var encoder = FrameEncoder(dictionary: nil)
        encoder.isPlain = true
        encoder.receiverKnowsChains = false
        if changes.isEmpty { writer.null() } else { writer.byteString(encoder.encode(changes) { _ in nil }) }
        writer.arrayHeader(count: entries.count)
        for entry in entries {
            writer.arrayHeader(count: 2)
            writer.unsigned(entry.position.rawValue)
            writer.byteString(entry.bytes)
        }
        upTo.write(to: &writer)
        writer.unsigned(backfill.rawValue)
        writer.unsigned(backfillCursor)
        if let open { writer.byteString(open) } else { writer.null() }
        writer.unsigned(scope.rawValue)
        writer.arrayHeader(count: left.count)
        for id in left { writer.byteString(id) }
        writer.arrayHeader(count: cards.count)
        for card in cards {
            writer.arrayHeader(count: 4)
            writer.byteString(card.device.digest)
            writer.unsigned(UInt64(card.role.rawValue))
            writer.text(card.name)
            writer.arrayHeader(count: card.areas.count)
            for area in card.areas { writer.text(area) }
        }
        writer.arrayHeader(count: disclosures.count)
        for item in disclosures {
            writer.arrayHeader(count: 3)
            item.dot.write(to: &writer)
            writer.unsigned(item.slot.rawValue)
            writer.byteString(item.box)
        }
        write(checkpoint, for: ward, by: keyID, to: &writer)
        if let grant { writer.byteString(grant) } else { writer.null() }
        writer.integer(serverTime)
        writer.unsigned(flags.rawValue)
        writer.unsigned(need)
        writer.arrayHeader(count: receipts.count)
        for run in receipts { run.write(to: &writer) }
        writer.unsigned(backedUp.rawValue)
        let hasMore = !needs.isEmpty || !compacted.isEmpty
        if let proofs { proofs.write(to: &writer) } else if hasMore { writer.null() }
        if !hasMore { return writer.bytes }
        writer.arrayHeader(count: needs.count)
        for need in needs { need.write(to: &writer) }
        if !compacted.isEmpty { write(compacted, to: &writer) }
        return writer.bytes
    }

    private func write(_ checkpoint: Bytes?, for ward: Digest, by keyID: Bytes, to writer: inout CBORWriter) {
        guard let checkpoint else { return writer.null() }
        guard shortensCheckpoint, let short = ShortCheckpoint(checkpoint, ward: ward) else {
            return writer.byteString(checkpoint)
        }
        short.write(to: &writer, frameKeyID: keyID, leavesOutRoot: leavesOutRoot)
    }

    private func write(_ part: CompactedPart, to writer: inout CBORWriter) {
        writer.arrayHeader(count: 4)
        writer.unsigned(part.asOf.rawValue)
        if part.packed.isEmpty { writer.null() } else { writer.byteString(part.packed) }
        for list in [part.erased, part.whole] {
            writer.arrayHeader(count: list.count)
            for id in list { writer.byteString(id) }
        }
    }

    private static func readCompacted(_ reader: inout CBORReader) throws -> CompactedPart {
        guard try reader.arrayHeader(max: 4) == 4 else { throw ChangeSetError(.malformed, "answer") }
        var part = CompactedPart()
        part.asOf = Position(rawValue: try reader.unsigned())
        if reader.isNull() {
            try reader.null()
        } else {
            try part.take(packed: try reader.byteString(max: maxRaw))
        }
        for _ in 0..<(try reader.arrayHeader(max: 100_000)) { part.erased.append(try reader.digest()) }
        for _ in 0..<(try reader.arrayHeader(max: SyncRequest.maxHistories)) { part.whole.append(try reader.digest()) }
        guard !part.isEmpty else { throw ChangeSetError(.malformed, "answer") }
        return part
    }

    private init(decoding body: Bytes, ward: Digest, keyID: Bytes, decoder: FrameDecoder) throws {
        let most = 100_000
        var reader = CBORReader(body)
        func optional(_ max: Int) throws -> Bytes? {
            if reader.isNull() {
                try reader.null()
                return nil
            }
            return try reader.byteString(max: max)
        }
        let parts = try reader.arrayHeader(max: 21)
        guard parts >= 18 else { throw ChangeSetError(.malformed, "answer") }
        index = try reader.unsigned()
        if let frame = try optional(Self.maxRaw) {
            for item in try decoder.decode(frame) {
                guard case .change(let change) = item else { throw ChangeSetError(.malformed, "answer") }
                changes.append(change)
            }
        }
        for _ in 0..<(try reader.arrayHeader(max: most)) {
            guard try reader.arrayHeader(max: 2) == 2 else { throw ChangeSetError(.malformed, "answer") }
            let position = Position(rawValue: try reader.unsigned())
            entries.append(Entry(position: position, bytes: try reader.byteString(max: 8192)))
        }
        upTo = try SeenMark(reading: &reader)
        backfill = Position(rawValue: try reader.unsigned())
        backfillCursor = try reader.unsigned()
        open = try optional(32).flatMap { Digest($0) }
        scope = Position(rawValue: try reader.unsigned())
        for _ in 0..<(try reader.arrayHeader(max: most)) { left.append(try reader.digest()) }
        for _ in 0..<(try reader.arrayHeader(max: most)) {
            guard try reader.arrayHeader(max: 4) == 4 else { throw ChangeSetError(.malformed, "answer") }
            let device = DeviceID(try reader.digest())
            let role = UInt8(exactly: try reader.unsigned()).flatMap(Role.init(rawValue:)) ?? .resident
            var card = Card(device: device, role: role, name: try reader.text(max: Grant.maxNameLength))
            for _ in 0..<(try reader.arrayHeader(max: Grant.maxAreas)) {
                card.areas.append(try reader.text(max: AreaCode.maxLength))
            }
            cards.append(card)
        }
        for _ in 0..<(try reader.arrayHeader(max: most)) {
            guard try reader.arrayHeader(max: 3) == 3 else { throw ChangeSetError(.malformed, "answer") }
            let dot = try Dot(reading: &reader)
            let slot = Slot(rawValue: try reader.unsigned())
            disclosures.append(Disclosure(dot: dot, slot: slot, box: try reader.byteString(max: 16 * 1024)))
        }
        if reader.isArray() {
            let short = try ShortCheckpoint(reading: &reader, frameKeyID: keyID)
            checkpoint = short.signed(ward: ward)
            if checkpoint == nil { rootless = short }
        } else {
            checkpoint = try optional(1024)
        }
        grant = try optional(4096)
        serverTime = try reader.integer()
        flags = Flags(rawValue: try reader.unsigned())
        need = try reader.sequence()
        var receipted = 0
        for _ in 0..<(try reader.arrayHeader(max: ReceiptRun.maxCount)) {
            let run = try ReceiptRun(reading: &reader)
            receipted += run.count
            guard receipted <= ReceiptRun.maxCount else { throw ChangeSetError(.tooLarge, "answer") }
            receipts.append(run)
        }
        backedUp = Position(rawValue: try reader.unsigned())
        if parts >= 20, reader.isNull() {
            try reader.null()
        } else if parts > 18 {
            proofs = try AnsweredProofs(reading: &reader)
        }
        if parts >= 20 {
            for _ in 0..<(try reader.arrayHeader(max: ContentNeed.maxCount)) {
                needs.append(try ContentNeed(reading: &reader))
            }
        }
        if parts == 21 { compacted = try Self.readCompacted(&reader) }
        try reader.finish()
    }
}
