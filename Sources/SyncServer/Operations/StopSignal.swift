// SIGTERM and SIGINT, turned into one graceful stop.
import Glibc
import SyncKit

/// Waits for a signal to stop, on a thread of its own.
///
/// Made before any other thread, so that they all inherit the blocked signals and only this thread takes them.
/// A second signal ends the process at once: the operator has lost patience, and the store survives it.
package final class StopSignal: Sendable {
    private let finished = Monitor<Int32?>(nil)
    private let signals: [Int32]
    /// The thread that takes the signals, once it does.
    let waiter = Monitor<pthread_t?>(nil)

    /// Blocks the signals for the calling thread and every thread that it starts from here on.
    package init(signals: [Int32] = [SIGTERM, SIGINT]) {
        self.signals = signals
        var set = Self.set(of: signals)
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Calls `action` with the number of the first signal, on the waiting thread.
    ///
    /// False when no thread could be started; then nothing handles the signals, and the caller should not go on.
    package func onSignal(_ action: @escaping @Sendable (Int32) -> Void) -> Bool {
        let (signals, finished, waiter) = (signals, finished, waiter)
        return startThread {
            waiter.change { $0 = pthread_self() }
            guard let first = Self.wait(for: signals) else { return }
            _ = startThread {
                if let second = Self.wait(for: signals) { _exit(128 + second) }
            }
            Log.event("stop_signal", [.signal: .int(Int(first))])
            action(first)
            finished.change { $0 = first }
        }
    }

    /// Returns the signal's number after `action` returned.
    package func waitUntilStopped() -> Int32 {
        finished.loop { signal in signal.map { .done($0) } ?? .wait }
    }

    private static func set(of signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        return set
    }

    private static func wait(for signals: [Int32]) -> Int32? {
        var set = set(of: signals)
        pthread_sigmask(SIG_BLOCK, &set, nil)
        var number: Int32 = 0
        return sigwait(&set, &number) == 0 ? number : nil
    }
}
