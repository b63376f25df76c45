// What devices bring of others to a restored ward: what a phone read under keys that it gave up, what stands on a document
// that nobody brings, and an answer that somebody else was given.

import Testing

@testable import SyncKit

@Suite struct RestoreWitnessTests: RestoredCopies {
    let stores: CopiedStores
    private let folder: RestoreFolder
    private let officer: Replica

    init() throws {
        stores = try CopiedStores(seed: 53)
        folder = try RestoreFolder()
        officer = try stores.device(role: .officer, areas: ["06685"], name: "Bình")
    }

    @Test func whatAPhoneReadOfOthersComesBackThoughItTookNewKeys() throws {
        let phone = try stores.device(role: .volunteer)
        try stores.ward.sync(phone)
        try stores.ward.copy(to: folder.path + "/copy.db")
        let filed = try stores.file(officer, "Đèn hỏng")
        for replica in [officer, phone] { try stores.ward.sync(replica) }
        let before = try #require(try verdict(on: filed.dot)).position
        _ = try takeNewKeys(phone)

        // Neither the author's device nor the copy is there any more.
        try stores.ward.restore(from: folder.path + "/copy.db")
        #expect(throws: SyncFailure.self) { try stores.ward.sync(phone) }
        try confirm(phone.device)
        try stores.ward.sync(phone)
        let back = try #require(try verdict(on: filed.dot))
        #expect(back.verdict == .accepted && back.position == before)
        try stores.check([phone])
        #expect(try stores.titles(phone).contains("Đèn hỏng"))
    }

    /// A new device was given a document as a state, which proves nothing, and a comment with its change set.
    @Test(arguments: [(false, false), (true, false), (true, true)])
    func whatStandsOnADocumentThatNobodyBringsIsHeld(isDeclined: Bool, startsAnew: Bool) throws {
        try core { core throws(StoreError) in core.witnessLimit = 0 }
        try stores.ward.sync(officer)
        try stores.ward.copy(to: folder.path + "/copy.db")
        let lamp = try stores.file(officer, "Đèn hỏng").document
        try stores.ward.sync(officer)
        let (phone, lost) = (try stores.device(role: .volunteer), try stores.device(role: .volunteer))
        for replica in [phone, lost] { try stores.ward.sync(replica) }
        #expect(try phone.holdsStates())
        let first = try stores.comment(lost, lamp, "Cả phố tối").dot
        let second = try stores.comment(lost, lamp, "Trẻ con đi học về rất sợ").dot
        for replica in [lost, phone] { try stores.ward.sync(replica) }
        let before = try [first, second].map { try verdict(on: $0)?.position }

        try stores.ward.restore(from: folder.path + "/copy.db")
        try stores.ward.sync(phone)
        for dot in [first, second] {
            let held = try #require(try verdict(on: dot))
            #expect(held.verdict == .held && held.code == .missingDocument)
        }
        let shown = try stores.ward.service.inbox(InboxFilter()).items.compactMap(\.pending)
        #expect(Set(shown.map(\.dot)) == [first, second] && shown.allSatisfy(\.isDocumentMissing))

        if isDeclined {
            for dot in [first, second] { #expect(try core { core throws(StoreError) in try core.decline(dot) }) }
            // Brought once more, it stays declined.
            try phone.database.run("UPDATE evidence SET due=1")
            try stores.ward.sync(phone)
            #expect(try verdict(on: first)?.code == .declined)
            try stores.check([phone])
            if startsAnew { try stores.ward.serve(copy: folder.path + "/copy.db") }
        }
        // With its document it counts as it did, whatever somebody decided who did not know that it had.
        try stores.ward.sync(officer)
        #expect(try [first, second].map { try verdict(on: $0)?.position } == before)
        #expect(try core { core throws(StoreError) in try core.held().isEmpty })
        try stores.check([officer, phone])
    }

    /// What an answer says of change sets by their numbers it says of its asker's.
    @Test func whatTheWardToldSomebodyElseProvesNothingOfOnesOwn() throws {
        let (lan, friend) = (try stores.device(role: .volunteer), try stores.device(role: .volunteer))
        for replica in [lan, friend] { try stores.ward.sync(replica) }
        let device = friend.device
        try core { core throws(StoreError) in try core.revoke(device, after: 0) }
        try stores.ward.copy(to: folder.path + "/copy.db")
        let counted = try ["Đèn hỏng", "Rác tràn", "Ổ gà"].map { try stores.file(lan, $0).dot }
        try stores.ward.sync(lan)
        let late = try ["Bịa 1", "Bịa 2"].map { try stores.file(friend, $0).dot }
        #expect(late.map(\.sequence) == counted.prefix(2).map(\.sequence))

        try stores.ward.restore(from: folder.path + "/copy.db")
        try give(evidenceOf: lan, to: friend)
        for _ in 0..<2 { _ = try? stores.ward.sync(friend) }
        for dot in late {
            let held = try #require(try verdict(on: dot))
            #expect(held.verdict == .held && held.code == .revoked)
        }
        // Whose answer it was, that counts as it did.
        try stores.ward.sync(lan)
        for dot in counted { #expect(try verdict(on: dot)?.verdict == .accepted) }
        try stores.check([officer, lan])
    }

    /// A run of receipts names its last change set alone: for what stands before that the chain has to show it.
    @Test func otherChangeSetsUnderNumbersThatOnceCountedGainNothing() throws {
        let phone = try stores.device(role: .volunteer)
        try stores.ward.sync(phone)
        try stores.ward.copy(to: folder.path + "/copy.db")
        let other = try stores.copy(phone)
        // Both in one answer, so that one run says that they count.
        let counted = try ["Đèn hỏng", "Rác tràn"].map { try stores.file(phone, $0).dot }
        try stores.ward.sync(phone)

        // The same keys number other change sets alike, among them an order that only an admin may give.
        try stores.ward.restore(from: folder.path + "/copy.db")
        var order = Order(.grant, phone.device, reason: "Tự cấp")
        order.role = .admin
        order.areas = ["06685"]
        let forged = try other.commit(order.draft, checksEarly: false).dot
        #expect(forged == counted[0])
        try give(evidenceOf: phone, to: other)
        _ = try? stores.ward.sync(other)
        #expect(try verdict(on: forged)?.verdict != .accepted)
        let role = try core { core throws(StoreError) in core.grants[phone.device]?.last?.grant.role }
        #expect(role == .volunteer)
    }

    /// Others brought what stands beyond a gap in somebody's chain: neither a cut nor what fills the gap goes past it.
    @Test func aGapInAChainIsFilledFromItsBeginningAndCutBeforeIt() throws {
        let phone = try stores.device(role: .volunteer, areas: ["06685.01", "06685.02"])
        let lead = try stores.device(role: .lead, areas: ["06685.02"], name: "Bình")
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.category)), .text("road"))
        draft.perform(.set(Slot(field: ReportField.title)), .text("Ổ gà"))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.02"))
        let hole = try lead.commit(draft).document
        for replica in [lead, phone] { try stores.ward.sync(replica) }
        let other = try stores.copy(phone)
        try stores.ward.copy(to: folder.path + "/copy.db")
        let missing = try ["Đèn hỏng", "Rác tràn"].map { try stores.file(phone, $0).dot }
        let beyond = try stores.comment(phone, hole, "Trước cổng trường").dot
        for replica in [phone, lead] { try stores.ward.sync(replica) }

