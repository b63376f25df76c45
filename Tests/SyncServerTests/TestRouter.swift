// A router with one path for each thing that the server has to get right.
import Glibc
import SyncKit

@testable import SyncServer

/// Silences the operation log for the whole test run.
let quiet: Void = Log.redirect(to: open("/dev/null", O_WRONLY))

/// What the router saw, and a gate that holds `/slow` until a test opens it.
struct RouterRecord {
    var heads: [HTTPRequestHead] = []
    var working = 0
    var finished = 0
    var released = 0
    var open = false
}

final class TestRouter: HTTPRouter {
    let record = Monitor(RouterRecord())

    func exchange(for head: HTTPRequestHead) -> HTTPRouting {
        record.change { $0.heads.append(head) }
        switch head.path {
        case "/hello": return .respond(.text(200, "hello", headers: [("X-Test", "yes"), ("X-Bad", "a\r\nEvil: b")]))
        case "/refused": return .respond(.text(401, "no"))
        case "/echo", "/slow", "/early": return .accept(TestExchange(path: head.path, record: record))
        case "/stream":
            var parts: [[UInt8]] = [Array("one ".utf8), [], Array(repeating: 0x78, count: 100_000), Array(" end".utf8)]
            return .respond(
                HTTPResponse(status: 200, body: .stream { parts.isEmpty ? nil : parts.removeFirst() }))
        case "/endless":
            return .respond(HTTPResponse(status: 200, body: .stream { Array(repeating: 0x78, count: 1000) }))
        default: return .respond(.text(404, "nothing here"))
        }
    }

    func waitFor(_ condition: @escaping (RouterRecord) -> Bool) {
        record.loop { condition($0) ? .done(()) : .wait }
    }

    func openGate() { record.change { $0.open = true } }
}

private final class TestExchange: HTTPExchange {
    let path: String
    let record: Monitor<RouterRecord>
    var body: [UInt8] = []

    init(path: String, record: Monitor<RouterRecord>) {
        self.path = path
        self.record = record
    }

    deinit { record.change { $0.released += 1 } }

    func receive(_ chunk: UnsafeRawBufferPointer) -> HTTPResponse? {
        body += chunk
        record.change { $0.working += 1 }
        return path == "/early" ? .text(403, "enough") : nil
    }

    func finish() -> HTTPResponse {
        if path == "/slow" {
            record.change { $0.working += 100 }
            record.loop { $0.open ? .done(()) : .wait }
        }
        record.change { $0.finished += 1 }
        return HTTPResponse(status: 200, headers: [("Content-Type", "text/plain")], body: .bytes(body))
    }
}

/// A server on a free loopback port.
func startServer(
    _ router: TestRouter, tls: HTTPTLS? = nil, _ adjust: (inout HTTPLimits) -> Void = { _ in }
) throws(HTTPServerError) -> HTTPServer {
    _ = quiet
    var limits = HTTPLimits()
    adjust(&limits)
    let server = HTTPServer(address: "127.0.0.1", port: 0, limits: limits, tls: tls, router: router)
    try server.start()
    return server
}
