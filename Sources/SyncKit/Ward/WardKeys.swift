// The keys that a ward's server works with.

/// A ward's keys. The root key signs descriptors and is kept offline afterwards.
package struct WardKeys: Sendable {
    /// The root's public key; the ward's id is its hash.
    package let root: Digest
    /// Signs answers, checkpoints and grants.
    package let signing: SigningKey
    /// Opens what is sealed to the ward.
    package let sealing: SealingKey
    /// The ward's own device: the author of imports and answers.
    package let device: SigningKey
    /// Signing keys of before, the newest first: what they signed in the log stays signed.
    package let pastSigning: [Digest]
    /// Of those, the ones that somebody else may have.
    package let compromised: Set<Digest>
    /// Sealing keys of before, the newest first: what was sealed to them still opens.
    package let pastSealing: [SealingKey]

    package init(
        root: Digest, signing: SigningKey, sealing: SealingKey, device: SigningKey, pastSigning: [Digest] = [],
        compromised: Set<Digest> = [], pastSealing: [SealingKey] = []
    ) {
        self.root = root
        self.signing = signing
        self.sealing = sealing
        self.device = device
        self.pastSigning = pastSigning
        self.compromised = compromised
        self.pastSealing = pastSealing
    }

    package var ward: Digest { Blake2b.hash(root.bytes) }
    package var deviceID: DeviceID { DeviceID(device.publicKey) }
}
