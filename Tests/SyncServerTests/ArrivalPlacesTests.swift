// Places for parts of bundles: many slow senders of one address or of several keep no courier out.
import Glibc
import LinkSimulation
import Testing

@testable import SyncKit
@testable import SyncServer

@Suite(.serialized) struct ArrivalPlacesTests {
    private let test: TestHome

    init() throws { test = try TestHome() }

    /// A bundle of one part of about 60 KB.
    private func made() throws -> (id: Digest, file: Bytes) {
        let device = try test.device()
        for number in 0..<6 {
            var draft = reportDraft("Đèn \(number)")
            draft.perform(
                .set(Slot(field: ReportField.description)), .text(Base32.encode(SystemRandomSource().bytes(9000))))
            _ = try device.commit(draft)
        }
        let bundle = try device.exportBundle(fileSize: 1 << 20)
        try #require(bundle.parts.count == 1 && bundle.parts[0].encoded.count > 50_000)
        return (bundle.id, bundle.parts[0].encoded)
    }

    /// Hands a bundle in like a courier who comes again until it was taken.
    /// - Returns: how often it was handed in.
    private func handIn(_ file: Bytes, _ http: TestRequest, tries: Int) throws -> Int {
        for attempt in 1...tries {
            let answer = try #require(http.post("/v1/bundle", file))
            if answer.status == 200 {
                #expect(PartReceipt(decoding: answer.body)?.state == .taken)
                return attempt
            }
            #expect(answer.status == 503)
            if attempt < tries { usleep(100_000) }
        }
        Issue.record("it was never taken")
        return tries
    }

    private func crowd(_ port: UInt16, addresses: Int, _ file: Bytes) -> SlowCrowd {
        let crowd = SlowCrowd(
            port: port, count: 16, addresses: addresses, requests: [SlowCrowd.part(file.prefix(119))])
        crowd.waitFor(16)
        return crowd
    }

    @Test(arguments: [1, 4])
    func sixteenSlowSendersOfFewAddressesKeepNoCourierOutForAMoment(addresses: Int) throws {
        let server = try test.serve(countsLoopback: true)
        defer { server.inlets.close(drainSeconds: 0) }
        let (_, slow) = try made()
        let crowd = crowd(server.port, addresses: addresses, slow)
        defer { _ = crowd.end() }
        for _ in 0..<4 {
            #expect(try handIn(made().file, TestRequest(port: server.port), tries: 1) == 1)
        }
    }

    /// As many addresses as senders, or none that can be told apart: whoever is too slow gives way.
    @Test(arguments: [true, false])
    func slowSendersOfManyAddressesGiveWayAfterTheGrace(countsLoopback: Bool) throws {
        let server = try test.serve(countsLoopback: countsLoopback) { $0.partGraceSeconds = 1 }
        defer { server.inlets.close(drainSeconds: 0) }
        let (_, slow) = try made()
        let crowd = crowd(server.port, addresses: 16, slow)
        defer { _ = crowd.end() }
        for _ in 0..<2 { _ = try handIn(made().file, TestRequest(port: server.port), tries: 200) }
    }

    @Test func whoDoesNotSendTheHeadOfAPartTakesNoPlace() throws {
        let server = try test.serve { $0.partGraceSeconds = 3600 }
        defer { server.inlets.close(drainSeconds: 0) }
        let (_, slow) = try made()
        let crowd = SlowCrowd(port: server.port, count: 16, addresses: 1, requests: [SlowCrowd.part(slow.prefix(20))])
        defer { _ = crowd.end() }
        crowd.waitFor(16)
        // Each says a byte a second: none comes to the end of its head meanwhile.
        #expect(try handIn(made().file, TestRequest(port: server.port), tries: 1) == 1)
    }

