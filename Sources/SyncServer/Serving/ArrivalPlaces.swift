// The places for parts of bundles that are held in memory while they arrive, and who gives way when all are taken.
import SyncKit

/// A bounded number of places, shared out by address and by pace (`docs/limits.md`, "Parts that arrive").
///
/// When all are taken, whoever comes takes the place of an address that has more of them, or of a part that comes too
/// slowly. Nothing is lost by that but the connection: what came is kept, and its courier goes on from there.
final class ArrivalPlaces: Sendable {
    private struct Seat {
        /// What counts as the address; nil where it says nothing, behind a proxy: then it is one of its own.
        let origin: UInt64?
        let cut: HTTPCut
        /// Since when its pace is looked at, and the bytes that came since then.
        var since: Int64
        var bytes: Int64 = 0
        /// Its connection is ended, and lets go of the memory when it has kept what came.
        var hasGivenWay = false

        /// How many bytes are missing at a pace of bytes a second; below zero where more came.
        func arrears(_ now: Int64, _ pace: Int64) -> Int64 { (now - since) * pace / 1000 - bytes }
    }

    private struct State {
        var seats: [Int: Seat] = [:]
        var nextID = 0
    }

    private let count: Int
    private let graceMilliseconds: Int64
    private let pace: Int64
    private let state = Monitor(State())

    init(_ limits: TrafficLimits) {
        count = limits.bundleParts
        graceMilliseconds = Int64(limits.partGraceSeconds) * 1000
        pace = Int64(limits.partBytesPerSecond)
    }

    /// Takes a place for a part.
    /// - Parameters:
    ///   - cut: ends the request that the part comes with.
    ///   - now: milliseconds of a clock that nobody sets.
    /// - Returns: nil where all are taken and nobody has to give way.
    func take(for origin: UInt64?, _ cut: HTTPCut, now: Int64 = monotonicMilliseconds()) -> ArrivalPlace? {
        let id: Int? = state.change { state in
            let staying = state.seats.values.count { !$0.hasGivenWay }
            // Who gave way may still be in memory, so that there are never more than twice as many.
            if staying >= count, state.seats.count >= 2 * count || !giveWay(to: origin, now, &state) { return nil }
            state.nextID += 1
            state.seats[state.nextID] = Seat(origin: origin, cut: cut, since: now)
            return state.nextID
        }
        return id.map { ArrivalPlace(self, $0) }
    }

    /// Ends the request of whoever has to give way: of the most crowded address the slowest.
    private func giveWay(to origin: UInt64?, _ now: Int64, _ state: inout State) -> Bool {
        let staying = state.seats.filter { !$0.value.hasGivenWay }
        var crowds: [UInt64: Int] = [:]
        for seat in staying.values { if let origin = seat.origin { crowds[origin, default: 0] += 1 } }
        let own = origin.flatMap { crowds[$0] } ?? 0
        let candidates = staying.compactMap { id, seat -> (id: Int, cut: HTTPCut, crowd: Int, arrears: Int64)? in
            let (crowd, arrears) = (seat.origin.flatMap { crowds[$0] } ?? 1, seat.arrears(now, pace))
            let isTooSlow = now - seat.since >= graceMilliseconds && arrears > 0
            return isTooSlow || crowd > own + 1 ? (id, seat.cut, crowd, arrears) : nil
        }
        let order = candidates.sorted { ($0.crowd, $0.arrears, $1.id) > ($1.crowd, $1.arrears, $0.id) }
        // Whose body has just become whole does not give way any more.
        guard let left = order.first(where: { $0.cut.end(.refusal(SyncRefusal(.unavailable))) }) else { return false }
        state.seats[left.id]?.hasGivenWay = true
        Log.event("bundle_gave_way", [.reason: .text(left.crowd > own + 1 ? "crowded" : "slow")])
        return true
    }

    fileprivate func received(_ bytes: Int, by id: Int, worked: Int64, now: Int64) {
        state.change { state in
            guard var seat = state.seats[id] else { return }
            seat.bytes += Int64(bytes)
            // Its sender could not send meanwhile.
            seat.since = min(now, seat.since + max(0, worked))
            if now - seat.since >= graceMilliseconds, seat.arrears(now, pace) <= 0 {
                (seat.since, seat.bytes) = (now, 0)
            }
            state.seats[id] = seat
        }
    }

    fileprivate func leave(_ id: Int) { state.change { $0.seats[id] = nil } }
}

/// One place, until it is released.
final class ArrivalPlace {
    private let places: ArrivalPlaces
    private let id: Int

    fileprivate init(_ places: ArrivalPlaces, _ id: Int) {
        self.places = places
        self.id = id
    }

    deinit { places.leave(id) }

    /// Bytes of the part came, and the ward worked on them for so many milliseconds.
    func received(_ bytes: Int, workedMilliseconds: Int64, now: Int64 = monotonicMilliseconds()) {
        places.received(bytes, by: id, worked: workedMilliseconds, now: now)
    }
}
