// A vault's key under a passphrase: Argon2id, with its parameters beside it.

import CSodium

/// What a store keeps so that a passphrase opens its vault, and nothing else does.
package struct PassphraseLock: Sendable, Equatable {
    /// Argon2id passes and bytes of memory: what a phone of today does in about half a second.
    package static let operations: UInt64 = 3
    package static let memoryBytes: UInt64 = 64 << 20
    /// What a stored lock may ask for. Whoever can write the file must not make a device run out of memory or time.
    package static let allowedOperations: ClosedRange<UInt64> = 1...10
    package static let allowedMemoryBytes: ClosedRange<UInt64> = (8 << 20)...(256 << 20)

    /// Characters that a new passphrase needs, and bytes that any may have.
    package static let fewestCharacters = 8
    package static let mostBytes = 1024

    package let operations: UInt64
    package let memoryBytes: UInt64
    private let salt: Bytes
    private let wrapped: Bytes
    /// After how many minutes without use the vault is locked again; 0: not by itself.
    package var idleMinutes: UInt64

    private static let place = "wardsync/v1/passphrase"

    /// Wraps a vault's key.
    /// - Parameters:
    ///   - passphrase: in NFC, so that every keyboard gives the same bytes.
    ///   - memoryBytes: less in tests.
    /// - Returns: nil where the machine does not have the memory.
    package init?(
        _ vault: Vault, passphrase: String, idleMinutes: UInt64, random: some RandomSource,
        operations: UInt64 = Self.operations, memoryBytes: UInt64 = Self.memoryBytes
    ) {
        self.operations = operations
        self.memoryBytes = memoryBytes
        self.idleMinutes = idleMinutes
        salt = random.bytes(16)
        guard let key = Self.derive(passphrase, salt, operations, memoryBytes),
            let outer = try? Vault(key: key, random: random)
        else { return nil }
        wrapped = outer.seal(vault.key.withUnsafeBytes { Bytes($0) }, at: Self.place)
    }

    /// The vault; nil where the passphrase is another one, or the machine does not have the memory.
    package func open(_ passphrase: String, random: some RandomSource) -> Vault? {
        guard let key = Self.derive(passphrase, salt, operations, memoryBytes),
            let outer = try? Vault(key: key, random: random), var inner = outer.open(wrapped, at: Self.place)
        else { return nil }
        defer { sodium_memzero(&inner, inner.count) }
        return try? Vault(key: SecretBytes(copying: inner), random: random)
    }

    private static func derive(_ passphrase: String, _ salt: Bytes, _ operations: UInt64, _ memory: UInt64)
        -> SecretBytes?
    {
        Sodium.start()
        let text = TextNormalization.nfc(passphrase)
        var bytes = Bytes(text.utf8)
        defer { if !bytes.isEmpty { sodium_memzero(&bytes, bytes.count) } }
        guard !bytes.isEmpty, bytes.count <= mostBytes, allowedOperations.contains(operations),
            allowedMemoryBytes.contains(memory), salt.count == 16
        else { return nil }
        var isDone = false
        let key = SecretBytes(count: 32) { buffer in
            isDone = bytes.withUnsafeBytes { typed in
                crypto_pwhash(
                    buffer.bytePointer, UInt64(buffer.count),
                    UnsafeRawPointer(typed.bytePointer).assumingMemoryBound(to: CChar.self),
                    UInt64(typed.count), salt, operations, Int(memory), crypto_pwhash_alg_argon2id13()) == 0
            }
        }
        return isDone ? key : nil
    }

    // MARK: Bytes

    package var encoded: Bytes {
        var writer = CBORWriter(reserving: 160)
        writer.arrayHeader(count: 6)
        writer.unsigned(1)
        writer.unsigned(operations)
        writer.unsigned(memoryBytes)
        writer.byteString(salt)
        writer.byteString(wrapped)
        writer.unsigned(idleMinutes)
        return writer.bytes
    }

    /// Reads a stored lock; what asks for more than is allowed is damaged.
    package init(decoding bytes: Bytes) throws(CBORError) {
        var reader = CBORReader(bytes)
        guard try reader.arrayHeader(max: 6) == 6, try reader.unsigned() == 1 else {
            throw CBORError(.typeMismatch, at: 0)
        }
        operations = try reader.unsigned()
        memoryBytes = try reader.unsigned()
        salt = try reader.byteString(max: 16)
        wrapped = try reader.byteString(max: 32 + Vault.overhead)
        idleMinutes = try reader.unsigned()
        try reader.finish()
        guard Self.allowedOperations.contains(operations), Self.allowedMemoryBytes.contains(memoryBytes),
            salt.count == 16, wrapped.count == 32 + Vault.overhead, idleMinutes <= 60 * 24 * 365
        else { throw CBORError(.typeMismatch, at: 0) }
    }
}
