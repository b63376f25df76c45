// A ward that just began: its keys, and the descriptor that names them.

import SyncKit

/// Keys of a new ward, from one source of chance: the root key, then those for signing, sealing and the ward's device.
package struct NewWard: Sendable {
    package let root: SigningKey
    package let keys: WardKeys
    /// The descriptor, as text.
    package let descriptor: String

    /// - Parameters:
    ///   - issued: when the descriptor was signed, in seconds since 1970.
    ///   - root: of a ward that is there already; otherwise a new one.
    package init(
        random: some RandomSource, issued: Int64, area: String = "06685", address: String = "http://127.0.0.1:1",
        root known: SigningKey? = nil, scheme: any SignatureScheme = Ed25519Scheme()
    ) {
        root = known ?? SigningKey.generate(random: random)
        keys = WardKeys(
            root: root.publicKey, signing: .generate(random: random), sealing: .generate(random: random),
            device: .generate(random: random))
        descriptor = WardDescriptor(
            name: "Phường Hồng Gai", area: area, addresses: [address], rootKey: root.publicKey,
            signingKeys: [keys.signing.publicKey], sealingKey: keys.sealing.publicKey, device: keys.deviceID,
            issued: issued
        ).signedText(by: root, scheme: scheme)
    }
}
