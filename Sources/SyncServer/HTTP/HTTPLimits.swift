// The bounds of the HTTP fence, and why a server may not start.

/// What one server gives away at most. Every bound is checked before anything is allocated for it.
package struct HTTPLimits: Sendable {
    /// Beyond it, a connection's first request is answered 503, or the most crowded address loses a place to it.
    package var maxConnections = 512
    /// Beyond it, a connection's first request is answered 429. Generous, because a mobile carrier puts hundreds of
    /// phones behind one address; IPv6 counts by /64.
    package var maxConnectionsPerAddress = 64
    /// Request line and headers together, in bytes. Beyond it: 431.
    package var maxHeaderBytes = 16 * 1024
    /// Beyond it: 431.
    package var maxHeaders = 64
    /// Beyond it: 413. The body is streamed and never held as a whole.
    package var maxBodyBytes = 16 * 1024 * 1024
    /// How much of a body that nobody wants is still read, so that the sender gets to see the answer.
    package var discardBytes = 256 * 1024
    /// From opening a connection, or from the end of the previous request, to the end of the headers.
    package var headerSeconds = 15
    /// From the headers to the end of the body, however lively the sender is.
    package var bodySeconds = 300
    /// From the first byte of an answer to the last.
    package var responseSeconds = 300
    /// Connections beyond the limits that wait to be told so.
    package var maxRefused: Int { maxConnections / 4 + 8 }
    /// Whether loopback addresses count like others, for a server that no proxy stands before.
    package var countsLoopback = false
    /// What 429 and 503 tell the client to wait.
    package var retryAfterSeconds = 5
    /// Plaintext on an address that others can reach. Off unless the operator says so.
    package var allowPlaintext = false

    package init() {}
}

/// A certificate chain and its key, both PEM text.
package struct HTTPTLS: Sendable {
    package let certificatePEM: String
    package let privateKeyPEM: String

    package init(certificatePEM: String, privateKeyPEM: String) {
        self.certificatePEM = certificatePEM
        self.privateKeyPEM = privateKeyPEM
    }
}

/// Why a server did not start.
package enum HTTPServerError: Error, Equatable, CustomStringConvertible {
    /// Not a numeric IPv4 or IPv6 address.
    case badAddress(String)
    /// Plaintext was asked for on an address that is not loopback.
    case plaintextRefused(address: String)
    /// The socket could not be opened: the call and its errno.
    case socketFailed(call: String, code: Int32)
    /// The daemon refused its configuration, with TLS usually a certificate and a key that do not fit.
    case daemonRefused
    /// A server starts once.
    case alreadyStarted

    package var description: String {
        switch self {
        case .badAddress(let address):
            "\(address) is not a numeric address; write for example 127.0.0.1 or ::1."
        case .plaintextRefused(let address):
            "\(address) can be reached from outside and there is no TLS certificate; "
                + "give one, listen on 127.0.0.1, or allow plaintext explicitly."
        case .socketFailed(let call, let code):
            "The listening socket failed: \(call), error \(code)" + (code == 98 ? ", the port is taken." : ".")
        case .daemonRefused:
            "The HTTP daemon did not start; with TLS, check that certificate and key are PEM and belong together."
        case .alreadyStarted:
            "This server was started before."
        }
    }
}
