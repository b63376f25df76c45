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
        var leg: SyncLeg?
        while true {
            if let exit = try sync(wishes, &leg) { return exit }
            letOthersWrite()
        }
    }

    /// Goes on with a sync; nil where parts of files are left for another leg. Between two legs others may write.
    private func sync(_ wishes: SyncWishes, _ leg: inout SyncLeg?) throws(ErrorReport) -> ExitCode? {
        let replica: Replica
        do { replica = try self.replica() } catch {
            throw Interrupt.isRequested ? Self.interrupted(received: leg?.report.documents.count ?? 0) : error
        }
        var now: SyncLeg
        if let leg { now = leg } else { now = try begin(wishes, replica) }
        let link = now.link
        var client = SyncClient(replica)
        (client.report, client.plan) = (now.report, now.plan)
        client.report.hasMore = false
        client.clock = Self.milliseconds
        client.pausesBetweenParts = true
        do { try run(&client, &now.transport, now.display) } catch {
            // What was done before it ended is told even so.
            try note(client.report, over: link, replica)
            if !terminal.isJSON { tell(client.report) }
            throw error
        }
        if client.report.hasMore {
            (now.report, now.plan) = (client.report, client.plan)
            leg = now
            return nil
        }
        now.display.progress.finish()
        return try finish(&client, now, replica)
    }

    private func begin(_ wishes: SyncWishes, _ replica: Replica) throws(ErrorReport) -> SyncLeg {
        Interrupt.watch()
        let (plan, link) = try linkPlan(wishes, replica)
        let history = try wantedHistory(replica)
        return SyncLeg(
            plan: plan, link: link, transport: transport(replica),
            beginning: try attempt { () throws(ReplicaError) in try SyncBeginning(replica) }, history: history,
            display: SyncDisplay(
                terminal, planned: try attempt { () throws(ReplicaError) in try replica.plannedContent(plan) }))
    }

    /// Does and tells what follows a sync that went through.
    private func finish(_ client: inout SyncClient, _ leg: SyncLeg, _ replica: Replica) throws(ErrorReport) -> ExitCode
    {
        let (link, history) = (leg.link, leg.history)
        var transport = leg.transport
        let report = client.report
        try note(report, over: link, replica)
        let ending = try end(client, &transport, over: link, after: leg.beginning)
        let exit: ExitCode = ending.isSynced && ending.newProblems.isEmpty ? .ok : .needsAttention
        let people = People(replica, terminal)
        if terminal.isJSON {
            writeJSON(report, ending, link, people)
            return exit
        }
        tell(files: ending.files, report)
        terminal.print(terminal.language.text(Phrase(Self.outcome(ending).message, Self.counts(ending, report))))
        terminal.remark(
            Say.syncSent.message, String(report.bytesUp), String(report.bytesDown), String(report.rounds))
        if let link, parsed.option("budget") == nil {
            terminal.remark(LinkSay.syncs.message, link.name, LinkText.bounds(link, terminal.language))
        }
        if parsed.flag("stats") { printStats(report, ending.delivery) }
        try tell(history: history, replica)
        tell(ending, report, people)
        return exit
    }

    /// In one sentence: never that all is done where something is not.
    private static func outcome(_ ending: SyncEnding) -> any MessageTable {
        if ending.waiting > 0 { return Say.syncWaiting }
        if ending.files.count > 0 { return SyncSay.textDone }
        if ending.held > 0 { return SyncSay.heldDone }
        return ending.refused > 0 ? SyncSay.refusedDone : Say.syncDone
    }

    private static func counts(_ ending: SyncEnding, _ report: SyncReport) -> [String] {
        let last = ending.waiting > 0 ? ending.waiting : report.documents.count
        return [report.sent, report.accepted, last, ending.held, ending.refused].map(String.init)
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

    func writeJSON(_ report: SyncReport, _ ending: SyncEnding, _ link: LinkSettings?, _ people: People) {
        terminal.printJSON { json in
            json.object { json in
                json.member("synced", ending.isSynced)
                json.member("link", link?.name)
                json.member("files_waiting", ending.files.count)
                json.member("content_up", report.contentUp)
                json.member("content_down", report.contentDown)
                json.member("files_fetched", report.fetched)
                json.member("rounds", report.rounds)
                json.member("sent", report.sent)
                json.member("accepted", report.accepted)
                json.member("held", report.held.count)
                json.member("refused", report.refused.count)
                json.member("held_in_all", ending.held)
                json.member("refused_here", ending.refused)
                json.member("documents", report.documents.count)
                json.member("left", report.left)
                json.member("waiting", ending.waiting)
                json.member("bytes_up", report.bytesUp)
                json.member("bytes_down", report.bytesDown)
                json.member("skew_seconds", report.skewSeconds)
                json.member("recovered", report.recovered)
                json.member("bundles_handed", ending.delivery.handed)
                json.member("bundles_left", ending.delivery.left)
                json.member("returns_fetched", ending.delivery.fetched)
                json.member("bundle_bytes_up", ending.delivery.bytesUp)
                json.member("bundle_bytes_down", ending.delivery.bytesDown)
                json.object("stats") { json in
                    for share in Self.shares(report, ending.delivery) { json.member(share.name, share.bytes) }
                }
                write(report.renewal, to: &json)
                json.array("problems") { json in
                    for problem in ending.newProblems { write(problem, to: &json) }
                }
                json.array("lost_claims") { json in
                    for item in ending.claims { item.write(people, to: &json) }
                }
                json.array("conflicts") { json in
                    for row in ending.conflicts {
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
