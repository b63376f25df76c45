// Writing the derived tables off the path of requests: every few seconds, or after many changes.
import SyncKit

/// A thread that flushes the ward's core, and answers look-ups whose upload was cut.
final class WriteBehind: Sendable {
    private struct State {
        var changes = 0
        var isStopping = false
        var hasEnded = false
        /// A fault of the store is said once; it does not go away.
        var hasToldFault = false
        /// Nor does a store that is older than what the ward signed become newer.
        var hasToldNewer = false
    }

    /// So many changes are written without waiting for the clock.
    static let changesAtOnce = 2000
    /// So many documents are counted for state hashes at a time, which takes some tens of milliseconds.
    static let countedAtOnce = 1000
    private let intervalMilliseconds: Int64
    private let service: WardService
    private let state = Monitor(State())

    init(_ service: WardService, intervalMilliseconds: Int64 = 3000) {
        self.service = service
        self.intervalMilliseconds = intervalMilliseconds
    }

    /// - Returns: false where the system has no thread left.
    func start() -> Bool {
        startThread { [self] in
            while nextTurn() { writeNow() }
            state.change { $0.hasEnded = true }
        }
    }

    /// Something was accepted.
    func note(changes count: Int) {
        guard count > 0 else { return }
        state.change(waking: { $0.changes >= Self.changesAtOnce }) { $0.changes += count }
    }

    private func nextTurn() -> Bool {
        let deadline = monotonicMilliseconds() + intervalMilliseconds
        return state.loop { state -> MonitorStep<Bool> in
            if state.isStopping { return .done(false) }
            guard state.changes >= Self.changesAtOnce || monotonicMilliseconds() >= deadline else {
                return .waitUntil(deadline)
            }
            state.changes = 0
            return .done(true)
        }
    }

    /// Writes what is not written yet. A failure costs nothing but folding anew, unless it is the store's.
    func writeNow() {
        if let fault = service.storeFault {
            report(fault)
            return
        }
        let newer = service.newerCheckpoint
        if let newer { tell(newer) }
        do {
            try service.withCore { core throws(StoreError) in
                if newer == nil { try core.answerAndReact() }
                try core.flush()
                try core.countStates(most: Self.countedAtOnce)
            }
        } catch {
            service.note(error)
            report(error)
        }
    }

    /// Says once that the ward signed what its store does not hold; `ward-server status` says what to do.
    private func tell(_ newer: Checkpoint) {
        let isNews = state.change { state in
            defer { state.hasToldNewer = true }
            return !state.hasToldNewer
        }
        guard isNews else { return }
        Log.event(
            "log_behind",
            [
                .epoch: .int(Int(clamping: newer.position.epoch)), .position: .int(Int(clamping: newer.position.index)),
            ])
    }

    private func report(_ error: StoreError) {
        let isFault = service.storeFault != nil
        let isNews = state.change { state in
            defer { if isFault { state.hasToldFault = true } }
            return !state.hasToldFault
        }
        guard isNews else { return }
        Log.event(
            isFault ? "store_fault" : "write_behind_failed",
            [.code: .text(error.code.rawValue), .reason: .text(error.detail)])
    }

    /// Ends the thread, then writes once more.
    func stop() {
        state.change { $0.isStopping = true }
        state.loop { $0.hasEnded ? .done(()) : .wait }
        writeNow()
    }
}
