// The restore drill: 10,000 change sets of 50 devices, a backup from half way, and everybody comes back in any order.

import Glibc
import Testing

@testable import SyncKit

@Suite struct RestoreDrillTests {
    /// What a device was told counts, and how it was decided.
    private struct Ledger {
        var receipts: [Digest: [Dot]] = [:]
        /// For each task the holder, for each report its state and its newest step, as the ward had them.
        var holders: [Digest: Dot] = [:]
        var steps: [Digest: (state: UInt8, dot: Dot)] = [:]
        var links: [Digest: Bytes] = [:]
    }

    private final class Drill {
        let ward: TestWard
        let folder: RestoreFolder
        var chance = SeededChance("restore drill")
        var team: [Replica] = []
        var residents: [Replica] = []
        var officers: [Replica] = []
        /// Gives orders, and does nothing else.
        let admin: Replica
        var tasks: [Digest] = []
        var reports: [Digest] = []
        var made = 0

        init() throws {
            folder = try RestoreFolder()
            ward = try TestWard(seed: 77, scheme: SimulatedScheme(), path: folder.path + "/ward.db")
            admin = try ward.device(400, role: .admin, areas: ["06685"], name: "admin")
            for number in 0..<36 {
                let area = "06685.0\(1 + number % 9)"
                team.append(try ward.device(UInt64(100 + number), role: .volunteer, areas: [area], name: "\(number)"))
            }
            for number in 0..<4 {
                officers.append(
                    try ward.device(UInt64(200 + number), role: .officer, areas: ["06685"], name: "o\(number)"))
            }
            for number in 0..<10 { residents.append(try ward.device(UInt64(300 + number))) }
            for replica in everyone + [admin] { try ward.sync(replica) }
        }

        var everyone: [Replica] { officers + team + residents }

        /// An order that the admin's device signs, and that the ward has carried out.
        func give(_ order: Order) throws -> Digest {
            let id = try admin.commit(order.draft).document
            try ward.sync(admin)
            #expect(try status(id) == .done)
            return id
        }

        func status(_ id: Digest) throws -> OrderStatus? { try admin.orders().first { $0.id == id }?.status }

        func grant(_ device: Replica) -> WardCore.GrantRecord? {
            ward.service.withCore { core in core.grants[device.device]?.last }
        }

        func area() -> String { "06685.0\(1 + chance.below(9))" }

        func pick<Item>(_ items: [Item]) -> Item? { items.isEmpty ? nil : items[chance.below(items.count)] }

        /// Something that the device's person does now, where there is anything to do.
        func act(_ replica: Replica) throws {
            let role = try replica.actor().role
            do {
                switch chance.below(10) {
                case 0, 1:
                    reports.append(try replica.commit(FieldScenarioTests.report(area())).document)
                case 2 where role == .officer:
                    var task = ChangeSetDraft(kind: .task)
                    task.perform(.set(Slot(field: TaskField.title)), .text("Thăm hộ \(made)"))
                    task.perform(.set(Slot(field: TaskField.area)), .text(area()))
                    tasks.append(try replica.commit(task).document)
                case 3, 4:
                    guard let task = pick(tasks), role == .volunteer, try replica.document(task) != nil else { return }
                    _ = try replica.commit(RestoreTests.claim(task))
                case 5 where role == .officer:
                    guard let report = pick(reports), let view = try replica.document(report) else { return }
                    let next: [UInt8] = [2, 3, 4, 6, 9]
                    guard WorkflowRules.step(.report, from: view.state.present.state, to: next[chance.below(5)]) != nil
                    else { return }
                    _ = try replica.commit(RestoreTests.step(.report, report, next[chance.below(5)], by: replica))
                case 6 where role == .officer:
                    guard let report = pick(reports), let other = pick(reports), report != other,
                        try replica.document(report) != nil, try replica.document(other) != nil
                    else { return }
                    var draft = ChangeSetDraft(kind: .report, document: report)
                    draft.perform(.link(Slot(field: ReportField.duplicateOf), target: other))
                    _ = try replica.commit(draft)
                default:
                    guard let report = pick(reports), try replica.document(report) != nil else { return }
                    _ = try replica.commit(RestoreTests.comment(report, "Ý kiến \(made)"))
                }
                made += 1
            } catch let error as ReplicaError {
                guard case .refused = error.reason else { throw error }
            }
        }

        func work(until count: Int) throws {
            while made < count {
                guard let replica = pick(everyone) else { return }
                for _ in 0..<(1 + chance.below(12)) { try act(replica) }
                ward.time.advance(seconds: Int64(chance.below(40)))
                if chance.below(3) > 0 { try ward.sync(replica) }
            }
        }

        func ledger() throws -> Ledger {
            var ledger = Ledger()
            for replica in everyone {
                let own = try replica.tables.deviceNumber(replica.device)
                let chain = try replica.tables.changes(device: own, from: 1, limit: 100_000)
                for stored in chain where stored.verdict == .accepted {
                    ledger.receipts[stored.change.document, default: []].append(stored.change.dot)
                }
            }
            let states = try ward.service.withCore { (core: WardCore) throws(StoreError) in try core.snapshotStates() }
            for state in states {
                if let holder = state.holder(TaskField.claimant), state.kind == .task {
                    ledger.holders[state.id] = holder.dot
                }
                if state.kind == .report {
                    ledger.steps[state.id] = state.present
                    ledger.links[state.id] = state.link(ReportField.duplicateOf)?.value
                }
            }
            return ledger
        }
    }

