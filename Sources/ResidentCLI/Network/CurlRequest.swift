// One transfer: libcurl's handle, its options and its callbacks.
import CCurl
import CommandLineKit
import Glibc
import SyncKit

/// A libcurl handle, and with it the connection that the request before left open: on a slow link each connection costs
/// seconds. Ends with the handle.
final class CurlConnection {
    fileprivate let curl: CurlLibrary
    fileprivate let handle: UnsafeMutableRawPointer

    init() throws(HTTPClientError) {
        curl = try CurlLibrary.shared()
        guard let handle = curl.easyInit() else { throw .libraryMissing }
        self.handle = handle
    }

    deinit { curl.easyCleanup(handle) }
}

/// One request over a connection, and its options; used once.
final class CurlRequest {
    private let connection: CurlConnection
    private var curl: CurlLibrary { connection.curl }
    private var handle: UnsafeMutableRawPointer { connection.handle }
    private let limits: ClientLimits
    private var headers: UnsafeMutablePointer<curl_slist>?
    /// Told several times a second how many bytes of bodies went and came.
    var onBytes: ((_ sent: Int, _ received: Int) -> Void)?
    /// How many bytes of the body left, also where the transfer failed.
    private(set) var bytesSent = 0
    /// What libcurl says of a failure beyond its code.
    private let detail: UnsafeMutablePointer<CChar>
    private var body: BodySource?

