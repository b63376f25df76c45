// Succession: a device whose store was copied goes on under new keys, and says with both that it does.

/// That a device succeeds another one, signed by the keys of both (`docs/protocol.md`, "Succession").
package struct SuccessionStatement: Hashable, Sendable {
    package var old: DeviceID
    package var new: DeviceID
    /// The new device's X25519 key.
    package var sealingKey: Digest

    package init(old: DeviceID, new: DeviceID, sealingKey: Digest) {
        self.old = old
        self.new = new
        self.sealingKey = sealingKey
    }

    /// The longest statement with its signatures.
    package static let maxLength = 320

    private var body: Bytes {
        var writer = CBORWriter(reserving: 112)
        writer.arrayHeader(count: 4)
        writer.unsigned(1)
        writer.byteString(old.digest)
        writer.byteString(new.digest)
        writer.byteString(sealingKey)
        return writer.bytes
    }

    /// `[body, signature of the old key, signature of the new key]`, context `key`.
    package func signed(old: SigningKey, new: SigningKey, ward: Digest, scheme: some SignatureScheme) -> Bytes {
        let body = body
        var writer = CBORWriter(reserving: Self.maxLength)
        writer.arrayHeader(count: 3)
        writer.byteString(body)
        writer.byteString(old.sign(.key, ward: ward, body, scheme: scheme))
        writer.byteString(new.sign(.key, ward: ward, body, scheme: scheme))
        return writer.bytes
    }

    /// Reads a statement; `nil` unless both devices signed it for this ward.
    package init?(verifying bytes: Bytes, ward: Digest, scheme: some SignatureScheme) {
        guard bytes.count <= Self.maxLength, let (body, signatures) = try? Self.parts(bytes),
            let statement = try? SuccessionStatement(decoding: body), statement.old != statement.new,
            SealedBox.accepts(statement.sealingKey)
        else { return nil }
        let message = Signatures.message(.key, ward: ward, body)
        for (signature, device) in zip(signatures, [statement.old, statement.new]) {
            guard scheme.verify(signature: signature, message: message, publicKey: device.digest) else { return nil }
        }
        self = statement
    }

    /// Reads a statement that was verified when it was stored.
    package init?(trusting bytes: Bytes) {
        guard let (body, _) = try? Self.parts(bytes), let statement = try? SuccessionStatement(decoding: body) else {
            return nil
        }
        self = statement
    }

    private static func parts(_ bytes: Bytes) throws(CBORError) -> (body: Bytes, signatures: [Bytes]) {
        var reader = CBORReader(bytes)
        guard try reader.arrayHeader(max: 3) == 3 else { throw CBORError(.typeMismatch, at: 0) }
        let body = try reader.byteString(max: 112)
        let first = try reader.byteString(max: Signatures.byteCount)
        let second = try reader.byteString(max: Signatures.byteCount)
        try reader.finish()
        return (body, [first, second])
    }

    private init(decoding body: Bytes) throws(CBORError) {
        var reader = CBORReader(body)
        guard try reader.arrayHeader(max: 4) == 4, try reader.unsigned() == 1 else {
            throw CBORError(.typeMismatch, at: 0)
        }
        old = DeviceID(try reader.digest())
        new = DeviceID(try reader.digest())
        sealingKey = try reader.digest()
        try reader.finish()
    }
}

/// Which devices are one person's: a device, those that it succeeded, and those that succeeded it.
package struct Persons: Sendable {
    private var roots: [DeviceID: DeviceID] = [:]
    private var members: [DeviceID: [DeviceID]] = [:]
    private var predecessors: [DeviceID: DeviceID] = [:]
    private var succeeded: Set<DeviceID> = []

    package init() {}

    /// Whether no device ever succeeded another one.
    package var isEmpty: Bool { roots.isEmpty }

    /// Notes that a device goes on as another one. A device succeeds one only.
    package mutating func note(_ old: DeviceID, succeededBy new: DeviceID) {
        guard predecessors[new] == nil, person(of: old) != person(of: new) else { return }
        predecessors[new] = old
        succeeded.insert(old)
        let root = person(of: old)
        let joining = devices(of: new)
        members[person(of: new)] = nil
        members[root] = devices(of: root) + joining
        for device in joining { roots[device] = root }
        roots[root] = root
    }

    /// The person whose device this is, named by the first device that was that person's.
    package func person(of device: DeviceID) -> DeviceID { roots[device] ?? device }

    /// Every device of the same person, the first one first; the device alone where it succeeded none.
    package func devices(of device: DeviceID) -> [DeviceID] { members[person(of: device)] ?? [device] }

    /// The devices of the same person beside this one.
    package func others(than device: DeviceID) -> Set<DeviceID> {
        isEmpty ? [] : Set(devices(of: device)).subtracting([device])
    }

    /// Whether another device goes on as this one.
    package func isSucceeded(_ device: DeviceID) -> Bool { succeeded.contains(device) }

    package func predecessor(of device: DeviceID) -> DeviceID? { predecessors[device] }

    /// The devices that a device succeeded, the last one first.
    package func predecessors(of device: DeviceID) -> [DeviceID] {
        var found: [DeviceID] = []
        var next = predecessors[device]
        while let known = next, found.count < 256 {
            found.append(known)
            next = predecessors[known]
        }
        return found
    }
}
