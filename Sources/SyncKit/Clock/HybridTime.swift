// The hybrid logical clock: wall-clock seconds that never go backwards.

/// A moment on one author's clock: seconds since 1970 in the upper 48 bits, a counter in the lower 16.
///
/// The order of the raw values is the order of the moments. It orders what one author did and shows people a time;
/// conflicts are never found from it.
public struct HybridTime: Hashable, Comparable, Sendable {
    /// Seconds shifted left by 16 bits, plus the counter.
    public let rawValue: UInt64

    /// The moment with this raw value; every value is one.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Seconds outside of 0..<2⁴⁷ become the nearest of them.
    public init(seconds: Int64, counter: UInt16) {
        rawValue = HybridTime.clamped(seconds) << 16 | UInt64(counter)
    }

    /// The beginning of 1970; stands for "never".
    public static let zero = HybridTime(rawValue: 0)

    /// Seconds since 1970, UTC, without leap seconds.
    public var seconds: Int64 { Int64(rawValue >> 16) }

    /// Tells apart what happened in the same second.
    public var counter: UInt16 { UInt16(truncatingIfNeeded: rawValue) }

    /// The order in time.
    public static func < (left: HybridTime, right: HybridTime) -> Bool { left.rawValue < right.rawValue }

    private static func clamped(_ seconds: Int64) -> UInt64 {
        UInt64(min(max(seconds, 0), 1 << 47 - 1))
    }
}

/// Gives one author's moments, each later than the one before, whatever the machine's clock does.
package struct HybridClock: Sendable {
    /// The latest moment given, or taken over from what the author wrote before.
    package private(set) var last: HybridTime

    package init(last: HybridTime) { self.last = last }

    /// The later of `now` and the moment right after `last`; a full counter runs over into the next second.
    ///
    /// Strictly increasing up to the largest raw value, nine million years from now, where it stays.
    package mutating func next(now seconds: Int64) -> HybridTime {
        let (following, overflow) = last.rawValue.addingReportingOverflow(1)
        let wall = HybridTime(seconds: seconds, counter: 0).rawValue
        last = HybridTime(rawValue: overflow ? .max : max(wall, following))
        return last
    }
}