    /// - Parameter connection: one that no other request uses meanwhile.
    init(
        url: String, limits: ClientLimits, trust: HTTPTrust, on connection: CurlConnection
    ) throws(HTTPClientError) {
        guard let url = ClientURL(url) else { throw .badURL }
        self.connection = connection
        self.limits = limits
        detail = .allocate(capacity: Int(CURL_ERROR_SIZE))
        detail.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        // Of the request before only the connection is left.
        curl.easyReset(handle)
        set(CURLOPT_URL, url.text)
        set(CURLOPT_USERAGENT, "ward/\(wardSyncVersion)")
        // Fails before libcurl 7.85; the URL is checked above and no redirect leads elsewhere.
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_CONNECTTIMEOUT, limits.connectSeconds)
        set(CURLOPT_LOW_SPEED_LIMIT, limits.lowSpeedBytesPerSecond)
        set(CURLOPT_LOW_SPEED_TIME, limits.lowSpeedSeconds)
        set(CURLOPT_TIMEOUT, limits.totalSeconds)
        // Asked several times a second, also while nothing arrives: Ctrl-C need not wait for a slow network.
        set(CURLOPT_NOPROGRESS, 0)
        _ = wardsync_curl_setopt_progress(curl.easySetopt, handle, CURLOPT_XFERINFOFUNCTION) {
            context, _, received, _, sent in
            if let context {
                let request = Unmanaged<CurlRequest>.fromOpaque(context).takeUnretainedValue()
                request.onBytes?(Int(clamping: sent), Int(clamping: received))
            }
            return Interrupt.isRequested ? 1 : 0
        }
        // What libcurl calls sent is what the kernel took, up to a megabyte and more; it takes a little ahead of what goes
        // out, so that progress is told of bytes that left, and a break finds few others behind them.
        _ = wardsync_curl_setopt_socket(curl.easySetopt, handle, CURLOPT_SOCKOPTFUNCTION) { _, socket, _ in
            var unsent: Int32 = 16 * 1024
            // Where the kernel knows no such option, the transfer is the same.
            _ = setsockopt(socket, Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, &unsent, socklen_t(MemoryLayout<Int32>.size))
            return CURL_SOCKOPT_OK
        }
        if url.isLoopback { set(CURLOPT_NOPROXY, "*") }
        _ = wardsync_curl_setopt_pointer(curl.easySetopt, handle, CURLOPT_ERRORBUFFER, detail)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let file = Environment.value("SSL_CERT_FILE"), !file.isEmpty { set(CURLOPT_CAINFO, file) }
        switch trust {
        case .authorities: break
        case .pinned(let key):
            set(CURLOPT_PINNEDPUBLICKEY, key)
            set(CURLOPT_SSL_VERIFYPEER, 0)
            set(CURLOPT_SSL_VERIFYHOST, 0)
        case .authoritiesAndPinned(let key): set(CURLOPT_PINNEDPUBLICKEY, key)
        }
    }

    deinit {
        // Nothing of this request stays with the handle.
        curl.easyReset(handle)
        detail.deallocate()
        if let headers { curl.listFree(headers) }
    }

    /// Makes it a POST. What is not printable ASCII in `contentType` is left out, as it could end the header.
    func post(contentType: String) {
        let printable = String(decoding: contentType.utf8.filter { (0x20...0x7E).contains($0) }, as: UTF8.self)
        // Without the empty Expect, libcurl waits a second for permission before a large body.
        for line in ["Content-Type: \(printable)", "Expect:"] {
            headers = curl.listAppend(headers, line) ?? headers
        }
        set(CURLOPT_POST, 1)
        _ = wardsync_curl_setopt_pointer(curl.easySetopt, handle, CURLOPT_HTTPHEADER, headers)
    }

    /// The body, which must stay where it is until `perform` returned.
    ///
    /// It is read once and cannot be wound back: where a connection that was kept breaks in the middle of it, libcurl
    /// would begin it again on another one, with all that the ward has by then.
    func send(_ bytes: UnsafeRawBufferPointer) {
        let source = BodySource(bytes, most: limits.maxRequestBytes)
        body = source
        _ = wardsync_curl_setopt_offset(curl.easySetopt, handle, CURLOPT_POSTFIELDSIZE_LARGE, bytes.count)
        let context = Unmanaged.passUnretained(source).toOpaque()
        _ = wardsync_curl_setopt_pointer(curl.easySetopt, handle, CURLOPT_READDATA, context)
        _ = wardsync_curl_setopt_write(curl.easySetopt, handle, CURLOPT_READFUNCTION) { room, size, count, context in
            guard let room, let context else { return 0 }
            let (most, overflow) = size.multipliedReportingOverflow(by: count)
            let source = Unmanaged<BodySource>.fromOpaque(context).takeUnretainedValue()
            return overflow ? 0 : source.read(into: UnsafeMutableRawBufferPointer(start: room, count: most))
        }
    }

    /// Runs the transfer. Once only.
    func perform(_ onChunk: (UnsafeRawBufferPointer) -> Bool) -> Result<HTTPClientResponse, HTTPClientError> {
        withoutActuallyEscaping(onChunk) { onChunk in
            let sink = ResponseSink(limits: limits, onChunk: onChunk)
            let code = withExtendedLifetime((sink, self)) { () -> CURLcode in
                let own = Unmanaged.passUnretained(self).toOpaque()
                _ = wardsync_curl_setopt_pointer(curl.easySetopt, handle, CURLOPT_XFERINFODATA, own)
                let context = Unmanaged.passUnretained(sink).toOpaque()
                _ = wardsync_curl_setopt_pointer(curl.easySetopt, handle, CURLOPT_WRITEDATA, context)
                _ = wardsync_curl_setopt_pointer(curl.easySetopt, handle, CURLOPT_HEADERDATA, context)
                _ = wardsync_curl_setopt_write(curl.easySetopt, handle, CURLOPT_WRITEFUNCTION) {
                    data, _, count, context in
                    guard let context else { return 0 }
                    let sink = Unmanaged<ResponseSink>.fromOpaque(context).takeUnretainedValue()
                    return sink.take(UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : count)) ? count : 0
                }
                _ = wardsync_curl_setopt_write(curl.easySetopt, handle, CURLOPT_HEADERFUNCTION) {
                    data, _, count, context in
                    guard let context else { return 0 }
                    let sink = Unmanaged<ResponseSink>.fromOpaque(context).takeUnretainedValue()
                    return sink.takeHeader(UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : count))
                        ? count : 0
                }
                return curl.easyPerform(handle)
            }
            if let stopped = sink.stopped { return .failure(stopped) }
            // libcurl calls a head that ends in the middle a success.
            if code == CURLE_OK, !sink.headIsComplete { return .failure(.cutOff(receivedBytes: 0)) }
            var sent: curl_off_t = 0
            _ = wardsync_curl_getinfo_offset(curl.easyGetinfo, handle, CURLINFO_SIZE_UPLOAD_T, &sent)
            bytesSent = Int(clamping: sent)
            if code != CURLE_OK { return .failure(error(code, receivedBytes: sink.response.bytesReceived)) }
            sink.response.bytesSent = bytesSent
            return .success(sink.response)
        }
    }

    private func error(_ code: CURLcode, receivedBytes: Int) -> HTTPClientError {
        switch code {
        case CURLE_URL_MALFORMAT: return .badURL
        case CURLE_OPERATION_TIMEDOUT: return .timedOut
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH: return .pinMismatch
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            return isOutOfDate ? .certificateOutOfDate : .certificateUntrusted
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ENGINE_INITFAILED:
            return .tlsFailed
        case CURLE_ABORTED_BY_CALLBACK: return .interrupted
        case CURLE_FILESIZE_EXCEEDED: return .tooLarge
        case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_SEND_FAIL_REWIND, CURLE_GOT_NOTHING:
            return .cutOff(receivedBytes: receivedBytes)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: return .notHTTP
        default: return .unreachable(reason: curl.easyError(code).map { String(cString: $0) } ?? "unknown")
        }
    }

    /// libcurl has one code for everything that is wrong with a certificate; its TLS libraries' words differ, but all
    /// of them name the date.
    private var isOutOfDate: Bool {
        let words = String(cString: detail).lowercased()
        return ["expire", "expiration", "not yet valid", "not yet activated"].contains { words.contains($0) }
    }

    private func set(_ option: CURLoption, _ value: Int) {
        _ = wardsync_curl_setopt_long(curl.easySetopt, handle, option, value)
    }

    /// libcurl copies the text.
    private func set(_ option: CURLoption, _ value: String) {
        _ = value.withCString { wardsync_curl_setopt_pointer(curl.easySetopt, handle, option, $0) }
    }
}

