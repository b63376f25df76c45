// The lock around a ward's core.

import Glibc

/// A POSIX mutex around a ward's core. Not the standard library's `Mutex`: on Linux that one hands itself over to
/// the longest waiter, which puts a thread switch into every short turn when several connections share two cores.
///
/// `@unchecked Sendable`, because the core is only reached through `withLock`, which lets one thread in at a time.
final class CoreLock: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let core: WardCore

    init(_ core: sending WardCore) {
        self.core = core
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deinitialize(count: 1)
        mutex.deallocate()
    }

    func withLock<Result, Failure: Error>(_ body: (WardCore) throws(Failure) -> sending Result)
        throws(Failure) -> sending Result
    {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(core)
    }
}