        try stores.ward.restore(from: folder.path + "/copy.db")
        try stores.ward.sync(lead)
        #expect(try verdict(on: beyond)?.verdict == .accepted)
        #expect(try verdict(on: missing[0]) == nil)
        let device = phone.device
        #expect(try core { core throws(StoreError) in try core.lastSequence(of: device) } == 0)
        // Whoever has the keys sends something for the second number alone, and then for both.
        for title in ["Bịa 1", "Bịa 2"] { _ = try stores.file(other, title) }
        let own = try other.tables.deviceNumber(device)
        let forged = try (1...2).map { try #require(try other.tables.change(device: own, sequence: $0)).change }
        let alone = try core { core throws(StoreError) in try core.receive([forged[1]], from: device) }
        #expect(alone.need == 1 && alone.accepted == 0)
        #expect(try verdict(on: forged[1].dot) == nil)
        try stores.check([lead])
        // Revoked by an admin who names no cut: nothing that fills the gap counts any more.
        let given = try core { core throws(StoreError) in
            try core.order(Order(.revoke, device, reason: "Mất máy"))
        }
        #expect(given.status == .done)
        _ = try core { core throws(StoreError) in try core.receive(forged, from: device) }
        for change in forged { #expect(try verdict(on: change.dot)?.code == .revoked) }
        #expect(try verdict(on: beyond)?.verdict == .accepted)
        try stores.check([lead])
    }

    /// A phone that joined after the backup goes on under new keys: these get back what they were granted, the old ones,
    /// which somebody else has, nothing.
    @Test func aKeyThatWasGivenUpIsGrantedNothingAgain() throws {
        try stores.ward.copy(to: folder.path + "/copy.db")
        let (phone, copy, old) = try phoneWithNewKeys()
        try confirm(phone.device)
        for _ in 0..<2 { try stores.ward.sync(phone) }

        try stores.ward.restore(from: folder.path + "/copy.db")
        try stores.ward.sync(phone)
        for _ in 0..<2 { _ = try? stores.ward.sync(copy) }
        let new = phone.device
        let (role, isGivenUp) = try core { core throws(StoreError) in
            (core.grants[new]?.last?.grant.role, core.isSucceeded(old) || core.grants[old] == nil)
        }
        #expect(role == .volunteer && isGivenUp)
        try stores.check([officer, phone])
        #expect(try Set(["Đèn hỏng", "Ổ gà"]).isSubset(of: stores.titles(officer)))
    }

    /// An older copy of a phone numbers something else like what counted once under keys that the phone gave up.
    @Test func whatCountedUnderKeysThatWereGivenUpCountsThoughACopyTookItsNumber() throws {
        let phone = try stores.device(role: .volunteer)
        try stores.ward.sync(phone)
        let older = try stores.copy(phone)
        try stores.ward.copy(to: folder.path + "/copy.db")
        _ = try stores.file(phone, "Đèn hỏng")
        try stores.ward.sync(phone)
        _ = try takeNewKeys(phone)
        _ = try core { core throws(StoreError) in
            try core.confirmSuccession(of: phone.device, reason: "Đã hỏi")
        }
        for _ in 0..<3 { try stores.ward.sync(phone) }

        try stores.ward.restore(from: folder.path + "/copy.db")
        _ = try stores.file(older, "Cây đổ")
        try stores.ward.sync(older)
        if (try? stores.ward.sync(phone)) == nil {
            _ = try core { core throws(StoreError) in
                try core.confirmSuccession(of: phone.device, reason: "Đã hỏi")
            }
        }
        try stores.check([phone, officer])
        #expect(try Set(["Đèn hỏng", "Ổ gà"]).isSubset(of: stores.titles(officer)))
        #expect(try phone.problems(of: phone.device).isEmpty)
    }
}
