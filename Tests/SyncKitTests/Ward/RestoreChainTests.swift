// After a restore: chains of which others brought a part first.

import Testing

@testable import SyncKit

@Suite struct RestoreChainTests {
    @Test func whatWaitedForItsDocumentStandsInTheChainAgainWhoeverComesFirst() throws {
        for isAuthorFirst in [false, true] {
            let folder = try RestoreFolder()
            let ward = try TestWard(seed: 13, path: folder.path + "/ward.db")
            let lan = try ward.device(41, role: .volunteer, areas: ["06685.03"], name: "Lan")
            let officer = try ward.device(42, role: .officer, areas: ["06685"], name: "Bình")
            for replica in [lan, officer] { try ward.sync(replica) }
            try ward.copy(to: folder.path + "/copy.db")

            // A report outside of her areas, a comment on it that waits for it, and a report that counts.
            let outside = try lan.commit(FieldScenarioTests.report("06685.04"), checksEarly: false).document
            _ = try lan.commit(RestoreTests.comment(outside, "Đã xem tại chỗ"), checksEarly: false)
            let inside = try lan.commit(FieldScenarioTests.report("06685.03")).document
            for replica in [lan, officer] { try ward.sync(replica) }
            // Corrected, so that the comment counts too; of that the officer knows nothing.
            let refused = try #require(try lan.refused(of: lan.device).first)
            let again = refused.corrected(values: [ReportField.area: .text("06685.03")], secrets: [:], after: nil)
            _ = try lan.commit(again.draft, privates: again.privates)
            try ward.sync(lan)
            let before = try #require(try lan.document(outside)?.accepted)
            #expect(before.entries(ReportField.comments).count == 1)

            let device = lan.device
            try ward.restore(from: folder.path + "/copy.db")
            for replica in isAuthorFirst ? [lan, officer] : [officer, lan] {
                #expect(try ward.sync(replica).renewal == nil)
            }
            try ward.sync(officer)
            #expect(lan.device == device)
            #expect(try ward.service.withCore { (core: WardCore) throws(StoreError) in try core.forked().isEmpty })
            #expect(try officer.document(outside)?.accepted?.hash == before.hash)
            #expect(try officer.document(inside)?.accepted != nil)
            try RestoreTests.agree(ward, [lan, officer])
        }
    }

    @Test func linksThatCloseToARingAfterARestoreAreFollowedOnce() throws {
        let folder = try RestoreFolder()
        let ward = try TestWard(seed: 16, path: folder.path + "/ward.db")
        let (first, second) = (
            try ward.device(51, role: .officer, areas: ["06685"], name: "Bình"),
            try ward.device(52, role: .officer, areas: ["06685"], name: "Yến")
        )
        let (resident, follower) = (try ward.device(53), try ward.device(54))
        let codes = (0..<2).map { _ in LookupCode(random: SeededRandomSource(seed: UInt64.random(in: 1...999)).bytes) }
        var reports: [Digest] = []
        for code in codes {
            var draft = FieldScenarioTests.report("06685.03")
            draft.perform(.set(Slot(field: ReportField.codeHash)), .bytes(code.hash.bytes))
            reports.append(try resident.commit(draft).document)
        }
        for replica in [resident, first, second, follower] { try ward.sync(replica) }
        try ward.copy(to: folder.path + "/copy.db")
        func link(_ replica: Replica, _ report: Digest, to original: Digest) throws {
            var draft = ChangeSetDraft(kind: .report, document: report)
            draft.perform(.link(Slot(field: ReportField.duplicateOf), target: original))
            _ = try replica.commit(draft)
            try ward.sync(replica)
        }
        try link(first, reports[0], to: reports[1])
        try ward.restore(from: folder.path + "/copy.db")
        // Nobody told the ward of the first link when the second was made.
        try link(second, reports[1], to: reports[0])
        try ward.sync(first)
        let states = try ward.service.withCore { (core: WardCore) throws(StoreError) in
            (try core.documentState(reports[0]), try core.documentState(reports[1]))
        }
        #expect(states.0?.link(ReportField.duplicateOf) != nil && states.1?.link(ReportField.duplicateOf) != nil)

        let follow = try follower.commit(Follow.draft(codes[0]), keeping: codes[0]).document
        try ward.sync(follower)
        let named = try #require(try follower.document(follow)?.accepted)
        #expect(Follow.views(named).count == 1)
        for replica in [resident, first, second] { try ward.sync(replica) }
        try RestoreTests.agree(ward, [first, second])

        // Where the ring opens again, whoever follows a report is led along the link that is left.
        let link = try #require(states.1?.link(ReportField.duplicateOf)).dot
        var unlink = ChangeSetDraft(kind: .report, document: reports[1])
        unlink.perform(.unlink(Slot(field: ReportField.duplicateOf), link: link))
        _ = try second.commit(unlink)
        for replica in [second, follower] { try ward.sync(replica) }
        #expect(try #require(try follower.document(follow)?.accepted.map(Follow.views)).count == 2)
    }

