// Which TLS keys are a ward's own.

/// The keys that may answer at a ward's https addresses (`docs/protocol.md`, "Ward descriptor").
package struct TLSPins: Hashable, Sendable {
    /// What a certificate needs besides a pinned key.
    package enum Trust: UInt64, Sendable {
        /// Nothing: the ward signed its certificate itself, and its name and dates do not count.
        case pinOnly = 1
        /// Everything that any other certificate needs.
        case authorityAndPin = 2
    }

    package var trust: Trust
    /// SHA-256 of each key's SubjectPublicKeyInfo (RFC 7469, 2.4); 1...4.
    package var keys: [Digest]

    package static let maxKeys = 4

    package init(_ trust: Trust, _ keys: [Digest]) {
        self.trust = trust
        self.keys = keys
    }

    func write(to writer: inout CBORWriter) {
        writer.arrayHeader(count: keys.count + 1)
        writer.unsigned(trust.rawValue)
        for key in keys { writer.byteString(key) }
    }

    init(decoding reader: inout CBORReader) throws(CBORError) {
        let count = try reader.arrayHeader(max: Self.maxKeys + 1)
        guard count >= 2, let trust = Trust(rawValue: try reader.unsigned()) else {
            throw CBORError(.typeMismatch, at: 0)
        }
        self.trust = trust
        keys = []
        for _ in 1..<count { keys.append(try reader.digest()) }
    }
}
