// What a sync leaves behind: what still waits, what became of own work and claims, what went for others.

import CommandLineKit
import SyncKit

/// How things stood before a sync.
struct SyncBeginning {
    let conflicted: Set<Digest>
    let held: [DocumentRow]

    init(_ replica: Replica) throws(ReplicaError) {
        conflicted = Set(try replica.conflicted().map(\.id))
        held = try ClaimNews.held(replica)
    }
}

/// How they stand after it.
struct SyncEnding {
    /// Change sets, and files, that the ward does not hold yet.
    let waiting: Int
    let files: (count: Int, bytes: Int)
    /// Own work that does not count, as the ward said now or before.
    let problems: [OwnProblem]
    /// Those of them that the ward said now.
    let newProblems: [OwnProblem]
    let conflicts: [DocumentRow]
    let claims: [ClaimNews]
    var delivery: Delivery
    let purged: Int

    /// How many documents and files are on this device alone, because the ward refused what made them.
    let refused: Int

    /// How many of its change sets the ward holds back until somebody decides.
    var held: Int { problems.count { $0.stored.verdict == .held } }

    /// Whether everything of this device's is at the ward, and decided.
    var isSynced: Bool { waiting == 0 && files.count == 0 && held == 0 && refused == 0 }

    /// Whether something came that is to be told by itself.
    var brings: Bool { !conflicts.isEmpty || !claims.isEmpty || purged > 0 || delivery != Delivery() }

    fileprivate init(
        _ replica: Replica, _ report: SyncReport, after beginning: SyncBeginning, _ delivery: Delivery, purged: Int
    ) throws(ReplicaError) {
        waiting = try replica.pendingCount()
        files = try replica.unreceivedFiles()
        let problems = try replica.problems(of: replica.device)
        self.problems = problems
        refused = try Self.refused(problems, replica)
        newProblems = problems.filter { problem in
            (report.held + report.refused).contains { $0.dot == problem.stored.change.dot }
        }
        conflicts = try replica.conflicted().filter { !beginning.conflicted.contains($0.id) }
        claims = try ClaimNews.after(beginning.held, replica)
        self.delivery = delivery
        self.purged = purged
    }
}

extension SyncEnding {
    /// What somebody decided not to take is told once, and not counted.
    private static func refused(_ problems: [OwnProblem], _ replica: Replica) throws(ReplicaError) -> Int {
        var documents: Set<Digest> = []
        var files: Set<Digest> = []
        for problem in problems where problem.stored.verdict == .refused && problem.stored.code != .declined {
            if problem.stored.change.header.document == nil { documents.insert(problem.document) }
            let received = try replica.document(problem.document)?.state.receivedContents ?? []
            for attachment in problem.stored.change.addedAttachments {
                let root = attachment.content.root
                if !received.contains(root), try replica.content(root) != nil { files.insert(root) }
            }
        }
        return documents.count + files.count
    }
}

extension CommandRun {
    /// What follows a sync that did all: what is carried goes to the ward, what is old goes from this device.
    func end(
        _ client: SyncClient, _ transport: inout WardTransport, over link: LinkSettings?, after beginning: SyncBeginning
    ) throws(ErrorReport) -> SyncEnding {
        let (replica, report) = (client.replica, client.report)
        let delivery = try deliver(replica, &transport, client.plan)
        try note(delivery.bytesUp + delivery.bytesDown, over: link, replica)
        try compactAfterSync(replica)
        let purged = try purge(replica, days: retentionDays(replica))
        return try attempt { () throws(ReplicaError) in
            try SyncEnding(replica, report, after: beginning, delivery, purged: purged)
        }
    }

    /// What a person has to know of it, beside how much went.
    func tell(_ ending: SyncEnding, _ report: SyncReport, _ people: People) {
        if ending.purged > 0 { terminal.remark(LookupSay.purgedCount.message, String(ending.purged)) }
        tell(report)
        tell(ending.delivery)
        if report.left > 0 { terminal.print(Say.syncLeft.message, String(report.left)) }
        if !report.held.isEmpty { terminal.print(Say.syncHeld.message, String(report.held.count)) }
        // What was sent again and counts as it was first written is nothing that its author has to look at.
        let refused = report.refused.count { $0.code != .replaced }
        if refused > 0 { terminal.print(Say.syncRefused.message, String(refused)) }
        for problem in ending.newProblems { print(problem) }
        let older = ending.problems.count - ending.newProblems.count
        if older > 0 { terminal.remark(SyncSay.olderProblems.message, String(older)) }
        if !ending.conflicts.isEmpty {
            let ids = ending.conflicts.prefix(10).map { ShortID.text($0.id) }
            terminal.print(Say.syncConflicts.message, ids.joined(separator: ", "))
        }
        for item in ending.claims { item.print(people) }
        warnOfSkew(report.skewSeconds)
    }
}