    /// A link comes back before the report that it leads to; who follows the duplicate is led on once that is there.
    @Test(arguments: [false, true]) func aLinkThatComesBackBeforeItsReportLeadsOnLater(isRestarted: Bool) throws {
        let folder = try RestoreFolder()
        let ward = try TestWard(seed: 18, path: folder.path + "/ward.db")
        // She sees the one report, and not the other one, which she was told of.
        let officer = try ward.device(61, role: .officer, areas: ["06685.03"], name: "Bình")
        let (first, second, follower) = (try ward.device(62), try ward.device(63), try ward.device(64))
        let code = LookupCode(random: SeededRandomSource(seed: 77).bytes)
        var draft = FieldScenarioTests.report("06685.03")
        draft.perform(.set(Slot(field: ReportField.codeHash)), .bytes(code.hash.bytes))
        let report = try first.commit(draft).document
        let follow = try follower.commit(Follow.draft(code), keeping: code).document
        for replica in [first, follower, officer] { try ward.sync(replica) }
        try ward.copy(to: folder.path + "/copy.db")
        let original = try second.commit(FieldScenarioTests.report("06685.04")).document
        try ward.sync(second)
        var link = ChangeSetDraft(kind: .report, document: report)
        link.perform(.link(Slot(field: ReportField.duplicateOf), target: original))
        _ = try officer.commit(link, checksEarly: false)
        for replica in [officer, follower] { try ward.sync(replica) }
        func views() throws -> Int { try #require(try follower.document(follow)?.accepted.map(Follow.views)).count }
        #expect(try views() == 2)

        try ward.restore(from: folder.path + "/copy.db")
        for replica in [officer, follower] { try ward.sync(replica) }
        let isThere = try ward.service.withCore { (core: WardCore) throws(StoreError) in
            try (core.documentState(report)?.link(ReportField.duplicateOf) != nil, core.documentState(original) != nil)
        }
        #expect(isThere == (true, false))
        #expect(try views() == 1)
        if isRestarted {
            let store = try Database(path: folder.path + "/copy.db", mode: .create)
            ward.service = WardService(
                try WardCore(
                    database: store, keys: ward.keys, areaCode: "06685", time: ward.time, random: ward.random,
                    scheme: ward.scheme))
        }
        for replica in [second, follower] { try ward.sync(replica) }
        #expect(try views() == 2)
        try RestoreTests.agree(ward, [officer])
    }

    /// After a stop the ward reacts again to what it had reacted to; here a follow, together with the link that moves it.
    @Test func aFollowThatIsReactedToAgainWithItsLinkNamesEachViewOnce() throws {
        let folder = try RestoreFolder()
        let ward = try TestWard(seed: 19, path: folder.path + "/ward.db")
        let officer = try ward.device(65, role: .officer, areas: ["06685"], name: "Bình")
        let (resident, follower) = (try ward.device(66), try ward.device(67))
        let code = LookupCode(random: SeededRandomSource(seed: 78).bytes)
        var draft = FieldScenarioTests.report("06685.03")
        draft.perform(.set(Slot(field: ReportField.codeHash)), .bytes(code.hash.bytes))
        let report = try resident.commit(draft).document
        let original = try resident.commit(FieldScenarioTests.report("06685.04")).document
        let follow = try follower.commit(Follow.draft(code), keeping: code).document
        for replica in [resident, follower, officer] { try ward.sync(replica) }
        #expect(try follower.document(follow)?.accepted.map(Follow.views)?.count == 1)

        try ward.service.withCore { (core: WardCore) throws(StoreError) in try core.tables.setNumber("reacted", 0) }
        let store = try Database(path: folder.path + "/ward.db", mode: .create)
        ward.service = WardService(
            try WardCore(
                database: store, keys: ward.keys, areaCode: "06685", time: ward.time, random: ward.random,
                scheme: ward.scheme))
        var link = ChangeSetDraft(kind: .report, document: report)
        link.perform(.link(Slot(field: ReportField.duplicateOf), target: original))
        _ = try officer.commit(link)
        for replica in [officer, follower] { try ward.sync(replica) }
        let views = try #require(try follower.document(follow)?.accepted.map(Follow.views))
        #expect(views.count == 2 && Set(views).count == 2)
    }

    @Test func whatWasReleasedAndWhatWasSentAgainInItsPlaceMakeOneDocument() throws {
        for isAuthorFirst in [false, true] {
            let folder = try RestoreFolder()
            let ward = try TestWard(seed: 22, path: folder.path + "/ward.db")
            let lan = try ward.device(71, role: .volunteer, areas: ["06685.03"], name: "Lan")
            let officer = try ward.device(72, role: .officer, areas: ["06685"], name: "Bình")
            for replica in [lan, officer] { try ward.sync(replica) }
            func core<Result: Sendable>(_ body: (WardCore) throws(StoreError) -> Result) throws -> Result {
                try ward.service.withCore { (core: WardCore) throws(StoreError) in try body(core) }
            }
            try core { core throws(StoreError) in try core.revoke(lan.device, after: 0) }
            let first = try lan.commit(FieldScenarioTests.report("06685.03"))
            try ward.sync(lan)
            try ward.copy(to: folder.path + "/copy.db")

            // Declined, so that she sends it again; of both, the ward remembers afterwards only that the first is held.
            #expect(try core { core throws(StoreError) in try core.decline(first.dot) })
            let grant = Grant(
                device: lan.device, sealingKey: lan.sealingKey.publicKey, role: .volunteer, areas: ["06685.03"],
                validFrom: ward.time.nowSeconds(), validUntil: 0, name: "Lan")
            try core { core throws(StoreError) in try core.admit(grant) }
            for replica in [lan, officer] { try ward.sync(replica) }
            let refused = try #require(try lan.refused(of: lan.device).first)
            let again = refused.corrected(
                values: [ReportField.description: .text("Đường ngập khi mưa")], secrets: [:], after: nil)
            let second = try lan.commit(again.draft, privates: again.privates).dot
            for replica in [lan, officer] { try ward.sync(replica) }
            #expect(try officer.document(first.document)?.accepted?.creation == second)

            try ward.restore(from: folder.path + "/copy.db")
            #expect(try core { core throws(StoreError) in try core.release(first.dot, by: officer.device) } == nil)
            for replica in isAuthorFirst ? [lan, officer, lan] : [officer, lan, officer] { try ward.sync(replica) }
            for replica in [lan, officer] {
                #expect(try replica.document(first.document)?.accepted?.creation == first.dot)
                #expect(try replica.unsoundDocuments().isEmpty)
            }
            try RestoreTests.agree(ward, [lan, officer])
            // Made again from what is stored, it is the same.
            try officer.rebuild()
            try RestoreTests.agree(ward, [lan, officer])
        }
    }

    @Test func whatWasDeclinedBeforeARestoreAndCountedAfterItCountsAfterTheNextOneToo() throws {
        let folder = try RestoreFolder()
        let ward = try TestWard(seed: 14, path: folder.path + "/ward.db")
        let lan = try ward.device(43, role: .volunteer, areas: ["06685.03"], name: "Lan")
        let admin = try ward.device(44, role: .admin, areas: ["06685"], name: "Bình")
        for replica in [lan, admin] { try ward.sync(replica) }
        try ward.copy(to: folder.path + "/copy.db")

        let outside = try lan.commit(FieldScenarioTests.report("06685.04"), checksEarly: false).document
        let comment = try lan.commit(RestoreTests.comment(outside, "Đã xem tại chỗ"), checksEarly: false).dot
        try ward.sync(lan)
        // Somebody does not accept what waits; she is not told before that is lost.
        let isDeclined = try ward.service.withCore { (core: WardCore) throws(StoreError) in try core.decline(comment) }
        #expect(isDeclined)
        try ward.sync(admin)

        try ward.restore(from: folder.path + "/copy.db")
        try ward.sync(lan)
        try ward.copy(to: folder.path + "/copy.db2")
        let refused = try #require(try lan.refused(of: lan.device).first)
        let again = refused.corrected(values: [ReportField.area: .text("06685.03")], secrets: [:], after: nil)
        _ = try lan.commit(again.draft, privates: again.privates)
        try ward.sync(lan)
        let before = try #require(try lan.document(outside)?.accepted)
        #expect(before.entries(ReportField.comments).count == 1)

        try ward.restore(from: folder.path + "/copy.db2")
        for replica in [admin, lan, admin] { try ward.sync(replica) }
        for replica in [lan, admin] { #expect(try replica.document(outside)?.accepted?.hash == before.hash) }
        try RestoreTests.agree(ward, [lan, admin])
    }
}
