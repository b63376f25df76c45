// The lock around a ward's core.

import Glibc

/// Two POSIX mutexes around a ward's core: whoever uses the core holds both, and lets go of the inner one while its
/// commit waits for the disk. Until then others may look at what is in memory (`withMemory`), so that they go on
/// verifying signatures; nothing that they learn there is told to anybody.
///
/// Not the standard library's `Mutex`: on Linux that one hands itself over to the longest waiter, which puts a thread
/// switch into every short turn when several connections share two cores.
///
/// `@unchecked Sendable`, because the core is only reached through `withLock`, which lets one thread in at a time, and
/// through `withMemory`, which lets one thread in while nobody changes what is in memory.
final class CoreLock: @unchecked Sendable {
    private let turn = PosixMutex()
    private let memory = PosixMutex()
    private let core: WardCore

    init(_ core: sending WardCore) {
        self.core = core
        core.database.aroundCommit = { [memory] (commit: () -> Void) in
            memory.unlock()
            commit()
            memory.lock()
        }
    }

    deinit { core.database.aroundCommit = nil }

    func withLock<Result, Failure: Error>(_ body: (WardCore) throws(Failure) -> sending Result)
        throws(Failure) -> sending Result
    {
        turn.lock()
        memory.lock()
        defer {
            memory.unlock()
            turn.unlock()
        }
        return try body(core)
    }

    /// Looks at what the core holds in memory. The body must not touch the store, which may be in the middle of a
    /// commit, nor change anything that a transaction in progress relies on.
    func withMemory<Result, Failure: Error>(_ body: (WardCore) throws(Failure) -> sending Result)
        throws(Failure) -> sending Result
    {
        memory.lock()
        defer { memory.unlock() }
        return try body(core)
    }
}

/// A POSIX mutex at a fixed place in memory.
///
/// `@unchecked Sendable`, because a mutex is made to be used by several threads.
private final class PosixMutex: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deinitialize(count: 1)
        mutex.deallocate()
    }

    func lock() { pthread_mutex_lock(mutex) }
    func unlock() { pthread_mutex_unlock(mutex) }
}