/// Where libcurl takes the body from.
private final class BodySource {
    private let bytes: UnsafeRawBufferPointer
    private let most: Int
    private var sent = 0

    /// - Parameter most: ends the transfer behind so many bytes.
    init(_ bytes: UnsafeRawBufferPointer, most: Int) { (self.bytes, self.most) = (bytes, most) }

    func read(into room: UnsafeMutableRawBufferPointer) -> Int {
        guard sent < most || sent == bytes.count else { return Int(CURL_READFUNC_ABORT) }
        let next = bytes[sent...].prefix(min(room.count, max(0, most - sent)))
        room.copyBytes(from: next)
        sent += next.count
        return next.count
    }
}

/// Where libcurl puts the answer: bounds it, reads the few headers that matter, passes the body on.
final class ResponseSink {
    private let limits: ClientLimits
    private let onChunk: (UnsafeRawBufferPointer) -> Bool
    private var headerBytes = 0
    private static let maxHeaderBytes = 64 * 1024
    var response = HTTPClientResponse(status: 0)
    /// The empty line behind the headers has come.
    private(set) var headIsComplete = false
    /// Set when this side ended the transfer.
    private(set) var stopped: HTTPClientError?

    init(limits: ClientLimits, onChunk: @escaping (UnsafeRawBufferPointer) -> Bool) {
        self.limits = limits
        self.onChunk = onChunk
    }

    /// False ends the transfer.
    func take(_ chunk: UnsafeRawBufferPointer) -> Bool {
        let (total, overflow) = response.bytesReceived.addingReportingOverflow(chunk.count)
        guard !overflow, total <= limits.maxResponseBytes else { return stop(.tooLarge) }
        response.bytesReceived = total
        guard response.isSuccess else {
            response.errorBody += chunk.prefix(max(0, limits.maxErrorBytes - response.errorBody.count))
            return true
        }
        return onChunk(chunk) || stop(.interrupted)
    }

    /// One line of the head, line end included. False ends the transfer.
    func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= Self.maxHeaderBytes else { return stop(.tooLarge) }
        let text = String(decoding: line, as: UTF8.self)
        if line.starts(with: "HTTP/".utf8) {
            // A new head: that of a proxy or a "100 Continue" came before it.
            let status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            response = HTTPClientResponse(status: status ?? 0)
            headIsComplete = false
            return true
        }
        if line.allSatisfy({ $0 == 0x0D || $0 == 0x0A }) { headIsComplete = true }
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return true }
        var value = text[text.index(after: colon)...].drop(while: isBlank)
        while let last = value.last, isBlank(last) { value.removeLast() }
        let trimmed = String(value.prefix(256))
        switch text[..<colon].lowercased() {
        case "content-type": response.contentType = trimmed
        case "retry-after": response.retryAfter = trimmed
        default: break
        }
        return true
    }

    private func isBlank(_ character: Character) -> Bool { character.isWhitespace }

    private func stop(_ error: HTTPClientError) -> Bool {
        stopped = error
        return false
    }
}
