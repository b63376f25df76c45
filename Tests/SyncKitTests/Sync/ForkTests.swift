// Copied and restored stores, in whole exchanges: found, kept, sent again under new keys, and proven to others.

import Glibc
import Testing

@testable import SyncKit

/// A ward and stores that can be copied as files are.
final class CopiedStores {
    let ward: TestWard
    private let folder: String
    private var next: UInt64 = 0

    init(seed: UInt64 = 41) throws {
        folder = "/tmp/wardsync-forks-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        mkdir(folder, 0o700)
        ward = try TestWard(seed: seed, path: folder + "/ward.db")
    }

    deinit { for number in 0...next { unlink("\(folder)/\(number).db") } }

    private func path() -> String {
        next += 1
        return "\(folder)/\(next).db"
    }

    func device(role: Role? = nil, areas: [String] = ["06685.01"], name: String = "Lan") throws -> Replica {
        let random = SeededRandomSource(seed: 7919 * (next + 3))
        let database = try Database(path: path(), mode: .create, fast: true)
        try Replica.create(
            in: database, descriptor: ward.descriptor, time: ward.time, random: random, scheme: ward.scheme)
        let replica = try Replica(opening: database, time: ward.time, random: random, scheme: ward.scheme)
        if let role {
            let grant = Grant(
                device: replica.device, sealingKey: replica.sealingKey.publicKey, role: role, areas: areas,
                validFrom: 0, validUntil: 0, name: name)
            try ward.service.withCore { core in try core.admit(grant) }
        }
        return replica
    }

    /// The store as it is now, as another phone would have it.
    func copy(_ replica: Replica) throws -> Replica {
        let place = path()
        try replica.database.prepare("VACUUM INTO ?1").bind(1, place).run()
        return try Replica(
            opening: try Database(path: place, mode: .create, fast: true), time: ward.time,
            random: SeededRandomSource(seed: 104_729 * next), scheme: ward.scheme)
    }

    func file(_ replica: Replica, _ title: String, phone: String? = nil) throws -> Saved {
        ward.time.advance(seconds: 60)
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.category)), .text("lighting"))
        draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.01"))
        return try replica.commit(
            draft, privates: phone.map { [(Slot(field: ReportField.reporterPhone), $0)] } ?? [])
    }

    func comment(_ replica: Replica, _ document: Digest, _ text: String) throws -> Saved {
        ward.time.advance(seconds: 60)
        var draft = ChangeSetDraft(kind: .report, document: document)
        draft.perform(.append(Slot(field: ReportField.comments)), .text(text))
        return try replica.commit(draft)
    }

    func retitle(_ replica: Replica, _ document: Digest, _ title: String) throws -> Saved {
        ward.time.advance(seconds: 60)
        var draft = ChangeSetDraft(kind: .report, document: document)
        draft.perform(.set(Slot(field: ReportField.title)), .text(title))
        return try replica.commit(draft)
    }

    func titles(_ replica: Replica) throws -> [String] {
        try replica.list(.report).map(\.listing.title).sorted()
    }

    /// Every device shows what the ward has, and the ward's store is sound to the byte.
    func check(_ replicas: [Replica]) throws {
        for replica in replicas { try ward.sync(replica) }
        for replica in replicas {
            #expect(try replica.pendingCount() == 0)
            #expect(try replica.unsoundDocuments().isEmpty)
            for row in try replica.list(.report) {
                let state = try ward.service.withCore { (core: WardCore) in try core.documentState(row.id) }
                #expect(try replica.document(row.id)?.accepted?.canonical == state?.canonical)
            }
        }
        let descriptor = ward.descriptor
        let scheme = ward.scheme
        let report = try ward.service.withCore { (core: WardCore) in
            try core.flush()
            return try core.audit(descriptor: descriptor, scheme: scheme)
        }
        #expect(report?.findings.map { "\($0)" } ?? ["no audit"] == [])
    }
}