    @Test func whatHadAReceiptStandsWhoeverComesBackFirst() throws {
        let drill = try Drill()
        try drill.work(until: 5_000)
        let extended = drill.team[0]
        try drill.ward.sync(drill.admin)
        var order = Order(.grant, extended.device, reason: "Thử việc")
        (order.role, order.areas) = (.volunteer, ["06685.01"])
        order.until = drill.ward.time.nowSeconds() + 30 * 86_400
        _ = try drill.give(order)
        try drill.ward.copy(to: drill.folder.path + "/copy.db")
        // From here on the backup knows nothing: a resident joins the team, somebody whom it never saw, one stays longer,
        // one goes, all by orders that an admin's device signed.
        let stranger = try drill.ward.device(500)
        try drill.ward.sync(stranger)
        drill.residents.append(stranger)
        try drill.ward.sync(drill.admin)
        let joined = [drill.residents[0], stranger]
        var orders: [Digest] = []
        for (number, device) in joined.enumerated() {
            order = Order(.grant, device.device, reason: "Vào tổ")
            (order.role, order.areas, order.name, order.until) = (.volunteer, ["06685.02"], "joined \(number)", 0)
            orders.append(try drill.give(order))
            try drill.ward.sync(device)
            #expect(try device.grant()?.role == .volunteer)
        }
        let end = drill.ward.time.nowSeconds() + 365 * 86_400
        order = Order(.extend, extended.device, reason: "Làm tiếp")
        order.until = end
        orders.append(try drill.give(order))
        try drill.work(until: 8_000)
        let gone = drill.team[34]
        orders.append(try drill.give(Order(.revoke, gone.device, reason: "Mất máy")))
        let goneCut = try #require(drill.grant(gone)?.revokedAfter)
        try drill.work(until: 10_000)
        let revoked = try #require(drill.team.last)
        for officer in drill.officers { try drill.ward.sync(officer) }
        let cut = try revoked.chain().sequence
        try drill.ward.service.withCore { (core: WardCore) throws(StoreError) in
            try core.revoke(revoked.device, after: cut)
        }
        for officer in drill.officers { try drill.ward.sync(officer) }
        // Some never sync again before the disk dies; what they wrote since has no receipt.
        let before = try drill.ledger()
        try drill.ward.restore(from: drill.folder.path + "/copy.db")

        // New claims and steps come in before the old ones were pushed again.
        let early = Array(drill.everyone.shuffled(using: &drill.chance).prefix(12))
        for replica in early {
            for _ in 0..<10 { try drill.act(replica) }
            try drill.ward.sync(replica)
        }
        for _ in 0..<4 {
            for replica in (drill.everyone + [drill.admin]).shuffled(using: &drill.chance) {
                try drill.ward.sync(replica)
            }
        }

        let after = try drill.ledger()
        try RestoreTests.agree(
            drill.ward, drill.everyone.filter { ![revoked.device, gone.device].contains($0.device) })
        #expect(before.receipts.values.joined().count > 8_000)
        for (document, dots) in before.receipts {
            let kept = Set(after.receipts[document] ?? [])
            #expect(dots.allSatisfy(kept.contains))
        }
        var checked = (holders: 0, steps: 0, links: 0)
        let states = try drill.ward.service.withCore { (core: WardCore) throws(StoreError) in
            try core.snapshotStates()
        }
        let byID = Dictionary(states.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for (task, holder) in before.holders {
            let state = try #require(byID[task])
            #expect(state.holder(TaskField.claimant)?.dot == holder)
            checked.holders += 1
        }
        for (report, step) in before.steps {
            let state = try #require(byID[report])
            // A decided step still counts; what came afterwards follows it.
            if step.dot != state.creation { #expect(state.countedSteps.contains { $0.dot == step.dot }) }
            checked.steps += 1
        }
        for (report, target) in before.links {
            #expect(byID[report]?.link(ReportField.duplicateOf)?.value == target)
            checked.links += 1
        }
        #expect(checked.holders > 20 && checked.steps > 500 && checked.links > 5)
        let isRevoked = drill.ward.service.withCore { core in core.grants[revoked.device]?.last?.revokedAfter }
        #expect(isRevoked == cut)

        // Every order stands again, with what it did, and the devices know.
        for id in orders { #expect(try drill.status(id) == .done) }
        for (number, device) in joined.enumerated() {
            let record = try #require(drill.grant(device))
            #expect(record.grant.role == .volunteer && record.grant.name == "joined \(number)")
            #expect(record.revokedAfter == nil)
            #expect(try device.grant()?.role == .volunteer)
        }
        #expect(drill.grant(extended)?.grant.validUntil == end)
        #expect(try extended.grant()?.validUntil == end)
        #expect(drill.grant(gone)?.revokedAfter == goneCut)
        #expect(try gone.isRevoked())
        // What they write now is decided by it.
        let decided: [(Replica, String, StoredVerdict)] = [
            (stranger, "06685.02", .accepted), (extended, "06685.01", .accepted), (gone, "06685.08", .held),
        ]
        for (device, area, verdict) in decided {
            let saved = try device.commit(FieldScenarioTests.report(area), checksEarly: false)
            try drill.ward.sync(device)
            let own = try device.tables.deviceNumber(device.device)
            #expect(try device.tables.change(device: own, sequence: saved.dot.sequence)?.verdict == verdict, "\(area)")
        }
    }
}
