// The first block of a sealed store: what a passphrase needs to open it.

/// The only part of a sealed store that is in the clear: the lock (Argon2id's parameters and salt, and the wrapped key),
/// and a piece that tells whether a vault is the right one. It stands in the store's own file, so that both are replaced
/// together or not at all.
package struct SealedStoreHead: Sendable, Equatable {
    /// Bytes before the first page.
    static let length: Int64 = 4096
    private static let magic = Bytes("WSYNSEAL".utf8)
    private static let place = "wardsync/v1/store"
    private static let mostBytes = 1024

    package let lock: PassphraseLock
    private let proof: Bytes

    package init(_ lock: PassphraseLock, of vault: Vault) {
        self.lock = lock
        proof = vault.seal([], at: Self.place)
    }

    /// Whether a vault is the one that the store is sealed with.
    package func fits(_ vault: Vault) -> Bool { vault.open(proof, at: Self.place) != nil }

    /// The first block of the file.
    var block: Bytes {
        var writer = CBORWriter(reserving: 256)
        writer.arrayHeader(count: 3)
        writer.unsigned(1)
        writer.byteString(lock.encoded)
        writer.byteString(proof)
        let body = writer.bytes
        let count = Self.magic + [UInt8(truncatingIfNeeded: body.count >> 8), UInt8(truncatingIfNeeded: body.count)]
        return count + body + Bytes(repeating: 0, count: Int(Self.length) - count.count - body.count)
    }

    /// Reads the first block of a file.
    /// - Returns: `nil` for a file that is not sealed.
    /// - Throws: `damaged` for a head that holds no lock, or one that asks for too much; `newerVersion`.
    package init?(_ block: Bytes) throws(StoreError) {
        let magic = Self.magic.count
        guard block.starts(with: Self.magic) else { return nil }
        guard block.count >= magic + 2 else { throw StoreError(.damaged, "head") }
        let count = Int(block[magic]) << 8 | Int(block[magic + 1])
        guard count <= Self.mostBytes, block.count >= magic + 2 + count else { throw StoreError(.damaged, "head") }
        var reader = CBORReader(Bytes(block[(magic + 2)..<(magic + 2 + count)]))
        do {
            guard try reader.arrayHeader(max: 3) == 3 else { throw StoreError(.damaged, "head") }
            guard try reader.unsigned() == 1 else { throw StoreError(.newerVersion, "head") }
            lock = try PassphraseLock(decoding: reader.byteString(max: 512))
            proof = try reader.byteString(max: Vault.overhead)
            try reader.finish()
        } catch let error as StoreError {
            throw error
        } catch { throw StoreError(.damaged, "passphrase parameters") }
        guard proof.count == Vault.overhead else { throw StoreError(.damaged, "head") }
    }
}
