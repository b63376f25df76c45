// Following by code: who sees how far a report is, and nothing else of it.

import Testing

@testable import SyncKit

/// A ward with an officer, a resident who files and another one who follows.
struct FollowedWard {
    let ward: TestWard
    let officer: Replica
    let filer: Replica
    let follower: Replica

    init(seed: UInt64) throws {
        ward = try TestWard(seed: seed, scheme: SimulatedScheme())
        officer = try ward.device(seed &* 10 + 1, role: .officer, areas: ["06685"], name: "Bình")
        filer = try ward.device(seed &* 10 + 2)
        follower = try ward.device(seed &* 10 + 3)
        for replica in [officer, filer, follower] { try ward.sync(replica) }
    }

    func code() -> LookupCode { LookupCode(random: ward.random.bytes) }

    @discardableResult
    func file(_ code: LookupCode, _ extra: (inout ChangeSetDraft) -> Void = { _ in }) throws -> Digest {
        var draft = FieldScenarioTests.report("06685.03")
        draft.perform(.set(Slot(field: ReportField.codeHash)), .bytes(code.hash.bytes))
        extra(&draft)
        let id = try filer.commit(draft, keeping: code).document
        try ward.sync(filer)
        try ward.sync(officer)
        return id
    }

    @discardableResult
    func follow(_ code: LookupCode, by replica: Replica? = nil) throws -> Digest {
        let replica = replica ?? follower
        let id = try replica.commit(Follow.draft(code), keeping: code).document
        try ward.sync(replica)
        return id
    }

    /// The officer does something to a report, and everybody hears of it.
    func office(_ id: Digest, _ change: (inout ChangeSetDraft, DocumentState) -> Void) throws {
        try ward.sync(officer)
        var draft = ChangeSetDraft(kind: .report, document: id)
        change(&draft, try #require(try officer.document(id)).state)
        _ = try officer.commit(draft)
        for replica in [officer, follower, filer] { try ward.sync(replica) }
    }

    func step(_ id: Digest, _ to: UInt8, _ more: (inout ChangeSetDraft) -> Void = { _ in }) throws {
        try office(id) { draft, state in
            more(&draft)
            draft.perform(.transition(Slot(field: Schema.stateField), to: to, follows: state.present.dot))
        }
    }

    /// The views that a device's follow names, as far as the device holds them.
    func views(_ follow: Digest, on replica: Replica? = nil) throws -> [DocumentState] {
        let replica = replica ?? follower
        return try Follow.views(try #require(try replica.document(follow)).state).compactMap {
            try replica.document($0)?.accepted
        }
    }

    func held(_ kind: DocumentKind, by replica: Replica) throws -> Int {
        try replica.count(kind, ListFilter())
    }
}

@Suite struct FollowingTests {
    @Test func aFollowerSeesEveryStepAndAnUnrelatedResidentNothing() throws {
        let world = try FollowedWard(seed: 61)
        let code = world.code()
        let report = try world.file(code)
        let follow = try world.follow(code)
        #expect(try world.follower.document(follow)?.state.text(FollowField.status) == "following")
        var view = try #require(try world.views(follow).first)
        #expect(view.text(ProgressField.status) == "received" && view.id != report)
        try world.step(report, 3) { draft in
            draft.perform(.set(Slot(field: ReportField.agency)), .text("dien_luc"))
            draft.perform(.set(Slot(field: ReportField.due)), CBORValue(Int64(1_790_500_000)))
        }
        try world.step(report, 6) { $0.perform(.set(Slot(field: ReportField.resolution)), .text("fixed")) }
        view = try #require(try world.views(follow).first)
        #expect(view.text(ProgressField.status) == "resolved" && view.text(ProgressField.agency) == "dien_luc")
        #expect(view.text(ProgressField.resolution) == "fixed")
        #expect(view.value(ProgressField.due)?.integer == 1_790_500_000)
        #expect(Follow.steps(view).map(\.state) == ["assigned", "resolved"])
        #expect(try world.follower.document(report) == nil)
        let stranger = try world.ward.device(6199)
        for replica in [stranger, world.filer, world.officer] {
            try world.ward.sync(replica)
            #expect(try world.held(.progress, by: replica) == 0 && world.held(.follow, by: replica) == 0)
        }
    }

