// Token buckets by key, in bounded memory.
import SyncKit

/// What keys have left of a rate.
final class RateTable<Key: Hashable & Sendable>: Sendable {
    private struct Bucket {
        /// In units of which an hour's rate gives one for each millisecond, so that nothing is rounded.
        var units: Int64
        var seen: Int64
    }

    private struct State {
        var buckets: [Key: Bucket] = [:]
        /// Of all keys that there is no room for.
        var shared: Bucket
        /// When full buckets were last looked for.
        var swept: Int64 = -1_000_000
    }

    /// Keys at a time. Who comes beyond them shares one bucket with the others, until some are full again.
    static var mostKeys: Int { 50_000 }

    /// One token: the milliseconds of an hour.
    private static var token: Int64 { 3_600_000 }

    private let rate: Rate
    private let state: Monitor<State>

    init(_ rate: Rate) {
        self.rate = rate
        state = Monitor(State(shared: Bucket(units: Int64(rate.burst) * Self.token, seen: 0)))
    }

    /// Takes one.
    /// - Parameter now: milliseconds of a clock that nobody sets.
    /// - Returns: nil where there was one; else the seconds until there is one again, at least 1.
    func take(_ key: Key, now: Int64 = monotonicMilliseconds()) -> UInt64? {
        state.withLock { state in
            if state.buckets[key] == nil, state.buckets.count >= Self.mostKeys, now - 1000 >= state.swept {
                state.swept = now
                state.buckets = state.buckets.filter { filled($0.value, now).units < full }
            }
            guard state.buckets[key] != nil || state.buckets.count < Self.mostKeys else {
                return take(from: &state.shared, now)
            }
            var bucket = state.buckets[key] ?? Bucket(units: full, seen: now)
            defer { state.buckets[key] = bucket }
            return take(from: &bucket, now)
        }
    }

    private var full: Int64 { Int64(rate.burst) * Self.token }

    private func filled(_ bucket: Bucket, _ now: Int64) -> Bucket {
        // A day fills less than 2^43 units.
        let passed = min(max(0, now - bucket.seen), 86_400_000)
        return Bucket(units: min(full, bucket.units + passed * Int64(rate.perHour)), seen: now)
    }

    private func take(from bucket: inout Bucket, _ now: Int64) -> UInt64? {
        bucket = filled(bucket, now)
        if bucket.units >= Self.token {
            bucket.units -= Self.token
            return nil
        }
        let perSecond = Int64(max(1, rate.perHour)) * 1000
        return UInt64((Self.token - bucket.units + perSecond - 1) / perSecond)
    }
}
