// Who is worked for first: the ward's staff, then its teams, then residents; each in the order of arrival.
import SyncKit

/// A bounded number of places to work at, and bounded queues before them.
final class WorkQueue: Sendable {
    /// The lower, the sooner.
    enum Priority: Int, CaseIterable, Sendable {
        case staff, team, resident

        init(_ role: Role) {
            switch role {
            case .officer, .admin, .auditor, .ward: self = .staff
            case .volunteer, .lead: self = .team
            case .resident: self = .resident
            }
        }
    }

    private struct State {
        var working = 0
        var nextTicket = 0
        var waiting = [[Int]](repeating: [], count: Priority.allCases.count)
        var pace = WorkPace()

        /// Whether a ticket is the next one.
        func isNext(_ ticket: Int) -> Bool { waiting.first { !$0.isEmpty }?.first == ticket }
    }

    private let workers: Int
    private let length: Int
    private let waitMilliseconds: Int64
    private let state = Monitor(State())
    /// Told of each one that is let in, in order, inside the lock. For tests.
    private let onEntry: (@Sendable (Priority) -> Void)?

    init(workers: Int, length: Int, waitSeconds: Int, onEntry: (@Sendable (Priority) -> Void)? = nil) {
        self.workers = max(1, workers)
        self.length = length
        waitMilliseconds = Int64(waitSeconds) * 1000
        self.onEntry = onEntry
    }

    /// How many wait.
    var waiting: Int { state.withLock { $0.waiting.reduce(0) { $0 + $1.count } } }

    /// Works when it is this one's turn.
    /// - Throws: `unavailable` where the queue is full, with the seconds after which it will have been worked off, or
    ///   where the turn does not come in time.
    func run<Result>(_ priority: Priority, _ body: () throws(SyncRefusal) -> Result) throws(SyncRefusal) -> Result {
        try enter(priority)
        defer { leave() }
        return try body()
    }

    func enter(_ priority: Priority) throws(SyncRefusal) {
        let place = priority.rawValue
        let deadline = monotonicMilliseconds() + waitMilliseconds
        let ticket: Result<Int, SyncRefusal> = state.change { state in
            guard state.waiting[place].count < length else {
                let before = state.waiting[...place].reduce(0) { $0 + $1.count }
                return .failure(SyncRefusal(.unavailable, number: state.pace.seconds(for: before)))
            }
            state.nextTicket += 1
            state.waiting[place].append(state.nextTicket)
            return .success(state.nextTicket)
        }
        let own = try ticket.get()
        let isIn = state.loop { [workers, onEntry] state -> MonitorStep<Bool> in
            if state.working < workers, state.isNext(own) {
                state.waiting[place].removeFirst()
                state.working += 1
                onEntry?(priority)
                return .done(true)
            }
            guard monotonicMilliseconds() < deadline else {
                state.waiting[place].removeAll { $0 == own }
                return .done(false)
            }
            return .waitUntil(deadline)
        }
        // Whoever comes next may have been waiting for this one.
        state.change(waking: { $0.waiting.contains { !$0.isEmpty } }) { _ in }
        if !isIn { throw SyncRefusal(.unavailable) }
    }

    func leave() {
        state.change(waking: { $0.waiting.contains { !$0.isEmpty } }) { state in
            state.working -= 1
            state.pace.finished(at: monotonicMilliseconds(), isBusy: state.waiting.contains { !$0.isEmpty })
        }
    }
}

/// How quickly a queue is worked off, as of late.
struct WorkPace {
    /// What is told at least, and at most: `ward sync` leaves longer waits to the person.
    static let seconds: ClosedRange<UInt64> = 5...30
    /// A request takes more than one turn: its frames, then its answer.
    private static let turns = 2.0
    /// Between the ends of two turns while others wait, smoothed.
    private var milliseconds = 0.0
    private var last: Int64?

    /// A turn ended.
    /// - Parameters:
    ///   - now: milliseconds of a clock that nobody sets.
    ///   - isBusy: others wait, so that the time until the next one ends tells how quickly they come through.
    mutating func finished(at now: Int64, isBusy: Bool) {
        if let last { milliseconds += (Double(now - last) - milliseconds) / 16 }
        last = isBusy ? now : nil
    }

    /// After how many seconds as many as wait now will have come through.
    func seconds(for waiting: Int) -> UInt64 {
        let needed = (Double(waiting) * milliseconds * Self.turns / 1000).rounded(.up)
        return min(max(UInt64(clamping: Int(min(needed, 3600))), Self.seconds.lowerBound), Self.seconds.upperBound)
    }
}
