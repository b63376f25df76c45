// Buffered writing to a file descriptor, with its failures kept for the end.

import Glibc

/// Collects bytes and hands them to the kernel in few large writes.
///
/// After the first failure everything else is dropped and ``failure`` says why; the program reports it once, when it
/// ends. SIGPIPE must be ignored (``Terminal`` does so), else a closed pipe ends the process.
package struct OutputWriter {
    /// Why output could not be written.
    package enum Failure: Error, Sendable, Equatable {
        /// The reader closed the pipe.
        case closed
        /// Another error, with its `errno`.
        case system(Int32)
    }

    /// From so many bytes on, ``flushIfLarge()`` writes.
    package static let largeBytes = 64 * 1024

    /// Where the bytes go.
    package let fileDescriptor: Int32
    /// What is not yet written.
    package var bytes: [UInt8] = []
    /// The first failure.
    package private(set) var failure: Failure?

    /// A writer to an open descriptor, which stays open.
    package init(fileDescriptor: Int32) { self.fileDescriptor = fileDescriptor }

    /// Adds a text as it is; foreign text goes through ``SafeText`` first.
    package mutating func write(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        flushIfLarge()
    }

    /// Adds a text and a line end.
    package mutating func writeLine(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        bytes.append(0x0A)
        flushIfLarge()
    }

    /// Writes when the buffer has grown large.
    package mutating func flushIfLarge() {
        if bytes.count >= Self.largeBytes { flush() }
    }

    /// Writes everything, waiting where the descriptor does not block.
    package mutating func flush() {
        if failure == nil, !bytes.isEmpty { failure = Self.writeAll(bytes, to: fileDescriptor) }
        bytes.removeAll(keepingCapacity: true)
    }

    /// Forgets what is not yet written.
    package mutating func discard() { bytes.removeAll(keepingCapacity: true) }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Failure? {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written >= 0 {
                    rest = rest.dropFirst(written)
                    continue
                }
                switch errno {
                case EINTR: continue
                case EAGAIN:
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    if poll(&waiting, 1, -1) < 0, errno != EINTR { return .system(errno) }
                case EPIPE: return .closed
                default: return .system(errno)
                }
            }
            return nil
        }
    }
}
