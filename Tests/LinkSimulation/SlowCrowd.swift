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

    /// - Parameters:
    ///   - count: connections at a time; those that are cut are opened anew.
    ///   - addresses: how many addresses they come from.
    package init(port: UInt16, count: Int, addresses: Int) {
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
                    // Half never end their head, half never their body.
                    let head =
                        index % 2 == 0
                        ? "GET /healthz HTTP/1.1\r\nHost: x\r\nA: "
                        : "POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
                    client.send(Bytes(head.utf8))
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
