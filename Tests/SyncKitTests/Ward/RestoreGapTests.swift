// A restored ward that lacks part of a chain, or who goes on as whom: nobody is asked for the same without end, shut out,
// or let in as somebody else.

import Testing

@testable import SyncKit

@Suite struct RestoreGapTests: RestoredCopies {
    let stores: CopiedStores
    private let folder: RestoreFolder
    private let officer: Replica

    init() throws {
        stores = try CopiedStores(seed: 54)
        folder = try RestoreFolder()
        officer = try stores.device(role: .officer, areas: ["06685"], name: "Bình")
    }

    /// Who has a copy of a phone signs as many successors as they like; the phone's own is found all the same.
    @Test func strangersStatementsKeepNoPhonesOwnFromTheList() throws {
        let phone = try stores.device(role: .volunteer)
        _ = try stores.file(phone, "Đèn hỏng")
        try stores.ward.sync(phone)
        for number in 0..<9 {
            let key = SigningKey.generate(random: SeededRandomSource(seed: 900 + UInt64(number)))
            let statement = SuccessionStatement(
                old: phone.device, new: DeviceID(key.publicKey), sealingKey: Blake2b.hash([UInt8(number)])
            ).signed(old: phone.signingKey, new: key, ward: stores.ward.keys.ward, scheme: stores.ward.scheme)
            stores.ward.time.advance(seconds: 1)
            #expect(throws: SyncRefusal.self) {
                try stores.ward.service.withCore { core in
                    try core.succeed(statement, asking: DeviceID(key.publicKey))
                }
            }
        }
        let old = phone.device
        _ = try takeNewKeys(phone)
        let waiting = try core { core throws(StoreError) in try core.waitingSuccessions().map(\.statement) }
        #expect(waiting.count == 8 && waiting.allSatisfy { $0.old == old } && waiting.last?.new == phone.device)
        try confirm(phone.device)
        try stores.ward.sync(phone)
    }

    /// What its former device said of itself is not what it says after a restore.
    @Test func aPhoneThatTookNewKeysTwiceIsLetInAfterARestore() throws {
        let (phone, _, _) = try phoneWithNewKeys()
        try confirm(phone.device)
        try stores.ward.sync(phone)
        try stores.ward.copy(to: folder.path + "/copy.db")
        _ = try takeNewKeys(phone)
        try stores.ward.restore(from: folder.path + "/copy.db")
        #expect(throws: SyncFailure.self) { try stores.ward.sync(phone) }
        try confirm(phone.device)
        for replica in [phone, officer] { try stores.ward.sync(replica) }
        try stores.check([phone])
        #expect(try Set(["Đèn hỏng", "Rác tràn", "Ổ gà"]).isSubset(of: stores.titles(officer)))
    }

    /// A gap begins behind what another copy gave the first missing number to: the rest of the branch is kept with it.
    @Test func aBranchThatAGapCutsIsKeptWholeAndSentAgain() throws {
        let phone = try stores.device(role: .volunteer)
        let lead = try stores.device(role: .lead, areas: ["06685.02"], name: "Bình")
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.category)), .text("road"))
        draft.perform(.set(Slot(field: ReportField.title)), .text("Ổ gà"))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.02"))
        let hole = try lead.commit(draft).document
        try stores.ward.sync(lead)
        var order = Order(.grant, phone.device, reason: "Giúp thêm")
        order.role = .volunteer
        order.areas = ["06685.01", "06685.02"]
        _ = try core { core throws(StoreError) in try core.order(order) }
        try stores.ward.sync(phone)
        let older = try stores.copy(phone)
        try stores.ward.copy(to: folder.path + "/copy.db")
        for title in ["Đèn hỏng", "Rác tràn"] { _ = try stores.file(phone, title) }
        try stores.ward.sync(phone)
        // Held once, and of that nobody has the ward's word.
        var bogus = ChangeSetDraft(kind: .report, document: hole)
        bogus.perform(
            .transition(Slot(field: Schema.stateField), to: 2, follows: Dot(device: phone.device, sequence: 999)))
        _ = try phone.commit(bogus, checksEarly: false)
        let comment = try stores.comment(phone, hole, "Trước cổng trường").dot
        for replica in [phone, lead] { try stores.ward.sync(replica) }

        try stores.ward.restore(from: folder.path + "/copy.db")
        try stores.ward.sync(lead)
        _ = try stores.file(older, "Cây đổ")
        #expect(throws: SyncFailure.self) { try stores.ward.sync(older) }
        var client = SyncClient(phone)
        var transport = DirectTransport(service: stores.ward.service)
        _ = try? client.run(&transport)
        #expect(client.report.rounds < 20)
        for _ in 0..<2 where (try? stores.ward.sync(phone)) == nil { try confirm(phone.device) }
        try stores.check([phone, officer])
        #expect(try Set(["Đèn hỏng", "Rác tràn", "Cây đổ"]).isSubset(of: stores.titles(officer)))
        let state = try #require(try officer.document(hole)?.accepted)
        #expect(state.entries(Slot(field: ReportField.comments)).map(\.dot).contains(comment))
    }

    /// Somebody else has the key that a resident gave up: once it is revoked, it goes on as nobody.
    @Test func aKeyThatWasGivenUpCanBeRevoked() throws {
        let phone = try stores.device()
        try stores.ward.sync(phone)
        let (copy, old) = (try stores.copy(phone), phone.device)
        _ = try stores.file(phone, "Đèn hỏng")
        _ = try stores.file(copy, "Rác tràn")
        for replica in [phone, copy] { try stores.ward.sync(replica) }
        #expect(copy.device != old && phone.device == old)
        let given = try core { core throws(StoreError) in try core.order(Order(.revoke, old, reason: "Mất máy")) }
        #expect(given.status == .done)
        #expect(throws: SyncFailure.self) { for _ in 0..<2 { try stores.ward.sync(phone) } }
        let waiting = try core { core throws(StoreError) in try core.waitingSuccessions() }
        #expect(waiting.map(\.wasRevoked) == [true])
        try stores.check([copy, officer])
    }

    /// More evidence than one request holds stands before the grant of keys that were confirmed: the device shows it.
    @Test func confirmedKeysComeBackHoweverMuchEvidenceStandsBefore() throws {
        try stores.ward.sync(officer)
        let phone = try stores.device(role: .volunteer)
        try stores.ward.sync(phone)
        try stores.ward.copy(to: folder.path + "/copy.db")
        for number in 1...45 {
            _ = try stores.file(officer, "Việc \(number)")
            for replica in [officer, phone] { try stores.ward.sync(replica) }
        }
        _ = try takeNewKeys(phone)
        try confirm(phone.device)
        for _ in 0..<2 { try stores.ward.sync(phone) }

        try stores.ward.restore(from: folder.path + "/copy.db")
        try stores.ward.sync(phone)
        #expect(try !phone.waitsForSuccession() && phone.actor().role == .volunteer)
        try stores.check([phone])
    }

    /// The ward knows of a key only that another goes on as it: who has it is told, takes new keys and loses nothing.
    @Test func aKeyOfWhichOnlyTheSuccessionIsKnownIsToldOfIt() throws {
        try stores.ward.copy(to: folder.path + "/copy.db")
        let (phone, copy, old) = try phoneWithNewKeys()
        try confirm(phone.device)
        for _ in 0..<2 { try stores.ward.sync(phone) }
        _ = try stores.file(copy, "Cây đổ")

        try stores.ward.restore(from: folder.path + "/copy.db")
        // A phone whose older frames are gone has nothing that tells of the old key's grant.
        try phone.database.run("DELETE FROM evidence WHERE number<(SELECT max(number) FROM evidence)-1")
        try stores.ward.sync(phone)
        #expect(try core { core throws(StoreError) in core.grants[old] == nil && core.isSucceeded(old) })
        for _ in 0..<3 { _ = try? stores.ward.sync(copy) }
        #expect(copy.device != old)
        #expect(try core { core throws(StoreError) in core.grants[old] == nil })
        try stores.check([officer])
    }

    /// A statement that nobody confirmed lets its device in as nobody, by whatever way it comes.
    @Test func aStatementThatWaitsLetsNobodyInAsAResident() throws {
        let (phone, _, _) = try phoneWithNewKeys()
        let made = try phone.exportBundle(fileSize: 1 << 20)
        for part in made.parts { _ = try? stores.ward.service.take(part) }
        #expect(try core { core throws(StoreError) in core.grants[phone.device] == nil })
    }
}
