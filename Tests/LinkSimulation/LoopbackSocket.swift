// A bare connection to a server on this machine, from a loopback address of one's own.

import Glibc
import SyncKit

/// One TCP connection, closed by its end. A read gives up after 60 seconds.
final class LoopbackSocket {
    private let descriptor: Int32

    /// An address of 127.0.0.0/8 for each number up to 60,000.
    static func address(_ number: Int) -> UInt32 { 0x7F01_0000 + UInt32(number / 250) << 8 + UInt32(number % 250 + 1) }

    /// - Parameter source: the address to come from.
    init(port: UInt16, from source: UInt32) throws(TransportError) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        // What is thrown away below is closed by its end like any other.
        guard descriptor >= 0 else { throw TransportError(.unreachable, "socket") }
        var timeout = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        guard Self.call(bind, descriptor, source, 0), Self.call(connect, descriptor, 0x7F00_0001, port) else {
            throw TransportError(.unreachable, "connect")
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    private static func call(
        _ function: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32, _ descriptor: Int32, _ host: UInt32,
        _ port: UInt16
    ) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = host.bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                function(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// False where the connection is gone.
    @discardableResult
    func send(_ bytes: Bytes) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// - Returns: how many bytes came; 0 and less at the end, however it came.
    func read(into buffer: inout Bytes) -> Int { recv(descriptor, &buffer, buffer.count, 0) }

    /// Whether the end of the connection, or data, is there.
    var isReadable: Bool {
        var one = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&one, 1, 0) > 0
    }
}
