// A ward that is restored while a phone is a copy of another one: what each of them wrote counts or is there to be seen.

import Testing

@testable import SyncKit

@Suite struct RestoreForkTests: RestoredCopies {
    let stores: CopiedStores
    private let folder: RestoreFolder
    private let officer: Replica

    init() throws {
        stores = try CopiedStores(seed: 52)
        folder = try RestoreFolder()
        officer = try stores.device(role: .officer, areas: ["06685"], name: "Bình")
    }

    /// - Parameter writtenOver: how many of the phone's numbers its copy gives again.
    @Test(arguments: 1...2)
    func whatGoesOnFromABranchIsKeptWithItWhereItsDocumentIsNotThere(writtenOver: Int) throws {
        let street = try stores.file(officer, "Đèn hỏng").document
        try stores.ward.sync(officer)
        let phone = try stores.device(role: .volunteer)
        try stores.ward.sync(phone)
        let older = try stores.copy(phone)
        try stores.ward.copy(to: folder.path + "/copy.db")
        let hole = try stores.file(phone, "Ổ gà")
        let comment = try stores.comment(phone, hole.document, "Trước cổng trường")
        let other = try stores.comment(phone, street, "Cả phố tối")
        for replica in [phone, officer] { try stores.ward.sync(replica) }

        // The phone is gone; its older copy is used, and meets the restored ward first.
        try stores.ward.restore(from: folder.path + "/copy.db")
        for title in ["Rác tràn", "Cây đổ"].prefix(writtenOver) { _ = try stores.file(older, title) }
        try stores.ward.sync(older)
        try stores.ward.sync(officer)
        let branch = try core { core throws(StoreError) in try core.forked().flatMap(\.branch).map(\.change.dot) }
        #expect(Set(branch) == [hole.dot, comment.dot])
        // What stands on a document that is there counts as it did.
        let verdict = try core { core throws(StoreError) in try core.verdict(of: other.dot)?.verdict }
        #expect(verdict == .accepted)
        try stores.check([officer])
    }

    @Test(arguments: [true, false]) func whatNamesSomethingThatTheWardLostWaitsForAPerson(isReleased: Bool) throws {
        let phone = try stores.device(role: .volunteer)
        try stores.ward.sync(phone)
        let copy = try stores.copy(phone)
        try stores.ward.copy(to: folder.path + "/copy.db")
        _ = try stores.file(phone, "Đèn hỏng")
        try stores.ward.sync(phone)
        let written = try stores.file(copy, "Rác tràn")
        // Its branch is kept and it takes new keys; before they are confirmed, the ward is restored.
        #expect(throws: SyncFailure.self) { try stores.ward.sync(copy) }
        let device = copy.device
        #expect(device != phone.device)
        try stores.ward.restore(from: folder.path + "/copy.db")
        try stores.ward.sync(phone)
        #expect(throws: SyncFailure.self) { try stores.ward.sync(copy) }
        try confirm(device)
        try stores.ward.sync(copy)
        let held = try core { core throws(StoreError) in try core.held().map { ($0.change.dot, $0.code) } }
        let again = try #require(held.first)
        #expect(held.count == 1 && again.0.device == device && again.1 == .missingReference)
        #expect(try copy.document(written.document) != nil)

        if isReleased {
            #expect(try core { core throws(StoreError) in try core.release(again.0, by: officer.device) } == nil)
        } else {
            #expect(try core { core throws(StoreError) in try core.decline(again.0) })
        }
        try stores.check([officer, copy])
        #expect(try stores.titles(officer) == (isReleased ? ["Rác tràn", "Đèn hỏng"] : ["Đèn hỏng"]))
    }

