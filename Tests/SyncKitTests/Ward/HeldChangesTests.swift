// What is held waits for something: when that is there it is decided like one that comes then, and gains nothing by having
// waited.

import Testing

@testable import SyncKit

@Suite struct HeldChangesTests: RestoredCopies {
    let stores: CopiedStores
    private let folder: RestoreFolder
    private let officer: Replica

    init() throws {
        stores = try CopiedStores(seed: 55)
        folder = try RestoreFolder()
        officer = try stores.device(role: .officer, areas: ["06685"], name: "Bình")
    }

    private func change(of replica: Replica, _ saved: Saved) throws -> ChangeSet {
        let number = try #require(try replica.tables.knownDeviceNumber(replica.device))
        return try #require(try replica.tables.change(device: number, sequence: saved.dot.sequence)).change
    }

    /// Somebody who found an admin's phone gives an order as of a part of the log that a restore took away, and sees to it
    /// that nobody shows the ward that part before the phone is revoked.
    @Test func anOrderThatWaitedIsNotCarriedOutOnceItsDeviceWasRevoked() throws {
        let admin = try stores.device(role: .admin, areas: ["06685"], name: "Mai")
        let finder = try stores.device(role: .resident)
        for replica in [admin, finder, officer] { try stores.ward.sync(replica) }
        try stores.ward.copy(to: folder.path + "/copy.db")
        _ = try stores.file(officer, "Đèn hỏng")
        for _ in 0..<2 { for replica in [officer, admin] { try stores.ward.sync(replica) } }
        try #require(try admin.seen() == officer.seen())

        try stores.ward.restore(from: folder.path + "/copy.db")
        var order = Order(.grant, finder.device, reason: "Tôi đây")
        (order.role, order.areas, order.name) = (.admin, ["06685"], "Mai")
        let given = try admin.commit(order.draft)
        let sent = try change(of: admin, given)
        _ = try core { core throws(StoreError) in try core.receive([sent], from: admin.device) }
        #expect(try verdict(on: given.dot)?.code == .unknownPosition)
        _ = try core { core throws(StoreError) in
            try core.order(Order(.revoke, admin.device, reason: "Mất điện thoại"))
        }
        try stores.ward.sync(officer)
        let held = try #require(try verdict(on: given.dot))
        #expect(held.verdict == .held && held.code == .revoked)
        #expect(try core { core in core.grants[finder.device]?.last?.grant.role } == .resident)
    }

    /// What one of two orders says holds for the next, also where both waited for the same.
    @Test func ofTwoAdminsWhoseOrdersWaitedTheFirstOneStands() throws {
        let admins = try ["Mai", "Hùng"].map { name in
            try stores.device(role: .admin, areas: ["06685"], name: name)
        }
        for replica in admins + [officer] { try stores.ward.sync(replica) }
        try stores.ward.copy(to: folder.path + "/copy.db")
        _ = try stores.file(officer, "Đèn hỏng")
        for _ in 0..<2 { for replica in [officer] + admins { try stores.ward.sync(replica) } }
        try #require(try admins.allSatisfy { try $0.seen() == officer.seen() })
        try stores.ward.restore(from: folder.path + "/copy.db")
        var given: [Dot] = []
        for (admin, other) in [(admins[1], admins[0]), (admins[0], admins[1])] {
            let order = try admin.commit(Order(.revoke, other.device, reason: "Tôi trước").draft)
            let sent = try change(of: admin, order)
            _ = try core { core throws(StoreError) in try core.receive([sent], from: admin.device) }
            #expect(try verdict(on: order.dot)?.code == .unknownPosition)
            given.append(order.dot)
        }
        try stores.ward.sync(officer)
        #expect(try verdict(on: given[0])?.verdict == .accepted)
        let held = try #require(try verdict(on: given[1]))
        #expect(held.verdict == .held && held.code == .revoked)
    }

    /// Who names what is not there yet lets it wait on purpose: with a clock that was put back it does not count from
    /// before what its author did then.
    @Test func whatWaitedCountsFromNoEarlierThanWhatItsAuthorDidBefore() throws {
        let key = SigningKey.generate(random: SeededRandomSource(seed: 9))
        let device = DeviceID(key.publicKey)
        let grant = Grant(
            device: device, sealingKey: Blake2b.hash([9]), role: .volunteer, areas: ["06685"], validFrom: 0,
            validUntil: 0, name: "Lan")
        try core { core throws(StoreError) in try core.admit(grant) }
        let lamp = try stores.file(officer, "Đèn hỏng").document
        let now = stores.ward.time.nowSeconds()
        let first = ChangeSetDraft(kind: .report).filled("Ổ gà")
        var second = ChangeSetDraft(kind: .report, document: lamp)
        second.perform(.append(Slot(field: ReportField.comments)), .text("Hôm qua tôi đã báo"))
        var (link, sent) = (ChainLink.start, [ChangeSet]())
        for (draft, time) in [(first, now), (second, now - 86_400)] {
            let change = try draft.signed(
                by: key, ward: stores.ward.keys.ward, after: link, time: HybridTime(seconds: time, counter: 0),
                seen: SeenMark(position: .start, root: MerkleTree().root.prefix8),
                salt: Bytes(repeating: 7, count: ChangeSetLimits.saltLength), scheme: stores.ward.scheme)
            sent.append(change)
            link = ChainLink(sequence: change.header.sequence, id: change.id)
        }
        let all = sent
        stores.ward.time.advance(seconds: 60)
        _ = try core { core throws(StoreError) in try core.receive(all, from: device) }
        #expect(try verdict(on: all[1].dot)?.code == .missingDocument)
        try stores.ward.sync(officer)
        let counted = try core { core throws(StoreError) in
            let number = try core.tables.knownDeviceNumber(device) ?? 0
            return try all.map { change throws(StoreError) in
                try core.tables.change(device: number, sequence: change.header.sequence)
            }
        }
        #expect(counted.allSatisfy { $0?.verdict == .accepted })
        let times = counted.compactMap { $0?.effective.seconds }
        #expect(times == [now, now])
    }

    @Test func whatNamesTooMuchWaitsForAPerson() throws {
        var (few, many) = (ChangeSetDraft(kind: .report), ChangeSetDraft(kind: .report))
        let targets = (0..<9).map { Blake2b.hash([UInt8($0)]) }
        for target in targets.prefix(8) { few.perform(.link(Slot(field: ReportField.duplicateOf), target: target)) }
        for target in targets { many.perform(.link(Slot(field: ReportField.duplicateOf), target: target)) }
        var changes: [ChangeSet] = []
        for draft in [few, many] {
            changes.append(try change(of: officer, try officer.commit(draft, checksEarly: false)))
        }
        var held = HeldChanges()
        for change in changes { held.insert(change, .missingReference) }
        held.note(.digest(targets[3]))
        held.note(.digest(Blake2b.hash([200])))
        #expect(held.takeNews() == [changes[0].dot])
        #expect(!held.hasNews && held.takeNews().isEmpty && held.sorted == changes.map(\.dot))
        // Revoked meanwhile, it waits for nothing any more.
        held.insert(changes[0], .revoked)
        held.note(.digest(targets[3]))
        #expect(!held.hasNews && held.count == 2)
        for change in changes { held.remove(change) }
        held.note(.digest(changes[0].document))
        #expect(held.count == 0 && !held.hasNews)
    }
}

extension ChangeSetDraft {
    fileprivate func filled(_ title: String) -> ChangeSetDraft {
        var draft = self
        draft.perform(.set(Slot(field: ReportField.category)), .text("road"))
        draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.01"))
        return draft
    }
}
