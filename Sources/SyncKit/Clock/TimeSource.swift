// Where the time comes from: the machine, or a test.

import Glibc
import Synchronization

/// Tells the time. Injected everywhere, so that the same run can be played again.
public protocol TimeSource: Sendable {
    /// Seconds since 1970, UTC.
    func nowSeconds() -> Int64
}

/// The machine's clock.
public struct SystemTimeSource: TimeSource {
    /// A source that needs no settings.
    public init() {}

    /// Seconds since 1970 by the machine's real-time clock.
    public func nowSeconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec)
    }
}

/// A clock that stands still until it is moved.
package final class ManualTimeSource: TimeSource {
    private let seconds: Mutex<Int64>

    package init(seconds: Int64) { self.seconds = Mutex(seconds) }

    package func nowSeconds() -> Int64 { seconds.withLock { $0 } }

    package func set(seconds value: Int64) { seconds.withLock { $0 = value } }

    /// Moves the clock, backwards if below zero; it stops at the ends of Int64.
    package func advance(seconds step: Int64) {
        seconds.withLock { value in
            let (moved, overflow) = value.addingReportingOverflow(step)
            value = overflow ? (step > 0 ? .max : .min) : moved
        }
    }
}
