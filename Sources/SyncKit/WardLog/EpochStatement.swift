// The end of an epoch of the ward log: what a restored ward goes on from.

/// Says that the ward was restored from a copy: the log goes on after an older head, under the next epoch and with
/// another device of the ward's own. Signed by the ward's root key, which is kept offline (`docs/protocol.md`,
/// "Restore").
package struct EpochStatement: Hashable, Sendable {
    /// The last entry that the restored log has; what stood above it in the old epoch is to be brought again.
    package var ended: Position
    /// The root over the log up to there.
    package var root: Digest
    /// The epoch that begins: above every one that was ever used.
    package var epoch: UInt64
    /// The ward's own device from here on.
    package var device: DeviceID
    package var time: Int64

    package init(ended: Position, root: Digest, epoch: UInt64, device: DeviceID, time: Int64) {
        self.ended = ended
        self.root = root
        self.epoch = epoch
        self.device = device
        self.time = time
    }

    /// Whether a position is lost: it stood in an older epoch, above what was restored, or in one that the restored log
    /// never went through.
    package func lost(_ position: Position) -> Bool {
        position.epoch < epoch && (position.index > ended.index || position.epoch > ended.epoch)
    }

    package func signed(by root: SigningKey, ward: Digest, scheme: some SignatureScheme) -> Bytes {
        var writer = CBORWriter(reserving: 128)
        writer.arrayHeader(count: 8)
        writer.unsigned(1)
        writer.byteString(ward)
        writer.unsigned(ended.epoch)
        writer.unsigned(ended.index)
        writer.byteString(self.root)
        writer.unsigned(epoch)
        writer.byteString(device.digest)
        writer.integer(time)
        return SignedObject.encode(writer.bytes, key: root, context: .epoch, ward: ward, scheme: scheme)
    }

    /// Reads and verifies a statement; `nil` unless the ward's root key signed it for this ward.
    package init?(verifying bytes: Bytes, ward: Digest, rootKey: Digest, scheme: some SignatureScheme) {
        guard bytes.count <= 512,
            let body = SignedObject.open(bytes, keys: [rootKey], context: .epoch, ward: ward, scheme: scheme)
        else { return nil }
        var reader = CBORReader(body)
        guard (try? reader.arrayHeader(max: 8)) == 8, (try? reader.unsigned()) == 1,
            (try? reader.digest()) == ward, let old = try? reader.unsigned(), let index = try? reader.unsigned(),
            index <= 0xFFFF_FFFF_FFFF, let root = try? reader.digest(), let epoch = try? reader.unsigned(),
            old < epoch, epoch < 0x7FFF, let device = try? reader.digest(), let time = try? reader.integer(),
            reader.isAtEnd
        else { return nil }
        self.init(
            ended: Position(epoch: old, index: index), root: root, epoch: epoch, device: DeviceID(device), time: time)
    }
}

/// The epochs of a log: which one an entry belongs to.
package struct Epochs: Sendable {
    package private(set) var statements: [EpochStatement] = []
    /// The same as they were signed.
    package private(set) var signed: [Bytes] = []

    package init() {}

    /// The present epoch.
    package var present: UInt64 { statements.last?.epoch ?? 0 }

    /// - Returns: false where the statement does not follow the last one.
    @discardableResult
    package mutating func append(_ statement: EpochStatement, signed bytes: Bytes) -> Bool {
        guard statement.ended.epoch == present, statement.ended.index >= statements.last?.ended.index ?? 0 else {
            return false
        }
        statements.append(statement)
        signed.append(bytes)
        return true
    }

    /// The position of an entry, of the epoch in which it was written.
    package func position(_ index: UInt64) -> Position {
        for statement in statements where index <= statement.ended.index { return statement.ended.at(index) }
        return Position(epoch: present, index: index)
    }

    /// The statement that a device at a position has to learn of first; `nil` where its position is in the log.
    package func next(after position: Position) -> (statement: EpochStatement, signed: Bytes)? {
        for (index, statement) in statements.enumerated() where statement.lost(position) {
            return (statement, signed[index])
        }
        return nil
    }
}

extension Position {
    fileprivate func at(_ index: UInt64) -> Position { Position(epoch: epoch, index: index) }
}
