// One person with one device: a replica in a file, a clock of its own, and what the test remembers of both.

import SyncKit

/// A person of the ward. The replica is the product's; everything else is the test's own.
final class Person {
    let number: Int
    let name: String
    var role: Role
    let areas: [String]
    /// The neighborhood where the person lives or works.
    let home: String
    let path: String
    let clock: ManualTimeSource
    /// How far the device's clock is ahead of the ward's.
    let skew: Int64
    let coverage: Coverage
    let replica: Replica

    // What was done, and how much of it reached the ward.
    var deeds: [Deed] = []
    var arrived = 0
    var lastAuthorTime: UInt64 = 0
    var lastEffective: UInt64 = 0
    /// What the ward refused or held, by the number of the deed.
    var refused: Set<UInt64> = []
    /// Documents that somebody tried something on that is not allowed; left alone since.
    var spoiled: Set<Digest> = []
    var revokedAfter: UInt64?

    // What the ward showed the device.
    /// Documents that were in its scope when it was answered, each with the roles that it had then.
    var shown: [Int: Set<String>] = [:]
    /// What is in its scope after the last sync.
    var holds: Set<Int> = []
    /// How far the ward's documents and moves were looked at for this device.
    var looked = 0
    /// Everything that went over the wire.
    var bodies: [Body] = []

    // What the person knows that stands in no replica.
    /// Own reports, follows, look-ups.
    var filed: [Digest] = []
    var asked: [Digest] = []
    var follows: [(id: Digest, code: String)] = []
    /// Look-up codes and rating codes that were handed over on paper.
    var codesToFollow: [LookupCode] = []
    var codesToRate: [RatingCode] = []
    var commented: Set<Digest> = []

    /// A body of an exchange.
    struct Body {
        let isRequest: Bool
        let bytes: Bytes
        /// What the answer's signature covers.
        let hash: Digest?
    }

    init(
        number: Int, name: String, role: Role, areas: [String], home: String, path: String, clock: ManualTimeSource,
        skew: Int64, coverage: Coverage, replica: Replica
    ) {
        self.number = number
        self.name = name
        self.role = role
        self.areas = areas
        self.home = home
        self.path = path
        self.clock = clock
        self.skew = skew
        self.coverage = coverage
        self.replica = replica
    }

    /// Whether what the person did on a document still waits for the ward.
    func waits(on document: Digest) -> Bool {
        deeds[min(arrived, deeds.count)...].contains { $0.document == document }
    }
}
