// A lock with a condition: the one place where threads of the server wait for each other.

import Glibc

/// State that threads share, and a way to wait until it changes.
///
/// `@unchecked Sendable`: the state is reached only with the POSIX mutex held.
package final class Monitor<State>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var state: State

    package init(_ state: State) {
        self.state = state
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    package func withLock<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&state)
    }

    /// Changes the state and wakes everyone who waits for it, unless `concernsWaiters` says that nobody cares.
    package func change<Result>(
        waking concernsWaiters: (State) -> Bool = { _ in true }, _ body: (inout State) -> Result
    ) -> Result {
        withLock { state in
            defer { if concernsWaiters(state) { pthread_cond_broadcast(condition) } }
            return body(&state)
        }
    }

    /// Calls `body` with the lock held, now and after each change, until it returns `.done`.
    package func loop<Result>(_ body: (inout State) -> MonitorStep<Result>) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            switch body(&state) {
            case .done(let result): return result
            case .wait: pthread_cond_wait(condition, mutex)
            case .waitUntil(let milliseconds):
                var time = timespec(
                    tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
                pthread_cond_timedwait(condition, mutex, &time)
            }
        }
    }
}

/// What a waiting thread does next.
package enum MonitorStep<Result> {
    case done(Result)
    case wait
    /// By the monotonic clock, in milliseconds.
    case waitUntil(Int64)
}

/// Milliseconds of the clock that nobody can set.
package func monotonicMilliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}

/// Runs `body` on a new detached thread; false when the system has none left.
package func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let work = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    let code = pthread_create(
        &thread, nil,
        { argument in
            if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        }, work.toOpaque())
    if code != 0 {
        work.release()
        return false
    }
    pthread_detach(thread)
    return true
}
