// Joining: what the device shows to the ward, and keeping the grant that comes back.

extension Replica {
    /// The signed request that redeems a typed invitation; `nil` for what cannot be an invitation's code.
    package func joinRequest(code typed: String) -> Bytes? {
        guard let (id, secret) = JoinRequest.parse(typed) else { return nil }
        return JoinRequest(invitation: id, secret: secret, device: device, sealingKey: sealingKey.publicKey)
            .signed(by: signingKey, ward: ward, scheme: scheme)
    }

    /// Keeps a grant, where the ward signed it for this device.
    package func keepGrant(_ bytes: Bytes) throws(ReplicaError) -> Grant {
        guard let grant = Grant(verifying: bytes, ward: ward, keys: descriptor.signingKeys, scheme: scheme),
            grant.device == device, grant.sealingKey == sealingKey.publicKey
        else { throw ReplicaError(.badAnswer("grant")) }
        try inStore { () throws(StoreError) in
            try database.transaction { () throws(StoreError) in try tables.setMeta(Key.grant, bytes) }
        }
        return grant
    }
}