    /// What counts under keys that were given up comes back with its place, once the new device was told of it again;
    /// before that it is written again, and waits for a person.
    @Test(arguments: [true, false]) func whatWasWrittenUnderKeysThatWereGivenUpIsNotLost(isConfirmed: Bool) throws {
        let phone = try stores.device(role: .volunteer)
        try stores.ward.sync(phone)
        try stores.ward.copy(to: folder.path + "/copy.db")
        let counted = try stores.file(phone, "Đèn hỏng")
        try stores.ward.sync(phone)
        let before = try place(of: counted.dot)
        #expect(before != nil)
        // Another phone with the same store writes first, and is gone after that.
        let copy = try stores.copy(phone)
        _ = try stores.file(copy, "Rác tràn")
        try stores.ward.sync(copy)
        _ = try stores.file(phone, "Ổ gà")
        #expect(throws: SyncFailure.self) { try stores.ward.sync(phone) }
        if isConfirmed {
            try confirm(phone.device)
            for _ in 0..<2 { try stores.ward.sync(phone) }
        }

        // What was confirmed once comes back too, before the word that one device goes on as the other.
        try stores.ward.restore(from: folder.path + "/copy.db")
        if !isConfirmed {
            #expect(throws: SyncFailure.self) { try stores.ward.sync(phone) }
            try confirm(phone.device)
        }
        try stores.ward.sync(phone)
        let back = try place(of: counted.dot)
        let held = try core { core throws(StoreError) in try core.held().map(\.change.dot) }
        if isConfirmed {
            #expect(back == before && held.isEmpty)
        } else {
            #expect(back == nil && held.count == 2)
            for dot in held {
                let code = try core { core throws(StoreError) in try core.release(dot, by: officer.device) }
                #expect(code == nil)
            }
        }
        try stores.check([officer, phone])
        #expect(Set(["Đèn hỏng", "Ổ gà"]).isSubset(of: try stores.titles(officer)))
    }

    /// A person's two phones, and a restored ward that is brought what one of them filed before it knows whose that is.
    @Test func whatAnotherPhoneFiledComesWithTheWordThatItIsTheSamePersons() throws {
        let first = try stores.device()
        try stores.ward.sync(first)
        try stores.ward.copy(to: folder.path + "/copy.db")
        let second = try stores.copy(first)
        _ = try stores.file(first, "Đèn hỏng")
        try stores.ward.sync(first)
        _ = try stores.file(second, "Rác tràn")
        // Each takes keys of its own, and one of them files something under these.
        for _ in 0..<2 { for replica in [second, first] { try stores.ward.sync(replica) } }
        let filed = try stores.file(second, "Ổ gà").document
        for replica in [second, first, officer] { try stores.ward.sync(replica) }
        #expect(first.device != second.device)
        #expect(try first.document(filed)?.accepted != nil)

        try stores.ward.restore(from: folder.path + "/copy.db")
        for replica in [officer, first] { try stores.ward.sync(replica) }
        #expect(try officer.document(filed)?.accepted != nil)
        try stores.ward.sync(second)
        try stores.check([first, second, officer])
        #expect(try first.document(filed)?.accepted != nil)
    }

    /// The word that a phone goes on as another one comes back with what the ward said of it: nobody is asked once more.
    @Test func whatWasConfirmedOnceDoesNotWaitForAnybody() throws {
        let phone = try phoneWithNewKeys().phone
        try stores.ward.copy(to: folder.path + "/copy.db")
        try confirm(phone.device)
        for _ in 0..<2 { try stores.ward.sync(phone) }

        try stores.ward.restore(from: folder.path + "/copy.db")
        #expect(try core { core throws(StoreError) in try core.waitingSuccessions().count } == 1)
        try stores.ward.sync(phone)
        #expect(try core { core throws(StoreError) in try core.waitingSuccessions().isEmpty })
        try stores.check([officer, phone])
    }

    /// A device that was granted something before it goes on as another one is given what that one filed.
    @Test func theWordThatTwoDevicesAreOnePersonsBringsWhatTheFirstOneFiled() throws {
        let (first, second) = (try stores.device(), try stores.device())
        let filed = try stores.file(first, "Đèn hỏng").document
        for replica in [first, second] { try stores.ward.sync(replica) }
        let succession = try core { core throws(StoreError) in
            LogEntry.Succession(old: first.device, new: second.device, lastSequence: 1, by: core.keys.deviceID)
        }
        let entered = try core { core throws(StoreError) in
            let before = core.size
            try core.guarded { () throws(StoreError) in try core.append(succession) }
            return core.scopeChange(of: succession.new, from: before, to: core.size).entered.map(\.id)
        }
        #expect(entered == [filed])
        try stores.check([second])
        #expect(try stores.titles(second) == ["Đèn hỏng"])
    }
}
