// Whose a device is: this one, and the others that were or are the same person's.

extension LocalDocuments {
    /// The person's devices beside this one: those whose store this was, and those that went on with a copy of it.
    package func otherDevices() throws(ReplicaError) -> Set<DeviceID> {
        try inStore { () throws(StoreError) in try readOthers() }
    }

    func readOthers() throws(StoreError) -> Set<DeviceID> {
        let bytes = try tables.meta(Replica.Key.person) ?? []
        var found: Set<DeviceID> = []
        for start in stride(from: 0, to: bytes.count, by: Digest.byteCount) {
            if let digest = Digest(bytes, at: start) { found.insert(DeviceID(digest)) }
        }
        return found
    }

    /// The devices of a device's person: of the store's own with all that it was, of any other only itself.
    func ownDevices(_ device: DeviceID) throws(StoreError) -> Set<DeviceID> {
        guard try tables.meta(Replica.Key.device) == device.digest.bytes else { return [device] }
        return try readOthers().union([device])
    }

    /// Whether the ward's card of a device says that it works in no area any more; false where it has none here.
    func hasLeft(_ device: DeviceID) throws(ReplicaError) -> Bool {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare("SELECT 1 FROM devices WHERE key=?1 AND role>?2 AND areas=''")
                .bind(1, device.digest).bind(2, Int64(Role.resident.rawValue))
            defer { statement.reset() }
            return try statement.step()
        }
    }

    /// The store's numbers of the devices of a device's person, the device's own first.
    func personNumbers(_ device: DeviceID) throws(StoreError) -> [Int64] {
        var numbers: [Int64] = []
        for known in [device] + (try ownDevices(device).subtracting([device]).sorted()) {
            if let number = try tables.knownDeviceNumber(known) { numbers.append(number) }
        }
        return numbers
    }

    /// Whether a device is this store's person's.
    package func isOwn(_ device: DeviceID) throws(ReplicaError) -> Bool {
        try inStore { () throws(StoreError) in
            if try tables.meta(Replica.Key.device) == device.digest.bytes { return true }
            return try readOthers().contains(device)
        }
    }

    /// What happened when the store took new keys last; `nil` where it never did.
    package func lastRenewal() throws(ReplicaError) -> KeyRenewal? {
        try inStore { () throws(StoreError) in try tables.meta(Replica.Key.renewal) }.flatMap {
            KeyRenewal(decoding: $0)
        }
    }

    /// Whether the ward has not yet taken this device for the one that it goes on as.
    package func waitsForSuccession() throws(ReplicaError) -> Bool {
        try inStore { () throws(StoreError) in try tables.meta(Replica.Key.succession) } != nil
    }

    /// The keys that open what was sealed to the devices whose store this was.
    package func formerSealingKeys() throws(ReplicaError) -> [SealingKey] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare("SELECT key FROM meta WHERE key>=?1 AND key<?2")
                .bind(1, Replica.Key.formerPrefix).bind(2, "former/")
            defer { statement.reset() }
            var names: [String] = []
            while try statement.step() { names.append(statement.text(0)) }
            var keys: [SealingKey] = []
            for name in names {
                let seeds = try tables.meta(name) ?? []
                if seeds.count == 64, let key = try? SealingKey(seed: Bytes(seeds[32...])) { keys.append(key) }
            }
            return keys
        }
    }
}

/// What a device did that found itself a copy.
package struct KeyRenewal: Hashable, Sendable {
    /// When; seconds since 1970 by the device's clock.
    package var seconds: Int64
    /// How many change sets are sent again under the new keys.
    package var reissued: Int
    /// How many cannot be, and have to be done again: answers to look-ups, which only their asker can open.
    package var left: Int

    package init(seconds: Int64, reissued: Int, left: Int) {
        self.seconds = seconds
        self.reissued = reissued
        self.left = left
    }

    var encoded: Bytes {
        var writer = CBORWriter(reserving: 24)
        writer.integer(seconds)
        writer.unsigned(UInt64(reissued))
        writer.unsigned(UInt64(left))
        return writer.bytes
    }

    init?(decoding bytes: Bytes) {
        var reader = CBORReader(bytes)
        guard let seconds = try? reader.integer(), let reissued = try? reader.unsigned(),
            let left = try? reader.unsigned(), reader.isAtEnd
        else { return nil }
        self.init(seconds: seconds, reissued: Int(clamping: reissued), left: Int(clamping: left))
    }
}
