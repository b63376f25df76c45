// More files than an answer names: all of them arrive, whatever became of others.

import LinkSimulation
import Testing

@testable import SyncKit

@Suite struct ManyFilesTests {
    private static func report(_ replica: Replica, _ file: NewFile) throws -> Digest {
        let draft = AttachmentSyncTests.attach(file, to: FieldScenarioTests.report("06685.03"))
        return try replica.commit(draft, files: [file]).document
    }

    private static func resident(_ seed: UInt64) throws -> (ward: TestWard, resident: Replica) {
        let ward = try TestWard(seed: seed)
        let resident = try ward.device(seed + 1)
        try ward.sync(resident)
        return (ward, resident)
    }

    private static func team(_ seed: UInt64) throws -> (ward: TestWard, lan: Replica, minh: Replica) {
        let ward = try TestWard(seed: seed)
        let lan = try ward.device(seed + 1, role: .volunteer, areas: ["06685.03"], name: "Lan")
        let minh = try ward.device(seed + 2, role: .volunteer, areas: ["06685.03"], name: "Minh")
        for replica in [lan, minh] { try ward.sync(replica) }
        return (ward, lan, minh)
    }

    private static let textOnly = {
        var plan = LinkPlan()
        plan.isTextOnly = true
        return plan
    }()

