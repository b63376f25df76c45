// A thousand connections that send a byte now and then, and people who sync meanwhile.
import CommandLineKit
import Glibc
import LinkSimulation
import Testing

@testable import SyncKit
@testable import SyncServer

@Suite(.serialized) struct SlowConnectionTests {
    let ward: TestHome

    init() throws {
        ward = try TestHome()
        // A thousand sockets are more than some systems give a process at first.
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = min(limit.rlim_max, max(limit.rlim_cur, 4096))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// How long people's syncs took, in microseconds, sorted. None may fail.
    private func syncs(_ count: Int, _ http: TestRequest) throws -> [Int64] {
        var times: [Int64] = []
        for number in 0..<count {
            let device = try ward.device()
            _ = try device.commit(reportDraft("Phản ánh \(number)"))
            let began = monotonicMicroseconds()
            #expect(try http.sync(device).accepted == 1)
            times.append(monotonicMicroseconds() - began)
        }
        return times.sorted()
    }

    private func monotonicMicroseconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
    }

    @Test(arguments: [1, 20])
    func aThousandSlowConnectionsKeepNobodyOut(addresses: Int) throws {
        let (process, http) = try ward.serveProcess()
        _ = try syncs(5, http)
        let before = try ProcessFigures(of: process.pid)
        let requests = [SlowCrowd.head, SlowCrowd.sync, SlowCrowd.part(try headOfAPart())]
        // A machine that stalls while the crowd is there gets another try.
        var best = Int64.max
        for _ in 0..<5 where best > 200 {
            let quiet = try syncs(40, http)
            let crowd = SlowCrowd(port: http.port, count: 1000, addresses: addresses, requests: requests)
            // From one address most are sent away at once, and come again.
            crowd.waitFor(addresses == 1 ? 64 : 400)
            let busy = try syncs(40, http)
            let during = try ProcessFigures(of: process.pid)
            let cut = crowd.end().cut
            let (usual, crowded) = (quiet[quiet.count / 2], busy[busy.count / 2])
            best = min(best, crowded * 100 / max(1, usual))
            print(
                "1000 slow connections from \(addresses) addresses: a sync takes \(crowded) µs at the median, without"
                    + " them \(usual) µs; \(cut) cut; \(during)")
            #expect(during.threads < 800 && during.residentKiB - before.residentKiB < ProcessFigures.mostGrowthKiB)
            #expect(try ProcessFigures.settle(process.pid, to: before))
        }
        #expect(best <= 200, "people's syncs take \(best) % of their usual time")
        process.signal(SIGTERM)
        #expect(process.wait() == ExitCode.ok.rawValue)
    }

    private func headOfAPart() throws -> Bytes {
        let device = try ward.device()
        _ = try device.commit(reportDraft("Đèn hỏng"))
        return Bytes(try device.exportBundle(fileSize: 1 << 20).parts[0].encoded.prefix(119))
    }

    /// Heads and bodies that trickle in, all at the same time, end at most a second after their deadline.
    @Test func everyOneOfManySlowConnectionsIsEndedInTime() throws {
        let router = TestRouter()
        let server = try startServer(router) { ($0.headerSeconds, $0.bodySeconds) = (1, 1) }
        defer { server.stop(drainSeconds: 0) }
        let requests = [
            "GET /hello HTTP/1.1\r\nHost: x\r\nA: ", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n",
        ]
        // A machine that stalls meanwhile gets another try.
        var quickest = Int64.max
        for _ in 0..<5 where quickest > 2000 {
            var open: [(client: RawClient, since: Int64)] = []
            for index in 0..<400 {
                let since = monotonicMilliseconds()
                let client = try #require(RawClient(port: server.port, from: "127.0.1.\(index % 20 + 1)"))
                client.send(requests[index % 2])
                open.append((client, since))
            }
            var longest: Int64 = 0
            let end = monotonicMilliseconds() + 30_000
            while !open.isEmpty, monotonicMilliseconds() < end {
                open.removeAll { client, since in
                    let isOver = client.isReadable(milliseconds: 0) || !client.send("a")
                    if isOver { longest = max(longest, monotonicMilliseconds() - since) }
                    return isOver
                }
                usleep(20_000)
            }
            #expect(open.isEmpty)
            quickest = min(quickest, longest)
        }
        #expect(quickest <= 2000, "the longest lived for \(quickest) ms")
    }

    @Test func theMostCrowdedAddressLosesAPlaceToWhoComesFromElsewhere() throws {
        let router = TestRouter()
        let server = try startServer(router) {
            $0.maxConnections = 4
            $0.maxConnectionsPerAddress = 4
        }
        defer { server.stop(drainSeconds: 0) }
        // One at work, one that sends its body, two idle: all from one address.
        func crowded(_ text: String) throws -> RawClient {
            let client = try #require(RawClient(port: server.port, from: "127.0.1.1"))
            client.send(text)
            return client
        }
        let working = try crowded("POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nwork")
        router.waitFor { $0.working >= 100 }
        let sending = try crowded("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
        router.waitFor { $0.heads.count == 2 }
        let idle = try (0..<2).map { _ in
            let client = try crowded("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(client.readAnswer().status == 200)
            return client
        }
        // Each newcomer has a place, as long as the other address has more.
        let others = try (0..<2).map { number in
            let client = try #require(RawClient(port: server.port, from: "127.0.2.1"))
            client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(client.readAnswer().status == 200)
            #expect(idle[number].read() == nil)
            return client
        }
        let third = try #require(RawClient(port: server.port, from: "127.0.2.1"))
        third.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(third.readToEnd().status == 503)
        sending.send("cd")
        #expect(sending.readAnswer().body == "abcd")
        router.openGate()
        #expect(working.readAnswer().body == "work")
        for client in others {
            client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(client.readAnswer().status == 200)
        }
    }
}