    @Test func whoGivesWayIsToldSoLosesNothingOfWhatCameAndGoesOnFromThere() throws {
        let server = try test.serve {
            $0.bundleParts = 1
            $0.partGraceSeconds = 0
            $0.partBytesPerSecond = 1 << 30
        }
        defer { server.inlets.close(drainSeconds: 0) }
        let http = TestRequest(port: server.port)
        let (id, file) = try made()
        func held() throws -> Int {
            let answer = try http.get("/v1/bundle/\(id.hex)")
            return answer.bodyBytes.flatMap { PartReceipt(decoding: $0) }?.held(1) ?? 0
        }
        func waits(for count: Int) throws -> Bool {
            for _ in 0..<400 {
                if try held() == count { return true }
                usleep(25_000)
            }
            return false
        }
        let slow = try #require(RawClient(port: server.port))
        slow.send("POST /v1/bundle HTTP/1.1\r\nHost: x\r\nContent-Length: \(file.count)\r\n\r\n")
        slow.send(file.prefix(40_000))
        // What came is kept each 32 KiB, the rest when the way ends.
        var begun = 0
        for _ in 0..<400 where begun < PartArrival.step {
            begun = try held()
            usleep(10_000)
        }
        #expect(begun >= PartArrival.step)
        #expect(try handIn(made().file, http, tries: 100) >= 1)
        let told = slow.readToEnd()
        #expect(told.status == 503 && told.header("retry-after") != nil)
        #expect(try waits(for: 40_000))
        let rest = try #require(http.post("/v1/bundle/\(id.hex)/1/40000", Bytes(file[40_000...])))
        #expect(rest.status == 200 && PartReceipt(decoding: rest.body)?.state == .taken)
    }

    @Test func placesAreSharedOutByAddressAndByPace() throws {
        var limits = TrafficLimits()
        (limits.bundleParts, limits.partGraceSeconds, limits.partBytesPerSecond) = (3, 10, 1000)
        let places = ArrivalPlaces(limits)
        let ended = Monitor<[String]>([])
        func take(_ name: String, _ origin: UInt64?, _ now: Int64, isWhole: Bool = false) -> ArrivalPlace? {
            let cut = HTTPCut { _ in
                ended.change { $0.append(name) }
                return !isWhole
            }
            return places.take(for: origin, cut, now: now)
        }
        var held: [String: ArrivalPlace] = [:]
        for (name, origin): (String, UInt64) in [("a", 1), ("b", 1), ("c", 2)] { held[name] = take(name, origin, 0) }
        held["b"]?.received(5000, workedMilliseconds: 0, now: 1000)
        // Nobody gives way to an address that has as many, or one fewer.
        #expect(take("-", 1, 1000) == nil && take("-", 2, 1000) == nil && ended.withLock { $0.isEmpty })
        // Of a crowded address the slowest gives way; then each has one, and nobody gives way before the grace is over.
        held["d"] = take("d", 3, 1000, isWhole: true)
        #expect(ended.withLock { $0 } == ["a"] && take("-", 4, 1000) == nil)
        held["a"] = nil
        // The time that the ward itself takes does not count.
        held["c"]?.received(0, workedMilliseconds: 9500, now: 10_000)
        held["d"]?.received(20_000, workedMilliseconds: 0, now: 10_000)
        #expect(take("-", nil, 9999) == nil)
        held["e"] = take("e", nil, 10_000)
        #expect(ended.withLock { $0 } == ["a", "b"])
        held["f"] = take("f", 4, 19_500)
        #expect(ended.withLock { $0 } == ["a", "b", "c"])
        // Who kept the pace begins anew, and a burst of then does not count later.
        held["e"]?.received(90_000, workedMilliseconds: 0, now: 20_000)
        held["e"]?.received(2000, workedMilliseconds: 0, now: 21_000)
        held["f"]?.received(90_000, workedMilliseconds: 0, now: 19_600)
        // The slowest one has become whole meanwhile and stays.
        held["g"] = take("g", nil, 60_000)
        #expect(ended.withLock { $0 } == ["a", "b", "c", "d", "e"] && held["g"] != nil)
        // Those who gave way are still there: no more than twice as many are in memory.
        #expect(take("-", nil, 600_000) == nil)
        held["b"] = nil
        held["h"] = take("h", nil, 600_000)
        #expect(held["h"] != nil)
    }
}
