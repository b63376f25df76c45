// Bundles by chance: parts and returns in any order, repeated, lost, given to the wrong people, with direct syncs and
// reports that move in and out of areas in between. In the end every replica is what the ward says.

import Testing

@testable import SyncKit

@Suite struct BundleChanceTests {
    private struct World {
        let ward: TestWard
        let officer: Replica
        let people: [Replica]
        var reports: [Digest] = []
        var coming: [BundlePart] = []
        var going: [(device: Int, part: BundlePart)] = []
        var owners: [Digest: Int] = [:]
        var applied = 0
        var passedOver = 0

        init(seed: UInt64) throws {
            ward = try TestWard(seed: seed)
            officer = try ward.device(90, role: .officer, areas: ["06685"])
            people = [
                try ward.device(91, role: .volunteer, areas: ["06685.03"]),
                try ward.device(92, role: .lead, areas: ["06685.03"]),
                try ward.device(93),
            ]
        }

        mutating func file(_ device: Int, area: String) throws {
            var draft = ChangeSetDraft(kind: .report)
            draft.perform(.set(Slot(field: ReportField.title)), .text("Việc số \(reports.count)"))
            draft.perform(.set(Slot(field: ReportField.area)), .text(area))
            reports.append(try people[device].commit(draft).document)
        }

        mutating func move(_ report: Digest, to area: String) throws {
            try ward.sync(officer)
            guard try officer.document(report) != nil else { return }
            var draft = ChangeSetDraft(kind: .report, document: report)
            draft.perform(.set(Slot(field: ReportField.area)), .text(area))
            _ = try officer.commit(draft)
            try ward.sync(officer)
        }

        mutating func export(_ device: Int) throws -> [BundlePart] {
            let parts = try people[device].exportBundle(fileSize: 4096).parts
            if let id = parts.first?.head.id { owners[id] = device }
            return parts
        }

        /// - Returns: the parts of the return, where the bundle was whole.
        mutating func bring(_ part: BundlePart) throws -> [BundlePart] {
            guard case .taken(let result) = try ward.service.take(part) else { return [] }
            #expect(result.refusal == nil && result.need == 0)
            guard let id = result.returned else { return [] }
            return try (1...result.parts).map { number in
                let bytes = try ward.service.withCore { core in try core.shelf.part(id, number) }
                return try BundlePart(decoding: try #require(bytes))
            }
        }

        mutating func give(_ part: BundlePart, to device: Int) throws {
            guard case .answered(let outcome) = try people[device].take(part) else { return }
            switch outcome.result {
            case .applied: applied += 1
            case .passedOver: passedOver += 1
            default: Issue.record("\(outcome.result)")
            }
        }

        mutating func step(_ chance: inout SeededChance) throws {
            ward.time.advance(seconds: 30)
            let device = chance.below(people.count)
            switch chance.below(20) {
            case 0..<5: try file(device, area: device == 2 && chance.below(2) == 0 ? "06685.04" : "06685.03")
            case 5..<8: coming += try export(device)
            case 8..<13:
                guard !coming.isEmpty else { return }
                let place = chance.below(coming.count)
                let part = coming[place]
                if chance.below(3) > 0 { coming.remove(at: place) }
                guard let owner = owners[part.head.id] else { return }
                going += try bring(part).map { (owner, $0) }
            case 13..<17:
                guard !going.isEmpty else { return }
                let place = chance.below(going.count)
                let item = going[place]
                if chance.below(3) > 0 { going.remove(at: place) }
                try give(item.part, to: chance.below(8) == 0 ? device : item.device)
            case 17: try ward.sync(people[device])
            default:
                guard !reports.isEmpty else { return }
                try move(reports[chance.below(reports.count)], to: chance.below(2) == 0 ? "06685.03" : "06685.04")
            }
        }

        /// What of the ward's reports a device has otherwise.
        func explain(_ device: Int) throws {
            let states = try ward.service.withCore { core in try core.stateHashes() }
            for (number, id) in reports.enumerated() {
                let held = try people[device].document(id)
                guard held?.accepted?.hash != states[id] else { continue }
                let mine = try people.firstIndex { try $0.isOwn(held?.state.creation.device ?? $0.device) } ?? -1
                print(
                    "report \(number): at the ward \(states[id] != nil), here \(held != nil),",
                    "accepted \(held?.accepted != nil), by \(mine)")
            }
        }

        /// One bundle after the other, until nothing waits and the device is where the ward is.
        mutating func settle(_ device: Int) throws {
            for _ in 0..<8 {
                let head = ward.service.withCore { $0.size }
                if try people[device].pendingCount() == 0, try people[device].seen().position.index == head { return }
                for part in try export(device) {
                    for back in try bring(part) { try give(back, to: device) }
                }
            }
            Issue.record("device \(device) does not settle")
        }
    }

    @Test func bundlesInAnyOrderWithRepetitionsAndLossesLeaveNoHole() throws {
        var chance = SeededChance("bundles by chance")
        var (applied, passedOver) = (0, 0)
        for round in 0..<25 {
            var world = try World(seed: UInt64(1000 + round))
            for _ in 0..<120 { try world.step(&chance) }
            // Twice: what one of them still had to say is news to the others.
            for device in [0, 1, 2, 0, 1, 2] { try world.settle(device) }
            let wanted = try world.ward.service.withCore { core in try core.status(area: "06685.03").areaHash }
            for device in 0..<2 {
                let replica = world.people[device]
                #expect(try replica.stateHash(.area("06685.03")).hash == wanted, "round \(round), device \(device)")
                if try replica.stateHash(.area("06685.03")).hash != wanted { try world.explain(device) }
            }
            for replica in world.people {
                #expect(try replica.unsoundDocuments().isEmpty && replica.logEvidence() == nil)
                let before = try replica.stateHash(.own(replica.device)).hash
                try world.ward.sync(replica)
                #expect(try replica.stateHash(.own(replica.device)).hash == before, "round \(round)")
                #expect(try replica.pendingCount() == 0)
            }
            applied += world.applied
            passedOver += world.passedOver
        }
        print("returns applied: \(applied), passed over: \(passedOver)")
        #expect(applied > 100 && passedOver > 10)
    }
}
