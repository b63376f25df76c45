// A file of 256 KiB whose way breaks at any byte: it arrives once, and little of it goes twice.

import Testing

@testable import SyncKit

@Suite struct AttachmentCutTests {
    static let length = 256 * 1024
    static let mostResent = 64 * 1024

    /// A ward with a resident who has a report with a file to send.
    private static func start(_ seed: UInt64) throws -> (ward: TestWard, resident: Replica, file: NewFile, id: Digest) {
        let ward = try TestWard(seed: seed)
        let resident = try ward.device(seed + 1)
        try ward.sync(resident)
        let file = try AttachmentSyncTests.file(length, seed: seed, thumbnail: 0)
        let report = AttachmentSyncTests.attach(file, to: FieldScenarioTests.report("06685.03"))
        return (ward, resident, file, try resident.commit(report, files: [file]).document)
    }

    private static func plan(_ level: Int) -> LinkPlan {
        var plan = LinkPlan()
        plan.level = level
        plan.mostAtOnce = 1 << 20
        return plan
    }

    /// A sync that may break; what it reports either way.
    private static func sync(_ replica: Replica, _ transport: inout CutTransport, _ plan: LinkPlan) -> SyncReport {
        var client = SyncClient(replica)
        client.plan = plan
        try? client.run(&transport)
        return client.report
    }

    /// The parser holds nothing but a block that is not whole, at every byte of a body, and hands out every block just
    /// when its last byte is there.
    @Test func everyByteOfABodyIsAPlaceToBreak() throws {
        let (_, resident, _, _) = try Self.start(700)
        let body = try resident.prepareRequest(plan: Self.plan(2)).body
        #expect(body.count > Self.length)
        var ends: Set<Int> = []
        var end = 0
        while end < body.count {
            end += 4 + body[end..<end + 4].reduce(0) { $0 << 8 | Int($1) }
            ends.insert(end)
        }
        #expect(end == body.count)
        var reader = BlockReader()
        var wrong = 0
        for place in body.indices {
            reader.append([body[place]])
            let isWhole = try reader.next() != nil
            if isWhole != ends.contains(place + 1) || reader.isAtBoundary != ends.contains(place + 1) { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    @Test func anUploadBreaksAnywhereAndLittleGoesTwice() throws {
        var chance = SeededChance("upload cuts")
        let body = try Self.start(710).resident.prepareRequest(plan: Self.plan(3)).body.count
        var most = 0
        for round in 0..<160 {
            let (ward, resident, file, id) = try Self.start(720)
            // The ends first, then anywhere.
            let cut = round < 20 ? round * 7 : round < 40 ? body - (round - 20) * 9 - 1 : chance.below(body)
            var transport = CutTransport(ward.service, cutUp: cut)
            let level = round % 4
            let first = Self.sync(resident, &transport, Self.plan(level))
            let second = Self.sync(resident, &transport, Self.plan(level))
            let isReceived = try AttachmentSyncTests.isReceived(id, by: resident)
            #expect(isReceived, "cut at \(cut), level \(level)")
            _ = first
            // What went of the file: up to the cut, and all of the second sync.
            let sent = max(0, cut - 700) + second.contentUp
            most = max(most, sent - Self.length)
            try Self.holds(ward, file)
        }
        #expect(most <= Self.mostResent)
        print("sent twice at most: \(most) bytes")
    }

    @Test func aDownloadBreaksAnywhereAndLittleComesTwice() throws {
        var chance = SeededChance("download cuts")
        let (ward, resident, file, id) = try Self.start(740)
        try ward.sync(resident)
        let isReceived = try AttachmentSyncTests.isReceived(id, by: resident)
        #expect(isReceived)
        let name = file.attachment.content
        var most = 0
        for round in 0..<160 {
            let volunteer = try ward.device(
                UInt64(750 + round), role: .volunteer, areas: ["06685.03"], name: "Lan \(round)")
            try ward.sync(volunteer)
            try volunteer.want(name)
            let cut = round < 20 ? round * 41 : chance.below(Self.length)
            var transport = CutTransport(ward.service, cutDown: cut)
            let level = round % 4
            let first = Self.sync(volunteer, &transport, Self.plan(level))
            let second = Self.sync(volunteer, &transport, Self.plan(level))
            #expect(first.contentDown + second.contentDown == Self.length, "cut at \(cut)")
            most = max(most, max(0, cut - 400) + second.traffic.contentDown - Self.length)
            let held = try #require(try volunteer.contents.held(name.root))
            let isTheSame = try held.isWhole && volunteer.contents.bytes(held) == file.content
            #expect(isTheSame)
        }
        #expect(most <= Self.mostResent)
        print("came twice at most: \(most) bytes")
    }

    @Test func aFullDiskInTheMiddleLosesNothingAndGoesOn() throws {
        // At the ward: the commit that fails is another one each time.
        for place in 0..<18 {
            let (ward, resident, file, id) = try Self.start(760)
            try ward.service.withCore { (core: WardCore) throws(StoreError) in
                var left = place
                core.database.willCommit = { () throws(StoreError) in
                    left -= 1
                    if left < 0 { throw StoreError(.full, "planned") }
                }
            }
            var transport = CutTransport(ward.service)
            _ = Self.sync(resident, &transport, Self.plan(2))
            let early = try AttachmentSyncTests.isReceived(id, by: resident)
            ward.service.withCore { $0.database.willCommit = nil }
            _ = Self.sync(resident, &transport, Self.plan(2))
            let isReceived = try AttachmentSyncTests.isReceived(id, by: resident)
            #expect(isReceived && !early, "at the ward, commit \(place)")
            try Self.holds(ward, file)
        }
        // On the device that fetches.
        let (ward, resident, file, _) = try Self.start(770)
        try ward.sync(resident)
        for place in 0..<20 {
            let volunteer = try ward.device(
                UInt64(780 + place), role: .volunteer, areas: ["06685.03"], name: "Lan \(place)")
            try ward.sync(volunteer)
            try volunteer.want(file.attachment.content)
            var left = place
            volunteer.database.willCommit = { () throws(StoreError) in
                left -= 1
                if left < 0 { throw StoreError(.full, "planned") }
            }
            var transport = CutTransport(ward.service)
            let first = Self.sync(volunteer, &transport, Self.plan(2))
            volunteer.database.willCommit = nil
            let second = Self.sync(volunteer, &transport, Self.plan(2))
            #expect(first.contentDown + second.contentDown == Self.length, "on the device, commit \(place)")
            let bytes = try volunteer.content(file.attachment.content.root)
            let isTheSame = bytes == file.content
            #expect(isTheSame)
        }
    }

    /// The ward has the file once and whole, and said so once.
    private static func holds(_ ward: TestWard, _ file: NewFile) throws {
        let content = file.attachment.content
        let found = try ward.service.withCore { (core: WardCore) throws(StoreError) in
            guard let held = try core.contents.held(content.root) else { return [false] }
            let bytes = try core.contents.bytes(held)
            return [
                held.isWhole && bytes == file.content,
                try core.database.integer("SELECT count(*) FROM contents") == 1,
                try core.completeness().permille == 1000,
            ]
        }
        #expect(found == [true, true, true])
    }
}
