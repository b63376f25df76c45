// Devices against a ward that is really served: joining, syncing, being cut, being refused.
import Glibc
import SyncKit
import Testing

@testable import SyncServer

@Suite struct WardServingTests {
    let ward: TestHome
    let server: WardServer
    let http: TestRequest

    init() throws {
        ward = try TestHome()
        server = try ward.serve()
        http = TestRequest(port: server.port)
    }

    private func invite(_ role: Role, _ area: String, _ name: String) throws -> String {
        let reply = try ward.ask(.invite(role: role, areas: [area], name: name, expiresDays: 7, validDays: 30))
        return try #require(reply["code"].string)
    }

    private func stop() { server.inlets.close(drainSeconds: 0) }

    @Test func aVolunteerJoinsWithTheCodeAndSeesWhatAResidentReported() throws {
        defer { stop() }
        let lan = try ward.device()
        let resident = try ward.device()
        let code = try invite(.volunteer, "06685.03", "Lan")
        let joined = try http.join(lan, code: code)
        #expect(joined.status == 200)
        let grant = try #require(
            Grant(verifying: joined.body, ward: lan.ward, keys: lan.descriptor.signingKeys, scheme: Ed25519Scheme()))
        #expect(grant.device == lan.device && grant.role == .volunteer && grant.name == "Lan")
        #expect(try http.join(lan, code: code).status == 200)
        let other = try http.join(resident, code: code)
        #expect(other.status == 409 && refusal(other.body)?.code == .invitationUsed)
        let wrong = try http.join(resident, code: code.dropLast(4) + "0000")
        #expect(wrong.status == 403 && refusal(wrong.body)?.code == .invitationUnknown)

