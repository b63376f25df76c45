// What the ward's own people may ask of its core: where the log stands, who its devices are, what the documents hash to.

/// The ward at one moment.
package struct WardStatus: Sendable {
    package var epoch: UInt64
    package var size: UInt64
    package var root: Digest
    package var checkpointSerial: UInt64
    /// How many documents of each kind count, by the kind's number.
    package var documents: [DocumentKind: Int] = [:]
    /// How many devices have each role; the revoked ones stand apart.
    package var devices: [Role: Int] = [:]
    package var revoked = 0
    package var held = 0
    package var refused = 0
    package var forks = 0
    /// A checkpoint that the ward signed and its log does not go on from: the store is older than it should be.
    package var newer: Checkpoint?
    /// The documents that belong to the area that was asked for, and their hash.
    package var areaDocuments = 0
    package var areaHash = Digest.zero
    /// The documents that every device holds, and their hash.
    package var wardWideDocuments = 0
    package var wardWideHash = Digest.zero
}

/// A device that the ward knows.
package struct DeviceSummary: Sendable {
    package var grant: Grant
    /// The last sequence that counts, where the device is revoked.
    package var revokedAfter: UInt64?
    /// The newest change set that the ward received of it; 0 for none.
    package var lastSequence: UInt64

    package var device: DeviceID { grant.device }
}

extension WardCore {
    package var logEpoch: UInt64 { epoch }
    /// The root over the whole log.
    package var root: Digest { tree.root }
    /// The log's last position.
    package var end: Position { place(tree.size) }

    /// Where the ward stands, with the state hashes of an area's documents and of those that every device holds.
    package func status(area: String) throws(StoreError) -> WardStatus {
        var status = WardStatus(
            epoch: epoch, size: tree.size, root: tree.root, checkpointSerial: checkpoint?.serial ?? 0)
        status.documents = kindCounts
        status.newer = newer
        try countStates(most: nil)
        let inArea = stateSum { SummedState.isScope($0, within: area) }
        let everywhere = stateSum(\.isEmpty)
        for record in grants.values.compactMap(\.last) {
            if record.revokedAfter == nil {
                status.devices[record.grant.role, default: 0] += 1
            } else {
                status.revoked += 1
            }
        }
        status.areaDocuments = inArea.count
        status.areaHash = inArea.hash
        status.wardWideDocuments = everywhere.count
        status.wardWideHash = everywhere.hash
        status.held = heldChanges.count
        status.refused = Int(try database.integer("SELECT count(*) FROM changes WHERE verdict=3") ?? 0)
        status.forks = Int(try database.integer("SELECT count(*) FROM forks") ?? 0)
        return status
    }

    /// The devices with a role, by their keys.
    /// - Parameter role: `nil` for everyone but residents.
    package func devices(role: Role?) throws(StoreError) -> [DeviceSummary] {
        var found: [DeviceSummary] = []
        for record in grants.values.compactMap(\.last) {
            guard role.map({ $0 == record.grant.role }) ?? (record.grant.role != .resident) else { continue }
            found.append(
                DeviceSummary(
                    grant: record.grant, revokedAfter: record.revokedAfter,
                    lastSequence: try lastSequence(of: record.grant.device)))
        }
        return found.sorted { $0.device < $1.device }
    }

    /// The newest sequence that the ward received of a device with everything before it.
    package func lastSequence(of device: DeviceID) throws(StoreError) -> UInt64 {
        guard try tables.knownDeviceNumber(device) != nil else { return 0 }
        return try wholeChain(of: chain(device))
    }

    /// The devices whose keys begin with these hexadecimal digits.
    package func devices(beginning digits: String) -> [DeviceID] {
        let wanted = digits.lowercased()
        return grants.keys.filter { $0.description.hasPrefix(wanted) }.sorted()
    }

    /// The state hash of every document, by its id.
    package func stateHashes() throws(StoreError) -> [Digest: Digest] {
        var hashes: [Digest: Digest] = [:]
        for document in documents.values {
            let found = document.state == nil ? try tables.state(document: document.number) : document.state
            hashes[document.id] = found?.hash ?? .zero
        }
        return hashes
    }
}
