// One process owns a store: a lock that ends with the process, however it ends.
import Glibc

/// The lock of a home, held until it is released.
final class HomeLock {
    private var descriptor: Int32

    /// - Returns: nil where another process holds it.
    init?(_ home: WardHome) throws(HomeError) {
        let opened = open(home.lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard opened >= 0 else {
            let failure = FileError.last(home.lock)
            throw failure.reason == .missing ? .missing(home.path) : .file(failure)
        }
        while flock(opened, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            let isHeld = errno == EWOULDBLOCK
            let failure = FileError.last(home.lock)
            close(opened)
            if isHeld { return nil }
            throw .file(failure)
        }
        descriptor = opened
    }

    deinit { release() }

    /// Lets go of the home. The store must be closed by then.
    func release() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }
}
