// A client of bare sockets: it says exactly what a test tells it to, right or wrong.
import Glibc

@testable import SyncServer

/// One TCP connection to loopback. Reads give up after 20 seconds, so that a broken server fails a test, not the run.
final class RawClient {
    let descriptor: Int32

    /// Nil when nobody listens.
    /// - Parameter source: the loopback address to come from.
    init?(port: UInt16, from source: String? = nil) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        if let source, let own = try? ListenAddress(source, port: 0) {
            _ = own.withSocketAddress { bind(descriptor, $0, $1) }
        }
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        guard let address = try? ListenAddress("127.0.0.1", port: port),
            address.withSocketAddress({ connect(descriptor, $0, $1) }) == 0
        else { return nil }  // What is thrown away here is closed by its end like any other.
    }

    deinit { Glibc.close(descriptor) }

    /// False when the connection is gone.
    @discardableResult
    func send(_ bytes: some Sequence<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(text.utf8) }

    /// The next bytes; nil at the end, however it came.
    func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    /// Everything up to the end of the connection.
    func readToEnd() -> RawAnswer {
        var all: [UInt8] = []
        while let more = read() { all += more }
        return RawAnswer(bytes: all)
    }

    /// One answer with a Content-Length, leaving the connection open.
    func readAnswer() -> RawAnswer {
        var all: [UInt8] = []
        while true {
            let answer = RawAnswer(bytes: all)
            if let length = answer.header("content-length").flatMap({ Int($0) }), answer.body.utf8.count >= length {
                return answer
            }
            guard let more = read() else { return answer }
            all += more
        }
    }

    /// From now on a send gives up where the other side takes nothing for so long: it may have answered and gone.
    func boundSends(milliseconds: Int) {
        var timeout = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Ends the connection: in order, by a reset, or only in the direction that sends.
    func end(_ way: RawEnd) {
        switch way {
        case .reset:
            var hard = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
        case .halfClosed: shutdown(descriptor, Int32(SHUT_WR))
        case .inOrder: shutdown(descriptor, Int32(SHUT_RDWR))
        }
    }

    /// Whether the kernel has seen the end of the connection, or data.
    func isReadable(milliseconds: Int32) -> Bool {
        var one = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&one, 1, milliseconds) > 0
    }
}

/// How a client goes away.
enum RawEnd: CaseIterable {
    case inOrder, reset, halfClosed
}

/// An answer as it came over the wire.
struct RawAnswer {
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }

    var status: Int? { text.split(separator: " ").dropFirst().first.flatMap { Int($0) } }

    private var parts: (head: Substring, body: Substring) {
        let marker = Array("\r\n\r\n".utf8)
        let utf8 = text.utf8
        guard bytes.count >= 4, let at = (0...(bytes.count - 4)).first(where: { Array(bytes[$0..<$0 + 4]) == marker })
        else { return ("", "") }
        let split = utf8.index(utf8.startIndex, offsetBy: at)
        return (text[..<split], text[utf8.index(split, offsetBy: 4)...])
    }

    /// Empty until the head is complete.
    var body: String { String(parts.body) }

    func header(_ name: String) -> String? {
        for line in parts.head.split(separator: "\r\n").dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            if pair.count == 2, pair[0].lowercased() == name { return pair[1].drop { $0 == " " }.description }
        }
        return nil
    }
}
