// Who sees whom: cards of a team reach those who read its areas, when something changed, and nobody else.

import Testing

@testable import SyncKit

@Suite struct TeamTests {
    private func names(_ replica: Replica) throws -> [String] { try replica.members().map(\.name).sorted() }

    @Test func aLeadKnowsTheTeamOfTheAreaBeforeAnybodyWroteAnything() throws {
        let ward = try TestWard()
        let lead = try ward.device(101, role: .lead, areas: ["06685.03"], name: "Tâm")
        let lan = try ward.device(102, role: .volunteer, areas: ["06685.03"], name: "Lan")
        _ = try ward.device(103, role: .volunteer, areas: ["06685.04"], name: "Xa")
        _ = try ward.device(104, role: .officer, areas: ["06685"], name: "Bình")
        let resident = try ward.device(105)
        for replica in [lead, lan, resident] { try ward.sync(replica) }
        #expect(try names(lead) == ["Bình", "Lan", "Tâm"])
        #expect(try names(lan) == ["Bình", "Lan", "Tâm"])
        #expect(try names(resident).isEmpty)
        let member = try #require(try lead.members().first { $0.name == "Lan" })
        #expect(member.device == lan.device && member.areas == ["06685.03"] && member.role == .volunteer)
    }

    @Test func somebodyWhoComesMovesOrIsRevokedIsToldAtTheNextSync() throws {
        let ward = try TestWard()
        let lead = try ward.device(111, role: .lead, areas: ["06685.03"], name: "Tâm")
        try ward.sync(lead)
        #expect(try names(lead) == ["Tâm"])
        let lan = try ward.device(112, role: .volunteer, areas: ["06685.03"], name: "Lan")
        try ward.sync(lead)
        #expect(try names(lead) == ["Lan", "Tâm"])
        func grant(_ areas: [String]) throws {
            let grant = Grant(
                device: lan.device, sealingKey: lan.sealingKey.publicKey, role: .volunteer, areas: areas,
                validFrom: 0, validUntil: 0, name: "Lan")
            try ward.service.withCore { core in try core.admit(grant) }
        }
        try grant(["06685.04"])
        try ward.sync(lead)
        #expect(try lead.members().first { $0.name == "Lan" }?.areas == ["06685.04"])
        try grant(["06685.03"])
        try ward.sync(lead)
        #expect(try lead.members().first { $0.name == "Lan" }?.areas == ["06685.03"])
        try ward.service.withCore { core in try core.revoke(lan.device, after: 0) }
        try ward.sync(lead)
        #expect(try names(lead) == ["Tâm"])
        #expect(try lead.person(lan.device).name == "Lan")
    }

    @Test func aBigTeamArrivesOverSeveralFramesAndAnIdleSyncBringsNobody() throws {
        let ward = try TestWard()
        let officer = try ward.device(121, role: .officer, areas: ["06685"], name: "Bình")
        for number in 0..<450 {
            let key = SigningKey.generate(random: SeededRandomSource(seed: UInt64(9000 + number)))
            let grant = Grant(
                device: DeviceID(key.publicKey), sealingKey: officer.sealingKey.publicKey, role: .volunteer,
                areas: ["06685.03"], validFrom: 0, validUntil: 0, name: "Người \(number)")
            try ward.service.withCore { core in try core.admit(grant) }
        }
        _ = try officer.commit(FieldScenarioTests.report("06685.03"))
        try ward.sync(officer)
        #expect(try officer.members().count == 451)
        let idle = try ward.sync(officer)
        #expect(idle.rounds == 1 && idle.bytesDown < 300)
        _ = try ward.device(122, role: .lead, areas: ["06685.03"], name: "Tâm")
        try ward.sync(officer)
        #expect(try officer.members().count == 452)
    }
}
