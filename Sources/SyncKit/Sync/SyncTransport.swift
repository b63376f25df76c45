// What a sync travels over: a network, or a simulated one.

/// What carries a body to the ward and the answer back. A network, or a simulated one.
package protocol SyncTransport {
    /// Sends a body; hands out the answer's bytes as they arrive. `onChunk` returns false to stop.
    mutating func exchange(_ body: Bytes, onChunk: (UnsafeRawBufferPointer) -> Bool) throws(TransportError)
    /// How many bytes of the newest body left, also where the exchange failed; 0 where nobody knows.
    var bytesSent: Int { get }
}

extension SyncTransport {
    package var bytesSent: Int { 0 }
}

/// Why a body did not get through. Nothing is lost: what has no receipt is sent again.
package struct TransportError: Error, Sendable, Equatable {
    package enum Code: Sendable, Equatable {
        /// No connection, or a cut one.
        case unreachable
        case timedOut
        /// Something answered, but not a ward server.
        case notAWard
        /// The ward is busy; try again after this many seconds.
        case busy(seconds: Int64)
        case cut
        /// The network library is missing.
        case libraryMissing
        /// The server's key is not the pinned one.
        case wrongKey
        /// What answers speaks no TLS that is new enough.
        case notSecured
        case certificateOutOfDate
        case certificateUntrusted
        case badAddress
    }

    package var code: Code
    package var detail: String

    package init(_ code: Code, _ detail: String = "") {
        self.code = code
        self.detail = detail
    }
}
