// What the HTTP client takes and gives: limits, answers, and why there is none.

/// How long and how much one request may take. Zero seconds means no such limit.
package struct ClientLimits: Sendable {
    package var connectSeconds = 15
    /// A link that moves fewer bytes a second than this, for `lowSpeedSeconds`, is given up.
    package var lowSpeedBytesPerSecond = 16
    package var lowSpeedSeconds = 60
    /// The whole request, answer included.
    package var totalSeconds = 1800
    /// The body that is sent: behind so many bytes the request is broken off, which then throws `.interrupted`.
    package var maxRequestBytes = Int.max
    /// The answer's body.
    package var maxResponseBytes = 64 * 1024 * 1024
    /// How much of the body of an answer that is not 2xx is kept.
    package var maxErrorBytes = 4096

    package init() {}
}

/// Whom a TLS connection must lead to.
package enum HTTPTrust: Sendable, Equatable {
    /// A certificate that the system's authorities vouch for, for the name in the URL.
    case authorities
    /// Exactly this key, `sha256//` and base64 of the SHA-256 of its public key info, whoever signed its certificate
    /// and whatever name is in it: a ward's own pin stands in its signed descriptor.
    case pinned(String)
    /// Both.
    case authoritiesAndPinned(String)
}

/// The answer to one request.
package struct HTTPClientResponse: Sendable, Equatable {
    package var status: Int
    package var contentType: String?
    /// As the server wrote it: seconds or a date.
    package var retryAfter: String?
    /// Of the bodies, without headers.
    package var bytesSent = 0
    package var bytesReceived = 0
    /// The body of an answer that is not 2xx, cut at `maxErrorBytes`. Written by the other side: show it only escaped.
    package var errorBody: [UInt8] = []

    package var isSuccess: Bool { (200...299).contains(status) }
}

/// Why a request has no complete answer. Nothing that was saved on this device is touched by any of these.
package enum HTTPClientError: Error, Equatable, Sendable {
    /// No connection: no network, no such name, nobody listening. `reason` is libcurl's, in English.
    case unreachable(reason: String)
    /// A limit in time was reached.
    case timedOut
    /// The connection could not be secured: what answers speaks no TLS, or only an old one.
    case tlsFailed
    /// The certificate was good once, or will be: it or this device's clock is out of date.
    case certificateOutOfDate
    /// Nobody whom this device trusts vouches for the certificate, or it names another server.
    case certificateUntrusted
    /// Secured, but to somebody else's key.
    case pinMismatch
    /// The answer is larger than the limit.
    case tooLarge
    /// The connection ended before the answer did.
    case cutOff(receivedBytes: Int)
    /// What answers there does not speak HTTP.
    case notHTTP
    /// libcurl is not installed.
    case libraryMissing
    /// Not an http or https URL, or one with a user, a space or a character that must be escaped.
    case badURL
    /// The caller did not want more.
    case interrupted
}

extension HTTPClientError: CustomStringConvertible {
    /// What happened and what to do, in English; a command that speaks to people words it itself.
    package var description: String {
        switch self {
        case .unreachable(let reason): "The server cannot be reached (\(reason))."
        case .timedOut: "The connection was too slow."
        case .tlsFailed: "The connection could not be secured."
        case .certificateOutOfDate: "The server's certificate is not valid at this device's time."
        case .certificateUntrusted: "The server's certificate is not one that this device trusts for its name."
        case .pinMismatch: "Somebody else answers at the server's address: its key is not the ward's."
        case .tooLarge: "The server's answer is larger than allowed."
        case .cutOff(let bytes): "The connection broke after \(bytes) bytes."
        case .notHTTP: "What answers at this address is not a web server."
        case .libraryMissing: "libcurl is not installed. On Debian and Ubuntu: apt install libcurl4"
        case .badURL: "The server's address must begin with https:// or http:// and have no spaces."
        case .interrupted: "Stopped."
        }
    }
}
