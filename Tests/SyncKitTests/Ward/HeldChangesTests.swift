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

    /// Who names what is not there yet lets it wait on purpose: with a clock that was put back it does not count from
    /// before what its author did then.
    @Test func whatWaitedCountsFromNoEarlierThanWhatItsAuthorDidBefore() throws {
        let phone = try stores.device(role: .volunteer)
        let first = try stores.file(phone, "Ổ gà")
        for replica in [officer, phone] { try stores.ward.sync(replica) }
        let lamp = try stores.file(officer, "Đèn hỏng").document
        let now = stores.ward.time.nowSeconds()
        stores.ward.time.set(seconds: now - 86_400)
        var draft = ChangeSetDraft(kind: .report, document: lamp)
        draft.perform(.append(Slot(field: ReportField.comments)), .text("Hôm qua tôi đã báo"))
        let comment = try phone.commit(draft, checksEarly: false)
        stores.ward.time.set(seconds: now + 60)
        try stores.ward.sync(phone)
        #expect(try verdict(on: comment.dot)?.code == .missingDocument)
        for replica in [officer, phone] { try stores.ward.sync(replica) }
        let counted = try core { core throws(StoreError) in
            let number = try core.tables.knownDeviceNumber(phone.device) ?? 0
            return try [first.dot, comment.dot].map { dot throws(StoreError) in
                try core.tables.change(device: number, sequence: dot.sequence)
            }
        }
        #expect(counted.allSatisfy { $0?.verdict == .accepted })
        let times = counted.compactMap { $0?.effective }
        #expect(times.count == 2 && times[1] >= times[0])
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
