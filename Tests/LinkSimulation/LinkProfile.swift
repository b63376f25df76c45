// What links are like where the field teams work.

/// A link as a table of its faults. Times and rates are what applications see.
public struct LinkProfile: Sendable {
    /// How it is called in tables.
    public let name: String
    /// Each way, in bits a second.
    public let bitsPerSecond: Int
    /// From a request's last byte to the answer's first, beside what the bytes take.
    public let roundTripMilliseconds: Int
    /// Of a thousand connections, how many break at a byte somewhere on their way.
    public let cutPermille: Int
    /// Of a thousand connections, how many something else answers: a portal that wants a login.
    public var portalPermille = 0
    /// Of a thousand connections, how many go dead after the request: nothing comes back, and nobody says so.
    public var halfOpenPermille = 0

    /// Of a thousand segments, how many begin a burst of losses: nothing goes through until it is over, and what was lost
    /// is sent again by the transport below, which the bodies do not see.
    public var burstPermille = 0
    /// How long a burst lasts at most, in milliseconds; half of that on average.
    public var burstMilliseconds = 0

    /// The same with bursts of losses.
    private func losing(_ permille: Int, for milliseconds: Int) -> LinkProfile {
        var profile = self
        profile.burstPermille = permille
        profile.burstMilliseconds = milliseconds
        return profile
    }

    /// A link from its parts.
    public init(_ name: String, bitsPerSecond: Int, roundTripMilliseconds: Int, cutPermille: Int) {
        self.name = name
        self.bitsPerSecond = bitsPerSecond
        self.roundTripMilliseconds = roundTripMilliseconds
        self.cutPermille = cutPermille
    }

    /// 2G in a valley.
    public static let twoG = LinkProfile("2G", bitsPerSecond: 32_000, roundTripMilliseconds: 1000, cutPermille: 50)
        .losing(10, for: 4000)
    /// The edge of coverage.
    public static let edge = LinkProfile("edge", bitsPerSecond: 8000, roundTripMilliseconds: 3000, cutPermille: 300)
        .losing(20, for: 10_000)
    /// A satellite on an island.
    public static let satellite = LinkProfile(
        "satellite", bitsPerSecond: 512_000, roundTripMilliseconds: 700, cutPermille: 20
    ).losing(2, for: 2000)
    /// 4G in town.
    public static let fourG = LinkProfile("4G", bitsPerSecond: 10_000_000, roundTripMilliseconds: 50, cutPermille: 0)

    /// All that tables show, the worst first.
    public static let all = [edge, twoG, satellite, fourG]
}
