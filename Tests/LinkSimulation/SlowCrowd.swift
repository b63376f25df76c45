// Connections that send a byte a second and never finish what they say.

import Glibc
import SyncKit

/// A crowd of slow connections to a server on this machine, each from one of a few addresses.
package final class SlowCrowd: Sendable {
    private struct State {
        var isOver = false
        var isDone = false
        var open = 0
        var cut = 0
        var longest: Int64 = 0
    }

    private let state = Monitor(State())

    /// A head that does not end.
    package static let head = Bytes("GET /healthz HTTP/1.1\r\nHost: x\r\nA: ".utf8)
    /// A sync whose body does not end.
    package static let sync = body(of: "/v1/sync")
    /// A part of a bundle that does not end after its beginning.
    package static func part(_ beginning: some Sequence<UInt8>) -> Bytes { body(of: "/v1/bundle") + beginning }

    private static func body(of path: String) -> Bytes {
        Bytes("POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n".utf8)
    }

    /// - Parameters:
    ///   - count: connections at a time; those that are cut are opened anew.
    ///   - addresses: how many addresses they come from.
    ///   - requests: what they begin with, by turns, and never end.
    package init(port: UInt16, count: Int, addresses: Int, requests: [Bytes] = [SlowCrowd.head, SlowCrowd.sync]) {
        let state = state
        _ = startThread {
            var clients: [(client: LoopbackSocket, opened: Int64)?] = Array(repeating: nil, count: count)
            while !state.withLock({ $0.isOver }) {
                var open = 0
                for index in 0..<count {
                    // Each acts once a second, not all at the same moment.
                    usleep(UInt32(1_000_000 / max(1, count)))
                    if let (client, opened) = clients[index] {
                        if client.isReadable || !client.send([0x61]) {
                            let lived = monotonicMilliseconds() - opened
                            state.change {
                                $0.cut += 1
                                $0.longest = max($0.longest, lived)
                            }
                            clients[index] = nil
                        } else {
                            open += 1
                        }
                        continue
                    }
                    let source = 0x7F00_0101 + UInt32(index % addresses)
                    guard let client = try? LoopbackSocket(port: port, from: source) else { continue }
                    client.send(requests[index % requests.count])
                    clients[index] = (client, monotonicMilliseconds())
                    open += 1
                }
                state.change { $0.open = open }
            }
            clients = []
            state.change { $0.isDone = true }
        }
    }

    /// Waits until so many are open at the same time.
    package func waitFor(_ count: Int) { state.loop { $0.open >= count ? .done(()) : .wait } }

    /// Closes them all.
    package func end() -> (cut: Int, longestMilliseconds: Int64) {
        state.change { $0.isOver = true }
        state.loop { $0.isDone ? .done(()) : .wait }
        return state.withLock { ($0.cut, $0.longest) }
    }
}
