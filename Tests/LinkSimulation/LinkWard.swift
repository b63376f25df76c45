// A ward in memory and devices that synced with it, for measuring and for cutting links.

import SyncKit

/// A ward with real code and real SQLite in memory, in this process.
package struct LinkWard {
    package let service: WardService
    package let descriptor: String
    package let random: SeededRandomSource
    private let scheme = Ed25519Scheme()
    private let time: any TimeSource

    /// - Parameter seed: the dictionary was trained on the ward of 99, so that its keys and its id stand in it.
    package init(seed: UInt64 = 7, time: any TimeSource = SystemTimeSource()) throws {
        random = SeededRandomSource(seed: seed)
        self.time = time
        let ward = NewWard(random: random, issued: time.nowSeconds())
        descriptor = ward.descriptor
        service = WardService(
            try WardCore(
                database: Database(path: "", mode: .memory), keys: ward.keys, areaCode: "06685",
                time: time, random: random, scheme: scheme))
    }

    /// A device that synced once; of a member of the team in neighborhood 3 unless it is a resident's.
    package func device(_ role: Role) throws -> Replica {
        let database = try Database(path: "", mode: .memory)
        try Replica.create(
            in: database, descriptor: descriptor, time: time, random: random, scheme: scheme)
        let replica = try Replica(opening: database, time: time, random: random, scheme: scheme)
        if role != .resident {
            let grant = Grant(
                device: replica.device, sealingKey: replica.sealingKey.publicKey, role: role, areas: ["06685.03"],
                validFrom: 0, validUntil: 0, name: "Lan")
            try service.withCore { core throws(StoreError) in try core.admit(grant) }
        }
        var client = SyncClient(replica)
        var transport = DirectTransport(service: service)
        try client.run(&transport)
        return replica
    }
}
