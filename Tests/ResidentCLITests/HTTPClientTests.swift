// The client against servers that do right and wrong.
import Glibc
import Testing

@testable import ResidentCLI
@testable import SyncServer

@Suite struct HTTPClientTests {
    let client = HTTPClient()

    private func post(
        _ url: String, body: [UInt8] = Array("question".utf8), limits: ClientLimits = ClientLimits(),
        trust: HTTPTrust = .authorities, onChunk: (UnsafeRawBufferPointer) -> Bool = { _ in true }
    ) -> Result<HTTPClientResponse, HTTPClientError> {
        Result { () throws(HTTPClientError) in
            try HTTPClient(trust: trust).post(
                url: url, contentType: "application/x-test", body: body, limits: limits, onChunk: onChunk)
        }
    }

    @Test func anAnswerComesInPiecesAndIsCounted() throws {
        let server = try ScriptedServer(
            answer: "HTTP/1.1 200 OK\r\nContent-Type:  text/x \r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
        var received: [UInt8] = []
        let response = try post(server.url()) { chunk in
            received += chunk
            return true
        }.get()
        #expect(received == Array("hello world".utf8))
        #expect(response.status == 200 && response.isSuccess)
        #expect(response.contentType == "text/x")
        #expect(response.bytesSent == 8 && response.bytesReceived == 11)
        let request = try #require(server.lastRequest)
        #expect(request.hasPrefix("POST /v1/sync HTTP/1.1\r\n"))
        #expect(request.contains("\r\nUser-Agent: ward/0.1.0\r\n"))
        #expect(request.contains("\r\nContent-Type: application/x-test\r\n"))
        #expect(request.hasSuffix("\r\n\r\nquestion"))
        #expect(!request.lowercased().contains("expect:"))
    }

    @Test func aRefusalKeepsItsTextAndIsNotTakenForAnAnswer() throws {
        let server = try ScriptedServer(
            answer: "HTTP/1.1 429 Too Many\r\nRetry-After: 5\r\nContent-Length: 9\r\n\r\nlater, ok")
        var limits = ClientLimits()
        limits.maxErrorBytes = 5
        let response = try post(server.url(), limits: limits) { _ in
            Issue.record("the body of a refusal is no answer")
            return true
        }.get()
        #expect(response.status == 429 && !response.isSuccess)
        #expect(response.retryAfter == "5")
        #expect(response.errorBody == Array("later".utf8))
    }

    /// With the limits that the program has.
    @Test func anAnswerThatTakesSecondsIsWaitedFor() throws {
        let server = try ScriptedServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", delay: 4000)
        #expect(try post(server.url()).get().bytesReceived == 2)
        let limits = ClientLimits()
        #expect(limits.connectSeconds >= 10 && limits.lowSpeedSeconds >= 20)
    }

    @Test func aRedirectIsNotFollowed() throws {
        let other = try ScriptedServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let server = try ScriptedServer(
            answer: "HTTP/1.1 302 Found\r\nLocation: \(other.url())\r\nContent-Length: 0\r\n\r\n")
        #expect(try post(server.url()).get().status == 302)
        #expect(other.lastRequest == nil)
    }

    @Test func getReturnsTheWholeBody() throws {
        let server = try ScriptedServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody")
        let (response, body) = try client.get(url: server.url("/v1/ward"), limits: ClientLimits())
        #expect(response.status == 200 && body == Array("body".utf8))
        #expect(server.lastRequest?.hasPrefix("GET /v1/ward HTTP/1.1\r\n") == true)
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789", 10),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n01234", 5), ("HTTP/1.1 200 OK\r\nContent-Le", 0),
        ("", 0),
    ])
    func aCutAnswerSaysHowMuchCame(answer: String, bytes: Int) throws {
        let server = try ScriptedServer(answer: answer)
        var received = 0
        let result = post(server.url()) { chunk in
            received += chunk.count
            return true
        }
        #expect(result == .failure(.cutOff(receivedBytes: bytes)))
        #expect(received == bytes)
    }

    @Test(arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "<html>log in to the wifi</html>"])
    func whatDoesNotSpeakHTTPIsTold(answer: String) throws {
        let server = try ScriptedServer(answer: answer)
        #expect(post(server.url()) == .failure(.notHTTP))
    }

    @Test func aPortWithoutAServerIsUnreachable() throws {
        let (descriptor, port) = try ListenAddress("127.0.0.1", port: 0).listen()
        close(descriptor)
        guard case .failure(.unreachable(let reason)) = post("http://127.0.0.1:\(port)/") else {
            Issue.record("somebody answered")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n",
    ])
    func anAnswerBeyondTheLimitIsGivenUp(head: String) throws {
        let server = try ScriptedServer(answer: head + String(repeating: "a", count: 100))
        var limits = ClientLimits()
        limits.maxResponseBytes = 99
        #expect(post(server.url(), limits: limits) == .failure(.tooLarge))
        let endless = try ScriptedServer(
            answer: "HTTP/1.1 200 OK\r\n"
                + String(repeating: "A: \(String(repeating: "a", count: 1000))\r\n", count: 200))
        #expect(post(endless.url()) == .failure(.tooLarge))
    }

    @Test func aServerThatSaysNothingTimesOut() throws {
        let server = try ScriptedServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", hold: true)
        var total = ClientLimits()
        total.totalSeconds = 1
        #expect(post(server.url(), limits: total) == .failure(.timedOut))
        var slow = ClientLimits()
        (slow.lowSpeedBytesPerSecond, slow.lowSpeedSeconds) = (1000, 1)
        #expect(post(server.url(), limits: slow) == .failure(.timedOut))
    }

    @Test func theCallerCanStop() throws {
        let server = try ScriptedServer(answer: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", hold: true)
        #expect(post(server.url()) { _ in false } == .failure(.interrupted))
    }

    @Test(arguments: [
        "", "ward.vn", "ftp://ward.vn/", "file:///etc/passwd", "https://", "https:///x", "https://a@ward.vn/",
        "https://ward.vn/a b", "https://phường.vn/", "https://ward.vn/\n", "HTTP://", "https://[]/",
        "http://h:99999999/",
    ])
    func aBadURLIsRefused(url: String) { #expect(post(url) == .failure(.badURL)) }

    @Test func noProxyStandsBeforeLoopback() {
        for url in ["http://127.0.0.1:80/", "https://127.9.9.9", "http://[::1]:8080/x", "http://LOCALHOST:1/?a"] {
            #expect(ClientURL(url)?.isLoopback == true)
        }
        for url in ["http://ward.vn/", "http://127.0.0.1.ward.vn/", "http://[2001:db8::1]/", "http://128.0.0.1/"] {
            #expect(ClientURL(url)?.isLoopback == false)
        }
    }

    @Test func aMissingLibraryIsAnErrorWithARemedy() {
        #expect(throws: HTTPClientError.libraryMissing) { try CurlLibrary(names: ["libnot-there.so.9"]) }
        #expect(throws: HTTPClientError.libraryMissing) { try CurlLibrary(names: ["libc.so.6"]) }
        #expect(HTTPClientError.libraryMissing.description.contains("apt install"))
    }
}

@Suite struct ClientAndServerTests {
    /// Answers every body with itself, twice.
    private struct Doubler: HTTPRouter {
        func exchange(for head: HTTPRequestHead) -> HTTPRouting { .accept(Doubling()) }

        private final class Doubling: HTTPExchange {
            private var body: [UInt8] = []
            func receive(_ chunk: UnsafeRawBufferPointer) -> HTTPResponse? {
                body += chunk
                return nil
            }
            func finish() -> HTTPResponse {
                var parts = [body, body]
                return HTTPResponse(status: 200, body: .stream { parts.popLast() })
            }
        }
    }

    private func server(tls: Bool) throws -> HTTPServer {
        Log.redirect(to: open("/dev/null", O_WRONLY))
        let certificate = HTTPTLS(
            certificatePEM: TestCertificate.certificatePEM, privateKeyPEM: TestCertificate.privateKeyPEM)
        let server = HTTPServer(
            address: "127.0.0.1", port: 0, limits: HTTPLimits(), tls: tls ? certificate : nil, router: Doubler())
        try server.start()
        return server
    }

    private func exchange(_ url: String, trust: HTTPTrust) throws(HTTPClientError) -> Int {
        let body = [UInt8](repeating: 7, count: 3_000_000)
        var received = 0
        _ = try HTTPClient(trust: trust).post(
            url: url, contentType: "application/x-test", body: body, limits: ClientLimits()
        ) { chunk in
            received += chunk.count
            return true
        }
        return received
    }

    @Test func megabytesGoThereAndBack() throws {
        let server = try server(tls: false)
        defer { server.stop(drainSeconds: 0) }
        #expect(try exchange("http://127.0.0.1:\(server.port)/", trust: .authorities) == 6_000_000)
    }

    @Test func aPinnedKeyIsTheOnlyOneThatCounts() throws {
        let server = try server(tls: true)
        defer { server.stop(drainSeconds: 0) }
        let url = "https://127.0.0.1:\(server.port)/"
        #expect(try exchange(url, trust: .pinned(TestCertificate.pin)) == 6_000_000)
        #expect(throws: HTTPClientError.pinMismatch) {
            try exchange(url, trust: .pinned("sha256//" + String(repeating: "A", count: 43) + "="))
        }
        #expect(throws: HTTPClientError.certificateUntrusted) { try exchange(url, trust: .authorities) }
        #expect(throws: HTTPClientError.certificateUntrusted) {
            try exchange(url, trust: .authoritiesAndPinned(TestCertificate.pin))
        }
        let plain = try self.server(tls: false)
        defer { plain.stop(drainSeconds: 0) }
        #expect(throws: HTTPClientError.tlsFailed) {
            try exchange("https://127.0.0.1:\(plain.port)/", trust: .pinned(TestCertificate.pin))
        }
    }
}
