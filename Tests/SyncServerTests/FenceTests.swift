// Every refusal of the fence, over real sockets.
import Glibc
import Testing

@testable import SyncServer

/// A request that must not reach the router.
struct Refused: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let request: String
    /// Empty: closed without a word, which libmicrohttpd does before the fence is asked.
    let statuses: [Int]

    init(_ description: String, _ request: String, _ statuses: Int...) {
        testDescription = description
        self.request = request
        self.statuses = statuses
    }

    static func post(_ description: String, _ headers: String, _ statuses: Int...) -> Refused {
        Refused(description, "POST /echo HTTP/1.1\r\nHost: x\r\n\(headers)\r\n\r\n", statuses)
    }

    private init(_ description: String, _ request: String, _ statuses: [Int]) {
        testDescription = description
        self.request = request
        self.statuses = statuses
    }

    static func target(_ target: String) -> Refused {
        Refused("target \(target.debugDescription)", "GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n", 400)
    }

    static let framing: [Refused] = [
        .post("unknown transfer coding", "Transfer-Encoding: gzip", 400),
        .post("two transfer codings", "Transfer-Encoding: gzip, chunked", 400),
        .post("two transfer coding headers", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400),
        .post("transfer coding in another case", "Transfer-Encoding: Chunked", 400),
        .post("chunked with a length", "Transfer-Encoding: chunked\r\nContent-Length: 3", 400),
        .post("length with chunked", "Content-Length: 3\r\nTransfer-Encoding: chunked", 400),
        .post("the same length twice", "Content-Length: 3\r\nContent-Length: 3", 400),
        .post("two lengths", "Content-Length: 3\r\ncontent-length: 4", 400),
        .post("length with letters", "Content-Length: 3x", 400),
        .post("negative length", "Content-Length: -3", 400),
        .post("signed length", "Content-Length: +3", 400),
        .post("list of lengths", "Content-Length: 3, 3", 400),
        .post("empty length", "Content-Length:", 400),
        .post("length that overflows", "Content-Length: 99999999999999999999999999", 400, 413),
        .post("length of 2^64+3", "Content-Length: 18446744073709551619", 400, 413),
        .post("length beyond the limit", "Content-Length: 100000000", 413),
        Refused("chunked in HTTP/1.0", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        Refused("GET with a body", "GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 400),
    ]

    static let heads: [Refused] = [
        Refused("no Host", "GET /hello HTTP/1.1\r\n\r\n", 400),
        Refused("two Hosts", "GET /hello HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400),
        Refused("empty Host", "GET /hello HTTP/1.1\r\nHost:\r\n\r\n", 400),
        Refused("Host with a space", "GET /hello HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        Refused("header name with a space", "GET /hello HTTP/1.1\r\nHost: x\r\nA b: c\r\n\r\n", 400),
        Refused("header without a colon", "GET /hello HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n", 400),
        Refused("header with a control character", "GET /hello HTTP/1.1\r\nHost: x\r\nA: \u{1}\r\n\r\n", 400),
        .post("unknown expectation", "Expect: miracles\r\nContent-Length: 3", 417),
        Refused("unknown method", "PUT /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 405),
        Refused("method in lower case", "get /hello HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        Refused("CONNECT", "CONNECT /hello HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        Refused("target with a space", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"),
        Refused("HTTP/1.2", "GET /hello HTTP/1.2\r\nHost: x\r\n\r\n", 505),
        Refused("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, 400),
        Refused("HTTP/0.9", "GET /hello\r\n\r\n", 400, 505),
        Refused(
            "large headers",
            "GET /hello HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 20_000))\r\n\r\n", 431),
        Refused(
            "many headers",
            "GET /hello HTTP/1.1\r\nHost: x\r\n\(String(repeating: "A: a\r\n", count: 100))\r\n", 431),
        Refused(
            "headers larger than the daemon's memory",
            "GET /hello HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 100_000))\r\n\r\n", 431, 413),
        Refused(
            "endless target", "GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\nHost: x\r\n\r\n", 414, 431),
    ]

    static let targets: [Refused] = [
        "/a/../b", "/..", "/%2e%2e/b", "/.%2e", "/a%2fb", "/a%2Fb", "/a%5cb", "/a\\b", "/a%00b", "/a\0b", "*", "hello",
        "http://x/hello", "/%zz", "/%4", "/%", "/é", "/%ff", "/a%0d%0aX", "/hello#x",
    ].map(Refused.target)
}

@Suite struct FenceTests {
    @Test(arguments: Refused.framing + Refused.heads + Refused.targets)
    func whatTwoReadersCouldReadDifferentlyIsRefusedAndTheConnectionCloses(_ refused: Refused) throws {
        let router = TestRouter()
        let server = try startServer(router)
        defer { server.stop(drainSeconds: 0) }
        let client = try #require(RawClient(port: server.port))
        client.send(refused.request)
        // A second request behind it, which must never be answered.
        client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        let answer = client.readToEnd()
        #expect(answer.status.map(refused.statuses.contains) ?? refused.statuses.isEmpty, "\(answer.text)")
        #expect(!answer.text.contains("hello\n"))
        #expect(router.record.withLock { $0.heads.isEmpty && $0.released == 0 })
    }

    @Test func whatIsNotARequestGetsNoAnswer() throws {
        let router = TestRouter()
        let server = try startServer(router)
        defer { server.stop(drainSeconds: 0) }
        let client = try #require(RawClient(port: server.port))
        client.send("\u{16}\u{3}\u{1}garbage\r\n\r\n")
        _ = client.readToEnd()
        #expect(router.record.withLock { $0.heads.isEmpty })
    }

    @Test func aHeadIsHandedOnDecodedOnce() throws {
        let router = TestRouter()
        let server = try startServer(router)
        defer { server.stop(drainSeconds: 0) }
        let client = try #require(RawClient(port: server.port))
        client.send("GET /h%C3%A0%20%2541?a=%2F&b HTTP/1.1\r\nHost: x:1\r\nX-Two: 1\r\nx-two: 2\r\n\r\n")
        #expect(client.readAnswer().status == 404)
        let head = try #require(router.record.withLock { $0.heads.first })
        #expect(head.method == "GET")
        #expect(Array(head.path.utf8) == Array("/hà %41".utf8))
        #expect(head.query == "a=%2F&b")
        #expect(head.headers == ["host": "x:1", "x-two": "1"])
        #expect(head.remoteAddress == "127.0.0.1")
        #expect(head.contentLength == nil)
    }

    @Test func randomHeadsNeverTrapTheFence() {
        var random = SeededRandom.fromEnvironment(test: "fence")
        let pieces: [[UInt8]] =
            ["GET", "POST", "HTTP/1.1", "HTTP/1.0", "/", "/a", "..", "%2f", "%", "%e1", "\0", "host"]
            .map { Array($0.utf8) } + [[0xFF], [0x80, 0x0A], Array("content-length".utf8), Array("5".utf8), []]
        let fence = RequestFence(limits: HTTPLimits())
        var accepted = 0
        for _ in 0..<20_000 {
            func text() -> [UInt8] {
                (0..<Int.random(in: 1...2, using: &random)).flatMap { _ in pieces.randomElement(using: &random) ?? [] }
            }
            let raw = RawRequestHead(
                method: Bool.random(using: &random) ? Array("POST".utf8) : text(),
                version: Bool.random(using: &random) ? Array("HTTP/1.1".utf8) : text(),
                target: Array("/".utf8) + text(), targetIsWhole: true, linesAreWhole: true,
                headers: [(Array("Host".utf8), Array("x".utf8))]
                    + (0..<Int.random(in: 0...3, using: &random)).map { _ in (name: text(), value: text()) },
                size: 100)
            guard let head = try? fence.check(raw, remoteAddress: "::1") else { continue }
            accepted += 1
            #expect(head.path.hasPrefix("/") && !head.path.contains("..") && !head.path.utf8.contains(0))
        }
        #expect(accepted > 0)
    }
}

/// SplitMix64, so that a failing run can be repeated: WARDSYNC_SEED takes the printed number.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    static func fromEnvironment(test: String) -> SeededRandom {
        let given = getenv("WARDSYNC_SEED").flatMap { UInt64(String(cString: $0)) }
        let seed = given ?? UInt64.random(in: .min ... .max)
        print("\(test): WARDSYNC_SEED=\(seed)")
        return SeededRandom(seed: seed)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
