// Syncing: send what waits, take what is new, and never say more than the ward's receipts do.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// How far a clock may be off before its owner is told, in seconds.
    static let skewLimit: Int64 = 120

    /// `ward sync`
    func sync() throws(ErrorReport) -> ExitCode {
        let wishes = try syncWishes()
        if parsed.flag("watch") { return try watch(wishes) }
        let replica = try replica()
        let (plan, link) = try linkPlan(wishes, replica)
        let history = try wantedHistory(replica)
        let before = Set(try attempt { () throws(ReplicaError) in try replica.conflicted() }.map(\.id))
        let held = try attempt { () throws(ReplicaError) in try ClaimNews.held(replica) }
        var client = SyncClient(replica)
        client.plan = plan
        client.clock = Self.milliseconds
        var transport = transport(replica)
        do { try run(&client, &transport) } catch {
            // What was done before it ended is told even so.
            try note(client.report, over: link, replica)
            if !terminal.isJSON { tell(client.report) }
            throw error
        }
        let report = client.report
        try note(report, over: link, replica)
        let delivery = try deliver(replica, &transport)
        try compactAfterSync(replica)
        let purged = try purge(replica, days: retentionDays(replica))
        let waiting = try attempt { () throws(ReplicaError) in try replica.pendingCount() }
        let conflicts = try attempt { () throws(ReplicaError) in try replica.conflicted() }
            .filter { !before.contains($0.id) }
        let problems = try attempt { () throws(ReplicaError) in try replica.problems(of: replica.device) }
            .filter { problem in (report.held + report.refused).contains { $0.dot == problem.stored.change.dot } }
        let claims = try attempt { () throws(ReplicaError) in try ClaimNews.after(held, replica) }
        let files = try attempt { () throws(ReplicaError) in try replica.unreceivedFiles() }
        let needsAttention = waiting > 0 || !problems.isEmpty || files.count > 0
        if terminal.isJSON {
            writeJSON(report, waiting, files.count, conflicts, problems, delivery, link) { json in
                for item in claims { item.write(People(replica, terminal), to: &json) }
            }
            return needsAttention ? .needsAttention : .ok
        }
        let counts = [String(report.sent), String(report.accepted)]
        tell(files: files, report)
        if waiting == 0, files.count > 0 {
            terminal.print(SyncSay.textDone.message, counts[0], counts[1], String(report.documents.count))
        } else if waiting == 0 {
            terminal.print(Say.syncDone.message, counts[0], counts[1], String(report.documents.count))
        } else {
            terminal.print(Say.syncWaiting.message, counts[0], counts[1], String(waiting))
        }
        terminal.remark(
            Say.syncSent.message, String(report.bytesUp), String(report.bytesDown), String(report.rounds))
        if let link {
            terminal.remark(LinkSay.syncs.message, link.name, LinkText.bounds(link, terminal.language))
        }
        if parsed.flag("stats") { printStats(client.report) }
        try tell(history: history, replica)
        if purged > 0 { terminal.remark(LookupSay.purgedCount.message, String(purged)) }
        tell(report)
        tell(delivery)
        if report.left > 0 { terminal.print(Say.syncLeft.message, String(report.left)) }
        if !report.held.isEmpty { terminal.print(Say.syncHeld.message, String(report.held.count)) }
        if !report.refused.isEmpty { terminal.print(Say.syncRefused.message, String(report.refused.count)) }
        for problem in problems { print(problem) }
        if !conflicts.isEmpty {
            terminal.print(
                Say.syncConflicts.message, conflicts.prefix(10).map { ShortID.text($0.id) }.joined(separator: ", "))
        }
        for item in claims { item.print(People(replica, terminal)) }
        warnOfSkew(report.skewSeconds)
        return needsAttention ? .needsAttention : .ok
    }

    func warnOfSkew(_ seconds: Int64) {
        if seconds.magnitude > UInt64(Self.skewLimit) { terminal.warn(Say.skewWarning.message, String(seconds)) }
    }

    func print(_ problem: OwnProblem) {
        guard let code = problem.stored.code else { return }
        let words = RefusalWords(code)
        let kind = problem.kind.map { terminal.word(KindWord.message($0)) } ?? ""
        let mark = terminal.say(problem.stored.verdict == .held ? .held : .refusedMark)
        terminal.print(
            "  " + kind + " " + ShortID.text(problem.document) + " " + SafeText.line(problem.title) + " («" + mark
                + "»): "
                + terminal.word(words.why) + ". " + terminal.word(words.next))
    }

    func write(_ problem: OwnProblem, to json: inout JSONWriter) {
        json.object { json in
            json.member("document", problem.document.hex)
            json.member("kind", problem.kind?.name)
            json.member("title", problem.title)
            json.member("sequence", Int64(clamping: problem.stored.change.header.sequence))
            json.member("verdict", "\(problem.stored.verdict)")
            json.member("code", problem.stored.code.map { "\($0)" })
            json.member("why", problem.stored.code.map { terminal.word(RefusalWords($0).why) })
            json.member("next", problem.stored.code.map { terminal.word(RefusalWords($0).next) })
        }
    }

    private func writeJSON(
        _ report: SyncReport, _ waiting: Int, _ files: Int, _ conflicts: [DocumentRow], _ problems: [OwnProblem],
        _ delivery: Delivery, _ link: LinkSettings?, claims: (inout JSONWriter) -> Void
    ) {
        terminal.printJSON { json in
            json.object { json in
                json.member("synced", waiting == 0 && files == 0)
                json.member("link", link?.name)
                json.member("files_waiting", files)
                json.member("content_up", report.contentUp)
                json.member("content_down", report.contentDown)
                json.member("files_fetched", report.fetched)
                json.member("rounds", report.rounds)
                json.member("sent", report.sent)
                json.member("accepted", report.accepted)
                json.member("held", report.held.count)
                json.member("refused", report.refused.count)
                json.member("documents", report.documents.count)
                json.member("left", report.left)
                json.member("waiting", waiting)
                json.member("bytes_up", report.bytesUp)
                json.member("bytes_down", report.bytesDown)
                json.member("skew_seconds", report.skewSeconds)
                json.member("recovered", report.recovered)
                json.member("bundles_handed", delivery.handed)
                json.member("returns_fetched", delivery.fetched)
                write(report.renewal, to: &json)
                json.array("problems") { json in
                    for problem in problems { write(problem, to: &json) }
                }
                json.array("lost_claims") { json in claims(&json) }
                json.array("conflicts") { json in
                    for row in conflicts {
                        json.object { json in
                            json.member("id", row.id.hex)
                            json.member("short_id", ShortID.text(row.id))
                            json.member("title", row.listing.title)
                        }
                    }
                }
            }
        }
    }
}