@Suite struct ForkTests {
    @Test func aCopyThatBeganWithStatesReplacesWhatItSawInThem() throws {
        let stores = try CopiedStores()
        let officer = try stores.device(role: .officer, areas: ["06685"], name: "Cán bộ")
        let seen = try stores.file(officer, "Đèn hỏng").document
        try stores.ward.sync(officer)
        stores.ward.service.withCore { core in core.witnessLimit = 0 }
        // Two stores of one device, of which none has met the ward, write under one number.
        let phone = try stores.device(role: .volunteer)
        _ = try stores.file(phone, "Ổ gà")
        let copy = try stores.copy(phone)
        _ = try stores.file(phone, "Cây đổ")
        var link = BrokenLink(direct: DirectTransport(service: stores.ward.service), works: [false, true, false])
        #expect(throws: SyncFailure.self) {
            var client = SyncClient(phone)
            try client.run(&link)
        }
        _ = try stores.file(copy, "Rác tràn")
        try stores.ward.sync(copy)
        // After the break it asks first what arrived, and passes over what the other store wrote.
        #expect(throws: SyncFailure.self) {
            var client = SyncClient(phone)
            try client.run(&link)
        }
        #expect(try phone.passedOver() != nil && phone.holdsStates())
        _ = try stores.retitle(phone, seen, "Đèn hỏng cả phố")
        // It goes on under new keys, and writes the title again.
        let lead = try stores.device(role: .lead, name: "Bình")
        var order = Order(.succeed, phone.device, reason: "Lan khôi phục máy")
        #expect(throws: SyncFailure.self) { try stores.ward.sync(phone) }
        order.successor = phone.device
        try stores.ward.sync(lead)
        _ = try lead.commit(order.draft)
        try stores.ward.sync(lead)
        try stores.check([phone, officer, phone])
        let state = try #require(try officer.document(seen)?.accepted)
        #expect(state.entries(ReportField.title).count == 1 && state.conflicts.isEmpty)
        #expect(try stores.titles(officer) == ["Cây đổ", "Rác tràn", "Đèn hỏng cả phố", "Ổ gà"].sorted())
    }

    @Test func anOlderCopyWithNothingUnsentTakesItsOwnWorkBackAndGoesOn() throws {
        let stores = try CopiedStores()
        let phone = try stores.device()
        _ = try stores.file(phone, "Đèn hỏng")
        try stores.ward.sync(phone)
        let old = try stores.copy(phone)
        let second = try stores.file(phone, "Ổ gà", phone: "0912345678")
        try stores.ward.sync(phone)

        let report = try stores.ward.sync(old)
        #expect(report.recovered == 1)
        #expect(report.renewal == nil)
        #expect(old.device == phone.device)
        #expect(try stores.titles(old) == ["Đèn hỏng", "Ổ gà"])
        // What it sealed to the ward comes back for its own eyes.
        #expect(try old.disclosed(second.dot, Slot(field: ReportField.reporterPhone)) == "0912345678")
        #expect(try stores.file(old, "Cây đổ").dot.sequence == 3)
        #expect(try stores.ward.sync(old).accepted == 1)
        #expect(try stores.ward.service.withCore { core in try core.forked() }.isEmpty)
        try stores.check([old])
    }

    @Test func theCopyThatSyncsSecondTakesNewKeysAndSendsItsWorkAgain() throws {
        let stores = try CopiedStores()
        let phone = try stores.device()
        let common = try stores.file(phone, "Đèn hỏng")
        try stores.ward.sync(phone)
        let copy = try stores.copy(phone)
        _ = try stores.file(phone, "Ổ gà")
        let other = try stores.file(copy, "Cây đổ", phone: "0900000000")
        _ = try stores.comment(copy, other.document, "gần trường học")
        _ = try stores.comment(copy, common.document, "vẫn hỏng")
        let officer = try stores.device(role: .officer, areas: ["06685"], name: "Hà")
        try stores.ward.sync(phone)
        let before = copy.device
        let report = try stores.ward.sync(copy)

        #expect(report.renewal?.reissued == 3)
        #expect(copy.device != before)
        #expect(try stores.titles(copy) == ["Cây đổ", "Ổ gà", "Đèn hỏng"].sorted())
        #expect(try copy.problems(of: copy.device).isEmpty)
        let state = try #require(try copy.document(other.document)?.accepted)
        #expect(state.entries(Slot(field: ReportField.comments)).count == 1)
        try stores.ward.sync(officer)
        let seen = try #require(try officer.document(other.document)?.state)
        let private_ = try #require(seen.entries(Slot(field: ReportField.reporterPhone)).first)
        #expect(try officer.disclosed(private_, Slot(field: ReportField.reporterPhone)) == "0900000000")

        let forked = try stores.ward.service.withCore { core in try core.forked() }
        #expect(forked.map(\.device) == [before])
        #expect(forked.first?.branch.count == 3)
        #expect(forked.first?.branch.allSatisfy { $0.replacedBy?.device == copy.device } == true)
        #expect(forked.first?.successors == [copy.device])
        try stores.check([copy, officer])
    }

    @Test func theCopyThatSyncedFirstGoesOnUnderNewKeysTooAndLosesNothing() throws {
        let stores = try CopiedStores()
        let phone = try stores.device()
        let common = try stores.file(phone, "Đèn hỏng")
        try stores.ward.sync(phone)
        let copy = try stores.copy(phone)
        _ = try stores.file(phone, "Ổ gà")
        _ = try stores.file(copy, "Cây đổ")
        try stores.ward.sync(phone)
        try stores.ward.sync(copy)
        // Its key was given up meanwhile, which it does not know.
        _ = try stores.file(phone, "Ngập nước")
        _ = try stores.comment(phone, common.document, "đã hỏng hai tuần")
        let report = try stores.ward.sync(phone)
        #expect(report.renewal?.reissued == 2)
        #expect(report.held.isEmpty)
        try stores.ward.sync(copy)
        let all = ["Cây đổ", "Ngập nước", "Ổ gà", "Đèn hỏng"].sorted()
        #expect(try stores.titles(phone) == all)
        #expect(try stores.titles(copy) == all)
        #expect(phone.device != copy.device)
        // Both are the person who filed the first report.
        _ = try stores.comment(copy, common.document, "cảm ơn")
        #expect(try stores.ward.sync(copy).refused.isEmpty)
        try stores.check([phone, copy])
    }

    @Test func whatBothCopiesHeldUnsentCountsOnce() throws {
        let stores = try CopiedStores()
        let phone = try stores.device()
        _ = try stores.file(phone, "Đèn hỏng")
        try stores.ward.sync(phone)
        let first = try stores.copy(phone)
        _ = try stores.file(phone, "Ổ gà")
        try stores.ward.sync(phone)
        _ = try stores.file(first, "Cây đổ")
        let second = try stores.copy(first)
        _ = try stores.file(second, "Ngập nước")
        try stores.ward.sync(first)
        try stores.ward.sync(second)
        try stores.ward.sync(first)
        let all = ["Cây đổ", "Ngập nước", "Ổ gà", "Đèn hỏng"].sorted()
        #expect(try stores.titles(first) == all)
        #expect(try stores.titles(second) == all)
        try stores.check([first, second])
    }

    @Test func aBranchLongerThanTheChainIsKeptWhole() throws {
        let stores = try CopiedStores()
        let phone = try stores.device()
        _ = try stores.file(phone, "Đèn hỏng")
        try stores.ward.sync(phone)
        let copy = try stores.copy(phone)
        _ = try stores.file(phone, "Ổ gà")
        for number in 1...7 { _ = try stores.file(copy, "Việc \(number)") }
        try stores.ward.sync(phone)
        let report = try stores.ward.sync(copy)
        #expect(report.renewal?.reissued == 7)
        #expect(try stores.titles(copy).count == 9)
        try stores.check([copy])
    }

    @Test func whatItsAuthorHadNotSeenIsNotReplacedByTheSecondSending() throws {
        let stores = try CopiedStores()
        let phone = try stores.device()
        let officer = try stores.device(role: .officer, areas: ["06685"], name: "Hà")
        let filed = try stores.file(phone, "Đèn hỏng")
        try stores.ward.sync(phone)
        let copy = try stores.copy(phone)
        _ = try stores.file(phone, "Ổ gà")
        try stores.ward.sync(phone)
        _ = try stores.retitle(copy, filed.document, "Đèn hỏng ngõ 5")
        try stores.ward.sync(officer)
        _ = try stores.retitle(officer, filed.document, "Đèn đường số 12")
        try stores.ward.sync(officer)
        try stores.ward.sync(copy)
        let conflicts = try #require(try copy.document(filed.document)?.accepted).conflicts
        #expect(conflicts.map(\.entries.count) == [2])
        // Its own title from before, which its author had seen, is replaced though another device wrote it.
        try stores.check([copy, officer])
    }

    @Test func aTeamMembersNewKeysWaitForSomebodyToConfirmThem() throws {
        let stores = try CopiedStores()
        let phone = try stores.device(role: .volunteer)
        let lead = try stores.device(role: .lead, name: "Bình")
        var draft = ChangeSetDraft(kind: .task)
        draft.perform(.set(Slot(field: TaskField.title)), .text("Thăm hộ"))
        draft.perform(.set(Slot(field: TaskField.area)), .text("06685.01"))
        try stores.ward.sync(lead)
        let task = try lead.commit(draft)
        try stores.ward.sync(lead)
        try stores.ward.sync(phone)
        var claim = ChangeSetDraft(kind: .task, document: task.document)
        claim.perform(.claim(Slot(field: TaskField.claimant)))
        _ = try phone.commit(claim)
        try stores.ward.sync(phone)
        let copy = try stores.copy(phone)
        _ = try stores.file(phone, "Ổ gà")
        try stores.ward.sync(phone)
        var step = ChangeSetDraft(kind: .task, document: task.document)
        step.perform(.transition(Slot(field: Schema.stateField), to: 2, follows: task.dot))
        _ = try copy.commit(step)

        #expect(throws: SyncFailure.self) { try stores.ward.sync(copy) }
        #expect(try copy.waitsForSuccession())
        #expect(try copy.pendingCount() == 1)
        // Nothing leaves it while it waits, and it goes on working.
        #expect(try copy.list(.task).count == 1)
        _ = try stores.file(copy, "Cây đổ")
        #expect(throws: SyncFailure.self) { try stores.ward.sync(copy) }
        let waiting = try stores.ward.service.withCore { core in try core.waitingSuccessions() }
        #expect(waiting.map(\.statement.new) == [copy.device])
        #expect(waiting.first?.grant?.name == "Lan")
        // Whoever has the copy cannot confirm it, nor a lead of other areas.
        let stranger = try stores.device(role: .lead, areas: ["06685.02"], name: "Hùng")
        try stores.ward.sync(stranger)
        var order = Order(.succeed, phone.device, reason: "Lan khôi phục máy")
        order.successor = copy.device
        _ = try stranger.commit(order.draft)
        try stores.ward.sync(stranger)
        #expect(try stores.ward.service.withCore { core in try core.waitingSuccessions() }.count == 1)
        let given = try lead.commit(order.draft)
        try stores.ward.sync(lead)
        #expect(try lead.document(given.document)?.accepted?.text(OrderField.status) == "done")

        try stores.ward.sync(copy)
        #expect(try copy.waitsForSuccession() == false)
        #expect(try copy.grant()?.device == copy.device)
        #expect(try copy.actor().role == .volunteer)
        // The claim of the old device is this person's: the step needs it.
        #expect(try copy.document(task.document)?.accepted?.present.state == 2)
        #expect(try copy.ownTasks().count == 1)
        #expect(try stores.titles(copy) == ["Cây đổ", "Ổ gà"].sorted())
        // The first copy waits in its turn, and keeps what it has.
        _ = try stores.file(phone, "Ngập nước")
        #expect(throws: SyncFailure.self) { try stores.ward.sync(phone) }
        #expect(try phone.list(.task).count == 1)
        try stores.check([copy, lead])
    }

    @Test func whomAnAdminRevokedGoesOnAsNobody() throws {
        let stores = try CopiedStores()
        let phone = try stores.device()
        _ = try stores.file(phone, "Đèn hỏng")
        try stores.ward.sync(phone)
        let copy = try stores.copy(phone)
        _ = try stores.file(phone, "Ổ gà")
        try stores.ward.sync(phone)
        let old = phone.device
        try stores.ward.service.withCore { core in try core.revoke(old, after: 2) }
        _ = try stores.file(copy, "Cây đổ")
        #expect(throws: SyncFailure.self) { try stores.ward.sync(copy) }
        #expect(try copy.pendingCount() == 1)
        let waiting = try stores.ward.service.withCore { core in try core.waitingSuccessions() }
        #expect(waiting.map(\.wasRevoked) == [true])
    }

    @Test func aStatementThatOneKeyAloneSignedIsRefused() throws {
        let stores = try CopiedStores()
        let victim = try stores.device()
        _ = try stores.file(victim, "Đèn hỏng")
        try stores.ward.sync(victim)
        let thief = try stores.device()
        let statement = SuccessionStatement(
            old: victim.device, new: thief.device, sealingKey: thief.sealingKey.publicKey
        ).signed(old: thief.signingKey, new: thief.signingKey, ward: stores.ward.keys.ward, scheme: stores.ward.scheme)
        let device = thief.device
        #expect(throws: SyncRefusal(.badSignature)) {
            try stores.ward.service.withCore { (core: WardCore) throws(SyncRefusal) in
                try core.succeed(statement, asking: device)
            }
        }
    }

    @Test func aStoppedChangeOfKeysLeavesTheOldOnesAndIsMadeUpFor() throws {
        let stores = try CopiedStores()
        let phone = try stores.device()
        _ = try stores.file(phone, "Đèn hỏng")
        try stores.ward.sync(phone)
        let copy = try stores.copy(phone)
        _ = try stores.file(phone, "Ổ gà")
        try stores.ward.sync(phone)
        _ = try stores.file(copy, "Cây đổ")
        let before = copy.device
        var commits = 0
        var failed = 0
        while failed < 40 {
            failed += 1
            commits = 0
            let last = failed
            copy.database.willCommit = { () throws(StoreError) in
                commits += 1
                if commits == last { throw StoreError(.full, "test") }
            }
            if (try? stores.ward.sync(copy)) != nil { break }
            #expect(try copy.tables.meta(Replica.Key.device) == copy.device.digest.bytes)
        }
        copy.database.willCommit = nil
        #expect(failed < 40)
        #expect(copy.device != before)
        #expect(try stores.titles(copy) == ["Cây đổ", "Ổ gà", "Đèn hỏng"].sorted())
        try stores.check([copy])
    }

    @Test func twoHeadersProveToAnybodyThatAStoreWasCopied() throws {
        let stores = try CopiedStores()
        let phone = try stores.device()
        _ = try stores.file(phone, "Đèn hỏng")
        try stores.ward.sync(phone)
        let copy = try stores.copy(phone)
        let old = phone.device
        _ = try stores.file(phone, "Ổ gà")
        _ = try stores.file(copy, "Cây đổ")
        try stores.ward.sync(phone)
        try stores.ward.sync(copy)
        let descriptor = try #require(WardDescriptor.decodeText(stores.ward.descriptor))
        let proof = try stores.ward.service.withCore { (core: WardCore) in
            try core.forkProof(of: old, descriptor: descriptor)
        }
        let text = ProofFile.fork(try #require(proof)).text
        #expect(text.hasPrefix("wardfork1-"))
        #expect(text.utf8.count < 2048)
        guard case .fork(let read)? = ProofFile(text.uppercased()) else {
            Issue.record("the file is not read")
            return
        }
        let proven = try #require(read.proven(scheme: Ed25519Scheme()))
        #expect(proven.device == old)
        #expect(proven.first.sequence == 2 && proven.second.sequence == 2)
        // Of one chain nothing is proven, nor with a changed byte.
        #expect(
            ForkProof(descriptor: descriptor, first: read.first, second: read.first).proven(scheme: Ed25519Scheme())
                == nil)
        for index in 0..<read.second.header.count {
            var changed = read
            changed.second.header[index] ^= 1
            #expect(changed.proven(scheme: Ed25519Scheme()) == nil)
        }
        let unknown = copy.device
        let none = try stores.ward.service.withCore { (core: WardCore) in
            try core.forkProof(of: unknown, descriptor: descriptor)
        }
        #expect(none == nil)
    }
}
