// A device that was away for a year, and the ward went on: nothing comes back that went, and little travels.

import LinkSimulation
import Testing

@testable import SyncKit

@Suite struct LongAbsenceTests {
    private static let day: Int64 = 86_400

    private func edit(_ replica: Replica, _ report: Digest, _ category: String) throws -> Saved {
        try replica.commit(ColdStartTests.edit(report, category), checksEarly: false)
    }

    private func move(_ replica: Replica, _ report: Digest, to area: String) throws {
        var draft = ChangeSetDraft(kind: .report, document: report)
        draft.perform(.set(Slot(field: ReportField.area)), .text(area))
        _ = try replica.commit(draft)
    }

    private func file(_ replica: Replica, _ number: Int, _ area: String) throws -> Digest {
        var draft = FieldScenarioTests.report(area)
        draft.perform(.set(Slot(field: ReportField.title)), .text("Việc \(number)"))
        // Nobody writes the same twice: what a report says does not compress away beside the others.
        let text = Base32.encode(SeededRandomSource(seed: UInt64(number)).bytes(120))
        draft.perform(.set(Slot(field: ReportField.description)), .text(text))
        return try replica.commit(draft).document
    }

    /// A volunteer of the one neighborhood, whose grant ends after half a year.
    private func volunteer(_ world: OrderTests.World, _ seed: UInt64, validDays: Int64) throws -> Replica {
        let replica = try world.ward.device(seed)
        try world.ward.service.withCore { core in
            try core.admit(
                Grant(
                    device: replica.device, sealingKey: replica.sealingKey.publicKey, role: .volunteer,
                    areas: ["06685.03"], validFrom: 0,
                    validUntil: validDays == 0 ? 0 : world.ward.time.nowSeconds() + validDays * Self.day, name: "Hoa"))
        }
        return replica
    }

    private func backUp(_ world: OrderTests.World) throws {
        try world.ward.service.withCore { (core: WardCore) throws(StoreError) in try core.noteBackup(upTo: core.size) }
    }

    private func agree(_ world: OrderTests.World, _ replica: Replica, _ ids: [Digest]) throws {
        for id in ids {
            let right = try world.ward.service.withCore { (core: WardCore) throws(StoreError) in
                try core.documentState(id)
            }
            #expect(try replica.document(id)?.accepted?.hash == right?.hash && right != nil)
        }
        let wanted = try world.ward.service.withCore { core in try core.status(area: "06685.03").areaHash }
        #expect(try replica.stateHash(.area("06685.03")).hash == wanted)
    }

    @Test(arguments: [false, true])
    func whoComesBackAfterAYearBringsNothingBackAndIsSentOnlyWhatChanged(isRenewedBefore: Bool) throws {
        let world = try OrderTests.World(seed: 88)
        let (lan, mai, minh) = (world.lan, world.mai, world.minh)
        let officer = try world.ward.device(880, role: .officer, areas: ["06685"], name: "Cán bộ")
        let hoa = try volunteer(world, 881, validDays: 180)
        let old = try (0..<200).map { try file(lan, $0, "06685.03") }
        let others = try (200..<205).map { try file(minh, $0, "06685.04") }
        let secret = "Bí mật của bà Hoa"
        let bad = try lan.commit(OrderTests.comment(old[0], secret))
        try world.sync(lan, minh, mai, hoa)
        #expect(try hoa.document(old[0]) != nil && hoa.document(others[0]) == nil)
        // The last that she does before she goes: one on a report that stays, one on a report that will be elsewhere.
        let work = [try edit(hoa, old[1], "road"), try edit(hoa, old[10], "tree")]

        // The ward's year: new reports, moves both ways, an erasure, backups.
        world.ward.time.advance(seconds: 60 * Self.day)
        var new: [Digest] = []
        for month in 0..<10 {
            for number in 0..<3 { new.append(try file(lan, 1000 + month * 3 + number, "06685.03")) }
            _ = try edit(lan, old[20 + month], "power")
            try world.sync(lan, officer)
            try move(officer, old[10 + month], to: "06685.04")
            if month < others.count { try move(officer, others[month], to: "06685.03") }
            try world.sync(officer)
            world.ward.time.advance(seconds: 30 * Self.day)
        }
        try world.sync(mai)
        try world.give(Order(.erase, bad.dot, id: world.id(mai, bad), reason: "Có tên người khác"), by: mai)
        try backUp(world)
        world.ward.time.advance(seconds: 5 * Self.day)

        // What her store can do without goes, as after every sync of a phone.
        _ = try hoa.compact()
        var order = Order(.extend, hoa.device, reason: "Về lại tổ")
        order.until = world.ward.time.nowSeconds() + 365 * Self.day
        var extended = isRenewedBefore ? try world.give(order, by: mai) : .zero
        let first = try world.ward.sync(hoa)
        if !isRenewedBefore {
            // The grant ran out: her work is held and says why, and nothing of it counts.
            for saved in work { #expect(try world.verdict(hoa, saved) == (.held, .grantExpired)) }
            let held = try world.ward.service.withCore { (core: WardCore) throws(StoreError) in
                try core.documentState(old[1])?.text(ReportField.category)
            }
            #expect(held == "lighting")
            extended = try world.give(order, by: mai)
        }
        let second = try world.ward.sync(hoa)
        let idle = try world.ward.sync(hoa)
        #expect(try hoa.grant()?.validUntil == order.until && hoa.pendingCount() == 0)
        #expect(try world.verdict(hoa, work[0]) == (.accepted, nil))
        // The report is no longer in her area: what she wrote is told to be refused, and does not count there.
        #expect(try world.verdict(hoa, work[1]) == (.refused, .outsideArea))
        let elsewhere = try world.ward.service.withCore { (core: WardCore) throws(StoreError) in
            try core.documentState(old[10])
        }
        #expect(elsewhere?.text(ReportField.area) == "06685.04" && elsewhere?.text(ReportField.category) == "lighting")
        #expect(try hoa.document(old[1])?.accepted?.text(ReportField.category) == "road")

        // Nothing that went is there again, with her or at the ward.
        let here = Array(old[..<10] + old[20...]) + others + new
        try agree(world, hoa, here)
        for id in old[10..<20] { #expect(try hoa.document(id) == nil) }
        #expect(try !ErasingTests.holds(hoa.database, secret))
        let comments = try #require(try hoa.document(old[0])?.accepted).entries(ReportField.comments)
        #expect(comments.map(\.value.isEmpty) == [true])
        #expect(try hoa.unsoundDocuments().isEmpty && hoa.logEvidence() == nil)
        try world.sync(lan, officer)
        try agree(world, lan, here)

        // What it cost, beside a new device with the same scope.
        let cold = try volunteer(world, 882, validDays: 0)
        let start = try world.ward.sync(cold)
        try agree(world, cold, here)
        let down = first.bytesDown + second.bytesDown
        print(
            "after a year: \(down) B down for \(first.documents.count) + \(second.documents.count) documents,",
            "\(first.bytesUp + second.bytesUp) B up; a cold start: \(start.bytesDown) B for \(start.documents.count);",
            "idle: \(idle.bytesUp + idle.bytesDown) B")
        // New, edited, come from elsewhere, emptied, what she did herself, and the order about her: nothing else.
        let changed = Set(new + old[20..<30] + others + [old[0], old[1], old[10], extended])
        let beyond = first.documents.union(second.documents).subtracting(changed)
        #expect(beyond.isEmpty)
        #expect(down * 2 < start.bytesDown)
        #expect(idle.rounds == 1 && idle.documents.isEmpty && idle.bytesUp + idle.bytesDown <= 300)
    }
}
