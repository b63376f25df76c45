// Requests that two programs in a row would read differently, said to the real server.
import CommandLineKit
import Glibc
import Testing

@testable import SyncKit
@testable import SyncServer

/// Bytes that hide a request for the descriptor, which must never be answered.
struct Smuggled: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: Bytes

    init(_ name: String, _ text: String) {
        testDescription = name
        bytes = Bytes(text.utf8)
    }

    /// What is hidden. Its answer begins as no other does.
    static let hidden = "GET /v1/descriptor HTTP/1.1\r\nHost: x\r\n\r\n"
    static let answerOfHidden = "WARDSYNC1-"

    /// A body that ends for one reader before the hidden request and for another behind it.
    private static func post(_ name: String, _ headers: String, body: String = "0\r\n\r\n" + hidden) -> Smuggled {
        Smuggled(name, "POST /v1/join HTTP/1.1\r\nHost: x\r\n\(headers)\r\n\r\n\(body)")
    }

    private static let long = hidden.utf8.count + 5

    /// Transfer-Encoding that some programs take and others do not see.
    static let codings: [Smuggled] = [
        "Transfer-Encoding: xchunked", "Transfer-Encoding : chunked", "Transfer-Encoding\t: chunked",
        "Transfer-Encoding:\u{B}chunked", "Transfer-Encoding: chunked\u{0}", "Transfer-Encoding: \u{0}chunked",
        "Transfer-Encoding: chunked, identity", "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: chunk\r\n ed", "Transfer-Encoding:\r\n chunked", "Transfer-Encoding:\r\n\tchunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "Transfer-Encoding: x\r\nTransfer-Encoding: chunked",
        "X: a\rTransfer-Encoding: chunked", "X: a\nTransfer-Encoding: chunked", "X: a\n\rTransfer-Encoding: chunked",
        "X: a\u{0}\r\nTransfer-Encoding: chunked", "\u{0}Transfer-Encoding: chunked", " Transfer-Encoding: chunked",
        "Transfer_Encoding: chunked", "Transfer-Encoding: CHUNKED", "transfer-encoding:chunked;a=b",
        "Transfer-Encoding: chunked\r", "Transfer-Encoding\u{A0}: chunked", "Transfer-Encoding: chunked,",
    ].map { post($0.debugDescription, "Content-Length: \(long)\r\n\($0)") }

    /// Content-Length likewise.
    static let lengths: [Smuggled] = [
        "Content-Length: 5\r\nContent-Length: \(long)", "Content-Length: \(long)\r\nContent-Length: 5",
        "Content-Length: 5, \(long)", "Content-Length: 5,5", "Content-Length: 05x", "Content-Length: 0x5",
        "Content-Length: 5\u{0}", "Content-Length: +5", "Content-Length: -5", "Content-Length: 5 5",
        "Content-Length: 5.0", "Content-Length: 5e0", "Content-Length: ٥", "Content-Length : 5",
        "Content-Length:\r\n 5", "Content-Length: 5\r\n 0", "X: a\rContent-Length: 5", "X: a\nContent-Length: 5",
        "X: a\r\rContent-Length: 5", "Content-Length: 18446744073709551621", "Content-Length: 4294967301x",
    ].map { post($0.debugDescription, $0) }

    /// Chunks whose end readers do not agree on.
    static let chunks: [Smuggled] = [
        ("bare LF behind a size", "0\n\n"), ("bare CR behind a size", "0\r\r"),
        ("bare LF behind data", "1\r\nx\n0\r\n\r\n"), ("bare CR behind data", "1\r\nx\r0\r\n\r\n"),
        ("nothing behind data", "1\r\nx0\r\n\r\n"), ("a size with a sign", "+0\r\n\r\n"),
        ("a size with 0x", "0x0\r\n\r\n"), ("a size that runs over", "FFFFFFFFFFFFFFFFF\r\n\r\n"),
        ("a size of 2^64", "10000000000000000\r\n\r\n"), ("a size of -1", "FFFFFFFFFFFFFFFF\r\n\r\n"),
        ("a size with a space", " 0\r\n\r\n"), ("a space behind a size", "0 \r\n\r\n"),
        ("an extension", "0;a=b\r\n\r\n"), ("an extension with a bare LF", "0;a\n\n"),
        ("an extension with a bare CR", "0;a\rb\r\n\r\n"), ("an extension in quotes", "0;a=\"\r\n\r\n\"\r\n\r\n"),
        ("a long extension", "0;\(String(repeating: "a", count: 100_000))\r\n\r\n"), ("no size", "\r\n\r\n"),
        ("letters for a size", "xyz\r\n\r\n"), ("a trailer", "0\r\nContent-Length: 5\r\n\r\n"),
        ("a trailer of another coding", "0\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("a trailer with a bare CR", "0\r\nA: b\r\r"), ("zeros", "000000000000000000000\r\n\r\n"),
        ("an end without an empty line", "0\r\n"),
    ].map { post($0.0, "Transfer-Encoding: chunked", body: $0.1 + hidden) }

    /// Lines and targets.
    static let heads: [Smuggled] = [
        ("bare LF throughout", "GET /x HTTP/1.1\nHost: x\n\n"), ("bare CR throughout", "GET /x HTTP/1.1\rHost: x\r\r"),
        ("a bare LF behind the request line", "GET /x HTTP/1.1\nHost: x\r\n\r\n"),
        ("a bare LF at the end", "GET /x HTTP/1.1\r\nHost: x\r\n\n"),
        ("a bare CR at the end", "GET /x HTTP/1.1\r\nHost: x\r\n\r"),
        ("a bare CR in a value", "GET /x HTTP/1.1\r\nHost: x\r\nA: b\rC: d\r\n\r\n"),
        ("a folded line", "GET /x HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"),
        ("a folded first line", "GET /x HTTP/1.1\r\n Host: x\r\n\r\n"),
        ("a NUL in a value", "GET /x HTTP/1.1\r\nHost: x\r\nA: b\u{0}c\r\n\r\n"),
        ("a NUL in a name", "GET /x HTTP/1.1\r\nHost: x\r\nA\u{0}: b\r\n\r\n"),
        ("a NUL in Host", "GET /x HTTP/1.1\r\nHost: x\u{0}y\r\n\r\n"),
        ("a NUL in the version", "GET /x HTTP/1.1\u{0}\r\nHost: x\r\n\r\n"),
        ("a space before the colon", "GET /x HTTP/1.1\r\nHost : x\r\n\r\n"),
        ("two spaces in the request line", "GET  /x HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("a tab in the request line", "GET\t/x HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("a space behind the version", "GET /x HTTP/1.1 \r\nHost: x\r\n\r\n"),
        ("a space before the method", " GET /x HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("a target with a CR", "GET /x\rGET /y HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("the absolute form", "GET http://x/v1/descriptor HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("the absolute form of another host", "GET http://y/ HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("the authority form", "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("the asterisk", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("two Hosts", "GET /x HTTP/1.1\r\nHost: x\r\nhost: y\r\n\r\n"),
        ("a Host with a path", "GET /x HTTP/1.1\r\nHost: x/y\r\n\r\n"),
        ("a Host with a user", "GET /x HTTP/1.1\r\nHost: a@x\r\n\r\n"),
        ("a GET with a body", "GET /x HTTP/1.1\r\nHost: x\r\nContent-Length: \(hidden.utf8.count)\r\n\r\n"),
        ("a GET with chunks", "GET /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("HTTP/1.0 with chunks", "POST /x HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("HTTP/0.9", "GET /x\r\n"), ("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("a change of protocol", "GET /x HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: close, upgrade\r\n\r\n"),
        ("a version that runs over", "GET /x HTTP/1.99999999999\r\nHost: x\r\n\r\n"),
        ("lower case", "get /x http/1.1\r\nhost: x\r\n\r\n"),
    ].map { Smuggled($0.0, $0.1 + hidden) }

    static let all = codings + lengths + chunks + heads
}

@Suite(.serialized) struct SmugglingTests {
    @Test func whatIsHiddenInARequestIsNeverAnsweredByTheRealServer() throws {
        let ward = try TestHome()
        let (process, http) = try ward.serveProcess()
        #expect(try http.get("/v1/descriptor").text.uppercased().contains(Smuggled.answerOfHidden))
        let before = try ProcessFigures(of: process.pid)
        for attack in Smuggled.all {
            for isCut in [false, true] {
                let client = try #require(RawClient(port: http.port))
                // At once, or so that the daemon sees the hidden request apart.
                let split = isCut ? attack.bytes.count - Smuggled.hidden.utf8.count : attack.bytes.count
                client.send(attack.bytes[..<split])
                if isCut { usleep(2000) }
                client.send(attack.bytes[split...])
                client.end(.halfClosed)
                let answer = client.readToEnd()
                #expect(
                    !answer.text.uppercased().contains(Smuggled.answerOfHidden),
                    "\(attack.testDescription): \(answer.text)")
                // One answer, or one that ends the connection: libmicrohttpd 0.9.75 writes the head of a refusal of its
                // own twice.
                let heads = answer.text.ranges(of: "HTTP/1.1 ")
                if heads.count > 1 {
                    let first = answer.text[..<heads[1].lowerBound]
                    #expect(
                        heads.count == 2 && first.contains("Connection: close")
                            && answer.text[heads[1].lowerBound...]
                                .hasPrefix(first.prefix { $0 != "\r\n" }),
                        "\(attack.testDescription): \(answer.text)")
                }
            }
        }
        #expect(try http.get("/healthz").status == 200)
        #expect(try ProcessFigures.settle(process.pid, to: before))
        process.signal(SIGTERM)
        #expect(process.wait() == ExitCode.ok.rawValue)
    }

    /// What honest clients may send stays allowed.
    @Test(arguments: [
        "Host: x", "Host:x", "Host: x\r\nAccept:", "host: x\r\nA: b\r\nA: c", "Host: [::1]:8440\r\nCookie: a=b; c=d",
        "Host: x\r\nUser-Agent: curl/8.5.0\r\nAccept: */*", "Host: x\r\nA: \t b", "Host: x\r\nA: b ",
    ])
    func anHonestHeadIsAnswered(headers: String) throws {
        let server = try startServer(TestRouter())
        defer { server.stop(drainSeconds: 0) }
        let client = try #require(RawClient(port: server.port))
        for _ in 0..<2 {
            client.send("GET /hello?a=b HTTP/1.1\r\n\(headers)\r\n\r\n")
            #expect(client.readAnswer().body == "hello\n")
        }
    }

    @Test func aChunkedRequestEndsItsConnection() throws {
        let server = try startServer(TestRouter())
        defer { server.stop(drainSeconds: 0) }
        let client = try #require(RawClient(port: server.port))
        client.send(
            "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
                + "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        let answer = client.readToEnd()
        #expect(answer.body == "ok" && answer.header("connection") == "close")
    }
}
