// How much one address, one device and everybody together may ask of the server (docs/limits.md).
import SyncKit

/// So many at once, and so many an hour from then on.
struct Rate: Sendable, Equatable {
    var burst: Int
    var perHour: Int
}

/// The bounds on traffic that passed the HTTP fence.
struct TrafficLimits: Sendable {
    /// Requests of one address. Generous, because a mobile carrier puts hundreds of phones behind one.
    var requestsPerAddress = Rate(burst: 2000, perHour: 36_000)
    /// Attempts to redeem an invitation from one address.
    var joinsPerAddress = Rate(burst: 20, perHour: 120)
    /// Attempts to sign in at the console from one address; from loopback all count as one.
    var signInsPerAddress = Rate(burst: 10, perHour: 60)
    /// Devices that the ward did not know, from one address.
    var newDevicesPerAddress = Rate(burst: 100, perHour: 300)
    /// Sync requests of one resident's device.
    var requestsPerResident = Rate(burst: 300, perHour: 1800)
    /// Sync requests of one device of the team or the staff.
    var requestsPerMember = Rate(burst: 1000, perHour: 36_000)
    /// Requests that are worked on at the same time; the rest waits, staff first.
    var workers = 4
    /// Requests that wait, of each group: staff, the neighborhoods' teams, residents. Two groups together leave some of
    /// the server's connections to the third.
    var queueLength = 240
    var queueSeconds = 20
    /// Parts of bundles that arrive at the same time; each is held in memory until it is whole.
    var bundleParts = 8
    /// From when on a part that comes too slowly gives way to another one that finds all places taken.
    var partGraceSeconds = 15
    /// What is not too slow.
    var partBytesPerSecond = 4096
    /// Below so much free space nothing is taken from residents any more.
    var reservedDiskBytes: UInt64 = 512 * 1024 * 1024
    /// Files of devices that nobody dealt with wait while less than a quarter of the disk is free, and less than so much;
    /// their change sets while half of that is not.
    var sparedDiskBytes: UInt64 = 16 * 1024 * 1024 * 1024
    /// What is kept from a device that nobody has looked at.
    var intake: IntakeLimits? = IntakeLimits()
    /// Told of each request that is let in from the queue, in order. For tests.
    var onEntry: (@Sendable (WorkQueue.Priority) -> Void)?
}
