// Bodies, answers, limits and deadlines of the server, over real sockets.
import Glibc
import Testing

@testable import SyncKit
@testable import SyncServer

@Suite struct ServerTests {
    let router = TestRouter()

    private func client(_ server: HTTPServer) throws -> RawClient { try #require(RawClient(port: server.port)) }

    @Test func twoRequestsShareAConnection() throws {
        let server = try startServer(router)
        defer { server.stop(drainSeconds: 0) }
        let client = try client(server)
        client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        let first = client.readAnswer()
        #expect(first.status == 200 && first.body == "hello\n")
        #expect(first.header("x-test") == "yes")
        #expect(first.header("x-bad") == nil && first.header("evil") == nil)
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nagain")
        #expect(client.readAnswer().body == "again")
        client.send("HEAD /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        let last = client.readToEnd()
        #expect(last.status == 200 && last.body.isEmpty)
    }

    @Test func aChunkedUploadArrivesWholeHoweverItIsCut() throws {
        let server = try startServer(router)
        defer { server.stop(drainSeconds: 0) }
        let body = (0..<200_000).map { UInt8(ascii: "a") + UInt8($0 % 26) }
        let client = try client(server)
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        var rest = body[...]
        var size = 1
        while !rest.isEmpty {
            let part = rest.prefix(size)
            client.send("\(String(part.count, radix: 16))\r\n")
            client.send(part)
            client.send("\r\n")
            rest = rest.dropFirst(part.count)
            size = size * 3 + 1
        }
        client.send("0\r\n\r\n")
        let answer = client.readAnswer()
        #expect(answer.status == 200)
        #expect(Array(answer.body.utf8) == body)
        #expect(router.record.withLock { $0.heads.first?.contentLength == nil && $0.finished == 1 })
    }

    @Test func anAnswerIsStreamedInChunks() throws {
        let server = try startServer(router)
        defer { server.stop(drainSeconds: 0) }
        let client = try client(server)
        client.send("GET /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        let answer = client.readToEnd()
        #expect(answer.header("transfer-encoding") == "chunked")
        #expect(answer.body.utf8.filter { $0 == UInt8(ascii: "x") }.count == 100_000)
        #expect(answer.body.hasSuffix("0\r\n\r\n"))
    }

    @Test func aRouterThatWantsNoBodyStillKeepsTheConnection() throws {
        let server = try startServer(router)
        defer { server.stop(drainSeconds: 0) }
        let client = try client(server)
        client.send("POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody")
        #expect(client.readAnswer().status == 401)
        client.send("POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody")
        #expect(client.readAnswer().status == 403)
        #expect(router.record.withLock { $0.finished == 0 })
        client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(client.readAnswer().status == 200)
    }

    @Test func whoAsksBeforeSendingIsAnsweredBeforeSending() throws {
        let server = try startServer(router)
        defer { server.stop(drainSeconds: 0) }
        let asking = try client(server)
        asking.send("POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n")
        #expect(asking.readToEnd().status == 401)
        let welcome = try client(server)
        welcome.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        let go = try #require(welcome.read())
        #expect(String(decoding: go, as: UTF8.self).hasPrefix("HTTP/1.1 100 Continue"))
        welcome.send("ok")
        #expect(welcome.readAnswer().body == "ok")
    }

    @Test(arguments: [200, 100_000])
    func aChunkedBodyBeyondTheLimitIsRefused(excess: Int) throws {
        let server = try startServer(router) {
            $0.maxBodyBytes = 1000
            $0.discardBytes = 5000
        }
        defer { server.stop(drainSeconds: 0) }
        let client = try client(server)
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        var sent = 0
        while sent < 1000 + excess, client.send("64\r\n" + String(repeating: "b", count: 100) + "\r\n") { sent += 100 }
        client.send("0\r\n\r\n")
        #expect(client.readAnswer().status == 413)
        #expect(router.record.withLock { $0.finished == 0 })
    }

    @Test func aClientThatGoesAwayInTheMiddleReleasesItsExchange() throws {
        let server = try startServer(router)
        defer { server.stop(drainSeconds: 0) }
        do {
            let client = try client(server)
            client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
            router.waitFor { $0.working > 0 }
        }
        router.waitFor { $0.released == 1 }
        #expect(router.record.withLock { $0.finished == 0 })
    }

    @Test func headersThatTrickleInAreCutByTheClock() throws {
        let server = try startServer(router) { $0.headerSeconds = 1 }
        defer { server.stop(drainSeconds: 0) }
        try expectInTime(1) {
            let client = try client(server)
            client.send("GET /hello HTTP/1.1\r\nHost: x\r\nA: ")
            while !client.isReadable(milliseconds: 50), client.send("a") {}
            #expect(client.readToEnd().bytes.isEmpty)
        }
        #expect(router.record.withLock { $0.heads.isEmpty })
    }

    /// What waits for a deadline ends at most a second after it; a machine that stalls meanwhile gets another try.
    private func expectInTime(_ deadline: Int64, _ body: () throws -> Void) throws {
        var quickest = Int64.max
        for _ in 0..<5 where quickest > (deadline + 1) * 1000 {
            let began = monotonicMilliseconds()
            try body()
            quickest = min(quickest, monotonicMilliseconds() - began)
        }
        #expect(quickest <= (deadline + 1) * 1000)
    }

    @Test func aBodyThatTricklesInIsCutByTheClock() throws {
        let server = try startServer(router) { $0.bodySeconds = 1 }
        defer { server.stop(drainSeconds: 0) }
        var tries = 0
        try expectInTime(1) {
            let client = try client(server)
            client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
            while !client.isReadable(milliseconds: 50), client.send("a") {}
            #expect(client.readToEnd().status == 408)
            tries += 1
        }
        router.waitFor { $0.released == tries }
        #expect(router.record.withLock { $0.finished == 0 })
    }

    @Test func anAnswerThatNeverEndsIsCutByTheClock() throws {
        let server = try startServer(router) { $0.responseSeconds = 1 }
        defer { server.stop(drainSeconds: 0) }
        let client = try client(server)
        client.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        var last: [UInt8] = []
        while let more = client.read() { last = more }
        #expect(!last.isEmpty && !String(decoding: last, as: UTF8.self).hasSuffix("0\r\n\r\n"))
    }

    @Test func workInTheRouterHasNoDeadline() throws {
        let server = try startServer(router) {
            $0.headerSeconds = 1
            $0.bodySeconds = 1
            $0.responseSeconds = 1
        }
        defer { server.stop(drainSeconds: 0) }
        let client = try client(server)
        client.send("POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nwork")
        router.waitFor { $0.working >= 100 }
        #expect(!client.isReadable(milliseconds: 2500))
        router.openGate()
        #expect(client.readAnswer().body == "work")
    }

    @Test(arguments: [true, false])
    func beyondTheLimitOfConnectionsTheNextIsToldToComeBack(perAddress: Bool) throws {
        let server = try startServer(router) {
            if perAddress { $0.maxConnectionsPerAddress = 2 } else { $0.maxConnections = 2 }
            $0.retryAfterSeconds = 7
        }
        defer { server.stop(drainSeconds: 0) }
        var first: RawClient? = try client(server)
        let second = try client(server)
        for one in [first, second] {
            one?.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(one?.readAnswer().status == 200)
        }
        let third = try client(server)
        third.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        let answer = third.readToEnd()
        #expect(answer.status == (perAddress ? 429 : 503))
        #expect(answer.header("retry-after") == "7")
        first = nil
        var status: Int?
        while status != 200 {
            let later = try client(server)
            later.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            status = later.readToEnd().status
        }
        second.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(second.readAnswer().status == 200)
    }

    @Test func aServerStartsOnlyWhereItMay() throws {
        func start(_ address: String, port: UInt16 = 0) -> HTTPServerError? {
            do throws(HTTPServerError) {
                let server = HTTPServer(address: address, port: port, limits: HTTPLimits(), router: router)
                try server.start()
                server.stop(drainSeconds: 0)
                return nil
            } catch {
                return error
            }
        }
        #expect(start("0.0.0.0") == .plaintextRefused(address: "0.0.0.0"))
        #expect(start("::") == .plaintextRefused(address: "::"))
        #expect(start("localhost") == .badAddress("localhost"))
        #expect(start("127.0.0.2") == nil)
        let server = try startServer(router)
        defer { server.stop(drainSeconds: 0) }
        #expect(start("127.0.0.1", port: server.port) == .socketFailed(call: "bind", code: EADDRINUSE))
        #expect(throws: HTTPServerError.alreadyStarted) { try server.start() }
        let open = try startServer(router) { $0.allowPlaintext = true }
        open.stop(drainSeconds: 0)
    }
}
