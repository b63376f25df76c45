// Ctrl-C: noted for a command that ends at a good place, else the end of the process with a clean line.

import Glibc

/// What happens on SIGINT.
///
/// Without ``watch()`` it ends the process as always, only that a progress line is wiped first. A process that was told
/// to ignore the signal, as by `nohup`, goes on ignoring it.
package enum Interrupt {
    // Written by the signal handler and read outside of it; whole words, and neither waits for the other.
    fileprivate nonisolated(unsafe) static var requested: sig_atomic_t = 0
    fileprivate nonisolated(unsafe) static var isWatched: sig_atomic_t = 0
    fileprivate nonisolated(unsafe) static var lineDescriptor: sig_atomic_t = -1

    /// From here on the first Ctrl-C is only noted. The second one ends the process at once.
    package static func watch() {
        isWatched = 1
        install()
    }

    /// Whether Ctrl-C was pressed since ``watch()``.
    package static var isRequested: Bool { requested != 0 }

    /// A line that is drawn over and over stands on this terminal, and is wiped when the process is interrupted.
    static func lineBegins(on descriptor: Int32) {
        lineDescriptor = descriptor
        install()
    }

    static func lineEnds() { lineDescriptor = -1 }

    private static func install() {
        var present = sigaction()
        guard sigaction(SIGINT, nil, &present) == 0,
            unsafeBitCast(present.__sigaction_handler.sa_handler, to: Int.self)
                != unsafeBitCast(SIG_IGN, to: Int.self)
        else { return }
        var wanted = sigaction()
        wanted.__sigaction_handler.sa_handler = takeSignal
        _ = sigaction(SIGINT, &wanted, nil)
    }
}

/// The handler; it calls nothing but what may be called in one.
private func takeSignal(_ number: Int32) {
    let saved = errno
    if Interrupt.lineDescriptor >= 0 {
        // CR, ESC [ K
        var wipe: (UInt8, UInt8, UInt8, UInt8) = (0x0D, 0x1B, 0x5B, 0x4B)
        _ = write(Interrupt.lineDescriptor, &wipe, 4)
    }
    Interrupt.requested = 1
    signal(number, SIG_DFL)
    if Interrupt.isWatched == 0 { raise(number) }
    errno = saved
}
