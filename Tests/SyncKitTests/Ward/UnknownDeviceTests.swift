// What the ward takes from residents' devices that nobody dealt with, and when it takes more.

import Testing

@testable import SyncKit

@Suite struct UnknownDeviceTests {
    private let world: InboxWorld

    init() throws {
        world = try InboxWorld(seed: 810)
        var limits = IntakeLimits()
        (limits.changeSets, limits.knownChangeSets) = (3, 6)
        (limits.contentBytes, limits.knownContentBytes) = (1000, 2000)
        let set = limits
        world.ward.service.withCore { core in core.intakeLimits = set }
    }

    private func pending(_ replica: Replica) throws -> Int {
        _ = try? world.ward.sync(replica)
        return try replica.pendingCount()
    }

    private func flush() throws {
        try world.ward.service.withCore { (core: WardCore) throws(StoreError) in try core.flush() }
    }

    @Test func puttingSpamAsideOpensNoDoorToItsSender() throws {
        let stranger = try world.ward.device(8101)
        let reports = try (0..<10).map { _ in try world.report(by: stranger) }
        #expect(try pending(stranger) == 7)
        // A remark in the inbox, a rejection and a link as a duplicate are no word for whoever filed them.
        try world.sync([world.officer])
        let state = try #require(try world.officer.document(reports[0])?.state)
        let look = try #require(InboxRemark.looked.draft(on: state, reason: "Tin rác"))
        _ = try world.officer.commit(look)
        try world.step(world.officer, .report, reports[1], to: ReportStateNumber.rejected.rawValue)
        var link = ChangeSetDraft(kind: .report, document: reports[2])
        let third = try #require(try world.officer.document(reports[2])?.state)
        link.perform(.link(Slot(field: ReportField.duplicateOf), target: reports[0]))
        link.perform(
            .transition(
                Slot(field: Schema.stateField), to: ReportStateNumber.duplicate.rawValue, follows: third.present.dot))
        _ = try world.officer.commit(link)
        try world.sync([world.officer])
        try flush()
        #expect(try pending(stranger) == 7)

        // Somebody deals with one of them: more is taken, and not without end.
        try world.step(world.officer, .report, reports[0], to: ReportStateNumber.classified.rawValue)
        try world.sync([world.officer])
        try flush()
        #expect(try pending(stranger) == 4)
        // Whoever joins the team has no bound.
        let grant = Grant(
            device: stranger.device, sealingKey: stranger.sealingKey.publicKey, role: .volunteer, areas: ["06685.03"],
            validFrom: world.ward.time.nowSeconds(), validUntil: 0, name: "Lan")
        try world.ward.service.withCore { core in try core.admit(grant) }
        #expect(try pending(stranger) == 0)
    }

    @Test func whereTheDiskIsSparedTheUnknownWaitAndTheKnownDoNot() throws {
        let (stranger, known) = (try world.ward.device(8102), try world.ward.device(8103))
        let report = try world.report(by: known)
        try world.sync([known, world.officer])
        try world.step(world.officer, .report, report, to: ReportStateNumber.classified.rawValue)
        try world.sync([world.officer])
        try flush()
        world.ward.service.withCore { core in core.hasRoomForUnknown = { _ in false } }
        for replica in [stranger, known] {
            let file = try #require(NewFile(world.ward.random.bytes(600), media: .jpeg, thumbnail: []))
            var draft = ChangeSetDraft(kind: .report)
            draft.perform(.set(Slot(field: ReportField.category)), .text("lighting"))
            draft.perform(.set(Slot(field: ReportField.title)), .text("Có ảnh"))
            draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
            draft.perform(.add(Slot(field: ReportField.attachments)), file.attachment.value)
            _ = try replica.commit(draft, files: [file])
        }
        #expect(try pending(stranger) == 1 && pending(known) == 0)
        // Text has room again, files have not.
        world.ward.service.withCore { core in core.hasRoomForUnknown = { part in part == .changeSets } }
        #expect(try pending(stranger) == 0)
        func held(_ replica: Replica) throws -> Int64 {
            try world.ward.service.withCore { (core: WardCore) throws(StoreError) in
                let number = try core.tables.knownDeviceNumber(replica.device) ?? 0
                return try core.database.integer(
                    "SELECT count(*) FROM attachments WHERE held=1 AND device=\(number)") ?? 0
            }
        }
        #expect(try held(stranger) == 0 && held(known) == 1)
        world.ward.service.withCore { core in core.hasRoomForUnknown = { _ in true } }
        #expect(try pending(stranger) == 0)
        #expect(try held(stranger) == 1)
    }

    @Test func aFullLobbyEmptiesAsPeopleAreKnownOrStayAway() throws {
        let present = world.ward.service.withCore { core in core.lobby.count }
        world.ward.service.withCore { core in core.lobbyLimit = present + 3 }
        func isLetIn(_ replica: Replica) throws -> Bool {
            do {
                try world.ward.sync(replica)
                return true
            } catch let failure as SyncFailure {
                guard case .replica(let error) = failure, case .refusedByWard(let refusal) = error.reason else {
                    throw failure
                }
                #expect(refusal.code == .lobbyFull)
                return false
            }
        }
        let first = try (0..<3).map { try world.ward.device(8110 + UInt64($0)) }
        for replica in first { #expect(try isLetIn(replica)) }
        let report = try world.report(by: first[0])
        try world.sync([first[0], world.officer])
        let late = try world.ward.device(8120)
        #expect(try !isLetIn(late))
        // An officer deals with a report; an hour later there is a place.
        try world.step(world.officer, .report, report, to: ReportStateNumber.classified.rawValue)
        try world.sync([world.officer])
        try flush()
        #expect(try !isLetIn(late))
        world.ward.time.advance(seconds: 3601)
        #expect(try isLetIn(late))
        // Who stays away for a week gives way; who comes keeps the place.
        world.ward.time.advance(seconds: 4 * 86_400)
        for replica in first.dropFirst() { try world.ward.sync(replica) }
        world.ward.time.advance(seconds: 4 * 86_400)
        let next = try (0..<3).map { try world.ward.device(8130 + UInt64($0)) }
        let letIn = try next.filter(isLetIn)
        #expect(letIn.count == 2, "\(letIn.count)")
        world.ward.time.advance(seconds: 4 * 86_400)
        for replica in first { #expect(try isLetIn(replica)) }
    }
}