    @Test func whatIsNotPublicMovesNoView() throws {
        let world = try FollowedWard(seed: 62)
        let code = world.code()
        let report = try world.file(code)
        let follow = try world.follow(code)
        let before = try #require(try world.views(follow).first).lastPosition
        try world.office(report) { draft, _ in
            draft.perform(.append(Slot(field: ReportField.comments)), .text("Đã gọi điện"))
            draft.perform(.set(Slot(field: ReportField.title)), .text("Đèn trước nhà số 12 hỏng"))
        }
        #expect(try world.views(follow).first?.lastPosition == before)
    }

    @Test func aCodeThatNobodyFiledIsUnknownAndLinkedWhenTheReportArrives() throws {
        let world = try FollowedWard(seed: 63)
        let code = world.code()
        let follow = try world.follow(code)
        #expect(try world.follower.document(follow)?.state.text(FollowField.status) == "unknown")
        #expect(try world.held(.progress, by: world.follower) == 0)
        try world.file(code)
        try world.ward.sync(world.follower)
        #expect(try world.follower.document(follow)?.state.text(FollowField.status) == "following")
        #expect(try world.views(follow).map { $0.text(ProgressField.status) } == ["received"])
    }

    @Test func theFirstReportWithACodeKeepsIt() throws {
        let world = try FollowedWard(seed: 64)
        let code = world.code()
        let report = try world.file(code)
        let thief = try world.ward.device(6401)
        var draft = FieldScenarioTests.report("06685.03")
        draft.perform(.set(Slot(field: ReportField.codeHash)), .bytes(code.hash.bytes))
        _ = try thief.commit(draft)
        try world.ward.sync(thief)
        let follow = try world.follow(code)
        try world.step(report, 3)
        #expect(try world.views(follow).map { $0.text(ProgressField.status) } == ["assigned"])
    }

    @Test func whoGuessesTooManyCodesLearnsNothingForADay() throws {
        let world = try FollowedWard(seed: 65)
        let code = world.code()
        try world.file(code)
        for _ in 0..<WardCore.followLimit { try world.follow(world.code()) }
        var follow = try world.follow(code)
        #expect(try world.follower.document(follow)?.state.text(FollowField.status) == "limited")
        #expect(try world.held(.progress, by: world.follower) == 0)
        world.ward.time.advance(seconds: 90_000)
        follow = try world.follow(code)
        #expect(try world.follower.document(follow)?.state.text(FollowField.status) == "following")
        #expect(try world.held(.progress, by: world.follower) == 1)
    }

    @Test func followersOfADuplicateFollowTheOriginalUntilItIsUnlinked() throws {
        let world = try FollowedWard(seed: 66)
        let codes = [world.code(), world.code(), world.code()]
        let reports = try codes.map { try world.file($0) }
        let follow = try world.follow(codes[0])
        let slot = Slot(field: ReportField.duplicateOf)
        try world.office(reports[0]) { draft, _ in draft.perform(.link(slot, target: reports[1])) }
        #expect(try world.views(follow).count == 2 && world.held(.progress, by: world.follower) == 2)
        // The original turns out to be a duplicate itself.
        try world.office(reports[1]) { draft, _ in draft.perform(.link(slot, target: reports[2])) }
        #expect(try world.held(.progress, by: world.follower) == 3)
        try world.step(reports[2], 3)
        let views = try world.views(follow)
        #expect(Set(views.compactMap { $0.text(ProgressField.status) }) == ["received", "assigned"])
        let first = try #require(
            views.first { view in !views.contains { $0.digest(ProgressField.duplicateOf) == view.id } })
        #expect(views.contains { $0.id == first.digest(ProgressField.duplicateOf) })
        try world.office(reports[0]) { draft, state in
            if let link = state.link(ReportField.duplicateOf) { draft.perform(.unlink(slot, link: link.dot)) }
        }
        #expect(try world.views(follow).map(\.id) == [first.id])
        #expect(try world.held(.progress, by: world.follower) == 1)
    }

    @Test func aLateFollowerGetsTheWholeViewAndARevokedOneLosesIt() throws {
        let world = try FollowedWard(seed: 67)
        let code = world.code()
        let report = try world.file(code)
        try world.follow(code)
        for step: UInt8 in [2, 3, 4] { try world.step(report, step) }
        let late = try world.ward.device(6701)
        try world.ward.sync(late)
        let follow = try world.follow(code, by: late)
        try world.ward.sync(late)
        let view = try #require(try world.views(follow, on: late).first)
        #expect(Follow.steps(view).map(\.state) == ["classified", "assigned", "in_progress"])
        let chain = try late.chain().sequence
        try world.ward.service.withCore { core in try core.revoke(late.device, after: chain) }
        try world.ward.sync(late)
        #expect(try world.held(.progress, by: late) == 0)
    }
}
