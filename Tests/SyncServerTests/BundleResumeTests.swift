// Parts of bundles that go on where they broke off, over real sockets; and what hostile hands make of that.
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite(.serialized) struct BundleResumeTests {
    private let test: TestHome
    private let server: WardServer
    private var http: TestRequest { TestRequest(port: server.port) }

    init() throws {
        test = try TestHome()
        server = try test.serve()
    }

    /// A bundle of one part of about 200 KB.
    private func made(_ home: TestHome? = nil) throws -> (id: Digest, file: Bytes) {
        let device = try (home ?? test).device()
        for number in 0..<20 {
            var draft = reportDraft("Đèn \(number)")
            draft.perform(
                .set(Slot(field: ReportField.description)),
                .text(Base32.encode(SystemRandomSource().bytes(9000))))
            _ = try device.commit(draft)
        }
        let bundle = try device.exportBundle(fileSize: 1 << 20)
        try #require(bundle.parts.count == 1)
        return (bundle.id, bundle.parts[0].encoded)
    }

    private func standing(_ id: Digest) throws -> PartReceipt? {
        let answer = try http.get("/v1/bundle/\(id.hex)")
        if answer.status == 404 { return nil }
        return PartReceipt(decoding: try #require(answer.bodyBytes))
    }

    private func post(_ path: String, _ body: some Sequence<UInt8>) throws -> (status: Int, receipt: PartReceipt?) {
        let answer = try #require(http.post(path, Bytes(body)))
        return (answer.status, PartReceipt(decoding: answer.body))
    }

    /// Sends the first bytes of a body and goes away.
    private func breakOff(_ path: String, _ body: some Collection<UInt8>, of length: Int, _ way: RawEnd) throws {
        let client = try #require(RawClient(port: server.port))
        client.send("POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n")
        client.send(body)
        client.end(way)
        _ = client.readToEnd()
    }

    /// What the ward keeps, once it is so much.
    private func waits(_ id: Digest, for held: Int) throws -> Int {
        for _ in 0..<400 {
            if let found = try standing(id)?.held(1), found >= held { return found }
            usleep(25_000)
        }
        return try standing(id)?.held(1) ?? 0
    }

    @Test func aPartThatBreaksOffGoesOnFromTheByteThatTheWardNames() throws {
        let (id, file) = try made()
        #expect(try standing(id) == nil)
        try breakOff("/v1/bundle", file[..<100_001], of: file.count, .inOrder)
        #expect(try waits(id, for: 100_001) == 100_001)
        let first = try #require(try standing(id))
        #expect(first.state == .waiting && first.missing == [1] && first.returnParts == 0)
        // The rest breaks too, in its third byte.
        let path = "/v1/bundle/\(id.hex)/1/"
        try breakOff(path + "100001", file[100_001..<100_004], of: file.count - 100_001, .halfClosed)
        #expect(try waits(id, for: 100_004) == 100_004)
        // From earlier on is good too, from later on is not.
        #expect(try post(path + "100005", file[100_005...]).receipt?.state == .anew)
        #expect(try standing(id)?.held(1) == 100_004)
        let whole = try post(path + "99000", file[99_000...])
        #expect(whole.status == 200 && whole.receipt?.state == .taken && (whole.receipt?.returnParts ?? 0) > 0)
        let taken = try #require(try standing(id))
        #expect(taken.state == .taken && taken.begun == [] && taken.returnParts == whole.receipt?.returnParts)
        #expect(try test.ask(.bundles)["bundles"].elements.count == 1)
        // Whatever comes of it now changes nothing.
        #expect(try post(path + "5", file[5...]).receipt?.state == .anew)
        #expect(try post("/v1/bundle", file).receipt?.state == .taken)
        try breakOff("/v1/bundle", file[..<50_000], of: file.count, .inOrder)
        #expect(try standing(id) == taken)
    }

    @Test func aWholeBundleThatTheWardHadNoTimeForIsTakenWithNothingMoreOfIt() throws {
        let test = try TestHome()
        let (id, file) = try made(test)
        do {
            let busy = try test.serve { $0.queueLength = 0 }
            defer { busy.inlets.close(drainSeconds: 0) }
            #expect(TestRequest(port: busy.port).post("/v1/bundle", file)?.status == 503)
        }
        let later = try test.serve()
        let http = TestRequest(port: later.port)
        let answer = try #require(http.post("/v1/bundle/\(id.hex)/1/\(file.count)", []))
        #expect(answer.status == 200 && PartReceipt(decoding: answer.body)?.state == .taken)
    }

    /// Two couriers bring a part each, and the ward has no time for the one that made the bundle whole: whoever asks about
    /// it next makes the ward try again, be it the other courier or one whose part is not the last.
    @Test(arguments: [1, 2, nil]) func aWholeBundleOfTwoCouriersIsTakenWhoeverComesBack(part: Int?) throws {
        let test = try TestHome()
        let device = try test.device()
        for number in 0..<20 {
            var draft = reportDraft("Đèn \(number)")
            draft.perform(
                .set(Slot(field: ReportField.description)), .text(Base32.encode(SystemRandomSource().bytes(9000))))
            _ = try device.commit(draft)
        }
        let bundle = try device.exportBundle(fileSize: 160 * 1024)
        try #require(bundle.parts.count == 2)
        let (id, files) = (bundle.id, bundle.parts.map(\.encoded))
        do {
            let busy = try test.serve { $0.queueLength = 0 }
            defer { busy.inlets.close(drainSeconds: 0) }
            let http = TestRequest(port: busy.port)
            #expect(http.post("/v1/bundle", files[1])?.status == 200)
            #expect(http.post("/v1/bundle", files[0])?.status == 503)
            // Both are there, and either of them may be the one that is handed in with nothing more of it.
            let asked = try #require(try http.get("/v1/bundle/\(id.hex)").bodyBytes)
            let standing = try #require(PartReceipt(decoding: asked))
            #expect(standing.state == .waiting && standing.missing == [1, 2])
            #expect(standing.held(1) == files[0].count && standing.held(2) == files[1].count)
        }
        let later = try test.serve()
        let http = TestRequest(port: later.port)
        if let part {
            let answer = try #require(http.post("/v1/bundle/\(id.hex)/\(part)/\(files[part - 1].count)", []))
            #expect(answer.status == 200 && PartReceipt(decoding: answer.body)?.state == .taken)
        }
        #expect(try http.get("/v1/bundle/\(id.hex)/1").status == 200)
        let taken = try #require(try http.get("/v1/bundle/\(id.hex)").bodyBytes)
        #expect(PartReceipt(decoding: taken)?.state == .taken)
    }

    @Test func aReturnIsFetchedFromAnyByteOn() throws {
        let (id, file) = try made()
        #expect(try post("/v1/bundle", file).receipt?.state == .taken)
        let whole = try #require(try http.get("/v1/bundle/\(id.hex)/1").bodyBytes)
        for offset in [0, 1, 118, 119, whole.count - 1, whole.count] {
            let rest = try http.get("/v1/bundle/\(id.hex)/1/\(offset)")
            #expect(rest.status == 200 && rest.bodyBytes == Bytes(whole[offset...]), "\(offset)")
        }
        for tail in ["1/\(whole.count + 1)", "1/-1", "1/x", "1/", "1/99999999999999999999", "0/0", "5000/0", "1/0/0"] {
            #expect(try http.get("/v1/bundle/\(id.hex)/\(tail)").status == 404, "\(tail)")
        }
    }

    @Test func aBeginningThatWasDamagedIsThrownAwayAndAskedForAgain() throws {
        let (id, file) = try made()
        var damaged = file
        damaged[70_000] ^= 1
        try breakOff("/v1/bundle", damaged[..<90_000], of: file.count, .inOrder)
        #expect(try waits(id, for: 90_000) == 90_000)
        #expect(try post("/v1/bundle/\(id.hex)/1/90000", file[90_000...]).receipt?.state == .anew)
        #expect(try standing(id) == nil)
        #expect(try post("/v1/bundle", file).receipt?.state == .taken)
    }

    @Test func whatAWholePartBringsNeedsNoBeginningAndNobodySpoilsIt() throws {
        let (id, file) = try made()
        // Somebody who knows the name puts something else there.
        try breakOff("/v1/bundle", file[..<119] + Bytes(repeating: 0, count: 60_000), of: file.count, .inOrder)
        #expect(try waits(id, for: 60_119) == 60_119)
        #expect(try post("/v1/bundle", file).receipt?.state == .taken)
        // Or sends garbage under the name of what somebody began.
        let (other, good) = try made()
        try breakOff("/v1/bundle", good[..<60_000], of: good.count, .inOrder)
        #expect(try waits(other, for: 60_000) == 60_000)
        #expect(try post("/v1/bundle", good[..<119] + Bytes(repeating: 0, count: good.count - 119)).status == 400)
        #expect(try standing(other)?.held(1) == 60_000)
    }

    @Test func whatIsNoPartOfThisWardIsRefusedByItsHeadAndNothingOfItIsKept() throws {
        let (id, file) = try made()
        let stranger = try TestHome().device()
        _ = try stranger.commit(reportDraft("Đèn"))
        let strange = try stranger.exportBundle(fileSize: 1 << 20)
        let head = strange.parts[0].encoded[..<119]
        let client = try #require(RawClient(port: server.port))
        client.send("POST /v1/bundle HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\nConnection: close\r\n\r\n")
        client.send(head)
        usleep(50_000)
        client.send(Bytes(repeating: 0, count: 200_000 - head.count))
        #expect(client.readToEnd().status == 409)
        #expect(try standing(strange.id) == nil)
        // More than the head says is refused before it is all there, and forgotten.
        #expect(try post("/v1/bundle", file + Bytes(repeating: 0, count: 90_000)).status == 400)
        #expect(try standing(id) == nil)
        // Fewer: the body ends where the part does not.
        #expect(try post("/v1/bundle", file[..<90_000]).status == 400)
        #expect(try standing(id) == nil)
        for path in ["x/1/5", "\(id.hex)/0/5", "\(id.hex)/1", "\(id.hex)/1/-5", "\(id.hex)/1/3000000", "\(id.hex)"] {
            #expect(try #require(http.post("/v1/bundle/" + path, [1])).status == 405, "\(path)")
        }
        #expect(try post("/v1/bundle/\(id.hex)/1/5", file[5...]).receipt?.state == .anew)
        #expect(try test.ask(.bundles)["bundles"].elements.isEmpty)
        #expect(try post("/v1/bundle", file).receipt?.state == .taken)
    }
}
