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
        let quiet = try syncs(40, http)
        let crowd = SlowCrowd(port: http.port, count: 1000, addresses: addresses)
        // From one address most are sent away at once, and come again.
        crowd.waitFor(addresses == 1 ? 64 : 400)
        let busy = try syncs(40, http)
        let during = try ProcessFigures(of: process.pid)
        let (cut, longest) = crowd.end()
        func ratio(_ share: Int) -> String {
            let tenths = busy[busy.count * share / 100] * 10 / max(1, quiet[quiet.count * share / 100])
            return "\(tenths / 10).\(tenths % 10)"
        }
        print(
            "1000 slow connections from \(addresses) addresses: syncs take \(ratio(50)) × the usual time at the median,"
                + " \(ratio(90)) × at the 90th percentile (\(quiet[20]) and \(busy[20]) µs); \(cut) cut, the longest after"
                + " \(longest) ms; \(during)")
        #expect(during.threads < 800 && during.residentKiB - before.residentKiB < ProcessFigures.mostGrowthKiB)
        #expect(try ProcessFigures.settle(process.pid, to: before))
        process.signal(SIGTERM)
        #expect(process.wait() == ExitCode.ok.rawValue)
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
