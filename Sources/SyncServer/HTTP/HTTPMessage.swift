// What the HTTP fence hands to a router, and what a router hands back.

/// The head of a request that passed the fence.
///
/// Nothing here is trusted further than its form: the path is decoded, has no `..`, no encoded slash and no control
/// character; header names are lower-case tokens and the values are UTF-8 without control characters.
package struct HTTPRequestHead: Sendable {
    /// `GET`, `HEAD` or `POST`.
    package let method: String
    /// Percent-decoded, always beginning with `/`.
    package let path: String
    /// What stood after the first `?`, undecoded printable ASCII; nil without a `?`.
    package let query: String?
    /// Lower-case names. Of a repeated header the first value counts.
    package let headers: [String: String]
    /// The peer's address in numbers, without its port.
    package let remoteAddress: String
    /// What counts as one address for limits: an IPv4 address, or the /64 of an IPv6 address; nil for loopback, where
    /// a proxy may stand before any number of people, unless `HTTPLimits.countsLoopback`.
    package let countedAs: UInt64?
    /// In bytes; nil for a chunked body or none.
    package let contentLength: Int?

    package init(
        method: String, path: String, query: String?, headers: [String: String], remoteAddress: String,
        contentLength: Int?, countedAs: UInt64? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.remoteAddress = remoteAddress
        self.countedAs = countedAs
        self.contentLength = contentLength
    }
}

/// Decides, from the head alone, what becomes of a request. Called on the connection's own thread; may block.
package protocol HTTPRouter: Sendable {
    func exchange(for head: HTTPRequestHead) -> HTTPRouting
}

/// A router's word on a request's head.
package enum HTTPRouting {
    /// Answer now. A short body is read and thrown away, a long one ends the connection.
    case respond(HTTPResponse)
    /// Read the body into this exchange.
    case accept(any HTTPExchange)
}

/// One request whose body is being received.
///
/// All calls come from one thread and may block. An exchange that is released before `finish()` was cut: by the
/// client, by a deadline or by a stopping server. Whatever it made durable by then stands.
package protocol HTTPExchange: AnyObject {
    /// Called before anything else. An exchange that others may have to end keeps the way to do so.
    func begin(_ cut: HTTPCut)
    /// Takes the next bytes of the body, which are valid only during the call. At most a few dozen KiB at a time.
    ///
    /// A response that is not nil ends the exchange: no further call comes.
    func receive(_ chunk: UnsafeRawBufferPointer) -> HTTPResponse?
    /// The body is complete. Never interrupted, not even by a stopping server.
    func finish() -> HTTPResponse
}

extension HTTPExchange {
    package func begin(_ cut: HTTPCut) {}
}

/// How another thread ends a request whose body is being received, as long as its exchange lives.
package struct HTTPCut: Sendable {
    /// Answers in the middle of the body, where the connection allows it, and ends the connection.
    ///
    /// False where the body is complete, or the connection has ended: then nothing happens.
    package let end: @Sendable (HTTPResponse) -> Bool

    package init(_ end: @escaping @Sendable (HTTPResponse) -> Bool) { self.end = end }
}

/// An answer. Length, date and chunking are added by the server.
package struct HTTPResponse {
    /// 200 ... 599; anything else is sent as 500.
    package var status: Int
    /// A header with a control character in it is left out.
    package var headers: [(String, String)]
    package var body: HTTPBody

    package init(status: Int, headers: [(String, String)] = [], body: HTTPBody = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A short answer in plain text.
    package static func text(_ status: Int, _ text: String, headers: [(String, String)] = []) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: [("Content-Type", "text/plain; charset=utf-8")] + headers,
            body: .bytes(Array((text + "\n").utf8)))
    }
}

/// The body of an answer.
package enum HTTPBody {
    case bytes([UInt8])
    /// Called on the connection's thread until it returns nil; sent in chunks as it comes. An empty array is skipped.
    case stream(() -> [UInt8]?)
}
