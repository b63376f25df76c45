// One connection: from libmicrohttpd's callbacks to the fence, the router and an exchange.
import CMicroHTTPD
import Glibc

/// What all connections of a server share.
final class HTTPService: Sendable {
    let limits: HTTPLimits
    let router: any HTTPRouter
    let table: ConnectionTable

    init(limits: HTTPLimits, router: any HTTPRouter, table: ConnectionTable) {
        self.limits = limits
        self.router = router
        self.table = table
    }
}

/// The state of one connection. Touched by one thread at a time: libmicrohttpd's, for this connection.
final class HTTPConnection {
    private enum Request {
        case none
        case receiving(any HTTPExchange, received: Int)
        /// The answer is known; this much more of the body is read and thrown away before it goes out.
        case discarding(HTTPResponse, budget: Int)
        case answered
    }

    let id: Int
    private let service: HTTPService
    private let peer: PeerAddress
    private var request = Request.none
    /// The target as it stood in the request line, and where.
    private var target: [UInt8] = []
    private var targetStart: UnsafePointer<CChar>?
    /// libmicrohttpd takes a bare CR or LF for the end of a chunk's line, others do not. So that nobody's idea of
    /// where such a body ends makes a second request of what stands in it, its connection ends with the answer.
    private var endsWithAnswer = false

    init(service: HTTPService, descriptor: Int32, peer: PeerAddress) {
        self.service = service
        self.peer = peer
        id = service.table.opened(descriptor: descriptor, peer: peer)
    }

    func closed() { service.table.closed(id) }

    func completed() {
        request = .none
        targetStart = nil
        endsWithAnswer = false
        service.table.completed(id)
    }

