// Answers that end before everything was said, and go on with the next request.

import Testing

@testable import SyncKit

@Suite struct LongAnswerTests {
    @Test func aDeviceGetsInSeveralAnswersWhatOneWouldNotHold() throws {
        let ward = try TestWard()
        let officer = try ward.device(1, role: .officer, areas: ["06685"])
        for number in 0..<600 { _ = try officer.commit(FieldScenarioTests.report("06685.0\(1 + number % 9)")) }
        try ward.sync(officer)
        ward.service.withCore { core in core.answerLimit = 30_000 }
        let lan = try ward.device(2, role: .volunteer, areas: ["06685.03"])
        let binh = try ward.device(3, role: .officer, areas: ["06685"])
        #expect(try ward.sync(lan).rounds == 1)
        let report = try ward.sync(binh)
        #expect(report.rounds > 1 && report.documents.count == 600)
        #expect(try binh.count(.report) == 600)
        #expect(try binh.stateHash(.area("06685")).hash == officer.stateHash(.area("06685")).hash)
        #expect(try ward.sync(binh).rounds == 1)

        // The same for documents that come into the scope of a device that has its place in the log.
        let grant = Grant(
            device: lan.device, sealingKey: lan.sealingKey.publicKey, role: .volunteer, areas: ["06685"], validFrom: 0,
            validUntil: 0, name: "Lan")
        try ward.service.withCore { core in try core.admit(grant) }
        #expect(try ward.sync(lan).rounds > 1)
        #expect(try lan.stateHash(.area("06685")).hash == officer.stateHash(.area("06685")).hash)
    }

    /// A server breaks off an answer that takes five minutes: on a slow link each one ends in order before that.
    @Test func onASlowLinkAnAnswerEndsBeforeTheServerBreaksItOff() throws {
        let ward = try TestWard()
        let officer = try ward.device(1, role: .officer, areas: ["06685"])
        for number in 0..<1200 { _ = try officer.commit(FieldScenarioTests.report("06685.0\(1 + number % 9)")) }
        try ward.sync(officer)
        let binh = try ward.device(3, role: .officer, areas: ["06685"])
        var client = SyncClient(binh)
        // Each frame of an answer takes 50 seconds.
        var transport = FrameTransport(ward: ward) { ward.time.advance(seconds: 50) }
        try client.run(&transport)
        #expect(client.report.rounds > 1 && client.report.documents.count == 1200)
        #expect(transport.longest >= 150 && transport.longest < 300, "\(transport.longest) seconds")
        #expect(try binh.stateHash(.area("06685")).hash == officer.stateHash(.area("06685")).hash)
    }
}