    /// The parts of files in a request, in their order.
    private static func parts(of request: PreparedRequest) throws -> [ContentPart] {
        var reader = BlockReader()
        reader.append(request.body)
        var parts: [ContentPart] = []
        while let block = try reader.next() {
            if block.kind == .part { parts.append(try #require(ContentPart(decoding: block.payload))) }
        }
        return parts
    }

    private static func ledger(_ ward: TestWard) throws -> Completeness {
        try ward.service.withCore { (core: WardCore) throws(StoreError) in try core.completeness() }
    }

    /// Syncs as a program does, in one run or in legs between which others may write.
    /// - Returns: how many legs it took, and what went up in all of them.
    private static func sync(_ resident: Replica, _ ward: TestWard, _ plan: LinkPlan, isPaused: Bool) throws -> (
        legs: Int, contentUp: Int
    ) {
        var sent = 0
        for leg in 1...1000 {
            var client = SyncClient(resident)
            client.plan = plan
            client.pausesBetweenParts = isPaused
            var transport = DirectTransport(service: ward.service)
            try client.run(&transport)
            sent += client.report.contentUp
            if !client.report.hasMore { return (leg, sent) }
        }
        Issue.record("it never ends")
        return (1000, sent)
    }

    /// All that a document names is here at once, and more than one change set can say.
    @Test func aDocumentThatNamesHundredsOfFilesStopsNobody() throws {
        let (ward, resident) = try Self.resident(831)
        let files = try (0..<300).map { try AttachmentSyncTests.file(1 + $0, seed: UInt64(2000 + $0), thumbnail: 0) }
        for half in [files[..<150], files[150...]] {
            let draft = half.reduce(FieldScenarioTests.report("06685.03")) { AttachmentSyncTests.attach($1, to: $0) }
            _ = try resident.commit(draft, files: Array(half))
        }
        _ = try Self.sync(resident, ward, LinkPlan(), isPaused: false)
        #expect(try Self.ledger(ward).permille == 1000)
        let first = files[..<150].reduce(FieldScenarioTests.report("06685.03")) {
            AttachmentSyncTests.attach($1, to: $0)
        }
        let document = try resident.commit(first, files: Array(files[..<150])).document
        let second = files[150...].reduce(ChangeSetDraft(kind: .report, document: document)) {
            AttachmentSyncTests.attach($1, to: $0)
        }
        _ = try resident.commit(second, files: Array(files[150...]))
        _ = try Self.sync(resident, ward, LinkPlan(), isPaused: false)
        let another = try ward.device(833)
        try ward.sync(another)
        #expect(try Self.ledger(ward).permille == 1000)
        #expect(try resident.unreceivedFiles().count == 0 && resident.pendingCount() == 0)
    }

    /// Each photo is two contents, of which an answer names 32.
    @Test(arguments: [false, true]) func oneSyncSendsMorePhotosThanAnAnswerNames(isPaused: Bool) throws {
        let (ward, resident) = try Self.resident(801)
        for number in 0..<40 {
            _ = try Self.report(resident, AttachmentSyncTests.file(60_000, seed: UInt64(900 + number), thumbnail: 5000))
        }
        let legs = try Self.sync(resident, ward, LinkPlan(), isPaused: isPaused).legs
        #expect(isPaused ? legs > 20 : legs == 1)
        let ledger = try Self.ledger(ward)
        #expect(ledger.completeFiles == 40 && ledger.permille == 1000)
        #expect(try resident.unreceivedFiles().count == 0)
    }

    /// The phone came back from an older copy: change sets came back with it, the bytes of their photos did not.
    @Test(arguments: [false, true]) func photosThatNobodyCanSendStandInNoOthersWay(isPaused: Bool) throws {
        let (ward, resident) = try Self.resident(811)
        for number in 0..<20 {
            let file = try AttachmentSyncTests.file(60_000, seed: UInt64(900 + number), thumbnail: 5000)
            _ = try Self.report(resident, file)
            for content in [file.attachment.content, try #require(file.attachment.thumbnail)] {
                try resident.contents.drop(content.root)
                try resident.tables.noteHeld(content.root, false)
            }
        }
        _ = try AttachmentSyncTests.sync(resident, ward, Self.textOnly)
        let file = try AttachmentSyncTests.file(300_000, seed: 999, thumbnail: 5000)
        let report = try Self.report(resident, file)
        _ = try Self.sync(resident, ward, LinkPlan(), isPaused: isPaused)
        #expect(try AttachmentSyncTests.isReceived(report, by: resident))
        #expect(try Self.ledger(ward).completeFiles == 1)
    }

    /// Thumbnails that are at the ward already, because their photos are not, fill no window either.
    @Test func hundredsOfPhotosArriveAfterTheirThumbnails() throws {
        let (ward, resident) = try Self.resident(815)
        for number in 0..<260 {
            _ = try Self.report(resident, AttachmentSyncTests.file(5000, seed: UInt64(3000 + number), thumbnail: 600))
        }
        var plan = LinkPlan()
        plan.sending = .nothing
        _ = try AttachmentSyncTests.sync(resident, ward, plan)
        for row in try resident.tables.attachments(where: "part=0", { _ in }) {
            let held = try #require(try resident.contents.held(row.content.root))
            let bytes = try resident.contents.bytes(held)
            try ward.service.withCore { (core: WardCore) throws(StoreError) in
                try core.contents.keep(bytes, as: row.content)
                try core.tables.noteHeld(row.content.root)
            }
        }
        // The thumbnails that the first answer named may go once more.
        let sent = try Self.sync(resident, ward, LinkPlan(), isPaused: true).contentUp
        #expect((260 * 5000...260 * 5000 + ContentNeed.maxCount * 600).contains(sent))
        #expect(try Self.ledger(ward).completeFiles == 260)
    }

    /// Large files wait for a better link; what is small goes over this one.
    @Test(arguments: [false, true]) func thumbnailsGoThoughMoreLargeFilesWaitThanAreNamed(isPaused: Bool) throws {
        let (ward, resident) = try Self.resident(821)
        var plan = LinkPlan()
        plan.sending = .thumbnails
        for number in 0..<130 {
            _ = try Self.report(resident, AttachmentSyncTests.file(33_000, seed: UInt64(1000 + number), thumbnail: 0))
        }
        _ = try AttachmentSyncTests.sync(resident, ward, plan)
        let file = try AttachmentSyncTests.file(60_000, seed: 998, thumbnail: 5000)
        _ = try Self.report(resident, file)
        #expect(try Self.sync(resident, ward, plan, isPaused: isPaused).contentUp == 5000)
        let small = try #require(file.attachment.thumbnail)
        let isHeld = try ward.service.withCore { (core: WardCore) throws(StoreError) in
            try core.contents.held(small.root)?.isWhole
        }
        #expect(isHeld == true)
        #expect(try Self.sync(resident, ward, plan, isPaused: isPaused).contentUp == 0)
    }

    /// Somebody attaches what went round in a chat, and what another document of this device names too.
    @Test(arguments: [LinkPlan.Fetching.thumbnails, .everything])
    func aFileThatAnotherDocumentNamesIsNotWaitedFor(fetching: LinkPlan.Fetching) throws {
        let (ward, lan, minh) = try Self.team(831)
        let file = try AttachmentSyncTests.file(20_000, seed: 7, thumbnail: 0)
        let first = try Self.report(lan, file)
        try ward.sync(lan)
        _ = try AttachmentSyncTests.sync(minh, ward, Self.textOnly)
        let second = try Self.report(minh, file)
        var plan = LinkPlan()
        plan.fetching = fetching
        let report = try AttachmentSyncTests.sync(minh, ward, plan)
        #expect(report.rounds < 5 && report.contentUp == 0 && report.contentDown == 0)
        for document in [first, second] { #expect(try AttachmentSyncTests.isReceived(document, by: minh)) }
        #expect(try !minh.wantsContent(fetching))
    }

    /// Whoever added it first lost the phone: who added it too is asked for it.
    @Test func aFileOfTwoPeopleComesFromWhoeverHasIt() throws {
        let (ward, lan, minh) = try Self.team(881)
        let file = try AttachmentSyncTests.file(300_000, seed: 7, thumbnail: 5000)
        let report = try Self.report(lan, file)
        for replica in [lan, minh] { _ = try AttachmentSyncTests.sync(replica, ward, Self.textOnly) }
        var draft = ChangeSetDraft(kind: .report, document: report)
        draft = AttachmentSyncTests.attach(file, to: draft)
        _ = try minh.commit(draft, files: [file])
        _ = try AttachmentSyncTests.sync(minh, ward, Self.textOnly)
        // Somebody who holds it without having added it is not asked.
        #expect(try lan.filesBesideOthers().isEmpty && minh.filesBesideOthers().count == 2)
        #expect(try AttachmentSyncTests.sync(minh, ward, LinkPlan()).contentUp == 305_000)
        #expect(try AttachmentSyncTests.isReceived(report, by: minh))
        #expect(try minh.filesBesideOthers().isEmpty)
        // What was asked of the other one before goes in one request, whose answer says that nothing is lacking.
        #expect(try AttachmentSyncTests.sync(lan, ward, LinkPlan()).contentUp <= LinkPlan().mostAtOnce)
        #expect(try AttachmentSyncTests.isReceived(report, by: lan))
    }

    /// What is over a resident's limit waits until somebody looked at the report, and holds up nothing.
    @Test func whatIsOverAResidentsLimitWaitsAndTheRestArrives() throws {
        let (ward, resident) = try Self.resident(841)
        ward.service.withCore { core in
            var limits = IntakeLimits()
            limits.contentBytes = 100_000
            core.intakeLimits = limits
        }
        var reports: [Digest] = []
        for number in 0..<40 {
            reports.append(
                try Self.report(resident, AttachmentSyncTests.file(40_000, seed: UInt64(700 + number), thumbnail: 0)))
            ward.time.advance(seconds: 60)
        }
        let sent = try AttachmentSyncTests.sync(resident, ward, LinkPlan())
        #expect(sent.contentUp == 80_000)
        #expect(try Self.ledger(ward).completeFiles == 2)
        #expect(try reports.prefix(2).allSatisfy { try AttachmentSyncTests.isReceived($0, by: resident) })
        // Nothing goes again and again.
        #expect(try AttachmentSyncTests.sync(resident, ward, LinkPlan()).contentUp == 0)
        // The same file of somebody else, who is not over it, is taken.
        let other = try ward.device(849)
        try ward.sync(other)
        let file = try AttachmentSyncTests.file(40_000, seed: 739, thumbnail: 0)
        let report = try Self.report(other, file)
        #expect(try AttachmentSyncTests.sync(other, ward, LinkPlan()).contentUp == 40_000)
        #expect(try AttachmentSyncTests.isReceived(report, by: other))
    }

    @Test func thumbnailsGoBeforeFilesAndOlderOnesFirst() throws {
        let (ward, resident) = try Self.resident(851)
        var files: [NewFile] = []
        for number in 0..<3 {
            files.append(try AttachmentSyncTests.file(20_000, seed: UInt64(600 + number), thumbnail: 4000))
            _ = try Self.report(resident, files[number])
            ward.time.advance(seconds: 60)
        }
        _ = try AttachmentSyncTests.sync(resident, ward, Self.textOnly)
        var order: [Digest] = []
        for part in try Self.parts(of: resident.prepareRequest(isDirect: true)) where order.last != part.root {
            order.append(part.root)
        }
        let small = files.compactMap { $0.attachment.thumbnail?.root }
        #expect(order == small + files.map(\.attachment.content.root))
    }

    /// A request with text has no files in it: its answer comes as soon as the text is there.
    @Test func textGoesAloneAlsoWhereFilesWait() throws {
        let (ward, resident) = try Self.resident(861)
        _ = try Self.report(resident, AttachmentSyncTests.file(200_000))
        var plan = LinkPlan()
        plan.remaining = 50_000
        #expect(try AttachmentSyncTests.sync(resident, ward, plan).contentUp > 0)
        _ = try resident.commit(FieldScenarioTests.report("06685.03"))
        let prepared = try resident.prepareRequest(isDirect: true)
        #expect(prepared.changeCount == 1 && prepared.partCount == 0)
        #expect(try AttachmentSyncTests.sync(resident, ward, LinkPlan()).contentUp > 100_000)
        #expect(try Self.ledger(ward).permille == 1000)
    }

    /// What arrived before an answer was lost is not sent again: also not a thumbnail, of which nothing is lacking then.
    @Test func whatArrivedWithoutAnAnswerIsNotSentAgain() throws {
        let (ward, resident) = try Self.resident(891)
        let file = try AttachmentSyncTests.file(60_000, thumbnail: 5000)
        let report = try Self.report(resident, file)
        _ = try AttachmentSyncTests.sync(resident, ward, Self.textOnly)
        let lost = try resident.prepareRequest(isDirect: true)
        try resident.noteInterrupted(true)
        #expect(lost.partBytes == 65_000)
        // Of the file but for its last part.
        let cut = Bytes(lost.body.dropLast(1000))
        var transport = DirectTransport(service: ward.service)
        try? transport.exchange(cut) { _ in false }
        let sent = try AttachmentSyncTests.sync(resident, ward, LinkPlan())
        #expect(sent.contentUp == 60_000 % 8192)
        #expect(try AttachmentSyncTests.isReceived(report, by: resident))
    }

    /// Parts take at most twenty seconds, whole requests about half a minute; what there is room for goes, however little.
    @Test func partsAreAsLargeAsTheLinkAndTheFileAllow() throws {
        let (ward, resident) = try Self.resident(871)
        _ = try Self.report(resident, AttachmentSyncTests.file(2_000_000, thumbnail: 0))
        _ = try AttachmentSyncTests.sync(resident, ward, Self.textOnly)
        func parts(_ rate: Int?, remaining: Int? = nil) throws -> [Int] {
            var plan = LinkPlan()
            if let rate { plan.fit(rate: rate) }
            plan.remaining = remaining
            return try Self.parts(of: resident.prepareRequest(plan: plan, isDirect: true)).map(\.bytes.count)
        }
        #expect(try parts(nil) == Array(repeating: 16_384, count: 6))
        for (rate, length, all) in [
            (150, 4096, 64 << 10), (500, 8192, 64 << 10), (1000, 16_384, 64 << 10), (4000, 32_768, 98_304),
            (30_000, 32_768, 884_736),
        ] {
            let found = try parts(rate)
            #expect(found.allSatisfy { $0 == length } && found.reduce(0, +) == all, "\(rate): \(found)")
        }
        #expect(try parts(nil, remaining: 5000) == [4096])
        #expect(try parts(nil, remaining: 4000) == [])
        // A short file goes in shorter parts.
        #expect(ContentTree.level(at: 3, length: 256 * 1024) == 1 && ContentTree.level(at: 3, length: 1 << 20) == 3)
        #expect(ContentTree.level(at: 0, length: 1 << 20) == 0 && ContentTree.level(at: 3, length: 1) == 1)
    }
}
