// Stopping: what is being done gets done, what comes is refused, nothing is cut in the middle.
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite struct StopTests {
    let router = TestRouter()
    let stopped = Monitor(false)

    private func stopInBackground(_ server: HTTPServer, drainSeconds: Int) {
        let stopped = stopped
        #expect(
            startThread {
                server.stop(drainSeconds: drainSeconds)
                stopped.change { $0 = true }
            })
    }

    private func slowRequest(_ server: HTTPServer) throws -> RawClient {
        let client = try #require(RawClient(port: server.port))
        client.send("POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nwork")
        router.waitFor { $0.working >= 100 }
        return client
    }

    private func waitUntilNobodyListens(_ port: UInt16) {
        while RawClient(port: port) != nil { usleep(1000) }
    }

    private func waitUntilStopped() { stopped.loop { $0 ? .done(()) : .wait } }

    @Test(arguments: [30, 0])
    func aRequestInTheRouterFinishesAndIsAnswered(drainSeconds: Int) throws {
        let server = try startServer(router)
        let port = server.port
        let client = try slowRequest(server)
        stopInBackground(server, drainSeconds: drainSeconds)
        waitUntilNobodyListens(port)
        #expect(stopped.withLock { !$0 })
        router.openGate()
        let answer = client.readToEnd()
        #expect(answer.status == 200 && answer.body == "work")
        #expect(answer.header("connection") == "close")
        waitUntilStopped()
        #expect(router.record.withLock { $0.finished == 1 && $0.released == 1 })
    }

    @Test func aBodyThatArrivesWithinTheDrainIsTaken() throws {
        let server = try startServer(router)
        let port = server.port
        let client = try #require(RawClient(port: port))
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nhalf")
        router.waitFor { $0.working > 0 }
        stopInBackground(server, drainSeconds: 30)
        waitUntilNobodyListens(port)
        client.send("-end")
        #expect(client.readToEnd().body == "half-end")
        waitUntilStopped()
    }

    @Test func aBodyThatDoesNotIsRefusedCleanly() throws {
        let server = try startServer(router)
        let client = try #require(RawClient(port: server.port))
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nhalf")
        router.waitFor { $0.working > 0 }
        server.stop(drainSeconds: 0)
        let answer = client.readToEnd()
        #expect(answer.status == 503)
        #expect(answer.header("connection") == "close" && answer.header("retry-after") != nil)
        #expect(router.record.withLock { $0.finished == 0 && $0.released == 1 })
    }

    @Test func aNewRequestOnAnOpenConnectionIsRefused() throws {
        let server = try startServer(router)
        let port = server.port
        let idle = try #require(RawClient(port: port))
        idle.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(idle.readAnswer().status == 200)
        let slow = try slowRequest(server)
        stopInBackground(server, drainSeconds: 30)
        waitUntilNobodyListens(port)
        idle.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        let answer = idle.readToEnd()
        // Closed without a word when the request came after the moment that idle connections get.
        #expect(answer.status == 503 || answer.bytes.isEmpty)
        #expect(router.record.withLock { $0.heads.count == 2 })
        router.openGate()
        #expect(slow.readToEnd().status == 200)
        waitUntilStopped()
    }

    @Test func idleConnectionsDoNotHoldUpAStop() throws {
        let server = try startServer(router)
        let silent = try #require(RawClient(port: server.port))
        let halfway = try #require(RawClient(port: server.port))
        halfway.send("GET /hello HT")
        server.stop(drainSeconds: 3600)
        #expect(silent.readToEnd().bytes.isEmpty && halfway.readToEnd().bytes.isEmpty)
        server.stop(drainSeconds: 0)
    }

    @Test func whatTheRouterFinishedUnderLoadWasAnswered() throws {
        let server = try startServer(router)
        let port = server.port
        let tally = Monitor((answered: 0, running: 16))
        let request = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
        for _ in 0..<16 {
            let started = startThread {
                while let client = RawClient(port: port) {
                    while client.send(request) {
                        let answer = client.readAnswer()
                        guard answer.status == 200, answer.body == "hello" else { break }
                        tally.change { $0.answered += 1 }
                    }
                }
                tally.change { $0.running -= 1 }
            }
            #expect(started)
        }
        tally.loop { $0.answered > 500 ? .done(()) : .wait }
        server.stop(drainSeconds: 30)
        tally.loop { $0.running == 0 ? .done(()) : .wait }
        let finished = router.record.withLock { $0.finished }
        #expect(tally.withLock { $0.answered } == finished)
    }

    @Test func aSignalStopsOnce() {
        let signal = StopSignal(signals: [SIGUSR1])
        let seen = Monitor<[Int32]>([])
        #expect(signal.onSignal { number in seen.change { $0.append(number) } })
        let thread = signal.waiter.loop { $0.map { .done($0) } ?? .wait }
        // To the thread and not to the process: other threads of the test run do not block it.
        #expect(pthread_kill(thread, SIGUSR1) == 0)
        #expect(signal.waitUntilStopped() == SIGUSR1)
        #expect(seen.withLock { $0 } == [SIGUSR1])
    }

    @Test func theLogIsOneSafeLineForEachEvent() {
        let line = Log.line(
            "sync", ["status": .int(200), .reason: .text("a\"b\\c\n\u{202E}đ"), .tls: .bool(true), "nmae": .int(1)],
            atUnixSeconds: 1_769_850_300)
        #expect(
            String(decoding: line, as: UTF8.self)
                == "{\"at\":\"2026-01-31T09:05:00Z\",\"event\":\"sync\",\"status\":200,"
                + "\"reason\":\"a\\\"b\\\\c\\u000a\\u202e\\u0111\",\"tls\":true,\"unknown\":1}\n")
        let long = Log.line("x", [.reason: .text(String(repeating: "a", count: 10_000))], atUnixSeconds: 0)
        #expect(long.count < 400)
    }
}
