// Joining: a device shows an invitation's secret and its keys.

/// What a device sends to redeem an invitation, signed by its own key (`docs/protocol.md`, "Joining").
package struct JoinRequest: Hashable, Sendable {
    package var invitation: String
    package var secret: String
    package var device: DeviceID
    package var sealingKey: Digest

    package init(invitation: String, secret: String, device: DeviceID, sealingKey: Digest) {
        self.invitation = invitation
        self.secret = secret
        self.device = device
        self.sealingKey = sealingKey
    }

    private static let idLength = 6
    private static let secretLength = 24

    /// The code that a person types: groups of six.
    package static func format(id: String, secret: String) -> String {
        var groups = [id]
        var rest = Substring(secret)
        while !rest.isEmpty {
            groups.append(String(rest.prefix(6)))
            rest = rest.dropFirst(6)
        }
        return groups.joined(separator: "-")
    }

    /// The id and the secret of a typed code; `nil` for what cannot be one.
    package static func parse(_ typed: String) -> (id: String, secret: String)? {
        let plain = ShortID.normalized(typed)
        guard plain.utf8.count == idLength + secretLength,
            plain.utf8.allSatisfy({ Base32.digit($0) != nil })
        else { return nil }
        return (String(plain.prefix(idLength)), String(plain.dropFirst(idLength)))
    }

    private var body: Bytes {
        var writer = CBORWriter(reserving: 160)
        writer.arrayHeader(count: 5)
        writer.unsigned(1)
        writer.text(invitation)
        writer.text(secret)
        writer.byteString(device.digest)
        writer.byteString(sealingKey)
        return writer.bytes
    }

    /// `[body, signature]`.
    package func signed(by key: SigningKey, ward: Digest, scheme: some SignatureScheme) -> Bytes {
        let body = body
        var writer = CBORWriter(reserving: body.count + 72)
        writer.arrayHeader(count: 2)
        writer.byteString(body)
        writer.byteString(key.sign(.invitation, ward: ward, body, scheme: scheme))
        return writer.bytes
    }

    package init(verifying bytes: Bytes, ward: Digest, scheme: some SignatureScheme) throws(SyncRefusal) {
        var outer = CBORReader(bytes)
        guard bytes.count <= 1024, (try? outer.arrayHeader(max: 2)) == 2, let body = try? outer.byteString(max: 800),
            let signature = try? outer.byteString(max: 64), outer.isAtEnd
        else { throw SyncRefusal(.malformed) }
        var reader = CBORReader(body)
        guard (try? reader.arrayHeader(max: 5)) == 5, (try? reader.unsigned()) == 1,
            let invitation = try? reader.text(max: 64), let secret = try? reader.text(max: 64),
            let device = try? reader.digest(), let sealing = try? reader.digest(), reader.isAtEnd,
            SealedBox.accepts(sealing)
        else { throw SyncRefusal(.malformed) }
        guard
            scheme.verify(
                signature: signature, message: Signatures.message(.invitation, ward: ward, body), publicKey: device)
        else { throw SyncRefusal(.badSignature) }
        self.init(invitation: invitation, secret: secret, device: DeviceID(device), sealingKey: sealing)
    }
}
