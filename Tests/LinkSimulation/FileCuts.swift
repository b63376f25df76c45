// A file of 256 KiB that is sent, or fetched, again and again, and whose way breaks at another byte each time.

import SyncKit

/// What came of one transfer that broke once and went on.
package struct CutOutcome: Sendable {
    /// Where it broke, in bytes of the body.
    package let offset: Int
    /// How many blocks the body had, and in which byte its first part of the file began.
    package let blocks: Int
    package let partsStart: Int
    /// Bytes that went, or came, more often than without a break: the headers of parts and their proofs among them.
    package let repeated: Int
    /// What is wrong; empty where the file arrived whole and once.
    package let problem: String
}

/// Which way a file goes when its way breaks.
package enum CutWay: String, CaseIterable, Sendable {
    case upload, download
}

/// Transfers of one file each between a device and a ward in the same process, with real parsers, sessions and stores
/// (SQLite in memory). Everything that is random comes from the seed.
package final class FileCuts {
    /// The length of the file, and what may go twice because of one break (`docs/architecture.md`, "Weak links").
    package static let length = 256 * 1024
    package static let mostRepeated = 64 * 1024
    /// The sizes that parts have, as levels of a link's plan.
    package static let levels = 0...ContentTree.level(at: ContentTree.maxLevel, length: length)

    let way: CutWay
    private let seed: UInt64
    private let bytes: Bytes
    private var side: Side?
    private var transfers = 0
    /// After so many files a ward is given up for a new one, so that none of them grows large.
    private static let filesOfAWard = 24

    /// A ward and the device whose link breaks, with the files that went between them.
    struct Side {
        let ward: LinkWard
        let device: Replica
        var files = 0
        /// What the ward holds from the beginning, for a device to fetch.
        var stored: NewFile?
    }

    package init(_ way: CutWay, seed: UInt64 = 99) {
        self.way = way
        self.seed = seed
        bytes = SeededRandomSource(seed: seed &+ 1).bytes(Self.length)
    }

    /// Moves a file that is new to who receives it, with one break.
    /// - Returns: `nil` where the body has no such place.
    package func transfer(cut: CutPlace, level: Int) throws -> CutOutcome? {
        transfers += 1
        return way == .upload ? try upload(cut, Self.plan(level)) : try download(cut, Self.plan(level))
    }

    /// A plan with parts of a level, a whole file in one request.
    package static func plan(_ level: Int) -> LinkPlan {
        var plan = LinkPlan()
        plan.level = level
        plan.mostAtOnce = 1 << 20
        return plan
    }

    /// The file of one transfer: no two are the same.
    func file(_ number: Int) throws -> NewFile {
        var content = bytes
        for place in 0..<8 { content[place] = UInt8(truncatingIfNeeded: number >> (8 * place)) }
        guard let file = NewFile(content, media: .jpeg) else { throw StoreError(.missing, "file") }
        return file
    }

    /// A report to which a file is attached.
    package static func report(with file: NewFile) -> ChangeSetDraft {
        var draft = ChangeSetDraft(kind: .report)
        draft.perform(.set(Slot(field: ReportField.title)), .text("Nắp cống vỡ trước số 12"))
        draft.perform(.set(Slot(field: ReportField.category)), .text("road"))
        draft.perform(.set(Slot(field: ReportField.area)), .text("06685.03"))
        draft.perform(.add(Slot(field: ReportField.attachments)), file.attachment.value)
        return draft
    }

    /// A sync that may break; whether it went through, and what it reports either way.
    /// - Parameter pausing: it ends after a round that moved parts of a file.
    static func sync(
        _ replica: Replica, _ transport: inout CutTransport, _ plan: LinkPlan, pausing: Bool = false
    ) -> (isDone: Bool, report: SyncReport) {
        var client = SyncClient(replica)
        client.plan = plan
        client.pausesBetweenParts = pausing
        let isDone = (try? client.run(&transport)) != nil
        return (isDone, client.report)
    }

    func freshSide() throws -> Side {
        // Each ward has keys of its own.
        let ward = try LinkWard(seed: seed &+ UInt64(transfers) &* 1000)
        if way == .upload { return Side(ward: ward, device: try ward.device(.volunteer)) }
        let author = try ward.device(.resident)
        let stored = try file(0)
        _ = try author.commit(Self.report(with: stored), files: [stored])
        var transport = CutTransport(ward.service)
        _ = Self.sync(author, &transport, Self.plan(ContentTree.maxLevel))
        return Side(ward: ward, device: try ward.device(.volunteer), stored: stored)
    }

    private func upload(_ cut: CutPlace, _ plan: LinkPlan) throws -> CutOutcome? {
        var side = try side.flatMap { $0.files < Self.filesOfAWard ? $0 : nil } ?? freshSide()
        let file = try file(transfers)
        let document = try side.device.commit(Self.report(with: file), files: [file]).document
        side.files += 1
        self.side = side
        var transport = CutTransport(side.ward.service, cutUp: cut)
        guard let broken = Self.breakAndGoOn(side.device, &transport, plan) else { return nil }
        var problems = broken.problems
        if try side.device.pendingCount() != 0 { problems.append("a change set waits") }
        if try side.device.document(document)?.state.receivedContents.contains(file.attachment.content.root) != true {
            problems.append("the ward does not say that it holds the file")
        }
        let (count, name, device) = (side.files, file.attachment.content, side.device.device)
        let (wanted, chain) = (file.content, try side.device.chain().sequence)
        problems += try side.ward.service.withCore { core throws(StoreError) in
            let ledger = try core.completeness()
            guard let held = try core.contents.held(name.root), held.isWhole else { return ["the ward lacks the file"] }
            var found: [String] = []
            if try core.contents.bytes(held) != wanted { found.append("the ward holds other bytes") }
            if ledger.files != count || ledger.completeFiles != count { found.append("\(ledger.files) files") }
            if try core.lastSequence(of: device) != chain || chain != UInt64(count) { found.append("the chain") }
            return found
        }
        return CutOutcome(
            offset: broken.offset, blocks: transport.blocks, partsStart: transport.partsStart ?? 0,
            repeated: transport.partBytesUp - transport.partBytes,
            problem: problems.joined(separator: ", "))
    }

    /// What came of a sync that breaks and the one after it, as far as both ways have it in common.
    private struct Broken {
        let offset: Int
        /// Bytes of files that were new.
        let new: Int
        let problems: [String]
    }

    /// A sync that breaks, and another one.
    /// - Returns: `nil` where the body has no such place.
    private static func breakAndGoOn(_ device: Replica, _ transport: inout CutTransport, _ plan: LinkPlan) -> Broken? {
        let first = sync(device, &transport, plan)
        let second = sync(device, &transport, plan)
        guard let offset = transport.brokeAt else { return nil }
        var problems: [String] = []
        if first.isDone { problems.append("the break was not noticed") }
        if !second.isDone { problems.append("the second sync did not go through") }
        return Broken(
            offset: offset, new: first.report.contentDown + second.report.contentDown, problems: problems)
    }

    /// What the device fetched before is gone, so that it begins with nothing.
    package static func begin(fetching name: ContentName, on device: Replica) throws {
        let (database, tables) = (device.database, device.tables)
        try database.transaction { () throws(StoreError) in
            try ContentTables(database).drop(name.root)
            try tables.noteHeld(name.root, false)
        }
        try device.want(name)
    }

    private func download(_ cut: CutPlace, _ plan: LinkPlan) throws -> CutOutcome? {
        let side = try side ?? freshSide()
        self.side = side
        guard let name = side.stored?.attachment.content, let wanted = side.stored?.content else { return nil }
        try Self.begin(fetching: name, on: side.device)
        var transport = CutTransport(side.ward.service, cutDown: cut)
        guard let broken = Self.breakAndGoOn(side.device, &transport, plan) else { return nil }
        var problems = broken.problems
        if broken.new != Self.length { problems.append("\(broken.new) bytes were new") }
        if try side.device.content(name.root) != wanted { problems.append("the device does not hold the file") }
        return CutOutcome(
            offset: broken.offset, blocks: transport.blocks, partsStart: transport.partsStart ?? 0,
            repeated: transport.partBytesDown - transport.partBytes,
            problem: problems.joined(separator: ", "))
    }
}
