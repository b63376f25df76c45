// After a restore: who may see what, who may do what, and what nobody had seen.

import Testing

@testable import SyncKit

@Suite struct RestoreScopeTests {
    private let folder: RestoreFolder
    private let ward: TestWard
    private var copy: String { folder.path + "/copy.db" }

    init() throws {
        folder = try RestoreFolder()
        ward = try TestWard(seed: 9, path: folder.path + "/ward.db")
    }

    private static func set(_ id: Digest, _ field: UInt8, _ value: String) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .report, document: id)
        draft.perform(.set(Slot(field: field)), .text(value))
        return draft
    }

    private func holds(_ replica: Replica, _ id: Digest) throws -> Bool { try replica.document(id)?.accepted != nil }

    @Test func whatLeftAnAreaInTheLostPartIsThereAgainAndWhatEnteredItGoes() throws {
        let lan = try ward.device(21, role: .volunteer, areas: ["06685.03"], name: "Lan")
        let officer = try ward.device(22, role: .officer, areas: ["06685"], name: "Bình")
        let other = try ward.device(23, role: .officer, areas: ["06685"], name: "Hà")
        let left = try officer.commit(FieldScenarioTests.report("06685.03")).document
        let entered = try officer.commit(FieldScenarioTests.report("06685.04")).document
        for replica in [officer, lan, other] { try ward.sync(replica) }
        try ward.copy(to: copy)

        _ = try officer.commit(Self.set(left, ReportField.area, "06685.04"))
        _ = try officer.commit(Self.set(entered, ReportField.area, "06685.03"))
        for replica in [officer, lan] { try ward.sync(replica) }
        #expect(try !holds(lan, left) && holds(lan, entered))
        _ = try lan.commit(RestoreTests.comment(entered, "Đã xem"))
        try ward.sync(lan)

        try ward.restore(from: copy)
        // Only she comes: what she saw of the move of one report proves it; of the other one she knows nothing.
        try ward.sync(lan)
        #expect(try holds(lan, left) && holds(lan, entered))
        #expect(try lan.document(entered)?.accepted?.entries(ReportField.comments).count == 1)
        for replica in [officer, lan, other] { try ward.sync(replica) }
        #expect(try !holds(lan, left) && holds(lan, entered))
        try RestoreTests.agree(ward, [lan, officer, other])

        // Once more, from a copy of before: nobody brings the move back that she had seen, unless she does.
        try ward.copy(to: copy + "2")
        try ward.restore(from: copy + "2")
        for replica in [lan, officer, other] { try ward.sync(replica) }
        #expect(try !holds(lan, left) && holds(lan, entered))
        try RestoreTests.agree(ward, [lan, officer, other])
    }

    @Test func aNewDeviceBringsBackTheNewestOfTheLostPartAndIsGivenTheRestAgain() throws {
        let lan = try ward.device(26, role: .volunteer, areas: ["06685.03"], name: "Lan")
        let early = try lan.commit(FieldScenarioTests.report("06685.03")).document
        let calm = try lan.commit(FieldScenarioTests.report("06685.03")).document
        try ward.sync(lan)
        try ward.copy(to: copy)
        var late: [Digest] = []
        for number in 0..<12 {
            let name = (slot: Slot(field: ReportField.reporterName), value: "Bà Hoa \(number)")
            late.append(try lan.commit(FieldScenarioTests.report("06685.03"), privates: [name]).document)
        }
        _ = try lan.commit(Self.set(early, ReportField.category, "tree"))
        try ward.sync(lan)
        // In no backup: states, but for the two documents that changed last, which have three change sets.
        ward.service.withCore { core in core.witnessLimit = 3 }
        let officer = try ward.device(27, role: .officer, areas: ["06685"], name: "Bình")
        try ward.sync(officer)
        #expect(try officer.database.integer("SELECT count(*) FROM bases") == 12)
        #expect(try officer.database.integer("SELECT count(*) FROM disclosures") == 12)
        _ = try officer.commit(Self.set(late[3], ReportField.category, "power"))
        _ = try officer.commit(RestoreTests.comment(late[11], "Đã chuyển tổ điện"))
        try ward.sync(officer)

        try ward.restore(from: copy)
        // The link breaks when it has heard of that: what the copy has of the ward it shows as before, and what was
        // disclosed of the rest is gone with it.
        var link = BrokenLink(direct: DirectTransport(service: ward.service), works: [true, false])
        var client = SyncClient(officer)
        #expect(throws: SyncFailure.self) { try client.run(&link) }
        #expect(try holds(officer, calm) && !holds(officer, late[3]))
        #expect(try officer.database.integer("SELECT count(*) FROM disclosures") == 1)
        try ward.sync(officer)
        let back = try late.filter { id in
            try ward.service.withCore { (core: WardCore) throws(StoreError) in try core.documentState(id) } != nil
        }
        #expect(back == [late[11]])
        #expect(try holds(officer, early) && holds(officer, late[11]) && !holds(officer, late[3]))
        // The author has everything; what the officer had written on it waited for that.
        try ward.sync(lan)
        for replica in [officer, lan, officer] { try ward.sync(replica) }
        #expect(try late.allSatisfy { try holds(officer, $0) } && officer.pendingCount() == 0)
        #expect(try officer.document(late[3])?.accepted?.text(ReportField.category) == "power")
        try RestoreTests.agree(ward, [lan, officer])
    }

    @Test func aDeviceOfNoScopeAnyMoreLetsGoOfWhatEnteredInTheLostPart() throws {
        let lan = try ward.device(24, role: .volunteer, areas: ["06685.03"], name: "Lan")
        let officer = try ward.device(25, role: .officer, areas: ["06685"], name: "Bình")
        let report = try officer.commit(FieldScenarioTests.report("06685.04")).document
        for replica in [officer, lan] { try ward.sync(replica) }
        try ward.copy(to: copy)
        // A wider grant from after the copy, which nobody but the ward knew the end of.
        let wider = Grant(
            device: lan.device, sealingKey: lan.sealingKey.publicKey, role: .volunteer,
            areas: ["06685.03", "06685.04"], validFrom: ward.time.nowSeconds(), validUntil: 0, name: "Lan")
        try ward.service.withCore { core in try core.admit(wider) }
        try ward.sync(lan)
        #expect(try holds(lan, report))

        try ward.restore(from: copy)
        ward.time.advance(seconds: 60)
        let narrow = Grant(
            device: lan.device, sealingKey: lan.sealingKey.publicKey, role: .volunteer, areas: ["06685.03"],
            validFrom: ward.time.nowSeconds(), validUntil: 0, name: "Lan")
        try ward.service.withCore { core in try core.admit(narrow) }
        try ward.sync(lan)
        #expect(try !holds(lan, report))
        #expect(try lan.grant()?.areas == ["06685.03"])
    }

    @Test func whoJoinedAfterTheBackupAndNeverSyncedShowsTheGrant() throws {
        let officer = try ward.device(26, role: .officer, areas: ["06685"], name: "Bình")
        try ward.sync(officer)
        try ward.copy(to: copy)
        let invitation = Invitation(
            role: .volunteer, areas: ["06685.03"], name: "Mai", expires: .max / 4, validSeconds: 0)
        let code = try ward.service.withCore { core in try core.invite(invitation) }
        let mai = try ward.device(27)
        let request = try #require(mai.joinRequest(code: code))
        _ = try mai.keepGrant(try ward.service.join(request))
        let report = try mai.commit(FieldScenarioTests.report("06685.03")).document

        try ward.restore(from: copy)
        for replica in [mai, officer] { try ward.sync(replica) }
        #expect(try holds(mai, report) && holds(officer, report))
        let grant = ward.service.withCore { core in core.grants[mai.device]?.last?.grant }
        #expect(grant?.role == .volunteer && grant?.areas == ["06685.03"])
    }

    @Test(arguments: [false, true]) func aRevocationStandsWhoeverComesFirst(isRevokedFirst: Bool) throws {
        let officer = try ward.device(28, role: .officer, areas: ["06685"], name: "Bình")
        try ward.sync(officer)
        try ward.copy(to: copy)
        // Admitted and revoked after the copy: the restored ward has never heard of the device.
        ward.time.advance(seconds: 5)
        let thief = try ward.device(29, role: .volunteer, areas: ["06685.03"], name: "Mai")
        try ward.sync(thief)
        ward.time.advance(seconds: 5)
        try ward.service.withCore { (core: WardCore) throws(StoreError) in try core.revoke(thief.device, after: 0) }
        try ward.sync(officer)

        try ward.restore(from: copy)
        let report = try thief.commit(FieldScenarioTests.report("06685.03")).document
        for replica in isRevokedFirst ? [officer, thief, officer] : [thief, officer, thief, officer] {
            try ward.sync(replica)
        }
        let record = ward.service.withCore { core in core.grants[thief.device]?.last }
        #expect(record?.revokedAfter == 0)
        #expect(try holds(officer, report) == !isRevokedFirst)
    }

    @Test func aGrantThatIsNewerThanARevocationStandsToo() throws {
        let officer = try ward.device(30, role: .officer, areas: ["06685"], name: "Bình")
        let lan = try ward.device(31, role: .volunteer, areas: ["06685.03"], name: "Lan")
        for replica in [officer, lan] { try ward.sync(replica) }
        try ward.copy(to: copy)
        // All in one second of the ward's clock.
        try ward.service.withCore { (core: WardCore) throws(StoreError) in try core.revoke(lan.device, after: 0) }
        try ward.sync(officer)
        let again = Grant(
            device: lan.device, sealingKey: lan.sealingKey.publicKey, role: .volunteer, areas: ["06685.03"],
            validFrom: ward.time.nowSeconds(), validUntil: 0, name: "Lan")
        try ward.service.withCore { core in try core.admit(again) }
        try ward.sync(lan)
        try ward.restore(from: copy)
        for replica in [lan, officer, lan] { try ward.sync(replica) }
        let record = ward.service.withCore { core in core.grants[lan.device]?.last }
        #expect(record?.revokedAfter == nil)
    }

    @Test func aValueThatNobodyHadSeenAfterTheRestoreStandsBesideTheNewOne() throws {
        let first = try ward.device(32, role: .officer, areas: ["06685"], name: "Bình")
        let second = try ward.device(33, role: .officer, areas: ["06685"], name: "Hà")
        let report = try first.commit(FieldScenarioTests.report("06685.03")).document
        for replica in [first, second] { try ward.sync(replica) }
        try ward.copy(to: copy)
        _ = try first.commit(Self.set(report, ReportField.agency, "road"))
        try ward.sync(first)
        try ward.restore(from: copy)
        try ward.sync(second)
        _ = try second.commit(Self.set(report, ReportField.agency, "lighting"))
        try ward.sync(second)
        for replica in [first, second, first] { try ward.sync(replica) }
        try RestoreTests.agree(ward, [first, second])
        let state = try #require(try first.document(report)?.accepted)
        #expect(state.entries(ReportField.agency).count == 2 && !state.conflicts.isEmpty)
        // Whoever has seen both replaces both, also after the ward was opened again.
        _ = try second.commit(Self.set(report, ReportField.agency, "flood"))
        for replica in [second, first] { try ward.sync(replica) }
        try RestoreTests.agree(ward, [first, second])
        #expect(try first.document(report)?.accepted?.entries(ReportField.agency).count == 1)
    }

    /// A state proves nothing of what stands in it. Where a restore takes a value away whose author had no receipt for it,
    /// it comes back as new, beside the edit of somebody who saw it in a state alone: both are shown, and can be decided.
    @Test(arguments: [true, false]) func anEditUponAStateReplacesWhatSomebodyCanProve(hasReceipt: Bool) throws {
        let lan = try ward.device(36, role: .volunteer, areas: ["06685.03"], name: "Lan")
        try ward.sync(lan)
        try ward.copy(to: copy)
        let report = try lan.commit(FieldScenarioTests.report("06685.03")).document
        if hasReceipt {
            try ward.sync(lan)
        } else {
            var link = OneWayTransport(service: ward.service)
            var client = SyncClient(lan)
            #expect(throws: SyncFailure.self) { try client.run(&link) }
        }
        ward.service.withCore { core in core.witnessLimit = 0 }
        let officer = try ward.device(37, role: .officer, areas: ["06685"], name: "Bình")
        try ward.sync(officer)
        #expect(try officer.document(report)?.isHistoryCompacted == true)
        _ = try officer.commit(Self.set(report, ReportField.category, "tree"))

        try ward.restore(from: copy)
        for replica in [officer, lan, officer, lan] { try ward.sync(replica) }
        let state = try #require(try officer.document(report)?.accepted)
        #expect(state.entries(ReportField.category).count == (hasReceipt ? 1 : 2))
        #expect(state.conflicts.isEmpty == hasReceipt)
        try RestoreTests.agree(ward, [lan, officer])
        // Whoever has seen both replaces both.
        _ = try lan.commit(Self.set(report, ReportField.category, "power"))
        for replica in [lan, officer] { try ward.sync(replica) }
        #expect(try officer.document(report)?.accepted?.entries(ReportField.category).count == 1)
    }

    /// Where the order that erased a value is lost too, the ward has the value again: so has whoever had it.
    @Test func aValueThatWasErasedInTheLostPartIsThereAgainUntilItsOrderIs() throws {
        let lan = try ward.device(38, role: .volunteer, areas: ["06685.03"], name: "Lan")
        let officer = try ward.device(39, role: .officer, areas: ["06685"], name: "Bình")
        let report = try lan.commit(FieldScenarioTests.report("06685.03")).document
        try ward.sync(lan)
        try ward.sync(officer)
        let saved = try officer.commit(Self.set(report, ReportField.address, "Ngõ 12"))
        let id = try #require(try officer.chain().id)
        for replica in [officer, lan] { try ward.sync(replica) }
        try ward.copy(to: copy)
        try ward.service.withCore { (core: WardCore) throws(StoreError) in
            try core.guarded { () throws(StoreError) in
                _ = try core.erase(Order(.erase, saved.dot, id: id, reason: "x"), by: officer.device)
            }
        }
        try ward.sync(lan)
        let slot = Slot(field: ReportField.address)
        #expect(try lan.document(report)?.accepted?.entries(slot).first?.value.isEmpty == true)

        try ward.restore(from: copy)
        for replica in [lan, officer, lan] { try ward.sync(replica) }
        #expect(try lan.document(report)?.accepted?.entries(slot).first?.value.isEmpty == false)
        try RestoreTests.agree(ward, [lan, officer])
        #expect(try lan.unsoundDocuments().isEmpty)
    }

    @Test func aWardThatIsShownWhatItSignedBeyondItsLogAnswersNobodyUntilItIsRestored() throws {
        let officer = try ward.device(34, role: .officer, areas: ["06685"], name: "Bình")
        let other = try ward.device(35, role: .officer, areas: ["06685"], name: "Hà")
        for replica in [officer, other] { try ward.sync(replica) }
        try ward.copy(to: copy)
        let report = try officer.commit(FieldScenarioTests.report("06685.03")).document
        try ward.sync(officer)
        let signed = try #require(try officer.newestCheckpoint()).position
        try ward.serve(copy: copy)
        #expect(ward.service.newerCheckpoint == nil)
        // Nobody who had seen less is refused, until somebody shows more.
        try ward.sync(other)
        #expect(throws: SyncFailure.self) { try ward.sync(officer) }
        #expect(ward.service.newerCheckpoint?.position == signed)
        #expect(throws: SyncFailure.self) { try ward.sync(other) }
        try ward.serve(copy: copy)
        #expect(ward.service.newerCheckpoint?.position == signed)
        let status = try ward.service.withCore { (core: WardCore) throws(StoreError) in try core.status(area: "06685") }
        #expect(status.newer?.position == signed)

        try ward.restore(from: copy)
        for replica in [other, officer, other] { try ward.sync(replica) }
        #expect(try holds(other, report) && ward.service.newerCheckpoint == nil)
    }
}
