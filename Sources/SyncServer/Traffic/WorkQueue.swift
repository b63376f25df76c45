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
    /// - Throws: `unavailable` where the queue is full, or the turn does not come in time.
    func run<Result>(_ priority: Priority, _ body: () throws(SyncRefusal) -> Result) throws(SyncRefusal) -> Result {
        try enter(priority)
        defer { leave() }
        return try body()
    }

    func enter(_ priority: Priority) throws(SyncRefusal) {
        let place = priority.rawValue
        let deadline = monotonicMilliseconds() + waitMilliseconds
        let ticket: Int? = state.change { state in
            guard state.waiting[place].count < length else { return nil }
            state.nextTicket += 1
            state.waiting[place].append(state.nextTicket)
            return state.nextTicket
        }
        guard let ticket else { throw SyncRefusal(.unavailable) }
        let isIn = state.loop { [workers, onEntry] state -> MonitorStep<Bool> in
            if state.working < workers, state.isNext(ticket) {
                state.waiting[place].removeFirst()
                state.working += 1
                onEntry?(priority)
                return .done(true)
            }
            guard monotonicMilliseconds() < deadline else {
                state.waiting[place].removeAll { $0 == ticket }
                return .done(false)
            }
            return .waitUntil(deadline)
        }
        // Whoever comes next may have been waiting for this one.
        state.change(waking: { $0.waiting.contains { !$0.isEmpty } }) { _ in }
        if !isIn { throw SyncRefusal(.unavailable) }
    }

    func leave() { state.change(waking: { $0.waiting.contains { !$0.isEmpty } }) { $0.working -= 1 } }
}
