// Reading a device's store without waking its keys: what lists and pages need, quickly.

/// A device's store that is only read. It takes the store at its word: what stands there was verified before it was
/// stored, so that no signature is checked and no key is made again for a list.
package final class ReplicaReader: LocalDocuments {
    package let database: Database
    package let tables: LogTables
    /// The device that the store belongs to.
    package let device: DeviceID

    /// Reads the store in an open database.
    package init(opening database: Database) throws(ReplicaError) {
        self.database = database
        tables = LogTables(database)
        let tables = tables
        let key = try inStore { () throws(StoreError) in
            try StoreSchema.check(database)
            return try tables.meta(Replica.Key.device)
        }
        guard let key, let device = Digest(key) else {
            throw ReplicaError(.store(StoreError(.missing, "no identity")))
        }
        self.device = DeviceID(device)
        try SealedInPlace.check(database)
    }

    /// The ward that the store belongs to, as it was verified when the store was made.
    package func descriptor() throws(ReplicaError) -> WardDescriptor {
        let text = try inStore { () throws(StoreError) in try tables.meta(Replica.Key.descriptor) }
        guard let text, let descriptor = WardDescriptor(trusting: String(decoding: text, as: UTF8.self)) else {
            throw ReplicaError(.store(StoreError(.damaged, "descriptor")))
        }
        return descriptor
    }

    /// The key that opens what is sealed to this device.
    package func sealingKey() throws(ReplicaError) -> SealingKey {
        let seed = try inStore { () throws(StoreError) in try tables.meta(Replica.Key.sealing) }
        do { return try SealingKey(seed: seed ?? []) } catch {
            throw ReplicaError(.store(StoreError(.damaged, "keys")))
        }
    }
}

extension WardDescriptor {
    /// Reads the text form without checking its signature: for a store that checked it before.
    package init?(trusting text: String) {
        guard let bytes = Self.decodeText(text), let body = SignedObject.body(bytes),
            let descriptor = try? WardDescriptor(decoding: body)
        else { return nil }
        self = descriptor
    }
}

extension Grant {
    /// Reads a grant without checking its signature: for a store that checked it before.
    package init?(trusting bytes: Bytes) {
        guard let body = SignedObject.body(bytes), let grant = try? Grant(decoding: body) else { return nil }
        self = grant
    }
}

extension SignedObject {
    /// The body alone, unverified.
    fileprivate static func body(_ bytes: Bytes) -> Bytes? {
        var reader = CBORReader(bytes)
        guard (try? reader.arrayHeader(max: 3)) == 3 else { return nil }
        return try? reader.byteString(max: 512 * 1024)
    }
}
