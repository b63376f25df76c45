// A checkpoint in an answer: without what whoever reads the answer knows.

/// `[epoch, size, root, serial, time, key id, signature]`: a signed checkpoint without the ward's id; with an empty key id
/// where the frame's own key signed it, and an empty root where the reader's tree has it (`docs/protocol.md`, "Answer").
/// What is verified and kept is the signed object that it stands for.
package struct ShortCheckpoint: Hashable, Sendable {
    package let position: Position
    /// `nil` where it was left out.
    let root: Digest?
    private let serial: UInt64
    private let time: Int64
    private let keyID: Bytes
    private let signature: Bytes

    /// - Returns: `nil` for what is not a signed checkpoint that comes back as the same bytes.
    init?(_ signed: Bytes, ward: Digest) {
        var reader = CBORReader(signed)
        guard (try? reader.arrayHeader(max: 3)) == 3, let body = try? reader.byteString(max: 512),
            let keyID = try? reader.byteString(max: 8), let signature = try? reader.byteString(max: 64),
            let checkpoint = Checkpoint(unverified: body)
        else { return nil }
        position = checkpoint.position
        root = checkpoint.root
        serial = checkpoint.serial
        time = checkpoint.time
        self.keyID = keyID
        self.signature = signature
        guard self.signed(ward: ward) == signed else { return nil }
    }

    /// - Parameter frameKeyID: that of the key which signed the frame.
    init(reading reader: inout CBORReader, frameKeyID: Bytes) throws(CBORError) {
        let unfit = CBORError(.typeMismatch, at: reader.offset)
        guard try reader.arrayHeader(max: 7) == 7 else { throw unfit }
        let (epoch, index) = (try reader.unsigned(), try reader.unsigned())
        guard epoch <= 0xFFFF, index <= 0xFFFF_FFFF_FFFF else { throw unfit }
        position = Position(epoch: epoch, index: index)
        let root = try reader.byteString(max: Digest.byteCount)
        self.root = Digest(root)
        guard root.isEmpty || self.root != nil else { throw unfit }
        serial = try reader.unsigned()
        time = try reader.integer()
        let keyID = try reader.byteString(max: 8)
        self.keyID = keyID.isEmpty ? frameKeyID : keyID
        signature = try reader.byteString(max: 64)
    }

    func write(to writer: inout CBORWriter, frameKeyID: Bytes, leavesOutRoot: Bool) {
        writer.arrayHeader(count: 7)
        writer.unsigned(position.epoch)
        writer.unsigned(position.index)
        writer.byteString(leavesOutRoot ? [] : root?.bytes ?? [])
        writer.unsigned(serial)
        writer.integer(time)
        writer.byteString(keyID == frameKeyID ? [] : keyID)
        writer.byteString(signature)
    }

    /// The signed object, unverified; `nil` without a root.
    /// - Parameter found: the root, where it was left out.
    func signed(ward: Digest, root found: Digest? = nil) -> Bytes? {
        guard let root = root ?? found else { return nil }
        let checkpoint = Checkpoint(ward: ward, position: position, root: root, serial: serial, time: time)
        return SignedObject.encode(checkpoint.body, keyID: keyID, signature: signature)
    }
}
