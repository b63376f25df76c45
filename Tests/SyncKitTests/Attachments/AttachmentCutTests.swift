// A file of 256 KiB whose way breaks at any byte: it arrives once, and little of it goes twice.

import LinkSimulation
import Testing

@testable import SyncKit

@Suite struct AttachmentCutTests {
    private static let length = FileCuts.length

    /// A ward with a resident who has a report with a file to send.
    private static func start(_ seed: UInt64) throws -> (ward: TestWard, resident: Replica, file: NewFile, id: Digest) {
        let ward = try TestWard(seed: seed)
        let resident = try ward.device(seed + 1)
        try ward.sync(resident)
        let file = try AttachmentSyncTests.file(length, seed: seed, thumbnail: 0)
        let report = AttachmentSyncTests.attach(file, to: FieldScenarioTests.report("06685.03"))
        return (ward, resident, file, try resident.commit(report, files: [file]).document)
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
        let body = try resident.prepareRequest(plan: FileCuts.plan(2)).body
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

    /// Whatever byte of an upload is the last that arrives, the ward's store holds just what the whole blocks before it
    /// brought: a break at any byte is a break between two blocks, and these are all played below.
    @Test func everyByteOfAnUploadLeavesTheStoreAsTheLastWholeBlockDid() throws {
        let (ward, resident, file, _) = try Self.start(705)
        // As a request that goes by hand holds both: text, and the whole file.
        let body = try resident.prepareRequest(plan: FileCuts.plan(2)).body
        var reader = BlockReader()
        var taken = WardBody(ward.service, isCarried: false)
        func rows() throws -> Int64? {
            try ward.service.withCore { core throws(StoreError) in
                try core.database.integer("SELECT total_changes()")
            }
        }
        var known = try rows()
        var (writes, wrong) = (0, 0)
        for byte in body {
            reader.append([byte])
            if let block = try reader.next() {
                try taken.take(block)
                let now = try rows()
                if now != known { writes += 1 }
                known = now
            } else if try rows() != known {
                wrong += 1
            }
        }
        // A frame of change sets and 32 parts.
        #expect(wrong == 0 && writes == 33)
        try Self.holds(ward, file)
    }

    /// The same of the device that fetches.
    @Test func everyByteOfADownloadLeavesTheStoreAsTheLastWholeBlockDid() throws {
        let (ward, resident, file, _) = try Self.start(706)
        try ward.sync(resident)
        let volunteer = try ward.device(707, role: .volunteer, areas: ["06685.03"], name: "Lan")
        try ward.sync(volunteer)
        try volunteer.want(file.attachment.content)
        var transport = ByteTransport(ward.service) { try? volunteer.database.integer("SELECT total_changes()") }
        var client = SyncClient(volunteer)
        client.plan = FileCuts.plan(2)
        try client.run(&transport)
        #expect(transport.bytes > Self.length && transport.wrong == 0)
        // 32 parts, and a frame of the answer that brings no news but says so.
        #expect(transport.writes >= 32)
        let bytes = try volunteer.content(file.attachment.content.root)
        let isTheSame = bytes == file.content
        #expect(isTheSame)
    }

    /// A part of a bundle and one of its return break at every 613th byte. `ward-bench --mode cuts`
    /// does the same at every byte.
    @Test func aPartOfABundleBreaksAnywhereAndEverythingInItCountsOnce() throws {
        let outcome = try BundleLadder().climb(stride: 613)
        #expect(outcome.problems.isEmpty, "\(outcome.problems)")
        #expect(outcome.breaks > 800 && outcome.wholeParts >= 2)
        // What stands before the head is read is not kept, and nothing else is lost.
        #expect(outcome.mostLost <= BundlePart.headLength)
    }

    /// Each block of a transfer, at each size of parts, is where it breaks: before its first byte, in its middle, before
    /// its last byte. `ward-bench --mode cuts` does the same at every byte.
    @Test(arguments: CutWay.allCases) func aTransferBreaksInEveryBlockAndLittleGoesTwice(way: CutWay) throws {
        let cuts = FileCuts(way)
        var most = 0
        for level in FileCuts.levels {
            var (block, blocks) = (0, 1)
            while block < blocks {
                for permille in [0, 500, 1000] {
                    let outcome = try #require(
                        try cuts.transfer(cut: .block(block, permille: permille), level: level))
                    try #require(outcome.problem.isEmpty, "\(way), level \(level), byte \(outcome.offset)")
                    most = max(most, outcome.repeated)
                    blocks = outcome.blocks
                }
                block += 1
            }
            // As many parts as the level makes of the file, and what stands before them.
            #expect(blocks > FileCuts.length >> (12 + level))
        }
        #expect(most <= FileCuts.mostRepeated)
        print("\(way): \(most) bytes went twice at most")
    }

    /// One transfer that breaks hundreds of times, further on each time: no byte that arrived whole comes again.
    @Test(arguments: CutWay.allCases) func aTransferThatBreaksAgainAndAgainArrivesOnce(way: CutWay) throws {
        let outcome = try FileCuts(way).ladder(level: 1, stride: 811)
        #expect(outcome.problems.isEmpty, "\(way)")
        #expect(outcome.wholeParts == 32 && outcome.breaks >= 32 * 10)
        #expect(outcome.mostLost <= FileCuts.mostRepeated)
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
            _ = Self.sync(resident, &transport, FileCuts.plan(2))
            let early = try AttachmentSyncTests.isReceived(id, by: resident)
            ward.service.withCore { $0.database.willCommit = nil }
            _ = Self.sync(resident, &transport, FileCuts.plan(2))
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
            let first = Self.sync(volunteer, &transport, FileCuts.plan(2))
            volunteer.database.willCommit = nil
            let second = Self.sync(volunteer, &transport, FileCuts.plan(2))
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
