// The control socket: a Unix socket in the home, messages with their length in front.
import Glibc
import SyncKit

/// One end of a control connection.
struct ControlSocket {
    /// The largest request, in bytes. A batch of an import stays far below it.
    static let maxRequest = 4 * 1024 * 1024
    /// The largest reply, in bytes.
    static let maxReply = 8 * 1024 * 1024

    let descriptor: Int32

    /// Sends a message: four bytes of length, most significant first, then the bytes.
    /// - Returns: false where the other side is gone.
    func send(_ message: Bytes) -> Bool {
        let count = UInt32(truncatingIfNeeded: message.count)
        var rest = ([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> UInt32($0)) } + message)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if sent < 0, errno == EINTR { continue }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    /// Receives a message.
    /// - Returns: nil at the end, after a time-out, and for one that is longer than `max`.
    func receive(max: Int) -> Bytes? {
        guard let head = read(exactly: 4) else { return nil }
        let count = head.reduce(0) { $0 << 8 | Int($1) }
        guard count <= max else { return nil }
        return read(exactly: count)
    }

    private func read(exactly count: Int) -> Bytes? {
        var bytes = Bytes()
        var buffer = Bytes(repeating: 0, count: 64 * 1024)
        while bytes.count < count {
            let got = recv(descriptor, &buffer, min(buffer.count, count - bytes.count), 0)
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { return nil }
            bytes += buffer[..<got]
        }
        return bytes
    }

    func close() { _ = Glibc.close(descriptor) }

    /// How long either side waits for the other in the middle of a message.
    func setDeadlines(seconds: Int) {
        var timeout = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &timeout, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    /// Whether the other side runs as this user or as root.
    var isOwnUser: Bool {
        // The layout of Linux's `struct ucred`, which Glibc keeps for GNU sources.
        var peer: (process: Int32, user: UInt32, group: UInt32) = (0, .max, .max)
        var size = socklen_t(12)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0, size == 12 else { return false }
        return peer.user == geteuid() || peer.user == 0
    }

    /// A new socket, with the address of the home's socket in a form that fits, however long the home's path is.
    private static func opened<Result>(
        _ home: WardHome, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result? {
        let directory = open(home.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return nil }
        defer { _ = Glibc.close(directory) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Bytes("/proc/self/fd/\(directory)/control.sock".utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        return withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// Connects to the process that serves a home; nil where none does.
    static func connect(_ home: WardHome) -> ControlSocket? {
        opened(home) { descriptor, address, size in
            guard Glibc.connect(descriptor, address, size) == 0 else {
                _ = Glibc.close(descriptor)
                return nil
            }
            return ControlSocket(descriptor: descriptor)
        } ?? nil
    }

    /// Listens in a home whose lock the caller holds.
    static func listen(_ home: WardHome) -> Int32? {
        unlink(home.controlSocket)
        return opened(home) { descriptor, address, size in
            // The home is its owner's alone, so nobody comes in before the mode is set.
            guard bind(descriptor, address, size) == 0, chmod(home.controlSocket, 0o600) == 0,
                Glibc.listen(descriptor, 16) == 0
            else {
                _ = Glibc.close(descriptor)
                return nil
            }
            return descriptor
        } ?? nil
    }
}