    /// The request line was read. libmicrohttpd decodes the target in place right after, so it is copied here.
    func took(target start: UnsafePointer<CChar>?) {
        targetStart = start
        target = start.map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) } ?? []
    }

    /// libmicrohttpd calls this once with the head, then for each piece of the body, then once at its end.
    func handle(
        _ connection: OpaquePointer, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>,
        body: UnsafeRawBufferPointer
    ) -> MHD_Result {
        switch request {
        case .none:
            return begin(connection, rawHead(connection, method: method, version: version))
        case .receiving(let exchange, let received):
            if body.isEmpty {
                guard service.table.working(id) else { return .NO }
                return answer(connection, exchange.finish())
            }
            return take(body, into: exchange, after: received)
        case .discarding(let response, let budget):
            if body.isEmpty { return answer(connection, response) }
            guard service.table.isReceiving(id) else { return .NO }
            guard body.count <= budget else {
                service.table.refuseBody(id, with: response)
                return .NO
            }
            request = .discarding(response, budget: budget - body.count)
            return .YES
        case .answered:
            return .NO
        }
    }

    private func begin(_ connection: OpaquePointer, _ raw: RawRequestHead) -> MHD_Result {
        let retry = [("Retry-After", String(service.limits.retryAfterSeconds))]
        switch service.table.begin(id) {
        case .admitted: break
        case .stopping:
            return refuse(connection, service.table.stoppingResponse, "stopping")
        case .tooManyConnections:
            return refuse(connection, .text(503, "too many connections", headers: retry), "connections")
        case .tooManyFromAddress:
            return refuse(connection, .text(429, "too many connections", headers: retry), "connections_per_address")
        }
        let head: HTTPRequestHead
        do {
            head = try RequestFence(limits: service.limits).check(
                raw, remoteAddress: peer.text,
                countedAs: peer.isLoopback && !service.limits.countsLoopback ? nil : peer.countedAs)
        } catch {
            let allow = error.status == 405 ? [("Allow", "GET, HEAD, POST")] : []
            return refuse(connection, .text(error.status, error.reason, headers: allow), error.reason)
        }
        endsWithAnswer = head.headers["transfer-encoding"] != nil
        switch service.router.exchange(for: head) {
        case .accept(let exchange):
            exchange.begin(HTTPCut { [table = service.table, id] in table.refuseBody(id, with: $0) })
            request = .receiving(exchange, received: 0)
        case .respond(let response):
            // Who waits for "100 Continue", or sends more than we would throw away, is answered at once.
            if head.headers["expect"] != nil || (head.contentLength ?? 0) > service.limits.discardBytes {
                return answer(connection, response, closing: true)
            }
            request = .discarding(response, budget: service.limits.discardBytes)
        }
        guard service.table.receiving(id) else { return refuse(connection, service.table.stoppingResponse, "stopping") }
        return .YES
    }

    private func take(
        _ body: UnsafeRawBufferPointer, into exchange: any HTTPExchange, after received: Int
    ) -> MHD_Result {
        guard service.table.isReceiving(id) else { return .NO }
        let (total, overflow) = received.addingReportingOverflow(body.count)
        if overflow || total > service.limits.maxBodyBytes {
            Log.event("http_refused", [.status: .int(413), .address: .text(peer.text)])
            request = .discarding(.text(413, "body too large"), budget: service.limits.discardBytes)
        } else if let response = exchange.receive(body) {
            request = .discarding(response, budget: service.limits.discardBytes)
        } else {
            request = .receiving(exchange, received: total)
        }
        return .YES
    }

    private func refuse(_ connection: OpaquePointer, _ response: HTTPResponse, _ reason: String) -> MHD_Result {
        Log.event(
            "http_refused",
            [.status: .int(response.status), .reason: .text(reason), .address: .text(peer.text)])
        return answer(connection, response, closing: true)
    }

    private func answer(_ connection: OpaquePointer, _ response: HTTPResponse, closing: Bool = false) -> MHD_Result {
        request = .answered
        let stopping = service.table.responding(id)
        return response.queue(on: connection, closing: closing || stopping || endsWithAnswer)
    }

    private func rawHead(
        _ connection: OpaquePointer, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>
    ) -> RawRequestHead {
        var lines = HeadLines(method: method, version: version)
        withUnsafeMutablePointer(to: &lines) { list in
            _ = MHD_get_connection_values_n(
                connection, .HEADER_KIND,
                { context, _, name, nameCount, value, valueCount in
                    context?.assumingMemoryBound(to: HeadLines.self).pointee
                        .add(name: name, nameCount, value: value, valueCount)
                    return .YES
                }, list)
        }
        let size = Int(wardsync_mhd_header_size(connection))
        lines.finish(size: size)
        return RawRequestHead(
            method: Array(UnsafeRawBufferPointer(start: method, count: strlen(method))),
            version: Array(UnsafeRawBufferPointer(start: version, count: strlen(version))),
            target: target,
            // Both point into the request line: the method, one space, the target, one space, the version.
            targetIsWhole: targetStart.map {
                version - $0 == target.count + 1 && $0 - method == strlen(method) + 1
            } ?? false,
            linesAreWhole: lines.areWhole, headers: lines.headers, size: size)
    }
}

/// The lines of a head where libmicrohttpd left them, and whether CR LF, and nothing else, stood between them.
///
/// libmicrohttpd ends a line at a bare CR, a bare LF or a NUL as well, and joins folded lines: a program before this
/// server that does not would read other headers. It writes NULs over line ends and leaves the rest in its place, so the
/// distances tell; a folded line is moved elsewhere.
private struct HeadLines {
    private(set) var headers: [(name: [UInt8], value: [UInt8])] = []
    private(set) var areWhole = true
    private let start: UnsafePointer<CChar>
    /// Behind the line that was read last.
    private var end: UnsafePointer<CChar>

    init(method: UnsafePointer<CChar>, version: UnsafePointer<CChar>) {
        start = method
        end = version + strlen(version)
    }

    mutating func add(
        name: UnsafePointer<CChar>?, _ nameCount: Int, value: UnsafePointer<CChar>?, _ valueCount: Int
    ) {
        headers.append(
            (
                name: Array(UnsafeRawBufferPointer(start: name, count: name == nil ? 0 : nameCount)),
                value: Array(UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : valueCount))
            ))
        guard let name, let value else {
            areWhole = false
            return
        }
        areWhole = areWhole && name - end == 2
        end = value + valueCount
    }

    /// - Parameter size: of the request line and the headers with the empty line behind them.
    mutating func finish(size: Int) { areWhole = areWhole && start + size - end == 4 }
}