        let report = try resident.commit(reportDraft("Đèn đường hỏng")).document
        #expect(try http.sync(resident).accepted == 1)
        try http.sync(lan)
        #expect(try lan.grant()?.role == .volunteer)
        #expect(try lan.document(report)?.state.text(ReportField.title) == "Đèn đường hỏng")
        var edit = ChangeSetDraft(kind: .report, document: report)
        edit.perform(.set(Slot(field: ReportField.category)), .text("power"))
        _ = try lan.commit(edit)
        try http.sync(lan)
        try http.sync(resident)
        let hashes = [lan, resident].map { try? $0.document(report)?.accepted?.hash }
        #expect(hashes[0] != nil && hashes[0] == hashes[1])
        let status = try ward.ask(.status(area: "06685.03"))
        let combined = StateHash.combine([(report, try #require(hashes[0] ?? nil))])
        #expect(status["area_state"]["hash"].string == combined.hex)
        #expect(status["documents"]["report"].integer == 1)
    }

    @Test func anIdleSyncTakesFewerThan300Bytes() throws {
        defer { stop() }
        let lan = try ward.device()
        _ = try http.join(lan, code: try invite(.volunteer, "06685.03", "Lan"))
        _ = try lan.commit(reportDraft("Rác chưa thu gom"))
        try http.sync(lan)
        try http.sync(lan)
        let idle = try http.sync(lan)
        print("idle sync: \(idle.bytesUp) up + \(idle.bytesDown) down = \(idle.bytesUp + idle.bytesDown) bytes")
        #expect(idle.rounds == 1 && idle.bytesUp + idle.bytesDown <= 300)
    }

    @Test func anAnswerOfManyFramesArrivesWhole() throws {
        defer { stop() }
        let file = try ward.directory.write("p.ndjson", ImportTests.procedures(120, bytes: 3000).utf8)
        #expect(try ward.run(.procedures, file).new == 120)
        let lan = try ward.device()
        let report = try http.sync(lan)
        #expect(report.documents.count == 120)
        #expect(try lan.count(.procedure) == 120)
    }

    @Test func anUploadThatIsCutKeepsTheFramesThatCameWhole() throws {
        defer { stop() }
        let device = try ward.device()
        for number in 0..<600 { _ = try device.commit(reportDraft("Phản ánh \(number)")) }
        let request = try device.prepareRequest()
        let client = try #require(RawClient(port: server.port))
        client.send("POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: \(request.body.count)\r\n\r\n")
        client.send(request.body.dropLast(40))
        // What came whole is decided while the rest is still on its way.
        let service = server.service
        while service.withCore({ core in core.size }) < 250 { usleep(1000) }
        shutdown(client.descriptor, Int32(SHUT_RDWR))
        try device.noteInterrupted(true)
        let report = try http.sync(device)
        #expect(try device.pendingCount() == 0)
        #expect(report.accepted == 600 && report.sent < 600)
        #expect(try ward.ask(.status(area: nil))["documents"]["report"].integer == 600)
    }

    @Test func everyRefusalHasAStatusOfItsOwnKindAndSaysWhy() throws {
        defer { stop() }
        let device = try ward.device()
        let garbage = try #require(http.post("/v1/sync", Bytes("hello, ward".utf8)))
        #expect(garbage.status == 400 && refusal(garbage.body) != nil && garbage.type == syncMediaType)
        let empty = try #require(http.post("/v1/sync", []))
        #expect(empty.status == 400 && refusal(empty.body)?.code == .malformed)
        var body = try device.prepareRequest().body
        let fine = try #require(http.post("/v1/sync", body))
        #expect(fine.status == 200)
        let again = try #require(http.post("/v1/sync", body))
        #expect(again.status == 409 && refusal(again.body)?.code == .staleRequest)
        body = try device.prepareRequest().body
        body[body.count - 1] ^= 1
        let forged = try #require(http.post("/v1/sync", body))
        #expect(forged.status == 401 && refusal(forged.body)?.code == .badSignature)
        let elsewhere = try #require(http.post("/v1/sync", try TestHome().device().prepareRequest().body))
        #expect(elsewhere.status == 409 && refusal(elsewhere.body)?.code == .otherWard)
        let long = try #require(http.post("/v1/join", Bytes(repeating: 0x41, count: 5000)))
        #expect(long.status == 400 && refusal(long.body)?.code == .tooLarge)
        for code in SyncRefusal.Code.allCases {
            #expect([400, 401, 403, 409, 429, 503].contains(code.httpStatus))
        }
    }

    @Test func theRestOfThePathsAnswerInTheirForms() throws {
        defer { stop() }
        let health = try http.get("/healthz")
        #expect(health.status == 200 && health.header("content-type") == "application/json")
        #expect(health.body == "{\"status\":\"ok\",\"epoch\":0,\"size\":1,\"version\":\"\(wardSyncVersion)\"}")
        #expect(try http.get("/v1/descriptor").body == ward.home.readDescriptor().text + "\n")
        #expect(try http.get("/v1/sync").status == 405)
        #expect(try http.get("/v1/sync").header("allow") == "POST")
        #expect(try http.get("/else").status == 404)
        #expect(http.post("/healthz", [])?.status == 405)
    }

    @Test func afterAFaultOfTheStoreNobodyIsAnsweredAndHealthSaysSo() throws {
        defer { stop() }
        let device = try ward.device()
        try http.sync(device)
        server.service.note(StoreError(.full))
        #expect(try http.get("/healthz").status == 200)
        server.service.note(StoreError(.io, "a disk that is gone"))
        let refused = try #require(http.post("/v1/sync", try device.prepareRequest().body))
        #expect(refused.status == 503 && refusal(refused.body)?.code == .storeFault)
        let health = try http.get("/healthz")
        #expect(health.status == 503 && health.body.contains("store-fault"))
        #expect(throws: ControlFailure(.store, "io")) { try ward.ask(.held) }
    }

    @Test func aFrameThatNamesStrangersOrImpossibleNumbersHarmsNothing() throws {
        defer { stop() }
        let device = try ward.device()
        let head = try device.prepareRequest().body
        var chance = ServerChance("hostile frames")
        for _ in 0..<40 {
            var frame = Bytes((0..<chance.below(300)).map { _ in UInt8(truncatingIfNeeded: chance.next()) })
            frame = Block(.frame, frame).encoded
            _ = http.post("/v1/sync", head + frame)
        }
        #expect(try http.get("/healthz").status == 200)
    }

    private func refusal(_ body: Bytes) -> SyncRefusal? {
        var reader = BlockReader()
        reader.append(body)
        guard let block = try? reader.next(), block.kind == .refusal else { return nil }
        return SyncRefusal(decoding: block.payload)
    }
}

/// Seeded chance; WARDSYNC_SEED plays a run again.
struct ServerChance {
    private var state: UInt64

    init(_ name: String) {
        let seed = getenv("WARDSYNC_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: .min ... .max)
        print("\(name): WARDSYNC_SEED=\(seed)")
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func below(_ bound: Int) -> Int { Int(next() >> 33) % bound }
}
