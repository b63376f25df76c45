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

    /// One who waits, and is woken alone: to wake all of them for each turn costs more than the turns.
    private final class Waiter: Sendable {
        let isIn = Monitor(false)
        /// Goes on with what was begun, and is refused nothing.
        let goesOn: Bool

        init(goesOn: Bool) { self.goesOn = goesOn }
    }

    private struct State {
        var working = 0
        var waiting = [[Waiter]](repeating: [], count: Priority.allCases.count)
        var pace = WorkPace()

        /// Gives a free place to the next one, if there is any.
        mutating func next(of workers: Int) -> (waiter: Waiter, priority: Priority)? {
            guard working < workers, let place = waiting.firstIndex(where: { !$0.isEmpty }),
                let priority = Priority(rawValue: place)
            else { return nil }
            working += 1
            return (waiting[place].removeFirst(), priority)
        }
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

    /// Goes on with what was begun, an answer of which a part is out, when it is this one's turn, however late that is:
    /// it can be told no more to come back. Who waits here is bounded by the connections.
    func goOn<Result>(_ priority: Priority, _ body: () throws(SyncRefusal) -> Result) throws(SyncRefusal) -> Result {
        let own = Waiter(goesOn: true)
        state.withLock { $0.waiting[priority.rawValue].append(own) }
        letIn()
        own.isIn.loop { $0 ? .done(()) : .wait }
        defer { leave() }
        return try body()
    }

    func enter(_ priority: Priority) throws(SyncRefusal) {
        let place = priority.rawValue
        let deadline = monotonicMilliseconds() + waitMilliseconds
        let own = Waiter(goesOn: false)
        let refusal: SyncRefusal? = state.withLock { state in
            guard state.waiting[place].count(where: { !$0.goesOn }) < length else {
                let before = state.waiting[...place].reduce(0) { $0 + $1.count }
                return SyncRefusal(.unavailable, number: state.pace.seconds(for: before))
            }
            state.waiting[place].append(own)
            return nil
        }
        if let refusal { throw refusal }
        letIn()
        let isIn = own.isIn.loop { isIn -> MonitorStep<Bool> in
            isIn ? .done(true) : monotonicMilliseconds() < deadline ? .waitUntil(deadline) : .done(false)
        }
        if isIn { return }
        // The turn may have come just now.
        let isLeftOut = state.withLock { state in
            let before = state.waiting[place].count
            state.waiting[place].removeAll { $0 === own }
            return state.waiting[place].count < before
        }
        if isLeftOut { throw SyncRefusal(.unavailable) }
    }

    /// Lets in whoever there is a place for.
    private func letIn() {
        while let next = state.withLock({ [workers, onEntry] state in
            let next = state.next(of: workers)
            if let next { onEntry?(next.priority) }
            return next
        }) {
            next.waiter.isIn.change { $0 = true }
        }
    }

    func leave() {
        state.withLock { state in
            state.working -= 1
            state.pace.finished(at: monotonicMilliseconds(), isBusy: state.waiting.contains { !$0.isEmpty })
        }
        letIn()
    }
}

/// How quickly a queue is worked off, as of late.
struct WorkPace {
    /// What is told at least, and at most: a crowd comes through more quickly than it begins.
    static let seconds: ClosedRange<UInt64> = 5...15
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
        let needed = (Double(waiting) * milliseconds / 1000).rounded(.up)
        return min(max(UInt64(clamping: Int(min(needed, 3600))), Self.seconds.lowerBound), Self.seconds.upperBound)
    }
}
