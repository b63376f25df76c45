// A grant: this device has this role, in these areas, until this date.

/// What the ward allows a device (`docs/protocol.md`, "Grants"). Signed by the ward, an entry of the log.
package struct Grant: Hashable, Sendable {
    package var device: DeviceID
    /// The device's X25519 key: what is sealed to it.
    package var sealingKey: Digest
    package var role: Role
    package var areas: [String]
    package var validFrom: Int64
    /// Seconds since 1970; 0 for no end.
    package var validUntil: Int64
    /// How the person is shown to others. Empty for residents.
    package var name: String

    package init(
        device: DeviceID, sealingKey: Digest, role: Role, areas: [String], validFrom: Int64, validUntil: Int64,
        name: String
    ) {
        self.device = device
        self.sealingKey = sealingKey
        self.role = role
        self.areas = areas
        self.validFrom = validFrom
        self.validUntil = validUntil
        self.name = name
    }

    package static let maxNameLength = 120
    package static let maxAreas = 64

    private var body: Bytes {
        var writer = CBORWriter(reserving: 160)
        writer.arrayHeader(count: 8)
        writer.unsigned(1)
        writer.byteString(device.digest)
        writer.byteString(sealingKey)
        writer.unsigned(UInt64(role.rawValue))
        writer.arrayHeader(count: areas.count)
        for area in areas { writer.text(area) }
        writer.integer(validFrom)
        writer.integer(validUntil)
        writer.text(name)
        return writer.bytes
    }

    package func signed(by key: SigningKey, ward: Digest, scheme: some SignatureScheme) -> Bytes {
        SignedObject.encode(body, key: key, context: .grant, ward: ward, scheme: scheme)
    }

    /// Reads and verifies a grant; `nil` unless one of the ward's keys signed it.
    package init?(verifying bytes: Bytes, ward: Digest, keys: [Digest], scheme: some SignatureScheme) {
        guard let body = SignedObject.open(bytes, keys: keys, context: .grant, ward: ward, scheme: scheme),
            let grant = try? Grant(decoding: body)
        else { return nil }
        self = grant
    }

    init(decoding body: Bytes) throws(CBORError) {
        var reader = CBORReader(body)
        guard try reader.arrayHeader(max: 8) == 8, try reader.unsigned() == 1 else {
            throw CBORError(.typeMismatch, at: 0)
        }
        device = DeviceID(try reader.digest())
        sealingKey = try reader.digest()
        guard let role = UInt8(exactly: try reader.unsigned()).flatMap(Role.init(rawValue:)) else {
            throw CBORError(.typeMismatch, at: reader.offset)
        }
        self.role = role
        areas = []
        for _ in 0..<(try reader.arrayHeader(max: Grant.maxAreas)) {
            areas.append(try reader.text(max: AreaCode.maxLength))
        }
        validFrom = try reader.integer()
        validUntil = try reader.integer()
        name = try reader.text(max: Grant.maxNameLength)
        try reader.finish()
    }
}
