// Verifying many signatures with all processors.

import Glibc

/// Verifies batches of change sets, each with all processors and one after the other.
///
/// Signatures are what costs most of an upload. Where every connection verified its own, one device with a long
/// day's work would use one processor while the others idle, and several that arrive together would all be ready late
/// and at the same time, to wait for each other's commits. Here the first batch is ready early and is committed while
/// the next one is verified.
final class VerificationPool: Sendable {
    /// Fewer items than this are checked by the caller: handing them over would cost as much.
    static let smallestBatch = 16
    /// How many items a thread takes at once.
    private static let share = 8

    private let monitor = Monitor(State())

    /// Items that wait for their check, or are being checked. Used with the lock held.
    private final class Batch {
        let passes: @Sendable (Int) -> Bool
        /// The first item that nobody has taken.
        var next = 0
        /// The first item known not to pass, or the number of items.
        var end: Int
        /// How many shares are being checked.
        var open = 0

        init(count: Int, passes: @escaping @Sendable (Int) -> Bool) {
            self.passes = passes
            end = count
        }

        var isDone: Bool { next >= end && open == 0 }

        func take() -> Range<Int> {
            let first = next
            next = min(end, first + VerificationPool.share)
            open += 1
            return first..<next
        }

        /// A share was checked; nothing after an item that failed counts any more.
        func finish(failed: Int?) {
            open -= 1
            if let failed { end = min(end, failed) }
        }
    }

    private struct State {
        var queue: [Batch] = []
        var threads = 0
        var isStopped = false
    }

    deinit { monitor.change { $0.isStopped = true } }

    /// How many of the items, from the first on, pass a check. What follows the first that does not may be unchecked.
    func prefix<Item: Sendable>(of items: [Item], passing check: @escaping @Sendable (Item) -> Bool) -> Int {
        guard items.count >= Self.smallestBatch, start() else {
            return items.firstIndex { !check($0) } ?? items.count
        }
        let batch = Batch(count: items.count) { check(items[$0]) }
        monitor.change { $0.queue.append(batch) }
        Self.work(monitor, until: batch)
        return batch.end
    }

    /// How many of the change sets, from the first on, their devices signed for this ward.
    func prefix(of changes: [ChangeSet], ward: Digest, scheme: some SignatureScheme) -> Int {
        prefix(of: changes) { $0.verify(ward: ward, scheme: scheme) }
    }

    /// Starts the threads at the first use; false where they would gain nothing. The caller is one more.
    private func start() -> Bool {
        monitor.withLock { state in
            if state.threads == 0 {
                let helpers = min(16, sysconf(Int32(_SC_NPROCESSORS_ONLN))) - 1
                guard helpers > 0 else { return false }
                for _ in 0..<helpers where startThread({ [monitor] in Self.work(monitor) }) { state.threads += 1 }
            }
            return state.threads > 0
        }
    }

    /// Checks share after share of whichever batch is first, until a batch is done or the pool ends.
    private static func work(_ monitor: Monitor<State>, until own: Batch? = nil) {
        var taken: (batch: Batch, share: Range<Int>)?
        var failed: Int?
        repeat {
            monitor.change(waking: { _ in taken?.batch.isDone ?? false }) { _ in taken?.batch.finish(failed: failed) }
            taken = monitor.loop { state in
                if own?.isDone ?? state.isStopped { return .done(nil) }
                while let batch = state.queue.first {
                    if batch.next < batch.end { return .done((batch, batch.take())) }
                    state.queue.removeFirst()
                }
                return .wait
            }
            failed = taken.flatMap { taken in taken.share.first { !taken.batch.passes($0) } }
        } while taken != nil
    }
}
