// A statement of the root key: the ward works with another key from here on.

/// Says that one of the ward's keys gave way to another (`docs/protocol.md`, "Key statements"). Signed by the ward's
/// root key, which is kept offline; an entry of the log.
package struct KeyStatement: Hashable, Sendable {
    /// What a key is for. The raw value stands in the statement.
    package enum Purpose: UInt64, Sendable {
        /// Signs answers, checkpoints and grants.
        case signing = 1
        /// What private values are sealed to.
        case sealing = 2
    }

    package var purpose: Purpose
    package var key: Digest
    package var previous: Digest
    /// Whether somebody else may have the earlier key: then nothing that it signed is taken any more.
    package var isCompromised: Bool
    package var time: Int64

    package init(_ purpose: Purpose, key: Digest, previous: Digest, isCompromised: Bool, time: Int64) {
        self.purpose = purpose
        self.key = key
        self.previous = previous
        self.isCompromised = isCompromised
        self.time = time
    }

    /// The longest statement that is read.
    package static let mostBytes = 512

    package func signed(by root: SigningKey, ward: Digest, scheme: some SignatureScheme) -> Bytes {
        var writer = CBORWriter(reserving: 128)
        writer.arrayHeader(count: 7)
        writer.unsigned(1)
        writer.byteString(ward)
        writer.unsigned(purpose.rawValue)
        writer.byteString(key)
        writer.byteString(previous)
        writer.bool(isCompromised)
        writer.integer(time)
        return SignedObject.encode(writer.bytes, key: root, context: .key, ward: ward, scheme: scheme)
    }

    /// Reads and verifies a statement; `nil` unless the ward's root key signed it for this ward.
    package init?(verifying bytes: Bytes, ward: Digest, rootKey: Digest, scheme: some SignatureScheme) {
        guard bytes.count <= Self.mostBytes,
            let body = SignedObject.open(bytes, keys: [rootKey], context: .key, ward: ward, scheme: scheme)
        else { return nil }
        var reader = CBORReader(body)
        guard (try? reader.arrayHeader(max: 7)) == 7, (try? reader.unsigned()) == 1, (try? reader.digest()) == ward,
            let purpose = (try? reader.unsigned()).flatMap(Purpose.init(rawValue:)), let key = try? reader.digest(),
            let previous = try? reader.digest(), key != previous, let isCompromised = try? reader.bool(),
            let time = try? reader.integer(), reader.isAtEnd
        else { return nil }
        self.init(purpose, key: key, previous: previous, isCompromised: isCompromised, time: time)
    }
}
