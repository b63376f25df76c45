// The HTTP client: one request at a time, bounded in time and size, streamed to the caller.
import CCurl
import Glibc

/// Sends requests with libcurl, one after the other over the same connection where the server keeps it open.
///
/// Follows no redirect: a ward's address stands in its signed descriptor, and a captive portal's does not. Proxies come
/// from the environment (`https_proxy`, `no_proxy`), but never stand before a loopback address.
package final class HTTPClient {
    /// Applies to https only.
    package let trust: HTTPTrust
    private var connection: CurlConnection?
    /// How many bytes of the newest request's body left, also where it failed.
    package private(set) var bytesSent = 0

    package init(trust: HTTPTrust = .authorities) { self.trust = trust }

    /// Sends `body` and hands the body of a 2xx answer to `onChunk` as it comes.
    ///
    /// A server may end an answer by closing the connection, with neither length nor chunks; then a cut cannot be told
    /// from the end here, and the format of the body has to show it.
    ///
    /// - Parameter onChunk: false stops the request, which then throws `.interrupted`. The bytes are valid only during
    ///   the call. What came before an error has been handed over already.
    /// - Parameter onBytes: told several times a second how many bytes of the bodies went and came.
    package func post(
        url: String, contentType: String, body: [UInt8], limits: ClientLimits,
        onBytes: ((_ sent: Int, _ received: Int) -> Void)? = nil, onChunk: (UnsafeRawBufferPointer) -> Bool
    ) throws(HTTPClientError) -> HTTPClientResponse {
        bytesSent = 0
        let request = try request(url, limits)
        request.onBytes = onBytes
        request.post(contentType: contentType)
        let result = body.withUnsafeBytes { bytes -> Result<HTTPClientResponse, HTTPClientError> in
            request.send(bytes)
            return request.perform(onChunk)
        }
        bytesSent = request.bytesSent
        return try result.get()
    }

    /// Fetches a 2xx answer whole, at most `limits.maxResponseBytes`. The body is empty for any other status.
    package func get(
        url: String, limits: ClientLimits
    ) throws(HTTPClientError) -> (response: HTTPClientResponse, body: [UInt8]) {
        var body: [UInt8] = []
        let response = try get(url: url, limits: limits) { chunk in
            body += chunk
            return true
        }
        return (response, body)
    }

    /// Fetches an answer and hands the body of a 2xx to `onChunk` as it comes, as `post` does.
    package func get(
        url: String, limits: ClientLimits, onChunk: (UnsafeRawBufferPointer) -> Bool
    ) throws(HTTPClientError) -> HTTPClientResponse {
        try request(url, limits).perform(onChunk).get()
    }

    private func request(_ url: String, _ limits: ClientLimits) throws(HTTPClientError) -> CurlRequest {
        let open: CurlConnection
        if let connection { open = connection } else { open = try CurlConnection() }
        connection = open
        return try CurlRequest(url: url, limits: limits, trust: trust, on: open)
    }
}

/// A URL that the client is willing to open.
struct ClientURL: Equatable {
    let text: String
    let isLoopback: Bool

    /// Nil for anything but `http://host…` and `https://host…` in printable ASCII without a user.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 2048, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        guard let scheme = ["https://", "http://"].first(where: { bytes.starts(with: $0.utf8) }) else { return nil }
        let authority = bytes.dropFirst(scheme.utf8.count).prefix { !"/?#".utf8.contains($0) }
        guard !authority.isEmpty, !authority.contains(UInt8(ascii: "@")) else { return nil }
        let closing = UInt8(ascii: "]")
        let host =
            authority.first == UInt8(ascii: "[")
            ? authority.dropFirst().prefix { $0 != closing } : authority.prefix { $0 != UInt8(ascii: ":") }
        guard !host.isEmpty else { return nil }
        self.text = text
        let name = String(decoding: host, as: UTF8.self).lowercased()
        var four = in_addr()
        isLoopback =
            name == "localhost" || name == "::1"
            || (inet_pton(AF_INET, name, &four) == 1 && four.s_addr.bigEndian >> 24 == 127)
    }
}
