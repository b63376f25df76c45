// Between a client and a server on loopback: passes bytes on, and breaks a connection after just so many of them.
import Glibc
import SyncKit

@testable import SyncServer

/// Where the next connection breaks, in bytes of all that it carries, heads included.
enum SocketCut: Sendable {
    /// On the way to the server. The server sees the connection end and is given time to finish what it has.
    case up(Int)
    /// On the way back.
    case down(Int)
}

/// Connections from a port of its own to a server's.
final class CuttingProxy: Sendable {
    /// What went through.
    struct Figures {
        var connections = 0
        var up = 0
        var down = 0
        /// Whether the break that was asked for came.
        var isCut = false
    }

    /// What the proxy was asked for.
    private struct Plan: Sendable {
        var cut: SocketCut
        var isReset: Bool
        /// Whether it goes on with the next connection where one ended before its place came.
        var isSpanning: Bool
        /// Runs when the break comes, while the server's side still stands; instead of ending that in order.
        var then: (@Sendable () -> Void)?
    }

    private struct State {
        var next: Plan?
        /// Counts what was asked for: a connection that ends later gives nothing back to what came then.
        var asked = 0
        var figures = Figures()
        /// Microseconds that 16 KiB to the server take.
        var pace: UInt32 = 0
        /// Microseconds that whatever is said takes to the other side, one way.
        var delay: UInt32 = 0
    }

    let port: UInt16
    private let listener: Int32
    private let state = Monitor(State())

    init(to server: UInt16) throws {
        (listener, port) = try ListenAddress("127.0.0.1", port: 0).listen()
        let upstream = try ListenAddress("127.0.0.1", port: server)
        let (listener, state) = (listener, state)
        _ = startThread {
            while true {
                let client = accept(listener, nil, nil)
                if client < 0 { break }
                if !startThread({ Self.pass(client, to: upstream, state) }) { close(client) }
            }
            close(listener)
        }
    }

    /// Ends the thread, which closes the socket.
    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    var url: String { "http://127.0.0.1:\(port)" }

    /// Counts anew, and breaks the next connection.
    /// - Parameters:
    ///   - isReset: the client sees a reset instead of an end.
    ///   - isSpanning: bytes are counted over several connections.
    ///   - then: what happens to the server when the break comes.
    func expect(
        _ cut: SocketCut?, isReset: Bool = false, isSpanning: Bool = false, then: (@Sendable () -> Void)? = nil
    ) {
        state.withLock {
            $0.figures = Figures()
            $0.asked += 1
            $0.next = cut.map { Plan(cut: $0, isReset: isReset, isSpanning: isSpanning, then: then) }
        }
    }

    /// Lets 16 KiB to the server take so many microseconds.
    func slow(to pace: UInt32) { state.withLock { $0.pace = pace } }

    /// Lets whatever is said take so many microseconds to the other side, the opening of a connection too.
    func delay(by delay: UInt32) { state.withLock { $0.delay = delay } }

    var figures: Figures { state.withLock { $0.figures } }

    private static func pass(_ client: Int32, to upstream: ListenAddress, _ state: Monitor<State>) {
        let (plan, asked) = state.withLock { state in
            state.figures.connections += 1
            defer { state.next = nil }
            return (state.next, state.asked)
        }
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var isReset = false
        defer {
            end(client, isReset)
            end(server, false)
        }
        // A connection is open after a way there and one back.
        let delay = state.withLock { $0.delay }
        if delay > 0 { usleep(2 * delay) }
        guard upstream.withSocketAddress({ connect(server, $0, $1) }) == 0 else { return }
        var (up, down) = (Int.max, Int.max)
        switch plan?.cut {
        case .up(let bytes): up = bytes
        case .down(let bytes): down = bytes
        case nil: break
        }
        // Ends before the break where the connection does.
        defer {
            if var plan, plan.isSpanning, up > 0, down > 0 {
                plan.cut = up == .max ? .down(down) : .up(up)
                state.withLock { if $0.asked == asked { $0.next = $0.next ?? plan } }
            }
        }
        while true {
            if up == 0 || down == 0 {
                isReset = plan?.isReset ?? false
                state.withLock { $0.figures.isCut = true }
                if let then = plan?.then { then() } else if up == 0 { finish(server) }
                return
            }
            var ends = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: server, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&ends, 2, 30_000) > 0 else { return }
            if delay > 0 { usleep(delay) }
            if ends[0].revents != 0 {
                guard let count = move(from: client, to: server, most: up) else { return }
                up -= up == .max ? 0 : count
                let pace = state.withLock { state in
                    state.figures.up += count
                    return state.pace
                }
                if pace > 0 { usleep(pace) }
            }
            if ends[1].revents != 0 {
                guard let count = move(from: server, to: client, most: down) else { return }
                down -= down == .max ? 0 : count
                state.withLock { $0.figures.down += count }
            }
        }
    }

    /// Hands on what is there, at most so much; nil where either side is gone.
    private static func move(from source: Int32, to target: Int32, most: Int) -> Int? {
        var buffer = [UInt8](repeating: 0, count: min(most, 16 * 1024))
        let count = recv(source, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        var sent = 0
        while sent < count {
            let more = buffer[sent..<count].withUnsafeBytes {
                send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard more > 0 else { return nil }
            sent += more
        }
        return count
    }

    /// Says that nothing more comes, and waits until the server has done with what came.
    private static func finish(_ server: Int32) {
        shutdown(server, Int32(SHUT_WR))
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while recv(server, &buffer, buffer.count, 0) > 0 {}
    }

    private static func end(_ descriptor: Int32, _ isReset: Bool) {
        if isReset {
            // A reset throws away what was not delivered yet; that would be a break at another byte.
            var waiting: Int32 = 1
            for _ in 0..<20_000 where waiting > 0 {
                // TIOCOUTQ, a macro that does not reach Swift.
                guard ioctl(descriptor, 0x5411, &waiting) == 0 else { break }
                if waiting > 0 { usleep(1000) }
            }
            var hard = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
        }
        close(descriptor)
    }
}
